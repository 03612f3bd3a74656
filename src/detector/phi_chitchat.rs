//! Phi accrual as chitchat runs it: exponential law with a prior.

use crate::units::Span;

/// Parameters of phi accrual as chitchat runs it: exponential law with a prior.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Default 8.
    pub threshold: f64,
    /// Default 1000.
    pub window: u32,
    /// Default 10 intervals.
    pub max_interval: Span,
    /// Default 5 intervals.
    pub initial_interval: Span,
    /// Default 5.
    pub prior_weight: f64,
}
