//! What becomes of a crash (metrics.md section 4).

use super::*;
use systole::detector::{CheckPeriod, CheckPhase, Watch};

fn outcomes(record: &TrialRecord) -> Vec<Outcome> {
    record.detections.iter().map(|detection| detection.outcome).collect()
}

fn latency(record: &TrialRecord) -> Option<u64> {
    match outcomes(record)[..] {
        [Outcome::Detected { latency_ns, .. }] => Some(latency_ns),
        _ => None,
    }
}

#[test]
fn detection_counts_from_the_crash() {
    let record = run(&with(vec![node_crash(s(40, 300), s(20, 0))]), &usual());
    let detected = Outcome::Detected {
        latency_ns: s(2, 300).as_nanos(),
        silence_ns: s(0, 200).as_nanos(),
        timeout_ns: s(2, 500).as_nanos(),
        look_ns: 0,
    };
    assert_eq!(outcomes(&record), [detected]);
    assert_eq!(record.detections[0].crash_ns, s(40, 300).as_nanos());
    assert_eq!((record.recovery_sum_ns, record.recoveries), (ns(0, 100), 1));
    let total = total(&record);
    assert_eq!((total.mistakes, total.exposure_ns), (0, ns(100, 0) - ns(20, 100)));
}

#[test]
fn a_heartbeat_in_flight_at_the_crash_still_counts() {
    let record = run(&with(vec![node_crash(s(40, 50), s(20, 0))]), &usual());
    assert_eq!(latency(&record), Some(s(2, 550).as_nanos()));
}

#[test]
fn a_crash_at_a_slot_comes_before_the_heartbeat() {
    let record = run(&with(vec![node_crash(s(40, 0), s(20, 0))]), &usual());
    assert_eq!(latency(&record), Some(s(1, 600).as_nanos()));
}

#[test]
fn a_crash_is_undetected_if_the_node_is_up_before_the_suspicion() {
    // The suspicion is due at 42.6, also where nothing was heard of the new incarnation by then.
    for (down_for, heard) in [(s(1, 500), s(41, 900)), (s(2, 250), s(42, 650)), (s(2, 300), s(42, 700))] {
        let record = run(&with(vec![node_crash(s(40, 300), down_for)]), &usual());
        assert_eq!(outcomes(&record), [Outcome::Undetected(down_for.as_nanos())]);
        let total = total(&record);
        let exposure = ns(40, 300) + ns(100, 0) - u128::from(heard.as_nanos());
        assert_eq!((total.mistakes, total.exposure_ns), (0, exposure));
        assert_eq!((record.recovery_sum_ns, record.recoveries), (ns(0, 100), 1));
    }
}

#[test]
fn a_crash_that_is_open_at_the_end_is_censored_unless_suspected() {
    let censored = run(&with(vec![node_crash(s(98, 500), s(50, 0))]), &usual());
    assert_eq!(outcomes(&censored), [Outcome::Censored(s(1, 500).as_nanos())]);
    let detected = run(&with(vec![node_crash(s(97, 0), s(50, 0))]), &usual());
    assert_eq!(latency(&detected), Some(s(1, 600).as_nanos()));
    // Due at 99.6, in time; due at the very end, not.
    let at_the_end = run(&with(vec![node_crash(s(97, 500), s(50, 0))]), &timeout(s(2, 900)));
    assert_eq!(outcomes(&at_the_end), [Outcome::Censored(s(2, 500).as_nanos())]);
}

#[test]
fn a_crash_before_the_new_incarnation_was_heard_is_unknown() {
    let two = crash("crash", Target::Nodes, Timing::At(vec![s(40, 300), s(45, 350)]), lasting(s(5, 0)));
    let record = run(&with(vec![two]), &usual());
    assert_eq!(record.detections.len(), 2);
    assert!(matches!(record.detections[0].outcome, Outcome::Detected { latency_ns: 2_300_000_000, .. }));
    assert_eq!(record.detections[1].outcome, Outcome::Unknown);
    // Up at 50.35, heard at 50.45: the recovery of the first crash never came.
    assert_eq!((record.recovery_sum_ns, record.recoveries), (ns(0, 100), 1));
    assert_eq!(total(&record).exposure_ns, ns(40, 300) + ns(100, 0) - ns(50, 450));
}

