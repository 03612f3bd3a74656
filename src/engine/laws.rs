//! The laws of a world, compiled once for all of its trials; worlds of one sweep share what they have in common.

use super::loss::LossLaw;
use crate::model::{FaultKind, Law, Sampler, Timing, World};

/// Laws that were compiled already.
#[derive(Debug, Default)]
pub struct Samplers {
    compiled: Vec<(Law, Sampler)>,
}

impl Samplers {
    /// The sampler of a law, compiled at its first use.
    pub fn get(&mut self, law: &Law) -> Sampler {
        if let Some((_, sampler)) = self.compiled.iter().find(|(known, _)| known == law) {
            return sampler.clone();
        }
        let sampler = Sampler::new(law);
        self.compiled.push((law.clone(), sampler.clone()));
        sampler
    }
}

/// The laws of one world, ready for drawing.
#[derive(Clone, Debug)]
pub struct Laws {
    pub(crate) delay: Sampler,
    pub(crate) loss: LossLaw,
    /// Of every fault: the time between two strikes (none for a fault at fixed times), and their length.
    pub(crate) faults: Vec<(Option<Sampler>, Sampler)>,
}

impl Laws {
    /// Compiles the laws of a world.
    #[must_use]
    pub fn new(world: &World, samplers: &mut Samplers) -> Self {
        let faults = world.faults.iter().map(|fault| {
            let (FaultKind::Crash { down_for: length, .. }
            | FaultKind::Pause { lasts: length, .. }
            | FaultKind::Partition { lasts: length, .. }) = &fault.kind;
            let gap = if let Timing::Every(law) = &fault.timing { Some(samplers.get(law)) } else { None };
            (gap, samplers.get(length))
        });
        let faults = faults.collect();
        Self { delay: samplers.get(&world.network.delay), loss: LossLaw::new(&world.network.loss, samplers), faults }
    }
}
