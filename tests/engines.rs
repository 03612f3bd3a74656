//! Streams, event ring and naive heap make the same batches, and detectors make the same of them, bit for bit.
//!
//! Worlds are drawn at random from small parts that collide as often as they can: delays, faults and check periods are
//! quarters of the heartbeat interval, so that sends, arrivals, ends and starts of faults and deadlines fall onto the same
//! instants. The same worlds with laws of all kinds follow.
#![cfg(feature = "sim")]

use std::collections::BTreeMap;
use std::ops::Range;

use proptest::prelude::*;
use systole::detector::timeout::Rearm;
use systole::detector::{
    CheckPeriod, CheckPhase, Clock, Config, Watch, misses, nfd_e, nfd_s, phi_akka, phi_cassandra, phi_normal, timeout,
};
use systole::engine::{
    Arrival, Audience, Batch, Engine, Explanation, Laws, Lost, Missed, Mistake, PairSlice, Samplers, Sink, SinkPart,
    Wanted, run_trial_on,
};
use systole::model::{
    Component, Fault, FaultKind, Heartbeat, Law, Loss, MissedTicks, MonitorRole, Network, OnRestart, OnWake, Ordering,
    Pacing, Phase, Target, Timing, Traffic, Wire, World,
};
use systole::units::{SimTime, Span};

/// A quarter of the heartbeat interval.
const QUARTER: u64 = 250_000;
const INTERVAL: Span = Span::from_nanos(4 * QUARTER);

/// All that happened to one pair in one slice.
#[derive(Debug, PartialEq)]
struct Seen {
    until: SimTime,
    batch: Batch,
    missed: Vec<Missed>,
    pending: Vec<Arrival>,
    transitions: Vec<String>,
    explanations: Vec<Explanation>,
}

type Story = BTreeMap<(u32, u32), Vec<Seen>>;

/// A sink that forgets nothing.
#[derive(Default)]
struct Witness(Story);

struct WitnessPart(Story);

impl Sink for Witness {
    type Part = WitnessPart;

    fn part(&mut self, _nodes: Range<u32>) -> WitnessPart {
        WitnessPart(Story::new())
    }

    fn end_slice(&mut self, parts: &mut [&mut WitnessPart], _until: SimTime) {
        for part in parts {
            for (pair, seen) in std::mem::take(&mut part.0) {
                self.0.entry(pair).or_default().extend(seen);
            }
        }
    }
}

impl SinkPart for WitnessPart {
    fn wanted(&self) -> Wanted<'_> {
        Wanted { explained: &[true; 32], levels: true }
    }

    fn pair(&mut self, slice: &PairSlice<'_>) {
        let mut batch = slice.pair.batch.clone();
        batch.lost.sort_by_key(|lost: &Lost| (lost.sent, lost.incarnation, lost.seq));
        let mistakes = slice.transitions.iter().filter(|change| !change.first).take(4);
        let explanations =
            mistakes.map(|change| slice.explain(&Mistake { setting: change.setting, at: change.at, memory: None }));
        let seen = Seen {
            until: slice.until,
            batch,
            missed: slice.pair.missed.to_vec(),
            pending: slice.pair.pending.to_vec(),
            transitions: slice.transitions.iter().map(|change| format!("{change:?}")).collect(),
            explanations: explanations.collect(),
        };
        self.0.entry((slice.pair.node, slice.pair.monitor)).or_default().push(seen);
    }
}

fn story(engine: Engine, world: &World, laws: &Laws) -> Story {
    let mut witness = Witness::default();
    assert!(run_trial_on(engine, world, laws, 1, &audience(), &mut witness, &|_| true));
    witness.0
}

/// Detectors that differ in what they remember, and in how they are looked at.
fn audience() -> Audience {
    let quarters = |count| Span::from_nanos(count * QUARTER);
    let timeout = |after, rearm| Config::Timeout(timeout::Config { after, rearm });
    let every = |period, phase, gap_max| Watch {
        every: Some(CheckPeriod { period, phase, gap_min: 0.0, gap_max }),
        clock: Clock::Monotonic,
    };
    let continuous = Watch::default();
    let listeners = [
        (timeout(quarters(6), Rearm::Newer), continuous),
        (timeout(quarters(10), Rearm::Newer), continuous),
        (timeout(quarters(8), Rearm::Any), continuous),
        (Config::Misses(misses::Config { count: 2, grace: quarters(2) }), continuous),
        (Config::NfdS(nfd_s::Config { shift: quarters(5) }), continuous),
        (Config::NfdE(nfd_e::Config { margin: quarters(3), window: 8 }), continuous),
        (Config::PhiNormal(phi_normal::Config { threshold: 3.0, window: 20, min_std_dev: quarters(1) }), continuous),
        (
            Config::PhiAkka(phi_akka::Config {
                threshold: 5.0,
                window: 20,
                min_std_dev: quarters(1),
                acceptable_pause: quarters(2),
                first_interval: quarters(4),
            }),
            every(quarters(2), CheckPhase::Aligned, 0.0),
        ),
        (
            Config::PhiCassandra(phi_cassandra::Config {
                threshold: 2.0,
                window: 20,
                first_interval: quarters(8),
                max_interval: quarters(8),
                max_local_pause: quarters(9),
            }),
            every(quarters(3), CheckPhase::Random, 0.02),
        ),
        (timeout(quarters(6), Rearm::Newer), every(quarters(1), CheckPhase::Aligned, 0.0)),
    ];
    Audience::new(&listeners, INTERVAL)
}

