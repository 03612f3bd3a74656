//! When a node sends its heartbeats: slots, jitter, stalls, restarts.
//!
//! Heartbeats leave as [`Run`]s (regular stretches) so that a quiet hour of a node is one value. Nothing here knows of
//! paths or monitors.

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
        let span = u128::from(self.amplitude) * 2;
        let shift = ((u128::from(self.draws.draw(seq)) * span) >> 64) as u64;
        (slot + shift).saturating_sub(self.amplitude).max(self.start)
    }
}

/// What the sender of a node does between two slices.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    interval: u64,
    pacing: Pacing,
    missed_ticks: MissedTicks,
    on_restart: OnRestart,
    jitter_key: Key,
    restart_draws: Stream,
    /// First slot of the trial: the grid that `same-grid` returns to.
    first_slot: u64,
    incarnation: u32,
    jitter: Jitter,
    next_slot: u64,
    next_seq: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    Stalled,
    Down,
}

impl Sender {
    /// A node's sender at the start of a trial.
    pub(crate) fn new(world: &World, heartbeat: &Heartbeat, trial: u32, node: u32) -> Self {
        let root = Key::root(world.seed, trial);
        let entity = HostId::Node(node).entity();
        let interval = heartbeat.interval.as_nanos();
        let first_slot = match heartbeat.phase {
            Phase::Aligned => 0,
            Phase::Random => part_of(interval, root.purpose(Purpose::Phase).entity(entity).stream().draw(0)),
        };
        let jitter_key = root.purpose(Purpose::Jitter).entity(entity);
        let mut sender = Self {
            interval,
            pacing: heartbeat.pacing,
            missed_ticks: heartbeat.missed_ticks,
            on_restart: heartbeat.on_restart,
            jitter_key,
            restart_draws: root.purpose(Purpose::RestartPhase).entity(entity).stream(),
            first_slot,
            incarnation: 0,
            jitter: Jitter { amplitude: 0, draws: jitter_key.stream(), start: 0 },
            next_slot: first_slot,
            next_seq: 0,
            state: State::Running,
        };
        sender.begin_incarnation(0, 0, first_slot);
        sender
    }

    /// Sends everything from where the node stands up to but not including `until`.
    /// Each run comes with the jitter of its incarnation.
    pub(crate) fn advance(
        &mut self,
        edges: &[HostEdge],
        until: u64,
        missed: &mut Vec<Missed>,
        runs: &mut Vec<(Run, Jitter)>,
    ) {
        for edge in edges {
            if self.state == State::Running {
                self.send_before(edge.at, runs);
            }
            match edge.change {
                HostChange::Stall => self.state = State::Stalled,
                HostChange::Down => {
                    self.miss_before(edge.at, missed);
                    self.state = State::Down;
                }
                HostChange::Wake => {
                    self.state = State::Running;
                    self.wake(edge.at, missed, runs);
                }
                HostChange::Up => {
                    self.state = State::Running;
                    let slot = self.restart_slot(edge.at);
                    self.begin_incarnation(self.incarnation + 1, edge.at, slot);
                }
            }
        }
        if self.state == State::Running {
            self.send_before(until, runs);
        }
        self.miss_before(until, missed);
    }

    /// Tells of the slots that a stall has swallowed so far: it goes on in the next slice, or a crash ends it.
    fn miss_before(&self, until: u64, missed: &mut Vec<Missed>) {
        if self.state == State::Stalled && self.sent_at(0) < until {
            let count = if matches!(self.pacing, Pacing::Wait { .. }) { 1 } else { self.slots_before(until) };
            missed.push(self.missed(count, until));
        }
    }

    fn begin_incarnation(&mut self, incarnation: u32, start: u64, slot: u64) {
        let share = if let Pacing::Jitter(share) = self.pacing { share } else { 0.0 };
        self.incarnation = incarnation;
        self.jitter = Jitter {
            amplitude: share_of(self.interval, share),
            draws: self.jitter_key.entity(u64::from(incarnation)).stream(),
            start,
        };
        self.next_slot = slot;
        self.next_seq = 0;
    }

