//! A bug of ours, told so that it can be replayed.

use std::fmt::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;

use super::exit::{Exit, Failure, Outcome};
use super::terminal;

/// What the first panic said, and where.
static FIRST: Mutex<Option<String>> = Mutex::new(None);

/// Runs `work`; a panic in it, on whatever thread, becomes a message with the line that replays it.
///
/// # Errors
/// Those of `work`, and [`Exit::Bug`] for a panic.
pub(super) fn guarded(work: impl FnOnce() -> Outcome) -> Outcome {
    panic::set_hook(Box::new(|info| {
        if let Ok(mut first) = FIRST.lock() {
            first.get_or_insert_with(|| info.to_string());
        }
    }));
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    let _ = panic::take_hook();
    result.unwrap_or_else(|_| {
        let what = FIRST.lock().ok().and_then(|mut first| first.take()).unwrap_or_default();
        Err(Failure { exit: Exit::Bug, message: report(&what, std::env::args()) })
    })
}

/// The message: what happened, and the command line in a form that a shell takes back.
fn report(what: &str, arguments: impl Iterator<Item = String>) -> String {
    let mut text = String::from("error: systole has a bug\n");
    for line in what.lines() {
        let _ = writeln!(text, "  {line}");
    }
    let words: Vec<String> = arguments.skip(1).map(|word| terminal::quoted(&word)).collect();
    let _ = write!(
        text,
        "  help: please report it with the scenario and this line, which replays it (version {}):\n    systole {}",
        env!("CARGO_PKG_VERSION"),
        words.join(" ")
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_ends_with_a_line_for_the_shell() {
        let words = ["/usr/bin/systole", "run", "it's.toml", "--set", "a=b c", ""].map(String::from);
        let text = report("panicked at x.rs:1:\nindex out of bounds", words.into_iter());
        assert!(text.contains("  index out of bounds\n"), "{text}");
        assert!(text.ends_with(r"    systole run 'it'\''s.toml' --set 'a=b c' ''"), "{text}");
    }
}
