//! Arguments that change a scenario: `--set`, `--sweep`, `--limit`, `--seed`, `--trials` and `--duration`.
//!
//! They are applied as if they had been written in the file; faults in them point at the argument.

use std::fmt::Write as _;

use super::diagnostic::{Fault, Faults, Place, Text};
use super::document::parse_value;
use super::sweep::named_table_exists;
use super::tree::{Entry, Node, Table, Value};

/// What the command line changes in a scenario. Texts are as the user gave them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--set KEY=VALUE`, in order.
    pub set: Vec<String>,
    /// `--sweep KEY=V1,V2,…`, in order.
    pub sweep: Vec<String>,
    /// `--limit EXPR`, in order; binds every detector.
    pub limit: Vec<String>,
    /// `--seed N`.
    pub seed: Option<u64>,
    /// `--trials N`.
    pub trials: Option<u32>,
    /// `--duration SPAN`.
    pub duration: Option<String>,
}

/// The arguments as a text with one a line, for messages.
pub(super) struct CommandLine {
    pub(super) text: String,
    /// Limits, as nodes.
    pub(super) limits: Vec<Node>,
}

/// Applies the arguments to a scenario.
pub(super) fn apply(overrides: &Overrides, root: &mut Table, faults: &mut Faults) -> CommandLine {
    let mut line = CommandLine { text: String::new(), limits: Vec::new() };
    for argument in &overrides.set {
        let start = line.push("--set", argument);
        set(argument, start, root, faults);
    }
    let shorthands = [
        ("seed", overrides.seed.map(|seed| seed.to_string())),
        ("trials", overrides.trials.map(|trials| trials.to_string())),
        ("duration", overrides.duration.clone()),
    ];
    for (key, value) in shorthands {
        if let Some(value) = value {
            let start = line.push(&format!("--{key}"), &value);
            let place = command_line(start, start + value.len());
            write(root, &["run".to_owned(), key.to_owned()], place, Node::from_plain(place, &value), faults);
        }
    }
    let mut swept: Vec<(String, &str)> = Vec::new();
    for argument in &overrides.sweep {
        let start = line.push("--sweep", argument);
        sweep(argument, start, root, &mut swept, faults);
    }
    for argument in &overrides.limit {
        let start = line.push("--limit", argument);
        let place = command_line(start, start + argument.len());
        line.limits.push(Node::new(place, Value::Text(argument.clone())));
    }
    line
}

impl CommandLine {
    /// Adds an argument; gives back where its value starts.
    fn push(&mut self, option: &str, value: &str) -> usize {
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{option} ");
        let start = self.text.len();
        let _ = writeln!(self.text, "{value}");
        start
    }
}

const fn command_line(start: usize, end: usize) -> Place {
    Place { text: Text::CommandLine, start, end }
}

/// Most parts of a dotted path: more than any key has.
const DEEPEST: usize = 32;

/// `KEY=VALUE`, each with its place.
fn split<'a>(
    argument: &'a str,
    start: usize,
    what: &str,
    faults: &mut Faults,
) -> Option<(&'a str, Place, &'a str, usize)> {
    let Some((key, value)) = argument.split_once('=').filter(|(key, _)| !key.trim().is_empty()) else {
        let place = command_line(start, start + argument.len());
        faults.add(
            Fault::new(place, format!("{argument:?} does not say KEY={what}"))
                .label(format!("expected KEY={what}"))
                .help("the key is a dotted path, such as heartbeat.interval=500ms"),
        );
        return None;
    };
    let key_place = command_line(start, start + key.len());
    if key.matches('.').count() >= DEEPEST {
        faults.add(Fault::new(key_place, "no key lies so deep").label(format!("more than {DEEPEST} parts")));
        return None;
    }
    Some((key.trim(), key_place, value, start + key.len() + 1))
}

/// The parts of a dotted path.
fn parts(key: &str) -> Vec<String> {
    key.split('.').map(|part| part.trim().trim_matches('"').to_owned()).collect()
}

