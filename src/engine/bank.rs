//! The settings that listen to a world, as families, and the state that each keeps of every pair.

use std::borrow::Cow;
use std::sync::Arc;

use super::batch::Arrival;
use super::changes::{Changes, Memories, Transition, Wanted};
use super::listen::{Ear, Family};
use super::view::{Looks, View};
use crate::detector::{CheckPeriod, Config, Estimator, Monitor, Solo, Visitor, Watch, build, families};
use crate::units::{SimTime, Span};

/// Everything that listens to one world.
pub struct Audience {
    makers: Vec<Box<dyn MakeBank>>,
    /// The different check periods; `None`: continuous.
    pub(crate) checks: Vec<Option<CheckPeriod>>,
    /// By setting: which family it is in.
    families: Vec<usize>,
}

impl Audience {
    /// The built-in detectors, in the order in which transitions number them.
    #[must_use]
    pub fn new(listeners: &[(Config, Watch)], interval: Span) -> Self {
        let mut audience = Self { makers: Vec::new(), checks: Vec::new(), families: vec![0; listeners.len()] };
        for (_, watch) in listeners {
            if !audience.checks.contains(&watch.every) {
                audience.checks.push(watch.every);
            }
        }
        for check in 0..audience.checks.len() {
            let members: Vec<usize> =
                (0..listeners.len()).filter(|&index| listeners[index].1.every == audience.checks[check]).collect();
            let configs: Vec<Config> = members.iter().map(|&index| listeners[index].0.clone()).collect();
            for together in families(&configs) {
                for &index in &together {
                    audience.families[members[index]] = audience.makers.len();
                }
                let settings: Vec<(usize, &Config)> =
                    together.iter().map(|&index| (members[index], &configs[index])).collect();
                audience.makers.push(build(&settings, interval, Maker { check }));
            }
        }
        audience
    }

    /// One detector of the caller's own, looked at continuously or on the ticks of a check period.
    #[must_use]
    pub fn own<M: Monitor + Clone + Send + Sync + 'static>(monitor: M, watch: Watch) -> Self {
        let family = Arc::new(Family::new(Solo(monitor), vec![(0, ())]));
        Self { makers: vec![Box::new(MakeFamily { family, check: 0 })], checks: vec![watch.every], families: vec![0] }
    }

    /// How many settings listen.
    #[must_use]
    pub const fn settings(&self) -> usize {
        self.families.len()
    }

    /// Which of the banks a setting is in.
    pub(crate) fn bank_of(&self, setting: u32) -> usize {
        self.families[setting as usize]
    }

    /// Fresh state for so many pairs.
    pub(crate) fn banks(&self, pairs: usize) -> Vec<Box<dyn Bank>> {
        self.makers.iter().map(|maker| maker.make(pairs)).collect()
    }
}

/// Makes the state of one family.
trait MakeBank: Send + Sync {
    fn make(&self, pairs: usize) -> Box<dyn Bank>;
}

/// Receives the concrete type of a family from the detector floor.
struct Maker {
    check: usize,
}

impl Visitor for Maker {
    type Output = Box<dyn MakeBank>;

    fn visit<E: Estimator + 'static>(self, estimator: E, settings: Vec<(usize, E::Setting)>) -> Box<dyn MakeBank> {
        let settings = settings.into_iter().map(|(index, setting)| (number(index), setting)).collect();
        Box::new(MakeFamily { family: Arc::new(Family::new(estimator, settings)), check: self.check })
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

struct MakeFamily<E: Estimator> {
    family: Arc<Family<E>>,
    check: usize,
}

impl<E: Estimator + 'static> MakeBank for MakeFamily<E> {
    fn make(&self, pairs: usize) -> Box<dyn Bank> {
        let fresh = Ear::new(&self.family);
        Box::new(FamilyBank {
            family: Arc::clone(&self.family),
            check: self.check,
            saved: fresh.clone(),
            memories: Memories::new(),
            ears: vec![fresh; pairs],
        })
    }
}

/// The state of one family for some pairs.
pub(crate) trait Bank: Send {
    /// Index of the family's check period.
    fn check(&self) -> usize;

