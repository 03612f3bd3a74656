//! Distribution and quantiles of every law.

use super::{Component, Law, shares};
use crate::num::{
    Tail, ceil_to_u64, exp, exp_m1, f64_to_u64, gamma_lower, gamma_quantile, gamma_upper, gamma_upper_quantile, ln,
    ln_1p, normal_cdf, normal_quantile, normal_upper_quantile, normal_upper_tail, pow, u64_to_f64, u64_to_usize,
    usize_to_f64,
};
use crate::units::Span;

impl Law {
    /// P(X <= x), `nanos` being x in nanoseconds.
    #[must_use]
    pub fn cdf(&self, nanos: f64) -> f64 {
        self.tails(nanos).0
    }

    /// P(X > x), `nanos` being x in nanoseconds; keeps its digits where it is small.
    #[must_use]
    pub fn upper_tail(&self, nanos: f64) -> f64 {
        self.tails(nanos).1
    }

    /// The least x with P(X <= x) >= `p`, in nanoseconds; `p` in [0, 1]. At 0 the least span, at 1 the greatest or infinity.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        self.quantile_at(Tail::at(p))
    }

    /// The quantile at a point that is named by its nearer end, in nanoseconds.
    #[must_use]
    pub fn quantile_at(&self, at: Tail) -> f64 {
        if let Some(span) = self.as_constant() {
            return nanos_of(span);
        }
        match self {
            Self::Constant(span) => nanos_of(*span),
            Self::Uniform { min, max } => match at {
                Tail::Lower(p) => nanos_of(*min) + p * (nanos_of(*max) - nanos_of(*min)),
                Tail::Upper(q) => nanos_of(*max) - q * (nanos_of(*max) - nanos_of(*min)),
            },
            Self::Exponential { mean, min } => nanos_of(*min) + nanos_of(*mean) * minus_ln_upper(at),
            Self::Normal { mean, std_dev } => positive_normal_quantile(nanos_of(*mean), nanos_of(*std_dev), at),
            Self::Lognormal { mu, sigma } => {
                let z = match at {
                    Tail::Lower(p) => normal_quantile(p),
                    Tail::Upper(q) => normal_upper_quantile(q),
                };
                1e9 * exp(mu + sigma * z)
            }
            Self::Gamma { mean, std_dev } => {
                let (shape, scale) = gamma_parameters(nanos_of(*mean), nanos_of(*std_dev));
                scale
                    * match at {
                        Tail::Lower(p) => gamma_quantile(shape, p),
                        Tail::Upper(q) => gamma_upper_quantile(shape, q),
                    }
            }
            Self::Weibull { scale, shape } => nanos_of(*scale) * pow(minus_ln_upper(at), 1.0 / shape),
            Self::Pareto { min, shape, max } => pareto_quantile(nanos_of(*min), *shape, max.map(nanos_of), at),
            Self::Empirical(spans) => recorded_quantile(spans, at),
            Self::Mixture(components) => mixture_quantile(components, at),
        }
    }

    /// P(X <= x) and P(X > x), neither computed as one minus the other where it is small.
    fn tails(&self, x: f64) -> (f64, f64) {
        if x < 0.0 {
            return (0.0, 1.0);
        }
        if let Some(span) = self.as_constant() {
            return if x < nanos_of(span) { (0.0, 1.0) } else { (1.0, 0.0) };
        }
        match self {
            Self::Constant(_) => (0.0, 1.0),
            Self::Uniform { min, max } => {
                let (min, max) = (nanos_of(*min), nanos_of(*max));
                (((x - min) / (max - min)).clamp(0.0, 1.0), ((max - x) / (max - min)).clamp(0.0, 1.0))
            }
            Self::Exponential { mean, min } => from_minus_ln_upper((x - nanos_of(*min)).max(0.0) / nanos_of(*mean)),
            Self::Normal { mean, std_dev } => {
                let (mean, std_dev) = (nanos_of(*mean), nanos_of(*std_dev));
                let (z, at_zero) = ((x - mean) / std_dev, -mean / std_dev);
                let positive = normal_upper_tail(at_zero);
                ((normal_cdf(z) - normal_cdf(at_zero)).max(0.0) / positive, (normal_upper_tail(z) / positive).min(1.0))
            }
            Self::Lognormal { mu, sigma } => {
                let z = (ln(x / 1e9) - mu) / sigma;
                (normal_cdf(z), normal_upper_tail(z))
            }
            Self::Gamma { mean, std_dev } => {
                let (shape, scale) = gamma_parameters(nanos_of(*mean), nanos_of(*std_dev));
                (gamma_lower(shape, x / scale), gamma_upper(shape, x / scale))
            }
            Self::Weibull { scale, shape } => from_minus_ln_upper(pow(x / nanos_of(*scale), *shape)),
            Self::Pareto { min, shape, max } => pareto_tails(nanos_of(*min), *shape, max.map(nanos_of), x),
            Self::Empirical(spans) => {
                let below = spans.partition_point(|&span| nanos_of(span) <= x);
                let count = usize_to_f64(spans.len());
                (usize_to_f64(below) / count, usize_to_f64(spans.len() - below) / count)
            }
            Self::Mixture(components) => shares(components).fold((0.0, 0.0), |(below, above), (share, law)| {
                let (lower, upper) = law.tails(x);
                (below + share * lower, above + share * upper)
            }),
        }
    }
}

