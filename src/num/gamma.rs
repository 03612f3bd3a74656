//! The regularised incomplete gamma functions P and Q, and their inverses: the gamma law of scale 1.
//!
//! Three methods, each where it is quick and precise: the power series left of the mean, the continued fraction
//! right of it, and for large shapes near the mean the uniform expansion of Temme ("The asymptotic expansion of the
//! incomplete gamma functions", SIAM J. Math. Anal. 10, 1979), so that a shape of 10^12 costs no more than one of 10.

use std::f64::consts::PI;

use super::elementary::{erfc, exp, exp_m1, ln, ln_1p_minus, ln_gamma, pow};
use super::normal::normal_upper_quantile;

/// From this shape on the uniform expansion is used near the mean.
const LARGE_SHAPE: f64 = 200.0;
/// How near, in units of the shape.
const NEAR_MEAN: f64 = 0.35;
/// Far above what any of the loops needs: the series at the edge of the expansion's range is the longest.
const MAX_TERMS: u32 = 10_000;

/// P(shape, x): the probability that a gamma variable of this shape and scale 1 is at most `x`. `shape > 0`.
#[must_use]
pub fn gamma_lower(shape: f64, x: f64) -> f64 {
    tails(shape, x).0
}

/// Q(shape, x): the probability that a gamma variable of this shape and scale 1 exceeds `x`. `shape > 0`.
#[must_use]
pub fn gamma_upper(shape: f64, x: f64) -> f64 {
    tails(shape, x).1
}

/// The x with P(shape, x) = `p`: 0 at 0, infinity at 1, not a number outside of [0, 1] or for `shape <= 0`.
#[must_use]
pub fn gamma_quantile(shape: f64, p: f64) -> f64 {
    if p <= 0.5 { invert(shape, Tail::Lower(p)) } else { invert(shape, Tail::Upper(1.0 - p)) }
}

/// The x with Q(shape, x) = `q`. For small `q` it has the digits that `1 - q` would lose.
#[must_use]
pub fn gamma_upper_quantile(shape: f64, q: f64) -> f64 {
    if q <= 0.5 { invert(shape, Tail::Upper(q)) } else { invert(shape, Tail::Lower(1.0 - q)) }
}

/// P and Q. The smaller of the two is computed, or whichever the method gives; the other is one minus it.
fn tails(shape: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    if shape >= LARGE_SHAPE && (x / shape - 1.0).abs() < NEAR_MEAN {
        return uniform_expansion(shape, x);
    }
    if x < shape + 1.0 {
        let lower = power_series(shape, x);
        (lower, 1.0 - lower)
    } else {
        let upper = continued_fraction(shape, x);
        (1.0 - upper, upper)
    }
}

/// x^shape e^-x / Gamma(shape + 1), the Poisson probability, without overflow or loss of digits for large shapes.
fn poisson_term(shape: f64, x: f64) -> f64 {
    if shape < 10.0 {
        return exp(shape * ln(x) - x - ln_gamma(shape + 1.0));
    }
    // Saddle point: Stirling's formula leaves exp(shape * (ln(1 + u) - u)) with u the relative distance to the mean.
    let u = (x - shape) / shape;
    exp(shape * ln_1p_minus(u) - stirling_error(shape)) / (2.0 * PI * shape).sqrt()
}

/// `ln Gamma(a + 1) - (a ln a - a + ln(2 pi a) / 2)` for `a >= 10`.
fn stirling_error(a: f64) -> f64 {
    let square = a * a;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1_260.0 - (1.0 / 1_680.0 - 1.0 / 1_188.0 / square) / square) / square) / square)
        / a
}

/// P by its power series.
fn power_series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut denominator = shape;
    for _ in 0..MAX_TERMS {
        denominator += 1.0;
        term *= x / denominator;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    (poisson_term(shape, x) * sum).min(1.0)
}

