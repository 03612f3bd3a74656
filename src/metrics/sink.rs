//! The metrics as the engine's sink: parts that judge their pairs, folded slice by slice.

use std::ops::Range;
use std::sync::Arc;

use super::cluster::{Change, Cluster, ClusterEvent, HostCount, in_order};
use super::judge::{Judge, Who};
use super::ledger::{Ledger, Meter, Stretch, Window};
use super::lengths::Lengths;
use super::pair::PairTruth;
use super::record::{Detection, TrafficRecord, TrialRecord};
use super::traffic::{Delays, Traffic};
use crate::engine::{PairSlice, Sink, SinkPart, Transition, Truth, TruthEvent, Wanted};
use crate::model::{self, World};
use crate::num::u64_to_usize;
use crate::units::{SimTime, Span};

/// Measures one trial.
pub struct Metrics {
    meters: Arc<[Meter]>,
    window: Window,
    monitors: u32,
    forgets: bool,
    recorded: bool,
    /// Changes of verdicts that each setting may keep.
    transitions: u64,
    /// How many each has kept.
    kept: Vec<u64>,
    /// Where the last slice ended.
    sliced: SimTime,
    delays: Arc<Delays>,
    clusters: Vec<Cluster>,
    /// By setting: how long stretches of settled exposure lasted.
    lengths: Vec<Stretches>,
    measured: Measured,
}

/// Lengths of the stretches into which mistakes divide settled exposure.
#[derive(Clone, Debug, Default)]
struct Stretches {
    mistakes: Lengths,
    recurrences: Lengths,
    good_periods: Lengths,
}

impl Stretches {
    fn add(&mut self, stretches: &[(Stretch, u64, bool)]) {
        for &(stretch, nanos, cut) in stretches {
            match stretch {
                Stretch::Recurrence => self.recurrences.record(nanos, cut),
                Stretch::GoodPeriod => self.good_periods.record(nanos, cut),
            }
        }
    }
}

/// What a trial measured.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// By setting.
    pub records: Vec<TrialRecord>,
    /// What the world sent.
    pub traffic: TrafficRecord,
    /// Changes of verdicts, as many of each setting as were asked for, in order of time: node and monitor from 0.
    pub transitions: Vec<(u32, u32, Transition)>,
    /// Changes that were not kept, by setting.
    pub transitions_left_out: Vec<u64>,
}

impl Metrics {
    /// Metrics of one trial of `world`, for settings that are described by `meters`. Of each setting some `transitions`
    /// are kept: all of the earliest slices, until there are so many.
    #[must_use]
    pub fn new(world: &World, meters: Arc<[Meter]>, merge_gap: Span, transitions: u64) -> Self {
        let start = SimTime::ZERO + world.warm_up;
        let window = Window { start, end: SimTime::ZERO + world.total() };
        let cluster = Cluster::new(window, merge_gap, world.nodes, world.monitors);
        Self {
            window,
            monitors: world.monitors,
            forgets: !world.monitor.memory_kept,
            recorded: matches!(world.traffic, model::Traffic::Recorded { .. }),
            transitions,
            kept: vec![0; meters.len()],
            sliced: SimTime::ZERO,
            delays: Arc::default(),
            clusters: vec![cluster; meters.len()],
            lengths: vec![Stretches::default(); meters.len()],
            measured: Measured { transitions_left_out: vec![0; meters.len()], ..Measured::default() },
            meters,
        }
    }

    /// What was measured, once the trial is over.
    #[must_use]
    pub fn finish(self) -> Measured {
        self.measured
    }
}

/// The metrics of one chunk of pairs.
pub struct MetricsPart {
    ledger: Ledger,
    settings: usize,
    first_node: u32,
    monitors: u32,
    /// By setting: whether its changes are still kept; empty where none were asked for.
    keeps: Vec<bool>,
    pairs: Vec<PairTruth>,
    /// By pair: whether a mistake is open whose silence had not ended at the end of the last slice.
    silent: Vec<bool>,
    /// Whether any setting is looked at on ticks only.
    ticks: bool,
    /// Pair-major.
    judges: Vec<Judge>,
    /// Changes of one pair's slice in the order in which they are judged: by setting, then as they came.
    order: Vec<u64>,
    hosts: Vec<HostCount>,
    traffic: Traffic,
    transitions: Vec<(u32, u32, Transition)>,
    left_out: Vec<u64>,
}

impl Sink for Metrics {
    type Part = MetricsPart;

