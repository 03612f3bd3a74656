//! Families: settings that share an estimator, and the concrete types behind a [`Config`].
//!
//! Of many settings that listen to one world, those whose estimators are the same are updated once. This file knows which
//! those are, and hands the concrete estimator to a [`Visitor`], so that no call a heartbeat goes through a table of functions.
//! It must not know what anybody does with a family.

use super::{Config, Estimator, Monitor, Single};
use crate::detector::timeout::{Rearm, Silence};
use crate::units::Span;

/// What to do with a family, whatever its estimator.
pub trait Visitor {
    /// What comes of it.
    type Output;

    /// Takes the estimator, which has heard nothing yet, and each member's number with its setting, the earliest deadline
    /// first (equal settings in the order of the members).
    fn visit<E: Estimator + 'static>(self, estimator: E, settings: Vec<(usize, E::Setting)>) -> Self::Output;
}

/// Groups settings that share an estimator: indices into `configs`, families and their members in the order in which they
/// first appear.
///
/// Kinds whose estimate depends on their own verdict (phi-akka, phi-chitchat, self-tuning) are families of one.
#[must_use]
pub fn families(configs: &[Config]) -> Vec<Vec<usize>> {
    let mut families: Vec<Vec<usize>> = Vec::new();
    for (number, config) in configs.iter().enumerate() {
        match families.iter_mut().find(|family| share(&configs[family[0]], config)) {
            Some(family) => family.push(number),
            None => families.push(vec![number]),
        }
    }
    families
}

/// Whether two settings have the same estimator. An equivalence.
fn share(one: &Config, other: &Config) -> bool {
    match (one, other) {
        (Config::NfdE(one), Config::NfdE(other)) => one.window == other.window,
        (Config::Bertier(one), Config::Bertier(other)) => {
            (one.window, bits(one.beta), bits(one.gamma)) == (other.window, bits(other.beta), bits(other.gamma))
        }
        (Config::TwoWindow(one), Config::TwoWindow(other)) => (one.short, one.long) == (other.short, other.long),
        (Config::PhiNormal(one), Config::PhiNormal(other)) => {
            (one.window, one.min_std_dev) == (other.window, other.min_std_dev)
        }
        (Config::PhiHazelcast(one), Config::PhiHazelcast(other)) => {
            let estimate =
                |c: &super::phi_hazelcast::Config| (c.window, c.min_std_dev, c.acceptable_pause, c.first_interval);
            estimate(one) == estimate(other)
        }
        (Config::PhiCassandra(one), Config::PhiCassandra(other)) => {
            let estimate =
                |c: &super::phi_cassandra::Config| (c.window, c.first_interval, c.max_interval, c.max_local_pause);
            estimate(one) == estimate(other)
        }
        (Config::Exponential(one), Config::Exponential(other)) => one.window == other.window,
        (Config::Histogram(one), Config::Histogram(other)) => {
            (one.window, bits(one.scale)) == (other.window, bits(other.scale))
        }
        _ => match (rearm(one), rearm(other)) {
            (Some(one), Some(other)) => one == other,
            _ => on_schedule(one) && on_schedule(other),
        },
    }
}

/// Which heartbeats end a silence, for the kinds that only measure it.
const fn rearm(config: &Config) -> Option<Rearm> {
    match config {
        Config::Timeout(config) => Some(config.rearm),
        Config::Misses(_) => Some(Rearm::Newer),
        _ => None,
    }
}

/// Whether the kind only follows the sender's stamps.
const fn on_schedule(config: &Config) -> bool {
    matches!(config, Config::NfdS(_) | Config::NfdU(_))
}

/// Parameters that are equal only if every bit is.
const fn bits(value: f64) -> u64 {
    value.to_bits()
}

/// Hands one family to `visitor`: its members, each with its number, for a peer that sends every `interval`.
///
/// # Panics
///
/// If `members` is empty or not one family of [`families`]: a mistake of the caller, not of a user.
pub fn build<V: Visitor>(members: &[(usize, &Config)], interval: Span, visitor: V) -> V::Output {
    let (_, first) = members.first().expect("a family has a member");
    assert!(members.iter().all(|(_, member)| std::ptr::eq(*member, *first) || share(first, member)), "one family");
    /// The members' settings, where all are of the kinds on the left.
    macro_rules! visit {
        ($estimator:expr, $($kind:pat => $setting:expr),+) => {
            visitor.visit($estimator, sorted(members, |config| match config {
                $($kind => $setting,)+
                _ => unreachable!("members of a family have estimators of one type"),
            }))
        };
    }
    match first {
        Config::Timeout(config) => visit!(Silence::new(config.rearm),
            Config::Timeout(c) => c.after, Config::Misses(c) => c.setting(interval)),
        Config::Misses(config) => visit!(config.estimator(),
            Config::Timeout(c) => c.after, Config::Misses(c) => c.setting(interval)),
        Config::NfdS(config) => visit!(config.estimator(interval),
            Config::NfdS(c) => c.setting(), Config::NfdU(c) => c.setting()),
        Config::NfdU(config) => visit!(config.estimator(interval),
            Config::NfdS(c) => c.setting(), Config::NfdU(c) => c.setting()),
        Config::NfdE(config) => visit!(config.estimator(interval), Config::NfdE(c) => c.setting()),
        Config::Bertier(config) => visit!(config.estimator(interval), Config::Bertier(c) => c.setting()),
        Config::TwoWindow(config) => visit!(config.estimator(interval), Config::TwoWindow(c) => c.setting()),
        Config::PhiNormal(config) => visit!(config.estimator(interval), Config::PhiNormal(c) => c.setting()),
        Config::PhiAkka(config) => visit!(config.estimator(), Config::PhiAkka(_) => ()),
        Config::PhiHazelcast(config) => visit!(config.estimator(), Config::PhiHazelcast(c) => c.setting()),
        Config::PhiCassandra(config) => visit!(config.estimator(), Config::PhiCassandra(c) => c.setting()),
        Config::PhiChitchat(config) => visit!(config.estimator(), Config::PhiChitchat(_) => ()),
        Config::Exponential(config) => visit!(config.estimator(interval), Config::Exponential(c) => c.setting()),
        Config::Histogram(config) => visit!(config.estimator(interval), Config::Histogram(c) => c.setting()),
        Config::SelfTuning(config) => visit!(config.estimator(interval), Config::SelfTuning(_) => ()),
    }
}

/// Every member's setting, the earliest deadline first.
fn sorted<S: PartialOrd>(members: &[(usize, &Config)], setting: impl Fn(&Config) -> S) -> Vec<(usize, S)> {
    let mut settings: Vec<_> = members.iter().map(|&(number, config)| (number, setting(config))).collect();
    settings.sort_by(|(_, one), (_, other)| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
    settings
}

/// A built-in detector for one peer that sends every `interval`: what production holds a map of.
#[must_use]
pub fn monitor(config: &Config, interval: Span) -> Box<dyn Monitor + Send> {
    struct Boxed;
    impl Visitor for Boxed {
        type Output = Box<dyn Monitor + Send>;

        fn visit<E: Estimator + 'static>(self, estimator: E, settings: Vec<(usize, E::Setting)>) -> Self::Output {
            Box::new(Single::new(estimator, settings[0].1))
        }
    }
    build(&[(0, config)], interval, Boxed)
}
