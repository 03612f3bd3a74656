//! Systole: a deterministic discrete-event simulator for tuning heartbeats.
//!
//! It answers, for one's own network and nodes: which detector, interval and timeout finds a dead node within X, wrongly
//! accuses a living one at most Y times a month, and costs at most Z bytes a second?
//!
//! Three ways in:
//! - [`detector`] alone (`default-features = false`): the failure detectors, sans-io, for production.
//! - [`experiment::simulate`] (feature `sim`): a detector of one's own in a simulated world, in a Rust test.
//! - the program `systole` (feature `cli`, the default): scenario files to tables, charts and verdicts.
//!
//! The floors, from the ground up; each knows only those before it:
//!
//! ```text
//! units  num  rng  detector  model  engine  scenario, import  metrics  analysis  experiment  check  report  cli
//! ```
//!
//! The same version, scenario and seed give the same bytes, on any machine and any number of threads.

pub mod detector;
pub mod num;
pub mod rng;
pub mod units;

#[cfg(feature = "sim")]
pub mod analysis;
#[cfg(feature = "cli")]
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "sim")]
pub mod engine;
#[cfg(feature = "sim")]
pub mod experiment;
#[cfg(feature = "sim")]
pub mod import;
#[cfg(feature = "sim")]
pub mod metrics;
#[cfg(feature = "sim")]
pub mod model;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "sim")]
pub mod scenario;
