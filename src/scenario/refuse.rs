//! What is refused before any work because of its size, each with its limit.

use super::diagnostic::{Fault, Place};
use super::expand::combinations;
use super::keys::MOST_PAIRS;
use super::plan::WorldPlan;
use super::setting::Reader;
use super::sweep::SweptKey;
use super::tree::Table;
use super::world::section;
use crate::detector::{Config, families};
use crate::model::{FaultKind, Pacing, Timing, Traffic, World};
use crate::num::{round_to_u64, u64_to_f64};
use crate::units::Span;

/// Longest simulated time: 100 years of 365.25 days.
pub(super) const LONGEST: Span = Span::from_hours(876_600);
/// Most rows of results.
const MOST_ROWS: u64 = 1_000_000;

/// What the sizes are compared with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    /// Bytes of memory that the machine has; `None`: not known, nothing is refused for it.
    pub(super) memory: Option<u64>,
}

/// Whether the sweep has few enough rows; complains where it has not.
pub(super) fn rows_fit(root: &Table, axes: &[SweptKey], reader: &mut Reader<'_>) -> bool {
    let names = root.table("detector").map_or(&[][..], |table| &table.entries).iter().map(|entry| &entry.key);
    let rows = names.map(|name| combinations(axes.iter().filter(|axis| axis.seen_by(name))));
    let rows = rows.fold(0, u64::saturating_add);
    // Worlds are combined even where a sweep has no detector to listen.
    let most = rows.max(combinations(axes.iter().filter(|axis| axis.reach == super::keys::Reach::World)));
    if most <= MOST_ROWS {
        return true;
    }
    let place = root.entry("sweep").map_or(Place::START, |entry| entry.key_place);
    reader.faults.add(
        Fault::new(place, format!("the sweep makes {} rows", grouped(u128::from(most))))
            .label(format!("at most {} are run", grouped(u128::from(MOST_ROWS))))
            .help("sweep fewer keys at once, or fewer values"),
    );
    false
}

/// Refuses a world of too many pairs, or too long.
pub(super) fn check_world(root: &Table, world: &World, reader: &mut Reader<'_>) {
    let pairs = u64::from(world.nodes) * u64::from(world.monitors);
    let cluster = section(root, "cluster");
    if pairs > MOST_PAIRS {
        let place = cluster.value_place(if cluster.has("nodes") { "nodes" } else { "monitors" });
        let (nodes, monitors) = (u128::from(world.nodes), u128::from(world.monitors));
        let what = format!(
            "{} x {} pairs of a node and a monitor are {}",
            grouped(nodes),
            grouped(monitors),
            grouped(u128::from(pairs))
        );
        reader
            .faults
            .add(Fault::new(place, what).label(format!("at most {} are simulated", grouped(u128::from(MOST_PAIRS)))));
    }
    let run = section(root, "run");
    if world.total() > LONGEST {
        let place = run.value_place(if run.has("duration") { "duration" } else { "warm-up" });
        let what = format!("a warm-up of {} and a duration of {} are too long", world.warm_up, world.duration);
        reader.faults.add(Fault::new(place, what).label(format!("at most 100 years ({LONGEST}) are simulated")));
    }
}

/// The shortest time between two heartbeats, looks or faults: shorter ones would be most of the work.
pub(super) const SHORTEST: Span = Span::from_micros(100);

/// Strikes of a fault between two heartbeats: more would be nearly all of the work, and nearly none of what is seen.
const MOST_STRIKES: u64 = 1000;

