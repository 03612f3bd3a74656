//! Theorems that hold on every path, whatever the draws: bounds of detection, and which detector is wrong whenever NFD-S is.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::delay::{Delay, span};
use super::exact::Path;
use super::support::{Keep, Listener, crash, heartbeat, measure, nfd_s, pause, quiet, timeout};
use systole::detector::timeout::Rearm;
use systole::detector::{
    CheckPeriod, CheckPhase, Config, Verdict, Watch, misses, nfd_e, nfd_u, timeout as timeouts, two_window,
};
use systole::metrics::{Measured, Outcome};
use systole::model::{Law, Loss, MissedTicks, OnRestart, Ordering, Pacing, Phase, Target, Timing, World};
use systole::num::{u64_to_f64, u128_to_f64};
use systole::units::Span;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() }
}

fn millis(range: std::ops::Range<u64>) -> impl Strategy<Value = Span> {
    range.prop_map(Span::from_millis)
}

fn loss() -> impl Strategy<Value = Loss> {
    prop_oneof![
        (0.0..0.5_f64).prop_map(Loss::Independent),
        (0.01..0.3_f64, 0.1..0.9_f64).prop_map(|(p, r)| Loss::PerPacket { p, r, loss_good: 0.01, loss_bad: 0.9 }),
        (millis(1_000..30_000), millis(300..4_000)).prop_map(|(mean_good, mean_bad)| Loss::Bursts {
            mean_good,
            mean_bad,
            loss_good: 0.0,
            loss_bad: 1.0
        }),
    ]
}

/// Any law, most of them without a bound.
fn delay() -> impl Strategy<Value = Law> {
    prop_oneof![
        millis(1..900).prop_map(Law::Constant),
        millis(1..900).prop_map(|mean| Law::Exponential { mean, min: Span::ZERO }),
        (millis(1..500), millis(1..900)).prop_map(|(min, width)| Law::Uniform { min, max: min + width }),
        (-4.0..0.0_f64, 0.1..2.0_f64).prop_map(|(mu, sigma)| Law::Lognormal { mu, sigma }),
        (millis(1..300), 1.1..4.0_f64).prop_map(|(min, shape)| Law::Pareto { min, shape, max: None }),
    ]
}

/// Nodes that crash, for long, at any time.
fn crashing(seed: u64, loss: Loss, delay: Law) -> World {
    let every = Timing::Every(Law::Exponential { mean: span(60.0), min: span(20.0) });
    let faults = vec![crash("crash", Target::Nodes, every, Law::Constant(span(30.0)))];
    let mut world = World { seed, nodes: 4, duration: span(1_500.0), faults, ..quiet() };
    heartbeat(&mut world).phase = Phase::Random;
    world.network.loss = loss;
    world.network.delay = delay;
    world
}

/// The longest latency of each listener, and how many crashes it detected. None may be left undetected.
fn slowest(measured: &Measured) -> Vec<(u64, u64)> {
    let of = |record: &systole::metrics::TrialRecord| {
        let outcomes = record.detections.iter().map(|detection| detection.outcome);
        outcomes.fold((0, 0), |(longest, count), outcome| match outcome {
            Outcome::Detected { latency_ns, .. } => (longest.max(latency_ns), count + 1),
            Outcome::Undetected(after) => panic!("a crash stayed undetected for {after} ns"),
            Outcome::Censored(_) | Outcome::Unknown => (longest, count),
        })
    };
    measured.records.iter().map(of).collect()
}

fn trial(world: &World, listeners: &[Listener]) -> Measured {
    measure(world, listeners, 1, world.interval(), Keep { rows: 0, transitions: u64::MAX, detections: u64::MAX })
}

