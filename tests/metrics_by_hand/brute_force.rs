//! The same numbers from the list of all changes of mind, by brute force, in worlds of many small mistakes.

use std::collections::BTreeSet;

use super::*;
use systole::detector::Verdict;
use systole::metrics::ClusterSums;
use systole::model::{Loss, Phase};

/// A stretch of wrong suspicion of a node (from 0) by a monitor (from 0), in nanoseconds of simulated time.
#[derive(Clone, Copy, Debug)]
struct Wrong {
    from: u64,
    to: u64,
    node: u32,
    monitor: u32,
}

/// Nodes and monitors live throughout, so that every suspicion after the first trust is a mistake.
fn world(seed: u64, phase: Phase, delay: Law) -> World {
    let mut world = World { seed, nodes: 4, monitors: 3, warm_up: s(30, 0), duration: s(400, 0), ..quiet() };
    heartbeat(&mut world).phase = phase;
    world.network.loss = Loss::Independent(0.25);
    world.network.delay = delay;
    world
}

fn stretches(world: &World, measured: &Measured) -> Vec<Wrong> {
    let end = world.total().as_nanos();
    let mut found: Vec<Wrong> = Vec::new();
    for &(node, monitor, change) in &measured.transitions {
        let at = change.at.as_nanos();
        match change.verdict {
            _ if change.first => assert_eq!(change.verdict, Verdict::Trust, "the first heartbeat is trusted"),
            Verdict::Suspect => found.push(Wrong { from: at, to: end, node, monitor }),
            _ => {
                let open = found.iter_mut().rev().find(|wrong| (wrong.node, wrong.monitor) == (node, monitor));
                open.expect("trust ends a suspicion").to = at;
            }
        }
    }
    found
}

/// Stretches that overlap, touch or lie less than `gap` apart, as groups.
fn grouped(mut stretches: Vec<Wrong>, gap: u64) -> Vec<Vec<Wrong>> {
    stretches.sort_by_key(|wrong| (wrong.from, wrong.to));
    let mut groups: Vec<Vec<Wrong>> = Vec::new();
    let mut end = None;
    for wrong in stretches {
        let apart = end.is_none_or(|end| wrong.from > end && wrong.from - end >= gap);
        if apart {
            groups.push(Vec::new());
        }
        end = if apart { Some(wrong.to) } else { end.max(Some(wrong.to)) };
        groups.last_mut().expect("one was begun").push(wrong);
    }
    groups
}

fn start(group: &[Wrong]) -> u64 {
    group.iter().map(|wrong| wrong.from).min().expect("a group has a member")
}

/// The instants in a group at which more than half of the three monitors come to suspect.
fn turns_to_majority(group: &[Wrong]) -> Vec<u64> {
    let at = |instant: u64| group.iter().filter(|wrong| wrong.from <= instant && instant <= wrong.to).count();
    let before = |instant: u64| group.iter().filter(|wrong| wrong.from < instant && instant <= wrong.to).count();
    let starts: BTreeSet<u64> = group.iter().map(|wrong| wrong.from).collect();
    starts.into_iter().filter(|&instant| at(instant) >= 2 && before(instant) < 2).collect()
}

fn brute_force(world: &World, stretches: &[Wrong], merge_gap: Span) -> ClusterSums {
    let (start_ns, end_ns) = (world.warm_up.as_nanos(), world.total().as_nanos());
    let counts = |at: u64| start_ns <= at && at < end_ns;
    let mut sums = ClusterSums::default();
    let mut wrong_nodes: Vec<Wrong> = Vec::new();
    for node in 0..world.nodes {
        let mine = stretches.iter().filter(|wrong| wrong.node == node).copied().collect();
        for episode in grouped(mine, 0) {
            sums.node_episodes += u64::from(counts(start(&episode)));
            sums.majority_episodes += turns_to_majority(&episode).into_iter().filter(|&at| counts(at)).count() as u64;
            let to = episode.iter().map(|wrong| wrong.to).max().expect("an episode has a member");
            wrong_nodes.push(Wrong { from: start(&episode), to, node, monitor: 0 });
        }
    }
    for alarm in grouped(stretches.to_vec(), merge_gap.as_nanos()) {
        if counts(start(&alarm)) {
            let pairs: BTreeSet<_> = alarm.iter().map(|wrong| (wrong.node, wrong.monitor)).collect();
            let nodes: BTreeSet<_> = alarm.iter().map(|wrong| wrong.node).collect();
            let (pairs, nodes) = (pairs.len() as u64, nodes.len() as u64);
            sums.alarms += 1;
            sums.alarm_pairs += pairs;
            sums.alarm_nodes += nodes;
            sums.alarm_pairs_max = sums.alarm_pairs_max.max(pairs);
            sums.alarm_nodes_max = sums.alarm_nodes_max.max(nodes);
        }
    }
    let mut instants: Vec<u64> = wrong_nodes.iter().flat_map(|wrong| [wrong.from, wrong.to]).collect();
    instants.extend([start_ns, end_ns]);
    instants.retain(|at| (start_ns..=end_ns).contains(at));
    instants.sort_unstable();
    for pair in instants.windows(2) {
        let wrong = wrong_nodes.iter().filter(|wrong| wrong.from <= pair[0] && pair[1] <= wrong.to).count() as u64;
        if wrong * 2 > u64::from(world.nodes) {
            sums.majority_wrong_ns += u128::from(pair[1] - pair[0]);
        }
        // At one instant all turn to suspect before any turns to trust.
        let at_once = wrong_nodes.iter().filter(|wrong| wrong.from <= pair[0] && pair[0] <= wrong.to);
        let running_on = wrong_nodes.iter().filter(|wrong| wrong.from <= pair[0] && pair[0] < wrong.to);
        let starts = wrong_nodes.iter().any(|wrong| wrong.from == pair[0]);
        let peak = if starts { at_once.count() } else { running_on.count() };
        sums.peak_false_suspects = sums.peak_false_suspects.max(peak as u64);
    }
    sums
}

#[test]
fn sums_are_those_of_the_list_of_transitions() {
    let laws = [
        (Phase::Aligned, Law::Constant(s(0, 100))),
        (Phase::Random, Law::Exponential { mean: s(0, 200), min: Span::ZERO }),
    ];
    for (seed, (phase, delay)) in (1..=6).flat_map(|seed| laws.iter().map(move |law| (seed, law.clone()))) {
        let world = world(seed, phase, delay);
        for merge_gap in [s(0, 0), s(0, 300), s(2, 0)] {
            for listener in [timeout(s(1, 500)), timeout(s(2, 500)), nfd_s(s(0, 500))] {
                let measured = everything(&world, &listener, merge_gap);
                let stretches = stretches(&world, &measured);
                let record = &measured.records[0];
                assert_eq!(record.cluster, brute_force(&world, &stretches, merge_gap), "seed {seed}, {listener:?}");
                let total = total(record);
                let (from, to) = (world.warm_up.as_nanos(), world.total().as_nanos());
                let started = stretches.iter().filter(|wrong| wrong.from >= from).count() as u64;
                let ended = stretches.iter().filter(|wrong| from <= wrong.to && wrong.to < to).count() as u64;
                let wrong: u64 = stretches.iter().map(|wrong| wrong.to.max(from) - wrong.from.max(from)).sum();
                assert!(started > 50, "there is something to count");
                assert_eq!((total.mistakes, total.flaps), (started, ended));
                assert_eq!(total.wrong_ns, u128::from(wrong));
                assert_eq!(total.exposure_ns, 12 * ns(400, 0));
            }
        }
    }
}
