//! Slow but alive: pauses of nodes and of monitors, and partitions, by how a timeout takes them.

use std::sync::LazyLock;

use super::delay::{Delay, span};
use super::exact::{Path, PauseEffect};
use super::observe::{Seen, hold, ratio, records, sums, units, world};
use super::support::{heartbeat, pause, timeout};
use systole::metrics::Component;
use systole::model::{Fault, FaultKind, Law, MissedTicks, OnWake, Target, Timing, World};
use systole::num::u64_to_f64;

/// Times between faults: so far apart that two never share a silence, and uniform over whole intervals, so that a fault
/// begins at any part of an interval alike.
const GAP: (f64, f64) = (40.0, 90.0);

fn gaps() -> Timing {
    Timing::Every(Law::Uniform { min: span(GAP.0), max: span(GAP.1) })
}

const PATH: Path = Path { eta: 1.0, loss: 0.0, delay: Delay::Constant(0.2) };
const MEAN_GAP: f64 = 65.0;

fn exponential(mean: f64) -> Law {
    Law::Exponential { mean: span(mean), min: span(0.0) }
}

/// Mistakes a pause and their length, under pauses of exponential length.
fn effect(what: &str, units: &[Component], mean: f64, exact: PauseEffect) -> Vec<Seen> {
    let cycle = MEAN_GAP + mean;
    let units: Vec<_> = units.iter().map(sums).collect();
    let mut seen = vec![ratio(
        &format!("{what}: mistakes a pause"),
        units.iter().map(|&(mistakes, _, exposure)| (mistakes, exposure / cycle)),
        exact.chance,
    )];
    if exact.duration > 0.0 {
        let length = units.iter().map(|&(mistakes, wrong, _)| (wrong, mistakes));
        seen.push(ratio(&format!("{what}: duration"), length, exact.duration));
    }
    seen
}

fn node_pauses(seed: u64, missed_ticks: MissedTicks, after: f64, mean: f64) -> Vec<Seen> {
    let mut world = world(seed, PATH, 512, 30_000);
    heartbeat(&mut world).missed_ticks = missed_ticks;
    world.faults = vec![pause("gc", Target::Nodes, gaps(), exponential(mean))];
    let exact = match missed_ticks {
        MissedTicks::Drop => PauseEffect::of_dropped_slots(1.0, after, mean),
        _ => PauseEffect::of_late_slots(1.0, after, mean),
    };
    let units = units(&world, &[timeout(span(after))], 1).remove(0);
    effect(&format!("pauses of {mean} s, {missed_ticks:?}, timeout {after}"), &units, mean, exact)
}

/// A paused monitor that looks at its timers before the messages that waited: a mistake without length where the pause
/// outlasts what was left of the timeout, which is `after` less an age uniform in an interval.
fn monitor_pauses(on_wake: OnWake, after: f64, mean: f64) -> Vec<Component> {
    let mut world: World = world(407, PATH, 1, 20_000);
    world.monitor.on_wake = on_wake;
    world.faults = vec![pause("swap", Target::Monitors, gaps(), exponential(mean))];
    units(&world, &[timeout(span(after))], 200).remove(0)
}

pub(crate) static SEEN: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    let chance = PauseEffect::of_late_slots(1.0, 2.5, 1.5).chance;
    let timers_first = monitor_pauses(OnWake::TimersFirst, 2.5, 1.5);
    [
        node_pauses(401, MissedTicks::Drop, 3.5, 1.0),
        node_pauses(402, MissedTicks::Drop, 2.2, 0.8),
        node_pauses(403, MissedTicks::Skip, 3.5, 1.0),
        node_pauses(404, MissedTicks::Burst, 2.7, 2.0),
        node_pauses(405, MissedTicks::Delay, 2.2, 1.5),
        effect("monitor pauses, timers first", &timers_first, 1.5, PauseEffect { chance, duration: 0.0 }),
        partitions(),
    ]
    .concat()
});

/// Cuts of exponential length: as pauses whose slots are dropped, but the suspicions are of an unreachable node.
fn partitions() -> Vec<Seen> {
    let (after, mean) = (2.5, 3.0);
    let mut world = world(408, PATH, 512, 30_000);
    let kind =
        FaultKind::Partition { from: Target::Nodes, to: Target::Monitors, both_ways: false, lasts: exponential(mean) };
    world.faults = vec![Fault { name: "cut".to_owned(), kind, timing: gaps(), together: false }];
    let records = records(&world, &[timeout(span(after))], 1).remove(0);
    let units: Vec<Component> = records.into_iter().flat_map(|record| record.components).collect();
    assert_eq!(
        units.iter().map(|unit| unit.mistakes + unit.flaps).sum::<u64>(),
        0,
        "a cut node is not wrongly suspected"
    );
    // Exposed from the first arrival after a cut to the next cut. That arrival is of the first slot after the cut, or of one
    // sent before a cut shorter than its delay d: E(wait) = eta / 2 + d - ...
    let exact = PauseEffect::of_dropped_slots(1.0, after, mean).chance;
    let cycles = u64_to_f64(world.duration.as_nanos()) / 1e9 / (MEAN_GAP + mean);
    vec![ratio(
        "cuts of 3 s: unreachable suspicions a cut",
        units.iter().map(|unit| (u64_to_f64(unit.unreachable), cycles)),
        exact,
    )]
}

#[test]
fn stalls_make_as_many_mistakes_as_derived() {
    hold(&SEEN, 0.03);
}

#[test]
fn a_monitor_that_reads_its_messages_first_makes_no_mistake_after_its_own_pause() {
    let units = monitor_pauses(OnWake::MessagesFirst, 2.5, 1.5);
    assert_eq!(units.iter().map(|unit| unit.mistakes).sum::<u64>(), 0);
}
