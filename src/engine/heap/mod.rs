//! The naive engine: one binary heap of everything that happens, every change an event of its own.
//!
//! It exists to be compared with. It shares the draws with the other engines (laws, keys, the strikes of faults) and nothing
//! of how they put hosts, senders, paths and inboxes together, and it is as plain as it can be: an hour of a node is
//! thousands of events. Use it for nothing else.

mod paths;
mod sends;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::host::HostId;
use super::laws::Laws;
use super::sender::{part_of, share_of};
use super::source::{PairBatch, Source};
use super::strikes::{FaultLaw, Strikes};
use super::view::View;
use crate::engine::batch::{Arrival, Batch, LossPlace, Lost, Missed, Truth, TruthEvent};
use crate::model::{
    FaultKind, Heartbeat, Loss, MissedTicks, OnRestart, Ordering, Pacing, Phase, Sampler, Target, World,
};
use crate::rng::{Key, Purpose};
use crate::units::SimTime;

/// What happens, in the order in which it happens at one instant. Hosts are the nodes, then the monitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    // Fault ends.
    HostUp { host: usize },
    StallOver { host: usize, life: u64 },
    CutOver { pair: usize },
    // Fault starts.
    Strike { fault: usize },
    // What the faults of this instant come to.
    PathSettles { pair: usize },
    HostSettles { host: usize },
    // Sends.
    Send { node: usize, plan: u64 },
    // Arrivals.
    Arrive { pair: usize, incarnation: u32, seq: u64, sent: u64 },
}

/// One fault and one that it strikes.
struct Fault {
    hits: Hits,
    strikes: Strikes,
    end: u64,
}

#[derive(Clone, Copy)]
enum Hits {
    Crash(usize),
    Pause(usize),
    Cut(usize),
}

#[derive(Default)]
struct Host {
    down: bool,
    stalled: bool,
    /// Stalls that have begun and not ended in this life.
    stalls: u64,
    life: u64,
    /// A monitor's messages that wait.
    waiting: Vec<(usize, Arrival)>,
}

struct Node {
    incarnation: u32,
    started: u64,
    slot: u64,
    seq: u64,
    /// Sends of an older plan are void.
    plan: u64,
    sent: u64,
    missed: Vec<Missed>,
}

struct Pair {
    cuts: u64,
    cut: bool,
    bad: bool,
    steps: u64,
    spell_ends: u64,
    newest_arrival: u64,
    awaiting: bool,
    flying: Vec<Arrival>,
    batch: Batch,
}

/// Every node, path and monitor of a pushed world.
pub(crate) struct Heap<'w> {
    world: &'w World,
    heartbeat: &'w Heartbeat,
    root: Key,
    delay: Sampler,
    spells: Option<[Sampler; 2]>,
    first_node: u32,
    events: BinaryHeap<Reverse<(u64, Event)>>,
    faults: Vec<Fault>,
    hosts: Vec<Host>,
    nodes: Vec<Node>,
    pairs: Vec<Pair>,
}

impl<'w> Heap<'w> {
    /// The engine of some nodes (from 0) at the start of a trial.
    pub(crate) fn new(
        world: &'w World,
        heartbeat: &'w Heartbeat,
        laws: &Laws,
        faults: &[FaultLaw],
        trial: u32,
        nodes: Range<u32>,
    ) -> Self {
        let mut heap = Self {
            world,
            heartbeat,
            root: Key::root(world.seed, trial),
            delay: laws.delay.clone(),
            spells: laws.loss.spells(),
            first_node: nodes.start,
            events: BinaryHeap::new(),
            faults: Vec::new(),
            hosts: Vec::new(),
            nodes: Vec::new(),
            pairs: Vec::new(),
        };
        heap.hosts.resize_with(nodes.len() + world.monitors as usize, Host::default);
        for node in 0..nodes.len() {
            let slot = heap.first_slot(node);
            let missed = Vec::new();
            heap.nodes.push(Node { incarnation: 0, started: 0, slot, seq: 0, plan: 0, sent: 0, missed });
            heap.plan_send(node);
        }
        for pair in 0..nodes.len() * world.monitors as usize {
            let fresh = heap.fresh_pair(pair);
            heap.pairs.push(fresh);
        }
        heap.add_faults(faults);
        heap
    }

    fn at(&mut self, time: u64, event: Event) {
        if time < u64::MAX {
            self.events.push(Reverse((time, event)));
        }
    }

    fn node_and_monitor(&self, pair: usize) -> (usize, usize) {
        let monitors = self.world.monitors as usize;
        (pair / monitors, pair % monitors)
    }

