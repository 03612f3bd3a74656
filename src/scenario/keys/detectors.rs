//! The keys of detectors: `[detector.NAME.KIND]`, and of how they are looked at.

use super::kind::{Bounds, Kind};
use super::sections::word;
use super::{Key, Preset, Reach, later};

/// What a detector's table may contain: its kind, and beside it how it is looked at.
pub(in crate::scenario) const DETECTOR_KINDS: &[Key] = &[
    kind("timeout", TIMEOUT, "Suspects when nothing was heard for so long."),
    kind("misses", MISSES, "Suspects when so many heartbeats in a row were missed."),
    kind("nfd-s", NFD_S, "Freshness points on synchronised clocks (Chen, Toueg and Aguilera)."),
    kind("nfd-u", NFD_U, "Expected arrivals known (Chen, Toueg and Aguilera)."),
    kind("nfd-e", NFD_E, "Expected arrivals estimated (Chen, Toueg and Aguilera)."),
    kind("bertier", BERTIER, "A margin that follows the error of the estimate (Bertier, Marin and Sens)."),
    kind("two-window", TWO_WINDOW, "The later of a short and a long estimate (Tomsic and others)."),
    kind("phi-normal", PHI_NORMAL, "Phi accrual with a normal law (Hayashibara and others)."),
    kind("phi-akka", PHI_AKKA, "Phi accrual as Akka runs it."),
    kind("phi-hazelcast", PHI_HAZELCAST, "Phi accrual as Hazelcast runs it."),
    kind("phi-cassandra", PHI_CASSANDRA, "Phi accrual as Cassandra runs it."),
    kind("phi-chitchat", PHI_CHITCHAT, "Phi accrual as chitchat runs it."),
    kind("exponential", EXPONENTIAL, "Accrual with an exponential law (Xiong and others)."),
    kind("histogram", HISTOGRAM, "Accrual with the recorded law (Satzger and others)."),
    kind("self-tuning", SELF_TUNING, "A margin that tunes itself to targets (Xiong and others)."),
    CHECK_EVERY,
    CHECK_PHASE,
    CHECK_GAP,
    CLOCK,
    later("external", "detectors in other programs"),
    later("pull", "pull probes"),
    later("swim", "SWIM"),
    later("gossip", "gossip"),
    later("lease", "leases"),
    later("raft", "elections"),
    later("foca", "the foca crate"),
];

/// How a detector is looked at: beside its kind, or among the keys of its kind.
pub(in crate::scenario) const WATCH: &[Key] = &[CHECK_EVERY, CHECK_PHASE, CHECK_GAP, CLOCK];

const CHECK_EVERY: Key =
    key("check-every", LENGTH, Preset::Absent, "Verdicts are looked at on ticks of this period only.");
const CHECK_PHASE: Key = key(
    "check-phase",
    Kind::CheckPhase,
    Preset::Text("random"),
    "Where the first tick lies: one draw a trial and observer, at the start, or so long after it.",
);
const CHECK_GAP: Key = key(
    "check-gap",
    Kind::ShareRange,
    Preset::Text("0%"),
    "Stretches each period by a uniform share, from the end of the last look.",
);
const CLOCK: Key = key(
    "clock",
    Kind::Choice(&[word("monotonic"), word("wall")]),
    Preset::Text("monotonic"),
    "The clock that the detector reads.",
);

const fn kind(name: &'static str, keys: &'static [Key], doc: &'static str) -> Key {
    Key { name, kind: Kind::Detector(keys), default: Preset::Absent, reach: Reach::Listener, doc }
}

const fn key(name: &'static str, kind: Kind, default: Preset, doc: &'static str) -> Key {
    Key { name, kind, default, reach: Reach::Listener, doc }
}

/// A span or a number of intervals, above zero.
const LENGTH: Kind = Kind::Length { zero: false };
/// A span or a number of intervals, or zero.
const LENGTH_OR_ZERO: Kind = Kind::Length { zero: true };
/// A count of at least one.
const COUNT: Kind = Kind::Count(1, u32::MAX as u64);
/// A threshold of phi.
const PHI: Kind = Kind::Number(Bounds::above(0.0));
/// A weight.
const WEIGHT: Kind = Kind::Number(Bounds::at_least(0.0));

const fn window(default: &'static str) -> Key {
    key("window", COUNT, Preset::Text(default), "Heartbeats that it remembers.")
}

const fn margin() -> Key {
    key("margin", LENGTH_OR_ZERO, Preset::Required, "How long after the expected arrival it waits.")
}

const fn threshold(default: Preset) -> Key {
    key("threshold", PHI, default, "Suspicion level (phi) from which on it suspects.")
}

