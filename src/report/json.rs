//! `summary.json` and `manifest.json`.

use serde_json::{Map, Value, json};

use super::{Results, csv};
use crate::analysis::metric::METRICS;
use crate::analysis::{Estimate, Row};
use crate::num::{f64_to_i64, i64_to_f64};
use crate::rng::DRAWS_VERSION;

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
        "merge_gap_s": results.plan.output.merge_gap.as_secs_f64(),
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

/// The number, a whole one without a fraction: it reads back as the same number as that of the CSV files.
fn number(value: f64) -> Value {
    // Adding zero turns -0 into 0; whole numbers are exact up to 2^53.
    let value = value + 0.0;
    let whole = f64_to_i64(value);
    if value.abs() <= 9_007_199_254_740_992.0 && i64_to_f64(whole).total_cmp(&value).is_eq() {
        return Value::from(whole);
    }
    Value::from(value)
}

fn text(value: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("keys are text, and numbers are finite");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::fixture;
    use crate::report::number::exact;

    #[test]
    fn files_are_as_the_contract_says() {
        let fixture = fixture::recorded();
        let results = fixture.results();
        let left_out = LeftOut::of(&results);
        insta::assert_snapshot!("manifest.json", String::from_utf8(manifest(&results, &left_out)).unwrap());
        insta::assert_snapshot!("summary.json", String::from_utf8(summary(&results, &left_out)).unwrap());
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        assert_eq!(number(12.0).to_string(), "12");
        assert_eq!(number(-3.0).to_string(), "-3");
        assert_eq!(number(0.25).to_string(), "0.25");
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_csv_file(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            if value.is_finite() {
                let read: f64 = number(value).to_string().parse().unwrap();
                prop_assert_eq!(read.to_bits(), exact(value).parse::<f64>().unwrap().to_bits());
            }
        }
    }
}
