//! Crashes: how long until they are seen, and until the restarted node is trusted again.

use std::sync::LazyLock;

use super::delay::{Delay, span};
use super::exact::Path;
use super::observe::{Seen, detection, hold, latencies, ratio, records, world};
use super::support::{Listener, crash, heartbeat, nfd_s, timeout};
use systole::detector::timeout::Rearm;
use systole::detector::{CheckPeriod, CheckPhase, Config, Watch, timeout};
use systole::metrics::TrialRecord;
use systole::model::{Law, OnRestart, Target, Timing, World};
use systole::num::{u64_to_f64, u128_to_f64, usize_to_f64};

/// A world whose nodes crash at any part of an interval alike, long enough for every detector to see it.
fn crashing(seed: u64, path: Path) -> World {
    let mut world = world(seed, path, 256, 5_000);
    // Whole intervals apart, so that the time since the last slot is uniform.
    let timing = Timing::Every(Law::Uniform { min: span(30.0 * path.eta), max: span(80.0 * path.eta) });
    world.faults = vec![crash("crash", Target::Nodes, timing, Law::Constant(span(30.0 * path.eta)))];
    world
}

/// A timeout by both rules, and NFD-S, over one crashing path.
fn point(seed: u64, name: &str, path: Path, after: f64, shift: f64) -> Vec<Seen> {
    let any = (Config::Timeout(timeout::Config { after: span(after), rearm: Rearm::Any }), Watch::default());
    let records = records(&crashing(seed, path), &[timeout(span(after)), any, nfd_s(span(shift))], 1);
    let mut seen = vec![
        detection(&format!("timeout {after}, {name}, newer"), &records[0], path.newer_detection(after)),
        detection(&format!("timeout {after}, {name}, any"), &records[1], path.any_detection(after)),
        detection(&format!("NFD-S {shift}, {name}"), &records[2], path.nfd_s_detection(shift)),
    ];
    // The crashes are the same: one value stands for all.
    seen[1].counts = false;
    seen[2].counts = false;
    seen
}

pub(crate) static SEEN: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    let path = |eta, loss, delay| Path { eta, loss, delay };
    [
        point(501, "Chen's example", path(1.0, 0.01, Delay::Exponential(0.02)), 1.1, 1.0),
        point(502, "longer", path(1.0, 0.01, Delay::Exponential(0.02)), 2.0, 0.3),
        point(503, "lossy", path(0.1, 0.1, Delay::Exponential(0.1)), 0.3, 0.3),
        point(504, "late", path(0.1, 0.0, Delay::Exponential(0.1)), 0.3, 0.15),
        point(505, "wide", path(1.0, 0.1, Delay::Uniform(0.5, 2.5)), 2.2, 2.0),
        point(506, "constant", path(1.0, 0.25, Delay::Constant(0.2)), 3.5, 2.5),
    ]
    .concat()
});

#[test]
fn detection_takes_as_long_as_derived() {
    hold(&SEEN, 0.01);
}

const REGULAR: Path = Path { eta: 1.0, loss: 0.0, delay: Delay::Constant(0.2) };

/// The greatest distance between the distribution of the latencies and `cdf`, times the root of their number
/// (Kolmogorov's statistic: beyond 2.5 once in 100,000).
fn distance(trials: &[TrialRecord], cdf: impl Fn(f64) -> f64) -> f64 {
    let mut latencies = latencies(trials).concat();
    latencies.sort_by(f64::total_cmp);
    let count = usize_to_f64(latencies.len());
    let apart = |(index, &latency): (usize, &f64)| {
        let (below, exact) = (usize_to_f64(index) / count, cdf(latency));
        (exact - below).abs().max((exact - below - 1.0 / count).abs())
    };
    count.sqrt() * latencies.iter().enumerate().map(apart).fold(0.0, f64::max)
}

