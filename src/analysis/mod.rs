//! Many trials to estimates with honest intervals.
//!
//! Everything here follows `docs/metrics.md` §8: the unit is an independence component times a trial, never a mistake;
//! zero is never an estimate by itself; a percentile that was not reached is empty. This floor runs nothing and reads no
//! file.
//!
//! [`summarise`] turns the records of an experiment into a [`Summary`]; [`metric::METRICS`] is the one table of what it
//! holds.

mod accuracy;
mod causes;
mod cost;
mod detection;
mod estimate;
mod halves;
mod identities;
pub mod metric;
mod pareto;
mod percentile;
mod ratio;
mod share;
mod summarise;
mod summary;
mod survival;
mod view;

pub use estimate::{Estimate, LEAST_UNITS, Method};
pub use summarise::{summarise, trial_values};
pub use summary::{CurvePoint, Row, RowInput, Summary};

#[cfg(test)]
mod tests;
