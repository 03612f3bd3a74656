//! When one fault strikes one entity: a walk through absolute time, a pure function of (seed, trial, fault name, entity).
//!
//! It knows nothing of what a strike does.

use std::sync::Arc;

use crate::model::{Fault, FaultKind, Sampler, Timing, World};
use crate::rng::{Key, Purpose, Stream};

/// One strike: [start, end) in nanoseconds of simulated time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strike {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// The laws of a fault, compiled once for all of its entities.
#[derive(Clone, Debug)]
pub(crate) struct FaultLaw {
    gap: Option<Arc<Sampler>>,
    length: Arc<Sampler>,
    at: Arc<[u64]>,
    together: bool,
    gaps: Key,
    lengths: Key,
}

impl FaultLaw {
    /// Compiles the laws of `fault` for one trial of `world`.
    pub(crate) fn new(world: &World, trial: u32, fault: &Fault) -> Self {
        let (FaultKind::Crash { down_for: length, .. }
        | FaultKind::Pause { lasts: length, .. }
        | FaultKind::Partition { lasts: length, .. }) = &fault.kind;
        let (gap, at) = match &fault.timing {
            Timing::Every(law) => (Some(Arc::new(Sampler::new(law))), Vec::new()),
            Timing::At(times) => (None, times.iter().map(|&time| (world.warm_up + time).as_nanos()).collect()),
        };
        let root = Key::root(world.seed, trial);
        Self {
            gap,
            length: Arc::new(Sampler::new(length)),
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
            length: Arc::clone(&self.length),
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
    gap: Option<Arc<Sampler>>,
    length: Arc<Sampler>,
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
