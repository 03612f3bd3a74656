//! Phi accrual as Akka's cluster runs it.
//!
//! **Rule.** Suspected while phi >= `threshold`, with phi the logistic approximation of the normal law
//! (`akka-remote/.../PhiAccrualFailureDetector.scala`): with the silence t, the mean of the recorded intervals plus
//! `acceptable-pause` m, and their population standard deviation s, at least `min-std-dev`, y = (t - m) / s,
//! e = exp(-y (1.5976 + 0.070566 y^2)), phi = -log10(e / (1 + e)) where t > m, else -log10(1 - 1 / (1 + e)). All times are
//! whole milliseconds of the own clock: a verdict turns when the clock shows the next one.
//!
//! An interval is recorded only if the peer was still available when the heartbeat came: the silence that ended a suspicion
//! never enters. So settings do not share an estimate; each keeps its own. Every response counts, also one that was
//! overtaken or repeated: Akka's detector knows no sequence numbers.
//!
//! **Parameters** and their defaults in `reference.conf`: `threshold` 8, `max-sample-size` 1000 (`window`),
//! `min-std-deviation` 100 ms, `acceptable-heartbeat-pause` 3 s (remote deathwatch: threshold 10, 200, 100 ms, 10 s),
//! `heartbeat-interval` 1 s (`first-interval`). A larger `window` forgets slower; a longer pause or a higher threshold makes
//! fewer mistakes and finds a crash later.
//!
//! **Before the first heartbeat** phi is 0, the peer available, and nothing is monitored: no opinion. The first heartbeat
//! sets the history to two guesses, a quarter below and above `first-interval`, so that a peer heard once becomes suspect
//! too, later than in steady state (5.3 s instead of 4.5 s for intervals of 1 s). **At a restart** the member has a new unique
//! address: the old one is removed with its detector, so the first heartbeat of the new incarnation meets a fresh detector
//! (`ClusterHeartbeatSenderState.removeMember`); answers of a member that is no longer in the ring are dropped.
//!
//! **Deviation.** The variance is computed in whole numbers, where Akka subtracts two rounded ones, which can end below zero
//! and then makes every phi not a number. Akka's fake first heartbeat (for a peer that does not answer at all) belongs to
//! its protocol, not here.
//!
//! **Cost**: a division and a square root a heartbeat, no logarithm; 8 bytes an interval held. **Fails** where many peers
//! pause for longer than `acceptable-pause`, and after a suspicion: what it should learn from is what it does not record.

use super::logistic::{History, Limit, milliseconds};
use super::{Beat, Estimator, Single};
use crate::units::{LocalTime, Span};

/// Parameters of phi accrual as Akka runs it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Level of suspicion from which on the peer is unavailable, above zero. Default 8: about one wrong suspicion in 10^8
    /// intervals if they were normal, which they are not. One more is a few tenths of a standard deviation later.
    pub threshold: f64,
    /// Intervals remembered, at least 1. Default 1000.
    pub window: u32,
    /// Floor of the standard deviation, at least a millisecond. Default 100 ms. Too low, and a regular sender is suspected at
    /// the least delay.
    pub min_std_dev: Span,
    /// Silence that is forgiven on top of the mean. Default 3 s. It should cover usual pauses of the peer.
    pub acceptable_pause: Span,
    /// Guess of the interval before any was seen, at least a millisecond. Default one interval.
    pub first_interval: Span,
}

impl Config {
    /// The whole detector: its history depends on its own verdict, so settings share nothing.
    #[must_use]
    pub fn estimator(&self) -> Available {
        Available::new(*self)
    }
}

/// Phi accrual of Akka as a [`crate::detector::Monitor`].
pub type PhiAkka = Single<Available>;

impl PhiAkka {
    /// A detector that has heard nothing yet.
    #[must_use]
    pub fn from_config(config: Config) -> Self {
        Self::new(config.estimator(), ())
    }
}

/// Intervals recorded while the peer was available, by the detector's own verdict.
#[derive(Clone, Debug)]
pub struct Available {
    history: History,
    limit: Limit,
    heard: Option<Heard>,
}

/// The last heartbeat.
#[derive(Clone, Copy, Debug)]
struct Heard {
    incarnation: u32,
    /// When it came, in whole milliseconds.
    since: u64,
    /// When, without another, the peer becomes unavailable.
    suspect_at: LocalTime,
}

