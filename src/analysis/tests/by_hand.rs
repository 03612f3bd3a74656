//! Small cases whose answers were worked out by hand.

use super::super::{Estimate, Method, RowInput, Summary, metric, summarise, trial_values};
use super::{HOUR, SECOND, component, detected, row, trial, with_crashes};
use crate::metrics::{Cause, ClusterSums, Detection, FalsePositive, Outcome, TrialRecord};

fn one(input: RowInput) -> Summary {
    let trials = u32::try_from(input.trials.len()).unwrap();
    summarise(&[], trials, &[input])
}

fn get(summary: &Summary, column: &str) -> Estimate {
    summary.rows[0].estimates[column]
}

#[track_caller]
fn close(actual: Option<f64>, expected: f64) {
    let actual = actual.expect("a number");
    assert!((actual - expected).abs() <= 1e-9 * expected.abs().max(1e-9), "{actual} instead of {expected}");
}

#[test]
fn every_metric_of_the_table_is_estimated_and_no_other() {
    let summary = one(row(1, vec![trial(vec![component(1, SECOND)])]));
    let mut columns: Vec<&str> = metric::METRICS.iter().map(|metric| metric.column).collect();
    columns.sort_unstable();
    let estimated: Vec<&str> = summary.rows[0].estimates.keys().copied().collect();
    assert_eq!(estimated, columns);
}

#[test]
fn nothing_seen_is_a_bound_for_incidents_and_never_zero() {
    // 10 components x 16 trials x 1 h; a component of 3 pairs.
    let quiet = || trial(vec![crate::metrics::Component { pairs: 3, ..component(0, 0) }; 10]);
    let mut input = row(30, (0..16).map(|_| quiet()).collect());
    input.components = 10;
    let summary = one(input);
    let rate = get(&summary, "false_positive_rate_per_pair_hour");
    assert_eq!((rate.value, rate.low, rate.method, rate.n), (None, None, Method::ZeroEvents, 160));
    close(rate.high, 3.69 / 160.0);
    close(rate.at_most, 3.0 / 160.0);
    close(get(&summary, "mistake_recurrence_mean_s").low, 160.0 / 3.69 * 3600.0);
    close(get(&summary, "cluster_mistakes_per_30d").high, 3.69 / 160.0 * 30.0 * 720.0);
    let alarms = get(&summary, "cluster_alarms_per_30d");
    assert_eq!((alarms.value, alarms.n), (None, 16));
    close(alarms.at_most, 3.0 / 16.0 * 720.0);
    let accuracy = get(&summary, "query_accuracy");
    close(accuracy.value, 1.0);
    close(accuracy.low, crate::num::pow(0.025, 1.0 / 160.0));
    assert_eq!(get(&summary, "mistake_duration_mean_s").method, Method::NotApplicable);
}

#[test]
fn fewer_than_eight_units_have_no_interval() {
    let summary = one(row(1, vec![trial(vec![component(3, 5 * SECOND)]); 7]));
    let rate = get(&summary, "false_positive_rate_per_pair_hour");
    close(rate.value, 3.0);
    assert_eq!((rate.low, rate.high, rate.at_least, rate.at_most), (None, None, None, None));
    assert_eq!(rate.method, Method::TooFewUnits);
    assert!(summary.remarks.iter().any(|remark| remark.contains("--trials 16")), "{:?}", summary.remarks);
}

#[test]
fn accuracy_figures_are_ratios_of_the_same_sums() {
    let summary = one(row(1, (0..16).map(|k| trial(vec![component(2 + k % 3, (3 + k) * SECOND)])).collect()));
    let mistakes: u64 = (0..16).map(|k| 2 + k % 3).sum();
    let wrong: u64 = (0..16).map(|k| 3 + k).sum();
    let (mistakes, wrong) = (f64::from(u32::try_from(mistakes).unwrap()), f64::from(u32::try_from(wrong).unwrap()));
    close(get(&summary, "pair_hours").value, 16.0);
    close(get(&summary, "false_positives").value, mistakes);
    close(get(&summary, "false_positive_rate_per_pair_hour").value, mistakes / 16.0);
    close(get(&summary, "cluster_mistakes_per_30d").value, mistakes / 16.0 * 720.0);
    close(get(&summary, "mistake_duration_mean_s").value, wrong / mistakes);
    close(get(&summary, "mistake_recurrence_mean_s").value, 16.0 * 3600.0 / mistakes);
    close(get(&summary, "one_minus_query_accuracy").value, wrong / (16.0 * 3600.0));
    close(get(&summary, "query_accuracy").value, 1.0 - wrong / (16.0 * 3600.0));
}