    /// A pair hears a batch. What the mistakes of the settings that are to be explained need is kept for
    /// [`rehearse`](Self::rehearse).
    fn listen(
        &mut self,
        pair: usize,
        arrivals: &[Arrival],
        view: &View,
        looks: &Looks,
        wanted: Wanted<'_>,
        out: &mut Vec<Transition>,
    );

    /// What the family of a pair knew when `setting` turned to suspect at `at`; where that is gone, what it knew before the
    /// batch, after it has heard `past`.
    fn rehearse(
        &self,
        setting: u32,
        at: SimTime,
        past: &[Arrival],
        view: &View,
        looks: &Looks,
    ) -> Box<dyn Rehearsal + '_>;

    /// Fresh state that has heard `past` and nothing else.
    fn rehearse_afresh(&self, past: &[Arrival], view: &View, looks: &Looks) -> Box<dyn Rehearsal + '_>;
}

/// A copy of a family's state, for asking what it would have done.
pub(crate) trait Rehearsal {
    /// Whether `setting` would turn to suspect, or stand at suspect at the end, if it heard this instead.
    fn suspects(&self, setting: u32, arrivals: &[Arrival], view: &View, looks: &Looks) -> bool;
}

struct FamilyBank<E: Estimator> {
    family: Arc<Family<E>>,
    check: usize,
    saved: Ear<E>,
    memories: Memories<E>,
    ears: Vec<Ear<E>>,
}

impl<E: Estimator + 'static> Bank for FamilyBank<E> {
    fn check(&self) -> usize {
        self.check
    }

    fn listen(
        &mut self,
        pair: usize,
        arrivals: &[Arrival],
        view: &View,
        looks: &Looks,
        wanted: Wanted<'_>,
        out: &mut Vec<Transition>,
    ) {
        let ear = &mut self.ears[pair];
        self.memories.clear();
        if self.family.settings.iter().any(|&(setting, _)| wanted.explained.get(setting as usize) == Some(&true)) {
            self.saved.clone_from(ear);
        }
        let mut changes = Changes { out, wanted, memories: &mut self.memories, after_beat: false };
        ear.listen(&self.family, arrivals, view, looks, &mut changes);
    }

    fn rehearse(
        &self,
        setting: u32,
        at: SimTime,
        past: &[Arrival],
        view: &View,
        looks: &Looks,
    ) -> Box<dyn Rehearsal + '_> {
        if let Some(ear) = self.memories.at(setting, at) {
            return Box::new(FamilyRehearsal { family: &self.family, ear: Cow::Borrowed(ear) });
        }
        Box::new(FamilyRehearsal::new(&self.family, self.saved.clone(), past, view, looks))
    }

    fn rehearse_afresh(&self, past: &[Arrival], view: &View, looks: &Looks) -> Box<dyn Rehearsal + '_> {
        Box::new(FamilyRehearsal::new(&self.family, Ear::new(&self.family), past, view, looks))
    }
}

struct FamilyRehearsal<'f, E: Estimator> {
    family: &'f Family<E>,
    ear: Cow<'f, Ear<E>>,
}

impl<'f, E: Estimator> FamilyRehearsal<'f, E> {
    fn new(family: &'f Family<E>, mut ear: Ear<E>, past: &[Arrival], view: &View, looks: &Looks) -> Self {
        ear.hear(family, past, view, looks);
        Self { family, ear: Cow::Owned(ear) }
    }
}

impl<E: Estimator> Rehearsal for FamilyRehearsal<'_, E> {
    fn suspects(&self, setting: u32, arrivals: &[Arrival], view: &View, looks: &Looks) -> bool {
        let mut ear = self.ear.as_ref().clone();
        let out = ear.hear(self.family, arrivals, view, looks);
        let turned =
            out.iter().any(|change| change.setting == setting && change.verdict == crate::detector::Verdict::Suspect);
        turned || self.family.settings[..ear.suspecting].iter().any(|&(number, _)| number == setting)
    }
}

/// An instant of nothing: where a rehearsal begins or ends.
pub(crate) const fn just_after(at: SimTime) -> u64 {
    at.as_nanos().saturating_add(1)
}