/// Refuses waits and faults that follow each other too fast.
pub(super) fn check_pace(root: &Table, world: &World, reader: &mut Reader<'_>) {
    let most = SHORTEST.as_nanos();
    let label = format!("at least {SHORTEST} apart");
    let least_cycle = SHORTEST.max(Span::from_nanos(world.interval().as_nanos() / MOST_STRIKES));
    if let Traffic::Push(heartbeat) = &world.traffic
        && let Pacing::Wait { min, .. } = heartbeat.pacing
        && round_to_u64(u64_to_f64(heartbeat.interval.as_nanos()) * min) < most
    {
        let place = section(root, "heartbeat").place_of("wait");
        reader
            .faults
            .add(Fault::new(place, "the shortest wait between two heartbeats is too short").label(label.clone()));
    }
    for fault in &world.faults {
        let (FaultKind::Crash { down_for: length, .. }
        | FaultKind::Pause { lasts: length, .. }
        | FaultKind::Partition { lasts: length, .. }) = &fault.kind;
        let Timing::Every(gap) = &fault.timing else { continue };
        let cycle = gap.mean().unwrap_or(f64::INFINITY) + length.mean().unwrap_or(f64::INFINITY);
        if cycle < u64_to_f64(least_cycle.as_nanos()) {
            let table = root.table("fault").and_then(|faults| faults.entry(&fault.name));
            let place = table.map_or(Place::START, |entry| entry.key_place);
            let what = format!("fault.{} strikes again after less than {least_cycle} in the mean", fault.name);
            let label = format!("at least {SHORTEST} apart, and at most {MOST_STRIKES} between two heartbeats");
            reader.faults.add(Fault::new(place, what).label(label).help("make `every` or its length longer"));
        }
    }
}

/// Refuses a plan of too many messages or too much memory.
pub(super) fn check_plan(root: &Table, worlds: &[WorldPlan], options: &Options, reader: &mut Reader<'_>) {
    let run = section(root, "run");
    let (trials, most) = (run.count("trials", reader), run.count("max-messages", reader));
    if let (Some(trials), Some(most)) = (trials, most) {
        let messages: u128 = worlds.iter().map(|plan| messages(&plan.world)).sum::<u128>() * u128::from(trials);
        if messages > u128::from(most) {
            let written = ["max-messages", "duration", "trials"].into_iter().find(|key| run.has(key));
            let interval = || section(root, "heartbeat").value_place("interval");
            let place = written.map_or_else(interval, |key| run.value_place(key));
            reader.faults.add(
                Fault::new(place, format!("the run would send {} heartbeats", grouped(messages)))
                    .label(format!("run.max-messages is {}", grouped(u128::from(most))))
                    .help("shorten `duration`, take fewer trials or points, or raise max-messages"),
            );
        }
    }
    if let Some(memory) = options.memory {
        check_memory(root, worlds, memory, reader);
    }
}

/// Heartbeats of one trial; of a recording also those whose numbers are missing.
fn messages(world: &World) -> u128 {
    match &world.traffic {
        Traffic::Push(heartbeat) => {
            let slots = world.total().as_nanos() / heartbeat.interval.as_nanos().max(1) + 1;
            u128::from(world.nodes) * u128::from(world.monitors) * u128::from(slots)
        }
        Traffic::Recorded { trace, .. } => u128::from(trace.sent()),
    }
}

fn check_memory(root: &Table, worlds: &[WorldPlan], memory: u64, reader: &mut Reader<'_>) {
    let windows = |plan: &WorldPlan| {
        let configs: Vec<Config> = plan.listeners.iter().map(|listener| listener.config.clone()).collect();
        let families = families(&configs);
        let pair: u128 = families.iter().map(|members| u128::from(configs[members[0]].window_bytes())).sum();
        pair * u128::from(plan.world.nodes) * u128::from(plan.world.monitors)
    };
    let largest = worlds.iter().map(windows).max().unwrap_or_default();
    if largest > u128::from(memory / 2) {
        let place = root.entry("detector").map_or(Place::START, |entry| entry.key_place);
        reader.faults.add(
            Fault::new(place, format!("the windows of the detectors need {} MiB", grouped(largest >> 20)))
                .label(format!("at most half the memory, {} MiB", grouped(u128::from(memory) >> 21)))
                .help("make windows or the cluster smaller"),
        );
    }
}

/// A count with its thousands apart.
fn grouped(count: u128) -> String {
    let digits = count.to_string();
    let first = digits.len() % 3;
    let mut text = digits[..first].to_owned();
    for start in (first..digits.len()).step_by(3) {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&digits[start..start + 3]);
    }
    text
}
