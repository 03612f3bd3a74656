//! Intervals between newer heartbeats, as the accrual detectors record them.
//!
//! An interval runs from one newer heartbeat to the next of the same incarnation, so a lost heartbeat makes one interval
//! twice as long. Repeated and overtaken heartbeats record nothing, and a restart begins with an empty record: the time
//! that the peer was down is no interval. This file must not know which law is laid over the intervals.

use super::Beat;
use super::newest::{Newest, News};
use super::window::Window;
use crate::num::u64_to_f64;
use crate::units::{LocalTime, Span};

/// The newest so many intervals between heartbeats, and when the last one ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gaps {
    interval: Span,
    newest: Newest,
    last: LocalTime,
    window: Window,
}

impl Gaps {
    /// Nothing heard yet from a peer that sends every `interval`.
    pub(super) fn new(interval: Span, window: u32) -> Self {
        Self { interval, newest: Newest::NONE, last: LocalTime::ZERO, window: Window::new(window) }
    }

    /// Takes note of an arrival, and says whether it was news.
    #[inline]
    pub(super) fn hear(&mut self, now: LocalTime, beat: &Beat) -> bool {
        match self.newest.hear(beat) {
            News::Late => return false,
            News::NewLife => self.window.clear(),
            News::Newer => self.window.push(now.since(self.last).as_nanos()),
        }
        self.last = now;
        true
    }

    /// When the newest heartbeat arrived; `None` where nothing was heard.
    #[inline]
    pub(super) fn last(&self) -> Option<LocalTime> {
        self.newest.is_some().then_some(self.last)
    }

    /// Mean interval in nanoseconds: the sender's own before two were recorded.
    #[inline]
    pub(super) fn mean(&self) -> f64 {
        self.recorded().and_then(Window::mean).unwrap_or_else(|| u64_to_f64(self.interval.as_nanos()))
    }

    /// Standard deviation of the intervals in nanoseconds: a quarter of the sender's before two were recorded.
    #[inline]
    pub(super) fn std_dev(&self) -> f64 {
        self.recorded().and_then(Window::std_dev).unwrap_or_else(|| u64_to_f64(quarter(self.interval).as_nanos()))
    }

    #[inline]
    fn recorded(&self) -> Option<&Window> {
        (self.window.len() >= 2).then_some(&self.window)
    }
}

/// How far from the interval the two samples lie on which a detector acts before it has two of its own.
pub(super) const fn quarter(interval: Span) -> Span {
    Span::from_nanos(interval.as_nanos() / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::testing::{at, beat};

    fn assert_moments(gaps: &Gaps, mean: f64, std_dev: f64) {
        let found = (gaps.mean(), gaps.std_dev());
        assert!((found.0 - mean).abs() < 1e-9 && (found.1 - std_dev).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn acts_on_the_interval_and_a_quarter_before_two_samples() {
        let mut gaps = Gaps::new(Span::from_nanos(1000), 10);
        assert_eq!(gaps.last(), None);
        gaps.hear(at(5000), &beat(0, 0));
        assert_eq!(gaps.last(), Some(at(5000)));
        assert_moments(&gaps, 1000.0, 250.0);
        gaps.hear(at(6100), &beat(0, 1));
        assert_moments(&gaps, 1000.0, 250.0);
        gaps.hear(at(7000), &beat(0, 2));
        assert_moments(&gaps, 1000.0, 100.0);
    }

    #[test]
    fn a_lost_beat_widens_and_a_late_one_does_nothing() {
        let mut gaps = Gaps::new(Span::from_nanos(1000), 10);
        assert!(gaps.hear(at(0), &beat(0, 0)));
        assert!(gaps.hear(at(1000), &beat(0, 1)));
        assert!(gaps.hear(at(3000), &beat(0, 3)));
        let before = gaps.clone();
        assert!(!gaps.hear(at(3100), &beat(0, 2)));
        assert!(!gaps.hear(at(3200), &beat(0, 3)));
        assert_eq!(gaps, before);
        assert_moments(&gaps, 1500.0, 500.0);
    }

    #[test]
    fn a_restart_begins_an_empty_record() {
        let mut gaps = Gaps::new(Span::from_nanos(1000), 10);
        for (time, seq) in [(0, 0), (900, 1), (1800, 2)] {
            gaps.hear(at(time), &beat(0, seq));
        }
        gaps.hear(at(90_000), &beat(1, 0));
        assert_moments(&gaps, 1000.0, 250.0);
        assert!(!gaps.hear(at(90_100), &beat(0, 3)));
        assert_eq!(gaps.last(), Some(at(90_000)));
    }
}
