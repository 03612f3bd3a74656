//! Laws of spans: what a distribution of the scenario format means.
//!
//! A [`Law`] is plain data with its exact mean, variance, distribution and quantiles, all in nanoseconds as floating-point
//! numbers. Drawing from it is the sampler's business; nothing here knows of draws or of who uses a law.

mod moments;
mod quantiles;
#[cfg(test)]
pub(super) mod tests;

use crate::num::{exp, ln, ln_1p, nanos_to_seconds, round_to_u64, seconds_to_nanos};
use crate::units::Span;

/// The 99th percentile of the standard normal law, to the digits that the scenario format promises.
const NORMAL_P99: f64 = 2.326_347_874;

/// A distribution of spans.
///
/// Every law gives spans of at least zero. Parameters were checked by whoever made the value; means and deviations are
/// of the law itself, not of its logarithm, unless the field says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// Always the same span.
    Constant(Span),
    /// Equally likely from `min` to `max`.
    Uniform {
        /// The least span.
        min: Span,
        /// The greatest span.
        max: Span,
    },
    /// `min` plus an exponential span of mean `mean`.
    Exponential {
        /// Mean of the exponential part.
        mean: Span,
        /// The shift.
        min: Span,
    },
    /// Normal with the parent's mean and standard deviation, conditioned on being above zero.
    Normal {
        /// Mean of the unconditioned law.
        mean: Span,
        /// Standard deviation of the unconditioned law.
        std_dev: Span,
    },
    /// The exponential of a normal law.
    Lognormal {
        /// Mean of the logarithm of seconds.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Gamma.
    Gamma {
        /// Mean.
        mean: Span,
        /// Standard deviation.
        std_dev: Span,
    },
    /// Weibull: P(X > x) = exp(-(x / scale)^shape).
    Weibull {
        /// Scale.
        scale: Span,
        /// Shape, above 0.
        shape: f64,
    },
    /// Pareto: P(X > x) = (min / x)^shape, conditioned below `max` where one is given.
    Pareto {
        /// The least span.
        min: Span,
        /// Shape, above 0.
        shape: f64,
        /// The bound of the conditioning.
        max: Option<Span>,
    },
    /// One of the recorded spans, each equally likely. In ascending order, at least one.
    Empirical(Vec<Span>),
    /// One of several laws, chosen first by weight.
    Mixture(Vec<Component>),
}

/// One law of a mixture.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Its weight, above 0; weights need not sum to 1.
    pub weight: f64,
    /// The law.
    pub of: Law,
}

impl Law {
    /// The lognormal law of this mean and standard deviation: sigma^2 = ln(1 + (std_dev / mean)^2), mu = ln(mean in seconds)
    /// - sigma^2 / 2. `mean` above zero.
    #[must_use]
    pub fn lognormal_from_mean(mean: Span, std_dev: Span) -> Self {
        let relative = nanos_to_seconds(std_dev.as_nanos()) / nanos_to_seconds(mean.as_nanos());
        let variance = ln_1p(relative * relative);
        Self::Lognormal { mu: ln(nanos_to_seconds(mean.as_nanos())) - 0.5 * variance, sigma: variance.sqrt() }
    }

    /// The lognormal law of this median and 99th percentile: mu = ln(median in seconds), sigma = ln(p99 / median) /
    /// 2.3263478740. `median` above zero, `p99` no less.
    #[must_use]
    pub fn lognormal_from_median(median: Span, p99: Span) -> Self {
        let (median, p99) = (nanos_to_seconds(median.as_nanos()), nanos_to_seconds(p99.as_nanos()));
        Self::Lognormal { mu: ln(median), sigma: ln(p99 / median) / NORMAL_P99 }
    }

    /// The span that this law always gives, where it is always the same: also a law of another kind whose spread is zero.
    ///
    /// The quantile functions of the other kinds need a spread and may rely on it.
    #[must_use]
    pub fn as_constant(&self) -> Option<Span> {
        match self {
            Self::Constant(span) => Some(*span),
            Self::Uniform { min, max } => (min >= max).then_some(*min),
            Self::Exponential { mean, min } => mean.is_zero().then_some(*min),
            Self::Normal { mean, std_dev } => std_dev.is_zero().then_some(*mean),
            Self::Lognormal { mu, sigma } => (*sigma <= 0.0).then(|| Span::from_nanos(seconds_to_nanos(exp(*mu)))),
            Self::Gamma { mean, std_dev } => (std_dev.is_zero() || mean.is_zero()).then_some(*mean),
            Self::Weibull { scale, .. } => scale.is_zero().then_some(*scale),
            Self::Pareto { min, max, .. } => (min.is_zero() || max.is_some_and(|max| max <= *min)).then_some(*min),
            Self::Empirical(spans) => match spans.as_slice() {
                [] => Some(Span::ZERO),
                [first, .., last] => (first == last).then_some(*first),
                [only] => Some(*only),
            },
            Self::Mixture(components) => {
                let mut spans = components.iter().map(|component| component.of.as_constant());
                let first = spans.next().unwrap_or(Some(Span::ZERO))?;
                spans.all(|span| span == Some(first)).then_some(first)
            }
        }
    }

    /// The median, to the nearest nanosecond: of an even number of recorded spans the lower middle one.
    #[must_use]
    pub fn median(&self) -> Span {
        Span::from_nanos(round_to_u64(self.quantile(0.5)))
    }
}

/// Shares of the whole for the components of a mixture.
fn shares(components: &[Component]) -> impl Iterator<Item = (f64, &Law)> {
    let whole: f64 = components.iter().map(|component| component.weight).sum();
    components.iter().map(move |component| (component.weight / whole, &component.of))
}
