//! SFD of Xiong and others: a margin that tunes itself.

use crate::units::{Rate, Span};

/// Parameters of SFD of Xiong and others: a margin that tunes itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Heartbeats averaged.
    pub window: u32,
    /// Margin to start from.
    pub margin: Span,
    /// How far one adjustment moves the margin.
    pub step: Span,
    /// Detection time to stay under.
    pub target_detection: Span,
    /// Mistakes in time to stay under.
    pub target_mistake_rate: Rate,
    /// Heartbeats between two adjustments.
    pub adjust_every: u32,
}
