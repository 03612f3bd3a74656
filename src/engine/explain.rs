//! Why a detector made a mistake: the but-for rule.
//!
//! The pair's heartbeats in the silence are edited with one kind of trouble removed, and the detector, from its state at
//! the last beat before the silence, is asked whether it would still have suspected. Nothing is computed until a mistake
//! happened.

use std::cell::OnceCell;

use super::bank::{Bank, Rehearsal, just_after};
use super::batch::{Arrival, LossPlace, Lost, Missed};
use super::path::PathLaw;
use super::source::PairBatch;
use super::view::{Begins, Looks, Segment, View};
use crate::rng::Key;
use crate::units::{SimTime, Span};

/// Kinds of trouble that can touch a heartbeat, or the detector's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Lost in the ordinary state of the path.
    Loss,
    /// Lost in a bad spell of the path.
    LossBurst,
    /// Longer on its way than the median.
    NetworkDelay,
    /// Due while the sender stood still.
    SenderPause,
    /// Held at a monitor that stood still.
    MonitorPause,
    /// The detector's memory is young because a side was restarted.
    Restart,
    /// The detector's memory is young because the trial began.
    Bootstrap,
    /// The detector's memory is marked by a partition.
    PartitionAftermath,
}

impl Trouble {
    /// All kinds, in the order of the bits of a set.
    pub const ALL: [Self; 8] = [
        Self::Loss,
        Self::LossBurst,
        Self::NetworkDelay,
        Self::SenderPause,
        Self::MonitorPause,
        Self::Restart,
        Self::Bootstrap,
        Self::PartitionAftermath,
    ];

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Most kinds that enter an explanation; those that touched most heartbeats are kept.
const MOST_KINDS: usize = 5;

/// Which sets of kinds prevent a mistake when removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The kinds that touched a heartbeat due in the silence.
    pub kinds: Vec<Trouble>,
    /// For each set of them (a bit a kind, in the order of `kinds`): whether its removal, or that of a part of it,
    /// prevents the mistake.
    pub prevents: Vec<bool>,
}

/// A mistake to be explained.
#[derive(Clone, Copy, Debug)]
pub struct Mistake {
    /// The setting that made it.
    pub setting: u32,
    /// When it began.
    pub at: SimTime,
    /// Why the detector's memory may be young or marked, and how many beats fill it.
    pub memory: Option<(Trouble, u64)>,
}

/// What a pair carries from slice to slice so that a silence across a border can be explained.
#[derive(Clone, Debug, Default)]
pub(crate) struct Silence {
    /// The newest heartbeat so far.
    newest: Option<Arrival>,
    /// The last heartbeat of that incarnation, which newer ones may have overtaken.
    last: Option<Arrival>,
    lost: Vec<Lost>,
    missed: Vec<Missed>,
}

/// Losses a pair remembers at the most: a silence with more is explained by the last of them.
const MOST_REMEMBERED: usize = 256;

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
fn newest_of(arrivals: &[Arrival], before: Option<Arrival>, causal: bool) -> Option<Arrival> {
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
fn last_of(arrivals: &[Arrival], newest: Option<Arrival>, before: Option<Arrival>) -> Option<Arrival> {
    let newest = newest?;
    let same_life = |arrival: &Arrival| arrival.incarnation == newest.incarnation;
    arrivals.iter().rev().copied().find(same_life).or_else(|| before.filter(same_life))
}

fn newer(newest: Option<Arrival>, arrival: &Arrival) -> Option<Arrival> {
    let order = |arrival: &Arrival| (arrival.incarnation, arrival.seq);
    newest.filter(|newest| order(newest) >= order(arrival)).or(Some(*arrival))
}

/// Explains the mistakes of one pair in one slice.
pub(crate) struct Explainer<'a> {
    pub(crate) pair: PairBatch<'a>,
    pub(crate) silence: &'a Silence,
    pub(crate) banks: &'a [Box<dyn Bank>],
    pub(crate) view: &'a View,
    pub(crate) looks: &'a [Looks],
    /// The path's law and the key of its messages; none for a recording.
    pub(crate) path: Option<(&'a PathLaw, Key)>,
    pub(crate) interval: Span,
    /// The median time from send to arrival.
    pub(crate) median: Span,
    /// After each heartbeat of a recorded batch, the newest so far; made when it is first asked for.
    pub(crate) newest: OnceCell<Vec<Option<Arrival>>>,
}

/// A heartbeat due in the silence, as it was.
#[derive(Clone, Copy, Debug)]
struct Fate {
    due: SimTime,
    sent: SimTime,
    seq: u64,
    incarnation: u32,
    delay: Option<Span>,
    held: bool,
    lost: Option<Gone>,
}

/// Why a heartbeat never came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gone {
    /// This kind of trouble took it.
    By(Trouble),
    /// A cut or a crash took it: it stays lost whatever is removed.
    ForGood,
}