    fn part(&mut self, nodes: Range<u32>) -> MetricsPart {
        let pairs = nodes.len() * self.monitors as usize;
        MetricsPart {
            ledger: Ledger::new(Arc::clone(&self.meters), self.window, &nodes, self.monitors, self.forgets),
            settings: self.meters.len(),
            first_node: nodes.start,
            monitors: self.monitors,
            keeps: if self.transitions > 0 { vec![true; self.meters.len()] } else { Vec::new() },
            pairs: vec![PairTruth::new(); pairs],
            silent: vec![false; pairs],
            ticks: self.meters.iter().any(|meter| meter.silence.ticks),
            judges: vec![Judge::default(); pairs * self.meters.len()],
            order: Vec::new(),
            hosts: Vec::new(),
            traffic: Traffic::new(self.window, self.recorded, Arc::clone(&self.delays)),
            transitions: Vec::new(),
            left_out: vec![0; self.meters.len()],
        }
    }

    fn end_slice(&mut self, parts: &mut [&mut MetricsPart], until: SimTime) {
        let from = std::mem::replace(&mut self.sliced, until);
        let last = until >= self.window.end;
        if last {
            for part in parts.iter_mut() {
                part.end(until);
            }
        }
        let mut hosts: Vec<HostCount> = parts.iter_mut().flat_map(|part| part.hosts.drain(..)).collect();
        hosts.sort_by_key(|count| count.at);
        for setting in 0..self.meters.len() {
            let accounts = || parts.iter().map(|part| &part.ledger.accounts[setting]);
            let events = in_order(&accounts().map(|account| account.events.as_slice()), from, until);
            self.clusters[setting].apply(&events, &hosts);
            for account in accounts() {
                self.lengths[setting].add(&account.stretches);
            }
            let begun: u64 = accounts().map(|account| account.begun).sum();
            self.measure(setting, &events);
            cap_detections(parts, setting, self.meters[setting].detections);
            for part in parts.iter_mut() {
                part.ledger.end_slice(setting, begun, until >= self.window.start);
            }
        }
        self.keep_transitions(parts);
        if last {
            self.collect(parts, until);
        }
    }
}

impl Metrics {
    /// Counts how long the mistakes lasted that these events end.
    fn measure(&mut self, setting: usize, events: &[ClusterEvent]) {
        for event in events.iter().filter(|event| event.change != Change::Suspected) {
            if self.window.contains(event.since) {
                let lengths = &mut self.lengths[setting].mistakes;
                lengths.record(event.at.since(event.since).as_nanos(), event.change == Change::Cut);
            }
        }
    }

    /// Takes the changes of the slice, and keeps no more of the settings that have enough.
    fn keep_transitions(&mut self, parts: &mut [&mut MetricsPart]) {
        if self.transitions == 0 {
            return;
        }
        for part in parts.iter_mut() {
            for (.., change) in &part.transitions {
                self.kept[change.setting as usize] += 1;
            }
            self.measured.transitions.append(&mut part.transitions);
        }
        for part in parts.iter_mut() {
            for (keeps, kept) in part.keeps.iter_mut().zip(&self.kept) {
                *keeps = *kept < self.transitions;
            }
        }
    }

    /// Folds the parts into records, in their order.
    fn collect(&mut self, parts: &mut [&mut MetricsPart], end: SimTime) {
        let clusters = std::mem::take(&mut self.clusters);
        for (setting, cluster) in clusters.into_iter().enumerate() {
            let meter = &self.meters[setting];
            let lengths = &self.lengths[setting];
            let mut record = TrialRecord {
                cluster: cluster.finish(end),
                mistake_durations: lengths.mistakes.counts(),
                mistake_recurrences: lengths.recurrences.counts(),
                good_periods: lengths.good_periods.counts(),
                ..TrialRecord::default()
            };
            for part in parts.iter_mut() {
                part.ledger.sums.add_to(setting, &mut record.components);
                let account = &mut part.ledger.accounts[setting];
                record.crashes.merge(&account.crashes);
                record.detections.append(&mut account.detections);
                record.false_positives.append(&mut account.rows);
                record.recovery_sum_ns += account.recovery_sum_ns;
                record.recoveries += account.recoveries;
            }
            record.detections.sort_unstable_by_key(order);
            record.detections.truncate(u64_to_usize(meter.detections));
            record.false_positives.sort_by_key(|row| (row.start_ns, row.node, row.monitor));
            record.false_positives.truncate(u64_to_usize(meter.rows));
            assert_identities(&record);
            self.measured.records.push(record);
        }
        self.measured.traffic = Traffic::record(self.window, &self.delays, parts.iter().map(|part| &part.traffic));
        for part in parts.iter_mut() {
            for (sum, left_out) in self.measured.transitions_left_out.iter_mut().zip(&part.left_out) {
                *sum += left_out;
            }
        }
        self.measured.transitions.sort_by_key(|&(node, monitor, change)| (change.at, change.setting, node, monitor));
    }
}

