//! The keys of a scenario, but for those of faults, detectors and laws.

use super::kind::{Bounds, Choice, Kind};
use super::{DETECTOR_KINDS, FAULT_KINDS, Key, Preset, Reach, key, later};
use crate::units::Span;

/// Least heartbeat interval.
const LEAST_INTERVAL: Span = Span::from_micros(100);
/// Most bytes of a UDP datagram over IPv4.
const UDP_PAYLOAD: u64 = 65_507;
/// Most nodes, most monitors, and most pairs of a monitor and a node.
pub(in crate::scenario) const MOST_PAIRS: u64 = 10_000_000;
/// The greatest number of trials that their type holds.
const U32: u64 = u32::MAX as u64;

/// A span that may be zero.
pub(super) const ANY_SPAN: Kind = Kind::Span(Span::ZERO);
/// A span that may not be zero.
pub(super) const SOME_SPAN: Kind = Kind::Span(Span::from_nanos(1));

/// A word that this version knows.
pub(super) const fn word(name: &'static str) -> Choice {
    Choice { name, ready: true }
}

/// A word that a later version will know.
const fn later_word(name: &'static str) -> Choice {
    Choice { name, ready: false }
}

/// The whole scenario.
pub(in crate::scenario) const ROOT: &[Key] = &[
    key("name", Kind::Name, Preset::Required, "Name of the scenario; results go to results/NAME.").reaching(Reach::Run),
    key("summary", Kind::Text, Preset::Text(""), "What it is about, in one line.").reaching(Reach::Run),
    table("run", RUN, "How long and how often is simulated."),
    table("cluster", CLUSTER, "Who sends and who watches."),
    table("heartbeat", HEARTBEAT, "The traffic that listening detectors share."),
    table("network", NETWORK, "Every path, both ways."),
    table("monitor", MONITOR, "How a monitor behaves as a host."),
    Key {
        name: "fault",
        kind: Kind::Named(FAULT_KINDS),
        default: Preset::Absent,
        reach: Reach::World,
        doc: "What goes wrong: [fault.NAME.KIND], exactly one kind.",
    },
    Key {
        name: "detector",
        kind: Kind::Named(DETECTOR_KINDS),
        default: Preset::Required,
        reach: Reach::Listener,
        doc: "Who listens: [detector.NAME.KIND], exactly one kind.",
    },
    key(
        "sweep",
        Kind::Sweep,
        Preset::Absent,
        "Keys with several values, by dotted name: a list, or { from, to, steps, scale = \"linear\" | \"log\" }. Every combination is a point.",
    )
    .reaching(Reach::Run),
    key(
        "limits",
        Kind::Limits,
        Preset::Absent,
        "What `systole check` judges: lists of limits by detector name, or `all`.",
    )
    .reaching(Reach::Metric),
    table("output", OUTPUT, "What is written, and how much of it."),
    later("link", "links that several paths share"),
    later("clock", "clocks with offset and drift"),
    later("truth", "other rules of what counts as a failure"),
    later("action", "what follows a suspicion"),
];

const fn table(name: &'static str, keys: &'static [Key], doc: &'static str) -> Key {
    Key { name, kind: Kind::Table(keys), default: Preset::Absent, reach: Reach::World, doc }
}

const RUN: &[Key] = &[
    key(
        "seed",
        Kind::Count(0, u64::MAX),
        Preset::Text("1"),
        "Seed of every draw: the same seed gives the same bytes in every result.",
    ),
    key("duration", SOME_SPAN, Preset::Text("6h"), "Simulated time that is measured in each trial."),
    key(
        "warm-up",
        ANY_SPAN,
        Preset::Rule("max(10m, 1200 x the largest interval of the sweep, 10 x the mean burst or stall)"),
        "Simulated time before the measurement, in which detectors learn.",
    ),
    key("trials", Kind::Count(1, U32), Preset::Text("16"), "Independent repetitions of every point.")
        .reaching(Reach::Run),
    key(
        "max-messages",
        Kind::Count(1, u64::MAX),
        Preset::Text("1000000000000"),
        "Heartbeats of the whole run above which it is refused before any work.",
    )
    .reaching(Reach::Run),
];

const CLUSTER: &[Key] = &[
    key("nodes", Kind::Count(1, MOST_PAIRS), Preset::Text("20"), "Nodes that send heartbeats."),
    key("monitors", Kind::Count(1, MOST_PAIRS), Preset::Text("1"), "Monitors that listen, each to every node."),
];

