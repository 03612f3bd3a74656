//! A law made ready for drawing: one 64-bit draw gives one span.
//!
//! Compiling a law builds its quantile table once; a draw is then a few integer operations, whatever the law. Clones share
//! the table. Nothing here knows what a span is drawn for.

mod recorded;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use recorded::RecordedSpans;

use super::Law;
use crate::num::{QuantileTable, f64_to_u64, u64_to_f64, unit_interval};
use crate::rng::redraw;
use crate::units::Span;

/// Which further draw of a message or fault is used for what: no two uses share one.
mod again {
    /// More digits of a quantile far out in a tail.
    pub(super) const TAIL: u64 = 0;
    /// Which component of a mixture.
    pub(super) const COMPONENT: u64 = 1;
    /// Which gap a given instant falls into, and where in it.
    pub(super) const RESIDUAL: [u64; 3] = [2, 3, 4];
}

/// A [`Law`] compiled for drawing.
///
/// Cheap to clone. The tabled law differs from the exact one by less than 1e-5 in a quantile, 1e-6 in the mean and 1e-4 in the
/// variance (relatively, for laws with enough finite moments), and is rounded to whole nanoseconds; constants and recorded
/// spans are exact.
#[derive(Clone, Debug)]
pub struct Sampler {
    kind: Kind,
    mean_ns: f64,
    median: Span,
}

#[derive(Clone, Debug)]
enum Kind {
    Constant(u64),
    Table(Arc<QuantileTable>),
    Recorded(Arc<RecordedSpans>),
    Mixture(Arc<[Part]>),
}

/// One component of a mixture; parts are never mixtures themselves.
#[derive(Clone, Debug)]
struct Part {
    /// The component is meant by a draw up to here that is above the part before, in units of 2^-64.
    until: u64,
    /// The same for the component of the gap that contains a given instant: weighted by length.
    until_by_length: u64,
    kind: Kind,
}

impl Sampler {
    /// Compiles a law: a few milliseconds where it needs a table.
    #[must_use]
    pub fn new(law: &Law) -> Self {
        Self { kind: Kind::new(law), mean_ns: law.mean().unwrap_or(f64::INFINITY), median: law.median() }
    }

    /// One span from one draw. The low 32 bits pick the quantile; the high 32 may have been used for something else.
    ///
    /// A larger quantile gives no shorter span, except over a mixture, where it does so within each component.
    #[must_use]
    #[inline]
    pub fn sample(&self, draw: u64) -> Span {
        match &self.kind {
            Kind::Constant(nanos) => Span::from_nanos(*nanos),
            Kind::Table(table) => {
                Span::from_nanos(table.sample(low_half(draw), || high_half(redraw(draw, again::TAIL))))
            }
            kind => Span::from_nanos(kind.sample(draw)),
        }
    }

    /// One span from the equilibrium law: the time from any instant to the next event of a renewal process that has run for
    /// ever and whose gaps follow this law. Uses the whole draw.
    ///
    /// For a law without a mean ([`Law::mean`]) no such law exists; what comes back then is that of the law cut off at the
    /// end of its table.
    #[must_use]
    pub fn sample_residual(&self, draw: u64) -> Span {
        Span::from_nanos(self.kind.sample_residual(draw))
    }

    /// The law's exact mean in nanoseconds, or infinity.
    #[must_use]
    pub const fn mean_ns(&self) -> f64 {
        self.mean_ns
    }

    /// The law's exact median, to the nearest nanosecond.
    #[must_use]
    pub const fn median(&self) -> Span {
        self.median
    }
}

impl Kind {
    fn new(law: &Law) -> Self {
        if let Some(span) = law.as_constant() {
            return Self::Constant(span.as_nanos());
        }
        match law {
            Law::Empirical(spans) => Self::Recorded(Arc::new(RecordedSpans::new(spans))),
            Law::Mixture(_) => {
                let mut parts = Vec::new();
                flatten(law, 1.0, &mut parts);
                Self::Mixture(parts_of(parts))
            }
            law => Self::Table(Arc::new(QuantileTable::new(|at| law.quantile_at(at)))),
        }
    }

    fn sample(&self, draw: u64) -> u64 {
        match self {
            Self::Constant(nanos) => *nanos,
            Self::Table(table) => table.sample(low_half(draw), || high_half(redraw(draw, again::TAIL))),
            Self::Recorded(spans) => spans.sample(low_half(draw)),
            Self::Mixture(parts) => {
                let chosen = redraw(draw, again::COMPONENT);
                parts.iter().find(|part| chosen <= part.until).map_or(0, |part| part.kind.sample(draw))
            }
        }
    }

    fn sample_residual(&self, draw: u64) -> u64 {
        let draws = again::RESIDUAL.map(|again| redraw(draw, again));
        match self {
            Self::Constant(nanos) => share_of(u64_to_f64(*nanos), draws[2]),
            Self::Table(table) => table.sample_residual(draws),
            Self::Recorded(spans) => share_of(spans.sample_by_length(draws[0]), draws[2]),
            Self::Mixture(parts) => {
                let chosen = redraw(draw, again::COMPONENT);
                let part = parts.iter().find(|part| chosen <= part.until_by_length);
                part.map_or(0, |part| part.kind.sample_residual(draw))
            }
        }
    }

    /// The mean of what is drawn: of the table, not of the law behind it.
    fn mean(&self) -> f64 {
        match self {
            Self::Constant(nanos) => u64_to_f64(*nanos),
            Self::Table(table) => table.mean(),
            Self::Recorded(spans) => spans.mean(),
            Self::Mixture(parts) => {
                let mut before = 0;
                let weighted = parts.iter().map(|part| {
                    let share = u64_to_f64(part.until - before) / u64_to_f64(u64::MAX);
                    before = part.until;
                    share * part.kind.mean()
                });
                weighted.sum()
            }
        }
    }
}

/// A uniform share of a length, in whole nanoseconds below it.
fn share_of(length: f64, draw: u64) -> u64 {
    f64_to_u64(length * unit_interval(draw))
}

/// Lists the components of a mixture, and of mixtures in it, each with its share of the whole.
fn flatten(law: &Law, share: f64, parts: &mut Vec<(f64, Kind)>) {
    let Law::Mixture(components) = law else {
        parts.push((share, Kind::new(law)));
        return;
    };
    let whole: f64 = components.iter().map(|component| component.weight).sum();
    for component in components {
        flatten(&component.of, share * component.weight / whole, parts);
    }
}

fn parts_of(parts: Vec<(f64, Kind)>) -> Arc<[Part]> {
    let by_weight = thresholds(parts.iter().map(|(share, _)| *share));
    let by_length = thresholds(parts.iter().map(|(share, kind)| share * kind.mean()));
    let limits = by_weight.into_iter().zip(by_length);
    parts
        .into_iter()
        .zip(limits)
        .map(|((_, kind), (until, until_by_length))| Part { until, until_by_length, kind })
        .collect()
}

/// Running sums of weights in units of 2^-64 of the whole. The last one of any weight takes what rounding left over.
fn thresholds(weights: impl Iterator<Item = f64> + Clone) -> Vec<u64> {
    let whole: f64 = weights.clone().sum();
    let mut sum = 0.0;
    let limits = weights.map(|weight| {
        sum += weight;
        if sum >= whole { u64::MAX } else { f64_to_u64(sum / whole * u64_to_f64(u64::MAX)) }
    });
    limits.collect()
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is meant")]
#[inline]
const fn low_half(draw: u64) -> u32 {
    draw as u32
}

#[inline]
const fn high_half(draw: u64) -> u32 {
    low_half(draw >> 32)
}
