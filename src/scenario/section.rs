//! One table of a scenario, read key by key with the table of keys: values, defaults, and what is missing.

use super::diagnostic::{Fault, Place};
use super::keys::{Key, Preset};
use super::setting::{CheckPhase, Reader, Setting, default_node};
use super::tree::{Node, Table};
use crate::model::{Law, Loss, Target};
use crate::units::{Bytes, Length, Probability, Rate, Share, Span};

/// A table with the keys that it may have.
pub(super) struct Section<'a> {
    keys: &'static [Key],
    table: Option<&'a Table>,
    /// A table whose entries count where this one has none.
    beside: Option<&'a Table>,
    /// Where something is missing when it is missing.
    place: Place,
    /// The dotted path of the table.
    path: &'a str,
}

/// Declares a getter for one type of value.
macro_rules! getters {
    ($($name:ident: $variant:ident($value:ty)),* $(,)?) => {
        $(
            /// The value of `key`; `None` where it is missing without a default, or faulty.
            pub(super) fn $name(&self, key: &str, reader: &mut Reader<'_>) -> Option<$value> {
                match self.setting(key, reader)? {
                    Setting::$variant(value) => Some(value),
                    _ => None,
                }
            }
        )*
    };
}

impl<'a> Section<'a> {
    /// A table that may be missing.
    pub(super) const fn new(keys: &'static [Key], table: Option<&'a Table>, place: Place, path: &'a str) -> Self {
        Self { keys, table, beside: None, place, path }
    }

    /// The same, with a second table whose entries count where the first has none.
    pub(super) const fn with_beside(mut self, beside: &'a Table) -> Self {
        self.beside = Some(beside);
        self
    }

    /// What was written for a key.
    pub(super) fn node(&self, key: &str) -> Option<&'a Node> {
        let beside = || self.beside.and_then(|table| table.get(key));
        self.table.and_then(|table| table.get(key)).or_else(beside)
    }

    /// Where a key was written; else where its table stands.
    pub(super) fn place_of(&self, key: &str) -> Place {
        let entry = |table: Option<&'a Table>| table.and_then(|table| table.entry(key));
        entry(self.table).or_else(|| entry(self.beside)).map_or(self.place, |entry| entry.key_place)
    }

    /// Where the value of a key was written; else where its table stands.
    pub(super) fn value_place(&self, key: &str) -> Place {
        self.node(key).map_or(self.place, |node| node.place)
    }

    /// Whether a key was written.
    pub(super) fn has(&self, key: &str) -> bool {
        self.node(key).is_some()
    }

    /// The dotted path of a key.
    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of a key as it is, its default, or a fault where it must be there.
    pub(super) fn setting(&self, name: &str, reader: &mut Reader<'_>) -> Option<Setting> {
        let key = self.keys.iter().find(|key| key.name == name);
        debug_assert!(key.is_some(), "{name} is asked for but stands in no table of keys");
        let key = key?;
        if let Some(node) = self.node(name) {
            return reader.read(&key.kind, node, &self.path_of(name));
        }
        if key.default == Preset::Required {
            reader.faults.add(self.missing(key));
        }
        let node = default_node(key, self.place)?;
        reader.read(&key.kind, &node, &self.path_of(name))
    }

    /// A key that must be there and is not.
    fn missing(&self, key: &Key) -> Fault {
        // Where there is no good example the label has said it all.
        let line = example(key).map(|example| format!("{} = {example}", key.name));
        let absent = self.table.is_none() && !self.path.is_empty();
        let table = if absent { format!("[{}], and below it ", self.path) } else { String::new() };
        let help = line.map(|line| format!("write {table}{line}"));
        Fault::new(self.place, format!("{} is missing", self.path_of(key.name)))
            .label(format!("needs `{}`: {}", key.name, key.kind))
            .maybe_help(help)
    }

    getters! {
        text: Text(String),
        flag: Flag(bool),
        count: Count(u64),
        number: Number(f64),
        span: Span(Span),
        length: Length(Length),
        share: Share(Share),
        probability: Probability(Probability),
        bytes: Bytes(Bytes),
        rate: Rate(Rate),
        choice: Choice(&'static str),
        check_phase: CheckPhase(CheckPhase),
        target: Target(Target),
        times: Times(Vec<Span>),
        law: Law(Law),
        loss: Loss(Loss),
    }

    /// A range of shares.
    pub(super) fn shares(&self, key: &str, reader: &mut Reader<'_>) -> Option<(Share, Share)> {
        match self.setting(key, reader)? {
            Setting::Shares(low, high) => Some((low, high)),
            _ => None,
        }
    }

    /// A count that fits the model's types.
    pub(super) fn count_u32(&self, key: &str, reader: &mut Reader<'_>) -> Option<u32> {
        self.count(key, reader).and_then(|count| u32::try_from(count).ok())
    }
}

/// Something that could be written for a key that must be there.
fn example(key: &Key) -> Option<&'static str> {
    Some(match key.name {
        "name" => "\"my-cluster\"",
        "interval" => "\"1s\"",
        "after" => "\"10s\"",
        "shift" | "margin" => "\"500ms\"",
        "mean-delay" => "\"40ms\"",
        "threshold" if key.doc.starts_with("Share") => "0.99",
        "threshold" => "8",
        "lasts" => "\"2s\"",
        "down-for" => "\"10m\"",
        _ => return None,
    })
}
