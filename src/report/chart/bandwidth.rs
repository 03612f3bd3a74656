//! What heartbeats cost: bandwidth against the heartbeat interval.

use super::Picture;
use super::axis::{Axis, Unit};
use super::frame::{Area, Entry, Plot, SMALL, Sign, label, legend, page};
use super::paint::text_width;
use super::scene::{Anchor, Label, Point};
use super::theme::Look;
use crate::analysis::Row;
use crate::num::u64_to_f64;
use crate::report::metric::BANDWIDTH;
use crate::report::sweep::{Sweep, detectors, estimate, title};
use crate::report::{Results, number};

const TITLE: &str = "What do heartbeats cost, by their interval?";

/// A line of the picture: intervals in seconds and bytes a second.
#[derive(PartialEq)]
struct Line {
    name: String,
    points: Vec<(f64, f64)>,
}

/// The picture; `None` where the interval is not swept or no bandwidth is known.
pub(super) fn picture(results: &Results<'_>) -> Option<Picture> {
    let summary = results.summary;
    let sweep = Sweep::of(summary);
    let interval = sweep.interval_axis()?;
    let lines = lines(results, interval);
    let points: Vec<(f64, f64)> = lines.iter().flat_map(|line| line.points.iter().copied()).collect();
    if points.is_empty() {
        return None;
    }
    let (across, up): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let plot = Plot {
        area: Area::BESIDE_LEGEND,
        x: Axis::fitting("heartbeat interval", Unit::Seconds, &across),
        y: Axis::fitting("bytes on the wire per second, whole cluster", Unit::ByteRate, &up),
    };
    let mut scene = page(TITLE, &results.subtitle());
    plot.draw(&mut scene);
    let mut entries = vec![Entry::new(Sign::Heading, "Traffic of")];
    for (index, line) in lines.iter().enumerate() {
        let look = Look::of(index);
        let points: Vec<Point> = line.points.iter().map(|&(x, y)| plot.at(x, y)).collect();
        scene.line(points.iter().copied(), look.ink, 2.0);
        for (&at, &(_, rate)) in points.iter().zip(&line.points) {
            look.mark.draw(&mut scene, at, 5.5, look.ink, false);
            if lines.len() == 1 {
                scene.label(beside(&plot, at, number::byte_rate(rate, 3)));
            }
        }
        entries.push(Entry::new(Sign::LineAndMark(look), line.name.clone()));
    }
    legend(&mut scene, &entries);
    let caption = "Bytes sent on the wire, lost ones too: payload and headers.".to_owned();
    Some(Picture { name: "bandwidth".to_owned(), title: TITLE.to_owned(), caption, scene })
}

/// A text beside a point: on the side of the falling line where there is room.
fn beside(plot: &Plot, (x, y): Point, text: String) -> Label {
    if x + 10.0 + text_width(&text, SMALL, false) < plot.area.right {
        label((x + 10.0, y - 10.0), text, SMALL, Anchor::Start)
    } else {
        label((x - 4.0, y + 24.0), text, SMALL, Anchor::End)
    }
}

/// A line for each detector and each combination of the other axes of the world; lines that are the same are one.
fn lines(results: &Results<'_>, interval: usize) -> Vec<Line> {
    let sweep = Sweep::of(results.summary);
    let mut lines: Vec<(&str, String, Line)> = Vec::new();
    for (name, kind) in detectors(results.summary) {
        for row in results.summary.rows.iter().filter(|row| row.detector == name) {
            let Some(point) = point(row) else { continue };
            let world = sweep.text(row, sweep.world_axes().filter(|&axis| axis != interval));
            let place = lines.iter().position(|(known, at, _)| *known == name && *at == world);
            let place = place.unwrap_or_else(|| {
                let separator = if world.is_empty() { "" } else { ", " };
                let line = Line { name: format!("{}{separator}{world}", title(name, kind)), points: Vec::new() };
                lines.push((name, world, line));
                lines.len() - 1
            });
            let points = &mut lines[place].2.points;
            if !points.contains(&point) {
                points.push(point);
            }
        }
    }
    merged(lines)
}

/// Detectors that listen to the same heartbeats cost the same: their lines become one.
fn merged(lines: Vec<(&str, String, Line)>) -> Vec<Line> {
    let mut kept: Vec<(String, usize, Line)> = Vec::new();
    for (_, world, mut line) in lines {
        line.points.sort_by(|a, b| a.0.total_cmp(&b.0));
        match kept.iter_mut().find(|(at, _, known)| *at == world && known.points == line.points) {
            Some((_, count, _)) => *count += 1,
            None => kept.push((world, 1, line)),
        }
    }
    let name = |world: String, count, line: Line| match (count, world.is_empty()) {
        (1, _) => line,
        (_, true) => Line { name: format!("all {count} detectors"), ..line },
        (_, false) => Line { name: format!("all {count} detectors, {world}"), ..line },
    };
    kept.into_iter().map(|(world, count, line)| name(world, count, line)).collect()
}

fn point(row: &Row) -> Option<(f64, f64)> {
    let rate = estimate(row, BANDWIDTH)?.value?;
    Some((u64_to_f64(row.interval_ns) / 1e9, rate))
}
