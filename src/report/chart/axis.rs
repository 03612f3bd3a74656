//! Axes: from numbers to places, with ticks that carry their unit.
//!
//! Logarithms come from [`crate::num`], so that pictures are the same everywhere.

use crate::num::{f64_to_i64, log10, pow};
use crate::report::number;

/// How places on an axis follow from values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// Equal steps, equal distances.
    Linear,
    /// Equal ratios, equal distances.
    Log,
}

/// What the values of an axis are, which decides how a tick is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Seconds.
    Seconds,
    /// Bytes a second.
    ByteRate,
    /// A share of one, shown in percent.
    Share,
    /// A plain number.
    Plain,
}

impl Unit {
    /// A value with as many digits as it needs, at most three.
    pub(super) fn write(self, value: f64) -> String {
        let digits = needed_digits(value);
        match self {
            Self::Seconds => number::span(value, digits),
            Self::ByteRate if value.abs() <= 0.0 => "0 B/s".to_owned(),
            Self::ByteRate => number::byte_rate(value, digits),
            Self::Share if value.abs() <= 0.0 => "0 %".to_owned(),
            Self::Share => number::percent(value, needed_digits(value * 100.0)),
            Self::Plain if value.abs() <= 0.0 => "0".to_owned(),
            Self::Plain => number::count(value, digits),
        }
    }
}

/// The digits of a number without its trailing zeros, from 1 to 3.
fn needed_digits(value: f64) -> usize {
    let text = format!("{:.2e}", value.abs());
    let mantissa = text.split('e').next().unwrap_or("");
    mantissa.trim_end_matches('0').chars().filter(char::is_ascii_digit).count().clamp(1, 3)
}

/// An axis over a range of values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    /// What it shows.
    pub(super) title: String,
    /// Its unit.
    pub(super) unit: Unit,
    /// How places follow from values.
    pub(super) scale: Scale,
    from: f64,
    to: f64,
}

impl Axis {
    /// A logarithmic axis over the positive ones of `values`, with some air at both ends.
    pub(super) fn log(title: impl Into<String>, unit: Unit, values: impl IntoIterator<Item = f64>) -> Self {
        let (from, to) = range(values.into_iter().filter(|value| *value > 0.0)).unwrap_or((0.1, 1.0));
        // At least a factor of 4, so that one value alone lies in the middle.
        let air = pow(to / from, 0.06).max(if to / from < 3.0 { 1.8 } else { 1.25 });
        Self { title: title.into(), unit, scale: Scale::Log, from: from / air, to: to * air }
    }

    /// A linear axis over `values`, from zero where that wastes no more than half of it.
    pub(super) fn linear(title: impl Into<String>, unit: Unit, values: impl IntoIterator<Item = f64>) -> Self {
        let (from, to) = range(values).unwrap_or((0.0, 1.0));
        let (from, to) = if from > to * 0.5 && to > from { (from, to) } else { (from.min(0.0), to.max(0.0)) };
        let width = if to > from { to - from } else { 1.0 };
        let low = if from.abs() <= 0.0 { 0.0 } else { from - width * 0.06 };
        Self { title: title.into(), unit, scale: Scale::Linear, from: low, to: to + width * 0.05 }
    }

    /// A linear axis over exactly this range.
    pub(super) fn exactly(title: impl Into<String>, unit: Unit, from: f64, to: f64) -> Self {
        let to = if to > from { to } else { from + 1.0 };
        Self { title: title.into(), unit, scale: Scale::Linear, from, to }
    }

    /// Logarithmic where the values are positive and spread over more than a factor of 12, else linear.
    pub(super) fn fitting(title: impl Into<String>, unit: Unit, values: &[f64]) -> Self {
        let spread = range(values.iter().copied()).is_some_and(|(low, high)| low > 0.0 && high / low > 12.0);
        if spread {
            Self::log(title, unit, values.iter().copied())
        } else {
            Self::linear(title, unit, values.iter().copied())
        }
    }

    /// Place of a value: 0 at the start of the axis, 1 at its end; values outside are put at the ends.
    pub(super) fn place(&self, value: f64) -> f64 {
        let share = match self.scale {
            Scale::Linear => (value - self.from) / (self.to - self.from),
            Scale::Log if value <= 0.0 => 0.0,
            Scale::Log => (log10(value) - log10(self.from)) / (log10(self.to) - log10(self.from)),
        };
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }

