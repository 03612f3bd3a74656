//! One path from a node to a monitor: what is lost, and how long the rest takes.
//!
//! A path knows nothing of stalls and crashes; it maps sends to arrivals at the monitor's host.

use super::batch::{Arrival, LossPlace, Lost};
use super::cut::CutEdge;
use super::host::HostId;
use super::laws::{Laws, Samplers};
use super::sender::{Jitter, Run};
use crate::model::{Law, Loss, Ordering, Sampler, World};
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

/// Loss laws ready for drawing. Thresholds are probabilities in 32 bits, from 0 to 2^32.
#[derive(Clone, Debug)]
pub(crate) enum LossLaw {
    Independent { threshold: u64 },
    PerPacket { to_bad: u64, to_good: u64, good: u64, bad: u64, stationary_bad: u64 },
    Bursts { good_spell: Sampler, bad_spell: Sampler, good: u64, bad: u64, stationary_bad: u64 },
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

impl LossLaw {
    /// Compiles a loss law.
    pub(crate) fn new(loss: &Loss, samplers: &mut Samplers) -> Self {
        match *loss {
            Loss::Independent(probability) => Self::Independent { threshold: threshold(probability) },
            Loss::PerPacket { p, r, loss_good, loss_bad } => Self::PerPacket {
                to_bad: threshold(p),
                to_good: threshold(r),
                good: threshold(loss_good),
                bad: threshold(loss_bad),
                stationary_bad: threshold(if p + r > 0.0 { p / (p + r) } else { 0.0 }),
            },
            Loss::Bursts { mean_good, mean_bad, loss_good, loss_bad } => {
                let mut spell = |mean| samplers.get(&Law::Exponential { mean, min: Span::ZERO });
                let (good_spell, bad_spell) = (spell(mean_good), spell(mean_bad));
                let bad_share = bad_spell.mean_ns() / (good_spell.mean_ns() + bad_spell.mean_ns());
                Self::Bursts {
                    good_spell,
                    bad_spell,
                    good: threshold(loss_good),
                    bad: threshold(loss_bad),
                    stationary_bad: threshold(bad_share),
                }
            }
        }
    }
}

/// A probability in 32 bits.
fn threshold(probability: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=2^32")]
    let bits = (probability * 4_294_967_296.0).round().clamp(0.0, 4_294_967_296.0) as u64;
    bits
}

/// What a path remembers between two slices.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    messages: Key,
    loss: LossState,
    last_arrival: u64,
    cut: bool,
}

#[derive(Clone, Debug)]
enum LossState {
    Independent,
    PerPacket { bad: bool, packets: u64, draws: Stream },
    Bursts { bad: bool, until: u64, spells: u64, draws: Stream },
}

/// Gives the loss threshold of the next message, and whether the path is in its bad state.
trait Lossy {
    fn next(&mut self, at: u64) -> (u64, bool);
}

struct IndependentLoss(u64);

impl Lossy for IndependentLoss {
    #[inline]
    fn next(&mut self, _at: u64) -> (u64, bool) {
        (self.0, false)
    }
}

struct PacketLoss<'a> {
    law: (u64, u64, u64, u64),
    bad: &'a mut bool,
    packets: &'a mut u64,
    draws: Stream,
}

impl Lossy for PacketLoss<'_> {
    #[inline]
    fn next(&mut self, _at: u64) -> (u64, bool) {
        let (to_bad, to_good, good, bad) = self.law;
        let was_bad = *self.bad;
        *self.packets += 1;
        let step = self.draws.draw(*self.packets) >> 32;
        *self.bad = if was_bad { step >= to_good } else { step < to_bad };
        (if was_bad { bad } else { good }, was_bad)
    }
}

struct BurstLoss<'a> {
    good_spell: &'a Sampler,
    bad_spell: &'a Sampler,
    thresholds: (u64, u64),
    bad: &'a mut bool,
    until: &'a mut u64,
    spells: &'a mut u64,
    draws: Stream,
}

impl Lossy for BurstLoss<'_> {
    #[inline]
    fn next(&mut self, at: u64) -> (u64, bool) {
        while at >= *self.until {
            *self.bad = !*self.bad;
            *self.spells += 1;
            let spell = if *self.bad { self.bad_spell } else { self.good_spell };
            *self.until = self.until.saturating_add(spell.sample(self.draws.draw(*self.spells)).as_nanos().max(1));
        }
        (if *self.bad { self.thresholds.1 } else { self.thresholds.0 }, *self.bad)
    }
}

