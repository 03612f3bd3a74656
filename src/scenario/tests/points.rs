//! Points: how combinations are numbered, and which worlds they share.

use super::{SMALL, bad_with, good, good_with, set, sweep};
use crate::detector::{Config, timeout};
use crate::scenario::Overrides;
use crate::units::Span;

#[test]
fn axes_of_one_detector_are_empty_in_other_rows() {
    let text = format!(
        "{SMALL}\n[detector.other.misses]\n[sweep]\n\
         \"detector.other.misses.count\" = [2, 3]\n\
         \"heartbeat.interval\" = [\"1s\", \"2s\"]\n\
         \"detector.fixed.timeout.after\" = [\"4 intervals\", \"9s\", \"10s\"]\n"
    );
    let plan = good(&text);
    assert_eq!(plan.axes.iter().map(|axis| axis.key.as_str()).collect::<Vec<_>>().len(), 3);
    let mut rows: Vec<_> = plan
        .worlds
        .iter()
        .flat_map(|world| world.listeners.iter().map(move |row| (row, world.world.interval())))
        .collect();
    rows.sort_by_key(|(row, _)| (row.detector, row.point));
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let shown: Vec<String> = rows
        .iter()
        .map(|(row, _)| {
            format!("{}/{}: {}", row.detector, row.point, row.parameters.iter().map(text).collect::<Vec<_>>().join(","))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "0/1: ,1s,4 intervals",
            "0/2: ,1s,9s",
            "0/3: ,1s,10s",
            "0/4: ,2s,4 intervals",
            "0/5: ,2s,9s",
            "0/6: ,2s,10s",
            "1/1: 2,1s,",
            "1/2: 2,2s,",
            "1/3: 3,1s,",
            "1/4: 3,2s,",
        ]
    );
    for (row, interval) in rows {
        if let Some(written) = &row.parameters[1] {
            assert_eq!(written.parse(), Ok(interval), "a row listens to the world of its interval");
        }
    }
    let after = |point: usize| match plan.worlds[1].listeners[point].config {
        Config::Timeout(timeout::Config { after, .. }) => after,
        _ => panic!("a timeout"),
    };
    assert_eq!(after(0), Span::from_secs(8), "4 intervals of 2 s");
}

#[test]
fn equal_worlds_are_simulated_once() {
    let crash = "[fault.dies.crash]\nevery = \"1h\"\ndown-for = \"1m\"\n";
    let plan = good(&format!("{SMALL}\n{crash}\n[sweep]\nfault.dies.crash.scope = [\"host\", \"process\"]\n"));
    assert_eq!(plan.worlds.len(), 1, "over UDP both are silence");
    let points: Vec<u32> = plan.worlds[0].listeners.iter().map(|row| row.point).collect();
    assert_eq!(points, [1, 2]);
    assert_eq!(plan.axes[0].values, ["host", "process"]);
}

#[test]
fn arguments_act_as_if_written_in_the_file() {
    let overrides = Overrides {
        set: vec![
            "heartbeat.interval=500ms".to_owned(),
            "network.loss={ gilbert-elliott = { p = 0.1, r = 0.5 } }".to_owned(),
        ],
        sweep: vec!["detector.fixed.timeout.after=2s,3 intervals".to_owned()],
        limit: vec!["detection_latency_p99 <= 6s".to_owned()],
        seed: Some(7),
        trials: Some(3),
        duration: Some("1h".to_owned()),
    };
    let plan = good_with(SMALL, &overrides);
    assert_eq!((plan.seed, plan.trials, plan.worlds.len()), (7, 3, 1));
    let world = &plan.worlds[0];
    assert_eq!((world.world.duration, world.world.interval()), (Span::from_hours(1), Span::from_millis(500)));
    assert_eq!(world.listeners.len(), 2);
    assert_eq!(plan.limits.len(), 1);
    let written = good(&plan.source);
    assert_eq!((written.hash, written.worlds[0].world.clone()), (plan.hash, world.world.clone()), "{}", plan.source);
}

#[test]
fn the_effective_scenario_reads_back() {
    for text in [include_str!("contract.toml"), include_str!("everything.toml"), crate::scenario::template()] {
        let plan = good_with(text, &set(&["run.seed=1", "network.loss={ gilbert-elliott = { p = 0.1, r = 0.5 } }"]));
        assert_eq!(good(&plan.source).hash, plan.hash, "{}", plan.source);
    }
}

