//! Every trial of every world of a plan, over threads, folded in a fixed order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::findings::{Findings, Progress, Stopped, TransitionRow};
use super::timeline;
use crate::analysis::RowInput;
use crate::detector::{Config, Verdict, Watch};
use crate::engine::{Audience, Laws, Samplers, run_trial, send_windows};
use crate::metrics::{Components, Measured, Meter, Metrics, SilenceRule, TrafficRecord, TrialRecord};
use crate::model::{Loss, Traffic, World};
use crate::num::u64_to_usize;
use crate::scenario::{Listener, Plan, WorldPlan};
use crate::units::SimTime;

/// What an experiment is asked for beside its plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether every change of a verdict is kept, as many as the plan's cap allows.
    pub transitions: bool,
    /// Whether a timeline of each detector's worst mistake is made.
    pub timelines: bool,
}

/// One world of the plan, ready to run.
pub(super) struct Stage<'p> {
    pub(super) plan: &'p WorldPlan,
    pub(super) laws: Laws,
    audience: Audience,
    filled: Mutex<Filled>,
}

impl<'p> Stage<'p> {
    fn all(plan: &'p Plan) -> Vec<Self> {
        let mut samplers = Samplers::default();
        let stage = |world: &'p WorldPlan| {
            let listeners: Vec<(Config, Watch)> =
                world.listeners.iter().map(|listener| (listener.config.clone(), listener.watch)).collect();
            Self {
                plan: world,
                laws: Laws::new(&world.world, &mut samplers),
                audience: Audience::new(&listeners, world.world.interval()),
                filled: Mutex::new(Filled::default()),
            }
        };
        plan.worlds.iter().map(stage).collect()
    }

    /// The meters of a trial whose settings may have so many rows.
    fn meters(&self, rows: &[Rows]) -> Arc<[Meter]> {
        let world = &self.plan.world;
        let meter = |(listener, rows): (&Listener, &Rows)| Meter {
            components: Components::of(world, &listener.watch),
            bootstrap: world.interval().times(listener.config.window()),
            memory_beats: listener.config.window(),
            silence: SilenceRule::of(&listener.config, &listener.watch),
            rows: rows.false_positives,
            detections: rows.detections,
        };
        self.plan.listeners.iter().zip(rows).map(meter).collect()
    }

    fn run(&self, plan: &Plan, trial: u32, options: Options, watch: &Watcher<'_>) -> Result<Measured, Stopped> {
        let world = &self.plan.world;
        let transitions = if options.transitions { share(plan) } else { 0 };
        let rows = self.filled().rows_left(trial, share(plan), self.plan.listeners.len());
        let mut metrics = Metrics::new(world, self.meters(&rows), plan.output.merge_gap, transitions);
        let advanced = |heartbeats| watch.advanced(heartbeats);
        if run_trial(world, &self.laws, trial, &self.audience, &mut metrics, &advanced) {
            let mut measured = metrics.finish();
            measured.traffic.windows = send_windows(world, &self.laws, trial);
            self.filled().add(trial, &measured.records);
            Ok(measured)
        } else {
            Err(Stopped)
        }
    }

    fn filled(&self) -> MutexGuard<'_, Filled> {
        self.filled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rows of the capped files.
#[derive(Clone, Copy, Debug)]
struct Rows {
    false_positives: u64,
    detections: u64,
}

/// The rows that the trials of one world have filled.
///
/// Of a capped file a row of the results gets those of the first trials, until it has its share. A trial that runs before
/// those ahead of it are over cannot know how many they will have, and keeps as many as the share (each false positive with
/// its cause); what is too much is dropped in the end, so that the order in which trials run shows nowhere.
#[derive(Debug, Default)]
struct Filled {
    /// Trial, and its rows by setting.
    trials: Vec<(u32, Vec<Rows>)>,
}

impl Filled {
    fn add(&mut self, trial: u32, records: &[TrialRecord]) {
        let rows = |record: &TrialRecord| Rows {
            false_positives: record.false_positives.len() as u64,
            detections: record.detections.len() as u64,
        };
        self.trials.push((trial, records.iter().map(rows).collect()));
    }

    /// By setting: how many rows of `share` the trials before this one, as far as they are over, leave to it.
    fn rows_left(&self, trial: u32, share: u64, settings: usize) -> Vec<Rows> {
        let before = || self.trials.iter().filter(|(earlier, _)| *earlier < trial);
        let left = |setting: usize| {
            before().map(|(_, rows)| rows[setting]).fold(
                Rows { false_positives: share, detections: share },
                |left, rows| Rows {
                    false_positives: left.false_positives.saturating_sub(rows.false_positives),
                    detections: left.detections.saturating_sub(rows.detections),
                },
            )
        };
        (0..settings).map(left).collect()
    }
}

/// Rows of a capped file that each row of the results may have.
fn share(plan: &Plan) -> u64 {
    let rows: u64 = plan.worlds.iter().map(|world| world.listeners.len() as u64).sum();
    plan.output.max_rows / rows.max(1)
}

/// Passes progress on, and remembers that the user wants to stop.
struct Watcher<'a> {
    progress: &'a dyn Progress,
    stopped: AtomicBool,
}

impl Watcher<'_> {
    fn advanced(&self, heartbeats: u64) -> bool {
        self.progress.advanced(heartbeats);
        if self.progress.stopped() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        !self.stopped.load(Ordering::Relaxed)
    }
}