    fn node_entity(&self, node: usize) -> u64 {
        HostId::Node(self.first_node + small(node)).entity()
    }

    fn draws_of_pair(&self, purpose: Purpose, pair: usize) -> Key {
        let (node, monitor) = self.node_and_monitor(pair);
        let monitor = HostId::Monitor(small(monitor)).entity();
        self.root.purpose(purpose).entity(self.node_entity(node)).entity(monitor)
    }

    fn add_faults(&mut self, laws: &[FaultLaw]) {
        for (fault, law) in self.world.faults.iter().zip(laws) {
            match fault.kind {
                FaultKind::Crash { on, .. } => self.add_host_fault(law, on, Hits::Crash),
                FaultKind::Pause { on, .. } => self.add_host_fault(law, on, Hits::Pause),
                FaultKind::Partition { from, to, both_ways, .. } => self.add_partition(law, from, to, both_ways),
            }
        }
    }

    fn add_host_fault(&mut self, law: &FaultLaw, on: Target, hits: fn(usize) -> Hits) {
        for host in 0..self.hosts.len() {
            let (entity, hit) = match host.checked_sub(self.nodes.len()) {
                None => (self.node_entity(host), on.covers_node(self.first_node + small(host) + 1)),
                Some(monitor) => (HostId::Monitor(small(monitor)).entity(), on.covers_monitor(small(monitor) + 1)),
            };
            if hit {
                self.add_fault(hits(host), law.strikes(entity));
            }
        }
    }

    fn add_partition(&mut self, law: &FaultLaw, from: Target, to: Target, both_ways: bool) {
        for pair in 0..self.pairs.len() {
            let (node, monitor) = self.node_and_monitor(pair);
            let (node_number, monitor_number) = (self.first_node + small(node) + 1, small(monitor) + 1);
            let there = from.covers_node(node_number) && to.covers_monitor(monitor_number);
            let back = both_ways && from.covers_monitor(monitor_number) && to.covers_node(node_number);
            if there || back {
                let entity = self.node_entity(node) | HostId::Monitor(small(monitor)).entity() << 32;
                self.add_fault(Hits::Cut(pair), law.strikes(entity));
            }
        }
    }

    fn add_fault(&mut self, hits: Hits, strikes: Strikes) {
        self.faults.push(Fault { hits, strikes, end: 0 });
        self.plan_strike(self.faults.len() - 1);
    }

    fn plan_strike(&mut self, fault: usize) {
        if let Some(strike) = self.faults[fault].strikes.next() {
            self.faults[fault].end = strike.end;
            self.at(strike.start, Event::Strike { fault });
        }
    }

    fn strike(&mut self, fault: usize, now: u64) {
        let Fault { hits, end, .. } = self.faults[fault];
        if end > now {
            match hits {
                Hits::Crash(host) => self.crash(host, now, end),
                Hits::Pause(host) => self.pause(host, end),
                Hits::Cut(pair) => {
                    self.pairs[pair].cuts += 1;
                    self.at(now, Event::PathSettles { pair });
                    self.at(end, Event::CutOver { pair });
                }
            }
        }
        self.plan_strike(fault);
    }

    fn crash(&mut self, host: usize, now: u64, end: u64) {
        if self.hosts[host].down {
            return;
        }
        if host < self.nodes.len() {
            self.note_swallowed(host, now);
        }
        let state = &mut self.hosts[host];
        (state.down, state.stalled, state.stalls) = (true, false, 0);
        state.life += 1;
        for (pair, message) in std::mem::take(&mut state.waiting) {
            self.lose_at_monitor(pair, message);
        }
        self.tell_host(host, now, Truth::NodeDown, Truth::MonitorDown);
        self.at(end, Event::HostUp { host });
    }

    fn start(&mut self, host: usize, now: u64) {
        self.hosts[host].down = false;
        self.tell_host(host, now, Truth::NodeUp, Truth::MonitorUp);
        if host < self.nodes.len() {
            let interval = self.heartbeat.interval.as_nanos();
            let first_slot = self.first_slot(host);
            let draws = self.root.purpose(Purpose::RestartPhase).entity(self.node_entity(host)).stream();
            let node = &mut self.nodes[host];
            node.slot = match self.heartbeat.on_restart {
                OnRestart::AtOnce => now,
                OnRestart::RandomPhase => now + part_of(interval, draws.draw(u64::from(node.incarnation))),
                OnRestart::SameGrid => {
                    let mut slot = first_slot;
                    while slot < now {
                        slot += interval;
                    }
                    slot
                }
            };
            (node.incarnation, node.started, node.seq) = (node.incarnation + 1, now, 0);
            self.plan_send(host);
        }
    }

