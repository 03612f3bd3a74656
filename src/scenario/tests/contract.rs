//! The example of the contract, and every form that it names.

use super::{bad, good, planned};
use crate::detector::{CheckPeriod, CheckPhase, Clock, Config, phi_cassandra, phi_chitchat, timeout};
use crate::model::{FaultKind, Law, Loss, MissedTicks, Pacing, Phase, Target, Timing, Traffic, Wire};
use crate::scenario::{LimitScope, Overrides, Relation};
use crate::units::Span;

const EXAMPLE: &str = include_str!("contract.toml");

#[test]
fn the_example_gives_the_expected_worlds_and_points() {
    let plan = good(EXAMPLE);
    assert_eq!((plan.name.as_str(), plan.seed, plan.trials), ("wan-quickstart", 1, 16));
    assert_eq!(plan.detectors, ["fixed", "accrual"]);
    assert_eq!(plan.worlds.len(), 3, "one world an interval");
    let intervals: Vec<Span> = plan.worlds.iter().map(|plan| plan.world.interval()).collect();
    assert_eq!(intervals, [Span::from_millis(500), Span::from_secs(1), Span::from_secs(2)]);
    for world in &plan.worlds {
        assert_eq!(world.listeners.len(), 5, "four timeouts and one accrual detector");
        assert_eq!(world.world.warm_up, Span::from_mins(20));
        assert_eq!((world.world.nodes, world.world.monitors), (20, 1));
    }
    let rows: Vec<(u32, usize)> =
        plan.worlds.iter().flat_map(|world| world.listeners.iter().map(|row| (row.point, row.detector))).collect();
    assert_eq!(
        rows,
        [
            (1, 0),
            (2, 0),
            (3, 0),
            (4, 0),
            (1, 1),
            (5, 0),
            (6, 0),
            (7, 0),
            (8, 0),
            (2, 1),
            (9, 0),
            (10, 0),
            (11, 0),
            (12, 0),
            (3, 1),
        ]
    );
    let last = &plan.worlds[2].listeners[3];
    assert_eq!(last.parameters, [Some("2s".to_owned()), Some("10s".to_owned())]);
    assert_eq!(plan.worlds[2].listeners[4].parameters, [Some("2s".to_owned()), None]);
    let base: Vec<(u32, usize)> = plan
        .worlds
        .iter()
        .flat_map(|world| &world.listeners)
        .filter(|row| row.base)
        .map(|row| (row.point, row.detector))
        .collect();
    assert_eq!(base, [(8, 0), (2, 1)], "an interval of 1 s and a timeout of 10 s are written in the tables");
}

#[test]
fn the_world_of_the_example_is_what_it_says() {
    let plan = good(EXAMPLE);
    let world = &plan.worlds[1].world;
    let Traffic::Push(heartbeat) = &world.traffic else { panic!("pushed") };
    assert_eq!(heartbeat.pacing, Pacing::Jitter(0.0));
    assert_eq!((heartbeat.phase, heartbeat.missed_ticks), (Phase::Random, MissedTicks::Skip));
    assert_eq!((heartbeat.payload, heartbeat.wire), (64, Wire::Ipv4));
    let Law::Lognormal { mu, sigma } = world.network.delay else { panic!("lognormal") };
    assert!(((mu + sigma * sigma / 2.0).exp_close(0.040)), "mean of {mu} {sigma}");
    let Loss::Bursts { mean_good, mean_bad, .. } = world.network.loss else { panic!("bursts") };
    assert_eq!((mean_good, mean_bad), (Span::from_millis(49_500), Span::from_millis(500)));
    assert_eq!(world.faults[0].name, "crashes");
    let FaultKind::Crash { on: Target::Nodes, down_for } = &world.faults[0].kind else { panic!("crash") };
    assert_eq!(*down_for, Law::Constant(Span::from_mins(10)));
    assert_eq!(world.faults[0].timing, Timing::Every(Law::Exponential { mean: Span::from_hours(4), min: Span::ZERO }));
    assert!(matches!(world.faults[1].kind, FaultKind::Pause { .. }));
}

/// Comparison with a known value.
trait ExpClose {
    fn exp_close(self, expected: f64) -> bool;
}

impl ExpClose for f64 {
    fn exp_close(self, expected: f64) -> bool {
        (crate::num::exp(self) / expected - 1.0).abs() < 1e-12
    }
}

