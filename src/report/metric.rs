//! Names of the metrics that tables and charts show, as the summary keys them.

/// 99th percentile of the detection latency, in seconds.
pub(super) const DETECTION_P99: &str = "detection_latency_p99_s";
/// Median of the detection latency, in seconds.
pub(super) const DETECTION_P50: &str = "detection_latency_p50_s";
/// False positives per pair-hour.
pub(super) const FALSE_POSITIVE_RATE: &str = "false_positive_rate_per_pair_hour";
/// Cluster mistakes per 30 days.
pub(super) const CLUSTER_MISTAKES: &str = "cluster_mistakes_per_30d";
/// Cluster alarms per 30 days.
pub(super) const CLUSTER_ALARMS: &str = "cluster_alarms_per_30d";
/// Bytes a second on the wire, of the whole cluster.
pub(super) const BANDWIDTH: &str = "bandwidth_bytes_per_s";
/// Share of the crashes that were detected.
pub(super) const DETECTED_SHARE: &str = "detected_share";
