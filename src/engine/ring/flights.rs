//! Messages in flight: a list for each pair, in the order of arrival, all in one pool.
//!
//! The pool is as large as the most messages that were ever in flight at once, so it stays in the processor's cache where
//! heartbeats are short on their way.

use crate::engine::batch::Arrival;

/// No message.
const NONE: u32 = u32::MAX;

/// The messages in flight of one pair.
#[derive(Clone, Copy, Debug)]
pub(super) struct Queue {
    first: u32,
    last: u32,
}

impl Queue {
    /// Nothing in flight.
    pub(super) const EMPTY: Self = Self { first: NONE, last: NONE };
}

#[derive(Clone, Copy, Debug)]
struct Flight {
    message: Arrival,
    before: u32,
    after: u32,
}

/// All messages in flight.
#[derive(Debug, Default)]
pub(super) struct Flights {
    pool: Vec<Flight>,
    free: Vec<u32>,
}

impl Flights {
    /// Puts a message into its pair's queue: behind all that arrive no later.
    #[inline]
    pub(super) fn put(&mut self, queue: &mut Queue, message: Arrival) {
        let mut before = queue.last;
        let mut after = NONE;
        while let Some(earlier) = self.pool.get(before as usize)
            && earlier.message.order() > message.order()
        {
            (before, after) = (earlier.before, before);
        }
        let place = self.place(Flight { message, before, after });
        match self.pool.get_mut(before as usize) {
            Some(earlier) => earlier.after = place,
            None => queue.first = place,
        }
        match self.pool.get_mut(after as usize) {
            Some(later) => later.before = place,
            None => queue.last = place,
        }
    }

    /// Takes out the message that arrives first.
    #[inline]
    pub(super) fn take(&mut self, queue: &mut Queue) -> Option<Arrival> {
        let place = queue.first;
        let Flight { message, after, .. } = *self.pool.get(place as usize)?;
        queue.first = after;
        match self.pool.get_mut(after as usize) {
            Some(later) => later.before = NONE,
            None => queue.last = NONE,
        }
        self.free.push(place);
        Some(message)
    }

    /// The messages of a queue, in the order of arrival.
    pub(super) fn all(&self, queue: Queue) -> impl Iterator<Item = Arrival> {
        let mut place = queue.first;
        std::iter::from_fn(move || {
            let flight = self.pool.get(place as usize)?;
            place = flight.after;
            Some(flight.message)
        })
    }

    fn place(&mut self, flight: Flight) -> u32 {
        if let Some(place) = self.free.pop() {
            self.pool[place as usize] = flight;
            return place;
        }
        self.pool.push(flight);
        u32::try_from(self.pool.len() - 1).expect("fewer than 2^32 messages are in flight")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SimTime;

    #[test]
    fn messages_come_out_in_the_order_of_arrival() {
        let mut flights = Flights::default();
        let mut queues = [Queue::EMPTY; 2];
        let message = |at, seq| Arrival { at: SimTime::from_nanos(at), sent: SimTime::ZERO, seq, incarnation: 0 };
        let order = [(50, 0), (20, 1), (30, 2), (30, 3), (10, 4), (60, 5)];
        for (at, seq) in order {
            flights.put(&mut queues[0], message(at, seq));
            flights.put(&mut queues[1], message(100 - at, seq));
        }
        let listed: Vec<u64> = flights.all(queues[1]).map(|message| message.seq).collect();
        let mut taken = |queue: usize| -> Vec<u64> {
            std::iter::from_fn(|| flights.take(&mut queues[queue])).map(|message| message.seq).collect()
        };
        assert_eq!(taken(0), [4, 1, 2, 3, 0, 5]);
        assert_eq!(taken(1), [5, 0, 2, 3, 1, 4]);
        assert_eq!(listed, [5, 0, 2, 3, 1, 4]);
        // Freed places are used again.
        flights.put(&mut queues[0], message(1, 6));
        assert_eq!(flights.pool.len(), 12);
        assert_eq!(flights.take(&mut queues[0]).map(|message| message.seq), Some(6));
        assert!(flights.take(&mut queues[0]).is_none());
    }
}
