//! Sizes that are refused before any work.

use super::{SMALL, bad_with, good_with, set, sweep};

#[test]
fn sizes_are_refused_with_their_limit() {
    let texts = [
        set(&["cluster.nodes=10000001"]),
        set(&["cluster.nodes=100000", "cluster.monitors=101", "run.duration=1s", "run.warm-up=0s"]),
        set(&["heartbeat.interval=99us"]),
        set(&["run.duration=36525d"]),
        set(&["run.max-messages=1000"]),
        set(&[
            "cluster.nodes=10000000",
            "run.duration=1h",
            "run.warm-up=0s",
            "run.trials=1",
            "detector.fixed={ phi-normal = { threshold = 8, window = 1000 } }",
        ]),
        sweep(&[
            "cluster.nodes={ from = 1, to = 2000, steps = 2000 }",
            "detector.fixed.timeout.after={ from = \"1s\", to = \"600s\", steps = 600 }",
        ]),
    ]
    .map(|overrides| bad_with(SMALL, &overrides));
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn sizes_at_their_limit_pass() {
    let most = set(&["cluster.nodes=10000000", "run.duration=1s", "run.warm-up=0s"]);
    assert_eq!(good_with(SMALL, &most).worlds[0].world.pairs(), 10_000_000);
    assert_eq!(good_with(SMALL, &set(&["heartbeat.interval=100us", "run.duration=1m"])).worlds.len(), 1);
    assert_eq!(good_with(SMALL, &set(&["run.duration=36524d", "heartbeat.interval=10s"])).worlds.len(), 1);
    let rows = sweep(&["detector.fixed.timeout.after={ from = \"1s\", to = \"9000s\", steps = 9000 }"]);
    assert_eq!(good_with(SMALL, &rows).worlds[0].listeners.len(), 9000);
}
