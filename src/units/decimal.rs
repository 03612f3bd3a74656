//! Exact decimals: the number part of every quantity.
//!
//! A [`Decimal`] keeps the digits as written, so that "0.1s" is exactly 100 ms and a quantity is rounded once, at the
//! very end, half to even.

use std::fmt;

use super::QuantityError;

/// The most significant digits that a decimal may have: more than any time in nanoseconds needs.
const MAX_DIGITS: u32 = 24;
/// The most digits after the point.
const MAX_PLACES: u32 = 30;

/// A number of at least zero with a finite decimal expansion, kept exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decimal {
    /// The digits without the point and without trailing zeros after it.
    digits: u128,
    /// How many of them stand after the point.
    places: u32,
}

impl Decimal {
    /// A whole number.
    #[must_use]
    pub const fn from_integer(number: u64) -> Self {
        Self { digits: number as u128, places: 0 }
    }

    /// Reads digits with at most one point, and perhaps an exponent ("2.5e-3"), without a sign.
    ///
    /// # Errors
    /// Where the text is no such number, or has more than 24 significant digits.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| QuantityError::NotANumber)?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let point_at_end = mantissa.ends_with('.');
        if whole.is_empty() || point_at_end || !all_digits(whole) || !all_digits(fraction) {
            return Err(QuantityError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = join_digits(whole, fraction)?;
        let fraction_len = i32::try_from(fraction.len()).map_err(|_| QuantityError::TooManyDigits)?;
        let places = fraction_len.checked_sub(exponent).ok_or(QuantityError::TooManyDigits)?;
        Self::from_parts(digits, places)
    }

    /// The number `digits` / 10^`places`, in lowest form.
    fn from_parts(mut digits: u128, mut places: i32) -> Result<Self, QuantityError> {
        if digits == 0 {
            return Ok(Self::default());
        }
        while places > 0 && digits.is_multiple_of(10) {
            digits /= 10;
            places -= 1;
        }
        while places < 0 {
            digits = digits.checked_mul(10).ok_or(QuantityError::TooManyDigits)?;
            places += 1;
        }
        let places = places.unsigned_abs();
        if digits >= 10_u128.pow(MAX_DIGITS) || places > MAX_PLACES {
            return Err(QuantityError::TooManyDigits);
        }
        Ok(Self { digits, places })
    }

    /// Whether this is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// This number times `factor`, rounded half to even; `None` where that is over `u64::MAX`.
    #[must_use]
    pub fn times_rounded(self, factor: u64) -> Option<u64> {
        let product = self.digits.checked_mul(u128::from(factor))?;
        let divisor = 10_u128.pow(self.places);
        let (floor, rest) = (product / divisor, product % divisor);
        let half = divisor / 2;
        let up = self.places > 0 && (rest > half || (rest == half && !floor.is_multiple_of(2)));
        u64::try_from(floor + u128::from(up)).ok()
    }

    /// This number times `factor`, where that is whole.
    #[must_use]
    pub fn times_exactly(self, factor: u64) -> Option<u64> {
        let product = self.digits.checked_mul(u128::from(factor))?;
        let divisor = 10_u128.pow(self.places);
        if product.is_multiple_of(divisor) { u64::try_from(product / divisor).ok() } else { None }
    }

    /// The nearest floating-point number to this one divided by 10^`shift`.
    #[must_use]
    pub fn to_f64(self, shift: u32) -> f64 {
        let places = self.places + shift;
        // The standard library's reader rounds correctly, which a division would not always do.
        format!("{}e-{places}", self.digits).parse().unwrap_or(f64::INFINITY)
    }
}

/// The digits of both parts as one number.
fn join_digits(whole: &str, fraction: &str) -> Result<u128, QuantityError> {
    let significant = whole.bytes().chain(fraction.bytes()).skip_while(|byte| *byte == b'0');
    let mut digits: u128 = 0;
    for byte in significant {
        digits = digits
            .checked_mul(10)
            .and_then(|tens| tens.checked_add(u128::from(byte - b'0')))
            .ok_or(QuantityError::TooManyDigits)?;
    }
    Ok(digits)
}

impl fmt::Display for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let divisor = 10_u128.pow(self.places);
        let (whole, rest) = (self.digits / divisor, self.digits % divisor);
        if rest == 0 {
            return write!(out, "{whole}");
        }
        let width = self.places as usize;
        let fraction = format!("{rest:0width$}");
        write!(out, "{whole}.{}", fraction.trim_end_matches('0'))
    }
}
