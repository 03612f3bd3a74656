//! NFD-S: freshness points on synchronised clocks.
//!
//! **Rule.** Heartbeat i is sent at sigma_i = i x eta (eta: the interval). Its freshness point is tau_i = sigma_i + delta
//! (`shift`). From tau_i to tau_(i+1) the peer is trusted if, and as soon as, some heartbeat numbered i or later has
//! arrived. So the newest heartbeat j holds trust until tau_(j+1) = its own sent stamp + interval + `shift`, whenever it
//! arrived; one that arrives at or after that instant does not restore trust. Unlike a timeout, a late heartbeat does not
//! push the next deadline out, hence detection takes at most eta + delta, whatever the delay.
//!
//! **Parameters.** `shift`, from 0 up. It needs synchronised clocks: the sent stamp is read as the own time, and the
//! detector is wrong by whatever the clocks differ by.
//!
//! **Before the first heartbeat** it has no opinion; a first one that is already stale leaves the peer suspected. **At a
//! restart** the sequence starts anew and the newest heartbeat's stamp holds as ever: there is nothing else to forget.
//!
//! **Cost**: a comparison and a store a heartbeat. **Fails** by any offset between the two clocks, and at `shift` below the
//! usual delay: then every heartbeat is stale. Its accuracy rises in steps at each multiple of the interval (one more loss
//! in a row is survived), so a `shift` just below a multiple wastes detection time.
//!
//! **Source**: W. Chen, S. Toueg, M. K. Aguilera, "On the quality of service of failure detectors", IEEE Transactions on
//! Computers 51(5), 2002, section 3. Among detectors with the same interval and the same bound on detection time, none
//! has a higher query accuracy.

use super::newest::{Newest, News};
use super::{Beat, Estimator, Single};
use crate::units::{LocalTime, RemoteTime, Span};

/// Parameters of NFD-S of Chen, Toueg and Aguilera: freshness points on synchronised clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// How long after its slot the next heartbeat is awaited (delta). Too short, below the usual delay: suspected most of
    /// the time. Too long: detection takes up to interval + shift. No default: it is what the user tunes.
    pub shift: Span,
}

impl Config {
    /// What this kind learns from heartbeats, for a peer that sends every `interval`.
    #[must_use]
    pub const fn estimator(&self, interval: Span) -> Schedule {
        Schedule::new(interval)
    }

    /// How long after its slot the next heartbeat is awaited.
    #[must_use]
    pub const fn setting(&self) -> Span {
        self.shift
    }
}

/// NFD-S as a [`crate::detector::Monitor`].
pub type NfdS = Single<Schedule>;

impl NfdS {
    /// A detector that has heard nothing yet, for a peer that sends every `interval`.
    #[must_use]
    pub const fn from_config(config: Config, interval: Span) -> Self {
        Self::new(config.estimator(interval), config.setting())
    }
}

/// Where the newest heartbeat stands in its sender's schedule. Shared by NFD-S and NFD-U.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    interval: Span,
    newest: Newest,
    sent: RemoteTime,
}

impl Schedule {
    /// Nothing heard yet from a peer that sends every `interval`.
    #[must_use]
    pub const fn new(interval: Span) -> Self {
        Self { interval, newest: Newest::NONE, sent: RemoteTime::ZERO }
    }
}

impl Estimator for Schedule {
    /// How long after its slot the next heartbeat is awaited.
    type Setting = Span;

    #[inline]
    fn heartbeat(&mut self, _now: LocalTime, beat: &Beat) {
        if self.newest.hear(beat) != News::Late {
            self.sent = beat.sent;
        }
    }

    #[inline]
    fn suspect_at(&self, shift: Span) -> Option<LocalTime> {
        self.newest.is_some().then(|| self.sent.assuming_synchronised_clocks() + self.interval + shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::testing::{SECOND, at, obeys_the_laws};
    use crate::detector::{Monitor, Verdict};

    fn sent(incarnation: u32, seq: u64, millis: u64) -> Beat {
        Beat { incarnation, seq, sent: RemoteTime::from_nanos(millis * 1_000_000) }
    }

    const fn millis(millis: u64) -> LocalTime {
        at(millis * 1_000_000)
    }

    fn detector() -> NfdS {
        NfdS::from_config(Config { shift: Span::from_millis(300) }, Span::from_secs(1))
    }

    #[test]
    fn trusts_until_the_next_freshness_point_whenever_the_beat_came() {
        let mut detector = detector();
        assert_eq!(detector.suspect_at(), None);
        for (now, seq) in [(50, 0), (1299, 1), (2001, 2)] {
            detector.heartbeat(millis(now), &sent(0, seq, seq * 1000));
            assert_eq!(detector.suspect_at(), Some(millis(seq * 1000 + 1300)));
        }
    }

    #[test]
    fn a_beat_at_its_own_freshness_bound_does_not_restore_trust() {
        let mut detector = detector();
        detector.heartbeat(millis(50), &sent(0, 0, 0));
        detector.heartbeat(millis(2300), &sent(0, 1, 1000));
        assert_eq!(detector.check(millis(2300)), Verdict::Suspect);
        detector.heartbeat(millis(2301), &sent(0, 2, 2000));
        assert_eq!(detector.check(millis(2301)), Verdict::Trust);
    }

    #[test]
    fn an_overtaken_beat_changes_nothing_and_a_restart_follows_the_new_stamps() {
        let mut detector = detector();
        detector.heartbeat(millis(2100), &sent(0, 2, 2000));
        detector.heartbeat(millis(2200), &sent(0, 1, 1000));
        assert_eq!(detector.suspect_at(), Some(millis(3300)));
        detector.heartbeat(millis(9000), &sent(1, 0, 8900));
        detector.heartbeat(millis(9001), &sent(0, 3, 3000));
        assert_eq!(detector.suspect_at(), Some(millis(10_200)));
    }

    obeys_the_laws!(Schedule::new(Span::from_nanos(SECOND)), [0, 1, SECOND, 9 * SECOND].map(Span::from_nanos));
}
