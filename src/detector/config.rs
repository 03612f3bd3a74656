//! Every built-in detector with its parameters, as plain data.
//!
//! What a kind is called, what its parameters may be, and how much it remembers. This file must not know what a detector does
//! with a heartbeat.

use super::{
    bertier, exponential, histogram, misses, nfd_e, nfd_s, nfd_u, phi_akka, phi_cassandra, phi_chitchat, phi_hazelcast,
    phi_normal, self_tuning, timeout, two_window,
};
use crate::units::Span;

/// A built-in detector and its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Config {
    /// See [`timeout`].
    Timeout(timeout::Config),
    /// See [`misses`].
    Misses(misses::Config),
    /// See [`nfd_s`].
    NfdS(nfd_s::Config),
    /// See [`nfd_u`].
    NfdU(nfd_u::Config),
    /// See [`nfd_e`].
    NfdE(nfd_e::Config),
    /// See [`bertier`].
    Bertier(bertier::Config),
    /// See [`two_window`].
    TwoWindow(two_window::Config),
    /// See [`phi_normal`].
    PhiNormal(phi_normal::Config),
    /// See [`phi_akka`].
    PhiAkka(phi_akka::Config),
    /// See [`phi_hazelcast`].
    PhiHazelcast(phi_hazelcast::Config),
    /// See [`phi_cassandra`].
    PhiCassandra(phi_cassandra::Config),
    /// See [`phi_chitchat`].
    PhiChitchat(phi_chitchat::Config),
    /// See [`exponential`].
    Exponential(exponential::Config),
    /// See [`histogram`].
    Histogram(histogram::Config),
    /// See [`self_tuning`].
    SelfTuning(self_tuning::Config),
}

/// The names of all kinds, as scenarios write them, in the order of [`Config`].
pub const KINDS: [&str; 15] = [
    "timeout",
    "misses",
    "nfd-s",
    "nfd-u",
    "nfd-e",
    "bertier",
    "two-window",
    "phi-normal",
    "phi-akka",
    "phi-hazelcast",
    "phi-cassandra",
    "phi-chitchat",
    "exponential",
    "histogram",
    "self-tuning",
];

/// A parameter with a value that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parameter} must be {range}")]
pub struct InvalidParameter {
    /// The parameter, as scenarios write it: `acceptable-pause`.
    pub parameter: &'static str,
    /// What it must be, to follow "must be": `above zero`.
    pub range: &'static str,
}

