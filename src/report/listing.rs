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

/// What no other row is shown to be better in, where a row is not shown dominated.
const CRITERIA: &str = "detection p99, false positives and bandwidth";

/// Columns of numbers, in their order.
pub(super) const NUMBERS: [&str; 5] =
    ["detection p50", "detection p99", "cluster alarms per 30 days", "cluster mistakes per 30 days", "bandwidth"];
/// The place of cluster alarms among them.
const ALARMS: usize = 2;

/// What one row says, as short texts.
pub(super) struct Line<'a> {
    /// The row.
    pub(super) row: &'a Row,
    /// Its [`NUMBERS`]: how soon half of the crashes are detected, and 99 % of them; alarms and mistakes with their intervals;
    /// bytes a second of the whole cluster.
    pub(super) numbers: [String; 5],
}

impl<'a> Line<'a> {
    fn of(row: &'a Row) -> Self {
        let numbers = [
            human::latency(estimate(row, DETECTION_P50)),
            human::latency(estimate(row, DETECTION_P99)),
            human::rate_with_interval(estimate(row, CLUSTER_ALARMS)),
            human::rate_with_interval(estimate(row, CLUSTER_MISTAKES)),
            human::byte_rate(estimate(row, BANDWIDTH)),
        ];
        Self { row, numbers }
    }
}

/// The places of those [`NUMBERS`] of which some row has a value; of all where none has any.
pub(super) fn columns(lines: &[Line<'_>]) -> Vec<usize> {
    let said = |column: &usize| lines.iter().any(|line| line.numbers[*column] != human::EMPTY);
    let columns: Vec<usize> = (0..NUMBERS.len()).filter(said).collect();
    if columns.is_empty() { (0..NUMBERS.len()).collect() } else { columns }
}

/// Whether rows bear a mark: it says nothing where all of them would.
pub(super) fn marked(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| line.row.not_dominated) && !lines.iter().all(|line| line.row.not_dominated)
}

/// How many rows the mark stands for and what it says; the columns that are left out; what one alarm is.
pub(super) fn legend(results: &Results<'_>, lines: &[Line<'_>]) -> Vec<String> {
    let all = results.summary.rows.len();
    let good = results.summary.rows.iter().filter(|row| row.not_dominated).count();
    let mut legend = Vec::new();
    let meaning = format!("no other row is shown to be at least as good in {CRITERIA}, and better in one.");
    if all > 1 && good == all {
        legend.push(format!("None of the {all} rows is shown dominated: of each, {meaning}"));
    } else if all > 1 && good > 0 {
        legend.push(format!("{good} of {all} rows are not shown dominated: {meaning}"));
    }
    let columns = columns(lines);
    let without: Vec<&str> = (0..NUMBERS.len()).filter(|at| !columns.contains(at)).map(|at| NUMBERS[at]).collect();
    if !without.is_empty() {
        legend.push(format!("Left out, as no row has a value: {}.", without.join(", ")));
    }
    let gap = results.plan.output.merge_gap;
    let alarms = format!(" Outages less than {gap} apart are one cluster alarm.");
    legend.push(format!("Intervals are 95 %.{}", if columns.contains(&ALARMS) { &*alarms } else { "" }));
    legend
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
    let (more, are) = if rest == 1 { ("1 more row", "is") } else { (&*format!("{rest} more rows"), "are") };
    let those = match (rest, hidden) {
        (_, 0) => "shown dominated".to_owned(),
        (1, _) => "not shown dominated".to_owned(),
        _ => format!("{hidden} of them not shown dominated"),
    };
    Some(format!("{more}, {those}, {are} in summary.csv and in the report."))
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