/// Runs every trial of every world of `plan` on the threads of the current pool.
///
/// # Errors
///
/// [`Stopped`] if the user wanted to stop.
pub fn run(plan: &Plan, options: Options, progress: &dyn Progress) -> Result<Findings, Stopped> {
    let stages = Stage::all(plan);
    let watcher = Watcher { progress, stopped: AtomicBool::new(false) };
    let tasks: Vec<(usize, u32)> =
        (0..stages.len()).flat_map(|world| (1..=plan.trials).map(move |trial| (world, trial))).collect();
    let measured: Result<Vec<Measured>, Stopped> =
        tasks.par_iter().map(|&(world, trial)| stages[world].run(plan, trial, options, &watcher)).collect();
    let (mut findings, origins) = fold(plan, &stages, measured?);
    if options.timelines {
        findings.timelines = timeline::worst(plan, &stages, &findings.rows, &origins);
    }
    Ok(findings)
}

/// Where a row comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// Index of the stage.
    pub(super) stage: usize,
    /// Index among the listeners of its world.
    pub(super) listener: usize,
}

/// What the trials of one world said of one of its listeners.
#[derive(Debug, Default)]
struct Told {
    trials: Vec<TrialRecord>,
    /// Rows of [`Findings::transitions`], each without the index of its row.
    transitions: Vec<TransitionRow>,
    transitions_left_out: u64,
}

/// Puts the trials of every listener side by side, rows by (point, detector); the origins are those of the rows.
fn fold(plan: &Plan, stages: &[Stage<'_>], measured: Vec<Measured>) -> (Findings, Vec<Origin>) {
    let mut measured = measured.into_iter();
    let (mut rows, mut left_out) = (Vec::new(), 0);
    for (index, stage) in stages.iter().enumerate() {
        let trials = measured.by_ref().take((plan.trials as usize).max(1)).collect();
        let (told, traffic) = told(plan, stage, trials);
        for (number, (told, listener)) in told.into_iter().zip(&stage.plan.listeners).enumerate() {
            let input = RowInput {
                trials: told.trials,
                traffic: Arc::clone(&traffic),
                ..row(plan, &stage.plan.world, listener)
            };
            left_out += told.transitions_left_out;
            rows.push((listener.detector, input, Origin { stage: index, listener: number }, told.transitions));
        }
    }
    rows.sort_by_key(|(detector, input, ..)| (input.point, *detector));
    let mut findings =
        Findings { rows: Vec::new(), timelines: Vec::new(), transitions: Vec::new(), transitions_left_out: left_out };
    let mut origins = Vec::new();
    for (row, (_, input, origin, transitions)) in rows.into_iter().enumerate() {
        findings.rows.push(input);
        findings.transitions.extend(transitions.into_iter().map(|transition| TransitionRow { row, ..transition }));
        origins.push(origin);
    }
    (findings, origins)
}

/// What the trials of a world said, by listener; and what the world sent.
fn told(plan: &Plan, stage: &Stage<'_>, measured: Vec<Measured>) -> (Vec<Told>, Arc<[TrafficRecord]>) {
    let share = u64_to_usize(share(plan));
    let start = (SimTime::ZERO + stage.plan.world.warm_up).as_nanos().cast_signed();
    let mut told: Vec<Told> = stage.plan.listeners.iter().map(|_| Told::default()).collect();
    let mut traffic = Vec::with_capacity(measured.len());
    for (trial, measured) in (1..).zip(measured) {
        for (told, record) in told.iter_mut().zip(measured.records) {
            told.trials.push(record);
        }
        for (told, left_out) in told.iter_mut().zip(measured.transitions_left_out) {
            told.transitions_left_out += left_out;
        }
        for (node, monitor, change) in measured.transitions.into_iter().filter(|(.., change)| !change.first) {
            told[change.setting as usize].transitions.push(TransitionRow {
                row: 0,
                trial,
                monitor: monitor + 1,
                node: node + 1,
                time_ns: change.at.as_nanos().cast_signed() - start,
                suspect: change.verdict == Verdict::Suspect,
                level: change.level,
            });
        }
        traffic.push(measured.traffic);
    }
    for told in &mut told {
        told.cap(share);
    }
    (told, traffic.into())
}

impl Told {
    /// Keeps as many rows of each capped file as there is room for, those of the first trials.
    fn cap(&mut self, share: usize) {
        let mut left = share;
        for record in &mut self.trials {
            record.false_positives.truncate(left);
            left -= record.false_positives.len();
        }
        let mut left = share;
        for record in &mut self.trials {
            record.detections.truncate(left);
            left -= record.detections.len();
        }
        self.transitions_left_out += self.transitions.len().saturating_sub(share) as u64;
        self.transitions.truncate(share);
    }
}

fn row(plan: &Plan, world: &World, listener: &Listener) -> RowInput {
    RowInput {
        point: listener.point,
        detector: plan.detectors[listener.detector].clone(),
        kind: listener.config.kind(),
        parameters: listener.parameters.clone(),
        base: listener.base,
        ..row_of_world(world, &Components::of(world, &listener.watch))
    }
}

/// What a row says of its world; nothing of its detector, and no trial yet.
pub(super) fn row_of_world(world: &World, components: &Components) -> RowInput {
    RowInput {
        point: 1,
        detector: String::new(),
        kind: "",
        parameters: Vec::new(),
        base: true,
        interval_ns: world.interval().as_nanos(),
        nodes: u64::from(world.nodes),
        monitors: u64::from(world.monitors),
        duration_ns: world.duration.as_nanos(),
        wire_bytes: match &world.traffic {
            Traffic::Push(heartbeat) => Some(heartbeat.wire_bytes()),
            Traffic::Recorded { .. } => None,
        },
        bursts: !matches!(world.network.loss, Loss::Independent(_)),
        components: match components {
            Components::Nodes { .. } => u64::from(world.nodes),
            Components::Whole | Components::Stretches { .. } => 1,
        },
        recorded: matches!(world.traffic, Traffic::Recorded { .. }),
        trials: Vec::new(),
        traffic: Arc::default(),
    }
}
