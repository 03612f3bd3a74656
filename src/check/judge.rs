//! The rule by which a limit is judged.

use super::verdict::{Bound, Judgement, Outcome, Rates, Reason, Rows, Rule, Side, Verdict};
use crate::analysis::{Estimate, LEAST_UNITS, Method, Row, Summary, metric};
use crate::num::{ceil_to_u64, ln, normal_upper_quantile, student_quantile};
use crate::scenario::{Goal, Limit, LimitScope, Relation};

/// Metrics whose verdict shows the rate by pair and for the cluster.
const RATES: [&str; 3] = ["false_positive_rate_per_pair_hour", "cluster_mistakes_per_30d", "cluster_alarms_per_30d"];

/// Judges every limit for every row that it binds.
#[must_use]
pub fn judge(summary: &Summary, limits: &[Limit], rows: Rows) -> Verdict {
    let judged = |row: &&Row| row.base || rows == Rows::All;
    let judgements = limits.iter().flat_map(|limit| {
        let bound = move |row: &&Row| match &limit.scope {
            LimitScope::All => true,
            LimitScope::Detector(name) => *name == row.detector,
        };
        summary.rows.iter().filter(judged).filter(bound).map(move |row| judge_row(row, &limit.goal))
    });
    Verdict::new(judgements.collect())
}

fn judge_row(row: &Row, goal: &Goal) -> Judgement {
    let metric = metric::find(goal.metric);
    let estimate = metric.and_then(|metric| row.estimates.get(metric.column)).copied();
    let (outcome, reason) = match &estimate {
        Some(estimate) => decide(goal, estimate),
        None => (Outcome::Inconclusive, Reason::NothingToJudge),
    };
    let of = |column| row.estimates.get(column).copied();
    let rates = metric.filter(|metric| RATES.contains(&metric.column)).and_then(|_| {
        Some(Rates {
            false_positives_per_pair_hour: of(RATES[0])?,
            cluster_mistakes_per_30d: of(RATES[1])?,
            cluster_alarms_per_30d: of(RATES[2])?,
        })
    });
    Judgement {
        point: row.point,
        detector: row.detector.clone(),
        parameters: row.parameters.clone(),
        rule: Rule::Limit(goal.clone()),
        estimate,
        outcome,
        reason,
        rates,
    }
}

/// Whether a value keeps the limit.
fn holds(relation: Relation, value: f64, limit: f64) -> bool {
    match relation {
        Relation::Less => value < limit,
        Relation::AtMost => value <= limit,
        Relation::Greater => value > limit,
        Relation::AtLeast => value >= limit,
    }
}

/// The worst value that the run allows decides for the limit, the best one against it.
fn decide(goal: &Goal, estimate: &Estimate) -> (Outcome, Reason) {
    let upper = estimate.at_most.map(|value| Bound { side: side(estimate, Side::AtMost), value });
    let lower = estimate.at_least.map(|value| Bound { side: side(estimate, Side::AtLeast), value });
    let (worst, best) = match goal.relation {
        Relation::Less | Relation::AtMost => (upper, lower),
        Relation::Greater | Relation::AtLeast => (lower, upper),
    };
    match (worst, best) {
        (Some(worst), _) if holds(goal.relation, worst.value, goal.value) => (Outcome::Pass, Reason::Shown(worst)),
        (_, Some(best)) if !holds(goal.relation, best.value, goal.value) => (Outcome::Fail, Reason::Shown(best)),
        _ => (Outcome::Inconclusive, undecided(goal, estimate)),
    }
}

fn side(estimate: &Estimate, side: Side) -> Side {
    if estimate.method == Method::Count { Side::Exactly } else { side }
}

/// Why nothing is shown.
fn undecided(goal: &Goal, estimate: &Estimate) -> Reason {
    let too_few = match estimate.method {
        Method::TooFewUnits => true,
        Method::ZeroEvents => estimate.n < LEAST_UNITS,
        _ => false,
    };
    match (estimate.value, estimate.at_least, estimate.at_most) {
        _ if too_few => Reason::TooFewUnits { units: estimate.n },
        (None, Some(followed), None) if estimate.method == Method::KaplanMeier => Reason::NotReached { followed },
        (None, None, None) => Reason::NothingToJudge,
        (Some(_), _, None) if estimate.method == Method::KaplanMeier => match share_beyond(goal.metric) {
            Some(tail) => Reason::TooFewCases { needed: cases_needed(tail) },
            None => Reason::Between { at_least: estimate.at_least, at_most: None },
        },
        (_, at_least, at_most) => Reason::Between { at_least, at_most },
    }
}

/// The share that a percentile leaves above it, by the name of the metric.
fn share_beyond(metric: &str) -> Option<f64> {
    match metric.rsplit('_').next()? {
        "p50" => Some(0.5),
        "p90" => Some(0.1),
        "p99" => Some(0.01),
        _ => None,
    }
}

