//! What only the whole cluster has: episodes, alarms, peaks, majorities (metrics.md section 3).

use super::*;
use systole::metrics::ClusterSums;
use systole::model::OnWake;

/// Three nodes; some of them pause, each making one mistake.
fn pauses(starts: &[(u32, Span)]) -> World {
    let fault = |&(node, start): &(u32, Span)| {
        pause(&format!("pause-{node}"), Target::Node(node), at(start), lasting(s(3, 300)))
    };
    World { nodes: 3, ..dropping(with(starts.iter().map(fault).collect())) }
}

#[test]
fn a_paused_monitor_acts_when_it_wakes() {
    let stalled = |on_wake| {
        let mut world = with(vec![pause("swap", Target::Monitors, at(s(20, 500)), lasting(s(5, 0)))]);
        world.nodes = 3;
        world.monitor.on_wake = on_wake;
        world
    };
    // Messages first: those that waited are heard at 25.5, before anybody looks.
    let messages_first = run(&stalled(OnWake::MessagesFirst), &usual());
    assert_eq!((total(&messages_first).mistakes, total(&messages_first).exposure_ns), (0, 3 * ns(100, 0)));
    // Timers first: a mistake of no length each, all at one instant.
    let record = run(&stalled(OnWake::TimersFirst), &usual());
    assert_eq!(mistakes(&record), [(ns(25, 500), 0, true); 3]);
    let total = total(&record);
    assert_eq!((total.mistakes, total.flaps, total.wrong_ns), (3, 3, 0));
    let expected = ClusterSums {
        alarms: 1,
        alarm_pairs: 3,
        alarm_nodes: 3,
        alarm_pairs_max: 3,
        alarm_nodes_max: 3,
        node_episodes: 3,
        majority_episodes: 3,
        peak_false_suspects: 3,
        majority_wrong_ns: 0,
    };
    assert_eq!(record.cluster, expected);
}

#[test]
fn alarms_less_than_the_merge_gap_apart_are_one() {
    // Wrong from 22.6 to 24.1 and from 24.6 to 26.1.
    let world = pauses(&[(1, s(20, 500)), (2, s(22, 500))]);
    let cluster = |merge_gap| everything(&world, &usual(), merge_gap).records.remove(0).cluster;
    let one = ClusterSums {
        alarms: 1,
        alarm_pairs: 2,
        alarm_nodes: 2,
        alarm_pairs_max: 2,
        alarm_nodes_max: 2,
        node_episodes: 2,
        majority_episodes: 2,
        peak_false_suspects: 1,
        majority_wrong_ns: 0,
    };
    assert_eq!(cluster(s(1, 0)), one);
    assert_eq!(cluster(Span::from_nanos(500_000_001)), one);
    let two = ClusterSums { alarms: 2, alarm_pairs_max: 1, alarm_nodes_max: 1, ..one };
    assert_eq!(cluster(s(0, 500)), two);
    assert_eq!(cluster(Span::ZERO), two);
}

#[test]
fn the_peak_is_the_most_nodes_at_one_instant_and_a_majority_more_than_half_of_the_living() {
    // 1 and 3 wrong from 22.6 to 24.1, 2 from 23.6 to 25.1.
    let world = pauses(&[(1, s(20, 500)), (2, s(21, 500)), (3, s(20, 500))]);
    let cluster = run(&world, &usual()).cluster;
    assert_eq!((cluster.alarms, cluster.peak_false_suspects, cluster.alarm_nodes), (1, 3, 3));
    assert_eq!(cluster.majority_wrong_ns, ns(1, 500));
    // With node 3 down, one of two is no majority, two of two are.
    let mut world = pauses(&[(1, s(20, 500)), (2, s(21, 500))]);
    world.faults.push(crash("crash", Target::Node(3), at(s(10, 0)), lasting(s(50, 0))));
    assert_eq!(run(&world, &usual()).cluster.majority_wrong_ns, ns(0, 500));
    // With nodes 2 and 3 down, one of one is.
    let mut world = pauses(&[(1, s(20, 500))]);
    world.faults.extend([2, 3].map(|node| crash("crash", Target::Node(node), at(s(10, 0)), lasting(s(50, 0)))));
    assert_eq!(run(&world, &usual()).cluster.majority_wrong_ns, ns(1, 500));
}

