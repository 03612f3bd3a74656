//! When a node sends its heartbeats: slots, jitter, stalls, restarts.
//!
//! Heartbeats leave as [`Run`]s (regular stretches), so that a quiet hour of a node is one value, or one at a time. Nothing
//! here knows of paths or monitors.

use super::batch::Missed;
use super::host::{HostChange, HostEdge, HostId};
use crate::model::{Heartbeat, MissedTicks, OnRestart, Pacing, Phase, World};
use crate::rng::{Key, Purpose, Stream};
use crate::units::SimTime;

/// Heartbeats that follow each other: number `seq + i` is due at `at + i * step`, plus its jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) at: u64,
    pub(crate) step: u64,
    pub(crate) seq: u64,
    pub(crate) count: u64,
    pub(crate) incarnation: u32,
    /// Whether each is sent at its jittered instant; a beat on waking is sent at `at` exactly.
    pub(crate) jittered: bool,
}

/// The jitter of one incarnation's heartbeats: a pure function of their number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jitter {
    amplitude: u64,
    draws: Stream,
    start: u64,
}

impl Jitter {
    /// When heartbeat `seq` is sent whose slot lies at `slot`.
    #[inline]
    pub(crate) fn send(&self, slot: u64, seq: u64) -> u64 {
        if self.amplitude == 0 {
            return slot;
        }
        let shift = part_of(self.amplitude * 2, self.draws.draw(seq));
        (slot + shift).saturating_sub(self.amplitude).max(self.start)
    }
}

/// How every node of a world sends, compiled once a trial.
#[derive(Clone, Debug)]
pub(crate) struct SendLaw {
    interval: u64,
    pace: Pace,
    phase: Phase,
    missed_ticks: MissedTicks,
    on_restart: OnRestart,
    root: Key,
}

/// When heartbeats are sent, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// On a grid, moved by at most `amplitude` either way.
    Grid { amplitude: u64 },
    /// Each so long after the last one: `least` and a uniform part of `spread`.
    Wait { least: u64, spread: u64 },
}

impl SendLaw {
    /// Compiles the heartbeats of one trial.
    pub(crate) fn new(world: &World, heartbeat: &Heartbeat, trial: u32) -> Self {
        let interval = heartbeat.interval.as_nanos();
        let pace = match heartbeat.pacing {
            Pacing::Jitter(share) => Pace::Grid { amplitude: share_of(interval, share) },
            Pacing::Wait { min, max } => {
                let least = share_of(interval, min);
                Pace::Wait { least, spread: share_of(interval, max) - least }
            }
        };
        Self {
            interval,
            pace,
            phase: heartbeat.phase,
            missed_ticks: heartbeat.missed_ticks,
            on_restart: heartbeat.on_restart,
            root: Key::root(world.seed, trial),
        }
    }

    /// How many heartbeats a node sends in a span at the most, if nothing happens.
    pub(crate) fn slots(&self, span: u64) -> usize {
        usize::try_from(span / self.interval + 1).unwrap_or(usize::MAX)
    }

    fn first_slot(&self, entity: u64) -> u64 {
        match self.phase {
            Phase::Aligned => 0,
            Phase::Random => part_of(self.interval, self.root.purpose(Purpose::Phase).entity(entity).stream().draw(0)),
        }
    }

    fn jitter(&self, entity: u64, incarnation: u32, start: u64) -> Jitter {
        let amplitude = if let Pace::Grid { amplitude } = self.pace { amplitude } else { 0 };
        let draws = self.root.purpose(Purpose::Jitter).entity(entity).entity(u64::from(incarnation)).stream();
        Jitter { amplitude, draws, start }
    }

    /// The first slot of an incarnation that starts at `at`.
    fn restart_slot(&self, entity: u64, incarnation: u32, at: u64) -> u64 {
        match self.on_restart {
            OnRestart::AtOnce => at,
            OnRestart::RandomPhase => {
                let draws = self.root.purpose(Purpose::RestartPhase).entity(entity).stream();
                at + part_of(self.interval, draws.draw(u64::from(incarnation - 1)))
            }
            OnRestart::SameGrid => {
                let first = self.first_slot(entity);
                first + at.saturating_sub(first).div_ceil(self.interval) * self.interval
            }
        }
    }
}

