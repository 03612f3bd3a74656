//! `summary.json` and `manifest.json`.

use serde_json::{Map, Value, json};

use super::number::exact;
use super::{DRAWS_VERSION, Results, csv};
use crate::analysis::metric::METRICS;
use crate::analysis::{Estimate, Row};

/// What a capped file left out, by file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Rows of `false_positives.csv`.
    pub false_positives: u64,
    /// Rows of `detections.csv`.
    pub detections: u64,
    /// Rows of `transitions.csv`.
    pub transitions: u64,
}

impl LeftOut {
    /// Counts what the caps leave out.
    #[must_use]
    pub fn of(results: &Results<'_>) -> Self {
        Self {
            false_positives: csv::false_positives(results).left_out,
            detections: csv::detections(results).left_out,
            transitions: results.findings.transitions_left_out,
        }
    }
}

/// `manifest.json`: what made these results, for making them again.
#[must_use]
pub fn manifest(results: &Results<'_>, left_out: &LeftOut) -> Vec<u8> {
    text(&manifest_value(results, left_out))
}

/// `summary.json`: the manifest and a row for each point and detector.
#[must_use]
pub fn summary(results: &Results<'_>, left_out: &LeftOut) -> Vec<u8> {
    let rows: Vec<Value> = results.summary.rows.iter().map(|row| self::row(row, &results.summary.axes)).collect();
    text(&json!({
        "manifest": manifest_value(results, left_out),
        "rows": rows,
        "remarks": results.remarks().collect::<Vec<_>>(),
    }))
}

fn manifest_value(results: &Results<'_>, left_out: &LeftOut) -> Value {
    let points = results.summary.rows.iter().map(|row| row.point).max().unwrap_or(0);
    json!({
        "tool": "systole",
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": results.plan.name,
        "scenario_hash": results.plan.hash,
        "seed": results.plan.seed,
        "draws_version": DRAWS_VERSION,
        "points": points,
        "rows": results.summary.rows.len(),
        "trials": results.summary.trials,
        "caps": {
            "max_rows": results.plan.output.max_rows,
            "false_positives_left_out": left_out.false_positives,
            "detections_left_out": left_out.detections,
            "transitions_left_out": left_out.transitions,
        },
    })
}

fn row(row: &Row, axes: &[String]) -> Value {
    let values = axes.iter().zip(&row.parameters);
    let parameters: Map<String, Value> =
        values.filter_map(|(axis, value)| Some((axis.clone(), Value::from(value.as_deref()?)))).collect();
    let estimates: Map<String, Value> = METRICS
        .iter()
        .filter_map(|metric| Some((metric.column.to_owned(), estimate(row.estimates.get(metric.column)?))))
        .collect();
    let causes: Map<String, Value> = row.causes.iter().map(|(cause, share)| (cause.clone(), number(*share))).collect();
    json!({
        "point": row.point,
        "detector": row.detector,
        "kind": row.kind,
        "parameters": parameters,
        "not_shown_dominated": row.not_dominated,
        "estimates": estimates,
        "causes": { "false_positives": row.causes_n, "shares": causes },
    })
}

fn estimate(estimate: &Estimate) -> Value {
    let end = |end: Option<f64>| end.map_or(Value::Null, number);
    json!({
        "value": end(estimate.value),
        "low": end(estimate.low),
        "high": end(estimate.high),
        "n": estimate.n,
        "method": estimate.method.name(),
    })
}

/// The number as the CSV files write it, so that both read back as the same number.
fn number(value: f64) -> Value {
    serde_json::from_str(&exact(value)).unwrap_or(Value::Null)
}

fn text(value: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("keys are text, and numbers are finite");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn files_are_as_the_contract_says() {
        let fixture = fixture::recorded();
        let results = fixture.results();
        let left_out = LeftOut::of(&results);
        insta::assert_snapshot!("manifest.json", String::from_utf8(manifest(&results, &left_out)).unwrap());
        insta::assert_snapshot!("summary.json", String::from_utf8(summary(&results, &left_out)).unwrap());
    }

    #[test]
    fn numbers_are_those_of_the_csv_file() {
        for value in [0.1, 12.0, 1e-7, 1e300, 5e-324, 123_456_789.123_456_7] {
            assert_eq!(number(value).to_string().parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
        assert_eq!(number(12.0).to_string(), "12");
    }
}
