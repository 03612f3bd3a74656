//! The yardstick: what an afternoon's work gives for push-N, in plain Rust and nothing clever.
//!
//! A binary heap of (time, number, event); a timeout event for every arrival, checked by generation; loss and delay from
//! `rand_distr` on Xoshiro256++.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Bernoulli, Distribution, LogNormal};

const INTERVAL: u64 = 1_000_000_000;
const TIMEOUT: u64 = 3_000_000_000;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Send { sender: u32 },
    Arrive { sender: u32 },
    Timeout { sender: u32, generation: u64 },
}

#[derive(Clone, Default)]
struct Sender {
    generation: u64,
    suspected: bool,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Heartbeats sent.
    pub(crate) sent: u64,
    /// Heartbeats received.
    pub(crate) received: u64,
    /// Times that a sender was suspected.
    pub(crate) suspicions: u64,
    /// Times that it was trusted again.
    pub(crate) recoveries: u64,
}

struct Queue {
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    number: u64,
}

impl Queue {
    fn push(&mut self, at: u64, event: Event) {
        self.number += 1;
        self.events.push(Reverse((at, self.number, event)));
    }
}

/// Runs push-N for so many intervals.
pub(crate) fn run(senders: u32, intervals: u64, seed: u64) -> Counts {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(seed);
    let loss = Bernoulli::new(0.01).expect("a probability");
    let delay = LogNormal::new(systole::num::ln(0.02) - 0.125, 0.5).expect("a law");
    let mut queue = Queue { events: BinaryHeap::new(), number: 0 };
    let mut states = vec![Sender::default(); senders as usize];
    let mut counts = Counts::default();
    for sender in 0..senders {
        queue.push(generator.random_range(0..INTERVAL), Event::Send { sender });
    }
    while let Some(Reverse((now, _, event))) = queue.events.pop() {
        if now >= intervals * INTERVAL {
            break;
        }
        match event {
            Event::Send { sender } => {
                counts.sent += 1;
                if !loss.sample(&mut generator) {
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive delay")]
                    let nanos = (delay.sample(&mut generator) * 1e9) as u64;
                    queue.push(now + nanos, Event::Arrive { sender });
                }
                queue.push(now + INTERVAL, Event::Send { sender });
            }
            Event::Arrive { sender } => {
                counts.received += 1;
                let state = &mut states[sender as usize];
                if state.suspected {
                    state.suspected = false;
                    counts.recoveries += 1;
                }
                state.generation += 1;
                let generation = state.generation;
                queue.push(now + TIMEOUT, Event::Timeout { sender, generation });
            }
            Event::Timeout { sender, generation } => {
                let state = &mut states[sender as usize];
                if state.generation == generation {
                    state.suspected = true;
                    counts.suspicions += 1;
                }
            }
        }
    }
    counts
}