proptest! {
    #![proptest_config(cases(60))]

    /// T_D <= shift + eta, for every law of delay, loss and jitter, whether messages overtake or not, and with pauses.
    #[test]
    fn nfd_s_detects_within_its_bound(
        seed in any::<u64>(), loss in loss(), delay in delay(), shift in millis(1..4_000), fifo in any::<bool>(),
        jitter in 0.0..0.4_f64, missed in 0..4_usize, restart in 0..3_usize, period in millis(50..3_000),
    ) {
        let mut world = crashing(seed, loss, delay);
        world.network.ordering = if fifo { Ordering::Fifo } else { Ordering::Any };
        let beats = heartbeat(&mut world);
        beats.pacing = Pacing::Jitter(jitter);
        beats.missed_ticks = [MissedTicks::Skip, MissedTicks::Burst, MissedTicks::Delay, MissedTicks::Drop][missed];
        beats.on_restart = [OnRestart::AtOnce, OnRestart::RandomPhase, OnRestart::SameGrid][restart];
        let every = Timing::Every(Law::Exponential { mean: span(40.0), min: Span::ZERO });
        world.faults.push(pause("gc", Target::Nodes, every, Law::Exponential { mean: span(2.0), min: Span::ZERO }));
        let check = Some(CheckPeriod::grid(period, CheckPhase::Random));
        let looked = (nfd_s(shift).0, Watch { every: check, ..Watch::default() });
        let slowest = slowest(&trial(&world, &[nfd_s(shift), looked]));
        let bound = (shift + world.interval()).as_nanos();
        prop_assert!(slowest[0].0 <= bound);
        prop_assert!(slowest[1].0 <= bound + period.as_nanos());
        prop_assert!(slowest[0].1 > 10, "there were crashes to detect");
    }

    /// Where no message takes longer than `max`, NFD-S with a shift suspects only where all of these suspect: they detect
    /// within the same shift + eta. (Suspicion means that the newest message was sent that long ago, and all came within `max`.)
    #[test]
    fn whoever_detects_as_fast_as_nfd_s_is_wrong_whenever_it_is(
        seed in any::<u64>(), loss in loss(), min in millis(0..800), width in millis(1..1_200), spare in millis(50..3_000),
        window in 1..40_u32,
    ) {
        let max = min + width;
        let world = crashing(seed, loss, Law::Uniform { min, max });
        let shift = max + spare;
        let eta = world.interval();
        let after = spare + eta;
        let any = Config::Timeout(timeouts::Config { after, rearm: Rearm::Any });
        let count = u32::try_from(after.as_nanos() / eta.as_nanos()).unwrap_or(1);
        let grace = after.saturating_sub(eta.times(u64::from(count)));
        let others = [
            timeout(after).0,
            any,
            Config::Misses(misses::Config { count, grace }),
            Config::NfdU(nfd_u::Config { mean_delay: min, margin: shift.saturating_sub(min) }),
            Config::NfdE(nfd_e::Config { margin: spare, window }),
            Config::TwoWindow(two_window::Config { short: 1, long: window, margin: spare }),
        ];
        let mut listeners = vec![nfd_s(shift)];
        listeners.extend(others.map(|config| (config, Watch::default())));
        let measured = trial(&world, &listeners);
        contained(&measured, listeners.len());
        let bound = (shift + eta).as_nanos();
        prop_assert!(slowest(&measured).iter().all(|&(longest, _)| longest <= bound));
        let wrong = |index: usize| -> u128 { measured.records[index].components.iter().map(|sums| sums.wrong_ns).sum() };
        prop_assert!((1..listeners.len()).all(|other| wrong(0) <= wrong(other)));
    }

    /// lambda E(T_MR) = 1, T_G = T_MR - T_M and 1 - P_A = lambda E(T_M), from the list of transitions of a pair.
    #[test]
    fn theorem_one_holds_on_every_path(seed in any::<u64>(), loss in loss(), delay in delay(), after in millis(1_050..2_500)) {
        let mut world = crashing(seed, loss, delay);
        world.faults.clear();
        world.nodes = 1;
        let measured = trial(&world, &[timeout(after)]);
        let changes: Vec<_> = measured.transitions.iter().map(|(_, _, change)| change).filter(|change| !change.first).collect();
        let at = |verdict| changes.iter().filter(move |c| c.verdict == verdict).map(|c| c.at.as_nanos());
        let (wrongs, rights): (Vec<u64>, Vec<u64>) = (at(Verdict::Suspect).collect(), at(Verdict::Trust).collect());
        prop_assume!(wrongs.len() > 3);
        // From the first S-transition to the last: whole cycles.
        let cycles = u64_to_f64(wrongs.len() as u64 - 1);
        let span = wrongs[wrongs.len() - 1] - wrongs[0];
        let mistakes: u64 = wrongs.iter().zip(&rights).take(wrongs.len() - 1).map(|(from, to)| to - from).sum();
        let good: u64 = rights.iter().zip(&wrongs[1..]).map(|(from, to)| to - from).sum();
        prop_assert_eq!(span, mistakes + good);
        let (recurrence, duration) = (u64_to_f64(span) / cycles, u64_to_f64(mistakes) / cycles);
        let rate = cycles / u64_to_f64(span);
        prop_assert!((rate * recurrence - 1.0).abs() < 1e-12);
        prop_assert!((rate * duration - u64_to_f64(mistakes) / u64_to_f64(span)).abs() < 1e-12);
        // And the sums of the metrics are those of the list.
        let (start, end) = (world.warm_up.as_nanos(), world.total().as_nanos());
        let ends = rights.iter().copied().chain([end]);
        let wrong: u64 = wrongs.iter().zip(ends).map(|(&from, to)| to.max(start) - from.max(start)).sum();
        let sums = measured.records[0].components[0];
        prop_assert_eq!(sums.wrong_ns, u128::from(wrong));
        prop_assert_eq!(sums.mistakes, wrongs.iter().filter(|&&at| at >= start).count() as u64);
        prop_assert!(u128_to_f64(sums.exposure_ns) <= u64_to_f64(end - start));
    }
}