impl Config {
    /// The name of the kind, one of [`KINDS`].
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        KINDS[match self {
            Self::Timeout(_) => 0,
            Self::Misses(_) => 1,
            Self::NfdS(_) => 2,
            Self::NfdU(_) => 3,
            Self::NfdE(_) => 4,
            Self::Bertier(_) => 5,
            Self::TwoWindow(_) => 6,
            Self::PhiNormal(_) => 7,
            Self::PhiAkka(_) => 8,
            Self::PhiHazelcast(_) => 9,
            Self::PhiCassandra(_) => 10,
            Self::PhiChitchat(_) => 11,
            Self::Exponential(_) => 12,
            Self::Histogram(_) => 13,
            Self::SelfTuning(_) => 14,
        }]
    }

    /// How many heartbeats after a start count as its bootstrap (`metrics.md` section 3): the window, or 10 for a kind without.
    #[must_use]
    pub fn window(&self) -> u64 {
        let remembered = self.remembered();
        if remembered == 0 { 10 } else { remembered }
    }

    /// The level from which on the peer is suspected, for accrual detectors: where a chart of levels draws its line.
    #[must_use]
    pub const fn level_limit(&self) -> Option<f64> {
        match self {
            Self::PhiNormal(config) => Some(config.threshold),
            Self::PhiAkka(config) => Some(config.threshold),
            Self::PhiHazelcast(config) => Some(config.threshold),
            Self::PhiCassandra(config) => Some(config.threshold),
            Self::PhiChitchat(config) => Some(config.threshold),
            Self::Exponential(config) => Some(config.threshold),
            Self::Histogram(config) => Some(config.threshold),
            Self::Timeout(_)
            | Self::Misses(_)
            | Self::NfdS(_)
            | Self::NfdU(_)
            | Self::NfdE(_)
            | Self::Bertier(_)
            | Self::TwoWindow(_)
            | Self::SelfTuning(_) => None,
        }
    }

    /// Whether a heartbeat that a newer one of its incarnation has overtaken prolongs trust too.
    #[must_use]
    pub const fn rearmed_by_late_beats(&self) -> bool {
        match self {
            Self::Timeout(config) => matches!(config.rearm, timeout::Rearm::Any),
            // Their systems know no numbers: every heartbeat is one.
            Self::PhiAkka(_) | Self::PhiHazelcast(_) => true,
            _ => false,
        }
    }

    /// The longest history that the kind averages, in heartbeats; 0 for a kind without memory.
    const fn remembered(&self) -> u64 {
        match self {
            Self::Timeout(_) | Self::Misses(_) | Self::NfdS(_) | Self::NfdU(_) => 0,
            Self::NfdE(config) => config.window as u64,
            Self::Bertier(config) => config.window as u64,
            Self::TwoWindow(config) => {
                if config.short > config.long {
                    config.short as u64
                } else {
                    config.long as u64
                }
            }
            Self::PhiNormal(config) => config.window as u64,
            Self::PhiAkka(config) => config.window as u64,
            Self::PhiHazelcast(config) => config.window as u64,
            Self::PhiCassandra(config) => config.window as u64,
            Self::PhiChitchat(config) => config.window as u64,
            Self::Exponential(config) => config.window as u64,
            Self::Histogram(config) => config.window as u64,
            Self::SelfTuning(config) => config.window as u64,
        }
    }

    /// Bytes that the window of one pair takes when it is full. Settings that share an estimator have one window.
    #[must_use]
    pub fn window_bytes(&self) -> u64 {
        let values = match self {
            // The short window is a part of the long one's history, held apart.
            Self::TwoWindow(config) => u64::from(config.short) + u64::from(config.long),
            // In the order of arrival and in the order of length.
            Self::Histogram(config) => 2 * u64::from(config.window),
            _ => self.remembered(),
        };
        values.saturating_mul(8)
    }

    /// Refuses parameters that mean nothing, for a peer that sends every `interval`.
    ///
    /// What is merely unwise (a timeout below the interval) is allowed: a sweep may well cross it.
    ///
    /// # Errors
    ///
    /// The first parameter, in the order of the contract, that no detector of this kind can use.
    pub fn validate(&self, interval: Span) -> Result<(), InvalidParameter> {
        match self {
            Self::Timeout(config) => positive_span("after", config.after),
            Self::Misses(config) => at_least_one("count", config.count),
            Self::NfdS(_) | Self::NfdU(_) => Ok(()),
            Self::NfdE(config) => at_least_one("window", config.window),
            Self::Bertier(config) => bertier(config),
            Self::TwoWindow(config) => two_window(config),
            Self::PhiNormal(config) => phi_normal(config),
            Self::PhiAkka(config) => phi_akka(config),
            Self::PhiHazelcast(config) => phi_hazelcast(config),
            Self::PhiCassandra(config) => phi_cassandra(config),
            Self::PhiChitchat(config) => phi_chitchat(config, interval),
            Self::Exponential(config) => exponential(config),
            Self::Histogram(config) => histogram(config),
            Self::SelfTuning(config) => self_tuning(config, interval),
        }
    }
}

fn bertier(config: &bertier::Config) -> Result<(), InvalidParameter> {
    at_least_one("window", config.window)?;
    not_negative("beta", config.beta)?;
    not_negative("phi", config.phi)?;
    require(config.gamma > 0.0 && config.gamma < 1.0, "gamma", "above 0 and below 1")
}

fn two_window(config: &two_window::Config) -> Result<(), InvalidParameter> {
    at_least_one("short", config.short)?;
    at_least_one("long", config.long)
}

