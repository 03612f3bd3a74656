//! Adaptive accrual of Satzger and others: the intervals themselves as the law.
//!
//! **Rule.** The suspicion level after a silence t is the share of the newest `window` intervals that were no longer:
//! P = |{s : s x scale <= t}| / |S|. Suspect when it reaches `threshold`: at the last heartbeat + the k-th shortest interval
//! x `scale`, with k the least for which k / |S| >= `threshold`. No law is assumed: with a threshold of 1 the silence must
//! outlast the longest of the window.
//!
//! **Parameters.** `threshold`, `window`, `scale`, see [`Config`]. The level is a staircase: with a window of n it knows n
//! steps, and nothing beyond the longest interval; only `scale` reaches further.
//!
//! **Before the first heartbeat** it has no opinion; before two intervals it acts on the sender's own less and more a
//! quarter. **At a restart** it starts afresh: the window is emptied, and the time down is no interval.
//!
//! **Cost**: two binary searches in the sorted window and one move of the part between; 16 bytes an interval of the window.
//! The move takes well under a microsecond at 1000, and grows with the window. **Fails** at whatever the window did not
//! yet see: with scale 1 the first interval longer than all of it is always a mistake, and with losses at a rate above
//! 1 - `threshold` the deadline is two intervals.
//!
//! **Source**: B. Satzger, A. Pietzowski, W. Trumler, T. Ungerer, "A new adaptive accrual failure detector for dependable
//! distributed systems", SAC 2007. The factor is that of later implementations.

use super::gaps::quarter;
use super::newest::{Newest, News};
use super::ring::Ring;
use super::{Beat, Estimator, Single};
use crate::num::{ceil_to_u64, f64_to_usize, u64_to_f64, usize_to_f64};
use crate::units::{LocalTime, Span};

/// Parameters of adaptive accrual of Satzger and others: the empirical law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Share of recorded intervals that must be no longer than the silence, in (0, 1]; above counts as 1. At 0.99 a peer
    /// with unchanged habits is wrongly suspected in one interval of a hundred, unless `scale` reaches further. No default:
    /// the authors leave it to the application.
    pub threshold: f64,
    /// Intervals recorded, at least 1 (0 counts as 1). It must hold many more than 1 / (1 - threshold), or the threshold is
    /// the longest interval. Default 1000, as phi accrual.
    pub window: u32,
    /// Factor on the recorded intervals, above 0. Below 1 the deadline lies within what is usual; each unit more costs one
    /// usual interval of detection time. Default 1 (the paper).
    pub scale: f64,
}

impl Config {
    /// What this kind learns from heartbeats, for a peer that sends every `interval`.
    #[must_use]
    pub fn estimator(&self, interval: Span) -> SortedIntervals {
        SortedIntervals::new(interval, self.window, self.scale)
    }

    /// The threshold.
    #[must_use]
    pub const fn setting(&self) -> f64 {
        self.threshold
    }
}

/// Satzger's adaptive accrual as a [`crate::detector::Monitor`].
pub type Histogram = Single<SortedIntervals>;

impl Histogram {
    /// A detector that has heard nothing yet, for a peer that sends every `interval`.
    #[must_use]
    pub fn from_config(config: Config, interval: Span) -> Self {
        Self::new(config.estimator(interval), config.setting())
    }
}

/// The newest intervals between heartbeats, in the order of their length.
#[derive(Clone, Debug, PartialEq)]
pub struct SortedIntervals {
    scale: f64,
    initial: [u64; 2],
    newest: Newest,
    last: LocalTime,
    recent: Ring<u64>,
    sorted: Vec<u64>,
}

impl SortedIntervals {
    /// Nothing heard yet from a peer that sends every `interval`.
    #[must_use]
    pub fn new(interval: Span, window: u32, scale: f64) -> Self {
        let quarter = quarter(interval);
        Self {
            scale,
            initial: [interval.saturating_sub(quarter), interval + quarter].map(Span::as_nanos),
            newest: Newest::NONE,
            last: LocalTime::ZERO,
            recent: Ring::new(window),
            sorted: Vec::new(),
        }
    }

    fn record(&mut self, interval: u64) {
        match self.recent.push(interval) {
            Some(oldest) => replace_sorted(&mut self.sorted, oldest, interval),
            None => self.sorted.insert(self.sorted.partition_point(|&held| held < interval), interval),
        }
    }

    /// The intervals to act on, shortest first; at least two.
    fn intervals(&self) -> &[u64] {
        if self.sorted.len() < 2 { &self.initial } else { &self.sorted }
    }

    fn scaled(&self, interval: u64) -> u64 {
        ceil_to_u64(self.scale * u64_to_f64(interval))
    }
}

impl Estimator for SortedIntervals {
    /// The threshold: a share.
    type Setting = f64;

    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        match self.newest.hear(beat) {
            News::Late => return,
            News::NewLife => {
                self.recent.clear();
                self.sorted.clear();
            }
            News::Newer => self.record(now.since(self.last).as_nanos()),
        }
        self.last = now;
    }

    fn suspect_at(&self, threshold: f64) -> Option<LocalTime> {
        let intervals = self.intervals();
        let decisive = intervals[rank(threshold, intervals.len()) - 1];
        self.newest.is_some().then(|| self.last + Span::from_nanos(self.scaled(decisive)))
    }

    /// The share of the intervals that were no longer than the silence; 0 before the first heartbeat.
    fn level(&self, _threshold: f64, now: LocalTime) -> f64 {
        if !self.newest.is_some() {
            return 0.0;
        }
        let silence = now.since(self.last).as_nanos();
        let intervals = self.intervals();
        let shorter = intervals.partition_point(|&interval| self.scaled(interval) <= silence);
        usize_to_f64(shorter) / usize_to_f64(intervals.len())
    }
}