/// The order of rows in `detections.csv`.
const fn order(detection: &Detection) -> (u64, u32, u32) {
    (detection.crash_ns, detection.node, detection.monitor)
}

/// Drops what can no longer be among the first `most` crashes of a trial, once there is twice as much.
///
/// A crash that is resolved later may yet be an earlier one: only what `most` others come before is lost for good.
fn cap_detections(parts: &mut [&mut MetricsPart], setting: usize, most: u64) {
    let most = u64_to_usize(most);
    let kept = |part: &&mut MetricsPart| part.ledger.accounts[setting].detections.len();
    if parts.iter().map(kept).sum::<usize>() / 2 <= most {
        return;
    }
    let detections = parts.iter().flat_map(|part| &part.ledger.accounts[setting].detections);
    let mut orders: Vec<_> = detections.map(order).collect();
    let (_, &mut first_dropped, _) = orders.select_nth_unstable(most);
    for part in parts {
        part.ledger.accounts[setting].detections.retain(|detection| order(detection) < first_dropped);
    }
}

/// What must hold in every run, whatever the world.
fn assert_identities(record: &TrialRecord) {
    for component in &record.components {
        assert!(component.wrong_ns <= component.exposure_ns, "wrong time lies within the settled exposure");
        assert!(component.bootstrap_mistakes <= component.mistakes, "bootstrap mistakes are mistakes");
        assert!(component.halves.first_mistakes <= component.mistakes, "the first half is a part");
        assert!(component.halves.first_exposure_ns <= component.exposure_ns, "the first half is a part");
    }
    let mistakes: u64 = record.components.iter().map(|component| component.mistakes).sum();
    let lengths: u64 = record.mistake_durations.iter().map(|count| count.ended + count.cut).sum();
    assert_eq!(mistakes, lengths, "every mistake has one length");
    let recurrences: u64 = record.mistake_recurrences.iter().map(|count| count.ended + count.cut).sum();
    assert_eq!(mistakes, recurrences, "after every mistake a time runs to the next or to the end");
    assert!(record.cluster.alarms <= record.cluster.node_episodes, "an alarm has at least one episode");
    assert!(record.cluster.node_episodes <= mistakes, "an episode has at least one mistake");
}

impl SinkPart for MetricsPart {
    fn wanted(&self) -> Wanted<'_> {
        Wanted { explained: &self.ledger.explained, levels: !self.keeps.is_empty() }
    }

    fn pair(&mut self, slice: &PairSlice<'_>) {
        self.traffic.count(slice.pair.batch, slice.until);
        self.count_hosts(slice);
        if self.silent[slice.pair.local] {
            self.end_silences(slice);
        }
        let truth = &slice.pair.batch.truth;
        if truth.is_empty() && slice.transitions.is_empty() {
            return;
        }
        self.keep_transitions(slice);
        let before = self.pairs[slice.pair.local];
        if truth.is_empty() {
            self.judge_changes(before, slice);
        } else {
            self.judge_with_truth(before, slice);
        }
        for &event in truth {
            self.pairs[slice.pair.local].apply(event);
        }
        if self.ticks {
            self.end_silences(slice);
        }
        if slice.pair.monitor + 1 == self.monitors {
            self.ledger.end_node();
        }
    }
}

/// A key that sorts by setting, then by index: one integer, for the sake of speed.
const fn order_key(setting: u32, index: u32) -> u64 {
    (setting as u64) << 32 | index as u64
}

const fn setting_of(key: u64) -> u32 {
    (key >> 32) as u32
}

const fn index_of(key: u64) -> usize {
    (key & 0xffff_ffff) as usize
}

impl MetricsPart {
    /// Looks for the beats that end the silences of open mistakes, for those who look at ticks only.
    fn end_silences(&mut self, slice: &PairSlice<'_>) {
        let first = slice.pair.local * self.settings;
        let judges = self.judges[first..first + self.settings].iter_mut().zip(self.ledger.silences());
        self.silent[slice.pair.local] = judges.fold(false, |silent, (judge, rule)| judge.hear(rule, slice) || silent);
    }

