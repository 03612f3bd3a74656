//! `systole replay`: recorded arrivals against detectors, by way of the scenario that says the same.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use super::args::{Draws, Replay};
use super::exit::{Failure, Outcome};
use super::scenario::{Scenario, overrides};
use super::spec::{self, Spec};
use super::{files, run, start};
use crate::import::{self, Imported};
use crate::scenario::Overrides;
use crate::units::Span;

pub(super) fn run(arguments: &Replay) -> Outcome {
    let recording = read(&arguments.trace)?;
    let name = files::name(&arguments.trace);
    let imported = import::trace(&recording).map_err(|fault| {
        let line = fault.line.map_or_else(String::new, |line| format!(", line {line}"));
        Failure::unusable(format_args!("`{name}`{line}: {}", fault.message), &fault.help)
    })?;
    let scenario = match &arguments.scenario {
        Some(path) => Scenario::read(path)?,
        None => Scenario::made_up("--detector", detectors(&arguments.detector, &imported)?),
    };
    let plan = scenario.plan_replay(&changes(arguments), &recording)?;
    run::show(&plan, &arguments.results)
}

/// Bytes of a recording; `-` is standard input.
fn read(path: &Path) -> Outcome<Vec<u8>> {
    let read = if files::is_standard_input(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|error| Failure::reading(path, &error))
}

/// The user's changes, after the recording and its name.
fn changes(arguments: &Replay) -> Overrides {
    let part =
        |part: Option<&std::ffi::OsStr>| part.map_or_else(String::new, |part| part.to_string_lossy().into_owned());
    let file = toml::Value::from(part(arguments.trace.file_name()));
    let name = start::as_name(&part(arguments.trace.file_stem()), "trace");
    let mut overrides = overrides(&arguments.changes, &Draws::default(), &[]);
    overrides.set.splice(0..0, [format!("name=\"{name}\""), format!("heartbeat.trace={file}")]);
    overrides
}

/// The detectors that the user named, or every built-in kind but self-tuning.
fn detectors(given: &[String], imported: &Imported) -> Outcome<String> {
    let all;
    let given = if given.is_empty() {
        all = every_kind(imported);
        &all[..]
    } else {
        given
    };
    let specs = given.iter().map(|spec| Spec::parse(spec)).collect::<Outcome<Vec<_>>>()?;
    Ok(spec::tables(&specs))
}

/// Every built-in kind but self-tuning (whose goals only a user knows), with a setting where there is no default.
fn every_kind(imported: &Imported) -> Vec<String> {
    let mean_delay = median_delay(imported);
    [
        "timeout(after=3.5 intervals)",
        "misses",
        "nfd-s(shift=2.5 intervals)",
        &format!("nfd-u(mean-delay={mean_delay}, margin=2.5 intervals)"),
        "nfd-e(margin=2.5 intervals)",
        "bertier",
        "two-window(margin=2.5 intervals)",
        "phi-normal(threshold=8)",
        "phi-akka",
        "phi-hazelcast",
        "phi-cassandra",
        "phi-chitchat",
        "exponential",
        "histogram(threshold=0.99)",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The median time from sending to arrival; zero where the clocks differ so much that heartbeats arrive before they are
/// sent.
fn median_delay(imported: &Imported) -> Span {
    let beats = imported.trace.nodes.iter().flat_map(|node| &node.beats);
    let mut delays: Vec<u64> =
        beats.filter_map(|beat| beat.arrived.map(|arrived| arrived.saturating_sub(beat.sent))).collect();
    delays.sort_unstable();
    Span::from_nanos(delays.get(delays.len().saturating_sub(1) / 2).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_delay_counts_what_arrived() {
        let median = |text: &str| median_delay(&import::trace(text.as_bytes()).unwrap());
        let head = "node,seq,sent_s,arrived_s\n";
        assert_eq!(median(&format!("{head}a,0,0,0.1\na,1,1,\na,2,2,2.3\nb,0,0,0.2\n")), Span::from_millis(200));
        assert_eq!(median(&format!("{head}a,0,5,4\na,1,6,5\n")), Span::ZERO);
    }
}
