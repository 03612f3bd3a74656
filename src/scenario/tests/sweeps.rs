//! Every key is swept once: those of the world make worlds, those of listeners share one.

use super::{good_with, planned, sweep};
use crate::scenario::{KeyDoc, Overrides, Reach, keys};

/// A scenario in which every key has its place.
const EVERYTHING: &str = include_str!("everything.toml");

/// The path of a documented key in that scenario.
fn path_in_everything(key: &KeyDoc) -> String {
    let name = match key.path.split('.').nth(2) {
        Some(kind) if key.path.starts_with("detector.") && !kind.starts_with("check") && kind != "clock" => kind,
        Some("crash") => "dies",
        Some("pause") => "stalls",
        Some("partition") => "cuts",
        _ => "watched",
    };
    key.path.replace("NAME", name)
}

/// Two values that a key may have.
fn two_values(key: &KeyDoc) -> &'static str {
    match key.path.rsplit('.').next().unwrap_or_default() {
        "seed" | "nodes" | "monitors" | "count" | "window" | "short" | "long" | "adjust-every" => "10,12",
        "interval" => "1s,2s",
        "duration" | "warm-up" => "2h,3h",
        "jitter" => "0%,10%",
        "min" => "50%,60%",
        "max" => "110%,120%",
        "phase" | "check-phase" => "random,aligned",
        "missed-ticks" => "skip,drop",
        "on-restart" => "at-once,same-grid",
        "payload" => "64B,65B",
        "wire" => "ipv4,ipv6",
        "trace" => "beats.csv,repeated.csv",
        "delay" | "lasts" | "down-for" => "20ms,30ms",
        "every" => "20m,30m",
        "at" => "[[\"1m\"], [\"2m\", \"3m\"]]",
        "loss" => "1%,2%",
        "ordering" => "any,fifo",
        "on-wake" => "messages-first,timers-first",
        "memory" => "lost,kept",
        "on" | "from" => "nodes,node 1",
        "to" => "monitors,monitor 1",
        "together" => "true,false",
        "scope" => "host,process",
        "style" | "transport" => "",
        "rearm" => "newer,any",
        "check-gap" => "0%,0%..2%",
        "clock" => "monotonic,wall",
        "threshold" if key.path.contains("exponential") || key.path.contains("histogram") => "0.5,0.9",
        "gamma" => "0.2,0.3",
        "threshold" | "beta" | "phi" | "scale" | "prior-weight" => "2,3",
        "target-mistake-rate" => "1/h,2/h",
        _ => "20s,30s",
    }
}

#[test]
fn every_key_has_the_reach_that_it_declares() {
    let mut swept = 0;
    for key in keys() {
        let (values, path) = (two_values(&key), path_in_everything(&key));
        let overrides = sweep(&[&format!("{path}={values}")]);
        match key.reach {
            Reach::Metric | Reach::Run => {
                let refused = planned(EVERYTHING, &overrides, false);
                assert!(refused.is_err(), "{path} cannot be swept");
            }
            // One word each in this version, a world with recorded arrivals, and another way of saying the same.
            Reach::World if values.is_empty() || path == "heartbeat.trace" || path.contains("heartbeat.wait") => {}
            Reach::World | Reach::Listener => {
                let overrides = without_the_other(&path, overrides);
                let plan = good_with(&text_for(&path), &overrides);
                let same = key.path == "fault.NAME.crash.scope";
                let expected = if key.reach == Reach::World && !same { 2 } else { 1 };
                assert_eq!(plan.worlds.len(), expected, "worlds of a sweep of {path}");
                swept += 1;
            }
        }
    }
    assert!(swept > 80, "only {swept} keys were swept");
}

/// The scenario without what contradicts the key at `path`.
fn text_for(path: &str) -> String {
    let Some(fault) = path.strip_suffix(".at") else { return EVERYTHING.to_owned() };
    let header = format!("[{fault}]\nevery = \"1h\"\n");
    assert!(EVERYTHING.contains(&header), "{header}");
    EVERYTHING.replace(&header, &format!("[{fault}]\n"))
}

fn without_the_other(path: &str, mut overrides: Overrides) -> Overrides {
    if path == "heartbeat.interval" {
        // Detectors refuse what is of no use with the interval; two others are as good.
        overrides.sweep = vec!["heartbeat.interval=1s,1100ms".to_owned()];
    }
    overrides
}

#[test]
fn keys_inside_of_laws_and_losses_can_be_swept() {
    for (set, path, values) in [
        (
            "network.delay={ lognormal = { mean = \"40ms\", std-dev = \"5ms\" } }",
            "network.delay.lognormal.mean",
            "10ms,20ms",
        ),
        (
            "network.loss={ bursts = { mean-loss = \"1%\", mean-burst = \"1s\" } }",
            "network.loss.bursts.mean-loss",
            "1%,2%",
        ),
        (
            "fault.dies.crash.every={ exponential = { mean = \"1h\" } }",
            "fault.dies.crash.every.exponential.mean",
            "1h,2h",
        ),
    ] {
        let mut overrides = sweep(&[&format!("{path}={values}")]);
        overrides.set = vec![set.to_owned()];
        assert_eq!(good_with(EVERYTHING, &overrides).worlds.len(), 2, "{path}");
    }
    let mut wait = sweep(&["heartbeat.wait.max=105%,110%"]);
    wait.set = vec!["heartbeat.wait={ min = 1 }".to_owned()];
    assert_eq!(good_with(super::SMALL, &wait).worlds.len(), 2);
}
