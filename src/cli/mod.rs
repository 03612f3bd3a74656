//! The program: arguments, progress, files and exit codes, and no logic of simulation.

pub mod diagnostics;
