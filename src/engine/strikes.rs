//! When one fault strikes one entity: a walk through absolute time, a pure function of (seed, trial, fault name, entity).
//!
//! It knows nothing of what a strike does.

use std::sync::Arc;

use crate::model::{Fault, Sampler, Timing, World};
use crate::rng::{Key, Purpose, Stream};

/// One strike: [start, end) in nanoseconds of simulated time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strike {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// The laws of a fault in one trial, shared by all of its entities.
#[derive(Clone, Debug)]
pub(crate) struct FaultLaw {
    gap: Option<Sampler>,
    length: Sampler,
    at: Arc<[u64]>,
    together: bool,
    gaps: Key,
    lengths: Key,
}

impl FaultLaw {
    /// A fault in one trial of `world`, with its compiled laws: gap and length.
    pub(crate) fn new(world: &World, trial: u32, fault: &Fault, laws: &(Option<Sampler>, Sampler)) -> Self {
        let at = match &fault.timing {
            Timing::Every(_) => Vec::new(),
            Timing::At(times) => times.iter().map(|&time| (world.warm_up + time).as_nanos()).collect(),
        };
        let root = Key::root(world.seed, trial);
        Self {
            gap: laws.0.clone(),
            length: laws.1.clone(),
            at: at.into(),
            together: fault.together,
            gaps: root.purpose(Purpose::FaultGap).name(&fault.name),
            lengths: root.purpose(Purpose::FaultLength).name(&fault.name),
        }
    }

    /// The strikes on one entity; all entities share them where the fault strikes together.
    pub(crate) fn strikes(&self, entity: u64) -> Strikes {
        let entity = if self.together { u64::MAX } else { entity };
        Strikes {
            gap: self.gap.clone(),
            length: self.length.clone(),
            at: Arc::clone(&self.at),
            gaps: self.gaps.entity(entity).stream(),
            lengths: self.lengths.entity(entity).stream(),
            number: 0,
            end: 0,
        }
    }
}

/// The strikes on one entity in order of their start. Endless where the fault recurs.
#[derive(Clone, Debug)]
pub(crate) struct Strikes {
    gap: Option<Sampler>,
    length: Sampler,
    at: Arc<[u64]>,
    gaps: Stream,
    lengths: Stream,
    number: u64,
    end: u64,
}

impl Iterator for Strikes {
    type Item = Strike;

    fn next(&mut self) -> Option<Strike> {
        let draw = self.gaps.draw(self.number);
        let start = match &self.gap {
            Some(law) if self.number == 0 => law.sample_residual(draw).as_nanos(),
            Some(law) => self.end.saturating_add(law.sample(draw).as_nanos()),
            None => *self.at.get(usize::try_from(self.number).ok()?)?,
        };
        self.end = start.saturating_add(self.length.sample(self.lengths.draw(self.number)).as_nanos());
        self.number += 1;
        Some(Strike { start, end: self.end })
    }
}
