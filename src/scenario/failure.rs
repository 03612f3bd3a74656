//! `[fault.NAME.KIND]`: what goes wrong in a world, and when.

use super::diagnostic::Fault as Complaint;
use super::keys::{FAULT_KINDS, Key, Kind};
use super::refuse::LONGEST;
use super::section::Section;
use super::setting::Reader;
use super::shape::join;
use super::tree::{Entry, Table};
use crate::model::{Fault, FaultKind, Law, Target, Timing};
use crate::num;
use crate::units::Span;

/// Reads all faults, in file order. `size` is how many nodes and monitors there are.
pub(super) fn read_all(root: &Table, size: Option<(u32, u32)>, reader: &mut Reader<'_>) -> Option<Vec<Fault>> {
    let entries = root.table("fault").map_or(&[][..], |table| &table.entries);
    let faults: Vec<Option<Fault>> = entries.iter().map(|entry| read(entry, size, reader)).collect();
    faults.into_iter().collect()
}

fn read(named: &Entry, size: Option<(u32, u32)>, reader: &mut Reader<'_>) -> Option<Fault> {
    let path = join("fault", &named.key);
    let (kind, entry) = one_kind(FAULT_KINDS, named, &path, "fault", reader)?;
    let Kind::Table(keys) = kind.kind else { return None };
    let path = join(&path, kind.name);
    let section = Section::new(keys, entry.node.as_table(), entry.key_place, &path);
    let timing = read_timing(&section, reader);
    let together = section.flag("together", reader);
    let kind = match kind.name {
        "crash" => {
            let (on, down_for) = (target(&section, "on", size, reader), finite_law(&section, "down-for", reader));
            let _ = section.choice("scope", reader);
            FaultKind::Crash { on: on?, down_for: down_for? }
        }
        "pause" => {
            let (on, lasts) = (target(&section, "on", size, reader), finite_law(&section, "lasts", reader));
            FaultKind::Pause { on: on?, lasts: lasts? }
        }
        _ => {
            let (from, to) = (target(&section, "from", size, reader), target(&section, "to", size, reader));
            let lasts = finite_law(&section, "lasts", reader);
            let both_ways = !section.has("from") && !section.has("to");
            FaultKind::Partition { from: from?, to: to?, both_ways, lasts: lasts? }
        }
    };
    Some(Fault { name: named.key.clone(), kind, timing: timing?, together: together? })
}

/// The kind of a named table: exactly one of its entries is the table of a kind.
pub(super) fn one_kind<'a>(
    kinds: &'static [Key],
    named: &'a Entry,
    path: &str,
    what: &str,
    reader: &mut Reader<'_>,
) -> Option<(&'static Key, &'a Entry)> {
    let table = named.node.as_table()?;
    let kind_of = |entry: &Entry| kinds.iter().find(|key| key.name == entry.key && key.kind.keys().is_some());
    let found: Vec<_> = table.entries.iter().filter_map(|entry| Some((kind_of(entry)?, entry))).collect();
    match found[..] {
        [one] => Some(one),
        [] => {
            // Where something else was written, that is a fault already.
            let unknown = |entry: &Entry| kinds.iter().all(|key| key.name != entry.key);
            let later =
                |entry: &Entry| kinds.iter().any(|key| key.name == entry.key && matches!(key.kind, Kind::Later(_)));
            if !table.entries.iter().any(|entry| unknown(entry) || later(entry)) {
                reader.faults.add(
                    Complaint::new(named.key_place, format!("[{path}] has no kind"))
                        .label(format!("this {what} needs a kind"))
                        .help(format!("write [{path}.KIND], such as [{path}.{}]", kinds[0].name)),
                );
            }
            None
        }
        [(first, _), (second, again), ..] => {
            reader.faults.add(
                Complaint::new(again.key_place, format!("[{path}] has two kinds, {} and {}", first.name, second.name))
                    .label("exactly one kind")
                    .help(format!("give the second a name of its own: [{what}.OTHER.{}]", second.name)),
            );
            None
        }
    }
}

fn read_timing(section: &Section<'_>, reader: &mut Reader<'_>) -> Option<Timing> {
    match (section.has("every"), section.has("at")) {
        (true, false) => finite_law(section, "every", reader).map(Timing::Every),
        (false, true) => section.times("at", reader).map(Timing::At),
        (true, true) => {
            // Both are read, so that faults in them are told too.
            let _ = (finite_law(section, "every", reader), section.times("at", reader));
            reader.faults.add(
                Complaint::new(
                    section.place_of("at"),
                    format!("{} says twice when", section.path_of("at").replace(".at", "")),
                )
                .label("a fault strikes at given times (`at`), or every so often (`every`): not both")
                .help("take one of the two out"),
            );
            None
        }
        (false, false) => {
            reader.faults.add(
                Complaint::new(
                    section.place_of(""),
                    format!("{} does not say when", section.path_of("every").replace(".every", "")),
                )
                .label("needs `every` or `at`")
                .help("write every = { exponential = { mean = \"4h\" } }, or at = [\"100s\"]"),
            );
            None
        }
    }
}

/// A law with a mean above zero and below infinity: without one, faults strike always or never.
fn finite_law(section: &Section<'_>, key: &str, reader: &mut Reader<'_>) -> Option<Law> {
    let law = section.law(key, reader)?;
    let fault = |what: &str| Complaint::new(section.value_place(key), format!("{} {what}", section.path_of(key)));
    match law.mean() {
        None => {
            reader.faults.add(
                fault("has an infinite mean")
                    .label("must have a finite mean: bound a Pareto law of shape 1 or less")
                    .help("write { pareto = { min = …, shape = …, max = \"1h\" } }"),
            );
            return None;
        }
        Some(mean) if mean > num::u64_to_f64(LONGEST.as_nanos()) => {
            reader.faults.add(
                fault("has a mean of more than 100 years")
                    .label(format!("at most 100 years ({LONGEST}), the longest time that is simulated"))
                    .help("take a shorter mean; a wide law has one far above its median"),
            );
            return None;
        }
        Some(_) => {}
    }
    if law.as_constant().is_some_and(Span::is_zero) {
        reader.faults.add(
            Complaint::new(section.value_place(key), format!("{} is always 0s", section.path_of(key)))
                .label("must be above zero"),
        );
        return None;
    }
    Some(law)
}

/// Whom a fault strikes; somebody who exists.
fn target(section: &Section<'_>, key: &str, size: Option<(u32, u32)>, reader: &mut Reader<'_>) -> Option<Target> {
    let target = section.target(key, reader)?;
    let (nodes, monitors) = size?;
    let (what, number, count) = match target {
        Target::Node(number) => ("node", number, nodes),
        Target::Monitor(number) => ("monitor", number, monitors),
        Target::All | Target::Nodes | Target::Monitors => return Some(target),
    };
    if number <= count {
        return Some(target);
    }
    let are = if count == 1 { format!("there is 1 {what}") } else { format!("there are {count} {what}s") };
    reader.faults.add(
        Complaint::new(section.value_place(key), format!("{}: there is no {what} {number}", section.path_of(key)))
            .label(format!("{are}, numbered from 1")),
    );
    None
}

/// The mean stall that a fault makes, in nanoseconds; `None` where it makes none.
pub(super) fn mean_stall(fault: &Fault) -> Option<f64> {
    match &fault.kind {
        FaultKind::Pause { lasts, .. } => lasts.mean(),
        FaultKind::Crash { .. } | FaultKind::Partition { .. } => None,
    }
}