    /// Values that get a label.
    pub(super) fn ticks(&self) -> Vec<f64> {
        match self.scale {
            Scale::Linear => self.linear_ticks(),
            Scale::Log => self.log_ticks(),
        }
    }

    /// Values that get a faint line only.
    pub(super) fn minor_ticks(&self) -> Vec<f64> {
        match self.scale {
            Scale::Log if self.decades() <= 6.0 => self.multiples(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], 1),
            Scale::Linear | Scale::Log => Vec::new(),
        }
    }

    fn linear_ticks(&self) -> Vec<f64> {
        let rough = (self.to - self.from) / 6.0;
        let power = pow(10.0, log10(rough).floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(power * 10.0);
        let (first, last) = (f64_to_i64((self.from / step - 1e-9).ceil()), f64_to_i64((self.to / step + 1e-9).floor()));
        (first..=last).map(|index| crate::num::i64_to_f64(index) * step).collect()
    }

    fn log_ticks(&self) -> Vec<f64> {
        let decades = f64_to_i64((self.decades() / 7.0).ceil()).max(1);
        let whole = self.multiples(&[1.0], decades);
        if whole.len() >= 3 {
            return whole;
        }
        let fine = self.multiples(&[1.0, 2.0, 5.0], 1);
        if fine.len() >= 3 { fine } else { self.multiples(&[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0], 1) }
    }

    fn decades(&self) -> f64 {
        log10(self.to) - log10(self.from)
    }

    /// Multiples of every `every`-th power of ten within the range.
    fn multiples(&self, factors: &[f64], every: i64) -> Vec<f64> {
        let (first, last) = (f64_to_i64(log10(self.from).floor()), f64_to_i64(log10(self.to).ceil()));
        (first..=last)
            .filter(|power| power.rem_euclid(every) == 0)
            .flat_map(|power| factors.iter().map(move |factor| decimal(*factor, power)))
            .filter(|value| (self.from..=self.to).contains(value))
            .collect()
    }
}

/// `factor` x 10^`power`, as near as a number can be: written and read.
fn decimal(factor: f64, power: i64) -> f64 {
    format!("{factor}e{power}").parse().unwrap_or(0.0)
}

fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|value| value.is_finite()).fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round_and_carry_their_unit() {
        let axis = Axis::linear("latency", Unit::Seconds, [0.3, 11.7]);
        let texts: Vec<_> = axis.ticks().into_iter().map(|tick| axis.unit.write(tick)).collect();
        assert_eq!(texts, ["0 s", "5 s", "10 s"]);
        let axis = Axis::log("rate", Unit::Plain, [0.004, 30.0]);
        let texts: Vec<_> = axis.ticks().into_iter().map(|tick| axis.unit.write(tick)).collect();
        assert_eq!(texts, ["0.01", "0.1", "1", "10"]);
        assert_eq!(Unit::Share.write(0.25), "25 %");
        assert_eq!(Unit::ByteRate.write(1500.0), "1.5 kB/s");
    }

    #[test]
    fn one_value_lies_inside() {
        for axis in [Axis::log("", Unit::Plain, [5.0]), Axis::linear("", Unit::Plain, [5.0])] {
            assert!((0.2..=0.97).contains(&axis.place(5.0)), "{axis:?}");
            assert!(axis.ticks().len() >= 2, "{axis:?}");
        }
    }

    proptest! {
        #[test]
        fn every_axis_has_some_ticks_and_not_too_many(low in 1e-9..1e9f64, ratio in 1.0..1e12f64) {
            let values = [low, low * ratio];
            for axis in [
                Axis::log("", Unit::Plain, values),
                Axis::linear("", Unit::Plain, values),
                Axis::fitting("", Unit::Plain, &values),
            ] {
                let ticks = axis.ticks();
                prop_assert!((2..=14).contains(&ticks.len()), "{:?} {:?}", axis, ticks);
                prop_assert!(ticks.windows(2).all(|pair| axis.place(pair[0]) < axis.place(pair[1])));
                prop_assert!(axis.place(values[0]) > 0.0 || axis.scale == Scale::Linear);
                prop_assert!(axis.place(values[1]) < 1.0);
            }
        }
    }
}
