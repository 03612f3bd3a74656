//! The program: arguments, progress, files and exit codes, and no logic of simulation.
//!
//! [`main`] reads the arguments, hands them to the command that they name, and turns what comes back into an exit code.
//! Results go to standard output, everything else to standard error.

mod args;
mod carry_out;
mod check;
pub mod diagnostics;
mod dry_run;
mod exit;
mod files;
mod folder;
mod import;
mod panic;
mod progress;
mod replay;
mod run;
mod scenario;
mod spec;
mod start;
mod terminal;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use args::{Arguments, Command};
use exit::{Exit, Outcome};

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => return usage(&answer),
    };
    let exit = panic::guarded(|| dispatch(arguments.command)).unwrap_or_else(|failure| {
        terminal::say(failure.message);
        failure.exit
    });
    ExitCode::from(exit.code())
}

/// Help and version go to standard output, faults of the arguments to standard error.
fn usage(answer: &clap::Error) -> ExitCode {
    // A reader that went away has read enough.
    let _ = answer.print();
    ExitCode::from(if answer.use_stderr() { Exit::Unusable } else { Exit::Done }.code())
}

fn dispatch(command: Command) -> Outcome {
    match command {
        Command::Run(run) => run::run(&run),
        Command::Check(check) => check::run(&check),
        Command::Replay(replay) => replay::run(&replay),
        Command::Import(import) => import::run(&import),
        Command::New(new) => start::new(&new),
        Command::Schema => start::schema(),
        Command::Metrics => start::metrics(),
        Command::Completions(completions) => {
            let mut script = Vec::new();
            clap_complete::generate(completions.shell, &mut Arguments::command(), "systole", &mut script);
            terminal::print(script)?;
            Ok(Exit::Done)
        }
    }
}