/// At every instant, after all that happens in it: who suspects includes all others if it includes the first listener.
fn contained(measured: &Measured, listeners: usize) {
    let mut suspects: BTreeMap<(u32, u32), Vec<bool>> = BTreeMap::new();
    let mut changes = measured.transitions.iter().peekable();
    while let Some(&(node, monitor, change)) = changes.next() {
        let pair = suspects.entry((node, monitor)).or_insert_with(|| vec![false; listeners]);
        pair[change.setting as usize] = change.verdict == Verdict::Suspect;
        if changes.peek().is_none_or(|(_, _, next)| next.at > change.at) {
            for pair in suspects.values().filter(|pair| pair[0]) {
                assert!(pair.iter().all(|&suspects| suspects), "at {:?} {pair:?}", change.at);
            }
        }
    }
}

/// Laws with a mean and a variance, and how NFD-S is tuned to them.
fn tuned() -> impl Iterator<Item = (Path, f64)> {
    let delays = [
        Delay::Exponential(0.02),
        Delay::Exponential(0.3),
        Delay::Uniform(0.1, 1.5),
        Delay::GammaTwo(0.25),
        Delay::lognormal(0.1, 1.0),
    ];
    delays.into_iter().flat_map(|delay| {
        [0.0, 0.01, 0.2].into_iter().flat_map(move |loss| {
            let path = Path { eta: 1.0, loss, delay };
            [0.25, 0.7, 1.3, 2.4].map(|beyond| (path, delay.moments().0 + beyond))
        })
    })
}

/// Chen, Toueg and Aguilera, from Pr(D > t) <= V / (V + (t - E(D))^2): E(T_MR) >= eta / beta and E(T_M) <= eta / gamma.
#[test]
fn bounds_from_mean_and_variance_hold_for_every_law_that_has_them() {
    for (path, shift) in tuned() {
        let (mean, variance) = path.delay.moments();
        let (accuracy, loss, eta) = (path.nfd_s(shift), path.loss, path.eta);
        let mut beta = 1.0;
        let mut distance = shift - mean;
        while distance > 0.0 {
            let square = distance * distance;
            beta *= (variance + loss * square) / (variance + square);
            distance -= eta;
        }
        let square = (shift - mean + eta) * (shift - mean + eta);
        let gamma = (1.0 - loss) * square / (variance + square);
        assert!(accuracy.recurrence() >= eta / beta * (1.0 - 1e-9), "{path:?} {shift}");
        // A law whose longest delay is below the shift makes no mistake without loss, and so none of any length.
        let longest = if accuracy.rate > 0.0 { accuracy.duration() } else { 0.0 };
        assert!(longest <= eta / gamma * (1.0 + 1e-9), "{path:?} {shift}");
    }
}

/// NFD-S has the best query accuracy of all that send as often and detect as fast; a timeout that detects as fast must leave
/// room for the longest delay.
#[test]
fn nfd_s_is_more_often_right_than_a_timeout_that_detects_as_fast() {
    for (loss, min, max, spare) in [(0.01, 0.0, 0.5, 0.3), (0.1, 0.2, 1.5, 1.1), (0.25, 0.5, 2.5, 0.05)] {
        let path = Path { eta: 1.0, loss, delay: Delay::Uniform(min, max) };
        let best = path.nfd_s(max + spare).wrong;
        assert!(best <= path.newer(spare + path.eta).wrong && best <= path.any(spare + path.eta).wrong);
    }
}
