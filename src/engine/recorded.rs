//! A recording as a source: what really arrived, slice by slice.

use super::batch::{Arrival, Batch, LossPlace, Lost, Truth, TruthEvent};
use super::source::{PairBatch, Source};
use super::view::View;
use crate::model::{Recorded, Trace};
use crate::units::SimTime;

/// The nodes of a recording, each observed from its first arrival to its last.
pub(crate) struct Recording {
    nodes: Vec<Node>,
    batch: Batch,
}

struct Node {
    sends: Vec<Recorded>,
    next_send: usize,
    arrivals: Vec<Arrival>,
    next_arrival: usize,
    /// First and last arrival.
    observed: Option<(SimTime, SimTime)>,
    told: (bool, bool),
}

impl Recording {
    /// The recording at its start.
    ///
    /// # Panics
    /// Where more than [`Trace::MOST_MISSING`] numbers are missing, which would fill the memory: an import refuses that.
    pub(crate) fn new(trace: &Trace) -> Self {
        let recorded = trace.nodes.iter().map(|node| node.beats.len() as u64).sum();
        let missing = trace.sent().saturating_sub(recorded);
        assert!(
            missing <= Trace::MOST_MISSING,
            "a trace misses at most {} numbers, not {missing}",
            Trace::MOST_MISSING
        );
        let nodes = trace.nodes.iter().map(|node| {
            let mut sends = with_missing(&node.beats);
            sends.sort_by_key(|beat| (beat.sent, beat.seq));
            let mut arrivals: Vec<Arrival> = node.beats.iter().filter_map(arrival).collect();
            arrivals.sort_by_key(Arrival::order);
            let observed = arrivals.first().zip(arrivals.last()).map(|(first, last)| (first.at, last.at));
            Node { sends, next_send: 0, arrivals, next_arrival: 0, observed, told: (false, false) }
        });
        Self { nodes: nodes.collect(), batch: Batch::default() }
    }
}

/// The heartbeats with those whose numbers are missing: they were lost, and sent at even steps in between.
fn with_missing(beats: &[Recorded]) -> Vec<Recorded> {
    let mut sends: Vec<Recorded> = Vec::with_capacity(beats.len());
    for beat in beats {
        if let Some(&Recorded { seq, sent, .. }) = sends.last() {
            let steps = beat.seq.saturating_sub(seq).max(1);
            let step = beat.sent.saturating_sub(sent) / steps;
            sends.extend((1..steps).map(|ahead| Recorded {
                seq: seq + ahead,
                sent: sent + ahead * step,
                arrived: None,
            }));
        }
        sends.push(*beat);
    }
    sends
}

fn arrival(beat: &Recorded) -> Option<Arrival> {
    let at = SimTime::from_nanos(beat.arrived?);
    Some(Arrival { at, sent: SimTime::from_nanos(beat.sent), seq: beat.seq, incarnation: 0 })
}

impl Node {
    fn slice(&mut self, until: SimTime, batch: &mut Batch) {
        let here = self.arrivals[self.next_arrival..].partition_point(|arrival| arrival.at < until);
        batch.arrivals.extend_from_slice(&self.arrivals[self.next_arrival..self.next_arrival + here]);
        self.next_arrival += here;
        let sends = self.sends[self.next_send..].partition_point(|beat| SimTime::from_nanos(beat.sent) < until);
        for beat in &self.sends[self.next_send..self.next_send + sends] {
            batch.sent += 1;
            if beat.arrived.is_none() {
                let sent = SimTime::from_nanos(beat.sent);
                batch.lost.push(Lost { sent, seq: beat.seq, incarnation: 0, place: LossPlace::Path });
            }
        }
        self.next_send += sends;
        let Some((first, last)) = self.observed else { return };
        for (told, at, change) in
            [(&mut self.told.0, first, Truth::Heard), (&mut self.told.1, last, Truth::RecordingEnd)]
        {
            if !*told && at < until {
                *told = true;
                batch.truth.push(TruthEvent { at, change });
            }
        }
    }
}

impl Source for Recording {
    fn pairs(&self) -> usize {
        self.nodes.len()
    }

    fn slice(&mut self, _views: &[View], until: SimTime, each: &mut dyn FnMut(PairBatch<'_>)) {
        for ((local, node), number) in self.nodes.iter_mut().enumerate().zip(0..) {
            self.batch.clear();
            node.slice(until, &mut self.batch);
            let batch = &self.batch;
            each(PairBatch {
                local,
                node: number,
                monitor: 0,
                batch,
                missed: &[],
                pending: &node.arrivals[node.next_arrival..],
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_number_is_a_lost_heartbeat() {
        let beat = |seq, sent| Recorded { seq, sent, arrived: Some(sent + 1) };
        let lost = |seq, sent| Recorded { seq, sent, arrived: None };
        let filled = with_missing(&[beat(0, 0), beat(3, 300), beat(4, 400)]);
        assert_eq!(filled, [beat(0, 0), lost(1, 100), lost(2, 200), beat(3, 300), beat(4, 400)]);
    }

    #[test]
    #[should_panic(expected = "a trace misses at most 10000000 numbers")]
    fn a_counter_that_was_set_anew_is_no_trace() {
        let beat = |seq| Recorded { seq, sent: 0, arrived: Some(1) };
        let node = crate::model::TracedNode { name: "a".to_owned(), beats: vec![beat(0), beat(u64::MAX)] };
        let _ = Recording::new(&Trace { nodes: vec![node] });
    }
}
