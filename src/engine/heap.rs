//! The naive engine: one binary heap of everything that happens, every change an event of its own.
//!
//! It exists to be compared with. It shares the draws with the other engines (laws, keys, the strikes of faults) and nothing
//! of how they put hosts, senders, paths and inboxes together, and it is as plain as it can be: an hour of a node is
//! thousands of events. Use it for nothing else.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::batch::{Arrival, Batch, LossPlace, Lost, Missed, Truth, TruthEvent};
use super::host::HostId;
use super::laws::Laws;
use super::sender::{part_of, share_of};
use super::source::{PairBatch, Source};
use super::strikes::{FaultLaw, Strikes};
use super::view::View;
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

    // ---- faults

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

    // ---- sends

    fn first_slot(&self, node: usize) -> u64 {
        let draws = self.root.purpose(Purpose::Phase).entity(self.node_entity(node)).stream();
        match self.heartbeat.phase {
            Phase::Aligned => 0,
            Phase::Random => part_of(self.heartbeat.interval.as_nanos(), draws.draw(0)),
        }
    }

    fn draw_of_next(&self, node: usize) -> u64 {
        let state = &self.nodes[node];
        let key = self.root.purpose(Purpose::Jitter).entity(self.node_entity(node));
        key.entity(u64::from(state.incarnation)).stream().draw(state.seq)
    }

    /// When the next heartbeat is sent.
    fn next_send(&self, node: usize) -> u64 {
        let Node { slot, started, .. } = self.nodes[node];
        match self.heartbeat.pacing {
            Pacing::Wait { .. } => slot,
            Pacing::Jitter(share) => {
                let most = share_of(self.heartbeat.interval.as_nanos(), share);
                (slot + part_of(2 * most, self.draw_of_next(node))).saturating_sub(most).max(started)
            }
        }
    }

    fn plan_send(&mut self, node: usize) {
        self.nodes[node].plan += 1;
        let plan = self.nodes[node].plan;
        self.at(self.next_send(node), Event::Send { node, plan });
    }

    /// From the slot of the next heartbeat to that of the one after.
    fn step(&self, node: usize) -> u64 {
        let interval = self.heartbeat.interval.as_nanos();
        match self.heartbeat.pacing {
            Pacing::Jitter(_) => interval,
            Pacing::Wait { min, max } => {
                let (least, most) = (share_of(interval, min), share_of(interval, max));
                least + part_of(most - least, self.draw_of_next(node))
            }
        }
    }

    fn pass(&mut self, node: usize) {
        let step = self.step(node);
        self.nodes[node].slot += step;
        self.nodes[node].seq += 1;
    }

    fn send(&mut self, node: usize, plan: u64, now: u64) {
        let host = &self.hosts[node];
        if host.down || host.stalled || plan != self.nodes[node].plan {
            return;
        }
        self.transmit(node, self.nodes[node].seq, now);
        self.pass(node);
        self.plan_send(node);
    }

    /// Notes the slots that a stall has swallowed before `at`, where it ends in a crash or outlasts the slice.
    fn note_swallowed(&mut self, node: usize, at: u64) {
        let due = self.next_send(node);
        if !self.hosts[node].stalled || due >= at {
            return;
        }
        let Node { slot, seq, incarnation, .. } = self.nodes[node];
        while self.next_send(node) < at {
            self.pass(node);
        }
        let waits = matches!(self.heartbeat.pacing, Pacing::Wait { .. });
        let count = if waits { 1 } else { self.nodes[node].seq - seq };
        (self.nodes[node].slot, self.nodes[node].seq) = (slot, seq);
        let (due, woke) = (SimTime::from_nanos(due), SimTime::from_nanos(at));
        self.nodes[node].missed.push(Missed { due, seq, count, incarnation, woke });
    }

    fn send_what_was_missed(&mut self, node: usize, now: u64) {
        let due = self.next_send(node);
        if due < now {
            let Node { seq, incarnation, .. } = self.nodes[node];
            let waits = matches!(self.heartbeat.pacing, Pacing::Wait { .. });
            let drops = self.heartbeat.missed_ticks == MissedTicks::Drop;
            let old = (self.nodes[node].slot, seq);
            while self.next_send(node) < now {
                self.pass(node);
            }
            let mut count = self.nodes[node].seq - seq;
            if self.heartbeat.missed_ticks == MissedTicks::Delay || (waits && !drops) {
                // One late heartbeat, and everything goes on from there.
                (self.nodes[node].slot, self.nodes[node].seq) = old;
                self.nodes[node].slot = now;
                self.pass(node);
            }
            if waits && !drops {
                count = 1;
            }
            let (due, woke) = (SimTime::from_nanos(due), SimTime::from_nanos(now));
            self.nodes[node].missed.push(Missed { due, seq, count, incarnation, woke });
            let late = match self.heartbeat.missed_ticks {
                MissedTicks::Drop => 0,
                MissedTicks::Burst => count,
                MissedTicks::Skip | MissedTicks::Delay => 1,
            };
            for number in seq..seq + late {
                self.transmit(node, number, now);
            }
        }
        self.plan_send(node);
    }

    // ---- paths

    fn fresh_pair(&self, pair: usize) -> Pair {
        let (mut bad, mut spell_ends) = (false, u64::MAX);
        match (&self.world.network.loss, &self.spells) {
            (Loss::PerPacket { p, r, .. }, _) => {
                let stationary = if p + r > 0.0 { p / (p + r) } else { 0.0 };
                bad = chance(stationary, self.draws_of_pair(Purpose::PacketChain, pair).stream().draw(0));
            }
            (Loss::Bursts { .. }, Some([good, bad_spell])) => {
                let draws = self.draws_of_pair(Purpose::BurstSpell, pair).stream();
                bad = chance(bad_spell.mean_ns() / (good.mean_ns() + bad_spell.mean_ns()), draws.draw(0));
                spell_ends = if bad { bad_spell } else { good }.sample(draws.draw(1)).as_nanos();
            }
            _ => {}
        }
        Pair {
            cuts: 0,
            cut: false,
            bad,
            steps: 1,
            spell_ends,
            newest_arrival: 0,
            awaiting: true,
            flying: Vec::new(),
            batch: Batch::default(),
        }
    }

    fn transmit(&mut self, node: usize, seq: u64, now: u64) {
        self.nodes[node].sent += 1;
        let monitors = self.world.monitors as usize;
        for pair in node * monitors..(node + 1) * monitors {
            self.carry(pair, self.nodes[node].incarnation, seq, now);
        }
    }

    fn carry(&mut self, pair: usize, incarnation: u32, seq: u64, now: u64) {
        let sent = SimTime::from_nanos(now);
        let draws = self.draws_of_pair(Purpose::Message, pair).entity(u64::from(incarnation)).stream();
        let draw = draws.draw(seq);
        let (loss, place) = self.loss_now(pair, now);
        let state = &mut self.pairs[pair];
        if state.cut {
            state.batch.lost.push(Lost { sent, seq, incarnation, place: LossPlace::Cut });
        } else if chance(loss, draw) {
            state.batch.lost.push(Lost { sent, seq, incarnation, place });
        } else {
            let mut arrives = now.saturating_add(self.delay.sample(draw).as_nanos());
            if self.world.network.ordering == Ordering::Fifo {
                arrives = arrives.max(state.newest_arrival);
                state.newest_arrival = arrives;
            }
            state.flying.push(Arrival { at: SimTime::from_nanos(arrives), sent, seq, incarnation });
            self.at(arrives, Event::Arrive { pair, incarnation, seq, sent: now });
        }
    }

    /// How likely a message that is sent now is lost, and to what.
    fn loss_now(&mut self, pair: usize, now: u64) -> (f64, LossPlace) {
        let chain = self.draws_of_pair(Purpose::PacketChain, pair).stream();
        let spells = self.draws_of_pair(Purpose::BurstSpell, pair).stream();
        let state = &mut self.pairs[pair];
        let bad = match (&self.world.network.loss, &self.spells) {
            (Loss::PerPacket { p, r, .. }, _) => {
                let bad = state.bad;
                let step = chain.draw(state.steps);
                state.bad = if bad { !chance(*r, step) } else { chance(*p, step) };
                state.steps += 1;
                bad
            }
            (Loss::Bursts { .. }, Some(lengths)) => {
                while state.spell_ends <= now {
                    state.bad = !state.bad;
                    state.steps += 1;
                    let length = lengths[usize::from(state.bad)].sample(spells.draw(state.steps)).as_nanos();
                    state.spell_ends = state.spell_ends.saturating_add(length.max(1));
                }
                state.bad
            }
            _ => false,
        };
        let place = if bad { LossPlace::Burst } else { LossPlace::Path };
        match self.world.network.loss {
            Loss::Independent(loss) => (loss, place),
            Loss::PerPacket { loss_good, loss_bad, .. } | Loss::Bursts { loss_good, loss_bad, .. } => {
                (if bad { loss_bad } else { loss_good }, place)
            }
        }
    }

    // ---- arrivals

    fn arrive(&mut self, pair: usize, message: Arrival) {
        self.pairs[pair].flying.retain(|flying| *flying != message);
        let (_, monitor) = self.node_and_monitor(pair);
        let host = &mut self.hosts[self.nodes.len() + monitor];
        if host.down {
            self.lose_at_monitor(pair, message);
        } else if host.stalled {
            host.waiting.push((pair, message));
        } else {
            self.process(pair, message);
        }
    }

    fn lose_at_monitor(&mut self, pair: usize, message: Arrival) {
        let Arrival { sent, seq, incarnation, .. } = message;
        self.pairs[pair].batch.lost.push(Lost { sent, seq, incarnation, place: LossPlace::Monitor });
    }

    fn process(&mut self, pair: usize, message: Arrival) {
        let (node, _) = self.node_and_monitor(pair);
        let current = self.nodes[node].incarnation;
        let state = &mut self.pairs[pair];
        state.batch.arrivals.push(message);
        if state.awaiting && message.incarnation == current {
            state.awaiting = false;
            state.batch.truth.push(TruthEvent { at: message.at, change: Truth::Heard });
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
        for node in 0..self.nodes.len() {
            self.note_swallowed(node, until.as_nanos());
        }
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