/// The least k from 1 to `count` with k / `count` >= `threshold`, or `count` where there is none.
///
/// The quotient is what [`SortedIntervals::level`] gives, so level and deadline agree: 0.07 of 100 is rank 7, although
/// 0.07 x 100 is above 7 in floating point.
fn rank(threshold: f64, count: usize) -> usize {
    let reaches = |rank: usize| usize_to_f64(rank) / usize_to_f64(count) >= threshold;
    let near = f64_to_usize(threshold * usize_to_f64(count)).clamp(1, count);
    (near..count).find(|&rank| reaches(rank)).unwrap_or(count)
}

/// Takes one value out of a sorted list and puts another in, moving only what lies between.
fn replace_sorted(sorted: &mut [u64], out: u64, value: u64) {
    let from = sorted.partition_point(|&held| held < out);
    let to = sorted.partition_point(|&held| held < value);
    let place = if to > from {
        sorted.copy_within(from + 1..to, from);
        to - 1
    } else {
        sorted.copy_within(to..from, to + 1);
        to
    };
    sorted[place] = value;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::Monitor;
    use crate::detector::testing::{SECOND, at, beat, obeys_the_laws};
    use proptest::prelude::*;

    fn detector(threshold: f64, window: u32, scale: f64) -> Histogram {
        Histogram::from_config(Config { threshold, window, scale }, Span::from_nanos(1000))
    }

    fn hear(detector: &mut Histogram, arrivals: &[(u64, u64)]) {
        for &(seq, nanos) in arrivals {
            detector.heartbeat(at(nanos), &beat(0, seq));
        }
    }

    #[test]
    fn follows_the_worked_sequence() {
        let mut detector = detector(0.75, 4, 1.0);
        assert_eq!(detector.suspect_at(), None);
        // Before two intervals: 750 and 1250, of which 0.75 takes the second.
        hear(&mut detector, &[(0, 5000), (1, 5900)]);
        assert_eq!(detector.suspect_at(), Some(at(5900 + 1250)));
        // 900, 1000, 2100 over a lost heartbeat, 950: the third of four is 1000.
        hear(&mut detector, &[(2, 6900), (4, 9000), (3, 9100), (5, 9950)]);
        assert_eq!(detector.suspect_at(), Some(at(9950 + 1000)));
        // 1010 drives out 900: 950, 1000, 1010, 2100.
        hear(&mut detector, &[(6, 10_960)]);
        assert_eq!(detector.suspect_at(), Some(at(10_960 + 1010)));
        detector.heartbeat(at(50_000), &beat(1, 0));
        assert_eq!(detector.suspect_at(), Some(at(51_250)));
    }

    #[test]
    fn level_and_deadline_agree() {
        let mut detector = detector(0.5, 10, 1.0);
        assert!(detector.level(at(1)).abs() < f64::MIN_POSITIVE);
        hear(&mut detector, &[(0, 0), (1, 900), (2, 2000), (3, 3000), (4, 4200)]);
        let level = |silence: u64| detector.level(at(4200 + silence));
        for (silence, expected) in [(0, 0.0), (899, 0.0), (900, 0.25), (1000, 0.5), (1199, 0.75), (1200, 1.0)] {
            assert!((level(silence) - expected).abs() < 1e-15, "{silence}");
        }
        assert_eq!(detector.suspect_at(), Some(at(5200)));
    }

    #[test]
    fn the_scale_stretches_what_was_recorded() {
        let mut detector = detector(1.0, 10, 1.5);
        hear(&mut detector, &[(0, 0), (1, 900), (2, 2001)]);
        // 1101 x 1.5 = 1651.5
        assert_eq!(detector.suspect_at(), Some(at(2001 + 1652)));
        assert!(detector.level(at(2001 + 1651)) < 1.0 && detector.level(at(2001 + 1652)) >= 1.0);
    }

    #[test]
    fn ranks_are_the_least_that_reach_the_share() {
        let known = [(0.07, 100, 7), (0.99, 1000, 990), (0.99, 10, 10), (1e-9, 5, 1), (0.2, 5, 1), (0.201, 5, 2)];
        for (threshold, count, expected) in known {
            assert_eq!(rank(threshold, count), expected, "{threshold} of {count}");
        }
        assert_eq!([rank(1.0, 9), rank(7.0, 9), rank(f64::NAN, 9), rank(-1.0, 9)], [9, 9, 9, 1]);
        for count in 1..400 {
            for rank_wanted in 1..=count {
                assert_eq!(rank(usize_to_f64(rank_wanted) / usize_to_f64(count), count), rank_wanted);
            }
        }
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_a_fresh_sort(
            intervals in prop::collection::vec(prop_oneof![0..6_u64, any::<u64>()], 1..200),
            window in 1..20_u32,
        ) {
            let mut estimator = SortedIntervals::new(Span::from_secs(1), window, 1.0);
            for &interval in &intervals {
                estimator.record(interval);
            }
            let mut held = intervals[intervals.len().saturating_sub(window as usize)..].to_vec();
            held.sort_unstable();
            prop_assert_eq!(estimator.sorted, held);
        }
    }

    obeys_the_laws!(SortedIntervals::new(Span::from_nanos(SECOND), 7, 1.3), [0.0, 0.1, 0.5, 0.8, 0.99, 1.0]);
}
