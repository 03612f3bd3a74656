//! Made-up results that look like a real sweep, for tests of what is printed and drawn.

use std::collections::BTreeMap;

use super::Results;
use super::metric::{BANDWIDTH, CLUSTER_ALARMS, CLUSTER_MISTAKES, DETECTION_P50, DETECTION_P99, FALSE_POSITIVE_RATE};
use crate::analysis::{CurvePoint, Estimate, Method, Row, RowInput, Summary, summarise};
use crate::engine::SendWindows;
use crate::experiment::{BeatFate, Findings, Stall, Timeline, TransitionRow};
use crate::metrics::{
    Cause, ClusterSums, Component, Crashes, Detection, DurationCount, FalsePositive, Halves, Outcome, TrafficRecord,
    TrialRecord,
};
use crate::num::{exp, usize_to_f64};
use crate::scenario::{OutputOptions, Plan};
use crate::units::Span;

/// What [`Results`] borrow.
pub(super) struct Fixture {
    pub(super) plan: Plan,
    pub(super) findings: Findings,
    pub(super) summary: Summary,
}

impl Fixture {
    pub(super) fn results(&self) -> Results<'_> {
        Results { plan: &self.plan, findings: &self.findings, summary: &self.summary }
    }

    pub(super) fn of(axes: Vec<String>, rows: Vec<Row>) -> Self {
        let mut detectors: Vec<String> = rows.iter().map(|row| row.detector.clone()).collect();
        detectors.dedup();
        let plan = Plan {
            name: "wan-quickstart".to_owned(),
            summary: "20 nodes push a heartbeat to one monitor over a lossy WAN".to_owned(),
            seed: 1,
            trials: 16,
            axes: Vec::new(),
            worlds: Vec::new(),
            detectors,
            limits: Vec::new(),
            output: OutputOptions { max_rows: 100_000, merge_gap: Span::from_secs(2) },
            source: "name = \"wan-quickstart\"\n\n[run]\nseed = 1 # <script>\n".to_owned(),
            hash: "0123456789abcdef".to_owned(),
            remarks: Vec::new(),
        };
        let findings =
            Findings { rows: Vec::new(), timelines: Vec::new(), transitions: Vec::new(), transitions_left_out: 0 };
        Self { plan, findings, summary: Summary { axes, trials: 16, rows, remarks: Vec::new() } }
    }
}

pub(super) fn estimate(value: f64, spread: f64) -> Estimate {
    let (low, high) = (value / spread, value * spread);
    Estimate {
        value: Some(value),
        low: Some(low),
        high: Some(high),
        n: 320,
        method: Method::Jackknife,
        at_least: Some(low),
        at_most: Some(high),
    }
}

pub(super) fn nothing_seen(bound: f64) -> Estimate {
    Estimate {
        value: None,
        low: None,
        high: Some(bound),
        n: 320,
        method: Method::ZeroEvents,
        at_least: None,
        at_most: Some(bound),
    }
}

fn not_reached(follow_up: f64) -> Estimate {
    Estimate { value: None, low: Some(follow_up), high: None, method: Method::KaplanMeier, ..estimate(1.0, 1.0) }
}

/// Six detectors, four settings each, three intervals.
pub(super) fn sweep() -> Fixture {
    let detectors: [(&str, &str, &str, [&str; 4], f64); 6] = [
        ("fixed", "timeout", "after", ["2s", "3s", "5s", "10s"], 1.0),
        ("chen", "nfd-e", "margin", ["1s", "2s", "4s", "9s"], 0.85),
        ("accrual", "phi-akka", "threshold", ["4", "8", "12", "16"], 1.7),
        ("cassandra", "phi-cassandra", "threshold", ["5", "8", "10", "12"], 2.6),
        ("bertier", "bertier", "gamma", ["0.05", "0.1", "0.2", "0.4"], 0.6),
        ("exponential", "exponential", "threshold", ["0.9", "0.99", "0.999", "0.9999"], 1.2),
    ];
    let intervals = [("500ms", 0.5), ("1s", 1.0), ("2s", 2.0)];
    let mut axes = vec!["heartbeat.interval".to_owned()];
    axes.extend(detectors.iter().map(|(name, kind, key, ..)| format!("detector.{name}.{kind}.{key}")));
    let mut rows = Vec::new();
    for (number, (name, kind, _, values, slowness)) in detectors.iter().enumerate() {
        let mut point = 0;
        for (interval, seconds) in intervals {
            for (index, value) in values.iter().enumerate() {
                point += 1;
                let mut parameters = vec![None; axes.len()];
                parameters[0] = Some(interval.to_owned());
                parameters[number + 1] = Some((*value).to_owned());
                let timeout = [2.0, 3.0, 5.0, 10.0][index] * slowness;
                let row = Row {
                    point,
                    detector: (*name).to_owned(),
                    kind,
                    parameters,
                    ..row(timeout, seconds, usize_to_f64(number))
                };
                rows.push(row);
            }
        }
    }
    let mut fixture = Fixture::of(axes, rows);
    fixture.summary.remarks = vec![
        "bursts of loss are modelled and none was seen in 3 rows: their bounds are for incidents, of which one may \
         hold many mistakes"
            .to_owned(),
    ];
    fixture.findings.timelines = vec![timeline()];
    fixture
}

