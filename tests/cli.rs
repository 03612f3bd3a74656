//! The program from outside: what it prints, what it says, and how it ends.
//!
//! Expected texts are kept in the tests; `SNAPSHOTS=overwrite cargo test --test cli` writes them anew, to be read before
//! they are committed.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]
#![expect(clippy::too_many_lines, reason = "the texts of all commands stand in one test")]
#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "the names are ours")]
#![expect(clippy::format_push_string, reason = "a text of a few hundred lines")]

/// One file for each side of the program.
mod cli {
    mod check;
    mod common;
    mod hostile;
    mod import;
    mod replay;
    mod run;
    mod start;
    mod usage;
}
