//! The standard normal law: density, distribution, both tails and their inverses.
//!
//! The inverse is algorithm AS 241 (Wichura, "The percentage points of the normal distribution", Applied Statistics 37,
//! 1988, routine PPND16): three rational functions, relative error about 1e-16.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use super::elementary::{erfc, exp, ln};

/// Density of the standard normal law at `z`.
#[must_use]
pub fn normal_density(z: f64) -> f64 {
    exp(-0.5 * z * z) / (2.0 * PI).sqrt()
}

/// P(Z <= z) of the standard normal law. Keeps its relative precision in the lower tail.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z * FRAC_1_SQRT_2)
}

/// P(Z > z) of the standard normal law. Keeps its relative precision in the upper tail.
#[must_use]
pub fn normal_upper_tail(z: f64) -> f64 {
    normal_cdf(-z)
}

/// The z with P(Z <= z) = `p`: minus infinity at 0, infinity at 1, not a number outside of [0, 1].
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.5 { -normal_upper_quantile(p) } else { central_or_tail(p - 0.5, 1.0 - p) }
}

/// The z with P(Z > z) = `q`. For small `q` it has the digits that `1 - q` would lose.
#[must_use]
pub fn normal_upper_quantile(q: f64) -> f64 {
    if q <= 0.5 { central_or_tail(0.5 - q, q) } else { -central_or_tail(q - 0.5, 1.0 - q) }
}

/// The quantile at distance `from_half` above one half, where the upper tail is `tail`, at most one half.
fn central_or_tail(from_half: f64, tail: f64) -> f64 {
    if !(0.0..=0.5).contains(&tail) {
        return f64::NAN;
    }
    if from_half <= 0.425 {
        let r = 0.180_625 - from_half * from_half;
        return from_half * ratio(&CENTRE, r);
    }
    if tail < f64::MIN_POSITIVE {
        return f64::INFINITY;
    }
    let r = (-ln(tail)).sqrt();
    if r <= 5.0 { ratio(&TAIL, r - 1.6) } else { ratio(&FAR_TAIL, r - 5.0) }
}

/// Numerator and denominator of a rational function, coefficients in ascending order.
type Rational = [[f64; 8]; 2];

fn ratio(function: &Rational, r: f64) -> f64 {
    let horner = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * r + c);
    horner(&function[0]) / horner(&function[1])
}

/// For |p - 1/2| <= 0.425, in 0.425^2 - (p - 1/2)^2.
const CENTRE: Rational = [
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
];

/// For tails down to exp(-25), in sqrt(-ln tail) - 1.6.
const TAIL: Rational = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

/// For tails below exp(-25), in sqrt(-ln tail) - 5.
const FAR_TAIL: Rational = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_published_percentage_points() {
        // The check values that AS 241 states, and common ones.
        let known = [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.975, 1.959_963_984_540_054_2),
            (0.99, 2.326_347_874_040_841),
        ];
        for (p, z) in known {
            assert!((normal_quantile(p) / z - 1.0).abs() < 1e-15, "{p}: {} not {z}", normal_quantile(p));
        }
    }

    #[test]
    fn quantile_inverts_both_tails() {
        for step in 0..2_000 {
            let tail = exp(-0.35 * f64::from(step)).min(0.5);
            let z = normal_upper_quantile(tail);
            // The tail's relative slope is about z, so one ulp of z shows as z^2 ulps of the tail.
            let tolerance = 1e-15 * (2.0 + z * z);
            assert!((normal_upper_tail(z) / tail - 1.0).abs() < tolerance, "tail {tail}");
            assert_eq!(normal_quantile(tail).to_bits(), (-z).to_bits());
        }
    }

    #[test]
    fn ends_and_nonsense() {
        assert!(normal_quantile(0.0).is_infinite() && normal_quantile(0.0) < 0.0);
        assert!(normal_quantile(1.0).is_infinite() && normal_quantile(1.0) > 0.0);
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(1.1).is_nan() && normal_quantile(f64::NAN).is_nan());
        assert!(normal_quantile(0.5).abs() < f64::MIN_POSITIVE);
        assert!((normal_density(0.0) - 0.398_942_280_401_432_7).abs() < 1e-16);
    }
}
