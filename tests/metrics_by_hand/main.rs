//! Every definition of `docs/metrics.md` on worlds so small that each number can be worked out by hand.
//!
//! The world is [`support::quiet`]: a heartbeat on each full second that takes 100 ms, observed for 100 s. The detector is a
//! timeout of 2.5 s unless a test says otherwise. So after a heartbeat of second k the suspicion is due at k + 2.6 s.
//! All times below are seconds from the end of the warm-up.
#![cfg(feature = "sim")]

#[path = "../support/mod.rs"]
mod support;

mod brute_force;
mod causes;
mod cluster;
mod detection;
mod exposure;
mod slices;
mod windows;

use support::{Keep, Listener, crash, heartbeat, measure, nfd_s, pause, quiet, timeout};

use systole::metrics::{Component, Measured, Outcome, TrialRecord};
use systole::model::{Fault, FaultKind, Law, MissedTicks, Target, Timing, World};
use systole::units::Span;

const EVERYTHING: Keep = Keep { rows: 1000, transitions: u64::MAX, detections: u64::MAX };

/// A span of so many seconds and milliseconds.
const fn s(seconds: u64, millis: u64) -> Span {
    Span::from_millis(seconds * 1000 + millis)
}

fn ns(seconds: u64, millis: u64) -> u128 {
    u128::from(s(seconds, millis).as_nanos())
}

fn at(span: Span) -> Timing {
    Timing::At(vec![span])
}

const fn lasting(span: Span) -> Law {
    Law::Constant(span)
}

fn usual() -> Listener {
    timeout(s(2, 500))
}

fn everything(world: &World, listener: &Listener, merge_gap: Span) -> Measured {
    measure(world, std::slice::from_ref(listener), 1, merge_gap, EVERYTHING)
}

fn run(world: &World, listener: &Listener) -> TrialRecord {
    everything(world, listener, world.interval()).records.remove(0)
}

/// The sums of all pairs.
fn total(record: &TrialRecord) -> Component {
    let mut total = Component::default();
    for component in &record.components {
        total.add(component);
    }
    total
}

/// Length in ns and whether it ended by trust, of every mistake that has a row.
fn mistakes(record: &TrialRecord) -> Vec<(u128, u128, bool)> {
    let rows = record.false_positives.iter();
    rows.map(|row| (u128::from(row.start_ns), u128::from(row.duration_ns), row.needed_timeout_ns.is_some())).collect()
}

fn with(faults: Vec<Fault>) -> World {
    World { faults, ..quiet() }
}

fn node_pause(start: Span, lasts: Span) -> Fault {
    pause("pause", Target::Nodes, at(start), lasting(lasts))
}

fn node_crash(start: Span, down_for: Span) -> Fault {
    crash("crash", Target::Nodes, at(start), lasting(down_for))
}

fn cut(from: Target, to: Target, both_ways: bool, start: Span, lasts: Span) -> Fault {
    let kind = FaultKind::Partition { from, to, both_ways, lasts: lasting(lasts) };
    Fault { name: "cut".to_owned(), kind, timing: at(start), together: false }
}

fn usual_cut(start: Span, lasts: Span) -> Fault {
    cut(Target::Nodes, Target::Monitors, false, start, lasts)
}

fn dropping(mut world: World) -> World {
    heartbeat(&mut world).missed_ticks = MissedTicks::Drop;
    world
}