#[test]
fn a_log_jackknife_worked_by_hand() {
    // Equal exposures and the counts 30 and 50, eight times each: leaving one out moves the logarithm of the sum.
    let counts: Vec<u64> = (0..16).map(|k| if k % 2 == 0 { 30 } else { 50 }).collect();
    let summary = one(row(1, counts.iter().map(|count| trial(vec![component(*count, *count * SECOND)])).collect()));
    let rate = get(&summary, "false_positive_rate_per_pair_hour");
    assert_eq!(rate.method, Method::Jackknife);
    let logs = [(640.0_f64 - 30.0) / 15.0, (640.0 - 50.0) / 15.0].map(crate::num::ln);
    let error = (15.0 / 16.0 * 8.0 * 2.0 * ((logs[0] - logs[1]) / 2.0) * ((logs[0] - logs[1]) / 2.0)).sqrt();
    close(rate.value, 40.0);
    // Quantiles of Student's t with 15 degrees of freedom, from tables.
    let near = |actual: Option<f64>, t: f64| {
        let expected = 40.0 * crate::num::exp(t * error);
        assert!((actual.unwrap() / expected - 1.0).abs() < 1e-6, "{actual:?} instead of {expected}");
    };
    near(rate.low, -2.131_449_5);
    near(rate.high, 2.131_449_5);
    near(rate.at_least, -1.753_050_4);
    near(rate.at_most, 1.753_050_4);
}

#[test]
fn single_events_have_the_exact_poisson_interval_and_clumps_that_of_incidents() {
    // Four mistakes in four of very many units: Garwood's interval for 4 is 1.0899 to 10.2416.
    let mut components = vec![component(0, 0); 4000];
    for component in components.iter_mut().step_by(1000) {
        component.mistakes = 1;
        component.flaps = 1;
        component.wrong_ns = u128::from(SECOND);
    }
    let rate = |components: Vec<_>| get(&one(row(1, vec![trial(components)])), "false_positive_rate_per_pair_hour");
    let single = rate(components.clone());
    assert_eq!(single.method, Method::Gamma);
    let scale = 4000.0;
    assert!((single.low.unwrap() * scale - 1.0899).abs() < 5e-3, "{single:?}");
    assert!((single.high.unwrap() * scale - 10.2416).abs() < 2e-2, "{single:?}");
    // Four clumps of four each are four incidents: four times that interval, and wider for the unknown law of the clumps.
    for component in components.iter_mut().filter(|component| component.mistakes > 0) {
        component.mistakes = 4;
    }
    let clumps = rate(components);
    let (low, high) = (clumps.low.unwrap() * scale / 4.0, clumps.high.unwrap() * scale / 4.0);
    assert!(low < 1.0899 && low > 0.3, "{clumps:?}");
    assert!(high > 10.2416 && high < 16.0, "{clumps:?}");
}

/// Trials of one component with one crash each.
fn crashes(latencies: impl Iterator<Item = Outcome>) -> Vec<TrialRecord> {
    let crash = |outcome| Detection { component: 0, monitor: 1, node: 1, crash_ns: SECOND, outcome };
    latencies.map(|outcome| with_crashes(trial(vec![component(0, 0)]), vec![crash(outcome)])).collect()
}

fn seconds(latency: u64) -> Outcome {
    detected(0, 1, 0, latency * SECOND).outcome
}

