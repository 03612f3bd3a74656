//! What became of the crashes of one trial, in memory that does not grow with their number.
//!
//! Counts are by independence component. Follow-ups (how long a crash was followed, and whether that ended in detection) are
//! kept one by one while they are few, then by log-linear bin, and in the end for groups of components together: the estimates
//! stay those of Kaplan and Meier, their intervals those of independent units.

use std::collections::BTreeMap;

use super::record::{Detection, Outcome};
use crate::num::{log_linear_index, log_linear_upper_edge};

/// Follow-ups of one kind that a trial keeps apart.
const MOST_FOLLOW_UPS: usize = 1 << 12;
/// Groups of components that are always kept apart.
const LEAST_GROUPS: u32 = 16;

/// The crashes of one trial, as one setting saw them. A crash that several monitors saw is one crash with several views.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crashes {
    /// By component that had any.
    pub components: BTreeMap<u32, CrashSums>,
    /// Which views are detections, of those that are known to be one or none.
    pub detected: Agreement,
    /// Which detections took no time.
    pub at_zero: Agreement,
    /// Every view.
    pub views: FollowUps,
    /// Until the first monitor detected; only where there are several, as all that follow.
    pub first: FollowUps,
    /// Until more than half of the monitors did.
    pub majority: FollowUps,
    /// Until all did.
    pub last: FollowUps,
    /// From the first detection to the last.
    pub spread: FollowUps,
}

/// Sums of the views of one component's crashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CrashSums {
    /// All of them.
    pub views: u64,
    /// Those that ended in detection.
    pub detected: u64,
    /// Those that ended in a restart.
    pub undetected: u64,
    /// Those that the end of the run cut.
    pub censored: u64,
    /// Detections that took no time.
    pub at_zero: u64,
    /// The parts of the latency of all other detections, in nanoseconds: the silence before the crash, ...
    pub silence_ns: u128,
    /// ... the time from the last beat to the deadline, ...
    pub timeout_ns: u128,
    /// ... and the time from the deadline to the look.
    pub look_ns: u128,
}

impl CrashSums {
    fn count(&mut self, outcome: Outcome) {
        self.views += 1;
        match outcome {
            Outcome::Detected { latency_ns, silence_ns, timeout_ns, look_ns } => {
                self.detected += 1;
                if latency_ns == 0 {
                    self.at_zero += 1;
                } else {
                    self.silence_ns += u128::from(silence_ns);
                    self.timeout_ns += u128::from(timeout_ns);
                    self.look_ns += u128::from(look_ns);
                }
            }
            Outcome::Undetected(_) => self.undetected += 1,
            Outcome::Censored(_) => self.censored += 1,
            Outcome::Unknown => {}
        }
    }

    fn add(&mut self, other: &Self) {
        self.views += other.views;
        self.detected += other.detected;
        self.undetected += other.undetected;
        self.censored += other.censored;
        self.at_zero += other.at_zero;
        self.silence_ns += other.silence_ns;
        self.timeout_ns += other.timeout_ns;
        self.look_ns += other.look_ns;
    }
}

/// How the views of one crash agree on a question, as sums over crashes: all that the variance of a share needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Crashes with a view that knows the answer.
    pub crashes: u64,
    /// Sum of the squares of the views that say yes.
    pub yes_squared: u64,
    /// Sum of the views that say yes times the views.
    pub yes_by_views: u64,
    /// Sum of the squares of the views.
    pub views_squared: u64,
}

impl Agreement {
    fn count(&mut self, yes: u64, views: u64) {
        self.crashes += u64::from(views > 0);
        self.yes_squared += yes * yes;
        self.yes_by_views += yes * views;
        self.views_squared += views * views;
    }

    /// Adds the sums of other crashes.
    pub const fn add(&mut self, other: &Self) {
        self.crashes += other.crashes;
        self.yes_squared += other.yes_squared;
        self.yes_by_views += other.yes_by_views;
        self.views_squared += other.views_squared;
    }
}

/// How long crashes were followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUps {
    /// 0: each by itself. 1: by bin of the length. From 2 on: components in groups of 2, 4, ... as well.
    coarseness: u32,
    crashes: u64,
    greatest_component: u32,
    counts: BTreeMap<Place, (u32, u32)>,
}

/// Where a follow-up is counted. A crash is its node and when it was; none from coarseness 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    component: u32,
    crash: Option<(u32, u64)>,
    nanos: u64,
}

/// Follow-ups of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// The component, or the group of components: an independent unit.
    pub component: u32,
    /// The crash by its node and instant, where crashes are kept apart.
    pub crash: Option<(u32, u64)>,
    /// How long, in nanoseconds.
    pub nanos: u64,
    /// How many ended in detection then.
    pub ended: u64,
    /// How many were cut.
    pub cut: u64,
}

