//! The same workload on our engines, with all metrics.

use std::sync::Arc;

use systole::detector::timeout::Rearm;
use systole::detector::{Config, Watch, phi_normal, timeout};
use systole::engine::{Audience, Engine, Laws, Samplers, run_trial_on};
use systole::metrics::{Components, Measured, Meter, Metrics, SilenceRule};
use systole::model::{
    Heartbeat, Law, Loss, MissedTicks, MonitorRole, Network, OnRestart, OnWake, Ordering, Pacing, Phase, Traffic, Wire,
    World,
};
use systole::units::Span;

pub(crate) const INTERVAL: Span = Span::from_secs(1);

/// Push-N for so many intervals, of which detectors with a long memory have the first 1200 to fill it.
fn world(senders: u32, intervals: u64, detectors: &[Config]) -> World {
    let warm_up = if detectors.iter().any(|config| config.window() > 100) { 1200.min(intervals / 2) } else { 0 };
    World {
        seed: 1,
        warm_up: INTERVAL.times(warm_up),
        duration: INTERVAL.times(intervals - warm_up),
        nodes: senders,
        monitors: 1,
        traffic: Traffic::Push(Heartbeat {
            interval: INTERVAL,
            pacing: Pacing::Jitter(0.0),
            phase: Phase::Random,
            missed_ticks: MissedTicks::Skip,
            on_restart: OnRestart::AtOnce,
            payload: 64,
            wire: Wire::Ipv4,
        }),
        network: Network {
            delay: Law::Lognormal { mu: systole::num::ln(0.02) - 0.125, sigma: 0.5 },
            loss: Loss::Independent(0.01),
            ordering: Ordering::Any,
        },
        monitor: MonitorRole { on_wake: OnWake::MessagesFirst, memory_kept: false },
        faults: Vec::new(),
    }
}

/// Runs push-N from nothing to its metrics.
pub(crate) fn run(engine: Engine, senders: u32, intervals: u64, detectors: &[Config]) -> Measured {
    let world = world(senders, intervals, detectors);
    let laws = Laws::new(&world, &mut Samplers::default());
    let listeners: Vec<(Config, Watch)> = detectors.iter().map(|config| (config.clone(), Watch::default())).collect();
    let meter = |config: &Config| Meter {
        components: Components::of(&world, &Watch::default()),
        bootstrap: INTERVAL.times(config.window()),
        memory_beats: config.window(),
        silence: SilenceRule::of(config, &Watch::default()),
        rows: 100_000 / detectors.len() as u64,
        detections: 100_000 / detectors.len() as u64,
    };
    let meters: Arc<[Meter]> = detectors.iter().map(meter).collect();
    let mut metrics = Metrics::new(&world, meters, INTERVAL, 0);
    let audience = Audience::new(&listeners, INTERVAL);
    assert!(run_trial_on(engine, &world, &laws, 1, &audience, &mut metrics, &|_| true), "nobody stops it");
    metrics.finish()
}

/// A fixed timeout of 3 s.
pub(crate) fn fixed_timeout() -> Vec<Config> {
    vec![Config::Timeout(timeout::Config { after: Span::from_secs(3), rearm: Rearm::Newer })]
}

/// Phi accrual with a window of 1000.
pub(crate) fn phi() -> Vec<Config> {
    vec![Config::PhiNormal(phi_normal::Config { threshold: 8.0, window: 1000, min_std_dev: Span::ZERO })]
}
