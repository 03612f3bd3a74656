//! What a scenario means: worlds to simulate, and the settings that listen to each.

use crate::detector::{Config, Watch};
use crate::model::World;
use crate::units::Span;

/// A scenario, expanded and checked.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the scenario.
    pub name: String,
    /// Its one-line summary, may be empty.
    pub summary: String,
    /// Seed of every draw.
    pub seed: u64,
    /// Trials of every world.
    pub trials: u32,
    /// Axes of the sweep, in file order.
    pub axes: Vec<Axis>,
    /// Worlds, each different from the others, in the order in which points first need them.
    pub worlds: Vec<WorldPlan>,
    /// Names of the detectors, in file order.
    pub detectors: Vec<String>,
    /// Limits, in file order.
    pub limits: Vec<Limit>,
    /// What is written, and how much of it.
    pub output: OutputOptions,
    /// The effective scenario as text, for the report.
    pub source: String,
    /// Hash of the effective scenario and of the files that it names, in hexadecimal.
    pub hash: String,
    /// Remarks that the reader of the results should see.
    pub remarks: Vec<String>,
}

/// One axis of a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The dotted name of the key.
    pub key: String,
    /// Its values as written.
    pub values: Vec<String>,
}

/// A world and everything that listens to it.
#[derive(Clone, Debug)]
pub struct WorldPlan {
    /// The world.
    pub world: World,
    /// Its listeners; each is one row of the results.
    pub listeners: Vec<Listener>,
}

/// One detector with one set of parameters: one row of the results.
#[derive(Clone, Debug)]
pub struct Listener {
    /// Point, from 1: the number of this combination among those that the detector sees.
    pub point: u32,
    /// Index into [`Plan::detectors`].
    pub detector: usize,
    /// The detector and its parameters.
    pub config: Config,
    /// How its verdicts are looked at.
    pub watch: Watch,
    /// Values of the axes, in the order of [`Plan::axes`]; `None` where the detector does not see the axis.
    pub parameters: Vec<Option<String>>,
    /// Whether this row has every value as written in the file, apart from the sweep.
    pub base: bool,
}

/// One line of `[limits]` or `--limit`.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Whom it binds.
    pub scope: LimitScope,
    /// What must hold.
    pub goal: Goal,
}

/// Whom a limit binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitScope {
    /// Every detector.
    All,
    /// The detector of this name.
    Detector(String),
}

/// A metric compared with a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// Name of the metric, as limits write it.
    pub metric: &'static str,
    /// How it is compared.
    pub relation: Relation,
    /// The value, in the unit of the metric's column.
    pub value: f64,
    /// The line as written.
    pub text: String,
}

/// How a metric is compared with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// `[output]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputOptions {
    /// Rows a file at the most.
    pub max_rows: u64,
    /// Two node episodes less than this apart are one cluster alarm. Where the scenario does not say: one interval, the
    /// longest of the sweep, so that all rows count alike.
    pub merge_gap: Span,
}
