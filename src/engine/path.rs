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
use crate::rng::{Key, Purpose, Stream};
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
}

/// What becomes of a message that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It reaches the monitor's host at this instant.
    Arrives(SimTime),
    /// It never does.
    Lost(LossPlace),
}

/// What a path remembers between two messages.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    messages: Key,
    loss: LossState,
    last_arrival: SimTime,
    cut: bool,
}

impl Path {
    /// The path at the start of a trial.
    pub(crate) fn new(law: &PathLaw, node: u32, monitor: u32) -> Self {
        let (from, to) = (HostId::Node(node).entity(), HostId::Monitor(monitor).entity());
        let loss = law.loss.start(|purpose| law.root.purpose(purpose).entity(from).entity(to));
        Self { messages: Self::messages_of(law, node, monitor), loss, last_arrival: SimTime::ZERO, cut: false }
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
        let first = arrivals.len();
        let (messages, cut) = (self.messages, self.cut);
        let mut route = Route { delay: &law.delay, messages, cuts, cut, arrivals, lost };
        match (&mut self.loss, &law.loss) {
            (LossState::PerPacket(chain), LossLaw::PerPacket(law)) => route.carry(runs, |_| chain.next(law)),
            (LossState::Bursts(spells), LossLaw::Bursts(law)) => route.carry(runs, |at| spells.next(law, at)),
            (_, &LossLaw::Independent(odds)) => route.carry(runs, |_| odds),
            _ => unreachable!("a path's state is made from its own law"),
        }
        if law.fifo {
            for arrival in &mut arrivals[first..] {
                arrival.at = self.after_the_last(arrival.at);
            }
        }
        if let Some(edge) = cuts.last() {
            self.cut = edge.cut;
        }
        runs.iter().map(|(run, _)| run.count).sum()
    }

    /// The draws for the heartbeats of one incarnation, by their number.
    pub(crate) const fn draws(&self, incarnation: u32) -> Stream {
        self.messages.entity(incarnation as u64).stream()
    }

    /// Carries one heartbeat with its draw, sent no earlier than the one before.
    #[inline]
    pub(crate) fn carry_one(&mut self, law: &PathLaw, at: u64, draw: u64) -> Fate {
        let odds = match (&mut self.loss, &law.loss) {
            (LossState::PerPacket(chain), LossLaw::PerPacket(law)) => chain.next(law),
            (LossState::Bursts(spells), LossLaw::Bursts(law)) => spells.next(law, at),
            (_, &LossLaw::Independent(odds)) => odds,
            _ => unreachable!("a path's state is made from its own law"),
        };
        let odds = if self.cut { Odds::CUT } else { odds };
        if let Some(place) = odds.lost(draw) {
            return Fate::Lost(place);
        }
        let arrives = SimTime::from_nanos(at) + law.delay.sample(draw);
        Fate::Arrives(if law.fifo { self.after_the_last(arrives) } else { arrives })
    }

    /// When a message arrives that would overtake no sooner than this.
    fn after_the_last(&mut self, own: SimTime) -> SimTime {
        self.last_arrival = self.last_arrival.max(own);
        self.last_arrival
    }

    /// From here on the path is cut, or whole.
    pub(crate) const fn set_cut(&mut self, cut: bool) {
        self.cut = cut;
    }
}

/// One pass of messages over a path.
struct Route<'a> {
    delay: &'a Sampler,
    messages: Key,
    cuts: &'a [CutEdge],
    cut: bool,
    arrivals: &'a mut Vec<Arrival>,
    lost: &'a mut Vec<Lost>,
}

impl Route<'_> {
    /// Carries all runs, each heartbeat with the odds of the instant at which it is sent.
    fn carry(&mut self, runs: &[(Run, Jitter)], mut odds: impl FnMut(u64) -> Odds) {
        if self.cuts.is_empty() && !self.cut {
            return self.carry_uncut(runs, odds);
        }
        let (cuts, cut) = (self.cuts, self.cut);
        self.carry_uncut(runs, |at| {
            // A path's own process goes on while it is cut.
            let own = odds(at);
            if cut_at(cuts, cut, at) { Odds::CUT } else { own }
        });
    }

    fn carry_uncut(&mut self, runs: &[(Run, Jitter)], mut odds: impl FnMut(u64) -> Odds) {
        for (run, jitter) in runs {
            if run.jittered {
                self.carry_run(run, &mut odds, |slot, seq| jitter.send(slot, seq));
            } else {
                self.carry_run(run, &mut odds, |slot, _| slot);
            }
        }
    }

    /// The innermost loop of a trial.
    fn carry_run(&mut self, run: &Run, mut odds: impl FnMut(u64) -> Odds, sent_at: impl Fn(u64, u64) -> u64) {
        let incarnation = run.incarnation;
        let draws = self.messages.entity(u64::from(incarnation)).stream();
        let mut slot = run.at;
        for seq in run.seq..run.seq + run.count {
            let at = sent_at(slot, seq);
            let sent = SimTime::from_nanos(at);
            let draw = draws.draw(seq);
            match odds(at).lost(draw) {
                None => self.arrivals.push(Arrival { at: sent + self.delay.sample(draw), sent, seq, incarnation }),
                Some(place) => self.lost.push(Lost { sent, seq, incarnation, place }),
            }
            slot += run.step;
        }
    }
}

/// Whether a message that is sent at `at` meets a cut, on a path that began the slice as `cut` says.
fn cut_at(cuts: &[CutEdge], cut: bool, at: u64) -> bool {
    let passed = cuts.partition_point(|edge| edge.at <= at);
    if passed == 0 { cut } else { cuts[passed - 1].cut }
}
