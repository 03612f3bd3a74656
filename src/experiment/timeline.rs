//! One pair around one mistake, run again into a full record: the loop back that a picture needs.
//!
//! Draws belong to who asks, so one node of one trial can be run alone; that it makes the same mistake again is asserted.

use std::ops::Range;

use super::findings::{BeatFate, Stall, Timeline};
use super::run::{Origin, Stage};
use crate::analysis::RowInput;
use crate::detector::{Beat, Monitor, Verdict, monitor};
use crate::engine::{
    Arrival, Audience, PairSlice, Sink, SinkPart, Stoppage, StoppageKind, Transition, Wanted, run_nodes, stoppages,
};
use crate::metrics::FalsePositive;
use crate::num::nanos_to_seconds;
use crate::scenario::Plan;
use crate::units::{LocalTime, RemoteTime, SimTime, Span};

/// Points of a level curve.
const LEVELS: u64 = 240;

/// Timelines of an experiment at the most: nobody looks at a hundred.
const MOST_TIMELINES: usize = 12;

/// Where a mistake was made: row, trial and the mistake itself.
type Found<'r> = (usize, u32, &'r FalsePositive);

/// The timeline of each detector's longest mistake, in file order of the detectors; of too many the longest.
pub(super) fn worst(plan: &Plan, stages: &[Stage<'_>], rows: &[RowInput], origins: &[Origin]) -> Vec<Timeline> {
    let mut found: Vec<(usize, Found<'_>)> =
        (0..).zip(&plan.detectors).filter_map(|(place, name)| Some((place, worst_of(rows, name)?))).collect();
    found.sort_by_key(|&(_, (.., mistake))| std::cmp::Reverse(mistake.duration_ns));
    found.truncate(MOST_TIMELINES);
    found.sort_by_key(|&(place, _)| place);
    let film = |(_, (row, trial, mistake)): (usize, Found<'_>)| {
        let origin = origins[row];
        Shot::new(&stages[origin.stage], origin.listener, trial, mistake).take(row, mistake)
    };
    found.into_iter().map(film).collect()
}

/// A detector's longest mistake; of equally long ones the first.
fn worst_of<'r>(rows: &'r [RowInput], name: &str) -> Option<Found<'r>> {
    let mine = rows.iter().enumerate().filter(|(_, row)| row.detector == name);
    let mistakes = mine.flat_map(|(row, input)| {
        let records = (1..).zip(&input.trials);
        records.flat_map(move |(trial, record)| record.false_positives.iter().map(move |mistake| (row, trial, mistake)))
    });
    let longer = |worst: Found<'_>, next: Found<'_>| next.2.duration_ns > worst.2.duration_ns;
    mistakes.reduce(|worst, next| if longer(worst, next) { next } else { worst })
}

/// What is pictured: one pair in one stretch of one trial.
struct Shot<'s> {
    stage: &'s Stage<'s>,
    listener: usize,
    trial: u32,
    pair: (u32, u32),
    origin: SimTime,
    from: SimTime,
    to: SimTime,
}

impl<'s> Shot<'s> {
    /// A stretch that shows some heartbeats before the silence and some after the mistake.
    fn new(stage: &'s Stage<'s>, listener: usize, trial: u32, mistake: &FalsePositive) -> Self {
        let world = &stage.plan.world;
        let origin = SimTime::ZERO + world.warm_up;
        let start = origin + Span::from_nanos(mistake.start_ns);
        let silence = Span::from_nanos(mistake.needed_timeout_ns.unwrap_or(0))
            .saturating_sub(Span::from_nanos(mistake.duration_ns));
        let margin = world.interval().times(6);
        Self {
            stage,
            listener,
            trial,
            pair: (mistake.node - 1, mistake.monitor - 1),
            origin,
            from: start - (silence + margin),
            to: (start + Span::from_nanos(mistake.duration_ns) + margin).min(SimTime::ZERO + world.total()),
        }
    }

    fn take(&self, row: usize, mistake: &FalsePositive) -> Timeline {
        let world = &self.stage.plan.world;
        let listener = &self.stage.plan.listeners[self.listener];
        let audience = Audience::new(&[(listener.config.clone(), listener.watch)], world.interval());
        let mut film = Film::new(self, monitor(&listener.config, world.interval()));
        let (node, _) = self.pair;
        let go_on = |_| true;
        run_nodes(world, &self.stage.laws, self.trial, node..node + 1, &audience, &mut film, &go_on);
        let film = film.developed.unwrap_or_default();
        let begins = self.origin + Span::from_nanos(mistake.start_ns);
        let again = film.transitions.iter().any(|change| change.at == begins && change.verdict == Verdict::Suspect);
        assert!(again, "a pair that is run alone makes the same mistakes");
        Timeline {
            row,
            trial: self.trial,
            monitor: mistake.monitor,
            node: mistake.node,
            from: self.seconds(self.from),
            to: self.seconds(self.to),
            mistake_from: self.seconds(begins),
            mistake_to: self.seconds(begins + Span::from_nanos(mistake.duration_ns)),
            cause: mistake.cause.to_string(),
            beats: film
                .beats
                .iter()
                .map(|&(sent, at)| BeatFate { sent: self.seconds(sent), processed: at.map(|at| self.seconds(at)) })
                .collect(),
            stalls: self.stalls(),
            level: film.levels.iter().map(|&(at, level)| (self.seconds(at), level)).collect(),
            level_limit: listener.config.level_limit(),
            verdicts: self.verdicts(&film.transitions),
        }
    }

