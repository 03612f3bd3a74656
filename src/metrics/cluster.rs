//! Numbers that only the whole cluster has: alarms, node episodes, peaks, majorities.

use super::ledger::Window;
use super::record::ClusterSums;
use crate::num::u64_to_usize;
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

/// The events of all parts of one slice by time, then by kind, then as they came.
///
/// They are spread over as many buckets of equal width as there are events, and each bucket is sorted: nearly all hold few.
pub(crate) fn in_order<'a>(
    parts: &(impl Iterator<Item = &'a [ClusterEvent]> + Clone),
    from: SimTime,
    until: SimTime,
) -> Vec<ClusterEvent> {
    let events = || parts.clone().flatten();
    let Some(&any) = events().next() else { return Vec::new() };
    let count = events().count();
    // A width that is a power of two.
    let shift = until.since(from).as_nanos().checked_div(count as u64).unwrap_or(0).checked_ilog2().unwrap_or(0);
    let bucket = |event: &ClusterEvent| u64_to_usize(event.at.since(from).as_nanos() >> shift);
    let mut ends = vec![0_usize; u64_to_usize(until.since(from).as_nanos() >> shift) + 2];
    for event in events() {
        ends[bucket(event) + 1] += 1;
    }
    for place in 1..ends.len() {
        ends[place] += ends[place - 1];
    }
    let mut ordered = vec![any; count];
    for event in events() {
        let place = &mut ends[bucket(event)];
        ordered[*place] = *event;
        *place += 1;
    }
    let mut start = 0;
    for end in ends {
        if end - start > 1 {
            ordered[start..end].sort_by_key(|event| (event.at, event.change));
        }
        start = end;
    }
    ordered
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
    /// Who took part in it.
    parts: Participants,
    sums: ClusterSums,
}

fn earlier(one: Option<SimTime>, other: Option<SimTime>) -> Option<SimTime> {
    one.map_or(other, |one| Some(other.map_or(one, |other| one.min(other))))
}

#[derive(Clone, Debug)]
struct Alarm {
    counts: bool,
    /// When the last episode in it ended; `None` while one is open.
    ended: Option<SimTime>,
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

    fn clear(&mut self) {
        self.pairs.clear();
        self.distinct = 0;
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
            parts: Participants::default(),
            sums: ClusterSums::default(),
        }
    }

    /// Applies the changes of one slice, both in order of time.
    pub(crate) fn apply(&mut self, events: &[ClusterEvent], hosts: &[HostCount]) {
        let (mut events, mut hosts) = (events.iter().peekable(), hosts.iter().peekable());
        while let Some(at) = earlier(events.peek().map(|event| event.at), hosts.peek().map(|count| count.at)) {
            self.advance(at);
            let mut monitors_changed = false;
            while let Some(count) = hosts.next_if(|count| count.at == at) {
                self.nodes += count.nodes;
                self.monitors += count.monitors;
                monitors_changed |= count.monitors != 0;
            }
            // What a monitor suspected as it crashed is over before those that still run are counted.
            while let Some(event) = events.next_if(|event| event.at == at && event.change == Change::Cut) {
                self.change(event);
            }
            if monitors_changed {
                self.count_majorities(at);
            }
            while let Some(event) = events.next_if(|event| event.at == at) {
                self.change(event);
            }
        }
    }

    /// The sums at the end of the trial.
    pub(crate) fn finish(mut self, end: SimTime) -> ClusterSums {
        self.advance(end);
        self.close_alarm();
        self.sums
    }

    /// Other monitors run than before: looks anew at every node whether most of them wrongly suspect it.
    fn count_majorities(&mut self, at: SimTime) {
        if self.wrong_nodes == 0 {
            return;
        }
        let (counts, monitors) = (self.counts(at), self.monitors);
        for (observers, majority) in &mut self.wrong {
            let most = *observers > 0 && i64::from(*observers) * 2 > monitors;
            self.sums.majority_episodes += u64::from(counts && most && !*majority);
            *majority = most;
        }
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
            Alarm { counts, ended: None }
        });
        alarm.ended = None;
        self.parts.add(event.node, event.monitor);
    }

    fn close_alarm(&mut self) {
        let Some(alarm) = self.alarm.take() else { return };
        let (pairs, nodes) = self.parts.count();
        self.parts.clear();
        if !alarm.counts {
            return;
        }
        self.sums.alarm_pairs += pairs;
        self.sums.alarm_nodes += nodes;
        self.sums.alarm_pairs_max = self.sums.alarm_pairs_max.max(pairs);
        self.sums.alarm_nodes_max = self.sums.alarm_nodes_max.max(nodes);
    }
}
