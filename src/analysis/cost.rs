//! What the heartbeats cost, and what became of them.
//!
//! These are figures of exactly this run: they are counted, not estimated.

use super::accuracy::Estimates;
use super::estimate::Estimate;
use super::view::View;
use crate::metrics::TrafficRecord;
use crate::num::{NANOS_PER_SECOND, i128_to_f64, nanos_to_seconds, u64_to_f64, u128_to_f64};

/// Puts the traffic and its cost into `out`.
pub(crate) fn estimate(view: &View<'_>, delays: Delays, out: &mut Estimates) {
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

    put("heartbeat_delay_mean_s", delays.mean);
    put("heartbeat_delay_p50_s", delays.p50);
    put("heartbeat_delay_p99_s", delays.p99);
}

/// Times from send to processing in seconds, over all trials of a world: alike in all rows that listen to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delays {
    mean: Option<f64>,
    p50: Option<f64>,
    p99: Option<f64>,
}

impl Delays {
    /// The delays of what these trials sent.
    #[expect(
        clippy::stable_sort_primitive,
        reason = "each trial's bins are in order: the stable sort merges such runs instead of sorting them anew"
    )]
    pub(crate) fn of(traffic: &[TrafficRecord]) -> Self {
        let sum_ns: i128 = traffic.iter().map(|traffic| traffic.delay_sum_ns).sum();
        let mut bins: Vec<(u64, u64)> = traffic.iter().flat_map(|traffic| &traffic.delays).copied().collect();
        bins.sort();
        let count = bins.iter().map(|(_, count)| count).sum();
        Self {
            mean: (count > 0).then(|| i128_to_f64(sum_ns) / u64_to_f64(count) / NANOS_PER_SECOND),
            p50: percentile(&bins, count, 50),
            p99: percentile(&bins, count, 99),
        }
    }
}

/// The ceil(p n)-th smallest, p in hundredths.
fn percentile(bins: &[(u64, u64)], count: u64, hundredths: u64) -> Option<f64> {
    let rank = (u128::from(count) * u128::from(hundredths)).div_ceil(100);
    let mut below = 0;
    bins.iter().find_map(|(nanos, count)| {
        below += u128::from(*count);
        (*count > 0 && below >= rank).then(|| nanos_to_seconds(*nanos))
    })
}