#[test]
fn without_censoring_a_percentile_is_an_order_statistic() {
    for n in [1_u64, 2, 9, 10, 99, 100, 101, 250] {
        let summary = one(row(1, crashes((1..=n).map(seconds))));
        let expected = |hundredths: u64| f64::from(u32::try_from((n * hundredths).div_ceil(100)).unwrap());
        close(get(&summary, "detection_latency_p50_s").value, expected(50));
        close(get(&summary, "detection_latency_p90_s").value, expected(90));
        close(get(&summary, "detection_latency_p99_s").value, expected(99));
        close(get(&summary, "detection_latency_mean_s").value, f64::from(u32::try_from(n).unwrap() + 1) / 2.0);
        close(get(&summary, "detection_latency_max_s").value, expected(100));
    }
}

#[test]
fn the_upper_end_of_a_p99_takes_370_crashes_and_300_for_a_verdict() {
    let p99 = |n: u64| get(&one(row(1, crashes((1..=n).map(seconds)))), "detection_latency_p99_s");
    assert_eq!(p99(299).at_most, None);
    close(p99(302).at_most, 302.0);
    assert_eq!(p99(302).high, None);
    assert_eq!(p99(366).high, None);
    close(p99(371).high, 371.0);
    assert!(p99(100).low.is_some(), "a low end needs few crashes");
}

#[test]
fn the_interval_of_a_median_is_that_of_the_order_statistics() {
    // 1000 independent crashes: ranks 469 to 532 for the binomial, a little more for Student's factor.
    let p50 = get(&one(row(1, crashes((1..=1000).map(seconds)))), "detection_latency_p50_s");
    close(p50.value, 500.0);
    assert!((p50.low.unwrap() - 469.0).abs() <= 1.0, "{p50:?}");
    assert!((p50.high.unwrap() - 532.0).abs() <= 1.0, "{p50:?}");
}

#[test]
fn censoring_is_worked_by_hand() {
    // Detected at 1, 2 and 4; restarted at 3; open at 5: the curve is 4/5, 3/5, then 3/5 x 1/2 at 4.
    let outcomes = [seconds(1), seconds(2), Outcome::Undetected(3 * SECOND), seconds(4), Outcome::Censored(5 * SECOND)];
    let summary = one(row(1, crashes(outcomes.into_iter())));
    for (column, count) in [("crashes", 5.0), ("detected", 3.0), ("undetected", 1.0), ("censored", 1.0)] {
        close(get(&summary, column).value, count);
    }
    close(get(&summary, "detected_share").value, 0.75);
    close(get(&summary, "detection_latency_p50_s").value, 4.0);
    assert_eq!(get(&summary, "detection_latency_p90_s").value, None);
    // 1 + 0.8 + 2 x 0.6 + 0.3, up to the longest follow-up.
    close(get(&summary, "detection_latency_mean_s").value, 3.3);
    let levels: Vec<f64> = summary.rows[0].latency_curve.iter().map(|point| point.detected).collect();
    for (level, expected) in levels.iter().zip([0.2, 0.4, 0.7]) {
        close(Some(*level), expected);
    }
}

#[test]
fn a_percentile_out_of_reach_has_the_longest_follow_up_as_low_end() {
    let outcomes = (0..40).map(|k| if k < 30 { seconds(2 + k % 3) } else { Outcome::Undetected((10 + k) * SECOND) });
    let p90 = get(&one(row(1, crashes(outcomes))), "detection_latency_p90_s");
    assert_eq!((p90.value, p90.high, p90.at_most), (None, None, None));
    close(p90.low, 49.0);
    close(p90.at_least, 49.0);
}

#[test]
fn crashes_before_the_first_heartbeat_are_in_none_of_the_outcomes() {
    let summary = one(row(1, crashes([Outcome::Unknown, seconds(3)].into_iter())));
    close(get(&summary, "crashes").value, 2.0);
    close(get(&summary, "detected").value, 1.0);
    close(get(&summary, "detected_share").value, 1.0);
}

