//! How many times faster than the yardstick we are, taken in one run: `cargo bench --bench ratios`.
//!
//! Absolute times of a shared machine mean nothing. Ours and the yardstick run in turn, each several times, and the best of
//! each counts: one core, set-up included, all metrics on.
#![expect(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark measures time and prints it")]

#[path = "push/ours.rs"]
mod ours;
#[path = "push/yardstick.rs"]
mod yardstick;

use std::hint::black_box;
use std::time::Instant;

use ours::INTERVAL;
use systole::detector::{Config, nfd_e, phi_cassandra, phi_normal, timeout};
use systole::engine::Engine;
use systole::units::Span;

/// How often each side runs.
const REPEATS: u32 = 5;

/// The least seconds that each of two things took, run in turn.
fn best_of_both(mut one: impl FnMut(), mut other: impl FnMut()) -> (f64, f64) {
    let seconds = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    };
    let both = (0..REPEATS).map(|_| (seconds(&mut one), seconds(&mut other)));
    both.reduce(|best, next| (best.0.min(next.0), best.1.min(next.1))).expect("it runs at least once")
}

struct Case {
    name: &'static str,
    engine: Engine,
    senders: u32,
    heartbeats: u64,
    detectors: Vec<Config>,
    goal: f64,
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn compare(case: &Case) {
    let intervals = case.heartbeats / u64::from(case.senders);
    let (plain, ours) = best_of_both(
        || _ = black_box(yardstick::run(case.senders, intervals, 1)),
        || _ = black_box(ours::run(case.engine, case.senders, intervals, &case.detectors)),
    );
    let rate = |seconds: f64| (intervals * u64::from(case.senders)) as f64 / seconds / 1e6;
    println!(
        "{:<12} N = {:>6}: {:>6.1} M heartbeats/s, yardstick {:>5.2}, ratio {:>5.1} (goal {})",
        case.name,
        case.senders,
        rate(ours),
        rate(plain),
        plain / ours,
        case.goal
    );
}

fn cases() -> Vec<Case> {
    let streams = |senders, heartbeats, goal| Case {
        name: "streams",
        engine: Engine::Streams,
        senders,
        heartbeats,
        detectors: ours::fixed_timeout(),
        goal,
    };
    let ring = |senders, goal| Case { name: "ring", engine: Engine::Ring, ..streams(senders, 3_000_000, goal) };
    vec![
        streams(10, 5_000_000, 8.0),
        streams(1_000, 5_000_000, 14.0),
        streams(10_000, 5_000_000, 22.0),
        streams(100_000, 10_000_000, 60.0),
        Case { name: "phi-normal", detectors: ours::phi(), ..streams(1_000, 5_000_000, 5.0) },
        ring(10, 2.0),
        ring(1_000, 3.0),
        ring(10_000, 4.0),
        ring(100_000, 8.0),
    ]
}

fn sweep() {
    let run = |each| _ = black_box(ours::run(Engine::Streams, 100, 30_000, &settings_of_four_kinds(each)));
    let (few, many) = best_of_both(|| run(1), || run(60));
    let each = |seconds: f64| seconds / 3e6 * 1e9;
    println!(
        "240 settings: {:.0} ns a heartbeat, 4 settings {:.0} ns, ratio {:.1} (at most 4)",
        each(many),
        each(few),
        many / few
    );
}

fn main() {
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread can be had");
    pool.install(|| {
        for case in cases().iter().filter(|case| case.name.contains(&only)) {
            compare(case);
        }
        if "sweep".contains(&only) {
            sweep();
        }
    });
}

/// So many settings each of four kinds of detector.
fn settings_of_four_kinds(each: u32) -> Vec<Config> {
    let settings = (0..each).flat_map(|number| {
        let share = (f64::from(number) + 0.5) / f64::from(each);
        let span = Span::from_millis(500 + 5_000 * (2 * u64::from(number) + 1) / (2 * u64::from(each)));
        [
            Config::Timeout(timeout::Config { after: Span::from_secs(1) + span, rearm: timeout::Rearm::Newer }),
            Config::NfdE(nfd_e::Config { margin: span, window: 32 }),
            Config::PhiNormal(phi_normal::Config {
                threshold: 3.0 + 9.0 * share,
                window: 1000,
                min_std_dev: Span::ZERO,
            }),
            Config::PhiCassandra(phi_cassandra::Config {
                threshold: 2.0 + 10.0 * share,
                window: 1000,
                first_interval: INTERVAL.times(2),
                max_interval: INTERVAL.times(2),
                max_local_pause: INTERVAL.times(5),
            }),
        ]
    });
    settings.collect()
}
