//! What holds for every built-in kind: the conformance suite, the laws of families, and how parameters are checked.

use super::conformance::{Profile, Restart, failures};
use super::timeout::Rearm;
use super::{
    Config, Estimator, KINDS, Visitor, bertier, build, exponential, families, histogram, misses, monitor, nfd_e, nfd_s,
    nfd_u, phi_akka, phi_cassandra, phi_chitchat, phi_hazelcast, phi_normal, self_tuning, testing, timeout, two_window,
};
use crate::units::{LocalTime, Rate, Span};
use proptest::prelude::*;

/// One of each kind for heartbeats every `interval`, with the defaults of the contract, where there are none those of
/// `replay`, and windows of `window`.
fn each_kind(interval: Span, window: u32) -> Vec<(Config, Profile)> {
    let margin = Span::from_nanos(interval.as_nanos() / 2 * 5);
    let published = Profile::default();
    let milliseconds = Profile { clock_step: Span::from_millis(1), only_newer_counts: false, ..published };
    vec![
        (Config::Timeout(timeout::Config { after: margin + interval, rearm: Rearm::Newer }), published),
        (
            Config::Timeout(timeout::Config { after: margin, rearm: Rearm::Any }),
            Profile { only_newer_counts: false, ..published },
        ),
        (Config::Misses(misses::Config { count: 3, grace: Span::from_nanos(interval.as_nanos() / 2) }), published),
        (Config::NfdS(nfd_s::Config { shift: margin }), published),
        (Config::NfdU(nfd_u::Config { mean_delay: Span::from_millis(1), margin }), published),
        (Config::NfdE(nfd_e::Config { margin, window }), published),
        (Config::Bertier(bertier::Config { window, beta: 1.0, phi: 4.0, gamma: 0.1 }), published),
        (Config::TwoWindow(two_window::Config { short: 1, long: window, margin }), published),
        (Config::PhiNormal(phi_normal::Config { threshold: 8.0, window, min_std_dev: Span::ZERO }), published),
        (
            Config::PhiAkka(phi_akka::Config {
                threshold: 8.0,
                window,
                min_std_dev: Span::from_millis(100),
                acceptable_pause: Span::from_secs(3),
                first_interval: interval,
            }),
            milliseconds,
        ),
        (Config::PhiHazelcast(hazelcast(interval, window)), milliseconds),
        (
            Config::PhiCassandra(cassandra(interval, window)),
            Profile { restart: Restart::AfreshIfSuspected, ..published },
        ),
        (
            Config::PhiChitchat(phi_chitchat::Config {
                threshold: 8.0,
                window,
                max_interval: interval.times(10),
                initial_interval: interval.times(5),
                prior_weight: 5.0,
            }),
            Profile { one_heartbeat_is_enough: false, looking_is_free: false, ..published },
        ),
        (Config::Exponential(exponential::Config { threshold: 0.99, window }), published),
        (Config::Histogram(histogram::Config { threshold: 0.99, window, scale: 1.0 }), published),
        (
            Config::SelfTuning(self_tuning::Config {
                window,
                margin,
                step: Span::from_nanos(interval.as_nanos() / 10),
                target_detection: interval.times(5),
                target_mistake_rate: Rate { events: 1.0, per: Span::from_hours(1) },
                adjust_every: 100,
            }),
            Profile { looking_is_free: false, ..published },
        ),
    ]
}

fn hazelcast(interval: Span, window: u32) -> phi_hazelcast::Config {
    phi_hazelcast::Config {
        threshold: 10.0,
        window,
        min_std_dev: Span::from_millis(100),
        acceptable_pause: Span::from_secs(60),
        first_interval: interval,
    }
}

fn cassandra(interval: Span, window: u32) -> phi_cassandra::Config {
    phi_cassandra::Config {
        threshold: 8.0,
        window,
        first_interval: interval.times(2),
        max_interval: interval.times(2),
        max_local_pause: Span::from_secs(5),
    }
}

#[test]
fn every_kind_conforms() {
    for (interval, window) in [(Span::from_secs(1), 1000), (Span::from_millis(37), 200), (Span::from_secs(600), 7)] {
        for (config, profile) in each_kind(interval, window) {
            let profile = Profile { level_limit: config.level_limit(), ..profile };
            let broken = failures(|| monitor(&config, interval), interval, &profile);
            let told: Vec<_> = broken.iter().map(ToString::to_string).collect();
            assert!(told.is_empty(), "{} at {interval:?}, window {window}:\n{}", config.kind(), told.join("\n"));
        }
    }
}

