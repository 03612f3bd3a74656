//! Pure functions from results to bytes: tables, CSV, JSON, charts, HTML, JUnit and Markdown.
//!
//! Nothing here runs a simulation, opens a file or reads a clock. What comes out depends on what comes in and on nothing
//! else, so that a rerun gives the same bytes: no time, host, path or number of threads appears anywhere.

mod chart;
mod html;
pub mod human;
mod metric;
pub mod number;
mod sweep;

#[cfg(test)]
mod fixture;

use crate::analysis::{Row, Summary};
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

impl Results<'_> {
    /// One line about the run, for the heads of charts.
    fn subtitle(&self) -> String {
        let trials = match self.summary.trials {
            1 => "1 trial".to_owned(),
            trials => format!("{trials} trials"),
        };
        format!("{} · {trials}, seed {}", self.plan.name, self.plan.seed)
    }

    /// Whether the row has every value as written in the scenario.
    fn is_base(&self, row: &Row) -> bool {
        self.plan.worlds.iter().flat_map(|world| &world.listeners).any(|listener| {
            listener.base
                && listener.point == row.point
                && self.plan.detectors.get(listener.detector) == Some(&row.detector)
        })
    }
}
