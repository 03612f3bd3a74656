//! How often a living node is suspected, for how long, and how far it spreads.

use std::collections::BTreeMap;

use super::estimate::{Effort, Estimate, Method};
use super::percentile::percentile;
use super::ratio::{NothingSeen, Unit, mean_length, ratio};
use super::survival::{Curve, Length};
use super::view::{HOUR_NS, MONTH_HOURS, View};
use crate::metrics::{ClusterSums, DurationCount, TrialRecord};
use crate::num::{share_high, student_quantile, u64_to_f64, usize_to_f64};

/// Estimates by the name of their metric.
pub(crate) type Estimates = BTreeMap<&'static str, Estimate>;

/// Puts the accuracy of the pairs and of the cluster into `out`.
pub(crate) fn estimate(view: &View<'_>, out: &mut Estimates) {
    counts(view, out);
    mistakes(view, out);
    alarms(view, out);
    peaks(view, out);
}

fn counts(view: &View<'_>, out: &mut Estimates) {
    let n = view.count();
    let mut count = |name, value: u64| out.insert(name, Estimate::count(Some(u64_to_f64(value)), n));
    count("false_positives", view.total(|component| component.mistakes));
    count("bootstrap_false_positives", view.total(|component| component.bootstrap_mistakes));
    count("unreachable_suspicions", view.total(|component| component.unreachable));
    count("never_heard_pairs", view.total(|component| component.never_heard));
    out.insert("pair_hours", Estimate::count(Some(view.exposure_ns() / HOUR_NS), n));
}

fn mistakes(view: &View<'_>, out: &mut Estimates) {
    let effort = view.effort;
    let mistakes = view.total(|component| component.mistakes);
    let flaps = view.total(|component| component.flaps);
    let unseen = NothingSeen::Rate(view.independent_ns());
    let units = view.component_units(|c| u128::from(c.mistakes), |c| c.exposure_ns);
    let rate = ratio(&units, mistakes, unseen, effort).times(HOUR_NS);
    out.insert("false_positive_rate_per_pair_hour", rate);
    out.insert("cluster_mistakes_per_30d", rate.times(MONTH_HOURS * u64_to_f64(view.pairs())));
    out.insert("mistake_recurrence_mean_s", rate.reversed(|per_hour| 3600.0 / per_hour));

    let units = view.component_units(|c| u128::from(c.flaps), |c| c.exposure_ns);
    out.insert("flaps_per_pair_hour", ratio(&units, flaps, unseen, effort).times(HOUR_NS));

    let units = view.component_units(|c| c.wrong_ns, |c| c.exposure_ns);
    let wrong = ratio(&units, mistakes, NothingSeen::Share, effort);
    out.insert("one_minus_query_accuracy", wrong);
    out.insert("query_accuracy", wrong.reversed(|wrong| (1.0 - wrong).max(0.0)));

    let units = view.component_units(|c| c.wrong_ns, |c| u128::from(c.mistakes));
    out.insert("mistake_duration_mean_s", mean_length(&units, effort).times(1e-9));
    stretches(view, out);

    // Trust between two mistakes: what is left of the recurrence when the mistake is over.
    let units = view.component_units(|c| u128::from(c.mistakes), |c| c.exposure_ns - c.wrong_ns);
    let ends = ratio(&units, mistakes, unseen, effort);
    out.insert("good_period_mean_s", ends.reversed(|per_nano| 1e-9 / per_nano));

    let recovery = view.trial_units(|trial| trial.recovery_sum_ns, |trial| u128::from(trial.recoveries));
    out.insert("recovery_latency_mean_s", mean_length(&recovery, effort).times(1e-9));
}