/// The sender of one node, between two heartbeats.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    node: u32,
    incarnation: u32,
    state: State,
    jitter: Jitter,
    next_slot: u64,
    next_seq: u64,
    owed: Owed,
}

/// Heartbeats that are sent at once on waking, before any other.
#[derive(Clone, Copy, Debug)]
struct Owed {
    at: u64,
    seq: u64,
    count: u64,
}

const NOTHING_OWED: Owed = Owed { at: 0, seq: 0, count: 0 };

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    Stalled,
    Down,
}

impl Sender {
    /// A node's sender at the start of a trial.
    pub(crate) fn new(law: &SendLaw, node: u32) -> Self {
        let entity = HostId::Node(node).entity();
        Self {
            node,
            incarnation: 0,
            state: State::Running,
            jitter: law.jitter(entity, 0, 0),
            next_slot: law.first_slot(entity),
            next_seq: 0,
            owed: NOTHING_OWED,
        }
    }

    /// The incarnation of the heartbeats that are sent next.
    pub(crate) const fn incarnation(&self) -> u32 {
        self.incarnation
    }

    /// Sends everything from where the node stands up to but not including `until`.
    /// Each run comes with the jitter of its incarnation.
    pub(crate) fn advance(
        &mut self,
        law: &SendLaw,
        edges: &[HostEdge],
        until: u64,
        missed: &mut Vec<Missed>,
        runs: &mut Vec<(Run, Jitter)>,
    ) {
        for edge in edges {
            self.send_before(law, edge.at, runs);
            missed.extend(self.change(law, edge));
        }
        self.send_before(law, until, runs);
        missed.extend(self.swallowed(law, until));
    }

    /// The slots that a stall which goes on has swallowed so far.
    pub(crate) fn swallowed(&self, law: &SendLaw, until: u64) -> Option<Missed> {
        let stalled = self.state == State::Stalled;
        self.slots_missed(law, until).filter(|_| stalled)
    }

    /// When the next heartbeat is sent if nothing happens to the node before; `u64::MAX` while it stands still.
    #[inline]
    pub(crate) fn next_send(&self) -> u64 {
        match self.state {
            State::Running if self.owed.count > 0 => self.owed.at,
            State::Running => self.jitter.send(self.next_slot, self.next_seq),
            State::Stalled | State::Down => u64::MAX,
        }
    }

    /// Sends the next heartbeat and returns its number.
    #[inline]
    pub(crate) fn send(&mut self, law: &SendLaw) -> u64 {
        if self.owed.count > 0 {
            self.owed.count -= 1;
            self.owed.seq += 1;
            return self.owed.seq - 1;
        }
        let seq = self.next_seq;
        self.pass_one(law);
        seq
    }

    /// The node's host changes, after everything was sent that is due before. Returns the slots that a stall swallowed.
    pub(crate) fn change(&mut self, law: &SendLaw, edge: &HostEdge) -> Option<Missed> {
        match edge.change {
            HostChange::Stall => self.state = State::Stalled,
            HostChange::Down => {
                let swallowed = self.swallowed(law, edge.at);
                self.state = State::Down;
                return swallowed;
            }
            HostChange::Wake => {
                self.state = State::Running;
                return self.wake(law, edge.at);
            }
            HostChange::Up => {
                self.state = State::Running;
                self.restart(law, edge.at);
            }
        }
        None
    }

    fn restart(&mut self, law: &SendLaw, at: u64) {
        let entity = HostId::Node(self.node).entity();
        self.incarnation += 1;
        self.jitter = law.jitter(entity, self.incarnation, at);
        self.next_slot = law.restart_slot(entity, self.incarnation, at);
        self.next_seq = 0;
    }

    fn send_before(&mut self, law: &SendLaw, until: u64, runs: &mut Vec<(Run, Jitter)>) {
        if self.state != State::Running {
            return;
        }
        let Owed { at, seq, count } = std::mem::replace(&mut self.owed, NOTHING_OWED);
        if count > 0 {
            self.push(Run { at, step: 0, seq, count, incarnation: self.incarnation, jittered: false }, runs);
        }
        match law.pace {
            Pace::Wait { .. } => {
                while self.next_slot < until {
                    self.push(self.regular(law, 1), runs);
                    self.pass_one(law);
                }
            }
            Pace::Grid { .. } => {
                let count = self.slots_before(law, until);
                if count > 0 {
                    self.push(self.regular(law, count), runs);
                    self.pass(law, count);
                }
            }
        }
    }

