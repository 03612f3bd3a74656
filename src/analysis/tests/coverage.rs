//! Do the intervals cover the truth as often as they say, where events come in clumps and crashes in clusters?
//!
//! Fixed seeds; the limits are wide enough never to flake and narrow enough to catch an interval that assumes
//! independence.

use super::super::{Estimate, summarise};
use super::{HOUR, SECOND, component, detected, row, trial, with_crashes};
use crate::metrics::{Detection, Outcome, TrialRecord};
use crate::num::{exp, f64_to_u64, ln, u64_to_f64};

/// A small generator for these tests alone (Steele, Lea and Flood 2014).
struct Draws(u64);

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (u64_to_f64((z ^ (z >> 31)) >> 11) + 0.5) / 9_007_199_254_740_992.0
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * ln(self.uniform())
    }

    /// Sum of so many geometric clumps as a Poisson process has in a unit of time.
    fn clumps(&mut self, rate: f64, mean_size: f64) -> u64 {
        let mut events = 0;
        let mut time = self.exponential(1.0 / rate);
        while time < 1.0 {
            events += 1;
            while self.uniform() > 1.0 / mean_size {
                events += 1;
            }
            time += self.exponential(1.0 / rate);
        }
        events
    }
}

/// How often an interval missed the truth on either side, and how often it had no end there.
#[derive(Debug, Default)]
struct Misses {
    runs: u64,
    below: u64,
    above: u64,
    below_one_sided: u64,
    above_one_sided: u64,
}

impl Misses {
    fn count(&mut self, estimate: &Estimate, truth: f64) {
        self.runs += 1;
        self.below += u64::from(estimate.high.is_some_and(|high| truth > high));
        self.above += u64::from(estimate.low.is_some_and(|low| truth < low));
        self.below_one_sided += u64::from(estimate.at_most.is_some_and(|high| truth > high));
        self.above_one_sided += u64::from(estimate.at_least.is_some_and(|low| truth < low));
    }

    fn coverage(&self) -> f64 {
        1.0 - u64_to_f64(self.below + self.above) / u64_to_f64(self.runs)
    }
}

/// Coverage of the rate, of the share of wrong time and of the mean duration.
#[derive(Debug, Default)]
struct RateMisses {
    pair_rate: Misses,
    wrong: Misses,
    duration: Misses,
}

/// 500 runs of incidents that are clumps of mistakes, each mistake two seconds long on average.
fn rates(seed: u64, trials: u32, components: u32, incidents: f64, size: f64) -> RateMisses {
    let units = f64::from(trials * components);
    let mut draws = Draws(seed);
    let mut misses = RateMisses::default();
    for _ in 0..500 {
        let mut unit = || {
            let mistakes = draws.clumps(incidents / units, size);
            let wrong: f64 = (0..mistakes).map(|_| draws.exponential(2e9)).sum();
            component(mistakes, f64_to_u64(wrong))
        };
        let trials = (0..trials).map(|_| trial((0..components).map(|_| unit()).collect()));
        let summary = summarise(&[], 1, &[row(u64::from(components), trials.collect())]);
        let estimates = &summary.rows[0].estimates;
        let rate = incidents * size / units;
        misses.pair_rate.count(&estimates["false_positive_rate_per_pair_hour"], rate);
        misses.wrong.count(&estimates["one_minus_query_accuracy"], rate * 2e9 / u64_to_f64(HOUR));
        misses.duration.count(&estimates["mistake_duration_mean_s"], 2.0);
    }
    misses
}

/// A world in which one unit in five is slow: its latencies have five times the mean.
struct Clustered {
    trials: u32,
    components: u32,
    crashes: u32,
    /// Mean time to the restart, which censors; `None`: it never comes in time.
    down_for: Option<f64>,
}

