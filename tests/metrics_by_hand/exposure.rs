//! Exposure, mistakes, and what is no mistake (metrics.md sections 1 to 3).

use super::*;
use systole::detector::timeout::{Config as Timeout, Rearm};
use systole::detector::{CheckPeriod, CheckPhase, Config, Watch};
use systole::metrics::{ClusterSums, DurationCount};
use systole::model::{Loss, OnRestart, Recorded, Trace, TracedNode, Traffic};

#[test]
fn a_quiet_world_is_all_settled_exposure() {
    let measured = everything(&quiet(), &usual(), s(1, 0));
    let record = &measured.records[0];
    let expected = Component { pairs: 1, exposure_ns: ns(100, 0), ..Component::default() };
    let halves = total(record).halves;
    assert_eq!(Component { halves: expected.halves, ..total(record) }, expected);
    assert_eq!((halves.first_exposure_ns, halves.first_mistakes), (ns(50, 0), 0));
    assert_eq!(record.cluster, ClusterSums::default());
    let traffic = &measured.traffic;
    assert_eq!((traffic.sent, traffic.lost, traffic.observed_ns), (100, 0, s(100, 0).as_nanos()));
    assert_eq!(traffic.delay_sum_ns, 100 * 100_000_000);
}

#[test]
fn exposure_is_settled_from_the_first_heartbeat_on() {
    let world = World { warm_up: Span::ZERO, ..quiet() };
    assert_eq!(total(&run(&world, &usual())).exposure_ns, ns(99, 900));
}

#[test]
fn a_pair_that_is_never_heard_has_no_exposure_and_is_counted() {
    let mut world = World { nodes: 3, monitors: 2, ..quiet() };
    world.network.loss = Loss::Independent(1.0);
    let total = total(&run(&world, &usual()));
    assert_eq!(total, Component { pairs: 6, never_heard: 6, ..Component::default() });
}

#[test]
fn a_paused_node_is_alive_and_its_suspicion_one_mistake() {
    // Slots 21, 22, 23 are missed; woken at 23.8. Suspected at 22.6, trusted at the next arrival.
    let cases = [
        (MissedTicks::Skip, s(1, 300), s(3, 800), 98),
        (MissedTicks::Burst, s(1, 300), s(3, 800), 100),
        (MissedTicks::Delay, s(1, 300), s(3, 800), 98),
        (MissedTicks::Drop, s(1, 500), s(4, 0), 97),
    ];
    for (missed_ticks, wrong, silence, sent) in cases {
        let mut world = with(vec![node_pause(s(20, 500), s(3, 300))]);
        heartbeat(&mut world).missed_ticks = missed_ticks;
        let measured = everything(&world, &usual(), s(1, 0));
        let record = &measured.records[0];
        let total = total(record);
        assert_eq!((total.mistakes, total.flaps, total.bootstrap_mistakes), (1, 1, 0), "{missed_ticks:?}");
        assert_eq!(total.wrong_ns, u128::from(wrong.as_nanos()), "{missed_ticks:?}");
        assert_eq!(total.exposure_ns, ns(100, 0), "slow is alive");
        assert_eq!(record.false_positives[0].needed_timeout_ns, Some(silence.as_nanos()), "{missed_ticks:?}");
        assert_eq!((record.mistake_durations[0].ended, record.mistake_durations[0].cut), (1, 0));
        assert_eq!(measured.traffic.sent, sent, "{missed_ticks:?}");
        assert_eq!(total.halves.first_mistakes, 1);
    }
}

#[test]
fn a_slot_at_the_start_of_a_stall_is_missed_and_one_at_its_end_is_not() {
    let measured = everything(&dropping(with(vec![node_pause(s(20, 0), s(3, 0))])), &usual(), s(1, 0));
    assert_eq!(measured.traffic.sent, 97);
    assert_eq!(mistakes(&measured.records[0]), [(ns(21, 600), ns(1, 500), true)]);
    // One more on waking, at the very instant of slot 23.
    assert_eq!(everything(&with(vec![node_pause(s(20, 0), s(3, 0))]), &usual(), s(1, 0)).traffic.sent, 98);
}

