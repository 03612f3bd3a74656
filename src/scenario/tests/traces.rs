//! Recorded heartbeats as a scenario's traffic.

use super::{bad, good, good_with, set};
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
    assert_eq!((world.warm_up, world.duration), (Span::ZERO, Span::from_millis(3250)));
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
