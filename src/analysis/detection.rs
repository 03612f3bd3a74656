//! How long a crash goes unnoticed: by a monitor, by the first, by most and by all of them.

use super::accuracy::Estimates;
use super::estimate::{Effort, Estimate};
use super::percentile::{percentile, restricted_mean};
use super::ratio::{Unit, mean_length};
use super::share::{Cases, share};
use super::summary::CurvePoint;
use super::survival::{Curve, Length};
use super::view::View;
use crate::metrics::{Agreement, CrashSums, Crashes, FollowUps};
use crate::num::{NANOS_PER_SECOND, u64_to_f64};

/// Points of a detection curve that are kept for a picture.
const CURVE_POINTS: usize = 400;

/// Puts detection into `out`, and gives the curve of detection.
pub(crate) fn estimate(view: &View<'_>, out: &mut Estimates) -> Vec<CurvePoint> {
    counts(view, out);
    shares(view, out);
    splits(view, out);
    group_latencies(view, out);
    let curve = curve(view, |crashes| &crashes.views);
    latencies(curve.as_ref(), view.effort, out);
    curve.as_ref().map(points).unwrap_or_default()
}

fn counts(view: &View<'_>, out: &mut Estimates) {
    let mut count = |name, of: fn(&CrashSums) -> u64| {
        let value: u64 = view.trials.iter().map(|trial| trial.crashes.total(of)).sum();
        out.insert(name, Estimate::count(Some(u64_to_f64(value)), view.count()));
    };
    count("crashes", |sums| sums.views);
    count("detected", |sums| sums.detected);
    count("undetected", |sums| sums.undetected);
    count("censored", |sums| sums.censored);
}

/// The detected share of those crashes whose fate is known, and the share of detections at once.
fn shares(view: &View<'_>, out: &mut Estimates) {
    let mut put = |name, of: fn(&CrashSums) -> Cases, agree: fn(&Crashes) -> &Agreement| {
        let mut agreement = Agreement::default();
        for trial in view.trials {
            agreement.add(agree(&trial.crashes));
        }
        let units = view.trials.iter().flat_map(|trial| trial.crashes.components.values().map(of));
        out.insert(name, share(&units.collect::<Vec<_>>(), &agreement, view.effort));
    };
    put(
        "detected_share",
        |sums| Cases { yes: sums.detected, all: sums.detected + sums.undetected },
        |crashes| &crashes.detected,
    );
    put("detected_at_zero_share", |sums| Cases { yes: sums.at_zero, all: sums.detected }, |crashes| &crashes.at_zero);
}

/// The curve of some follow-ups of all trials.
fn curve(view: &View<'_>, of: fn(&Crashes) -> &FollowUps) -> Option<Curve> {
    let (mut lengths, mut crashes) = (Vec::new(), 0);
    let (mut first_unit, mut subject, mut last) = (0_u32, 0_u32, None);
    for (trial, number) in view.trials.iter().zip(0_u32..) {
        let followed = of(&trial.crashes);
        crashes += followed.crashes();
        for one in followed.iter() {
            // Views of one crash come one after the other.
            let crash = one.crash.map(|crash| (number, one.component, crash));
            if crash.is_some() && crash != last {
                subject = subject.saturating_add(1);
                last = crash;
            }
            lengths.push(Length {
                nanos: one.nanos,
                ended: one.ended,
                cut: one.cut,
                subject: crash.map(|_| subject),
                unit: first_unit.saturating_add(one.component),
            });
        }
        first_unit = first_unit.saturating_add(u32::try_from(trial.components.len()).unwrap_or(u32::MAX));
    }
    Curve::new(lengths, crashes)
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
fn group_latencies(view: &View<'_>, out: &mut Estimates) {
    let mut put = |mean, p99, of: fn(&Crashes) -> &FollowUps| {
        let curve = if view.input.monitors > 1 { curve(view, of) } else { None };
        let curve = curve.as_ref();
        let effort = view.effort;
        out.insert(mean, curve.map_or_else(Estimate::not_applicable, |curve| restricted_mean(curve, effort)));
        out.insert(p99, curve.map_or_else(Estimate::not_applicable, |curve| percentile(curve, 0.01, effort)));
    };
    put("detection_first_mean_s", "detection_first_p99_s", |crashes| &crashes.first);
    put("detection_majority_mean_s", "detection_majority_p99_s", |crashes| &crashes.majority);
    put("detection_last_mean_s", "detection_last_p99_s", |crashes| &crashes.last);
    put("dissemination_mean_s", "dissemination_p99_s", |crashes| &crashes.spread);
}

/// The parts of the latency, as means over the detections that took time; they add up to its mean over those.
fn splits(view: &View<'_>, out: &mut Estimates) {
    let mut part = |name, sign: f64, of: fn(&CrashSums) -> u128| {
        let sums = view.trials.iter().flat_map(|trial| trial.crashes.components.values());
        let units = sums.map(|sums| Unit { above: of(sums), below: u128::from(sums.detected - sums.at_zero) });
        let mean = mean_length(&units.collect::<Vec<_>>(), view.effort);
        let seconds = 1.0 / NANOS_PER_SECOND;
        out.insert(name, if sign < 0.0 { mean.reversed(|x| 0.0 - x * seconds) } else { mean.times(seconds) });
    };
    part("detection_split_silence_mean_s", -1.0, |sums| sums.silence_ns);
    part("detection_split_timeout_mean_s", 1.0, |sums| sums.timeout_ns);
    part("detection_split_look_mean_s", 1.0, |sums| sums.look_ns);
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
