//! How long a crash goes unnoticed: by a monitor, by the first, by most and by all of them.

use super::accuracy::Estimates;
use super::estimate::{Effort, Estimate};
use super::percentile::{percentile, restricted_mean};
use super::ratio::{Unit, mean_length};
use super::share::{Case, share};
use super::summary::CurvePoint;
use super::survival::{Curve, Length};
use super::view::View;
use crate::metrics::{Detection, Outcome};
use crate::num::{NANOS_PER_SECOND, u64_to_f64};

/// Points of a detection curve that are kept for a picture.
const CURVE_POINTS: usize = 400;

/// One crash with the follow-up of every monitor that had heard the incarnation.
#[derive(Debug)]
struct Crash {
    unit: u32,
    views: Vec<Outcome>,
}

/// Puts detection into `out`, and gives the curve of detection.
pub(crate) fn estimate(view: &View<'_>, out: &mut Estimates) -> Vec<CurvePoint> {
    let crashes = crashes(view);
    counts(view, out);
    shares(&crashes, view.effort, out);
    splits(view, out);
    group_latencies(view, &crashes, out);
    let curve =
        Curve::new(lengths(&crashes, |outcomes, found| found.extend(outcomes.iter().filter_map(|o| follow_up(*o)))));
    latencies(curve.as_ref(), view.effort, out);
    curve.as_ref().map(points).unwrap_or_default()
}

/// The detections of all trials by crash. A monitor that never heard the incarnation has no view of its crash.
fn crashes(view: &View<'_>) -> Vec<Crash> {
    let mut crashes = Vec::new();
    let mut first_unit = 0_u32;
    for trial in view.trials {
        let mut rows: Vec<&Detection> = trial.detections.iter().filter(|row| row.outcome != Outcome::Unknown).collect();
        rows.sort_unstable_by_key(|row| (row.node, row.crash_ns, row.monitor));
        for group in rows.chunk_by(|a, b| (a.node, a.crash_ns) == (b.node, b.crash_ns)) {
            let unit = first_unit.saturating_add(group[0].component);
            crashes.push(Crash { unit, views: group.iter().map(|row| row.outcome).collect() });
        }
        first_unit = first_unit.saturating_add(u32::try_from(trial.components.len()).unwrap_or(u32::MAX));
    }
    crashes
}

fn counts(view: &View<'_>, out: &mut Estimates) {
    let outcomes = || view.trials.iter().flat_map(|trial| trial.detections.iter().map(|row| row.outcome));
    let mut count = |name, of: fn(Outcome) -> bool| {
        let value = outcomes().filter(|outcome| of(*outcome)).count() as u64;
        out.insert(name, Estimate::count(Some(u64_to_f64(value)), view.count()));
    };
    count("crashes", |_| true);
    count("detected", |outcome| matches!(outcome, Outcome::Detected { .. }));
    count("undetected", |outcome| matches!(outcome, Outcome::Undetected(_)));
    count("censored", |outcome| matches!(outcome, Outcome::Censored(_)));
}

/// The detected share of those crashes whose fate is known, and the share of detections at once.
fn shares(crashes: &[Crash], effort: Effort, out: &mut Estimates) {
    let cases = |known: fn(&Outcome) -> Option<bool>| -> Vec<Case> {
        let views = crashes.iter().zip(0_u32..).flat_map(|(crash, subject)| {
            crash
                .views
                .iter()
                .filter_map(move |outcome| known(outcome).map(|yes| Case { yes, subject, unit: crash.unit }))
        });
        views.collect()
    };
    let detected = cases(|outcome| match outcome {
        Outcome::Detected { .. } => Some(true),
        Outcome::Undetected(_) => Some(false),
        Outcome::Censored(_) | Outcome::Unknown => None,
    });
    out.insert("detected_share", share(&detected, effort));
    let at_zero = cases(|outcome| match outcome {
        Outcome::Detected { latency_ns, .. } => Some(*latency_ns == 0),
        _ => None,
    });
    out.insert("detected_at_zero_share", share(&at_zero, effort));
}

/// The lengths that `of` finds in the views of each crash: nanoseconds, and whether it ended.
fn lengths(crashes: &[Crash], of: impl Fn(&[Outcome], &mut Vec<(u64, bool)>)) -> Vec<Length> {
    let mut lengths = Vec::new();
    let mut found = Vec::new();
    for (crash, subject) in crashes.iter().zip(0_u32..) {
        found.clear();
        of(&crash.views, &mut found);
        lengths.extend(found.iter().map(|&(nanos, ended)| Length {
            nanos,
            ended: u64::from(ended),
            cut: u64::from(!ended),
            subject: Some(subject),
            unit: crash.unit,
        }));
    }
    lengths
}

