//! Random draws as pure functions of who asks and for which message.
//!
//! A draw depends on (seed, trial, purpose, entity, number) alone, never on what was drawn before. So it does not matter
//! who asks first: threads, slices and the order of events cannot change a result, the worlds of a sweep share their
//! draws, and any one message can be drawn again later. There is no state here and no randomness of the system's.

/// Version of the draws: it moves with every change that gives a scenario and a seed other draws.
pub const DRAWS_VERSION: u32 = 1;

/// What a draw is for. Two purposes never share a draw, whatever the entity and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// Loss and delay of one message on a path.
    Message,
    /// The state of a per-packet Gilbert-Elliott chain on a path.
    PacketChain,
    /// Spells of a burst-loss process on a path.
    BurstSpell,
    /// A node's heartbeat phase.
    Phase,
    /// Jitter of a heartbeat about its slot, or the length of a wait.
    Jitter,
    /// Times between faults of one name.
    FaultGap,
    /// Lengths of faults of one name.
    FaultLength,
    /// The phase of a restarted node.
    RestartPhase,
    /// The phase of an observer's check ticks.
    CheckPhase,
    /// The stretch of an observer's check period.
    CheckGap,
}

/// Spreads 64 bits: the finaliser of `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014, variant 13 of Stafford's mixers).
#[must_use]
#[inline]
pub const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// The odd number nearest 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A path through (seed, trial, purpose, entity): narrowed step by step, then turned into a [`Stream`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// The root of all draws of one trial.
    #[must_use]
    pub const fn root(seed: u64, trial: u32) -> Self {
        Self(mix(seed ^ GOLDEN)).entity(trial as u64)
    }

    /// Narrows the key to one purpose.
    #[must_use]
    pub const fn purpose(self, purpose: Purpose) -> Self {
        self.entity(0x7075_7270_0000 + purpose as u64)
    }

    /// Narrows the key to one entity: a node's number, an observer's, an incarnation.
    #[must_use]
    pub const fn entity(self, entity: u64) -> Self {
        Self(mix(self.0.rotate_left(23) ^ mix(entity.wrapping_add(GOLDEN))))
    }

    /// Narrows the key to something with a name, such as a fault.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        name.bytes().fold(self.entity(name.len() as u64), |key, byte| key.entity(u64::from(byte)))
    }

    /// The draws of this key, by number.
    #[must_use]
    pub const fn stream(self) -> Stream {
        Stream { start: self.0, step: mix(self.0 ^ GOLDEN) | 1 }
    }
}

/// The numbered draws of one key: 64 random bits for every number, in any order, as often as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    start: u64,
    step: u64,
}

impl Stream {
    /// Draw number `number`: 64 random bits.
    #[must_use]
    #[inline]
    pub const fn draw(&self, number: u64) -> u64 {
        mix(self.start.wrapping_add(number.wrapping_mul(self.step)))
    }
}

/// More random bits from a draw that was not enough: number `again` of the draws that follow from it.
#[must_use]
#[inline]
pub const fn redraw(draw: u64, again: u64) -> u64 {
    mix(mix(draw ^ GOLDEN).wrapping_add(again.wrapping_mul(GOLDEN)))
}
