//! The text of every fault: read each as a tired user would.

use super::{SMALL, bad, bad_with, set};
use crate::scenario::Overrides;

/// Faults of the small scenario with more text below it.
fn bad_below(text: &str) -> String {
    bad(&format!("{SMALL}\n{text}"))
}

#[test]
fn units() {
    insta::assert_snapshot!(bad_with(
        SMALL,
        &set(&[
            "heartbeat.interval=1",
            "run.duration=6hours",
            "run.warm-up=1h30m",
            "network.delay=40",
            "detector.fixed.timeout.after=3 beats",
            "heartbeat.payload=64",
            "heartbeat.jitter=50%",
            "network.loss=150%",
            "output.merge-gap=-5s",
        ])
    ));
}

#[test]
fn unknown_keys() {
    insta::assert_snapshot!(bad_below(
        "[hartbeat]\ninterval = \"1s\"\n[network]\ndelays = \"1ms\"\n[run]\ntrails = 3\nfoo = 1\n[fault.gc.paus]\n[detector.b.timeot]\n[detector.c]\nkind = \"timeout\"\n[detector.timeout]\nafter = \"1s\"\n"
    ));
}

#[test]
fn types() {
    insta::assert_snapshot!(bad_below(
        "[run]\nseed = -1\ntrials = \"8\"\nduration = [\"1h\"]\n[network]\nordering = \"fivo\"\ndelay = true\n[cluster]\nnodes = 0\nmonitors = 1.5\n[fault]\ngc = 3\n[fault.cut.partition]\nfrom = \"rack-1\"\nat = \"10m\"\nlasts = \"1s\"\n"
    ));
}

#[test]
fn names() {
    insta::assert_snapshot!(bad(
        "name = \"My Cluster\"\n[heartbeat]\ninterval = \"1s\"\n[detector.all.misses]\n[detector.Fixed.misses]\n[fault.\"a b\".pause]\nevery = \"1h\"\nlasts = \"1s\"\n"
    ));
}

#[test]
fn missing() {
    insta::assert_snapshot!(
        [
            bad(""),
            bad("name = \"x\"\n[heartbeat]\n[detector.a.timeout]\n[detector.b.self-tuning]\n[detector.c]\n[fault.d.crash]\n[fault.e.pause]\nevery = \"1h\"\n"),
        ]
        .join("\n")
    );
}