fn quarters(counts: Range<u64>) -> impl Strategy<Value = Span> {
    counts.prop_map(|count| Span::from_nanos(count * QUARTER))
}

/// Laws whose values are quarters of the interval.
fn colliding_law(counts: Range<u64>) -> impl Strategy<Value = Law> {
    prop_oneof![
        quarters(counts.clone()).prop_map(Law::Constant),
        prop::collection::vec(quarters(counts), 1..6).prop_map(|mut spans| {
            spans.sort_unstable();
            Law::Empirical(spans)
        }),
    ]
}

/// Laws of every shape.
fn any_law(counts: Range<u64>) -> impl Strategy<Value = Law> {
    let min = Span::from_nanos(counts.start * QUARTER);
    let smooth = quarters(counts.start.max(1)..counts.end).prop_flat_map(move |mean| {
        prop_oneof![
            Just(Law::Exponential { mean, min }),
            Just(Law::Uniform { min, max: min + mean }),
            Just(Law::Pareto { min: min + Span::from_nanos(1000), shape: 0.8, max: None }),
        ]
    });
    prop_oneof![
        2 => colliding_law(counts.clone()),
        1 => smooth,
        1 => prop::collection::vec((1..4_u32, colliding_law(counts)), 1..3).prop_map(|parts| {
            Law::Mixture(parts.into_iter().map(|(weight, of)| Component { weight: f64::from(weight), of }).collect())
        }),
    ]
}

fn any_loss() -> impl Strategy<Value = Loss> {
    let share = || prop_oneof![Just(0.0), Just(1.0), 0.0..1.0];
    prop_oneof![
        prop_oneof![Just(0.0), 0.0..0.5, Just(1.0)].prop_map(Loss::Independent),
        (share(), share(), share(), share()).prop_map(|(p, r, loss_good, loss_bad)| Loss::PerPacket {
            p,
            r,
            loss_good,
            loss_bad
        }),
        (quarters(1..60), quarters(1..20), 0.0..0.3, 0.3..1.0).prop_map(
            |(mean_good, mean_bad, loss_good, loss_bad)| Loss::Bursts { mean_good, mean_bad, loss_good, loss_bad }
        ),
    ]
}

/// Heartbeats on quarters of the interval.
fn colliding_pacing() -> impl Strategy<Value = Pacing> {
    let wait = prop::sample::select(vec![0.5, 0.75, 1.0, 1.25]);
    prop_oneof![4 => Just(Pacing::Jitter(0.0)), 1 => wait.prop_map(|share| Pacing::Wait { min: share, max: share })]
}

fn any_pacing() -> impl Strategy<Value = Pacing> {
    prop_oneof![
        3 => Just(Pacing::Jitter(0.0)),
        2 => prop_oneof![Just(0.25), 0.0..0.49].prop_map(Pacing::Jitter),
        2 => prop_oneof![Just((1.0, 1.0)), (0.25..1.0, 1.0..1.5)].prop_map(|(min, max)| Pacing::Wait { min, max }),
    ]
}

fn any_heartbeat(pacing: impl Strategy<Value = Pacing>) -> impl Strategy<Value = Heartbeat> {
    let missed =
        prop::sample::select(vec![MissedTicks::Skip, MissedTicks::Burst, MissedTicks::Delay, MissedTicks::Drop]);
    let restart = prop::sample::select(vec![OnRestart::AtOnce, OnRestart::RandomPhase, OnRestart::SameGrid]);
    let phase = prop_oneof![3 => Just(Phase::Aligned), 1 => Just(Phase::Random)];
    (pacing, phase, missed, restart).prop_map(|(pacing, phase, missed_ticks, on_restart)| Heartbeat {
        interval: INTERVAL,
        pacing,
        phase,
        missed_ticks,
        on_restart,
        payload: 64,
        wire: Wire::Ipv4,
    })
}

fn any_target() -> impl Strategy<Value = Target> {
    prop_oneof![
        Just(Target::All),
        Just(Target::Nodes),
        Just(Target::Monitors),
        (1..4_u32).prop_map(Target::Node),
        (1..3_u32).prop_map(Target::Monitor),
    ]
}

