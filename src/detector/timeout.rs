//! A fixed timeout: suspected when nothing was heard for so long.
//!
//! **Rule.** suspect at the last heartbeat that counts + `after`.
//!
//! **Parameters.** `after`: the timeout, above the interval. `rearm`: which heartbeats count: `newer` (only one newer
//! than all before: Chen's and most texts) or `any` (every arrival: what a socket's idle timer does). They differ only
//! where heartbeats overtake each other.
//!
//! **Before the first heartbeat** it has no opinion. **At a restart** the first heartbeat of the new incarnation is newer
//! than all before and counts; one of an older incarnation counts for nothing once a newer was heard.
//!
//! **Cost**: a comparison and a store a heartbeat. **Fails** where the silence of a living peer is longer than `after`: one
//! pause or one burst of loss longer than the timeout is one mistake, however regular the rest.

use super::{Beat, Estimator, Single};
use crate::units::{LocalTime, Span};

/// Parameters of a fixed timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// How long a silence must last.
    pub after: Span,
    /// Which heartbeats end a silence.
    pub rearm: Rearm,
}

/// Which heartbeats re-arm a detector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rearm {
    /// Only one that is newer than all before.
    #[default]
    Newer,
    /// Every one, but of an older incarnation.
    Any,
}

/// A fixed timeout as a [`crate::detector::Monitor`].
pub type Timeout = Single<Silence>;

impl Timeout {
    /// A detector that has heard nothing yet.
    #[must_use]
    pub fn from_config(config: Config) -> Self {
        Self::new(Silence::new(config.rearm), config.after)
    }
}

/// When the peer was last heard.
#[derive(Clone, Copy, Debug)]
pub struct Silence {
    rearm: Rearm,
    newest: Option<(u32, u64)>,
    since: LocalTime,
}

impl Silence {
    /// Nothing heard yet.
    #[must_use]
    pub const fn new(rearm: Rearm) -> Self {
        Self { rearm, newest: None, since: LocalTime::ZERO }
    }
}

impl Estimator for Silence {
    type Setting = Span;

    #[inline]
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        let newer = self.newest.is_none_or(|newest| beat.order() > newest);
        let same_life = self.newest.is_none_or(|(incarnation, _)| beat.incarnation >= incarnation);
        if newer {
            self.newest = Some(beat.order());
        }
        if newer || (self.rearm == Rearm::Any && same_life) {
            self.since = now;
        }
    }

    #[inline]
    fn suspect_at(&self, after: Span) -> Option<LocalTime> {
        self.newest.map(|_| self.since + after)
    }
}
