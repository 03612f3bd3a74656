//! 2W-FD of Tomsic and others: the later of two estimates.

use crate::units::Span;

/// Parameters of 2W-FD of Tomsic and others: the later of two estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Heartbeats in the short window. Default 1.
    pub short: u32,
    /// Heartbeats in the long window. Default 1000.
    pub long: u32,
    /// Safety margin.
    pub margin: Span,
}