impl Path {
    /// The path at the start of a trial.
    pub(crate) fn new(law: &PathLaw, node: u32, monitor: u32) -> Self {
        let entities = (HostId::Node(node).entity(), HostId::Monitor(monitor).entity());
        let stream = |purpose| law.root.purpose(purpose).entity(entities.0).entity(entities.1);
        let loss = match &law.loss {
            LossLaw::Independent { .. } => LossState::Independent,
            LossLaw::PerPacket { stationary_bad, .. } => {
                let draws = stream(Purpose::PacketChain).stream();
                LossState::PerPacket { bad: draws.draw(0) >> 32 < *stationary_bad, packets: 0, draws }
            }
            LossLaw::Bursts { good_spell, bad_spell, stationary_bad, .. } => {
                let draws = stream(Purpose::BurstSpell).stream();
                let bad = draws.draw(0) >> 32 < *stationary_bad;
                // Exponential spells have no memory: what is left of the first is a whole one.
                let first = if bad { bad_spell } else { good_spell }.sample(draws.draw(1)).as_nanos();
                LossState::Bursts { bad, until: first, spells: 1, draws }
            }
        };
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
        let mut route =
            Route { law, messages: self.messages, cuts, cut: self.cut, last: &mut self.last_arrival, arrivals, lost };
        let sent = match (&mut self.loss, &law.loss) {
            (
                LossState::PerPacket { bad, packets, draws },
                LossLaw::PerPacket { to_bad, to_good, good, bad: lossy, .. },
            ) => route.carry(runs, PacketLoss { law: (*to_bad, *to_good, *good, *lossy), bad, packets, draws: *draws }),
            (
                LossState::Bursts { bad, until, spells, draws },
                LossLaw::Bursts { good_spell, bad_spell, good, bad: lossy, .. },
            ) => {
                let thresholds = (*good, *lossy);
                route.carry(runs, BurstLoss { good_spell, bad_spell, thresholds, bad, until, spells, draws: *draws })
            }
            (_, LossLaw::Independent { threshold }) => route.carry(runs, IndependentLoss(*threshold)),
            _ => unreachable!("a path's state is made from its own law"),
        };
        if let Some(edge) = cuts.last() {
            self.cut = edge.cut;
        }
        sent
    }
}

/// One pass of messages over a path.
struct Route<'a> {
    law: &'a PathLaw,
    messages: Key,
    cuts: &'a [CutEdge],
    cut: bool,
    last: &'a mut u64,
    arrivals: &'a mut Vec<Arrival>,
    lost: &'a mut Vec<Lost>,
}

impl Route<'_> {
    fn carry(&mut self, runs: &[(Run, Jitter)], mut loss: impl Lossy) -> u64 {
        let mut sent = 0;
        let quiet = self.cuts.is_empty() && !self.cut;
        for &(run, jitter) in runs {
            sent += run.count;
            let draws = self.messages.entity(u64::from(run.incarnation)).stream();
            let mut slot = run.at;
            for seq in run.seq..run.seq + run.count {
                let at = if run.jittered { jitter.send(slot, seq) } else { slot };
                slot += run.step;
                let (threshold, bad) = loss.next(at);
                let draw = draws.draw(seq);
                let place = if !quiet && self.cut_at(at) {
                    LossPlace::Cut
                } else if draw >> 32 < threshold {
                    if bad { LossPlace::Burst } else { LossPlace::Path }
                } else {
                    self.deliver(at, seq, run.incarnation, draw);
                    continue;
                };
                let sent = SimTime::from_nanos(at);
                self.lost.push(Lost { sent, seq, incarnation: run.incarnation, place });
            }
        }
        sent
    }

    #[inline]
    fn deliver(&mut self, at: u64, seq: u64, incarnation: u32, draw: u64) {
        let mut arrives = at + self.law.delay.sample(draw).as_nanos();
        if self.law.fifo {
            arrives = arrives.max(*self.last);
            *self.last = arrives;
        }
        self.arrivals.push(Arrival {
            at: SimTime::from_nanos(arrives),
            sent: SimTime::from_nanos(at),
            seq,
            incarnation,
        });
    }

    /// Whether a message that is sent at `at` meets a cut.
    fn cut_at(&self, at: u64) -> bool {
        let passed = self.cuts.partition_point(|edge| edge.at <= at);
        if passed == 0 { self.cut } else { self.cuts[passed - 1].cut }
    }
}