impl Explainer<'_> {
    /// The newest heartbeat processed before `at`.
    pub(crate) fn newest_before(&self, at: SimTime) -> Option<Arrival> {
        let arrivals = &self.pair.batch.arrivals;
        let heard = arrivals.partition_point(|arrival| arrival.at < at);
        if self.path.is_some() {
            return newest_of(&arrivals[..heard], self.silence.newest, true);
        }
        let newest = self.newest.get_or_init(|| {
            let running = arrivals.iter().scan(self.silence.newest, |newest, arrival| {
                *newest = newer(*newest, arrival);
                Some(*newest)
            });
            running.collect()
        });
        heard.checked_sub(1).map_or(self.silence.newest, |last| newest[last])
    }

    /// The last heartbeat processed before `at` of the incarnation that was then the newest, also if a newer one had
    /// overtaken it.
    pub(crate) fn last_before(&self, at: SimTime) -> Option<Arrival> {
        let arrivals = &self.pair.batch.arrivals;
        let heard = arrivals.partition_point(|arrival| arrival.at < at);
        last_of(&arrivals[..heard], self.newest_before(at), self.silence.last)
    }

    /// Which kinds of trouble caused a mistake.
    pub(crate) fn explain(&self, mistake: &Mistake) -> Explanation {
        let nothing = Explanation { kinds: Vec::new(), prevents: vec![false] };
        let Some(bank) = self.banks.iter().find(|bank| bank.has(mistake.setting)) else { return nothing };
        let Some(last) = self.newest_before(mistake.at) else {
            return nothing;
        };
        let fates = self.fates(&last, mistake.at);
        let kinds = self.kinds(&fates, mistake);
        let stage = Stage::new(self, bank.as_ref(), last, mistake);
        let mut prevents = vec![false; 1 << kinds.len()];
        for set in 1..prevents.len() {
            let parts = (0..kinds.len()).filter(|bit| set & (1 << bit) != 0);
            let removed = parts.clone().fold(0, |removed, bit| removed | kinds[bit].bit());
            prevents[set] =
                parts.clone().any(|bit| prevents[set & !(1 << bit)]) || !stage.still_happens(&fates, removed);
        }
        Explanation { kinds, prevents }
    }

    /// The heartbeats that were due after the last one before the silence and before the mistake.
    fn fates(&self, last: &Arrival, until: SimTime) -> Vec<Fate> {
        let order = (last.incarnation, last.seq);
        let newer = |incarnation, seq| (incarnation, seq) > order;
        // A stall that was over before the last heartbeat was sent swallowed nothing that the silence lacks.
        let missed = self.silence.missed.iter().chain(self.pair.missed).filter(|missed| missed.woke > last.sent);
        let missed: Vec<Missed> = missed.copied().collect();
        // What was due before the mistake counts, also if a stall held it back until after.
        let due = |sent: SimTime, incarnation: u32, seq: u64| {
            let slot = missed.iter().find(|missed| {
                missed.incarnation == incarnation
                    && missed.woke == sent
                    && (missed.seq..missed.seq + missed.count).contains(&seq)
            });
            let due = slot.map_or(sent, |missed| missed.due + self.interval.times(seq - missed.seq));
            (newer(incarnation, seq) && due < until).then_some(due)
        };
        let mut fates = Vec::new();
        // What was processed before the mistake is no newer than the last.
        let arrivals = &self.pair.batch.arrivals;
        let after = &arrivals[arrivals.partition_point(|arrival| arrival.at < until)..];
        // Only a stall makes a heartbeat later than its slot.
        let in_time = |arrival: &&Arrival| arrival.sent < until || !missed.is_empty();
        for arrival in after.iter().chain(self.pair.pending).filter(in_time) {
            if let Some(due) = due(arrival.sent, arrival.incarnation, arrival.seq) {
                fates.push(self.delivered(arrival, due));
            }
        }
        for lost in self.silence.lost.iter().chain(&self.pair.batch.lost) {
            if let Some(due) = due(lost.sent, lost.incarnation, lost.seq) {
                fates.push(dropped(lost, due));
            }
        }
        for missed in &missed {
            for ahead in 0..missed.count.min(MOST_REMEMBERED as u64) {
                let slot = missed.due + self.interval.times(ahead);
                let seq = missed.seq + ahead;
                let sent_late = fates.iter().any(|fate| (fate.incarnation, fate.seq) == (missed.incarnation, seq));
                if !sent_late && newer(missed.incarnation, seq) && slot < until {
                    fates.push(Fate {
                        due: slot,
                        sent: missed.woke,
                        seq,
                        incarnation: missed.incarnation,
                        delay: None,
                        held: false,
                        lost: None,
                    });
                }
            }
        }
        fates
    }

    fn delivered(&self, arrival: &Arrival, due: SimTime) -> Fate {
        let woke = self
            .view
            .segments
            .iter()
            .any(|segment| segment.from == arrival.at.as_nanos() && matches!(segment.begins, Begins::Wakes { .. }));
        let took = arrival.at.since(arrival.sent);
        let own = self.path.map(|(law, key)| law.own_delay(key, arrival.incarnation, arrival.seq));
        let held = woke && own.is_some_and(|own| own < took);
        Fate {
            due,
            sent: arrival.sent,
            seq: arrival.seq,
            incarnation: arrival.incarnation,
            delay: Some(own.filter(|_| held).unwrap_or(took)),
            held,
            lost: None,
        }
    }

    /// The kinds that touched a fate, or the memory: those that touched most, in the order of [`Trouble::ALL`].
    fn kinds(&self, fates: &[Fate], mistake: &Mistake) -> Vec<Trouble> {
        let median = self.median;
        let touched = |kind: Trouble| {
            let by = |fate: &&Fate| match kind {
                Trouble::NetworkDelay => fate.delay.is_some_and(|delay| delay > median),
                Trouble::SenderPause => fate.due < fate.sent,
                Trouble::MonitorPause => fate.held,
                _ => fate.lost == Some(Gone::By(kind)),
            };
            let memory = mistake.memory.is_some_and(|(young, _)| young == kind);
            if memory { usize::MAX } else { fates.iter().filter(by).count() }
        };
        let stalled = self.view.segments.iter().any(|segment| {
            matches!(segment.begins, Begins::Wakes { since } if since < mistake.at.as_nanos() && segment.from <= mistake.at.as_nanos())
        });
        let mut kinds: Vec<(Trouble, usize)> = Trouble::ALL.iter().map(|&kind| (kind, touched(kind))).collect();
        kinds.retain(|&(kind, count)| count > 0 || (kind == Trouble::MonitorPause && stalled));
        kinds.sort_by_key(|&(kind, count)| (std::cmp::Reverse(count), kind));
        kinds.truncate(MOST_KINDS);
        let mut kinds: Vec<Trouble> = kinds.into_iter().map(|(kind, _)| kind).collect();
        kinds.sort_unstable();
        kinds
    }
}

