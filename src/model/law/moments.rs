//! Mean and variance of every law, in closed form.

use super::{Law, shares};
use crate::num::{exp, exp_m1, ln, ln_gamma, normal_density, normal_upper_tail, u64_to_f64, usize_to_f64};
use crate::units::Span;

/// Mean and variance, in nanoseconds and their square. Infinite where the integral diverges.
struct Moments {
    mean: f64,
    variance: f64,
}

impl Law {
    /// The mean in nanoseconds; `None` where it is infinite (or beyond all numbers).
    ///
    /// A law without a mean can't be the gap of a renewal process that has run for ever: it has no equilibrium.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        Some(self.moments().mean).filter(|mean| mean.is_finite())
    }

    /// The variance in squared nanoseconds; `None` where it is infinite (or beyond all numbers).
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        Some(self.moments().variance).filter(|variance| variance.is_finite())
    }

    fn moments(&self) -> Moments {
        if let Some(span) = self.as_constant() {
            return Moments { mean: nanos(span), variance: 0.0 };
        }
        match self {
            Self::Constant(span) => Moments { mean: nanos(*span), variance: 0.0 },
            Self::Uniform { min, max } => {
                let width = nanos(*max) - nanos(*min);
                Moments { mean: nanos(*min) + 0.5 * width, variance: width * width / 12.0 }
            }
            Self::Exponential { mean, min } => {
                Moments { mean: nanos(*min) + nanos(*mean), variance: nanos(*mean) * nanos(*mean) }
            }
            Self::Normal { mean, std_dev } => positive_normal(nanos(*mean), nanos(*std_dev)),
            Self::Lognormal { mu, sigma } => {
                let mean = 1e9 * exp(mu + 0.5 * sigma * sigma);
                Moments { mean, variance: mean * mean * exp_m1(sigma * sigma) }
            }
            Self::Gamma { mean, std_dev } => {
                Moments { mean: nanos(*mean), variance: nanos(*std_dev) * nanos(*std_dev) }
            }
            Self::Weibull { scale, shape } => weibull(nanos(*scale), *shape),
            Self::Pareto { min, shape, max: None } => pareto(nanos(*min), *shape),
            Self::Pareto { min, shape, max: Some(max) } => bounded_pareto(nanos(*min), *shape, nanos(*max)),
            Self::Empirical(spans) => {
                let count = usize_to_f64(spans.len());
                let mean = spans.iter().map(|&span| nanos(span)).sum::<f64>() / count;
                let square = |&span: &Span| (nanos(span) - mean) * (nanos(span) - mean);
                Moments { mean, variance: spans.iter().map(square).sum::<f64>() / count }
            }
            Self::Mixture(components) => {
                let parts: Vec<(f64, Moments)> =
                    shares(components).map(|(share, law)| (share, law.moments())).collect();
                let mean: f64 = parts.iter().map(|(share, part)| share * part.mean).sum();
                let about_mean = |part: &Moments| part.variance + (part.mean - mean) * (part.mean - mean);
                Moments { mean, variance: parts.iter().map(|(share, part)| share * about_mean(part)).sum() }
            }
        }
    }
}

fn nanos(span: Span) -> f64 {
    u64_to_f64(span.as_nanos())
}

/// With h the density over the tail of the standard normal law at a = -mean / s: mean + s h, and s^2 (1 + a h - h^2).
fn positive_normal(mean: f64, std_dev: f64) -> Moments {
    let a = -mean / std_dev;
    let hazard = normal_density(a) / normal_upper_tail(a);
    Moments { mean: mean + std_dev * hazard, variance: std_dev * std_dev * (1.0 + a * hazard - hazard * hazard) }
}

/// E(X^k) = scale^k Gamma(1 + k / shape); the variance over logarithms, so that large shapes keep their digits.
fn weibull(scale: f64, shape: f64) -> Moments {
    let first = ln_gamma(1.0 + 1.0 / shape);
    let mean = scale * exp(first);
    Moments { mean, variance: mean * mean * exp_m1(ln_gamma(1.0 + 2.0 / shape) - 2.0 * first) }
}

fn pareto(min: f64, shape: f64) -> Moments {
    let below = |order: f64| shape <= order;
    let mean = if below(1.0) { f64::INFINITY } else { min * shape / (shape - 1.0) };
    let variance = if below(2.0) { f64::INFINITY } else { mean * mean / (shape * (shape - 2.0)) };
    Moments { mean, variance }
}

/// E(X^k) = shape min^k / D * (1 - r^(shape - k)) / (shape - k), with r = min / max and D = 1 - r^shape; at shape = k the
/// last quotient becomes -ln r.
fn bounded_pareto(min: f64, shape: f64, max: f64) -> Moments {
    let ln_ratio = ln(min / max);
    let quotient = |exponent: f64| {
        if exponent.abs() < 1e-12 { -ln_ratio } else { -exp_m1(exponent * ln_ratio) / exponent }
    };
    let whole = quotient(shape);
    let mean = min * quotient(shape - 1.0) / whole;
    let mean_square = min * min * quotient(shape - 2.0) / whole;
    Moments { mean, variance: (mean_square - mean * mean).max(0.0) }
}
