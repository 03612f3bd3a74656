//! `[limits]` and `--limit`: a metric, a relation, a value with its unit.

use super::diagnostic::{Fault, Place};
use super::names::did_you_mean;
use super::plan::{Goal, Limit, LimitScope, Relation};
use super::setting::Reader;
use super::tree::{Node, Table, Value};
use crate::units::{Bytes, Probability, QuantityError, Rate, Span};

/// A metric that limits and goals may name. The table of metrics is on a higher floor, so it is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitMetric {
    /// Its name in limits: that of its column without the unit.
    pub name: &'static str,
    /// What its value is measured in.
    pub unit: LimitUnit,
}

/// What the value of a limit is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitUnit {
    /// A span, kept in seconds.
    Seconds,
    /// A rate, kept per hour.
    PerHour,
    /// A rate, kept per second.
    PerSecond,
    /// Bytes in time, kept per second.
    BytesPerSecond,
    /// A share from 0 to 1.
    Share,
    /// A plain number.
    Number,
}

impl LimitUnit {
    /// A value in this unit, for messages.
    #[must_use]
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Seconds => "a span",
            Self::PerHour | Self::PerSecond => "a rate",
            Self::BytesPerSecond => "bytes in time",
            Self::Share => "a share",
            Self::Number => "a plain number",
        }
    }

    /// Some value in this unit.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Seconds => "6s",
            Self::PerHour => "1/h",
            Self::PerSecond => "20/s",
            Self::BytesPerSecond => "4KiB/s",
            Self::Share => "99%",
            Self::Number => "200",
        }
    }

    /// What to write instead of a value without its unit; some value where it is more than the unit that is missing.
    fn with_unit(self, value: &str) -> String {
        let bare = value.parse::<f64>().is_ok_and(|number| number.is_finite() && number >= 0.0);
        match self {
            Self::Seconds if bare => format!("{value}s"),
            Self::PerHour if bare => format!("{value}/h"),
            Self::PerSecond if bare => format!("{value}/s"),
            Self::BytesPerSecond if bare => format!("{value}B/s"),
            Self::BytesPerSecond if value.parse::<Bytes>().is_ok() => format!("{value}/s"),
            _ => self.example().to_owned(),
        }
    }

    /// Reads a value, in the unit in which it is kept.
    fn parse(self, text: &str) -> Result<f64, QuantityError> {
        match self {
            Self::Seconds => text.parse::<Span>().map(Span::as_secs_f64),
            Self::PerHour => text.parse::<Rate>().map(|rate| rate.expected_in(Span::from_hours(1))),
            Self::PerSecond => text.parse::<Rate>().map(|rate| rate.expected_in(Span::from_secs(1))),
            Self::BytesPerSecond => bytes_per_second(text),
            Self::Share => text.parse::<Probability>().map(Probability::get),
            Self::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(number),
                _ => Err(QuantityError::NotANumber),
            },
        }
    }
}

fn bytes_per_second(text: &str) -> Result<f64, QuantityError> {
    let (bytes, _) = text.split_once('/').ok_or(QuantityError::MissingUnit)?;
    let per: Rate = format!("1{}", &text[bytes.len()..]).parse()?;
    let bytes: Bytes = bytes.parse()?;
    let bytes = Rate { events: crate::num::u64_to_f64(bytes.get()), per: per.per };
    Ok(bytes.expected_in(Span::from_secs(1)))
}

/// Why a limit cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoalFault {
    /// What is wrong, in one line.
    pub message: String,
    /// What was expected.
    pub label: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Relations with their signs; longer signs first.
const RELATIONS: [(&str, Relation); 4] =
    [("<=", Relation::AtMost), (">=", Relation::AtLeast), ("<", Relation::Less), (">", Relation::Greater)];

/// Reads `METRIC RELATION VALUE`, such as `detection_latency_p99 <= 6s`.
///
/// # Errors
/// Where a part is missing, the metric unknown, or the value not in the metric's unit.
pub fn goal(text: &str, metrics: &[LimitMetric]) -> Result<Goal, GoalFault> {
    let fault =
        |message: String, label: &str, help: Option<String>| GoalFault { message, label: label.to_owned(), help };
    let found = RELATIONS.iter().filter_map(|(sign, relation)| Some((text.find(sign)?, *sign, *relation)));
    let Some((at, sign, relation)) = found.min_by_key(|(at, ..)| *at) else {
        let help = Some("write it as METRIC <= VALUE, such as \"detection_latency_p99 <= 6s\"".to_owned());
        return Err(fault(format!("the limit {text:?} compares nothing"), "expected <, <=, > or >=", help));
    };
    let (name, value) = (text[..at].trim(), text[at + sign.len()..].trim());
    let Some(metric) = metrics.iter().find(|metric| metric.name == name) else {
        return Err(fault(format!("there is no metric {name:?}"), "unknown metric", metric_help(name, metrics)));
    };
    match metric.unit.parse(value) {
        Ok(number) => Ok(Goal { metric: metric.name, relation, value: number, text: text.trim().to_owned() }),
        Err(error) => {
            let unit = metric.unit;
            let why = match unit {
                LimitUnit::Number => "is no plain number".to_owned(),
                _ => error.to_string(),
            };
            let label = format!("expected {}, such as {}", unit.expected(), unit.example());
            Err(fault(
                format!("{name}: {value:?} {why}"),
                &label,
                Some(format!("write \"{name} {sign} {}\"", unit.with_unit(value))),
            ))
        }
    }
}