#[test]
fn a_suspicion_left_from_an_earlier_crash_is_a_detection_at_zero() {
    // Looked at every 10 s, at 0, 10, …: the restart at 45.3 is heard but not seen before the node is down again.
    let every = Some(CheckPeriod::grid(s(10, 0), CheckPhase::Aligned));
    let listener = (usual().0, Watch { every, ..Watch::default() });
    let two = crash("crash", Target::Nodes, Timing::At(vec![s(35, 300), s(46, 300)]), lasting(s(10, 0)));
    let record = run(&with(vec![two]), &listener);
    let latencies: Vec<u64> = record
        .detections
        .iter()
        .map(|detection| match detection.outcome {
            Outcome::Detected { latency_ns, .. } => latency_ns,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(latencies, [s(4, 700).as_nanos(), 0]);
    // Trusted again at the look at 60, though heard at 56.4.
    assert_eq!((record.recovery_sum_ns, record.recoveries), (ns(3, 700), 1));
    assert_eq!(total(&record).exposure_ns, ns(35, 300) + ns(40, 0));
}

#[test]
fn ticks_quantise_detection_and_hide_what_passes_between_them() {
    let every = |phase| Some(CheckPeriod::grid(s(5, 0), CheckPhase::At(phase)));
    let looked = |phase| (usual().0, Watch { every: every(phase), ..Watch::default() });
    let record = run(&with(vec![node_crash(s(40, 300), s(20, 0))]), &looked(s(1, 0)));
    let detected = Outcome::Detected {
        latency_ns: s(5, 700).as_nanos(),
        silence_ns: s(0, 200).as_nanos(),
        timeout_ns: s(2, 500).as_nanos(),
        look_ns: s(3, 400).as_nanos(),
    };
    assert_eq!(outcomes(&record), [detected], "ticks at 41, 46, …");
    // Wrong from 22.6 to 24.1: ticks at 21 and 26 do not see it, ticks at 23 and 28 do.
    let world = dropping(with(vec![node_pause(s(20, 500), s(3, 300))]));
    assert_eq!(mistakes(&run(&world, &looked(s(1, 0)))), []);
    assert_eq!(mistakes(&run(&world, &looked(s(3, 0)))), [(ns(23, 0), ns(5, 0), true)]);
}

#[test]
fn every_monitor_has_a_row_for_every_crash() {
    let world = World { nodes: 2, monitors: 3, ..with(vec![node_crash(s(40, 300), s(20, 0))]) };
    let record = run(&world, &usual());
    let rows: Vec<_> = record.detections.iter().map(|row| (row.node, row.monitor, row.component)).collect();
    assert_eq!(rows, [(1, 1, 0), (1, 2, 0), (1, 3, 0), (2, 1, 1), (2, 2, 1), (2, 3, 1)]);
    assert_eq!((record.recovery_sum_ns, record.recoveries), (6 * ns(0, 100), 6));
}

#[test]
fn a_beat_of_an_older_incarnation_re_arms_nothing_once_a_newer_was_heard() {
    // Delays of 3 s in order: 38, 39 and 40 arrive at 41, 42, 43; the new life's first, sent at 41.5, at 44.5.
    let mut world = with(vec![node_crash(s(40, 500), s(1, 0))]);
    world.network.delay = Law::Constant(s(3, 0));
    let record = run(&world, &usual());
    assert_eq!(outcomes(&record), [Outcome::Undetected(s(1, 0).as_nanos())]);
    assert_eq!(record.recovery_sum_ns, ns(3, 0));
    assert_eq!(total(&record).exposure_ns, ns(100, 0) - (ns(44, 500) - ns(40, 500)));
}

/// The usual crash, from 40.3 to 60.3, and a crash of the monitor.
fn beside_a_monitor_crash(start: Span, down_for: Span, memory_kept: bool) -> TrialRecord {
    let monitor_crash = crash("monitor", Target::Monitors, at(start), lasting(down_for));
    let mut world = with(vec![node_crash(s(40, 300), s(20, 0)), monitor_crash]);
    world.monitor.memory_kept = memory_kept;
    run(&world, &usual())
}

#[test]
fn a_monitor_that_was_started_again_still_knows_of_a_crash_after_it_heard_that_life() {
    // Down at the crash, and up again in time: what it kept ends at 41.6; what it lost is never there again.
    let kept = beside_a_monitor_crash(s(39, 500), s(2, 0), true);
    assert_eq!(latency(&kept), Some(s(1, 300).as_nanos()));
    let lost = beside_a_monitor_crash(s(39, 500), s(2, 0), false);
    assert_eq!(outcomes(&lost), [Outcome::Undetected(s(20, 0).as_nanos())]);
    // Up again before the crash, too late to hear anything.
    let kept = beside_a_monitor_crash(s(38, 500), s(1, 700), true);
    assert_eq!(latency(&kept), Some(s(0, 300).as_nanos()));
    let lost = beside_a_monitor_crash(s(38, 500), s(1, 700), false);
    assert_eq!(outcomes(&lost), [Outcome::Undetected(s(20, 0).as_nanos())]);
    // Down until the node is up again.
    for memory_kept in [false, true] {
        let record = beside_a_monitor_crash(s(39, 500), s(25, 0), memory_kept);
        assert_eq!(outcomes(&record), [Outcome::Undetected(s(20, 0).as_nanos())]);
    }
}

#[test]
fn a_suspicion_that_a_crash_of_the_monitor_ends_did_not_last() {
    for down_for in [s(2, 0), s(30, 0)] {
        let kept = beside_a_monitor_crash(s(50, 0), down_for, true);
        assert_eq!(latency(&kept), Some(s(2, 300).as_nanos()));
        let lost = beside_a_monitor_crash(s(50, 0), down_for, false);
        assert_eq!(outcomes(&lost), [Outcome::Undetected(s(20, 0).as_nanos())]);
    }
}

#[test]
fn a_monitor_that_starts_while_the_node_is_down_hears_only_of_the_next_life() {
    // The monitor is down while the second life is sent: of its crash it knows nothing.
    let two = crash("crash", Target::Nodes, Timing::At(vec![s(40, 300), s(55, 300)]), lasting(s(5, 0)));
    let monitor_crash = crash("monitor", Target::Monitors, at(s(44, 0)), lasting(s(13, 0)));
    for memory_kept in [false, true] {
        let mut world = with(vec![two.clone(), monitor_crash.clone()]);
        world.monitor.memory_kept = memory_kept;
        let record = run(&world, &usual());
        let first = record.detections[0].outcome;
        assert_eq!(matches!(first, Outcome::Detected { .. }), memory_kept, "{first:?}");
        assert_eq!(record.detections[1].outcome, Outcome::Unknown);
    }
}

#[test]
fn a_monitor_that_knows_nothing_of_a_crash_is_none_of_its_observers() {
    // The second life sends at 820.3, 821.3, …, 989.3. Monitor 2 is down from before the second life until after its crash, and is told so long before the others know.
    let two = crash("crash", Target::Nodes, Timing::At(vec![s(800, 300), s(990, 300)]), lasting(s(20, 0)));
    let monitor_crash = crash("monitor", Target::Monitor(2), at(s(805, 0)), lasting(s(200, 0)));
    let world = World { monitors: 2, duration: s(2000, 0), ..with(vec![two, monitor_crash]) };
    let record = run(&world, &usual());
    let crashes = &record.crashes;
    let sums = crashes.components[&0];
    // Of the first crash monitor 1 knows, and monitor 2 forgot; of the second only monitor 1 has heard.
    assert_eq!((sums.views, sums.detected, sums.undetected, sums.censored), (4, 2, 1, 0));
    assert_eq!(crashes.views.crashes(), 2);
    let first: Vec<_> = crashes.first.iter().map(|one| (one.nanos, one.ended, one.cut)).collect();
    assert_eq!(first, [(s(2, 300).as_nanos(), 1, 0), (s(1, 600).as_nanos(), 1, 0)]);
    let last: Vec<_> = crashes.last.iter().map(|one| (one.nanos, one.ended, one.cut)).collect();
    assert_eq!(last, [(s(20, 0).as_nanos(), 0, 1), (s(1, 600).as_nanos(), 1, 0)]);
}

#[test]
fn capped_crashes_are_the_earliest_whenever_they_end() {
    // Node 1 is down from 20.3 to the end, node 2 many times for a second.
    let long = crash("long", Target::Node(1), at(s(20, 300)), lasting(s(5000, 0)));
    let starts = (0..300).map(|turn| s(21 + 10 * turn, 300)).collect();
    let short = crash("short", Target::Node(2), Timing::At(starts), lasting(s(5, 0)));
    let world = World { nodes: 2, duration: s(4000, 0), ..with(vec![long, short]) };
    let rows = |detections| {
        let keep = Keep { rows: 0, transitions: 0, detections };
        measure(&world, &[usual()], 1, s(1, 0), keep).records.remove(0)
    };
    let all = rows(u64::MAX);
    assert_eq!((all.detections.len(), all.crashes.total(|sums| sums.views)), (301, 301));
    assert_eq!(all.detections[0].node, 1);
    for most in [0, 1, 2, 40, 300, 301] {
        let capped = rows(most);
        assert_eq!(capped.detections[..], all.detections[..usize::try_from(most).expect("few")]);
        assert_eq!(capped.crashes, all.crashes, "what is counted is not capped");
    }
}
