//! Phi accrual as chitchat runs it: exponential law with a prior, memory cleared at death.
//!
//! **Rule.** Alive while silence / mean' <= `threshold`, with mean' = (sum of the intervals + `prior-weight` x
//! `initial-interval`) / (number of intervals + `prior-weight`), in seconds; there is no factor 1 / ln 10
//! (`chitchat/src/failure_detector.rs`, 2026). An interval longer than `max-interval` is dropped. Only a heartbeat counter above
//! the highest seen is a heartbeat.
//!
//! **Death.** A node that is looked at and not alive loses its intervals, but keeps the time of its last heartbeat. Without any
//! interval there is no phi, and the node is dead; so one heartbeat revives it if it came within `max-interval` of the last,
//! and else it takes two. The estimate depends on the verdict: settings do not share it.
//!
//! **Parameters** and their defaults: `phi_threshold` 8, `sampling_window_size` 1000 (`window`), `max_interval` 10 s,
//! `initial_interval` 5 s, for gossip about once a second; the prior's weight is fixed at 5 there. Detection takes 8 intervals in
//! steady state, and four times that right after the start.
//!
//! **Before the first heartbeat** the node is not listed: no opinion. **After one alone** it is dead: it may be news of a node
//! that died long ago. **At a restart** the node has a new generation, hence a new id, a new window and again one heartbeat that
//! does not count; news of the old id touch the old window.
//!
//! **Deviation.** The intervals are summed in whole nanoseconds, where chitchat adds and subtracts seconds in floating point.
//! What it does after 24 h of death (forgets the node) is left out.
//!
//! **Cost**: a division a heartbeat; 8 bytes an interval held. **Fails** where gossip slows down beyond `max-interval`: nothing is
//! recorded any more, and a node that dies then stays dead.

use super::{Beat, Estimator, Single, crossing, window::Window};
use crate::num::{f64_to_u64, u64_to_f64, u128_to_f64, u128_to_u64, usize_to_f64};
use crate::units::{LocalTime, Span};

/// Parameters of phi accrual as chitchat runs it: exponential law with a prior.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Level of suspicion above which the node is dead, above zero. Default 8: silences of eight means.
    pub threshold: f64,
    /// Intervals averaged, at least 1. Default 1000.
    pub window: u32,
    /// Longest interval that is recorded. Default 10 intervals. Below the usual interval no node is ever alive.
    pub max_interval: Span,
    /// Interval that the prior stands for, above zero. Default 5 intervals.
    pub initial_interval: Span,
    /// How many intervals the prior counts as, at least 0. Default 5. Larger is slower to find a crash after a start.
    pub prior_weight: f64,
}

impl Config {
    /// The whole detector: its history depends on its own verdict, so settings share nothing.
    #[must_use]
    pub fn estimator(&self) -> SamplingWindow {
        SamplingWindow::new(*self)
    }
}

/// Phi accrual of chitchat as a [`crate::detector::Monitor`].
pub type PhiChitchat = Single<SamplingWindow>;

impl PhiChitchat {
    /// A detector that has heard nothing yet.
    #[must_use]
    pub fn from_config(config: Config) -> Self {
        Self::new(config.estimator(), ())
    }
}

/// The intervals between heartbeats since the node was last dead.
#[derive(Clone, Debug)]
pub struct SamplingWindow {
    config: Config,
    intervals: Window,
    newest: Option<(u32, u64)>,
    last: LocalTime,
    /// When, without another heartbeat, the node is dead.
    suspect_at: LocalTime,
}

impl SamplingWindow {
    /// Nothing heard yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let intervals = Window::new(config.window);
        Self { config, intervals, newest: None, last: LocalTime::ZERO, suspect_at: LocalTime::ZERO }
    }

    /// The smoothed mean in seconds; `None` where there is no interval.
    fn mean(&self) -> Option<f64> {
        let Config { prior_weight, initial_interval, .. } = self.config;
        let prior = prior_weight * seconds(u128::from(initial_interval.as_nanos()));
        let count = usize_to_f64(self.intervals.len());
        (!self.intervals.is_empty()).then(|| (seconds(self.intervals.sum()) + prior) / (count + prior_weight))
    }

    /// The first instant that is dead: the last heartbeat itself where there is no phi.
    fn due(&self) -> LocalTime {
        let Some(mean) = self.mean() else { return self.last };
        let threshold = self.config.threshold;
        let guess = f64_to_u64(threshold * mean * 1e9).saturating_add(1);
        self.last + Span::from_nanos(crossing::first(guess, |silence| phi(silence, mean) > threshold))
    }

    fn restart(&mut self, now: LocalTime) {
        self.intervals.clear();
        self.last = now;
    }
}

/// The level of suspicion after a silence of so many nanoseconds, for a mean in seconds.
fn phi(silence: u64, mean: f64) -> f64 {
    seconds(u128::from(silence)) / mean
}

/// Nanoseconds as seconds, rounded like the standard library's durations: whole seconds, then the rest.
fn seconds(nanos: u128) -> f64 {
    const SECOND: u128 = 1_000_000_000;
    u128_to_f64(nanos / SECOND) + u64_to_f64(u128_to_u64(nanos % SECOND)) / 1e9
}

impl Estimator for SamplingWindow {
    type Setting = ();
    const SHARED: bool = false;