impl FollowUps {
    /// How many crashes were followed.
    #[must_use]
    pub const fn crashes(&self) -> u64 {
        self.crashes
    }

    /// All of them, by component and crash.
    pub fn iter(&self) -> impl Iterator<Item = FollowUp> {
        self.counts.iter().map(|(place, &(ended, cut))| FollowUp {
            component: place.component,
            crash: place.crash,
            nanos: place.nanos,
            ended: ended.into(),
            cut: cut.into(),
        })
    }

    /// Adds the follow-ups of one crash: how long, and whether that ended in detection.
    fn add(&mut self, component: u32, crash: (u32, u64), lengths: impl IntoIterator<Item = (u64, bool)>) {
        let mut any = false;
        for (nanos, ended) in lengths {
            any = true;
            self.greatest_component = self.greatest_component.max(component);
            let place = Place { component, crash: Some(crash), nanos };
            self.count(place, u32::from(ended), u32::from(!ended));
        }
        self.crashes += u64::from(any);
        self.limit();
    }

    fn merge(&mut self, other: &Self) {
        self.greatest_component = self.greatest_component.max(other.greatest_component);
        self.crashes += other.crashes;
        if other.coarseness > self.coarseness {
            self.coarseness = other.coarseness;
            self.put_anew();
        }
        for (place, &(ended, cut)) in &other.counts {
            self.count(*place, ended, cut);
        }
        self.limit();
    }

    fn count(&mut self, place: Place, ended: u32, cut: u32) {
        let (ends, cuts) = self.counts.entry(place.at(self.coarseness)).or_default();
        *ends += ended;
        *cuts += cut;
    }

    /// Makes the places coarser until there are few enough. More follow-ups never need finer ones, so that it does not matter
    /// in which order they come.
    fn limit(&mut self) {
        let enough_groups =
            |coarseness: u32, greatest: u32| coarseness == 0 || greatest >> (coarseness - 1) >= LEAST_GROUPS;
        while self.counts.len() > MOST_FOLLOW_UPS && enough_groups(self.coarseness, self.greatest_component) {
            self.coarseness += 1;
            self.put_anew();
        }
    }

    fn put_anew(&mut self) {
        for (place, (ended, cut)) in std::mem::take(&mut self.counts) {
            self.count(place, ended, cut);
        }
    }
}

impl Place {
    /// The place at a coarseness at least as great as its own.
    fn at(self, coarseness: u32) -> Self {
        if coarseness == 0 {
            return self;
        }
        // A bin's upper edge stays where it is. Groups of groups: the number of a group is that of its first component.
        let group = coarseness - 1;
        Self {
            component: self.component >> group << group,
            crash: None,
            nanos: log_linear_upper_edge(log_linear_index(self.nanos)),
        }
    }
}

impl Crashes {
    /// The crashes of these views.
    #[must_use]
    pub fn of(views: &[Detection]) -> Self {
        let mut crashes = Self::default();
        let several = views.iter().any(|view| view.monitor > 1);
        crashes.add(&mut views.to_vec(), several);
        crashes
    }

    /// Adds crashes with all views that know what became of them, and empties `views`. `several`: there are several
    /// monitors, though some may know nothing.
    pub(crate) fn add(&mut self, views: &mut Vec<Detection>, several: bool) {
        views.sort_unstable_by_key(|view| (view.node, view.crash_ns, view.monitor));
        let mut outcomes = Vec::new();
        for crash in views.chunk_by(|a, b| (a.node, a.crash_ns) == (b.node, b.crash_ns)) {
            outcomes.clear();
            outcomes.extend(crash.iter().map(|view| view.outcome));
            self.add_crash(crash[0].component, (crash[0].node, crash[0].crash_ns), &outcomes, several);
        }
        views.clear();
    }

    fn add_crash(&mut self, component: u32, crash: (u32, u64), outcomes: &[Outcome], several: bool) {
        let sums = self.components.entry(component).or_default();
        let before = *sums;
        for &outcome in outcomes {
            sums.count(outcome);
        }
        let (detected, undetected) = (sums.detected - before.detected, sums.undetected - before.undetected);
        self.at_zero.count(sums.at_zero - before.at_zero, detected);
        self.detected.count(detected, detected + undetected);

        let known: Vec<(u64, bool)> = outcomes.iter().filter_map(|outcome| outcome.follow_up()).collect();
        if several {
            let (first, last) = (nth(&known, 1), nth(&known, known.len()));
            self.first.add(component, crash, first);
            self.majority.add(component, crash, nth(&known, known.len() / 2 + 1));
            self.last.add(component, crash, last);
            if let (Some((first, true)), Some((last, ended))) = (first, last) {
                self.spread.add(component, crash, [(last.saturating_sub(first), ended)]);
            }
        }
        self.views.add(component, crash, known);
    }

