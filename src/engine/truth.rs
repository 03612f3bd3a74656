//! The changes of truth of one pair, put in order from the edges of its node, its monitor and its path.

use super::batch::{Arrival, Truth, TruthEvent};
use super::cut::CutEdge;
use super::host::{HostChange, HostEdge};
use crate::units::SimTime;

/// What a pair remembers of its truth between two slices.
#[derive(Clone, Debug)]
pub(crate) struct TruthWalk {
    incarnation: u32,
    awaiting: bool,
}

impl TruthWalk {
    /// At the start of a trial: both sides run, nothing was heard.
    pub(crate) const fn new() -> Self {
        Self { incarnation: 0, awaiting: true }
    }

    /// Appends the changes of one slice to `truth`, in order.
    pub(crate) fn walk(
        &mut self,
        node: &[HostEdge],
        monitor: &[HostEdge],
        cuts: &[CutEdge],
        arrivals: &[Arrival],
        truth: &mut Vec<TruthEvent>,
    ) {
        if node.is_empty() && monitor.is_empty() && cuts.is_empty() && !self.awaiting {
            return;
        }
        truth.extend(node.iter().filter_map(|edge| host_event(edge, Truth::NodeUp, Truth::NodeDown)));
        truth.extend(monitor.iter().filter_map(|edge| host_event(edge, Truth::MonitorUp, Truth::MonitorDown)));
        truth.extend(cuts.iter().map(|edge| event(edge.at, if edge.cut { Truth::CutStart } else { Truth::CutEnd })));
        truth.sort_by_key(|event| (event.at, event.change));
        self.add_heard(arrivals, truth);
    }

    /// Adds the first heartbeat after each start and each cut.
    fn add_heard(&mut self, arrivals: &[Arrival], truth: &mut Vec<TruthEvent>) {
        let mut heard = Vec::new();
        let mut from = SimTime::ZERO;
        for next in truth.iter().map(Some).chain([None]) {
            let until = next.map_or(SimTime::MAX, |event| event.at);
            if self.awaiting
                && let Some(at) = self.first_of_incarnation(arrivals, from, until)
            {
                heard.push(TruthEvent { at, change: Truth::Heard });
                self.awaiting = false;
            }
            if let Some(event) = next {
                from = event.at;
                match event.change {
                    Truth::NodeUp => {
                        self.incarnation += 1;
                        self.awaiting = true;
                    }
                    Truth::MonitorUp | Truth::CutEnd => self.awaiting = true,
                    _ => {}
                }
            }
        }
        if !heard.is_empty() {
            truth.extend(heard);
            truth.sort_by_key(|event| (event.at, event.change));
        }
    }

    fn first_of_incarnation(&self, arrivals: &[Arrival], from: SimTime, until: SimTime) -> Option<SimTime> {
        let start = arrivals.partition_point(|arrival| arrival.at < from);
        let first = arrivals[start..].iter().find(|arrival| arrival.incarnation == self.incarnation)?;
        (first.at < until).then_some(first.at)
    }
}

fn host_event(edge: &HostEdge, up: Truth, down: Truth) -> Option<TruthEvent> {
    match edge.change {
        HostChange::Up => Some(event(edge.at, up)),
        HostChange::Down => Some(event(edge.at, down)),
        HostChange::Wake | HostChange::Stall => None,
    }
}

const fn event(at: u64, change: Truth) -> TruthEvent {
    TruthEvent { at: SimTime::from_nanos(at), change }
}
