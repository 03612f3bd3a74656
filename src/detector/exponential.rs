//! ED-FD: an exponential law over the intervals.
//!
//! **Rule.** The suspicion level after a silence t is 1 - exp(-t / mean), with the mean of the intervals between the newest
//! `window` heartbeats. Suspect when it reaches `threshold`: at the last heartbeat - mean x ln(1 - threshold). One moment is
//! all that it learns, so it is a timeout of a fixed number of mean intervals (0.99: 4.6 of them).
//!
//! **Parameters.** `threshold`, `window`, see [`Config`]. Lost heartbeats widen the intervals.
//!
//! **Before the first heartbeat** it has no opinion; before two intervals it acts on the sender's own. **At a restart** it
//! starts afresh: the window is emptied, and the time down is no interval.
//!
//! **Cost**: a few additions and one division a heartbeat; 8 bytes an interval of the window. **Fails** where jitter matters:
//! a path with little and one with much get the same deadline. After a stall all waiting heartbeats arrive at once, and a
//! window so short that it holds little else has a mean, hence a deadline, near zero.
//!
//! **Source**: N. Xiong and others, who compare it (ED-FD) with phi accrual and with their SFD; Cassandra and chitchat run
//! variants of it ([`phi_cassandra`](super::phi_cassandra), [`phi_chitchat`](super::phi_chitchat)).

use super::gaps::Gaps;
use super::{Beat, Estimator, Single};
use crate::num::{ceil_to_u64, exp_m1, ln_1p, u64_to_f64};
use crate::units::{LocalTime, Span};

/// Parameters of ED-FD of Xiong and others: exponential law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Suspicion level in (0, 1). Below 0.63 the deadline lies before the mean interval, and every heartbeat is a mistake;
    /// towards 1 each nine more costs 2.3 mean intervals. Default 0.99 (`contract.md`): 4.6 intervals.
    pub threshold: f64,
    /// Intervals in the window, at least 1 (0 counts as 1). Few: the mean jumps. Many: it follows a change slowly. Default
    /// 1000, as phi accrual.
    pub window: u32,
}

impl Config {
    /// What this kind learns from heartbeats, for a peer that sends every `interval`.
    #[must_use]
    pub fn estimator(&self, interval: Span) -> MeanInterval {
        MeanInterval::new(interval, self.window)
    }

    /// The threshold in mean intervals.
    #[must_use]
    pub fn setting(&self) -> Means {
        Means::from_threshold(self.threshold)
    }
}

/// ED-FD as a [`crate::detector::Monitor`].
pub type Exponential = Single<MeanInterval>;

impl Exponential {
    /// A detector that has heard nothing yet, for a peer that sends every `interval`.
    #[must_use]
    pub fn from_config(config: Config, interval: Span) -> Self {
        Self::new(config.estimator(interval), config.setting())
    }
}

/// A threshold as the number of mean intervals after which the level reaches it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Means(f64);

impl Means {
    /// -ln(1 - `threshold`), computed once for a setting. From 1 on: a silence longer than any.
    #[must_use]
    pub fn from_threshold(threshold: f64) -> Self {
        Self((-ln_1p(-threshold.min(1.0))).clamp(0.0, f64::MAX))
    }

    /// How many mean intervals.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// The mean interval between heartbeats.
#[derive(Clone, Debug, PartialEq)]
pub struct MeanInterval {
    gaps: Gaps,
    mean: f64,
}

impl MeanInterval {
    /// Nothing heard yet from a peer that sends every `interval`.
    #[must_use]
    pub fn new(interval: Span, window: u32) -> Self {
        Self { gaps: Gaps::new(interval, window), mean: 0.0 }
    }
}

impl Estimator for MeanInterval {
    type Setting = Means;

    #[inline]
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        if self.gaps.hear(now, beat) {
            self.mean = self.gaps.mean();
        }
    }

    #[inline]
    fn suspect_at(&self, threshold: Means) -> Option<LocalTime> {
        let silence = self.mean * threshold.0;
        self.gaps.last().map(|last| last + Span::from_nanos(ceil_to_u64(silence)))
    }

    /// 1 - exp(-silence / mean); 0 before the first heartbeat, 1 where the mean is 0.
    fn level(&self, _threshold: Means, now: LocalTime) -> f64 {
        let Some(last) = self.gaps.last() else { return 0.0 };
        if self.mean > 0.0 { -exp_m1(-u64_to_f64(now.since(last).as_nanos()) / self.mean) } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::Monitor;
    use crate::detector::testing::{SECOND, at, beat, obeys_the_laws};

    fn detector(threshold: f64) -> Exponential {
        Exponential::from_config(Config { threshold, window: 3 }, Span::from_nanos(1000))
    }

    #[test]
    fn the_default_threshold_is_4_6_intervals() {
        assert!((Means::from_threshold(0.99).get() - 4.605_170_185_988_091).abs() < 1e-12);
        assert!((Means::from_threshold(0.8).get() - 1.609_437_912_434_1).abs() < 1e-12);
    }

    #[test]
    fn follows_the_worked_sequence() {
        let mut detector = detector(0.8);
        assert_eq!(detector.suspect_at(), None);
        // One interval of 1000 x 1.60944, until two were recorded.
        for (seq, nanos, deadline) in [(0, 5000, 6610), (1, 5400, 7010)] {
            detector.heartbeat(at(nanos), &beat(0, seq));
            assert_eq!(detector.suspect_at(), Some(at(deadline)));
        }
        // 400 and, over a lost heartbeat, 2000: mean 1200 x 1.60944 = 1931.3.
        detector.heartbeat(at(7400), &beat(0, 3));
        assert_eq!(detector.suspect_at(), Some(at(9332)));
        // A late heartbeat changes nothing, 900 enters, then 1000 drives out 400: mean 1300 x 1.60944 = 2092.3.
        detector.heartbeat(at(7500), &beat(0, 2));
        detector.heartbeat(at(8300), &beat(0, 4));
        detector.heartbeat(at(9300), &beat(0, 5));
        assert_eq!(detector.suspect_at(), Some(at(11_393)));
        detector.heartbeat(at(40_000), &beat(1, 0));
        assert_eq!(detector.suspect_at(), Some(at(41_610)));
    }

    #[test]
    fn the_level_reaches_the_threshold_at_the_deadline() {
        let mut detector = detector(0.99);
        assert!(detector.level(at(5)).abs() < f64::MIN_POSITIVE);
        for seq in 0..4 {
            detector.heartbeat(at(seq * 1000), &beat(0, seq));
        }
        assert_eq!(detector.suspect_at(), Some(at(3000 + 4606)));
        assert!(detector.level(at(7605)) < 0.99 && detector.level(at(7606)) >= 0.99);
        assert!((detector.level(at(4000)) - 0.632_120_558_828_557_7).abs() < 1e-15);
    }

    #[test]
    fn heartbeats_all_at_once_leave_no_mean() {
        let mut detector = detector(0.99);
        for seq in 0..5 {
            detector.heartbeat(at(800), &beat(0, seq));
        }
        assert_eq!(detector.suspect_at(), Some(at(800)));
        assert!((detector.level(at(800)) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn certainty_is_never_reached() {
        let mut detector = detector(1.0);
        detector.heartbeat(at(800), &beat(0, 0));
        assert_eq!(detector.suspect_at(), Some(LocalTime::MAX));
    }

    obeys_the_laws!(
        MeanInterval::new(Span::from_nanos(SECOND), 7),
        [0.1, 0.5, 0.8, 0.99, 0.999_999, 1.0].map(Means::from_threshold)
    );
}
