//! How often something happens.

use std::fmt;
use std::str::FromStr;

use super::quantity::split;
use super::{QuantityError, Span};

/// So many events in so long, kept as written: `3/h`, `1/30d`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Events, at least 0.
    pub events: f64,
    /// The time in which they happen, above zero.
    pub per: Span,
}

impl Rate {
    /// What a text must be, for error messages.
    pub const EXPECTED: &'static str = "a rate, such as \"3/h\" or \"1/30d\"";

    /// The events expected in `time`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "spans over 104 days lose nanoseconds, which no rate shows")]
    pub fn expected_in(self, time: Span) -> f64 {
        self.events * (time.as_nanos() as f64 / self.per.as_nanos() as f64)
    }
}

impl FromStr for Rate {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let (events, rest) = split(text)?;
        let unit = rest.strip_prefix('/').ok_or(QuantityError::MissingUnit)?.trim_start();
        let counted = unit.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let per: Span = if counted { unit.parse() } else { format!("1{unit}").parse() }?;
        if per.is_zero() {
            return Err(QuantityError::PerNothing);
        }
        Ok(Self { events: events.to_f64(0), per })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per = self.per.to_string();
        let unit = per.strip_prefix('1').filter(|unit| !unit.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
        write!(out, "{}/{}", self.events, unit.unwrap_or(&per))
    }
}
