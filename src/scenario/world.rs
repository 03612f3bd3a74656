//! The world of one point: what the tree says of traffic, network and hosts.

use super::diagnostic::{Fault, Place};
use super::failure;
use super::keys::{Key, Kind, ROOT};
use super::loss::mean_cycle;
use super::section::Section;
use super::setting::Reader;
use super::tree::Table;
use crate::import::Imported;
use crate::model::{
    Heartbeat, Law, Loss, MissedTicks, MonitorRole, Network, OnRestart, OnWake, Ordering, Pacing, Phase, Traffic, Wire,
    World,
};
use crate::num;
use crate::units::{Bytes, Span};

/// A world whose warm-up may still have to be chosen.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The world; its warm-up is zero where none was written.
    pub(super) world: World,
    /// Whether the warm-up was written.
    pub(super) warm_up_given: bool,
    /// What the reader of the results should know.
    pub(super) remarks: Vec<String>,
}

/// A section of the file's top.
pub(super) fn section<'a>(root: &'a Table, name: &'static str) -> Section<'a> {
    let keys: &'static [Key] = match ROOT.iter().find(|key| key.name == name).map(|key| &key.kind) {
        Some(Kind::Table(keys)) => keys,
        _ => &[],
    };
    let place = root.entry(name).map_or(Place::START, |entry| entry.key_place);
    Section::new(keys, root.table(name), place, name)
}

/// Reads the world that the tree describes. Faults go to the reader, all of them; `None` where there are any.
pub(super) fn read(root: &Table, reader: &mut Reader<'_>) -> Option<Draft> {
    let heartbeat = section(root, "heartbeat");
    if heartbeat.has("trace") { recorded(root, &heartbeat, reader) } else { pushed(root, &heartbeat, reader) }
}

fn pushed(root: &Table, heartbeat: &Section<'_>, reader: &mut Reader<'_>) -> Option<Draft> {
    let run = section(root, "run");
    let (seed, duration) = (run.count("seed", reader), run.span("duration", reader));
    let warm_up = run.span("warm-up", reader);
    let cluster = section(root, "cluster");
    let (nodes, monitors) = (cluster.count_u32("nodes", reader), cluster.count_u32("monitors", reader));
    let traffic = read_heartbeat(heartbeat, reader);
    let network = read_network(root, traffic.as_ref().map(|traffic| traffic.interval), reader);
    let monitor = read_monitor(root, reader);
    let faults = failure::read_all(root, nodes.zip(monitors), reader);
    let world = World {
        seed: seed?,
        warm_up: warm_up.unwrap_or_default(),
        duration: duration?,
        nodes: nodes?,
        monitors: monitors?,
        traffic: Traffic::Push(traffic?),
        network: network?,
        monitor: monitor?,
        faults: faults?,
    };
    Some(Draft { world, warm_up_given: run.has("warm-up"), remarks: Vec::new() })
}

fn read_heartbeat(heartbeat: &Section<'_>, reader: &mut Reader<'_>) -> Option<Heartbeat> {
    // The only words that this version takes: reading them refuses the others.
    let _ = (heartbeat.choice("style", reader), heartbeat.choice("transport", reader));
    let interval = heartbeat.span("interval", reader);
    let pacing = read_pacing(heartbeat, reader);
    let phase = heartbeat.choice("phase", reader);
    let missed_ticks = heartbeat.choice("missed-ticks", reader);
    let on_restart = heartbeat.choice("on-restart", reader);
    let payload = heartbeat.bytes("payload", reader).map(Bytes::get);
    let wire = heartbeat.choice("wire", reader);
    Some(Heartbeat {
        interval: interval?,
        pacing: pacing?,
        phase: if phase? == "aligned" { Phase::Aligned } else { Phase::Random },
        missed_ticks: match missed_ticks? {
            "burst" => MissedTicks::Burst,
            "delay" => MissedTicks::Delay,
            "drop" => MissedTicks::Drop,
            _ => MissedTicks::Skip,
        },
        on_restart: match on_restart? {
            "random-phase" => OnRestart::RandomPhase,
            "same-grid" => OnRestart::SameGrid,
            _ => OnRestart::AtOnce,
        },
        payload: payload?,
        wire: match wire? {
            "ipv6" => Wire::Ipv6,
            "ethernet" => Wire::Ethernet,
            _ => Wire::Ipv4,
        },
    })
}

