//! What a check found.

use crate::analysis::Estimate;
use crate::scenario::Goal;

/// How a rule or a whole check came out, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The limit holds.
    Pass,
    /// Neither the limit nor its contrary is shown.
    Inconclusive,
    /// The limit is broken.
    Fail,
}

impl Outcome {
    /// The exit code of the program.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Inconclusive => 3,
            Self::Fail => 1,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
        }
    }
}

/// Which rows are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Those with every value as written in the scenario.
    Base,
    /// Every point of the sweep.
    All,
}

/// What a run is held against.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// A limit on a metric.
    Limit(Goal),
}

/// The side of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The true value is at least this, one-sided 95 %.
    AtLeast,
    /// The true value is at most this, one-sided 95 %.
    AtMost,
    /// It was counted, and is exactly this.
    Exactly,
}

/// The bound that decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// Its side.
    pub side: Side,
    /// Its value, in the unit of the metric's column.
    pub value: f64,
}

/// Why a rule came out as it did.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// This bound shows it.
    Shown(Bound),
    /// The limit lies between the bounds; an end that is not known is absent.
    Between {
        /// The true value is at least this.
        at_least: Option<f64>,
        /// The true value is at most this.
        at_most: Option<f64>,
    },
    /// Too few independent units for any bound.
    TooFewUnits {
        /// How many there are.
        units: u64,
    },
    /// The percentile was not reached: too many of the crashes were never detected, or not while the run lasted.
    NotReached {
        /// The longest follow-up, in seconds.
        followed: f64,
    },
    /// The percentile has no upper bound: there are too few independent crashes.
    TooFewCases {
        /// How many independent crashes an upper bound takes at least.
        needed: u64,
    },
    /// The run has nothing from which to estimate the metric.
    NothingToJudge,
}

/// A rate as a pair and as the whole cluster has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// False positives a pair-hour.
    pub false_positives_per_pair_hour: Estimate,
    /// False positives of all pairs in 30 days.
    pub cluster_mistakes_per_30d: Estimate,
    /// Cluster alarms in 30 days.
    pub cluster_alarms_per_30d: Estimate,
}

/// One rule for one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Point, from 1.
    pub point: u32,
    /// Name of the detector.
    pub detector: String,
    /// Values of the sweep's axes; `None` where the detector does not see the axis.
    pub parameters: Vec<Option<String>>,
    /// What the row was held against.
    pub rule: Rule,
    /// The metric's estimate; none where the summary does not have the metric.
    pub estimate: Option<Estimate>,
    /// How it came out.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// For rules on false positives: the rate by pair and for the cluster.
    pub rates: Option<Rates>,
}

impl Judgement {
    /// What to do about an inconclusive outcome.
    #[must_use]
    pub fn remedy(&self) -> Option<String> {
        match &self.reason {
            Reason::Shown(_) => None,
            Reason::Between { .. } => Some("more trials narrow the bounds: raise --trials or --duration".to_owned()),
            Reason::TooFewUnits { units } => Some(format!(
                "bounds take at least {} independent units, here {}: --trials 16",
                crate::analysis::LEAST_UNITS,
                if *units == 1 { "is 1".to_owned() } else { format!("are {units}") }
            )),
            Reason::NotReached { .. } => {
                Some("too few crashes were detected while they lasted: raise down-for or --duration".to_owned())
            }
            Reason::TooFewCases { needed } => {
                Some(format!("an upper bound takes about {needed} independent crashes: raise --trials or --duration"))
            }
            Reason::NothingToJudge => Some("the run has no case of it: simulate what the limit is about".to_owned()),
        }
    }
}

/// All judgements of a check.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The worst of the outcomes; inconclusive where nothing was judged.
    pub outcome: Outcome,
    /// One a limit and row: limits in their order, for each the rows in theirs.
    pub judgements: Vec<Judgement>,
}

impl Verdict {
    /// The verdict over these judgements.
    #[must_use]
    pub fn new(judgements: Vec<Judgement>) -> Self {
        let worst = judgements.iter().map(|judgement| judgement.outcome).max();
        Self { outcome: worst.unwrap_or(Outcome::Inconclusive), judgements }
    }
}
