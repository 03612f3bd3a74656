//! The suite must find every kind of broken detector, each by the rule that it breaks.

use super::{Profile, Restart, Rule, failures};
use crate::detector::timeout::{self, Rearm, Timeout};
use crate::detector::{Beat, Monitor, Verdict};
use crate::units::{LocalTime, Span};

const SECOND: Span = Span::from_secs(1);

fn silence(rearm: Rearm) -> Timeout {
    Timeout::from_config(timeout::Config { after: Span::from_secs(3), rearm })
}

fn broken<M: Monitor>(factory: impl Fn() -> M, profile: &Profile) -> Vec<Rule> {
    failures(factory, SECOND, profile).into_iter().map(|failure| failure.rule).collect()
}

#[test]
fn a_profile_is_held_to() {
    assert_eq!(broken(|| silence(Rearm::Newer), &Profile::default()), []);
    assert_eq!(broken(|| silence(Rearm::Any), &Profile::default()), [Rule::OnlyNewerCounts]);
    assert_eq!(broken(|| silence(Rearm::Any), &Profile { only_newer_counts: false, ..Profile::default() }), []);
    // A bare timeout remembers nothing, so nothing is kept or forgotten at a restart.
    for restart in [Restart::Kept, Restart::AfreshIfSuspected] {
        assert_eq!(broken(|| silence(Rearm::Newer), &Profile { restart, ..Profile::default() }), []);
    }
}

/// A timeout with one thing wrong.
struct Wrong {
    timeout: Timeout,
    heard: u64,
    fault: Fault,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    PanicsAtTheEndOfTime,
    LevelIsNotANumber,
    SuspectsStrangers,
    ForgetsItsOpinion,
    LooksLate,
    CountsLooks,
    NeverSuspects,
    TiresOfRegularity,
    LevelFalls,
    LevelLagsBehind,
    LikesRoundTimes,
    HearsOldLives,
    CountsAcrossLives,
}

impl Monitor for Wrong {
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        assert!(self.fault != Fault::PanicsAtTheEndOfTime || now < LocalTime::MAX, "the end of time");
        self.heard += 1;
        let incarnation = if self.fault == Fault::HearsOldLives { 0 } else { beat.incarnation };
        self.timeout.heartbeat(now, &Beat { incarnation, ..*beat });
    }

    fn suspect_at(&self) -> Option<LocalTime> {
        let due = self.timeout.suspect_at();
        match self.fault {
            Fault::SuspectsStrangers => due.or(Some(LocalTime::ZERO)),
            Fault::ForgetsItsOpinion if self.heard == 77 => None,
            Fault::NeverSuspects => due.map(|_| LocalTime::MAX),
            Fault::TiresOfRegularity if self.heard > 2000 => due.map(|at| at - Span::from_secs(3)),
            Fault::LikesRoundTimes => due.map(|at| LocalTime::from_nanos(at.as_nanos() / 7000 * 7000)),
            Fault::CountsLooks | Fault::CountsAcrossLives => due.map(|at| at + Span::from_nanos(self.heard)),
            _ => due,
        }
    }

    fn check(&mut self, now: LocalTime) -> Verdict {
        if self.fault == Fault::CountsLooks {
            self.heard += 1;
        }
        let late = Span::from_nanos(u64::from(self.fault == Fault::LooksLate));
        crate::detector::verdict(self.suspect_at(), now - late)
    }

    fn level(&self, now: LocalTime) -> f64 {
        let Some(due) = self.timeout.suspect_at() else { return 0.0 };
        let waited = now.since(due - Span::from_secs(3)).as_nanos();
        let share = crate::num::u64_to_f64(waited) / 3e9;
        match self.fault {
            Fault::LevelIsNotANumber => f64::NAN,
            Fault::LevelFalls => 1.0 - share,
            Fault::LevelLagsBehind => share / 2.0,
            _ => share,
        }
    }
}

#[test]
fn every_fault_is_found_by_its_rule() {
    let cases = [
        (Fault::PanicsAtTheEndOfTime, Rule::SurvivesAnything),
        (Fault::LevelIsNotANumber, Rule::SurvivesAnything),
        (Fault::SuspectsStrangers, Rule::SilentBeforeFirst),
        (Fault::ForgetsItsOpinion, Rule::OpinionStays),
        (Fault::LooksLate, Rule::LookAgreesWithDeadline),
        (Fault::CountsLooks, Rule::LookingIsFree),
        (Fault::NeverSuspects, Rule::SilenceEndsInSuspicion),
        (Fault::TiresOfRegularity, Rule::RegularBeatsKeepTrust),
        (Fault::LevelFalls, Rule::LevelRisesInSilence),
        (Fault::LevelLagsBehind, Rule::LevelAgreesWithDeadline),
        (Fault::LikesRoundTimes, Rule::FreeOfOrigin),
        (Fault::HearsOldLives, Rule::OldLivesCountForNothing),
        (Fault::CountsAcrossLives, Rule::Restarts),
    ];
    let profile = Profile { level_limit: Some(1.0), ..Profile::default() };
    for (fault, rule) in cases {
        let found = broken(|| Wrong { timeout: silence(Rearm::Newer), heard: 0, fault }, &profile);
        assert!(found.contains(&rule), "{rule:?} is not among {found:?}");
    }
}

#[test]
fn a_panic_is_told_by_its_message() {
    let make = || Wrong { timeout: silence(Rearm::Newer), heard: 0, fault: Fault::PanicsAtTheEndOfTime };
    let told = failures(make, SECOND, &Profile::default());
    assert_eq!(told[0].to_string(), "SurvivesAnything: it panicked: the end of time");
}

#[test]
fn a_detector_that_answers_by_chance_is_found() {
    use std::cell::Cell;
    let made = Cell::new(0);
    let make = || {
        made.set(made.get() + 1);
        timeout::Config { after: Span::from_nanos(3_000_000_000 + made.get()), rearm: Rearm::Newer }
    };
    assert!(broken(|| Timeout::from_config(make()), &Profile::default()).contains(&Rule::Repeatable));
}
