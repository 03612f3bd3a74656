//! How many heartbeats are sent in windows of 100 ms: what a mean bandwidth hides.
//!
//! When a node sends depends on its faults alone, so this is worked out beside the trial and costs those who listen
//! nothing. Nodes that keep to a grid repeat themselves: they are counted for one period and taken as often as it fits.
//! Only what leaves the grid (after a stall or a crash, with jitter, with a wait of its own) is counted beat by beat.

use super::host::{Host, HostEdge, HostId};
use super::laws::Laws;
use super::sender::{Jitter, Run, SendLaw, Sender};
use super::strikes::FaultLaw;
use crate::model::{Heartbeat, Traffic, World};
use crate::num::{LogLinear, u64_to_usize};
use crate::units::{SimTime, Span};

/// Length of a window.
pub const WINDOW: Span = Span::from_millis(100);

/// Windows that are counted at one time, at the most.
const MOST_WINDOWS: u64 = 1 << 16;
/// Windows after which a grid must lie as before to be counted by its period.
const MOST_IN_PERIOD: u64 = 1 << 12;
/// Heartbeats of a node that are taken at one time, about: a node that left its grid is counted beat by beat for so long.
const BLOCK_BEATS: u64 = 256;

/// How many heartbeats were sent in the windows of one trial's measured time. Each goes to every monitor, and is one here.
///
/// Windows begin with the measured time; what is left at its end is no window. Empty for a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendWindows {
    /// By all nodes: (heartbeats, windows with so many), ascending; from 2048 on the upper edge of a bin at most 0.1 % wide.
    pub cluster: Vec<(u64, u64)>,
    /// Most heartbeats of all nodes in one window.
    pub cluster_peak: u64,
    /// The same of single nodes: every window once for each.
    pub node: Vec<(u64, u64)>,
    /// Most heartbeats of one node in one window.
    pub node_peak: u64,
}

/// Counts the windows of one trial (from 1).
#[must_use]
pub fn send_windows(world: &World, laws: &Laws, trial: u32) -> SendWindows {
    let Traffic::Push(heartbeat) = &world.traffic else { return SendWindows::default() };
    let faults = world.faults.iter().zip(&laws.faults).map(|(fault, laws)| FaultLaw::new(world, trial, fault, laws));
    let faults: Vec<FaultLaw> = faults.collect();
    let law = SendLaw::new(world, heartbeat, trial);
    let node =
        |number| Node { host: Host::new(world, &faults, HostId::Node(number)), sender: Sender::new(&law, number) };
    let mut nodes: Vec<Node> = (0..world.nodes).map(node).collect();
    let mut counter = Counter::new(heartbeat);
    counter.warm_up(&law, &mut nodes, world.warm_up.as_nanos());
    let windows = world.duration.as_nanos() / WINDOW.as_nanos();
    let mut done = 0;
    while done < windows {
        let count = counter.block.min(windows - done);
        let from = (SimTime::ZERO + world.warm_up + WINDOW.times(done)).as_nanos();
        counter.count(&law, &mut nodes, from, count);
        done += count;
    }
    counter.finish(windows, u64::from(world.nodes))
}

struct Node {
    host: Host,
    sender: Sender,
}

struct Counter {
    interval: u64,
    /// Windows after which a grid comes to lie as before; 0 where that takes too long.
    period: u64,
    /// Windows of a block.
    block: u64,
    /// By window of the period: heartbeats of the nodes that keep to their grid.
    pattern: Vec<u64>,
    /// By window of the block: heartbeats of all others.
    others: Vec<u64>,
    /// Windows in which any of the others sent.
    touched: Vec<u32>,
    cluster: LogLinear,
    cluster_peak: u64,
    node: LogLinear,
    node_peak: u64,
    /// Windows in which a node sent one heartbeat: nearly all in which it sent, so they are counted apart.
    lone: u64,
    edges: Vec<HostEdge>,
    runs: Vec<(Run, Jitter)>,
}

