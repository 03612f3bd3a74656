//! The scenario file: its format, its table of keys, its diagnostics, and the plan that it means.
//!
//! Text comes in, a [`Plan`] goes out: worlds, and who listens to each. Nothing is run here, and no file is opened: the
//! caller says how. One table of keys makes the parser, the [schema](schema()), the guesses at what was meant, `--set`,
//! `--sweep` and the [documentation](keys()).

mod argument;
mod detector_name;
mod diagnostic;
mod document;
mod expand;
mod failure;
mod files;
mod fingerprint;
mod keys;
mod law;
mod limit;
mod listener;
mod loss;
mod names;
mod plan;
mod range;
mod refuse;
mod replay;
mod request;
#[cfg(feature = "cli")]
mod schema;
mod section;
mod setting;
mod shape;
mod sweep;
mod template;
mod tree;
mod world;

#[cfg(all(test, feature = "cli"))]
mod tests;

pub use argument::Overrides;
pub use detector_name::fault_of_detector;
pub use diagnostic::{Diagnostic, Rejection, Source};
pub use files::Loader;
pub use keys::{KeyDoc, Reach, keys};
pub use limit::{GoalFault, LimitMetric, LimitUnit, goal};
pub use plan::{Axis, Goal, Limit, LimitScope, Listener, OutputOptions, Plan, Relation, WorldPlan};
pub use request::{Request, plan};
#[cfg(feature = "cli")]
pub use schema::schema;
pub use template::template;
