//! Systole: a deterministic discrete-event simulator for tuning heartbeats.

pub mod detector;
pub mod num;
pub mod rng;
pub mod units;

#[cfg(feature = "sim")]
pub mod analysis;
#[cfg(feature = "cli")]
pub mod check;
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
