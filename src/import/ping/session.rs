//! One run of `ping`: the requests that it sent, numbered without wrapping, and what became of them.

use std::collections::BTreeMap;

use super::line::Reply;
use super::{Delay, Options};
use crate::model::{Recorded, TracedNode};
use crate::units::Span;

/// Most requests that the closing statistics may add to those that the log shows.
const MOST_UNSEEN: i64 = 10_000_000;

/// The requests of one run.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// Whom it asked.
    pub host: String,
    /// Replies that came again.
    pub duplicates: u64,
    /// Requests by their number; `None` while unanswered.
    requests: BTreeMap<i64, Option<Reply>>,
    newest: Option<i64>,
    from_start: bool,
    step: Option<Span>,
}

impl Session {
    /// A run that has sent nothing yet; `from_start` where the log shows its header.
    pub(super) fn new(host: &str, from_start: bool) -> Self {
        let host = host.to_owned();
        Self { host, duplicates: 0, requests: BTreeMap::new(), newest: None, from_start, step: None }
    }

    /// Whether anything was answered.
    pub(super) fn answered(&self) -> bool {
        self.requests.values().any(Option::is_some)
    }

    /// Round-trip times of the answered requests, in nanoseconds.
    pub(super) fn round_trips(&self) -> impl Iterator<Item = u64> {
        self.requests.values().flatten().map(|reply| reply.round_trip)
    }

    /// A reply was read.
    pub(super) fn reply(&mut self, reply: Reply) -> Result<(), &'static str> {
        let first = self.requests.values().flatten().next();
        if first.is_some_and(|first| first.stamp.is_some() != reply.stamp.is_some()) {
            return Err("some replies have a time stamp and this one is different");
        }
        let request = self.requests.entry(self.number(reply.seq)?).or_insert(None);
        if request.is_some() {
            self.duplicates += 1;
        } else {
            *request = Some(reply);
        }
        self.remember(reply.seq)
    }

    /// A request was sent; nothing is known of its reply.
    pub(super) fn sent(&mut self, seq: u16) -> Result<(), &'static str> {
        let number = self.number(seq)?;
        self.requests.entry(number).or_insert(None);
        self.remember(seq)
    }

    /// The closing statistics: how many requests were sent, and in what time.
    pub(super) fn statistics(&mut self, transmitted: u64, nanos: Option<u64>) -> Result<(), &'static str> {
        if let (Some(nanos), Some(steps @ 1..)) = (nanos, transmitted.checked_sub(1)) {
            self.step = Some(Span::from_nanos(nanos / steps)).filter(|step| !step.is_zero());
        }
        let Some((first, newest)) = self.ends() else { return Ok(()) };
        let last = i64::try_from(transmitted).ok().and_then(|count| first.checked_add(count - 1));
        match last {
            Some(last) if self.from_start && last > newest => {
                if last - newest > MOST_UNSEEN {
                    return Err("far more requests than the log shows");
                }
                self.requests.entry(last).or_insert(None);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The number of a printed sequence number, without wrapping: the nearest to the newest.
    fn number(&self, seq: u16) -> Result<i64, &'static str> {
        const ROUND: i64 = 1 << 16;
        let Some(newest) = self.newest else { return Ok(i64::from(seq)) };
        let ahead = (i64::from(seq) - newest).rem_euclid(ROUND);
        let number = newest + if ahead < ROUND / 2 { ahead } else { ahead - ROUND };
        if number < 0 { Err("icmp_seq goes back before the first request") } else { Ok(number) }
    }

    fn remember(&mut self, seq: u16) -> Result<(), &'static str> {
        let number = self.number(seq)?;
        self.newest = self.newest.max(Some(number));
        Ok(())
    }

    /// The first and the last request that are known to have been sent. iputils counts from 1.
    fn ends(&self) -> Option<(i64, i64)> {
        let (&first, _) = self.requests.first_key_value()?;
        let (&last, _) = self.requests.last_key_value()?;
        Some((if self.from_start { first.min(1) } else { first }, last))
    }

    /// Every request as a heartbeat. Times in nanoseconds since 1970, or since the first request where there are no stamps.
    pub(super) fn node(&self, options: Options) -> TracedNode {
        let name = self.host.clone();
        let Some((first, last)) = self.ends() else { return TracedNode { name, beats: Vec::new() } };
        let interval = options.interval.or(self.step).unwrap_or(Span::from_secs(1));
        let known: Vec<(i64, u64, u64)> = self
            .requests
            .iter()
            .filter_map(|(&number, reply)| Some((number, (*reply)?)))
            .map(|(number, reply)| {
                let unstamped = interval.times(number.abs_diff(first)).as_nanos();
                let sent = reply.stamp.map_or(unstamped, |stamp| stamp - reply.round_trip);
                (number, sent, reply.round_trip)
            })
            .collect();
        let grid = Grid { known: &known, interval };
        let mut replies = known.iter().peekable();
        let beats = (first..=last).map(|number| {
            let reply = replies.next_if(|(answered, ..)| *answered == number);
            let sent = reply.map_or_else(|| grid.sent(number), |(_, sent, _)| *sent);
            let arrived = reply.map(|(_, sent, round_trip)| match options.delay {
                Delay::Half => sent.saturating_add(round_trip / 2),
                Delay::Whole => sent.saturating_add(*round_trip),
            });
            Recorded { seq: number.unsigned_abs(), sent, arrived }
        });
        TracedNode { name, beats: beats.collect() }
    }
}

/// The answered requests (number, sent, round trip) in ascending order, and the time between two.
struct Grid<'a> {
    known: &'a [(i64, u64, u64)],
    interval: Span,
}

impl Grid<'_> {
    /// When a request without an answer was sent: evenly between its neighbours, else an interval apart from them.
    fn sent(&self, number: i64) -> u64 {
        let after = self.known.partition_point(|(answered, ..)| *answered < number);
        let before = after.checked_sub(1).map(|index| self.known[index]);
        let away = |(answered, ..): (i64, u64, u64)| self.interval.times(number.abs_diff(answered)).as_nanos();
        match (before, self.known.get(after).copied()) {
            (Some((from, start, _)), Some((to, end, _))) => {
                let steps = u128::from(to.abs_diff(from));
                let part = u128::from(end.saturating_sub(start)) * u128::from(number.abs_diff(from)) / steps;
                start + u64::try_from(part).expect("a part of a u64")
            }
            (Some(left), None) => left.1.saturating_add(away(left)),
            (None, Some(right)) => right.1.saturating_sub(away(right)),
            (None, None) => 0,
        }
    }
}