fn dropped(lost: &Lost, due: SimTime) -> Fate {
    let kind = match lost.place {
        LossPlace::Path => Some(Trouble::Loss),
        LossPlace::Burst => Some(Trouble::LossBurst),
        LossPlace::Cut | LossPlace::Monitor => None,
    };
    Fate {
        due,
        sent: lost.sent,
        seq: lost.seq,
        incarnation: lost.incarnation,
        delay: None,
        held: false,
        // A beat that was lost for another reason stays lost whatever is removed. But one that a stall held back met that
        // reason after the mistake: on its slot the path was whole and the monitor ran.
        lost: kind.map(Gone::By).or_else(|| (due == lost.sent).then_some(Gone::ForGood)),
    }
}

/// The detector at the last beat before the silence, ready to be asked what if.
struct Stage<'a> {
    last: Arrival,
    setting: u32,
    median: Span,
    looks: &'a Looks,
    as_it_was: View,
    without_stalls: View,
    rehearsal: Box<dyn Rehearsal>,
    matured: Option<(u16, Box<dyn Rehearsal>, u64)>,
}

impl<'a> Stage<'a> {
    fn new(explainer: &Explainer<'a>, bank: &dyn Bank, last: Arrival, mistake: &Mistake) -> Self {
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
    fn still_happens(&self, fates: &[Fate], removed: u16) -> bool {
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
