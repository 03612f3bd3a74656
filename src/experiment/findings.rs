//! What an experiment gives back: sums by row, a timeline of the worst mistake, and transitions where they were asked for.

use crate::analysis::RowInput;

/// Everything that an experiment found.
#[derive(Clone, Debug)]
pub struct Findings {
    /// Rows by (point, detector) in file order, each with the records of its trials.
    pub rows: Vec<RowInput>,
    /// One node around the worst false positive of each detector that made one, in file order of the detectors.
    pub timelines: Vec<Timeline>,
    /// Every change of a verdict, where it was asked for; capped.
    pub transitions: Vec<TransitionRow>,
    /// Transitions that the cap left out.
    pub transitions_left_out: u64,
}

/// One change of a verdict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TransitionRow {
    /// Index into [`Findings::rows`].
    pub row: usize,
    /// Trial, from 1.
    pub trial: u32,
    /// Monitor, from 1.
    pub monitor: u32,
    /// Node, from 1.
    pub node: u32,
    /// When, in nanoseconds from the end of the warm-up (negative before it).
    pub time_ns: i64,
    /// Suspect, else trust.
    pub suspect: bool,
    /// The suspicion level just then.
    pub level: f64,
}

/// One pair around one mistake. All times in seconds from the end of the warm-up.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// Index into [`Findings::rows`].
    pub row: usize,
    /// Trial, from 1.
    pub trial: u32,
    /// Monitor, from 1.
    pub monitor: u32,
    /// Node, from 1.
    pub node: u32,
    /// The stretch that is shown.
    pub from: f64,
    /// Its end.
    pub to: f64,
    /// When the mistake began.
    pub mistake_from: f64,
    /// When it ended.
    pub mistake_to: f64,
    /// Its cause, as the result files name it.
    pub cause: String,
    /// Heartbeats sent in the stretch.
    pub beats: Vec<BeatFate>,
    /// Stalls and cuts in the stretch.
    pub stalls: Vec<Stall>,
    /// Suspicion level over time: (time, level), in ascending time; the level is not a number while the monitor is down.
    pub level: Vec<(f64, f64)>,
    /// The level from which on the verdict is suspect, for detectors that have a level.
    pub level_limit: Option<f64>,
    /// Verdicts: from this time on, suspect or not.
    pub verdicts: Vec<(f64, bool)>,
}

/// What became of one heartbeat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeatFate {
    /// When it was sent.
    pub sent: f64,
    /// When it was processed; `None` where it was lost.
    pub processed: Option<f64>,
}

/// A stretch in which something stood still or was cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Stall {
    /// What: "node stalled", "monitor stalled", "node down", "monitor down", "path cut".
    pub what: &'static str,
    /// Start.
    pub from: f64,
    /// End.
    pub to: f64,
}

/// How an experiment tells how far it is. Called from many threads.
pub trait Progress: Sync {
    /// So many heartbeats more were simulated.
    fn advanced(&self, heartbeats: u64);

    /// Whether the user wants to stop.
    fn stopped(&self) -> bool {
        false
    }
}

/// The user stopped the experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;
