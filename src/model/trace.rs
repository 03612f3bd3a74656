//! Recorded heartbeats: a world that is replayed instead of drawn.

use crate::units::Span;

/// What was recorded of the heartbeats of several nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The nodes, in the order of their first line.
    pub nodes: Vec<TracedNode>,
}

impl Trace {
    /// Heartbeats that may be missing from a recording at the most. They were lost, so each is sent and counted like one that
    /// was recorded; a longer gap is no loss but a counter that was set anew, or one that does not count heartbeats.
    pub const MOST_MISSING: u64 = 10_000_000;

    /// Heartbeats that were sent: those recorded, and those whose numbers are missing between two of them.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.nodes.iter().map(TracedNode::sent).fold(0, u64::saturating_add)
    }

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

impl TracedNode {
    /// Heartbeats that this node sent, from the first number to the last.
    #[must_use]
    pub fn sent(&self) -> u64 {
        let ends = self.beats.first().zip(self.beats.last());
        ends.map_or(0, |(first, last)| last.seq.saturating_sub(first.seq).saturating_add(1))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_numbers_were_sent_too() {
        let beat = |seq| Recorded { seq, sent: 0, arrived: Some(1) };
        let node =
            |seqs: &[u64]| TracedNode { name: String::new(), beats: seqs.iter().map(|&seq| beat(seq)).collect() };
        let trace = Trace { nodes: vec![node(&[3, 4, 9]), node(&[7]), node(&[])] };
        assert_eq!(trace.sent(), 7 + 1);
        assert_eq!(Trace { nodes: vec![node(&[0, u64::MAX]), node(&[1])] }.sent(), u64::MAX);
    }
}
