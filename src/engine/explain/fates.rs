//! The heartbeats that were due in a silence, each as it was, and the kinds of trouble that touched them.

use super::super::batch::{Arrival, LossPlace, Lost, Missed};
use super::super::view::Begins;
use super::silence::MOST_REMEMBERED;
use super::{Explainer, Mistake, Trouble};
use crate::units::{SimTime, Span};

/// Most kinds that enter an explanation; those that touched most heartbeats are kept.
const MOST_KINDS: usize = 5;

/// A heartbeat due in the silence, as it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fate {
    pub(super) due: SimTime,
    pub(super) sent: SimTime,
    pub(super) seq: u64,
    pub(super) incarnation: u32,
    pub(super) delay: Option<Span>,
    pub(super) held: bool,
    pub(super) lost: Option<Gone>,
}

/// Why a heartbeat never came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// This kind of trouble took it.
    By(Trouble),
    /// A cut or a crash took it: it stays lost whatever is removed.
    ForGood,
}

impl Explainer<'_> {
    /// The heartbeats that were due after the last one before the silence and before the mistake.
    pub(super) fn fates(&self, last: &Arrival, until: SimTime) -> Vec<Fate> {
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
        for lost in self.silence.lost.iter().chain(&self.pair.batch.lost) {
            if let Some(due) = due(lost.sent, lost.incarnation, lost.seq) {
                fates.push(dropped(lost, due));
            }
        }
        // What was processed before the mistake is no newer than the last.
        let arrivals = &self.pair.batch.arrivals;
        let after = &arrivals[arrivals.partition_point(|arrival| arrival.at < until)..];
        let mut sent_after = u64::MAX;
        for arrival in after.iter().chain(self.pair.pending) {
            // Only a stall makes a heartbeat later than its slot.
            if arrival.sent >= until && missed.is_empty() {
                if arrival.incarnation == last.incarnation {
                    sent_after = sent_after.min(arrival.seq);
                }
            } else if let Some(due) = due(arrival.sent, arrival.incarnation, arrival.seq) {
                fates.push(self.delivered(arrival, due));
            }
            // Numbers are in the order of sends: every one between is accounted for.
            if sent_after.checked_sub(last.seq + 1) == Some(fates.len() as u64) {
                break;
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
    pub(super) fn kinds(&self, fates: &[Fate], mistake: &Mistake) -> Vec<Trouble> {
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
