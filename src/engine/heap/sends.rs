//! What the naive engine sends, one heartbeat at a time.

use super::{Event, Heap, Missed, MissedTicks, Node, Pacing, Phase, Purpose, SimTime, part_of, share_of};

impl Heap<'_> {
    pub(super) fn first_slot(&self, node: usize) -> u64 {
        let draws = self.root.purpose(Purpose::Phase).entity(self.node_entity(node)).stream();
        match self.heartbeat.phase {
            Phase::Aligned => 0,
            Phase::Random => part_of(self.heartbeat.interval.as_nanos(), draws.draw(0)),
        }
    }

    pub(super) fn draw_of_next(&self, node: usize) -> u64 {
        let state = &self.nodes[node];
        let key = self.root.purpose(Purpose::Jitter).entity(self.node_entity(node));
        key.entity(u64::from(state.incarnation)).stream().draw(state.seq)
    }

    /// When the next heartbeat is sent.
    pub(super) fn next_send(&self, node: usize) -> u64 {
        let Node { slot, started, .. } = self.nodes[node];
        match self.heartbeat.pacing {
            Pacing::Wait { .. } => slot,
            Pacing::Jitter(share) => {
                let most = share_of(self.heartbeat.interval.as_nanos(), share);
                (slot + part_of(2 * most, self.draw_of_next(node))).saturating_sub(most).max(started)
            }
        }
    }

    pub(super) fn plan_send(&mut self, node: usize) {
        self.nodes[node].plan += 1;
        let plan = self.nodes[node].plan;
        self.at(self.next_send(node), Event::Send { node, plan });
    }

    /// From the slot of the next heartbeat to that of the one after.
    pub(super) fn step(&self, node: usize) -> u64 {
        let interval = self.heartbeat.interval.as_nanos();
        match self.heartbeat.pacing {
            Pacing::Jitter(_) => interval,
            Pacing::Wait { min, max } => {
                let (least, most) = (share_of(interval, min), share_of(interval, max));
                least + part_of(most - least, self.draw_of_next(node))
            }
        }
    }

    pub(super) fn pass(&mut self, node: usize) {
        let step = self.step(node);
        self.nodes[node].slot += step;
        self.nodes[node].seq += 1;
    }

    pub(super) fn send(&mut self, node: usize, plan: u64, now: u64) {
        let host = &self.hosts[node];
        if host.down || host.stalled || plan != self.nodes[node].plan {
            return;
        }
        self.transmit(node, self.nodes[node].seq, now);
        self.pass(node);
        self.plan_send(node);
    }

    pub(super) fn send_what_was_missed(&mut self, node: usize, now: u64) {
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

    /// Notes the slots that a stall has swallowed up to `now`, at which it goes on or a crash ends it.
    pub(super) fn note_swallowed(&mut self, node: usize, now: u64) {
        let due = self.next_send(node);
        if !self.hosts[node].stalled || due >= now {
            return;
        }
        let old = (self.nodes[node].slot, self.nodes[node].seq);
        while self.next_send(node) < now {
            self.pass(node);
        }
        let swallowed = self.nodes[node].seq - old.1;
        (self.nodes[node].slot, self.nodes[node].seq) = old;
        let count = if matches!(self.heartbeat.pacing, Pacing::Wait { .. }) { 1 } else { swallowed };
        let incarnation = self.nodes[node].incarnation;
        let (due, woke) = (SimTime::from_nanos(due), SimTime::from_nanos(now));
        self.nodes[node].missed.push(Missed { due, seq: old.1, count, incarnation, woke });
    }
}
