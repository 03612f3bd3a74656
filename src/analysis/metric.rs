//! The one table of metrics: their columns, names in limits, units and meanings.
//!
//! Result files, limits, `systole metrics` and the documentation all read it.

use crate::scenario::{LimitMetric, LimitUnit};

impl LimitUnit {
    /// The unit of the column, for people.
    #[must_use]
    pub const fn column_unit(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::PerHour => "events an hour",
            Self::PerSecond => "events a second",
            Self::BytesPerSecond => "bytes a second",
            Self::Share => "share from 0 to 1",
            Self::Number => "number",
        }
    }
}

/// How a metric and its interval are estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimator {
    /// Counted in exactly this run.
    Counted,
    /// Events by exposure of the pairs.
    PairRate,
    /// Events by simulated time.
    TrialRate,
    /// A sum of lengths or sizes by how many there are.
    MeanLength,
    /// A part of a time by the whole.
    ShareOfTime,
    /// Cases of one kind by all cases.
    ShareOfCases,
    /// A mean or percentile of a Kaplan-Meier curve.
    Curve,
    /// A mean over trials.
    TrialMean,
}

impl Estimator {
    /// How it works, in a sentence.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Counted => "Counted in this run; no interval applies.",
            Self::PairRate => {
                "Ratio of sums; delete-one jackknife over components x trials on the log scale with Student's t, below 20 \
                 effective events a gamma interval with the over-dispersion between units, and with none the bound \
                 3.69 (verdicts: 3.0) by components x trials x duration."
            }
            Self::TrialRate => {
                "Ratio of sums; as for rates of pairs, but the unit is the trial, and with none seen the bound is 3.69 \
                 (verdicts: 3.0) by trials x duration."
            }
            Self::MeanLength => "Ratio of sums; delete-one jackknife on the log scale over the units that saw a case.",
            Self::ShareOfTime => {
                "Ratio of sums; jackknife or gamma interval of the wrong time on the log scale, and with none the rule of \
                 three over units."
            }
            Self::ShareOfCases => {
                "Share of cases; Clopper and Pearson's interval for the effective number of clustered cases."
            }
            Self::Curve => {
                "Kaplan-Meier with restarts and the end as censoring; cluster-robust interval (percentiles: Woodruff), the \
                 unit is the crash and its component. Empty where the curve does not reach it; its low end is then the \
                 longest follow-up."
            }
            Self::TrialMean => "Mean over trials with Student's t.",
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
    /// What its column holds, and what a limit on it is written in.
    pub unit: LimitUnit,
    /// How its value and interval are made.
    pub estimator: Estimator,
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

/// The names and units of all metrics, as the reader of scenarios takes them.
#[must_use]
pub fn limit_metrics() -> Vec<LimitMetric> {
    METRICS.iter().map(|metric| LimitMetric { name: metric.limit_name(), unit: metric.unit }).collect()
}

/// A metric without interval columns.
const fn plain(column: &'static str, unit: LimitUnit, estimator: Estimator, definition: &'static str) -> Metric {
    Metric { column, interval: false, unit, estimator, definition }
}

/// A metric with interval columns.
const fn ranged(column: &'static str, unit: LimitUnit, estimator: Estimator, definition: &'static str) -> Metric {
    Metric { column, interval: true, unit, estimator, definition }
}

use Estimator::{Counted, Curve, MeanLength, PairRate, ShareOfCases, ShareOfTime, TrialMean, TrialRate};
use LimitUnit::{BytesPerSecond, Number, PerHour, PerSecond, Seconds, Share};

/// Every metric, in the order of the columns of `summary.csv`.
pub const METRICS: [Metric; 70] = [
    plain("trials", Number, Counted, "Independent repetitions of the whole simulation."),
    plain(
        "pair_hours",
        Number,
        Counted,
        "Settled exposure: hours in which a monitor that is up watches a living node that it has heard and trusted.",
    ),
    plain("heartbeats_sent", Number, Counted, "Heartbeats sent in the measured time, to each monitor."),
    plain("heartbeats_lost", Number, Counted, "Those of them that never reached a running monitor."),
    plain("crashes", Number, Counted, "Crashes in the measured time, counted once for each monitor."),
    plain("detected", Number, Counted, "Crashes after which the monitor suspected until the restart or the end."),
    plain("undetected", Number, Counted, "Crashes whose node was restarted before the monitor suspected it."),
    plain("censored", Number, Counted, "Crashes that the end of the run left open."),
    ranged("detected_share", Share, ShareOfCases, "Detected crashes among those detected or restarted first."),
    plain(
        "detected_at_zero_share",
        Share,
        ShareOfCases,
        "Detections in no time, since the node was suspected already: luck, not speed.",
    ),
    ranged(
        "detection_latency_mean_s",
        Seconds,
        Curve,
        "Mean time from the crash to the suspicion that lasts (Kaplan-Meier, restricted to the longest follow-up).",
    ),
    plain("detection_latency_p50_s", Seconds, Curve, "Time in which half of the crashes are detected (Kaplan-Meier)."),
    plain("detection_latency_p90_s", Seconds, Curve, "Time in which 90 % of the crashes are detected (Kaplan-Meier)."),
    ranged("detection_latency_p99_s", Seconds, Curve, "Time in which 99 % of the crashes are detected (Kaplan-Meier)."),
    plain(
        "detection_latency_max_s",
        Seconds,
        Counted,
        "Longest time that a detection took; it grows with the amount simulated.",
    ),
    plain("false_positives", Number, Counted, "Mistakes: suspicions of a living node that begin in settled exposure."),
    ranged("false_positive_rate_per_pair_hour", PerHour, PairRate, "Mistakes by hour of settled exposure of a pair."),
    ranged("cluster_mistakes_per_30d", Number, PairRate, "Mistakes of all pairs in 30 days in which every node is up."),
    ranged(
        "cluster_alarms_per_30d",
        Number,
        TrialRate,
        "Times in 30 days at which the cluster goes from no wrong suspicion to at least one; an outage that all see is one.",
    ),
    ranged("mistake_duration_mean_s", Seconds, MeanLength, "Mean length of a mistake: wrong time by mistakes."),
    plain("mistake_duration_p99_s", Seconds, Curve, "Length that 99 % of the mistakes do not exceed (Kaplan-Meier)."),
    plain(
        "mistake_recurrence_mean_s",
        Seconds,
        PairRate,
        "Mean time of settled exposure from one mistake of a pair to its next.",
    ),
    ranged("query_accuracy", Share, ShareOfTime, "Share of the settled exposure in which the monitor trusts."),
    plain(
        "peak_false_suspects",
        Number,
        TrialMean,
        "Most nodes wrongly suspected at one instant of a trial, mean over trials.",
    ),
    plain(
        "majority_wrong_share",
        Share,
        ShareOfTime,
        "Share of the time with more than half of the living nodes wrongly suspected.",
    ),
    plain(
        "flaps_per_pair_hour",
        PerHour,
        PairRate,
        "Returns from suspicion to trust by hour of settled exposure of a pair.",
    ),
    plain("unreachable_suspicions", Number, Counted, "Suspicions of a living node while a partition cut it off."),
    plain(
        "never_heard_pairs",
        Number,
        Counted,
        "Pairs whose monitor heard nothing in a whole trial, summed over trials.",
    ),
    plain("bootstrap_false_positives", Number, Counted, "Mistakes within the detector's window after a start."),
    plain("recovery_latency_mean_s", Seconds, MeanLength, "Mean time from a restart to trust."),
    plain(
        "bandwidth_bytes_per_s",
        BytesPerSecond,
        Counted,
        "Bytes sent on the wire by the whole cluster, lost ones too.",
    ),
    plain("node_bandwidth_bytes_per_s", BytesPerSecond, Counted, "The bandwidth divided by the nodes."),
    plain("monitor_bandwidth_bytes_per_s", BytesPerSecond, Counted, "The bandwidth divided by the monitors."),
    plain("messages_per_s", PerSecond, Counted, "Messages sent by the whole cluster."),
    plain("heartbeat_delay_mean_s", Seconds, Counted, "Mean time from sending a heartbeat to processing it."),
    plain("heartbeat_delay_p50_s", Seconds, Counted, "Time in which half of the heartbeats that arrive are processed."),
    plain("heartbeat_delay_p99_s", Seconds, Counted, "Time in which 99 % of the heartbeats that arrive are processed."),
    plain("monitor_cpu", Share, Counted, "Share of a core that a monitor spends on messages."),
    plain("busiest_link_utilisation", Share, Counted, "Share of its capacity that the busiest link uses."),
    ranged(
        "one_minus_query_accuracy",
        Share,
        ShareOfTime,
        "Share of the settled exposure in which the monitor wrongly suspects.",
    ),
    ranged(
        "node_episodes_per_30d",
        Number,
        TrialRate,
        "Times in 30 days at which some monitor begins to suspect a living node wrongly.",
    ),
    ranged(
        "majority_episodes_per_30d",
        Number,
        TrialRate,
        "Times in 30 days at which more than half of the running monitors wrongly suspect one node.",
    ),
    plain("alarm_pairs_mean", Number, MeanLength, "Pairs that take part in a cluster alarm, mean."),
    plain("alarm_pairs_max", Number, Counted, "Pairs that take part in the largest cluster alarm."),
    plain("alarm_nodes_mean", Number, MeanLength, "Nodes that are wrongly suspected in a cluster alarm, mean."),
    plain(
        "alarm_nodes_max",
        Number,
        Counted,
        "Nodes that are wrongly suspected in the largest cluster alarm: the blast radius.",
    ),
    plain("peak_false_suspects_max", Number, Counted, "Most nodes wrongly suspected at one instant of any trial."),
    plain(
        "detection_split_silence_mean_s",
        Seconds,
        MeanLength,
        "Part of the detection latency: the silence that already ran at the crash, as a negative time.",
    ),
    plain(
        "detection_split_timeout_mean_s",
        Seconds,
        MeanLength,
        "Part of the detection latency: from the last beat to the deadline.",
    ),
    plain(
        "detection_split_look_mean_s",
        Seconds,
        MeanLength,
        "Part of the detection latency: from the deadline to the look that acts.",
    ),
    plain("detection_first_mean_s", Seconds, Curve, "Mean time from a crash to its first detection by any monitor."),
    plain(
        "detection_first_p99_s",
        Seconds,
        Curve,
        "Time in which 99 % of the crashes are detected by at least one monitor.",
    ),
    plain(
        "detection_majority_mean_s",
        Seconds,
        Curve,
        "Mean time from a crash to its detection by more than half of the monitors.",
    ),
    plain(
        "detection_majority_p99_s",
        Seconds,
        Curve,
        "Time in which 99 % of the crashes are detected by most monitors.",
    ),
    plain("detection_last_mean_s", Seconds, Curve, "Mean time from a crash to its detection by all monitors."),
    plain("detection_last_p99_s", Seconds, Curve, "Time in which 99 % of the crashes are detected by all monitors."),
    plain("dissemination_mean_s", Seconds, Curve, "Mean time from the first detection of a crash to the last."),
    plain(
        "dissemination_p99_s",
        Seconds,
        Curve,
        "Time in which 99 % of the crashes spread from the first monitor to the last.",
    ),
    plain("mistake_duration_p50_s", Seconds, Curve, "Length that half of the mistakes do not exceed (Kaplan-Meier)."),
    plain(
        "mistake_recurrence_p10_s",
        Seconds,
        Curve,
        "Time after a mistake of a pair in which a tenth of them are followed by the next (Kaplan-Meier).",
    ),
    plain(
        "mistake_recurrence_p50_s",
        Seconds,
        Curve,
        "Time after a mistake of a pair in which half of them are followed by the next (Kaplan-Meier).",
    ),
    plain(
        "good_period_mean_s",
        Seconds,
        PairRate,
        "Mean time of trust in settled exposure from one mistake of a pair to its next.",
    ),
    plain(
        "good_period_p10_s",
        Seconds,
        Curve,
        "Length that a tenth of the times of trust between two mistakes of a pair do not exceed (Kaplan-Meier).",
    ),
    plain(
        "good_period_p50_s",
        Seconds,
        Curve,
        "Length that half of the times of trust between two mistakes of a pair do not exceed (Kaplan-Meier).",
    ),
    plain(
        "bandwidth_p999_bytes_per_s",
        BytesPerSecond,
        Counted,
        "Bandwidth of the whole cluster that 99.9 % of the windows of 100 ms do not exceed.",
    ),
    plain(
        "bandwidth_peak_bytes_per_s",
        BytesPerSecond,
        Counted,
        "Bandwidth of the whole cluster in the busiest 100 ms of a trial, mean over trials.",
    ),
    plain(
        "node_bandwidth_p999_bytes_per_s",
        BytesPerSecond,
        Counted,
        "Bandwidth of a node that 99.9 % of the windows of 100 ms do not exceed, over all nodes.",
    ),
    plain(
        "node_bandwidth_peak_bytes_per_s",
        BytesPerSecond,
        Counted,
        "Bandwidth of the busiest node in its busiest 100 ms of a trial, mean over trials.",
    ),
    plain(
        "monitor_bandwidth_p999_bytes_per_s",
        BytesPerSecond,
        Counted,
        "Bandwidth sent to a monitor that 99.9 % of the windows of 100 ms do not exceed.",
    ),
    plain(
        "monitor_bandwidth_peak_bytes_per_s",
        BytesPerSecond,
        Counted,
        "Bandwidth sent to a monitor in the busiest 100 ms of a trial, mean over trials.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns of the contract, section 3, from `trials` on.
    const CONTRACT: &str = "trials pair_hours heartbeats_sent heartbeats_lost crashes detected undetected censored \
        detected_share detected_share_low detected_share_high detected_at_zero_share detection_latency_mean_s \
        detection_latency_mean_s_low detection_latency_mean_s_high detection_latency_p50_s detection_latency_p90_s \
        detection_latency_p99_s detection_latency_p99_s_low detection_latency_p99_s_high detection_latency_max_s \
        false_positives false_positive_rate_per_pair_hour false_positive_rate_per_pair_hour_low \
        false_positive_rate_per_pair_hour_high cluster_mistakes_per_30d cluster_mistakes_per_30d_low \
        cluster_mistakes_per_30d_high cluster_alarms_per_30d cluster_alarms_per_30d_low cluster_alarms_per_30d_high \
        mistake_duration_mean_s mistake_duration_mean_s_low mistake_duration_mean_s_high mistake_duration_p99_s \
        mistake_recurrence_mean_s query_accuracy query_accuracy_low query_accuracy_high peak_false_suspects \
        majority_wrong_share flaps_per_pair_hour unreachable_suspicions never_heard_pairs bootstrap_false_positives \
        recovery_latency_mean_s bandwidth_bytes_per_s node_bandwidth_bytes_per_s monitor_bandwidth_bytes_per_s \
        messages_per_s heartbeat_delay_mean_s heartbeat_delay_p50_s heartbeat_delay_p99_s monitor_cpu \
        busiest_link_utilisation";

    #[test]
    fn the_columns_of_the_contract_come_first_and_in_its_order() {
        let columns: Vec<String> = METRICS.iter().flat_map(Metric::columns).collect();
        let contract: Vec<&str> = CONTRACT.split_whitespace().collect();
        assert_eq!(columns[..contract.len()], contract[..]);
    }

    #[test]
    fn names_in_limits_lack_the_unit_and_are_unique() {
        for (column, name) in [
            ("detection_latency_p99_s", "detection_latency_p99"),
            ("false_positive_rate_per_pair_hour", "false_positive_rate"),
            ("bandwidth_bytes_per_s", "bandwidth"),
            ("messages_per_s", "messages"),
            ("flaps_per_pair_hour", "flaps"),
            ("cluster_alarms_per_30d", "cluster_alarms_per_30d"),
            ("crashes", "crashes"),
        ] {
            assert_eq!(find(name).map(|metric| metric.column), Some(column));
        }
        for metric in &METRICS {
            assert_eq!(find(metric.limit_name()), Some(metric), "{} is the name of two", metric.limit_name());
            assert!(metric.definition.ends_with('.'), "{}", metric.column);
        }
    }
}