const fn min_std_dev(default: &'static str) -> Key {
    key("min-std-dev", LENGTH_OR_ZERO, Preset::Text(default), "Floor of the standard deviation.")
}

const fn acceptable_pause(default: &'static str) -> Key {
    key("acceptable-pause", LENGTH_OR_ZERO, Preset::Text(default), "Added to the mean interval.")
}

const fn first_interval(default: &'static str) -> Key {
    key("first-interval", LENGTH, Preset::Text(default), "The interval that it assumes before it has measured any.")
}

const fn max_interval(default: &'static str) -> Key {
    key("max-interval", LENGTH, Preset::Text(default), "Longer intervals are not recorded.")
}

const TIMEOUT: &[Key] = &[
    key("after", LENGTH, Preset::Required, "How long a silence must last."),
    key(
        "rearm",
        Kind::Choice(&[word("newer"), word("any")]),
        Preset::Text("newer"),
        "Which heartbeats end a silence: only newer ones, or every one.",
    ),
];

const MISSES: &[Key] = &[
    key("count", COUNT, Preset::Text("3"), "How many in a row must be missed."),
    key("grace", LENGTH_OR_ZERO, Preset::Text("0.5 intervals"), "How late a heartbeat may be and not count as missed."),
];

const NFD_S: &[Key] =
    &[key("shift", LENGTH_OR_ZERO, Preset::Required, "How long after its slot the next heartbeat is awaited.")];

const NFD_U: &[Key] =
    &[key("mean-delay", LENGTH_OR_ZERO, Preset::Required, "The expected delay of a heartbeat."), margin()];

const NFD_E: &[Key] = &[margin(), window("32")];

const BERTIER: &[Key] = &[
    window("1000"),
    key("beta", WEIGHT, Preset::Text("1"), "Weight of the smoothed error."),
    key("phi", WEIGHT, Preset::Text("4"), "Weight of the smoothed deviation."),
    key("gamma", Kind::Number(Bounds::between(0.0, 1.0)), Preset::Text("0.1"), "Smoothing of both."),
];

const TWO_WINDOW: &[Key] = &[
    key("short", COUNT, Preset::Text("1"), "Heartbeats in the short window."),
    key("long", COUNT, Preset::Text("1000"), "Heartbeats in the long window."),
    margin(),
];

const PHI_NORMAL: &[Key] = &[threshold(Preset::Required), window("1000"), min_std_dev("0s")];

const PHI_AKKA: &[Key] = &[
    threshold(Preset::Text("8")),
    window("1000"),
    min_std_dev("100ms"),
    acceptable_pause("3s"),
    first_interval("1 interval"),
];

const PHI_HAZELCAST: &[Key] = &[
    threshold(Preset::Text("10")),
    window("200"),
    min_std_dev("100ms"),
    acceptable_pause("60s"),
    first_interval("1 interval"),
];

const PHI_CASSANDRA: &[Key] = &[
    threshold(Preset::Text("8")),
    window("1000"),
    first_interval("2 intervals"),
    max_interval("2 intervals"),
    key(
        "max-local-pause",
        LENGTH,
        Preset::Text("5s"),
        "After a gap between looks longer than this it does not convict.",
    ),
];

const PHI_CHITCHAT: &[Key] = &[
    threshold(Preset::Text("8")),
    window("1000"),
    max_interval("10 intervals"),
    key("initial-interval", LENGTH, Preset::Text("5 intervals"), "The prior mean interval."),
    key("prior-weight", WEIGHT, Preset::Text("5"), "Weight of the prior, in heartbeats."),
];

const EXPONENTIAL: &[Key] = &[
    key(
        "threshold",
        Kind::Number(Bounds::between(0.0, 1.0)),
        Preset::Text("0.99"),
        "Suspicion level from which on it suspects.",
    ),
    window("1000"),
];

const HISTOGRAM: &[Key] = &[
    key(
        "threshold",
        Kind::Number(Bounds::above_up_to(0.0, 1.0)),
        Preset::Required,
        "Share of the recorded intervals that must be shorter than the silence.",
    ),
    window("1000"),
    key("scale", Kind::Number(Bounds::above(0.0)), Preset::Text("1"), "Factor on the recorded intervals."),
];

const SELF_TUNING: &[Key] = &[
    Key { default: Preset::Required, ..window("") },
    margin(),
    key("step", LENGTH, Preset::Required, "How far one adjustment moves the margin."),
    key("target-detection", LENGTH, Preset::Required, "Detection time to stay under."),
    key("target-mistake-rate", Kind::Rate, Preset::Required, "Mistakes in time to stay under."),
    key("adjust-every", COUNT, Preset::Required, "Heartbeats between two adjustments."),
];
