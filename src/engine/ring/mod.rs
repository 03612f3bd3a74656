//! The event ring: the general engine, for worlds whose parts share state that changes as they run.
//!
//! Queues hold what is about to happen to all of its nodes, paths and monitors: sends ([`departures`]), and arrivals as small
//! events in buckets of time ([`calendar`]). Each is ordered by (time, entity), a total order that does not depend on who
//! put an event in, so the ring makes the same batches as [streams](super::stream), which share nothing and need no queue.
//!
//! Time is walked in stretches of one bucket, or less where a fault cuts one short. In a stretch nothing that is sent
//! depends on what arrives: all of its sends are made first, and then its arrivals are sorted and processed in one go. (Where
//! arrivals make nodes send, that holds for stretches no longer than what every message takes at least.)
//!
//! It knows no listeners: no event is a deadline.

mod calendar;
mod changes;
mod chronicle;
mod departures;
mod flights;
mod shelves;

use std::ops::Range;

use calendar::{Calendar, Event};
use changes::{Change, Schedules, What};
use chronicle::Chronicle;
use departures::Departures;
use flights::{Flights, Queue};

use super::batch::{Arrival, LossPlace, Lost, Missed, Truth, TruthEvent};
use super::host::{HostChange, HostEdge};
use super::inbox::HostState;
use super::path::{Fate, Path, PathLaw};
use super::sender::{SendLaw, Sender};
use super::source::{PairBatch, Source};
use super::strikes::FaultLaw;
use super::view::View;
use crate::model::{Heartbeat, World};
use crate::rng::Stream;
use crate::units::SimTime;

/// Some nodes of a pushed world, with their paths to every monitor.
///
/// Within the ring, nodes stand in the order in which they first send, and pairs node by node: as time passes, memory is
/// walked from one end to the other.
pub(crate) struct Ring<'w> {
    paths: &'w PathLaw,
    sends: SendLaw,
    first_node: u32,
    schedules: Schedules,
    departures: Departures,
    arrivals: Calendar,
    flights: Flights,
    /// Everything before is done.
    now: u64,
    nodes: Vec<Node>,
    monitors: u32,
    hosts: Vec<MonitorHost>,
    pairs: Vec<Pair>,
    chronicle: Chronicle,
    /// Slots that fell into stalls which ended in the slice, with their node from 0.
    missed: Vec<(u32, Missed)>,
    /// By node from 0: heartbeats sent in the slice.
    sent: Vec<u64>,
}

