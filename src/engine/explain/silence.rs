//! What a pair carries from slice to slice: the newest heartbeat, and what went missing since.

use super::super::batch::{Arrival, Lost, Missed};
use super::super::source::PairBatch;
use crate::units::SimTime;

/// What a pair carries from slice to slice so that a silence across a border can be explained.
#[derive(Clone, Debug, Default)]
pub(crate) struct Silence {
    /// The newest heartbeat so far.
    pub(super) newest: Option<Arrival>,
    /// The last heartbeat of that incarnation, which newer ones may have overtaken.
    pub(super) last: Option<Arrival>,
    pub(super) lost: Vec<Lost>,
    pub(super) missed: Vec<Missed>,
}

/// Losses a pair remembers at the most: a silence with more is explained by the last of them.
pub(super) const MOST_REMEMBERED: usize = 256;

impl Silence {
    /// Ends the slice: remembers what belongs to the silence that is running. `causal`: nothing arrives before it is sent.
    pub(crate) fn end_slice(&mut self, pair: &PairBatch<'_>, causal: bool) {
        self.newest = newest_of(&pair.batch.arrivals, self.newest, causal);
        self.last = last_of(&pair.batch.arrivals, self.newest, self.last);
        let since = self.newest.map_or(SimTime::ZERO, |newest| newest.sent);
        if !(self.lost.is_empty() && pair.batch.lost.is_empty()) {
            self.lost.extend_from_slice(&pair.batch.lost);
            self.lost.retain(|lost| lost.sent > since);
            let excess = self.lost.len().saturating_sub(MOST_REMEMBERED);
            self.lost.drain(..excess);
        }
        if !(self.missed.is_empty() && pair.missed.is_empty()) {
            self.missed.extend_from_slice(pair.missed);
            self.missed.retain(|missed| missed.woke > since);
        }
    }
}

/// The newest of some heartbeats and of those before: the one that every other one is older than.
///
/// Where nothing arrives before it is sent, all that arrived before the newest was sent are older: the end tells.
pub(super) fn newest_of(arrivals: &[Arrival], before: Option<Arrival>, causal: bool) -> Option<Arrival> {
    let mut newest = before;
    for arrival in arrivals.iter().rev() {
        if causal && newest.is_some_and(|newest| arrival.at < newest.sent) {
            break;
        }
        newest = newer(newest, arrival);
    }
    newest
}

/// The last of some heartbeats, and of the one before, that is of the same incarnation as the newest.
pub(super) fn last_of(arrivals: &[Arrival], newest: Option<Arrival>, before: Option<Arrival>) -> Option<Arrival> {
    let newest = newest?;
    let same_life = |arrival: &Arrival| arrival.incarnation == newest.incarnation;
    arrivals.iter().rev().copied().find(same_life).or_else(|| before.filter(same_life))
}

pub(super) fn newer(newest: Option<Arrival>, arrival: &Arrival) -> Option<Arrival> {
    let order = |arrival: &Arrival| (arrival.incarnation, arrival.seq);
    newest.filter(|newest| order(newest) >= order(arrival)).or(Some(*arrival))
}