/// How long a crash was followed at a monitor, and whether it ended in detection.
const fn follow_up(outcome: Outcome) -> Option<(u64, bool)> {
    match outcome {
        Outcome::Detected { latency_ns, .. } => Some((latency_ns, true)),
        Outcome::Undetected(nanos) | Outcome::Censored(nanos) => Some((nanos, false)),
        Outcome::Unknown => None,
    }
}

fn latencies(curve: Option<&Curve>, effort: Effort, out: &mut Estimates) {
    let estimate = |of: &dyn Fn(&Curve) -> Estimate| curve.map_or_else(Estimate::not_applicable, of);
    out.insert("detection_latency_mean_s", estimate(&|curve| restricted_mean(curve, effort)));
    for (name, tail) in
        [("detection_latency_p50_s", 0.5), ("detection_latency_p90_s", 0.1), ("detection_latency_p99_s", 0.01)]
    {
        out.insert(name, estimate(&|curve| percentile(curve, tail, effort)));
    }
    let longest = estimate(&|curve| Estimate::count(curve.longest_ended(), curve.units()));
    out.insert("detection_latency_max_s", longest);
}

/// First, majority and last detection of a crash, and how long it takes from the first monitor to the last; only where
/// there are several monitors.
fn group_latencies(view: &View<'_>, crashes: &[Crash], out: &mut Estimates) {
    let mut put = |mean, p99, of: fn(&[Outcome], &mut Vec<(u64, bool)>)| {
        let curve = if view.input.monitors > 1 { Curve::new(lengths(crashes, of)) } else { None };
        let curve = curve.as_ref();
        let effort = view.effort;
        out.insert(mean, curve.map_or_else(Estimate::not_applicable, |curve| restricted_mean(curve, effort)));
        out.insert(p99, curve.map_or_else(Estimate::not_applicable, |curve| percentile(curve, 0.01, effort)));
    };
    put("detection_first_mean_s", "detection_first_p99_s", |views, found| found.extend(nth(views, 1)));
    put("detection_majority_mean_s", "detection_majority_p99_s", |views, found| {
        found.extend(nth(views, views.len() / 2 + 1));
    });
    put("detection_last_mean_s", "detection_last_p99_s", |views, found| found.extend(nth(views, views.len())));
    put("dissemination_mean_s", "dissemination_p99_s", |views, found| {
        if let (Some((first, true)), Some((last, ended))) = (nth(views, 1), nth(views, views.len())) {
            found.push((last.saturating_sub(first), ended));
        }
    });
}

/// When the `count`-th of the monitors detected; cut at the longest follow-up where fewer did.
fn nth(views: &[Outcome], count: usize) -> Option<(u64, bool)> {
    let mut detected: Vec<u64> = Vec::with_capacity(views.len());
    let mut followed = None;
    for (nanos, ended) in views.iter().filter_map(|outcome| follow_up(*outcome)) {
        if ended {
            detected.push(nanos);
        } else {
            followed = followed.max(Some(nanos));
        }
    }
    detected.sort_unstable();
    match detected.get(count.checked_sub(1)?) {
        Some(nanos) => Some((*nanos, true)),
        None => followed.map(|nanos| (nanos, false)),
    }
}

/// The parts of the latency, as means over the detections that took time; they add up to its mean over those.
fn splits(view: &View<'_>, out: &mut Estimates) {
    let mut part = |name, sign: f64, of: fn(u64, u64, u64) -> u64| {
        let mut units: Vec<Unit> = Vec::new();
        let mut first = 0;
        for trial in view.trials {
            units.resize(first + trial.components.len(), Unit::default());
            for row in &trial.detections {
                let Outcome::Detected { latency_ns, silence_ns, timeout_ns, look_ns } = row.outcome else { continue };
                let index = first + crate::num::u64_to_usize(u64::from(row.component));
                if let Some(unit) = units.get_mut(index).filter(|_| latency_ns > 0) {
                    unit.above += u128::from(of(silence_ns, timeout_ns, look_ns));
                    unit.below += 1;
                }
            }
            first = units.len();
        }
        let mean = mean_length(&units, view.effort);
        let seconds = 1.0 / NANOS_PER_SECOND;
        out.insert(name, if sign < 0.0 { mean.reversed(|x| 0.0 - x * seconds) } else { mean.times(seconds) });
    };
    part("detection_split_silence_mean_s", -1.0, |silence, _, _| silence);
    part("detection_split_timeout_mean_s", 1.0, |_, timeout, _| timeout);
    part("detection_split_look_mean_s", 1.0, |_, _, look| look);
}

/// The curve for a picture: thinned evenly, first and last step kept.
fn points(curve: &Curve) -> Vec<CurvePoint> {
    let steps = curve.points();
    let count = steps.len();
    let stride = count.div_ceil(CURVE_POINTS).max(1);
    steps
        .enumerate()
        .filter(|(index, _)| index % stride == 0 || index + 1 == count)
        .map(|(_, (seconds, beyond))| CurvePoint { seconds, detected: 1.0 - beyond })
        .collect()
}
