//! Phi accrual as Cassandra runs it: exponential law, guard against its own pauses.
//!
//! **Rule.** Convicted once `PHI_FACTOR` x silence / mean > `threshold`, with `PHI_FACTOR` = 1 / ln 10, in nanoseconds and
//! strictly (`org/apache/cassandra/gms/FailureDetector.java`): silence > 2.3026 x threshold x mean, 18.42 means at the default.
//! The mean is over the last `window` samples. The first arrival puts `first-interval` in as a sample; an interval longer than
//! `max-interval` is *not* recorded, so the mean can never exceed that. Only a newer heartbeat state is an arrival; gossip that
//! was overtaken or repeated is none.
//!
//! **Guard.** A look that comes more than `max-local-pause` after the one before convicts nobody, nor does any look until
//! `max-local-pause` has passed since: the silence may be the observer's own. Who was convicted before stays so.
//!
//! **Parameters** and their defaults: `phi_convict_threshold` 8 (Cassandra refuses values outside 5 to 16),
//! `fd_initial_value_ms` two gossip intervals (`first-interval`), `fd_max_interval_ms` the same (`max-interval`),
//! `max_local_pause_in_ms` 5 s. The size of the window is fixed at 1000 there.
//!
//! **Before the first heartbeat** there is no window and no opinion. **At a restart** (a new generation) the gossiper drops the
//! window of an endpoint that is held to be dead, so that it starts again from `first-interval`; an endpoint that came back
//! before it was convicted keeps its window, and its absence is an interval like any other (`Gossiper.notifyFailureDetector`).
//!
//! **Deviation.** Settings share one window, so whether an endpoint was dead at its restart is judged by Cassandra's default
//! threshold of 8, whatever the setting; it matters only for an absence between the limits of the two.
//!
//! **Cost**: a division a heartbeat; 8 bytes an interval held. **Fails** where silences are far from exponential: twenty-fold
//! means are slow for a regular sender; and where intervals beyond `max-interval` are usual, for it refuses to learn them.

use super::{Beat, Estimator, Single, crossing, window::Window};
use crate::num::{f64_to_u64, ln, u64_to_f64};
use crate::units::{LocalTime, Span};

/// Parameters of phi accrual as Cassandra runs it: exponential law, guard against its own pauses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Level of suspicion above which the peer is convicted, above zero. Default 8. On clouds 10 to 12 is advised.
    pub threshold: f64,
    /// Samples averaged, at least 1. Default 1000.
    pub window: u32,
    /// Sample that the first arrival puts in, above zero. Default two intervals. Too low, and a new peer flaps.
    pub first_interval: Span,
    /// Longest interval that is recorded. Default two intervals. Below the usual interval nothing is ever learnt.
    pub max_interval: Span,
    /// Longest gap between two looks after which the observer trusts its own silence. Default 5 s. It should be longer than the
    /// time between two looks, or nobody is ever convicted.
    pub max_local_pause: Span,
}

impl Config {
    /// What this kind learns from heartbeats: everything but the threshold.
    #[must_use]
    pub fn estimator(&self) -> ArrivalWindow {
        ArrivalWindow::new(self)
    }

    /// The threshold.
    #[must_use]
    pub const fn setting(&self) -> f64 {
        self.threshold
    }
}

/// Phi accrual of Cassandra as a [`crate::detector::Monitor`].
pub type PhiCassandra = Single<ArrivalWindow>;

impl PhiCassandra {
    /// A detector that has heard nothing yet.
    #[must_use]
    pub fn from_config(config: Config) -> Self {
        Self::new(config.estimator(), config.setting())
    }
}

/// The threshold by which a restarted endpoint is held to have been dead.
const DEFAULT_THRESHOLD: f64 = 8.0;

/// The intervals between arrivals, and when the observer itself paused.
#[derive(Clone, Debug)]
pub struct ArrivalWindow {
    intervals: Window,
    mean: f64,
    first_interval: Span,
    max_interval: Span,
    newest: Option<(u32, u64)>,
    last: LocalTime,
    guard: Guard,
    /// 1 / ln 10.
    factor: f64,
}