fn row(timeout: f64, interval: f64, quirk: f64) -> Row {
    let rate = 40.0 * exp(-timeout * (0.9 + 0.07 * quirk)) * (0.4 + 0.3 * interval);
    let seen = rate > 2e-4;
    let p99 = timeout + interval * 1.1 + 0.1 * quirk;
    let scaled = |per_hour: f64| {
        if seen { estimate(rate * per_hour, 1.15 + 0.08 * timeout) } else { nothing_seen(6e-4 * per_hour) }
    };
    let estimates = BTreeMap::from([
        (DETECTION_P50, estimate(timeout + interval * 0.4, 1.02)),
        (
            DETECTION_P99,
            if timeout > 25.0 {
                not_reached(600.0)
            } else {
                Estimate { high: (timeout < 17.0).then_some(p99 * 1.08), ..estimate(p99, 1.05) }
            },
        ),
        (FALSE_POSITIVE_RATE, scaled(1.0)),
        (CLUSTER_MISTAKES, scaled(14_400.0)),
        (CLUSTER_ALARMS, scaled(11_000.0)),
        (BANDWIDTH, Estimate { low: None, high: None, method: Method::Count, ..estimate(20.0 * 92.0 / interval, 1.0) }),
    ]);
    let curve = (0..=60_u8).map(|step| {
        let share = f64::from(step) / 60.0;
        CurvePoint {
            seconds: timeout - 0.3 + interval * share * (1.0 + share * share),
            detected: 1.0 - (1.0 - share) * (1.0 - share),
        }
    });
    Row {
        point: 1,
        detector: String::new(),
        kind: "timeout",
        parameters: Vec::new(),
        base: false,
        remarks: Vec::new(),
        interval_ns: crate::num::f64_to_u64(interval * 1e9),
        estimates,
        causes: vec![
            ("loss-burst".to_owned(), 0.62),
            ("sender-pause".to_owned(), 0.31),
            ("threshold".to_owned(), 0.07),
        ],
        causes_n: if seen { 413 } else { 0 },
        latency_curve: curve.collect(),
        not_dominated: crate::num::f64_to_u64(timeout * 10.0 + quirk).is_multiple_of(5),
    }
}

fn timeline() -> Timeline {
    let beats = (0..24_u8)
        .map(|number| {
            let sent = 1000.0 + f64::from(number) * 0.5;
            let lost = (9..=11).contains(&number) || number == 4;
            let late = if number == 12 || number == 13 { 0.4 } else { 0.0 };
            let stalled = (14..=16).contains(&number);
            BeatFate {
                sent: if stalled { 1008.6 } else { sent },
                processed: (!lost).then_some(if stalled {
                    1008.66
                } else {
                    sent + 0.05 + 0.01 * f64::from(number % 4) + late
                }),
            }
        })
        .collect();
    let mut level = Vec::new();
    let mut last = 1000.0;
    for step in 0..=480_u16 {
        let now = 1000.0 + f64::from(step) * 0.025;
        if [1000.05, 1001.55, 1002.55, 1004.05, 1006.45, 1006.95, 1008.66].iter().any(|at| (now - at).abs() < 0.013) {
            last = now;
        }
        level.push((now, (now - last) * 4.6));
    }
    Timeline {
        row: 25,
        trial: 7,
        monitor: 1,
        node: 13,
        from: 1000.0,
        to: 1012.0,
        mistake_from: 1005.8,
        mistake_to: 1006.45,
        cause: "loss-burst + sender-pause".to_owned(),
        beats,
        stalls: vec![
            Stall { what: "node stalled", from: 1006.9, to: 1008.6 },
            Stall { what: "monitor stalled", from: 1006.0, to: 1006.4 },
            Stall { what: "path cut", from: 1010.8, to: 1011.5 },
        ],
        level,
        level_limit: Some(8.0),
        verdicts: vec![(1000.0, false), (1005.8, true), (1006.45, false)],
    }
}

/// One row a detector, nothing swept.
pub(super) fn plain() -> Fixture {
    let mut sweep = sweep();
    let rows = sweep.summary.rows.drain(..).filter(|row| row.point == 7);
    let rows = rows.map(|row| Row { point: 1, parameters: Vec::new(), base: true, ..row }).collect();
    Fixture::of(Vec::new(), rows)
}

