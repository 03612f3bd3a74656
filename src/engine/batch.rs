//! The seam: what a world yields for one pair and one slice of time, and what listeners consume.
//!
//! Streams, the event ring and the naive heap are three ways to make the same batches. A listener sees [`Arrival`]s; only
//! the metrics see the rest, which is truth.

use crate::units::SimTime;

/// A heartbeat that a monitor processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When it was processed. Inside the engine, before the monitor's own stalls are applied, when it arrived.
    pub at: SimTime,
    /// When it was sent.
    pub sent: SimTime,
    /// Its number within the incarnation.
    pub seq: u64,
    /// The sender's incarnation.
    pub incarnation: u32,
}

impl Arrival {
    /// Arrivals of one pair in the order in which they are processed.
    #[must_use]
    pub const fn order(&self) -> (u64, u32, u64) {
        (self.at.as_nanos(), self.incarnation, self.seq)
    }
}

/// A heartbeat that was sent and never processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// When it was sent.
    pub sent: SimTime,
    /// Its number within the incarnation.
    pub seq: u64,
    /// The sender's incarnation.
    pub incarnation: u32,
    /// Where it was lost.
    pub place: LossPlace,
}

/// Where a heartbeat was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossPlace {
    /// In the network, in the ordinary state of the path.
    Path,
    /// In the network, in a bad spell of the path.
    Burst,
    /// At a partition.
    Cut,
    /// At a monitor that was down, or that crashed while the message waited.
    Monitor,
}

/// Slots of a node that fell into one stall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// When the first was due.
    pub due: SimTime,
    /// Number of the first.
    pub seq: u64,
    /// How many were missed.
    pub count: u64,
    /// The sender's incarnation.
    pub incarnation: u32,
    /// When the node woke; where it did not, when it crashed, or the end of the slice in which it still stands.
    pub woke: SimTime,
}

/// A change of truth for one pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TruthEvent {
    /// When.
    pub at: SimTime,
    /// What.
    pub change: Truth,
}

/// What changed. The order is the order in which changes of one instant apply: ends, starts, arrivals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// The node was started again.
    NodeUp,
    /// The monitor was started again.
    MonitorUp,
    /// The path from node to monitor was mended.
    CutEnd,
    /// The node crashed.
    NodeDown,
    /// The monitor crashed.
    MonitorDown,
    /// The path from node to monitor was cut.
    CutStart,
    /// The first heartbeat of the current incarnation since a start of either side or the end of a cut.
    Heard,
    /// A recording of this node ended.
    RecordingEnd,
}

/// What one pair went through in one slice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Heartbeats processed in the slice, in the order of processing.
    pub arrivals: Vec<Arrival>,
    /// Changes of truth in the slice, in order.
    pub truth: Vec<TruthEvent>,
    /// Heartbeats lost whose loss became certain in the slice.
    pub lost: Vec<Lost>,
    /// Heartbeats that the node sent in the slice.
    pub sent: u64,
}

impl Batch {
    /// Empties the batch and keeps its memory.
    pub fn clear(&mut self) {
        self.arrivals.clear();
        self.truth.clear();
        self.lost.clear();
        self.sent = 0;
    }
}
