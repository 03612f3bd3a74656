//! How far the simulation is, and whether the user wants it to stop.
//!
//! The one place that draws while the engine runs, and the one that a clock of the real world reaches: the bar knows how
//! fast it goes. Nothing of it enters a result.

use std::fmt::Write;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::exit::Exit;
use super::terminal;
use crate::experiment::Progress;
use crate::num::u64_to_f64;

/// Whether Ctrl-C was pressed.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C asks the work to end; pressed again it ends at once.
pub(super) fn heed_ctrl_c() {
    let handler = || {
        if STOPPED.swap(true, Ordering::Relaxed) {
            process::exit(i32::from(Exit::Stopped.code()));
        }
    };
    // Where no handler can be set, Ctrl-C ends the program as the system likes.
    let _ = ctrlc::set_handler(handler);
}

/// Whether Ctrl-C was pressed.
pub(super) fn stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}

/// A bar on standard error, where it may move; else nothing.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar that is full after so many heartbeats.
    pub(super) fn new(heartbeats: u64, quiet: bool) -> Self {
        if quiet || !terminal::lively() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(Some(heartbeats), ProgressDrawTarget::stderr());
        bar.set_style(style());
        Self(bar)
    }
}

impl Progress for Bar {
    fn advanced(&self, heartbeats: u64) {
        self.0.inc(heartbeats);
    }

    fn stopped(&self) -> bool {
        stopped()
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn style() -> ProgressStyle {
    let rate = |state: &ProgressState, out: &mut dyn Write| {
        let _ = write!(out, "{}", Scaled(state.per_sec()));
    };
    let left = |state: &ProgressState, out: &mut dyn Write| {
        let _ = write!(out, "{:#}", HumanDuration(state.eta()));
    };
    ProgressStyle::with_template("simulating [{bar:32}] {percent:>3} %  {rate} heartbeats/s  {left} left")
        .expect("the template is well formed")
        .progress_chars("=> ")
        .with_key("rate", rate)
        .with_key("left", left)
}

/// A large number for people: three digits and thousands in words of the metric system.
pub(super) struct Scaled(pub f64);

impl From<u64> for Scaled {
    fn from(count: u64) -> Self {
        Self(u64_to_f64(count))
    }
}

impl std::fmt::Display for Scaled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let steps = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
        match steps.into_iter().find(|(size, _)| self.0 >= 0.9995 * size) {
            None => write!(f, "{:.0}", self.0),
            Some((size, unit)) => {
                let value = self.0 / size;
                let decimals = if value < 9.995 { 2 } else { usize::from(value < 99.95) };
                write!(f, "{value:.decimals$} {unit}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_have_three_digits() {
        let shown =
            [0.0, 999.0, 999.6, 1234.0, 99_960.0, 999_600.0, 5.2e7, 3e13].map(|value| Scaled(value).to_string());
        assert_eq!(shown, ["0", "999", "1.00 k", "1.23 k", "100 k", "1.00 M", "52.0 M", "30.0 T"]);
    }
}
