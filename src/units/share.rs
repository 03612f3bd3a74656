//! Shares of a whole: probabilities, and parts of an interval, which may be more than all of it.

use std::fmt;
use std::str::FromStr;

use super::QuantityError;
use super::quantity::split;

/// A probability: from 0 to 1, written 0.01 or "1%".
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Probability(f64);

/// A part of an interval: at least 0, written 1.04 or "104%".
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Share(f64);

impl Probability {
    /// Never.
    pub const ZERO: Self = Self(0.0);
    /// Always.
    pub const ONE: Self = Self(1.0);
    /// What a text must be, for error messages.
    pub const EXPECTED: &'static str = "a probability from 0 to 1, such as 0.01 or \"1%\"";

    /// A probability; `None` outside of 0 to 1.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        // Adding zero turns a negative zero into the usual one, so that equal values print alike.
        (0.0..=1.0).contains(&value).then_some(Self(value + 0.0))
    }

    /// The number, from 0 to 1.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Share {
    /// What a text must be, for error messages.
    pub const EXPECTED: &'static str = "a share of the interval, such as \"10%\" or 0.1";

    /// A share; `None` where it is negative, infinite or no number.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        (value.is_finite() && value >= 0.0).then_some(Self(value + 0.0))
    }

    /// The number, 1 for a whole interval.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// A number, or a number of hundredths with a percent sign.
fn parse(text: &str) -> Result<f64, QuantityError> {
    match split(text)? {
        (number, "%") => Ok(number.to_f64(2)),
        (number, "") => Ok(number.to_f64(0)),
        (_, unit) => Err(QuantityError::UnknownUnit { unit: unit.to_owned() }),
    }
}

/// Writes the shortest decimal that reads back to `value`, as hundredths: the point is moved in the text, so that no
/// digit changes.
fn write_percent(value: f64, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = format!("{value}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (moved, rest) = fraction.split_at(fraction.len().min(2));
    let digits = format!("{whole}{moved:0<2}");
    let digits = digits.trim_start_matches('0');
    out.write_str(if digits.is_empty() { "0" } else { digits })?;
    if !rest.is_empty() {
        write!(out, ".{rest}")?;
    }
    out.write_str("%")
}

impl FromStr for Probability {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        Self::new(parse(text)?).ok_or(QuantityError::OutOfRange { low: "0", high: "1" })
    }
}

impl FromStr for Share {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        Self::new(parse(text)?).ok_or(QuantityError::TooLarge)
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_percent(self.0, out)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_percent(self.0, out)
    }
}