impl Clustered {
    fn records(&self, draws: &mut Draws) -> Vec<TrialRecord> {
        (0..self.trials)
            .map(|_| {
                let record = trial(vec![component(0, 0); self.components as usize]);
                let mut crashes = Vec::new();
                for unit in 0..self.components {
                    let mean = if draws.uniform() < 0.2 { 5.0 } else { 1.0 };
                    for crash in 0..self.crashes {
                        crashes.push(self.crash(unit, crash, draws.exponential(mean), draws));
                    }
                }
                with_crashes(record, crashes)
            })
            .collect()
    }

    fn crash(&self, unit: u32, crash: u32, latency: f64, draws: &mut Draws) -> Detection {
        let nanos = |seconds: f64| f64_to_u64(seconds * 1e9);
        let detection = detected(unit, unit + 1, u64::from(crash) * SECOND, nanos(latency));
        match self.down_for.map(|mean| draws.exponential(mean)).filter(|down| *down < latency) {
            Some(down) => Detection { outcome: Outcome::Undetected(nanos(down)), ..detection },
            None => detection,
        }
    }

    /// The time that a share `tail` of the latencies exceeds.
    fn quantile(tail: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1000.0);
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if 0.8 * exp(-middle) + 0.2 * exp(-middle / 5.0) > tail { low = middle } else { high = middle }
        }
        low
    }

    fn misses(&self, seed: u64, runs: u32) -> [Misses; 4] {
        let truths = [Self::quantile(0.5), Self::quantile(0.1), Self::quantile(0.01), 1.8];
        let mut draws = Draws(seed);
        let mut misses: [Misses; 4] = Default::default();
        for _ in 0..runs {
            let summary = summarise(&[], self.trials, &[row(u64::from(self.components), self.records(&mut draws))]);
            for ((misses, column), truth) in misses.iter_mut().zip(LATENCIES).zip(truths) {
                misses.count(&summary.rows[0].estimates[column], truth);
            }
        }
        misses
    }
}

const LATENCIES: [&str; 4] =
    ["detection_latency_p50_s", "detection_latency_p90_s", "detection_latency_p99_s", "detection_latency_mean_s"];

/// Fails unless the interval covers about as often as it says. With 500 runs the standard error is 1 % two-sided, and 1 %
/// on each side of a one-sided bound.
#[track_caller]
fn covers(misses: &Misses, what: &str) {
    let share = |count: u64| u64_to_f64(count) / u64_to_f64(misses.runs);
    assert!((0.91..=0.99).contains(&misses.coverage()), "{what}: {misses:?}");
    assert!(share(misses.below_one_sided) < 0.10 && share(misses.above_one_sided) < 0.10, "{what}: {misses:?}");
}

#[test]
fn rates_of_clumped_mistakes_are_covered_whether_few_or_many() {
    for incidents in [10.0, 30.0, 200.0] {
        covers(&rates(7, 16, 20, incidents, 5.0).pair_rate, &format!("{incidents} incidents in 320 units"));
    }
}

#[test]
fn rates_are_covered_where_a_trial_shares_its_fate() {
    for incidents in [20.0, 200.0] {
        let misses = rates(8, 16, 1, incidents, 10.0);
        covers(&misses.pair_rate, &format!("rate of {incidents} incidents in 16 units"));
        covers(&misses.wrong, &format!("wrong time of {incidents} incidents in 16 units"));
        covers(&misses.duration, &format!("mean duration of {incidents} incidents in 16 units"));
    }
}

#[test]
fn single_mistakes_are_covered_at_least_as_often_as_promised() {
    let misses = rates(9, 16, 20, 5.0, 1.0).pair_rate;
    assert!(misses.coverage() >= 0.94, "{misses:?}");
}

#[test]
fn latencies_of_clustered_crashes_are_covered() {
    for down_for in [None, Some(30.0)] {
        let world = Clustered { trials: 16, components: 20, crashes: 5, down_for };
        for (misses, column) in world.misses(1, 500).iter().zip(LATENCIES) {
            covers(misses, &format!("{column}, down for {down_for:?}"));
        }
    }
}
