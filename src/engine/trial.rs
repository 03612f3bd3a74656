//! One trial of one world: slice after slice, every pair is advanced, heard and handed to the sink.
//!
//! Pairs are cut into chunks of a fixed size, which run over threads; the sink folds them in their order, so the number
//! of threads changes nothing. Memory does not grow with simulated time.

use std::cell::OnceCell;
use std::ops::Range;

use rayon::prelude::*;

use super::bank::{Audience, Bank};
use super::batch::Arrival;
use super::changes::{Transition, Wanted};
use super::explain::{Explainer, Explanation, Mistake, Silence};
use super::heap::Heap;
use super::host::{Host, HostId};
use super::laws::Laws;
use super::path::{Path, PathLaw};
use super::recorded::Recording;
use super::ring::Ring;
use super::source::{Engine, PairBatch, Source};
use super::stream::Streams;
use super::strikes::FaultLaw;
use super::view::{Looks, Observer, Ticker, View};
use crate::model::{Heartbeat, Traffic, World};
use crate::units::{SimTime, Span};

/// Nodes of a chunk: the unit of work of a thread. Part of the results' order, so never derived from the machine.
const CHUNK: u32 = 64;

/// Heartbeat intervals in a slice, at least.
const SLICE_BEATS: u64 = 1000;

/// Receives what happens in a trial.
pub trait Sink {
    /// The part of the sink that one chunk of pairs feeds.
    type Part: SinkPart;

    /// The part for these pairs: node-major, `monitors` a node.
    fn part(&mut self, nodes: Range<u32>) -> Self::Part;

    /// All parts have been fed up to `until`, in the order of their nodes.
    fn end_slice(&mut self, parts: &mut [&mut Self::Part], until: SimTime);
}

/// The part of a sink that one chunk of pairs feeds.
pub trait SinkPart: Send {
    /// What the engine must keep of this slice beyond the changes of verdicts.
    fn wanted(&self) -> Wanted<'_>;

    /// One pair's slice.
    fn pair(&mut self, slice: &PairSlice<'_>);
}

/// What one pair went through in one slice, and what its detectors made of it.
pub struct PairSlice<'a> {
    /// The batch.
    pub pair: PairBatch<'a>,
    /// Changes of verdicts, by family; those of one setting are in order of time.
    pub transitions: &'a [Transition],
    /// The last instant of the slice, excluded.
    pub until: SimTime,
    explainer: &'a Explainer<'a>,
}

impl PairSlice<'_> {
    /// Why a mistake of this slice happened, of a setting that is to be [explained](Wanted::explained).
    #[must_use]
    pub fn explain(&self, mistake: &Mistake) -> Explanation {
        self.explainer.explain(mistake)
    }

    /// The last heartbeat before `at` that re-armed a detector: the newest, or, where `late` ones re-arm it too, the last
    /// of the newest incarnation.
    #[must_use]
    pub fn heard_before(&self, at: SimTime, late: bool) -> Option<Arrival> {
        if late { self.explainer.last_before(at) } else { self.explainer.newest_before(at) }
    }

    /// When the first heartbeat of this slice, at or after `from`, was processed that re-arms a detector which `heard` that
    /// one last.
    #[must_use]
    pub fn rearmed_after(&self, from: SimTime, heard: &Arrival, late: bool) -> Option<SimTime> {
        let arrivals = &self.pair.batch.arrivals;
        let after = &arrivals[arrivals.partition_point(|arrival| arrival.at < from)..];
        let rearms = |arrival: &&Arrival| {
            let newer = (arrival.incarnation, arrival.seq) > (heard.incarnation, heard.seq);
            newer || (late && arrival.incarnation == heard.incarnation)
        };
        after.iter().find(rearms).map(|arrival| arrival.at)
    }
}

/// Runs one trial (numbered from 1) of a world. Calls `advanced` with the heartbeats of each slice, and with none in between,
/// from many threads; a false answer stops the trial and is returned. After one false answer all must be false.
pub fn run_trial<S: Sink>(
    world: &World,
    laws: &Laws,
    trial: u32,
    audience: &Audience,
    sink: &mut S,
    advanced: &(dyn Fn(u64) -> bool + Sync),
) -> bool {
    run_nodes(world, laws, trial, 0..world.nodes, audience, sink, advanced)
}

