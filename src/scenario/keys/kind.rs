//! What a key takes: its type, unit and range.

use std::fmt;

use super::{Key, Keys, LAWS, LOSSES, WATCH};
use crate::units::{Bytes, Length, Probability, Rate, Share, Span};

/// What a key takes.
#[derive(Debug)]
pub(in crate::scenario) enum Kind {
    /// A name by the rule for names.
    Name,
    /// Any text.
    Text,
    /// The path of a file, relative to the scenario.
    File,
    /// `true` or `false`.
    Flag,
    /// A whole number from the first to the second.
    Count(u64, u64),
    /// A number.
    Number(Bounds),
    /// A span of at least so much.
    Span(Span),
    /// A span or a number of intervals; the flag says whether it may be zero.
    Length { zero: bool },
    /// A share of the interval.
    Share(Bounds),
    /// A range of shares of the interval: "0%..2%".
    ShareRange,
    /// A probability.
    Probability,
    /// A size of at most so many bytes.
    Bytes(u64),
    /// A rate.
    Rate,
    /// One of several words.
    Choice(&'static [Choice]),
    /// "random", "aligned" or a span.
    CheckPhase,
    /// Whom a fault strikes.
    Target,
    /// A list of spans.
    Times,
    /// A span, or one of the laws.
    Law,
    /// A probability, or one of the burst losses.
    Loss,
    /// A list of `{ weight, of }`.
    Mixture,
    /// A table with keys of its own.
    Table(&'static [Key]),
    /// The table of a kind of detector: its own keys, and those of every watch.
    Detector(&'static [Key]),
    /// Tables with names of the user's; the keys of each.
    Named(&'static [Key]),
    /// A value whose kind is known elsewhere.
    Any,
    /// `[sweep]`.
    Sweep,
    /// `[limits]`.
    Limits,
    /// Not in this version: what it is about.
    Later(&'static str),
}

/// One word of a choice.
#[derive(Debug)]
pub(in crate::scenario) struct Choice {
    /// The word.
    pub(in crate::scenario) name: &'static str,
    /// Whether this version has it.
    pub(in crate::scenario) ready: bool,
}

/// The range of a number.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) struct Bounds {
    low: f64,
    low_allowed: bool,
    high: f64,
    high_allowed: bool,
}

impl Bounds {
    /// Greater than `low`.
    pub(super) const fn above(low: f64) -> Self {
        Self { low, low_allowed: false, high: f64::MAX, high_allowed: true }
    }

    /// `low` or greater.
    pub(super) const fn at_least(low: f64) -> Self {
        Self { low, low_allowed: true, high: f64::MAX, high_allowed: true }
    }

    /// From `low` to `high`, with both.
    pub(super) const fn from_to(low: f64, high: f64) -> Self {
        Self { low, low_allowed: true, high, high_allowed: true }
    }

    /// Between the two, without them.
    pub(super) const fn between(low: f64, high: f64) -> Self {
        Self { low, low_allowed: false, high, high_allowed: false }
    }

    /// From `low` to less than `high`.
    pub(super) const fn from_to_below(low: f64, high: f64) -> Self {
        Self { low, low_allowed: true, high, high_allowed: false }
    }

    /// Above `low`, up to `high` with it.
    pub(super) const fn above_up_to(low: f64, high: f64) -> Self {
        Self { low, low_allowed: false, high, high_allowed: true }
    }

    /// Whether `value` is in the range.
    pub(in crate::scenario) fn contain(self, value: f64) -> bool {
        let above = value > self.low || (self.low_allowed && value >= self.low);
        let below = value < self.high || (self.high_allowed && value <= self.high);
        above && below
    }

    /// Ends with the keyword that JSON Schema has for them; none at an end that is open to infinity.
    #[cfg(feature = "cli")]
    pub(in crate::scenario) fn schema_ends(self) -> [Option<(&'static str, f64)>; 2] {
        let low = if self.low_allowed { "minimum" } else { "exclusiveMinimum" };
        let high = if self.high_allowed { "maximum" } else { "exclusiveMaximum" };
        [(self.low > f64::MIN).then_some((low, self.low)), (self.high < f64::MAX).then_some((high, self.high))]
    }

    /// The range in words, with a number written by `write`.
    pub(in crate::scenario) fn words(self, write: impl Fn(f64) -> String) -> String {
        let low = (self.low > f64::MIN)
            .then(|| format!("{} {}", if self.low_allowed { "at least" } else { "above" }, write(self.low)));
        let high = (self.high < f64::MAX)
            .then(|| format!("{} {}", if self.high_allowed { "at most" } else { "below" }, write(self.high)));
        low.into_iter().chain(high).collect::<Vec<_>>().join(" and ")
    }
}

/// A share as it is written.
pub(in crate::scenario) fn percent(value: f64) -> String {
    Share::new(value).map_or_else(|| value.to_string(), |share| share.to_string())
}

impl Kind {
    /// The keys of a table with fixed keys.
    pub(in crate::scenario) const fn keys(&self) -> Option<Keys> {
        match self {
            Self::Table(own) => Some(Keys::of(own)),
            Self::Detector(own) => Some(Keys { own, shared: WATCH }),
            _ => None,
        }
    }

    /// The tables of which a value of this kind may have one: `{ lognormal = { … } }`.
    pub(in crate::scenario) const fn forms(&self) -> Option<&'static [Key]> {
        match self {
            Self::Law => Some(LAWS),
            Self::Loss => Some(LOSSES),
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    /// What it takes, fit to follow "expected".
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => out.write_str("a name of a-z, 0-9, - and _"),
            Self::Text => out.write_str("a text in quotes"),
            Self::File => out.write_str("the path of a file, in quotes"),
            Self::Flag => out.write_str("true or false"),
            Self::Count(low, high) if *high >= u64::from(u32::MAX) => write!(out, "a whole number of at least {low}"),
            Self::Count(low, high) => write!(out, "a whole number from {low} to {high}"),
            Self::Number(bounds) => {
                let range = bounds.words(|number| number.to_string());
                let of = if bounds.low_allowed && !range.is_empty() { "of " } else { "" };
                write!(out, "{}", format!("a number {of}{range}").trim_end())
            }
            Self::Span(min) if min.is_zero() => out.write_str(Span::EXPECTED),
            Self::Span(min) if min.as_nanos() == 1 => write!(out, "{}, above zero", Span::EXPECTED),
            Self::Span(min) => write!(out, "{}, of at least {min}", Span::EXPECTED),
            Self::Length { zero: true } => out.write_str(Length::EXPECTED),
            Self::Length { zero: false } => write!(out, "{}, above zero", Length::EXPECTED),
            Self::Share(bounds) => write!(out, "{}, {}", Share::EXPECTED, bounds.words(percent)),
            Self::ShareRange => out.write_str("a share of the period, or a range of them: \"2%\" or \"0%..2%\""),
            Self::Probability => out.write_str(Probability::EXPECTED),
            Self::Bytes(max) => write!(out, "{}, at most {max}B", Bytes::EXPECTED),
            Self::Rate => out.write_str(Rate::EXPECTED),
            Self::Choice(choices) => {
                let words: Vec<_> = choices.iter().filter(|choice| choice.ready).map(|choice| choice.name).collect();
                out.write_str(&one_of(&words))
            }
            Self::CheckPhase => write!(out, "\"random\", \"aligned\", or {}", Length::EXPECTED),
            Self::Target => out.write_str("\"nodes\", \"monitors\", \"all\", or one of them, such as \"node 3\""),
            Self::Times => out.write_str("a list of spans, such as [\"100s\", \"10m\"]"),
            Self::Law => {
                out.write_str("a span, such as \"40ms\", or a law, such as { exponential = { mean = \"40ms\" } }")
            }
            Self::Loss => {
                out.write_str("a probability, such as \"1%\", or { bursts = { … } }, or { gilbert-elliott = { … } }")
            }
            Self::Mixture => out.write_str("a list of laws, such as [{ weight = 1, of = \"40ms\" }]"),
            Self::Table(_) | Self::Detector(_) | Self::Named(_) => out.write_str("a table"),
            Self::Any => out.write_str("a value of the swept key"),
            Self::Sweep => out.write_str("lists of values by dotted key"),
            Self::Limits => out.write_str("lists of limits by detector"),
            Self::Later(_) => out.write_str("nothing in this version"),
        }
    }
}

/// Words as a choice: `"a", "b" or "c"`.
pub(in crate::scenario) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
