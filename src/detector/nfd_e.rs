//! NFD-E of Chen, Toueg and Aguilera: expected arrivals estimated.

use crate::units::Span;

/// Parameters of NFD-E of Chen, Toueg and Aguilera: expected arrivals estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Safety margin (alpha).
    pub margin: Span,
    /// Heartbeats averaged. Default 32.
    pub window: u32,
}