/// Runs some nodes (from 0) of a trial alone. Draws belong to who asks, so each pair goes through what it goes through in
/// the whole trial.
pub fn run_nodes<S: Sink>(
    world: &World,
    laws: &Laws,
    trial: u32,
    nodes: Range<u32>,
    audience: &Audience,
    sink: &mut S,
    advanced: &(dyn Fn(u64) -> bool + Sync),
) -> bool {
    // Pushed worlds share nothing that changes as they run.
    run(&Stage::new(world, laws, trial, Engine::Streams), nodes, audience, sink, advanced)
}

/// Runs one trial on an engine of the caller's choice. The results are the same for all: that is how they are tested.
#[doc(hidden)]
pub fn run_trial_on<S: Sink>(
    engine: Engine,
    world: &World,
    laws: &Laws,
    trial: u32,
    audience: &Audience,
    sink: &mut S,
    advanced: &(dyn Fn(u64) -> bool + Sync),
) -> bool {
    run(&Stage::new(world, laws, trial, engine), 0..world.nodes, audience, sink, advanced)
}

/// A trial of a world, with what all parts of it share.
struct Stage<'w> {
    world: &'w World,
    laws: &'w Laws,
    trial: u32,
    engine: Engine,
    paths: PathLaw,
    faults: Vec<FaultLaw>,
}

impl<'w> Stage<'w> {
    fn new(world: &'w World, laws: &'w Laws, trial: u32, engine: Engine) -> Self {
        let faults = world.faults.iter().zip(&laws.faults);
        let faults = faults.map(|(fault, laws)| FaultLaw::new(world, trial, fault, laws)).collect();
        Self { world, laws, trial, engine, paths: PathLaw::new(world, trial, laws), faults }
    }

    /// The nodes of each chunk, of some nodes.
    fn parts(&self, nodes: Range<u32>) -> impl Iterator<Item = Range<u32>> {
        let size = match self.engine {
            Engine::Streams => CHUNK,
            Engine::Ring | Engine::Heap => u32::MAX,
        };
        let Range { start, end } = nodes;
        (start..end).step_by(size as usize).map(move |start| start..end.min(start.saturating_add(size)))
    }

    fn source<'s>(&'s self, heartbeat: &'s Heartbeat, nodes: Range<u32>) -> Box<dyn Source + 's> {
        let Self { world, laws, trial, paths, faults, .. } = self;
        match self.engine {
            Engine::Streams => Box::new(Streams::new(world, heartbeat, paths, faults, *trial, nodes)),
            Engine::Ring => Box::new(Ring::new(world, heartbeat, paths, faults, *trial, nodes)),
            Engine::Heap => Box::new(Heap::new(world, heartbeat, laws, faults, *trial, nodes)),
        }
    }
}

fn run<S: Sink>(
    stage: &Stage<'_>,
    nodes: Range<u32>,
    audience: &Audience,
    sink: &mut S,
    advanced: &(dyn Fn(u64) -> bool + Sync),
) -> bool {
    let mut observers = Observers::new(stage.world, &stage.faults, stage.trial, audience);
    let mut chunks = chunks(stage, nodes, audience, sink);
    let mut from = SimTime::ZERO;
    for until in slices(stage.world) {
        let slice = observers.advance(from, until);
        // Asked before every chunk: a slice of a large world takes seconds.
        chunks.par_iter_mut().for_each(|chunk| {
            if advanced(0) {
                chunk.advance(&slice, until);
            }
        });
        if !advanced(0) {
            return false;
        }
        let sent = chunks.iter().map(|chunk| chunk.sent).sum();
        let mut parts: Vec<&mut S::Part> = chunks.iter_mut().map(|chunk| &mut chunk.part).collect();
        sink.end_slice(&mut parts, until);
        if !advanced(sent) {
            return false;
        }
        from = until;
    }
    true
}

/// The ends of the slices of a trial: the warm-up and the measured time are cut apart.
pub fn slices(world: &World) -> impl Iterator<Item = SimTime> {
    let length = world.interval().times(SLICE_BEATS);
    let (start, end) = (SimTime::ZERO + world.warm_up, SimTime::ZERO + world.total());
    let mut at = SimTime::ZERO;
    std::iter::from_fn(move || {
        if at >= end {
            return None;
        }
        let border = if at < start { start } else { end };
        at = (at + length).min(border);
        Some(at)
    })
}

