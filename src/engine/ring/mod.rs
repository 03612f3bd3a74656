//! The event ring: the general engine, for worlds whose parts share state that changes as they run.
//!
//! One queue holds what is about to happen to all of its nodes, paths and monitors, as small events in buckets of time
//! ([`calendar`]). Events are ordered by (time, rank, entity), a total order that does not depend on who put them in, so
//! the ring makes the same batches as [streams](super::stream), which share nothing and need no queue. Links, costs per
//! message and protocols are further ranks of events.
//!
//! It knows no listeners: no event is a deadline.

mod calendar;
mod changes;
mod event;
mod flights;

use std::ops::Range;

use calendar::Calendar;
use changes::{Change, Schedules, What};
use event::{Event, Key, Rank};
use flights::{Flights, Queue};

use super::batch::{Arrival, Batch, LossPlace, Lost, Missed, Truth, TruthEvent};
use super::host::{HostChange, HostEdge};
use super::inbox::HostState;
use super::path::{Fate, Path, PathLaw};
use super::sender::{SendLaw, Sender};
use super::source::{PairBatch, Source};
use super::strikes::FaultLaw;
use super::view::View;
use crate::model::{Heartbeat, World};
use crate::units::SimTime;

/// Some nodes of a pushed world, with their paths to every monitor.
pub(crate) struct Ring<'w> {
    paths: &'w PathLaw,
    sends: SendLaw,
    first_node: u32,
    schedules: Schedules,
    /// The changes of the slice at hand: events of faults point into it.
    changes: Vec<Change>,
    calendar: Calendar,
    flights: Flights,
    nodes: Vec<Node>,
    monitors: u32,
    hosts: Vec<MonitorHost>,
    /// Node-major.
    pairs: Vec<Pair>,
    /// Slots that fell into stalls which ended in the slice, with their node.
    missed: Vec<(u32, Missed)>,
}

struct Node {
    sender: Sender,
    /// Heartbeats sent in the slice.
    sent: u64,
}

/// A monitor's host. Messages that reach it while it stands still wait in one queue.
#[derive(Default)]
struct MonitorHost {
    state: HostState,
    waiting: Vec<(u32, Arrival)>,
}

struct Pair {
    path: Path,
    flying: Queue,
    /// No heartbeat of the current incarnation was processed since a start of either side or the end of a cut.
    awaiting: bool,
    batch: Batch,
}

impl<'w> Ring<'w> {
    /// The ring of some nodes (from 0) at the start of a trial.
    pub(crate) fn new(
        world: &World,
        heartbeat: &Heartbeat,
        paths: &'w PathLaw,
        faults: &[FaultLaw],
        trial: u32,
        nodes: Range<u32>,
    ) -> Self {
        let sends = SendLaw::new(world, heartbeat, trial);
        let pairs = nodes.clone().flat_map(|node| (0..world.monitors).map(move |monitor| (node, monitor)));
        let pairs = pairs.map(|(node, monitor)| Pair {
            path: Path::new(paths, node, monitor),
            flying: Queue::EMPTY,
            awaiting: true,
            batch: Batch::default(),
        });
        let pairs: Vec<Pair> = pairs.collect();
        let events_an_interval = (nodes.len() + pairs.len()) as u64;
        let mut ring = Self {
            paths,
            first_node: nodes.start,
            schedules: Schedules::new(world, faults, nodes.clone()),
            changes: Vec::new(),
            calendar: Calendar::new(events_an_interval, heartbeat.interval.as_nanos()),
            flights: Flights::default(),
            nodes: nodes.map(|node| Node { sender: Sender::new(&sends, node), sent: 0 }).collect(),
            monitors: world.monitors,
            hosts: (0..world.monitors).map(|_| MonitorHost::default()).collect(),
            pairs,
            missed: Vec::new(),
            sends,
        };
        for node in 0..number(ring.nodes.len()) {
            ring.schedule_send(node);
        }
        ring
    }

