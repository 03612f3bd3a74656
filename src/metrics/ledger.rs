//! The sums of one chunk of pairs: what every judge of every setting adds to.
//!
//! Only what lies in the measured time counts: a mistake, crash or heartbeat if it starts there, a stretch of time for
//! its part there.

use std::ops::Range;
use std::sync::Arc;

use super::cluster::{Change, ClusterEvent};
use super::judge::Who;
use super::pair::PairTruth;
use super::record::{Component, Detection, FalsePositive, Outcome};
use super::sums::Sums;
use super::units::Components;
use crate::engine::Trouble;
use crate::units::{SimTime, Span};

/// What the metrics must know of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// How pairs fall into independence components.
    pub components: Components,
    /// Mistakes within this time of a start count as bootstrap mistakes too.
    pub bootstrap: Span,
    /// How many beats fill the detector's memory.
    pub memory_beats: u64,
    /// Rows that it may have in `false_positives.csv` in one trial.
    pub rows: u64,
}

/// The measured time of a trial: [start, end), with its middle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) start: SimTime,
    pub(crate) end: SimTime,
}

impl Window {
    fn clip(&self, from: SimTime, to: SimTime) -> (SimTime, SimTime) {
        (from.max(self.start), to.min(self.end))
    }

    /// Whether what starts at this instant counts.
    pub(crate) fn contains(&self, at: SimTime) -> bool {
        self.start <= at && at < self.end
    }

    fn middle(&self) -> SimTime {
        self.start + Span::from_nanos(self.end.since(self.start).as_nanos() / 2)
    }
}

/// The sums of one setting.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) detections: Vec<Detection>,
    pub(crate) recovery_sum_ns: u128,
    pub(crate) recoveries: u64,
    pub(crate) rows: Vec<FalsePositive>,
    /// Mistakes that got a row and began since the last slice.
    pub(crate) rows_begun: u64,
    pub(crate) events: Vec<ClusterEvent>,
}

/// The sums of one chunk of pairs.
#[derive(Debug)]
pub(crate) struct Ledger {
    meters: Arc<[Meter]>,
    pub(crate) sums: Sums,
    pub(crate) accounts: Vec<Account>,
    pub(crate) window: Window,
    forgets: bool,
    /// By setting: whether its mistakes get a row, and so a cause.
    pub(crate) explained: Vec<bool>,
}

impl Ledger {
    pub(crate) fn new(meters: Arc<[Meter]>, window: Window, nodes: &Range<u32>, monitors: u32, forgets: bool) -> Self {
        let sums = Sums::new(&meters, nodes, monitors);
        let accounts = meters.iter().map(|_| Account::default()).collect();
        // Mistakes of the warm-up get no row.
        let measured = window.start == SimTime::ZERO;
        let explained = meters.iter().map(|meter| meter.rows > 0 && measured).collect();
        Self { meters, sums, accounts, window, forgets, explained }
    }

    /// Whether a monitor forgets when it crashes.
    pub(crate) const fn forgets(&self) -> bool {
        self.forgets
    }

    /// Whether what starts at this instant counts.
    pub(crate) fn counts(&self, at: SimTime) -> bool {
        self.window.contains(at)
    }

    /// Time from the start of the measured time.
    pub(crate) fn measured(&self, at: SimTime) -> Span {
        at.since(self.window.start)
    }

    fn component(&mut self, who: Who, at: SimTime) -> &mut Component {
        let setting = who.setting as usize;
        let component = self.meters[setting].components.index(who.node, self.measured(self.window.start.max(at)));
        self.sums.at(setting, component)
    }

    /// Adds a settled exposure.
    pub(crate) fn exposure(&mut self, who: Who, from: SimTime, to: SimTime) {
        self.add_time(who, from, to, |sums, span| sums.exposure_ns += span);
        let middle = self.window.middle();
        self.add_time(who, from, to.min(middle), |sums, span| sums.halves.first_exposure_ns += span);
    }

