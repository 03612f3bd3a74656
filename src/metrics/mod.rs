//! Truth against verdicts: integer counts and integer-nanosecond sums of one trial.
//!
//! Definitions are those of Chen, Toueg and Aguilera (IEEE ToC 2002) as `docs/metrics.md` fixes them. No floating point
//! and no statistics here: what leaves this floor is exact and merges in any grouping.

mod cause;
mod cause_name;
mod cluster;
mod crashes;
mod judge;
mod ledger;
mod lengths;
mod pair;
mod record;
mod since;
mod sink;
mod sums;
mod traffic;
mod units;

pub use crashes::{Agreement, CrashSums, Crashes, FollowUp, FollowUps};
pub use ledger::{Meter, SilenceRule};
pub use record::{
    Cause, ClusterSums, Component, Detection, DurationCount, FalsePositive, Halves, Outcome, TrafficRecord, TrialRecord,
};
pub use sink::{Measured, Metrics, MetricsPart};
pub use units::Components;
