//! Phi of the normal law as Akka writes it and Hazelcast took it over: a logistic approximation, in whole milliseconds.
//!
//! **Rule.** With the silence t, the mean m of the intervals plus the acceptable pause, and the standard deviation s, all in
//! milliseconds: y = (t - m) / s, e = exp(-y (1.5976 + 0.070566 y^2)), and phi = -log10(e / (1 + e)) where t > m, else
//! -log10(1 - 1 / (1 + e)) (`PhiAccrualFailureDetector.scala` and `.java`). In the tail it is larger than the normal law's:
//! phi 8 lies at y = 5.226 instead of 5.612.
//!
//! This file must not know which intervals a system records, nor which heartbeats count.

use super::crossing;
use super::window::Window;
use crate::num::{exp, log10, u64_to_f64};
use crate::units::{LocalTime, Span};

/// The suspicion level after a silence of `silence` milliseconds, for intervals of mean `mean` (the acceptable pause
/// included) and standard deviation `std_dev`, both in milliseconds.
#[must_use]
pub(super) fn phi(silence: u64, mean: f64, std_dev: f64) -> f64 {
    let deviation = deviation(silence, mean, std_dev);
    phi_beyond(deviation, u64_to_f64(silence) > mean)
}

/// By how many standard deviations the silence is longer than the mean.
#[inline]
fn deviation(silence: u64, mean: f64, std_dev: f64) -> f64 {
    (u64_to_f64(silence) - mean) / std_dev
}

fn phi_beyond(deviation: f64, late: bool) -> f64 {
    let odds = exp(-deviation * (1.5976 + 0.070_566 * deviation * deviation));
    if late { -log10(odds / (1.0 + odds)) } else { -log10(1.0 - 1.0 / (1.0 + odds)) }
}

/// A suspicion threshold, as the number of standard deviations beyond the mean at which phi reaches it.
///
/// Phi rises with that number alone, so that each threshold is solved for once and no heartbeat needs an exponential.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Limit(f64);

impl Limit {
    /// The smallest floating-point number of standard deviations at which phi is not below `threshold`.
    #[must_use]
    pub fn from_threshold(threshold: f64) -> Self {
        // Beyond 100 standard deviations phi is infinite, at -100 it is zero.
        let (low, high) = (ordered(-100.0), ordered(100.0));
        let key = crossing::first(ordered(5.0), |key| {
            let deviation = float(key.clamp(low, high));
            let below = phi_beyond(deviation, deviation > 0.0) < threshold;
            key >= low && (key >= high || !below)
        });
        Self(if key <= low { f64::NEG_INFINITY } else { float(key) })
    }

    /// Whether a silence is so long that phi is not below the threshold.
    ///
    /// What is not a number counts as not below, as in the systems' `phi < threshold`.
    #[inline]
    fn reached(self, silence: u64, statistics: Statistics) -> bool {
        let deviation = deviation(silence, statistics.mean, statistics.std_dev);
        deviation >= self.0 || deviation.is_nan()
    }
}

