//! One host over time: up, stalled or down. A node that sends and a monitor that listens are hosts alike.
//!
//! A host's edges depend on its faults alone; nothing here knows of heartbeats or detectors.

use super::strikes::{FaultLaw, Strike, Strikes};
use crate::model::{Fault, FaultKind, World};

/// What changed at a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostChange {
    /// It was started again.
    Up,
    /// It goes on after a stall.
    Wake,
    /// It crashed; a stall ends with it.
    Down,
    /// It stands still.
    Stall,
}

/// A change at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostEdge {
    pub(crate) at: u64,
    pub(crate) change: HostChange,
}

/// Which host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostId {
    /// Node, from 0.
    Node(u32),
    /// Monitor, from 0.
    Monitor(u32),
}

impl HostId {
    /// The number that keys the host's draws.
    pub(crate) const fn entity(self) -> u64 {
        match self {
            Self::Node(index) => index as u64 + 1,
            Self::Monitor(index) => (1 << 32) + index as u64 + 1,
        }
    }

    const fn hit_by(self, fault: &Fault) -> Option<bool> {
        let (on, crash) = match &fault.kind {
            FaultKind::Crash { on, .. } => (on, true),
            FaultKind::Pause { on, .. } => (on, false),
            FaultKind::Partition { .. } => return None,
        };
        let hit = match self {
            Self::Node(index) => on.covers_node(index + 1),
            Self::Monitor(index) => on.covers_monitor(index + 1),
        };
        if hit { Some(crash) } else { None }
    }
}

/// What a host does just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    StalledUntil(u64),
    DownUntil(u64),
}

/// The walk of one host through its faults.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    faults: Vec<HostFault>,
    state: State,
}

#[derive(Clone, Debug)]
struct HostFault {
    crash: bool,
    next: Option<Strike>,
    strikes: Strikes,
}

impl Host {
    /// The host at the start of a trial: running. `laws` are those of `world.faults`, in order.
    pub(crate) fn new(world: &World, laws: &[FaultLaw], id: HostId) -> Self {
        let faults = world.faults.iter().zip(laws).filter_map(|(fault, law)| {
            let crash = id.hit_by(fault)?;
            let mut strikes = law.strikes(id.entity());
            Some(HostFault { crash, next: strikes.next(), strikes })
        });
        Self { faults: faults.collect(), state: State::Running }
    }

    /// Whether no fault ever strikes it.
    pub(crate) const fn is_safe(&self) -> bool {
        self.faults.is_empty()
    }

    /// Appends the edges from where the walk stands up to but not including `until`.
    pub(crate) fn advance(&mut self, until: u64, edges: &mut Vec<HostEdge>) {
        loop {
            let ends = match self.state {
                State::Running => u64::MAX,
                State::StalledUntil(end) | State::DownUntil(end) => end,
            };
            let first = self.first_strike();
            // Of one instant, ends apply before starts; but stalls that touch are one stall.
            let touches = |strike: Strike| match self.state {
                State::StalledUntil(end) => strike.start <= end,
                State::DownUntil(end) => strike.start < end,
                State::Running => true,
            };
            match first {
                Some((index, strike)) if touches(strike) => {
                    if strike.start >= until {
                        return;
                    }
                    self.strike(index, strike, edges);
                }
                _ if ends < until => {
                    let change =
                        if matches!(self.state, State::DownUntil(_)) { HostChange::Up } else { HostChange::Wake };
                    edges.push(HostEdge { at: ends, change });
                    self.state = State::Running;
                }
                _ => return,
            }
        }
    }

    fn first_strike(&self) -> Option<(usize, Strike)> {
        let strikes = self.faults.iter().enumerate().filter_map(|(index, fault)| Some((index, fault.next?)));
        strikes.min_by_key(|&(index, strike)| (strike.start, index))
    }

    fn strike(&mut self, index: usize, strike: Strike, edges: &mut Vec<HostEdge>) {
        let fault = &mut self.faults[index];
        fault.next = fault.strikes.next();
        if strike.end <= strike.start {
            return;
        }
        let crash = fault.crash;
        match self.state {
            State::DownUntil(_) => {}
            // Also where the stall would have ended at that instant: the host is down before it gets to do anything.
            _ if crash => {
                edges.push(HostEdge { at: strike.start, change: HostChange::Down });
                self.state = State::DownUntil(strike.end);
            }
            State::StalledUntil(end) => self.state = State::StalledUntil(end.max(strike.end)),
            State::Running => {
                edges.push(HostEdge { at: strike.start, change: HostChange::Stall });
                self.state = State::StalledUntil(strike.end);
            }
        }
    }
}
