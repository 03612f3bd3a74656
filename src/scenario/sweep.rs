//! `[sweep]`: keys with several values, and what each of the values is.

use std::collections::BTreeSet;

use super::diagnostic::{Fault, Place};
use super::keys::{Astray, Key, Kind, Preset, Reach, lookup};
use super::names::did_you_mean;
use super::range;
use super::setting::{Reader, canonical, not_yet};
use super::shape::join;
use super::tree::{Entry, Node, Table, Value};

/// One key with its values.
#[derive(Clone, Debug)]
pub(super) struct SweptKey {
    /// The dotted path.
    pub(super) key: String,
    /// The same in parts.
    pub(super) path: Vec<String>,
    /// Where it was written.
    pub(super) place: Place,
    /// What it varies.
    pub(super) reach: Reach,
    /// The values.
    pub(super) values: Vec<SweptValue>,
    /// The value that holds without the sweep, as text; `None` where there is none.
    pub(super) base: Option<String>,
}

/// One value of an axis.
#[derive(Clone, Debug)]
pub(super) struct SweptValue {
    /// The value.
    pub(super) node: Node,
    /// Its canonical text.
    pub(super) text: String,
}

impl SweptKey {
    /// Whether the detector of this name sees the axis.
    pub(super) fn seen_by(&self, detector: &str) -> bool {
        self.reach != Reach::Listener || self.path.get(1).is_some_and(|name| name == detector)
    }
}

/// Reads the axes, in file order. Faulty ones are left out, their faults told.
pub(super) fn read(root: &Table, reader: &mut Reader<'_>) -> Vec<SweptKey> {
    let Some(node) = root.get("sweep") else { return Vec::new() };
    let Some(table) = node.as_table() else {
        reader.faults.add(
            Fault::new(node.place, format!("sweep is {}", node.describe()))
                .label("expected a table")
                .help("write [sweep], and below it \"heartbeat.interval\" = [\"500ms\", \"1s\"]"),
        );
        return Vec::new();
    };
    let mut flat = Vec::new();
    flatten(table, "", &mut flat);
    let mut axes: Vec<SweptKey> = Vec::new();
    for (key, entry) in flat {
        if axes.iter().any(|axis| axis.key == key) {
            reader.faults.add(Fault::new(entry.key_place, format!("{key} is swept twice")).label("second sweep"));
            continue;
        }
        axes.extend(read_axis(key, entry, root, reader));
    }
    axes
}

/// Entries by dotted path: `"heartbeat.interval"` in quotes, or nested as TOML reads it without them.
fn flatten<'a>(table: &'a Table, prefix: &str, flat: &mut Vec<(String, &'a Entry)>) {
    for entry in &table.entries {
        let key = join(prefix, &entry.key);
        match &entry.node.value {
            Value::Table(inner) if !is_range(inner) => flatten(inner, &key, flat),
            _ => flat.push((key, entry)),
        }
    }
}

/// Whether a table is `{ from, to, steps }`, and not a part of a dotted path (a partition has a key `from` too).
fn is_range(table: &Table) -> bool {
    let plain = |key: &str| table.get(key).is_some_and(|node| !matches!(node.value, Value::Array(_) | Value::Table(_)));
    ["from", "to", "steps"].iter().any(|key| plain(key))
}

fn read_axis(dotted: String, entry: &Entry, root: &Table, reader: &mut Reader<'_>) -> Option<SweptKey> {
    let path: Vec<String> = dotted.split('.').map(|part| part.trim().to_owned()).collect();
    let key = match swept_key(&path, &dotted, entry, root) {
        Ok(key) => key,
        Err(fault) => {
            reader.faults.add(fault);
            return None;
        }
    };
    let nodes = match &entry.node.value {
        Value::Array(nodes) => nodes.clone(),
        Value::Table(table) => range::values(table, &key.kind, entry, &dotted, reader)?,
        _ => {
            reader.faults.add(
                Fault::new(entry.node.place, format!("the sweep of {dotted} is {}", entry.node.describe()))
                    .label("expected a list, or { from, to, steps }")
                    .help(format!("write \"{dotted}\" = [{}]", entry.node)),
            );
            return None;
        }
    };
    let values = read_values(&nodes, key, &dotted, entry, reader)?;
    let base = base_text(&path, key, root, reader);
    Some(SweptKey { key: dotted, path, place: entry.key_place, reach: key.reach, values, base })
}

fn read_values(
    nodes: &[Node],
    key: &Key,
    dotted: &str,
    entry: &Entry,
    reader: &mut Reader<'_>,
) -> Option<Vec<SweptValue>> {
    if nodes.is_empty() {
        reader.faults.add(Fault::new(entry.node.place, format!("the sweep of {dotted} has no values")).label("empty"));
        return None;
    }
    let mut values: Vec<SweptValue> = Vec::with_capacity(nodes.len());
    let mut texts = BTreeSet::new();
    for node in nodes {
        let Some(setting) = reader.read(&key.kind, node, dotted) else { continue };
        let text = canonical(&setting, node);
        if !texts.insert(text.clone()) {
            reader.faults.add(
                Fault::new(node.place, format!("the sweep of {dotted} has the value {text} twice"))
                    .label("stands there already"),
            );
            continue;
        }
        values.push(SweptValue { node: node.clone(), text });
    }
    (!values.is_empty()).then_some(values)
}

