//! `systole check`: simulate, then judge the limits.

use super::args::{Check, Format, Results};
use super::carry_out::{Done, axes, carry_out};
use super::exit::{Exit, Failure, Outcome};
use super::folder::{self, Folder};
use super::run::default_folder;
use super::scenario::{Points, Scenario, overrides};
use super::{progress, terminal};
use crate::check::{self, Rows, Verdict};
use crate::report::junit::{self, Checked};
use crate::report::{markdown, verdict};
use crate::scenario::Plan;

pub(super) fn run(arguments: &Check) -> Outcome {
    let plans = plans(arguments)?;
    progress::heed_ctrl_c();
    let folders = folders(&plans, &arguments.results)?;
    let mut verdicts = Vec::new();
    for (plan, folder) in plans.iter().zip(folders) {
        let done = carry_out(plan, &arguments.results, folder)?;
        let rows = if arguments.with_sweep { Rows::All } else { Rows::Base };
        let verdict = check::judge(&done.summary, &plan.limits, rows);
        print(plan, &done, &verdict, &arguments.results)?;
        verdicts.push(verdict);
    }
    if let Some(path) = &arguments.junit {
        let axes: Vec<_> = plans.iter().map(axes).collect();
        let checked = plans.iter().zip(&axes).zip(&verdicts);
        let checked: Vec<_> =
            checked.map(|((plan, axes), verdict)| Checked { scenario: &plan.name, axes, verdict }).collect();
        folder::write_file(path, &junit::render(&checked))?;
    }
    Ok(verdicts.iter().map(|verdict| verdict.outcome).max().map_or(Exit::Done, Exit::from))
}

impl From<check::Outcome> for Exit {
    fn from(outcome: check::Outcome) -> Self {
        match outcome {
            check::Outcome::Pass => Self::Done,
            check::Outcome::Inconclusive => Self::Inconclusive,
            check::Outcome::Fail => Self::Broken,
        }
    }
}

/// Plans every scenario before any is simulated, so that all their faults are told at once.
fn plans(arguments: &Check) -> Outcome<Vec<Plan>> {
    let points = if arguments.with_sweep { Points::All } else { Points::Base };
    let changes = overrides(&arguments.changes, &arguments.draws, &arguments.limit);
    let plan = |path| {
        let scenario = Scenario::read(path)?;
        let plan = scenario.plan(&changes, points)?;
        if plan.limits.is_empty() {
            let what = format_args!("`{}` has no limits, so there is nothing to check", scenario.name).to_string();
            return Err(Failure::unusable(what, "write a [limits] table, or add --limit 'METRIC <= VALUE'"));
        }
        Ok(plan)
    };
    let (mut plans, mut failures) = (Vec::new(), Vec::new());
    for path in &arguments.scenarios {
        match plan(path) {
            Ok(plan) => plans.push(plan),
            Err(failure) => failures.push(failure),
        }
    }
    match failures.first() {
        None => Ok(plans),
        Some(first) => {
            let messages: Vec<&str> = failures.iter().map(|failure| failure.message.as_str()).collect();
            Err(Failure { exit: first.exit, message: messages.join("\n\n") })
        }
    }
}

/// Where each scenario's results go: of one, the folder itself; of several, a folder by its name.
fn folders(plans: &[Plan], results: &Results) -> Outcome<Vec<Folder>> {
    for (index, plan) in plans.iter().enumerate() {
        if plans[..index].iter().any(|earlier| earlier.name == plan.name) {
            let what = format!("two of the scenarios are named \"{}\", and would share a results folder", plan.name);
            return Err(Failure::unusable(what, "give each scenario a name of its own"));
        }
    }
    let place = |plan: &Plan| match &results.output {
        None => default_folder(&plan.name),
        Some(folder) if plans.len() == 1 => folder.clone(),
        Some(folder) => folder.join(&plan.name),
    };
    plans.iter().map(|plan| Folder::prepare(&place(plan))).collect()
}

/// Prints the verdict; where standard output gets rows for a program, the verdict goes to standard error.
fn print(plan: &Plan, done: &Done, judged: &Verdict, results: &Results) -> Outcome<()> {
    let axes = axes(plan);
    match results.format {
        Format::Table => terminal::print(verdict::render(&plan.name, &axes, judged)),
        Format::Markdown => terminal::print(markdown::check(&plan.name, &axes, judged)),
        Format::Csv | Format::Json => {
            terminal::say(verdict::render(&plan.name, &axes, judged).trim_end());
            done.print(plan, results, "")
        }
    }
}
