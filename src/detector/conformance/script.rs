//! Arrivals to try a detector on: what lossy networks, restarts and hostile peers make a monitor hear.
//!
//! Scripts are the same in every run. This file must not know any rule.

use crate::detector::Beat;
use crate::rng::{Key, Stream};
use crate::units::{LocalTime, RemoteTime, Span};

/// A heartbeat and when it is processed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) now: LocalTime,
    pub(super) beat: Beat,
}

impl Arrival {
    /// The same on clocks that are ahead by `span`.
    pub(super) fn shifted(self, span: Span) -> Self {
        let sent = RemoteTime::from_nanos(self.beat.sent.as_nanos().saturating_add(span.as_nanos()));
        Self { now: self.now + span, beat: Beat { sent, ..self.beat } }
    }
}

/// When scripts begin: late enough for anything before it, early enough for all after it.
pub(super) const START: LocalTime = LocalTime::from_nanos(1_000_000_000_000);

/// The regular schedule: heartbeat `seq` of an incarnation that began at `start`, processed when it is sent.
pub(super) fn regular(start: LocalTime, interval: Span, incarnation: u32, seq: u64) -> Arrival {
    let now = start + interval.times(seq);
    Arrival { now, beat: Beat { incarnation, seq, sent: RemoteTime::from_nanos(now.as_nanos()) } }
}

/// `count` heartbeats over a bad network: one in ten lost, some repeated, delays of up to four intervals that reorder
/// them, and now and then a blackout.
pub(super) fn rough(start: LocalTime, interval: Span, incarnation: u32, count: u64) -> Vec<Arrival> {
    let draws = Key::root(0x5ca1_ab1e, incarnation).stream();
    let mut arrivals = Vec::new();
    let mut blackout = 0;
    for seq in 0..count {
        if blackout > 0 {
            blackout -= 1;
            continue;
        }
        if chance(&draws, seq * 8, 50) {
            blackout = draws.draw(seq * 8 + 1) % 40;
        }
        let on_time = regular(start, interval, incarnation, seq);
        if !chance(&draws, seq * 8 + 2, 10) {
            let delay = delay(&draws, seq * 8 + 3, interval);
            arrivals.push(Arrival { now: on_time.now + delay, ..on_time });
            if chance(&draws, seq * 8 + 5, 15) {
                arrivals.push(Arrival { now: on_time.now + delay.times(2), ..on_time });
            }
        }
    }
    sorted(arrivals)
}

/// Two rough incarnations, the second while the first is still heard, with stray messages of the first long after.
pub(super) fn rough_restart(start: LocalTime, interval: Span) -> Vec<Arrival> {
    let first = rough(start, interval, 0, 150);
    let restarted = start + interval.times(148);
    let second = rough(restarted, interval, 1, 150);
    let strays = (0..10).map(|stray| {
        let on_time = regular(start, interval, 0, 140 + stray);
        Arrival { now: restarted + interval.times(stray * 9), ..on_time }
    });
    sorted(first.into_iter().chain(second).chain(strays).collect())
}

/// What nobody sends: numbers, stamps and instants at the ends of their ranges, far gaps, lives out of order.
pub(super) fn hostile(interval: Span) -> Vec<Arrival> {
    let instants = [
        LocalTime::ZERO,
        LocalTime::from_nanos(1),
        START,
        START + interval,
        START + interval,
        START + interval.times(1_000_000),
        LocalTime::from_nanos(u64::MAX / 2),
        LocalTime::from_nanos(u64::MAX - 1),
        LocalTime::MAX,
        LocalTime::MAX,
    ];
    let seqs = [0, u64::MAX, 1, 0, 7, u64::MAX / 2, 8];
    let stamps = [0, u64::MAX, 1, u64::MAX / 2, START.as_nanos()];
    let incarnations = [0, 0, 0, 1, 0, 1, u32::MAX, 2];
    let mut arrivals = Vec::new();
    for (number, &now) in (0_usize..).zip(instants.iter().flat_map(|now| std::iter::repeat_n(now, 12))) {
        arrivals.push(Arrival {
            now,
            beat: Beat {
                incarnation: incarnations[(number / 9) % incarnations.len()],
                seq: seqs[number % seqs.len()],
                sent: RemoteTime::from_nanos(stamps[number % stamps.len()]),
            },
        });
    }
    arrivals
}

fn chance(draws: &Stream, number: u64, one_in: u64) -> bool {
    draws.draw(number) % one_in == 0
}

/// Mostly a small part of an interval, one in twenty up to four intervals.
fn delay(draws: &Stream, number: u64, interval: Span) -> Span {
    let longest =
        if chance(draws, number, 20) { interval.times(4) } else { Span::from_nanos(interval.as_nanos() / 20) };
    Span::from_nanos(draws.draw(number + 1) % longest.as_nanos().max(1))
}

fn sorted(mut arrivals: Vec<Arrival>) -> Vec<Arrival> {
    arrivals.sort_by_key(|arrival| (arrival.now, arrival.beat.order()));
    arrivals
}
