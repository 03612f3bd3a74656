//! Pure functions from results to bytes: tables, CSV, JSON, charts, HTML, JUnit and Markdown.
//!
//! Nothing here runs a simulation, opens a file or reads a clock. What comes out depends on what comes in and on nothing
//! else, so that a rerun gives the same bytes: no time, host, path or number of threads appears anywhere.

pub mod chart;
pub mod csv;
mod html;
pub mod human;
pub mod json;
mod listing;
mod metric;
pub mod number;
mod sweep;
pub mod table;
mod text;

#[cfg(test)]
mod fixture;

use crate::analysis::Summary;
use crate::experiment::Findings;
use crate::scenario::Plan;

/// Everything that a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    /// What was asked.
    pub plan: &'a Plan,
    /// What was found, as records.
    pub findings: &'a Findings,
    /// What was found, as estimates.
    pub summary: &'a Summary,
}

/// Version of the draws: it moves with every change that gives a scenario and a seed other draws.
const DRAWS_VERSION: u32 = 1;

impl<'a> Results<'a> {
    /// Trials and seed.
    fn run(&self) -> String {
        let trials = match self.summary.trials {
            1 => "1 trial".to_owned(),
            trials => format!("{trials} trials"),
        };
        format!("{trials}, seed {}", self.plan.seed)
    }

    /// One line about the run, for the heads of charts.
    fn subtitle(&self) -> String {
        format!("{} · {}", self.plan.name, self.run())
    }

    /// What the reader should know: of the plan, of the experiment and of the estimates.
    fn remarks(&self) -> impl Iterator<Item = &'a str> {
        let all = [&self.plan.remarks, &self.findings.remarks, &self.summary.remarks];
        all.into_iter().flatten().map(String::as_str)
    }
}