struct Node {
    /// Which of the ring's nodes this is, in the order of the world.
    number: u32,
    sender: Sender,
    /// When it sends next, or never.
    due: u64,
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
    /// Which of the ring's pairs this is, in the order of the world.
    number: u32,
    monitor: u32,
    flying: Queue,
    /// No heartbeat of the current incarnation was processed since a start of either side or the end of a cut.
    awaiting: bool,
    /// The draws for the messages of this incarnation.
    draws: (u32, Stream),
    path: Path,
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
        let order = by_first_send(&sends, nodes.clone());
        let monitors = 0..world.monitors;
        let pairs = order.iter().flat_map(|&node| monitors.clone().map(move |monitor| (node, monitor)));
        let pairs = pairs.map(|(node, monitor)| Pair::new(paths, (node - nodes.start) * world.monitors, node, monitor));
        let pairs: Vec<Pair> = pairs.collect();
        let mut ring = Self {
            paths,
            first_node: nodes.start,
            schedules: Schedules::new(world, faults, order.iter().copied()),
            departures: Departures::new(order.len() as u64, heartbeat.interval.as_nanos()),
            arrivals: Calendar::new(pairs.len() as u64, heartbeat.interval.as_nanos()),
            flights: Flights::default(),
            now: 0,
            nodes: order.iter().map(|&node| Node::new(&sends, node - nodes.start, node)).collect(),
            monitors: world.monitors,
            hosts: monitors.map(|_| MonitorHost::default()).collect(),
            chronicle: Chronicle::new(number(pairs.len())),
            pairs,
            missed: Vec::new(),
            sent: vec![0; nodes.len()],
            sends,
        };
        for node in 0..number(ring.nodes.len()) {
            ring.schedule_send(node);
        }
        ring
    }

    /// What the slice leaves to be told beside what happened.
    fn end_slice(&mut self, until: u64) {
        for node in &mut self.nodes {
            self.sent[node.number as usize] = std::mem::take(&mut node.sent);
            self.missed.extend(node.sender.swallowed(&self.sends, until).map(|missed| (node.number, missed)));
        }
        self.missed.sort_by_key(|&(node, _)| node);
        for host in &self.hosts {
            for &(pair, message) in &host.waiting {
                self.chronicle.pending.put(self.pairs[pair as usize].number, message);
            }
        }
        for pair in &self.pairs {
            for message in self.flights.all(pair.flying) {
                self.chronicle.pending.put(pair.number, message);
            }
        }
    }

    /// Lets the changes of one slice happen, and everything that happens between them.
    fn run_through(&mut self, changes: &[Change], until: u64) {
        for together in changes.chunk_by(|one, next| one.at == next.at) {
            let at = together[0].at;
            self.run_until(at);
            for &change in together {
                self.change(change);
            }
            self.process_backlogs(at);
        }
        self.run_until(until);
    }

    /// Runs up to but not including `until`, without changes of hosts and paths.
    fn run_until(&mut self, until: u64) {
        while self.now < until {
            let next = self.departures.idle_until().min(self.arrivals.idle_until()).max(self.now);
            self.now = if next < until { self.arrivals.bucket_end(next).min(until) } else { until };
            while let Some(Event { at, entity }) = self.departures.pop_before(self.now) {
                self.send(entity, at);
            }
            while let Some(Event { entity, .. }) = self.arrivals.pop_before(Event { at: self.now, entity: 0 }) {
                self.arrive(entity);
            }
        }
    }

    fn change(&mut self, change: Change) {
        let truth = change.truth();
        match change.what {
            What::Node(node, what) => self.change_node(node, HostEdge { at: change.at, change: what }, truth),
            What::Monitor(monitor, what) => self.change_monitor(monitor, what, truth),
            What::Cut(pair, cut) => {
                let pair = &mut self.pairs[pair as usize];
                pair.path.set_cut(cut);
                pair.note(truth, &mut self.chronicle);
            }
        }
    }

    fn change_node(&mut self, place: u32, edge: HostEdge, truth: Option<TruthEvent>) {
        let node = &mut self.nodes[place as usize];
        let missed = node.sender.change(&self.sends, &edge);
        node.due = node.sender.next_send();
        self.missed.extend(missed.map(|missed| (node.number, missed)));
        self.schedule_send(place);
        let pairs = self.pairs_of(place);
        self.pairs[pairs].iter_mut().for_each(|pair| pair.note(truth, &mut self.chronicle));
    }

    fn change_monitor(&mut self, monitor: u32, change: HostChange, truth: Option<TruthEvent>) {
        let host = &mut self.hosts[monitor as usize];
        host.state = HostState::after(change);
        if host.state == HostState::Down {
            for (pair, message) in host.waiting.drain(..) {
                self.chronicle.lost.put(self.pairs[pair as usize].number, lost_at_monitor(message));
            }
        }
        let pairs = self.pairs.iter_mut().skip(monitor as usize).step_by(self.monitors as usize);
        pairs.for_each(|pair| pair.note(truth, &mut self.chronicle));
    }

    fn pairs_of(&self, node: u32) -> Range<usize> {
        let first = node as usize * self.monitors as usize;
        first..first + self.monitors as usize
    }

    /// Puts a node's next send into the queue. Events for sends that no longer stand are passed over when they come.
    #[inline]
    fn schedule_send(&mut self, node: u32) {
        let at = self.nodes[node as usize].due;
        if at < u64::MAX {
            self.departures.push(Event { at, entity: node });
        }
    }

    #[inline]
    fn send(&mut self, place: u32, at: u64) {
        while self.nodes[place as usize].due == at {
            let node = &mut self.nodes[place as usize];
            let (incarnation, seq) = (node.sender.incarnation(), node.sender.send(&self.sends));
            node.sent += 1;
            node.due = node.sender.next_send();
            let another = node.due == at;
            for index in self.pairs_of(place) {
                self.transmit(index, at, incarnation, seq);
            }
            if !another {
                self.schedule_send(place);
            }
        }
    }

    #[inline]
    fn transmit(&mut self, index: usize, at: u64, incarnation: u32, seq: u64) {
        let pair = &mut self.pairs[index];
        let sent = SimTime::from_nanos(at);
        let draw = pair.draws_of(incarnation).draw(seq);
        match pair.path.carry_one(self.paths, at, draw) {
            Fate::Arrives(at) => {
                self.flights.put(&mut pair.flying, Arrival { at, sent, seq, incarnation });
                self.arrivals.push(Event { at: at.as_nanos(), entity: number(index) });
            }
            Fate::Lost(place) => self.chronicle.lost.put(pair.number, Lost { sent, seq, incarnation, place }),
        }
    }

    #[inline]
    fn arrive(&mut self, index: u32) {
        let pair = &mut self.pairs[index as usize];
        let Some(message) = self.flights.take(&mut pair.flying) else { return };
        let host = &mut self.hosts[pair.monitor as usize];
        match host.state {
            HostState::Running => self.process(index, message),
            HostState::Stalled => host.waiting.push((index, message)),
            HostState::Down => self.chronicle.lost.put(pair.number, lost_at_monitor(message)),
        }
    }

    /// Monitors that run process what waited: those that woke now.
    fn process_backlogs(&mut self, now: u64) {
        for monitor in 0..self.hosts.len() {
            let host = &mut self.hosts[monitor];
            if host.state != HostState::Running || host.waiting.is_empty() {
                continue;
            }
            for (pair, message) in std::mem::take(&mut host.waiting) {
                self.process(pair, Arrival { at: SimTime::from_nanos(now), ..message });
            }
        }
    }

    /// The monitor processes a message, now.
    #[expect(
        clippy::inline_always,
        reason = "it ends the innermost loop; a call would pass the message through memory"
    )]
    #[inline(always)]
    fn process(&mut self, index: u32, message: Arrival) {
        let pair = &mut self.pairs[index as usize];
        self.chronicle.arrivals.put(pair.number, message);
        if pair.awaiting && message.incarnation == self.nodes[(index / self.monitors) as usize].sender.incarnation() {
            pair.awaiting = false;
            self.chronicle.truth.put(pair.number, TruthEvent { at: message.at, change: Truth::Heard });
        }
    }
}