const HEARTBEAT: &[Key] = &[
    key(
        "style",
        Kind::Choice(&[
            word("push"),
            later_word("pull"),
            later_word("swim"),
            later_word("gossip"),
            later_word("lease"),
            later_word("raft"),
            later_word("foca"),
        ]),
        Preset::Text("push"),
        "Who starts a heartbeat: push, the node sends by itself.",
    ),
    key("interval", Kind::Span(LEAST_INTERVAL), Preset::Required, "Time between two heartbeats of a node."),
    key(
        "jitter",
        Kind::Share(Bounds::from_to_below(0.0, 0.5)),
        Preset::Text("0%"),
        "Each heartbeat moves by up to this share of the interval about its slot, uniformly.",
    ),
    key(
        "wait",
        Kind::Table(WAIT),
        Preset::Absent,
        "Instead of jitter: each wait is the interval times a uniform share, from the last send.",
    ),
    key(
        "phase",
        Kind::Choice(&[word("random"), word("aligned")]),
        Preset::Text("random"),
        "Where the first slot of a node lies: a random part of an interval, or all at once.",
    ),
    key(
        "missed-ticks",
        Kind::Choice(&[word("skip"), word("burst"), word("delay"), word("drop")]),
        Preset::Text("skip"),
        "Slots inside a stall: skip, one heartbeat on waking and then the old grid; burst, all on waking; delay, one on \
         waking and a new grid; drop, nothing until the next slot.",
    ),
    key(
        "on-restart",
        Kind::Choice(&[word("at-once"), word("random-phase"), word("same-grid")]),
        Preset::Text("at-once"),
        "When a restarted node sends first.",
    ),
    key("payload", Kind::Bytes(UDP_PAYLOAD), Preset::Text("64B"), "Bytes of a heartbeat before headers."),
    key(
        "wire",
        Kind::Choice(&[word("ipv4"), word("ipv6"), word("ethernet")]),
        Preset::Text("ipv4"),
        "Header bytes: UDP over IPv4 (28), over IPv6 (48), or in an Ethernet frame (46, padded to 64 in all).",
    ),
    key(
        "transport",
        Kind::Choice(&[word("udp"), later_word("tcp")]),
        Preset::Text("udp"),
        "What carries heartbeats: udp, a lost one stays lost.",
    ),
    key(
        "trace",
        Kind::File,
        Preset::Absent,
        "Replay recorded arrivals instead: a CSV file with the header node,seq,sent_s,arrived_s.",
    ),
];

const WAIT: &[Key] = &[
    key("min", Kind::Share(Bounds::above(0.0)), Preset::Required, "Least wait, as a share of the interval."),
    key("max", Kind::Share(Bounds::above(0.0)), Preset::Required, "Greatest wait, as a share of the interval."),
];

const NETWORK: &[Key] = &[
    key("delay", Kind::Law, Preset::Text("0s"), "Time from send to arrival."),
    key("loss", Kind::Loss, Preset::Text("0%"), "Which messages never arrive."),
    key(
        "ordering",
        Kind::Choice(&[word("any"), word("fifo")]),
        Preset::Text("any"),
        "Whether messages may overtake each other; fifo: none arrives before the last one of its path.",
    ),
];

const MONITOR: &[Key] = &[
    key(
        "on-wake",
        Kind::Choice(&[word("messages-first"), word("timers-first")]),
        Preset::Text("messages-first"),
        "What a stalled monitor does first when it wakes.",
    ),
    key(
        "memory",
        Kind::Choice(&[word("lost"), word("kept")]),
        Preset::Text("lost"),
        "Whether what detectors learnt survives a crash of the monitor.",
    ),
    later("cost-per-message", "monitors that take time for a message"),
    later("buffer", "monitors with a finite receive buffer"),
];

const OUTPUT: &[Key] = &[
    key("max-rows", Kind::Count(1, u64::MAX), Preset::Text("100000"), "Rows of a results file at the most.")
        .reaching(Reach::Run),
    key(
        "merge-gap",
        ANY_SPAN,
        Preset::Rule("one interval, the longest where they differ"),
        "Two outages less than this apart count as one cluster alarm.",
    )
    .reaching(Reach::Metric),
];

/// The keys of a range of a sweep; its ends are of the kind of the swept key.
pub(in crate::scenario) const RANGE_KEYS: &[Key] = &[
    key("from", Kind::Any, Preset::Required, "The first value."),
    key("to", Kind::Any, Preset::Required, "The last value."),
    key("steps", Kind::Count(2, 1_000_000), Preset::Required, "How many values, with both ends."),
    key(
        "scale",
        Kind::Choice(&[word("linear"), word("log")]),
        Preset::Text("linear"),
        "Whether steps are equal differences or equal ratios.",
    ),
];
