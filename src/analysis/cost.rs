//! What the heartbeats cost, and what became of them.
//!
//! These are figures of exactly this run: they are counted, not estimated.

use super::accuracy::Estimates;
use super::estimate::Estimate;
use super::view::View;
use crate::num::{NANOS_PER_SECOND, i128_to_f64, nanos_to_seconds, u64_to_f64, u128_to_f64};

/// Puts the traffic and its cost into `out`.
pub(crate) fn estimate(view: &View<'_>, out: &mut Estimates) {
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

    let delays = Delays::of(view);
    put("heartbeat_delay_mean_s", delays.mean());
    put("heartbeat_delay_p50_s", delays.percentile(50));
    put("heartbeat_delay_p99_s", delays.percentile(99));
}

/// Times from send to processing over all trials.
struct Delays {
    sum_ns: i128,
    bins: Vec<(u64, u64)>,
    count: u64,
}

impl Delays {
    fn of(view: &View<'_>) -> Self {
        let sum_ns = view.traffic.iter().map(|traffic| traffic.delay_sum_ns).sum();
        let mut bins: Vec<(u64, u64)> = view.traffic.iter().flat_map(|traffic| &traffic.delays).copied().collect();
        bins.sort_unstable();
        let count = bins.iter().map(|(_, count)| count).sum();
        Self { sum_ns, bins, count }
    }

    fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| i128_to_f64(self.sum_ns) / u64_to_f64(self.count) / NANOS_PER_SECOND)
    }

    /// The ceil(p n)-th smallest, p in hundredths.
    fn percentile(&self, hundredths: u64) -> Option<f64> {
        let rank = (u128::from(self.count) * u128::from(hundredths)).div_ceil(100);
        let mut below = 0;
        self.bins.iter().find_map(|(nanos, count)| {
            below += u128::from(*count);
            (*count > 0 && below >= rank).then(|| nanos_to_seconds(*nanos))
        })
    }
}
