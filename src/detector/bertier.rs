//! The adaptive margin of Bertier, Marin and Sens.
//!
//! **Rule.** Expected arrivals EA as in [`nfd_e`](super::nfd_e), and a margin that follows how wrong they were, smoothed as
//! Jacobson smooths round trips for TCP. On a heartbeat numbered k, newer than all before:
//!
//! - error = A_k - EA_k - delay, with EA_k the arrival that was expected for its number before it came
//! - delay grows by `gamma` x error
//! - var grows by `gamma` x (|error| - var)
//! - alpha = `beta` x delay + `phi` x var, and suspect at EA_(k+1) + alpha
//!
//! **Parameters.** `window`, `beta`, `phi`, `gamma`, see [`Config`]. A heartbeat that follows lost ones is compared with its
//! own slot, so losses do not count as lateness.
//!
//! **Before the first heartbeat** it has no opinion. Until errors are known it acts on an interval +- a quarter: delay 0 and
//! var a quarter of the interval, which by default is a first margin of one interval. The source names no initial
//! values. **At a restart** it starts afresh, with those.
//!
//! **Cost**: as NFD-E, with a second division; 8 bytes a heartbeat of the window. **Fails** on a steady path with losses: the
//! margin shrinks to a few deviations of the jitter, so that every single loss is a mistake. It was made for short
//! detection times on a LAN, to be corrected by a layer above.
//!
//! **Source**: M. Bertier, O. Marin, P. Sens, "Implementation and performance evaluation of an adaptable failure
//! detector", DSN 2002; margin after V. Jacobson, "Congestion avoidance and control", SIGCOMM 1988.

use super::arrival::ExpectedArrival;
use super::gaps::quarter;
use super::newest::{Newest, News};
use super::{Beat, Estimator, Single};
use crate::num::u64_to_f64;
use crate::units::{LocalTime, Span};

/// Parameters of the adaptive margin of Bertier, Marin and Sens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Heartbeats averaged for the expected arrival, at least 1 (0 counts as 1). Few: the estimate follows every late
    /// heartbeat, and the margin with it. Default 1000 (the authors).
    pub window: u32,
    /// Weight of the smoothed error, from 0 up. 0 ignores that heartbeats have of late come after they were expected.
    /// Default 1 (the authors).
    pub beta: f64,
    /// Weight of the smoothed deviation, from 0 up. Below 2 most jitter is a mistake; each unit more costs one mean
    /// deviation of detection time. Default 4 (Jacobson; the authors also try 2).
    pub phi: f64,
    /// How much the newest error weighs against all before, in (0, 1). Near 0 the margin stands still; near 1 it is the
    /// last error. Default 0.1 (the authors).
    pub gamma: f64,
}

impl Config {
    /// What this kind learns from heartbeats, for a peer that sends every `interval`.
    #[must_use]
    pub const fn estimator(&self, interval: Span) -> SmoothedError {
        SmoothedError::new(interval, self.window, self.beta, self.gamma)
    }

    /// The weight of the smoothed deviation.
    #[must_use]
    pub const fn setting(&self) -> f64 {
        self.phi
    }
}

/// Bertier's detector as a [`crate::detector::Monitor`].
pub type Bertier = Single<SmoothedError>;

impl Bertier {
    /// A detector that has heard nothing yet, for a peer that sends every `interval`.
    #[must_use]
    pub const fn from_config(config: Config, interval: Span) -> Self {
        Self::new(config.estimator(interval), config.setting())
    }
}

/// When the next heartbeat is expected, and how wrong such expectations were, smoothed.
#[derive(Clone, Debug, PartialEq)]
pub struct SmoothedError {
    interval: Span,
    beta: f64,
    gamma: f64,
    newest: Newest,
    expected: ExpectedArrival,
    delay: f64,
    deviation: f64,
}

impl SmoothedError {
    /// Nothing heard yet from a peer that sends every `interval`.
    #[must_use]
    pub const fn new(interval: Span, window: u32, beta: f64, gamma: f64) -> Self {
        let expected = ExpectedArrival::new(interval, window);
        Self { interval, beta, gamma, newest: Newest::NONE, expected, delay: 0.0, deviation: 0.0 }
    }

    fn start_afresh(&mut self) {
        self.expected.clear();
        self.delay = 0.0;
        self.deviation = u64_to_f64(quarter(self.interval).as_nanos());
    }

    #[inline]
    fn learn(&mut self, now: LocalTime, seq: u64) {
        if let Some(expected) = self.expected.of(seq) {
            let error = expected.error(now) - self.delay;
            self.delay += self.gamma * error;
            self.deviation += self.gamma * (error.abs() - self.deviation);
        }
    }
}

impl Estimator for SmoothedError {
    /// The weight of the smoothed deviation (phi).
    type Setting = f64;

    #[inline]
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        match self.newest.hear(beat) {
            News::Late => return,
            News::NewLife => self.start_afresh(),
            News::Newer => self.learn(now, beat.seq),
        }
        self.expected.record(now, beat.seq);
    }

    #[inline]
    fn suspect_at(&self, phi: f64) -> Option<LocalTime> {
        let margin = self.beta * self.delay + phi * self.deviation;
        self.expected.next().map(|next| next.plus(margin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::Monitor;
    use crate::detector::testing::{SECOND, at, beat, obeys_the_laws};

    fn detector() -> Bertier {
        let config = Config { window: 1000, beta: 1.0, phi: 4.0, gamma: 0.25 };
        Bertier::from_config(config, Span::from_nanos(1000))
    }

    #[test]
    fn follows_the_worked_sequence() {
        let mut detector = detector();
        assert_eq!(detector.suspect_at(), None);
        // No error yet: delay 0, var 250; the margin is one interval.
        detector.heartbeat(at(5000), &beat(0, 0));
        assert_eq!(detector.suspect_at(), Some(at(6000 + 1000)));
        // Expected 6000: error 80, delay 20, var 250 - 42.5 = 207.5, alpha 850; EA of 2 is 7040.
        detector.heartbeat(at(6080), &beat(0, 1));
        assert_eq!(detector.suspect_at(), Some(at(7040 + 850)));
        // Number 2 is lost, 3 was expected at 8040: error -60 - 20 = -80, delay 0, var 207.5 - 31.875 = 175.625,
        // alpha 702.5; shifted arrivals 5000, 5080, 4980 average to 5020.
        detector.heartbeat(at(7980), &beat(0, 3));
        assert_eq!(detector.suspect_at(), Some(at(9020 + 703)));
    }

    #[test]
    fn late_beats_teach_nothing_and_a_restart_starts_afresh() {
        let mut detector = detector();
        for (seq, nanos) in [(0, 5000), (2, 7300)] {
            detector.heartbeat(at(nanos), &beat(0, seq));
        }
        let before = detector.suspect_at();
        detector.heartbeat(at(7350), &beat(0, 1));
        assert_eq!(detector.suspect_at(), before);
        detector.heartbeat(at(90_000), &beat(1, 0));
        assert_eq!(detector.suspect_at(), Some(at(92_000)));
    }

    #[test]
    fn the_margin_shrinks_on_a_steady_path() {
        let mut detector = detector();
        for seq in 0..200 {
            detector.heartbeat(at(1000 * (seq + 1)), &beat(0, seq));
        }
        assert_eq!(detector.suspect_at(), Some(at(201_001)));
    }

    obeys_the_laws!(SmoothedError::new(Span::from_nanos(SECOND), 7, 1.0, 0.1), [0.0, 1e-9, 2.0, 4.0, 400.0]);
}
