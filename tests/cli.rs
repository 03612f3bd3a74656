//! The program from outside: what it prints, what it says, and how it ends.
//!
//! Expected texts are kept in the tests; `SNAPSHOTS=overwrite cargo test --test cli` writes them anew, to be read before
//! they are committed.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

/// One file for each side of the program.
mod cli {
    mod check;
    mod common;
    mod import;
    mod replay;
    mod run;
    mod start;
    mod usage;
}
