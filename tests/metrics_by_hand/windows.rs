//! Bandwidth in windows of 100 ms (metrics.md section 6): what is worked out by periods is what counting finds.

use std::ops::Range;

use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use systole::detector::Watch;
use systole::engine::{
    Audience, Laws, PairSlice, Samplers, SendWindows, Sink, SinkPart, WINDOW, Wanted, run_trial, send_windows,
};
use systole::model::{OnRestart, Pacing, Phase};
use systole::units::SimTime;

fn windows(world: &World) -> SendWindows {
    send_windows(world, &Laws::new(world, &mut Samplers::default()), 1)
}

/// Every instant at which a node sent, where heartbeats arrive as they are sent.
#[derive(Default)]
struct Sends(Vec<(u32, SimTime)>);

impl Sink for Sends {
    type Part = Self;

    fn part(&mut self, _nodes: Range<u32>) -> Self {
        Self::default()
    }

    fn end_slice(&mut self, parts: &mut [&mut Self], _until: SimTime) {
        self.0.extend(parts.iter_mut().flat_map(|part| part.0.drain(..)));
    }
}

impl SinkPart for Sends {
    fn wanted(&self) -> Wanted<'_> {
        Wanted::default()
    }

    fn pair(&mut self, slice: &PairSlice<'_>) {
        if slice.pair.monitor == 0 {
            let sent = slice.pair.batch.arrivals.iter().map(|arrival| (slice.pair.node, arrival.sent));
            self.0.extend(sent);
        }
    }
}

/// How often each number occurs, zeros included, and the largest.
fn counted(sent: &[u64]) -> (Vec<(u64, u64)>, u64) {
    let mut sent = sent.to_vec();
    sent.sort_unstable();
    let alike = sent.chunk_by(|a, b| a == b);
    (alike.map(|alike| (alike[0], alike.len() as u64)).collect(), sent.last().copied().unwrap_or(0))
}

fn brute_force(world: &World) -> SendWindows {
    let audience = Audience::new(&[(usual().0, Watch::default())], world.interval());
    let mut sends = Sends::default();
    let laws = Laws::new(world, &mut Samplers::default());
    assert!(run_trial(world, &laws, 1, &audience, &mut sends, &|_| true));
    let count = usize::try_from(world.duration.as_nanos() / WINDOW.as_nanos()).expect("a short world");
    let mut by_node = vec![vec![0_u64; count]; world.nodes as usize];
    for (node, at) in sends.0 {
        let start = SimTime::ZERO + world.warm_up;
        let window = usize::try_from(at.since(start).as_nanos() / WINDOW.as_nanos()).expect("a short world");
        if at >= start && window < count {
            by_node[node as usize][window] += 1;
        }
    }
    let all: Vec<u64> = (0..count).map(|window| by_node.iter().map(|node| node[window]).sum()).collect();
    let ((cluster, cluster_peak), (node, node_peak)) = (counted(&all), counted(&by_node.concat()));
    SendWindows { cluster, cluster_peak, node, node_peak }
}

#[test]
fn a_grid_repeats_itself() {
    // Three nodes send together once a second, and nothing else happens for 100 s.
    let world = World { nodes: 3, ..quiet() };
    let node = vec![(0, 3 * 900), (1, 3 * 100)];
    assert_eq!(windows(&world), SendWindows { cluster: vec![(0, 900), (3, 100)], cluster_peak: 3, node, node_peak: 1 });
}

#[test]
fn beats_sent_all_at_once_on_waking_are_the_peak() {
    // Slots 21 to 28 are sent at 28.5, each node's at once; node 2 goes on as before.
    let gc = pause("gc", Target::Node(1), at(s(20, 500)), lasting(s(8, 0)));
    let mut world = World { nodes: 2, ..with(vec![gc]) };
    heartbeat(&mut world).missed_ticks = MissedTicks::Burst;
    let expected = SendWindows {
        cluster: vec![(0, 899), (1, 8), (2, 92), (8, 1)],
        cluster_peak: 8,
        node: vec![(0, 2000 - 92 - 1 - 100), (1, 192), (8, 1)],
        node_peak: 8,
    };
    assert_eq!(windows(&world), expected);
}

#[test]
fn what_is_no_whole_window_at_the_end_is_none() {
    let world = World { duration: s(1, 50), ..quiet() };
    assert_eq!(windows(&world).cluster, vec![(0, 9), (1, 1)]);
    assert_eq!(windows(&World { duration: s(0, 99), ..quiet() }), SendWindows::default());
}

fn world() -> impl Strategy<Value = World> {
    let interval = prop_oneof![
        Just(s(1, 0)),
        Just(s(0, 250)),
        Just(s(0, 70)),
        Just(s(0, 30)),
        Just(Span::from_nanos(333_333_333)),
        Just(s(2, 900)),
        (20_000_000..3_000_000_000_u64).prop_map(Span::from_nanos),
    ];
    let pacing = prop_oneof![
        3 => Just(Pacing::Jitter(0.0)),
        1 => Just(Pacing::Jitter(0.3)),
        1 => Just(Pacing::Wait { min: 0.9, max: 1.3 }),
    ];
    let missed = prop_oneof![
        Just(MissedTicks::Skip),
        Just(MissedTicks::Burst),
        Just(MissedTicks::Delay),
        Just(MissedTicks::Drop)
    ];
    let restart = prop_oneof![Just(OnRestart::AtOnce), Just(OnRestart::RandomPhase), Just(OnRestart::SameGrid)];
    let fault = (any::<bool>(), 1..5_u32, 0..90_000_u64, 1..9000_u64);
    let faults = prop::collection::vec(fault, 0..5);
    (interval, pacing, missed, restart, any::<bool>(), faults, 1..400_000_u64, 1..50_u64).prop_map(
        |(interval, pacing, missed_ticks, on_restart, aligned, faults, millis, seed)| {
            let mut world = World { seed, nodes: 4, monitors: 2, duration: s(0, millis), ..quiet() };
            let beats = heartbeat(&mut world);
            (beats.interval, beats.pacing) = (interval, pacing);
            (beats.missed_ticks, beats.on_restart) = (missed_ticks, on_restart);
            beats.phase = if aligned { Phase::Aligned } else { Phase::Random };
            world.network.delay = Law::Constant(Span::ZERO);
            let faults = faults.into_iter().enumerate().map(|(number, (crashes, node, start, lasts))| {
                let (name, timing, lasts) = (format!("fault-{number}"), at(s(0, start)), lasting(s(0, lasts)));
                let strike = if crashes { crash } else { pause };
                strike(&name, Target::Node(node), timing, lasts)
            });
            world.faults = faults.collect();
            world
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]
    #[test]
    fn periods_and_single_beats_count_as_beats_do(world in world()) {
        prop_assert_eq!(windows(&world), brute_force(&world));
    }
}