fn phi_normal(config: &phi_normal::Config) -> Result<(), InvalidParameter> {
    require(config.threshold > 0.0 && config.threshold <= 300.0, "threshold", "above 0 and at most 300")?;
    two_samples(config.window)
}

fn phi_akka(config: &phi_akka::Config) -> Result<(), InvalidParameter> {
    positive("threshold", config.threshold)?;
    at_least_one("window", config.window)?;
    at_least_a_millisecond("min-std-dev", config.min_std_dev)?;
    at_least_a_millisecond("first-interval", config.first_interval)
}

fn phi_hazelcast(config: &phi_hazelcast::Config) -> Result<(), InvalidParameter> {
    let level = config.threshold >= 1.0 && config.threshold.is_finite();
    require(level, "threshold", "at least 1 (Hazelcast reads a whole number)")?;
    at_least_one("window", config.window)?;
    at_least_a_millisecond("min-std-dev", config.min_std_dev)?;
    at_least_a_millisecond("first-interval", config.first_interval)
}

fn phi_cassandra(config: &phi_cassandra::Config) -> Result<(), InvalidParameter> {
    positive("threshold", config.threshold)?;
    at_least_one("window", config.window)?;
    positive_span("first-interval", config.first_interval)?;
    positive_span("max-interval", config.max_interval)?;
    positive_span("max-local-pause", config.max_local_pause)
}

fn phi_chitchat(config: &phi_chitchat::Config, interval: Span) -> Result<(), InvalidParameter> {
    positive("threshold", config.threshold)?;
    at_least_one("window", config.window)?;
    let recorded = config.max_interval >= interval;
    require(
        recorded,
        "max-interval",
        "at least one interval (longer ones are dropped, and no node would ever be alive)",
    )?;
    positive_span("initial-interval", config.initial_interval)?;
    not_negative("prior-weight", config.prior_weight)
}

fn exponential(config: &exponential::Config) -> Result<(), InvalidParameter> {
    require(config.threshold > 0.0 && config.threshold < 1.0, "threshold", "above 0 and below 1")?;
    two_samples(config.window)
}

fn histogram(config: &histogram::Config) -> Result<(), InvalidParameter> {
    require(config.threshold > 0.0 && config.threshold <= 1.0, "threshold", "above 0 and at most 1")?;
    two_samples(config.window)?;
    positive("scale", config.scale)
}

fn self_tuning(config: &self_tuning::Config, interval: Span) -> Result<(), InvalidParameter> {
    at_least_one("window", config.window)?;
    positive_span("step", config.step)?;
    let possible = config.target_detection > interval;
    require(possible, "target-detection", "above one interval (the next heartbeat is not due before)")?;
    not_negative("target-mistake-rate", config.target_mistake_rate.events)?;
    positive_span("target-mistake-rate", config.target_mistake_rate.per)?;
    at_least_one("adjust-every", config.adjust_every)
}

fn require(holds: bool, parameter: &'static str, range: &'static str) -> Result<(), InvalidParameter> {
    if holds { Ok(()) } else { Err(InvalidParameter { parameter, range }) }
}

fn positive(parameter: &'static str, value: f64) -> Result<(), InvalidParameter> {
    require(value > 0.0 && value.is_finite(), parameter, "above 0")
}

fn not_negative(parameter: &'static str, value: f64) -> Result<(), InvalidParameter> {
    require(value >= 0.0 && value.is_finite(), parameter, "at least 0")
}

fn at_least_one(parameter: &'static str, value: u32) -> Result<(), InvalidParameter> {
    require(value >= 1, parameter, "at least 1")
}

fn two_samples(window: u32) -> Result<(), InvalidParameter> {
    require(window >= 2, "window", "at least 2 (before two samples only the interval itself is known)")
}

fn positive_span(parameter: &'static str, value: Span) -> Result<(), InvalidParameter> {
    require(!value.is_zero(), parameter, "above zero")
}

fn at_least_a_millisecond(parameter: &'static str, value: Span) -> Result<(), InvalidParameter> {
    require(value >= Span::from_millis(1), parameter, "at least 1ms (the system counts in whole milliseconds)")
}
