//! Properties of the estimates over arbitrary records that do not contradict themselves.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::super::{RowInput, Summary, summarise, trial_values};
use super::{HOUR, SECOND, row};
use crate::metrics::{
    Cause, ClusterSums, Component, Crashes, Detection, DurationCount, FalsePositive, Halves, Outcome, TrialRecord,
};

fn component() -> impl Strategy<Value = Component> {
    let share = 0.0..=1.0_f64;
    (
        prop_oneof![Just(0), Just(HOUR), 1..4 * HOUR],
        prop_oneof![3 => Just(0), 1 => 0..500_u64],
        share.clone(),
        share,
        0..3_u64,
    )
        .prop_map(|(exposure, mistakes, wrong, first, extra)| {
            let part =
                |whole: u64, share: f64| crate::num::f64_to_u64(crate::num::u64_to_f64(whole) * share).min(whole);
            let mistakes = if exposure == 0 { 0 } else { mistakes };
            Component {
                pairs: 1 + extra,
                exposure_ns: exposure.into(),
                wrong_ns: part(exposure, if mistakes == 0 { 0.0 } else { wrong * wrong }).into(),
                mistakes,
                bootstrap_mistakes: part(mistakes, first),
                flaps: part(mistakes, wrong) + extra,
                unreachable: extra,
                never_heard: extra,
                halves: Halves {
                    first_exposure_ns: part(exposure, first).into(),
                    first_mistakes: part(mistakes, wrong),
                },
            }
        })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let time = prop_oneof![Just(0), 0..20 * SECOND];
    prop_oneof![
        5 => (time.clone(), time.clone(), time.clone()).prop_map(|(latency_ns, silence_ns, look_ns)| {
            Outcome::Detected { latency_ns, silence_ns, timeout_ns: latency_ns + silence_ns, look_ns }
        }),
        1 => time.clone().prop_map(Outcome::Undetected),
        1 => time.prop_map(Outcome::Censored),
        1 => Just(Outcome::Unknown),
    ]
}

fn record(monitors: u32) -> impl Strategy<Value = TrialRecord> {
    let crash = (0..100_u32, 1..4_u32, prop::collection::vec(outcome(), monitors as usize));
    (
        prop::collection::vec(component(), 0..5),
        prop::collection::vec(crash, 0..20),
        (0..9_u64, 0..5_u64, 0..4_u64, 0..u64::MAX),
        prop::collection::vec(0..=60_u8, 8),
    )
        .prop_map(|(components, crashes, (alarms, pairs, peak, wrong), causes)| {
            let mistakes: u64 = components.iter().map(|component| component.mistakes).sum();
            let detections = crashes.into_iter().enumerate().flat_map(|(index, (component, node, views))| {
                let count = u32::try_from(components.len()).unwrap();
                views.into_iter().zip(1_u32..).filter(move |_| count > 0).map(move |(outcome, monitor)| Detection {
                    component: component % count,
                    monitor,
                    node,
                    crash_ns: index as u64 * SECOND,
                    outcome,
                })
            });
            let detections: Vec<Detection> = detections.collect();
            let durations = DurationCount { nanos: pairs * SECOND, ended: mistakes / 2, cut: mistakes - mistakes / 2 };
            let cause = Cause { sixtieths: causes.try_into().unwrap(), ..Cause::default() };
            let mistake =
                FalsePositive { monitor: 1, node: 1, start_ns: 0, duration_ns: 0, cause, needed_timeout_ns: None };
            TrialRecord {
                components,
                cluster: ClusterSums {
                    alarms,
                    alarm_pairs: alarms * pairs,
                    alarm_nodes: alarms,
                    alarm_pairs_max: pairs,
                    alarm_nodes_max: 1,
                    node_episodes: alarms,
                    majority_episodes: alarms / 2,
                    peak_false_suspects: peak,
                    majority_wrong_ns: u128::from(wrong % HOUR) * u128::from(alarms.min(1)),
                },
                crashes: Crashes::of(&detections),
                detections,
                mistake_durations: vec![durations],
                mistake_recurrences: vec![DurationCount { nanos: 2 * durations.nanos, ..durations }],
                good_periods: vec![DurationCount { ended: durations.cut, cut: durations.ended, ..durations }],
                recovery_sum_ns: u128::from(pairs * SECOND),
                recoveries: pairs,
                false_positives: vec![mistake; usize::from(mistakes > 0)],
            }
        })
}

fn inputs() -> impl Strategy<Value = RowInput> {
    (1..4_u32).prop_flat_map(|monitors| {
        prop::collection::vec(record(monitors), 0..20).prop_map(move |trials| {
            let mut input = row(3, trials);
            input.monitors = monitors.into();
            input
        })
    })
}

fn summary(input: &RowInput) -> Summary {
    summarise(&[], u32::try_from(input.trials.len()).unwrap(), std::slice::from_ref(input))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn intervals_are_finite_and_hold_their_value(input in inputs()) {
        for (name, estimate) in &summary(&input).rows[0].estimates {
            let ends = [estimate.value, estimate.low, estimate.high, estimate.at_least, estimate.at_most];
            for end in ends.into_iter().flatten() {
                prop_assert!(end.is_finite(), "{name}: {estimate:?}");
            }
            let chain = [estimate.low, estimate.at_least, estimate.value, estimate.at_most, estimate.high];
            let known: Vec<f64> = chain.into_iter().flatten().collect();
            prop_assert!(known.is_sorted(), "{name}: {estimate:?}");
        }
    }

    #[test]
    fn the_order_of_trials_does_not_matter(input in inputs()) {
        let mut turned = input.clone();
        turned.trials.reverse();
        turned.traffic = input.traffic.iter().rev().cloned().collect();
        let (straight, turned) = (summary(&input), summary(&turned));
        let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-7 * a.abs().max(b.abs()).max(1e-12),
            (None, None) => true,
            _ => false,
        };
        for (name, a) in &straight.rows[0].estimates {
            let b = &turned.rows[0].estimates[name];
            prop_assert!(close(a.value, b.value) && close(a.low, b.low) && close(a.high, b.high), "{name}: {a:?} {b:?}");
        }
    }

    #[test]
    fn counts_of_the_trials_add_up_to_those_of_the_row(input in inputs()) {
        let whole = summary(&input);
        for name in ["crashes", "detected", "false_positives", "heartbeats_sent", "pair_hours", "never_heard_pairs"] {
            let sum: f64 = (0..input.trials.len()).filter_map(|trial| trial_values(&input, trial)[name]).sum();
            let total = whole.rows[0].estimates[name].value.unwrap_or(0.0);
            prop_assert!((sum - total).abs() <= 1e-9 * total.max(1.0), "{name}: {sum} against {total}");
        }
    }

    #[test]
    fn shares_of_causes_and_curves_stay_in_range(input in inputs()) {
        let summary = summary(&input);
        let row = &summary.rows[0];
        let total: f64 = row.causes.iter().map(|(_, share)| share).sum();
        prop_assert!(row.causes.is_empty() || (total - 1.0).abs() < 1e-9);
        for pair in row.latency_curve.windows(2) {
            prop_assert!(pair[0].seconds < pair[1].seconds && pair[0].detected <= pair[1].detected);
        }
        prop_assert!(row.latency_curve.iter().all(|point| (0.0..=1.0).contains(&point.detected)));
    }
}
