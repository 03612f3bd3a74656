//! So many heartbeats in a row missed.

use crate::units::Span;

/// Parameters of so many heartbeats in a row missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// How many heartbeats in a row must be missed. Default 3.
    pub count: u32,
    /// How late a heartbeat may be and not count as missed. Default half an interval.
    pub grace: Span,
}