#[test]
fn first_majority_and_last_are_over_the_monitors_of_one_crash() {
    let views = |times: [Option<u64>; 3]| -> Vec<Detection> {
        let view = |(time, monitor): (Option<u64>, u32)| Detection {
            monitor,
            ..Detection {
                outcome: time.map_or(Outcome::Undetected(60 * SECOND), seconds),
                ..detected(0, 1, 5 * SECOND, 0)
            }
        };
        times.into_iter().zip(1..).map(view).collect()
    };
    let record = |times| with_crashes(trial(vec![component(0, 0)]), views(times));
    let mut input = row(1, vec![record([Some(9), Some(2), Some(4)]), record([Some(6), Some(8), Some(10)])]);
    input.monitors = 3;
    let summary = one(input.clone());
    close(get(&summary, "detection_first_mean_s").value, 4.0);
    close(get(&summary, "detection_majority_mean_s").value, 6.0);
    close(get(&summary, "detection_last_mean_s").value, 9.5);
    close(get(&summary, "dissemination_mean_s").value, 5.5);
    // One monitor never suspects: the majority is there, the last is cut at the restart.
    input.trials = vec![record([Some(9), None, Some(4)])];
    input.traffic = input.traffic[..1].into();
    let summary = one(input);
    close(get(&summary, "detection_majority_mean_s").value, 9.0);
    close(get(&summary, "detection_last_mean_s").value, 60.0);
    assert_eq!(get(&summary, "detection_last_p99_s").value, None);
    close(get(&summary, "dissemination_mean_s").value, 56.0);
}

#[test]
fn the_split_adds_up_to_the_latency() {
    let summary = one(row(1, crashes([seconds(2), seconds(5), seconds(0)].into_iter())));
    let parts = ["detection_split_silence_mean_s", "detection_split_timeout_mean_s", "detection_split_look_mean_s"];
    let sum: f64 = parts.iter().map(|part| get(&summary, part).value.unwrap()).sum();
    close(Some(sum), 3.5);
    close(get(&summary, parts[0]).value, -0.5);
    close(get(&summary, "detected_at_zero_share").value, 1.0 / 3.0);
}

#[test]
fn cost_is_counted_exactly() {
    let summary = one(row(20, vec![trial(vec![component(0, 0)]); 3]));
    close(get(&summary, "messages_per_s").value, 20.0);
    close(get(&summary, "bandwidth_bytes_per_s").value, 20.0 * 92.0);
    close(get(&summary, "node_bandwidth_bytes_per_s").value, 92.0);
    let bandwidth = get(&summary, "bandwidth_bytes_per_s");
    assert_eq!((bandwidth.at_least, bandwidth.at_most), (bandwidth.value, bandwidth.value));
    let mut input = row(2, vec![trial(vec![component(0, 0)]); 2]);
    input.wire_bytes = None;
    let mut traffic = input.traffic.to_vec();
    traffic[0].delays = vec![(10, 1), (20, 48)];
    traffic[1].delays = vec![(5, 50), (1000, 1)];
    traffic[0].delay_sum_ns = -700;
    input.traffic = traffic.into();
    let summary = one(input);
    assert_eq!(get(&summary, "bandwidth_bytes_per_s").value, None);
    close(get(&summary, "heartbeat_delay_p50_s").value, 5e-9);
    close(get(&summary, "heartbeat_delay_p99_s").value, 20e-9);
    close(get(&summary, "heartbeat_delay_mean_s").value, -7e-9);
}

#[test]
fn causes_are_pooled_shapley_shares() {
    let mistake = |sixtieths: [u8; 8]| FalsePositive {
        monitor: 1,
        node: 1,
        start_ns: 0,
        duration_ns: SECOND,
        cause: Cause { sixtieths, ..Cause::default() },
        needed_timeout_ns: None,
    };
    let mut record = trial(vec![component(4, SECOND)]);
    record.false_positives = vec![
        mistake([60, 0, 0, 0, 0, 0, 0, 0]),
        mistake([30, 0, 0, 30, 0, 0, 0, 0]),
        mistake([0; 8]),
        mistake([0, 0, 0, 60, 0, 0, 0, 0]),
    ];
    let summary = one(row(1, vec![record]));
    let causes = &summary.rows[0].causes;
    let names: Vec<&str> = causes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["loss", "sender-pause", "threshold"]);
    for ((_, share), expected) in causes.iter().zip([0.375, 0.375, 0.25]) {
        close(Some(*share), expected);
    }
    assert_eq!(summary.rows[0].causes_n, 4);
}

