//! The truth of one pair as a walk: who runs, whether the path is whole, whether the monitor has heard the node.

use crate::engine::{Trouble, Truth, TruthEvent};
use crate::units::SimTime;

/// What is true of a pair just now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PairTruth {
    pub(crate) node_up: bool,
    pub(crate) monitor_up: bool,
    pub(crate) cut: bool,
    /// Heard since either side last started.
    pub(crate) heard: bool,
    /// Heard in this life of the node, whatever became of the monitor since.
    pub(crate) heard_this_life: bool,
    /// Heard since the last cut ended.
    pub(crate) heard_since_cut: bool,
    /// Heard at all.
    pub(crate) ever_heard: bool,
    /// When either side last started, and whether that was a restart.
    started: (SimTime, bool),
    /// When the last cut ended.
    mended: Option<SimTime>,
}

impl PairTruth {
    /// At the start of a trial.
    pub(crate) const fn new() -> Self {
        Self {
            node_up: true,
            monitor_up: true,
            cut: false,
            heard: false,
            heard_this_life: false,
            heard_since_cut: true,
            ever_heard: false,
            started: (SimTime::ZERO, false),
            mended: None,
        }
    }

    /// Applies one change.
    pub(crate) const fn apply(&mut self, event: TruthEvent) {
        match event.change {
            Truth::NodeUp | Truth::MonitorUp => {
                if matches!(event.change, Truth::NodeUp) {
                    self.node_up = true;
                    self.heard_this_life = false;
                } else {
                    self.monitor_up = true;
                }
                self.heard = false;
                self.started = (event.at, true);
            }
            Truth::NodeDown | Truth::RecordingEnd => self.node_up = false,
            Truth::MonitorDown => self.monitor_up = false,
            Truth::CutStart => self.cut = true,
            Truth::CutEnd => {
                self.cut = false;
                self.heard_since_cut = false;
                self.mended = Some(event.at);
            }
            Truth::Heard => {
                self.heard = true;
                self.heard_this_life = true;
                self.heard_since_cut = true;
                self.ever_heard = true;
            }
        }
    }

    /// Whether the pair is in exposure: both run, the path is whole, and the monitor has heard the node.
    pub(crate) const fn exposed(&self) -> bool {
        self.node_up && self.monitor_up && !self.cut && self.heard
    }

    /// Whether a suspicion now is of an unreachable node: from the start of a cut to the first arrival after it.
    pub(crate) const fn unreachable(&self) -> bool {
        self.node_up && self.monitor_up && self.heard && (self.cut || !self.heard_since_cut)
    }

    /// How long ago either side started.
    pub(crate) const fn since_start(&self, now: SimTime) -> crate::units::Span {
        now.since(self.started.0)
    }

    /// What made a detector's memory young or marked last, and when.
    pub(crate) fn memory(&self) -> (Trouble, SimTime) {
        let (at, restarted) = self.started;
        match self.mended {
            Some(mended) if mended > at => (Trouble::PartitionAftermath, mended),
            _ if restarted => (Trouble::Restart, at),
            _ => (Trouble::Bootstrap, at),
        }
    }
}
