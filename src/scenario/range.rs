//! `{ from, to, steps, scale }`: the values of an axis between two ends.

use super::diagnostic::{Fault, Place};
use super::keys::{Keys, Kind, RANGE_KEYS};
use super::section::Section;
use super::setting::{Reader, Setting, mismatch};
use super::shape::check_table;
use super::tree::{Entry, Node, Table};
use crate::model::{Law, Loss};
use crate::num;
use crate::units::{Bytes, Length, Probability, Share, Span};

/// What the numbers between the ends are numbers of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scaled {
    Nanoseconds,
    Intervals,
    Whole,
    Plain,
    Part,
    Bytes,
}

impl Scaled {
    /// The text of a number, rounded to 4 digits.
    fn write(self, number: f64) -> String {
        let rounded = four_digits(number);
        let whole = num::round_to_u64(rounded);
        match self {
            Self::Nanoseconds => Span::from_nanos(whole).to_string(),
            Self::Intervals => format!("{rounded} intervals"),
            Self::Whole => whole.to_string(),
            Self::Plain => rounded.to_string(),
            Self::Part => Share::new(rounded).unwrap_or_default().to_string(),
            Self::Bytes => Bytes::new(whole).to_string(),
        }
    }
}

/// The nearest number with 4 significant digits.
fn four_digits(number: f64) -> f64 {
    // Formatting rounds decimally and the same on every platform; a product with a power of ten does not.
    format!("{number:.3e}").parse().unwrap_or(number)
}

/// The number behind a value, and of what; `None` where a value is no number.
fn number(setting: &Setting) -> Option<(f64, Scaled)> {
    let nanoseconds = |span: Span| (num::u64_to_f64(span.as_nanos()), Scaled::Nanoseconds);
    Some(match setting {
        Setting::Span(span) | Setting::Length(Length::Span(span)) | Setting::Law(Law::Constant(span)) => {
            nanoseconds(*span)
        }
        Setting::Length(Length::Intervals(count)) => (count.to_f64(0), Scaled::Intervals),
        Setting::Count(count) => (num::u64_to_f64(*count), Scaled::Whole),
        Setting::Number(number) => (*number, Scaled::Plain),
        Setting::Share(share) => (share.get(), Scaled::Part),
        Setting::Probability(probability) => (probability.get(), Scaled::Part),
        Setting::Loss(Loss::Independent(loss)) => (Probability::new(*loss)?.get(), Scaled::Part),
        Setting::Bytes(bytes) => (num::u64_to_f64(bytes.get()), Scaled::Bytes),
        _ => return None,
    })
}

/// The values of a range, both ends as they were written.
pub(super) fn values(
    table: &Table,
    kind: &Kind,
    entry: &Entry,
    dotted: &str,
    reader: &mut Reader<'_>,
) -> Option<Vec<Node>> {
    let path = format!("the sweep of {dotted}");
    check_table(Keys::of(RANGE_KEYS), table, &path, reader);
    let section = Section::new(RANGE_KEYS, Some(table), entry.key_place, &path);
    let steps = section.count("steps", reader);
    let scale = section.choice("scale", reader);
    let mut end = |key: &str| {
        let Some(node) = table.get(key) else {
            reader.faults.add(
                Fault::new(entry.node.place, format!("{path} has no `{key}`"))
                    .label("a range needs from, to and steps")
                    .help(format!("write {{ from = …, to = …, steps = {} }}", steps.unwrap_or(5))),
            );
            return None;
        };
        let setting = reader.read(kind, node, dotted)?;
        let number = number(&setting);
        if number.is_none() {
            reader
                .faults
                .add(mismatch(kind, node, dotted).help("only numbers and quantities have a range: write a list"));
        }
        number.map(|number| (node, number))
    };
    let (from, to) = (end("from"), end("to"));
    let ((from, low), (to, high)) = (from?, to?);
    let (steps, log) = (steps?, scale? == "log");
    check_ends(low, high, log, to.place, &path, reader)?;
    let mut nodes = vec![from.clone()];
    nodes.extend(between(low, high.0, steps, log).map(|text| Node::from_plain(entry.node.place, &text)));
    nodes.push(to.clone());
    Some(nodes)
}

/// Complains about ends between which nothing lies.
fn check_ends(
    low: (f64, Scaled),
    high: (f64, Scaled),
    log: bool,
    place: Place,
    path: &str,
    reader: &mut Reader<'_>,
) -> Option<()> {
    let fault = if low.1 != high.1 {
        Fault::new(place, format!("{path} goes from one unit to another"))
            .label("from and to are not of the same unit")
            .help("write both as spans, or both in intervals")
    } else if low.0 >= high.0 {
        Fault::new(place, format!("{path} does not go up")).label("must be greater than `from`")
    } else if log && low.0 <= 0.0 {
        Fault::new(place, format!("{path} starts at 0 on a log scale")).label("`from` must be above zero")
    } else {
        return Some(());
    };
    reader.faults.add(fault);
    None
}

/// The texts of the values between the ends.
fn between(low: (f64, Scaled), high: f64, steps: u64, log: bool) -> impl Iterator<Item = String> {
    let last = num::u64_to_f64(steps.saturating_sub(1));
    let ratio = if log { num::ln(high / low.0) } else { 0.0 };
    (1..steps.saturating_sub(1)).map(move |step| {
        let part = num::u64_to_f64(step) / last;
        let number = if log { low.0 * num::exp(ratio * part) } else { low.0 + (high - low.0) * part };
        low.1.write(number)
    })
}
