//! Scenarios on disk: read, planned, and refused with every fault at once.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::{Changes, Draws};
use super::exit::{Failure, Outcome};
use super::{diagnostics, files, terminal};
use crate::analysis::metric::limit_metrics;
use crate::scenario::{self, Loader, Overrides, Plan, Rejection, Request};

/// The text of a scenario, and where the files that it names lie.
#[derive(Clone, Debug)]
pub(super) struct Scenario {
    /// What messages call it.
    pub name: String,
    text: String,
    folder: PathBuf,
}

/// Which points of a scenario are planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Points {
    /// Every point of the sweep.
    All,
    /// Only the values as they are written.
    Base,
}

impl Scenario {
    /// Reads a scenario; `-` is standard input, whose files lie where the user stands.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn read(path: &Path) -> Outcome<Self> {
        let folder =
            path.parent().filter(|_| !files::is_standard_input(path)).unwrap_or_else(|| Path::new("")).to_owned();
        Ok(Self { name: files::name(path), text: files::read(path)?, folder })
    }

    /// Plans it with what the command line changes.
    ///
    /// # Errors
    /// Every fault of the scenario and of the changes.
    pub(super) fn plan(&self, overrides: &Overrides, points: Points) -> Outcome<Plan> {
        let load = |file: &str| fs::read(self.folder.join(file));
        plan(&self.name, &self.text, overrides, points, &load, false)
    }

    /// Plans its detectors alone; `recording` holds the bytes of `heartbeat.trace`, which is among the overrides.
    ///
    /// # Errors
    /// Every fault of what listens, and of the changes.
    pub(super) fn plan_replay(&self, overrides: &Overrides, recording: &[u8]) -> Outcome<Plan> {
        plan(&self.name, &self.text, overrides, Points::All, &|_: &str| Ok(recording.to_vec()), true)
    }

    /// A scenario that was made up, not read.
    pub(super) fn made_up(name: &str, text: String) -> Self {
        Self { name: name.to_owned(), text, folder: PathBuf::new() }
    }
}

fn plan(
    file: &str,
    text: &str,
    overrides: &Overrides,
    points: Points,
    load: &Loader<'_>,
    replay: bool,
) -> Outcome<Plan> {
    let metrics = limit_metrics();
    let without_sweep = points == Points::Base;
    let request =
        Request { file, text, overrides, metrics: &metrics, load, without_sweep, replay, memory: machine_memory() };
    scenario::plan(&request).map_err(|rejection| refused(&rejection))
}

fn refused(rejection: &Rejection) -> Failure {
    let text = diagnostics::render(&rejection.diagnostics, &rejection.sources, terminal::lively());
    Failure::diagnosed(text.trim_end().to_owned())
}

/// What the command line changes, as the scenario takes it.
pub(super) fn overrides(changes: &Changes, draws: &Draws, limits: &[String]) -> Overrides {
    Overrides {
        set: changes.set.clone(),
        sweep: changes.sweep.clone(),
        limit: limits.to_vec(),
        seed: draws.seed,
        trials: draws.trials,
        duration: draws.duration.clone(),
    }
}

/// Bytes of memory that the machine has, where it says so.
fn machine_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    kibibytes.checked_mul(1024)
}
