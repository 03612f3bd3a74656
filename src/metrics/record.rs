//! What one trial leaves behind: the integer sums from which every estimate is made.

use super::crashes::Crashes;
use crate::engine::SendWindows;

/// What one detector did in one trial.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrialRecord {
    /// Sums by independence component. Very many components are folded into groups, still independent of each other.
    pub components: Vec<Component>,
    /// Sums that only the whole cluster has; their unit is the trial.
    pub cluster: ClusterSums,
    /// What became of the crashes of the measured time.
    pub crashes: Crashes,
    /// Those crashes that got a row, once for each monitor: earliest first, capped.
    pub detections: Vec<Detection>,
    /// Lengths of the mistakes that started in the measured time, in ascending order, equal ones counted together.
    pub mistake_durations: Vec<DurationCount>,
    /// Times from the start of a mistake to the start of the pair's next in the same settled exposure, as the durations.
    pub mistake_recurrences: Vec<DurationCount>,
    /// Times from the end of a mistake by trust to the start of the pair's next, as the durations.
    pub good_periods: Vec<DurationCount>,
    /// Recovery latencies: restart to trust; nanoseconds summed and counted.
    pub recovery_sum_ns: u128,
    /// How many recovery latencies were summed.
    pub recoveries: u64,
    /// The false positives that got a row: earliest first, capped.
    pub false_positives: Vec<FalsePositive>,
}

/// Sums of the pairs of one independence component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Component {
    /// How many pairs.
    pub pairs: u64,
    /// Settled exposure, in nanoseconds.
    pub exposure_ns: u128,
    /// Part of the settled exposure in which the node was suspected.
    pub wrong_ns: u128,
    /// False positives.
    pub mistakes: u64,
    /// Those within the bootstrap window of a start.
    pub bootstrap_mistakes: u64,
    /// T-transitions in settled exposure.
    pub flaps: u64,
    /// S-transitions of cut pairs, to the first arrival after the cut.
    pub unreachable: u64,
    /// Pairs that were never heard in the whole trial.
    pub never_heard: u64,
    /// Exposure and mistakes of the first and the second half of the measured time.
    pub halves: Halves,
}

impl Component {
    /// Adds the sums of other pairs, or of another time.
    pub fn add(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.exposure_ns += other.exposure_ns;
        self.wrong_ns += other.wrong_ns;
        self.mistakes += other.mistakes;
        self.bootstrap_mistakes += other.bootstrap_mistakes;
        self.flaps += other.flaps;
        self.unreachable += other.unreachable;
        self.never_heard += other.never_heard;
        self.halves.first_exposure_ns += other.halves.first_exposure_ns;
        self.halves.first_mistakes += other.halves.first_mistakes;
    }
}

/// Exposure and mistakes by half of the measured time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Halves {
    /// Settled exposure of the first half, in nanoseconds.
    pub first_exposure_ns: u128,
    /// False positives of the first half.
    pub first_mistakes: u64,
}

/// Sums that only the whole cluster has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClusterSums {
    /// Cluster alarms that started in the measured time.
    pub alarms: u64,
    /// Sum over alarms of the pairs that took part.
    pub alarm_pairs: u64,
    /// Sum over alarms of the nodes that took part.
    pub alarm_nodes: u64,
    /// Most pairs of one alarm.
    pub alarm_pairs_max: u64,
    /// Most nodes of one alarm: the blast radius.
    pub alarm_nodes_max: u64,
    /// Node episodes that started in the measured time.
    pub node_episodes: u64,
    /// Node episodes in which more than half of the running monitors took part, by start.
    pub majority_episodes: u64,
    /// Most nodes wrongly suspected at one instant.
    pub peak_false_suspects: u64,
    /// Time with more than half of the living nodes wrongly suspected, in nanoseconds.
    pub majority_wrong_ns: u128,
}

/// What became of one crash at one monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detection {
    /// Index of the component in [`TrialRecord::components`].
    pub component: u32,
    /// Monitor, from 1.
    pub monitor: u32,
    /// Node, from 1.
    pub node: u32,
    /// When the node crashed, in nanoseconds from the end of the warm-up.
    pub crash_ns: u64,
    /// What happened.
    pub outcome: Outcome,
}

/// Outcome of one crash at one monitor; times in nanoseconds from the crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Suspected for good after this time; 0 where it was suspected already.
    Detected {
        /// From the crash to the S-transition that lasted.
        latency_ns: u64,
        /// How long the silence had run at the crash (the negative part of the split).
        silence_ns: u64,
        /// From the last beat that counted to the deadline.
        timeout_ns: u64,
        /// From the deadline to the look that acted on it.
        look_ns: u64,
    },
    /// Restarted after this time, not suspected before.
    Undetected(u64),
    /// The run ended after this time, not suspected before.
    Censored(u64),
    /// It crashed before the monitor had ever heard that incarnation.
    Unknown,
}

/// How often one length occurred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DurationCount {
    /// The length in nanoseconds: the upper edge of a log-linear bin at most 0.1 % wide.
    pub nanos: u64,
    /// Those that ended by a change of verdict after this time.
    pub ended: u64,
    /// Those that were cut after this time: by a crash, a partition or the end.
    pub cut: u64,
}

/// One false positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FalsePositive {
    /// Monitor, from 1.
    pub monitor: u32,
    /// Node, from 1.
    pub node: u32,
    /// When it started, in nanoseconds from the end of the warm-up.
    pub start_ns: u64,
    /// How long it lasted, also where it was cut.
    pub duration_ns: u64,
    /// Why.
    pub cause: Cause,
    /// The silence between re-arms that the detector would have had to outlast; `None` where the mistake was cut.
    pub needed_timeout_ns: Option<u64>,
}

/// The smallest set of kinds of trouble whose removal prevents a mistake, by the but-for rule; empty: threshold.
///
/// A set of bits, one a kind. Where several kinds alone prevent it, each is a cause by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// Shapley shares of the kinds, in units of 1/60, in the order of [`Cause::KINDS`]. All zero: the threshold.
    pub sixtieths: [u8; Self::KINDS.len()],
    /// Kinds named as the cause, a bit each in the order of [`Cause::KINDS`].
    pub named: u16,
    /// Whether `named` is a set that only together prevents the mistake ("loss + sender-pause").
    pub joint: bool,
}

impl Cause {
    /// The kinds of trouble, as result files name them.
    pub const KINDS: [&'static str; 8] = [
        "loss",
        "loss-burst",
        "network-delay",
        "sender-pause",
        "monitor-pause",
        "restart",
        "bootstrap",
        "partition-aftermath",
    ];
    /// The name where no removal prevents the mistake: the limit lies inside normal jitter.
    pub const THRESHOLD: &'static str = "threshold";
}

/// What one trial of one world sent, whatever listened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrafficRecord {
    /// Heartbeats sent in the measured time.
    pub sent: u64,
    /// Those of them that never reached a running monitor.
    pub lost: u64,
    /// Sum of the times from send to processing, in nanoseconds (signed: recorded clocks may differ).
    pub delay_sum_ns: i128,
    /// Times from send to processing of the heartbeats sent in the measured time, in ascending order.
    pub delays: Vec<(u64, u64)>,
    /// Heartbeats by windows of 100 ms; empty for a recording.
    pub windows: SendWindows,
    /// Time observed in nanoseconds, for rates of traffic: the duration, or the span of a trace.
    pub observed_ns: u64,
}
