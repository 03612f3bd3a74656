//! Quantities with a unit: instants, spans, probabilities, sizes and rates.
//!
//! Everything is exact: time is whole nanoseconds, and every type prints a canonical text that parses back to the same
//! value. This floor knows nothing else of the crate.

mod rate;
mod time;

pub use rate::Rate;
pub use time::{LocalTime, RemoteTime, SimTime, Span};
