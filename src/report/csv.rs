//! The CSV files of a results folder.
//!
//! Columns and their order are those of the contract; numbers are the shortest text that reads back as the same number;
//! an empty cell says "not applicable" or "not estimable". Times are exact decimals of nanoseconds.

use super::Results;
use super::number::{exact, exact_seconds};
use crate::analysis::metric::{METRICS, Metric};
use crate::analysis::{RowInput, trial_values};
use crate::metrics::{Detection, FalsePositive, Outcome};

/// A CSV file and how many of its rows the cap left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capped {
    /// The file.
    pub bytes: Vec<u8>,
    /// Rows that were left out.
    pub left_out: u64,
}

/// `summary.csv`: a row for each point and detector.
#[must_use]
pub fn summary(results: &Results<'_>) -> Vec<u8> {
    let mut sheet = Sheet::default();
    let columns = METRICS.iter().flat_map(Metric::columns);
    sheet.row(head(&results.summary.axes).into_iter().chain(columns));
    for row in &results.summary.rows {
        let mut cells = key(row.point, &row.parameters, &row.detector);
        for metric in &METRICS {
            let estimate = row.estimates.get(metric.column);
            cells.push(number(estimate.and_then(|estimate| estimate.value)));
            if metric.interval {
                cells.push(number(estimate.and_then(|estimate| estimate.low)));
                cells.push(number(estimate.and_then(|estimate| estimate.high)));
            }
        }
        sheet.row(cells);
    }
    sheet.bytes()
}

/// `trials.csv`: the same for each trial, without intervals.
#[must_use]
pub fn trials(results: &Results<'_>) -> Vec<u8> {
    let mut sheet = Sheet::default();
    // A trial is one trial: that column would say nothing.
    let metrics: Vec<&str> = METRICS.iter().map(|metric| metric.column).filter(|column| *column != "trials").collect();
    let columns = metrics.iter().map(|column| (*column).to_owned());
    sheet.row(head(&results.summary.axes).into_iter().chain(["trial".to_owned()]).chain(columns));
    for row in &results.findings.rows {
        for trial in 0..row.trials.len() {
            let values = trial_values(row, trial);
            let mut cells = key(row.point, &row.parameters, &row.detector);
            cells.push((trial + 1).to_string());
            cells.extend(metrics.iter().map(|column| number(values.get(column).copied().flatten())));
            sheet.row(cells);
        }
    }
    sheet.bytes()
}

/// `false_positives.csv`: a row for each false positive. Under the cap, each (point, detector) gets an equal share, in the
/// order of trials and times.
#[must_use]
pub fn false_positives(results: &Results<'_>) -> Capped {
    let mut sheet = Sheet::with([
        "point",
        "trial",
        "detector",
        "monitor",
        "node",
        "start_s",
        "duration_s",
        "cause",
        "needed_timeout_s",
    ]);
    let share = share(results);
    let mut left_out = 0;
    for row in &results.findings.rows {
        let mut written = 0;
        for (trial, mistake) in records(row, |record| &record.false_positives).take(share) {
            sheet.row(false_positive(row, trial, mistake));
            written += 1;
        }
        let made: u64 = row.trials.iter().flat_map(|trial| &trial.components).map(|part| part.mistakes).sum();
        left_out += made.saturating_sub(written);
    }
    Capped { bytes: sheet.bytes(), left_out }
}

fn false_positive(row: &RowInput, trial: usize, mistake: &FalsePositive) -> [String; 9] {
    [
        row.point.to_string(),
        trial.to_string(),
        row.detector.clone(),
        mistake.monitor.to_string(),
        mistake.node.to_string(),
        seconds(mistake.start_ns),
        seconds(mistake.duration_ns),
        mistake.cause.to_string(),
        mistake.needed_timeout_ns.map(seconds).unwrap_or_default(),
    ]
}

/// `detections.csv`: a row for each crash and monitor, capped like false positives.
#[must_use]
pub fn detections(results: &Results<'_>) -> Capped {
    let mut sheet = Sheet::with(["point", "trial", "detector", "monitor", "node", "crash_s", "latency_s", "outcome"]);
    let share = share(results);
    let mut left_out = 0;
    for row in &results.findings.rows {
        let mut written = 0;
        for (trial, detection) in records(row, |record| &record.detections).take(share) {
            sheet.row(self::detection(row, trial, detection));
            written += 1;
        }
        let made: u64 = row.trials.iter().map(|trial| trial.crashes.total(|sums| sums.views)).sum();
        left_out += made.saturating_sub(written);
    }
    Capped { bytes: sheet.bytes(), left_out }
}

fn detection(row: &RowInput, trial: usize, detection: &Detection) -> [String; 8] {
    let (latency, outcome) = match detection.outcome {
        Outcome::Detected { latency_ns, .. } => (seconds(latency_ns), "detected"),
        Outcome::Undetected(_) => (String::new(), "undetected"),
        Outcome::Censored(_) => (String::new(), "censored"),
        Outcome::Unknown => (String::new(), "unknown"),
    };
    [
        row.point.to_string(),
        trial.to_string(),
        row.detector.clone(),
        detection.monitor.to_string(),
        detection.node.to_string(),
        seconds(detection.crash_ns),
        latency,
        outcome.to_owned(),
    ]
}

