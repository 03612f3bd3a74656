//! Systole: a deterministic discrete-event simulator for tuning heartbeats.

pub mod detector;
pub mod num;
pub mod rng;
pub mod units;

#[cfg(feature = "sim")]
pub mod analysis;
#[cfg(feature = "sim")]
pub mod experiment;
#[cfg(feature = "sim")]
pub mod import;
#[cfg(feature = "sim")]
pub mod metrics;
#[cfg(feature = "sim")]
pub mod model;
#[cfg(feature = "sim")]
pub mod scenario;

#[cfg(feature = "cli")]
pub mod cli;
