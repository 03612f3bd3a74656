//! Observed means with their standard errors, and how far they lie from an exact value.

use super::delay::span;
use super::exact::{Accuracy, Path};
use super::support::{Keep, Listener, heartbeat, measure, quiet};
use systole::metrics::{Component, Detection, Outcome, TrialRecord};
use systole::model::{Loss, Phase, World};
use systole::num::{nanos_to_seconds, u64_to_f64, u128_to_f64, usize_to_f64};

/// Sums alone.
pub(crate) const SUMS: Keep = Keep { rows: 0, transitions: 0, detections: u64::MAX };

/// No z value of a right simulator lies beyond this: 7 in a million would.
pub(crate) const FARTHEST: f64 = 4.5;

/// An observed number beside its exact value.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) what: String,
    pub(crate) exact: f64,
    pub(crate) observed: f64,
    /// Standard error of the observation.
    pub(crate) error: f64,
    /// Whether it stands for its world among all z values: numbers that follow from others do not.
    pub(crate) counts: bool,
}

impl Seen {
    /// How many standard errors the observation lies from the exact value.
    pub(crate) fn z(&self) -> f64 {
        (self.observed - self.exact) / self.error
    }

    /// Half the width of the 95 % interval, as a share of the exact value.
    pub(crate) fn half_width(&self) -> f64 {
        1.96 * self.error / self.exact
    }
}

/// Holds every observation to its exact value, and its interval to `narrow` (a share of the value).
#[expect(clippy::print_stdout, reason = "how near and how narrow is what one wants to read when a test is run by hand")]
pub(crate) fn hold(seen: &[Seen], narrow: f64) {
    for one in seen {
        println!("{:55} exact {:<12.6} z {:+.2}  +- {:.2} %", one.what, one.exact, one.z(), 100.0 * one.half_width());
    }
    for one in seen {
        assert!(one.z().abs() < FARTHEST, "{one:?} has z = {}", one.z());
        assert!(one.half_width() < narrow, "{one:?} is only known to {}", one.half_width());
    }
}

/// The ratio of the sums of two columns over independent units, beside its exact value.
pub(crate) fn ratio(what: &str, units: impl Iterator<Item = (f64, f64)>, exact: f64) -> Seen {
    let units: Vec<(f64, f64)> = units.collect();
    let (above, below) = units.iter().fold((0.0, 0.0), |sums, unit| (sums.0 + unit.0, sums.1 + unit.1));
    let observed = above / below;
    let square = |&(above, below): &(f64, f64)| (above - observed * below) * (above - observed * below);
    let count = usize_to_f64(units.len());
    let error = (units.iter().map(square).sum::<f64>() * count / (count - 1.0)).sqrt() / below;
    Seen { what: what.to_owned(), exact, observed, error, counts: true }
}

/// Mistakes, wrong time and exposure in seconds, of one unit.
pub(crate) fn sums(unit: &Component) -> (f64, f64, f64) {
    let seconds = |nanos: u128| u128_to_f64(nanos) / 1e9;
    (u64_to_f64(unit.mistakes), seconds(unit.wrong_ns), seconds(unit.exposure_ns))
}

/// The accuracy of one listener: rate and duration, and the share of wrong time that follows from them.
pub(crate) fn accuracy(what: &str, units: &[Component], exact: Accuracy) -> Vec<Seen> {
    let units: Vec<_> = units.iter().map(sums).collect();
    let rate =
        ratio(&format!("{what}: rate"), units.iter().map(|&(mistakes, _, exposure)| (mistakes, exposure)), exact.rate);
    let duration = ratio(
        &format!("{what}: duration"),
        units.iter().map(|&(mistakes, wrong, _)| (wrong, mistakes)),
        exact.duration(),
    );
    let wrong =
        ratio(&format!("{what}: 1 - P_A"), units.iter().map(|&(_, wrong, exposure)| (wrong, exposure)), exact.wrong);
    vec![rate, duration, Seen { counts: false, ..wrong }]
}

/// The records of each listener over some trials.
pub(crate) fn records(world: &World, listeners: &[Listener], trials: u32) -> Vec<Vec<TrialRecord>> {
    let mut records = vec![Vec::new(); listeners.len()];
    for trial in 1..=trials {
        let measured = measure(world, listeners, trial, world.interval(), SUMS);
        for (mine, record) in records.iter_mut().zip(measured.records) {
            mine.push(record);
        }
    }
    records
}

/// The units of each listener: every node of every trial.
pub(crate) fn units(world: &World, listeners: &[Listener], trials: u32) -> Vec<Vec<Component>> {
    let records = records(world, listeners, trials);
    records.into_iter().map(|trials| trials.into_iter().flat_map(|record| record.components).collect()).collect()
}

/// Detection latencies in seconds, by unit (a node of a trial).
pub(crate) fn latencies(trials: &[TrialRecord]) -> Vec<Vec<f64>> {
    let mut units = Vec::new();
    for record in trials {
        let first = units.len();
        units.resize(first + record.components.len(), Vec::new());
        for Detection { component, outcome, .. } in &record.detections {
            match outcome {
                Outcome::Detected { latency_ns, .. } => {
                    units[first + *component as usize].push(nanos_to_seconds(*latency_ns));
                }
                Outcome::Censored(_) => {}
                other => panic!("every crash is long enough to be detected, not {other:?}"),
            }
        }
    }
    units
}

/// The mean detection latency.
pub(crate) fn detection(what: &str, trials: &[TrialRecord], exact: f64) -> Seen {
    let units = latencies(trials);
    ratio(&format!("{what}: E(T_D)"), units.iter().map(|unit| (unit.iter().sum(), usize_to_f64(unit.len()))), exact)
}

/// A world of heartbeats at random phases over an undisturbed path, with a measured time of so many heartbeats.
///
/// Worlds of one seed share their draws, so each has a seed of its own.
pub(crate) fn world(seed: u64, path: Path, nodes: u32, beats: u32) -> World {
    let mut world = World { seed, nodes, warm_up: span(100.0 * path.eta), ..quiet() };
    world.duration = span(path.eta).times(u64::from(beats));
    heartbeat(&mut world).interval = span(path.eta);
    heartbeat(&mut world).phase = Phase::Random;
    world.network.delay = path.delay.law();
    world.network.loss = Loss::Independent(path.loss);
    world
}
