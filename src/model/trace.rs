//! Recorded heartbeats: a world that is replayed instead of drawn.

use crate::units::Span;

/// What was recorded of the heartbeats of several nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The nodes, in the order of their first line.
    pub nodes: Vec<TracedNode>,
}

impl Trace {
    /// The median time from send to arrival, of all heartbeats that arrived; zero where the clocks differ by more.
    #[must_use]
    pub fn median_delay(&self) -> Span {
        let beats = self.nodes.iter().flat_map(|node| &node.beats);
        let mut delays: Vec<u64> = beats.filter_map(|beat| Some(beat.arrived?.saturating_sub(beat.sent))).collect();
        delays.sort_unstable();
        delays.get(delays.len().saturating_sub(1) / 2).map_or(Span::ZERO, |&nanos| Span::from_nanos(nanos))
    }
}

/// The heartbeats of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracedNode {
    /// The name that stands in the recording.
    pub name: String,
    /// Its heartbeats in the order of their sequence number, each number once.
    pub beats: Vec<Recorded>,
}

/// One recorded heartbeat. Times are nanoseconds from the earliest instant of the whole trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Sequence number.
    pub seq: u64,
    /// When it was sent, by the sender's clock.
    pub sent: u64,
    /// When it arrived, by the observer's clock; `None` where it was lost. May lie before `sent`: clocks differ.
    pub arrived: Option<u64>,
}
