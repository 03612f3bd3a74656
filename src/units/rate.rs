//! How often something happens.

use super::Span;

/// So many events in so long, kept as written: `3/h`, `1/30d`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Events, at least 0.
    pub events: f64,
    /// The time in which they happen, above zero.
    pub per: Span,
}
