//! Points times trials over threads: the only floor with loops above the engine.
//!
//! A [`Plan`](crate::scenario::Plan) comes in, [`Findings`] go out. Results are folded in a fixed order, so that they do
//! not depend on the number of threads. No file is read or written here.

mod findings;
mod run;
mod timeline;

pub use findings::{BeatFate, Findings, Progress, Stall, Stopped, Timeline, TransitionRow};
pub use run::{Options, heartbeats, run};