    /// Seconds from the end of the warm-up.
    fn seconds(&self, at: SimTime) -> f64 {
        nanos_to_seconds(at.since(self.origin).as_nanos()) - nanos_to_seconds(self.origin.since(at).as_nanos())
    }

    fn stalls(&self) -> Vec<Stall> {
        let found = stoppages(&self.stage.plan.world, &self.stage.laws, self.trial, self.pair, (self.from, self.to));
        let stall = |stoppage: &Stoppage| Stall {
            what: match stoppage.kind {
                StoppageKind::NodeStalled => "node stalled",
                StoppageKind::NodeDown => "node down",
                StoppageKind::MonitorStalled => "monitor stalled",
                StoppageKind::MonitorDown => "monitor down",
                StoppageKind::PathCut => "path cut",
            },
            from: self.seconds(stoppage.from.max(self.from)),
            to: self.seconds(stoppage.to.min(self.to)),
        };
        found.iter().map(stall).collect()
    }

    /// The verdicts of the stretch: the one that it begins with, then every change.
    fn verdicts(&self, transitions: &[Transition]) -> Vec<(f64, bool)> {
        let suspect = |change: &Transition| change.verdict == Verdict::Suspect;
        let before = transitions.iter().rev().find(|change| change.at <= self.from);
        let first = (self.seconds(self.from), before.is_some_and(suspect));
        let later = transitions.iter().filter(|change| change.at > self.from && change.at <= self.to);
        std::iter::once(first).chain(later.map(|change| (self.seconds(change.at), suspect(change)))).collect()
    }
}

/// Records one pair while its node runs alone.
struct Film {
    /// Node and monitor, from 0.
    pair: (u32, u32),
    from: SimTime,
    to: SimTime,
    /// Handed to the part of the sink.
    detector: Option<Box<dyn Monitor + Send>>,
    developed: Option<Reel>,
}

#[derive(Default)]
struct Reel {
    /// When sent, and when processed.
    beats: Vec<(SimTime, Option<SimTime>)>,
    levels: Vec<(SimTime, f64)>,
    transitions: Vec<Transition>,
}

impl Film {
    fn new(shot: &Shot<'_>, detector: Box<dyn Monitor + Send>) -> Self {
        Self { pair: shot.pair, from: shot.from, to: shot.to, detector: Some(detector), developed: None }
    }
}

impl Sink for Film {
    type Part = Frame;

    fn part(&mut self, _nodes: Range<u32>) -> Frame {
        let detector = self.detector.take();
        Frame { pair: self.pair, from: self.from, to: self.to, detector, next_level: 0, reel: Reel::default() }
    }

    fn end_slice(&mut self, parts: &mut [&mut Frame], until: SimTime) {
        if until >= self.to
            && let Some(part) = parts.first_mut()
            && self.developed.is_none()
        {
            self.developed = Some(std::mem::take(&mut part.reel));
        }
    }
}

/// The part of the film that sees the pair.
struct Frame {
    pair: (u32, u32),
    from: SimTime,
    to: SimTime,
    detector: Option<Box<dyn Monitor + Send>>,
    next_level: u64,
    reel: Reel,
}

impl SinkPart for Frame {
    fn wanted(&self) -> Wanted<'_> {
        Wanted::default()
    }

    fn pair(&mut self, slice: &PairSlice<'_>) {
        if (slice.pair.node, slice.pair.monitor) != self.pair {
            return;
        }
        self.reel.transitions.extend_from_slice(slice.transitions);
        let shown = |sent: SimTime| self.from <= sent && sent < self.to;
        let batch = slice.pair.batch;
        let delivered = batch.arrivals.iter().chain(slice.pair.pending).filter(|arrival| shown(arrival.sent));
        self.reel.beats.extend(delivered.map(|arrival| (arrival.sent, Some(arrival.at))));
        self.reel.beats.extend(batch.lost.iter().filter(|lost| shown(lost.sent)).map(|lost| (lost.sent, None)));
        self.reel.beats.sort_unstable();
        self.reel.beats.dedup_by_key(|(sent, _)| *sent);
        for arrival in &batch.arrivals {
            self.levels_before(arrival.at);
            self.hear(arrival);
        }
        self.levels_before(slice.until);
    }
}

impl Frame {
    fn hear(&mut self, arrival: &Arrival) {
        let beat = Beat {
            incarnation: arrival.incarnation,
            seq: arrival.seq,
            sent: RemoteTime::from_nanos(arrival.sent.as_nanos()),
        };
        if let Some(detector) = &mut self.detector {
            detector.heartbeat(LocalTime::from_nanos(arrival.at.as_nanos()), &beat);
        }
    }

    /// Takes the levels that fall before `at`.
    fn levels_before(&mut self, at: SimTime) {
        let step = Span::from_nanos((self.to.since(self.from).as_nanos() / LEVELS).max(1));
        loop {
            let next = self.from + step.times(self.next_level);
            if next >= at || next > self.to {
                return;
            }
            let level = self.detector.as_ref().map(|detector| detector.level(LocalTime::from_nanos(next.as_nanos())));
            self.reel.levels.extend(level.map(|level| (next, level)));
            self.next_level += 1;
        }
    }
}
