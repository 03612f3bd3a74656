//! Sizes and what carries them: bytes, and bits a second.

use std::fmt;
use std::str::FromStr;

use super::QuantityError;
use super::quantity::{split, unit_factor};

/// A size in whole bytes: "64B", "1KiB".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(u64);

/// A whole number of bits a second: "10Mbit/s".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct BitRate(u64);

/// Bytes of a unit; those that print come from the largest down.
const SIZES: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
];
/// How many of [`SIZES`] print.
const PRINTED_SIZES: usize = 5;

/// Bits a second of a unit, from the largest down.
const BIT_RATES: [(&str, u64); 4] = [("Gbit/s", 1_000_000_000), ("Mbit/s", 1_000_000), ("kbit/s", 1_000), ("bit/s", 1)];

impl Bytes {
    /// What a text must be, for error messages.
    pub const EXPECTED: &'static str = "a size with a unit, such as \"64B\" or \"1KiB\"";
    /// The units, for error messages.
    pub const UNITS: &'static str = "B, KiB, MiB, GiB, TiB, kB, MB, GB and TB";

    /// So many bytes.
    #[must_use]
    pub const fn new(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl BitRate {
    /// What a text must be, for error messages.
    pub const EXPECTED: &'static str = "a bit rate with a unit, such as \"10Mbit/s\"";
    /// The units, for error messages.
    pub const UNITS: &'static str = "bit/s, kbit/s, Mbit/s and Gbit/s";

    /// So many bits a second.
    #[must_use]
    pub const fn new(bits_per_second: u64) -> Self {
        Self(bits_per_second)
    }

    /// The number of bits a second.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// A whole number of the smallest unit.
fn parse(text: &str, units: &[(&str, u64)], whole: &'static str) -> Result<u64, QuantityError> {
    let (number, unit) = split(text)?;
    let factor = unit_factor(unit, units)?;
    number.times_rounded(factor).ok_or(QuantityError::TooLarge)?;
    number.times_exactly(factor).ok_or(QuantityError::NotWhole(whole))
}

/// Writes a whole number of the largest unit that divides `value`.
fn write_whole(value: u64, units: &[(&str, u64)], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let divides = |unit: u64| unit == 1 || (value != 0 && value.is_multiple_of(unit));
    let largest = units.iter().find(|(_, unit)| divides(*unit));
    let (name, unit) = largest.copied().unwrap_or(("", 1));
    write!(out, "{}{name}", value / unit)
}

impl FromStr for Bytes {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        parse(text, &SIZES, "bytes").map(Self)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_whole(self.0, &SIZES[..PRINTED_SIZES], out)
    }
}

impl FromStr for BitRate {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        parse(text, &BIT_RATES, "bits a second").map(Self)
    }
}

impl fmt::Display for BitRate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_whole(self.0, &BIT_RATES, out)
    }
}
