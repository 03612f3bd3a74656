//! Faults: what strikes, whom, and when.

use super::Law;
use crate::units::Span;

/// One fault table of a scenario. Its draws are keyed by its name, so adding a fault moves no draw of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The name that the user gave it.
    pub name: String,
    /// What it does, and for how long.
    pub kind: FaultKind,
    /// When it strikes.
    pub timing: Timing,
    /// Whether one draw hits all of its targets at once.
    pub together: bool,
}

/// What a fault does.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// The host stops and is started again. A crash ends a stall; messages that wait at the host are lost.
    Crash {
        /// Who crashes.
        on: Target,
        /// How long it stays down.
        down_for: Law,
    },
    /// The host stands still but lives: nothing is sent or processed, messages to it wait.
    Pause {
        /// Who pauses.
        on: Target,
        /// How long.
        lasts: Law,
    },
    /// Messages from one side to the other are lost if they are sent while it lasts.
    Partition {
        /// Senders of the messages that are cut.
        from: Target,
        /// Receivers of the messages that are cut.
        to: Target,
        /// Whether messages from `to` to `from` are cut too.
        both_ways: bool,
        /// How long.
        lasts: Law,
    },
}

/// Whom a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Every node and every monitor.
    All,
    /// Every node.
    Nodes,
    /// Every monitor.
    Monitors,
    /// The node of this number, from 1.
    Node(u32),
    /// The monitor of this number, from 1.
    Monitor(u32),
}

impl Target {
    /// Whether node `number` (from 1) is among the targets.
    #[must_use]
    pub const fn covers_node(self, number: u32) -> bool {
        match self {
            Self::All | Self::Nodes => true,
            Self::Node(one) => one == number,
            Self::Monitors | Self::Monitor(_) => false,
        }
    }

    /// Whether monitor `number` (from 1) is among the targets.
    #[must_use]
    pub const fn covers_monitor(self, number: u32) -> bool {
        match self {
            Self::All | Self::Monitors => true,
            Self::Monitor(one) => one == number,
            Self::Nodes | Self::Node(_) => false,
        }
    }
}

/// When a fault strikes.
#[derive(Clone, Debug, PartialEq)]
pub enum Timing {
    /// A renewal process in absolute time: the law of the time from the end of one to the start of the next; the first
    /// start is drawn from its equilibrium law.
    Every(Law),
    /// At these times from the end of the warm-up, in ascending order.
    At(Vec<Span>),
}
