//! How an observer looks at its detectors: continuously, or at the ticks of a check period.
//!
//! A watch belongs to an observer, not to a pair. Quantisation by check ticks often dominates real detection time, so it
//! is modelled and never smoothed away: Akka's reaper and Cassandra's gossip round look every second, Kubernetes' node
//! controller every 5 s, a HDFS name node every 5 min. A watch reads only its observer's time.
//!
//! Between two ticks nothing is seen: a suspicion that begins and ends there did not happen. While the observer is stalled its
//! ticks drop, and one runs at waking; then the old grid goes on, or, where periods are stretched, the next period.

use crate::num::{round_to_u64, u64_to_f64, u128_to_u64, unit_interval};
use crate::units::{LocalTime, Span};

/// How the verdicts of a detector are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Watch {
    /// The check period; `None`: a timer at every deadline (a verdict changes at the instant at which it is due).
    pub every: Option<CheckPeriod>,
    /// Which clock the detector reads.
    pub clock: Clock,
}

/// Ticks at which verdicts are looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckPeriod {
    /// Time between two looks, above zero. Detection is late by half of it in the mean, by all of it at worst.
    pub period: Span,
    /// Where the first tick lies.
    pub phase: CheckPhase,
    /// Each period is stretched by a uniform share from `gap_min` to `gap_max`, from the end of the last look. Both
    /// zero: a fixed grid. At least 0: 0.02 is 2 %.
    pub gap_min: f64,
    /// See `gap_min`; not below it.
    pub gap_max: f64,
}

impl CheckPeriod {
    /// Ticks on a fixed grid.
    #[must_use]
    pub const fn grid(period: Span, phase: CheckPhase) -> Self {
        Self { period, phase, gap_min: 0.0, gap_max: 0.0 }
    }

    /// Whether ticks lie on a fixed grid, so that the one after any instant is known without walking there.
    #[must_use]
    pub fn is_grid(&self) -> bool {
        self.gap_min <= 0.0 && self.gap_max <= 0.0
    }

    /// How long after the start of the trial the first tick lies. `draw`: 64 random bits, used by a random phase alone.
    #[must_use]
    pub fn first(&self, draw: u64) -> Span {
        match self.phase {
            CheckPhase::Random => share(self.period, draw),
            CheckPhase::Aligned => Span::ZERO,
            CheckPhase::At(phase) => phase,
        }
    }

    /// How long after the end of a look the next one begins. `draw`: 64 random bits, used where periods are stretched.
    #[must_use]
    pub fn wait(&self, draw: u64) -> Span {
        if self.is_grid() {
            return self.period;
        }
        let period = u64_to_f64(self.period.as_nanos());
        let stretch = self.gap_min + (self.gap_max - self.gap_min) * unit_interval(draw);
        self.period + Span::from_nanos(round_to_u64(period * stretch))
    }

    /// The first tick at or after `at`, of a fixed grid whose first tick is `first`.
    #[must_use]
    #[inline]
    pub fn tick_from(&self, first: LocalTime, at: LocalTime) -> LocalTime {
        let period = self.period.as_nanos().max(1);
        first + Span::from_nanos(period).times(at.since(first).as_nanos().div_ceil(period))
    }
}

/// A uniform part of `span`, in [0, `span`).
fn share(span: Span, draw: u64) -> Span {
    let scaled = (u128::from(draw) * u128::from(span.as_nanos())) >> 64;
    Span::from_nanos(u128_to_u64(scaled))
}

/// Where an observer's first tick lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckPhase {
    /// One draw a trial and observer, shared by all detectors of that period.
    Random,
    /// At the start of the trial.
    Aligned,
    /// So long after the start of the trial.
    At(Span),
}

/// Which clock a detector reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// One that is never set.
    #[default]
    Monotonic,
    /// The wall clock, which may be stepped.
    Wall,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FIVE: Span = Span::from_secs(5);

    #[test]
    fn the_first_tick_lies_where_the_phase_says() {
        let first = |phase, draw| CheckPeriod::grid(FIVE, phase).first(draw);
        assert_eq!(first(CheckPhase::Aligned, 77), Span::ZERO);
        assert_eq!(first(CheckPhase::At(Span::from_secs(7)), 77), Span::from_secs(7));
        assert_eq!(first(CheckPhase::Random, 0), Span::ZERO);
        assert_eq!(first(CheckPhase::Random, 1 << 63), Span::from_millis(2500));
        assert!(first(CheckPhase::Random, u64::MAX) < FIVE);
    }

    #[test]
    fn periods_are_stretched_within_their_bounds() {
        let period = CheckPeriod { gap_min: 0.0, gap_max: 0.04, ..CheckPeriod::grid(FIVE, CheckPhase::Random) };
        assert!(!period.is_grid() && CheckPeriod::grid(FIVE, CheckPhase::Random).is_grid());
        let waits: Vec<_> = (0..2000).map(|draw| period.wait(crate::rng::mix(draw)).as_nanos()).collect();
        assert!(waits.iter().all(|wait| (5_000_000_000..=5_200_000_000).contains(wait)));
        let mean = waits.iter().sum::<u64>() / 2000;
        // Within five standard errors of the middle.
        assert!(mean.abs_diff(5_100_000_000) < 5 * 1_300_000, "{mean}");
        assert_eq!(CheckPeriod::grid(FIVE, CheckPhase::Aligned).wait(9), FIVE);
    }

    proptest! {
        #[test]
        fn the_next_tick_is_the_first_that_is_not_earlier(first in 0..1_u64 << 40, at in 0..1_u64 << 62, period in 1..1_u64 << 40) {
            let grid = CheckPeriod::grid(Span::from_nanos(period), CheckPhase::Aligned);
            let (first, at) = (LocalTime::from_nanos(first), LocalTime::from_nanos(at));
            let tick = grid.tick_from(first, at);
            prop_assert!(tick >= at && tick >= first);
            prop_assert_eq!(tick.since(first).as_nanos() % period, 0);
            prop_assert!(tick == first || (tick - grid.period) < at);
        }
    }
}
