//! Tests of the whole floor: small cases by hand, properties over arbitrary records, coverage of the intervals.

mod by_hand;
mod coverage;
mod properties;

use super::RowInput;
use crate::metrics::{Component, Crashes, Detection, DurationCount, Halves, Outcome, TrafficRecord, TrialRecord};

/// Nanoseconds of a second.
const SECOND: u64 = 1_000_000_000;
/// Nanoseconds of an hour.
const HOUR: u64 = 3_600 * SECOND;

/// A row of a world with one monitor and an hour a trial.
fn row(nodes: u64, trials: Vec<TrialRecord>) -> RowInput {
    let traffic = trials
        .iter()
        .map(|_| TrafficRecord { sent: 3600 * nodes, observed_ns: HOUR, ..TrafficRecord::default() })
        .collect();
    RowInput {
        point: 1,
        detector: "fixed".to_owned(),
        kind: "timeout",
        parameters: Vec::new(),
        base: true,
        interval_ns: SECOND,
        nodes,
        monitors: 1,
        duration_ns: HOUR,
        wire_bytes: Some(92),
        bursts: false,
        components: nodes,
        recorded: false,
        trials,
        traffic,
    }
}

/// A component of one pair that is exposed throughout an hour.
fn component(mistakes: u64, wrong_ns: u64) -> Component {
    Component {
        pairs: 1,
        exposure_ns: u128::from(HOUR),
        wrong_ns: u128::from(wrong_ns),
        mistakes,
        flaps: mistakes,
        halves: Halves { first_exposure_ns: u128::from(HOUR / 2), first_mistakes: mistakes / 2 },
        ..Component::default()
    }
}

/// A trial of these components, its mistakes a second long each.
fn trial(components: Vec<Component>) -> TrialRecord {
    let mistakes = components.iter().map(|component| component.mistakes).sum();
    let durations = DurationCount { nanos: SECOND, ended: mistakes, cut: 0 };
    let mistake_durations = if mistakes > 0 { vec![durations] } else { Vec::new() };
    TrialRecord { components, mistake_durations, ..TrialRecord::default() }
}

/// The same trial with these crashes.
fn with_crashes(trial: TrialRecord, detections: Vec<Detection>) -> TrialRecord {
    TrialRecord { crashes: Crashes::of(&detections), detections, ..trial }
}

/// A crash of a node that the only monitor detects after this time.
fn detected(component: u32, node: u32, crash_ns: u64, latency_ns: u64) -> Detection {
    let outcome = Outcome::Detected {
        latency_ns,
        silence_ns: SECOND / 2,
        timeout_ns: latency_ns.saturating_add(SECOND / 2),
        look_ns: 0,
    };
    Detection { component, monitor: 1, node, crash_ns, outcome }
}
