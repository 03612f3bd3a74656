//! Limits against a summary: does each hold, is it broken, or does the run not show either?
//!
//! A limit holds if the one-sided 95 % bound on its side keeps it, is broken if the bound on the other side shows the
//! contrary, and is otherwise inconclusive (`docs/metrics.md` §8). This floor estimates nothing, runs nothing and writes
//! nothing.

mod judge;
mod verdict;

pub use judge::judge;
pub use verdict::{Bound, Judgement, Outcome, Rates, Reason, Rows, Rule, Side, Verdict};
