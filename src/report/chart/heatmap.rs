//! A map of interval by parameter: cluster mistakes as colour, detection latency as text.
//!
//! Mistakes and not alarms: a setting that is always wrong about some node has one alarm that never ends.

use super::axis::Unit;
use super::frame::{Area, SMALL, label, notes, page, shortened};
use super::scene::{Anchor, Ink, Label, Scene};
use super::theme::{FAINT, INK, MUTED, PAPER, sequential};
use super::{Picture, slug};
use crate::analysis::Row;
use crate::num::{log10, usize_to_f64};
use crate::report::Results;
use crate::report::human;
use crate::report::metric::{CLUSTER_MISTAKES, DETECTION_P99};
use crate::report::sweep::{Sweep, detectors, estimate, title, value};

/// Beyond so many columns or rows a cell has no room for its text.
const MOST: usize = 12;

const AREA: Area = Area { left: 150.0, top: 112.0, right: 1010.0, bottom: 640.0 };

/// Text on cells. Not the colours of paper and ink, which change places where a report is read in the dark.
const LIGHT: Ink = Ink(255, 255, 254);
/// See [`LIGHT`].
const DARK: Ink = Ink(24, 32, 42);

/// A map for each swept parameter of a detector, where the interval is swept too and nothing else is.
pub(super) fn pictures(results: &Results<'_>) -> Vec<Picture> {
    let sweep = Sweep::of(results.summary);
    let Some(interval) = sweep.interval_axis() else { return Vec::new() };
    if sweep.world_axes().count() > 1 {
        return Vec::new();
    }
    let mut pictures = Vec::new();
    for (name, kind) in detectors(results.summary) {
        let own: Vec<usize> = sweep.own_axes(name).collect();
        if let [parameter] = own[..] {
            let rows: Vec<&Row> = results.summary.rows.iter().filter(|row| row.detector == name).collect();
            pictures.extend(picture(results, &rows, (interval, parameter), (name, &title(name, kind))));
        }
    }
    pictures
}

fn picture(
    results: &Results<'_>,
    rows: &[&Row],
    (interval, parameter): (usize, usize),
    (name, detector): (&str, &str),
) -> Option<Picture> {
    let sweep = Sweep::of(results.summary);
    let (down, across) = (values(rows, interval), values(rows, parameter));
    if !(2..=MOST).contains(&down.len()) || !(2..=MOST).contains(&across.len()) {
        return None;
    }
    let scale = ColourScale::of(rows)?;
    let short = sweep.short(parameter);
    let question = format!("Which heartbeat interval and “{short}” suit {name}?");
    let mut scene = page(&question, &results.subtitle());
    let width = (AREA.right - AREA.left) / usize_to_f64(across.len());
    let height = (AREA.bottom - AREA.top) / usize_to_f64(down.len());
    for row in rows {
        let (Some(x), Some(y)) = (index(&across, row, parameter), index(&down, row, interval)) else { continue };
        let corner = (AREA.left + width * usize_to_f64(x), AREA.top + height * usize_to_f64(y));
        cell(&mut scene, row, corner, (width, height), &scale);
    }
    headings(&mut scene, &down, &across, (width, height));
    let middle = f64::midpoint(AREA.left, AREA.right);
    let below = format!("“{short}” of {detector}");
    scene.label(label((middle, AREA.bottom + 50.0), below, SMALL + 1.5, Anchor::Middle));
    let beside =
        label((AREA.left - 112.0, f64::midpoint(AREA.top, AREA.bottom)), "heartbeat interval", 15.5, Anchor::Middle);
    scene.label(Label { upright: true, ..beside });
    scale.draw(&mut scene);
    notes(&mut scene, &["In a cell: cluster mistakes per 30 days, and below it the 99th percentile of detection. Framed: not shown dominated.".to_owned()]);
    let name = format!("map-{}", slug(sweep.key(parameter).trim_start_matches("detector.")));
    let caption = "Pale is quiet. Framed cells are not shown dominated by any row of the sweep.".to_owned();
    Some(Picture { name, title: question, caption, scene })
}

fn values(rows: &[&Row], axis: usize) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in rows.iter().filter_map(|row| value(row, axis)) {
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    values
}

fn index(values: &[String], row: &Row, axis: usize) -> Option<usize> {
    values.iter().position(|known| Some(known.as_str()) == value(row, axis))
}

