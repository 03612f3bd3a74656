//! Changes of mind as they come out of a family, and what is kept with them for whoever asks why.

use super::listen::Ear;
use crate::detector::{Estimator, Verdict};
use crate::units::SimTime;

/// A change of one setting's verdict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transition {
    /// When the observer acted.
    pub at: SimTime,
    /// Index of the setting among those that listen to the world.
    pub setting: u32,
    /// The new verdict.
    pub verdict: Verdict,
    /// Whether the setting had no opinion before; then this is neither an S- nor a T-transition.
    pub first: bool,
    /// The deadline that had passed, or that lies ahead.
    pub deadline: SimTime,
    /// The suspicion level just then; NaN where the sink does not want levels.
    pub level: f64,
}

/// What a sink wants to know of the changes of verdicts: what nobody reads is not worked out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// By setting: whether its mistakes are to be [explained](super::PairSlice::explain). A setting past the end: no.
    pub explained: &'a [bool],
    /// Whether transitions carry the suspicion level; where not, it is NaN.
    pub levels: bool,
}

/// Where the changes of mind of a family go.
#[derive(Debug)]
pub(crate) struct Changes<'a, E: Estimator> {
    pub(crate) out: &'a mut Vec<Transition>,
    /// What will be read of them.
    pub(crate) wanted: Wanted<'a>,
    /// What the family knew when such a setting turned to suspect.
    pub(crate) memories: &'a mut Memories<E>,
    /// Whether a beat of this very instant was heard: what the family knew before it is gone.
    pub(crate) after_beat: bool,
}

/// What a family knew at mistakes of one pair that will be explained.
#[derive(Clone, Debug)]
pub(crate) struct Memories<E: Estimator> {
    /// Setting, instant of the mistake, index of what the family knew; in order of time.
    mistakes: Vec<(u32, SimTime, usize)>,
    known: Vec<Ear<E>>,
    /// Whether nothing was heard since the last of them.
    pub(crate) fresh: bool,
}

impl<E: Estimator> Memories<E> {
    pub(crate) const fn new() -> Self {
        Self { mistakes: Vec::new(), known: Vec::new(), fresh: false }
    }

    pub(crate) fn clear(&mut self) {
        self.mistakes.clear();
        self.known.clear();
        self.fresh = false;
    }

    /// What the family knew when this setting turned to suspect.
    pub(crate) fn at(&self, setting: u32, at: SimTime) -> Option<&Ear<E>> {
        let first = self.mistakes.partition_point(|&(_, when, _)| when < at);
        let mut then = self.mistakes[first..].iter().take_while(|&&(_, when, _)| when == at);
        then.find(|&&(who, ..)| who == setting).map(|&(.., index)| &self.known[index])
    }

    /// Keeps what the family knows. The mistakes of one silence share it, where a suspicion teaches nothing.
    pub(crate) fn keep(&mut self, setting: u32, at: SimTime, ear: &Ear<E>) {
        if !(E::SHARED && self.fresh) {
            self.known.push(ear.for_rehearsal());
            self.fresh = true;
        }
        self.mistakes.push((setting, at, self.known.len() - 1));
    }
}
