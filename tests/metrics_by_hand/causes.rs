//! Why a mistake happened: the but-for rule (metrics.md section 7), a kind at a time.

use std::collections::BTreeSet;

use super::*;
use systole::detector::{Config, Watch, nfd_e};
use systole::metrics::Cause;
use systole::model::{Loss, OnWake};

/// The causes of all mistakes of one detector.
fn causes(world: &World, listener: &Listener) -> Vec<Cause> {
    run(world, listener).false_positives.iter().map(|row| row.cause).collect()
}

/// That there are mistakes, and that all have this cause.
fn all_are(world: &World, listener: &Listener, name: &str) {
    let causes = causes(world, listener);
    assert!(!causes.is_empty());
    for cause in causes {
        assert_eq!(cause.to_string(), name);
        let shares: u32 = cause.sixtieths.iter().map(|&share| u32::from(share)).sum();
        assert_eq!(shares, if name == Cause::THRESHOLD { 0 } else { 60 }, "shares of {name}");
    }
}

fn long(world: World) -> World {
    World { duration: s(5000, 0), ..world }
}

#[test]
fn a_silence_made_of_losses_is_loss() {
    let mut world = long(quiet());
    world.network.loss = Loss::Independent(0.1);
    all_are(&world, &usual(), "loss");
}

#[test]
fn a_silence_made_of_losses_in_a_bad_spell_is_a_burst() {
    let mut world = long(quiet());
    let (mean_good, mean_bad) = (s(60, 0), s(5, 0));
    world.network.loss = Loss::Bursts { mean_good, mean_bad, loss_good: 0.0, loss_bad: 1.0 };
    all_are(&world, &usual(), "loss-burst");
    world.network.loss = Loss::PerPacket { p: 0.02, r: 0.3, loss_good: 0.0, loss_bad: 1.0 };
    all_are(&world, &usual(), "loss-burst");
}

#[test]
fn a_heartbeat_that_takes_longer_than_the_median_is_network_delay() {
    let mut world = long(quiet());
    world.network.delay = Law::Exponential { mean: s(0, 300), min: Span::ZERO };
    all_are(&world, &timeout(s(1, 500)), "network-delay");
}

#[test]
fn a_node_that_stood_still_is_a_sender_pause() {
    for missed_ticks in [MissedTicks::Skip, MissedTicks::Burst, MissedTicks::Delay, MissedTicks::Drop] {
        let mut world = with(vec![node_pause(s(20, 500), s(3, 300))]);
        heartbeat(&mut world).missed_ticks = missed_ticks;
        all_are(&world, &usual(), "sender-pause");
        // Also where the silence began in the slice before (slices end every 1000 s).
        let mut world = long(with(vec![node_pause(s(997, 500), s(5, 300))]));
        heartbeat(&mut world).missed_ticks = missed_ticks;
        all_are(&world, &usual(), "sender-pause");
    }
}

#[test]
fn a_monitor_that_stood_still_is_a_monitor_pause() {
    let mut world = with(vec![pause("swap", Target::Monitors, at(s(20, 500)), lasting(s(5, 0)))]);
    world.monitor.on_wake = OnWake::TimersFirst;
    all_are(&world, &usual(), "monitor-pause");
}

#[test]
fn a_limit_inside_normal_jitter_is_the_threshold() {
    all_are(&quiet(), &timeout(s(0, 400)), Cause::THRESHOLD);
    // Trouble that nothing hangs on is no cause.
    let mut world = quiet();
    world.network.loss = Loss::Independent(0.1);
    let lossy = causes(&world, &timeout(s(0, 400)));
    assert!(lossy.iter().all(|cause| cause.to_string() == Cause::THRESHOLD), "each silence outlasts 0.4 s anyhow");
}

#[test]
fn kinds_that_only_together_prevent_a_mistake_are_named_together() {
    // Each pause holds one heartbeat back by 0.7 s, and a fifth of all are lost. With 1.3 s one that is held back and then
    // lost needs both mended.
    let pauses = Timing::At((0..400).map(|turn| s(12 * turn + 5, 500)).collect());
    let mut world = long(with(vec![pause("gc", Target::Nodes, pauses, lasting(s(1, 200)))]));
    world.network.loss = Loss::Independent(0.2);
    assert_eq!(
        names(&world, &timeout(s(1, 300))),
        ["loss", "loss + sender-pause", "sender-pause"].map(str::to_owned).into()
    );
    // With 2.5 s two must be missing: a lost one and one held back, of which either mended is enough.
    assert_eq!(names(&world, &timeout(s(2, 500))), ["loss", "loss / sender-pause"].map(str::to_owned).into());
}

fn names(world: &World, listener: &Listener) -> BTreeSet<String> {
    causes(world, listener).iter().map(Cause::to_string).collect()
}

/// NFD-E learns where heartbeats are expected; over few of them a mistake may hang on what it has not learned yet.
fn learning(after: &Fault) -> BTreeSet<String> {
    let listener = (Config::NfdE(nfd_e::Config { margin: s(0, 150), window: 100 }), Watch::default());
    let mut found = BTreeSet::new();
    for seed in 1..60 {
        let mut world = World { seed, nodes: 10, duration: s(80, 0), ..with(vec![after.clone()]) };
        world.network.delay = Law::Uniform { min: Span::ZERO, max: s(0, 400) };
        found.extend(names(&world, &listener));
    }
    found
}

#[test]
fn a_memory_that_a_restart_emptied_is_a_cause_where_a_full_one_prevents_the_mistake() {
    let found = learning(&node_crash(s(20, 500), s(5, 0)));
    assert!(found.contains("network-delay"), "{found:?}");
    assert!(found.contains("network-delay / restart"), "{found:?}");
    assert!(found.contains("network-delay / bootstrap"), "{found:?}");
    let kinds = found.iter().flat_map(|name| name.split(" / "));
    assert!(
        kinds.into_iter().all(|kind| ["network-delay", "restart", "bootstrap", "threshold"].contains(&kind)),
        "{found:?}"
    );
}

#[test]
fn a_memory_marked_by_a_cut_is_a_cause_where_a_regular_one_prevents_the_mistake() {
    let found = learning(&usual_cut(s(20, 500), s(5, 0)));
    assert!(found.contains("network-delay / partition-aftermath"), "{found:?}");
    assert!(!found.iter().any(|name| name.contains("restart")), "{found:?}");
}

#[test]
fn a_stall_that_a_crash_ended_is_a_cause_too() {
    let world = dropping(with(vec![node_pause(s(20, 500), s(10, 0)), node_crash(s(25, 0), s(5, 0))]));
    all_are(&world, &usual(), "sender-pause");
}

#[test]
fn a_stall_that_was_over_before_the_silence_is_no_cause() {
    // The stall moves the grid by 0.7 s. NFD-E follows slowly, so that all heartbeats come late for a while.
    let mut world = with(vec![node_pause(s(20, 500), s(1, 200))]);
    heartbeat(&mut world).missed_ticks = MissedTicks::Delay;
    let listener = (Config::NfdE(nfd_e::Config { margin: s(0, 300), window: 10 }), Watch::default());
    let names: Vec<String> = causes(&world, &listener).iter().map(Cause::to_string).collect();
    assert_eq!(names[0], "sender-pause");
    assert!(names.len() > 1 && names[1..].iter().all(|name| name == Cause::THRESHOLD), "{names:?}");
}