fn nanos_of(span: Span) -> f64 {
    u64_to_f64(span.as_nanos())
}

/// -ln P(X > x) at a quantile: the exponential law of mean 1.
fn minus_ln_upper(at: Tail) -> f64 {
    match at {
        Tail::Lower(p) => -ln_1p(-p),
        Tail::Upper(q) => -ln(q),
    }
}

/// Both tails from -ln P(X > x).
fn from_minus_ln_upper(exponent: f64) -> (f64, f64) {
    (-exp_m1(-exponent), exp(-exponent))
}

/// Shape and scale from mean and standard deviation.
fn gamma_parameters(mean: f64, std_dev: f64) -> (f64, f64) {
    let ratio = mean / std_dev;
    (ratio * ratio, std_dev / ratio)
}

/// The parent's quantile at the probability that remains after what lies below zero is left out.
fn positive_normal_quantile(mean: f64, std_dev: f64, at: Tail) -> f64 {
    let negative = normal_cdf(-mean / std_dev);
    let positive = normal_upper_tail(-mean / std_dev);
    let z = match at {
        Tail::Lower(p) => normal_quantile(negative + p * positive),
        Tail::Upper(q) => normal_upper_quantile(q * positive),
    };
    (mean + std_dev * z).max(0.0)
}

/// The probability of the parent law below the bound, if there is one.
fn pareto_below_bound(min: f64, shape: f64, max: Option<f64>) -> f64 {
    max.map_or(1.0, |max| -exp_m1(shape * ln(min / max)))
}

fn pareto_quantile(min: f64, shape: f64, max: Option<f64>, at: Tail) -> f64 {
    let below = pareto_below_bound(min, shape, max);
    // The logarithm of the parent's upper tail.
    let ln_tail = match at {
        Tail::Lower(p) => ln_1p(-p * below),
        // Near the bound the tail is a small sum or nearly one: neither form keeps its digits everywhere.
        Tail::Upper(q) if below > 0.5 => ln(max.map_or(0.0, |max| exp(shape * ln(min / max))) + q * below),
        Tail::Upper(q) => ln_1p(-(1.0 - q) * below),
    };
    let x = min * exp(-ln_tail / shape);
    max.map_or(x, |max| x.min(max))
}

fn pareto_tails(min: f64, shape: f64, max: Option<f64>, x: f64) -> (f64, f64) {
    if x <= min {
        return (0.0, 1.0);
    }
    let below = pareto_below_bound(min, shape, max);
    let (lower, upper) = from_minus_ln_upper(shape * ln(x / min));
    match max {
        None => (lower, upper),
        Some(max) if x >= max => (1.0, 0.0),
        // From x to the bound: the parent's tail at x less that at the bound.
        Some(max) => (lower / below, -upper * exp_m1(shape * ln(x / max)) / below),
    }
}

/// The least recorded span that at least the share `p` of them does not exceed.
fn recorded_quantile(spans: &[Span], at: Tail) -> f64 {
    let count = usize_to_f64(spans.len());
    let rank = match at {
        Tail::Lower(p) => u64_to_usize(ceil_to_u64(p * count)),
        Tail::Upper(q) => spans.len() - u64_to_usize(f64_to_u64(q * count)).min(spans.len()),
    };
    spans.get(rank.clamp(1, spans.len()) - 1).map_or(0.0, |&span| nanos_of(span))
}

/// By bisection between the least and the greatest of the components' quantiles, to a millionth of a nanosecond or to where
/// numbers end. So an atom is met to within far less than the rounding to whole nanoseconds.
fn mixture_quantile(components: &[Component], at: Tail) -> f64 {
    let mut low = f64::INFINITY;
    let mut high = 0.0_f64;
    for component in components {
        let quantile = component.of.quantile_at(at);
        low = low.min(quantile);
        high = high.max(quantile);
    }
    let reached = |x: f64| {
        let (below, above) = shares(components).fold((0.0, 0.0), |(below, above), (share, law)| {
            let (lower, upper) = law.tails(x);
            (below + share * lower, above + share * upper)
        });
        match at {
            Tail::Lower(p) => below >= p,
            Tail::Upper(q) => above <= q,
        }
    };
    if low >= high || high.is_infinite() || reached(low) {
        return if high.is_infinite() { high } else { low };
    }
    while high - low > 1e-6_f64.max(high * f64::EPSILON) {
        let middle = low + 0.5 * (high - low);
        if reached(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}
