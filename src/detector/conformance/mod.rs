//! What every failure detector must do, as a suite that runs over any [`Monitor`]: ours, and yours.
//!
//! A detector that suspects a living peer is doing its work; one that panics on a repeated heartbeat, forgets its opinion or
//! answers differently after a look is broken, and no simulation shows it as such. Each [`Rule`] is tried on arrivals that
//! real networks produce; every rule that does not hold is returned by name, none panics. What production detectors may
//! differ in (which heartbeats count, what a restart does) stands in a [`Profile`].
//!
//! ```
//! use systole::detector::conformance::{Profile, failures};
//! use systole::detector::timeout::{Config, Rearm, Timeout};
//! use systole::units::Span;
//!
//! let config = Config { after: Span::from_secs(3), rearm: Rearm::Newer };
//! let broken = failures(|| Timeout::from_config(config), Span::from_secs(1), &Profile::default());
//! assert_eq!(broken, []);
//! ```
//!
//! This module must not know any particular detector.

mod rules;
mod script;
#[cfg(test)]
mod tests;

use super::Monitor;
use crate::units::Span;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// In what detectors may rightly differ.
///
/// The default is what most published detectors do: no opinion before the first heartbeat, trust from it on, only newer
/// heartbeats count, looking changes nothing, a restart forgets everything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// No opinion before the first heartbeat ([`Monitor::suspect_at`] is `None`). False: it may suspect who never spoke.
    pub silent_before_first: bool,
    /// One heartbeat alone earns trust. False: two may be needed (chitchat).
    pub one_heartbeat_is_enough: bool,
    /// Only a heartbeat newer than all before changes anything; repeated and overtaken ones do not. False: every arrival may
    /// count (Akka, Hazelcast, an idle timer).
    pub only_newer_counts: bool,
    /// Looking ([`Monitor::check`]) changes no later answer. False: the detector learns from its own verdict when somebody
    /// looks (chitchat clears its memory at death).
    pub looking_is_free: bool,
    /// What the first heartbeat of a new incarnation does.
    pub restart: Restart,
    /// The step of the clock that the detector reads, above zero: 1 ms for one that counts in whole milliseconds. Answers are
    /// compared between clocks that differ by a multiple of it.
    pub clock_step: Span,
    /// The level at which it suspects, for accrual detectors: the level must pass it at the deadline.
    pub level_limit: Option<f64>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            silent_before_first: true,
            one_heartbeat_is_enough: true,
            only_newer_counts: true,
            looking_is_free: true,
            restart: Restart::Afresh,
            clock_step: Span::from_nanos(1),
            level_limit: None,
        }
    }
}

/// What the first heartbeat of a new incarnation does to what was learnt from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Everything is forgotten: from then on, as a detector that heard only the new incarnation.
    Afresh,
    /// Nothing is forgotten: it is a heartbeat like any other.
    Kept,
    /// Forgotten where the peer was suspected when it came back, kept otherwise (Cassandra).
    AfreshIfSuspected,
}

/// One thing that a detector must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// It does not panic, and its level is a number, whatever it hears and whenever it is asked: heartbeats late, repeated,
    /// reordered and far apart, of older incarnations, with the largest numbers and stamps, at the first and last instant.
    SurvivesAnything,
    /// The same inputs give the same answers.
    Repeatable,
    /// There is no opinion before the first heartbeat.
    SilentBeforeFirst,
    /// Once there is an opinion, there is one for ever.
    OpinionStays,
    /// A look says suspect if and only if the deadline has come, and the deadline agrees afterwards.
    LookAgreesWithDeadline,
    /// Looking, and asking for the level, changes no later answer.
    LookingIsFree,
    /// A peer that falls silent is suspected, within a million intervals.
    SilenceEndsInSuspicion,
    /// A peer whose heartbeats come exactly on time is trusted from one to the next. (Parameters that forbid this, such as a
    /// timeout below the interval, do not belong into this suite.)
    RegularBeatsKeepTrust,
    /// The level never falls while nothing is heard.
    LevelRisesInSilence,
    /// The level passes the limit at the deadline: not above before, not below from then on.
    LevelAgreesWithDeadline,
    /// A clock with another origin gives the same answers, shifted.
    FreeOfOrigin,
    /// A heartbeat that is not newer than all before changes nothing.
    OnlyNewerCounts,
    /// A heartbeat of an older incarnation changes nothing.
    OldLivesCountForNothing,
    /// A restart forgets what the [`Profile`] says.
    Restarts,
}

/// A rule that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which.
    pub rule: Rule,
    /// What was seen, in words.
    pub seen: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.rule, self.seen)
    }
}

/// Runs the suite over the detector that `factory` makes, for a peer that sends every `interval`, and returns the rules that
/// do not hold; empty where all do.
///
/// `factory` must give a detector that has heard nothing yet, the same each time. A panic of the detector is caught and
/// returned like any other failure (where panics unwind). Takes some 10,000 heartbeats.
#[must_use]
pub fn failures<M: Monitor>(factory: impl Fn() -> M, interval: Span, profile: &Profile) -> Vec<Failure> {
    let bench = rules::Bench { factory: &factory, interval, profile };
    rules::all::<M, _>()
        .into_iter()
        .filter_map(|(rule, holds)| {
            let outcome = catch_unwind(AssertUnwindSafe(|| holds(&bench)));
            let seen = outcome.unwrap_or_else(|panic| Err(format!("it panicked: {}", text_of(&*panic)))).err()?;
            Some(Failure { rule, seen })
        })
        .collect()
}

/// The message of a panic, where it has one.
fn text_of(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message")
}