    fn begin_slice(&mut self, views: &[View], until: u64) {
        self.schedules.advance(views, until, &mut self.changes);
        for (change, place) in self.changes.iter().zip(0..) {
            self.calendar.push(change.at, Key::new(change.rank(), place));
        }
        self.missed.clear();
        self.nodes.iter_mut().for_each(|node| node.sent = 0);
        self.pairs.iter_mut().for_each(|pair| pair.batch.clear());
    }

    fn handle(&mut self, Event { at, key }: Event) {
        let entity = key.entity();
        match key.rank() {
            Rank::FaultEnd | Rank::FaultStart => self.change(self.changes[entity as usize]),
            Rank::Send => self.send(entity, at),
            Rank::Backlog => self.process_backlog(entity, at),
            Rank::Arrival => self.arrive(entity),
        }
    }

    fn change(&mut self, change: Change) {
        let truth = change.truth();
        match change.what {
            What::Node(node, what) => self.change_node(node, HostEdge { at: change.at, change: what }, truth),
            What::Monitor(monitor, what) => self.change_monitor(monitor, change.at, what, truth),
            What::Cut(pair, cut) => {
                let pair = &mut self.pairs[pair as usize];
                pair.path.set_cut(cut);
                pair.note(truth);
            }
        }
    }

    fn change_node(&mut self, node: u32, edge: HostEdge, truth: Option<TruthEvent>) {
        if let Some(missed) = self.nodes[node as usize].sender.change(&self.sends, &edge) {
            self.missed.push((node, missed));
        }
        self.schedule_send(node);
        let pairs = self.pairs_of(node);
        self.pairs[pairs].iter_mut().for_each(|pair| pair.note(truth));
    }

    fn change_monitor(&mut self, monitor: u32, at: u64, change: HostChange, truth: Option<TruthEvent>) {
        let host = &mut self.hosts[monitor as usize];
        host.state = HostState::after(change);
        match change {
            HostChange::Wake => self.calendar.push(at, Key::new(Rank::Backlog, monitor)),
            HostChange::Down => {
                for (pair, message) in host.waiting.drain(..) {
                    self.pairs[pair as usize].batch.lost.push(lost_at_monitor(message));
                }
            }
            HostChange::Up | HostChange::Stall => {}
        }
        let pairs = self.pairs.iter_mut().skip(monitor as usize).step_by(self.monitors as usize);
        pairs.for_each(|pair| pair.note(truth));
    }

    fn pairs_of(&self, node: u32) -> Range<usize> {
        let first = node as usize * self.monitors as usize;
        first..first + self.monitors as usize
    }

    /// Puts a node's next send into the queue. Events for sends that no longer stand are passed over when they come.
    fn schedule_send(&mut self, node: u32) {
        let at = self.nodes[node as usize].sender.next_send();
        if at < u64::MAX {
            self.calendar.push(at, Key::new(Rank::Send, node));
        }
    }

    fn send(&mut self, node: u32, at: u64) {
        if self.nodes[node as usize].sender.next_send() != at {
            return;
        }
        while self.nodes[node as usize].sender.next_send() == at {
            let sender = &mut self.nodes[node as usize].sender;
            let (incarnation, seq) = (sender.incarnation(), sender.send(&self.sends));
            self.nodes[node as usize].sent += 1;
            for index in self.pairs_of(node) {
                self.transmit(index, at, incarnation, seq);
            }
        }
        self.schedule_send(node);
    }

    fn transmit(&mut self, index: usize, at: u64, incarnation: u32, seq: u64) {
        let pair = &mut self.pairs[index];
        let sent = SimTime::from_nanos(at);
        match pair.path.carry_one(self.paths, at, seq, incarnation) {
            Fate::Arrives(at) => {
                self.flights.put(&mut pair.flying, Arrival { at, sent, seq, incarnation });
                self.calendar.push(at.as_nanos(), Key::new(Rank::Arrival, number(index)));
            }
            Fate::Lost(place) => pair.batch.lost.push(Lost { sent, seq, incarnation, place }),
        }
    }

