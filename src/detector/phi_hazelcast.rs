//! Phi accrual as Hazelcast runs it: Akka's, with another rule for what is recorded.
//!
//! **Rule.** Suspected while phi >= `threshold`, with phi as in [`phi_akka`](super::phi_akka), in whole milliseconds of the own
//! clock (`com/hazelcast/internal/cluster/fd/PhiAccrualFailureDetector.java`). Two differences from Akka: the two guesses, a
//! quarter below and above `first-interval`, are in the history from the start, and the first heartbeat leaves them there;
//! and the new time stamp is stored *before* the detector asks itself whether the peer is alive. The silence that it then
//! tests is 0, so that **every** interval is recorded, also the one that ended a suspicion: a long pause widens the estimate.
//!
//! Every heartbeat counts, also one that was overtaken or repeated: the detector knows no sequence numbers.
//!
//! **Parameters** and their defaults: `threshold` 10 (a whole number there), `sample.size` 200 (`window`),
//! `min.std.dev.millis` 100 ms; `acceptable-pause` is the member's `max.no.heartbeat.seconds`, 60 s, which is why the default
//! finds a crash only after 65 s; `first-interval` is the heartbeat interval, 5 s.
//!
//! **Before the first heartbeat** the cluster's wrapper calls a member without detector not alive, the detector itself says
//! phi 0: no opinion. **At a restart** the member joins with a new identity and gets a new detector; heartbeats of one that is
//! no member any more are dropped (from memory, like the 60 s).
//!
//! **Deviation.** The variance is computed in whole numbers, as in [`phi_akka`](super::phi_akka). Hazelcast's reset after a
//! jump of its wall clock of more than 2 min belongs to its cluster manager, not here.
//!
//! **Cost**: a division and a square root a heartbeat; 8 bytes an interval held. **Fails** where long silences come in
//! groups: the first makes it slow for the next 200 heartbeats.

use super::logistic::{History, Limit, Statistics, milliseconds};
use super::{Beat, Estimator, Single};
use crate::units::{LocalTime, Span};

/// Parameters of phi accrual as Hazelcast runs it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Level of suspicion from which on the peer is not alive, at least 1. Default 10.
    pub threshold: f64,
    /// Intervals remembered, at least 1. Default 200.
    pub window: u32,
    /// Floor of the standard deviation, at least a millisecond. Default 100 ms.
    pub min_std_dev: Span,
    /// Silence that is forgiven on top of the mean. Default 60 s. Most of the detection time at the defaults.
    pub acceptable_pause: Span,
    /// Guess of the interval before any was seen, at least a millisecond. Default one interval.
    pub first_interval: Span,
}

impl Config {
    /// What this kind learns from heartbeats: everything but the threshold.
    #[must_use]
    pub fn estimator(&self) -> Intervals {
        Intervals::new(self)
    }

    /// The threshold, solved for.
    #[must_use]
    pub fn setting(&self) -> Limit {
        Limit::from_threshold(self.threshold)
    }
}

/// Phi accrual of Hazelcast as a [`crate::detector::Monitor`].
pub type PhiHazelcast = Single<Intervals>;

impl PhiHazelcast {
    /// A detector that has heard nothing yet.
    #[must_use]
    pub fn from_config(config: Config) -> Self {
        Self::new(config.estimator(), config.setting())
    }
}

/// All intervals between heartbeats, with the guesses before them.
#[derive(Clone, Debug)]
pub struct Intervals {
    history: History,
    statistics: Statistics,
    /// Incarnation and whole millisecond of the last heartbeat.
    heard: Option<(u32, u64)>,
}

impl Intervals {
    /// Nothing heard yet; the threshold is no part of it.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let history = History::new(config.window, config.first_interval, config.min_std_dev, config.acceptable_pause);
        Self { statistics: history.statistics(), history, heard: None }
    }
}

impl Estimator for Intervals {
    type Setting = Limit;

    #[inline]
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        let millisecond = milliseconds(now);
        match self.heard {
            Some((incarnation, _)) if beat.incarnation < incarnation => return,
            Some((incarnation, since)) if beat.incarnation == incarnation => {
                self.history.record(millisecond.saturating_sub(since));
            }
            Some(_) => self.history.restart(),
            None => {}
        }
        self.statistics = self.history.statistics();
        self.heard = Some((beat.incarnation, millisecond));
    }

    #[inline]
    fn suspect_at(&self, limit: Limit) -> Option<LocalTime> {
        self.heard.map(|(_, since)| self.statistics.suspect_at(since, limit))
    }

    fn level(&self, _: Limit, now: LocalTime) -> f64 {
        self.heard.map_or(0.0, |(_, since)| self.statistics.level(since, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::Monitor;
    use crate::units::RemoteTime;

    fn member(acceptable_pause: Span) -> PhiHazelcast {
        PhiHazelcast::from_config(Config {
            threshold: 10.0,
            window: 200,
            min_std_dev: Span::from_millis(100),
            acceptable_pause,
            first_interval: Span::from_secs(5),
        })
    }

    fn at(millis: u64) -> LocalTime {
        LocalTime::ZERO + Span::from_millis(millis)
    }

    fn hear(detector: &mut PhiHazelcast, millis: u64, incarnation: u32) {
        detector.heartbeat(at(millis), &Beat { incarnation, seq: 0, sent: RemoteTime::ZERO });
    }

    #[test]
    fn sixty_seconds_of_pause_make_sixty_five_of_silence() {
        let mut detector = member(Span::from_secs(60));
        for beat in 0..=300 {
            hear(&mut detector, beat * 5000, 0);
        }
        let silence = detector.suspect_at().unwrap().since(at(1_500_000));
        assert_eq!(silence.as_nanos() / 100_000_000, 655);
    }

    #[test]
    fn every_interval_is_recorded_also_one_that_ended_a_suspicion() {
        let mut detector = member(Span::ZERO);
        for beat in 0..=300 {
            hear(&mut detector, beat * 5000, 0);
        }
        let before = detector.suspect_at().unwrap().since(at(1_500_000));
        hear(&mut detector, 1_600_000, 0);
        let after = detector.suspect_at().unwrap().since(at(1_600_000));
        // 199 intervals of 5 s and one of 100 s: deviation 6.70 s, mean 5.475 s.
        assert!(after > before.times(5), "{before:?} {after:?}");
        for beat in 1..=200 {
            hear(&mut detector, 1_600_000 + beat * 5000, 0);
        }
        assert_eq!(detector.suspect_at().unwrap().since(at(2_600_000)), before);
    }

    #[test]
    fn the_first_heartbeat_leaves_the_guesses() {
        let mut detector = member(Span::ZERO);
        hear(&mut detector, 0, 0);
        let alone = detector.suspect_at().unwrap();
        // Mean 5 s, deviation 1.25 s: phi 10 lies 5.84 deviations beyond.
        assert!(alone > at(12_200) && alone < at(12_400), "{alone:?}");
        hear(&mut detector, 5000, 0);
        assert!(detector.suspect_at().unwrap().since(at(5000)) < alone.since(at(0)));
    }

    #[test]
    fn phi_is_suspect_at_the_deadline_and_not_a_nanosecond_before() {
        let mut detector = member(Span::from_millis(1234));
        for beat in 0..=77 {
            hear(&mut detector, beat * 4987 + beat * beat % 97, 0);
            let suspect_at = detector.suspect_at().unwrap();
            assert!(detector.level(suspect_at) >= 10.0);
            assert!(detector.level(suspect_at - Span::from_nanos(1)) < 10.0);
        }
    }
}
