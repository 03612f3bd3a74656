//! Streams: pairs that share no mutable state, each advanced alone in its own time order, without any queue.

use std::ops::Range;

use super::batch::{Batch, Missed};
use super::cut::{CutEdge, Cuts};
use super::host::{Host, HostEdge, HostId};
use super::inbox::Inbox;
use super::path::{Path, PathLaw};
use super::sender::{Jitter, Run, SendLaw, Sender};
use super::source::{PairBatch, Source};
use super::strikes::FaultLaw;
use super::truth::TruthWalk;
use super::view::View;
use crate::model::{Heartbeat, World};
use crate::units::SimTime;

/// Some nodes of a pushed world, with their paths to every monitor.
pub(crate) struct Streams<'w> {
    law: &'w PathLaw,
    sends: SendLaw,
    first_node: u32,
    monitors: u32,
    nodes: Vec<Node>,
    pairs: Vec<Pair>,
    scratch: Scratch,
}

struct Node {
    host: Host,
    sender: Sender,
}

struct Pair {
    path: Path,
    cuts: Cuts,
    inbox: Inbox,
    truth: TruthWalk,
}

/// Buffers that are used again for every pair.
#[derive(Default)]
struct Scratch {
    edges: Vec<HostEdge>,
    cuts: Vec<CutEdge>,
    runs: Vec<(Run, Jitter)>,
    missed: Vec<Missed>,
    batch: Batch,
}

impl<'w> Streams<'w> {
    /// The streams of some nodes (from 0) at the start of a trial.
    pub(crate) fn new(
        world: &World,
        heartbeat: &Heartbeat,
        law: &'w PathLaw,
        faults: &[FaultLaw],
        trial: u32,
        nodes: Range<u32>,
    ) -> Self {
        let pairs = nodes.clone().flat_map(|node| (0..world.monitors).map(move |monitor| (node, monitor)));
        let pairs = pairs.map(|(node, monitor)| Pair {
            path: Path::new(law, node, monitor),
            cuts: Cuts::new(world, faults, node, monitor),
            inbox: Inbox::default(),
            truth: TruthWalk::new(),
        });
        let sends = SendLaw::new(world, heartbeat, trial);
        Self {
            law,
            first_node: nodes.start,
            monitors: world.monitors,
            pairs: pairs.collect(),
            nodes: nodes
                .map(|node| Node {
                    host: Host::new(world, faults, HostId::Node(node)),
                    sender: Sender::new(&sends, node),
                })
                .collect(),
            sends,
            scratch: Scratch::default(),
        }
    }
}

impl Source for Streams<'_> {
    fn pairs(&self) -> usize {
        self.pairs.len()
    }

    fn slice(&mut self, views: &[View], until: SimTime, each: &mut dyn FnMut(PairBatch<'_>)) {
        let Scratch { edges, cuts, runs, missed, batch } = &mut self.scratch;
        let mut pairs = self.pairs.iter_mut().enumerate();
        for (node, number) in self.nodes.iter_mut().zip(self.first_node..) {
            edges.clear();
            runs.clear();
            missed.clear();
            node.host.advance(until.as_nanos(), edges);
            node.sender.advance(&self.sends, edges, until.as_nanos(), missed, runs);
            for monitor in 0..self.monitors {
                let Some((local, pair)) = pairs.next() else { return };
                let view = &views[monitor as usize];
                cuts.clear();
                batch.clear();
                pair.cuts.advance(until.as_nanos(), cuts);
                pair.inbox.begin(&mut batch.arrivals);
                batch.sent = pair.path.carry(self.law, runs, cuts, &mut batch.arrivals, &mut batch.lost);
                pair.inbox.receive(&view.edges, until, &mut batch.arrivals, &mut batch.lost);
                pair.truth.walk(edges, &view.edges, cuts, &batch.arrivals, &mut batch.truth);
                let pending = pair.inbox.pending();
                each(PairBatch { local, node: number, monitor, batch, missed, pending });
            }
        }
    }
}
