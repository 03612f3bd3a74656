//! Standard output and standard error, written so that a closed pipe ends quietly.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use super::exit::{Failure, Outcome, reason};

/// Writes results to standard output. A reader that went away is no fault: it has what it wanted.
///
/// # Errors
/// The output cannot be written (a full disk behind a redirection).
pub(super) fn print(text: impl AsRef<[u8]>) -> Outcome<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::io(
            format_args!("cannot write to standard output: {}", reason(&error)),
            "check where it is redirected to",
        )),
        _ => Ok(()),
    }
}

/// Says something on standard error. Where nobody can hear it, nothing is lost.
pub(super) fn say(message: impl Display) {
    let mut err = io::stderr().lock();
    let _ = writeln!(err, "{message}").and_then(|()| err.flush());
}

/// Whether messages on standard error may have colour and move.
pub(super) fn lively() -> bool {
    io::stderr().is_terminal() && !no_colour()
}

/// Whether results on standard output may have colour.
pub(super) fn colourful() -> bool {
    io::stdout().is_terminal() && !no_colour()
}

/// `NO_COLOR` counts where it is not empty (<https://no-color.org>).
fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// A word as a POSIX shell reads it back.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:%@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
