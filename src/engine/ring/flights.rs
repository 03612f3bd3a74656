//! Messages in flight: a list for each pair, in the order of arrival, all in one pool.
//!
//! The pool is as large as the most messages that were ever in flight at once, so it stays in the processor's cache where
//! heartbeats are short on their way.

use crate::engine::batch::Arrival;
use crate::units::SimTime;

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

/// Half a line of the processor's cache: the fields of an [`Arrival`], and the message after it.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Flight {
    at: SimTime,
    sent: SimTime,
    seq: u64,
    incarnation: u32,
    after: u32,
}

impl Flight {
    const fn message(&self) -> Arrival {
        Arrival { at: self.at, sent: self.sent, seq: self.seq, incarnation: self.incarnation }
    }
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
        let (before, after) = match self.pool.get(queue.last as usize) {
            Some(last) if last.message().order() > message.order() => self.around(queue.first, &message),
            _ => (queue.last, NONE),
        };
        let Arrival { at, sent, seq, incarnation } = message;
        let place = self.place(Flight { at, sent, seq, incarnation, after });
        match self.pool.get_mut(before as usize) {
            Some(earlier) => earlier.after = place,
            None => queue.first = place,
        }
        if after == NONE {
            queue.last = place;
        }
    }

    /// The messages between which one belongs that overtakes the last.
    fn around(&self, first: u32, message: &Arrival) -> (u32, u32) {
        let (mut before, mut after) = (NONE, first);
        while let Some(next) = self.pool.get(after as usize)
            && next.message().order() <= message.order()
        {
            (before, after) = (after, next.after);
        }
        (before, after)
    }

    /// Takes out the message that arrives first.
    #[inline]
    pub(super) fn take(&mut self, queue: &mut Queue) -> Option<Arrival> {
        let place = queue.first;
        let flight = *self.pool.get(place as usize)?;
        queue.first = flight.after;
        if flight.after == NONE {
            queue.last = NONE;
        }
        self.free.push(place);
        Some(flight.message())
    }

    /// The messages of a queue, in the order of arrival.
    pub(super) fn all(&self, queue: Queue) -> impl Iterator<Item = Arrival> {
        let mut place = queue.first;
        std::iter::from_fn(move || {
            let flight = self.pool.get(place as usize)?;
            place = flight.after;
            Some(flight.message())
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