/// Floating point numbers as whole numbers in the same order.
const fn ordered(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// What [`ordered`] came from.
const fn float(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

/// Mean (acceptable pause included) and standard deviation (floor applied) of the intervals, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Statistics {
    pub(super) mean: f64,
    pub(super) std_dev: f64,
}

impl Statistics {
    /// The smallest number of whole milliseconds of silence that reaches `limit`; [`u64::MAX`] where none does.
    #[must_use]
    #[inline]
    pub(super) fn first_suspect(self, limit: Limit) -> u64 {
        let guess = crate::num::ceil_to_u64(self.mean + limit.0 * self.std_dev);
        crossing::first(guess, |silence| limit.reached(silence, self))
    }

    /// The first instant that is suspect where the last heartbeat came in millisecond `since`.
    #[must_use]
    #[inline]
    pub(super) fn suspect_at(self, since: u64, limit: Limit) -> LocalTime {
        LocalTime::ZERO + Span::from_millis(since.saturating_add(self.first_suspect(limit)))
    }

    /// Phi at `now` where the last heartbeat came in millisecond `since`.
    #[must_use]
    pub(super) fn level(self, since: u64, now: LocalTime) -> f64 {
        phi(milliseconds(now).saturating_sub(since), self.mean, self.std_dev)
    }
}

/// The whole milliseconds that a clock shows.
#[must_use]
#[inline]
pub(super) const fn milliseconds(now: LocalTime) -> u64 {
    now.as_nanos() / 1_000_000
}

/// The intervals that a system recorded, in whole milliseconds, and what it makes of them.
#[derive(Clone, Debug)]
pub(super) struct History {
    intervals: Window,
    first_interval: u64,
    min_std_dev: f64,
    acceptable_pause: f64,
}

impl History {
    /// A history that starts from a guess: two intervals, a quarter below and above `first_interval`, so that a peer that
    /// was heard once only becomes suspect too. Spans count in whole milliseconds, quarters are rounded down.
    #[must_use]
    pub(super) fn new(window: u32, first_interval: Span, min_std_dev: Span, acceptable_pause: Span) -> Self {
        let whole = |span: Span| span.as_nanos() / 1_000_000;
        let mut history = Self {
            intervals: Window::new(window),
            first_interval: whole(first_interval),
            min_std_dev: u64_to_f64(whole(min_std_dev)),
            acceptable_pause: u64_to_f64(whole(acceptable_pause)),
        };
        history.restart();
        history
    }

    /// Forgets all but the guess.
    pub(super) fn restart(&mut self) {
        let quarter = self.first_interval / 4;
        self.intervals.clear();
        self.record(self.first_interval - quarter);
        self.record(self.first_interval + quarter);
    }

    /// Adds an interval in milliseconds; the oldest leaves where the window is full.
    #[inline]
    pub(super) fn record(&mut self, interval: u64) {
        self.intervals.push(interval);
    }

    /// Mean and (population) standard deviation, the pause added to the one, the floor applied to the other.
    #[must_use]
    #[inline]
    pub(super) fn statistics(&self) -> Statistics {
        let mean = self.intervals.mean().unwrap_or_default();
        let std_dev = self.intervals.std_dev().unwrap_or_default();
        Statistics { mean: mean + self.acceptable_pause, std_dev: std_dev.max(self.min_std_dev) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The pairs of silence and phi of Akka's own specification, for mean 1000 and standard deviation 100.
    #[test]
    fn agrees_with_the_published_levels() {
        let published = [(0, 0.0), (500, 0.1), (1000, 0.3), (1200, 1.6), (1400, 4.7), (1600, 10.8), (1700, 15.3)];
        for (silence, level) in published {
            assert!((phi(silence, 1000.0, 100.0) - level).abs() <= 0.1, "{silence}");
        }
        assert!((phi(10, 0.0, 1.0) - 38.0).abs() <= 1.0);
        assert!(phi_beyond(-25.0, false).abs() < 1e-12);
        // The distribution function behind it: 0.7475 two thirds of a deviation beyond the mean.
        let below = 1.0 - crate::num::pow(10.0, -phi(22, 20.0, 3.0));
        assert!((below - 0.7475).abs() <= 0.001);
    }

    #[test]
    fn over_states_the_tail_of_the_normal_law() {
        assert!((phi(1600, 1000.0, 100.0) - 10.7826).abs() < 1e-4);
        assert!((Limit::from_threshold(8.0).0 - 5.225_99).abs() < 1e-5);
    }

    #[test]
    fn a_heard_peer_of_a_second_is_bootstrapped_by_quarters() {
        let history = History::new(1000, Span::from_secs(1), Span::from_millis(100), Span::ZERO);
        let Statistics { mean, std_dev } = history.statistics();
        for (silence, level) in [(1000, std::f64::consts::LOG10_2), (2000, 4.736_69), (3000, 21.2416)] {
            assert!((phi(silence, mean, std_dev) - level).abs() < 1e-4, "{silence}");
        }
    }

    #[test]
    fn a_window_of_one_keeps_the_longer_guess() {
        let history = History::new(1, Span::from_millis(1002), Span::ZERO, Span::ZERO);
        assert_eq!(history.statistics(), Statistics { mean: 1252.0, std_dev: 0.0 });
    }

    #[test]
    fn thresholds_out_of_reach_still_end_in_suspicion() {
        let statistics = Statistics { mean: 1000.0, std_dev: 100.0 };
        let after = |threshold| statistics.first_suspect(Limit::from_threshold(threshold));
        assert_eq!([after(0.0), after(-3.0), after(f64::NAN)], [0, 0, 0]);
        // The exponential underflows to zero, and phi to infinity.
        assert_eq!(after(400.0), after(f64::INFINITY));
        assert!(after(400.0) > after(300.0) && after(400.0) < 4000);
    }

    #[test]
    fn without_deviation_the_mean_itself_is_suspect() {
        let statistics = Statistics { mean: 1000.0, std_dev: 0.0 };
        assert_eq!(statistics.first_suspect(Limit::from_threshold(8.0)), 1000);
        assert!(phi(1000, 1000.0, 0.0).is_nan());
    }

    proptest! {
        #[test]
        fn the_first_suspect_millisecond_is_exact(
            mean in 0.0..100_000.0_f64, std_dev in 1.0..50_000.0_f64, threshold in 0.01..50.0_f64,
        ) {
            let statistics = Statistics { mean, std_dev };
            let silence = statistics.first_suspect(Limit::from_threshold(threshold));
            prop_assert!(phi(silence, mean, std_dev) >= threshold);
            prop_assert!(silence == 0 || phi(silence - 1, mean, std_dev) < threshold);
        }

        #[test]
        fn a_higher_threshold_is_a_higher_limit(threshold in 0.0..400.0_f64, more in 0.0..10.0_f64) {
            prop_assert!(Limit::from_threshold(threshold) <= Limit::from_threshold(threshold + more));
        }
    }
}