#[test]
fn a_heartbeat_that_arrives_exactly_when_the_timeout_ends_is_in_time() {
    let world = dropping(with(vec![node_pause(s(20, 500), s(2, 0))]));
    assert_eq!(total(&run(&world, &timeout(s(3, 0)))).mistakes, 0);
    let short = run(&world, &timeout(Span::from_nanos(s(3, 0).as_nanos() - 1)));
    assert_eq!(mistakes(&short), [(ns(23, 100) - 1, 1, true)]);
}

#[test]
fn a_mistake_ends_with_a_crash_and_the_crash_is_detected_at_once() {
    let world = dropping(with(vec![node_pause(s(20, 500), s(10, 0)), node_crash(s(25, 0), s(5, 0))]));
    let record = run(&world, &usual());
    assert_eq!(mistakes(&record), [(ns(22, 600), ns(2, 400), false)]);
    assert_eq!((record.mistake_durations[0].ended, record.mistake_durations[0].cut), (0, 1));
    let total = total(&record);
    assert_eq!(total.exposure_ns, ns(25, 0) + ns(100, 0) - ns(30, 100));
    assert_eq!((total.wrong_ns, total.flaps), (ns(2, 400), 0));
    let at_once = Outcome::Detected { latency_ns: 0, silence_ns: 0, timeout_ns: 0, look_ns: 0 };
    assert_eq!(record.detections[0].outcome, at_once);
    assert_eq!((record.recovery_sum_ns, record.recoveries), (ns(0, 100), 1));
}

#[test]
fn a_mistake_ends_with_a_cut() {
    // Slot 34 is sent at the instant at which the cut ends: it passes.
    let world = dropping(with(vec![node_pause(s(20, 500), s(10, 0)), usual_cut(s(24, 0), s(10, 0))]));
    let measured = everything(&world, &usual(), s(1, 0));
    let total = total(&measured.records[0]);
    assert_eq!(mistakes(&measured.records[0]), [(ns(22, 600), ns(1, 400), false)]);
    assert_eq!((total.unreachable, total.flaps), (0, 0));
    assert_eq!(total.exposure_ns, ns(24, 0) + ns(100, 0) - ns(34, 100));
    assert_eq!((measured.traffic.sent, measured.traffic.lost), (90, 3));
}

#[test]
fn a_mistake_ends_with_the_run() {
    let record = run(&with(vec![node_pause(s(97, 500), s(10, 0))]), &usual());
    assert_eq!(mistakes(&record), [(ns(99, 600), ns(0, 400), false)]);
    assert_eq!(total(&record).wrong_ns, ns(0, 400));
    assert_eq!((record.mistake_durations[0].ended, record.mistake_durations[0].cut), (0, 1));
}

#[test]
fn what_is_open_at_the_start_adds_to_time_but_not_to_counts() {
    // Wrong from k + 0.5 to k + 1.1, warm-up included.
    let world = World { duration: s(5, 0), ..quiet() };
    let record = run(&world, &timeout(s(0, 400)));
    let total = total(&record);
    assert_eq!((total.mistakes, total.flaps), (5, 5));
    assert_eq!(total.wrong_ns, ns(0, 100) + 4 * ns(0, 600) + ns(0, 500));
    assert_eq!(total.exposure_ns, ns(5, 0));
    let durations: Vec<_> = record.mistake_durations.iter().map(|count| (count.ended, count.cut)).collect();
    assert_eq!(durations, [(0, 1), (4, 0)], "0.5 s and 0.6 s");
    assert_eq!((total.halves.first_exposure_ns, total.halves.first_mistakes), (ns(2, 500), 2));
    // One episode after another, 0.4 s apart: one alarm that began before the run, or one a second.
    assert_eq!((record.cluster.node_episodes, record.cluster.alarms), (5, 0));
    let apart = everything(&world, &timeout(s(0, 400)), s(0, 400)).records.remove(0);
    assert_eq!((apart.cluster.node_episodes, apart.cluster.alarms), (5, 5));
}