#[test]
fn an_outage_that_many_monitors_see_is_one_alarm() {
    let world = World { monitors: 3, ..pauses(&[(1, s(20, 500))]) };
    let record = run(&world, &usual());
    let total = total(&record);
    assert_eq!((total.mistakes, total.exposure_ns, total.wrong_ns), (3, 9 * ns(100, 0), 3 * ns(1, 500)));
    let cluster = record.cluster;
    assert_eq!((cluster.alarms, cluster.node_episodes, cluster.majority_episodes), (1, 1, 1));
    assert_eq!((cluster.alarm_pairs, cluster.alarm_nodes, cluster.peak_false_suspects), (3, 1, 1));
}

#[test]
fn a_majority_is_more_than_half_of_the_monitors_that_are_up() {
    let stalled = |monitors: &[u32]| {
        let fault = |&monitor: &u32| {
            pause(&format!("swap-{monitor}"), Target::Monitor(monitor), at(s(20, 500)), lasting(s(5, 0)))
        };
        let mut world = World { monitors: 3, ..with(monitors.iter().map(fault).collect()) };
        world.monitor.on_wake = OnWake::TimersFirst;
        world
    };
    let episodes = |world: &World| {
        let cluster = run(world, &usual()).cluster;
        (cluster.node_episodes, cluster.majority_episodes)
    };
    assert_eq!(episodes(&stalled(&[1])), (1, 0));
    assert_eq!(episodes(&stalled(&[1, 3])), (1, 1));
    // Of two that are up, one is not more than half; of one that is up, it is.
    let down = |monitor| crash("crash", Target::Monitor(monitor), at(s(10, 0)), lasting(s(50, 0)));
    let mut world = stalled(&[1]);
    world.faults.push(down(2));
    assert_eq!(episodes(&world), (1, 0));
    world.faults.push(down(3));
    assert_eq!(episodes(&world), (1, 1));
}

/// Node 1 stands still, so that monitor 1 alone suspects it, from 22.6 to 30.1; of what it sends the others hear at once.
fn one_of_three_suspects(monitor_faults: Vec<Fault>) -> ClusterSums {
    let stall = |monitor: u32, start, lasts| {
        pause(&format!("swap-{monitor}"), Target::Monitor(monitor), at(start), lasting(lasts))
    };
    // Those that stand still over the suspicion act when they wake, and hear of the node first.
    let mut faults =
        vec![node_pause(s(20, 500), s(9, 0)), stall(2, s(21, 500), s(9, 0)), stall(3, s(21, 500), s(9, 0))];
    faults.extend(monitor_faults);
    let world = World { monitors: 3, ..dropping(with(faults)) };
    run(&world, &usual()).cluster
}

#[test]
fn a_majority_begins_and_ends_with_the_monitors_that_are_up() {
    let down = |monitor: u32, start, lasts| {
        crash(&format!("crash-{monitor}"), Target::Monitor(monitor), at(start), lasting(lasts))
    };
    let episodes = |faults| {
        let cluster = one_of_three_suspects(faults);
        (cluster.node_episodes, cluster.majority_episodes)
    };
    assert_eq!(episodes(vec![]), (1, 0));
    // Of two that are up one is not more than half; of one that is up it is.
    assert_eq!(episodes(vec![down(2, s(24, 0), s(50, 0))]), (1, 0));
    assert_eq!(episodes(vec![down(2, s(24, 0), s(50, 0)), down(3, s(25, 0), s(50, 0))]), (1, 1));
    // Up again, and down again: two episodes.
    let again = crash("again", Target::Monitor(3), Timing::At(vec![s(25, 0), s(27, 0)]), lasting(s(1, 0)));
    assert_eq!(episodes(vec![down(2, s(24, 0), s(50, 0)), again]), (1, 2));
    // All in one instant, the one that suspects with them: none is left to be a majority of.
    let all = [1, 2, 3].map(|monitor| down(monitor, s(25, 0), s(50, 0)));
    assert_eq!(episodes(all.to_vec()), (1, 0));
    // The one that suspects goes first.
    assert_eq!(episodes(vec![down(1, s(24, 0), s(50, 0)), down(2, s(25, 0), s(50, 0))]), (1, 0));
}
