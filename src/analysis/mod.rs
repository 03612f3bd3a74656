//! Many trials to estimates with honest intervals.
//!
//! Everything here follows `docs/metrics.md` §8: the unit is an independence component times a trial, never a mistake;
//! zero is never an estimate by itself; a percentile that was not reached is empty. This floor runs nothing and reads no
//! file.

mod summary;

pub use summary::{CurvePoint, Estimate, Method, Row, RowInput, Summary};