    fn add_time(&mut self, who: Who, from: SimTime, to: SimTime, add: impl Fn(&mut Component, u128)) {
        let (from, to) = self.window.clip(from, to);
        if from >= to {
            return;
        }
        let setting = who.setting as usize;
        let components = &self.meters[setting].components;
        let sums = &mut self.sums;
        let origin = |at: SimTime| SimTime::ZERO + at.since(self.window.start);
        components.split(who.node, origin(from), origin(to), |index, span| {
            add(sums.at(setting, index), u128::from(span.as_nanos()));
        });
    }

    /// A mistake begins.
    pub(crate) fn mistake(&mut self, who: Who, at: SimTime, truth: &PairTruth) {
        let bootstrap = truth.since_start(at) <= self.meters[who.setting as usize].bootstrap;
        let (counts, first_half) = (self.counts(at), at < self.window.middle());
        self.event(who, at, at, Change::Suspected);
        if !counts {
            return;
        }
        let sums = self.component(who, at);
        sums.mistakes += 1;
        sums.bootstrap_mistakes += u64::from(bootstrap);
        sums.halves.first_mistakes += u64::from(first_half);
    }

    /// Whether the mistake that begins now gets a row, and so a cause.
    pub(crate) fn wants_row(&mut self, who: Who, at: SimTime) -> bool {
        let counts = self.counts(at);
        let account = &mut self.accounts[who.setting as usize];
        let wants = counts && self.explained[who.setting as usize];
        account.rows_begun += u64::from(wants);
        wants
    }

    /// Why the detector's memory may be young or marked at `at`, and how many beats fill it.
    pub(crate) fn memory(&self, who: Who, at: SimTime, truth: &PairTruth) -> Option<(Trouble, u64)> {
        let meter = &self.meters[who.setting as usize];
        let (kind, since) = truth.memory();
        (at.since(since) <= meter.bootstrap).then_some((kind, meter.memory_beats))
    }

    /// A mistake ended: its time was wrong.
    pub(crate) fn wrong(&mut self, who: Who, from: SimTime, to: SimTime, how: Change) {
        self.add_time(who, from, to, |sums, span| sums.wrong_ns += span);
        self.event(who, to, from, how);
    }

    fn event(&mut self, who: Who, at: SimTime, since: SimTime, change: Change) {
        let event = ClusterEvent { at, since, change, node: who.node, monitor: who.monitor };
        self.accounts[who.setting as usize].events.push(event);
    }

    /// An S-transition of a cut pair.
    pub(crate) fn unreachable(&mut self, who: Who, at: SimTime) {
        if self.counts(at) {
            self.component(who, at).unreachable += 1;
        }
    }

    /// A T-transition in settled exposure.
    pub(crate) fn flap(&mut self, who: Who, at: SimTime) {
        if self.counts(at) {
            self.component(who, at).flaps += 1;
        }
    }

    /// A pair that was never heard.
    pub(crate) fn never_heard(&mut self, who: Who) {
        self.component(who, SimTime::ZERO).never_heard += 1;
    }

    /// A restarted node is trusted again.
    pub(crate) fn recovered(&mut self, who: Who, restart: SimTime, at: SimTime) {
        if self.counts(restart) {
            let account = &mut self.accounts[who.setting as usize];
            account.recovery_sum_ns += u128::from(at.since(restart).as_nanos());
            account.recoveries += 1;
        }
    }

    /// What became of a crash.
    pub(crate) fn detection(&mut self, who: Who, crash: SimTime, outcome: Outcome) {
        let setting = who.setting as usize;
        let measured = self.measured(crash);
        let component = self.meters[setting].components.index(who.node, measured);
        self.accounts[setting].detections.push(Detection {
            component: u32::try_from(component).unwrap_or(u32::MAX),
            monitor: who.monitor + 1,
            node: who.node + 1,
            crash_ns: measured.as_nanos(),
            outcome,
        });
    }

    /// A false positive that gets a row.
    pub(crate) fn row(&mut self, setting: u32, row: FalsePositive) {
        self.accounts[setting as usize].rows.push(row);
    }
}
