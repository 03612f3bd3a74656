//! How one path loses messages: independently, by a chain that steps with each packet, or in bursts of time.
//!
//! It knows no delays, cuts or hosts.

use super::batch::LossPlace;
use super::laws::Samplers;
use crate::model::{Law, Loss, Sampler};
use crate::rng::{Key, Purpose, Stream};
use crate::units::Span;

/// A loss law ready for drawing. Thresholds are probabilities in 32 bits, from 0 to 2^32.
#[derive(Clone, Debug)]
pub(crate) enum LossLaw {
    Independent(Odds),
    PerPacket(PacketLaw),
    Bursts(BurstLaw),
}

/// How likely the next message of a path is lost, and in which state of the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Odds {
    threshold: u64,
    place: LossPlace,
}

impl Odds {
    /// What meets a partition is lost.
    pub(crate) const CUT: Self = Self { threshold: 1 << 32, place: LossPlace::Cut };

    /// Where the message with this draw is lost, if it is. The high half of the draw decides.
    #[inline]
    pub(crate) const fn lost(self, draw: u64) -> Option<LossPlace> {
        if draw >> 32 < self.threshold { Some(self.place) } else { None }
    }
}

/// Gilbert-Elliott, a step a packet.
#[derive(Clone, Debug)]
pub(crate) struct PacketLaw {
    to_bad: u64,
    to_good: u64,
    stationary_bad: u64,
    good: Odds,
    bad: Odds,
}

/// Gilbert-Elliott in continuous time.
#[derive(Clone, Debug)]
pub(crate) struct BurstLaw {
    good_spell: Sampler,
    bad_spell: Sampler,
    stationary_bad: u64,
    good: Odds,
    bad: Odds,
}

impl LossLaw {
    /// Compiles a loss.
    pub(crate) fn new(loss: &Loss, samplers: &mut Samplers) -> Self {
        let good = |probability| Odds { threshold: threshold(probability), place: LossPlace::Path };
        let bad = |probability| Odds { threshold: threshold(probability), place: LossPlace::Burst };
        match *loss {
            Loss::Independent(probability) => Self::Independent(good(probability)),
            Loss::PerPacket { p, r, loss_good, loss_bad } => Self::PerPacket(PacketLaw {
                to_bad: threshold(p),
                to_good: threshold(r),
                stationary_bad: threshold(if p + r > 0.0 { p / (p + r) } else { 0.0 }),
                good: good(loss_good),
                bad: bad(loss_bad),
            }),
            Loss::Bursts { mean_good, mean_bad, loss_good, loss_bad } => {
                let mut spell = |mean| samplers.get(&Law::Exponential { mean, min: Span::ZERO });
                let (good_spell, bad_spell) = (spell(mean_good), spell(mean_bad));
                let bad_share = bad_spell.mean_ns() / (good_spell.mean_ns() + bad_spell.mean_ns());
                Self::Bursts(BurstLaw {
                    good_spell,
                    bad_spell,
                    stationary_bad: threshold(bad_share),
                    good: good(loss_good),
                    bad: bad(loss_bad),
                })
            }
        }
    }

    /// The laws of good and bad spells, where there are any.
    pub(crate) fn spells(&self) -> Option<[Sampler; 2]> {
        match self {
            Self::Bursts(law) => Some([law.good_spell.clone(), law.bad_spell.clone()]),
            Self::Independent(_) | Self::PerPacket(_) => None,
        }
    }

    /// The state of one path at the start of a trial. `draws` gives the draws of the path for a purpose.
    pub(crate) fn start(&self, draws: impl Fn(Purpose) -> Key) -> LossState {
        match self {
            Self::Independent(_) => LossState::Independent,
            Self::PerPacket(law) => {
                let draws = draws(Purpose::PacketChain).stream();
                LossState::PerPacket(PacketChain { bad: draws.draw(0) >> 32 < law.stationary_bad, packets: 0, draws })
            }
            Self::Bursts(law) => {
                let draws = draws(Purpose::BurstSpell).stream();
                let bad = draws.draw(0) >> 32 < law.stationary_bad;
                // Exponential spells have no memory: what is left of the first is a whole one.
                let until = if bad { &law.bad_spell } else { &law.good_spell }.sample(draws.draw(1)).as_nanos();
                LossState::Bursts(Spells { bad, until, number: 1, draws })
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

/// The loss state of one path.
#[derive(Clone, Debug)]
pub(crate) enum LossState {
    Independent,
    PerPacket(PacketChain),
    Bursts(Spells),
}

/// A chain that steps after each packet.
#[derive(Clone, Debug)]
pub(crate) struct PacketChain {
    bad: bool,
    packets: u64,
    draws: Stream,
}

impl PacketChain {
    /// The odds of the next packet.
    #[inline]
    pub(crate) fn next(&mut self, law: &PacketLaw) -> Odds {
        let odds = if self.bad { law.bad } else { law.good };
        self.packets += 1;
        let step = self.draws.draw(self.packets) >> 32;
        self.bad = if self.bad { step >= law.to_good } else { step < law.to_bad };
        odds
    }
}

/// Good and bad spells that take turns.
#[derive(Clone, Debug)]
pub(crate) struct Spells {
    bad: bool,
    until: u64,
    number: u64,
    draws: Stream,
}

impl Spells {
    /// The odds of a message that is sent at `at`, no earlier than the one before.
    #[inline]
    pub(crate) fn next(&mut self, law: &BurstLaw, at: u64) -> Odds {
        while at >= self.until {
            self.bad = !self.bad;
            self.number += 1;
            let spell = if self.bad { &law.bad_spell } else { &law.good_spell };
            self.until = self.until.saturating_add(spell.sample(self.draws.draw(self.number)).as_nanos().max(1));
        }
        if self.bad { law.bad } else { law.good }
    }
}
