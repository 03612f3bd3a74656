//! Verdicts as people read them: one line a limit, with the value, the bound that decided and the outcome.

use super::text::hanging;
use super::{human, number};
use crate::analysis::{Estimate, Method, metric};
use crate::check::{Judgement, Reason, Rule, Side, Verdict};
use crate::scenario::LimitUnit;

/// The verdict of a check on one scenario as text for a terminal.
#[must_use]
pub fn render(scenario: &str, axes: &[String], verdict: &Verdict) -> String {
    let mut out = vec![format!("{scenario}: {}", verdict.outcome.word())];
    for judgement in &verdict.judgements {
        out.extend(hanging(judgement.outcome.word(), &line(judgement, axes), INDENT));
        out.extend(rates(judgement).iter().flat_map(|rates| hanging("", rates, INDENT)));
        let remedy = judgement.remedy().map(|remedy| format!("remedy: {remedy}"));
        out.extend(remedy.iter().flat_map(|remedy| hanging("", remedy, INDENT)));
    }
    out.join("\n") + "\n"
}

/// Room for the longest outcome.
const INDENT: usize = 14;

/// One judgement in a line: whom it is about, the limit, the value and why.
pub(super) fn line(judgement: &Judgement, axes: &[String]) -> String {
    format!("{}: {}: {}, {}", subject(judgement, axes), rule(&judgement.rule), found(judgement), why(judgement))
}

/// The detector, with its settings where there are any.
pub(super) fn subject(judgement: &Judgement, axes: &[String]) -> String {
    let values = axes.iter().zip(&judgement.parameters);
    let settings: Vec<String> = values
        .filter_map(|(axis, value)| Some(format!("{} {}", axis.rsplit('.').next()?, value.as_deref()?)))
        .collect();
    if settings.is_empty() {
        judgement.detector.clone()
    } else {
        format!("{} ({})", judgement.detector, settings.join(", "))
    }
}

/// The limit as written.
pub(super) fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Limit(goal) => goal.text.clone(),
    }
}

/// The value that was found, with its unit.
pub(super) fn found(judgement: &Judgement) -> String {
    match judgement.estimate {
        Some(Estimate { value: Some(found), .. }) => format!("found {}", value(judgement, found)),
        Some(Estimate { method: Method::ZeroEvents, .. }) => "none seen".to_owned(),
        _ => "no value".to_owned(),
    }
}

/// Why the judgement came out so: the bound that decided, or what is missing.
pub(super) fn why(judgement: &Judgement) -> String {
    match &judgement.reason {
        Reason::Shown(bound) => match bound.side {
            Side::AtLeast => format!("at least {} (95 %)", value(judgement, bound.value)),
            Side::AtMost => format!("at most {} (95 %)", value(judgement, bound.value)),
            Side::Exactly => "counted exactly".to_owned(),
        },
        Reason::Between { at_least, at_most } => match (at_least, at_most) {
            (Some(low), Some(high)) => {
                format!("between {} and {} (95 % each)", value(judgement, *low), value(judgement, *high))
            }
            (Some(low), None) => format!("at least {}, no upper bound", value(judgement, *low)),
            (None, Some(high)) => format!("at most {}, no lower bound", value(judgement, *high)),
            (None, None) => "no bound".to_owned(),
        },
        Reason::TooFewUnits { units: 1 } => "1 independent unit is too few for a bound".to_owned(),
        Reason::TooFewUnits { units } => format!("{units} independent units are too few for a bound"),
        Reason::NotReached { followed } => {
            format!("the percentile was not reached within {}", number::span(*followed, 3))
        }
        Reason::TooFewCases { .. } => "too few independent crashes for an upper bound".to_owned(),
        Reason::NothingToJudge => "nothing to judge".to_owned(),
    }
}

/// The rate of false positives by pair and for the cluster, where the limit is about it.
pub(super) fn rates(judgement: &Judgement) -> Option<String> {
    let rates = judgement.rates.as_ref()?;
    Some(format!(
        "{} false positives per pair-hour; in the cluster {} mistakes and {} alarms per 30 days",
        human::rate(Some(&rates.false_positives_per_pair_hour)),
        human::rate(Some(&rates.cluster_mistakes_per_30d)),
        human::rate(Some(&rates.cluster_alarms_per_30d)),
    ))
}

/// A value of the judged metric with its unit.
fn value(judgement: &Judgement, value: f64) -> String {
    let Rule::Limit(goal) = &judgement.rule;
    match metric::find(goal.metric).map(|metric| metric.unit) {
        Some(LimitUnit::Seconds) => number::span(value, 3),
        Some(LimitUnit::PerHour) => format!("{}/h", plain(value)),
        Some(LimitUnit::PerSecond) => format!("{}/s", plain(value)),
        Some(LimitUnit::BytesPerSecond) => number::byte_rate(value, 3),
        Some(LimitUnit::Share) => number::share(value),
        Some(LimitUnit::Number) | None => plain(value),
    }
}

fn plain(value: f64) -> String {
    if value.abs() <= 0.0 { "0".to_owned() } else { number::count(value, 3) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Rows, judge};
    use crate::report::text::{COLUMNS, width};
    use crate::report::{fixture, junit, markdown};
    use crate::scenario::{Limit, LimitScope, goal};

    fn judged() -> (Vec<String>, Verdict) {
        let fixture = fixture::recorded();
        let limits: Vec<Limit> = [
            "detection_latency_mean <= 12s",
            "detection_latency_p99 <= 12s",
            "cluster_alarms_per_30d < 200",
            "query_accuracy >= 99.9%",
            "bandwidth < 4KiB/s",
            "false_positive_rate < 1/h",
        ]
        .into_iter()
        .map(|text| Limit { scope: LimitScope::All, goal: goal(text, &metric::limit_metrics()).unwrap() })
        .collect();
        let verdict = judge(&fixture.summary, &limits, Rows::All);
        (fixture.summary.axes, verdict)
    }

    #[test]
    fn a_verdict_is_one_line_a_limit() {
        let (axes, verdict) = judged();
        let text = render("quickstart", &axes, &verdict);
        insta::assert_snapshot!("verdict.txt", text);
        assert!(text.lines().all(|line| width(line) <= COLUMNS));
    }

    #[test]
    fn a_verdict_as_markdown_has_the_outcome_first() {
        let (axes, verdict) = judged();
        insta::assert_snapshot!("verdict.md", markdown::check("quick|start", &axes, &verdict));
    }

    #[test]
    fn a_verdict_as_junit_has_a_case_a_limit_and_no_time() {
        let (axes, verdict) = judged();
        let checked = junit::Checked { scenario: "quick<start>", axes: &axes, verdict: &verdict };
        let text = String::from_utf8(junit::render(&[checked])).unwrap();
        insta::assert_snapshot!("verdict.xml", text);
        assert!(!text.contains("time") && !text.contains("uuid"));
    }
}
