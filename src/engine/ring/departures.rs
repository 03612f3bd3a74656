//! The sends that lie ahead, by time and node.
//!
//! Nodes that send at regular intervals come round in the same order again and again. They stand in line; only the rest
//! needs a queue that sorts.

use std::collections::VecDeque;

use super::calendar::{Calendar, Event};

/// The next sends of all nodes.
#[derive(Debug)]
pub(super) struct Departures {
    /// In order.
    line: VecDeque<Event>,
    others: Calendar,
}

impl Departures {
    /// No sends, of about `sends` in every `period` ns.
    pub(super) fn new(sends: u64, period: u64) -> Self {
        Self { line: VecDeque::new(), others: Calendar::new(sends, period) }
    }

    /// An instant before which nothing is sent.
    pub(super) fn idle_until(&self) -> u64 {
        self.line.front().map_or(u64::MAX, |first| first.at).min(self.others.idle_until())
    }

    /// Adds a send, no earlier than the last one that came out.
    #[inline]
    pub(super) fn push(&mut self, event: Event) {
        if self.line.back().is_none_or(|last| *last <= event) {
            self.line.push_back(event);
        } else {
            self.others.push(event);
        }
    }

    /// Takes out the first send, if it comes before `until`.
    #[inline]
    pub(super) fn pop_before(&mut self, until: u64) -> Option<Event> {
        let limit = Event { at: until, entity: 0 };
        let first = self.line.front().copied().filter(|first| *first < limit);
        if !self.others.is_empty()
            && let Some(earlier) = self.others.pop_before(first.unwrap_or(limit))
        {
            return Some(earlier);
        }
        first.inspect(|_| _ = self.line.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_come_out_in_order_whichever_way_they_took() {
        let mut departures = Departures::new(10, 1_000);
        let event = |at, entity| Event { at, entity };
        let order = [(10, 3), (20, 1), (20, 0), (15, 5), (20, 2), (900, 4), (5_000, 1), (16, 0)];
        for (at, entity) in order {
            departures.push(event(at, entity));
        }
        let mut before = |until| -> Vec<(u64, u32)> {
            std::iter::from_fn(|| departures.pop_before(until)).map(|event| (event.at, event.entity)).collect()
        };
        assert_eq!(before(20), [(10, 3), (15, 5), (16, 0)]);
        assert_eq!(before(21), [(20, 0), (20, 1), (20, 2)]);
        assert_eq!(before(u64::MAX), [(900, 4), (5_000, 1)]);
    }
}
