//! NFD-U of Chen, Toueg and Aguilera: expected arrivals known.

use crate::units::Span;

/// Parameters of NFD-U of Chen, Toueg and Aguilera: expected arrivals known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Expected delay E(D).
    pub mean_delay: Span,
    /// Safety margin (alpha).
    pub margin: Span,
}
