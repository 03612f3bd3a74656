//! The queue of the event ring: small events in buckets of time, each sorted when it is reached.
//!
//! Events come out by (time, rank, entity), however they were put in. It does not know what an event means.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::event::{Event, Key};

/// Buckets in the ring; what lies further ahead waits in a heap.
const BUCKETS: usize = 1024;

/// The longest bucket, as a power of two: an event keeps its place in a bucket in 32 bits.
const LONGEST: u32 = 32;

/// No event: later than any in a bucket.
const NONE: u64 = u64::MAX;

/// A queue of events that never runs backwards.
#[derive(Debug)]
pub(super) struct Calendar {
    /// A bucket lasts 2^shift ns.
    shift: u32,
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
    far: BinaryHeap<Reverse<(u64, Key)>>,
    /// Events that were put in in order, and need no sorting.
    line: VecDeque<(u64, Key)>,
}

impl Calendar {
    /// An empty queue for about `events` events in every `period` ns.
    pub(super) fn new(events: u64, period: u64) -> Self {
        let a_bucket = (events / 256).clamp(16, 1024);
        let length = u128::from(period) * u128::from(a_bucket) / u128::from(events.max(1));
        Self {
            shift: length.max(1).ilog2().min(LONGEST),
            ring: vec![Vec::new(); BUCKETS],
            occupied: [0; BUCKETS / 64],
            bucket: 0,
            sorted: Vec::new(),
            drained: 0,
            late: BinaryHeap::new(),
            far: BinaryHeap::new(),
            line: VecDeque::new(),
        }
    }

    /// Adds an event of a kind that mostly comes in order: each no earlier than the last one of its kind that was added.
    #[inline]
    pub(super) fn push_regular(&mut self, at: u64, key: Key) {
        if self.line.back().is_none_or(|&last| last <= (at, key)) {
            self.line.push_back((at, key));
        } else {
            self.push(at, key);
        }
    }

    /// Adds an event, no earlier than the last one that came out.
    #[inline]
    pub(super) fn push(&mut self, at: u64, key: Key) {
        let bucket = at >> self.shift;
        if bucket == self.bucket {
            self.late.push(Reverse(self.small(at, key)));
        } else if bucket - self.bucket < BUCKETS as u64 {
            self.put(bucket, at, key);
        } else {
            self.far.push(Reverse((at, key)));
        }
    }

    /// Takes out the first event, if it comes before `until`.
    #[inline]
    pub(super) fn pop_before(&mut self, until: u64) -> Option<Event> {
        loop {
            let sorted = self.sorted.get(self.drained).copied().unwrap_or(NONE);
            let late = self.late.peek().map_or(NONE, |&Reverse(late)| late);
            let line = self.first_in_line();
            let first = sorted.min(late).min(line);
            if first == NONE {
                if self.reach_next(until) {
                    continue;
                }
                return None;
            }
            let at = (self.bucket << self.shift) + (first >> 32);
            if at >= until {
                return None;
            }
            if first == line {
                self.line.pop_front();
            } else if first == sorted {
                self.drained += 1;
            } else {
                self.late.pop();
            }
            return Some(Event { at, key: Key::from_bits(first) });
        }
    }

    /// The first event in line, if it lies in the bucket at hand.
    #[inline]
    fn first_in_line(&self) -> u64 {
        match self.line.front() {
            Some(&(at, key)) if at >> self.shift == self.bucket => self.small(at, key),
            _ => NONE,
        }
    }

    #[inline]
    const fn small(&self, at: u64, key: Key) -> u64 {
        (at & ((1 << self.shift) - 1)) << 32 | key.bits()
    }

    #[inline]
    fn put(&mut self, bucket: u64, at: u64, key: Key) {
        let small = self.small(at, key);
        let place = place(bucket);
        self.ring[place].push(small);
        self.occupied[place / 64] |= 1 << (place % 64);
    }

    /// Moves on to the next bucket that holds events, if it begins before `until`: nothing earlier can come in any more.
    fn reach_next(&mut self, until: u64) -> bool {
        let near = self.next_occupied();
        let far = self.far.peek().map(|&Reverse((at, _))| at >> self.shift);
        let line = self.line.front().map(|&(at, _)| at >> self.shift);
        let Some(bucket) = near.into_iter().chain(far).chain(line).min() else { return false };
        if bucket << self.shift >= until {
            return false;
        }
        self.bucket = bucket;
        while let Some(&Reverse((at, key))) = self.far.peek()
            && (at >> self.shift) - bucket < BUCKETS as u64
        {
            self.far.pop();
            self.put(at >> self.shift, at, key);
        }
        let place = place(bucket);
        self.sorted.clear();
        self.drained = 0;
        std::mem::swap(&mut self.sorted, &mut self.ring[place]);
        self.occupied[place / 64] &= !(1 << (place % 64));
        self.sorted.sort_unstable();
        true
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
    use super::super::event::Rank;
    use super::*;

    /// A queue that is too plain to be wrong.
    fn drain_plainly(events: &mut Vec<(u64, Key)>, until: u64) -> Vec<(u64, Key)> {
        events.sort_unstable();
        let due = events.partition_point(|&(at, _)| at < until);
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
                let rank = [Rank::FaultEnd, Rank::FaultStart, Rank::Send, Rank::Arrival][(draw >> 8) as usize % 4];
                let key = Key::new(rank, crate::num::u64_to_u32((draw >> 16) % 7));
                calendar.push(from + ahead, key);
                plain.push((from + ahead, key));
            }
            let until = from + draws.draw(1_000_000 + round) % 3_000_000_000;
            let expected = drain_plainly(&mut plain, until);
            let found: Vec<(u64, Key)> =
                std::iter::from_fn(|| calendar.pop_before(until)).map(|event| (event.at, event.key)).collect();
            assert_eq!(found, expected);
            from = until;
        }
        assert!(!plain.is_empty());
        let found = std::iter::from_fn(|| calendar.pop_before(u64::MAX)).count();
        assert_eq!(found, plain.len());
    }

    #[test]
    fn an_event_may_fall_into_the_bucket_that_is_being_drained() {
        let mut calendar = Calendar::new(1, 1 << 40);
        let key = |entity| Key::new(Rank::Send, entity);
        calendar.push(10, key(1));
        calendar.push(30, key(2));
        assert_eq!(calendar.pop_before(20), Some(Event { at: 10, key: key(1) }));
        calendar.push(10, key(3));
        calendar.push(25, key(4));
        let rest: Vec<u64> = std::iter::from_fn(|| calendar.pop_before(40)).map(|event| event.at).collect();
        assert_eq!(rest, [10, 25, 30]);
    }
}