fn headings(scene: &mut Scene, down: &[String], across: &[String], (width, height): (f64, f64)) {
    for (index, text) in across.iter().enumerate() {
        let at = (AREA.left + width * (usize_to_f64(index) + 0.5), AREA.bottom + 22.0);
        scene.label(label(at, shortened(text, SMALL, false, width - 6.0), SMALL, Anchor::Middle));
    }
    for (index, text) in down.iter().enumerate() {
        let at = (AREA.left - 12.0, AREA.top + height * (usize_to_f64(index) + 0.5) + 5.0);
        scene.label(label(at, shortened(text, SMALL, false, 84.0), SMALL, Anchor::End));
    }
}

fn cell(scene: &mut Scene, row: &Row, (x, y): (f64, f64), (width, height): (f64, f64), scale: &ColourScale) {
    let mistakes = estimate(row, CLUSTER_MISTAKES);
    let fill = mistakes.and_then(|mistakes| mistakes.value.filter(|value| *value > 0.0).or(mistakes.high));
    let fill = fill.map_or(FAINT, |mistakes| scale.colour(mistakes));
    if row.not_dominated {
        scene.rectangle((x + 1.0, y + 1.0), (x + width - 1.0, y + height - 1.0), INK);
        scene.rectangle((x + 4.0, y + 4.0), (x + width - 4.0, y + height - 4.0), PAPER);
    }
    let inset = if row.not_dominated { 5.5 } else { 1.5 };
    scene.rectangle((x + inset, y + inset), (x + width - inset, y + height - inset), fill);
    let ink = if fill.brightness() < 140.0 { LIGHT } else { DARK };
    let (middle, centre) = (x + width / 2.0, y + height / 2.0);
    let large = if width > 90.0 { 19.0 } else { 14.0 };
    let texts = [
        (human::rate(mistakes), large, true, centre - 2.0),
        (human::latency(estimate(row, DETECTION_P99)), large - 4.0, false, centre + large),
    ];
    for (text, size, bold, at) in texts {
        let text = shortened(&text, size, bold, width - 12.0);
        scene.label(Label { ink, bold, ..label((middle, at), text, size, Anchor::Middle) });
    }
}

/// From few mistakes (pale) to many (dark), by ratio.
struct ColourScale {
    low: f64,
    high: f64,
}

impl ColourScale {
    fn of(rows: &[&Row]) -> Option<Self> {
        let seen = rows.iter().filter_map(|row| {
            let mistakes = estimate(row, CLUSTER_MISTAKES)?;
            mistakes.value.filter(|value| *value > 0.0).or(mistakes.high)
        });
        let (low, high) = seen
            .filter(|value| *value > 0.0 && value.is_finite())
            .fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        (high > 0.0).then_some(Self { low, high: high.max(low * 10.0) })
    }

    fn colour(&self, mistakes: f64) -> Ink {
        sequential((log10(mistakes) - log10(self.low)) / (log10(self.high) - log10(self.low)))
    }

    /// The scale beside the map, as a bar with its ends.
    fn draw(&self, scene: &mut Scene) {
        let (left, right) = (AREA.right + 34.0, AREA.right + 58.0);
        let steps = 120_u8;
        let height = (AREA.bottom - AREA.top - 60.0) / f64::from(steps);
        for step in 0..steps {
            let top = AREA.top + 40.0 + height * f64::from(step);
            let share = 1.0 - (f64::from(step) + 0.5) / f64::from(steps);
            scene.rectangle((left, top), (right, (top + height + 1.5).min(AREA.bottom - 20.0)), sequential(share));
        }
        let axis = super::axis::Axis::log("", Unit::Plain, [self.low, self.high]);
        for tick in axis.ticks() {
            let share = (log10(tick) - log10(self.low)) / (log10(self.high) - log10(self.low));
            if (0.0..=1.0).contains(&share) {
                let at = AREA.bottom - 20.0 - (AREA.bottom - AREA.top - 60.0) * share;
                scene.line([(right, at), (right + 5.0, at)], INK, 1.5);
                scene.label(label((right + 10.0, at + 5.0), Unit::Plain.write(tick), SMALL, Anchor::Start));
            }
        }
        let heading =
            |text: &str, at| Label { ink: MUTED, ..label((AREA.right + 34.0, at), text, SMALL, Anchor::Start) };
        scene.label(heading("cluster mistakes", AREA.top + 10.0));
        scene.label(heading("per 30 days", AREA.top + 28.0));
    }
}
