//! JUnit XML: a test case for each scenario, detector and limit, for the test view of a CI server.
//!
//! A broken limit is a `<failure>`, an inconclusive one a `<failure type="inconclusive">`. No time and no identifier is
//! written: a rerun gives the same bytes.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::verdict;
use crate::check::{Judgement, Outcome, Verdict};

/// The verdict on one scenario.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// Name of the scenario.
    pub scenario: &'a str,
    /// Dotted names of the sweep's axes.
    pub axes: &'a [String],
    /// How its limits came out.
    pub verdict: &'a Verdict,
}

/// The verdicts on some scenarios as one JUnit file.
///
/// # Panics
/// Where writing to memory fails, which it does not.
#[must_use]
pub fn render(checked: &[Checked<'_>]) -> Vec<u8> {
    let mut report = Report::new("systole check");
    for one in checked {
        let mut suite = TestSuite::new(one.scenario);
        suite.add_test_cases(one.verdict.judgements.iter().map(|judgement| case(one, judgement)));
        report.add_test_suite(suite);
    }
    let mut bytes = report.to_string().expect("writing to memory does not fail").into_bytes();
    if bytes.last() != Some(&b'\n') {
        bytes.push(b'\n');
    }
    bytes
}

fn case(checked: &Checked<'_>, judgement: &Judgement) -> TestCase {
    let status = match judgement.outcome {
        Outcome::Pass => TestCaseStatus::success(),
        Outcome::Fail => failure("broken", checked, judgement),
        Outcome::Inconclusive => failure("inconclusive", checked, judgement),
    };
    let name = format!("{}: {}", verdict::subject(judgement, checked.axes), verdict::rule(&judgement.rule));
    let mut case = TestCase::new(name, status);
    case.set_classname(format!("{}.{}", checked.scenario, judgement.detector));
    case
}

fn failure(kind: &str, checked: &Checked<'_>, judgement: &Judgement) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind);
    status.set_message(format!("{}, {}", verdict::found(judgement), verdict::why(judgement)));
    let mut text = vec![format!("{}: {}", judgement.outcome.word(), verdict::line(judgement, checked.axes))];
    text.extend(verdict::rates(judgement));
    text.extend(judgement.remedy().map(|remedy| format!("remedy: {remedy}")));
    status.set_description(text.join("\n"));
    status
}
