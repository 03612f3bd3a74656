//! The queue of the event ring: small events in buckets of time, each sorted when it is reached.
//!
//! Events come out by (time, entity), however they were put in. It does not know what an event means.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that happens to somebody: ordered by time first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Event {
    pub(super) at: u64,
    pub(super) entity: u32,
}

/// Buckets in the ring; what lies further ahead waits in a heap.
const BUCKETS: usize = 1024;

/// The longest bucket, as a power of two: an event keeps its place in a bucket in 32 bits, the last of which means nothing.
const LONGEST: u32 = 31;

/// No event: later than any in a bucket.
const NONE: u64 = u64::MAX;

/// A queue of events that never runs backwards.
#[derive(Debug)]
pub(super) struct Calendar {
    /// A bucket lasts 2^shift ns.
    shift: u32,
    /// How many events there are.
    events: usize,
    /// Bucket `b` of time lies at `b % BUCKETS`; those in the ring are the one at hand and the next `BUCKETS - 1`.
    ring: Vec<Vec<u64>>,
    /// Which buckets of the ring hold events, a bit each.
    occupied: [u64; BUCKETS / 64],
    /// The bucket at hand, sorted, and how far it was drained.
    bucket: u64,
    sorted: Vec<u64>,
    drained: usize,
    /// Events that were put into the bucket at hand after it was sorted.
    late: BinaryHeap<Reverse<u64>>,
    /// Events beyond the ring.
    far: BinaryHeap<Reverse<Event>>,
}

impl Calendar {
    /// An empty queue for about `events` events in every `period` ns.
    ///
    /// Buckets hold enough events to spread what a bucket costs, and few enough to stay in the processor's cache; the ring
    /// reaches some periods ahead.
    pub(super) fn new(events: u64, period: u64) -> Self {
        let a_bucket = (events / 128).clamp(64, 1024);
        let length = u128::from(period) * u128::from(a_bucket) / u128::from(events.max(1));
        Self {
            shift: length.max(1).ilog2().min(LONGEST),
            events: 0,
            ring: vec![Vec::new(); BUCKETS],
            occupied: [0; BUCKETS / 64],
            bucket: 0,
            sorted: Vec::new(),
            drained: 0,
            late: BinaryHeap::new(),
            far: BinaryHeap::new(),
        }
    }

    /// Whether nothing lies ahead.
    pub(super) const fn is_empty(&self) -> bool {
        self.events == 0
    }

    /// The end of the bucket that `at` falls into.
    pub(super) const fn bucket_end(&self, at: u64) -> u64 {
        ((at >> self.shift) + 1) << self.shift
    }

    /// An instant before which nothing happens: the start of a bucket, or never.
    pub(super) fn idle_until(&self) -> u64 {
        if self.drained < self.sorted.len() || !self.late.is_empty() {
            return self.bucket << self.shift;
        }
        self.next_bucket().map_or(u64::MAX, |bucket| bucket << self.shift)
    }

    /// Adds an event, no earlier than the last one that came out.
    #[inline]
    pub(super) fn push(&mut self, event: Event) {
        self.events += 1;
        let bucket = event.at >> self.shift;
        if bucket == self.bucket {
            self.late.push(Reverse(self.small(event)));
        } else if bucket - self.bucket < BUCKETS as u64 {
            self.put(bucket, event);
        } else {
            self.far.push(Reverse(event));
        }
    }

    /// Takes out the first event, if it comes before `limit`.
    #[inline]
    pub(super) fn pop_before(&mut self, limit: Event) -> Option<Event> {
        loop {
            let sorted = self.sorted.get(self.drained).copied().unwrap_or(NONE);
            let late = self.late.peek().map_or(NONE, |&Reverse(late)| late);
            let first = sorted.min(late);
            if first == NONE {
                if self.is_empty() || !self.reach_next(limit) {
                    return None;
                }
                continue;
            }
            let event = self.whole(first);
            if event >= limit {
                return None;
            }
            self.events -= 1;
            if first == sorted {
                self.drained += 1;
            } else {
                self.late.pop();
            }
            return Some(event);
        }
    }

    #[inline]
    const fn small(&self, event: Event) -> u64 {
        (event.at & ((1 << self.shift) - 1)) << 32 | event.entity as u64
    }

    /// The event of the bucket at hand behind a small one.
    #[expect(clippy::cast_possible_truncation, reason = "the low half is the entity")]
    #[inline]
    const fn whole(&self, small: u64) -> Event {
        Event { at: (self.bucket << self.shift) + (small >> 32), entity: small as u32 }
    }

    #[inline]
    fn put(&mut self, bucket: u64, event: Event) {
        let small = self.small(event);
        let place = place(bucket);
        self.ring[place].push(small);
        self.occupied[place / 64] |= 1 << (place % 64);
    }

