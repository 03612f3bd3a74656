//! Numbers that only the whole cluster has: alarms, node episodes, peaks, majorities.

use super::ledger::Window;
use super::record::ClusterSums;
use crate::units::{SimTime, Span};

/// A change of one pair's wrong suspicion. The order is that in which changes of one instant apply: what the truth ends,
/// then all suspicions, then all trust, so that mistakes of no length count in the peak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// The suspicion is no longer wrong, or no longer counted: a crash, a cut, the end.
    Cut,
    /// A wrong suspicion begins.
    Suspected,
    /// It ends by trust.
    Trusted,
}

/// A change of one pair's wrong suspicion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClusterEvent {
    pub(crate) at: SimTime,
    /// When the suspicion began.
    pub(crate) since: SimTime,
    pub(crate) change: Change,
    pub(crate) node: u32,
    pub(crate) monitor: u32,
}

/// A change of the hosts: how many nodes and monitors run from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostCount {
    pub(crate) at: SimTime,
    pub(crate) nodes: i64,
    pub(crate) monitors: i64,
}

/// The cluster as one setting sees it.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    window: Window,
    merge_gap: Span,
    /// By node: how many monitors wrongly suspect it, and whether they are a majority.
    wrong: Vec<(u32, bool)>,
    wrong_nodes: u64,
    nodes: i64,
    monitors: i64,
    at: SimTime,
    alarm: Option<Alarm>,
    sums: ClusterSums,
}

#[derive(Clone, Debug)]
struct Alarm {
    counts: bool,
    /// When the last episode in it ended; `None` while one is open.
    ended: Option<SimTime>,
    parts: Participants,
}

/// The pairs that took part in an alarm: node and monitor.
#[derive(Clone, Debug, Default)]
struct Participants {
    /// As they came, some of them again.
    pairs: Vec<(u32, u32)>,
    /// How many are known to differ.
    distinct: usize,
}

impl Participants {
    fn add(&mut self, node: u32, monitor: u32) {
        self.pairs.push((node, monitor));
        if self.pairs.len() > 2 * self.distinct + 64 {
            self.tidy();
        }
    }

    fn tidy(&mut self) {
        self.pairs.sort_unstable();
        self.pairs.dedup();
        self.distinct = self.pairs.len();
    }

    /// How many pairs, and of how many nodes.
    fn count(&mut self) -> (u64, u64) {
        self.tidy();
        let nodes = self.pairs.chunk_by(|one, other| one.0 == other.0).count();
        (self.pairs.len() as u64, nodes as u64)
    }
}

impl Cluster {
    pub(crate) fn new(window: Window, merge_gap: Span, nodes: u32, monitors: u32) -> Self {
        Self {
            window,
            merge_gap,
            wrong: vec![(0, false); nodes as usize],
            wrong_nodes: 0,
            nodes: i64::from(nodes),
            monitors: i64::from(monitors),
            at: SimTime::ZERO,
            alarm: None,
            sums: ClusterSums::default(),
        }
    }

    /// Applies the changes of one slice, both in order of time.
    pub(crate) fn apply(&mut self, events: &[ClusterEvent], hosts: &[HostCount]) {
        let mut hosts = hosts.iter().peekable();
        for event in events {
            while let Some(count) = hosts.next_if(|count| count.at <= event.at) {
                self.hosts(count);
            }
            self.advance(event.at);
            self.change(event);
        }
        for count in hosts {
            self.hosts(count);
        }
    }

    /// The sums at the end of the trial.
    pub(crate) fn finish(mut self, end: SimTime) -> ClusterSums {
        self.advance(end);
        self.close_alarm();
        self.sums
    }

    fn hosts(&mut self, count: &HostCount) {
        self.advance(count.at);
        self.nodes += count.nodes;
        self.monitors += count.monitors;
    }

    /// Time passes up to `at` with nothing changed.
    fn advance(&mut self, at: SimTime) {
        let (from, to) = (self.at.max(self.window.start), at.min(self.window.end));
        if from < to {
            self.sums.peak_false_suspects = self.sums.peak_false_suspects.max(self.wrong_nodes);
            if i64::try_from(self.wrong_nodes).unwrap_or(i64::MAX).saturating_mul(2) > self.nodes
                && self.wrong_nodes > 0
            {
                self.sums.majority_wrong_ns += u128::from(to.since(from).as_nanos());
            }
        }
        self.at = at;
    }

    fn counts(&self, at: SimTime) -> bool {
        self.window.contains(at)
    }

    fn change(&mut self, event: &ClusterEvent) {
        let counts = self.counts(event.at);
        let monitors = self.monitors;
        let (observers, majority) = &mut self.wrong[event.node as usize];
        if event.change == Change::Suspected {
            *observers += 1;
            if *observers == 1 {
                self.wrong_nodes += 1;
                self.sums.node_episodes += u64::from(counts);
            }
            if !*majority && i64::from(*observers) * 2 > monitors {
                *majority = true;
                self.sums.majority_episodes += u64::from(counts);
            }
            self.raise_alarm(event, counts);
            if counts {
                self.sums.peak_false_suspects = self.sums.peak_false_suspects.max(self.wrong_nodes);
            }
            return;
        }
        *observers -= 1;
        *majority = *majority && i64::from(*observers) * 2 > monitors;
        if *observers == 0 {
            self.wrong_nodes -= 1;
            if self.wrong_nodes == 0
                && let Some(alarm) = &mut self.alarm
            {
                alarm.ended = Some(event.at);
            }
        }
    }

    fn raise_alarm(&mut self, event: &ClusterEvent, counts: bool) {
        let over = self.alarm.as_ref().is_some_and(|alarm| {
            alarm.ended.is_some_and(|ended| event.at != ended && event.at.since(ended) >= self.merge_gap)
        });
        if over {
            self.close_alarm();
        }
        let sums = &mut self.sums;
        let alarm = self.alarm.get_or_insert_with(|| {
            sums.alarms += u64::from(counts);
            Alarm { counts, ended: None, parts: Participants::default() }
        });
        alarm.ended = None;
        alarm.parts.add(event.node, event.monitor);
    }

    fn close_alarm(&mut self) {
        let Some(mut alarm) = self.alarm.take().filter(|alarm| alarm.counts) else { return };
        let (pairs, nodes) = alarm.parts.count();
        self.sums.alarm_pairs += pairs;
        self.sums.alarm_nodes += nodes;
        self.sums.alarm_pairs_max = self.sums.alarm_pairs_max.max(pairs);
        self.sums.alarm_nodes_max = self.sums.alarm_nodes_max.max(nodes);
    }
}
