//! The false-positive rate against a parameter of a detector, a line for each world.

use super::axis::{Axis, Unit};
use super::frame::{Area, Entry, Plot, Sign, legend, notes, page};
use super::scene::Scene;
use super::theme::{INK, LINE, Look, WHISKER};
use super::{Picture, slug};
use crate::analysis::Row;
use crate::num::usize_to_f64;
use crate::report::Results;
use crate::report::metric::FALSE_POSITIVE_RATE;
use crate::report::sweep::{Measure, Sweep, detectors, estimate, title};

/// A setting on its line: the parameter, the rate with its interval, and whether nothing was seen.
#[derive(Clone, Copy)]
struct Spot {
    parameter: f64,
    rate: f64,
    low: Option<f64>,
    high: Option<f64>,
    nothing_seen: bool,
}

/// A line: one world.
struct Line {
    name: String,
    spots: Vec<Spot>,
}

/// A picture for each swept numeric parameter of a detector.
pub(super) fn pictures(results: &Results<'_>) -> Vec<Picture> {
    let sweep = Sweep::of(results.summary);
    let mut pictures = Vec::new();
    for (name, kind) in detectors(results.summary) {
        let rows: Vec<&Row> = results.summary.rows.iter().filter(|row| row.detector == name).collect();
        for axis in sweep.own_axes(name) {
            pictures.extend(picture(results, &rows, axis, (name, &title(name, kind))));
        }
    }
    pictures
}

fn picture(results: &Results<'_>, rows: &[&Row], axis: usize, (name, detector): (&str, &str)) -> Option<Picture> {
    let sweep = Sweep::of(results.summary);
    let measure = Sweep::measure(axis, &results.summary.rows)?;
    let lines = lines(sweep, rows, axis);
    let spots: Vec<Spot> = lines.iter().flat_map(|line| line.spots.iter().copied()).collect();
    let parameters: Vec<f64> = spots.iter().map(|spot| spot.parameter).collect();
    if parameters.iter().all(|parameter| parameter.to_bits() == parameters[0].to_bits()) {
        return None;
    }
    let parameter = sweep.short(axis);
    let unit = if measure == Measure::Seconds { Unit::Seconds } else { Unit::Plain };
    let plot = Plot {
        area: Area::BESIDE_LEGEND,
        x: Axis::fitting(format!("“{parameter}” of {detector}"), unit, &parameters),
        y: Axis::log("false positives per pair-hour", Unit::Plain, ends(&spots)),
    };
    let question = format!("How often does {name} accuse a living node, by its “{parameter}”?");
    let mut scene = page(&question, &results.subtitle());
    plot.draw(&mut scene);
    for (index, line) in lines.iter().enumerate() {
        // Lines stand a little apart, so that whiskers at the same parameter do not cover each other.
        let aside =
            (usize_to_f64(index) - usize_to_f64(lines.len() - 1) / 2.0) * (30.0 / usize_to_f64(lines.len())).min(7.0);
        draw(&mut scene, &plot, line, Look::of(index), aside);
    }
    legend(&mut scene, &entries(sweep, &lines, &spots));
    let mut remarks = vec!["Whiskers: 95 % intervals, each point by itself.".to_owned()];
    if lines.len() > 1 {
        remarks.push(format!(
            "Points of one “{parameter}” stand a little apart, so that their whiskers can be told apart."
        ));
    }
    notes(&mut scene, &remarks);
    let name = format!("rate-{}", slug(sweep.key(axis).trim_start_matches("detector.")));
    let caption =
        "Each line is one world; a larger parameter should mean fewer false positives and slower detection.".to_owned();
    Some(Picture { name, title: question, caption, scene })
}

fn lines(sweep: Sweep<'_>, rows: &[&Row], axis: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        let Some(spot) = spot(row, axis) else { continue };
        let others = (0..row.parameters.len()).filter(|&other| other != axis);
        let name = sweep.text(row, others);
        match lines.iter_mut().find(|line| line.name == name) {
            Some(line) => line.spots.push(spot),
            None => lines.push(Line { name, spots: vec![spot] }),
        }
    }
    for line in &mut lines {
        line.spots.sort_by(|a, b| a.parameter.total_cmp(&b.parameter));
    }
    lines
}

fn spot(row: &Row, axis: usize) -> Option<Spot> {
    let (parameter, rate) = (Sweep::number(row, axis)?, estimate(row, FALSE_POSITIVE_RATE)?);
    let nothing_seen = rate.value.is_none_or(|value| value <= 0.0);
    let shown = if nothing_seen { rate.high? } else { rate.value? };
    Some(Spot { parameter, rate: shown, low: rate.low, high: rate.high, nothing_seen })
}

/// Rates and ends of intervals, these cut a decade below the least rate.
fn ends(spots: &[Spot]) -> Vec<f64> {
    let least = spots.iter().map(|spot| spot.rate).fold(f64::INFINITY, f64::min);
    let ends = spots.iter().filter(|spot| !spot.nothing_seen).flat_map(|spot| [spot.low, spot.high]).flatten();
    spots.iter().map(|spot| spot.rate).chain(ends.map(|end| end.max(least / 10.0))).collect()
}

fn draw(scene: &mut Scene, plot: &Plot, line: &Line, look: Look, aside: f64) {
    let at = |spot: &Spot| (plot.across(spot.parameter) + aside, plot.up(spot.rate));
    let pale = look.ink.tint(WHISKER);
    for spot in &line.spots {
        let (x, y) = at(spot);
        match (spot.nothing_seen, spot.low, spot.high) {
            (true, ..) => {
                scene.line([(x, y), (x, y + 20.0)], pale, 1.5);
                scene.polygon(vec![(x, y + 25.0), (x - 4.0, y + 18.0), (x + 4.0, y + 18.0)], pale);
            }
            (false, Some(low), Some(high)) => {
                scene.line([(x, plot.up(low)), (x, plot.up(high))], pale, 1.5);
                for end in [low, high] {
                    scene.line([(x - 4.0, plot.up(end)), (x + 4.0, plot.up(end))], pale, 1.5);
                }
            }
            (false, ..) => {}
        }
    }
    for pair in line.spots.windows(2) {
        // A bound is no point: no line leads to it.
        if pair.iter().all(|spot| !spot.nothing_seen) {
            scene.line([at(&pair[0]), at(&pair[1])], look.ink, 2.0);
        }
    }
    for spot in &line.spots {
        look.mark.draw(scene, at(spot), 5.5, look.ink, spot.nothing_seen);
    }
}

fn entries(sweep: Sweep<'_>, lines: &[Line], spots: &[Spot]) -> Vec<Entry> {
    let mut entries = Vec::new();
    if lines.iter().any(|line| !line.name.is_empty()) {
        let worlds: Vec<&str> = sweep.world_axes().map(|axis| sweep.short(axis)).collect();
        let heading = if worlds.is_empty() { "Settings".to_owned() } else { format!("By {}", worlds.join(", ")) };
        entries.push(Entry::new(Sign::Heading, heading));
        for (index, line) in lines.iter().enumerate() {
            entries.push(Entry::new(Sign::LineAndMark(Look::of(index)), line.name.clone()));
        }
        entries.push(Entry::new(Sign::Note, ""));
    }
    if spots.iter().any(|spot| spot.nothing_seen) {
        let look = Look { ink: INK.tint(LINE), ..Look::of(0) };
        entries.push(Entry::new(Sign::Mark { look, size: 6.0, hollow: true }, "none seen: upper bound"));
    }
    entries
}
