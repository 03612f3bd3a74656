//! Delay laws in closed form, in seconds, apart from the code under test; and integrals over functions with kinks.

use systole::model::Law;
use systole::num::{erfc, exp, ln, seconds_to_nanos};
use systole::units::Span;

/// A law of message delays, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Delay {
    /// Always the same.
    Constant(f64),
    /// By its mean.
    Exponential(f64),
    /// Between two bounds.
    Uniform(f64, f64),
    /// Gamma of shape 2 and this scale.
    GammaTwo(f64),
    /// By mean and standard deviation of the logarithm.
    Lognormal(f64, f64),
}

/// A span of so many seconds.
pub(crate) fn span(seconds: f64) -> Span {
    Span::from_nanos(seconds_to_nanos(seconds))
}

impl Delay {
    /// The lognormal law of this mean, `sigma` the standard deviation of the logarithm.
    pub(crate) fn lognormal(mean: f64, sigma: f64) -> Self {
        Self::Lognormal(ln(mean) - 0.5 * sigma * sigma, sigma)
    }

    /// The same law as the simulator knows it.
    pub(crate) fn law(self) -> Law {
        match self {
            Self::Constant(delay) => Law::Constant(span(delay)),
            Self::Exponential(mean) => Law::Exponential { mean: span(mean), min: Span::ZERO },
            Self::Uniform(min, max) => Law::Uniform { min: span(min), max: span(max) },
            Self::GammaTwo(scale) => Law::Gamma { mean: span(2.0 * scale), std_dev: span(2.0_f64.sqrt() * scale) },
            Self::Lognormal(mu, sigma) => Law::Lognormal { mu, sigma },
        }
    }

    /// P(D > x).
    pub(crate) fn tail(self, x: f64) -> f64 {
        if x <= 0.0 {
            // At 0 only a constant 0 would differ, and no test has one.
            return 1.0;
        }
        match self {
            Self::Constant(delay) => f64::from(u8::from(x < delay)),
            Self::Exponential(mean) => exp(-x / mean),
            Self::Uniform(min, max) => ((max - x) / (max - min)).clamp(0.0, 1.0),
            Self::GammaTwo(scale) => (1.0 + x / scale) * exp(-x / scale),
            Self::Lognormal(mu, sigma) => 0.5 * erfc((ln(x) - mu) / (sigma * 2.0_f64.sqrt())),
        }
    }

    /// P(D <= x).
    pub(crate) fn cdf(self, x: f64) -> f64 {
        1.0 - self.tail(x)
    }

    fn density(self, x: f64) -> f64 {
        match self {
            Self::Constant(_) => panic!("a constant has no density"),
            _ if x <= 0.0 => 0.0,
            Self::Exponential(mean) => exp(-x / mean) / mean,
            Self::Uniform(min, max) => f64::from(u8::from(min <= x && x <= max)) / (max - min),
            Self::GammaTwo(scale) => x / (scale * scale) * exp(-x / scale),
            Self::Lognormal(mu, sigma) => {
                let z = (ln(x) - mu) / sigma;
                exp(-0.5 * z * z) / (x * sigma * (2.0 * std::f64::consts::PI).sqrt())
            }
        }
    }

    /// Mean and variance.
    pub(crate) fn moments(self) -> (f64, f64) {
        match self {
            Self::Constant(delay) => (delay, 0.0),
            Self::Exponential(mean) => (mean, mean * mean),
            Self::Uniform(min, max) => (0.5 * (min + max), (max - min) * (max - min) / 12.0),
            Self::GammaTwo(scale) => (2.0 * scale, 2.0 * scale * scale),
            Self::Lognormal(mu, sigma) => {
                let mean = exp(mu + 0.5 * sigma * sigma);
                (mean, mean * mean * (exp(sigma * sigma) - 1.0))
            }
        }
    }

    /// Where the distribution has a kink or a jump.
    pub(crate) fn edges(self) -> Vec<f64> {
        match self {
            Self::Constant(delay) => vec![delay],
            Self::Uniform(min, max) => vec![min, max],
            Self::Exponential(_) | Self::GammaTwo(_) | Self::Lognormal(..) => vec![0.0],
        }
    }

    /// Beyond here nothing is left that a sum of doubles would feel.
    pub(crate) fn reach(self) -> f64 {
        match self {
            Self::Constant(delay) => delay,
            Self::Exponential(mean) => 40.0 * mean,
            Self::Uniform(_, max) => max,
            Self::GammaTwo(scale) => 45.0 * scale,
            Self::Lognormal(mu, sigma) => exp(mu + 8.3 * sigma),
        }
    }

    /// E[g(D)] for a function with these kinks.
    pub(crate) fn expect(self, kinks: &[f64], g: impl Fn(f64) -> f64) -> f64 {
        match self {
            Self::Constant(delay) => g(delay),
            _ => integrate(0.0, self.reach(), &[kinks, &self.edges()].concat(), |x| self.density(x) * g(x)),
        }
    }
}

/// Gauss-Legendre points and weights on [-1, 1], five of them.
const POINTS: [(f64, f64); 5] = [
    (0.0, 0.568_888_888_888_888_9),
    (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (-0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (0.906_179_845_938_664, 0.236_926_885_056_189_1),
    (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
];

/// Panels of a piece without kinks.
const PANELS: u32 = 60;

/// The integral of a function that is smooth between its kinks.
pub(crate) fn integrate(from: f64, to: f64, kinks: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut borders: Vec<f64> = kinks.iter().copied().filter(|kink| from < *kink && *kink < to).collect();
    borders.extend([from, to]);
    borders.sort_by(f64::total_cmp);
    let pieces = borders.windows(2).filter(|piece| piece[1] - piece[0] > 1e-12);
    pieces.map(|piece| smooth(piece[0], piece[1], &f)).sum()
}

fn smooth(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let half = 0.5 * (to - from) / f64::from(PANELS);
    let panel = |index: u32| {
        let middle = from + half * f64::from(2 * index + 1);
        POINTS.iter().map(|&(point, weight)| weight * f(middle + half * point)).sum::<f64>()
    };
    half * (0..PANELS).map(panel).sum::<f64>()
}