/// Settings of every kind that can share, in several families, with equal ones among them.
fn crowd() -> Vec<Config> {
    let interval = testing::SECOND;
    let millis = Span::from_millis;
    let mut crowd = Vec::new();
    for window in [3, 20] {
        for step in [4, 1, 2, 1] {
            let threshold = f64::from(step);
            let margin = millis(u64::from(step) * 300);
            crowd.extend([
                Config::Misses(misses::Config { count: step, grace: millis(500) }),
                Config::Timeout(timeout::Config { after: margin, rearm: Rearm::Newer }),
                Config::Timeout(timeout::Config { after: margin.times(3), rearm: Rearm::Any }),
                Config::NfdU(nfd_u::Config { mean_delay: millis(40), margin }),
                Config::NfdS(nfd_s::Config { shift: margin }),
                Config::NfdE(nfd_e::Config { margin, window }),
                Config::Bertier(bertier::Config { window, beta: 1.0, phi: threshold, gamma: 0.1 }),
                Config::TwoWindow(two_window::Config { short: 2, long: window, margin }),
                Config::PhiNormal(phi_normal::Config { threshold, window, min_std_dev: Span::ZERO }),
                Config::PhiHazelcast(phi_hazelcast::Config {
                    threshold,
                    acceptable_pause: millis(500),
                    ..hazelcast(Span::from_nanos(interval), window)
                }),
                Config::PhiCassandra(phi_cassandra::Config {
                    threshold: threshold / 2.0,
                    ..cassandra(Span::from_nanos(interval), window)
                }),
                Config::Exponential(exponential::Config { threshold: threshold / 5.0, window }),
                Config::Histogram(histogram::Config { threshold: threshold / 4.0, window, scale: 1.5 }),
            ]);
        }
    }
    crowd
}

/// The look before, where the gap is one that the detector wants to be told of.
fn paused(previous: Option<LocalTime>, now: LocalTime, limit: Option<Span>) -> Option<LocalTime> {
    previous.filter(|&previous| limit.is_some_and(|limit| now.since(previous) > limit))
}

/// Deadlines of each setting of a family after every arrival, in the order in which the family gives them.
struct Deadlines<'a>(&'a [testing::Arrival]);

impl Visitor for Deadlines<'_> {
    type Output = Vec<(usize, Vec<Option<LocalTime>>)>;

    fn visit<E: Estimator + 'static>(self, mut estimator: E, settings: Vec<(usize, E::Setting)>) -> Self::Output {
        assert!(E::SHARED || settings.len() == 1);
        assert!(settings.is_sorted_by(|(_, one), (_, other)| one <= other));
        let mut deadlines: Vec<_> = settings.iter().map(|&(number, _)| (number, Vec::new())).collect();
        let mut previous = None;
        for (now, beat) in self.0 {
            if let Some(previous) = paused(previous.replace(*now), *now, estimator.pause_limit()) {
                estimator.looked_after(previous, *now);
            }
            estimator.heartbeat(*now, beat);
            for (&(_, setting), (_, deadlines)) in settings.iter().zip(&mut deadlines) {
                deadlines.push(estimator.suspect_at(setting));
            }
        }
        deadlines
    }
}

#[test]
fn families_are_those_of_one_estimator() {
    let crowd = crowd();
    let families = families(&crowd);
    let mut members: Vec<_> = families.iter().flatten().copied().collect();
    members.sort_unstable();
    assert!(members.into_iter().eq(0..crowd.len()), "each setting is in one family");
    assert!(families.is_sorted_by_key(|family| family[0]), "in the order of first appearance");
    // Of 13 kinds each twice (by window), all silences are one, all idle timers one, all schedules one.
    assert_eq!(families.len(), 3 + 2 * 8);
    let kinds = |family: &[usize]| family.iter().map(|&number| crowd[number].kind()).collect::<Vec<_>>();
    assert_eq!(kinds(&families[0])[..3], ["misses", "timeout", "misses"]);
    assert_eq!(kinds(&families[1]), ["timeout"; 8]);
    assert_eq!(kinds(&families[2])[..3], ["nfd-u", "nfd-s", "nfd-u"]);
}

