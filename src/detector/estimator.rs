//! A monitor cut in two, so that many settings share what one world teaches them.
//!
//! This file must not know any particular detector.

use super::{Beat, Monitor, Verdict, verdict};
use crate::units::{LocalTime, Span};

/// What a detector learns from heartbeats, apart from the one setting that turns it into a deadline.
///
/// All settings of a family hear the same heartbeats, so the estimate is updated once for all of them. An estimator must
/// not depend on the verdict that a setting reached, unless [`SHARED`](Self::SHARED) is false.
pub trait Estimator: Clone + Send + Sync {
    /// What differs between the settings of a family: a timeout, a margin, a threshold.
    ///
    /// A larger setting is a later deadline: for every state, [`suspect_at`](Self::suspect_at) must never decrease in
    /// the setting.
    type Setting: Copy + PartialOrd + Send + Sync + std::fmt::Debug;

    /// Whether several settings may share this estimator. False where the estimate depends on the detector's own
    /// verdict; such a family always has one setting.
    const SHARED: bool = true;

    /// As [`Monitor::heartbeat`].
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat);

    /// As [`Monitor::suspect_at`], for one setting.
    fn suspect_at(&self, setting: Self::Setting) -> Option<LocalTime>;

    /// The observer looks at `now` and the deadline has passed. Called only where [`SHARED`](Self::SHARED) is false;
    /// the deadline is asked again afterwards.
    fn condemn(&mut self, now: LocalTime) {
        let _ = now;
    }

    /// As [`Monitor::looked_after`].
    fn looked_after(&mut self, previous: LocalTime, now: LocalTime) {
        let _ = (previous, now);
    }

    /// As [`Monitor::pause_limit`].
    fn pause_limit(&self) -> Option<Span> {
        None
    }

    /// As [`Monitor::level`], for one setting.
    fn level(&self, setting: Self::Setting, now: LocalTime) -> f64 {
        f64::from(u8::from(verdict(self.suspect_at(setting), now) == Verdict::Suspect))
    }
}

/// An estimator with one setting: a complete [`Monitor`].
#[derive(Clone, Debug)]
pub struct Single<E: Estimator> {
    estimator: E,
    setting: E::Setting,
}

impl<E: Estimator> Single<E> {
    /// Joins an estimator that heard nothing yet with a setting.
    #[must_use]
    pub const fn new(estimator: E, setting: E::Setting) -> Self {
        Self { estimator, setting }
    }
}

impl<E: Estimator> Monitor for Single<E> {
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        self.estimator.heartbeat(now, beat);
    }

    fn suspect_at(&self) -> Option<LocalTime> {
        self.estimator.suspect_at(self.setting)
    }

    fn check(&mut self, now: LocalTime) -> Verdict {
        if verdict(self.suspect_at(), now) == Verdict::Suspect {
            self.estimator.condemn(now);
        }
        verdict(self.suspect_at(), now)
    }

    fn looked_after(&mut self, previous: LocalTime, now: LocalTime) {
        self.estimator.looked_after(previous, now);
    }

    fn pause_limit(&self) -> Option<Span> {
        self.estimator.pause_limit()
    }

    fn level(&self, now: LocalTime) -> f64 {
        self.estimator.level(self.setting, now)
    }
}

/// Any [`Monitor`] as a family of one: how a detector of one's own enters a simulation.
#[derive(Clone, Debug)]
pub struct Solo<M>(pub M);

impl<M: Monitor + Clone + Send + Sync> Estimator for Solo<M> {
    type Setting = ();
    const SHARED: bool = false;

    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        self.0.heartbeat(now, beat);
    }

    fn suspect_at(&self, (): ()) -> Option<LocalTime> {
        self.0.suspect_at()
    }

    fn condemn(&mut self, now: LocalTime) {
        self.0.check(now);
    }

    fn looked_after(&mut self, previous: LocalTime, now: LocalTime) {
        self.0.looked_after(previous, now);
    }

    fn pause_limit(&self) -> Option<Span> {
        self.0.pause_limit()
    }

    fn level(&self, (): (), now: LocalTime) -> f64 {
        self.0.level(now)
    }
}
