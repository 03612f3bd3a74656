//! Independence components: which pairs share a random source, and so count as one unit together.

use std::ops::Range;

use crate::detector::{CheckPhase, Watch};
use crate::model::{Fault, FaultKind, Law, Phase, Target, Timing, Trace, Traffic, World};
use crate::units::{SimTime, Span};

/// Groups that very many components are folded into: enough for any interval, few enough for memory.
const MOST_GROUPS: u32 = 1024;

/// Stretches that a recording is cut into, at the least and at the most.
const STRETCHES: Range<u64> = 8..33;

/// How pairs fall into components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Components {
    /// Every node with its pairs is one; so many nodes are folded into one group.
    Nodes {
        /// Nodes of a group.
        group: u32,
    },
    /// Everything shares something.
    Whole,
    /// A recording, cut into stretches of this length.
    Stretches {
        /// Length of a stretch.
        length: Span,
        /// How many.
        count: u32,
    },
}

impl Components {
    /// The components of a world as one listener sees it.
    #[must_use]
    pub fn of(world: &World, watch: &Watch) -> Self {
        let heartbeat = match &world.traffic {
            Traffic::Recorded { trace, .. } => return Self::of_trace(trace, world.duration),
            Traffic::Push(heartbeat) => heartbeat,
        };
        let shared_looks = watch.every.is_some_and(|check| check.phase == CheckPhase::Random || check.gap_max > 0.0);
        let coupled = shared_looks && heartbeat.phase == Phase::Aligned;
        if coupled || world.faults.iter().any(|fault| couples(fault, world)) {
            Self::Whole
        } else {
            Self::Nodes { group: world.nodes.div_ceil(MOST_GROUPS).max(1) }
        }
    }

    /// At least 8 equal stretches, each longer than ten times the longest silence; else one.
    fn of_trace(trace: &Trace, duration: Span) -> Self {
        let silences = trace.nodes.iter().flat_map(|node| {
            let mut arrivals: Vec<u64> = node.beats.iter().filter_map(|beat| beat.arrived).collect();
            arrivals.sort_unstable();
            arrivals.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>()
        });
        let shortest = silences.max().unwrap_or(u64::MAX).saturating_mul(10).max(1);
        let count = (duration.as_nanos() / shortest).min(STRETCHES.end - 1);
        match u32::try_from(count) {
            Ok(count) if u64::from(count) >= STRETCHES.start => {
                Self::Stretches { length: Span::from_nanos(duration.as_nanos().div_ceil(u64::from(count))), count }
            }
            _ => Self::Whole,
        }
    }

    /// How many components a trial of so many nodes has.
    #[must_use]
    pub const fn count(&self, nodes: u32) -> u32 {
        match self {
            Self::Nodes { group } => nodes.div_ceil(*group),
            Self::Whole => 1,
            Self::Stretches { count, .. } => *count,
        }
    }

    /// The component of a node (from 0) at an instant of the measured time (from its start).
    #[must_use]
    pub fn index(&self, node: u32, since_start: Span) -> usize {
        match self {
            Self::Nodes { group } => (node / group) as usize,
            Self::Whole => 0,
            Self::Stretches { length, count } => {
                let stretch = since_start.as_nanos() / length.as_nanos().max(1);
                usize::try_from(stretch.min(u64::from(*count) - 1)).unwrap_or(0)
            }
        }
    }

    /// The parts of [from, to) by component, both from the start of the measured time.
    pub(crate) fn split(&self, node: u32, from: SimTime, to: SimTime, mut each: impl FnMut(usize, Span)) {
        let Self::Stretches { length, count } = self else {
            each(self.index(node, Span::ZERO), to.since(from));
            return;
        };
        let mut at = from;
        while at < to {
            let index = self.index(node, at.since(SimTime::ZERO));
            let last = index + 1 >= *count as usize;
            let border = SimTime::ZERO + length.times(index as u64 + 1);
            let end = if last { to } else { to.min(border) };
            each(index, end.since(at));
            at = end;
        }
    }
}

/// Whether one draw of a fault touches pairs of several nodes.
fn couples(fault: &Fault, world: &World) -> bool {
    let several = |target: Target| match target {
        Target::Node(_) => false,
        Target::All | Target::Nodes | Target::Monitors | Target::Monitor(_) => world.nodes > 1,
    };
    let watches = |target: Target| matches!(target, Target::All | Target::Monitors | Target::Monitor(_));
    let (length, coupled) = match &fault.kind {
        // A monitor that stands still or crashes is shared by all of its pairs.
        FaultKind::Crash { on, down_for: length } | FaultKind::Pause { on, lasts: length } => {
            (length, (fault.together && several(*on)) || (watches(*on) && world.nodes > 1))
        }
        FaultKind::Partition { from, to, lasts: length, .. } => {
            (length, fault.together && (several(*from) || several(*to)))
        }
    };
    let random = matches!(fault.timing, Timing::Every(_)) || !matches!(length, Law::Constant(_));
    random && coupled
}