impl ArrivalWindow {
    /// Nothing heard yet; the threshold is no part of it.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            intervals: Window::new(config.window),
            mean: 0.0,
            first_interval: config.first_interval,
            max_interval: config.max_interval,
            newest: None,
            last: LocalTime::ZERO,
            guard: Guard::new(config.max_local_pause),
            factor: 1.0 / ln(10.0),
        }
    }

    /// Whether a silence of so many nanoseconds convicts.
    #[inline]
    fn convicts(&self, silence: u64, threshold: f64) -> bool {
        self.phi(silence) > threshold
    }

    #[inline]
    fn phi(&self, silence: u64) -> f64 {
        self.factor * (u64_to_f64(silence) / self.mean)
    }

    fn record(&mut self, interval: Span) {
        self.intervals.push(interval.as_nanos());
        self.mean = self.intervals.mean().unwrap_or_default();
    }
}

impl Estimator for ArrivalWindow {
    type Setting = f64;

    #[inline]
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        let Some(newest) = self.newest else {
            self.record(self.first_interval);
            self.newest = Some(beat.order());
            self.last = now;
            return;
        };
        if beat.order() <= newest {
            return;
        }
        let dead = self.suspect_at(DEFAULT_THRESHOLD).is_some_and(|at| at <= now);
        if beat.incarnation > newest.0 && dead {
            self.intervals.clear();
            self.record(self.first_interval);
        } else if now.since(self.last) <= self.max_interval {
            self.record(now.since(self.last));
        }
        self.newest = Some(beat.order());
        self.last = now;
    }

    #[inline]
    fn suspect_at(&self, threshold: f64) -> Option<LocalTime> {
        self.newest?;
        let guess = f64_to_u64(threshold / self.factor * self.mean).saturating_add(1);
        let silence = crossing::first(guess, |silence| self.convicts(silence, threshold));
        Some(self.guard.postpone(self.last + Span::from_nanos(silence)))
    }

    fn looked_after(&mut self, previous: LocalTime, now: LocalTime) {
        self.guard.looked_after(previous, now);
    }

    fn pause_limit(&self) -> Option<Span> {
        Some(self.guard.max_pause)
    }

    fn level(&self, _: f64, now: LocalTime) -> f64 {
        self.newest.map_or(0.0, |_| self.phi(now.since(self.last).as_nanos()))
    }
}

/// The time in which nobody new is convicted.
#[derive(Clone, Copy, Debug)]
struct Guard {
    max_pause: Span,
    /// The last look before the pause: what fell due by then was convicted.
    from: LocalTime,
    /// The first instant at which a look convicts again.
    until: LocalTime,
}

impl Guard {
    const fn new(max_pause: Span) -> Self {
        Self { max_pause, from: LocalTime::ZERO, until: LocalTime::ZERO }
    }

    fn looked_after(&mut self, previous: LocalTime, now: LocalTime) {
        if now.since(previous) <= self.max_pause {
            return;
        }
        // A pause that begins within the guard of the one before lengthens it.
        if previous >= self.until {
            self.from = previous;
        }
        self.until = now + self.max_pause;
    }

