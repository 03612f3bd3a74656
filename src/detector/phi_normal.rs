//! Phi accrual of Hayashibara and others, normal law.

use crate::units::Span;

/// Parameters of phi accrual of Hayashibara and others, normal law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Suspicion level (phi) from which on the peer is suspected.
    pub threshold: f64,
    /// Intervals in the window. Default 1000.
    pub window: u32,
    /// Floor of the standard deviation. Default 0.
    pub min_std_dev: Span,
}
