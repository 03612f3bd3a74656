//! Adaptive detectors, which have no closed form: against an independent Monte Carlo of the algorithms' texts, and at points
//! where what they learn makes them as good as a timeout between one and two intervals.

use super::delay::{Delay, span};
use super::exact::Path;
use super::observe::{FARTHEST, Seen, accuracy, hold, ratio, sums, units, world};
use super::support::Listener;
use systole::detector::{Config, Watch, bertier, exponential, nfd_e, phi_akka, phi_normal, two_window};
use systole::metrics::Component;
use systole::model::World;

fn listener(config: Config) -> Listener {
    (config, Watch::default())
}

/// A world whose warm-up fills every window.
fn learned(seed: u64, path: Path, nodes: u32, beats: u32) -> World {
    World { warm_up: span(3_000.0), ..world(seed, path, nodes, beats) }
}

/// E(T_MR) beside the 95 % interval of the other Monte Carlo.
fn recurrence(what: &str, units: &[Component], (low, high): (f64, f64)) -> Seen {
    let other = 0.5 * (low + high);
    let ours = ratio(what, units.iter().map(sums).map(|(mistakes, _, exposure)| (exposure, mistakes)), other);
    let other_error = (high - low) / (2.0 * 1.96);
    Seen { error: (ours.error * ours.error + other_error * other_error).sqrt(), ..ours }
}

#[test]
fn adaptive_detectors_agree_with_an_independent_monte_carlo() {
    let path = Path { eta: 1.0, loss: 0.01, delay: Delay::Exponential(0.02) };
    let phi = |threshold| Config::PhiNormal(phi_normal::Config { threshold, window: 1000, min_std_dev: span(0.0) });
    let listeners = [
        phi(3.0),
        phi(8.0),
        Config::NfdE(nfd_e::Config { margin: span(0.98), window: 32 }),
        Config::Bertier(bertier::Config { window: 1000, beta: 1.0, phi: 4.0, gamma: 0.1 }),
        Config::TwoWindow(two_window::Config { short: 1, long: 1000, margin: span(0.1) }),
    ]
    .map(listener);
    let units = units(&learned(701, path, 64, 60_000), &listeners, 1);
    let intervals = [
        ("phi accrual 3", (100.8, 102.2)),
        ("phi accrual 8", (100.2, 102.1)),
        ("NFD-E", (107.4, 109.4)),
        ("Bertier", (28.44, 28.68)),
        ("two windows", (83.3, 84.8)),
    ];
    let seen = intervals.iter().zip(&units);
    hold(&seen.map(|(&(what, interval), units)| recurrence(what, units, interval)).collect::<Vec<_>>(), 0.015);
    // One loss always costs a mistake, so that they differ in its length alone.
    for (units, right) in units.iter().zip([0.99329, 0.99585]) {
        let wrong = ratio("1 - P_A", units.iter().map(sums).map(|(_, wrong, exposure)| (wrong, exposure)), 1.0 - right);
        assert!((wrong.observed - wrong.exact).abs() < FARTHEST * wrong.error + 1e-4, "{wrong:?}");
    }
}

#[test]
fn a_learned_limit_between_one_and_two_intervals_makes_a_mistake_of_each_loss() {
    let path = Path { eta: 1.0, loss: 0.05, delay: Delay::Constant(0.02) };
    let akka = phi_akka::Config {
        threshold: 8.0,
        window: 1000,
        min_std_dev: span(0.1),
        acceptable_pause: span(0.0),
        first_interval: span(1.0),
    };
    let exponential = Config::Exponential(exponential::Config { threshold: 0.8, window: 1000 });
    let mut world = learned(702, path, 64, 60_000);
    let seen = units(&world, &[listener(exponential)], 1);
    let one_loss = path.newer(1.5);
    hold(&[accuracy("exponential 0.8", &seen[0], one_loss).remove(0)], 0.01);
    // Akka records no interval that ended a suspicion. Where the first losses come before it has learned that heartbeats
    // are regular it records them and stays lenient for long; here they come later.
    world.seed = 703;
    world.warm_up = span(100_000.0);
    let seen = units(&world, &[listener(Config::PhiAkka(akka))], 1);
    hold(&[accuracy("Akka without pause", &seen[0], one_loss).remove(0)], 0.01);
}

#[test]
fn akka_with_its_pause_is_as_rarely_wrong_as_an_independent_monte_carlo() {
    let path = Path { eta: 1.0, loss: 0.2, delay: Delay::Exponential(0.02) };
    let akka = phi_akka::Config {
        threshold: 8.0,
        window: 1000,
        min_std_dev: span(0.1),
        acceptable_pause: span(3.0),
        first_interval: span(1.0),
    };
    let units = units(&learned(704, path, 128, 60_000), &[listener(Config::PhiAkka(akka))], 1);
    hold(&[recurrence("Akka", &units[0], (46_400.0, 66_900.0))], 0.3);
}