fn set(argument: &str, start: usize, root: &mut Table, faults: &mut Faults) {
    let Some((key, key_place, value, at)) = split(argument, start, "VALUE", faults) else { return };
    let path = parts(key);
    // Written in the file a new name makes a new detector; here it is most likely a slip.
    match named_table_exists(&path, key_place, root, "--set") {
        Ok(()) => write(root, &path, key_place, value_node(value, at), faults),
        Err(fault) => faults.add(fault),
    }
}

/// A value as TOML where it is that, else as text.
fn value_node(text: &str, at: usize) -> Node {
    let place = command_line(at, at + text.len());
    let mut node = parse_value(text, at).unwrap_or_else(|| Node::new(place, Value::Text(text.trim().to_owned())));
    node.place = place;
    node
}

fn write(root: &mut Table, path: &[String], key_place: Place, node: Node, faults: &mut Faults) {
    if let Err(depth) = root.set(path, key_place, node) {
        let holder = path[..depth].join(".");
        let value = root.at(&path[..depth]).map_or_else(String::new, |node| format!(" ({})", node.describe()));
        faults.add(
            Fault::new(key_place, format!("{holder} is a plain value{value}: nothing lies inside of it"))
                .label(format!("leads into {holder}"))
                .help(format!("set the whole value instead: {holder}={{ … }}")),
        );
    }
}

/// Sweeps a key, instead of what the file sweeps it over. `swept` are the keys of the arguments before, with their values.
fn sweep<'a>(
    argument: &'a str,
    start: usize,
    root: &mut Table,
    swept: &mut Vec<(String, &'a str)>,
    faults: &mut Faults,
) {
    let Some((key, key_place, values, at)) = split(argument, start, "V1,V2,…", faults) else { return };
    let dotted = parts(key).join(".");
    if let Some((_, before)) = swept.iter().find(|(known, _)| *known == dotted) {
        faults.add(
            Fault::new(key_place, format!("--sweep gives {dotted} twice: first {before}, then {values}"))
                .label("second sweep of this key")
                .help(format!("write all values in one: --sweep {dotted}={before},{values}")),
        );
        return;
    }
    swept.push((dotted.clone(), values));
    let range = parse_value(values, at).filter(|node| matches!(node.value, Value::Table(_) | Value::Array(_)));
    let node = range.unwrap_or_else(|| {
        let nodes = pieces(values).into_iter().map(|(offset, piece)| value_node(piece, at + offset)).collect();
        Node::new(command_line(at, at + values.len()), Value::Array(nodes))
    });
    if root.get("sweep").is_none_or(|node| node.as_table().is_none()) {
        let table = Node::new(key_place, Value::Table(Table::default()));
        root.entries.push(Entry { key: "sweep".to_owned(), key_place, node: table });
    }
    for entry in &mut root.entries {
        if let (true, Value::Table(table)) = (entry.key == "sweep", &mut entry.node.value) {
            replace_axis(table, &dotted, "");
            table.entries.push(Entry { key: dotted.clone(), key_place, node: node.clone() });
        }
    }
}

/// Takes out what a file says of an axis, however it is nested.
fn replace_axis(table: &mut Table, dotted: &str, prefix: &str) {
    table.entries.retain_mut(|entry| {
        let path = format!("{prefix}{}", entry.key);
        match &mut entry.node.value {
            _ if path == dotted => false,
            Value::Table(inner) => {
                replace_axis(inner, dotted, &format!("{path}."));
                true
            }
            _ => true,
        }
    });
}

/// The pieces between commas that stand outside of brackets and quotes, each with its offset.
fn pieces(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut quoted) = (0, 0_u32, false);
    for (index, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                found.push((start, &text[start..index]));
                start = index + 1;
            }
            _ => {}
        }
    }
    found.push((start, &text[start..]));
    found
}
