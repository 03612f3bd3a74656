//! Logs of other programs, turned into what a scenario can replay.
//!
//! Text comes in, plain data goes out. No file is opened here and nothing is run.

pub mod ping;
