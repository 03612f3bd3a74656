//! NFD-E: freshness points with the expected arrivals estimated.
//!
//! **Rule.** On a heartbeat numbered l, newer than all before: EA_(l+1) = mean of (A_i - eta x s_i) over the newest n
//! (`window`) heartbeats + (l + 1) x eta, with A_i the arrival of number s_i and eta the interval; suspect at
//! tau_(l+1) = EA_(l+1) + alpha (`margin`). Needs no clock but the own: the sender's schedule is known by its numbers.
//! A heartbeat that arrives at or after its successor's freshness point does not restore trust.
//!
//! **Parameters.** `margin` and `window`, see [`Config`]. A freshness point does not depend on when the last heartbeat came
//! by more than 1/n of its lateness, so a delayed heartbeat is no reason to wait longer for the next.
//!
//! **Before the first heartbeat** it has no opinion; from the first on it averages what it has. **At a restart** it starts
//! afresh: the window is emptied and numbers are counted from the new incarnation's.
//!
//! **Cost**: a few additions and one division a heartbeat; 8 bytes a heartbeat of the window. **Fails** where the sender does
//! not keep to a grid of equal steps (a stall that shifts the schedule, a drifting clock): arrivals then wander off the
//! estimate faster than a long window follows. Where the margin is the least it can be, its estimate of E(D) makes it
//! differ from NFD-S with the same bound, at n = 32 by about 7 % in mistake recurrence on the paper's example.
//!
//! **Source**: W. Chen, S. Toueg, M. K. Aguilera, "On the quality of service of failure detectors", IEEE Transactions on
//! Computers 51(5), 2002, section 6.3.

use super::arrival::ExpectedArrival;
use super::newest::{Newest, News};
use super::{Beat, Estimator, Single};
use crate::units::{LocalTime, Span};

/// Parameters of NFD-E of Chen, Toueg and Aguilera: expected arrivals estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Safety margin (alpha) beyond the expected arrival. Below the usual jitter: a mistake at every late heartbeat. Above
    /// it, accuracy rises in steps at each whole interval, and detection takes up to interval + mean delay + margin. No
    /// default: it is what the user tunes.
    pub margin: Span,
    /// Heartbeats averaged, at least 1 (0 counts as 1). Few: the estimate follows every late heartbeat. Many: it follows a
    /// change of the path slowly. Default 32 (the paper's simulations).
    pub window: u32,
}

impl Config {
    /// What this kind learns from heartbeats, for a peer that sends every `interval`.
    #[must_use]
    pub const fn estimator(&self, interval: Span) -> MeanArrival {
        MeanArrival::new(interval, self.window)
    }

    /// The safety margin.
    #[must_use]
    pub const fn setting(&self) -> Span {
        self.margin
    }
}

/// NFD-E as a [`crate::detector::Monitor`].
pub type NfdE = Single<MeanArrival>;

impl NfdE {
    /// A detector that has heard nothing yet, for a peer that sends every `interval`.
    #[must_use]
    pub const fn from_config(config: Config, interval: Span) -> Self {
        Self::new(config.estimator(interval), config.setting())
    }
}

/// When the next heartbeat is expected, by the mean of the newest arrivals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeanArrival {
    newest: Newest,
    expected: ExpectedArrival,
}

impl MeanArrival {
    /// Nothing heard yet from a peer that sends every `interval`; `window` heartbeats are averaged.
    #[must_use]
    pub const fn new(interval: Span, window: u32) -> Self {
        Self { newest: Newest::NONE, expected: ExpectedArrival::new(interval, window) }
    }
}

impl Estimator for MeanArrival {
    /// The safety margin.
    type Setting = Span;

    #[inline]
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        match self.newest.hear(beat) {
            News::Late => return,
            News::NewLife => self.expected.clear(),
            News::Newer => {}
        }
        self.expected.record(now, beat.seq);
    }

    #[inline]
    fn suspect_at(&self, margin: Span) -> Option<LocalTime> {
        self.expected.next().map(|next| next.instant() + margin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::testing::{SECOND, at, beat, obeys_the_laws};
    use crate::detector::{Monitor, Verdict};

    fn detector(window: u32) -> NfdE {
        NfdE::from_config(Config { margin: Span::from_nanos(30), window }, Span::from_nanos(100))
    }

    fn hear(detector: &mut NfdE, arrivals: &[(u32, u64, u64)]) {
        for &(incarnation, seq, nanos) in arrivals {
            detector.heartbeat(at(nanos), &beat(incarnation, seq));
        }
    }

    #[test]
    fn follows_the_worked_sequence() {
        let mut detector = detector(2);
        assert_eq!(detector.suspect_at(), None);
        hear(&mut detector, &[(0, 0, 1010)]);
        assert_eq!(detector.suspect_at(), Some(at(1110 + 30)));
        // Shifted arrivals 1010 and 1020: 1015 + 200.
        hear(&mut detector, &[(0, 1, 1120)]);
        assert_eq!(detector.suspect_at(), Some(at(1215 + 30)));
        // Number 2 is lost; 1020 and 1005: 1012.5 + 400.
        hear(&mut detector, &[(0, 3, 1305)]);
        assert_eq!(detector.suspect_at(), Some(at(1413 + 30)));
    }

    #[test]
    fn late_and_repeated_beats_enter_no_window() {
        let mut detector = detector(8);
        hear(&mut detector, &[(0, 0, 1000), (0, 2, 1200), (0, 1, 1290), (0, 2, 1295)]);
        assert_eq!(detector.suspect_at(), Some(at(1300 + 30)));
    }

    #[test]
    fn a_restart_empties_the_window() {
        let mut detector = detector(8);
        hear(&mut detector, &[(0, 0, 1000), (0, 1, 1190), (1, 0, 7777), (0, 2, 7780)]);
        assert_eq!(detector.suspect_at(), Some(at(7877 + 30)));
    }

    #[test]
    fn a_beat_staler_than_the_next_freshness_point_does_not_restore_trust() {
        let mut detector = detector(1000);
        hear(&mut detector, &[(0, 0, 1000), (0, 1, 1100), (0, 2, 1200), (0, 3, 1300), (0, 4, 1650)]);
        // Shifted arrivals 4 x 1000 and 1250: 1050 + 500 + 30.
        assert_eq!(detector.suspect_at(), Some(at(1580)));
        assert_eq!(detector.check(at(1650)), Verdict::Suspect);
    }

    obeys_the_laws!(MeanArrival::new(Span::from_nanos(SECOND), 7), [0, 1, SECOND, 9 * SECOND].map(Span::from_nanos));
}
