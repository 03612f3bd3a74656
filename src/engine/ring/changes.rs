//! What faults do to the ring in one slice: changes of hosts and paths in the order in which they apply.
//!
//! Faults depend on nothing that happens in the ring, so a slice's changes are known when it begins.

use crate::engine::batch::{Truth, TruthEvent};
use crate::engine::cut::{CutEdge, Cuts};
use crate::engine::host::{Host, HostChange, HostEdge, HostId};
use crate::engine::strikes::FaultLaw;
use crate::engine::view::View;
use crate::model::World;
use crate::units::SimTime;

/// A change of a host or a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) at: u64,
    pub(super) what: What,
}

/// What changes. Of one instant: nodes, monitors, paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A node, counted within the ring.
    Node(u32, HostChange),
    /// A monitor.
    Monitor(u32, HostChange),
    /// The path of a pair, which is cut from here on, or whole.
    Cut(u32, bool),
}

impl Change {
    /// Whether a fault starts; it ends otherwise.
    const fn is_start(&self) -> bool {
        match self.what {
            What::Node(_, change) | What::Monitor(_, change) => matches!(change, HostChange::Down | HostChange::Stall),
            What::Cut(_, cut) => cut,
        }
    }

    /// What it changes in the truth of a pair.
    pub(super) const fn truth(&self) -> Option<TruthEvent> {
        let change = match self.what {
            What::Node(_, HostChange::Up) => Truth::NodeUp,
            What::Node(_, HostChange::Down) => Truth::NodeDown,
            What::Monitor(_, HostChange::Up) => Truth::MonitorUp,
            What::Monitor(_, HostChange::Down) => Truth::MonitorDown,
            What::Cut(_, true) => Truth::CutStart,
            What::Cut(_, false) => Truth::CutEnd,
            What::Node(_, HostChange::Wake | HostChange::Stall)
            | What::Monitor(_, HostChange::Wake | HostChange::Stall) => return None,
        };
        Some(TruthEvent { at: SimTime::from_nanos(self.at), change })
    }

    /// Of one instant, what ends comes before what starts.
    const fn order(&self) -> (u64, bool, u32, u32) {
        let (kind, entity) = match self.what {
            What::Node(node, _) => (0, node),
            What::Monitor(monitor, _) => (1, monitor),
            What::Cut(pair, _) => (2, pair),
        };
        (self.at, self.is_start(), kind, entity)
    }
}

/// The faults of the ring's nodes and paths. Those of monitors come with the views.
#[derive(Debug)]
pub(super) struct Schedules {
    hosts: Vec<(u32, Host)>,
    cuts: Vec<(u32, Cuts)>,
    host_edges: Vec<HostEdge>,
    cut_edges: Vec<CutEdge>,
}

impl Schedules {
    /// The schedules at the start of a trial. `nodes` are from 0; those without faults are left out.
    pub(super) fn new(world: &World, faults: &[FaultLaw], nodes: impl Iterator<Item = u32> + Clone) -> Self {
        let pairs = nodes.clone().flat_map(|node| (0..world.monitors).map(move |monitor| (node, monitor)));
        let hosts = (0..).zip(nodes.map(|node| Host::new(world, faults, HostId::Node(node))));
        let cuts = (0..).zip(pairs.map(|(node, monitor)| Cuts::new(world, faults, node, monitor)));
        Self {
            hosts: hosts.filter(|(_, host)| !host.is_safe()).collect(),
            cuts: cuts.filter(|(_, cuts)| !cuts.is_safe()).collect(),
            host_edges: Vec::new(),
            cut_edges: Vec::new(),
        }
    }

    /// The changes of the slice that ends at `until`, in order.
    pub(super) fn advance(&mut self, views: &[View], until: u64) -> Vec<Change> {
        let mut changes = Vec::new();
        for (node, host) in &mut self.hosts {
            self.host_edges.clear();
            host.advance(until, &mut self.host_edges);
            let edges = self.host_edges.iter();
            changes.extend(edges.map(|edge| Change { at: edge.at, what: What::Node(*node, edge.change) }));
        }
        for (view, monitor) in views.iter().zip(0..) {
            let edges = view.edges.iter();
            changes.extend(edges.map(|edge| Change { at: edge.at, what: What::Monitor(monitor, edge.change) }));
        }
        for (pair, cuts) in &mut self.cuts {
            self.cut_edges.clear();
            cuts.advance(until, &mut self.cut_edges);
            changes.extend(self.cut_edges.iter().map(|edge| Change { at: edge.at, what: What::Cut(*pair, edge.cut) }));
        }
        // Stable: two changes of one host at one instant stay in the order in which they were told.
        changes.sort_by_key(Change::order);
        changes
    }
}
