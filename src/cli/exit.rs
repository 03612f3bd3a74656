//! How a command ends: the exit codes that scripts rely on, and what is said on the way out.

use std::fmt::Display;
use std::io;
use std::path::Path;

/// The exit codes of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done; limits hold.
    Done,
    /// A limit is broken.
    Broken,
    /// Unusable input.
    Unusable,
    /// Neither a limit nor its contrary is shown.
    Inconclusive,
    /// Reading or writing failed.
    Io,
    /// A bug of ours.
    Bug,
    /// The user pressed Ctrl-C.
    Stopped,
}

impl Exit {
    /// The code that the program ends with.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Broken => 1,
            Self::Unusable => 2,
            Self::Inconclusive => 3,
            Self::Io => 4,
            Self::Bug => 70,
            Self::Stopped => 130,
        }
    }
}

/// Why a command could not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What is said on standard error, complete but for the line end.
    pub message: String,
}

/// What a command gives back.
pub(super) type Outcome<T = Exit> = Result<T, Failure>;

impl Failure {
    /// Arguments or files that cannot be used.
    pub(super) fn unusable(what: impl Display, remedy: impl Display) -> Self {
        Self { exit: Exit::Unusable, message: told(&what, &remedy) }
    }

    /// A message that already has its final form.
    pub(super) fn diagnosed(message: String) -> Self {
        Self { exit: Exit::Unusable, message }
    }

    /// Writing failed, or was refused.
    pub(super) fn io(what: impl Display, remedy: impl Display) -> Self {
        Self { exit: Exit::Io, message: told(&what, &remedy) }
    }

    /// An input file could not be read. A missing one is unusable input, any other trouble is the system's.
    pub(super) fn reading(path: &Path, error: &io::Error) -> Self {
        let shown = path.display();
        match error.kind() {
            io::ErrorKind::NotFound => Self::unusable(format_args!("there is no file `{shown}`"), "check the path"),
            io::ErrorKind::InvalidData => {
                Self::unusable(format_args!("`{shown}` is not text in UTF-8"), "save it as UTF-8")
            }
            io::ErrorKind::IsADirectory => Self::unusable(format_args!("`{shown}` is a folder"), "name a file in it"),
            _ => Self::io(format_args!("cannot read `{shown}`: {}", reason(error)), "check its permissions"),
        }
    }

    /// The user stopped the command.
    pub(super) fn stopped() -> Self {
        Self { exit: Exit::Stopped, message: "stopped: unfinished results were not written".to_owned() }
    }
}

/// A message as every one looks: the fault, then the remedy.
fn told(what: &dyn Display, remedy: &dyn Display) -> String {
    format!("error: {what}\n  help: {remedy}")
}

/// The system's words for an error, without its number.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
}