#[test]
fn mistakes_soon_after_a_start_count_as_bootstrap_too() {
    let world = World { warm_up: Span::ZERO, ..quiet() };
    // At 0.5, 1.5, …: ten within 10 intervals.
    let at_start = total(&run(&world, &timeout(s(0, 400))));
    assert_eq!((at_start.mistakes, at_start.bootstrap_mistakes), (100, 10));
    // Up again at 60.3: mistakes at 60.8, 61.8, …, ten within 10 intervals. Down 20 s, 40 + 40 mistakes.
    let world = with(vec![node_crash(s(40, 300), s(20, 0))]);
    let restarted = total(&run(&world, &timeout(s(0, 400))));
    assert_eq!((restarted.mistakes, restarted.bootstrap_mistakes), (80, 10));
}

#[test]
fn suspicions_of_a_cut_node_are_unreachable_not_mistakes() {
    let cases = [
        // During the cut.
        (usual_cut(s(20, 500), s(4, 0)), 1, ns(25, 100) - ns(20, 500)),
        // After it, before the first arrival.
        (usual_cut(s(20, 500), s(2, 50)), 1, ns(23, 100) - ns(20, 500)),
        // Too short for a suspicion.
        (usual_cut(s(20, 500), s(1, 0)), 0, ns(22, 100) - ns(20, 500)),
        // No heartbeat was sent in it; the one in flight is the first arrival after it.
        (usual_cut(s(20, 50), s(0, 30)), 0, ns(0, 50)),
        // A heartbeat in flight is not cut.
        (usual_cut(s(20, 50), s(4, 0)), 1, ns(25, 100) - ns(20, 50)),
        (cut(Target::Monitors, Target::Nodes, true, s(20, 500), s(4, 0)), 1, ns(25, 100) - ns(20, 500)),
        // The way back carries nothing that is pushed.
        (cut(Target::Monitors, Target::Nodes, false, s(20, 500), s(4, 0)), 0, 0),
        (cut(Target::Node(2), Target::All, true, s(20, 500), s(4, 0)), 0, 0),
    ];
    for (fault, unreachable, unexposed) in cases {
        let total = total(&run(&with(vec![fault.clone()]), &usual()));
        let expected = (unreachable, 0, 0, 0, ns(100, 0) - unexposed);
        let seen = (total.unreachable, total.mistakes, total.flaps, total.wrong_ns, total.exposure_ns);
        assert_eq!(seen, expected, "{fault:?}");
    }
}

#[test]
fn cuts_that_touch_are_one_cut() {
    let faults = vec![
        Fault { name: "one".to_owned(), ..usual_cut(s(20, 500), s(2, 0)) },
        Fault { name: "other".to_owned(), ..usual_cut(s(22, 500), s(2, 0)) },
    ];
    let total = total(&run(&with(faults), &usual()));
    assert_eq!((total.unreachable, total.mistakes, total.exposure_ns), (1, 0, ns(100, 0) - ns(4, 600)));
}

#[test]
fn a_monitor_that_was_down_has_no_exposure_until_it_hears_again() {
    for memory_kept in [false, true] {
        let monitor_crash = crash("crash", Target::Monitors, at(s(40, 300)), lasting(s(5, 0)));
        let mut world = with(vec![monitor_crash]);
        world.monitor.memory_kept = memory_kept;
        let measured = everything(&world, &usual(), s(1, 0));
        let total = total(&measured.records[0]);
        assert_eq!((total.mistakes, total.unreachable, total.flaps), (0, 0, 0));
        assert_eq!(total.exposure_ns, ns(100, 0) - (ns(46, 100) - ns(40, 300)));
        // Those of 41 to 45 found nobody.
        assert_eq!((measured.traffic.sent, measured.traffic.lost), (100, 5));
        assert!(measured.records[0].detections.is_empty() && measured.records[0].recoveries == 0);
    }
}

