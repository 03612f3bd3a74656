//! Worlds built by hand, and what detectors make of them: the engine and the metrics put together as an experiment does.

use systole::detector::timeout::Rearm;
use systole::detector::{Config, Watch, nfd_s, timeout};
use systole::engine::{Audience, Laws, Samplers, run_trial};
use systole::metrics::{Components, Measured, Meter, Metrics, SilenceRule};
use systole::model::{
    Fault, FaultKind, Heartbeat, Law, Loss, MissedTicks, MonitorRole, Network, OnRestart, OnWake, Ordering, Pacing,
    Phase, Target, Timing, Traffic, Wire, World,
};
use systole::units::Span;

/// A detector and how it is looked at.
pub(crate) type Listener = (Config, Watch);

/// One node and one monitor without any trouble: a heartbeat on each full second, 100 ms on its way, 10 s of warm-up and
/// 100 s of measurement.
pub(crate) fn quiet() -> World {
    let heartbeat = Heartbeat {
        interval: Span::from_secs(1),
        pacing: Pacing::Jitter(0.0),
        phase: Phase::Aligned,
        missed_ticks: MissedTicks::Skip,
        on_restart: OnRestart::AtOnce,
        payload: 64,
        wire: Wire::Ipv4,
    };
    World {
        seed: 1,
        warm_up: Span::from_secs(10),
        duration: Span::from_secs(100),
        nodes: 1,
        monitors: 1,
        traffic: Traffic::Push(heartbeat),
        network: Network {
            delay: Law::Constant(Span::from_millis(100)),
            loss: Loss::Independent(0.0),
            ordering: Ordering::Any,
        },
        monitor: MonitorRole { on_wake: OnWake::MessagesFirst, memory_kept: false },
        faults: Vec::new(),
    }
}

/// The heartbeats of a pushed world, to be edited.
pub(crate) fn heartbeat(world: &mut World) -> &mut Heartbeat {
    match &mut world.traffic {
        Traffic::Push(heartbeat) => heartbeat,
        Traffic::Recorded { .. } => panic!("a recorded world has no heartbeats of its own"),
    }
}

/// A pause of `on`.
pub(crate) fn pause(name: &str, on: Target, timing: Timing, lasts: Law) -> Fault {
    Fault { name: name.to_owned(), kind: FaultKind::Pause { on, lasts }, timing, together: false }
}

/// A crash of `on`.
pub(crate) fn crash(name: &str, on: Target, timing: Timing, down_for: Law) -> Fault {
    Fault { name: name.to_owned(), kind: FaultKind::Crash { on, down_for }, timing, together: false }
}

/// A fixed timeout that newer heartbeats re-arm.
pub(crate) fn timeout(after: Span) -> Listener {
    (Config::Timeout(timeout::Config { after, rearm: Rearm::Newer }), Watch::default())
}

/// NFD-S.
pub(crate) fn nfd_s(shift: Span) -> Listener {
    (Config::NfdS(nfd_s::Config { shift }), Watch::default())
}

/// What a trial keeps beside its sums, of each listener.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keep {
    /// Rows of false positives, with their causes.
    pub(crate) rows: u64,
    /// Changes of verdicts.
    pub(crate) transitions: u64,
    /// Rows of crashes.
    pub(crate) detections: u64,
}

/// Runs one trial (from 1).
pub(crate) fn measure(world: &World, listeners: &[Listener], trial: u32, merge_gap: Span, keep: Keep) -> Measured {
    let laws = Laws::new(world, &mut Samplers::default());
    let audience = Audience::new(listeners, world.interval());
    let meter = |(config, watch): &Listener| Meter {
        components: Components::of(world, watch),
        bootstrap: world.interval().times(config.window()),
        memory_beats: config.window(),
        silence: SilenceRule::of(config, watch),
        rows: keep.rows,
        detections: keep.detections,
    };
    let mut metrics = Metrics::new(world, listeners.iter().map(meter).collect(), merge_gap, keep.transitions);
    assert!(run_trial(world, &laws, trial, &audience, &mut metrics, &|_| true), "nobody stopped the trial");
    metrics.finish()
}
