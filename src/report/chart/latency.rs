//! The detection latency curve: which share of crashes is found by when.

use super::Picture;
use super::axis::{Axis, Scale, Unit};
use super::frame::{Area, Entry, Plot, Sign, legend, more, notes, page};
use super::scene::Point;
use super::theme::Look;
use crate::analysis::Row;
use crate::report::Results;
use crate::report::metric::DETECTION_P99;
use crate::report::sweep::{Sweep, detectors, estimate, title};

const TITLE: &str = "By when is a crashed node found?";
/// So many rows are all shown; of more, one a detector.
const FEW: usize = 8;

/// The picture; `None` where no row has a curve.
pub(super) fn picture(results: &Results<'_>) -> Option<Picture> {
    let rows = chosen(results);
    if rows.is_empty() {
        return None;
    }
    let plot = Plot {
        area: Area::BESIDE_LEGEND,
        x: time_axis(&rows),
        y: Axis::exactly("crashes found by then", Unit::Share, 0.0, 1.0),
    };
    let mut scene = page(TITLE, &results.subtitle());
    plot.draw(&mut scene);
    let names = detectors(results.summary);
    let mut entries = vec![Entry::new(Sign::Heading, "Detector")];
    let mut series = 0;
    for (detector, (name, kind)) in names.iter().enumerate() {
        let mine: Vec<&&Row> = rows.iter().filter(|row| row.detector == *name).collect();
        for row in &mine {
            let look = if rows.len() == mine.len() { Look::of(series) } else { Look::of(detector) };
            series += 1;
            let dashes = if mine.len() > 1 { Look::of(series - 1).dashes } else { look.dashes };
            scene.dashed(&steps(&plot, row), dashes, look.ink, 2.5);
            entries.push(Entry::new(Sign::Line(Look { dashes, ..look }), title(name, kind)));
            entries.extend(more(&Sweep::of(results.summary).settings(row)));
        }
    }
    legend(&mut scene, &entries);
    notes(&mut scene, &remarks(results, &rows, &plot));
    let caption = "Share of crashes found within a time, by Kaplan-Meier: crashes that were not found count until the \
                   node restarted or the run ended."
        .to_owned();
    Some(Picture { name: "detection-latency".to_owned(), title: TITLE.to_owned(), caption, scene })
}

/// All rows where they are few, else one a detector: as written in the scenario, or else the fastest of those that were
/// not shown dominated, or else the fastest.
fn chosen<'a>(results: &Results<'a>) -> Vec<&'a Row> {
    let rows: Vec<&Row> = results.summary.rows.iter().filter(|row| row.latency_curve.len() > 1).collect();
    if rows.len() <= FEW {
        return rows;
    }
    let speed = |row: &Row| estimate(row, DETECTION_P99).and_then(|p99| p99.value).unwrap_or(f64::INFINITY);
    let key = |row: &Row| (!row.base, !row.not_dominated);
    detectors(results.summary)
        .into_iter()
        .filter_map(|(name, _)| {
            let mine = rows.iter().copied().filter(|row| row.detector == name);
            mine.min_by(|a, b| key(a).cmp(&key(b)).then(speed(a).total_cmp(&speed(b))))
        })
        .collect()
}

fn time_axis(rows: &[&Row]) -> Axis {
    let title = "time since the crash";
    let mut low = f64::INFINITY;
    let mut high: f64 = 0.0;
    for row in rows {
        let reached = row.latency_curve.iter().map(|point| point.seconds);
        low = reached.clone().filter(|seconds| *seconds > 0.0).fold(low, f64::min);
        high = reached.fold(high, f64::max);
    }
    // Half of the crashes of each row are found after this; the spread of these decides about the scale.
    let medians = rows.iter().filter_map(|row| {
        row.latency_curve.iter().find(|point| point.detected >= 0.5).map(|point| point.seconds).filter(|at| *at > 0.0)
    });
    let spread = medians.fold((f64::INFINITY, 0.0_f64), |(least, most), at| (least.min(at), most.max(at)));
    if spread.0 > 0.0 && spread.1 / spread.0 > 8.0 {
        Axis::log(title, Unit::Seconds, [(spread.0 / 3.0).max(low), high])
    } else {
        Axis::linear(title, Unit::Seconds, [0.0, high])
    }
}

/// The curve as steps: flat until the next detection, then up.
fn steps(plot: &Plot, row: &Row) -> Vec<Point> {
    let first = row.latency_curve.first().map_or(0.0, |step| step.seconds);
    let mut points: Vec<Point> = vec![plot.at(first, 0.0)];
    for step in &row.latency_curve {
        let last = points[points.len() - 1];
        points.push((plot.across(step.seconds), last.1));
        points.push(plot.at(step.seconds, step.detected));
    }
    // Steps smaller than a pixel are one.
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        let tiny = |last: &Point| (last.0 - point.0).abs() < 0.5 && (last.1 - point.1).abs() < 0.5;
        if !kept.last().is_some_and(tiny) {
            kept.push(point);
        }
    }
    kept
}

fn remarks(results: &Results<'_>, rows: &[&Row], plot: &Plot) -> Vec<String> {
    let mut remarks = Vec::new();
    if rows.len() < results.summary.rows.len() {
        remarks.push(
            "One row a detector: with the values as written in the scenario where the sweep has them, else the fastest \
             not shown dominated."
                .to_owned(),
        );
    }
    if plot.x.scale == Scale::Log && rows.iter().any(|row| row.latency_curve.iter().any(|step| step.seconds <= 0.0)) {
        remarks.push("A curve that starts above 0 %: nodes that were suspected already when they crashed.".to_owned());
    }
    remarks
}
