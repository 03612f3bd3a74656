//! Whether a scenario has the shape that the table of keys says: known keys, and values of the right kind.
//!
//! Everything that is written is looked at, so that a user sees all faults at once.

use super::diagnostic::Fault;
use super::keys::{Key, Keys, Kind, ROOT};
use super::names::{as_name, closest, did_you_mean, fault_of_name};
use super::setting::{Reader, mismatch, not_yet};
use super::tree::{Entry, Table};

/// Checks a whole scenario. `[sweep]` and `[limits]` are read by their own modules.
pub(super) fn check(root: &Table, reader: &mut Reader<'_>) {
    check_table(Keys::of(ROOT), root, "", reader);
}

/// Checks the entries of one table.
pub(super) fn check_table(keys: Keys, table: &Table, path: &str, reader: &mut Reader<'_>) {
    for entry in &table.entries {
        match keys.iter().find(|key| key.name == entry.key) {
            Some(key) => check_entry(key, entry, &join(path, &entry.key), reader),
            None => reader.faults.add(unknown(keys, entry, table, path)),
        }
    }
}

/// Checks that a table has known keys only; their values are left to whoever reads them.
pub(super) fn check_keys(keys: Keys, table: &Table, path: &str, reader: &mut Reader<'_>) {
    for entry in &table.entries {
        if keys.iter().all(|key| key.name != entry.key) {
            reader.faults.add(unknown(keys, entry, table, path));
        }
    }
}

/// A dotted path with one part more.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn check_entry(key: &'static Key, entry: &Entry, path: &str, reader: &mut Reader<'_>) {
    match &key.kind {
        Kind::Later(what) => reader.faults.add(not_yet(entry.key_place, path, what)),
        Kind::Sweep | Kind::Limits => {}
        Kind::Named(inner) => check_named(key, inner, entry, path, reader),
        kind => match (kind.keys(), entry.node.as_table()) {
            (Some(keys), Some(table)) => check_table(keys, table, path, reader),
            (Some(_), None) => reader.faults.add(mismatch(kind, &entry.node, path)),
            (None, _) => drop(reader.read(kind, &entry.node, path)),
        },
    }
}

/// Checks tables whose names are the user's.
fn check_named(key: &Key, inner: &'static [Key], entry: &Entry, path: &str, reader: &mut Reader<'_>) {
    let Some(tables) = entry.node.as_table() else {
        reader.faults.add(mismatch(&key.kind, &entry.node, path));
        return;
    };
    for named in &tables.entries {
        if let Some(why) = fault_of_name(&named.key) {
            let help = as_name(&named.key).map(|name| format!("call it {name}"));
            reader.faults.add(Fault::new(named.key_place, why).label("not a name").maybe_help(help));
        }
        match named.node.as_table() {
            Some(table) => check_table(Keys::of(inner), table, &join(path, &named.key), reader),
            None => reader.faults.add(
                Fault::new(named.node.place, format!("{path}.{} is {}", named.key, named.node.describe()))
                    .label("expected a table")
                    .help(format!("write [{path}.NAME.KIND], such as [{path}.{}.{}]", named.key, inner[0].name)),
            ),
        }
    }
}

/// An unknown key, with the one that was probably meant.
fn unknown(keys: Keys, entry: &Entry, table: &Table, path: &str) -> Fault {
    let ready = || keys.iter().filter(|key| !matches!(key.kind, Kind::Later(_))).map(|key| key.name);
    let group = path.split('.').next().unwrap_or_default();
    let is_table = entry.node.as_table().is_some();
    let what = match (path, is_table) {
        ("", true) => format!("unknown table [{}]", entry.key),
        ("", false) => format!("unknown key `{}` above all tables", entry.key),
        _ => format!("unknown key `{}` in [{path}]", entry.key),
    };
    let named = path.matches('.').count() == 1 && matches!(group, "fault" | "detector");
    let near = closest(&entry.key, ready()).is_some();
    let help = match entry.key.as_str() {
        "kind" | "type" if named => Some(format!("the kind is a part of the header: write [{path}.KIND]")),
        key if named && !near => in_its_kind(keys, key, table, path)
            .or_else(|| kind_without_name(key, path))
            .or_else(|| did_you_mean(key, ready().collect::<Vec<_>>())),
        key => did_you_mean(key, ready().collect::<Vec<_>>()),
    };
    Fault::new(entry.key_place, what).label("not known here").maybe_help(help)
}

/// The help for a key that belongs into the table of the kind, not beside it.
fn in_its_kind(keys: Keys, key: &str, table: &Table, path: &str) -> Option<String> {
    let kind_of = |entry: &Entry| keys.iter().find(|kind| kind.name == entry.key && entry.node.as_table().is_some());
    let has_key = |kind: &&Key| kind.kind.keys().is_some_and(|inner| inner.iter().any(|known| known.name == key));
    let kind = table.entries.iter().filter_map(kind_of).find(has_key)?;
    Some(format!("it belongs to the kind: write it in [{path}.{}]", kind.name))
}

/// The help for `[detector.timeout]`, where the name was left out.
fn kind_without_name(key: &str, path: &str) -> Option<String> {
    let (group, name) = path.split_once('.')?;
    let kinds = ROOT.iter().find(|section| section.name == group).map(|section| &section.kind)?;
    let Kind::Named(kinds) = kinds else { return None };
    let kind = kinds.iter().find(|kind| kind.name == name)?;
    let has_key = kind.kind.keys()?.iter().any(|inner| inner.name == key);
    has_key.then(|| format!("the name comes before the kind: write [{group}.NAME.{name}]"))
}
