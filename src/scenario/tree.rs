//! A scenario as a tree of tables and values that remember where they stand.
//!
//! The tree is what `--set`, `--sweep` and the points of a sweep edit; only then is it read by the table of keys.

use std::fmt;

use super::diagnostic::Place;

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Integer(i128),
    /// The number as written: exact until somebody rounds it.
    Float(String),
    Flag(bool),
    /// A date or a time: no key takes one.
    Date(String),
    Array(Vec<Node>),
    Table(Table),
}

/// The entries of a table in the order in which they were written.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_place: Place,
    pub(super) node: Node,
}

impl Node {
    /// A node with a place.
    pub(super) const fn new(place: Place, value: Value) -> Self {
        Self { place, value }
    }

    /// What a plain text means outside of a file: a number where it is one, else text.
    pub(super) fn from_plain(place: Place, text: &str) -> Self {
        let value = match text {
            "true" => Value::Flag(true),
            "false" => Value::Flag(false),
            _ => match text.parse::<i128>() {
                Ok(number) => Value::Integer(number),
                Err(_) if text.parse::<f64>().is_ok_and(f64::is_finite) => Value::Float(text.to_owned()),
                Err(_) => Value::Text(text.to_owned()),
            },
        };
        Self { place, value }
    }

    /// The table, where it is one.
    pub(super) const fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// What it is, for messages: "a table", "the number 5".
    pub(super) fn describe(&self) -> String {
        match &self.value {
            Value::Text(text) => format!("{text:?}"),
            Value::Integer(number) => format!("the number {number}"),
            Value::Float(number) => format!("the number {number}"),
            Value::Flag(flag) => format!("{flag}"),
            Value::Date(_) => "a date or a time of day".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
        }
    }
}

impl Table {
    /// The entry of a key.
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The table of a key, where there is one.
    pub(super) fn table(&self, key: &str) -> Option<&Self> {
        self.get(key).and_then(Node::as_table)
    }

    /// The value at the end of a path.
    pub(super) fn at(&self, path: &[String]) -> Option<&Node> {
        let (last, tables) = path.split_last()?;
        tables.iter().try_fold(self, |table, key| table.table(key))?.get(last)
    }

    /// Writes a value at the end of a path, making the tables on the way.
    ///
    /// # Errors
    /// Gives back how many parts of the path lead to something that is no table.
    pub(super) fn set(&mut self, path: &[String], key_place: Place, node: Node) -> Result<(), usize> {
        let Some((key, rest)) = path.split_first() else { return Ok(()) };
        let index = self.entries.iter().position(|entry| entry.key == *key).unwrap_or_else(|| {
            let table = Node::new(key_place, Value::Table(Self::default()));
            self.entries.push(Entry { key: key.clone(), key_place, node: table });
            self.entries.len() - 1
        });
        let entry = &mut self.entries[index];
        if rest.is_empty() {
            *entry = Entry { key: key.clone(), key_place, node };
            return Ok(());
        }
        match &mut entry.node.value {
            Value::Table(table) => table.set(rest, key_place, node).map_err(|depth| depth + 1),
            _ => Err(1),
        }
    }
}

impl fmt::Display for Node {
    /// As TOML writes it in one line.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Text(text) => write_text(text, out),
            Value::Integer(number) => write!(out, "{number}"),
            Value::Float(number) => out.write_str(number),
            Value::Flag(flag) => write!(out, "{flag}"),
            Value::Date(date) => out.write_str(date),
            Value::Array(nodes) => {
                out.write_str("[")?;
                for (index, node) in nodes.iter().enumerate() {
                    write!(out, "{}{node}", if index == 0 { "" } else { ", " })?;
                }
                out.write_str("]")
            }
            Value::Table(table) if table.entries.is_empty() => out.write_str("{}"),
            Value::Table(table) => {
                for (index, entry) in table.entries.iter().enumerate() {
                    out.write_str(if index == 0 { "{ " } else { ", " })?;
                    write!(out, "{} = {}", Bare(&entry.key), entry.node)?;
                }
                out.write_str(" }")
            }
        }
    }
}

/// A key, quoted where TOML wants it.
struct Bare<'a>(&'a str);

impl fmt::Display for Bare<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !self.0.is_empty() && self.0.bytes().all(plain) { out.write_str(self.0) } else { write_text(self.0, out) }
    }
}

/// A TOML basic string.
fn write_text(text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    out.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\t' => out.write_str("\\t")?,
            control if control.is_control() => write!(out, "\\u{:04X}", u32::from(control))?,
            other => write!(out, "{other}")?,
        }
    }
    out.write_str("\"")
}

/// A whole scenario as TOML: plain values of a table first, then its tables, each under a header.
pub(super) struct Document<'a>(pub(super) &'a Table);

impl fmt::Display for Document<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_table(self.0, "", 0, out)
    }
}

/// How deep tables get a header of their own; deeper ones are written in one line.
const HEADER_DEPTH: usize = 3;

fn write_table(table: &Table, path: &str, depth: usize, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let has_header = |entry: &Entry| depth < HEADER_DEPTH && opens_header(path, entry);
    let plain: Vec<&Entry> = table.entries.iter().filter(|entry| !has_header(entry)).collect();
    if depth > 0 && (!plain.is_empty() || table.entries.is_empty()) {
        writeln!(out, "\n[{path}]")?;
    }
    for entry in plain {
        writeln!(out, "{} = {}", Bare(&entry.key), entry.node)?;
    }
    for entry in table.entries.iter().filter(|entry| has_header(entry)) {
        if let Some(inner) = entry.node.as_table() {
            let joined =
                if path.is_empty() { Bare(&entry.key).to_string() } else { format!("{path}.{}", Bare(&entry.key)) };
            write_table(inner, &joined, depth + 1, out)?;
        }
    }
    Ok(())
}

/// Whether a table is written under a header: those of the file's top, and the named ones with their kinds.
fn opens_header(path: &str, entry: &Entry) -> bool {
    let named = path.starts_with("fault") || path.starts_with("detector");
    entry.node.as_table().is_some() && (path.is_empty() || named)
}
