//! What a trial sent, lost and delivered, whatever listens to it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ledger::Window;
use super::record::TrafficRecord;
use crate::engine::{Batch, SendWindows};
use crate::num::LogLinear;
use crate::units::SimTime;

/// The sums of one part of the pairs.
#[derive(Debug)]
pub(crate) struct Traffic {
    window: Window,
    /// Whether heartbeats before the measured time count: those of a recording do.
    recorded: bool,
    sent: u64,
    lost: u64,
    delay_sum_ns: i128,
    delays: Arc<Delays>,
}

impl Traffic {
    /// Nothing counted yet. All parts of a trial share `delays`.
    pub(crate) const fn new(window: Window, recorded: bool, delays: Arc<Delays>) -> Self {
        Self { window, recorded, sent: 0, lost: 0, delay_sum_ns: 0, delays }
    }

    /// Counts one pair's batch of a slice that ends at `until`. Heartbeats and losses count by the instant of sending.
    pub(crate) fn count(&mut self, batch: &Batch, until: SimTime) {
        let start = self.window.start;
        if until <= start && !self.recorded {
            return;
        }
        self.sent += batch.sent;
        self.lost += batch.lost.iter().filter(|lost| self.window.contains(lost.sent)).count() as u64;
        let mut sum = 0;
        self.delays.add(|delays| {
            for arrival in batch.arrivals.iter().filter(|arrival| arrival.sent >= start) {
                sum += i128::from(arrival.at.as_nanos()) - i128::from(arrival.sent.as_nanos());
                delays.record(arrival.at.since(arrival.sent).as_nanos());
            }
        });
        self.delay_sum_ns += sum;
    }

    /// The record of all parts of a trial.
    pub(crate) fn record<'p>(window: Window, delays: &Delays, parts: impl Iterator<Item = &'p Self>) -> TrafficRecord {
        let mut record = TrafficRecord {
            sent: 0,
            lost: 0,
            delay_sum_ns: 0,
            delays: delays.total().iter().collect(),
            windows: SendWindows::default(),
            observed_ns: window.end.since(window.start).as_nanos(),
        };
        for part in parts {
            record.sent += part.sent;
            record.lost += part.lost;
            record.delay_sum_ns += part.delay_sum_ns;
        }
        record
    }
}

/// The delays of all heartbeats, in nanoseconds: one histogram that all parts add to.
///
/// Counts add up to the same in any order, so a part borrows whichever histogram is free. There are as many as threads ran
/// at once, not as many as parts, and they stay warm in a thread's cache.
#[derive(Debug, Default)]
pub(crate) struct Delays {
    free: Mutex<Vec<LogLinear>>,
}

impl Delays {
    /// Lends a histogram for adding to it.
    fn add(&self, record: impl FnOnce(&mut LogLinear)) {
        let mut histogram = self.free().pop().unwrap_or_default();
        record(&mut histogram);
        self.free().push(histogram);
    }

    /// All that was added.
    fn total(&self) -> LogLinear {
        let mut total = LogLinear::new();
        for histogram in self.free().iter() {
            total.merge(histogram);
        }
        total
    }

    fn free(&self) -> MutexGuard<'_, Vec<LogLinear>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_add_at_once_lose_nothing() {
        let delays = Delays::default();
        delays.add(|outer| {
            outer.record(7);
            delays.add(|inner| inner.record(9));
        });
        assert_eq!(delays.total().iter().collect::<Vec<_>>(), [(7, 1), (9, 1)]);
    }
}
