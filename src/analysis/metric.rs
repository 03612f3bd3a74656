//! The one table of metrics: their columns, names in limits, units and meanings.
//!
//! Result files, limits, `systole metrics` and the documentation all read it.

/// What a limit on a metric is written in, and what its column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitKind {
    /// A span such as "6s"; the column holds seconds.
    Span,
    /// A rate such as "1/h"; the column holds events an hour.
    PerHour,
    /// A rate such as "100/s"; the column holds events a second.
    PerSecond,
    /// Bytes a second such as "4KiB/s"; the column holds bytes a second.
    BytesPerSecond,
    /// A share such as "99.9%" or 0.999.
    Share,
    /// A plain number.
    Number,
}

impl UnitKind {
    /// The unit of the column, for people.
    #[must_use]
    pub const fn column_unit(self) -> &'static str {
        match self {
            Self::Span => "seconds",
            Self::PerHour => "events an hour",
            Self::PerSecond => "events a second",
            Self::BytesPerSecond => "bytes a second",
            Self::Share => "share from 0 to 1",
            Self::Number => "number",
        }
    }

    /// What the value of a limit must be, for error messages.
    #[must_use]
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Span => "a span such as \"6s\" or \"250ms\"",
            Self::PerHour => "a rate such as \"1/h\" or \"3/30d\"",
            Self::PerSecond => "a rate such as \"100/s\"",
            Self::BytesPerSecond => "bytes a second such as \"4KiB/s\"",
            Self::Share => "a share such as \"99.9%\" or 0.999",
            Self::Number => "a plain number such as 200",
        }
    }
}

/// One metric: a column of `summary.csv`, perhaps with two more for its interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// The column, and its key in [`super::Row::estimates`].
    pub column: &'static str,
    /// Whether `…_low` and `…_high` follow it.
    pub interval: bool,
    /// What it is measured in.
    pub unit: UnitKind,
    /// What it means.
    pub definition: &'static str,
}

impl Metric {
    /// The name in limits and goals: the column without its unit. Names in `_per_30d` stay whole.
    #[must_use]
    pub fn limit_name(&self) -> &'static str {
        const UNITS: [&str; 4] = ["_bytes_per_s", "_per_pair_hour", "_per_s", "_s"];
        UNITS.iter().find_map(|unit| self.column.strip_suffix(unit)).unwrap_or(self.column)
    }

    /// Its columns: the value, and the ends of its interval where it shows them.
    pub fn columns(&self) -> impl Iterator<Item = String> + use<> {
        let column = self.column;
        let ends: &[&str] = if self.interval { &["", "_low", "_high"] } else { &[""] };
        ends.iter().map(move |end| format!("{column}{end}"))
    }
}

/// The metric with this name in limits.
#[must_use]
pub fn find(limit_name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.limit_name() == limit_name)
}

/// The metric with this column.
#[must_use]
pub fn of_column(column: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.column == column)
}

/// A metric without interval columns.
const fn plain(column: &'static str, unit: UnitKind, definition: &'static str) -> Metric {
    Metric { column, interval: false, unit, definition }
}

/// A metric with interval columns.
const fn ranged(column: &'static str, unit: UnitKind, definition: &'static str) -> Metric {
    Metric { column, interval: true, unit, definition }
}

use UnitKind::{BytesPerSecond, Number, PerHour, PerSecond, Share, Span};