/// The key that a path leads to, if it may be swept in this scenario.
fn swept_key(path: &[String], dotted: &str, entry: &Entry, root: &Table) -> Result<&'static Key, Fault> {
    let fault = |message: String| Fault::new(entry.key_place, message);
    let key = lookup(path).map_err(|astray| unknown(path, dotted, &astray, entry, root))?;
    if let Kind::Later(what) = key.kind {
        return Err(not_yet(entry.key_place, dotted, what));
    }
    if matches!(key.kind, Kind::Table(_) | Kind::Detector(_) | Kind::Named(_)) {
        let inner = key.kind.keys().and_then(|keys| keys.iter().next()).map_or("KEY", |key| key.name);
        return Err(fault(format!("{dotted} is a table, not a value"))
            .label("cannot be swept")
            .help(format!("sweep one of its keys, such as \"{dotted}.{inner}\"")));
    }
    if !matches!(key.reach, Reach::World | Reach::Listener) {
        return Err(fault(format!("{dotted} has one value a run"))
            .label("cannot be swept")
            .help("write it in its own table, or give it with --set"));
    }
    named_table_exists(path, entry.key_place, root, "the sweep")?;
    let mut trial = root.clone();
    if let Err(depth) = trial.set(path, entry.key_place, entry.node.clone()) {
        let holder = path[..depth].join(".");
        return Err(fault(format!("{holder} is a plain value: the sweep of {dotted} finds nothing inside of it"))
            .label("leads nowhere")
            .help(format!("write {holder} as a table, or sweep the whole value \"{holder}\"")));
    }
    Ok(key)
}

fn unknown(path: &[String], dotted: &str, astray: &Astray, entry: &Entry, root: &Table) -> Fault {
    let fault = Fault::new(entry.key_place, format!("the sweep names the unknown key {dotted}")).label("not known");
    let names = root.table(&path[0]).filter(|_| astray.depth == 2);
    if let Some(whole) = with_kind(path, root) {
        return fault.help(format!("the kind belongs to the path: write \"{whole}\""));
    }
    match path.get(astray.depth) {
        Some(part) => fault.maybe_help(did_you_mean(part, astray.known.iter().copied())),
        None => match names {
            Some(_) => fault.help(format!("the path goes on: {dotted}.KIND.KEY")),
            None => fault.help("the path leads to a table, not to a key"),
        },
    }
}

/// The path with the kind of the detector or fault that it left out.
fn with_kind(path: &[String], root: &Table) -> Option<String> {
    let [group, name, rest @ ..] = path else { return None };
    if rest.is_empty() {
        return None;
    }
    let kinds = &root.table(group)?.table(name)?.entries;
    kinds.iter().find_map(|kind| {
        let whole: Vec<String> = [group, name, &kind.key].into_iter().chain(rest).cloned().collect();
        lookup(&whole).is_ok().then(|| whole.join("."))
    })
}

/// Faults and detectors that a path names must be there, with that kind. `who` names them: "the sweep" or "--set".
pub(super) fn named_table_exists(path: &[String], place: Place, root: &Table, who: &str) -> Result<(), Fault> {
    let [group, name, rest @ ..] = path else { return Ok(()) };
    if !matches!(group.as_str(), "fault" | "detector") {
        return Ok(());
    }
    let known = root.table(group);
    let Some(named) = known.and_then(|table| table.table(name)) else {
        let names: Vec<&str> =
            known.iter().flat_map(|table| table.entries.iter().map(|entry| entry.key.as_str())).collect();
        let none = || Some(format!("the scenario has no {group}s: they are written in the file"));
        return Err(Fault::new(place, format!("{who} names the unknown {group} {name:?}"))
            .label(format!("no {group} of this name"))
            .maybe_help(did_you_mean(name, names).or_else(none)));
    };
    let kinds: Vec<&str> =
        named.entries.iter().filter_map(|entry| entry.node.as_table().and(Some(&*entry.key))).collect();
    // A word that is no kind at all is told by whoever reads the table.
    let is_kind = |path: &[String]| lookup(path).is_ok_and(|key| key.kind.keys().is_some());
    match rest.first() {
        Some(kind) if !kinds.is_empty() && !kinds.contains(&kind.as_str()) && is_kind(&path[..3]) => {
            Err(Fault::new(place, format!("{group} {name:?} is no {kind}"))
                .label("of another kind")
                .help(format!("it has: {}", kinds.join(", "))))
        }
        _ => Ok(()),
    }
}

/// What holds without the sweep: what is written in the key's own table, else its default.
fn base_text(path: &[String], key: &Key, root: &Table, reader: &mut Reader<'_>) -> Option<String> {
    let written = root.at(path).cloned();
    let node = written.or_else(|| match key.default {
        Preset::Text(text) => Some(Node::from_plain(Place::START, text)),
        Preset::Required | Preset::Rule(_) | Preset::Absent => None,
    })?;
    let setting = reader.read(&key.kind, &node, &path.join("."))?;
    Some(canonical(&setting, &node))
}
