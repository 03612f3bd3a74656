//! TOML text to a [`Table`] with places, and what is wrong with its syntax.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::diagnostic::{Fault, Faults, Place, Text};
use super::tree::{Entry, Node, Table, Value};

/// Syntax faults that are reported at the most: after the third, most follow from those before.
const MOST_SYNTAX_FAULTS: usize = 3;

/// How the message of every syntax fault starts.
pub(super) const SYNTAX: &str = "not valid TOML: ";

/// Lines of a scenario whose syntax is broken: what else is found there is not worth telling.
#[derive(Debug, Default)]
pub(super) struct BrokenLines(Vec<Range<usize>>);

impl BrokenLines {
    /// Whether every line can be read.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a place touches a broken line.
    pub(super) fn touch(&self, place: Place) -> bool {
        let touches = |line: &Range<usize>| place.start <= line.end && place.end >= line.start;
        place.text == Text::Scenario && self.0.iter().any(touches)
    }
}

/// Reads a scenario. Faults of syntax go into `faults`; what could be read in spite of them comes back.
pub(super) fn parse(text: &str, faults: &mut Faults) -> (Table, BrokenLines) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let span = |error: &toml::de::Error| error.span().unwrap_or(text.len()..text.len());
    let mut errors: Vec<_> = errors.iter().map(|error| (span(error), error.message())).collect();
    errors.sort_by_key(|(span, _)| span.start);
    let mut broken = BrokenLines::default();
    for (span, message) in errors {
        let place = Place::new(Text::Scenario, &span);
        // A second fault in a line mostly follows from the first.
        if broken.touch(place) {
            continue;
        }
        if broken.0.len() < MOST_SYNTAX_FAULTS {
            faults.add(syntax_fault(text, place, message));
        }
        broken.0.push(broken_by(text, &span));
    }
    (table(document.get_ref(), Text::Scenario, 0), broken)
}

/// What TOML's reader says, in our words where it leaves a user alone.
fn syntax_fault(text: &str, place: Place, message: &str) -> Fault {
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let rest = text.get(place.start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let word = rest.split_whitespace().next().unwrap_or_default();
    if what.contains("must be quoted") && word.is_empty() {
        return Fault::new(place, format!("{SYNTAX}a value is missing")).label("expected a value");
    }
    if what.contains("recursion") || what.contains("recurse") {
        return Fault::new(place, format!("{SYNTAX}too deeply nested"))
            .label("lists and tables inside of each other")
            .help("no key of a scenario lies so deep");
    }
    if what.contains("duplicate key") {
        let key = text.get(place.start..place.end).unwrap_or_default();
        return Fault::new(place, format!("{SYNTAX}`{key}` stands there twice"))
            .label("again here")
            .help("write each key and each [table] once");
    }
    let fault = Fault::new(place, format!("{SYNTAX}{what}"));
    if what.contains("must be quoted") {
        let value = word.trim_end_matches(',');
        return fault.label("expected a value").help(format!("write it in quotes: \"{value}\""));
    }
    if expected.is_empty() { fault } else { fault.label(format!("expected {expected}")) }
}

/// The lines that a fault spoils: its own, and below a broken header all up to the next one.
fn broken_by(text: &str, span: &Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = bytes[..span.start.min(bytes.len())].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let mut end = span.end.min(bytes.len());
    loop {
        end = bytes[end..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| end + at);
        let header = bytes[start..].starts_with(b"[");
        let next_is_header = bytes.get(end + 1) == Some(&b'[');
        if !header || next_is_header || end == bytes.len() {
            return start..end;
        }
        end += 1;
    }
}

/// Reads one TOML value, such as stands behind `--set KEY=`; `None` where it is none.
///
/// Places are those of `text` moved by `offset`.
pub(super) fn parse_value(text: &str, offset: usize) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    Some(node(&value, Text::CommandLine, offset))
}

fn node(value: &Spanned<DeValue<'_>>, text: Text, offset: usize) -> Node {
    let place = place(&value.span(), text, offset);
    let value = match value.get_ref() {
        DeValue::String(string) => Value::Text(string.to_string()),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Float(number.to_string()),
        },
        DeValue::Float(number) => Value::Float(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(array) => Value::Array(nodes(array, text, offset)),
        DeValue::Table(entries) => Value::Table(table(entries, text, offset)),
    };
    Node::new(place, value)
}

fn nodes(array: &DeArray<'_>, text: Text, offset: usize) -> Vec<Node> {
    array.iter().map(|value| node(value, text, offset)).collect()
}

/// The entries of a table, put back into the order of the file (the reader sorts them by name).
fn table(entries: &DeTable<'_>, text: Text, offset: usize) -> Table {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| Entry {
        key: AsRef::<str>::as_ref(key.get_ref()).to_owned(),
        key_place: place(&key.span(), text, offset),
        node: node(value, text, offset),
    };
    let mut entries: Vec<Entry> = entries.iter().map(entry).collect();
    entries.sort_by_key(|entry| entry.key_place);
    Table { entries }
}

fn place(span: &Range<usize>, text: Text, offset: usize) -> Place {
    Place::new(text, &(span.start + offset..span.end + offset))
}