    /// Moves on to the next bucket that holds events, if it begins before `limit`: nothing earlier can come in any more.
    fn reach_next(&mut self, limit: Event) -> bool {
        let Some(bucket) = self.next_bucket() else { return false };
        if (Event { at: bucket << self.shift, entity: 0 }) >= limit {
            return false;
        }
        self.bucket = bucket;
        while let Some(&Reverse(event)) = self.far.peek()
            && (event.at >> self.shift) - bucket < BUCKETS as u64
        {
            self.far.pop();
            self.put(event.at >> self.shift, event);
        }
        let place = place(bucket);
        self.sorted.clear();
        self.drained = 0;
        std::mem::swap(&mut self.sorted, &mut self.ring[place]);
        self.occupied[place / 64] &= !(1 << (place % 64));
        self.sorted.sort_unstable();
        true
    }

    /// The next bucket, after the one at hand, that holds events.
    fn next_bucket(&self) -> Option<u64> {
        let far = self.far.peek().map(|Reverse(event)| event.at >> self.shift);
        self.next_occupied().into_iter().chain(far).min()
    }

    /// The next bucket of the ring, after the one at hand, that holds events.
    fn next_occupied(&self) -> Option<u64> {
        let start = place(self.bucket);
        let words = self.occupied.len();
        // The word of the start is looked at twice: its upper bits first, its lower ones after a whole turn.
        (0..=words).find_map(|turn| {
            let word = (start / 64 + turn) % words;
            let mask = match turn {
                0 => u64::MAX << (start % 64),
                _ if turn == words => !(u64::MAX << (start % 64)),
                _ => u64::MAX,
            };
            let bits = self.occupied[word] & mask;
            if bits == 0 {
                return None;
            }
            let found = word * 64 + bits.trailing_zeros() as usize;
            Some(self.bucket + ((found + BUCKETS - start) % BUCKETS) as u64)
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a remainder below BUCKETS")]
#[inline]
const fn place(bucket: u64) -> usize {
    (bucket % BUCKETS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pop_before(calendar: &mut Calendar, until: u64) -> Option<Event> {
        calendar.pop_before(Event { at: until, entity: 0 })
    }

    /// A queue that is too plain to be wrong.
    fn drain_plainly(events: &mut Vec<Event>, until: u64) -> Vec<Event> {
        events.sort_unstable();
        let due = events.partition_point(|event| event.at < until);
        events.drain(..due).collect()
    }

    #[test]
    fn events_come_out_in_order_however_they_were_put_in() {
        let mut calendar = Calendar::new(2_000, 1_000_000_000);
        let mut plain = Vec::new();
        let draws = crate::rng::Key::root(3, 1).stream();
        let mut from = 0;
        for round in 0..200_u64 {
            for number in 0..50 {
                let draw = draws.draw(round * 50 + number);
                // Many ties, and delays from nothing to far beyond the ring.
                let ahead = (draw >> 40) % 1000 * [0, 1, 1_000, 1_000_000, 100_000_000][(draw % 5) as usize];
                let event = Event { at: from + ahead, entity: crate::num::u64_to_u32((draw >> 16) % 7) };
                calendar.push(event);
                plain.push(event);
            }
            let until = from + draws.draw(1_000_000 + round) % 3_000_000_000;
            let expected = drain_plainly(&mut plain, until);
            let found: Vec<Event> = std::iter::from_fn(|| pop_before(&mut calendar, until)).collect();
            assert_eq!(found, expected);
            from = until;
        }
        assert!(!plain.is_empty());
        let found = std::iter::from_fn(|| pop_before(&mut calendar, u64::MAX)).count();
        assert_eq!(found, plain.len());
    }

    #[test]
    fn an_event_may_fall_into_the_bucket_that_is_being_drained() {
        let mut calendar = Calendar::new(1, 1 << 40);
        let event = |at, entity| Event { at, entity };
        calendar.push(event(10, 1));
        calendar.push(event(30, 2));
        assert_eq!(pop_before(&mut calendar, 20), Some(event(10, 1)));
        calendar.push(event(10, 3));
        calendar.push(event(25, 4));
        let rest: Vec<u64> = std::iter::from_fn(|| pop_before(&mut calendar, 40)).map(|event| event.at).collect();
        assert_eq!(rest, [10, 25, 30]);
    }

    #[test]
    fn of_one_instant_the_limit_tells_entities_apart() {
        let mut calendar = Calendar::new(1, 1 << 40);
        let event = |at, entity| Event { at, entity };
        for event in [event(0, 5), event(1 << 35, 1), event(1 << 35, 3)] {
            calendar.push(event);
        }
        let mut before = |limit| std::iter::from_fn(|| calendar.pop_before(limit)).count();
        assert_eq!([before(event(0, 5)), before(event(0, 6)), before(event(1 << 35, 3))], [0, 1, 1]);
    }
}