    fn restart_slot(&self, at: u64) -> u64 {
        match self.on_restart {
            OnRestart::AtOnce => at,
            OnRestart::RandomPhase => at + part_of(self.interval, self.restart_draws.draw(u64::from(self.incarnation))),
            OnRestart::SameGrid => {
                let slots = at.saturating_sub(self.first_slot).div_ceil(self.interval);
                self.first_slot + slots * self.interval
            }
        }
    }

    /// How many slots from the next one on are sent before `until`.
    fn slots_before(&self, until: u64) -> u64 {
        if self.jitter.amplitude == 0 {
            return until.saturating_sub(self.next_slot).div_ceil(self.interval);
        }
        // All but the last few are certain: jitter stays below half an interval.
        let certain = until.saturating_sub(self.next_slot.saturating_add(self.jitter.amplitude)) / self.interval;
        let mut count = certain;
        while self.sent_at(count) < until {
            count += 1;
        }
        count
    }

    fn sent_at(&self, ahead: u64) -> u64 {
        self.jitter.send(self.next_slot + ahead * self.interval, self.next_seq + ahead)
    }

    fn send_before(&mut self, until: u64, runs: &mut Vec<(Run, Jitter)>) {
        if let Pacing::Wait { min, max } = self.pacing {
            while self.next_slot < until {
                self.push(self.next_slot, self.next_seq, 1, false, runs);
                self.next_slot += self.wait(min, max);
                self.next_seq += 1;
            }
            return;
        }
        let count = self.slots_before(until);
        if count > 0 {
            self.push(self.next_slot, self.next_seq, count, self.jitter.amplitude > 0, runs);
            self.pass(count);
        }
    }

    fn pass(&mut self, slots: u64) {
        self.next_slot += slots * self.interval;
        self.next_seq += slots;
    }

    /// The wait after heartbeat `next_seq`.
    fn wait(&self, min: f64, max: f64) -> u64 {
        let least = share_of(self.interval, min);
        least + part_of(share_of(self.interval, max) - least, self.jitter.draws.draw(self.next_seq))
    }

    fn push(&self, at: u64, seq: u64, count: u64, jittered: bool, runs: &mut Vec<(Run, Jitter)>) {
        runs.push((Run { at, step: self.interval, seq, count, incarnation: self.incarnation, jittered }, self.jitter));
    }

    /// What becomes of the slots that fell into the stall that ends at `at`.
    fn wake(&mut self, at: u64, missed: &mut Vec<Missed>, runs: &mut Vec<(Run, Jitter)>) {
        if let Pacing::Wait { min, max } = self.pacing {
            self.wake_waiting(at, min, max, missed, runs);
            return;
        }
        let count = self.slots_before(at);
        if count == 0 {
            return;
        }
        missed.push(self.missed(count, at));
        match self.missed_ticks {
            MissedTicks::Skip => {
                self.push(at, self.next_seq, 1, false, runs);
                self.pass(count);
            }
            MissedTicks::Burst => {
                for ahead in 0..count {
                    self.push(at, self.next_seq + ahead, 1, false, runs);
                }
                self.pass(count);
            }
            MissedTicks::Delay => {
                self.push(at, self.next_seq, 1, false, runs);
                self.next_slot = at + self.interval;
                self.next_seq += 1;
            }
            MissedTicks::Drop => self.pass(count),
        }
    }

    fn wake_waiting(&mut self, at: u64, min: f64, max: f64, missed: &mut Vec<Missed>, runs: &mut Vec<(Run, Jitter)>) {
        if self.next_slot >= at {
            return;
        }
        let first = self.missed(1, at);
        if self.missed_ticks == MissedTicks::Drop {
            let seq = self.next_seq;
            while self.next_slot < at {
                self.next_slot += self.wait(min, max);
                self.next_seq += 1;
            }
            missed.push(Missed { count: self.next_seq - seq, ..first });
        } else {
            self.push(at, self.next_seq, 1, false, runs);
            self.next_slot = at + self.wait(min, max);
            self.next_seq += 1;
            missed.push(first);
        }
    }

    fn missed(&self, count: u64, woke: u64) -> Missed {
        Missed {
            due: SimTime::from_nanos(self.sent_at(0)),
            seq: self.next_seq,
            count,
            incarnation: self.incarnation,
            woke: SimTime::from_nanos(woke),
        }
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
