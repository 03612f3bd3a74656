//! What a result depends on: on the world and the seed alone. Not on threads, nor on who else listens, nor on what else is
//! simulated beside it.
#![cfg(feature = "sim")]

use rayon::ThreadPoolBuilder;
use systole::detector::timeout::Rearm;
use systole::detector::{
    CheckPeriod, CheckPhase, Config, Watch, bertier, exponential, histogram, misses, nfd_e, nfd_s, nfd_u, phi_akka,
    phi_cassandra, phi_chitchat, phi_hazelcast, phi_normal, self_tuning, timeout, two_window,
};
use systole::experiment::{Findings, Options, Progress, TransitionRow, run};
use systole::metrics::{FalsePositive, TrafficRecord, TrialRecord};
use systole::model::{
    Fault, FaultKind, Heartbeat, Law, Loss, MissedTicks, MonitorRole, Network, OnRestart, OnWake, Ordering, Pacing,
    Phase, Target, Timing, Traffic, Wire, World,
};
use systole::scenario::{Listener, OutputOptions, Plan, WorldPlan};
use systole::units::{Rate, Span};

const fn secs(seconds: u64) -> Span {
    Span::from_secs(seconds)
}

const fn millis(millis: u64) -> Span {
    Span::from_millis(millis)
}

fn exponential_law(mean: Span) -> Law {
    Law::Exponential { mean, min: Span::ZERO }
}

fn fault(name: &str, kind: FaultKind, mean_gap: u64, together: bool) -> Fault {
    Fault { name: name.to_owned(), kind, timing: Timing::Every(exponential_law(secs(mean_gap))), together }
}

/// Everything that can go wrong does: bursts, pauses of both sides, crashes of both sides, cuts, and a pause that is shared.
/// More nodes than one thread takes at a time, and more time than one slice.
fn troubled() -> World {
    let pause = |on, lasts| FaultKind::Pause { on, lasts: exponential_law(lasts) };
    let crash = |on, down_for| FaultKind::Crash { on, down_for: exponential_law(down_for) };
    let lasts = exponential_law(secs(8));
    let cut = FaultKind::Partition { from: Target::Nodes, to: Target::Monitors, both_ways: true, lasts };
    World {
        seed: 11,
        warm_up: secs(120),
        duration: secs(1_300),
        nodes: 70,
        monitors: 2,
        traffic: Traffic::Push(Heartbeat {
            interval: secs(1),
            pacing: Pacing::Jitter(0.1),
            phase: Phase::Random,
            missed_ticks: MissedTicks::Skip,
            on_restart: OnRestart::RandomPhase,
            payload: 64,
            wire: Wire::Ipv4,
        }),
        network: Network {
            delay: Law::lognormal_from_mean(millis(200), millis(300)),
            loss: Loss::Bursts { mean_good: secs(60), mean_bad: secs(2), loss_good: 0.01, loss_bad: 0.9 },
            ordering: Ordering::Any,
        },
        monitor: MonitorRole { on_wake: OnWake::TimersFirst, memory_kept: false },
        faults: vec![
            fault("gc", pause(Target::Nodes, secs(3)), 200, false),
            fault("swap", pause(Target::Monitors, secs(4)), 300, false),
            fault("crash", crash(Target::Nodes, secs(30)), 500, false),
            fault("update", crash(Target::Monitors, secs(20)), 700, false),
            fault("cut", cut, 600, false),
            fault("backup", pause(Target::Nodes, secs(2)), 400, true),
        ],
    }
}

