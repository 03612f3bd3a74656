//! `systole run`: simulate, print, write the folder.

use std::path::{Path, PathBuf};

use super::args::{Results, Run};
use super::carry_out::carry_out;
use super::dry_run;
use super::exit::{Exit, Outcome};
use super::folder::Folder;
use super::progress;
use super::scenario::{Points, Scenario, overrides};
use crate::scenario::Plan;

pub(super) fn run(arguments: &Run) -> Outcome {
    let scenario = Scenario::read(&arguments.scenario)?;
    let plan = scenario.plan(&overrides(&arguments.changes, &arguments.draws, &[]), Points::All)?;
    if arguments.only_forecast {
        return dry_run::tell(&plan, arguments.results.threads);
    }
    show(&plan, &arguments.results)
}

/// Carries a plan out, writes its folder and prints its rows.
///
/// # Errors
/// It was stopped, or something cannot be written.
pub(super) fn show(plan: &Plan, results: &Results) -> Outcome {
    let path = results.output.clone().unwrap_or_else(|| default_folder(&plan.name));
    progress::heed_ctrl_c();
    let folder = Folder::prepare(&path)?;
    let done = carry_out(plan, results, folder)?;
    done.print(plan, results, &path.display().to_string())?;
    Ok(Exit::Done)
}

/// Where results go unless the user names a place.
pub(super) fn default_folder(name: &str) -> PathBuf {
    Path::new("results").join(name)
}