/// `transitions.csv`: a row for each change of a verdict. They come capped.
#[must_use]
pub fn transitions(results: &Results<'_>) -> Vec<u8> {
    let mut sheet = Sheet::with(["point", "trial", "detector", "monitor", "node", "time_s", "verdict", "level"]);
    for transition in &results.findings.transitions {
        let Some(row) = results.findings.rows.get(transition.row) else { continue };
        sheet.row([
            row.point.to_string(),
            transition.trial.to_string(),
            row.detector.clone(),
            transition.monitor.to_string(),
            transition.node.to_string(),
            exact_seconds(transition.time_ns.into()),
            if transition.suspect { "suspect" } else { "trust" }.to_owned(),
            number(Some(transition.level).filter(|level| level.is_finite())),
        ]);
    }
    sheet.bytes()
}

/// Rows of a capped file that each (point, detector) may fill.
fn share(results: &Results<'_>) -> usize {
    let rows = results.findings.rows.len().max(1);
    usize::try_from(results.plan.output.max_rows).unwrap_or(usize::MAX) / rows
}

/// Records of all trials of a row, each with its trial from 1.
fn records<'a, Record: 'a>(
    row: &'a RowInput,
    of: impl Fn(&'a crate::metrics::TrialRecord) -> &'a Vec<Record>,
) -> impl Iterator<Item = (usize, &'a Record)> {
    row.trials.iter().enumerate().flat_map(move |(trial, record)| of(record).iter().map(move |one| (trial + 1, one)))
}

/// The first columns of a row: its point, its values on the axes, its detector.
fn head(axes: &[String]) -> Vec<String> {
    let mut columns = vec!["point".to_owned()];
    columns.extend(axes.iter().cloned());
    columns.push("detector".to_owned());
    columns
}

fn key(point: u32, parameters: &[Option<String>], detector: &str) -> Vec<String> {
    let mut cells = vec![point.to_string()];
    cells.extend(parameters.iter().map(|value| value.clone().unwrap_or_default()));
    cells.push(detector.to_owned());
    cells
}

fn number(value: Option<f64>) -> String {
    value.map(exact).unwrap_or_default()
}

fn seconds(nanos: u64) -> String {
    exact_seconds(nanos.into())
}

/// A CSV file in the making, in memory.
struct Sheet(csv::Writer<Vec<u8>>);

impl Default for Sheet {
    fn default() -> Self {
        Self(csv::Writer::from_writer(Vec::new()))
    }
}

impl Sheet {
    fn with(columns: impl IntoIterator<Item = &'static str>) -> Self {
        let mut sheet = Self::default();
        sheet.row(columns.into_iter().map(str::to_owned));
        sheet
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0.write_record(cells).expect("rows of one file have one length, and memory takes them all");
    }

    fn bytes(self) -> Vec<u8> {
        self.0.into_inner().expect("writing to memory does not fail")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn files_are_as_the_contract_says() {
        let fixture = fixture::recorded();
        let results = fixture.results();
        insta::assert_snapshot!("summary.csv", text(summary(&results)));
        insta::assert_snapshot!("trials.csv", text(trials(&results)));
        insta::assert_snapshot!("false_positives.csv", text(false_positives(&results).bytes));
        insta::assert_snapshot!("detections.csv", text(detections(&results).bytes));
        insta::assert_snapshot!("transitions.csv", text(transitions(&results)));
    }

    #[test]
    fn the_columns_of_the_contract_come_first_and_in_its_order() {
        let contract = "trials,pair_hours,heartbeats_sent,heartbeats_lost,crashes,detected,undetected,censored,\
                        detected_share,detected_share_low,detected_share_high,detected_at_zero_share,\
                        detection_latency_mean_s,detection_latency_mean_s_low,detection_latency_mean_s_high,\
                        detection_latency_p50_s,detection_latency_p90_s,detection_latency_p99_s,\
                        detection_latency_p99_s_low,detection_latency_p99_s_high,detection_latency_max_s,\
                        false_positives,false_positive_rate_per_pair_hour,false_positive_rate_per_pair_hour_low,\
                        false_positive_rate_per_pair_hour_high,cluster_mistakes_per_30d,cluster_mistakes_per_30d_low,\
                        cluster_mistakes_per_30d_high,cluster_alarms_per_30d,cluster_alarms_per_30d_low,\
                        cluster_alarms_per_30d_high,mistake_duration_mean_s,mistake_duration_mean_s_low,\
                        mistake_duration_mean_s_high,mistake_duration_p99_s,mistake_recurrence_mean_s,query_accuracy,\
                        query_accuracy_low,query_accuracy_high,peak_false_suspects,majority_wrong_share,\
                        flaps_per_pair_hour,unreachable_suspicions,never_heard_pairs,bootstrap_false_positives,\
                        recovery_latency_mean_s,bandwidth_bytes_per_s,node_bandwidth_bytes_per_s,\
                        monitor_bandwidth_bytes_per_s,messages_per_s,heartbeat_delay_mean_s,heartbeat_delay_p50_s,\
                        heartbeat_delay_p99_s,monitor_cpu,busiest_link_utilisation";
        let file = text(summary(&fixture::recorded().results()));
        let head = file.lines().next().unwrap();
        assert!(head.starts_with(&format!("point,detector.fixed.timeout.after,detector,{contract}")), "{head}");
    }

    #[test]
    fn a_cap_gives_each_row_an_equal_share_and_counts_the_rest() {
        let mut fixture = fixture::recorded();
        let all = text(false_positives(&fixture.results()).bytes);
        fixture.plan.output.max_rows = 10;
        let capped = false_positives(&fixture.results());
        let file = text(capped.bytes);
        assert_eq!(file.lines().count(), 1 + 5, "half of ten for the row that made mistakes");
        assert!(all.starts_with(&file));
        assert_eq!(usize::try_from(capped.left_out).unwrap(), all.lines().count() - 6);
        assert_eq!(detections(&fixture.results()).left_out, 32 - 10);
    }
}
