//! What the heartbeats cost, and what became of them.
//!
//! These are figures of exactly this run: they are counted, not estimated.

use super::accuracy::Estimates;
use super::estimate::Estimate;
use super::view::View;
use crate::engine::{SendWindows, WINDOW};
use crate::metrics::TrafficRecord;
use crate::num::{NANOS_PER_SECOND, i128_to_f64, nanos_to_seconds, u64_to_f64, u128_to_f64};

/// Puts the traffic and its cost into `out`.
pub(crate) fn estimate(view: &View<'_>, flow: &Flow, out: &mut Estimates) {
    let sent: u64 = view.traffic.iter().map(|traffic| traffic.sent).sum();
    let lost: u64 = view.traffic.iter().map(|traffic| traffic.lost).sum();
    let observed: u128 = view.traffic.iter().map(|traffic| u128::from(traffic.observed_ns)).sum();
    let mut put = |name, value: Option<f64>| out.insert(name, Estimate::count(value, view.count()));
    put("trials", Some(u64_to_f64(view.count())));
    put("heartbeats_sent", Some(u64_to_f64(sent)));
    put("heartbeats_lost", Some(u64_to_f64(lost)));

    let messages = (observed > 0).then(|| u64_to_f64(sent) / (u128_to_f64(observed) / NANOS_PER_SECOND));
    let bytes = messages.and_then(|rate| view.input.wire_bytes.map(|bytes| rate * u64_to_f64(bytes)));
    let part = |of: u64| bytes.filter(|_| of > 0).map(|bytes| bytes / u64_to_f64(of));
    put("messages_per_s", messages);
    put("bandwidth_bytes_per_s", bytes);
    put("node_bandwidth_bytes_per_s", part(view.input.nodes));
    put("monitor_bandwidth_bytes_per_s", part(view.input.monitors));
    // Worlds without a cost per message and without links of finite capacity have neither.
    put("monitor_cpu", None);
    put("busiest_link_utilisation", None);

    put("heartbeat_delay_mean_s", flow.delay_mean);
    put("heartbeat_delay_p50_s", flow.delay_p50);
    put("heartbeat_delay_p99_s", flow.delay_p99);

    // Every heartbeat of a node goes to each monitor at once.
    let windows = 1.0 / nanos_to_seconds(WINDOW.as_nanos());
    let (bytes, monitors) = (view.input.wire_bytes.map(u64_to_f64), u64_to_f64(view.input.monitors));
    let mut rate = |name, sent: Option<f64>, copies: f64| {
        put(name, sent.zip(bytes).map(|(sent, bytes)| sent * copies * bytes * windows));
    };
    rate("bandwidth_p999_bytes_per_s", flow.cluster.p999, monitors);
    rate("bandwidth_peak_bytes_per_s", flow.cluster.peak, monitors);
    rate("node_bandwidth_p999_bytes_per_s", flow.node.p999, monitors);
    rate("node_bandwidth_peak_bytes_per_s", flow.node.peak, monitors);
    rate("monitor_bandwidth_p999_bytes_per_s", flow.cluster.p999, 1.0);
    rate("monitor_bandwidth_peak_bytes_per_s", flow.cluster.peak, 1.0);
}

/// How the heartbeats of a world flow, over all trials: alike in all rows that listen to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flow {
    /// Time from send to processing, in seconds.
    delay_mean: Option<f64>,
    delay_p50: Option<f64>,
    delay_p99: Option<f64>,
    cluster: Crowd,
    node: Crowd,
}

/// Heartbeats that nodes send in one window of 100 ms, to one monitor.
#[derive(Clone, Copy, Debug)]
struct Crowd {
    /// Over the windows of all trials.
    p999: Option<f64>,
    /// The most in a window of a trial, mean over trials.
    peak: Option<f64>,
}

impl Crowd {
    fn of(
        traffic: &[TrafficRecord],
        windows: impl Fn(&SendWindows) -> &Vec<(u64, u64)>,
        peak: impl Fn(&SendWindows) -> u64,
    ) -> Self {
        let bins = sorted(traffic.iter().flat_map(|traffic| windows(&traffic.windows)).copied().collect());
        let count = bins.iter().map(|(_, count)| count).sum();
        let peaks = traffic.iter().filter(|traffic| !windows(&traffic.windows).is_empty());
        let (sum, trials) =
            peaks.fold((0.0, 0.0), |(sum, trials), traffic| (sum + u64_to_f64(peak(&traffic.windows)), trials + 1.0));
        Self { p999: percentile(&bins, count, 999).map(u64_to_f64), peak: (trials > 0.0).then(|| sum / trials) }
    }
}

/// Bins in ascending order.
#[expect(
    clippy::stable_sort_primitive,
    reason = "each trial's bins are in order: the stable sort merges such runs instead of sorting them anew"
)]
fn sorted(mut bins: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    bins.sort();
    bins
}

impl Flow {
    /// The flow of what these trials sent.
    pub(crate) fn of(traffic: &[TrafficRecord]) -> Self {
        let sum_ns: i128 = traffic.iter().map(|traffic| traffic.delay_sum_ns).sum();
        let bins = sorted(traffic.iter().flat_map(|traffic| &traffic.delays).copied().collect());
        let count = bins.iter().map(|(_, count)| count).sum();
        Self {
            delay_mean: (count > 0).then(|| i128_to_f64(sum_ns) / u64_to_f64(count) / NANOS_PER_SECOND),
            delay_p50: percentile(&bins, count, 500).map(nanos_to_seconds),
            delay_p99: percentile(&bins, count, 990).map(nanos_to_seconds),
            cluster: Crowd::of(traffic, |windows| &windows.cluster, |windows| windows.cluster_peak),
            node: Crowd::of(traffic, |windows| &windows.node, |windows| windows.node_peak),
        }
    }
}

/// The ceil(p n)-th smallest, p in thousandths.
fn percentile(bins: &[(u64, u64)], count: u64, thousandths: u64) -> Option<u64> {
    let rank = (u128::from(count) * u128::from(thousandths)).div_ceil(1000);
    let mut below = 0;
    bins.iter().find_map(|(value, count)| {
        below += u128::from(*count);
        (*count > 0 && below >= rank).then_some(*value)
    })
}
