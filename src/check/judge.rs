//! The rule by which a limit is judged.

use super::verdict::{Bound, Judgement, Outcome, Rates, Reason, Rows, Rule, Side, Verdict};
use crate::analysis::{Estimate, Method, Row, Summary, metric};
use crate::num::{ceil_to_u64, ln};
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
    let too_few = estimate.method == Method::TooFewUnits
        || (estimate.method == Method::ZeroEvents && estimate.at_most.is_none() && estimate.at_least.is_none());
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
/// 5 %.
fn cases_needed(tail: f64) -> u64 {
    ceil_to_u64(ln(0.05) / ln(1.0 - tail))
}
