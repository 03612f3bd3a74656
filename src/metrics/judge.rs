//! One setting at one pair: its verdicts against the truth, summed as they change.
//!
//! Nothing is touched while nothing changes; time is added when a stretch ends.

use super::cluster::Change;
use super::ledger::{Ledger, SilenceRule, Stretch};
use super::pair::PairTruth;
use super::record::{Cause, FalsePositive, Outcome};
use super::since::Since;
use crate::detector::Verdict;
use crate::engine::{Arrival, Mistake, PairSlice, Transition, Truth, TruthEvent};
use crate::units::SimTime;

/// What one setting thinks of one pair, and what is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judge {
    known: bool,
    suspect: bool,
    /// Since when the pair is in settled exposure.
    settled: Since,
    /// Since when it is wrong.
    wrong: Since,
    /// What the row of that mistake will say, where it gets one.
    row: Option<Box<OpenRow>>,
    /// When the last mistake of this settled exposure began.
    last_mistake: Since,
    /// Since when it is trusted again.
    good: Since,
    crash: Option<Box<OpenCrash>>,
    /// When the node was last started again, until it is trusted.
    restarted: Since,
}

#[derive(Clone, Debug)]
struct OpenRow {
    cause: Cause,
    /// The last beat that counted before the silence.
    heard: Option<Arrival>,
    /// When the silence ended, where nobody may have looked just then.
    ended: Option<SimTime>,
}

#[derive(Clone, Debug)]
struct OpenCrash {
    at: SimTime,
    /// The last beat that counted before the S-transition, the deadline, and the S-transition that holds.
    suspected: Option<(Option<SimTime>, SimTime, SimTime)>,
}

/// Who is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who {
    pub(crate) node: u32,
    pub(crate) monitor: u32,
    pub(crate) setting: u32,
}

impl Judge {
    /// The truth changed; `truth` is already as it is from then on.
    pub(crate) fn truth(
        &mut self,
        event: TruthEvent,
        truth: &PairTruth,
        was: &PairTruth,
        who: Who,
        ledger: &mut Ledger,
    ) {
        match event.change {
            Truth::NodeDown => {
                self.unsettle(event.at, who, ledger);
                self.crash(event.at, was, who, ledger);
                self.restarted = Since::default();
            }
            Truth::NodeUp => {
                self.resolve(event.at, Outcome::Undetected, who, ledger);
                self.restarted = Since::at(event.at);
            }
            Truth::MonitorDown => {
                self.unsettle(event.at, who, ledger);
                if ledger.forgets() {
                    self.forget();
                }
            }
            Truth::MonitorUp | Truth::CutEnd => {}
            Truth::CutStart | Truth::RecordingEnd => self.unsettle(event.at, who, ledger),
            Truth::Heard => self.settle(event.at, truth, who, ledger),
        }
    }

    /// The monitor crashed and lost its memory: it suspects nobody until it has formed an opinion anew.
    fn forget(&mut self) {
        self.known = false;
        self.suspect = false;
        if let Some(crash) = &mut self.crash {
            crash.suspected = None;
        }
    }

    /// The setting's verdict changed.
    pub(crate) fn verdict(
        &mut self,
        change: &Transition,
        truth: &PairTruth,
        who: Who,
        ledger: &mut Ledger,
        slice: &PairSlice<'_>,
    ) {
        self.known = true;
        self.suspect = change.verdict == Verdict::Suspect;
        match (self.suspect, change.first) {
            (true, true) => {}
            (true, false) => self.suspected(change, truth, who, ledger, slice),
            (false, _) => self.trusted(change.at, truth, who, ledger),
        }
    }

    fn suspected(
        &mut self,
        change: &Transition,
        truth: &PairTruth,
        who: Who,
        ledger: &mut Ledger,
        slice: &PairSlice<'_>,
    ) {
        if self.settled.is_some() {
            ledger.mistake(who, change.at, truth);
            self.end_stretches(change.at, true, who, ledger);
            self.last_mistake = Since::at(change.at);
            self.wrong = Since::at(change.at);
            self.row = ledger.wants_row(who, change.at).then(|| {
                let memory = ledger.memory(who, change.at, truth);
                let mistake = Mistake { setting: who.setting, at: change.at, memory };
                let cause = Cause::from(&slice.explain(&mistake));
                let heard = slice.heard_before(change.at, ledger.silence(who.setting).late_beats);
                Box::new(OpenRow { cause, heard, ended: None })
            });
            if self.row.is_some() {
                self.hear(ledger.silence(who.setting), slice);
            }
        } else if truth.unreachable() {
            ledger.unreachable(who, change.at);
        }
        if let Some(crash) = &mut self.crash {
            let heard = slice.heard_before(change.at, ledger.silence(who.setting).late_beats);
            crash.suspected = Some((heard.map(|heard| heard.at), change.deadline, change.at));
        }
    }

