//! Where a trial is cut into slices shows nowhere: a story told later is the same story.

use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use systole::detector::{CheckPeriod, CheckPhase, Config, Watch, nfd_e, phi_normal};
use systole::metrics::Crashes;
use systole::model::{OnRestart, OnWake};

/// Faults of one kind each, at some milliseconds of the story and for so long.
#[derive(Clone, Debug)]
struct Story {
    faults: Vec<(u8, u64, u64)>,
    missed_ticks: MissedTicks,
    on_restart: OnRestart,
    on_wake: OnWake,
    memory_kept: bool,
    delay: u64,
}

fn story() -> impl Strategy<Value = Story> {
    let fault = (0..5_u8, 0..30_000_u64, 1..12_000_u64);
    let missed = prop_oneof![
        Just(MissedTicks::Skip),
        Just(MissedTicks::Burst),
        Just(MissedTicks::Delay),
        Just(MissedTicks::Drop)
    ];
    let restart = prop_oneof![Just(OnRestart::AtOnce), Just(OnRestart::SameGrid)];
    let wake = prop_oneof![Just(OnWake::MessagesFirst), Just(OnWake::TimersFirst)];
    (prop::collection::vec(fault, 1..5), missed, restart, wake, any::<bool>(), 1..1000_u64).prop_map(
        |(faults, missed_ticks, on_restart, on_wake, memory_kept, delay)| Story {
            faults,
            missed_ticks,
            on_restart,
            on_wake,
            memory_kept,
            delay,
        },
    )
}

impl Story {
    /// The world in which the story begins at this second.
    fn world(&self, start: u64) -> World {
        let mut world = World { duration: s(2200, 0), ..quiet() };
        heartbeat(&mut world).missed_ticks = self.missed_ticks;
        heartbeat(&mut world).on_restart = self.on_restart;
        world.monitor.on_wake = self.on_wake;
        world.monitor.memory_kept = self.memory_kept;
        world.network.delay = Law::Constant(s(0, self.delay));
        let faults = self.faults.iter().enumerate().map(|(number, &(kind, millis, lasts))| {
            let (timing, lasts) = (at(s(start, millis)), lasting(s(0, lasts)));
            let name = format!("fault-{number}");
            match kind {
                0 => pause(&name, Target::Nodes, timing, lasts),
                1 => pause(&name, Target::Monitors, timing, lasts),
                2 => crash(&name, Target::Nodes, timing, lasts),
                3 => crash(&name, Target::Monitors, timing, lasts),
                _ => Fault { name, timing, ..usual_cut(Span::ZERO, s(0, 0)) },
            }
        });
        world.faults = faults.collect();
        for (fault, &(_, _, lasts)) in world.faults.iter_mut().zip(&self.faults) {
            if let FaultKind::Partition { lasts: length, .. } = &mut fault.kind {
                *length = lasting(s(0, lasts));
            }
        }
        world
    }
}

/// What must be equal, with times from the start of the story, and what was seen of the first half of a run set aside.
fn told(world: &World, listeners: &[Listener], start: u64) -> Vec<(Component, TrialRecord)> {
    let measured = measure(world, listeners, 1, s(1, 0), EVERYTHING);
    let shifted = |mut record: TrialRecord| {
        let mut sums = total(&record);
        sums.halves = systole::metrics::Halves::default();
        record.components.clear();
        assert_eq!(record.crashes, Crashes::of(&record.detections));
        for detection in &mut record.detections {
            detection.crash_ns -= s(start, 0).as_nanos();
        }
        record.crashes = Crashes::of(&record.detections);
        // What the end cuts is longer the sooner the story is told; stories are shorter than this.
        for counts in [&mut record.mistake_recurrences, &mut record.good_periods] {
            counts.retain(|count| count.nanos < s(100, 0).as_nanos());
        }
        for row in &mut record.false_positives {
            row.start_ns -= s(start, 0).as_nanos();
        }
        // A crash that lasts to the end is cut sooner by a later start; stories end long before.
        (sums, record)
    };
    measured.records.into_iter().map(shifted).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]
    #[test]
    fn a_story_is_the_same_across_a_border_of_slices(story in story(), before_border in 0..45_u64) {
        let every = Some(CheckPeriod::grid(s(5, 0), CheckPhase::At(s(2, 0))));
        let listeners = [
            usual(),
            timeout(s(1, 300)),
            nfd_s(s(1, 300)),
            (usual().0, Watch { every, ..Watch::default() }),
            (Config::NfdE(nfd_e::Config { margin: s(1, 0), window: 4 }), Watch::default()),
            (Config::PhiNormal(phi_normal::Config { threshold: 3.0, window: 8, min_std_dev: s(0, 50) }), Watch::default()),
        ];
        // Slices of the measured time end every 1000 s.
        let late = 1000 - before_border / 5 * 5;
        let (early, late_world) = (story.world(500), story.world(late));
        let pairs = told(&early, &listeners, 500).into_iter().zip(told(&late_world, &listeners, late));
        for ((early, late), (listener, _)) in pairs.zip(&listeners) {
            prop_assert_eq!(early, late, "{:?}", listener);
        }
    }
}
