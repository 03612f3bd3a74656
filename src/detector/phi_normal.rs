//! Phi accrual of Hayashibara, Defago, Yared and Katayama: a normal law over the intervals.
//!
//! **Rule.** The suspicion level after a silence t is phi = -log10 Pr(X > t), with X normal of the mean and standard
//! deviation of the intervals between the newest `window` heartbeats. Suspect when phi reaches `threshold`: at the last
//! heartbeat + mean + z x std, with z such that Pr(Z > z) = 10^-threshold (1: 1.28, 2: 2.33, 3: 3.09, 8: 5.61). The level
//! says how often a living peer that obeys the law is wrongly suspected: phi = 3 is once in a thousand intervals.
//!
//! **Parameters.** `threshold`, `window`, `min-std-dev`, see [`Config`]. Lost heartbeats widen the intervals and with them
//! the standard deviation: what it learns about losses comes from there. The deviation is that of the window itself
//! (divisor n). Where it is 0 and no floor is set, the level steps at the mean: the peer is suspected at the last heartbeat
//! + mean, and a heartbeat that comes at that very instant is in time.
//!
//! **Before the first heartbeat** it has no opinion; before two intervals it acts on the sender's own interval with a quarter
//! of it as deviation. **At a restart** it starts afresh: the window is emptied, and the time down is no interval.
//!
//! **Cost**: two multiplications, two divisions and a square root a heartbeat in whole-number sums; 8 bytes an interval of
//! the window. **Fails** where intervals are not normal, which they never are with losses: on a path with 1 % of loss and
//! little jitter, thresholds 3 and 8 make the same mistakes, one for each loss. And on a very regular path any hiccup is
//! many deviations: hence the floors of production variants.
//!
//! **Source**: N. Hayashibara, X. Defago, R. Yared, T. Katayama, "The phi accrual failure detector", SRDS 2004.

use super::gaps::Gaps;
use super::{Beat, Estimator, Single};
use crate::num::{ceil_to_u64, ln, ln_1p, normal_cdf, normal_upper_quantile, normal_upper_tail, pow, u64_to_f64};
use crate::units::{LocalTime, Span};
use std::f64::consts::{LN_10, PI};

/// Parameters of phi accrual of Hayashibara and others, normal law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Suspicion level (phi) from which on the peer is suspected, above 0 and at most 300. Low: a mistake once in 10^phi
    /// intervals even if they are normal. High: each unit costs less and less time, about 2.3 std / z, until a long tail or a
    /// loss is what matters. No default: the authors sweep it; production systems take 8 to 12.
    pub threshold: f64,
    /// Intervals in the window, at least 1 (0 counts as 1). Few: the estimate jumps, and forgets the last loss before the
    /// next. Many: it follows a change slowly. Default 1000 (the authors).
    pub window: u32,
    /// Floor of the standard deviation. 0: on a regular path the deadline is a hair above the mean. Large: a timeout of
    /// mean + z x floor in all but name. Default 0 (the authors have none).
    pub min_std_dev: Span,
}

impl Config {
    /// What this kind learns from heartbeats, for a peer that sends every `interval`.
    #[must_use]
    pub fn estimator(&self, interval: Span) -> NormalIntervals {
        NormalIntervals::new(interval, self.window, self.min_std_dev)
    }

    /// The threshold in standard deviations.
    #[must_use]
    pub fn setting(&self) -> Deviations {
        Deviations::from_threshold(self.threshold)
    }
}

/// Phi accrual with a normal law, as a [`crate::detector::Monitor`].
pub type PhiNormal = Single<NormalIntervals>;

impl PhiNormal {
    /// A detector that has heard nothing yet, for a peer that sends every `interval`.
    #[must_use]
    pub fn from_config(config: Config, interval: Span) -> Self {
        Self::new(config.estimator(interval), config.setting())
    }
}

/// A threshold as the number of standard deviations above the mean at which the level reaches it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Deviations(f64);

impl Deviations {
    /// The z with Pr(Z > z) = 10^-`threshold`, computed once for a setting.
    ///
    /// Beyond 307 the probability has no floating-point number: such a threshold is reached only where the deviation is 0.
    #[must_use]
    pub fn from_threshold(threshold: f64) -> Self {
        let tail = pow(10.0, -threshold).min(1.0);
        Self(normal_upper_quantile(tail).clamp(f64::MIN, f64::MAX))
    }

    /// How many standard deviations.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// Mean and standard deviation of the intervals between heartbeats.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalIntervals {
    gaps: Gaps,
    min_std_dev: f64,
    mean: f64,
    std_dev: f64,
}