#[test]
fn a_recorded_node_is_observed_from_its_first_arrival_to_its_last() {
    // Number 0 comes so late that it is stale, 1 and 2 never; from 3 on each takes 0.1 s, but 6 and 7 are lost.
    let beat = |seq: u64| {
        let lost = [1, 2, 6, 7].contains(&seq);
        let arrived = if seq == 0 { s(3, 0) } else { s(seq, 100) };
        Recorded { seq, sent: s(seq, 0).as_nanos(), arrived: (!lost).then_some(arrived.as_nanos()) }
    };
    let node = TracedNode { name: "one".to_owned(), beats: (0..=10).map(beat).collect() };
    let traffic = Traffic::Recorded { trace: Trace { nodes: vec![node] }, interval: s(1, 0) };
    let world = World { warm_up: Span::ZERO, duration: s(20, 0), traffic, ..quiet() };
    let measured = everything(&world, &nfd_s(s(0, 500)), s(1, 0));
    let total = total(&measured.records[0]);
    // Trusted from 3.1 on; 5 counts until 6.5, and 8 comes at 8.1.
    assert_eq!(total.exposure_ns, ns(10, 100) - ns(3, 100));
    assert_eq!((total.mistakes, total.flaps, total.wrong_ns), (1, 1, ns(1, 600)));
    assert_eq!((measured.traffic.sent, measured.traffic.lost), (11, 4));
    assert!(measured.records[0].detections.is_empty(), "a recording that ends is no crash");
}

#[test]
fn nothing_is_exposed_where_no_heartbeat_ever_counts() {
    // A heartbeat counts until 1.5 s after it was sent, and takes 2 s.
    let mut world = quiet();
    world.network.delay = Law::Constant(s(2, 0));
    let total = total(&run(&world, &nfd_s(s(0, 500))));
    assert_eq!(total, Component { pairs: 1, ..Component::default() });
}

/// The silence that each mistake with a row would have had to outlast.
fn needed(world: &World, listener: &Listener) -> Vec<Option<u64>> {
    run(world, listener).false_positives.iter().map(|row| row.needed_timeout_ns).collect()
}

#[test]
fn a_silence_ends_with_its_heartbeat_not_with_the_look_that_sees_it() {
    let looked = |phase| Watch { every: Some(CheckPeriod::grid(s(5, 0), CheckPhase::At(phase))), ..Watch::default() };
    // Heard at 20.1 and again at 24.1; suspected from the look at 23 to that at 28.
    let world = dropping(with(vec![node_pause(s(20, 500), s(3, 300))]));
    let listener = (usual().0, looked(s(3, 0)));
    assert_eq!(mistakes(&run(&world, &listener)), [(ns(23, 0), ns(5, 0), true)]);
    assert_eq!(needed(&world, &listener), [Some(s(4, 0).as_nanos())]);
    // Another silence, from 24.1 to 30.1, goes unseen between the looks at 28 and 33: it is not the one.
    let pauses = Timing::At(vec![s(20, 500), s(24, 500)]);
    let both = dropping(with(vec![pause("pause", Target::Nodes, pauses, lasting(s(3, 300)))]));
    assert_eq!(needed(&both, &listener), [Some(s(4, 0).as_nanos())]);
}

#[test]
fn a_silence_ends_in_whatever_slice_its_heartbeat_comes() {
    // Slices end every 1000 s. The look that sees the heartbeat comes a slice or two after the one that suspects.
    for (period, suspected, trusted, pauses) in [(20, 990, 1010, [12, 25]), (1005, 998, 2003, [25, 600])] {
        let phase = CheckPhase::At(s((10 + suspected) % period, 0));
        let every = Some(CheckPeriod::grid(s(period, 0), phase));
        let listener = (usual().0, Watch { every, ..Watch::default() });
        for lasts in pauses {
            let paused = node_pause(s(985, 500), s(lasts, 0));
            let world = World { duration: s(4000, 0), ..dropping(with(vec![paused])) };
            let silence = s(lasts + 1, 0).as_nanos();
            let back = 985 + lasts + 1;
            let trusted = if back > trusted { trusted + period } else { trusted };
            assert_eq!(mistakes(&run(&world, &listener)), [(ns(suspected, 0), ns(trusted - suspected, 0), true)]);
            assert_eq!(needed(&world, &listener), [Some(silence)], "every {period} s, {lasts} s");
        }
    }
}