impl Available {
    /// Nothing heard yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            history: History::new(config.window, config.first_interval, config.min_std_dev, config.acceptable_pause),
            limit: Limit::from_threshold(config.threshold),
            heard: None,
        }
    }
}

impl Estimator for Available {
    type Setting = ();
    const SHARED: bool = false;

    #[inline]
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        let millisecond = milliseconds(now);
        match self.heard {
            Some(heard) if beat.incarnation < heard.incarnation => return,
            Some(heard) if beat.incarnation == heard.incarnation => {
                if now < heard.suspect_at {
                    self.history.record(millisecond.saturating_sub(heard.since));
                }
            }
            _ => self.history.restart(),
        }
        let suspect_at = self.history.statistics().suspect_at(millisecond, self.limit);
        self.heard = Some(Heard { incarnation: beat.incarnation, since: millisecond, suspect_at });
    }

    #[inline]
    fn suspect_at(&self, (): ()) -> Option<LocalTime> {
        self.heard.map(|heard| heard.suspect_at)
    }

    fn level(&self, (): (), now: LocalTime) -> f64 {
        self.heard.map_or(0.0, |heard| self.history.statistics().level(heard.since, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::{Monitor, Verdict};
    use crate::units::RemoteTime;

    fn cluster() -> PhiAkka {
        PhiAkka::from_config(Config {
            threshold: 8.0,
            window: 1000,
            min_std_dev: Span::from_millis(100),
            acceptable_pause: Span::from_secs(3),
            first_interval: Span::from_secs(1),
        })
    }

    fn at(millis: u64) -> LocalTime {
        LocalTime::ZERO + Span::from_millis(millis)
    }

    fn hear(detector: &mut PhiAkka, millis: u64, incarnation: u32) {
        detector.heartbeat(at(millis), &Beat { incarnation, seq: 0, sent: RemoteTime::ZERO });
    }

    #[test]
    fn a_peer_never_heard_is_healthy() {
        let mut detector = cluster();
        assert_eq!(detector.check(at(1_000_000)), Verdict::Unknown);
        assert_eq!(detector.level(at(1_000_000)).to_bits(), 0.0_f64.to_bits());
    }

    /// 5306 ms after one heartbeat, and 4523 ms when the guesses have left the window.
    #[test]
    fn the_limit_is_the_documented_one() {
        let mut detector = cluster();
        hear(&mut detector, 500, 0);
        assert_eq!(detector.suspect_at(), Some(at(500 + 5307)));
        for beat in 1..=1100 {
            hear(&mut detector, 500 + beat * 1000, 0);
        }
        assert_eq!(detector.suspect_at(), Some(at(1_100_500 + 4523)));
    }

    #[test]
    fn the_interval_that_ended_a_suspicion_is_not_recorded() {
        let mut detector = cluster();
        for beat in 0..50 {
            hear(&mut detector, beat * 1000, 0);
        }
        let trusted = detector.suspect_at().unwrap().since(at(49_000));
        hear(&mut detector, 149_000, 0);
        assert_eq!(detector.suspect_at(), Some(at(149_000) + trusted));
        // One that comes in time is, however late.
        hear(&mut detector, 153_000, 0);
        assert!(detector.suspect_at().unwrap() > at(153_000) + trusted);
    }

    #[test]
    fn the_clock_shows_whole_milliseconds() {
        let mut detector = cluster();
        detector
            .heartbeat(at(500) + Span::from_nanos(999_999), &Beat { incarnation: 0, seq: 0, sent: RemoteTime::ZERO });
        let suspect_at = detector.suspect_at().unwrap();
        assert_eq!(suspect_at, at(500 + 5307));
        assert!(detector.level(suspect_at) >= 8.0);
        assert!(detector.level(suspect_at - Span::from_nanos(1)) < 8.0);
    }

    #[test]
    fn a_restarted_member_meets_a_fresh_detector() {
        let mut detector = cluster();
        for beat in 0..500 {
            hear(&mut detector, beat * 1000, 0);
        }
        hear(&mut detector, 500_000, 1);
        assert_eq!(detector.suspect_at(), Some(at(500_000 + 5307)));
        hear(&mut detector, 501_000, 0);
        assert_eq!(detector.suspect_at(), Some(at(500_000 + 5307)));
    }
}
