//! The rows that people see, as short texts: what the terminal's table, the Markdown table and their notes share.

use super::metric::{BANDWIDTH, CLUSTER_ALARMS, CLUSTER_MISTAKES, DETECTION_P50, DETECTION_P99};
use super::sweep::{Sweep, by_detector, detectors, estimate, title};
use super::{Results, human, number};
use crate::analysis::Row;
use crate::num::u64_to_f64;

/// Longer sweeps are shortened to the rows that are not shown dominated.
const LONG: usize = 40;
/// So many rows are shown at the most.
const MOST: usize = 120;
/// Detectors whose causes are listed.
const CAUSES_OF: usize = 12;

/// So many remarks are printed at the most.
const REMARKS: usize = 12;

/// What the mark at a row says.
pub(super) const LEGEND: &str = "not shown dominated: no other row is shown to be at least as good in detection p99, \
                                 false positives and bandwidth, and better in one. Intervals are 95 %, each row by itself.";

/// What one row says, as short texts.
pub(super) struct Line<'a> {
    /// The row.
    pub(super) row: &'a Row,
    /// Detection latency: half of the crashes.
    pub(super) p50: String,
    /// Detection latency: 99 % of the crashes.
    pub(super) p99: String,
    /// Cluster alarms per 30 days, with interval.
    pub(super) alarms: String,
    /// Cluster mistakes per 30 days, with interval.
    pub(super) mistakes: String,
    /// Bytes a second of the whole cluster.
    pub(super) bandwidth: String,
}

impl<'a> Line<'a> {
    fn of(row: &'a Row) -> Self {
        Self {
            row,
            p50: human::latency(estimate(row, DETECTION_P50)),
            p99: human::latency(estimate(row, DETECTION_P99)),
            alarms: human::rate_with_interval(estimate(row, CLUSTER_ALARMS)),
            mistakes: human::rate_with_interval(estimate(row, CLUSTER_MISTAKES)),
            bandwidth: human::byte_rate(estimate(row, BANDWIDTH)),
        }
    }
}

/// The rows that are shown: detectors in file order, the points of each in theirs.
pub(super) fn lines<'a>(results: &Results<'a>) -> Vec<Line<'a>> {
    let short = results.summary.rows.len() <= LONG;
    let shown = by_detector(results.summary).into_iter().filter(|row| short || row.not_dominated || row.base);
    shown.take(MOST).map(Line::of).collect()
}

/// What became of the rows that are not shown; `None` where all are.
pub(super) fn left_out(results: &Results<'_>, shown: &[Line<'_>]) -> Option<String> {
    let all = results.summary.rows.len();
    let rest = all - shown.len();
    if rest == 0 {
        return None;
    }
    let good = |row: &Row| row.not_dominated;
    let marked = results.summary.rows.iter().filter(|row| good(row)).count();
    let hidden = marked - shown.iter().filter(|line| good(line.row)).count();
    let those = match (rest, hidden) {
        (1, 0) => "the other is shown dominated".to_owned(),
        (_, 0) => format!("the other {rest} are shown dominated"),
        _ => format!("{hidden} of the other {rest} are not shown dominated"),
    };
    Some(format!("{} of {all} rows: {those}. All are in summary.csv and in the report.", shown.len()))
}

/// A line for each detector that made mistakes: its causes, largest first.
pub(super) fn causes(results: &Results<'_>) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for (name, kind) in detectors(results.summary).into_iter().take(CAUSES_OF) {
        let (shares, explained) = cause_shares(results, name);
        if explained > 0 {
            let total = u64_to_f64(explained);
            let parts: Vec<String> =
                shares.iter().take(4).map(|(cause, weight)| share(cause, weight / total)).collect();
            lines.push((title(name, kind), format!("{} (n\u{a0}=\u{a0}{explained})", parts.join(", "))));
        }
    }
    lines
}

/// How many of a detector's explained mistakes each cause has, largest first, over all its rows; and how many there are.
pub(super) fn cause_shares<'a>(results: &Results<'a>, detector: &str) -> (Vec<(&'a str, f64)>, u64) {
    let mut shares: Vec<(&str, f64)> = Vec::new();
    let mut explained = 0;
    for row in results.summary.rows.iter().filter(|row| row.detector == detector) {
        explained += row.causes_n;
        for (cause, share) in row.causes.iter().filter(|(_, share)| *share > 0.0) {
            let weight = share * u64_to_f64(row.causes_n);
            match shares.iter_mut().find(|(known, _)| known == cause) {
                Some((_, sum)) => *sum += weight,
                None => shares.push((cause, weight)),
            }
        }
    }
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    (shares, explained)
}

fn share(cause: &str, share: f64) -> String {
    format!("{cause} {}", number::part(share)).replace(" %", "\u{a0}%")
}

/// Remarks, and how many more there are than a reader at a terminal wants.
pub(super) fn remarks<'a>(results: &Results<'a>) -> (Vec<&'a str>, usize) {
    let mut remarks: Vec<&str> = results.remarks().collect();
    let more = remarks.len().saturating_sub(REMARKS);
    remarks.truncate(REMARKS);
    (remarks, more)
}

/// The values of a row on the axes that the world has, and on those of its detector.
pub(super) fn settings(results: &Results<'_>, row: &Row) -> (Vec<String>, String) {
    let sweep = Sweep::of(results.summary);
    let world = sweep.world(row).into_iter().map(|value| value.unwrap_or("").to_owned()).collect();
    (world, sweep.own_text(row))
}