#[test]
fn contradictions() {
    insta::assert_snapshot!(bad(r#"name = "x"
[heartbeat]
interval = "1s"
jitter = "10%"
wait = { min = "104%", max = "100%" }
[network]
loss = { bursts = { mean-loss = "1%", mean-burst = "100us" } }
[fault.a.pause]
every = "1h"
at = ["1m"]
lasts = "1s"
[fault.b.pause]
on = "node 21"
every = { pareto = { min = "1s", shape = 1 } }
lasts = "0s"
[detector.a]
check-gap = "3%..1%"
[detector.a.misses]
[detector.a.timeout]
after = "1s"
[detector.b.phi-chitchat]
max-interval = "500ms"
[detector.c.misses]
check-phase = "aligned"
"#));
}

#[test]
fn laws_and_losses() {
    insta::assert_snapshot!(bad_below(
        r#"[network]
delay = { lognormal = { mean = "40ms", p99 = "1s" } }
loss = { bursts = { mean-loss = "60%", mean-burst = "1s", loss-bad = "50%" } }
[fault.a.pause]
every = { exponentail = { mean = "1h" } }
lasts = { uniform = { min = "2s", max = "1s" } }
[fault.b.pause]
every = { lognormal = { median = "1h" } }
lasts = { exponential = { mean = "1s", std-dev = "1s" } }
[fault.c.crash]
every = {}
down-for = { uniform = { min = "1s", max = "2s" }, gamma = { mean = "1s", std-dev = "1s" } }
[fault.d.crash]
every = { empirical = { file = "delays.csv", column = "host" } }
down-for = { mixture = [ { weight = 0, of = "1s" }, { of = "1s" } ] }
"#
    ));
    insta::assert_snapshot!(
        "losses",
        [
            "{ gilbert-elliott = { p = 0, r = 0 } }",
            "{ bursts = { mean-loss = \"1%\" } }",
            "{ bursts = { mean-loss = \"1%\", mean-bad = \"1s\" } }",
            "{ burst = { mean-loss = \"1%\" } }",
        ]
        .map(|loss| bad_below(&format!("[network]\nloss = {loss}\n")))
        .join("\n")
    );
}

#[test]
fn later_versions() {
    insta::assert_snapshot!(bad_below(
        r#"[link.uplink]
bandwidth = "10Mbit/s"
[clock]
drift = 50
[truth]
partition-is-failure = true
[action.restart]
[monitor]
cost-per-message = "1ms"
buffer = "64KiB"
[fault.slow.slowdown]
[fault.bad.degrade]
[detector.probe.pull]
interval = "1s"
[detector.mine.external]
command = ["python3", "x.py"]
[detector.members.swim]
"#
    ));
    insta::assert_snapshot!(
        "later_words",
        bad_with(SMALL, &set(&["heartbeat.style=swim", "heartbeat.transport={ tcp = { retries = 15 } }"]))
    );
}

#[test]
fn syntax_faults_do_not_hide_the_others() {
    insta::assert_snapshot!(bad(
        "name = \"x\"\n[heartbeat]\ninterval = 1s\npayload = \"64\n[run]\ntrials = 0\nseed = \n[network\ndelay = \"1x\"\n[detector.a.timeot]\nloss = = 1\n"
    ));
}

#[test]
fn sweeps() {
    insta::assert_snapshot!(bad_below(
        r#"[detector.b.misses]
[sweep]
"heartbeat.intervall" = ["1s"]
"detector.fixd.timeout.after" = ["1s"]
"detector.b.timeout.after" = ["1s"]
"detector.b" = ["1s"]
"detector.fixed.after" = ["1s"]
"run.trials" = [1, 2]
"network.delay.lognormal.mean" = "1s"
"detector.fixed.timeout.after" = ["1s", "1000ms", "2"]
"cluster.nodes" = []
"heartbeat.jitter" = { from = "0%", to = "10%", steps = 3, scale = "log" }
"network.loss" = { from = 0.2, to = 0.1, steps = 1 }
"network.ordering" = { from = "any", to = "fifo", steps = 2 }
"link.uplink.bandwidth" = ["1Mbit/s"]
"#
    ));
}

#[test]
fn arguments() {
    let overrides = Overrides {
        set: vec![
            "heartbeat".to_owned(),
            "heartbeat.interval.x=1".to_owned(),
            "heartbeat.intervall=2s".to_owned(),
            "network.delay=fast".to_owned(),
            "detector.fixed.after=2s".to_owned(),
            "detector.fixd.timeout.after=2s".to_owned(),
            "detector.new={ misses = {} }".to_owned(),
            "detector.fixed.misses={ count = 2 }".to_owned(),
            "detector.fixed.timeot.after=2s".to_owned(),
            "fault.gc.pause.every=1h".to_owned(),
            "cluster.monitors=99999999999".to_owned(),
        ],
        sweep: vec![
            "detector.fixed.timeout.after=1s,5".to_owned(),
            "=1".to_owned(),
            "heartbeat.interval=1s,2s".to_owned(),
            "heartbeat.interval=4s".to_owned(),
        ],
        limit: vec!["detection_latency_p99_s <= 6".to_owned(), "detection_latency_p99 = 6s".to_owned()],
        seed: None,
        trials: Some(0),
        duration: Some("0s".to_owned()),
    };
    insta::assert_snapshot!(bad_with(SMALL, &overrides));
}

#[test]
fn depths_numbers_and_paces_without_end() {
    let text = [
        bad(&format!("x = {}", "[".repeat(1000))),
        bad(&format!("a{} = 1", ".a".repeat(1000))),
        bad(&format!("{SMALL}\n[heartbeat]\ninterval = \"2s\"\n")),
        bad_below(&format!("[run]\nseed = {}\ntrials = 1e308\n", "9".repeat(50))),
        bad_below("[fault.gc.pause]\nevery = \"500us\"\nlasts = \"10us\"\n"),
    ];
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn laws_beyond_reason() {
    let texts = [
        "network.delay={ lognormal = { mu = 1000, sigma = 1 } }",
        "network.delay={ lognormal = { mu = 0, sigma = 50 } }",
        "network.delay={ lognormal = { median = \"1ns\", p99 = \"1000d\" } }",
        "network.delay={ lognormal = { mean = \"10d\", std-dev = \"1s\" } }",
        "network.delay=3d",
        "network.delay={ gamma = { mean = \"1ms\", std-dev = \"1h\" } }",
        "network.delay={ weibull = { scale = \"1s\", shape = 0.01 } }",
        "network.delay={ pareto = { min = \"1s\", shape = 0.001 } }",
        "network.delay={ mixture = [{ weight = 1e300, of = \"1s\" }, { weight = 1, of = \"70000d\" }] }",
        "network.loss={ bursts = { mean-loss = 1e-15, mean-burst = \"1h\" } }",
        "network.loss={ bursts = { mean-good = \"1h\", mean-bad = \"40000d\" } }",
    ];
    let below = |fault: &str| bad_below(&format!("[fault.gc.pause]\n{fault}\n"));
    let faults = [
        "every = { exponential = { mean = \"40000d\" } }\nlasts = \"1s\"",
        "every = \"1h\"\nlasts = { lognormal = { mu = 5, sigma = 9 } }",
        "every = { pareto = { min = \"1s\", shape = 1 } }\nlasts = \"1s\"",
    ];
    let texts = texts.map(|text| bad_with(SMALL, &set(&[text]))).into_iter().chain(faults.map(below));
    insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn limits() {
    insta::assert_snapshot!(bad_below(
        r#"[limits]
fxed = ["detection_latency_p99 <= 6s"]
fixed = "detection_latency_p99 <= 6s"
all = ["detection_latency_p99 <= 6", "detecton_latency_p99 < 1s", "false_positive_rate < 1", "bandwidth < 4KiB",
       "bandwidth <= 1", "bandwidth <= 1/s", "messages < 20", "detection_latency_p99 <= -6",
       "cluster_alarms_per_30d < 1/h", "detected_share > 101%", "latency", 3]
"#
    ));
}