/// Two settings of every kind that shares an estimator, and one of each that does not.
fn listeners() -> Vec<(Config, Watch)> {
    let (short, long) = (millis(1_500), millis(3_500));
    let each = |make: fn(Span) -> Config| [make(short), make(long)];
    let timeout = |rearm| [short, long].map(|after| Config::Timeout(timeout::Config { after, rearm }));
    let mut configs = Vec::new();
    configs.extend(timeout(Rearm::Newer));
    configs.extend(timeout(Rearm::Any));
    configs.push(Config::Misses(misses::Config { count: 2, grace: millis(500) }));
    configs.extend(each(|shift| Config::NfdS(nfd_s::Config { shift })));
    configs.push(Config::NfdU(nfd_u::Config { mean_delay: millis(200), margin: millis(900) }));
    configs.extend(each(|margin| Config::NfdE(nfd_e::Config { margin, window: 32 })));
    configs.extend([2.0, 4.0].map(|phi| Config::Bertier(bertier::Config { window: 100, beta: 1.0, phi, gamma: 0.1 })));
    configs.extend(each(|margin| Config::TwoWindow(two_window::Config { short: 1, long: 100, margin })));
    configs
        .extend([1.0, 8.0].map(|threshold| {
            Config::PhiNormal(phi_normal::Config { threshold, window: 100, min_std_dev: millis(50) })
        }));
    configs.push(Config::PhiAkka(phi_akka::Config {
        threshold: 8.0,
        window: 100,
        min_std_dev: millis(100),
        acceptable_pause: secs(1),
        first_interval: secs(1),
    }));
    configs.extend([4.0, 10.0].map(|threshold| {
        Config::PhiHazelcast(phi_hazelcast::Config {
            threshold,
            window: 100,
            min_std_dev: millis(100),
            acceptable_pause: secs(1),
            first_interval: secs(1),
        })
    }));
    configs.extend([4.0, 8.0].map(|threshold| {
        Config::PhiCassandra(phi_cassandra::Config {
            threshold,
            window: 100,
            first_interval: secs(2),
            max_interval: secs(2),
            max_local_pause: secs(5),
        })
    }));
    configs.push(Config::PhiChitchat(phi_chitchat::Config {
        threshold: 4.0,
        window: 100,
        max_interval: secs(10),
        initial_interval: secs(5),
        prior_weight: 5.0,
    }));
    configs.extend([0.9, 0.99].map(|threshold| Config::Exponential(exponential::Config { threshold, window: 100 })));
    configs.extend(
        [0.9, 0.99].map(|threshold| Config::Histogram(histogram::Config { threshold, window: 100, scale: 1.5 })),
    );
    configs.push(Config::SelfTuning(self_tuning::Config {
        window: 100,
        margin: secs(1),
        step: millis(50),
        target_detection: secs(3),
        target_mistake_rate: Rate { events: 3.0, per: secs(3_600) },
        adjust_every: 20,
    }));
    let grid = CheckPeriod::grid(secs(2), CheckPhase::Random);
    let stretched = CheckPeriod { gap_max: 0.2, ..CheckPeriod::grid(millis(1_700), CheckPhase::Random) };
    let mut listeners: Vec<_> = configs.iter().map(|config| (config.clone(), Watch::default())).collect();
    for every in [grid, stretched] {
        // The first of each pair of settings, looked at on ticks.
        let watch = Watch { every: Some(every), ..Watch::default() };
        listeners.extend(configs.iter().step_by(2).map(|config| (config.clone(), watch)));
    }
    listeners
}

fn plan(world: World, trials: u32, listeners: &[(Config, Watch)]) -> Plan {
    let seed = world.seed;
    let listener = |(detector, (config, watch)): (usize, &(Config, Watch))| Listener {
        point: 1,
        detector,
        config: config.clone(),
        watch: *watch,
        parameters: Vec::new(),
        base: true,
    };
    let merge_gap = world.interval();
    Plan {
        name: "determinism".to_owned(),
        summary: String::new(),
        seed,
        trials,
        axes: Vec::new(),
        detectors: (0..listeners.len()).map(|number| format!("detector-{number}")).collect(),
        worlds: vec![WorldPlan { world, listeners: listeners.iter().enumerate().map(listener).collect() }],
        limits: Vec::new(),
        // So many that no cap is felt: a capped file may keep fewer rows of each where there are more.
        output: OutputOptions { max_rows: 1 << 40, merge_gap },
        source: String::new(),
        hash: String::new(),
        remarks: Vec::new(),
    }
}

struct Quiet;

impl Progress for Quiet {
    fn advanced(&self, _heartbeats: u64) {}
}

/// Everything that one row says, but for its place among the rows.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    trials: Vec<TrialRecord>,
    traffic: Vec<TrafficRecord>,
    transitions: Vec<TransitionRow>,
}

fn said(findings: &Findings) -> Vec<Said> {
    assert_eq!(findings.transitions_left_out, 0);
    let rows = findings.rows.iter().enumerate();
    rows.map(|(row, input)| Said {
        trials: input.trials.clone(),
        traffic: input.traffic.to_vec(),
        transitions: findings
            .transitions
            .iter()
            .filter(|change| change.row == row)
            .map(|&change| TransitionRow { row: 0, ..change })
            .collect(),
    })
    .collect()
}

fn findings(world: World, trials: u32, listeners: &[(Config, Watch)]) -> Findings {
    let options = Options { transitions: true, timelines: true };
    run(&plan(world, trials, listeners), options, &Quiet).expect("nobody stops it")
}

fn results(world: World, trials: u32, listeners: &[(Config, Watch)]) -> Vec<Said> {
    said(&findings(world, trials, listeners))
}

/// A world of which a test can run several: fewer nodes.
fn smaller() -> World {
    World { nodes: 6, ..troubled() }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let on = |threads: usize| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| findings(troubled(), 2, &listeners()[..6]))
    };
    let (one, two, three) = (on(1), on(2), on(3));
    for other in [two, three] {
        assert!(said(&one) == said(&other));
        assert_eq!(one.timelines, other.timelines);
    }
    let mistakes =
        |said: &Said| said.trials.iter().flat_map(|trial| &trial.components).map(|sums| sums.mistakes).sum::<u64>();
    assert!(said(&one).iter().all(|said| mistakes(said) > 100), "there is something to differ in");
    assert!(said(&one).iter().all(|said| said.trials.iter().all(|trial| trial.detections.len() > 100)));
}