/// Records of one detector with two settings, eight trials of one hour, estimated as a real run is.
pub(super) fn recorded() -> Fixture {
    let inputs: Vec<RowInput> = [("2s", 4_u64, 2_400_000_000_u64), ("3s", 0, 3_400_000_000)]
        .into_iter()
        .zip(1..)
        .map(|((after, mistakes, latency_ns), point)| RowInput {
            point,
            detector: "fixed".to_owned(),
            kind: "timeout",
            parameters: vec![Some(after.to_owned())],
            base: point == 1,
            interval_ns: 1_000_000_000,
            nodes: 2,
            monitors: 1,
            duration_ns: 3_600_000_000_000,
            wire_bytes: Some(92),
            bursts: false,
            components: 2,
            recorded: false,
            trials: (0..8).map(|trial| trial_record(trial, mistakes, latency_ns)).collect(),
            traffic: vec![
                TrafficRecord {
                    sent: 7200,
                    lost: 72,
                    delay_sum_ns: 285_120_000_000,
                    delays: vec![(40_000_000, 7128)],
                    windows: SendWindows {
                        cluster: vec![(0, 28_800), (1, 7_200)],
                        cluster_peak: 1,
                        node: vec![(0, 64_800), (1, 7_200)],
                        node_peak: 1,
                    },
                    observed_ns: 3_600_000_000_000,
                };
                8
            ]
            .into(),
        })
        .collect();
    let mut fixture = Fixture::of(Vec::new(), Vec::new());
    fixture.plan.detectors = vec!["fixed".to_owned()];
    fixture.plan.trials = 8;
    fixture.summary = summarise(&["detector.fixed.timeout.after".to_owned()], 8, &inputs);
    fixture.findings.rows = inputs;
    fixture.findings.transitions = vec![TransitionRow {
        row: 0,
        trial: 1,
        monitor: 1,
        node: 2,
        time_ns: -1_500_000_000,
        suspect: true,
        level: 1.0,
    }];
    fixture.findings.transitions_left_out = 3;
    fixture
}

fn trial_record(trial: u64, mistakes: u64, latency_ns: u64) -> TrialRecord {
    let wrong_ns = 700_000_000;
    let mistakes = mistakes.saturating_sub(trial % 3);
    let component = Component {
        pairs: 1,
        exposure_ns: 3_500_000_000_000,
        wrong_ns: u128::from(mistakes * wrong_ns),
        mistakes,
        flaps: mistakes,
        halves: Halves { first_exposure_ns: 1_750_000_000_000, first_mistakes: mistakes / 2 },
        ..Component::default()
    };
    let quiet = Component {
        mistakes: 0,
        wrong_ns: 0,
        flaps: 0,
        halves: Halves { first_mistakes: 0, ..component.halves },
        ..component
    };
    let detected = Outcome::Detected {
        latency_ns: latency_ns + trial * 10_000_000,
        silence_ns: 500_000_000,
        timeout_ns: latency_ns + 500_000_000 + trial * 10_000_000,
        look_ns: 0,
    };
    let outcomes = [detected, if trial == 5 { Outcome::Censored(900_000_000) } else { detected }];
    let detections: Vec<Detection> = outcomes
        .into_iter()
        .zip(1..)
        .map(|(outcome, node)| Detection {
            component: node - 1,
            monitor: 1,
            node,
            crash_ns: 1_000_000_000_000 + u64::from(node) * 250_000_000,
            outcome,
        })
        .collect();
    TrialRecord {
        components: vec![component, quiet],
        cluster: ClusterSums {
            alarms: mistakes,
            alarm_pairs: mistakes,
            alarm_nodes: mistakes,
            alarm_pairs_max: mistakes.min(1),
            alarm_nodes_max: mistakes.min(1),
            node_episodes: mistakes,
            majority_episodes: mistakes,
            peak_false_suspects: mistakes.min(1),
            majority_wrong_ns: 0,
        },
        crashes: Crashes::of(&detections),
        detections,
        mistake_durations: if mistakes == 0 {
            Vec::new()
        } else {
            vec![DurationCount { nanos: wrong_ns, ended: mistakes, cut: 0 }]
        },
        mistake_recurrences: if mistakes == 0 {
            Vec::new()
        } else {
            vec![DurationCount { nanos: 60_000_000_000, ended: mistakes - 1, cut: 1 }]
        },
        good_periods: if mistakes == 0 {
            Vec::new()
        } else {
            vec![DurationCount { nanos: 59_300_000_000, ended: mistakes - 1, cut: 1 }]
        },
        recovery_sum_ns: 80_000_000,
        recoveries: 2,
        false_positives: (0..mistakes)
            .map(|number| FalsePositive {
                monitor: 1,
                node: 1,
                start_ns: 60_000_000_000 * (number + 1) + 1,
                duration_ns: wrong_ns,
                cause: Cause { sixtieths: [0, 60, 0, 0, 0, 0, 0, 0], named: 0b10, joint: false },
                needed_timeout_ns: (number != 1).then_some(2_700_000_001),
            })
            .collect(),
    }
}
