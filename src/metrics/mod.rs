//! Truth against verdicts: integer counts and integer-nanosecond sums of one trial.
//!
//! Definitions are those of Chen, Toueg and Aguilera (IEEE ToC 2002) as `docs/metrics.md` fixes them. No floating point
//! and no statistics here: what leaves this floor is exact and merges in any grouping.

mod cause;
mod cause_name;
mod cluster;
mod judge;
mod ledger;
mod lengths;
mod pair;
mod record;
mod sink;
mod sums;
mod units;

pub use ledger::Meter;
pub use record::{
    Cause, ClusterSums, Component, Detection, DurationCount, FalsePositive, Halves, Outcome, TrafficRecord, TrialRecord,
};
pub use sink::{Measured, Metrics, MetricsPart};
pub use units::Components;
