//! Phi accrual as Akka runs it.

use crate::units::Span;

/// Parameters of phi accrual as Akka runs it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Default 8.
    pub threshold: f64,
    /// Default 1000.
    pub window: u32,
    /// Default 100 ms.
    pub min_std_dev: Span,
    /// Default 3 s.
    pub acceptable_pause: Span,
    /// Default one interval.
    pub first_interval: Span,
}