#[test]
fn a_silence_is_between_heartbeats_that_re_arm() {
    // Heartbeats 21 to 24 are lost.
    let beat = |seq: u64| {
        let lost = (21..25).contains(&seq);
        Recorded { seq, sent: s(seq, 0).as_nanos(), arrived: (!lost).then_some(s(seq, 100).as_nanos()) }
    };
    // 19 comes at 20.6, after 20: it re-arms only who takes any.
    let late = |seq: u64| match seq {
        19 => Recorded { arrived: Some(s(20, 600).as_nanos()), ..beat(19) },
        _ => beat(seq),
    };
    let node = TracedNode { name: "one".to_owned(), beats: (0..=40).map(late).collect() };
    let traffic = Traffic::Recorded { trace: Trace { nodes: vec![node] }, interval: s(1, 0) };
    let world = World { warm_up: Span::ZERO, duration: s(40, 200), traffic, ..quiet() };
    assert_eq!(needed(&world, &timeout(s(4, 700))), [Some(s(5, 0).as_nanos())]);
    let any = |after| (Config::Timeout(Timeout { after, rearm: Rearm::Any }), Watch::default());
    assert_eq!(needed(&world, &any(s(4, 700))), []);
    assert_eq!(needed(&world, &any(s(4, 200))), [Some(s(4, 500).as_nanos())]);
}

fn counts(lengths: &[DurationCount]) -> Vec<(u64, u64, u64)> {
    // A bin is at most 0.1 % wide; these lengths are whole tenths of a second.
    lengths.iter().map(|count| (count.nanos / 100_000_000, count.ended, count.cut)).collect()
}

#[test]
fn times_between_mistakes_end_with_the_next_or_are_cut() {
    // Wrong from 22.6 to 24.1, from 52.6 to 54.1 and from 82.6 to 84.1.
    let pauses = Timing::At(vec![s(20, 500), s(50, 500), s(80, 500)]);
    let gc = || pause("gc", Target::Nodes, pauses.clone(), lasting(s(3, 300)));
    let record = run(&dropping(with(vec![gc()])), &usual());
    assert_eq!(counts(&record.mistake_durations), [(15, 3, 0)]);
    assert_eq!(counts(&record.mistake_recurrences), [(174, 0, 1), (300, 2, 0)], "the end cuts the last");
    assert_eq!(counts(&record.good_periods), [(159, 0, 1), (285, 2, 0)]);
    // A crash at 40.3 cuts what runs; so does a cut.
    for fault in [node_crash(s(40, 300), s(5, 0)), usual_cut(s(40, 300), s(5, 0))] {
        let mut world = dropping(with(vec![gc(), fault]));
        heartbeat(&mut world).on_restart = OnRestart::SameGrid;
        let record = run(&world, &usual());
        assert_eq!(counts(&record.mistake_recurrences), [(174, 0, 1), (177, 0, 1), (300, 1, 0)]);
        assert_eq!(counts(&record.good_periods), [(159, 0, 1), (162, 0, 1), (285, 1, 0)]);
    }
    // What began before the run does not count.
    let world = World { duration: s(5, 0), ..quiet() };
    let record = run(&world, &timeout(s(0, 400)));
    assert_eq!(counts(&record.mistake_recurrences), [(5, 0, 1), (10, 4, 0)]);
    assert_eq!(counts(&record.good_periods), [(4, 5, 0)]);
}