    fn arrive(&mut self, index: u32) {
        let Some(message) = self.flights.take(&mut self.pairs[index as usize].flying) else { return };
        let host = &mut self.hosts[(index % self.monitors) as usize];
        match host.state {
            HostState::Running => self.process(index, message),
            HostState::Stalled => host.waiting.push((index, message)),
            HostState::Down => self.pairs[index as usize].batch.lost.push(lost_at_monitor(message)),
        }
    }

    fn process_backlog(&mut self, monitor: u32, at: u64) {
        let host = &mut self.hosts[monitor as usize];
        if host.state != HostState::Running {
            return;
        }
        for (pair, message) in std::mem::take(&mut host.waiting) {
            self.process(pair, Arrival { at: SimTime::from_nanos(at), ..message });
        }
    }

    /// The monitor processes a message, now.
    fn process(&mut self, index: u32, message: Arrival) {
        let pair = &mut self.pairs[index as usize];
        pair.batch.arrivals.push(message);
        if pair.awaiting && message.incarnation == self.nodes[(index / self.monitors) as usize].sender.incarnation() {
            pair.awaiting = false;
            pair.batch.truth.push(TruthEvent { at: message.at, change: Truth::Heard });
        }
    }

    /// The messages that wait at monitors, by pair, in the order in which they came.
    fn waiting(&self) -> Vec<(u32, Arrival)> {
        let mut waiting: Vec<(u32, Arrival)> =
            self.hosts.iter().flat_map(|host| host.waiting.iter().copied()).collect();
        waiting.sort_by_key(|&(pair, _)| pair);
        waiting
    }
}

impl Pair {
    fn note(&mut self, truth: Option<TruthEvent>) {
        let Some(event) = truth else { return };
        self.batch.truth.push(event);
        if matches!(event.change, Truth::NodeUp | Truth::MonitorUp | Truth::CutEnd) {
            self.awaiting = true;
        }
    }
}

impl Source for Ring<'_> {
    fn pairs(&self) -> usize {
        self.pairs.len()
    }

    fn slice(&mut self, views: &[View], until: SimTime, each: &mut dyn FnMut(PairBatch<'_>)) {
        let until = until.as_nanos();
        self.begin_slice(views, until);
        while let Some(event) = self.calendar.pop_before(until) {
            self.handle(event);
        }
        for (node, number) in self.nodes.iter().zip(0..) {
            self.missed.extend(node.sender.swallowed(&self.sends, until).map(|missed| (number, missed)));
        }
        self.missed.sort_by_key(|&(node, _)| node);
        let waiting = self.waiting();
        let (mut missed, mut pending) = (Vec::new(), Vec::new());
        for (pair, local) in self.pairs.iter_mut().zip(0..) {
            let (node, monitor) = (local / self.monitors, local % self.monitors);
            if monitor == 0 {
                replace(&mut missed, of(&self.missed, node));
            }
            replace(&mut pending, of(&waiting, local));
            pending.extend(self.flights.all(pair.flying));
            pair.batch.sent = self.nodes[node as usize].sent;
            each(PairBatch {
                local: local as usize,
                node: self.first_node + node,
                monitor,
                batch: &pair.batch,
                missed: &missed,
                pending: &pending,
            });
        }
    }
}

/// What belongs to one of those by which a list is sorted.
fn of<T: Copy>(sorted: &[(u32, T)], entity: u32) -> impl Iterator<Item = T> {
    let first = sorted.partition_point(|&(other, _)| other < entity);
    sorted[first..].iter().take_while(move |&&(other, _)| other == entity).map(|&(_, item)| item)
}

fn replace<T>(list: &mut Vec<T>, by: impl Iterator<Item = T>) {
    list.clear();
    list.extend(by);
}

const fn lost_at_monitor(message: Arrival) -> Lost {
    Lost { sent: message.sent, seq: message.seq, incarnation: message.incarnation, place: LossPlace::Monitor }
}

/// An index among the ring's nodes or pairs; there are fewer than 2^29.
#[expect(clippy::cast_possible_truncation, reason = "a world has at most 10^7 nodes and pairs")]
const fn number(index: usize) -> u32 {
    index as u32
}