/// Q by Legendre's continued fraction, evaluated from the front (Lentz's method, as modified by Thompson and Barnett).
fn continued_fraction(shape: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for i in 1..MAX_TERMS {
        let i = f64::from(i);
        let a = -i * (i - shape);
        b += 2.0;
        d = guard(a * d + b, TINY);
        c = guard(b + a / c, TINY);
        d = 1.0 / d;
        let factor = d * c;
        fraction *= factor;
        if (factor - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    (shape * poisson_term(shape, x) * fraction).min(1.0)
}

/// Keeps a denominator away from zero.
fn guard(value: f64, tiny: f64) -> f64 {
    if value.abs() < tiny { tiny } else { value }
}

/// P and Q by the uniform expansion: a normal tail in a stretched variable, and a correction.
fn uniform_expansion(shape: f64, x: f64) -> (f64, f64) {
    let u = (x - shape) / shape;
    let half_square = -ln_1p_minus(u);
    let eta = if u < 0.0 { -(2.0 * half_square).sqrt() } else { (2.0 * half_square).sqrt() };
    let argument = (shape * half_square).sqrt();
    let correction = EXPANSION.iter().rev().fold(0.0, |sum, in_eta| {
        sum / shape + in_eta.iter().rev().fold(0.0, |inner, coefficient| inner * eta + coefficient)
    });
    let rest = exp(-shape * half_square) / (2.0 * PI * shape).sqrt() * correction;
    if u < 0.0 {
        let lower = 0.5 * erfc(argument) - rest;
        (lower, 1.0 - lower)
    } else {
        let upper = 0.5 * erfc(argument) + rest;
        (1.0 - upper, upper)
    }
}

/// Taylor coefficients of Temme's functions C_k(eta), a row for each power of 1 / shape, ascending in eta. They are the
/// constants of N. M. Temme's paper (and of DLMF section 8.12), to double precision.
const EXPANSION: [[f64; 15]; 5] = [
    [
        -0.333_333_333_333_333_3,
        0.083_333_333_333_333_33,
        -0.014_814_814_814_814_815,
        0.001_157_407_407_407_407_3,
        0.000_352_733_686_067_019_4,
        -0.000_178_755_144_032_921_8,
        3.919_263_178_522_438e-5,
        -2.185_448_510_679_992e-6,
        -1.854_062_210_715_16e-6,
        8.296_711_340_953_087e-7,
        -1.766_595_273_682_608e-7,
        6.707_853_543_401_499e-9,
        1.026_180_978_424_030_9e-8,
        -4.382_036_018_453_353e-9,
        9.147_699_582_236_79e-10,
    ],
    [
        -0.001_851_851_851_851_852,
        -0.003_472_222_222_222_222,
        0.002_645_502_645_502_645_4,
        -0.000_990_226_337_448_559_6,
        0.000_205_761_316_872_427_98,
        -4.018_775_720_164_609e-7,
        -1.809_855_033_448_997_7e-5,
        7.649_160_916_081_11e-6,
        -1.612_090_089_456_344_6e-6,
        4.647_127_802_807_434e-9,
        1.378_633_446_915_721e-7,
        -5.752_545_603_517_705e-8,
        1.195_162_859_977_814_8e-8,
        0.0,
        0.0,
    ],
    [
        0.004_133_597_883_597_883,
        -0.002_681_327_160_493_827,
        0.000_771_604_938_271_604_9,
        2.009_387_860_082_304_7e-6,
        -0.000_107_366_532_263_651_6,
        5.292_344_882_912_012_5e-5,
        -1.276_063_518_861_872_7e-5,
        3.423_578_734_096_138e-8,
        1.372_195_730_906_293_2e-6,
        -6.298_992_138_380_055e-7,
        1.428_061_420_606_424_2e-7,
        0.0,
        0.0,
        0.0,
        0.0,
    ],
    [
        0.000_649_434_156_378_600_8,
        0.000_229_472_093_621_399_17,
        -0.000_469_189_494_395_255_7,
        0.000_267_720_632_062_838_85,
        -7.561_801_671_883_977e-5,
        -2.396_505_113_867_297e-7,
        1.108_265_411_534_730_2e-5,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ],
    [
        -0.000_861_888_290_916_711_7,
        0.000_784_039_221_720_066_6,
        -0.000_299_072_480_303_190_2,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ],
];

/// The tail to invert; at most one half, so that no digit is lost.
#[derive(Clone, Copy)]
enum Tail {
    Lower(f64),
    Upper(f64),
}

/// Newton's method on the logarithm of the tail as a function of ln x.
///
/// The logarithm of a gamma variable has a log-concave density, so both tails are log-concave in ln x, and Newton's method
/// converges from any start: after one step it walks to the root from one side.
fn invert(shape: f64, tail: Tail) -> f64 {
    let (probability, at_zero) = match tail {
        Tail::Lower(p) => (p, 0.0),
        Tail::Upper(q) => (q, f64::INFINITY),
    };
    if shape.is_nan() || shape <= 0.0 || !(0.0..=0.5).contains(&probability) {
        return f64::NAN;
    }
    if probability < f64::MIN_POSITIVE {
        return at_zero;
    }
    let mut x = first_guess(shape, tail);
    for _ in 0..MAX_STEPS {
        if x < f64::MIN_POSITIVE {
            return 0.0;
        }
        let (lower, upper) = tails(shape, x);
        // x times the density at x.
        let slope = shape * poisson_term(shape, x);
        let step = match tail {
            Tail::Lower(p) => ln(p / lower) * (lower / slope),
            Tail::Upper(q) => ln(upper / q) * (upper / slope),
        };
        if !step.is_finite() {
            // So far out that the tail underflows: walk back.
            x = if x > shape { 0.5 * (x + shape) } else { x * 2.0 };
            continue;
        }
        x += x * exp_m1(step.clamp(-30.0, 30.0));
        if step.abs() < 2e-16 {
            break;
        }
    }
    x
}

/// Newton's method needs 3 or 4 steps from a good start; from a bad one or in far tails up to a few dozen.
const MAX_STEPS: u32 = 60;

/// The cube-root normal approximation of Wilson and Hilferty, or the first term of the power series where that is poor.
fn first_guess(shape: f64, tail: Tail) -> f64 {
    let (z, lower) = match tail {
        Tail::Lower(p) => (-normal_upper_quantile(p), p),
        Tail::Upper(q) => (normal_upper_quantile(q), 1.0 - q),
    };
    let variance = 1.0 / (9.0 * shape);
    let root = 1.0 - variance + z * variance.sqrt();
    let cube = shape * root * root * root;
    let series = pow(lower, 1.0 / shape) * exp(ln_gamma(shape + 1.0) / shape);
    if shape < 1.0 || root < 0.3 {
        match tail {
            Tail::Lower(_) => series,
            // Q(a, x) < e^-x x^(a-1) / Gamma(a) for a < 1: start at the exponential's quantile.
            Tail::Upper(q) => series.min(1.0 - ln(q)),
        }
    } else {
        cube
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::gamma::{gamma_lr, gamma_ur};

    #[test]
    fn both_tails_agree_with_statrs() {
        for shape in [0.01, 0.3, 0.5, 1.0, 2.5, 9.9, 10.1, 50.0, 150.0] {
            for relative in [0.01, 0.2, 0.7, 0.99, 1.0, 1.01, 1.5, 3.0] {
                let x = shape * relative;
                let (lower, upper) = tails(shape, x);
                assert!((lower - gamma_lr(shape, x)).abs() < 1e-13, "P({shape}, {x})");
                assert!((upper - gamma_ur(shape, x)).abs() < 1e-13, "Q({shape}, {x})");
            }
        }
    }

    #[test]
    fn the_exponential_and_erlang_tails_are_exact() {
        for x in [1e-9, 0.1, 1.0, 5.0, 30.0, 300.0] {
            let tolerance = 4e-16 * (30.0 + x);
            assert!((gamma_upper(1.0, x) / exp(-x) - 1.0).abs() < tolerance, "{x}");
            assert!((gamma_lower(1.0, x) / -exp_m1(-x) - 1.0).abs() < 1e-14, "{x}");
            assert!((gamma_upper(2.0, x) / (exp(-x) * (1.0 + x)) - 1.0).abs() < tolerance, "{x}");
        }
    }

    #[test]
    fn the_uniform_expansion_meets_series_and_fraction() {
        for shape in [200.0, 317.3, 1_000.0, 20_000.0] {
            for relative in [0.651, 0.8, 0.9, 0.97, 0.999, 1.001, 1.03, 1.1, 1.2, 1.349] {
                let x = shape * relative;
                let (lower, upper) = uniform_expansion(shape, x);
                if x < shape {
                    let reference = power_series(shape, x);
                    assert!((lower - reference).abs() <= 1e-11 * reference, "P({shape}, {x}) {lower} {reference}");
                } else {
                    let reference = continued_fraction(shape, x);
                    assert!((upper - reference).abs() <= 1e-11 * reference, "Q({shape}, {x}) {upper} {reference}");
                }
            }
        }
    }

    #[test]
    fn quantiles_invert_the_tails() {
        for shape in [1e-3_f64, 0.05, 0.5, 0.99, 1.0, 3.0, 40.0, 199.0, 201.0, 1e4, 1e8, 1e14] {
            // One ulp of x moves the tail by about z sqrt(shape) ulps.
            let tolerance = 1e-11 + 5e-15 * shape.sqrt();
            for tail in [1e-12, 1e-6, 0.01, 0.2, 0.5] {
                let x = gamma_quantile(shape, tail);
                if x > 1e-300 {
                    assert!(
                        (gamma_lower(shape, x) / tail - 1.0).abs() < tolerance,
                        "P shape {shape} tail {tail} x {x}"
                    );
                }
                let x = gamma_upper_quantile(shape, tail);
                if x > 1e-300 {
                    assert!(
                        (gamma_upper(shape, x) / tail - 1.0).abs() < tolerance,
                        "Q shape {shape} tail {tail} x {x}"
                    );
                }
            }
        }
    }

    #[test]
    fn ends_and_nonsense() {
        assert!(gamma_quantile(2.0, 0.0).abs() < f64::MIN_POSITIVE);
        assert!(gamma_quantile(2.0, 1.0).is_infinite());
        assert!(gamma_quantile(-2.0, 0.5).is_nan() && gamma_quantile(2.0, -0.1).is_nan());
        // Half the chi-square percentage points of 2 and 10 degrees of freedom.
        assert!((gamma_quantile(1.0, 0.95) - 2.995_732_273_553_991).abs() < 1e-14);
        assert!((gamma_quantile(5.0, 0.95) - 9.153_519_026_637_83).abs() < 1e-9);
    }
}