fn chunks<'s, S: Sink>(
    stage: &'s Stage<'_>,
    nodes: Range<u32>,
    audience: &'s Audience,
    sink: &mut S,
) -> Vec<Chunk<'s, S::Part>> {
    let world = stage.world;
    let mut whole = |source: Box<dyn Source + 's>, nodes: Range<u32>, paths, median| {
        let pairs = source.pairs();
        Chunk {
            source,
            listening: Listening {
                audience,
                banks: audience.banks(pairs),
                silences: vec![Silence::default(); pairs],
                paths,
                median,
                interval: world.interval(),
                transitions: Vec::new(),
            },
            part: sink.part(nodes),
            sent: 0,
        }
    };
    match &world.traffic {
        Traffic::Recorded { trace, .. } => {
            vec![whole(Box::new(Recording::new(trace)), 0..world.nodes, None, trace.median_delay())]
        }
        Traffic::Push(heartbeat) => stage
            .parts(nodes)
            .map(|nodes| {
                whole(stage.source(heartbeat, nodes.clone()), nodes, Some(&stage.paths), stage.paths.delay.median())
            })
            .collect(),
    }
}

/// All monitors of a world, walked slice by slice.
struct Observers {
    hosts: Vec<(Host, Observer, Vec<Ticker>)>,
}

/// What the monitors do in one slice.
struct Slice {
    views: Vec<View>,
    /// By monitor, then by check period.
    looks: Vec<Vec<Looks>>,
}

impl Observers {
    fn new(world: &World, faults: &[FaultLaw], trial: u32, audience: &Audience) -> Self {
        let hosts = (0..world.monitors).map(|monitor| {
            let tickers = audience.checks.iter().map(|&check| Ticker::new(world, trial, monitor, check));
            (Host::new(world, faults, HostId::Monitor(monitor)), Observer::new(world), tickers.collect())
        });
        Self { hosts: hosts.collect() }
    }

    fn advance(&mut self, from: SimTime, until: SimTime) -> Slice {
        let (from, until) = (from.as_nanos(), until.as_nanos());
        let (mut views, mut looks) = (Vec::new(), Vec::new());
        for (host, observer, tickers) in &mut self.hosts {
            let mut edges = Vec::new();
            host.advance(until, &mut edges);
            let view = observer.view(from, until, edges);
            looks.push(tickers.iter_mut().map(|ticker| ticker.looks(&view, until)).collect());
            views.push(view);
        }
        Slice { views, looks }
    }
}

/// Some nodes with all that listens to them.
struct Chunk<'w, P> {
    source: Box<dyn Source + 'w>,
    listening: Listening<'w>,
    part: P,
    sent: u64,
}

struct Listening<'w> {
    audience: &'w Audience,
    banks: Vec<Box<dyn Bank>>,
    silences: Vec<Silence>,
    paths: Option<&'w PathLaw>,
    median: Span,
    interval: Span,
    transitions: Vec<Transition>,
}

impl<P: SinkPart> Chunk<'_, P> {
    fn advance(&mut self, slice: &Slice, until: SimTime) {
        let Self { source, listening, part, sent } = self;
        *sent = 0;
        source.slice(&slice.views, until, &mut |pair| {
            *sent += pair.batch.sent;
            let monitor = pair.monitor as usize;
            listening.hear(pair, &slice.views[monitor], &slice.looks[monitor], until, part);
        });
    }
}

impl Listening<'_> {
    fn hear<P: SinkPart>(&mut self, pair: PairBatch<'_>, view: &View, looks: &[Looks], until: SimTime, part: &mut P) {
        self.transitions.clear();
        for bank in &mut self.banks {
            let looks = &looks[bank.check()];
            bank.listen(pair.local, &pair.batch.arrivals, view, looks, part.wanted(), &mut self.transitions);
        }
        let silence = &mut self.silences[pair.local];
        {
            let path = self.paths.map(|law| (law, Path::messages_of(law, pair.node, pair.monitor)));
            let explainer = Explainer {
                pair,
                silence,
                audience: self.audience,
                banks: &self.banks,
                view,
                looks,
                path,
                interval: self.interval,
                median: self.median,
                newest: OnceCell::new(),
            };
            let transitions = &self.transitions;
            let slice = PairSlice { pair, transitions, until, explainer: &explainer };
            part.pair(&slice);
        }
        silence.end_slice(&pair, self.paths.is_some());
    }
}
