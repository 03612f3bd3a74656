//! 2W-FD: the later of two estimates.
//!
//! **Rule.** Expected arrivals as in [`nfd_e`](super::nfd_e), by a short and by a long window:
//! tau_(l+1) = max(EA_(l+1) by `short`, EA_(l+1) by `long`) + `margin`. The short window answers at once to a path that
//! became slower, the long one holds the usual delay when the last heartbeats happened to be early.
//!
//! **Parameters.** `short`, `long`, `margin`, see [`Config`]. With both windows equal it is NFD-E.
//!
//! **Before the first heartbeat** it has no opinion; from the first on both windows average what they have. **At a restart**
//! both are emptied.
//!
//! **Cost**: two estimates of NFD-E a heartbeat; 8 bytes a heartbeat of both windows. **Fails** as a timeout does where
//! heartbeats are lost: with `short` = 1 one late heartbeat buys the same lateness for the next, which helps against
//! slow spells and not against losses.
//!
//! **Source**: A. Tomsic, P. Sens, J. Garcia, L. Arantes, J. Sopena, "2W-FD: a failure detector algorithm with QoS",
//! 2015. Windows of 1 and 1000 as in their experiments.

use super::arrival::ExpectedArrival;
use super::newest::{Newest, News};
use super::{Beat, Estimator, Single};
use crate::units::{LocalTime, Span};

/// Parameters of 2W-FD of Tomsic and others: the later of two estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Heartbeats in the short window, at least 1 (0 counts as 1) and below `long`. Larger answers later to a slower path.
    /// Default 1 (the authors).
    pub short: u32,
    /// Heartbeats in the long window. Too few: early heartbeats pull the deadline in. Default 1000 (the authors).
    pub long: u32,
    /// Safety margin beyond the later estimate. Below the usual jitter: a mistake at every late heartbeat. Too long:
    /// detection takes up to interval + delay + margin. No default: it is what the user tunes.
    pub margin: Span,
}

impl Config {
    /// What this kind learns from heartbeats, for a peer that sends every `interval`.
    #[must_use]
    pub const fn estimator(&self, interval: Span) -> LaterArrival {
        LaterArrival::new(interval, self.short, self.long)
    }

    /// The safety margin.
    #[must_use]
    pub const fn setting(&self) -> Span {
        self.margin
    }
}

/// 2W-FD as a [`crate::detector::Monitor`].
pub type TwoWindow = Single<LaterArrival>;

impl TwoWindow {
    /// A detector that has heard nothing yet, for a peer that sends every `interval`.
    #[must_use]
    pub const fn from_config(config: Config, interval: Span) -> Self {
        Self::new(config.estimator(interval), config.setting())
    }
}

/// When the next heartbeat is expected, by two windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaterArrival {
    newest: Newest,
    short: ExpectedArrival,
    long: ExpectedArrival,
}

impl LaterArrival {
    /// Nothing heard yet from a peer that sends every `interval`.
    #[must_use]
    pub const fn new(interval: Span, short: u32, long: u32) -> Self {
        Self {
            newest: Newest::NONE,
            short: ExpectedArrival::new(interval, short),
            long: ExpectedArrival::new(interval, long),
        }
    }
}

impl Estimator for LaterArrival {
    /// The safety margin.
    type Setting = Span;

    #[inline]
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        match self.newest.hear(beat) {
            News::Late => return,
            News::NewLife => {
                self.short.clear();
                self.long.clear();
            }
            News::Newer => {}
        }
        self.short.record(now, beat.seq);
        self.long.record(now, beat.seq);
    }

    #[inline]
    fn suspect_at(&self, margin: Span) -> Option<LocalTime> {
        let (short, long) = (self.short.next()?, self.long.next()?);
        Some(short.instant().max(long.instant()) + margin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::nfd_e::MeanArrival;
    use crate::detector::testing::{SECOND, arrivals, at, beat, feed, obeys_the_laws};
    use proptest::prelude::*;

    const SECOND_SPAN: Span = Span::from_nanos(SECOND);

    #[test]
    fn the_later_estimate_decides() {
        let mut windows = LaterArrival::new(Span::from_nanos(100), 1, 4);
        let margin = Span::from_nanos(5);
        let mut hear = |seq, nanos| {
            windows.heartbeat(at(nanos), &beat(0, seq));
            windows.suspect_at(margin)
        };
        assert_eq!(hear(0, 1000), Some(at(1105)));
        // Shifted arrivals 1000 and 1040: the short window says 1040, the long 1020.
        assert_eq!(hear(1, 1140), Some(at(1245)));
        // Then 1000: short 1000, long 1013 1/3, so the first whole nanosecond is 1014.
        assert_eq!(hear(2, 1200), Some(at(1319)));
    }

    proptest! {
        #[test]
        fn is_the_later_of_two_nfd_e(heard in arrivals()) {
            let margin = Span::from_millis(100);
            let both = feed(LaterArrival::new(SECOND_SPAN, 2, 9), &heard, |state| state.suspect_at(margin));
            let short = feed(MeanArrival::new(SECOND_SPAN, 2), &heard, |state| state.suspect_at(margin));
            let long = feed(MeanArrival::new(SECOND_SPAN, 9), &heard, |state| state.suspect_at(margin));
            let later: Vec<_> = short.into_iter().zip(long).map(|(short, long)| short.max(long)).collect();
            prop_assert_eq!(both, later);
        }
    }

    obeys_the_laws!(LaterArrival::new(SECOND_SPAN, 1, 20), [0, 1, SECOND, 9 * SECOND].map(Span::from_nanos));
}
