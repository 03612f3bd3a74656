//! NFD-S, NFD-U and NFD-E of Chen, Toueg and Aguilera: accuracy at exact points.

use std::sync::LazyLock;

use super::delay::{Delay, span};
use super::exact::Path;
use super::observe::{Seen, accuracy, hold, units, world};
use super::support::{Listener, nfd_s};
use systole::detector::{Config, Watch, nfd_u};

const CHEN: Path = Path { eta: 1.0, loss: 0.01, delay: Delay::Exponential(0.02) };

/// NFD-S at these shifts over one path.
fn points(seed: u64, name: &str, path: Path, shifts: &[f64], (nodes, beats): (u32, u32)) -> Vec<Seen> {
    let listeners: Vec<Listener> = shifts.iter().map(|&shift| nfd_s(span(shift))).collect();
    let units = units(&world(seed, path, nodes, beats), &listeners, 1);
    let seen = shifts.iter().zip(&units);
    seen.flat_map(|(&shift, units)| accuracy(&format!("NFD-S, {name}, shift {shift}"), units, path.nfd_s(shift)))
        .collect()
}

pub(crate) static COMMON: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    let path = |eta, loss, delay| Path { eta, loss, delay };
    let exponential = Delay::Exponential;
    [
        points(102, "Chen's example", CHEN, &[0.0], (128, 4_000)),
        points(103, "short shift", path(1.0, 0.05, exponential(0.02)), &[0.05], (256, 8_000)),
        points(104, "exponential", path(0.1, 0.1, exponential(0.1)), &[0.3], (256, 50_000)),
        points(105, "lognormal", path(0.1, 0.1, Delay::lognormal(0.1, 1.0)), &[0.3], (256, 60_000)),
        points(106, "gamma", path(1.0, 0.05, Delay::GammaTwo(0.25)), &[1.2], (256, 8_000)),
        points(107, "uniform", path(1.0, 0.05, Delay::Uniform(0.0, 1.5)), &[0.8], (256, 3_000)),
        points(108, "constant", path(1.0, 0.1, Delay::Constant(0.2)), &[1.5], (256, 60_000)),
        points(109, "lossy", path(1.0, 0.25, Delay::Constant(0.2)), &[2.5], (256, 50_000)),
        points(110, "no loss", path(1.0, 0.0, exponential(0.02)), &[0.1], (256, 50_000)),
    ]
    .concat()
});

pub(crate) static CLIFF: LazyLock<Vec<Seen>> =
    LazyLock::new(|| points(111, "Chen's example", CHEN, &[0.1, 0.5, 1.0], (256, 60_000)));

pub(crate) static RARE: LazyLock<Vec<Seen>> =
    LazyLock::new(|| points(112, "Chen's example", CHEN, &[1.1, 1.5, 2.0], (256, 40_000)));

#[test]
fn nfd_s_is_as_accurate_as_the_theorem_says() {
    hold(&COMMON, 0.01);
}

#[test]
fn nfd_s_has_its_cliffs_where_the_paper_draws_them() {
    hold(&CLIFF, 0.02);
    hold(&RARE, 0.25);
}

#[test]
fn nfd_u_is_nfd_s_with_the_mean_delay_in_its_shift() {
    let margin = (Config::NfdU(nfd_u::Config { mean_delay: span(0.02), margin: span(0.48) }), Watch::default());
    let units = units(&world(112, CHEN, 64, 10_000), &[nfd_s(span(0.5)), margin], 1);
    assert_eq!(units[0], units[1]);
}
