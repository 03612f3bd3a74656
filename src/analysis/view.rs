//! The records that one set of figures is made from: all trials of a row, or one of them.

use super::estimate::Effort;
use super::ratio::Unit;
use super::summary::RowInput;
use crate::metrics::{ClusterSums, Component, TrafficRecord, TrialRecord};
use crate::num::{u64_to_f64, u128_to_f64, usize_to_f64};

/// Nanoseconds of an hour.
pub(crate) const HOUR_NS: f64 = 3.6e12;
/// Hours of 30 days.
pub(crate) const MONTH_HOURS: f64 = 720.0;

/// Some trials of a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    pub(crate) input: &'a RowInput,
    pub(crate) trials: &'a [TrialRecord],
    pub(crate) traffic: &'a [TrafficRecord],
    pub(crate) effort: Effort,
}

impl<'a> View<'a> {
    /// All trials, for estimates with intervals.
    pub(crate) fn whole(input: &'a RowInput) -> Self {
        Self { input, trials: &input.trials, traffic: &input.traffic, effort: Effort::Interval }
    }

    /// One trial, for its values alone; nothing where there is no such trial.
    pub(crate) fn one(input: &'a RowInput, trial: usize) -> Self {
        let trials = input.trials.get(trial..=trial).unwrap_or_default();
        let traffic = input.traffic.get(trial..=trial).unwrap_or_default();
        Self { input, trials, traffic, effort: Effort::Value }
    }

    /// Every independence component of every trial.
    pub(crate) fn components(&self) -> impl Iterator<Item = &'a Component> {
        self.trials.iter().flat_map(|trial| &trial.components)
    }

    /// A count summed over components.
    pub(crate) fn total(&self, count: impl Fn(&Component) -> u64) -> u64 {
        self.components().map(count).sum()
    }

    /// One unit a component and trial.
    pub(crate) fn component_units(
        &self,
        above: impl Fn(&Component) -> u128,
        below: impl Fn(&Component) -> u128,
    ) -> Vec<Unit> {
        self.components().map(|component| Unit { above: above(component), below: below(component) }).collect()
    }

    /// One unit a trial.
    pub(crate) fn trial_units(
        &self,
        above: impl Fn(&TrialRecord) -> u128,
        below: impl Fn(&TrialRecord) -> u128,
    ) -> Vec<Unit> {
        self.trials.iter().map(|trial| Unit { above: above(trial), below: below(trial) }).collect()
    }

    /// One unit a trial, its cluster sums over its duration.
    pub(crate) fn cluster_units(&self, above: impl Fn(&ClusterSums) -> u128) -> Vec<Unit> {
        self.trial_units(|trial| above(&trial.cluster), |_| u128::from(self.input.duration_ns))
    }

    /// Time watched independently, in nanoseconds: components x trials x duration, less the share of units that had no
    /// exposure.
    pub(crate) fn independent_ns(&self) -> f64 {
        let units = self.components().count().max(1);
        let exposed = self.components().filter(|component| component.exposure_ns > 0).count();
        self.simulated_ns() * u64_to_f64(self.input.components) * (usize_to_f64(exposed) / usize_to_f64(units))
    }

    /// Trials x duration, in nanoseconds.
    pub(crate) fn simulated_ns(&self) -> f64 {
        usize_to_f64(self.trials.len()) * u64_to_f64(self.input.duration_ns)
    }

    /// Settled exposure in nanoseconds.
    pub(crate) fn exposure_ns(&self) -> f64 {
        u128_to_f64(self.components().map(|component| component.exposure_ns).sum())
    }

    /// How many trials.
    pub(crate) const fn count(&self) -> u64 {
        self.trials.len() as u64
    }

    /// Pairs of a monitor and a node.
    pub(crate) const fn pairs(&self) -> u64 {
        self.input.nodes.saturating_mul(self.input.monitors)
    }
}