    fn trusted(&mut self, at: SimTime, truth: &PairTruth, who: Who, ledger: &mut Ledger) {
        if let Some(crash) = &mut self.crash {
            crash.suspected = None;
        }
        if self.settled.is_some() {
            ledger.flap(who, at);
            self.good = Since::at(at);
            self.close(at, Change::Trusted, who, ledger);
        } else {
            self.settle(at, truth, who, ledger);
        }
    }

    /// Settles the exposure from the first trust at or after the first arrival.
    fn settle(&mut self, at: SimTime, truth: &PairTruth, who: Who, ledger: &mut Ledger) {
        if !self.settled.is_some() && self.known && !self.suspect && truth.exposed() && truth.heard_since_cut {
            self.settled = Since::at(at);
            if let Some(restart) = self.restarted.take() {
                ledger.recovered(who, restart, at);
            }
        }
    }

    /// Ends the settled exposure.
    pub(crate) fn unsettle(&mut self, at: SimTime, who: Who, ledger: &mut Ledger) {
        if let Some(since) = self.settled.take() {
            self.close(at, Change::Cut, who, ledger);
            self.end_stretches(at, false, who, ledger);
            ledger.exposure(who, since, at);
        }
    }

    /// Ends what runs from one mistake to the next: by a mistake, or cut.
    fn end_stretches(&mut self, at: SimTime, ended: bool, who: Who, ledger: &mut Ledger) {
        for (since, stretch) in [(&mut self.last_mistake, Stretch::Recurrence), (&mut self.good, Stretch::GoodPeriod)] {
            if let Some(since) = since.take() {
                ledger.stretch(who, stretch, since, at, ended);
            }
        }
    }

    /// Looks in this slice for the beat that ends the silence of the open mistake, where the setting is looked at on ticks
    /// only: trust comes when somebody looks. Returns whether the beat is still to come.
    pub(crate) fn hear(&mut self, rule: SilenceRule, slice: &PairSlice<'_>) -> bool {
        let (Some(since), Some(row)) = (self.wrong.get(), self.row.as_mut().filter(|_| rule.ticks)) else {
            return false;
        };
        let OpenRow { heard: Some(heard), ended, .. } = row.as_mut() else { return false };
        *ended = ended.or_else(|| slice.rearmed_after(since, heard, rule.late_beats));
        ended.is_none()
    }

    /// Closes the open mistake, if there is one: by a T-transition, or cut.
    fn close(&mut self, at: SimTime, how: Change, who: Who, ledger: &mut Ledger) {
        let Some(since) = self.wrong.take() else { return };
        ledger.wrong(who, since, at, how);
        if let Some(row) = self.row.take() {
            // Who looks at every instant trusts at the beat that ends the silence.
            let ended = row.ended.unwrap_or(at);
            let heard = row.heard.filter(|_| how == Change::Trusted);
            let needed = heard.map(|heard| ended.since(heard.at).as_nanos());
            ledger.row(
                who.setting,
                FalsePositive {
                    monitor: who.monitor + 1,
                    node: who.node + 1,
                    start_ns: ledger.measured(since).as_nanos(),
                    duration_ns: at.since(since).as_nanos(),
                    cause: row.cause,
                    needed_timeout_ns: needed,
                },
            );
        }
    }

    fn crash(&mut self, at: SimTime, was: &PairTruth, who: Who, ledger: &mut Ledger) {
        if !ledger.counts(at) {
            return;
        }
        if was.heard_this_life {
            // Suspected already: no S-transition of this crash is awaited, its latency is 0.
            let suspected = self.suspect.then_some((None, at, at));
            self.crash = Some(Box::new(OpenCrash { at, suspected }));
        } else {
            ledger.detection(who, at, Outcome::Unknown);
        }
    }

    /// Decides the open crash at its restart or at the end.
    fn resolve(&mut self, at: SimTime, otherwise: fn(u64) -> Outcome, who: Who, ledger: &mut Ledger) {
        let Some(crash) = self.crash.take() else { return };
        let outcome = match crash.suspected {
            Some((heard, deadline, suspected)) => detected(crash.at, heard, deadline, suspected),
            None => otherwise(at.since(crash.at).as_nanos()),
        };
        ledger.detection(who, crash.at, outcome);
    }

    /// The trial ends.
    pub(crate) fn end(&mut self, at: SimTime, who: Who, ledger: &mut Ledger) {
        self.unsettle(at, who, ledger);
        self.resolve(at, Outcome::Censored, who, ledger);
    }
}

fn detected(crash: SimTime, heard: Option<SimTime>, deadline: SimTime, suspected: SimTime) -> Outcome {
    let Some(heard) = heard else {
        return Outcome::Detected { latency_ns: 0, silence_ns: 0, timeout_ns: 0, look_ns: 0 };
    };
    Outcome::Detected {
        latency_ns: suspected.since(crash).as_nanos(),
        silence_ns: crash.since(heard).as_nanos(),
        // A beat that came after the crash had no silence before it: its timeout counts from the crash.
        timeout_ns: deadline.since(heard.min(crash)).as_nanos(),
        look_ns: suspected.since(deadline).as_nanos(),
    }
}
