//! What the naive engine's paths and monitors do with one message.

use super::{
    Arrival, Batch, Event, Heap, Loss, LossPlace, Lost, Ordering, Pair, Purpose, SimTime, Truth, TruthEvent, chance,
};

impl Heap<'_> {
    pub(super) fn fresh_pair(&self, pair: usize) -> Pair {
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

    pub(super) fn transmit(&mut self, node: usize, seq: u64, now: u64) {
        self.nodes[node].sent += 1;
        let monitors = self.world.monitors as usize;
        for pair in node * monitors..(node + 1) * monitors {
            self.carry(pair, self.nodes[node].incarnation, seq, now);
        }
    }

    pub(super) fn carry(&mut self, pair: usize, incarnation: u32, seq: u64, now: u64) {
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
    pub(super) fn loss_now(&mut self, pair: usize, now: u64) -> (f64, LossPlace) {
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

    pub(super) fn arrive(&mut self, pair: usize, message: Arrival) {
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

    pub(super) fn lose_at_monitor(&mut self, pair: usize, message: Arrival) {
        let Arrival { sent, seq, incarnation, .. } = message;
        self.pairs[pair].batch.lost.push(Lost { sent, seq, incarnation, place: LossPlace::Monitor });
    }

    pub(super) fn process(&mut self, pair: usize, message: Arrival) {
        let (node, _) = self.node_and_monitor(pair);
        let current = self.nodes[node].incarnation;
        let state = &mut self.pairs[pair];
        state.batch.arrivals.push(message);
        if state.awaiting && message.incarnation == current {
            state.awaiting = false;
            state.batch.truth.push(TruthEvent { at: message.at, change: Truth::Heard });
        }
    }
}