fn read_pacing(heartbeat: &Section<'_>, reader: &mut Reader<'_>) -> Option<Pacing> {
    let jitter = heartbeat.share("jitter", reader);
    if !heartbeat.has("wait") {
        return jitter.map(|share| Pacing::Jitter(share.get()));
    }
    if heartbeat.has("jitter") {
        reader.faults.add(
            Fault::new(heartbeat.place_of("wait"), "heartbeat has both jitter and wait")
                .label("a heartbeat moves about its slot, or waits from the last one: not both")
                .help("take one of the two out"),
        );
    }
    let table = heartbeat.node("wait").and_then(|node| node.as_table())?;
    let keys = wait_keys();
    let wait = Section::new(keys, Some(table), heartbeat.place_of("wait"), "heartbeat.wait");
    let (min, max) = (wait.share("min", reader), wait.share("max", reader));
    let (min, max) = (min?, max?);
    if min > max {
        reader.faults.add(
            Fault::new(wait.value_place("max"), "heartbeat.wait.max is less than min")
                .label(format!("must be at least {min}")),
        );
        return None;
    }
    Some(Pacing::Wait { min: min.get(), max: max.get() })
}

fn wait_keys() -> &'static [Key] {
    let path = ["heartbeat".to_owned(), "wait".to_owned()];
    match super::keys::lookup(&path).map(|key| &key.kind) {
        Ok(Kind::Table(keys)) => keys,
        _ => &[],
    }
}

/// The part of an interval that a cycle of bursts must at least last.
const LEAST_CYCLE: u64 = 100;

fn read_network(root: &Table, interval: Option<Span>, reader: &mut Reader<'_>) -> Option<Network> {
    let network = section(root, "network");
    let (delay, loss) = (network.law("delay", reader), network.loss("loss", reader));
    let ordering = network.choice("ordering", reader);
    let cycle = loss.as_ref().and_then(mean_cycle);
    if let (Some(interval), Some(cycle)) = (interval, cycle)
        && cycle.times(LEAST_CYCLE) < interval
    {
        reader.faults.add(
            Fault::new(
                network.value_place("loss"),
                format!("a mean cycle of good and bad spells of {cycle} is too short"),
            )
            .label(format!("must be at least a hundredth of the interval of {interval}"))
            .help("bursts so short hit single heartbeats: write the mean loss as a probability, such as loss = \"1%\""),
        );
        return None;
    }
    refuse_endless_delay(&network, delay.as_ref(), reader)?;
    let ordering = if ordering? == "fifo" { Ordering::Fifo } else { Ordering::Any };
    Some(Network { delay: delay?, loss: loss?, ordering })
}

/// The longest 99th percentile of a delay: beyond it a message is as good as lost, and would be remembered for days.
const LONGEST_DELAY: Span = Span::from_hours(24);

/// Complains where one message in a hundred takes longer than a day.
fn refuse_endless_delay(network: &Section<'_>, delay: Option<&Law>, reader: &mut Reader<'_>) -> Option<()> {
    let slow = Span::from_nanos(num::round_to_u64(delay?.quantile(0.99)));
    if slow <= LONGEST_DELAY {
        return Some(());
    }
    reader.faults.add(
        Fault::new(network.value_place("delay"), "network.delay has a 99th percentile of more than a day")
            .label("99 of 100 messages must arrive within 1d")
            .help("a message that never arrives is written as loss"),
    );
    None
}

fn read_monitor(root: &Table, reader: &mut Reader<'_>) -> Option<MonitorRole> {
    let monitor = section(root, "monitor");
    let (on_wake, memory) = (monitor.choice("on-wake", reader), monitor.choice("memory", reader));
    let on_wake = if on_wake? == "timers-first" { OnWake::TimersFirst } else { OnWake::MessagesFirst };
    Some(MonitorRole { on_wake, memory_kept: memory? == "kept" })
}

/// A world that is replayed. What would be simulated otherwise must not be written.
fn recorded(root: &Table, heartbeat: &Section<'_>, reader: &mut Reader<'_>) -> Option<Draft> {
    refuse_beside_a_trace(root, heartbeat, reader);
    let path = heartbeat.text("trace", reader);
    let run = section(root, "run");
    let (seed, monitor) = (run.count("seed", reader), read_monitor(root, reader));
    let duration = run.has("duration").then(|| run.span("duration", reader));
    let interval = heartbeat.has("interval").then(|| heartbeat.span("interval", reader));
    let imported = match reader.files.trace(&path?) {
        Ok(imported) => imported,
        Err(fault) => {
            if let Some(node) = heartbeat.node("trace") {
                reader.file_fault(node, fault);
            }
            return None;
        }
    };
    let interval = match interval {
        Some(written) => written?,
        None => measured_interval(&imported, heartbeat, reader)?,
    };
    let nodes = u32::try_from(imported.trace.nodes.len()).ok()?;
    compare_cluster(root, nodes, reader);
    let world = World {
        seed: seed?,
        warm_up: Span::ZERO,
        // The last arrival is still judged.
        duration: duration.unwrap_or(Some(imported.end + Span::from_nanos(1)))?,
        nodes,
        monitors: 1,
        traffic: Traffic::Recorded { trace: imported.trace.clone(), interval },
        network: Network { delay: Law::Constant(Span::ZERO), loss: Loss::Independent(0.0), ordering: Ordering::Any },
        monitor: monitor?,
        faults: Vec::new(),
    };
    Some(Draft { world, warm_up_given: true, remarks: remarks(&imported) })
}