    /// A conviction that falls due in the pause or the guard after it waits for the guard's end.
    #[inline]
    fn postpone(&self, due: LocalTime) -> LocalTime {
        if due > self.from && due < self.until { self.until } else { due }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::{Monitor, Verdict};
    use crate::units::RemoteTime;
    use proptest::prelude::*;

    fn gossip(threshold: f64) -> PhiCassandra {
        PhiCassandra::from_config(Config {
            threshold,
            window: 1000,
            first_interval: Span::from_secs(2),
            max_interval: Span::from_secs(2),
            max_local_pause: Span::from_secs(5),
        })
    }

    fn at(millis: u64) -> LocalTime {
        LocalTime::ZERO + Span::from_millis(millis)
    }

    fn hear(detector: &mut PhiCassandra, millis: u64, incarnation: u32, seq: u64) {
        detector.heartbeat(at(millis), &Beat { incarnation, seq, sent: RemoteTime::ZERO });
    }

    /// One heartbeat a second, number n at n seconds, up to `last`.
    fn steady(detector: &mut PhiCassandra, last: u64) {
        (0..=last).for_each(|seq| hear(detector, seq * 1000, 0, seq));
    }

    fn silence(detector: &PhiCassandra, since: u64) -> f64 {
        u64_to_f64(detector.suspect_at().unwrap().since(at(since)).as_nanos()) / 1e9
    }

    #[test]
    fn convicts_after_the_documented_number_of_means() {
        for (threshold, seconds) in [(5.0, 11.51), (8.0, 18.4207), (10.0, 23.03), (12.0, 27.63), (16.0, 36.84)] {
            let mut detector = gossip(threshold);
            steady(&mut detector, 1100);
            assert!((silence(&detector, 1_100_000) - seconds).abs() < 0.005, "{threshold}");
        }
    }

    #[test]
    fn the_first_arrival_counts_as_an_interval_of_two_seconds() {
        let mut detector = gossip(8.0);
        hear(&mut detector, 700, 0, 0);
        assert!((silence(&detector, 700) - 36.8414).abs() < 1e-3);
        hear(&mut detector, 1700, 0, 1);
        assert!((silence(&detector, 1700) - 18.4207 * 1.5).abs() < 1e-3);
    }

    #[test]
    fn long_intervals_and_old_news_are_not_recorded() {
        let mut detector = gossip(8.0);
        steady(&mut detector, 100);
        let trusted = silence(&detector, 100_000);
        hear(&mut detector, 102_001, 0, 102);
        assert!((silence(&detector, 102_001) - trusted).abs() < 1e-9);
        let suspect_at = detector.suspect_at();
        hear(&mut detector, 102_500, 0, 101);
        hear(&mut detector, 102_600, 0, 102);
        assert_eq!(detector.suspect_at(), suspect_at);
        // Two seconds are just not too long.
        hear(&mut detector, 104_001, 0, 103);
        assert!(silence(&detector, 104_001) > trusted);
    }

    #[test]
    fn a_pause_of_the_observer_convicts_nobody() {
        let mut detector = gossip(8.0);
        steady(&mut detector, 1100);
        let due = detector.suspect_at().unwrap();
        let (slept, woke) = (at(1_110_000), at(1_120_000));
        assert!(slept < due && due < woke);
        detector.looked_after(slept, woke);
        assert_eq!(detector.check(woke), Verdict::Trust);
        assert_eq!(detector.suspect_at(), Some(at(1_125_000)));
        // A second pause within the guard lengthens it.
        detector.looked_after(at(1_123_000), at(1_130_000));
        assert_eq!(detector.suspect_at(), Some(at(1_135_000)));
        assert_eq!(detector.check(at(1_135_000)), Verdict::Suspect);
        // One after that leaves the conviction.
        detector.looked_after(at(1_136_000), at(1_150_000));
        assert_eq!(detector.check(at(1_150_000)), Verdict::Suspect);
        // A short one is none at all.
        hear(&mut detector, 1_160_000, 0, 2000);
        let due = detector.suspect_at();
        detector.looked_after(at(1_175_000), at(1_180_000));
        assert_eq!(detector.suspect_at(), due);
        assert_eq!(detector.pause_limit(), Some(Span::from_secs(5)));
    }

    #[test]
    fn a_new_generation_of_a_dead_endpoint_drops_the_window() {
        let mut detector = gossip(8.0);
        steady(&mut detector, 1100);
        hear(&mut detector, 1_200_000, 1, 0);
        assert!((silence(&detector, 1_200_000) - 36.8414).abs() < 1e-3);
    }

    #[test]
    fn a_new_generation_of_a_living_endpoint_keeps_the_window() {
        let mut detector = gossip(8.0);
        steady(&mut detector, 1100);
        hear(&mut detector, 1_110_000, 1, 0);
        assert!((silence(&detector, 1_110_000) - 18.4207).abs() < 1e-3);
        hear(&mut detector, 1_110_500, 0, 1105);
        assert!((silence(&detector, 1_110_000) - 18.4207).abs() < 1e-3);
    }

    proptest! {
        #[test]
        fn the_first_convicting_nanosecond_is_exact(
            waits in prop::collection::vec(1..2_500_000_000_u64, 1..40), threshold in 0.01..40.0_f64,
        ) {
            let mut detector = gossip(threshold);
            let mut now = 12_345;
            for (seq, wait) in (0..).zip(waits) {
                now += wait;
                detector.heartbeat(LocalTime::from_nanos(now), &Beat { incarnation: 0, seq, sent: RemoteTime::ZERO });
                let suspect_at = detector.suspect_at().unwrap();
                prop_assert!(detector.level(suspect_at) > threshold);
                prop_assert!(detector.level(suspect_at - Span::from_nanos(1)) <= threshold);
            }
        }
    }
}
