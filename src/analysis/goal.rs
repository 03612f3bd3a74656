//! How a limit or goal is written: `detection_latency_p99 <= 6s`.

use thiserror::Error;

use super::metric::{METRICS, Metric, UnitKind, find, of_column};
use crate::num::u64_to_f64;
use crate::scenario::{Goal, Relation};
use crate::units::{Bytes, Decimal, Probability, QuantityError, Rate, Span};

/// What is wrong with the text of a limit.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GoalError {
    /// No comparison.
    #[error("has no comparison: write METRIC <= VALUE, such as \"detection_latency_p99 <= 6s\"")]
    NoRelation,
    /// Nothing before the comparison.
    #[error("names no metric: write METRIC <= VALUE, such as \"detection_latency_p99 <= 6s\"")]
    NoMetric,
    /// A metric that does not exist.
    #[error("names the unknown metric \"{name}\"{}", did_you_mean(suggestion.as_deref()))]
    UnknownMetric {
        /// The name as written.
        name: String,
        /// The nearest name, where one is near.
        suggestion: Option<String>,
    },
    /// A value that does not fit the metric.
    #[error("has a value that {fault}: {metric} takes {expected}")]
    Value {
        /// The metric.
        metric: &'static str,
        /// What is wrong with the value.
        fault: QuantityError,
        /// What it should be.
        expected: &'static str,
    },
}

/// The end of a message that proposes a name.
fn did_you_mean(name: Option<&str>) -> String {
    match name {
        Some(name) => format!("; did you mean \"{name}\"?"),
        None => "; `systole metrics` lists them".to_owned(),
    }
}

/// Reads `METRIC RELATION VALUE`, with or without spaces.
///
/// The value of the goal is in the unit of the metric's column.
///
/// # Errors
/// Where there is no relation, no such metric, or a value of the wrong kind.
pub fn parse_goal(text: &str) -> Result<Goal, GoalError> {
    let start = text.find(['<', '>']).ok_or(GoalError::NoRelation)?;
    let (name, rest) = (text[..start].trim(), &text[start..]);
    let (relation, value) =
        [("<=", Relation::AtMost), (">=", Relation::AtLeast), ("<", Relation::Less), (">", Relation::Greater)]
            .into_iter()
            .find_map(|(sign, relation)| rest.strip_prefix(sign).map(|value| (relation, value.trim())))
            .ok_or(GoalError::NoRelation)?;
    if name.is_empty() {
        return Err(GoalError::NoMetric);
    }
    let metric = find(name).ok_or_else(|| GoalError::UnknownMetric {
        name: name.to_owned(),
        suggestion: nearest(name).map(str::to_owned),
    })?;
    let limit_name = metric.limit_name();
    let value = read(metric, value).map_err(|fault| GoalError::Value {
        metric: limit_name,
        fault,
        expected: metric.unit.expected(),
    })?;
    Ok(Goal { metric: limit_name, relation, value, text: text.trim().to_owned() })
}

/// The metric whose name comes nearest to what was written; a whole column is taken at its word.
fn nearest(name: &str) -> Option<&'static str> {
    if let Some(metric) = of_column(name) {
        return Some(metric.limit_name());
    }
    let name = name.replace('-', "_").to_lowercase();
    METRICS
        .iter()
        .map(|metric| (strsim::jaro_winkler(&name, metric.limit_name()), metric.limit_name()))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// Reads a value in the unit of a metric.
fn read(metric: &Metric, text: &str) -> Result<f64, QuantityError> {
    match metric.unit {
        UnitKind::Span => text.parse().map(Span::as_secs_f64),
        UnitKind::PerHour => text.parse().map(|rate: Rate| rate.expected_in(Span::from_hours(1))),
        UnitKind::PerSecond => text.parse().map(|rate: Rate| rate.expected_in(Span::from_secs(1))),
        UnitKind::BytesPerSecond => {
            let bytes = text.strip_suffix("/s").ok_or(QuantityError::MissingUnit)?;
            bytes.parse().map(|bytes: Bytes| u64_to_f64(bytes.get()))
        }
        UnitKind::Share => text.parse().map(Probability::get),
        UnitKind::Number => match text.strip_prefix('-') {
            Some(_) => Err(QuantityError::Negative),
            None => Decimal::parse(text).map(|number| number.to_f64(0)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> f64 {
        parse_goal(text).unwrap_or_else(|fault| panic!("{text} {fault}")).value
    }

    #[test]
    fn the_contract_s_examples_read_in_the_unit_of_their_column() {
        for (text, expected) in [
            ("detection_latency_p99 <= 12s", 12.0),
            ("detection_latency_p99<=250ms", 0.25),
            ("false_positive_rate < 1/h", 1.0),
            ("false_positive_rate < 12/1d", 0.5),
            ("cluster_alarms_per_30d < 200", 200.0),
            ("bandwidth < 4KiB/s", 4096.0),
            ("query_accuracy > 99.9%", 0.999),
            ("query_accuracy >= 0.999", 0.999),
            ("messages < 100/s", 100.0),
            ("false_positives <= 3", 3.0),
        ] {
            assert!((value(text) - expected).abs() < 1e-12, "{text}");
        }
        let goal = parse_goal(" query_accuracy>99.9% ").unwrap();
        assert_eq!(
            (goal.metric, goal.relation, goal.text.as_str()),
            ("query_accuracy", Relation::Greater, "query_accuracy>99.9%")
        );
    }

    #[test]
    fn faults_say_what_to_write() {
        let fault = |text: &str| parse_goal(text).unwrap_err().to_string();
        for (text, message) in [
            (
                "detection_latency_p99 = 6s",
                "has no comparison: write METRIC <= VALUE, such as \"detection_latency_p99 <= 6s\"",
            ),
            ("<= 6s", "names no metric: write METRIC <= VALUE, such as \"detection_latency_p99 <= 6s\""),
            (
                "detection_latency_p98 <= 6s",
                "names the unknown metric \"detection_latency_p98\"; did you mean \"detection_latency_p99\"?",
            ),
            (
                "detection_latency_p99_s <= 6s",
                "names the unknown metric \"detection_latency_p99_s\"; did you mean \"detection_latency_p99\"?",
            ),
            (
                "false-positive-rate < 1/h",
                "names the unknown metric \"false-positive-rate\"; did you mean \"false_positive_rate\"?",
            ),
            ("zzz < 1", "names the unknown metric \"zzz\"; `systole metrics` lists them"),
            (
                "detection_latency_p99 <= 6",
                "has a value that has no unit: detection_latency_p99 takes a span such as \"6s\" or \"250ms\"",
            ),
            ("bandwidth < 4KiB", "has a value that has no unit: bandwidth takes bytes a second such as \"4KiB/s\""),
            (
                "cluster_alarms_per_30d < 3/h",
                "has a value that does not start with a number: cluster_alarms_per_30d takes a plain number such as 200",
            ),
            (
                "query_accuracy > 101%",
                "has a value that is not between 0 and 1: query_accuracy takes a share such as \"99.9%\" or 0.999",
            ),
        ] {
            assert_eq!(fault(text), message);
        }
    }

    #[test]
    fn every_metric_can_be_limited_and_names_are_unique() {
        for metric in &METRICS {
            let example = match metric.unit {
                UnitKind::Span => "1s",
                UnitKind::PerHour | UnitKind::PerSecond => "1/s",
                UnitKind::BytesPerSecond => "1B/s",
                UnitKind::Share | UnitKind::Number => "1",
            };
            let goal = parse_goal(&format!("{} < {example}", metric.limit_name())).unwrap();
            assert_eq!(find(goal.metric), Some(metric));
        }
    }
}