impl Counter {
    fn new(heartbeat: &Heartbeat) -> Self {
        let (interval, window) = (heartbeat.interval.as_nanos().max(1), WINDOW.as_nanos());
        let period = interval / greatest_common_divisor(interval, window);
        let wanted = (interval.saturating_mul(BLOCK_BEATS) / window).clamp(1, MOST_WINDOWS);
        let (period, block) =
            if period > MOST_IN_PERIOD { (0, wanted) } else { (period, (wanted / period).max(1) * period) };
        Self {
            interval,
            period,
            block,
            pattern: vec![0; u64_to_usize(period)],
            others: vec![0; u64_to_usize(block)],
            touched: Vec::new(),
            cluster: LogLinear::new(),
            cluster_peak: 0,
            node: LogLinear::new(),
            node_peak: 0,
            lone: 0,
            edges: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Lets time pass without counting.
    fn warm_up(&mut self, law: &SendLaw, nodes: &mut [Node], until: u64) {
        let step = self.interval.saturating_mul(BLOCK_BEATS);
        for node in nodes {
            let mut at = 0;
            while at < until {
                at = at.saturating_add(step).min(until);
                self.runs(law, node, at);
            }
        }
    }

    /// What a node sends from where it stands to `until`.
    fn runs(&mut self, law: &SendLaw, node: &mut Node, until: u64) {
        self.edges.clear();
        self.runs.clear();
        node.host.advance(until, &mut self.edges);
        node.sender.advance(law, &self.edges, until, &mut Vec::new(), &mut self.runs);
    }

    /// Counts a block of so many windows.
    fn count(&mut self, law: &SendLaw, nodes: &mut [Node], from: u64, windows: u64) {
        let until = from + windows * WINDOW.as_nanos();
        let periods = windows.checked_div(self.period).filter(|periods| periods * self.period == windows);
        for node in nodes {
            self.runs(law, node, until);
            match (periods, &self.runs[..]) {
                (Some(periods), [(run, _)]) if self.keeps_to_its_grid(run, from, until) => {
                    self.repeat(*run, from, periods);
                }
                _ => self.count_each(from),
            }
        }
        self.close_block(windows);
    }

    /// Whether a run sends on its slots throughout the block.
    const fn keeps_to_its_grid(&self, run: &Run, from: u64, until: u64) -> bool {
        !run.jittered && run.step == self.interval && run.at - from < run.step && until - run.at <= run.count * run.step
    }

    /// A run that repeats itself each period.
    fn repeat(&mut self, run: Run, from: u64, periods: u64) {
        let window = WINDOW.as_nanos();
        let slots = self.period * window / self.interval;
        let mut windows = (0..slots).map(|slot| (run.at - from + slot * run.step) / window).peekable();
        while let Some(window) = windows.next() {
            let mut sent = 1;
            while windows.next_if_eq(&window).is_some() {
                sent += 1;
            }
            self.pattern[u64_to_usize(window)] += sent;
            self.node.record_many(sent, periods);
            self.node_peak = self.node_peak.max(sent);
        }
    }

    /// Every heartbeat of the node's runs by itself; they are in order of time.
    fn count_each(&mut self, from: u64) {
        let mut open: Option<(u64, u64)> = None;
        let runs = std::mem::take(&mut self.runs);
        for (run, jitter) in &runs {
            for index in 0..run.count {
                let slot = run.at + index * run.step;
                let at = if run.jittered { jitter.send(slot, run.seq + index) } else { slot };
                let window = (at - from) / WINDOW.as_nanos();
                open = match open {
                    Some((same, sent)) if same == window => Some((window, sent + 1)),
                    before => {
                        self.close(before);
                        Some((window, 1))
                    }
                };
            }
        }
        self.close(open);
        self.runs = runs;
    }

    /// One node sent so many heartbeats in one window.
    fn close(&mut self, sent: Option<(u64, u64)>) {
        let Some((window, sent)) = sent else { return };
        if sent == 1 {
            self.lone += 1;
        } else {
            self.node.record(sent);
            self.node_peak = self.node_peak.max(sent);
        }
        let others = &mut self.others[u64_to_usize(window)];
        if *others == 0 {
            self.touched.extend(u32::try_from(window));
        }
        *others += sent;
    }

    /// Adds the windows of the block to the sums, and makes ready for the next.
    fn close_block(&mut self, windows: u64) {
        let length = self.period.max(1);
        // Window w of the block is one of those like w mod period.
        let mut alike: Vec<u64> = (0..length).map(|window| (windows + length - 1 - window) / length).collect();
        self.pattern.resize(u64_to_usize(length), 0);
        for window in self.touched.drain(..) {
            let like = u64_to_usize(u64::from(window) % length);
            alike[like] -= 1;
            let sent = self.pattern[like] + std::mem::take(&mut self.others[u64_to_usize(u64::from(window))]);
            self.cluster.record(sent);
            self.cluster_peak = self.cluster_peak.max(sent);
        }
        for (sent, windows) in self.pattern.iter_mut().zip(alike).filter(|(_, windows)| *windows > 0) {
            self.cluster.record_many(*sent, windows);
            self.cluster_peak = self.cluster_peak.max(*sent);
        }
        self.pattern.fill(0);
    }

    fn finish(mut self, windows: u64, nodes: u64) -> SendWindows {
        if self.lone > 0 {
            self.node.record_many(1, self.lone);
            self.node_peak = self.node_peak.max(1);
        }
        let silent = windows * nodes - self.node.count();
        if silent > 0 {
            self.node.record_many(0, silent);
        }
        SendWindows {
            cluster: self.cluster.iter().collect(),
            cluster_peak: self.cluster_peak,
            node: self.node.iter().collect(),
            node_peak: self.node_peak,
        }
    }
}

const fn greatest_common_divisor(mut one: u64, mut other: u64) -> u64 {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}
