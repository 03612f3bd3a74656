//! Laws of spans: what a distribution of the scenario format means.

use crate::units::Span;

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
