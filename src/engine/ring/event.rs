//! Events of the ring: when, of which rank, about whom. Small enough for a bucket to hold one in 64 bits.

/// What happens first of what happens at one instant, as the contract says: fault ends, fault starts, sends, arrivals.
///
/// New kinds of event find their place here: three bits hold eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Rank {
    /// A fault ends. The entity is a place in the list of changes.
    FaultEnd,
    /// A fault starts. The entity is a place in the list of changes.
    FaultStart,
    /// A node sends. The entity is the node.
    Send,
    /// A monitor that woke processes what waited. The entity is the monitor.
    Backlog,
    /// A message reaches its monitor's host. The entity is the pair.
    Arrival,
}

impl Rank {
    const fn from_bits(bits: u32) -> Self {
        match bits {
            0 => Self::FaultEnd,
            1 => Self::FaultStart,
            2 => Self::Send,
            3 => Self::Backlog,
            _ => Self::Arrival,
        }
    }
}

/// Bits of an entity: enough for 500 million pairs.
const ENTITY_BITS: u32 = 29;

/// Rank and entity of an event, ordered by rank first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(u32);

impl Key {
    #[inline]
    pub(super) const fn new(rank: Rank, entity: u32) -> Self {
        Self((rank as u32) << ENTITY_BITS | entity)
    }

    #[inline]
    pub(super) const fn rank(self) -> Rank {
        Rank::from_bits(self.0 >> ENTITY_BITS)
    }

    #[inline]
    pub(super) const fn entity(self) -> u32 {
        self.0 & ((1 << ENTITY_BITS) - 1)
    }

    #[inline]
    pub(super) const fn bits(self) -> u64 {
        self.0 as u64
    }

    /// From the low half of `bits`.
    #[expect(clippy::cast_possible_truncation, reason = "the low half is what is meant")]
    #[inline]
    pub(super) const fn from_bits(bits: u64) -> Self {
        Self(bits as u32)
    }
}

/// An event that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) at: u64,
    pub(super) key: Key,
}
