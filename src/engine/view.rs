//! What one observer can do in one slice: the stretches in which it runs, and the instants at which it looks.
//!
//! A view depends on the observer alone, so that all pairs of a monitor share it.

use super::host::{HostChange, HostEdge, HostId};
use super::inbox::HostState;
use super::sender::{part_of, share_of};
use crate::detector::{CheckPeriod, CheckPhase};
use crate::model::{OnWake, World};
use crate::rng::{Key, Purpose, Stream};

/// A stretch in which the observer runs: [from, to).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) begins: Begins,
}

/// How a stretch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begins {
    /// It goes on from the slice before, or the trial starts.
    Continues,
    /// The observer wakes; it has stood still since then.
    Wakes { since: u64 },
    /// The observer was started again; it has been down since then.
    Starts { since: u64 },
}

/// What one observer does in one slice.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    pub(crate) edges: Vec<HostEdge>,
    pub(crate) segments: Vec<Segment>,
    pub(crate) timers_first: bool,
    pub(crate) memory_kept: bool,
}

/// The state of an observer between two slices.
#[derive(Clone, Debug)]
pub(crate) struct Observer {
    state: HostState,
    since: u64,
    on_wake: OnWake,
    memory_kept: bool,
}

impl Observer {
    pub(crate) const fn new(world: &World) -> Self {
        Self {
            state: HostState::Running,
            since: 0,
            on_wake: world.monitor.on_wake,
            memory_kept: world.monitor.memory_kept,
        }
    }

    /// The view of the slice [from, until) with these edges of its host.
    pub(crate) fn view(&mut self, from: u64, until: u64, edges: Vec<HostEdge>) -> View {
        let mut segments = Vec::new();
        let mut open = (self.state == HostState::Running).then_some((from, Begins::Continues));
        for edge in &edges {
            match edge.change {
                HostChange::Stall | HostChange::Down => {
                    if let Some((from, begins)) = open.take() {
                        segments.push(Segment { from, to: edge.at, begins });
                        self.since = edge.at;
                    } else if edge.change == HostChange::Down {
                        self.since = edge.at;
                    }
                }
                HostChange::Wake => open = Some((edge.at, Begins::Wakes { since: self.since })),
                HostChange::Up => open = Some((edge.at, Begins::Starts { since: self.since })),
            }
            self.state = HostState::after(edge.change);
        }
        if let Some((from, begins)) = open {
            segments.push(Segment { from, to: until, begins });
        }
        View { edges, segments, timers_first: self.on_wake == OnWake::TimersFirst, memory_kept: self.memory_kept }
    }
}

/// The looks of one observer with one check period, in one slice.
#[derive(Clone, Debug)]
pub(crate) enum Looks {
    /// A timer at every deadline.
    Continuous,
    /// A fixed grid; ticks in a stall drop, and one look is made on waking.
    Grid { phase: u64, period: u64 },
    /// These instants, in ascending order.
    List(Vec<u64>),
}

impl Looks {
    /// The first look at or after `at` within the stretch, if there is one.
    #[inline]
    pub(crate) fn next(&self, at: u64, segment: &Segment) -> Option<u64> {
        let at = at.max(segment.from);
        let look = match self {
            Self::Continuous => at,
            Self::Grid { phase, period } => {
                if at == segment.from && self.dropped_tick(segment) {
                    return Some(at);
                }
                grid_at_or_after(*phase, *period, at)
            }
            Self::List(looks) => *looks.get(looks.partition_point(|&look| look < at))?,
        };
        (look < segment.to).then_some(look)
    }

    /// Whether a tick fell into the stall before the stretch, so that one look is made on waking.
    fn dropped_tick(&self, segment: &Segment) -> bool {
        match (self, segment.begins) {
            (Self::Grid { phase, period }, Begins::Wakes { since }) => {
                grid_at_or_after(*phase, *period, since) < segment.from
            }
            _ => false,
        }
    }

    /// The last look before the stall that ended at the start of the stretch.
    pub(crate) fn before_stall(&self, since: u64) -> u64 {
        match self {
            Self::Continuous => since,
            Self::Grid { phase, period } if since > *phase => phase + (since - 1 - phase) / period * period,
            Self::Grid { .. } => 0,
            Self::List(looks) => {
                let before = looks.partition_point(|&look| look < since);
                before.checked_sub(1).map_or(since, |last| looks[last])
            }
        }
    }

    /// Whether a timer stands at every deadline.
    pub(crate) const fn is_continuous(&self) -> bool {
        matches!(self, Self::Continuous)
    }
}

const fn grid_at_or_after(phase: u64, period: u64, at: u64) -> u64 {
    if at <= phase { phase } else { phase + (at - phase).div_ceil(period) * period }
}

/// The walk of one observer through the looks of one check period.
#[derive(Clone, Debug)]
pub(crate) enum Ticker {
    Continuous,
    Grid { phase: u64, period: u64 },
    Stretched { next: u64, last: Option<u64>, number: u64, check: CheckPeriod, draws: Stream },
}

impl Ticker {
    /// The ticker at the start of a trial. One draw a trial, observer and period gives the phase.
    pub(crate) fn new(world: &World, trial: u32, monitor: u32, check: Option<CheckPeriod>) -> Self {
        let Some(check) = check else { return Self::Continuous };
        let period = check.period.as_nanos();
        let entity = HostId::Monitor(monitor).entity();
        let stream = |purpose| Key::root(world.seed, trial).purpose(purpose).entity(entity).entity(period).stream();
        let phase = match check.phase {
            CheckPhase::Random => part_of(period, stream(Purpose::CheckPhase).draw(0)),
            CheckPhase::Aligned => 0,
            CheckPhase::At(span) => span.as_nanos(),
        };
        if check.gap_max > 0.0 {
            Self::Stretched { next: phase, last: None, number: 0, check, draws: stream(Purpose::CheckGap) }
        } else {
            Self::Grid { phase, period }
        }
    }

    /// The looks of the slice that ends at `until`.
    pub(crate) fn looks(&mut self, view: &View, until: u64) -> Looks {
        match self {
            Self::Continuous => Looks::Continuous,
            Self::Grid { phase, period } => Looks::Grid { phase: *phase, period: *period },
            Self::Stretched { next, last, number, check, draws } => {
                // The last look of the slice before tells how long nobody looked.
                let mut looks: Vec<u64> = last.iter().copied().collect();
                while *next < until {
                    // A look that is due while the observer stands still is made when it runs again.
                    let running = view.segments.iter().find(|segment| segment.to > *next);
                    let Some(segment) = running else { break };
                    let look = (*next).max(segment.from);
                    looks.push(look);
                    *last = Some(look);
                    let stretch = draws.draw(*number);
                    *number += 1;
                    *next = look + stretched(check, stretch);
                }
                Looks::List(looks)
            }
        }
    }
}

/// A period stretched by a uniform share between the least and the greatest gap.
fn stretched(check: &CheckPeriod, draw: u64) -> u64 {
    let period = check.period.as_nanos();
    let (least, most) = (share_of(period, check.gap_min), share_of(period, check.gap_max));
    period + least + part_of(most - least, draw)
}
