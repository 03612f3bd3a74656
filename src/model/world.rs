//! The world of one point of a sweep: everything that the engine needs to know.

use super::{Fault, Law, Loss, Trace};
use crate::units::Span;

/// Nodes that send, monitors that listen, the network between them and what goes wrong.
///
/// Every monitor watches every node. Plain data: two equal worlds give equal results.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Seed of every draw.
    pub seed: u64,
    /// Simulated time before the measurement starts.
    pub warm_up: Span,
    /// Simulated time that is measured.
    pub duration: Span,
    /// How many nodes send heartbeats.
    pub nodes: u32,
    /// How many monitors listen, each to every node.
    pub monitors: u32,
    /// The heartbeats.
    pub traffic: Traffic,
    /// Every path between a node and a monitor.
    pub network: Network,
    /// How monitors behave as hosts.
    pub monitor: MonitorRole,
    /// What goes wrong, in file order.
    pub faults: Vec<Fault>,
}

/// Where heartbeats come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Traffic {
    /// Every node pushes them to every monitor.
    Push(Heartbeat),
    /// They were recorded; `interval` is the nominal one.
    Recorded {
        /// The recording: one monitor that watches its nodes.
        trace: Trace,
        /// The heartbeat interval.
        interval: Span,
    },
}

/// How a node sends its heartbeats.
#[derive(Clone, Debug, PartialEq)]
pub struct Heartbeat {
    /// Time between two slots.
    pub interval: Span,
    /// When in or after a slot a heartbeat is sent.
    pub pacing: Pacing,
    /// Where a node's first slot lies.
    pub phase: Phase,
    /// What becomes of slots inside a stall.
    pub missed_ticks: MissedTicks,
    /// Where the first slot lies after a restart.
    pub on_restart: OnRestart,
    /// Bytes of a heartbeat before headers.
    pub payload: u64,
    /// Header bytes that the network adds.
    pub wire: Wire,
}

/// When heartbeats are sent, in shares of the interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pacing {
    /// At slot +- this share of the interval, uniformly. Below 0.5; 0 sends on the slot.
    Jitter(f64),
    /// Each wait is the interval times a uniform share from `min` to `max`, from the last send.
    Wait {
        /// Least share, above 0.
        min: f64,
        /// Greatest share.
        max: f64,
    },
}

/// Where a node's first slot lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A random part of an interval, one draw a node and trial.
    Random,
    /// All at the same instants.
    Aligned,
}

/// What becomes of heartbeats whose slot lies inside a stall (start <= slot < end).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissedTicks {
    /// One on waking with the number of the first missed slot, then the old grid.
    Skip,
    /// All on waking.
    Burst,
    /// One on waking, and a new grid from there; numbers stay consecutive.
    Delay,
    /// Nothing until the next slot.
    Drop,
}

/// Where the first slot lies after a restart. Numbers start at 0 again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRestart {
    /// At the start.
    AtOnce,
    /// A random part of an interval after the start.
    RandomPhase,
    /// At the next slot of the grid that the node had first.
    SameGrid,
}

/// Header bytes a heartbeat carries on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// UDP over IPv4: 28.
    Ipv4,
    /// UDP over IPv6: 48.
    Ipv6,
    /// UDP over IPv4 in an Ethernet frame: 28 + 18, padded to at least 64 bytes.
    Ethernet,
}

/// Every path between a node and a monitor, in both directions.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Time from send to arrival.
    pub delay: Law,
    /// Which messages never arrive.
    pub loss: Loss,
    /// Whether messages may overtake.
    pub ordering: Ordering,
}

/// Whether messages of a path may overtake each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordering {
    /// They may.
    Any,
    /// They may not: a message arrives no earlier than the last one of its path that arrived.
    Fifo,
}

/// How a monitor behaves as a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonitorRole {
    /// What a monitor does first when it wakes from a stall.
    pub on_wake: OnWake,
    /// Whether its detectors survive a crash of the monitor.
    pub memory_kept: bool,
}

/// What a monitor does first when it wakes from a stall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnWake {
    /// It processes the messages that waited, then looks at its deadlines.
    MessagesFirst,
    /// It looks at its deadlines while the messages still wait.
    TimersFirst,
}

impl World {
    /// Nodes that push a heartbeat every `interval` to one monitor, over a network without delay or loss, for an hour
    /// after a warm-up of 1200 intervals: what a test changes to its needs with `..World::new(nodes, interval)`.
    #[must_use]
    pub fn new(nodes: u32, interval: Span) -> Self {
        Self {
            seed: 1,
            warm_up: interval.times(1200),
            duration: Span::from_hours(1),
            nodes,
            monitors: 1,
            traffic: Traffic::Push(Heartbeat::every(interval)),
            network: Network {
                delay: Law::Constant(Span::ZERO),
                loss: Loss::Independent(0.0),
                ordering: Ordering::Any,
            },
            monitor: MonitorRole { on_wake: OnWake::MessagesFirst, memory_kept: false },
            faults: Vec::new(),
        }
    }

    /// The nominal time between two heartbeats of a node.
    #[must_use]
    pub const fn interval(&self) -> Span {
        match &self.traffic {
            Traffic::Push(heartbeat) => heartbeat.interval,
            Traffic::Recorded { interval, .. } => *interval,
        }
    }

    /// How many pairs of a monitor and a node there are.
    #[must_use]
    pub const fn pairs(&self) -> usize {
        self.nodes as usize * self.monitors as usize
    }

    /// Whole simulated time of a trial: warm-up and measurement.
    #[must_use]
    pub fn total(&self) -> Span {
        self.warm_up + self.duration
    }
}

impl Heartbeat {
    /// A heartbeat every `interval` from a random phase on, 64 bytes over UDP and IPv4.
    #[must_use]
    pub const fn every(interval: Span) -> Self {
        Self {
            interval,
            pacing: Pacing::Jitter(0.0),
            phase: Phase::Random,
            missed_ticks: MissedTicks::Skip,
            on_restart: OnRestart::AtOnce,
            payload: 64,
            wire: Wire::Ipv4,
        }
    }

    /// Bytes of one heartbeat on the wire.
    #[must_use]
    pub fn wire_bytes(&self) -> u64 {
        match self.wire {
            Wire::Ipv4 => self.payload + 28,
            Wire::Ipv6 => self.payload + 48,
            Wire::Ethernet => (self.payload + 46).max(64),
        }
    }
}