/// Percentiles of mistake durations, recurrences and good periods.
fn stretches(view: &View<'_>, out: &mut Estimates) {
    let mut put = |of: fn(&TrialRecord) -> &Vec<DurationCount>, percentiles: [(&'static str, f64); 2]| {
        let curve = lengths(view, of);
        for (name, tail) in percentiles {
            let estimate = curve.as_ref().map(|curve| percentile(curve, tail, view.effort));
            out.insert(name, estimate.unwrap_or_else(Estimate::not_applicable));
        }
    };
    put(|trial| &trial.mistake_durations, [("mistake_duration_p50_s", 0.5), ("mistake_duration_p99_s", 0.01)]);
    put(|trial| &trial.mistake_recurrences, [("mistake_recurrence_p10_s", 0.9), ("mistake_recurrence_p50_s", 0.5)]);
    put(|trial| &trial.good_periods, [("good_period_p10_s", 0.9), ("good_period_p50_s", 0.5)]);
}

/// The curve of some lengths. Records keep them by trial only, so that the trial is the unit.
fn lengths(view: &View<'_>, of: impl Fn(&TrialRecord) -> &Vec<DurationCount>) -> Option<Curve> {
    let lengths = view.trials.iter().zip(0_u32..).flat_map(|(trial, unit)| {
        of(trial).iter().map(move |bin| Length {
            nanos: bin.nanos,
            ended: bin.ended,
            cut: bin.cut,
            subject: None,
            unit,
        })
    });
    let lengths: Vec<Length> = lengths.collect();
    let subjects = lengths.iter().map(|length| length.ended + length.cut).sum();
    Curve::new(lengths, subjects)
}

fn alarms(view: &View<'_>, out: &mut Estimates) {
    let mut rate = |name, count: fn(&ClusterSums) -> u64| {
        let units = view.cluster_units(|cluster| u128::from(count(cluster)));
        let events = view.trials.iter().map(|trial| count(&trial.cluster)).sum();
        let unseen = NothingSeen::Rate(view.simulated_ns());
        let rate = ratio(&units, events, unseen, view.effort).times(HOUR_NS * MONTH_HOURS);
        // A cluster that was never trusted could not be suspected wrongly: that it was not proves nothing.
        out.insert(name, if view.exposure_ns() > 0.0 { rate } else { Estimate::not_applicable() });
    };
    rate("cluster_alarms_per_30d", |cluster| cluster.alarms);
    rate("node_episodes_per_30d", |cluster| cluster.node_episodes);
    rate("majority_episodes_per_30d", |cluster| cluster.majority_episodes);

    let mut size = |mean, max, total: fn(&ClusterSums) -> u64, largest: fn(&ClusterSums) -> u64| {
        let units = view.trial_units(|t| u128::from(total(&t.cluster)), |t| u128::from(t.cluster.alarms));
        out.insert(mean, mean_length(&units, view.effort));
        let most = view.trials.iter().filter(|t| t.cluster.alarms > 0).map(|t| largest(&t.cluster)).max();
        out.insert(max, Estimate::count(most.map(u64_to_f64), view.count()));
    };
    size("alarm_pairs_mean", "alarm_pairs_max", |c| c.alarm_pairs, |c| c.alarm_pairs_max);
    size("alarm_nodes_mean", "alarm_nodes_max", |c| c.alarm_nodes, |c| c.alarm_nodes_max);
}

fn peaks(view: &View<'_>, out: &mut Estimates) {
    let peaks: Vec<f64> = view.trials.iter().map(|trial| u64_to_f64(trial.cluster.peak_false_suspects)).collect();
    out.insert("peak_false_suspects", mean_of(&peaks, u64_to_f64(view.input.nodes), view.effort));
    let most = view.trials.iter().map(|trial| trial.cluster.peak_false_suspects).max();
    out.insert("peak_false_suspects_max", Estimate::count(most.map(u64_to_f64), view.count()));

    let units: Vec<Unit> = view.cluster_units(|cluster| cluster.majority_wrong_ns);
    let alarms = view.trials.iter().map(|trial| trial.cluster.alarms).sum();
    let share = ratio(&units, alarms, NothingSeen::Share, view.effort);
    out.insert("majority_wrong_share", if view.exposure_ns() > 0.0 { share } else { Estimate::not_applicable() });
}

/// Mean over trials of values from 0 to `most`, with Student's t.
///
/// Where all are equal, t has no width; what so many equal trials show is that others are rare, by the exact interval of a
/// share, and in the worst case those are 0 or `most`.
fn mean_of(values: &[f64], most: f64, effort: Effort) -> Estimate {
    if values.is_empty() {
        return Estimate::not_applicable();
    }
    let n = usize_to_f64(values.len());
    let units = values.len() as u64;
    let mean = values.iter().sum::<f64>() / n;
    if !effort.has_interval(units) {
        return Estimate::bare(Some(mean), units, Method::TooFewUnits);
    }
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let error = (squares / (n - 1.0) / n).sqrt();
    Estimate::with_ends(Some(mean), units, Method::Student, |out| {
        if squares <= 0.0 {
            let others = share_high(0.0, n, out);
            return (Some(mean * (1.0 - others)), Some(mean + others * (most - mean)));
        }
        let width = student_quantile(1.0 - out, n - 1.0) * error;
        (Some((mean - width).max(0.0)), Some((mean + width).min(most)))
    })
}
