//! The keys of faults: `[fault.NAME.KIND]`.

use super::kind::{Choice, Kind};
use super::sections::word;
use super::{Key, Preset, Reach, key, later};

/// The kinds of fault.
pub(in crate::scenario) const FAULT_KINDS: &[Key] = &[
    kind("crash", CRASH, "The host stops, and starts again later."),
    kind("pause", PAUSE, "The host stands still but lives; messages to it wait."),
    kind("partition", PARTITION, "Messages of a path that are sent meanwhile are lost."),
    later("slowdown", "nodes that run slowly"),
    later("cpu-quota", "CPU quotas"),
    later("degrade", "links that get worse for a while"),
    later("clock-step", "clocks that are set"),
];

const fn kind(name: &'static str, keys: &'static [Key], doc: &'static str) -> Key {
    Key { name, kind: Kind::Table(keys), default: Preset::Absent, reach: Reach::World, doc }
}

const ON: Key = key("on", Kind::Target, Preset::Text("nodes"), "Whom it strikes.");
const EVERY: Key =
    key("every", Kind::Law, Preset::Absent, "Time from the end of one to the start of the next. Either this or `at`.");
const AT: Key = key("at", Kind::Times, Preset::Absent, "When it strikes, from the end of the warm-up.");
const LASTS: Key = key("lasts", Kind::Law, Preset::Required, "How long it lasts.");
const TOGETHER: Key =
    key("together", Kind::Flag, Preset::Text("false"), "Whether one draw hits everybody that it strikes at once.");

const SCOPES: &[Choice] = &[word("host"), word("process")];

const CRASH: &[Key] = &[
    ON,
    EVERY,
    AT,
    key("down-for", Kind::Law, Preset::Required, "How long it stays down."),
    key(
        "scope",
        Kind::Choice(SCOPES),
        Preset::Text("host"),
        "Whether the host goes silent, or only the process dies; over UDP both are silence.",
    ),
    TOGETHER,
];

const PAUSE: &[Key] = &[ON, EVERY, AT, LASTS, TOGETHER];

const PARTITION: &[Key] = &[
    key(
        "from",
        Kind::Target,
        Preset::Text("all"),
        "Senders of the messages that are cut; with neither `from` nor `to`, all paths are cut both ways.",
    ),
    key("to", Kind::Target, Preset::Text("all"), "Receivers of the messages that are cut."),
    EVERY,
    AT,
    LASTS,
    TOGETHER,
];