#[test]
fn kinds_that_learn_from_their_verdict_share_nothing() {
    let each: Vec<_> = each_kind(Span::from_secs(1), 10).into_iter().map(|(config, _)| config).collect();
    let twice: Vec<_> = each.iter().chain(&each).cloned().collect();
    let alone: Vec<_> = families(&twice).iter().filter(|family| family.len() == 1).map(|family| family[0]).collect();
    let kinds: Vec<_> = alone.iter().map(|&number| twice[number].kind()).collect();
    assert_eq!(kinds, ["phi-akka", "phi-chitchat", "self-tuning", "phi-akka", "phi-chitchat", "self-tuning"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_setting_in_a_family_decides_as_alone(heard in testing::arrivals()) {
        let interval = Span::from_nanos(testing::SECOND);
        let crowd = crowd();
        for family in families(&crowd) {
            let members: Vec<_> = family.iter().map(|&number| (number, &crowd[number])).collect();
            let together = build(&members, interval, Deadlines(&heard));
            for (number, deadlines) in &together {
                let alone = build(&[(*number, &crowd[*number])], interval, Deadlines(&heard));
                prop_assert_eq!(&alone[0].1, deadlines, "{:?}", &crowd[*number]);
            }
            for pair in together.windows(2) {
                let ordered = pair[0].1.iter().zip(&pair[1].1).all(|(earlier, later)| earlier <= later);
                prop_assert!(ordered, "{:?} {:?}", &crowd[pair[0].0], &crowd[pair[1].0]);
            }
        }
    }

    #[test]
    fn a_boxed_monitor_is_the_family_of_one(heard in testing::arrivals()) {
        for (config, _) in each_kind(Span::from_nanos(testing::SECOND), 10) {
            let deadlines = build(&[(7, &config)], Span::from_nanos(testing::SECOND), Deadlines(&heard));
            let mut boxed = monitor(&config, Span::from_nanos(testing::SECOND));
            let mut previous = None;
            for ((now, beat), expected) in heard.iter().zip(&deadlines[0].1) {
                if let Some(previous) = paused(previous.replace(*now), *now, boxed.pause_limit()) {
                    boxed.looked_after(previous, *now);
                }
                boxed.heartbeat(*now, beat);
                prop_assert_eq!(boxed.suspect_at(), *expected, "{:?}", &config);
            }
        }
    }
}

#[test]
fn every_kind_has_a_name_a_window_and_sound_defaults() {
    let interval = Span::from_secs(1);
    let each = each_kind(interval, 1000);
    let mut names: Vec<_> = each.iter().map(|(config, _)| config.kind()).collect();
    names.dedup();
    assert_eq!(names, KINDS);
    for (config, _) in each {
        assert_eq!(config.validate(interval), Ok(()), "{config:?}");
        let remembers = !matches!(config.kind(), "timeout" | "misses" | "nfd-s" | "nfd-u");
        assert_eq!(config.window(), if remembers { 1000 } else { 10 }, "{config:?}");
        let bytes = match config.kind() {
            "two-window" => 8 * 1001,
            "histogram" => 16_000,
            _ if remembers => 8000,
            _ => 0,
        };
        assert_eq!(config.window_bytes(), bytes, "{config:?}");
    }
}

#[test]
fn parameters_that_mean_nothing_are_refused_by_name() {
    let interval = Span::from_secs(1);
    let refused = |config: Config| config.validate(interval).map_err(|error| error.to_string()).unwrap_err();
    let normal =
        |threshold, window| Config::PhiNormal(phi_normal::Config { threshold, window, min_std_dev: Span::ZERO });
    assert_eq!(
        refused(Config::Timeout(timeout::Config { after: Span::ZERO, rearm: Rearm::Any })),
        "after must be above zero"
    );
    assert_eq!(refused(Config::Misses(misses::Config { count: 0, grace: Span::ZERO })), "count must be at least 1");
    assert_eq!(refused(normal(f64::NAN, 9)), "threshold must be above 0 and at most 300");
    assert_eq!(
        refused(normal(8.0, 1)),
        "window must be at least 2 (before two samples only the interval itself is known)"
    );
    assert_eq!(
        refused(Config::PhiHazelcast(phi_hazelcast::Config { threshold: 0.5, ..hazelcast(interval, 10) })),
        "threshold must be at least 1 (Hazelcast reads a whole number)"
    );
    assert_eq!(
        refused(Config::PhiHazelcast(phi_hazelcast::Config {
            min_std_dev: Span::from_micros(999),
            ..hazelcast(interval, 10)
        })),
        "min-std-dev must be at least 1ms (the system counts in whole milliseconds)"
    );
    assert_eq!(
        refused(Config::PhiCassandra(phi_cassandra::Config { max_interval: Span::ZERO, ..cassandra(interval, 10) })),
        "max-interval must be above zero"
    );
    for (config, _) in each_kind(Span::from_secs(10), 10) {
        let expected = match config.kind() {
            // Its longest interval is below that of the peer; for the other its target is.
            "phi-chitchat" => Some("max-interval"),
            "self-tuning" => Some("target-detection"),
            _ => None,
        };
        let found = config.validate(Span::from_secs(1000)).err().map(|error| error.parameter);
        assert_eq!(found, expected, "{config:?}");
    }
}
