//! A detector at the last beat before a silence, asked what it would have done had less gone wrong.

use super::super::bank::{Bank, Rehearsal, just_after};
use super::super::batch::Arrival;
use super::super::view::{Begins, Looks, Segment, View};
use super::fates::{Fate, Gone};
use super::{Explainer, Mistake, Trouble};
use crate::units::{SimTime, Span};

/// The detector at the last beat before the silence, ready to be asked what if.
pub(super) struct Stage<'a> {
    last: Arrival,
    setting: u32,
    median: Span,
    looks: &'a Looks,
    as_it_was: View,
    without_stalls: View,
    rehearsal: Box<dyn Rehearsal + 'a>,
    matured: Option<(u16, Box<dyn Rehearsal + 'a>, u64)>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(explainer: &'a Explainer<'a>, bank: &'a dyn Bank, last: Arrival, mistake: &Mistake) -> Self {
        let looks = &explainer.looks[bank.check()];
        let from = just_after(last.at);
        let heard = explainer.pair.batch.arrivals.partition_point(|arrival| arrival.at <= last.at);
        let past = clipped(explainer.view, 0, from, false);
        let past_arrivals = &explainer.pair.batch.arrivals[..heard];
        let rehearsal = bank.rehearse(mistake.setting, mistake.at, past_arrivals, &past, looks);
        let until = just_after(mistake.at);
        let matured = mistake.memory.map(|(kind, beats)| {
            let history = regular_history(last, explainer.interval, explainer.median, beats);
            let shift = history.last().map_or(0, |arrival| arrival.seq) - last.seq;
            let view = whole(0, from);
            (kind.bit(), bank.rehearse_afresh(&history, &view, looks), shift)
        });
        Self {
            last,
            setting: mistake.setting,
            median: explainer.median,
            looks,
            as_it_was: clipped(explainer.view, from, until, true),
            without_stalls: whole(from, until),
            rehearsal,
            matured,
        }
    }

    /// Whether the mistake still happens with these kinds of trouble removed.
    pub(super) fn still_happens(&self, fates: &[Fate], removed: u16) -> bool {
        let has = |kind: Trouble| removed & kind.bit() != 0;
        let view = if has(Trouble::MonitorPause) { &self.without_stalls } else { &self.as_it_was };
        let matured = self.matured.as_ref().filter(|(kind, ..)| removed & kind != 0);
        let shift = matured.map_or(0, |&(_, _, shift)| shift);
        let until = view.segments.last().map_or(0, |segment| segment.to);
        let edited = fates.iter().filter_map(|fate| self.edited(fate, removed, view));
        let mut arrivals: Vec<Arrival> = edited
            .map(|arrival| Arrival {
                seq: arrival.seq.saturating_add(shift),
                at: arrival.at.max(SimTime::from_nanos(just_after(self.last.at))),
                ..arrival
            })
            .filter(|arrival| arrival.at.as_nanos() < until)
            .collect();
        arrivals.sort_unstable_by_key(Arrival::order);
        let rehearsal = matured.map_or(&self.rehearsal, |(_, rehearsal, _)| rehearsal);
        rehearsal.suspects(self.setting, &arrivals, view, self.looks)
    }

    /// The heartbeat as it would have been; `None` where it would not have come.
    fn edited(&self, fate: &Fate, removed: u16, view: &View) -> Option<Arrival> {
        let has = |kind: Trouble| removed & kind.bit() != 0;
        let sent = if has(Trouble::SenderPause) { fate.due } else { fate.sent };
        let delay = match (fate.lost, fate.delay) {
            (Some(Gone::By(kind)), _) if has(kind) => self.median,
            (None, Some(delay)) if has(Trouble::NetworkDelay) => delay.min(self.median),
            (None, Some(delay)) => delay,
            // A slot that was never sent comes only without the pause.
            (None, None) if has(Trouble::SenderPause) => self.median,
            (Some(_), _) | (None, None) => return None,
        };
        let arrives = (sent + delay).as_nanos();
        let at = SimTime::from_nanos(processed(arrives, view)?);
        Some(Arrival { at, sent, seq: fate.seq, incarnation: fate.incarnation })
    }
}

/// When a message that arrives at `at` is processed; `None` where that is after the view.
fn processed(at: u64, view: &View) -> Option<u64> {
    let segment = view.segments.iter().find(|segment| at < segment.to)?;
    Some(at.max(segment.from))
}

/// A view in which the observer runs throughout.
fn whole(from: u64, until: u64) -> View {
    View { segments: vec![Segment { from, to: until, begins: Begins::Continues }], ..View::default() }
}

/// The part of a view in [from, until). With `extend`, a view that begins later is continued back to `from`.
fn clipped(view: &View, from: u64, until: u64, extend: bool) -> View {
    let mut segments: Vec<Segment> = Vec::new();
    if extend && let Some(first) = view.segments.first() {
        match first.begins {
            Begins::Wakes { since } | Begins::Starts { since } if from < since && since < first.from => {
                segments.push(Segment { from, to: since.min(until), begins: Begins::Continues });
            }
            _ => {}
        }
    }
    for (index, &segment) in view.segments.iter().enumerate() {
        let continues = extend && index == 0 && segment.begins == Begins::Continues;
        let start = if continues { from } else { segment.from.max(from) };
        let begins = if start > segment.from { Begins::Continues } else { segment.begins };
        let clipped = Segment { from: start, to: segment.to.min(until), begins };
        if clipped.from < clipped.to {
            segments.push(clipped);
        }
    }
    View { edges: Vec::new(), segments, timers_first: view.timers_first, memory_kept: view.memory_kept }
}

/// A history without any trouble that ends with the last beat: so many beats, an interval apart.
fn regular_history(last: Arrival, interval: Span, delay: Span, beats: u64) -> Vec<Arrival> {
    let room = last.at.as_nanos().saturating_sub(delay.as_nanos()) / interval.as_nanos().max(1);
    let beats = beats.min(room);
    let seq = last.seq.saturating_add(beats);
    (0..=beats)
        .rev()
        .map(|back| Arrival {
            at: last.at - interval.times(back),
            sent: last.sent - interval.times(back),
            seq: seq - back,
            incarnation: last.incarnation,
        })
        .collect()
}
