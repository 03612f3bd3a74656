//! When the path from a node to a monitor is cut by partitions: the union of their strikes.

use super::host::HostId;
use super::strikes::{FaultLaw, Strike, Strikes};
use crate::model::{Fault, FaultKind, World};

/// An edge of a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CutEdge {
    pub(crate) at: u64,
    /// Whether the path is cut from here on.
    pub(crate) cut: bool,
}

/// The walk of one path through its partitions.
#[derive(Clone, Debug)]
pub(crate) struct Cuts {
    faults: Vec<(Option<Strike>, Strikes)>,
    cut_until: Option<u64>,
}

impl Cuts {
    /// The path at the start of a trial: whole.
    pub(crate) fn new(world: &World, laws: &[FaultLaw], node: u32, monitor: u32) -> Self {
        let pair = HostId::Node(node).entity() | (HostId::Monitor(monitor).entity() << 32);
        let faults = world.faults.iter().zip(laws).filter(|(fault, _)| blocks(fault, node + 1, monitor + 1));
        let faults = faults.map(|(_, law)| {
            let mut strikes = law.strikes(pair);
            (strikes.next(), strikes)
        });
        Self { faults: faults.collect(), cut_until: None }
    }

    /// Whether no partition ever cuts it.
    pub(crate) const fn is_safe(&self) -> bool {
        self.faults.is_empty()
    }

    /// Appends the edges up to but not including `until`.
    pub(crate) fn advance(&mut self, until: u64, edges: &mut Vec<CutEdge>) {
        loop {
            let first = self.faults.iter_mut().filter(|(next, _)| next.is_some());
            let first = first.min_by_key(|(next, _)| next.map(|strike| strike.start));
            match (self.cut_until, first) {
                // Cuts that touch are one cut.
                (Some(end), Some((next, strikes))) if next.is_some_and(|strike| strike.start <= end) => {
                    let strike = std::mem::replace(next, strikes.next());
                    self.cut_until = Some(end.max(strike.map_or(0, |strike| strike.end)));
                }
                (Some(end), _) => {
                    if end >= until {
                        return;
                    }
                    edges.push(CutEdge { at: end, cut: false });
                    self.cut_until = None;
                }
                (None, Some((next, strikes))) => {
                    let Some(strike) = next.filter(|strike| strike.start < until) else { return };
                    *next = strikes.next();
                    if strike.end > strike.start {
                        edges.push(CutEdge { at: strike.start, cut: true });
                        self.cut_until = Some(strike.end);
                    }
                }
                (None, None) => return,
            }
        }
    }
}

/// Whether a fault blocks messages from the node to the monitor (numbers from 1).
fn blocks(fault: &Fault, node: u32, monitor: u32) -> bool {
    let FaultKind::Partition { from, to, both_ways, .. } = &fault.kind else { return false };
    (from.covers_node(node) && to.covers_monitor(monitor))
        || (*both_ways && from.covers_monitor(monitor) && to.covers_node(node))
}