    /// Adds other crashes.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (&component, sums) in &other.components {
            self.components.entry(component).or_default().add(sums);
        }
        self.detected.add(&other.detected);
        self.at_zero.add(&other.at_zero);
        self.views.merge(&other.views);
        self.first.merge(&other.first);
        self.majority.merge(&other.majority);
        self.last.merge(&other.last);
        self.spread.merge(&other.spread);
    }

    /// A sum over all components.
    #[must_use]
    pub fn total(&self, of: impl Fn(&CrashSums) -> u64) -> u64 {
        self.components.values().map(of).sum()
    }
}

impl Outcome {
    /// How long the crash was followed, and whether that ended in detection.
    const fn follow_up(self) -> Option<(u64, bool)> {
        match self {
            Self::Detected { latency_ns, .. } => Some((latency_ns, true)),
            Self::Undetected(nanos) | Self::Censored(nanos) => Some((nanos, false)),
            Self::Unknown => None,
        }
    }
}

/// When the `count`-th of the monitors detected; cut at the longest follow-up where fewer did.
fn nth(views: &[(u64, bool)], count: usize) -> Option<(u64, bool)> {
    let mut detected: Vec<u64> = views.iter().filter(|(_, ended)| *ended).map(|(nanos, _)| *nanos).collect();
    detected.sort_unstable();
    match detected.get(count.checked_sub(1)?) {
        Some(nanos) => Some((*nanos, true)),
        None => views.iter().filter(|(_, ended)| !ended).map(|&(nanos, _)| (nanos, false)).max(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::{u64_to_u32, u64_to_usize};
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    fn detection(component: u32, crash: u64, latency_ns: u64) -> Detection {
        let outcome = Outcome::Detected { latency_ns, silence_ns: 0, timeout_ns: latency_ns, look_ns: 0 };
        Detection { component, monitor: 1, node: component + 1, crash_ns: crash, outcome }
    }

    /// So many crashes of so many components with latencies that hardly repeat.
    fn many(crashes: u64, components: u64) -> Vec<Detection> {
        let latency = |crash: u64| 2_000_000_000 + crash * 7919 % 100_000_007;
        let one = |crash: u64| detection(u64_to_u32(crash % components), crash, latency(crash));
        (0..crashes).map(one).collect()
    }

    #[test]
    fn few_follow_ups_are_exact() {
        let crashes = Crashes::of(&many(4_000, 50));
        assert_eq!(crashes.views.coarseness, 0);
        assert_eq!((crashes.views.iter().count(), crashes.views.crashes()), (4_000, 4_000));
        assert!(crashes.first.iter().next().is_none(), "one monitor is no group");
    }

    #[test]
    fn many_take_no_more_memory_and_lose_no_more_than_a_bin() {
        for components in [1, 20, 1000] {
            let made = many(50_000, components);
            let crashes = Crashes::of(&made);
            let kept: Vec<FollowUp> = crashes.views.iter().collect();
            assert!(kept.len() <= MOST_FOLLOW_UPS, "{components} components: {}", kept.len());
            assert_eq!(kept.iter().map(|one| one.ended).sum::<u64>(), 50_000);
            assert_eq!((crashes.views.crashes(), crashes.total(|sums| sums.detected)), (50_000, 50_000));
            let mut lengths: Vec<u64> =
                made.iter().filter_map(|one| one.outcome.follow_up()).map(|one| one.0).collect();
            lengths.sort_unstable();
            let mut binned: Vec<u64> =
                kept.iter().flat_map(|one| std::iter::repeat_n(one.nanos, u64_to_usize(one.ended))).collect();
            binned.sort_unstable();
            for (exact, edge) in lengths.iter().zip(&binned) {
                assert!(edge >= exact && edge - exact <= exact / 1000, "{exact} became {edge}");
            }
            let mut units: Vec<u32> = kept.iter().map(|one| one.component).collect();
            units.dedup();
            assert!(units.len() as u64 >= components.min(8), "{components} components: {units:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]
        #[test]
        fn parts_and_their_order_make_no_difference(crashes in 1..12_000_u64, components in 1..300_u64, cut in 0..100_usize) {
            let made = many(crashes, components);
            let (one, other) = made.split_at(made.len() * cut / 100);
            let mut merged = Crashes::of(other);
            merged.merge(&Crashes::of(one));
            let mut one_by_one = Crashes::default();
            for view in made.iter().rev() {
                one_by_one.add(&mut vec![*view], false);
            }
            prop_assert!(merged == Crashes::of(&made) && one_by_one == merged);
        }
    }
}
