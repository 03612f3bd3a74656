//! Quantities with a unit: instants, spans, probabilities, sizes and rates.
//!
//! Everything is exact: time is whole nanoseconds, and every type prints a canonical text that parses back to the same
//! value. This floor knows nothing else of the crate.

mod decimal;
mod quantity;
mod rate;
mod share;
mod size;
mod span_text;
mod time;

pub use decimal::Decimal;
pub use quantity::QuantityError;
pub use rate::Rate;
pub use share::{Probability, Share};
pub use size::{BitRate, Bytes};
pub use span_text::Length;
pub use time::{LocalTime, RemoteTime, SimTime, Span};

#[cfg(test)]
mod tests;