impl NormalIntervals {
    /// Nothing heard yet from a peer that sends every `interval`.
    #[must_use]
    pub fn new(interval: Span, window: u32, min_std_dev: Span) -> Self {
        let min_std_dev = u64_to_f64(min_std_dev.as_nanos());
        Self { gaps: Gaps::new(interval, window), min_std_dev, mean: 0.0, std_dev: 0.0 }
    }
}

impl Estimator for NormalIntervals {
    type Setting = Deviations;

    #[inline]
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        if self.gaps.hear(now, beat) {
            self.mean = self.gaps.mean();
            self.std_dev = self.gaps.std_dev().max(self.min_std_dev);
        }
    }

    #[inline]
    fn suspect_at(&self, threshold: Deviations) -> Option<LocalTime> {
        let silence = self.mean + threshold.0 * self.std_dev;
        self.gaps.last().map(|last| last + Span::from_nanos(ceil_to_u64(silence)))
    }

    /// Phi: finite however long the silence, 0 before the first heartbeat. A deviation of 0 gives 0 below the mean, and
    /// from the mean on the largest finite number.
    fn level(&self, _threshold: Deviations, now: LocalTime) -> f64 {
        let Some(last) = self.gaps.last() else { return 0.0 };
        let beyond_mean = u64_to_f64(now.since(last).as_nanos()) - self.mean;
        if self.std_dev > 0.0 {
            phi(beyond_mean / self.std_dev)
        } else if beyond_mean < 0.0 {
            0.0
        } else {
            f64::MAX
        }
    }
}

/// Above this the tail is computed from its asymptotic series: far before it would be 0 in floating point.
const FAR: f64 = 25.0;

/// -log10 Pr(Z > z) for a standard normal Z.
fn phi(z: f64) -> f64 {
    let natural = if z < 0.0 {
        -ln_1p(-normal_cdf(z))
    } else if z < FAR {
        -ln(normal_upper_tail(z))
    } else {
        0.5 * z * z + ln(z * (2.0 * PI).sqrt()) - ln_1p(tail_series(z))
    };
    natural / LN_10
}

