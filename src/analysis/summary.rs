//! What an experiment found: a row for every point and detector.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Estimate;
use crate::metrics::{TrafficRecord, TrialRecord};

/// Everything that [`Summary`] needs to know of one (point, detector), over all trials.
#[derive(Clone, Debug)]
pub struct RowInput {
    /// Point, from 1.
    pub point: u32,
    /// Name of the detector.
    pub detector: String,
    /// Kind of the detector, as the scenario names it.
    pub kind: &'static str,
    /// Values of the sweep's axes, in the order of the axes; `None` where the detector does not see the axis.
    pub parameters: Vec<Option<String>>,
    /// Whether it has every value as written in the scenario, apart from the sweep.
    pub base: bool,
    /// The heartbeat interval of its world, in nanoseconds.
    pub interval_ns: u64,
    /// Nodes of its world.
    pub nodes: u64,
    /// Monitors of its world.
    pub monitors: u64,
    /// Measured time of a trial, in nanoseconds.
    pub duration_ns: u64,
    /// Bytes of a heartbeat on the wire; `None` where it is not known (a trace).
    pub wire_bytes: Option<u64>,
    /// Whether bursts of loss are modelled.
    pub bursts: bool,
    /// Independence components of its world, before any folding into groups. 1 for a recording, whose one trial has the
    /// stretches that it was cut into as components.
    pub components: u64,
    /// Whether its heartbeats were recorded, so that more trials are not to be had.
    pub recorded: bool,
    /// One record a trial, in the order of the trials.
    pub trials: Vec<TrialRecord>,
    /// What the world sent in each trial: one and the same for all rows that listen to it.
    pub traffic: Arc<[TrafficRecord]>,
}

/// A row of the results.
#[derive(Clone, Debug)]
pub struct Row {
    /// Point, from 1.
    pub point: u32,
    /// Name of the detector.
    pub detector: String,
    /// Kind of the detector.
    pub kind: &'static str,
    /// Values of the sweep's axes; `None` where the detector does not see the axis.
    pub parameters: Vec<Option<String>>,
    /// Whether it has every value as written in the scenario, apart from the sweep.
    pub base: bool,
    /// The heartbeat interval, in nanoseconds.
    pub interval_ns: u64,
    /// Estimates by the column of the metric: every one of [`super::metric::METRICS`] has its own.
    pub estimates: BTreeMap<&'static str, Estimate>,
    /// Shares of the causes of false positives, largest first: name and share; they sum to 1.
    pub causes: Vec<(String, f64)>,
    /// False positives behind the shares.
    pub causes_n: u64,
    /// The share of crashes detected by a time: the curve of detection latency.
    pub latency_curve: Vec<CurvePoint>,
    /// Whether no other row was shown to be better; see [`super::summarise`].
    pub not_dominated: bool,
    /// Remarks for people that concern this row alone.
    pub remarks: Vec<String>,
}

/// A step of the detection curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Time since the crash, in seconds.
    pub seconds: f64,
    /// Share of crashes detected by then, by Kaplan-Meier.
    pub detected: f64,
}

/// What an experiment found.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Dotted names of the sweep's axes, in file order.
    pub axes: Vec<String>,
    /// Trials.
    pub trials: u32,
    /// Rows by (point, detector) in file order.
    pub rows: Vec<Row>,
    /// Remarks for people: a half that differs, a bound that is for incidents, too few units.
    pub remarks: Vec<String>,
}
