//! One pair around one mistake, run again into a full record: the loop back that a picture needs.
//!
//! Draws belong to who asks, so one node of one trial can be run alone; that it makes the same mistake again is asserted.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use super::findings::{BeatFate, Stall, Timeline};
use super::run::{Origin, Stage};
use crate::analysis::RowInput;
use crate::detector::{Beat, Config, Monitor, Verdict, monitor};
use crate::engine::{
    Arrival, Audience, PairSlice, Sink, SinkPart, Stoppage, StoppageKind, Transition, Truth, Wanted, run_nodes,
    stoppages,
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
        let developed = AtomicBool::new(false);
        let mut film =
            Film { shot: self, config: listener.config.clone(), reel: Reel::default(), developed: &developed };
        let (node, _) = self.pair;
        // What comes after the picture need not be run.
        let go_on = |_| !developed.load(Ordering::Relaxed);
        run_nodes(world, &self.stage.laws, self.trial, node..node + 1, &audience, &mut film, &go_on);
        let film = film.reel;
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
struct Film<'s> {
    shot: &'s Shot<'s>,
    config: Config,
    reel: Reel,
    /// Whether the whole stretch has been recorded.
    developed: &'s AtomicBool,
}

#[derive(Default)]
struct Reel {
    /// When sent, and when processed.
    beats: Vec<(SimTime, Option<SimTime>)>,
    levels: Vec<(SimTime, f64)>,
    transitions: Vec<Transition>,
}

impl Sink for Film<'_> {
    type Part = Frame;

    fn part(&mut self, _nodes: Range<u32>) -> Frame {
        let world = &self.shot.stage.plan.world;
        Frame {
            pair: self.shot.pair,
            from: self.shot.from,
            to: self.shot.to,
            detector: monitor(&self.config, world.interval()),
            config: self.config.clone(),
            interval: world.interval(),
            memory_kept: world.monitor.memory_kept,
            down: false,
            next_level: 0,
            reel: Reel::default(),
        }
    }

    fn end_slice(&mut self, parts: &mut [&mut Frame], until: SimTime) {
        if until >= self.shot.to
            && let Some(part) = parts.first_mut()
            && !self.developed.swap(true, Ordering::Relaxed)
        {
            self.reel = std::mem::take(&mut part.reel);
        }
    }
}

/// The part of the film that sees the pair.
struct Frame {
    /// Node and monitor, from 0.
    pair: (u32, u32),
    from: SimTime,
    to: SimTime,
    /// The same detector as the one that is judged, for its level.
    detector: Box<dyn Monitor + Send>,
    config: Config,
    interval: Span,
    memory_kept: bool,
    /// Whether the monitor is down.
    down: bool,
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
        let mut edges =
            batch.truth.iter().filter(|event| matches!(event.change, Truth::MonitorUp | Truth::MonitorDown));
        let mut next_edge = edges.next();
        for arrival in &batch.arrivals {
            while let Some(edge) = next_edge.filter(|edge| edge.at <= arrival.at) {
                self.edge(edge.at, edge.change);
                next_edge = edges.next();
            }
            self.levels_before(arrival.at);
            self.hear(arrival);
        }
        for edge in next_edge.into_iter().chain(edges) {
            self.edge(edge.at, edge.change);
        }
        self.levels_before(slice.until);
    }
}

impl Frame {
    /// The monitor crashed, or was started again; then its detectors know nothing unless their memory is kept.
    fn edge(&mut self, at: SimTime, change: Truth) {
        self.levels_before(at);
        self.down = change == Truth::MonitorDown;
        if !self.down && !self.memory_kept {
            self.detector = monitor(&self.config, self.interval);
        }
    }

    fn hear(&mut self, arrival: &Arrival) {
        let beat = Beat {
            incarnation: arrival.incarnation,
            seq: arrival.seq,
            sent: RemoteTime::from_nanos(arrival.sent.as_nanos()),
        };
        self.detector.heartbeat(LocalTime::from_nanos(arrival.at.as_nanos()), &beat);
    }

    /// Takes the levels that fall before `at`.
    fn levels_before(&mut self, at: SimTime) {
        let step = Span::from_nanos((self.to.since(self.from).as_nanos() / LEVELS).max(1));
        loop {
            let next = self.from + step.times(self.next_level);
            if next >= at || next > self.to {
                return;
            }
            let level = if self.down { f64::NAN } else { self.detector.level(LocalTime::from_nanos(next.as_nanos())) };
            self.reel.levels.push((next, level));
            self.next_level += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::experiment::{Options, Progress, run};
    use crate::scenario::{Overrides, Plan, Request, plan};

    struct Quiet;

    impl Progress for Quiet {
        fn advanced(&self, _heartbeats: u64) {}
    }

    fn planned(text: &str) -> Plan {
        plan(&Request {
            file: "scenario.toml",
            text,
            overrides: &Overrides::default(),
            metrics: &[],
            load: &|_| Err(std::io::ErrorKind::NotFound.into()),
            without_sweep: false,
            replay: false,
            memory: None,
        })
        .expect("the scenario is right")
    }

    #[test]
    fn a_monitor_that_crashed_has_no_level_and_then_a_new_one() {
        let text = |memory: &str| {
            format!(
                "name = \"a\"\n[run]\nduration = \"1h\"\nwarm-up = \"2000s\"\ntrials = 1\n[cluster]\nnodes = 1\n\
                 [heartbeat]\ninterval = \"2s\"\nphase = \"aligned\"\n[network]\ndelay = \"10ms\"\n\
                 [monitor]\nmemory = \"{memory}\"\n\
                 [fault.reboot.crash]\non = \"monitors\"\nat = [\"100s\"]\ndown-for = \"20s\"\n\
                 [fault.gc.pause]\nat = [\"125s\"]\nlasts = \"20s\"\n\
                 [detector.phi.phi-normal]\nthreshold = 8\nmin-std-dev = \"500ms\"\n"
            )
        };
        let timeline = |memory| {
            let options = Options { timelines: true, ..Options::default() };
            run(&planned(&text(memory)), options, &Quiet).expect("not stopped").timelines.remove(0)
        };
        for memory in ["lost", "kept"] {
            let shown = timeline(memory);
            assert!(shown.from < 119.0 && shown.to > 145.0, "{} to {}", shown.from, shown.to);
            assert!(shown.level.iter().all(|(time, level)| level.is_nan() == (*time < 120.0)), "{:?}", shown.level);
        }
        // A detector that forgot has two or three gaps to go by, and rises otherwise than one that knows hundreds.
        let at = |memory, time: f64| {
            let levels = timeline(memory).level;
            levels.iter().find(|(at, _)| *at >= time).expect("within the picture").1
        };
        assert!((at("lost", 126.5) - at("kept", 126.5)).abs() > 1e-3);
    }
}
