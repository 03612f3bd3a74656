//! When the two hosts and the path of one pair did not work: for pictures and explanations.

use super::cut::Cuts;
use super::host::{Host, HostChange, HostId};
use super::laws::Laws;
use super::strikes::FaultLaw;
use crate::model::World;
use crate::units::SimTime;

/// A stretch in which something of a pair did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stoppage {
    /// What did not.
    pub kind: StoppageKind,
    /// From when.
    pub from: SimTime,
    /// Until when.
    pub to: SimTime,
}

/// What did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoppageKind {
    /// The node stood still.
    NodeStalled,
    /// The node was down.
    NodeDown,
    /// The monitor stood still.
    MonitorStalled,
    /// The monitor was down.
    MonitorDown,
    /// The path was cut.
    PathCut,
}

/// The stoppages of a pair (from 0) in one trial (from 1) that touch [from, to), by kind and then by time.
#[must_use]
pub fn stoppages(
    world: &World,
    laws: &Laws,
    trial: u32,
    (node, monitor): (u32, u32),
    (from, to): (SimTime, SimTime),
) -> Vec<Stoppage> {
    let faults = world.faults.iter().zip(&laws.faults).map(|(fault, laws)| FaultLaw::new(world, trial, fault, laws));
    let faults: Vec<FaultLaw> = faults.collect();
    let mut found =
        host(Host::new(world, &faults, HostId::Node(node)), to, [StoppageKind::NodeStalled, StoppageKind::NodeDown]);
    found.extend(host(
        Host::new(world, &faults, HostId::Monitor(monitor)),
        to,
        [StoppageKind::MonitorStalled, StoppageKind::MonitorDown],
    ));
    let mut edges = Vec::new();
    Cuts::new(world, &faults, node, monitor).advance(to.as_nanos(), &mut edges);
    let mut open = None;
    for edge in edges {
        let at = SimTime::from_nanos(edge.at);
        found.extend(open.take().map(|from| Stoppage { kind: StoppageKind::PathCut, from, to: at }));
        open = edge.cut.then_some(at);
    }
    found.extend(open.map(|from| Stoppage { kind: StoppageKind::PathCut, from, to }));
    found.retain(|stoppage| stoppage.to > from && stoppage.from < to);
    found
}

fn host(mut host: Host, to: SimTime, [stalled, down]: [StoppageKind; 2]) -> Vec<Stoppage> {
    let mut edges = Vec::new();
    host.advance(to.as_nanos(), &mut edges);
    let mut found = Vec::new();
    let mut open: Option<(StoppageKind, SimTime)> = None;
    for edge in edges {
        let at = SimTime::from_nanos(edge.at);
        found.extend(open.take().map(|(kind, from)| Stoppage { kind, from, to: at }));
        open = match edge.change {
            HostChange::Stall => Some((stalled, at)),
            HostChange::Down => Some((down, at)),
            HostChange::Wake | HostChange::Up => None,
        };
    }
    found.extend(open.map(|(kind, from)| Stoppage { kind, from, to }));
    found
}
