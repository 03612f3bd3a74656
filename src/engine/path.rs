//! One path from a node to a monitor: what is lost, and how long the rest takes.
//!
//! A path knows nothing of stalls and crashes; it maps sends to arrivals at the monitor's host.

use super::batch::{Arrival, LossPlace, Lost};
use super::cut::CutEdge;
use super::host::HostId;
use super::laws::Laws;
use super::loss::{LossLaw, LossState, Odds};
use super::sender::{Jitter, Run};
use crate::model::{Ordering, Sampler, World};
use crate::rng::{Key, Purpose};
use crate::units::{SimTime, Span};

/// The laws of every path, in one trial.
#[derive(Clone, Debug)]
pub(crate) struct PathLaw {
    pub(crate) delay: Sampler,
    fifo: bool,
    loss: LossLaw,
    root: Key,
}

impl PathLaw {
    /// The network of one trial.
    pub(crate) fn new(world: &World, trial: u32, laws: &Laws) -> Self {
        Self {
            delay: laws.delay.clone(),
            fifo: world.network.ordering == Ordering::Fifo,
            loss: laws.loss.clone(),
            root: Key::root(world.seed, trial),
        }
    }

    /// How long heartbeat (`incarnation`, `seq`) of a path takes if it is not lost.
    pub(crate) fn own_delay(&self, messages: Key, incarnation: u32, seq: u64) -> Span {
        self.delay.sample(messages.entity(u64::from(incarnation)).stream().draw(seq))
    }

    /// What becomes of a message with these odds and this draw.
    #[inline]
    fn fate(&self, odds: Odds, cut: bool, at: u64, draw: u64, last_arrival: &mut u64) -> Fate {
        if cut {
            return Fate::Lost(LossPlace::Cut);
        }
        if let Some(place) = odds.lost(draw) {
            return Fate::Lost(place);
        }
        let mut arrives = at.saturating_add(self.delay.sample(draw).as_nanos());
        if self.fifo {
            arrives = arrives.max(*last_arrival);
            *last_arrival = arrives;
        }
        Fate::Arrives(arrives)
    }
}

/// What becomes of a message that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It reaches the monitor's host at this instant.
    Arrives(u64),
    /// It never does.
    Lost(LossPlace),
}

/// What a path remembers between two messages.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    messages: Key,
    loss: LossState,
    last_arrival: u64,
    cut: bool,
}

impl Path {
    /// The path at the start of a trial.
    pub(crate) fn new(law: &PathLaw, node: u32, monitor: u32) -> Self {
        let (from, to) = (HostId::Node(node).entity(), HostId::Monitor(monitor).entity());
        let loss = law.loss.start(|purpose| law.root.purpose(purpose).entity(from).entity(to));
        Self { messages: Self::messages_of(law, node, monitor), loss, last_arrival: 0, cut: false }
    }

    /// The key of the messages of a path.
    pub(crate) const fn messages_of(law: &PathLaw, node: u32, monitor: u32) -> Key {
        let (node, monitor) = (HostId::Node(node).entity(), HostId::Monitor(monitor).entity());
        law.root.purpose(Purpose::Message).entity(node).entity(monitor)
    }

    /// Carries the heartbeats of `runs`: appends what arrives to `arrivals` (in the order of sending) and the rest to
    /// `lost`. Returns how many were sent.
    pub(crate) fn carry(
        &mut self,
        law: &PathLaw,
        runs: &[(Run, Jitter)],
        cuts: &[CutEdge],
        arrivals: &mut Vec<Arrival>,
        lost: &mut Vec<Lost>,
    ) -> u64 {
        let last_arrival = &mut self.last_arrival;
        let mut route = Route { law, messages: self.messages, cuts, cut: self.cut, last_arrival, arrivals, lost };
        let sent = match (&mut self.loss, &law.loss) {
            (LossState::PerPacket(chain), LossLaw::PerPacket(law)) => route.carry(runs, |_| chain.next(law)),
            (LossState::Bursts(spells), LossLaw::Bursts(law)) => route.carry(runs, |at| spells.next(law, at)),
            (_, &LossLaw::Independent(odds)) => route.carry(runs, |_| odds),
            _ => unreachable!("a path's state is made from its own law"),
        };
        if let Some(edge) = cuts.last() {
            self.cut = edge.cut;
        }
        sent
    }

    /// Carries one heartbeat, sent no earlier than the one before.
    #[inline]
    pub(crate) fn carry_one(&mut self, law: &PathLaw, at: u64, seq: u64, incarnation: u32) -> Fate {
        let odds = match (&mut self.loss, &law.loss) {
            (LossState::PerPacket(chain), LossLaw::PerPacket(law)) => chain.next(law),
            (LossState::Bursts(spells), LossLaw::Bursts(law)) => spells.next(law, at),
            (_, &LossLaw::Independent(odds)) => odds,
            _ => unreachable!("a path's state is made from its own law"),
        };
        let draw = self.messages.entity(u64::from(incarnation)).stream().draw(seq);
        law.fate(odds, self.cut, at, draw, &mut self.last_arrival)
    }

    /// From here on the path is cut, or whole.
    pub(crate) const fn set_cut(&mut self, cut: bool) {
        self.cut = cut;
    }
}

/// One pass of messages over a path.
struct Route<'a> {
    law: &'a PathLaw,
    messages: Key,
    cuts: &'a [CutEdge],
    cut: bool,
    last_arrival: &'a mut u64,
    arrivals: &'a mut Vec<Arrival>,
    lost: &'a mut Vec<Lost>,
}

impl Route<'_> {
    fn carry(&mut self, runs: &[(Run, Jitter)], mut odds: impl FnMut(u64) -> Odds) -> u64 {
        let mut sent = 0;
        let quiet = self.cuts.is_empty() && !self.cut;
        for &(run, jitter) in runs {
            sent += run.count;
            let incarnation = run.incarnation;
            let draws = self.messages.entity(u64::from(incarnation)).stream();
            let mut slot = run.at;
            for seq in run.seq..run.seq + run.count {
                let at = if run.jittered { jitter.send(slot, seq) } else { slot };
                slot += run.step;
                let cut = !quiet && self.cut_at(at);
                let fate = self.law.fate(odds(at), cut, at, draws.draw(seq), self.last_arrival);
                let sent = SimTime::from_nanos(at);
                match fate {
                    Fate::Arrives(at) => {
                        self.arrivals.push(Arrival { at: SimTime::from_nanos(at), sent, seq, incarnation });
                    }
                    Fate::Lost(place) => self.lost.push(Lost { sent, seq, incarnation, place }),
                }
            }
        }
        sent
    }

    /// Whether a message that is sent at `at` meets a cut.
    fn cut_at(&self, at: u64) -> bool {
        let passed = self.cuts.partition_point(|edge| edge.at <= at);
        if passed == 0 { self.cut } else { self.cuts[passed - 1].cut }
    }
}