fn any_kind<L: Strategy<Value = Law>>(length: impl Fn() -> L) -> impl Strategy<Value = FaultKind> {
    prop_oneof![
        (any_target(), length()).prop_map(|(on, down_for)| FaultKind::Crash { on, down_for }),
        (any_target(), length()).prop_map(|(on, lasts)| FaultKind::Pause { on, lasts }),
        (any_target(), any_target(), any::<bool>(), length())
            .prop_map(|(from, to, both_ways, lasts)| FaultKind::Partition { from, to, both_ways, lasts }),
    ]
}

fn any_faults<L: Strategy<Value = Law>>(
    timing: impl Strategy<Value = Timing>,
    length: impl Fn() -> L,
) -> impl Strategy<Value = Vec<Fault>> {
    let fault = (any_kind(length), timing, any::<bool>());
    prop::collection::vec(fault, 0..6).prop_map(|faults| {
        let named = faults.into_iter().zip(0..).map(|((kind, timing, together), number)| Fault {
            name: format!("fault-{number}"),
            kind,
            timing,
            together,
        });
        named.collect()
    })
}

/// At quarters of the interval, counted from the end of the warm-up.
fn given_times() -> impl Strategy<Value = Timing> {
    prop::collection::vec(quarters(0..160), 1..20).prop_map(|mut times| {
        times.sort_unstable();
        Timing::At(times)
    })
}

fn world(
    delay: impl Strategy<Value = Law>,
    heartbeat: impl Strategy<Value = Heartbeat>,
    faults: impl Strategy<Value = Vec<Fault>>,
    hosts: (Range<u32>, Range<u32>),
    beats: Range<u64>,
) -> impl Strategy<Value = World> {
    let ordering = prop::sample::select(vec![Ordering::Any, Ordering::Fifo]);
    let network = (delay, any_loss(), ordering).prop_map(|(delay, loss, ordering)| Network { delay, loss, ordering });
    let wake = prop::sample::select(vec![OnWake::MessagesFirst, OnWake::TimersFirst]);
    let monitor = (wake, any::<bool>()).prop_map(|(on_wake, memory_kept)| MonitorRole { on_wake, memory_kept });
    let times = (prop_oneof![Just(Span::ZERO), quarters(1..100)], quarters(4 * beats.start..4 * beats.end));
    (any::<u64>(), times, hosts, heartbeat, network, monitor, faults).prop_map(
        |(seed, (warm_up, duration), (nodes, monitors), heartbeat, network, monitor, faults)| World {
            seed,
            warm_up,
            duration,
            nodes,
            monitors,
            traffic: Traffic::Push(heartbeat),
            network,
            monitor,
            faults,
        },
    )
}

/// A world in which as much as possible happens at the same instants.
fn colliding_world() -> impl Strategy<Value = World> {
    let faults = any_faults(given_times(), || colliding_law(0..12));
    world(colliding_law(0..14), any_heartbeat(colliding_pacing()), faults, (1..4, 1..3), 20..60)
}

fn any_world(hosts: (Range<u32>, Range<u32>), beats: Range<u64>) -> impl Strategy<Value = World> {
    let timing = prop_oneof![3 => any_law(1..80).prop_map(Timing::Every), 1 => given_times()];
    world(any_law(0..14), any_heartbeat(any_pacing()), any_faults(timing, || any_law(0..20)), hosts, beats)
}

fn engines_agree(world: &World) -> Result<(), TestCaseError> {
    let laws = Laws::new(world, &mut Samplers::default());
    let streams = story(Engine::Streams, world, &laws);
    for engine in [Engine::Ring, Engine::Heap] {
        let other = story(engine, world, &laws);
        prop_assert_eq!(streams.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (pair, seen) in &streams {
            for (ours, theirs) in seen.iter().zip(&other[pair]) {
                prop_assert_eq!(ours, theirs, "pair {:?}, {:?}", pair, engine);
            }
            prop_assert_eq!(seen.len(), other[pair].len());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn engines_agree_where_everything_collides(world in colliding_world()) {
        engines_agree(&world)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn engines_agree_on_any_world(world in any_world((1..4, 1..3), 50..2_500)) {
        engines_agree(&world)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn engines_agree_on_many_nodes(world in any_world((60..140, 1..3), 5..40)) {
        engines_agree(&world)?;
    }
}

/// A sink that counts the slices that were brought to their end.
struct Ends(u32);

impl Sink for Ends {
    type Part = WitnessPart;

    fn part(&mut self, _nodes: Range<u32>) -> WitnessPart {
        WitnessPart(Story::new())
    }

    fn end_slice(&mut self, _parts: &mut [&mut WitnessPart], _until: SimTime) {
        self.0 += 1;
    }
}

#[test]
fn a_stop_is_heard_within_a_slice() {
    let world = World::new(300, INTERVAL);
    let laws = Laws::new(&world, &mut Samplers::default());
    let asked = std::sync::atomic::AtomicU32::new(0);
    let advanced = |_| asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 2;
    let mut ends = Ends(0);
    assert!(!run_trial_on(Engine::Streams, &world, &laws, 1, &audience(), &mut ends, &advanced));
    assert_eq!(ends.0, 0, "the third chunk of the first slice was not begun");
}
