//! How spans are written: "250ms", "1.5s", "10m", "7d", and relative to an interval: "3.5 intervals".

use std::fmt;
use std::str::FromStr;

use super::quantity::{split, unit_factor};
use super::{Decimal, QuantityError, Span};

/// Units of a span in nanoseconds.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

impl Span {
    /// What a text must be, for error messages.
    pub const EXPECTED: &'static str = "a span with a unit, such as \"250ms\" or \"1.5s\"";
    /// The units, for error messages.
    pub const UNITS: &'static str = "ns, us, ms, s, m, h and d";

    /// This span in seconds.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a span over 104 days loses nanoseconds, which no seconds show")]
    pub fn as_secs_f64(self) -> f64 {
        self.as_nanos() as f64 / 1e9
    }

    /// So many seconds, rounded half to even to 1 ns: how recordings write times. `None` where that is too long.
    #[must_use]
    pub fn from_decimal_seconds(number: Decimal) -> Option<Self> {
        number.times_rounded(1_000_000_000).map(Self::from_nanos)
    }
}

/// `number` of a unit of so many nanoseconds, rounded half to even to 1 ns.
fn rounded(number: Decimal, unit: u64) -> Result<Span, QuantityError> {
    let nanos = number.times_rounded(unit).ok_or(QuantityError::TooLarge)?;
    if nanos == 0 && !number.is_zero() && unit > 0 {
        return Err(QuantityError::RoundsToZero);
    }
    Ok(Span::from_nanos(nanos))
}

impl FromStr for Span {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let (number, unit) = split(text)?;
        rounded(number, unit_factor(unit, &UNITS)?)
    }
}

impl fmt::Display for Span {
    /// The largest of d, h, m that divides it, else a decimal of the largest of s, ms, us, ns that is not longer.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.as_nanos();
        if nanos == 0 {
            return out.write_str("0s");
        }
        for (name, unit) in [("d", UNITS[7].1), ("h", UNITS[6].1), ("m", UNITS[5].1)] {
            if nanos.is_multiple_of(unit) {
                return write!(out, "{}{name}", nanos / unit);
            }
        }
        for (name, places, unit) in [("s", 9, 1_000_000_000), ("ms", 6, 1_000_000), ("us", 3, 1_000)] {
            if nanos >= unit {
                return write!(out, "{}{name}", DecimalNanos { nanos, unit, places });
            }
        }
        write!(out, "{nanos}ns")
    }
}

/// Nanoseconds as a decimal of a larger unit.
struct DecimalNanos {
    nanos: u64,
    unit: u64,
    places: usize,
}

impl fmt::Display for DecimalNanos {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.nanos / self.unit, self.nanos % self.unit);
        if rest == 0 {
            return write!(out, "{whole}");
        }
        let places = self.places;
        let fraction = format!("{rest:0places$}");
        write!(out, "{whole}.{}", fraction.trim_end_matches('0'))
    }
}

/// A span, or so many heartbeat intervals: how the spans of a detector are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// A fixed span.
    Span(Span),
    /// So many intervals.
    Intervals(Decimal),
}

impl Length {
    /// What a text must be, for error messages.
    pub const EXPECTED: &'static str = "a span, such as \"1.5s\", or intervals, such as \"3.5 intervals\"";

    /// The span that this is where the heartbeat interval is `interval`, rounded half to even to 1 ns.
    ///
    /// # Errors
    /// Where the product is too large, or is not zero and would be rounded to zero.
    pub fn resolve(self, interval: Span) -> Result<Span, QuantityError> {
        match self {
            Self::Span(span) => Ok(span),
            Self::Intervals(number) => rounded(number, interval.as_nanos()),
        }
    }
}

impl FromStr for Length {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let (number, unit) = split(text)?;
        match unit {
            "interval" | "intervals" => Ok(Self::Intervals(number)),
            _ => rounded(number, unit_factor(unit, &UNITS)?).map(Self::Span),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Span(span) => span.fmt(out),
            Self::Intervals(number) if *number == Decimal::from_integer(1) => out.write_str("1 interval"),
            Self::Intervals(number) => write!(out, "{number} intervals"),
        }
    }
}