/// Pr(Z > z) over density(z) / z, less 1: the series -1/z^2 + 3/z^4 - 15/z^6 + ... (Abramowitz and Stegun, 26.2.12).
///
/// Six terms leave a relative error below 1e-12 from 25 on.
fn tail_series(z: f64) -> f64 {
    let inverse = 1.0 / (z * z);
    [11.0, 9.0, 7.0, 5.0, 3.0, 1.0].iter().fold(0.0, |sum, odd| -odd * inverse * (1.0 + sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::Monitor;
    use crate::detector::testing::{SECOND, at, beat, obeys_the_laws};
    use proptest::prelude::*;

    fn config(threshold: f64) -> Config {
        Config { threshold, window: 1000, min_std_dev: Span::ZERO }
    }

    /// Two intervals of 800 and 1200 ns after three heartbeats, the last at 5000: mean 1000, deviation 200.
    fn heard(config: Config) -> PhiNormal {
        let mut detector = PhiNormal::from_config(config, Span::from_nanos(500));
        for (seq, nanos) in [(0, 3000), (1, 3800), (2, 5000)] {
            detector.heartbeat(at(nanos), &beat(0, seq));
        }
        detector
    }

    #[test]
    fn thresholds_are_the_known_deviations() {
        let known = [(1.0, 1.28155), (2.0, 2.32635), (3.0, 3.09023), (5.0, 4.26489), (8.0, 5.61200), (10.0, 6.36134)];
        for (threshold, z) in known {
            assert!((Deviations::from_threshold(threshold).get() - z).abs() < 6e-6, "{threshold}");
        }
    }

    #[test]
    fn threshold_and_level_are_inverse_far_into_the_tail() {
        for step in 1..=600 {
            let threshold = f64::from(step) * 0.5;
            let level = phi(Deviations::from_threshold(threshold).get());
            assert!((level / threshold - 1.0).abs() < 1e-12, "{threshold} gives {level}");
        }
    }

    #[test]
    fn the_level_joins_the_far_tail_without_a_step() {
        let exact = -ln(normal_upper_tail(FAR)) / LN_10;
        assert!((phi(FAR) / exact - 1.0).abs() < 1e-13);
        // Pr(Z > 40) is 3.66e-350 (Mills' ratio by continued fraction), which floating point holds as 0.
        assert!((phi(40.0) - 349.4370).abs() < 1e-4);
    }

    #[test]
    fn the_level_rises_with_the_silence_and_stays_finite() {
        let mut last = -1.0;
        for step in -4000..40_000 {
            let level = phi(f64::from(step) * 0.01);
            assert!(level.is_finite() && level >= last, "{step}");
            last = level;
        }
        assert!(phi(1e150).is_finite());
        assert!((phi(0.0) - std::f64::consts::LOG10_2).abs() < 1e-15);
    }

    #[test]
    fn suspects_so_many_deviations_after_the_mean() {
        // 5000 + 1000 + 200 x 3.090232 = 6618.05
        let mut detector = heard(config(3.0));
        assert_eq!(detector.suspect_at(), Some(at(6619)));
        assert!(detector.level(at(6618)) < 3.0);
        assert!(detector.level(at(6619)) >= 3.0);
        assert!((detector.level(at(6000)) - std::f64::consts::LOG10_2).abs() < 1e-12);
        detector.heartbeat(at(6100), &beat(0, 1));
        assert_eq!(detector.suspect_at(), Some(at(6619)));
    }

    #[test]
    fn before_two_intervals_the_own_interval_and_a_quarter() {
        let mut detector = PhiNormal::from_config(config(3.0), Span::from_nanos(1000));
        assert_eq!(detector.suspect_at(), None);
        assert!(detector.level(at(99)).abs() < f64::MIN_POSITIVE);
        // 1000 + 250 x 3.090232 = 1772.56
        detector.heartbeat(at(7000), &beat(0, 0));
        assert_eq!(detector.suspect_at(), Some(at(8773)));
        detector.heartbeat(at(7001), &beat(0, 1));
        assert_eq!(detector.suspect_at(), Some(at(8774)));
        // A restart forgets.
        detector.heartbeat(at(7002), &beat(0, 2));
        detector.heartbeat(at(50_000), &beat(1, 0));
        assert_eq!(detector.suspect_at(), Some(at(51_773)));
    }

    #[test]
    fn a_floor_lifts_a_small_deviation_only() {
        let floored = |nanos| heard(Config { min_std_dev: Span::from_nanos(nanos), ..config(3.0) }).suspect_at();
        assert_eq!(floored(199), Some(at(6619)));
        // 5000 + 1000 + 300 x 3.090232 = 6927.07
        assert_eq!(floored(300), Some(at(6928)));
    }

    #[test]
    fn without_any_deviation_the_level_steps_at_the_mean() {
        for threshold in [0.1, 8.0, 300.0, 1e6] {
            let mut detector = PhiNormal::from_config(config(threshold), Span::from_nanos(100));
            for seq in 0..5 {
                detector.heartbeat(at(1000 * seq), &beat(0, seq));
            }
            assert_eq!(detector.suspect_at(), Some(at(5000)));
            assert!(detector.level(at(4999)).abs() < f64::MIN_POSITIVE);
            assert!(detector.level(at(5000)) >= threshold && detector.level(at(5000)).is_finite());
        }
    }

    #[test]
    fn a_threshold_beyond_all_numbers_is_never_reached_by_a_law_with_a_tail() {
        assert_eq!(heard(config(400.0)).suspect_at(), Some(LocalTime::MAX));
        assert_eq!(heard(config(0.0)).suspect_at(), Some(at(5000)));
    }

    proptest! {
        #[test]
        fn suspected_exactly_when_the_level_reaches_the_threshold(
            waits in prop::collection::vec(1..3 * SECOND, 3..50),
            threshold in 0.5..12.0,
        ) {
            let mut detector = PhiNormal::from_config(config(threshold), Span::from_nanos(SECOND));
            let mut now = 0;
            for (seq, wait) in (0..).zip(waits) {
                now += wait;
                detector.heartbeat(at(now), &beat(0, seq));
            }
            let deadline = detector.suspect_at().unwrap();
            let level = |from: u64| detector.level(LocalTime::from_nanos(from));
            // A few nanoseconds of slack: level and threshold are rounded separately.
            prop_assert!(level(deadline.as_nanos() + 5) >= threshold);
            prop_assert!(deadline.as_nanos() <= now + 5 || level(deadline.as_nanos() - 5) < threshold);
        }
    }

    obeys_the_laws!(
        NormalIntervals::new(Span::from_nanos(SECOND), 7, Span::ZERO),
        [0.1, 0.3, 1.0, 8.0, 12.0, 300.0, 400.0].map(Deviations::from_threshold)
    );
}
