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
    pub(crate) fn new(trace: &Trace) -> Self {
        let nodes = trace.nodes.iter().map(|node| {
            let mut sends = node.beats.clone();
            sends.sort_by_key(|beat| (beat.sent, beat.seq));
            let mut arrivals: Vec<Arrival> = node.beats.iter().filter_map(arrival).collect();
            arrivals.sort_by_key(Arrival::order);
            let observed = arrivals.first().zip(arrivals.last()).map(|(first, last)| (first.at, last.at));
            Node { sends, next_send: 0, arrivals, next_arrival: 0, observed, told: (false, false) }
        });
        Self { nodes: nodes.collect(), batch: Batch::default() }
    }
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
