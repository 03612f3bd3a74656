//! Truth against verdicts: integer counts and integer-nanosecond sums of one trial.
//!
//! Definitions are those of Chen, Toueg and Aguilera (IEEE ToC 2002) as `docs/metrics.md` fixes them. No floating point
//! and no statistics here: what leaves this floor is exact and merges in any grouping.

mod cause_name;
mod record;

pub use record::{
    Cause, ClusterSums, Component, Detection, DurationCount, FalsePositive, Halves, Outcome, TrafficRecord, TrialRecord,
};
