//! The one table of keys: what a scenario may contain.
//!
//! Parser, JSON Schema, "did you mean", `--set`, `--sweep` and documentation are all made from it, so a key that stands
//! here works everywhere, and one that doesn't works nowhere. A key of a later version stands here too, and says so.

mod detectors;
mod faults;
mod kind;
mod laws;
mod lookup;
mod sections;

use std::fmt;

pub(super) use detectors::{DETECTOR_KINDS, WATCH};
pub(super) use faults::FAULT_KINDS;
pub(super) use kind::{Bounds, Choice, Kind, one_of, percent};
pub(super) use laws::{COMPONENT, LAWS, LOSSES, MOST_SIGMA};
pub(super) use lookup::{Astray, lookup};
pub(super) use sections::{MOST_PAIRS, RANGE_KEYS, ROOT};

/// One key of a scenario.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name in its table.
    pub(super) name: &'static str,
    /// What it takes.
    pub(super) kind: Kind,
    /// What holds where it is not written.
    pub(super) default: Preset,
    /// What a sweep of it varies.
    pub(super) reach: Reach,
    /// What it means, in a sentence or two.
    pub(super) doc: &'static str,
}

/// The keys that a table may have: its own, and those that it shares with others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    own: &'static [Key],
    shared: &'static [Key],
}

impl Keys {
    /// A table with keys of its own only.
    pub(super) const fn of(own: &'static [Key]) -> Self {
        Self { own, shared: &[] }
    }

    /// All of them.
    pub(super) fn iter(self) -> impl Iterator<Item = &'static Key> + Clone {
        self.own.iter().chain(self.shared)
    }
}

/// What holds where a key is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preset {
    /// It must be written.
    Required,
    /// This text.
    Text(&'static str),
    /// What this rule says.
    Rule(&'static str),
    /// Nothing.
    Absent,
}

/// What a sweep of a key varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The world: every value is simulated anew, and all detectors see it.
    World,
    /// A listener: all values listen to the same world.
    Listener,
    /// What is counted, not what happens: one value a run.
    Metric,
    /// The run as a whole: one value a run.
    Run,
}

impl fmt::Display for Reach {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::World => "world",
            Self::Listener => "listener",
            Self::Metric => "metric",
            Self::Run => "run",
        })
    }
}

/// A key of the world; see [`Key::reaching`] for others.
const fn key(name: &'static str, kind: Kind, default: Preset, doc: &'static str) -> Key {
    Key { name, kind, default, reach: Reach::World, doc }
}

/// A key that this version refuses, with what it is about.
const fn later(name: &'static str, what: &'static str) -> Key {
    Key { name, kind: Kind::Later(what), default: Preset::Absent, reach: Reach::Run, doc: "Not in this version." }
}

impl Key {
    /// The same key with another reach.
    const fn reaching(self, reach: Reach) -> Self {
        Self { reach, ..self }
    }
}

/// A key as documentation shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDoc {
    /// The dotted path; `NAME` stands for a name of the user's.
    pub path: String,
    /// What it takes, with unit and range.
    pub takes: String,
    /// The default as written, or the rule; empty where there is none.
    pub default: String,
    /// Whether it must be written.
    pub required: bool,
    /// What a sweep of it varies.
    pub reach: Reach,
    /// What it means.
    pub doc: &'static str,
}

/// Every key that a scenario of this version may contain, in the order of the documentation.
#[must_use]
pub fn keys() -> Vec<KeyDoc> {
    let mut rows = Vec::new();
    collect(ROOT, "", &mut rows);
    rows
}

fn collect(keys: &'static [Key], prefix: &str, rows: &mut Vec<KeyDoc>) {
    for key in keys {
        let path = format!("{prefix}{}", key.name);
        match &key.kind {
            Kind::Later(_) => {}
            Kind::Table(inner) | Kind::Detector(inner) => collect(inner, &format!("{path}."), rows),
            Kind::Named(inner) => collect(inner, &format!("{path}.NAME."), rows),
            kind => rows.push(KeyDoc {
                path,
                takes: kind.to_string(),
                default: match key.default {
                    Preset::Text(text) | Preset::Rule(text) => text.to_owned(),
                    Preset::Required | Preset::Absent => String::new(),
                },
                required: key.default == Preset::Required,
                reach: key.reach,
                doc: key.doc,
            }),
        }
    }
}
