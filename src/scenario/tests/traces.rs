//! Recorded heartbeats as a scenario's traffic.

use super::{bad, good, good_with, replayed, set};
use crate::model::Traffic;
use crate::units::Span;

const REPLAY: &str =
    "name = \"replay\"\n[heartbeat]\ntrace = \"beats.csv\"\n[detector.fixed.timeout]\nafter = \"2 intervals\"\n";

#[test]
fn a_trace_is_a_world_of_its_own() {
    let plan = good(REPLAY);
    assert_eq!(plan.trials, 1);
    let world = &plan.worlds[0].world;
    assert_eq!((world.nodes, world.monitors), (2, 1));
    // The last arrival, at 3.25 s, is still judged.
    assert_eq!((world.warm_up, world.duration), (Span::ZERO, Span::from_nanos(3_250_000_001)));
    let Traffic::Recorded { trace, interval } = &world.traffic else { panic!("recorded") };
    assert_eq!(*interval, Span::from_secs(1), "the median step");
    assert_eq!(trace.nodes[0].beats.len(), 4);
}

#[test]
fn the_interval_may_be_written_and_swept() {
    assert_eq!(good_with(REPLAY, &set(&["heartbeat.interval=2s"])).worlds[0].world.interval(), Span::from_secs(2));
    let text = format!("{REPLAY}[sweep]\nheartbeat.interval = [\"1s\", \"2s\"]\n");
    assert_eq!(good(&text).worlds.len(), 2);
}

#[test]
fn repeated_lines_are_remarked_on() {
    let plan = good(&REPLAY.replace("beats.csv", "repeated.csv"));
    let remark = "the trace repeats a node and seq 1 times, first in line 4: the first arrival of each counts";
    assert_eq!(plan.remarks, [remark]);
}

#[test]
fn the_content_of_a_trace_enters_the_hash() {
    assert_ne!(good(REPLAY).hash, good(&REPLAY.replace("beats.csv", "repeated.csv")).hash);
}

#[test]
fn what_contradicts_a_trace_is_refused_all_at_once() {
    let text = format!(
        "{REPLAY}[run]\nwarm-up = \"1m\"\ntrials = 4\n[cluster]\nnodes = 3\n[network]\nloss = 0.1\n[fault.gc.pause]\nevery = \"1h\"\nlasts = \"1s\"\n"
    )
    .replace("trace =", "phase = \"random\"\njitter = \"1%\"\ntrace =");
    insta::assert_snapshot!(bad(&text));
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let texts = ["bad.csv", "missing.csv", "single.csv"].map(|file| bad(&REPLAY.replace("beats.csv", file)));
    insta::assert_snapshot!(texts.join("\n"));
}

/// A whole scenario, of which a replay uses the detectors.
const WHOLE: &str = "name = \"whole\"\n[run]\ntrials = 4\n[cluster]\nnodes = 3\n[heartbeat]\ninterval = \"10s\"\n\
     [network]\nloss = 0.1\n[fault.gc.pause]\nevery = \"1h\"\nlasts = \"1s\"\n[detector.fixed.timeout]\nafter = \"2s\"\n\
     [sweep]\n\"heartbeat.interval\" = [\"1s\", \"2s\"]\n\"detector.fixed.timeout.after\" = [\"2s\", \"3s\"]\n\
     [limits]\nfixed = [\"cluster_alarms_per_30d < 9\"]\n";

#[test]
fn a_replay_leaves_out_the_world_and_keeps_what_listens() {
    let plan = replayed(WHOLE, &set(&["heartbeat.trace=beats.csv"])).unwrap();
    let axes: Vec<&str> = plan.axes.iter().map(|axis| axis.key.as_str()).collect();
    assert_eq!((plan.trials, axes, plan.limits.len()), (1, vec!["detector.fixed.timeout.after"], 1));
    let [world] = plan.worlds.as_slice() else { panic!("one world") };
    assert!(world.world.faults.is_empty() && world.listeners.len() == 2);
    assert_eq!(world.world.interval(), Span::from_secs(1), "that of the recording");
}

#[test]
fn what_a_replay_does_not_use_may_be_faulty() {
    let faulty = WHOLE.replace("loss = 0.1", "los = 0.1");
    assert!(replayed(&faulty, &set(&["heartbeat.trace=beats.csv"])).is_ok());
    let faulty = WHOLE.replace("after = \"2s\"", "aftr = \"2s\"");
    assert!(replayed(&faulty, &set(&["heartbeat.trace=beats.csv"])).is_err());
}
