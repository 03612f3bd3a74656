//! From the records of all rows to a summary.

use std::collections::BTreeMap;

use super::accuracy::{self, Estimates};
use super::cost::Flow;
use super::estimate::{Estimate, LEAST_UNITS, Method};
use super::summary::{CurvePoint, Row, RowInput, Summary};
use super::view::{HOUR_NS, View};
use super::{causes, cost, detection, halves, identities, pareto};
use crate::metrics::TrafficRecord;
use crate::num::u64_to_f64;

/// Estimates every metric of every row, marks the rows that are not shown dominated, and says what the reader should know.
///
/// # Panics
/// Where the records contradict themselves, or the identities between the metrics do not hold: a bug of ours.
#[must_use]
pub fn summarise(axes: &[String], trials: u32, inputs: &[RowInput]) -> Summary {
    let mut worlds: Vec<(&[TrafficRecord], Flow)> = Vec::new();
    let mut rows = Vec::with_capacity(inputs.len());
    for input in inputs {
        let flow = flow_of(&mut worlds, &input.traffic);
        rows.push(summarise_row(input, &flow, inputs.len()));
    }
    pareto::mark(&mut rows);
    let remarks = remarks(inputs, &rows);
    Summary { axes: axes.to_vec(), trials, rows, remarks }
}

/// The value of every metric in one trial, `trial` from 0: the columns of `trials.csv`.
///
/// A rate of which nothing was seen is 0 here: this is a record of one trial, not an estimate.
#[must_use]
pub fn trial_values(input: &RowInput, trial: usize) -> BTreeMap<&'static str, Option<f64>> {
    let mut estimates = Estimates::new();
    let view = View::one(input, trial);
    estimate(&view, &Flow::of(view.traffic), &mut estimates);
    let value = |estimate: Estimate| match estimate.method {
        Method::ZeroEvents => estimate.value.or(Some(0.0)),
        _ => estimate.value,
    };
    estimates.into_iter().map(|(name, estimate)| (name, value(estimate))).collect()
}

/// The flow of a world, worked out once: rows that listen to the same world share its traffic.
fn flow_of<'a>(worlds: &mut Vec<(&'a [TrafficRecord], Flow)>, traffic: &'a [TrafficRecord]) -> Flow {
    if let Some((_, flow)) = worlds.iter().find(|(known, _)| std::ptr::eq(*known, traffic)) {
        return *flow;
    }
    let flow = Flow::of(traffic);
    worlds.push((traffic, flow));
    flow
}

fn summarise_row(input: &RowInput, flow: &Flow, rows: usize) -> Row {
    identities::assert_records(input);
    let view = View::whole(input);
    let mut estimates = Estimates::new();
    let latency_curve = estimate(&view, flow, &mut estimates);
    identities::assert_estimates(&estimates);
    let (causes, causes_n) = causes::shares(&view);
    Row {
        point: input.point,
        detector: input.detector.clone(),
        kind: input.kind,
        parameters: input.parameters.clone(),
        base: input.base,
        interval_ns: input.interval_ns,
        estimates,
        causes,
        causes_n,
        latency_curve,
        not_dominated: true,
        remarks: half_remark(&view, rows).into_iter().collect(),
    }
}

/// Every metric of [`super::metric::METRICS`].
fn estimate(view: &View<'_>, flow: &Flow, out: &mut Estimates) -> Vec<CurvePoint> {
    cost::estimate(view, flow, out);
    accuracy::estimate(view, out);
    detection::estimate(view, out)
}

fn half_remark(view: &View<'_>, rows: usize) -> Option<String> {
    let (first, second) = halves::difference(view, rows)?;
    let (first, second) = (first * HOUR_NS, second * HOUR_NS);
    Some(format!(
        "the first half of the run differs from the second: {first:.3} and {second:.3} false positives a pair-hour; \
         lengthen the warm-up or look for what changes"
    ))
}

/// Remarks on the whole run.
fn remarks(inputs: &[RowInput], rows: &[Row]) -> Vec<String> {
    let mut remarks = Vec::new();
    for row in rows {
        remarks.extend(row.remarks.iter().map(|remark| format!("point {}, {}: {remark}", row.point, row.detector)));
    }
    remarks.extend(too_few_units(inputs, rows));
    remarks.extend(incident_bound(inputs, rows));
    remarks.extend(never_heard(rows));
    remarks.extend(largest_peak(rows));
    if rows.len() > 1 {
        remarks.push(
            "intervals are those of each row by itself: the best of many rows looks better than it is".to_owned(),
        );
    }
    remarks
}

/// Says what to do where units are too few for intervals. Alarms of one recording never have enough.
fn too_few_units(inputs: &[RowInput], rows: &[Row]) -> Option<String> {
    let recorded = inputs.iter().any(|input| input.recorded);
    let column = if recorded { "false_positive_rate_per_pair_hour" } else { "cluster_alarms_per_30d" };
    let estimates = rows.iter().filter_map(|row| row.estimates.get(column));
    let least =
        estimates.filter(|estimate| estimate.method != Method::NotApplicable).map(|estimate| estimate.n).min()?;
    if least >= LEAST_UNITS {
        return None;
    }
    let remedy = if recorded { "a longer recording has more" } else { "--trials 16 gives enough" };
    Some(format!(
        "an interval takes at least {LEAST_UNITS} independent units, and some rows have only {least}: {remedy}"
    ))
}

/// Where bursts are modelled, one of them can make many false positives: a bound from none seen counts bursts.
fn incident_bound(inputs: &[RowInput], rows: &[Row]) -> Option<String> {
    let unseen = |row: &Row| {
        row.estimates.get("false_positive_rate_per_pair_hour").is_some_and(|rate| rate.method == Method::ZeroEvents)
    };
    inputs.iter().zip(rows).any(|(input, row)| input.bursts && unseen(row)).then(|| {
        "where no false positive was seen the bound is for incidents: one burst can make several false positives"
            .to_owned()
    })
}

/// Pairs that were never heard count in no other number: a detector may look better than it is.
fn never_heard(rows: &[Row]) -> Option<String> {
    let count = |row: &&Row| row.estimates.get("never_heard_pairs").and_then(|estimate| estimate.value).unwrap_or(0.0);
    let row = rows.iter().rev().max_by(|a, b| count(a).total_cmp(&count(b)))?;
    let most = Some(count(&row)).filter(|most| *most > 0.0)?;
    Some(format!(
        "in a whole trial a monitor never heard a node, {most} times over all trials (point {}, {}): such pairs are in no \
         other number",
        row.point, row.detector
    ))
}

/// The largest peak of the run; peaks of longer runs are higher.
fn largest_peak(rows: &[Row]) -> Option<String> {
    let peak = |row: &&Row| row.estimates.get("peak_false_suspects_max").and_then(|estimate| estimate.value);
    let row = rows.iter().rev().max_by(|a, b| peak(a).unwrap_or(0.0).total_cmp(&peak(b).unwrap_or(0.0)))?;
    let most = peak(&row).filter(|most| *most > u64_to_f64(1))?;
    Some(format!(
        "most nodes wrongly suspected at one instant: {most} (point {}, {}); such a maximum grows with the amount simulated",
        row.point, row.detector
    ))
}