    #[inline]
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        match self.newest {
            Some(newest) if beat.order() <= newest => return,
            Some((incarnation, _)) if beat.incarnation == incarnation => {
                let interval = now.since(self.last);
                if interval <= self.config.max_interval {
                    self.intervals.push(interval.as_nanos());
                }
                self.last = now;
            }
            _ => self.restart(now),
        }
        self.newest = Some(beat.order());
        self.suspect_at = self.due();
    }

    #[inline]
    fn suspect_at(&self, (): ()) -> Option<LocalTime> {
        self.newest.map(|_| self.suspect_at)
    }

    fn condemn(&mut self, _now: LocalTime) {
        self.intervals.clear();
        self.suspect_at = self.due();
    }

    /// Phi; where there is none although the node was heard, the least level that is dead.
    fn level(&self, (): (), now: LocalTime) -> f64 {
        match (self.newest, self.mean()) {
            (None, _) => 0.0,
            (Some(_), None) => self.config.threshold.next_up(),
            (Some(_), Some(mean)) => phi(now.since(self.last).as_nanos(), mean),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::{Monitor, Verdict};
    use crate::units::RemoteTime;
    use proptest::prelude::*;

    fn node() -> PhiChitchat {
        PhiChitchat::from_config(Config {
            threshold: 8.0,
            window: 1000,
            max_interval: Span::from_secs(10),
            initial_interval: Span::from_secs(5),
            prior_weight: 5.0,
        })
    }

    fn at(millis: u64) -> LocalTime {
        LocalTime::ZERO + Span::from_millis(millis)
    }

    fn hear(detector: &mut PhiChitchat, millis: u64, incarnation: u32, seq: u64) {
        detector.heartbeat(at(millis), &Beat { incarnation, seq, sent: RemoteTime::ZERO });
    }

    /// `intervals` of one second, ending at that many seconds.
    fn steady(intervals: u64) -> PhiChitchat {
        let mut detector = node();
        (0..=intervals).for_each(|seq| hear(&mut detector, seq * 1000, 0, seq));
        detector
    }

    fn silence(detector: &PhiChitchat, since: u64) -> f64 {
        u64_to_f64(detector.suspect_at().unwrap().since(at(since)).as_nanos()) / 1e9
    }

    #[test]
    fn dies_after_the_documented_silence() {
        for (intervals, seconds) in [(5, 24.0), (10, 18.667), (1000, 8.1592)] {
            let detector = steady(intervals);
            assert!((silence(&detector, intervals * 1000) - seconds).abs() < 5e-4, "{intervals}");
        }
        assert!((steady(10).level(at(10_000 + 2333)) - 2.333 / (35.0 / 15.0)).abs() < 1e-12);
    }

    #[test]
    fn one_heartbeat_alone_is_not_alive() {
        let mut detector = node();
        assert_eq!(detector.check(at(5)), Verdict::Unknown);
        hear(&mut detector, 500, 0, 0);
        assert_eq!(detector.check(at(500)), Verdict::Suspect);
        assert!(detector.level(at(500)) > 8.0);
        hear(&mut detector, 1500, 0, 1);
        assert_eq!(detector.check(at(1500)), Verdict::Trust);
    }

    #[test]
    fn death_clears_the_intervals_but_not_the_last_heartbeat() {
        let mut detector = steady(100);
        assert_eq!(detector.check(at(109_900)), Verdict::Suspect);
        // Within ten seconds of the last: one heartbeat is enough, and its interval is the only one.
        hear(&mut detector, 110_000, 0, 101);
        assert_eq!(detector.check(at(110_000)), Verdict::Trust);
        assert!((silence(&detector, 110_000) - 8.0 * 35.0 / 6.0).abs() < 1e-6);
        // Later than that it takes two.
        assert_eq!(detector.check(at(160_000)), Verdict::Suspect);
        hear(&mut detector, 160_000, 0, 102);
        assert_eq!(detector.check(at(160_000)), Verdict::Suspect);
        hear(&mut detector, 161_000, 0, 103);
        assert_eq!(detector.check(at(161_000)), Verdict::Trust);
        assert!((silence(&detector, 161_000) - 8.0 * 26.0 / 6.0).abs() < 1e-6);
    }

    #[test]
    fn a_death_that_nobody_saw_clears_nothing() {
        let mut detector = steady(100);
        hear(&mut detector, 109_900, 0, 101);
        assert!((silence(&detector, 109_900) - 8.0 * (100.0 + 9.9 + 25.0) / 106.0).abs() < 1e-6);
    }

    #[test]
    fn a_new_generation_starts_anew_and_old_news_are_ignored() {
        let mut detector = steady(100);
        hear(&mut detector, 101_000, 1, 0);
        assert_eq!(detector.check(at(101_000)), Verdict::Suspect);
        hear(&mut detector, 101_500, 0, 101);
        hear(&mut detector, 101_600, 1, 0);
        assert_eq!(detector.check(at(101_700)), Verdict::Suspect);
        hear(&mut detector, 102_000, 1, 1);
        assert!((silence(&detector, 102_000) - 8.0 * 26.0 / 6.0).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn the_first_dead_nanosecond_is_exact(waits in prop::collection::vec(1..9_000_000_000_u64, 2..40)) {
            let mut detector = node();
            let mut now = 0;
            for (seq, wait) in (0..).zip(waits) {
                now += wait;
                detector.heartbeat(LocalTime::from_nanos(now), &Beat { incarnation: 0, seq, sent: RemoteTime::ZERO });
                let suspect_at = detector.suspect_at().unwrap();
                prop_assert!(detector.level(suspect_at) > 8.0);
                prop_assert!(seq == 0 || detector.level(suspect_at - Span::from_nanos(1)) <= 8.0);
            }
        }
    }
}
