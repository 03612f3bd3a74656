//! What a monitor's host does to messages of one pair: they wait while it is stalled, and are lost while it is down.

use super::batch::{Arrival, LossPlace, Lost};
use super::host::{HostChange, HostEdge};
use crate::units::SimTime;

/// Messages of one pair on their way: in flight, or waiting at a stalled monitor.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inbox {
    pending: Vec<Arrival>,
    host: HostState,
}

/// What the monitor's host does just now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum HostState {
    #[default]
    Running,
    Stalled,
    Down,
}

impl HostState {
    pub(crate) const fn after(change: HostChange) -> Self {
        match change {
            HostChange::Up | HostChange::Wake => Self::Running,
            HostChange::Stall => Self::Stalled,
            HostChange::Down => Self::Down,
        }
    }
}

impl Inbox {
    /// Messages that are still on their way at the end of the slice.
    pub(crate) fn pending(&self) -> &[Arrival] {
        &self.pending
    }

    /// Begins a slice: puts the messages that were on their way into `arrivals`.
    pub(crate) fn begin(&mut self, arrivals: &mut Vec<Arrival>) {
        arrivals.append(&mut self.pending);
    }

    /// Turns `arrivals` (what was on its way, then as sent in this slice) into what is processed before `until`, in order. The rest
    /// stays for later; what meets a monitor that is down goes to `lost`.
    pub(crate) fn receive(
        &mut self,
        edges: &[HostEdge],
        until: SimTime,
        arrivals: &mut Vec<Arrival>,
        lost: &mut Vec<Lost>,
    ) {
        if !arrivals.is_sorted_by(|one, next| one.at < next.at || one.order() <= next.order()) {
            // Mostly in order already, which a stable sort makes use of.
            arrivals.sort_by_key(Arrival::order);
        }
        let due = arrivals.partition_point(|arrival| arrival.at < until);
        if edges.is_empty() && self.host == HostState::Running {
            self.pending.extend_from_slice(&arrivals[due..]);
            arrivals.truncate(due);
            return;
        }
        self.walk(edges, due, arrivals, lost);
    }

    /// The same where the monitor stalls or crashes in the slice. `due` arrivals come before its end.
    fn walk(&mut self, edges: &[HostEdge], due: usize, arrivals: &mut Vec<Arrival>, lost: &mut Vec<Lost>) {
        let waiting = std::mem::take(arrivals);
        let mut held: Vec<Arrival> = Vec::new();
        let mut edges = edges.iter().peekable();
        let pass = |state: &mut HostState,
                    held: &mut Vec<Arrival>,
                    edge: &HostEdge,
                    out: &mut Vec<Arrival>,
                    lost: &mut Vec<Lost>| {
            *state = HostState::after(edge.change);
            match edge.change {
                HostChange::Wake => {
                    let at = SimTime::from_nanos(edge.at);
                    out.extend(held.drain(..).map(|arrival| Arrival { at, ..arrival }));
                }
                HostChange::Down => lost.extend(held.drain(..).map(at_monitor)),
                HostChange::Up | HostChange::Stall => {}
            }
        };
        for arrival in &waiting[..due] {
            while let Some(edge) = edges.next_if(|edge| edge.at <= arrival.at.as_nanos()) {
                pass(&mut self.host, &mut held, edge, arrivals, lost);
            }
            match self.host {
                HostState::Running => arrivals.push(*arrival),
                HostState::Stalled => held.push(*arrival),
                HostState::Down => lost.push(at_monitor(*arrival)),
            }
        }
        for edge in edges {
            pass(&mut self.host, &mut held, edge, arrivals, lost);
        }
        self.pending.extend(held);
        self.pending.extend_from_slice(&waiting[due..]);
    }
}

const fn at_monitor(arrival: Arrival) -> Lost {
    Lost { sent: arrival.sent, seq: arrival.seq, incarnation: arrival.incarnation, place: LossPlace::Monitor }
}
