//! Every trial of every world of a plan, over threads, folded in a fixed order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::findings::{Findings, Progress, Stopped, TransitionRow};
use super::timeline;
use crate::analysis::RowInput;
use crate::detector::{Config, Verdict, Watch};
use crate::engine::{Audience, Laws, Samplers, run_trial};
use crate::metrics::{Components, Measured, Meter, Metrics};
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
            }
        };
        plan.worlds.iter().map(stage).collect()
    }

    fn meters(&self, plan: &Plan, trial: u32) -> Arc<[Meter]> {
        let world = &self.plan.world;
        let share = share(plan);
        // What a trial may have of the share: the shares of all trials sum to the whole.
        let upto = |trial: u32| share * u64::from(trial) / u64::from(plan.trials.max(1));
        let meter = |listener: &Listener| Meter {
            components: Components::of(world, &listener.watch),
            bootstrap: world.interval().times(listener.config.window()),
            memory_beats: listener.config.window(),
            rows: upto(trial) - upto(trial - 1),
        };
        self.plan.listeners.iter().map(meter).collect()
    }

    fn run(&self, plan: &Plan, trial: u32, options: Options, watch: &Watcher<'_>) -> Result<Measured, Stopped> {
        let world = &self.plan.world;
        let transitions = if options.transitions { share(plan) } else { 0 };
        let mut metrics = Metrics::new(world, self.meters(plan, trial), plan.output.merge_gap, transitions);
        let advanced = |heartbeats| watch.advanced(heartbeats);
        if run_trial(world, &self.laws, trial, &self.audience, &mut metrics, &advanced) {
            Ok(metrics.finish())
        } else {
            Err(Stopped)
        }
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
    let (mut findings, origins) = fold(plan, &stages, &measured?);
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

/// Puts the trials of every listener side by side, rows by (point, detector); the origins are those of the rows.
fn fold(plan: &Plan, stages: &[Stage<'_>], measured: &[Measured]) -> (Findings, Vec<Origin>) {
    let trials = (plan.trials as usize).max(1);
    let mut origins = Vec::new();
    for (index, stage) in stages.iter().enumerate() {
        origins.extend((0..stage.plan.listeners.len()).map(|listener| Origin { stage: index, listener }));
    }
    let listener = |origin: &Origin| &stages[origin.stage].plan.listeners[origin.listener];
    origins.sort_by_key(|origin| (listener(origin).point, listener(origin).detector));
    let rows = origins.iter().map(|origin| {
        let measured = &measured[origin.stage * trials..][..trials];
        RowInput {
            trials: measured.iter().map(|trial| trial.records[origin.listener].clone()).collect(),
            traffic: measured.iter().map(|trial| trial.traffic.clone()).collect(),
            ..row(plan, &stages[origin.stage].plan.world, listener(origin))
        }
    });
    let rows = rows.collect();
    let (transitions, transitions_left_out) = transitions(plan, stages, measured, &origins);
    (Findings { rows, timelines: Vec::new(), transitions, transitions_left_out }, origins)
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
        traffic: Vec::new(),
    }
}

/// Changes of verdicts by row, trial and time: each row an equal share of the cap, earliest first.
fn transitions(
    plan: &Plan,
    stages: &[Stage<'_>],
    measured: &[Measured],
    origins: &[Origin],
) -> (Vec<TransitionRow>, u64) {
    let share = u64_to_usize(share(plan));
    let trials = (plan.trials as usize).max(1);
    let (mut kept, mut left_out) = (Vec::new(), 0);
    for (row, origin) in origins.iter().enumerate() {
        let start = (SimTime::ZERO + stages[origin.stage].plan.world.warm_up).as_nanos();
        let mut mine = Vec::new();
        for (trial, measured) in (1..).zip(&measured[origin.stage * trials..][..trials]) {
            let changes = measured.transitions.iter();
            let changes = changes.filter(|(.., change)| !change.first && change.setting as usize == origin.listener);
            mine.extend(changes.map(|&(node, monitor, change)| TransitionRow {
                row,
                trial,
                monitor: monitor + 1,
                node: node + 1,
                time_ns: change.at.as_nanos().cast_signed() - start.cast_signed(),
                suspect: change.verdict == Verdict::Suspect,
                level: change.level,
            }));
        }
        let measured = &measured[origin.stage * trials..][..trials];
        left_out += measured.iter().map(|trial| trial.transitions_left_out[origin.listener]).sum::<u64>();
        left_out += mine.len().saturating_sub(share) as u64;
        mine.truncate(share);
        kept.append(&mut mine);
    }
    (kept, left_out)
}
