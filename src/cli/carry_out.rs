//! A plan is carried out: threads, progress, and the results folder.

use rayon::ThreadPoolBuilder;

use super::args::{Format, Results};
use super::exit::{Exit, Failure, Outcome};
use super::folder::Folder;
use super::progress::{self, Bar};
use super::terminal;
use crate::analysis::{self, Summary};
use crate::experiment::{self, Findings, Forecast, Options};
use crate::report::json::LeftOut;
use crate::report::{self, FolderOptions};
use crate::scenario::Plan;

/// What came of a plan.
#[derive(Debug)]
pub(super) struct Done {
    findings: Findings,
    /// The estimates.
    pub summary: Summary,
}

/// Simulates a plan and writes its folder.
///
/// # Errors
/// The user stopped it, or the folder could not be written. Then there is no folder, or the old one.
pub(super) fn carry_out(plan: &Plan, results: &Results, folder: Folder) -> Outcome<Done> {
    with_threads(results.threads, || {
        let findings = simulate(plan, results)?;
        let summary = analysis::summarise(&axes(plan), plan.trials, &findings.rows);
        let done = Done { findings, summary };
        let options = FolderOptions { charts: !results.no_charts, transitions: results.transitions };
        let files = report::folder(&done.results(plan), options)
            .map_err(|error| Failure { exit: Exit::Bug, message: format!("error: {error}") })?;
        folder.write(&files, progress::stopped)?;
        Ok(done)
    })
}

/// Dotted names of the sweep's axes.
pub(super) fn axes(plan: &Plan) -> Vec<String> {
    plan.axes.iter().map(|axis| axis.key.clone()).collect()
}

fn simulate(plan: &Plan, results: &Results) -> Outcome<Findings> {
    let bar = Bar::new(Forecast::of(plan, 1).heartbeats, results.quiet);
    let options = Options { transitions: results.transitions, timelines: !results.no_charts };
    experiment::run(plan, options, &bar).map_err(|_| Failure::stopped())
}

/// Runs `work` on so many threads; on all cores where the user has no wish.
///
/// # Errors
/// Those of `work`, or the threads cannot be started.
pub(super) fn with_threads<T: Send>(threads: Option<u16>, work: impl FnOnce() -> Outcome<T> + Send) -> Outcome<T> {
    let pool = ThreadPoolBuilder::new().num_threads(threads.map_or(0, usize::from)).build();
    let pool = pool.map_err(|error| {
        Failure::io(format_args!("cannot start the threads: {error}"), "ask for fewer with --threads")
    })?;
    pool.install(work)
}

impl Done {
    fn results<'a>(&'a self, plan: &'a Plan) -> report::Results<'a> {
        report::Results { plan, findings: &self.findings, summary: &self.summary }
    }

    /// Prints the rows as the user wants them.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub(super) fn print(&self, plan: &Plan, results: &Results, folder: &str) -> Outcome<()> {
        let shown = self.results(plan);
        match results.format {
            Format::Csv => terminal::print(report::csv::summary(&shown)),
            Format::Json => terminal::print(report::json::summary(&shown, &LeftOut::of(&shown))),
            Format::Markdown => terminal::print(report::markdown::summary(&shown)),
            Format::Table => {
                let charts = format!("{folder}/charts");
                let report = format!("{folder}/report.html");
                let surroundings = report::table::Surroundings {
                    colour: terminal::colourful(),
                    charts: (!results.no_charts).then_some(charts.as_str()),
                    report: Some(&report),
                };
                terminal::print(report::table::render(&shown, surroundings))
            }
        }
    }
}
