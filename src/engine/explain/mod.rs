//! Why a detector made a mistake: the but-for rule.
//!
//! The pair's heartbeats in the silence are edited with one kind of trouble removed, and the detector, from its state at
//! the last beat before the silence, is asked whether it would still have suspected. Nothing is computed until a mistake
//! happened.

mod fates;
mod silence;
mod stage;

use std::cell::OnceCell;

use self::silence::{last_of, newer, newest_of};
use self::stage::Stage;
use super::bank::{Audience, Bank};
use super::batch::Arrival;
use super::path::PathLaw;
use super::source::PairBatch;
use super::view::{Looks, View};
use crate::rng::Key;
use crate::units::{SimTime, Span};

pub(crate) use self::silence::Silence;

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

/// Explains the mistakes of one pair in one slice.
pub(crate) struct Explainer<'a> {
    pub(crate) pair: PairBatch<'a>,
    pub(crate) silence: &'a Silence,
    pub(crate) audience: &'a Audience,
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
        let bank = &self.banks[self.audience.bank_of(mistake.setting)];
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
}
