//! From a scenario's text to its plan: the steps in order.

use super::argument::{self, Overrides};
use super::diagnostic::{Diagnostic, Faults, Rejection, Source, Text};
use super::document;
use super::expand::{expand, need_a_detector};
use super::files::{Files, Loader};
use super::fingerprint::Fingerprint;
use super::keys::ROOT;
use super::limit::{self, LimitMetric};
use super::plan::{Axis, OutputOptions, Plan};
use super::refuse::Options;
use super::replay::leave_out_the_world;
use super::section::Section;
use super::setting::Reader;
use super::shape;
use super::sweep::{self, SweptKey};
use super::tree::{Document, Table};
use super::world::section;
use crate::units::Span;

/// A scenario and how it is to be read.
pub struct Request<'a> {
    /// What the scenario is called in messages: its file name.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What the command line changes.
    pub overrides: &'a Overrides,
    /// The metrics that limits may name.
    pub metrics: &'a [LimitMetric],
    /// How files that the scenario names are read; paths are as written, relative to the scenario.
    pub load: &'a Loader<'a>,
    /// Plan the base point only: every value as written in its own table, no sweep.
    pub without_sweep: bool,
    /// Leave out the scenario's own world: a recording among the overrides (`heartbeat.trace`) takes its place.
    pub replay: bool,
    /// Bytes of memory that the machine has; `None`: windows are not compared with it.
    pub memory: Option<u64>,
}

/// Reads a scenario and expands it.
///
/// # Errors
/// With every fault of the scenario and of the arguments.
pub fn plan(request: &Request<'_>) -> Result<Plan, Rejection> {
    let mut faults = Faults::default();
    let (mut root, broken) = document::parse(request.text, &mut faults);
    if request.replay {
        leave_out_the_world(&mut root);
    }
    let command_line = argument::apply(request.overrides, &mut root, &mut faults);
    let mut reader = Reader { faults, files: Files::new(request.load) };
    shape::check(&root, &mut reader);
    let axes = sweep::read(&root, &mut reader);
    let detectors = detectors(&root);
    let limits = limit::read_all(&root, &command_line.limits, &detectors, request.metrics, &mut reader);
    let syntax = reader.faults.count();
    let plan = if broken.is_empty() {
        let run: &[SweptKey] = if request.without_sweep { &[] } else { &axes };
        let plan = build(&root, &axes, run, request, &mut reader);
        plan.map(|plan| Plan { detectors, limits, ..plan })
    } else {
        // What is missing may stand in a line that could not be read: only what was read is judged.
        reader.faults.forget(|fault| broken.touch(fault.place) && !fault.message.starts_with(document::SYNTAX));
        debug_assert!(syntax > 0, "a broken line is a fault");
        None
    };
    let reject = |faults: Faults| rejection(request, &command_line.text, faults);
    match plan {
        Some(plan) if reader.faults.count() == 0 => Ok(plan),
        _ => Err(reject(reader.faults)),
    }
}

/// Names of the detectors, in file order.
fn detectors(root: &Table) -> Vec<String> {
    root.table("detector").map_or_else(Vec::new, |table| table.entries.iter().map(|entry| entry.key.clone()).collect())
}

/// The plan but for its limits and names; `None` where something that it needs is faulty.
fn build(
    root: &Table,
    all_axes: &[SweptKey],
    axes: &[SweptKey],
    request: &Request<'_>,
    reader: &mut Reader<'_>,
) -> Option<Plan> {
    let top = Section::new(ROOT, Some(root), super::diagnostic::Place::START, "");
    let (name, summary) = (top.text("name", reader), top.text("summary", reader));
    let run = section(root, "run");
    let (seed, trials) = (run.count("seed", reader), run.count_u32("trials", reader));
    let trace = root.table("heartbeat").is_some_and(|table| table.get("trace").is_some());
    need_a_detector(root, reader);
    let expansion = expand(root, all_axes, axes, &Options { memory: request.memory }, reader);
    let output = output_options(root, expansion.longest_interval, reader);
    let text_of = |axis: &SweptKey| Axis {
        key: axis.key.clone(),
        values: axis.values.iter().map(|value| value.text.clone()).collect(),
    };
    let mut fingerprint = Fingerprint::new();
    fingerprint.add(Document(root).to_string().as_bytes());
    reader.files.add_to(&mut fingerprint);
    let unchanged = *request.overrides == Overrides::default();
    Some(Plan {
        name: name?,
        summary: summary?,
        seed: seed?,
        trials: if trace { 1 } else { trials? },
        axes: axes.iter().map(text_of).collect(),
        worlds: expansion.worlds,
        detectors: Vec::new(),
        limits: Vec::new(),
        output: output?,
        source: if unchanged { request.text.to_owned() } else { Document(root).to_string() },
        hash: fingerprint.hex(),
        remarks: expansion.remarks,
    })
}

fn output_options(root: &Table, longest_interval: Span, reader: &mut Reader<'_>) -> Option<OutputOptions> {
    let output = section(root, "output");
    let (max_rows, merge_gap) = (output.count("max-rows", reader), output.span("merge-gap", reader));
    Some(OutputOptions { max_rows: max_rows?, merge_gap: merge_gap.unwrap_or(longest_interval) })
}

fn rejection(request: &Request<'_>, command_line: &str, faults: Faults) -> Rejection {
    const ARGUMENTS: &str = "command line";
    let name = |text: Text| match text {
        Text::Scenario => request.file.to_owned(),
        Text::CommandLine => ARGUMENTS.to_owned(),
    };
    let diagnostics: Vec<Diagnostic> = faults.into_diagnostics(name);
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    Rejection { diagnostics, sources: vec![source(request.file, request.text), source(ARGUMENTS, command_line)] }
}
