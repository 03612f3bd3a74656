//! So many heartbeats in a row missed.
//!
//! **Rule.** The newest heartbeat fixes the grid: the next ones are due every interval after its arrival, and one counts as
//! missed when it is more than `grace` late. Suspect at the newest arrival + `count` x interval + `grace`. This is how
//! systems speak that say "dead after three missed heartbeats", and the same thing as a [`timeout`](super::timeout) of
//! that length that newer heartbeats re-arm: the two share one estimator.
//!
//! **Parameters.** `count`: heartbeats in a row. `grace`: lateness that is not yet a miss. With `count` = 1 and `grace` = 0
//! every heartbeat that comes later than the one before it is a mistake.
//!
//! **Before the first heartbeat** it has no opinion. **At a restart** the first heartbeat of the new incarnation fixes the
//! grid anew.
//!
//! **Cost**: a comparison and a store a heartbeat. **Fails** where a burst of loss swallows `count` heartbeats in a row, and
//! at long intervals: detection takes up to (`count` + 1) intervals.
//!
//! **Source**: no paper of its own; it is how production systems state their rule, such as the `fall` of HAProxy's health
//! checks and the `failureThreshold` of Kubernetes' probes.

use super::timeout::{Rearm, Silence};
use super::{Beat, Monitor, Single};
use crate::units::{LocalTime, Span};

/// Parameters of so many heartbeats in a row missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// How many heartbeats in a row must be missed, at least 1. Each more costs an interval of detection time and asks for
    /// one more loss in a row before a living peer is suspected. Default 3 (`contract.md`; common in production).
    pub count: u32,
    /// How late a heartbeat may be and not count as missed. Below the usual jitter, `count` - 1 losses and one late
    /// heartbeat are enough for a mistake; above one interval it is one more `count`. Default half an interval.
    pub grace: Span,
}

impl Config {
    /// What this kind learns from heartbeats: the silence since the newest.
    #[must_use]
    pub const fn estimator(&self) -> Silence {
        Silence::new(Rearm::Newer)
    }

    /// The length of silence from which on the peer is suspected.
    #[must_use]
    pub fn setting(&self, interval: Span) -> Span {
        interval.times(u64::from(self.count)) + self.grace
    }
}

/// So many heartbeats in a row missed, as a complete [`Monitor`].
#[derive(Clone, Debug)]
pub struct Misses(Single<Silence>);

impl Misses {
    /// A detector that has heard nothing yet, for a peer that sends every `interval`.
    #[must_use]
    pub fn from_config(config: Config, interval: Span) -> Self {
        Self(Single::new(config.estimator(), config.setting(interval)))
    }
}

impl Monitor for Misses {
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        self.0.heartbeat(now, beat);
    }

    fn suspect_at(&self) -> Option<LocalTime> {
        self.0.suspect_at()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::Verdict;
    use crate::detector::testing::{at, beat};

    #[test]
    fn suspects_when_the_third_is_more_than_the_grace_late() {
        let config = Config { count: 3, grace: Span::from_millis(500) };
        let mut detector = Misses::from_config(config, Span::from_secs(1));
        assert_eq!(detector.check(at(9_000_000_000)), Verdict::Unknown);
        detector.heartbeat(at(10_000_000_000), &beat(0, 4));
        assert_eq!(detector.suspect_at(), Some(at(13_500_000_000)));
        detector.heartbeat(at(11_200_000_000), &beat(0, 5));
        detector.heartbeat(at(11_300_000_000), &beat(0, 3));
        assert_eq!(detector.suspect_at(), Some(at(14_700_000_000)));
        assert_eq!(detector.check(at(14_699_999_999)), Verdict::Trust);
        assert_eq!(detector.check(at(14_700_000_000)), Verdict::Suspect);
        detector.heartbeat(at(60_000_000_000), &beat(1, 0));
        assert_eq!(detector.suspect_at(), Some(at(63_500_000_000)));
    }
}