#[test]
fn the_limits_of_the_example_are_read() {
    let limits = good(EXAMPLE).limits;
    assert!(limits.iter().all(|limit| limit.scope == LimitScope::Detector("fixed".to_owned())));
    let goals: Vec<_> = limits.iter().map(|limit| (limit.goal.metric, limit.goal.relation, limit.goal.value)).collect();
    assert_eq!(goals[0].0, "detection_latency_p99");
    assert_eq!((goals[0].1, goals[0].2.to_bits()), (Relation::AtMost, 12.0_f64.to_bits()));
    assert_eq!((goals[1].1, goals[1].2.to_bits()), (Relation::Less, 200.0_f64.to_bits()));
}

#[test]
fn without_the_sweep_the_base_point_remains() {
    let plan = planned(EXAMPLE, &Overrides::default(), true).expect("valid");
    assert_eq!((plan.worlds.len(), plan.axes.len()), (1, 0));
    let listeners = &plan.worlds[0].listeners;
    assert_eq!(listeners.len(), 2);
    assert!(listeners.iter().all(|row| row.base && row.point == 1 && row.parameters.is_empty()));
    assert_eq!(plan.worlds[0].world.interval(), Span::from_secs(1));
    let after = Config::Timeout(timeout::Config { after: Span::from_secs(10), rearm: timeout::Rearm::Newer });
    assert_eq!(listeners[0].config, after);
}

/// A scenario with this network and fault.
fn world_of(network: &str, rest: &str) -> crate::model::World {
    let text =
        format!("name = \"x\"\n[heartbeat]\ninterval = \"1s\"\n[network]\n{network}\n{rest}\n[detector.d.misses]\n");
    good(&text).worlds.remove(0).world
}

#[test]
fn every_distribution_is_read() {
    let delay = |text: &str| world_of(&format!("delay = {text}"), "").network.delay;
    let ms = Span::from_millis;
    assert_eq!(delay("\"40ms\""), Law::Constant(ms(40)));
    assert_eq!(delay("{ uniform = { min = \"1ms\", max = \"3ms\" } }"), Law::Uniform { min: ms(1), max: ms(3) });
    assert_eq!(delay("{ uniform = { min = \"3ms\", max = \"3ms\" } }"), Law::Constant(ms(3)));
    assert_eq!(delay("{ exponential = { mean = \"5ms\" } }"), Law::Exponential { mean: ms(5), min: Span::ZERO });
    assert_eq!(
        delay("{ exponential = { mean = \"5ms\", min = \"2ms\" } }"),
        Law::Exponential { mean: ms(5), min: ms(2) }
    );
    assert_eq!(
        delay("{ normal = { mean = \"5ms\", std-dev = \"1ms\" } }"),
        Law::Normal { mean: ms(5), std_dev: ms(1) }
    );
    assert_eq!(delay("{ gamma = { mean = \"5ms\", std-dev = \"1ms\" } }"), Law::Gamma { mean: ms(5), std_dev: ms(1) });
    assert_eq!(delay("{ weibull = { scale = \"5ms\", shape = 2 } }"), Law::Weibull { scale: ms(5), shape: 2.0 });
    assert_eq!(
        delay("{ pareto = { min = \"5ms\", shape = 1.5, max = \"1s\" } }"),
        Law::Pareto { min: ms(5), shape: 1.5, max: Some(Span::from_secs(1)) }
    );
    assert_eq!(delay("{ lognormal = { mu = -3, sigma = 0.5 } }"), Law::Lognormal { mu: -3.0, sigma: 0.5 });
    let Law::Lognormal { mu, sigma } = delay("{ lognormal = { median = \"300ms\", p99 = \"4s\" } }") else {
        panic!("lognormal")
    };
    assert!(mu.exp_close(0.3) && (sigma - 1.113_443).abs() < 1e-5, "{sigma}");
    assert_eq!(
        delay("{ empirical = { file = \"delays.csv\", column = \"rtt_ms\" } }"),
        Law::Empirical(vec![ms(1), ms(2), ms(3)])
    );
    let Law::Mixture(parts) = delay(
        "{ mixture = [ { weight = 9, of = \"1ms\" }, { weight = 1, of = { exponential = { mean = \"9ms\" } } } ] }",
    ) else {
        panic!("mixture")
    };
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0].of, Law::Constant(ms(1)));
}

