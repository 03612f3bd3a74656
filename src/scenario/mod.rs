//! The scenario file: its format, its table of keys, its diagnostics, and the plan that it means.
//!
//! Text comes in, a [`Plan`] goes out: worlds, and who listens to each. Nothing is run here.

mod plan;

pub use plan::{Axis, Goal, Limit, LimitScope, Listener, OutputOptions, Plan, Relation, WorldPlan};
