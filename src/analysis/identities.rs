//! What must hold of every run, whatever was simulated. A failure here is a bug of ours, never of a scenario.

use super::accuracy::Estimates;
use super::summary::RowInput;
use crate::metrics::{DurationCount, TrialRecord};

/// Panics, naming the row, where the records contradict themselves.
pub(crate) fn assert_records(row: &RowInput) {
    let here = || format!("point {}, detector {}", row.point, row.detector);
    assert!(row.traffic.len() == row.trials.len(), "{}: one record of traffic a trial", here());
    for (trial, number) in row.trials.iter().zip(1_u32..) {
        let here = || format!("{}, trial {number}", here());
        assert_components(trial, &here);
        let lengths = |counts: &[DurationCount]| counts.iter().map(|bin| bin.ended + bin.cut).sum::<u64>();
        let mistakes: u64 = trial.components.iter().map(|component| component.mistakes).sum();
        let durations = lengths(&trial.mistake_durations);
        assert!(durations == mistakes, "{}: {durations} durations of {mistakes} mistakes", here());
        let recurrences = lengths(&trial.mistake_recurrences);
        assert!(recurrences <= mistakes, "{}: {recurrences} recurrences of {mistakes} mistakes", here());
        assert!(trial.false_positives.len() as u64 <= mistakes, "{}: more rows than mistakes", here());
        let components = trial.components.len();
        for component in trial.crashes.components.keys() {
            let known = usize::try_from(*component).is_ok_and(|component| component < components);
            assert!(known, "{}: a crash of component {component} of {components}", here());
        }
        let views = trial.crashes.total(|sums| sums.views);
        assert!(trial.detections.len() as u64 <= views, "{}: more rows than crashes", here());
    }
}

fn assert_components(trial: &TrialRecord, here: &impl Fn() -> String) {
    for component in &trial.components {
        let of = |part: u128, whole: u128, what: &str| assert!(part <= whole, "{}: {what}: {component:?}", here());
        of(component.wrong_ns, component.exposure_ns, "wrong time is part of the exposure");
        of(component.halves.first_exposure_ns, component.exposure_ns, "the first half is part of the exposure");
        of(component.halves.first_mistakes.into(), component.mistakes.into(), "the first half is part of the mistakes");
        of(component.bootstrap_mistakes.into(), component.mistakes.into(), "bootstrap mistakes are mistakes");
    }
}

/// Panics where the accuracy figures of Chen, Toueg and Aguilera (2002), theorem 1, do not fit together:
/// 1 - P_A = rate x mean duration, and recurrence = 1 / rate.
pub(crate) fn assert_estimates(estimates: &Estimates) {
    let value = |name: &str| estimates.get(name).and_then(|estimate| estimate.value);
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * a.abs().max(b.abs());
    let rate = value("false_positive_rate_per_pair_hour").map(|per_hour| per_hour / 3600.0);
    if let (Some(rate), Some(wrong), Some(duration)) =
        (rate, value("one_minus_query_accuracy"), value("mistake_duration_mean_s"))
    {
        assert!(close(rate * duration, wrong), "1 - P_A = {wrong}, but rate x mean duration = {}", rate * duration);
    }
    if let (Some(rate), Some(recurrence)) = (rate, value("mistake_recurrence_mean_s")) {
        assert!(close(rate * recurrence, 1.0), "recurrence {recurrence} at rate {rate}");
    }
}
