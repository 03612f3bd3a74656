//! Phi accrual as Cassandra runs it: exponential law, guard against its own pauses.

use crate::units::Span;

/// Parameters of phi accrual as Cassandra runs it: exponential law, guard against its own pauses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Default 8.
    pub threshold: f64,
    /// Default 1000.
    pub window: u32,
    /// Default two intervals.
    pub first_interval: Span,
    /// Default two intervals.
    pub max_interval: Span,
    /// Default 5 s.
    pub max_local_pause: Span,
}