fn remarks(imported: &Imported) -> Vec<String> {
    if imported.repeated == 0 {
        return Vec::new();
    }
    vec![format!(
        "the trace repeats a node and seq {} times, first in line {}: the first arrival of each counts",
        imported.repeated, imported.first_repeated_line
    )]
}

fn measured_interval(imported: &Imported, heartbeat: &Section<'_>, reader: &mut Reader<'_>) -> Option<Span> {
    let measured = imported.median_step.filter(|step| !step.is_zero());
    if measured.is_none() {
        reader.faults.add(
            Fault::new(heartbeat.value_place("trace"), "the interval cannot be read off the trace")
                .label("no node sent twice at different times")
                .help("write the interval beside it: interval = \"1s\", or --set heartbeat.interval=1s"),
        );
    }
    measured
}

/// The node count may be written, but must be that of the trace.
fn compare_cluster(root: &Table, nodes: u32, reader: &mut Reader<'_>) {
    let cluster = section(root, "cluster");
    for (key, recorded) in [("nodes", nodes), ("monitors", 1)] {
        if cluster.has(key) && cluster.count_u32(key, reader).is_some_and(|written| written != recorded) {
            reader.faults.add(
                Fault::new(cluster.value_place(key), format!("the trace has {recorded} {key}"))
                    .label("does not fit the trace")
                    .help(format!("take `{key}` out: the trace says it")),
            );
        }
    }
}

/// Keys that say how a world is simulated, beside a trace that says what happened.
fn refuse_beside_a_trace(root: &Table, heartbeat: &Section<'_>, reader: &mut Reader<'_>) {
    let mut refuse = |place: Place, what: &str| {
        reader.faults.add(
            Fault::new(place, format!("{what} beside a trace"))
                .label("nothing is drawn where arrivals were recorded")
                .help(format!("take {what} out, or heartbeat.trace")),
        );
    };
    let heartbeat_table = root.table("heartbeat");
    for entry in heartbeat_table.iter().flat_map(|table| &table.entries) {
        if entry.key != "trace" && entry.key != "interval" {
            refuse(entry.key_place, &heartbeat.path_of(&entry.key));
        }
    }
    for name in ["network", "fault"] {
        if let Some(entry) = root.entry(name) {
            refuse(entry.key_place, &format!("[{name}]"));
        }
    }
    let run = section(root, "run");
    if run.has("warm-up") {
        refuse(run.place_of("warm-up"), "run.warm-up");
    }
    if run.has("trials") && run.count("trials", reader).is_some_and(|trials| trials != 1) {
        reader.faults.add(
            Fault::new(run.value_place("trials"), "a trace is one trial").label("must be 1").help("take `trials` out"),
        );
    }
}

/// The longest mean burst or stall of a world, in nanoseconds.
fn mean_disturbance(world: &World) -> f64 {
    let nanoseconds = |span: Span| num::u64_to_f64(span.as_nanos());
    let burst = match &world.network.loss {
        // A bad spell lasts 1/r packets on average, one an interval.
        Loss::PerPacket { r, .. } if *r > 0.0 => nanoseconds(world.interval()) / r,
        Loss::Independent(_) | Loss::PerPacket { .. } => 0.0,
        Loss::Bursts { mean_bad, .. } => nanoseconds(*mean_bad),
    };
    world.faults.iter().filter_map(failure::mean_stall).fold(burst, f64::max)
}

/// The warm-up where none is written: max(10 min, 1200 x the largest interval, 10 x the mean burst or stall).
pub(super) fn default_warm_up<'a>(worlds: impl Iterator<Item = &'a World> + Clone) -> Span {
    worlds.clone().fold(ordinary_warm_up(worlds), |longest, world| {
        longest.max(Span::from_nanos(num::round_to_u64(mean_disturbance(world) * 10.0)))
    })
}

/// The same but for bursts and stalls.
pub(super) fn ordinary_warm_up<'a>(worlds: impl Iterator<Item = &'a World>) -> Span {
    worlds.fold(Span::from_mins(10), |longest, world| longest.max(world.interval().times(1200)))
}