/// Nodes in the order in which they first send.
fn by_first_send(sends: &SendLaw, nodes: Range<u32>) -> Vec<u32> {
    let mut order: Vec<(u64, u32)> = nodes.map(|node| (Sender::new(sends, node).next_send(), node)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, node)| node).collect()
}

impl Node {
    fn new(sends: &SendLaw, number: u32, node: u32) -> Self {
        let sender = Sender::new(sends, node);
        Self { number, due: sender.next_send(), sender, sent: 0 }
    }
}

impl Pair {
    fn new(paths: &PathLaw, first_of_node: u32, node: u32, monitor: u32) -> Self {
        let path = Path::new(paths, node, monitor);
        Self {
            number: first_of_node + monitor,
            monitor,
            flying: Queue::EMPTY,
            awaiting: true,
            draws: (0, path.draws(0)),
            path,
        }
    }

    /// The draws for the messages of an incarnation of the node.
    #[inline]
    fn draws_of(&mut self, incarnation: u32) -> Stream {
        if self.draws.0 != incarnation {
            self.begin_incarnation(incarnation);
        }
        self.draws.1
    }

    #[cold]
    fn begin_incarnation(&mut self, incarnation: u32) {
        self.draws = (incarnation, self.path.draws(incarnation));
    }

    fn note(&mut self, truth: Option<TruthEvent>, chronicle: &mut Chronicle) {
        let Some(event) = truth else { return };
        chronicle.truth.put(self.number, event);
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
        let changes = self.schedules.advance(views, until);
        self.chronicle.arrivals.expect(self.sends.slots(until - self.now));
        self.run_through(&changes, until);
        self.end_slice(until);
        let mut missed = Vec::new();
        self.chronicle.tell(|pair, tale| {
            let (node, monitor) = (pair / self.monitors, pair % self.monitors);
            if monitor == 0 {
                missed.clear();
                missed.extend(of(&self.missed, node));
            }
            tale.batch.sent = self.sent[node as usize];
            each(PairBatch {
                local: pair as usize,
                node: self.first_node + node,
                monitor,
                batch: &tale.batch,
                missed: &missed,
                pending: &tale.pending,
            });
        });
        self.missed.clear();
    }
}

/// What belongs to one of those by which a list is sorted.
fn of<T: Copy>(sorted: &[(u32, T)], entity: u32) -> impl Iterator<Item = T> {
    let first = sorted.partition_point(|&(other, _)| other < entity);
    sorted[first..].iter().take_while(move |&&(other, _)| other == entity).map(|&(_, item)| item)
}

const fn lost_at_monitor(message: Arrival) -> Lost {
    Lost { sent: message.sent, seq: message.seq, incarnation: message.incarnation, place: LossPlace::Monitor }
}

/// An index among the ring's nodes or pairs; there are fewer than 2^29.
#[expect(clippy::cast_possible_truncation, reason = "a world has at most 10^7 nodes and pairs")]
const fn number(index: usize) -> u32 {
    index as u32
}
