//! Whether intervals cover: over many seeds, the 95 % intervals of the results hold the exact value about 95 times in 100.

use std::ops::RangeInclusive;

use super::delay::{Delay, span};
use super::exact::{Accuracy, Chain, Path, PauseEffect};
use super::observe::world;
use super::support::{crash, heartbeat, pause, timeout};
use systole::analysis::summarise;
use systole::experiment::{Options, Progress, run};
use systole::model::{Fault, Law, Loss, MissedTicks, Phase, Target, Timing, World};
use systole::num::usize_to_f64;
use systole::scenario::{Listener, OutputOptions, Plan, WorldPlan};

struct Quiet;

impl Progress for Quiet {
    fn advanced(&self, _heartbeats: u64) {}
}

fn plan(world: World, after: f64, trials: u32) -> Plan {
    let (config, watch) = timeout(span(after));
    let listener = Listener { point: 1, detector: 0, config, watch, parameters: Vec::new(), base: true };
    let merge_gap = world.interval();
    Plan {
        name: "coverage".to_owned(),
        summary: String::new(),
        seed: world.seed,
        trials,
        axes: Vec::new(),
        detectors: vec!["fixed".to_owned()],
        worlds: vec![WorldPlan { world, listeners: vec![listener] }],
        limits: Vec::new(),
        output: OutputOptions { max_rows: 0, merge_gap },
        source: String::new(),
        hash: String::new(),
        remarks: Vec::new(),
    }
}

const SEEDS: u64 = 300;

/// A little over two standard errors about 95 %.
const USUAL: RangeInclusive<f64> = 0.92..=0.98;

/// The share of seeds whose interval of each metric holds its exact value.
#[expect(clippy::print_stdout, reason = "the shares are what one wants to read when the test is run by hand")]
fn covers(what: &str, world: &World, after: f64, trials: u32, exact: &[(&str, f64)], allowed: RangeInclusive<f64>) {
    let mut held = vec![0_usize; exact.len()];
    let mut widths = vec![0.0; exact.len()];
    for seed in 1..=SEEDS {
        let plan = plan(World { seed, ..world.clone() }, after, trials);
        let findings = run(&plan, Options::default(), &Quiet).expect("nobody stops it");
        let summary = summarise(&[], trials, &findings.rows);
        for (index, (metric, exact)) in exact.iter().enumerate() {
            let estimate = &summary.rows[0].estimates[metric];
            let (low, high) = estimate.low.zip(estimate.high).expect("there are enough units for an interval");
            held[index] += usize::from(low <= *exact && *exact <= high);
            widths[index] += (high - low) / exact;
        }
    }
    for (((metric, _), held), width) in exact.iter().zip(held).zip(widths) {
        let share = usize_to_f64(held) / 300.0;
        println!("{what}: {metric} covered in {:.1} %, width {:.0} %", 100.0 * share, 100.0 * width / 300.0);
        assert!(allowed.contains(&share), "{what}: {metric} is covered in {:.1} %", 100.0 * share);
    }
}

fn metrics(accuracy: Accuracy) -> [(&'static str, f64); 3] {
    [
        ("false_positive_rate_per_pair_hour", 3600.0 * accuracy.rate),
        ("mistake_duration_mean_s", accuracy.duration()),
        ("query_accuracy", 1.0 - accuracy.wrong),
    ]
}

const REGULAR: Path = Path { eta: 1.0, loss: 0.0, delay: Delay::Constant(0.2) };

#[test]
#[ignore = "300 experiments take many seconds"]
fn intervals_cover_where_losses_come_in_bursts() {
    let (good, bad, loss) = (60.0, 4.0, [0.0, 1.0]);
    let mut world = world(1, REGULAR, 10, 3_600);
    world.network.loss =
        Loss::Bursts { mean_good: span(good), mean_bad: span(bad), loss_good: loss[0], loss_bad: loss[1] };
    let exact = |after| Chain::sampled(good, bad, loss, 1.0).timeout(1.0, after);
    covers("bursts", &world, 4.5, 8, &metrics(exact(4.5)), USUAL);
    // About 16 mistakes in all: the interval of few events errs on the wide side.
    let few = World { nodes: 2, duration: span(1_200.0), ..world };
    covers("few bursts", &few, 12.5, 8, &metrics(exact(12.5))[..1], 0.92..=1.0);
}

/// Exponential gaps that keep pauses apart.
fn together(fault: Fault) -> Fault {
    let every = Law::Exponential { mean: span(100.0), min: span(20.0) };
    Fault { timing: Timing::Every(every), together: true, ..fault }
}

#[test]
#[ignore = "300 experiments take many seconds"]
fn intervals_cover_where_all_nodes_share_one_fate() {
    let (after, mean) = (3.5, 3.0);
    let mut world = world(1, REGULAR, 10, 3_600);
    world.warm_up = span(1_000.0);
    heartbeat(&mut world).missed_ticks = MissedTicks::Drop;
    heartbeat(&mut world).phase = Phase::Aligned;
    let lasts = Law::Exponential { mean: span(mean), min: span(0.0) };
    world.faults = vec![together(pause("backup", Target::Nodes, Timing::At(Vec::new()), lasts))];
    let effect = PauseEffect::of_dropped_slots(1.0, after, mean);
    let rate = effect.chance / (120.0 + mean);
    let [pairs, duration, right] = metrics(Accuracy { rate, wrong: rate * effect.duration });
    // One alarm a pause that all nodes mistake.
    let alarms = ("cluster_alarms_per_30d", 30.0 * 86_400.0 * rate);
    covers("shared pauses", &world, after, 16, &[pairs, duration, right, alarms], USUAL);
}

#[test]
#[ignore = "300 experiments take many seconds"]
fn intervals_cover_the_detection_latency_of_crashes_at_once() {
    let path = Path { eta: 1.0, loss: 0.2, delay: Delay::Constant(0.2) };
    let mut world = world(1, path, 10, 3_600);
    world.warm_up = span(1_000.0);
    world.faults = vec![together(crash("power", Target::Nodes, Timing::At(Vec::new()), Law::Constant(span(40.0))))];
    covers("shared crashes", &world, 3.5, 16, &[("detection_latency_mean_s", path.newer_detection(3.5))], USUAL);
}