    /// Where the truth stays as it is, changes are judged as they come.
    fn judge_changes(&mut self, truth: PairTruth, slice: &PairSlice<'_>) {
        let pair = &slice.pair;
        for change in slice.transitions {
            let who = Who { node: pair.node, monitor: pair.monitor, setting: change.setting };
            let judge = &mut self.judges[pair.local * self.settings + change.setting as usize];
            judge.verdict(change, &truth, who, &mut self.ledger, slice);
        }
    }

    /// Where the truth changes too, each setting walks through it with its own changes.
    fn judge_with_truth(&mut self, before: PairTruth, slice: &PairSlice<'_>) {
        self.order.clear();
        let keys = slice.transitions.iter().zip(0..).map(|(change, index)| order_key(change.setting, index));
        self.order.extend(keys);
        self.order.sort_unstable();
        let mut rest = 0;
        for setting in 0..self.settings {
            let mine = self.order[rest..].partition_point(|&key| setting_of(key) as usize <= setting);
            self.judge(setting, before, rest..rest + mine, slice);
            rest += mine;
        }
    }

    /// Walks one setting through the truth and its own changes, in order: at one instant the truth changes first.
    fn judge(&mut self, setting: usize, before: PairTruth, changes: Range<usize>, slice: &PairSlice<'_>) {
        let pair = &slice.pair;
        let Ok(number) = u32::try_from(setting) else { return };
        let who = Who { node: pair.node, monitor: pair.monitor, setting: number };
        let judge = &mut self.judges[pair.local * self.settings + setting];
        let mut truth = before;
        let mut events = pair.batch.truth.iter().peekable();
        let pass = |judge: &mut Judge, truth: &mut PairTruth, event: &TruthEvent, ledger: &mut Ledger| {
            let was = *truth;
            truth.apply(*event);
            judge.truth(*event, truth, &was, who, ledger);
        };
        for &key in &self.order[changes] {
            let change = &slice.transitions[index_of(key)];
            // The end of a recording comes after what its last arrival changes.
            let first = |event: &&TruthEvent| match event.change {
                Truth::RecordingEnd => event.at < change.at,
                _ => event.at <= change.at,
            };
            while let Some(event) = events.next_if(first) {
                pass(judge, &mut truth, event, &mut self.ledger);
            }
            judge.verdict(change, &truth, who, &mut self.ledger, slice);
        }
        for event in events {
            pass(judge, &mut truth, event, &mut self.ledger);
        }
    }

    fn keep_transitions(&mut self, slice: &PairSlice<'_>) {
        let (node, monitor) = (slice.pair.node, slice.pair.monitor);
        for &change in slice.transitions.iter().filter(|change| !change.first) {
            match self.keeps.get(change.setting as usize) {
                Some(true) => self.transitions.push((node, monitor, change)),
                Some(false) => self.left_out[change.setting as usize] += 1,
                None => return,
            }
        }
    }

    /// Starts and crashes of hosts: of each node once, of the monitors with the first node.
    fn count_hosts(&mut self, slice: &PairSlice<'_>) {
        for event in &slice.pair.batch.truth {
            let (nodes, monitors) = match event.change {
                Truth::NodeUp => (1, 0),
                Truth::NodeDown | Truth::RecordingEnd => (-1, 0),
                Truth::MonitorUp => (0, 1),
                Truth::MonitorDown => (0, -1),
                _ => continue,
            };
            if (nodes != 0 && slice.pair.monitor == 0) || (monitors != 0 && slice.pair.node == 0) {
                self.hosts.push(HostCount { at: event.at, nodes, monitors });
            }
        }
    }

    /// The trial ends: what is open is cut.
    fn end(&mut self, at: SimTime) {
        for pair in 0..self.pairs.len() {
            let node = self.first_node + u32::try_from(pair).unwrap_or(u32::MAX) / self.monitors;
            let monitor = u32::try_from(pair).unwrap_or(u32::MAX) % self.monitors;
            for setting in 0..self.settings {
                let Ok(number) = u32::try_from(setting) else { return };
                let who = Who { node, monitor, setting: number };
                if !self.pairs[pair].ever_heard {
                    self.ledger.never_heard(who);
                }
                self.judges[pair * self.settings + setting].end(at, who, &mut self.ledger);
            }
            if monitor + 1 == self.monitors {
                self.ledger.end_node();
            }
        }
    }
}
