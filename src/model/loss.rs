//! How a path loses messages.

use crate::units::Span;

/// The loss of one path and direction. Every path has a process of its own.
#[derive(Clone, Debug, PartialEq)]
pub enum Loss {
    /// Every message is lost with this probability, whatever happened to the others.
    Independent(f64),
    /// Gilbert-Elliott, a step a packet: stationary at the start; the state steps after each packet of the path.
    PerPacket {
        /// P(good -> bad) after a packet.
        p: f64,
        /// P(bad -> good) after a packet.
        r: f64,
        /// Loss probability in the good state.
        loss_good: f64,
        /// Loss probability in the bad state.
        loss_bad: f64,
    },
    /// Gilbert-Elliott in continuous time: exponential spells, stationary at the start, walked in absolute time, so that
    /// the bursts are the same whatever the heartbeat interval.
    Bursts {
        /// Mean length of a good spell.
        mean_good: Span,
        /// Mean length of a bad spell.
        mean_bad: Span,
        /// Loss probability in a good spell.
        loss_good: f64,
        /// Loss probability in a bad spell.
        loss_bad: f64,
    },
}