/// Every metric, in the order of the columns of `summary.csv`.
pub const METRICS: [Metric; 58] = [
    plain("trials", Number, "Independent repetitions of the whole simulation."),
    plain(
        "pair_hours",
        Number,
        "Settled exposure: hours in which a monitor that is up watches a living node that it has heard and trusted.",
    ),
    plain("heartbeats_sent", Number, "Heartbeats sent in the measured time, to each monitor."),
    plain("heartbeats_lost", Number, "Those of them that never reached a running monitor."),
    plain("crashes", Number, "Crashes in the measured time, counted once for each monitor."),
    plain("detected", Number, "Crashes after which the monitor suspected until the restart or the end."),
    plain("undetected", Number, "Crashes whose node was restarted before the monitor suspected it."),
    plain("censored", Number, "Crashes that the end of the run left open."),
    ranged("detected_share", Share, "Detected crashes among those detected or restarted first."),
    plain(
        "detected_at_zero_share",
        Share,
        "Detections in no time, since the node was suspected already: luck, not speed.",
    ),
    ranged(
        "detection_latency_mean_s",
        Span,
        "Mean time from the crash to the suspicion that lasts (Kaplan-Meier, restricted to the longest follow-up).",
    ),
    plain("detection_latency_p50_s", Span, "Time in which half of the crashes are detected (Kaplan-Meier)."),
    plain("detection_latency_p90_s", Span, "Time in which 90 % of the crashes are detected (Kaplan-Meier)."),
    ranged("detection_latency_p99_s", Span, "Time in which 99 % of the crashes are detected (Kaplan-Meier)."),
    plain("detection_latency_max_s", Span, "Longest time that a detection took; it grows with the amount simulated."),
    plain("false_positives", Number, "Mistakes: suspicions of a living node that begin in settled exposure."),
    ranged("false_positive_rate_per_pair_hour", PerHour, "Mistakes by hour of settled exposure of a pair."),
    ranged("cluster_mistakes_per_30d", Number, "Mistakes of all pairs in 30 days in which every node is up."),
    ranged(
        "cluster_alarms_per_30d",
        Number,
        "Times in 30 days at which the cluster goes from no wrong suspicion to at least one; an outage that all see is one.",
    ),
    ranged("mistake_duration_mean_s", Span, "Mean length of a mistake: wrong time by mistakes."),
    plain("mistake_duration_p99_s", Span, "Length that 99 % of the mistakes do not exceed (Kaplan-Meier)."),
    plain("mistake_recurrence_mean_s", Span, "Mean time of settled exposure from one mistake of a pair to its next."),
    ranged("query_accuracy", Share, "Share of the settled exposure in which the monitor trusts."),
    plain("peak_false_suspects", Number, "Most nodes wrongly suspected at one instant of a trial, mean over trials."),
    plain(
        "majority_wrong_share",
        Share,
        "Share of the time with more than half of the living nodes wrongly suspected.",
    ),
    plain("flaps_per_pair_hour", PerHour, "Returns from suspicion to trust by hour of settled exposure of a pair."),
    plain("unreachable_suspicions", Number, "Suspicions of a living node while a partition cut it off."),
    plain("never_heard_pairs", Number, "Pairs whose monitor heard nothing in a whole trial, summed over trials."),
    plain("bootstrap_false_positives", Number, "Mistakes within the detector's window after a start."),
    plain("recovery_latency_mean_s", Span, "Mean time from a restart to trust."),
    plain("bandwidth_bytes_per_s", BytesPerSecond, "Bytes sent on the wire by the whole cluster, lost ones too."),
    plain("node_bandwidth_bytes_per_s", BytesPerSecond, "The bandwidth divided by the nodes."),
    plain("monitor_bandwidth_bytes_per_s", BytesPerSecond, "The bandwidth divided by the monitors."),
    plain("messages_per_s", PerSecond, "Messages sent by the whole cluster."),
    plain("heartbeat_delay_mean_s", Span, "Mean time from sending a heartbeat to processing it."),
    plain("heartbeat_delay_p50_s", Span, "Time in which half of the heartbeats that arrive are processed."),
    plain("heartbeat_delay_p99_s", Span, "Time in which 99 % of the heartbeats that arrive are processed."),
    plain("monitor_cpu", Share, "Share of a core that a monitor spends on messages."),
    plain("busiest_link_utilisation", Share, "Share of its capacity that the busiest link uses."),
    ranged("one_minus_query_accuracy", Share, "Share of the settled exposure in which the monitor wrongly suspects."),
    ranged(
        "node_episodes_per_30d",
        Number,
        "Times in 30 days at which some monitor begins to suspect a living node wrongly.",
    ),
    ranged(
        "majority_episodes_per_30d",
        Number,
        "Times in 30 days at which more than half of the running monitors wrongly suspect one node.",
    ),
    plain("alarm_pairs_mean", Number, "Pairs that take part in a cluster alarm, mean."),
    plain("alarm_pairs_max", Number, "Pairs that take part in the largest cluster alarm."),
    plain("alarm_nodes_mean", Number, "Nodes that are wrongly suspected in a cluster alarm, mean."),
    plain(
        "alarm_nodes_max",
        Number,
        "Nodes that are wrongly suspected in the largest cluster alarm: the blast radius.",
    ),
    plain("peak_false_suspects_max", Number, "Most nodes wrongly suspected at one instant of any trial."),
    plain(
        "detection_split_silence_mean_s",
        Span,
        "Part of the detection latency: the silence that already ran at the crash, as a negative time.",
    ),
    plain("detection_split_timeout_mean_s", Span, "Part of the detection latency: from the last beat to the deadline."),
    plain(
        "detection_split_look_mean_s",
        Span,
        "Part of the detection latency: from the deadline to the look that acts.",
    ),
    plain("detection_first_mean_s", Span, "Mean time from a crash to its first detection by any monitor."),
    plain("detection_first_p99_s", Span, "Time in which 99 % of the crashes are detected by at least one monitor."),
    plain(
        "detection_majority_mean_s",
        Span,
        "Mean time from a crash to its detection by more than half of the monitors.",
    ),
    plain("detection_majority_p99_s", Span, "Time in which 99 % of the crashes are detected by most monitors."),
    plain("detection_last_mean_s", Span, "Mean time from a crash to its detection by all monitors."),
    plain("detection_last_p99_s", Span, "Time in which 99 % of the crashes are detected by all monitors."),
    plain("dissemination_mean_s", Span, "Mean time from the first detection of a crash to the last."),
    plain("dissemination_p99_s", Span, "Time in which 99 % of the crashes spread from the first monitor to the last."),
];
