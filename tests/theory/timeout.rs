//! Fixed timeouts: both rules of re-arming, messages in order, jittered heartbeats, waits instead of a grid.

use std::sync::LazyLock;

use super::delay::{Delay, span};
use super::exact::{Accuracy, Path};
use super::observe::{Seen, accuracy, hold, units, world};
use super::support::{Listener, heartbeat, timeout};
use systole::detector::timeout::Rearm;
use systole::detector::{Config, Watch, timeout};
use systole::model::{Ordering, Pacing, World};

fn any(after: f64) -> Listener {
    (Config::Timeout(timeout::Config { after: span(after), rearm: Rearm::Any }), Watch::default())
}

fn newer(after: f64) -> Listener {
    timeout(span(after))
}

/// Both rules at one timeout over one path.
fn both(seed: u64, name: &str, path: Path, after: f64, size: (u32, u32)) -> Vec<Seen> {
    let units = units(&world(seed, path, size.0, size.1), &[newer(after), any(after)], 1);
    let mut seen = accuracy(&format!("timeout {after}, {name}, newer"), &units[0], path.newer(after));
    // Over the same paths: it adds nothing to what the z values say together.
    let any = accuracy(&format!("timeout {after}, {name}, any"), &units[1], path.any(after));
    seen.extend(any.into_iter().map(|seen| Seen { counts: false, ..seen }));
    seen
}

pub(crate) static RULES: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    let path = |eta, loss, delay| Path { eta, loss, delay };
    [
        both(201, "exponential", path(1.0, 0.01, Delay::Exponential(0.02)), 1.1, (256, 40_000)),
        both(202, "exponential", path(1.0, 0.01, Delay::Exponential(0.02)), 2.0, (256, 40_000)),
        both(203, "lossy", path(0.1, 0.1, Delay::Exponential(0.1)), 0.3, (256, 30_000)),
        both(204, "late", path(0.1, 0.0, Delay::Exponential(0.1)), 0.3, (256, 60_000)),
        both(205, "wide", path(1.0, 0.1, Delay::Uniform(0.5, 2.5)), 2.2, (256, 10_000)),
        both(206, "constant", path(1.0, 0.25, Delay::Constant(0.2)), 3.5, (256, 50_000)),
        both(207, "gamma", path(1.0, 0.1, Delay::GammaTwo(0.5)), 2.5, (256, 20_000)),
        both(208, "lognormal", path(1.0, 0.1, Delay::lognormal(0.3, 0.8)), 1.7, (256, 20_000)),
    ]
    .concat()
});

fn in_order(seed: u64, name: &str, path: Path, after: f64, (nodes, beats): (u32, u32)) -> Vec<Seen> {
    let mut world = world(seed, path, nodes, beats);
    world.network.ordering = Ordering::Fifo;
    let units = units(&world, &[newer(after), any(after)], 1);
    assert_eq!(units[0], units[1], "where nothing overtakes, every message is newer");
    accuracy(&format!("timeout {after}, {name}, in order"), &units[0], path.in_order(after))
}

pub(crate) static IN_ORDER: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    [
        in_order(209, "exponential", Path { eta: 0.1, loss: 0.1, delay: Delay::Exponential(0.1) }, 0.3, (256, 40_000)),
        in_order(210, "uniform", Path { eta: 1.0, loss: 0.05, delay: Delay::Uniform(0.0, 3.0) }, 2.2, (256, 20_000)),
    ]
    .concat()
});

fn paced(seed: u64, name: &str, path: Path, pacing: Pacing, after: f64, exact: Accuracy) -> Vec<Seen> {
    let mut world: World = world(seed, path, 256, 20_000);
    heartbeat(&mut world).pacing = pacing;
    accuracy(name, &units(&world, &[newer(after)], 1)[0], exact)
}

pub(crate) static PACED: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    let path = Path { eta: 1.0, loss: 0.1, delay: Delay::Constant(0.5) };
    // A jitter of 30 % is a delay that is uniform in +- 0.3 s.
    let jittered = Path { delay: Delay::Uniform(0.2, 0.8), ..path };
    // Waits W uniform in 1 .. 1.5 s and L losses: silences of L + 1 waits. After 2.5 s that is a mistake with chance 1/2
    // after one loss, and surely after more; E[(W1 + W2 - 2.5)+] = 1/12.
    let (one, more) = (0.9 * 0.1, 0.1 * 0.1);
    let rate = (0.5 * one + more) / (1.25 / 0.9);
    let mean_waits_after_more = 1.25 * (3.0 + 0.1 / 0.9);
    let wrong = (one / 12.0 + more * (mean_waits_after_more - 2.5)) / (1.25 / 0.9);
    let waits = Pacing::Wait { min: 1.0, max: 1.5 };
    [
        paced(211, "jitter", path, Pacing::Jitter(0.3), 2.2, jittered.newer(2.2)),
        paced(212, "waits", path, waits, 2.5, Accuracy { rate, wrong }),
    ]
    .concat()
});

#[test]
fn both_rules_are_as_accurate_as_derived() {
    hold(&RULES, 0.035);
}

#[test]
fn ordered_delivery_is_as_accurate_as_derived() {
    hold(&IN_ORDER, 0.01);
}

#[test]
fn jittered_and_waiting_senders_are_as_accurate_as_derived() {
    hold(&PACED, 0.01);
}
