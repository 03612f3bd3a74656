//! Phi accrual as Hazelcast runs it.

use crate::units::Span;

/// Parameters of phi accrual as Hazelcast runs it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Default 10.
    pub threshold: f64,
    /// Default 200.
    pub window: u32,
    /// Default 100 ms.
    pub min_std_dev: Span,
    /// Default 60 s.
    pub acceptable_pause: Span,
    /// Default one interval.
    pub first_interval: Span,
}
