//! NFD-S of Chen, Toueg and Aguilera: freshness points on synchronised clocks.

use crate::units::Span;

/// Parameters of NFD-S of Chen, Toueg and Aguilera: freshness points on synchronised clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// How long after its slot the next heartbeat is awaited (delta).
    pub shift: Span,
}