#[test]
fn detection_is_uniform_over_one_interval_before_delay_and_timeout() {
    let records = records(&crashing(510, REGULAR), &[timeout(span(3.0))], 1);
    assert!(distance(&records[0], |latency| (latency - 2.2).clamp(0.0, 1.0)) < 2.5);
    let all = latencies(&records[0]).concat();
    assert!(all.iter().all(|&latency| latency > 2.2 - 1e-9 && latency <= 3.2), "never outside");
}

#[test]
fn looking_on_ticks_adds_a_uniform_part_of_the_check_period() {
    // Not a simple part of the interval, so that deadline and tick do not lock.
    let period = 0.618_033_988;
    let every = Some(CheckPeriod::grid(span(period), CheckPhase::Random));
    let looked: Listener = (timeout(span(3.0)).0, Watch { every, ..Watch::default() });
    let records = records(&crashing(511, REGULAR), &[looked], 4);
    // The sum of two uniform parts: from 0 to `period` a triangle's flank, a plateau, the other flank.
    let cdf = |latency: f64| {
        let x = (latency - 2.2).clamp(0.0, 1.0 + period);
        let flank = |x: f64| 0.5 * x * x / period;
        if x < period {
            flank(x)
        } else if x < 1.0 {
            x - 0.5 * period
        } else {
            1.0 - flank(1.0 + period - x)
        }
    };
    assert!(distance(&records[0], cdf) < 2.5);
    hold(&[detection("checked timeout 3", &records[0], 2.7 + 0.5 * period)], 0.01);
}

#[test]
fn a_stretched_check_period_looks_on_in_the_mean_as_renewal_theory_says() {
    // Gaps between looks are uniform in 1 .. 1.5 s: the wait for the next look is E(W^2) / (2 E(W)).
    let every = Some(CheckPeriod { gap_max: 0.5, ..CheckPeriod::grid(span(1.0), CheckPhase::Random) });
    let looked: Listener = (timeout(span(3.0)).0, Watch { every, ..Watch::default() });
    let records = records(&crashing(512, REGULAR), &[looked], 4);
    let wait = (1.25 * 1.25 + 0.25 / 12.0) / (2.0 * 1.25);
    hold(&[detection("stretched checks", &records[0], 2.7 + wait)], 0.01);
}

#[test]
fn crashes_are_as_many_as_the_renewal_law_says() {
    let records = records(&crashing(513, REGULAR), &[timeout(span(3.0))], 1).remove(0);
    let mut counts = vec![0.0; records[0].components.len()];
    for detection in &records[0].detections {
        counts[detection.component as usize] += 1.0;
    }
    let cycles = 5_000.0 / (55.0 + 30.0);
    hold(&[ratio("crashes", counts.iter().map(|&count| (count, cycles)), 1.0)], 0.01);
}

#[test]
fn a_restarted_node_is_trusted_as_soon_as_its_first_heartbeat_comes() {
    let recovery = |seed, on_restart, path: Path| {
        let mut world = crashing(seed, path);
        heartbeat(&mut world).on_restart = on_restart;
        records(&world, &[timeout(span(3.5))], 8).remove(0)
    };
    let mean = |what: &str, trials: Vec<TrialRecord>, exact| {
        let units = trials.iter().map(|trial| (u128_to_f64(trial.recovery_sum_ns) / 1e9, u64_to_f64(trial.recoveries)));
        ratio(what, units, exact)
    };
    let at_once = recovery(514, OnRestart::AtOnce, REGULAR);
    assert!(at_once.iter().all(|trial| trial.recovery_sum_ns == u128::from(trial.recoveries) * 200_000_000));
    let lossy = Path { loss: 0.2, ..REGULAR };
    hold(
        &[
            mean("random phase", recovery(515, OnRestart::RandomPhase, REGULAR), 0.7),
            mean("same grid", recovery(516, OnRestart::SameGrid, REGULAR), 0.7),
            mean("at once, lossy", recovery(517, OnRestart::AtOnce, lossy), 0.2 + 0.2 / 0.8),
        ],
        0.02,
    );
}