#[test]
fn peaks_are_averaged_over_trials() {
    let peaked = |peak| TrialRecord {
        cluster: ClusterSums { peak_false_suspects: peak, ..ClusterSums::default() },
        ..trial(vec![component(1, SECOND)])
    };
    let summary = one(row(9, [1, 2, 3, 2, 1, 2, 3, 2].map(peaked).to_vec()));
    let peak = get(&summary, "peak_false_suspects");
    close(peak.value, 2.0);
    // Standard deviation sqrt(4/7), error sqrt(4/7/8), t = 2.3646 with 7 degrees of freedom.
    assert!((peak.high.unwrap() - 2.632).abs() < 1e-3, "{peak:?}");
    close(get(&summary, "peak_false_suspects_max").value, 3.0);
    assert!(summary.remarks.iter().any(|remark| remark.contains("at one instant: 3")), "{:?}", summary.remarks);
}

#[test]
fn halves_that_differ_are_reported() {
    let lopsided = |first| {
        let mut component = component(10, 10 * SECOND);
        component.halves.first_mistakes = first;
        trial(vec![component; 4])
    };
    let remarks = |first: [u64; 10]| one(row(4, first.map(lopsided).to_vec())).rows[0].remarks.clone();
    assert_eq!(remarks([9, 8, 10, 7, 9, 8, 9, 10, 8, 9]).len(), 1);
    assert_eq!(remarks([5, 4, 6, 5, 4, 6, 5, 7, 3, 5]).len(), 0);
}

#[test]
fn a_row_is_dominated_only_where_another_is_shown_better() {
    let input = |latency: u64, mistakes: u64| {
        let record = |k: u64| {
            let crashes = (0..20).map(|j| detected(0, 1, j * 100 * SECOND, latency * SECOND + (k * 37 + j * 11) % 100));
            with_crashes(trial(vec![component(mistakes + k % 3, SECOND)]), crashes.collect())
        };
        row(1, (0..32).map(record).collect())
    };
    let marks = |inputs: &[RowInput]| -> Vec<bool> {
        summarise(&[], 32, inputs).rows.iter().map(|row| row.not_dominated).collect()
    };
    // Slower with fewer mistakes is a trade-off; slower with more is dominated.
    assert_eq!(marks(&[input(5, 50), input(10, 20), input(12, 90)]), [true, true, false]);
    // The same rate within its error: nothing is shown.
    assert_eq!(marks(&[input(5, 50), input(10, 50)]), [true, false]);
    assert_eq!(marks(&[input(5, 51), input(10, 50)]), [true, true]);
}

#[test]
fn a_trial_has_values_without_intervals_and_zeros_as_they_are() {
    let input = row(1, vec![trial(vec![component(3, 6 * SECOND)]), trial(vec![component(0, 0)])]);
    let values = trial_values(&input, 0);
    assert_eq!(values.len(), metric::METRICS.len());
    close(values["false_positive_rate_per_pair_hour"], 3.0);
    close(values["mistake_duration_mean_s"], 2.0);
    close(values["trials"], 1.0);
    let quiet = trial_values(&input, 1);
    assert_eq!(quiet["false_positive_rate_per_pair_hour"], Some(0.0));
    assert_eq!(quiet["mistake_duration_mean_s"], None);
    assert_eq!(trial_values(&input, 2)["false_positive_rate_per_pair_hour"], None);
}

#[test]
fn stretches_of_a_recording_share_its_duration() {
    let mut input = row(1, vec![trial(vec![component(0, 0); 10])]);
    (input.components, input.recorded) = (1, true);
    input.duration_ns = 10 * HOUR;
    let summary = one(input);
    close(get(&summary, "false_positive_rate_per_pair_hour").high, 3.69 / 10.0);
    assert_eq!(get(&summary, "cluster_alarms_per_30d").high, None);
}
