//! The real code: sans-io failure detectors, one file each, usable in production as they are.
//!
//! A detector is told what its own node saw (heartbeats, and the time on its node's clock) and answers when it will
//! suspect. It reads no clock, opens no socket and draws no random number, so the code that is simulated here is the code
//! that production links (`default-features = false`). It must never know the truth: no [`crate::units::SimTime`], no
//! model, no engine.
//!
//! Two shapes:
//! - [`Monitor`] judges one peer from its heartbeats: what a user writes, and what production holds a map of.
//! - [`Estimator`] is a monitor cut in two: what it learns from heartbeats (shared), and the setting that turns this
//!   into a deadline. Settings that share an estimator are a *family*, and update it once. [`Single`] joins an
//!   estimator with one setting to make a `Monitor`; [`Solo`] turns any `Monitor` into a family of one.

mod config;
mod crossing;
mod estimator;
mod family;
mod gaps;
mod logistic;
mod newest;
mod ring;
#[cfg(test)]
mod testing;
mod watch;

pub use config::{Config, InvalidParameter, KINDS};
pub use estimator::{Estimator, Single, Solo};
pub use family::{Visitor, build, families, monitor};
pub use logistic::Limit;
pub use watch::{CheckPeriod, CheckPhase, Clock, Watch};

pub mod arrival;
pub mod bertier;
pub mod conformance;
pub mod exponential;
pub mod histogram;
pub mod misses;
pub mod nfd_e;
pub mod nfd_s;
pub mod nfd_u;
pub mod phi_akka;
pub mod phi_cassandra;
pub mod phi_chitchat;
pub mod phi_hazelcast;
pub mod phi_normal;
pub mod self_tuning;
pub mod timeout;
pub mod two_window;
pub mod window;

use crate::units::{LocalTime, RemoteTime, Span};

/// One heartbeat as it stands in the message.
///
/// Heartbeats of one sender are ordered by (incarnation, sequence number).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// Which start of the sender this is: 0 for the first, one more at each restart.
    pub incarnation: u32,
    /// Number of the heartbeat within its incarnation, from 0; numbers may be missing.
    pub seq: u64,
    /// When the sender's clock said that it was sent.
    pub sent: RemoteTime,
}

impl Beat {
    /// What orders heartbeats of one sender.
    #[must_use]
    pub const fn order(&self) -> (u32, u64) {
        (self.incarnation, self.seq)
    }
}

/// What a monitor thinks of its peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It has no opinion: nothing was heard yet. From here to [`Verdict::Suspect`] is no suspicion in any count.
    Unknown,
    /// The peer is held to be alive.
    Trust,
    /// The peer is held to have failed.
    Suspect,
}

/// A failure detector that judges one peer from its heartbeats.
///
/// Time never runs backwards between calls. A heartbeat that is processed at the very instant at which the verdict would
/// turn is in time: callers call [`heartbeat`](Self::heartbeat) before they look.
pub trait Monitor {
    /// A heartbeat of the peer was processed when the own clock showed `now`. Beats may be late, repeated or overtaken.
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat);

    /// When, with no further heartbeat, the verdict becomes *suspect*: the first instant that is suspect.
    ///
    /// `None`: no opinion yet. An instant in the past: the peer is suspected now. A strict rule ("more than 3 s") is
    /// limit + 1 ns. The answer may move both ways at a heartbeat.
    fn suspect_at(&self) -> Option<LocalTime>;

    /// Somebody looks at `now` and acts on the answer.
    ///
    /// The default compares with [`suspect_at`](Self::suspect_at). Rules that depend on being looked at live here.
    fn check(&mut self, now: LocalTime) -> Verdict {
        verdict(self.suspect_at(), now)
    }

    /// The observer looks at `now`, and had not looked since `previous`: it was stalled, or it looks seldom.
    ///
    /// Called before the look, and only where the gap is longer than [`pause_limit`](Self::pause_limit). Guards against
    /// the observer's own pauses live here.
    fn looked_after(&mut self, previous: LocalTime, now: LocalTime) {
        let _ = (previous, now);
    }

    /// The gap between two looks from which on this detector wants to be told of it. `None`: never.
    fn pause_limit(&self) -> Option<Span> {
        None
    }

    /// The suspicion level at `now`, for accrual detectors and charts; others give 0 for trust and 1 for suspect.
    fn level(&self, now: LocalTime) -> f64 {
        f64::from(u8::from(verdict(self.suspect_at(), now) == Verdict::Suspect))
    }
}

/// The verdict at `now` of a detector that will suspect at `suspect_at`.
#[must_use]
#[inline]
pub fn verdict(suspect_at: Option<LocalTime>, now: LocalTime) -> Verdict {
    match suspect_at {
        None => Verdict::Unknown,
        Some(at) if at <= now => Verdict::Suspect,
        Some(_) => Verdict::Trust,
    }
}