#[test]
fn every_loss_is_read() {
    let loss = |text: &str| world_of(&format!("loss = {text}"), "").network.loss;
    assert_eq!(loss("0.01"), Loss::Independent(0.01));
    assert_eq!(loss("\"1%\""), Loss::Independent(0.01));
    assert_eq!(loss("1e-3"), Loss::Independent(0.001));
    assert_eq!(loss("0"), Loss::Independent(0.0));
    assert_eq!(
        loss("{ gilbert-elliott = { p = 0.01, r = \"25%\" } }"),
        Loss::PerPacket { p: 0.01, r: 0.25, loss_good: 0.0, loss_bad: 1.0 }
    );
    let bursts =
        loss("{ bursts = { mean-loss = \"2%\", mean-burst = \"1s\", loss-good = \"1%\", loss-bad = \"51%\" } }");
    let Loss::Bursts { mean_good, mean_bad, .. } = bursts else { panic!("bursts") };
    assert_eq!(
        (mean_good, mean_bad),
        (Span::from_secs(49), Span::from_secs(1)),
        "(2 - 1) / (51 - 1) of the time is bad"
    );
    assert_eq!(
        loss("{ bursts = { mean-good = \"10s\", mean-bad = \"1s\", loss-bad = \"50%\" } }"),
        Loss::Bursts { mean_good: Span::from_secs(10), mean_bad: Span::from_secs(1), loss_good: 0.0, loss_bad: 0.5 }
    );
    assert_eq!(loss("{ bursts = { mean-loss = \"0%\", mean-burst = \"1s\" } }"), Loss::Independent(0.0));
}

#[test]
fn every_key_of_heartbeats_and_hosts_is_read() {
    let plan = good(
        r#"
name = "x"
[cluster]
nodes = 3
monitors = 2
[heartbeat]
style = "push"
interval = "1s"
wait = { min = "100%", max = "104%" }
phase = "aligned"
missed-ticks = "delay"
on-restart = "same-grid"
payload = "1KiB"
wire = "ethernet"
transport = "udp"
[network]
ordering = "fifo"
[monitor]
on-wake = "timers-first"
memory = "kept"
[output]
max-rows = 10
merge-gap = "30s"
[detector.d.misses]
"#,
    );
    let world = &plan.worlds[0].world;
    let Traffic::Push(heartbeat) = &world.traffic else { panic!("pushed") };
    assert_eq!(heartbeat.pacing, Pacing::Wait { min: 1.0, max: 1.04 });
    assert_eq!((heartbeat.phase, heartbeat.missed_ticks), (Phase::Aligned, MissedTicks::Delay));
    assert_eq!(heartbeat.on_restart, crate::model::OnRestart::SameGrid);
    assert_eq!(heartbeat.wire_bytes(), 1024 + 46);
    assert_eq!(world.network.ordering, crate::model::Ordering::Fifo);
    assert_eq!(world.monitor.on_wake, crate::model::OnWake::TimersFirst);
    assert!(world.monitor.memory_kept);
    assert_eq!((plan.output.max_rows, plan.output.merge_gap), (10, Span::from_secs(30)));
}

#[test]
fn every_fault_is_read() {
    let faults = world_of(
        "",
        r#"
[fault.one.crash]
on = "monitor 1"
at = ["100s", "10m"]
down-for = "1m"
scope = "process"
[fault.two.pause]
every = "10m"
lasts = { uniform = { min = "1s", max = "2s" } }
together = true
[fault.three.partition]
from = "node 3"
to = "monitors"
every = { exponential = { mean = "1h" } }
lasts = "30s"
[fault.four.partition]
at = ["0s"]
lasts = "30s"
"#,
    )
    .faults;
    assert_eq!(faults.iter().map(|fault| fault.name.as_str()).collect::<Vec<_>>(), ["one", "two", "three", "four"]);
    assert_eq!(faults[0].timing, Timing::At(vec![Span::from_secs(100), Span::from_mins(10)]));
    assert!(faults[1].together && !faults[0].together);
    let one_way = |index: usize| match faults[index].kind {
        FaultKind::Partition { from, to, both_ways, .. } => (from, to, both_ways),
        _ => panic!("partition"),
    };
    assert_eq!(one_way(2), (Target::Node(3), Target::Monitors, false));
    assert_eq!(one_way(3), (Target::All, Target::All, true));
}