#[test]
fn a_setting_in_a_family_is_the_setting_alone() {
    let listeners = listeners();
    let together = results(smaller(), 1, &listeners);
    for (listener, together) in listeners.iter().zip(&together) {
        let alone = results(smaller(), 1, std::slice::from_ref(listener));
        assert!(alone[0] == *together, "{listener:?}");
    }
}

#[test]
fn another_detector_moves_no_row() {
    let listeners = listeners();
    let few = results(smaller(), 2, &listeners[..8]);
    let mut more = listeners[8..].to_vec();
    more.extend_from_slice(&listeners[..8]);
    assert!(results(smaller(), 2, &more)[listeners.len() - 8..] == few);
}

#[test]
fn a_fault_that_never_strikes_changes_nothing() {
    let before = results(smaller(), 2, &listeners()[..8]);
    let mut world = smaller();
    let never =
        |name: &str, kind| Fault { name: name.to_owned(), kind, timing: Timing::At(Vec::new()), together: false };
    let lasts = Law::Constant(secs(9));
    world.faults.insert(0, never("never-down", FaultKind::Crash { on: Target::All, down_for: lasts.clone() }));
    world.faults.insert(3, never("never-still", FaultKind::Pause { on: Target::All, lasts: lasts.clone() }));
    let (from, to) = (Target::All, Target::All);
    world.faults.push(never("never-cut", FaultKind::Partition { from, to, both_ways: true, lasts }));
    assert!(results(world, 2, &listeners()[..8]) == before);
}

#[test]
fn another_monitor_leaves_what_the_first_saw() {
    let of_first = |monitors| {
        let found = findings(World { monitors, ..smaller() }, 2, &listeners());
        let first = found.transitions.iter().filter(|change| change.monitor == 1).copied();
        first.collect::<Vec<TransitionRow>>()
    };
    let alone = of_first(1);
    assert!(alone.len() > 1000);
    assert!(of_first(2) == alone && of_first(3) == alone);
}

#[test]
fn another_node_leaves_what_the_others_went_through() {
    let of_first_six = |nodes| {
        let found = findings(World { nodes, ..troubled() }, 1, &listeners()[..8]);
        let six = found.transitions.iter().filter(|change| change.node <= 6).copied();
        six.collect::<Vec<TransitionRow>>()
    };
    assert!(of_first_six(6) == of_first_six(66));
}

#[test]
fn twice_the_trials_keep_the_first_half() {
    let (few, many) = (results(smaller(), 2, &listeners()[..8]), results(smaller(), 4, &listeners()[..8]));
    for (few, many) in few.iter().zip(&many) {
        assert!(few.trials == many.trials[..2] && few.traffic == many.traffic[..2]);
        assert!(many.trials[2] != many.trials[0], "trials differ");
        let first = many.transitions.iter().filter(|change| change.trial <= 2).copied();
        assert!(first.collect::<Vec<_>>() == few.transitions);
    }
}

/// The false positives that are kept where each row may have so many.
fn capped(world: World, trials: u32, share: u64) -> Vec<Vec<Vec<FalsePositive>>> {
    let listeners = &listeners()[..4];
    let mut plan = plan(world, trials, listeners);
    plan.output.max_rows = share * listeners.len() as u64;
    let found = run(&plan, Options::default(), &Quiet).expect("nobody stops it");
    let rows = found.rows.into_iter().map(|row| row.trials.into_iter().map(|trial| trial.false_positives).collect());
    rows.collect()
}

#[test]
fn a_capped_file_has_the_earliest_mistakes_of_the_first_trials() {
    let all = capped(smaller(), 4, 1 << 40);
    let made: Vec<Vec<usize>> = all.iter().map(|row| row.iter().map(Vec::len).collect()).collect();
    assert!(made.iter().all(|row| row[0] > 30), "{made:?}");
    let first_trial = made[0][0] as u64;
    for share in [7, first_trial - 1, first_trial + 20, 1 << 30] {
        let on = |threads: usize| {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| capped(smaller(), 4, share))
        };
        let kept = on(1);
        assert!(on(2) == kept && on(3) == kept, "threads change nothing");
        for (all, kept) in all.iter().zip(&kept) {
            let (all, kept): (Vec<_>, Vec<_>) = (all.concat(), kept.concat());
            assert!(kept[..] == all[..all.len().min(usize::try_from(share).expect("a small share"))]);
        }
        let half = capped(smaller(), 2, share);
        assert!(
            half.iter().zip(&kept).all(|(half, kept)| kept[..2] == half[..]),
            "twice the trials keep the first half"
        );
    }
}

#[test]
fn another_seed_is_another_world() {
    let other = World { seed: 12, ..smaller() };
    let (one, other) = (results(smaller(), 1, &listeners()[..1]), results(other, 1, &listeners()[..1]));
    assert!(one[0].trials != other[0].trials);
}
