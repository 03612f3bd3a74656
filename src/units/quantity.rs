//! The grammar that every quantity shares: a number, then a unit.
//!
//! One number, an optional space, one unit: "250ms", "1.5 s", "64KiB". Digits are read exactly. A fault says what is
//! wrong with the text, and every type says beside it what it would have taken.

use thiserror::Error;

use super::Decimal;

/// What is wrong with the text of a quantity.
///
/// The text of the fault is a fragment that names the offending part. What to write instead depends on the type that was
/// asked for: see the constant `EXPECTED` of each.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// There is nothing.
    #[error("is empty")]
    Empty,
    /// It does not start with a number of at least zero.
    #[error("does not start with a number")]
    NotANumber,
    /// It starts with a minus sign.
    #[error("must not be negative")]
    Negative,
    /// The number has more digits than are kept.
    #[error("has too many digits: at most 24 are kept")]
    TooManyDigits,
    /// A number without a unit.
    #[error("has no unit")]
    MissingUnit,
    /// A unit that this quantity does not have.
    #[error("has the unknown unit \"{unit}\"")]
    UnknownUnit {
        /// The unit as written.
        unit: String,
    },
    /// Several numbers in one quantity, such as "1h30m".
    #[error("has more than one number")]
    SeveralNumbers,
    /// Not zero, but so small that it would be rounded to zero.
    #[error("is not zero, but less than half a nanosecond")]
    RoundsToZero,
    /// Events in no time at all.
    #[error("counts events in no time at all")]
    PerNothing,
    /// Over the greatest value of the type.
    #[error("is too large")]
    TooLarge,
    /// A fraction of something that comes whole.
    #[error("is not a whole number of {0}")]
    NotWhole(&'static str),
    /// Outside the range of the type.
    #[error("is not between {low} and {high}")]
    OutOfRange {
        /// The least allowed value, as text.
        low: &'static str,
        /// The greatest allowed value, as text.
        high: &'static str,
    },
}

/// A number and what follows it, apart from spaces.
pub(super) fn split(text: &str) -> Result<(Decimal, &str), QuantityError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(QuantityError::Empty);
    }
    if text.starts_with('-') {
        return Err(QuantityError::Negative);
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Ok((Decimal::parse(number)?, unit.trim_start()))
}

/// Looks a unit up, and says what is wrong where it is not there.
pub(super) fn unit_factor(unit: &str, units: &[(&str, u64)]) -> Result<u64, QuantityError> {
    if unit.is_empty() {
        return Err(QuantityError::MissingUnit);
    }
    if let Some((_, factor)) = units.iter().find(|(name, _)| *name == unit) {
        return Ok(*factor);
    }
    let letters = unit.find(|c: char| c.is_ascii_digit()).unwrap_or(unit.len());
    let first = unit[..letters].trim_end();
    if letters < unit.len() && units.iter().any(|(name, _)| *name == first) {
        return Err(QuantityError::SeveralNumbers);
    }
    Err(QuantityError::UnknownUnit { unit: unit.to_owned() })
}
