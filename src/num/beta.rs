//! The beta distribution, and the exact interval of a share that rests on it.
//!
//! Knows nothing of what a share is a share of.

use super::{exp, ln, ln_1p, ln_gamma};

/// Largest number of steps of the continued fraction; about the square root of the larger parameter is needed.
const STEPS: u32 = 20_000;
/// Stand-in for a zero denominator in the continued fraction.
const TINY: f64 = 1e-300;

/// The distribution function of the beta law at `x`: the regularised incomplete beta function `I_x(a, b)`.
///
/// `a` and `b` are above 0; `x` outside 0..=1 is taken as the nearer end. Relative error about 1e-11 for parameters up to
/// a million. The continued fraction is that of the NIST Digital Library of Mathematical Functions, 8.17.22, evaluated by
/// Lentz's method on whichever side of the mean converges fast.
#[must_use]
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x * (a + b + 2.0) < a + 1.0 {
        (front(x, a, b) * fraction(x, a, b) / a).min(1.0)
    } else {
        (1.0 - front(x, a, b) * fraction(1.0 - x, b, a) / b).max(0.0)
    }
}

/// The `p`-quantile of the beta law with parameters `a` and `b`, both above 0.
///
/// `p` outside 0..=1 is taken as the nearer end. Newton's method inside a shrinking bracket.
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = a / (a + b);
    for _ in 0..200 {
        let excess = beta_cdf(x, a, b) - p;
        if excess < 0.0 {
            low = x;
        } else {
            high = x;
        }
        let density = front(x, a, b) / (x * (1.0 - x));
        let newton = x - excess / density;
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - x).abs() <= 1e-15 * x {
            return next;
        }
        x = next;
    }
    x
}

/// Lower end of the exact interval (Clopper and Pearson 1934) for a share of which `successes` of `trials` were seen.
///
/// `tail` is the probability that is left out below, 0.025 for a two-sided 95 % interval. Both counts may be fractions,
/// as effective numbers of clustered data are; `successes` lies in 0..=`trials`.
#[must_use]
pub fn share_low(successes: f64, trials: f64, tail: f64) -> f64 {
    if successes <= 0.0 { 0.0 } else { beta_quantile(tail, successes, (trials - successes).max(0.0) + 1.0) }
}

/// Upper end of the exact interval for a share, with `tail` left out above; see [`share_low`].
#[must_use]
pub fn share_high(successes: f64, trials: f64, tail: f64) -> f64 {
    let failures = trials - successes;
    if failures <= 0.0 { 1.0 } else { beta_quantile(1.0 - tail, successes + 1.0, failures) }
}

/// `x^a (1-x)^b / B(a, b)`.
fn front(x: f64, a: f64, b: f64) -> f64 {
    let ln_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    exp(a * ln(x) + b * ln_1p(-x) - ln_beta)
}

/// The continued fraction of the incomplete beta function.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..=STEPS {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let factor = d * c;
        value *= factor;
        if (factor - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{Beta, ContinuousCDF};

    use super::*;

    const SHAPES: [(f64, f64); 9] = [
        (0.5, 0.5),
        (0.5, 160.0),
        (1.0, 1.0),
        (1.0, 30.0),
        (2.5, 0.7),
        (8.0, 8.0),
        (365.3, 3.7),
        (12.0, 4000.0),
        (50_000.0, 50_000.0),
    ];

    #[test]
    fn agrees_with_statrs() {
        for (a, b) in SHAPES {
            let oracle = Beta::new(a, b).unwrap();
            for step in 1_u32..200 {
                let x = f64::from(step) / 200.0;
                let (ours, theirs) = (beta_cdf(x, a, b), oracle.cdf(x));
                assert!((ours - theirs).abs() < 1e-9, "I_{x}({a}, {b}): {ours} against {theirs}");
            }
        }
    }

    #[test]
    fn quantile_inverts_the_distribution_function() {
        for (a, b) in SHAPES {
            for p in [1e-6, 0.001, 0.025, 0.05, 0.3, 0.5, 0.9, 0.975, 0.9999] {
                let x = beta_quantile(p, a, b);
                assert!((beta_cdf(x, a, b) - p).abs() < 1e-9 * p.max(1e-3), "p {p} of ({a}, {b}) gave {x}");
            }
        }
    }

    #[test]
    fn shares_at_the_ends_have_closed_forms() {
        // Nothing in n: upper end 1 - tail^(1/n). All of n: lower end tail^(1/n).
        let n = 20.0;
        let root = super::super::pow(0.025, 1.0 / n);
        assert!((share_high(0.0, n, 0.025) - (1.0 - root)).abs() < 1e-12);
        assert!((share_low(n, n, 0.025) - root).abs() < 1e-12);
        assert!(share_low(0.0, n, 0.025) <= 0.0);
        assert!(share_high(n, n, 0.025) >= 1.0);
    }

    #[test]
    fn a_textbook_share() {
        // 10 of 100 (Newcombe 1998 and many tables): 4.90 % to 17.62 %.
        assert!((share_low(10.0, 100.0, 0.025) - 0.049_005).abs() < 1e-6);
        assert!((share_high(10.0, 100.0, 0.025) - 0.176_223).abs() < 1e-6);
    }
}