    fn pause(&mut self, host: usize, end: u64) {
        let state = &mut self.hosts[host];
        if state.down {
            return;
        }
        state.stalled = true;
        state.stalls += 1;
        let life = state.life;
        self.at(end, Event::StallOver { host, life });
    }

    /// Wakes a host whose last stall is over, unless another began or it crashed at this very instant.
    fn settle_host(&mut self, host: usize, now: u64) {
        let state = &mut self.hosts[host];
        if !state.stalled || state.stalls > 0 {
            return;
        }
        state.stalled = false;
        if host < self.nodes.len() {
            self.send_what_was_missed(host, now);
        }
        for (pair, message) in std::mem::take(&mut self.hosts[host].waiting) {
            self.process(pair, Arrival { at: SimTime::from_nanos(now), ..message });
        }
    }

    fn settle_path(&mut self, pair: usize, now: u64) {
        let cut = self.pairs[pair].cuts > 0;
        if cut != self.pairs[pair].cut {
            self.pairs[pair].cut = cut;
            self.tell(pair, now, if cut { Truth::CutStart } else { Truth::CutEnd });
        }
    }

    fn tell_host(&mut self, host: usize, now: u64, node: Truth, monitor: Truth) {
        for pair in 0..self.pairs.len() {
            let (its_node, its_monitor) = self.node_and_monitor(pair);
            if its_node == host {
                self.tell(pair, now, node);
            }
            if self.nodes.len() + its_monitor == host {
                self.tell(pair, now, monitor);
            }
        }
    }

    fn tell(&mut self, pair: usize, now: u64, change: Truth) {
        self.pairs[pair].batch.truth.push(TruthEvent { at: SimTime::from_nanos(now), change });
        if matches!(change, Truth::NodeUp | Truth::MonitorUp | Truth::CutEnd) {
            self.pairs[pair].awaiting = true;
        }
    }

    fn happen(&mut self, now: u64, event: Event) {
        match event {
            Event::HostUp { host } => self.start(host, now),
            Event::StallOver { host, life } => {
                if self.hosts[host].life == life {
                    self.hosts[host].stalls -= 1;
                    self.at(now, Event::HostSettles { host });
                }
            }
            Event::CutOver { pair } => {
                self.pairs[pair].cuts -= 1;
                self.at(now, Event::PathSettles { pair });
            }
            Event::Strike { fault } => self.strike(fault, now),
            Event::PathSettles { pair } => self.settle_path(pair, now),
            Event::HostSettles { host } => self.settle_host(host, now),
            Event::Send { node, plan } => self.send(node, plan, now),
            Event::Arrive { pair, incarnation, seq, sent } => {
                let (at, sent) = (SimTime::from_nanos(now), SimTime::from_nanos(sent));
                self.arrive(pair, Arrival { at, sent, seq, incarnation });
            }
        }
    }
}

impl Source for Heap<'_> {
    fn pairs(&self) -> usize {
        self.pairs.len()
    }

    fn slice(&mut self, _views: &[View], until: SimTime, each: &mut dyn FnMut(PairBatch<'_>)) {
        while let Some(&Reverse((now, event))) = self.events.peek() {
            if now >= until.as_nanos() {
                break;
            }
            self.events.pop();
            self.happen(now, event);
        }
        (0..self.nodes.len()).for_each(|node| self.note_swallowed(node, until.as_nanos()));
        for local in 0..self.pairs.len() {
            let (node, monitor) = self.node_and_monitor(local);
            let waiting = self.hosts[self.nodes.len() + monitor].waiting.iter();
            let mut pending: Vec<Arrival> =
                waiting.filter(|(pair, _)| *pair == local).map(|(_, message)| *message).collect();
            self.pairs[local].flying.sort_by_key(Arrival::order);
            pending.extend(&self.pairs[local].flying);
            let batch = &mut self.pairs[local].batch;
            batch.sent = self.nodes[node].sent;
            batch.truth.sort_by_key(|event| (event.at, event.change));
            each(PairBatch {
                local,
                node: self.first_node + small(node),
                monitor: small(monitor),
                batch,
                missed: &self.nodes[node].missed,
                pending: &pending,
            });
        }
        self.pairs.iter_mut().for_each(|pair| pair.batch.clear());
        for node in &mut self.nodes {
            node.sent = 0;
            node.missed.clear();
        }
    }
}

/// Whether something of this probability happens, by the high half of a draw.
fn chance(probability: f64, draw: u64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "32 bits are exact")]
    let share = (draw >> 32) as f64;
    share < (probability * 4_294_967_296.0).round()
}

fn small(index: usize) -> u32 {
    u32::try_from(index).expect("the naive engine is for small worlds")
}
