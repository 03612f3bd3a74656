//! The elementary functions, from the pinned `libm`: the same bits on every platform.
//!
//! The rest of the crate calls these instead of the methods of `f64`, whose last bits depend on the system's library.
//! Sums, products, quotients and square roots are exact by IEEE 754 and need no wrapper.

/// Natural logarithm; minus infinity at 0, not a number below.
#[must_use]
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `ln(1 + x)` without loss of digits near 0.
#[must_use]
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Logarithm to base 10.
#[must_use]
#[inline]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// Logarithm to base 2.
#[must_use]
#[inline]
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// e to the power `x`.
#[must_use]
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `exp(x) - 1` without loss of digits near 0.
#[must_use]
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// `base` to the power `exponent`.
#[must_use]
#[inline]
pub fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// Cube root.
#[must_use]
#[inline]
pub fn cbrt(x: f64) -> f64 {
    libm::cbrt(x)
}

/// The error function.
#[must_use]
#[inline]
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// One minus the error function, without loss of digits in the upper tail.
#[must_use]
#[inline]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Natural logarithm of the gamma function, for `x > 0`.
#[must_use]
#[inline]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The gamma function.
#[must_use]
#[inline]
pub fn gamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// Sine of an angle in radians.
#[must_use]
#[inline]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
#[must_use]
#[inline]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// `ln(1 + x) - x` without cancellation near 0, for `x > -1`.
///
/// Near 0 with r = x / (2 + x): `ln(1 + x) = 2 atanh r` and `2 r - x = -r x`, so that only the terms of third and higher order of
/// the series of atanh are summed.
#[must_use]
pub fn ln_1p_minus(x: f64) -> f64 {
    if x.abs() > 0.35 {
        return ln_1p(x) - x;
    }
    let r = x / (2.0 + x);
    let square = r * r;
    let mut power = square;
    let mut odd = 3.0;
    let mut sum = 0.0;
    while power > f64::EPSILON * f64::EPSILON {
        let term = power / odd;
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
        power *= square;
        odd += 2.0;
    }
    r * (2.0 * sum - x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_those_of_the_pinned_library() {
        let bits = [ln(3.0), exp(1.0), pow(2.0, 0.5), erfc(1.5), ln_gamma(3.7)].map(f64::to_bits);
        let pinned = [
            0x3ff1_93ea_7aad_030a,
            0x4005_bf0a_8b14_576a,
            0x3ff6_a09e_667f_3bcd,
            0x3fa1_5aaa_8ec8_5205,
            0x3ff6_d962_5e35_9b87,
        ];
        assert_eq!(bits, pinned);
    }

    #[test]
    fn ln_1p_minus_keeps_its_digits_near_zero() {
        // -x^2/2 + x^3/3 - x^4/4 + x^5/5
        let x = 1e-4;
        let expected = -x * x / 2.0 + x * x * x / 3.0 - x * x * x * x / 4.0 + x * x * x * x * x / 5.0;
        assert!((ln_1p_minus(x) / expected - 1.0).abs() < 1e-15);
        for x in [-0.349, -0.1, 0.1, 0.349] {
            assert!((ln_1p_minus(x) - (ln_1p(x) - x)).abs() < 1e-15, "{x}");
        }
        assert!(ln_1p_minus(0.0).abs() < f64::MIN_POSITIVE);
    }
}
