//! Which rows no other row was shown to beat.
//!
//! Three criteria, all better when smaller: the p99 of detection latency, the false-positive rate and the bandwidth. One
//! row is shown better than another in a criterion if their two-sided intervals do not meet. It dominates if in each
//! criterion it is shown better or has exactly the same value, and is shown better in at least one. The intervals are
//! those of each row by itself, so that a mark means no more than "not shown dominated".

use std::collections::BTreeMap;

use super::estimate::{Estimate, Method};
use super::summary::Row;

/// The columns compared.
const CRITERIA: [&str; 3] = ["detection_latency_p99_s", "false_positive_rate_per_pair_hour", "bandwidth_bytes_per_s"];

/// How a row stands to another in one criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Better,
    Equal,
    NotShown,
}

/// Sets [`Row::not_dominated`] of every row.
pub(crate) fn mark(rows: &mut [Row]) {
    let marks: Vec<bool> =
        rows.iter().map(|row| !rows.iter().any(|other| dominates(&other.estimates, &row.estimates))).collect();
    for (row, mark) in rows.iter_mut().zip(marks) {
        row.not_dominated = mark;
    }
}

fn dominates(a: &BTreeMap<&'static str, Estimate>, b: &BTreeMap<&'static str, Estimate>) -> bool {
    let mut better = false;
    for criterion in CRITERIA {
        let (Some(a), Some(b)) = (a.get(criterion), b.get(criterion)) else { return false };
        match standing(a, b) {
            Standing::Better => better = true,
            Standing::Equal => {}
            Standing::NotShown => return false,
        }
    }
    better
}

/// How `a` stands to `b`.
fn standing(a: &Estimate, b: &Estimate) -> Standing {
    let nothing = |estimate: &Estimate| matches!(estimate.method, Method::ZeroEvents | Method::NotApplicable);
    let same = |x: Option<f64>, y: Option<f64>| match (x, y) {
        (Some(x), Some(y)) => x.total_cmp(&y).is_eq(),
        (None, None) => true,
        _ => false,
    };
    if nothing(a) && a.method == b.method && same(a.high, b.high) {
        return Standing::Equal;
    }
    if a.value.is_some() && same(a.value, b.value) {
        return Standing::Equal;
    }
    // What is counted exactly is its own interval.
    let end =
        |estimate: &Estimate, end: Option<f64>| if estimate.method == Method::Count { estimate.value } else { end };
    match (end(a, a.high), end(b, b.low)) {
        (Some(high), Some(low)) if high < low => Standing::Better,
        _ => Standing::NotShown,
    }
}