/// Endings of columns that names in limits do not have.
const COLUMN_UNITS: [&str; 4] = ["_per_pair_hour", "_bytes_per_s", "_per_s", "_s"];

fn metric_help(name: &str, metrics: &[LimitMetric]) -> Option<String> {
    let names = || metrics.iter().map(|metric| metric.name);
    let bare = COLUMN_UNITS.iter().find_map(|unit| name.strip_suffix(unit));
    if let Some(bare) = bare.filter(|bare| names().any(|known| known == *bare)) {
        return Some(format!("write `{bare}`: the unit goes with the value"));
    }
    let near = super::names::closest(name, names());
    near.map_or_else(
        || Some("`systole metrics` lists them all".to_owned()),
        |_| did_you_mean(name, names().collect::<Vec<_>>()),
    )
}

/// Reads `[limits]` and the arguments; `detectors` are the names that exist.
pub(super) fn read_all(
    root: &Table,
    arguments: &[Node],
    detectors: &[String],
    metrics: &[LimitMetric],
    reader: &mut Reader<'_>,
) -> Vec<Limit> {
    let mut limits = Vec::new();
    if let Some(node) = root.get("limits") {
        let Some(table) = node.as_table() else {
            reader
                .faults
                .add(Fault::new(node.place, format!("limits is {}", node.describe())).label("expected a table"));
            return limits;
        };
        for entry in &table.entries {
            match scope(&entry.key, entry.key_place, detectors) {
                Ok(scope) => read_list(&entry.node, &entry.key, &scope, metrics, &mut limits, reader),
                Err(fault) => reader.faults.add(fault),
            }
        }
    }
    for node in arguments {
        read_one(node, &LimitScope::All, metrics, &mut limits, reader);
    }
    limits
}

fn scope(name: &str, place: Place, detectors: &[String]) -> Result<LimitScope, Fault> {
    if name == "all" {
        return Ok(LimitScope::All);
    }
    if detectors.iter().any(|detector| detector == name) {
        return Ok(LimitScope::Detector(name.to_owned()));
    }
    let known: Vec<&str> = detectors.iter().map(String::as_str).chain(["all"]).collect();
    Err(Fault::new(place, format!("limits name the unknown detector {name:?}"))
        .label("no detector of this name")
        .maybe_help(did_you_mean(name, known)))
}

fn read_list(
    node: &Node,
    name: &str,
    scope: &LimitScope,
    metrics: &[LimitMetric],
    limits: &mut Vec<Limit>,
    reader: &mut Reader<'_>,
) {
    match &node.value {
        Value::Array(nodes) => nodes.iter().for_each(|node| read_one(node, scope, metrics, limits, reader)),
        Value::Text(text) => reader.faults.add(
            Fault::new(node.place, format!("limits.{name} is one text"))
                .label("expected a list of limits")
                .help(format!("write {name} = [{text:?}]")),
        ),
        _ => reader.faults.add(
            Fault::new(node.place, format!("limits.{name} is {}", node.describe()))
                .label("expected a list of limits")
                .help(format!("write {name} = [\"detection_latency_p99 <= 6s\"]")),
        ),
    }
}

fn read_one(
    node: &Node,
    scope: &LimitScope,
    metrics: &[LimitMetric],
    limits: &mut Vec<Limit>,
    reader: &mut Reader<'_>,
) {
    let Value::Text(text) = &node.value else {
        reader.faults.add(
            Fault::new(node.place, format!("a limit is {}", node.describe()))
                .label("expected a text such as \"detection_latency_p99 <= 6s\""),
        );
        return;
    };
    match goal(text, metrics) {
        Ok(goal) => limits.push(Limit { scope: scope.clone(), goal }),
        Err(fault) => {
            reader.faults.add(Fault::new(node.place, fault.message).label(fault.label).maybe_help(fault.help));
        }
    }
}