#[test]
fn every_detector_is_read_with_its_defaults() {
    let plan = good(
        r#"
name = "x"
[heartbeat]
interval = "2s"
[detector.a.timeout]
after = "3.5 intervals"
rearm = "any"
[detector.b.misses]
[detector.c.nfd-s]
shift = "1s"
[detector.d.nfd-u]
mean-delay = "40ms"
margin = "1s"
[detector.e.nfd-e]
margin = "0s"
[detector.f.bertier]
[detector.g.two-window]
margin = "1 interval"
[detector.h.phi-normal]
threshold = 8
[detector.i.phi-akka]
[detector.j.phi-hazelcast]
[detector.k.phi-cassandra]
[detector.l.phi-chitchat]
[detector.m.exponential]
[detector.n.histogram]
threshold = 0.99
[detector.o.self-tuning]
window = 100
margin = "1s"
step = "100ms"
target-detection = "5s"
target-mistake-rate = "1/30d"
adjust-every = 100
"#,
    );
    let configs: Vec<&Config> = plan.worlds[0].listeners.iter().map(|row| &row.config).collect();
    let kinds: Vec<&str> = configs.iter().map(|config| config.kind()).collect();
    assert_eq!(kinds, crate::detector::KINDS);
    let seconds = Span::from_secs;
    assert_eq!(*configs[0], Config::Timeout(timeout::Config { after: seconds(7), rearm: timeout::Rearm::Any }));
    assert_eq!(*configs[1], Config::Misses(crate::detector::misses::Config { count: 3, grace: seconds(1) }));
    assert_eq!(
        *configs[10],
        Config::PhiCassandra(phi_cassandra::Config {
            threshold: 8.0,
            window: 1000,
            first_interval: seconds(4),
            max_interval: seconds(4),
            max_local_pause: seconds(5),
        })
    );
    assert_eq!(
        *configs[11],
        Config::PhiChitchat(phi_chitchat::Config {
            threshold: 8.0,
            window: 1000,
            max_interval: seconds(20),
            initial_interval: seconds(10),
            prior_weight: 5.0,
        })
    );
}

#[test]
fn a_watch_stands_beside_the_kind_or_in_it() {
    let every = |text: &str| {
        good(&format!("name = \"x\"\n[heartbeat]\ninterval = \"2s\"\n{text}")).worlds[0].listeners[0].watch
    };
    let beside = every(
        "[detector.d]\ncheck-every = \"1s\"\ncheck-phase = \"aligned\"\ncheck-gap = \"0%..2%\"\nclock = \"wall\"\n[detector.d.misses]\n",
    );
    assert_eq!(beside.clock, Clock::Wall);
    let period = CheckPeriod { period: Span::from_secs(1), phase: CheckPhase::Aligned, gap_min: 0.0, gap_max: 0.02 };
    assert_eq!(beside.every, Some(period));
    let inside = every("[detector.d.misses]\ncheck-every = \"0.5 intervals\"\ncheck-phase = \"250ms\"\n");
    let at = CheckPhase::At(Span::from_millis(250));
    assert_eq!(inside.every, Some(CheckPeriod { period: Span::from_secs(1), phase: at, gap_min: 0.0, gap_max: 0.0 }));
    assert_eq!(every("[detector.d.misses]\n").every, None);
    let twice = bad(
        "name = \"x\"\n[heartbeat]\ninterval = \"2s\"\n[detector.d]\ncheck-every = \"1s\"\n[detector.d.misses]\ncheck-every = \"1s\"\n",
    );
    assert!(twice.contains("check-every is written twice"), "{twice}");
}

#[test]
fn the_warm_up_follows_the_world() {
    let warm_up = |text: &str, rest: &str| {
        let text = format!("name = \"x\"\n[heartbeat]\n{text}\n[detector.d.timeout]\nafter = \"1h\"\n{rest}");
        good(&text).worlds.iter().map(|world| world.world.warm_up).collect::<Vec<_>>()
    };
    assert_eq!(warm_up("interval = \"100ms\"", ""), [Span::from_mins(10)]);
    assert_eq!(warm_up("interval = \"1s\"", ""), [Span::from_mins(20)]);
    let swept = warm_up("interval = \"1s\"", "[sweep]\n\"heartbeat.interval\" = [\"1s\", \"5s\"]\n");
    assert_eq!(swept, [Span::from_mins(100); 2], "the largest interval decides for all");
    let stalls = "[fault.gc.pause]\nevery = \"10h\"\nlasts = \"10m\"\n";
    assert_eq!(warm_up("interval = \"1s\"", stalls), [Span::from_mins(100)]);
    let bursts = "[network]\nloss = { bursts = { mean-good = \"9h\", mean-bad = \"1h\" } }\n";
    assert_eq!(warm_up("interval = \"1s\"", bursts), [Span::from_hours(10)]);
    assert_eq!(warm_up("interval = \"1s\"", "[run]\nwarm-up = \"0s\"\n"), [Span::ZERO]);
}

#[test]
fn check_warms_up_as_long_as_run() {
    let text = "name = \"x\"\n[heartbeat]\ninterval = \"1s\"\n[detector.d.misses]\n[sweep]\n\"heartbeat.interval\" = [\"1s\", \"5s\"]\n";
    let plan = planned(text, &Overrides::default(), true).expect("valid");
    assert_eq!(plan.worlds[0].world.warm_up, Span::from_mins(100));
}
