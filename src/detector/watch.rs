//! How an observer looks at its detectors: continuously, or at the ticks of a check period.
//!
//! A watch belongs to an observer, not to a pair. Quantisation by check ticks often dominates real detection time, so it
//! is modelled and never smoothed away: Akka's reaper and Cassandra's gossip round look every second, Kubernetes' node
//! controller every 5 s, a HDFS name node every 5 min. A watch reads only its observer's time.
//!
//! Between two ticks nothing is seen: a suspicion that begins and ends there did not happen. While the observer is stalled its
//! ticks drop, and one runs at waking; then the old grid goes on, or, where periods are stretched, the next period.

use crate::units::Span;

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
