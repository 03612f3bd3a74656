//! Conversions between floating point and integers, each with its rounding stated.
//!
//! They stand here so that no other module needs a bare `as` between the two worlds, where a lost bit or a wrapped value
//! would go unseen. What is out of range saturates; what is not a number becomes 0.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "this module is the place for these casts: each function says how it rounds and saturates"
)]

/// Nanoseconds of a second.
pub const NANOS_PER_SECOND: f64 = 1e9;

/// The nearest floating-point number; exact up to 2^53.
#[must_use]
#[inline]
pub const fn u64_to_f64(value: u64) -> f64 {
    value as f64
}

/// The nearest floating-point number; exact up to 2^53 in size.
#[must_use]
#[inline]
pub const fn i64_to_f64(value: i64) -> f64 {
    value as f64
}

/// The nearest floating-point number; exact up to 2^53.
#[must_use]
#[inline]
pub const fn u128_to_f64(value: u128) -> f64 {
    let (high, low) = ((value >> 64) as u64, value as u64);
    if high == 0 {
        return low as f64;
    }
    // The top 64 bits, the last of them set if anything below them is: they round as the whole does. The compiler's own
    // conversion takes four times as long, and windows do this at every heartbeat.
    let spare = high.leading_zeros();
    let top = (value << spare >> 64) as u64 | (low << spare != 0) as u64;
    let power_of_two = f64::from_bits((1023 + 64 - spare as u64) << 52);
    top as f64 * power_of_two
}

/// The nearest floating-point number; exact up to 2^53 in size.
#[must_use]
#[inline]
pub const fn i128_to_f64(value: i128) -> f64 {
    value as f64
}

/// The nearest floating-point number; exact up to 2^53.
#[must_use]
#[inline]
pub const fn usize_to_f64(value: usize) -> f64 {
    value as f64
}

/// Drops the fraction. Below 0 and not a number give 0, what is too large the largest integer.
#[must_use]
#[inline]
pub const fn f64_to_u64(value: f64) -> u64 {
    value as u64
}

/// Drops the fraction. Not a number gives 0; what is too large or too small the last integer on that side.
#[must_use]
#[inline]
pub const fn f64_to_i64(value: f64) -> i64 {
    value as i64
}

/// Drops the fraction. Not a number gives 0; what is too large or too small the last integer on that side.
#[must_use]
#[inline]
pub const fn f64_to_i128(value: f64) -> i128 {
    value as i128
}

/// Drops the fraction. Below 0 and not a number give 0, what is too large the largest integer.
#[must_use]
#[inline]
pub const fn f64_to_usize(value: f64) -> usize {
    value as usize
}

/// The nearest integer, halves to the even one. Below 0 and not a number give 0, what is too large the largest integer.
#[must_use]
#[inline]
pub fn round_to_u64(value: f64) -> u64 {
    value.round_ties_even() as u64
}

/// The least integer not below. Below 0 and not a number give 0, what is too large the largest integer.
#[must_use]
#[inline]
pub const fn ceil_to_u64(value: f64) -> u64 {
    // Not by `ceil`, which is a call on processors without an instruction for it.
    let below = value as u64;
    if (below as f64) < value { below.saturating_add(1) } else { below }
}

/// Whole nanoseconds as seconds, to the nearest floating-point number (two roundings above 2^53 ns, about 104 days).
#[must_use]
#[inline]
pub const fn nanos_to_seconds(nanos: u64) -> f64 {
    nanos as f64 / NANOS_PER_SECOND
}

/// Seconds as the nearest whole nanoseconds, halves to even. Below 0 and not a number give 0; saturates.
#[must_use]
#[inline]
pub fn seconds_to_nanos(seconds: f64) -> u64 {
    round_to_u64(seconds * NANOS_PER_SECOND)
}

/// Seconds as whole nanoseconds, rounded up: the first instant at which that much time has passed. Below 0 and not a
/// number give 0; saturates.
#[must_use]
#[inline]
pub fn seconds_to_nanos_ceil(seconds: f64) -> u64 {
    ceil_to_u64(seconds * NANOS_PER_SECOND)
}

/// An integer as an index; saturates where the platform's indices are narrower.
#[must_use]
#[inline]
pub const fn u64_to_usize(value: u64) -> usize {
    if value > usize::MAX as u64 { usize::MAX } else { value as usize }
}

/// An integer as a 32-bit one; saturates.
#[must_use]
#[inline]
pub const fn u64_to_u32(value: u64) -> u32 {
    if value > u32::MAX as u64 { u32::MAX } else { value as u32 }
}

/// A wide integer as a 64-bit one; saturates.
#[must_use]
#[inline]
pub const fn u128_to_u64(value: u128) -> u64 {
    if value > u64::MAX as u128 { u64::MAX } else { value as u64 }
}

/// The top 53 bits of a draw as a number in [0, 1): every multiple of 2^-53 equally likely.
#[must_use]
#[inline]
pub const fn unit_interval(draw: u64) -> f64 {
    const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
    (draw >> 11) as f64 * SCALE
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rounding_is_half_even_or_up_as_named() {
        assert_eq!(round_to_u64(2.5), 2);
        assert_eq!(round_to_u64(3.5), 4);
        assert_eq!(ceil_to_u64(2.000_001), 3);
        assert_eq!(f64_to_u64(2.999), 2);
        assert_eq!(seconds_to_nanos(0.25), 250_000_000);
        assert_eq!(seconds_to_nanos_ceil(1.5e-9), 2);
        assert!((nanos_to_seconds(1_500_000_000) - 1.5).abs() < f64::EPSILON);
    }

    proptest! {
        #[test]
        fn wide_integers_round_as_the_compiler_rounds_them(value: u128, drop in 0..128_u32, tail in 0..4_u128) {
            // Ties and their neighbours at every length.
            for value in [value >> drop, (value >> drop) & !0x3ff | tail, (value >> drop) | 0x3ff, 1 << drop] {
                prop_assert_eq!(u128_to_f64(value).to_bits(), (value as f64).to_bits());
            }
        }

        #[test]
        fn rounding_up_is_that_of_ceil(value in prop_oneof![any::<f64>(), -2.0..3.0, 0.0..1e19]) {
            prop_assert_eq!(ceil_to_u64(value), value.ceil() as u64);
        }
    }

    #[test]
    fn what_does_not_fit_saturates() {
        for convert in [f64_to_u64, round_to_u64, ceil_to_u64, seconds_to_nanos, seconds_to_nanos_ceil] {
            assert_eq!(convert(-5.0), 0);
            assert_eq!(convert(f64::NAN), 0);
            assert_eq!(convert(f64::INFINITY), u64::MAX);
            assert_eq!(convert(1e300), u64::MAX);
        }
        assert_eq!(f64_to_i64(f64::NEG_INFINITY), i64::MIN);
        assert_eq!(u64_to_u32(1 << 40), u32::MAX);
        assert_eq!(u128_to_u64(u128::MAX), u64::MAX);
    }

    #[test]
    fn a_draw_never_reaches_one() {
        assert!(unit_interval(u64::MAX) < 1.0);
        assert!(unit_interval(0).abs() < f64::MIN_POSITIVE);
        assert!((unit_interval(1 << 63) - 0.5).abs() < f64::EPSILON);
    }
}