/// Independent cases without which no upper bound of a percentile exists: all of them below it must be less likely than
/// 5 %, with Student's allowance for a variance that is estimated from as many.
fn cases_needed(tail: f64) -> u64 {
    let cases = ln(0.05) / ln(1.0 - tail);
    let allowance = student_quantile(0.95, cases) / normal_upper_quantile(0.05);
    ceil_to_u64(cases * allowance * allowance)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::analysis::{RowInput, summarise};

    const RATE: &str = "false_positive_rate_per_pair_hour";

    fn row(detector: &str, base: bool) -> Row {
        let input = RowInput {
            point: 1,
            detector: detector.to_owned(),
            kind: "timeout",
            parameters: Vec::new(),
            base,
            interval_ns: 1,
            nodes: 1,
            monitors: 1,
            duration_ns: 1,
            wire_bytes: None,
            bursts: false,
            components: 1,
            recorded: false,
            trials: Vec::new(),
            traffic: Vec::new().into(),
        };
        summarise(&[], 0, &[input]).rows.remove(0)
    }

    fn with(column: &'static str, estimate: Estimate) -> Summary {
        let estimates = BTreeMap::from([(column, estimate)]);
        Summary {
            axes: Vec::new(),
            trials: 16,
            rows: vec![Row { estimates, ..row("fixed", true) }],
            remarks: Vec::new(),
        }
    }

    fn estimate(value: Option<f64>, at_least: Option<f64>, at_most: Option<f64>, method: Method) -> Estimate {
        Estimate { value, low: at_least, high: at_most, n: 16, method, at_least, at_most }
    }

    /// A limit on `metric relation number`, the number in the unit of the column.
    fn limit(text: &str) -> Limit {
        let mut words = text.split(' ');
        let metric = words.next().and_then(metric::find).unwrap().limit_name();
        let relation = match words.next().unwrap() {
            "<" => Relation::Less,
            "<=" => Relation::AtMost,
            ">" => Relation::Greater,
            _ => Relation::AtLeast,
        };
        let value = words.next().unwrap().parse().unwrap();
        Limit { scope: LimitScope::All, goal: Goal { metric, relation, value, text: text.to_owned() } }
    }

    #[track_caller]
    fn verdict(summary: &Summary, text: &str, outcome: Outcome, reason: &Reason) {
        let verdict = judge(summary, &[limit(text)], Rows::Base);
        assert_eq!(verdict.judgements.len(), 1);
        assert_eq!((verdict.outcome, &verdict.judgements[0].reason), (outcome, reason), "{text}");
    }

    #[test]
    fn a_limit_holds_or_is_broken_only_where_a_bound_shows_it() {
        let summary = with(RATE, estimate(Some(1.0), Some(0.5), Some(2.0), Method::Jackknife));
        let at_most = Reason::Shown(Bound { side: Side::AtMost, value: 2.0 });
        let at_least = Reason::Shown(Bound { side: Side::AtLeast, value: 0.5 });
        let between = Reason::Between { at_least: Some(0.5), at_most: Some(2.0) };
        verdict(&summary, "false_positive_rate < 3", Outcome::Pass, &at_most);
        verdict(&summary, "false_positive_rate <= 2", Outcome::Pass, &at_most);
        verdict(&summary, "false_positive_rate < 2", Outcome::Inconclusive, &between);
        verdict(&summary, "false_positive_rate < 0.5", Outcome::Fail, &at_least);
        verdict(&summary, "false_positive_rate <= 0.5", Outcome::Inconclusive, &between);
        verdict(&summary, "false_positive_rate <= 0.4", Outcome::Fail, &at_least);
        verdict(&summary, "false_positive_rate > 0.4", Outcome::Pass, &at_least);
        verdict(&summary, "false_positive_rate >= 3", Outcome::Fail, &at_most);
    }

    #[test]
    fn nothing_seen_passes_by_its_bound_and_never_fails() {
        let summary = with(RATE, estimate(None, None, Some(0.1), Method::ZeroEvents));
        let bound = Reason::Shown(Bound { side: Side::AtMost, value: 0.1 });
        verdict(&summary, "false_positive_rate < 0.2", Outcome::Pass, &bound);
        let between = Reason::Between { at_least: None, at_most: Some(0.1) };
        verdict(&summary, "false_positive_rate < 0.05", Outcome::Inconclusive, &between);
        verdict(&summary, "false_positive_rate < 0", Outcome::Inconclusive, &between);
    }

    #[test]
    fn what_is_counted_is_decided_outright() {
        let summary = with("bandwidth_bytes_per_s", estimate(Some(1840.0), Some(1840.0), Some(1840.0), Method::Count));
        let counted = Reason::Shown(Bound { side: Side::Exactly, value: 1840.0 });
        verdict(&summary, "bandwidth < 4096", Outcome::Pass, &counted);
        verdict(&summary, "bandwidth <= 1840", Outcome::Pass, &counted);
        verdict(&summary, "bandwidth < 1840", Outcome::Fail, &counted);
    }

    #[test]
    fn a_percentile_out_of_reach_fails_below_its_follow_up_and_never_passes() {
        let summary = with("detection_latency_p99_s", estimate(None, Some(60.0), None, Method::KaplanMeier));
        let shown = Reason::Shown(Bound { side: Side::AtLeast, value: 60.0 });
        verdict(&summary, "detection_latency_p99 <= 30", Outcome::Fail, &shown);
        verdict(
            &summary,
            "detection_latency_p99 <= 3600",
            Outcome::Inconclusive,
            &Reason::NotReached { followed: 60.0 },
        );
    }

    #[test]
    fn a_percentile_without_upper_end_says_how_many_crashes_it_takes() {
        let summary = with("detection_latency_p99_s", estimate(Some(6.0), Some(5.0), None, Method::KaplanMeier));
        let too_few = Reason::TooFewCases { needed: 300 };
        verdict(&summary, "detection_latency_p99 <= 8", Outcome::Inconclusive, &too_few);
        let shown = Reason::Shown(Bound { side: Side::AtLeast, value: 5.0 });
        verdict(&summary, "detection_latency_p99 <= 4", Outcome::Fail, &shown);
    }

    #[test]
    fn too_few_units_are_inconclusive_with_the_remedy() {
        for (value, method) in [(Some(1.0), Method::TooFewUnits), (None, Method::ZeroEvents)] {
            let summary = with(RATE, Estimate { n: 4, ..estimate(value, None, None, method) });
            verdict(&summary, "false_positive_rate < 9", Outcome::Inconclusive, &Reason::TooFewUnits { units: 4 });
            let judged = judge(&summary, &[limit("false_positive_rate < 9")], Rows::Base);
            assert!(judged.judgements[0].remedy().unwrap().contains("--trials 16"));
        }
    }

    #[test]
    fn a_metric_without_a_case_is_inconclusive() {
        let summary = with("detection_latency_p99_s", estimate(None, None, None, Method::NotApplicable));
        verdict(&summary, "detection_latency_p99 <= 8", Outcome::Inconclusive, &Reason::NothingToJudge);
        let verdict = judge(&summary, &[limit("detection_latency_p50 <= 8")], Rows::Base);
        assert_eq!((verdict.outcome, verdict.judgements[0].estimate), (Outcome::Inconclusive, None));
    }

    #[test]
    fn scopes_and_rows_choose_and_the_worst_decides() {
        let mut summary = with(RATE, estimate(Some(1.0), Some(0.5), Some(2.0), Method::Jackknife));
        let better = estimate(Some(0.1), Some(0.05), Some(0.2), Method::Jackknife);
        summary.rows.push(Row { estimates: BTreeMap::from([(RATE, better)]), ..row("accrual", true) });
        summary.rows.push(Row { estimates: BTreeMap::from([(RATE, better)]), ..row("accrual", false) });
        let all = limit("false_positive_rate < 1");
        let accrual = Limit { scope: LimitScope::Detector("accrual".to_owned()), ..all.clone() };
        let impossible =
            Limit { scope: LimitScope::Detector("accrual".to_owned()), ..limit("false_positive_rate < 0.01") };
        assert_eq!(judge(&summary, std::slice::from_ref(&accrual), Rows::Base).outcome, Outcome::Pass);
        assert_eq!(judge(&summary, std::slice::from_ref(&accrual), Rows::All).judgements.len(), 2);
        let verdict = judge(&summary, &[all.clone(), accrual.clone()], Rows::Base);
        assert_eq!((verdict.outcome, verdict.judgements.len()), (Outcome::Inconclusive, 3));
        let verdict = judge(&summary, &[all, accrual, impossible], Rows::Base);
        assert_eq!((verdict.outcome, verdict.outcome.exit_code()), (Outcome::Fail, 1));
        assert_eq!(judge(&summary, &[], Rows::All).outcome.exit_code(), 3);
    }

    #[test]
    fn a_limit_on_a_rate_shows_it_by_pair_and_for_the_cluster() {
        let summary = Summary { axes: Vec::new(), trials: 0, rows: vec![row("fixed", true)], remarks: Vec::new() };
        let verdict = judge(&summary, &[limit("cluster_alarms_per_30d < 9"), limit("bandwidth < 1")], Rows::Base);
        assert!(verdict.judgements[0].rates.is_some());
        assert!(verdict.judgements[1].rates.is_none());
    }
}