    fn push(&self, run: Run, runs: &mut Vec<(Run, Jitter)>) {
        runs.push((run, self.jitter));
    }

    /// The next heartbeats, if nothing happens.
    const fn regular(&self, law: &SendLaw, count: u64) -> Run {
        Run {
            at: self.next_slot,
            step: law.interval,
            seq: self.next_seq,
            count,
            incarnation: self.incarnation,
            jittered: self.jitter.amplitude > 0,
        }
    }

    /// How many slots of the grid, from the next one on, are sent before `until`.
    fn slots_before(&self, law: &SendLaw, until: u64) -> u64 {
        if self.jitter.amplitude == 0 {
            return until.saturating_sub(self.next_slot).div_ceil(law.interval);
        }
        // All but the last few are certain: jitter stays below half an interval.
        let mut count = until.saturating_sub(self.next_slot.saturating_add(self.jitter.amplitude)) / law.interval;
        while self.jitter.send(self.next_slot + count * law.interval, self.next_seq + count) < until {
            count += 1;
        }
        count
    }

    fn pass(&mut self, law: &SendLaw, slots: u64) {
        self.next_slot += slots * law.interval;
        self.next_seq += slots;
    }

    fn pass_one(&mut self, law: &SendLaw) {
        self.next_slot += self.wait(law);
        self.next_seq += 1;
    }

    /// The time from the slot of heartbeat `next_seq` to the slot after it.
    fn wait(&self, law: &SendLaw) -> u64 {
        match law.pace {
            Pace::Grid { .. } => law.interval,
            Pace::Wait { least, spread } => least + part_of(spread, self.jitter.draws.draw(self.next_seq)),
        }
    }

    /// The slots from the next one on that are due before `until`, when the node wakes or has not yet.
    fn slots_missed(&self, law: &SendLaw, until: u64) -> Option<Missed> {
        let count = match law.pace {
            Pace::Grid { .. } => self.slots_before(law, until),
            Pace::Wait { .. } => u64::from(self.next_slot < until),
        };
        let (due, woke) = (self.jitter.send(self.next_slot, self.next_seq), until);
        (count > 0).then_some(Missed {
            due: SimTime::from_nanos(due),
            seq: self.next_seq,
            count,
            incarnation: self.incarnation,
            woke: SimTime::from_nanos(woke),
        })
    }

    /// What becomes of the slots that fell into the stall that ends at `at`; returns them.
    fn wake(&mut self, law: &SendLaw, at: u64) -> Option<Missed> {
        let missed = self.slots_missed(law, at)?;
        let Missed { seq, count, .. } = missed;
        match (law.missed_ticks, law.pace) {
            (MissedTicks::Drop, Pace::Wait { .. }) => {
                while self.next_slot < at {
                    self.pass_one(law);
                }
                return Some(Missed { count: self.next_seq - seq, ..missed });
            }
            // One late heartbeat moves all that follow.
            (MissedTicks::Delay, _) | (_, Pace::Wait { .. }) => {
                self.owed = Owed { at, seq, count: 1 };
                self.next_slot = at + self.wait(law);
                self.next_seq += 1;
            }
            (MissedTicks::Skip, _) => {
                self.owed = Owed { at, seq, count: 1 };
                self.pass(law, count);
            }
            (MissedTicks::Burst, _) => {
                self.owed = Owed { at, seq, count };
                self.pass(law, count);
            }
            (MissedTicks::Drop, _) => self.pass(law, count),
        }
        Some(missed)
    }
}

/// A uniform part of `whole`, from 0 to just below it.
pub(crate) fn part_of(whole: u64, draw: u64) -> u64 {
    ((u128::from(whole) * u128::from(draw)) >> 64) as u64
}

/// A share of a span, rounded to the nearest nanosecond.
pub(crate) fn share_of(span: u64, share: f64) -> u64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "spans of a heartbeat are far below 2^53 ns, and shares are not negative"
    )]
    let nanos = (span as f64 * share).round() as u64;
    nanos
}