#[test]
fn later_sweeps_replace_those_of_the_file() {
    let text = format!("{SMALL}\n[sweep]\nheartbeat.interval = [\"1s\", \"2s\", \"3s\"]\n");
    assert_eq!(good(&text).worlds.len(), 3);
    let plan = good_with(&text, &sweep(&["heartbeat.interval=1s,2s"]));
    assert_eq!((plan.worlds.len(), plan.axes.len()), (2, 1));
}

#[test]
fn what_a_sweep_gives_need_not_be_written() {
    let text = SMALL.replace("after = \"5s\"", "");
    let plan = good_with(&text, &sweep(&["detector.fixed.timeout.after=2s,3s"]));
    assert!(plan.worlds[0].listeners.iter().all(|row| !row.base));
    let faults = bad_with(&text, &set(&["run.seed=2"]));
    assert!(faults.contains("detector.fixed.timeout.after is missing"), "{faults}");
}

#[test]
fn ranges_have_both_ends_and_four_digits() {
    let values = |argument: &str| good_with(SMALL, &sweep(&[argument])).axes[0].values.clone();
    assert_eq!(
        values("detector.fixed.timeout.after={ from = \"1s\", to = \"2s\", steps = 4 }"),
        ["1s", "1.333s", "1.667s", "2s"]
    );
    assert_eq!(
        values("detector.fixed.timeout.after={ from = \"1s\", to = \"1000s\", steps = 4, scale = \"log\" }"),
        ["1s", "10s", "100s", "1000s"]
    );
    assert_eq!(
        values("detector.fixed.timeout.after={ from = \"2 intervals\", to = \"4.5 intervals\", steps = 3 }"),
        ["2 intervals", "3.25 intervals", "4.5 intervals"]
    );
    assert_eq!(values("network.loss={ from = \"1%\", to = 0.04, steps = 4 }"), ["1%", "2%", "3%", "4%"]);
    assert_eq!(values("cluster.nodes={ from = 10, to = 1000, steps = 3, scale = \"log\" }"), ["10", "100", "1000"]);
    assert_eq!(values("heartbeat.payload={ from = \"1KiB\", to = \"3KiB\", steps = 3 }"), ["1KiB", "2KiB", "3KiB"]);
}

#[test]
fn values_are_shown_in_one_way() {
    let values = |argument: &str| good_with(SMALL, &sweep(&[argument])).axes[0].values.clone();
    assert_eq!(values("detector.fixed.timeout.after=1500ms,24h,3.50 intervals"), ["1.5s", "1d", "3.5 intervals"]);
    assert_eq!(values("network.loss=0.01,2 %,5e-4"), ["1%", "2%", "0.05%"]);
    assert_eq!(values("network.delay=[\"1ms\", \"2ms\"]"), ["1ms", "2ms"]);
    assert_eq!(values("heartbeat.phase=random,aligned"), ["random", "aligned"]);
}

#[test]
fn the_hash_follows_the_meaning_and_not_the_comments() {
    let plan = good(SMALL);
    assert_eq!(plan.hash.len(), 32);
    assert_eq!(plan.source, SMALL);
    assert_eq!(good(&format!("# said in passing\n{SMALL}")).hash, plan.hash);
    assert_ne!(good_with(SMALL, &set(&["run.seed=2"])).hash, plan.hash);
}

#[test]
fn a_warm_up_that_outlasts_the_run_is_told() {
    let text = format!("{SMALL}\n[fault.gc.pause]\nevery = \"10h\"\nlasts = \"1h\"\n");
    let remarks = good(&text).remarks.join("\n");
    assert!(remarks.contains("the warm-up of 10h is longer than the run of 6h"), "{remarks}");
    assert_eq!(good_with(&text, &set(&["run.warm-up=1h"])).remarks, Vec::<String>::new());
}

#[test]
fn outages_are_merged_by_the_longest_interval_of_the_sweep() {
    let plan = good_with(SMALL, &sweep(&["heartbeat.interval=500ms,4s,2s"]));
    assert_eq!(plan.output.merge_gap, Span::from_secs(4));
    assert_eq!(good(SMALL).output.merge_gap, Span::from_secs(1));
}
