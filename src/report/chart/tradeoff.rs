//! The trade-off: how fast a dead node is found against how often a living one is accused.

use super::Picture;
use super::axis::{Axis, Unit};
use super::frame::{Area, Entry, Plot, Sign, legend, notes, page};
use super::scene::{Ink, Point, Scene};
use super::theme::{DOMINATED, LINE, Look, MUTED, WHISKER};
use crate::analysis::{Estimate, Row};
use crate::num::usize_to_f64;
use crate::report::Results;
use crate::report::metric::{DETECTION_P99, FALSE_POSITIVE_RATE};
use crate::report::sweep::{Sweep, detectors, estimate, title, value};

const TITLE: &str = "How fast is a dead node found, and how often is a living one accused?";

/// A row as a point of the picture.
struct Spot<'a> {
    row: &'a Row,
    latency: &'a Estimate,
    rate: &'a Estimate,
    seconds: f64,
    /// The rate, or its bound where nothing was seen.
    per_hour: f64,
    nothing_seen: bool,
}

impl<'a> Spot<'a> {
    fn of(row: &'a Row) -> Option<Self> {
        let (latency, rate) = (estimate(row, DETECTION_P99)?, estimate(row, FALSE_POSITIVE_RATE)?);
        let seconds = latency.value?;
        let nothing_seen = rate.value.is_none_or(|value| value <= 0.0);
        let per_hour = if nothing_seen { rate.high? } else { rate.value? };
        Some(Self { row, latency, rate, seconds, per_hour, nothing_seen })
    }
}

/// The picture; `None` where no row has both a percentile and a rate.
pub(super) fn picture(results: &Results<'_>) -> Option<Picture> {
    let summary = results.summary;
    let spots: Vec<Spot<'_>> = summary.rows.iter().filter_map(Spot::of).collect();
    if spots.is_empty() {
        return None;
    }
    let plot = Plot { area: Area::BESIDE_LEGEND, x: latency_axis(&spots), y: rate_axis(&spots) };
    let mut scene = page(TITLE, &results.subtitle());
    plot.draw(&mut scene);
    let names = detectors(summary);
    let sizes = Sizes::of(results);
    for spot in &spots {
        whiskers(&mut scene, &plot, spot, ink(&names, spot.row).tint(WHISKER));
    }
    for line in lines(Sweep::of(summary), &names, &spots) {
        for pair in line.spots.windows(2) {
            // A bound is no point: no line leads to it.
            if pair.iter().all(|spot| !spot.nothing_seen) {
                let points = [pair[0], pair[1]].map(|spot| plot.at(spot.seconds, spot.per_hour));
                scene.line(points, Look::of(line.detector).ink.tint(LINE), 1.4);
            }
        }
    }
    // What is shown dominated lies below, and small marks above large ones.
    let mut order: Vec<&Spot<'_>> = spots.iter().collect();
    order.sort_by(|a, b| {
        let size = |spot: &Spot<'_>| sizes.size(spot.row);
        a.row.not_dominated.cmp(&b.row.not_dominated).then(size(b).total_cmp(&size(a)))
    });
    for spot in order {
        let (at, size) = (plot.at(spot.seconds, spot.per_hour), sizes.size(spot.row));
        let mark = Look::of(number(&names, spot.row)).mark;
        mark.draw_apart(&mut scene, at, size, ink(&names, spot.row), spot.nothing_seen);
    }
    legend(&mut scene, &entries(&spots, &names, &sizes));
    notes(&mut scene, &remarks(results, spots.len()));
    let caption =
        "Lower left is better. Each line joins the settings of one detector in the order of its sweep; whiskers \
                   are 95 % intervals, each point by itself."
            .to_owned();
    Some(Picture { name: "tradeoff".to_owned(), title: TITLE.to_owned(), caption, scene })
}

fn latency_axis(spots: &[Spot<'_>]) -> Axis {
    let ends = spots.iter().flat_map(|spot| [Some(spot.seconds), spot.latency.low, spot.latency.high]);
    Axis::fitting("time from the crash to its detection, 99th percentile", Unit::Seconds, &positive(ends))
}

fn rate_axis(spots: &[Spot<'_>]) -> Axis {
    let values = positive(spots.iter().map(|spot| Some(spot.per_hour)));
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    // An interval that reaches far below every point would flatten the picture: it is cut there.
    let ends = spots.iter().filter(|spot| !spot.nothing_seen).flat_map(|spot| [spot.rate.low, spot.rate.high]);
    let ends = positive(ends).into_iter().map(|end| end.max(least / 10.0));
    Axis::log("false positives per pair-hour", Unit::Plain, values.iter().copied().chain(ends))
}

fn positive(values: impl Iterator<Item = Option<f64>>) -> Vec<f64> {
    values.flatten().filter(|value| *value > 0.0 && value.is_finite()).collect()
}

/// The colour of a row: that of its detector, pale where another row is shown to be better.
fn ink(names: &[(&str, &str)], row: &Row) -> Ink {
    let ink = Look::of(number(names, row)).ink;
    if row.not_dominated { ink } else { ink.tint(DOMINATED) }
}

/// The number of a row's detector, in file order.
fn number(names: &[(&str, &str)], row: &Row) -> usize {
    names.iter().position(|(name, _)| *name == row.detector).unwrap_or(0)
}

/// The settings of one detector in one world.
struct Line<'s, 'a> {
    detector: usize,
    world: Vec<Option<&'s str>>,
    spots: Vec<&'s Spot<'a>>,
}

/// Rows of one detector in one world, joined in the order of its own axes; a detector without such axes is joined over
/// the worlds.
fn lines<'s, 'a>(sweep: Sweep<'a>, names: &[(&str, &str)], spots: &'s [Spot<'a>]) -> Vec<Line<'s, 'a>> {
    let mut lines: Vec<Line<'s, 'a>> = Vec::new();
    for spot in spots {
        let detector = number(names, spot.row);
        let own = sweep.own_axes(&spot.row.detector).next().is_some();
        let world = if own { sweep.world(spot.row) } else { Vec::new() };
        match lines.iter_mut().find(|line| line.detector == detector && line.world == world) {
            Some(line) => line.spots.push(spot),
            None => lines.push(Line { detector, world, spots: vec![spot] }),
        }
    }
    lines
}

/// Intervals as thin bars; where an upper end is not known, an arrow.
fn whiskers(scene: &mut Scene, plot: &Plot, spot: &Spot<'_>, ink: Ink) {
    let (x, y) = plot.at(spot.seconds, spot.per_hour);
    if spot.nothing_seen {
        arrow(scene, (x, y), (0.0, 1.0), 24.0, ink);
    } else if let (Some(low), Some(high)) = (spot.rate.low, spot.rate.high) {
        scene.line([(x, plot.up(low)), (x, plot.up(high))], ink, 1.5);
        for end in [low, high] {
            scene.line([(x - 3.0, plot.up(end)), (x + 3.0, plot.up(end))], ink, 1.5);
        }
    }
    if let Some(low) = spot.latency.low {
        scene.line([(plot.across(low), y), (x, y)], ink, 1.5);
        scene.line([(plot.across(low), y - 3.0), (plot.across(low), y + 3.0)], ink, 1.5);
    }
    match (spot.latency.low, spot.latency.high) {
        (_, Some(high)) => {
            scene.line([(x, y), (plot.across(high), y)], ink, 1.5);
            scene.line([(plot.across(high), y - 3.0), (plot.across(high), y + 3.0)], ink, 1.5);
        }
        (Some(_), None) => arrow(scene, (x, y), (1.0, 0.0), 24.0, ink),
        (None, None) => {}
    }
}

fn arrow(scene: &mut Scene, (x, y): Point, (dx, dy): Point, length: f64, ink: Ink) {
    let (tip_x, tip_y) = (x + dx * length, y + dy * length);
    scene.line([(x, y), (tip_x - dx * 4.0, tip_y - dy * 4.0)], ink, 1.5);
    let (back_x, back_y) = (tip_x - dx * 7.0, tip_y - dy * 7.0);
    let wings = [(tip_x, tip_y), (back_x + dy * 4.0, back_y + dx * 4.0), (back_x - dy * 4.0, back_y - dx * 4.0)];
    scene.polygon(wings.to_vec(), ink);
}

/// Sizes of marks by the first axis of the world, where there is one: a larger mark is a later value.
struct Sizes {
    axis: Option<usize>,
    values: Vec<String>,
    name: String,
}

impl Sizes {
    fn of(results: &Results<'_>) -> Self {
        let sweep = Sweep::of(results.summary);
        let axis = sweep.interval_axis().or_else(|| sweep.world_axes().next());
        let mut values: Vec<String> = Vec::new();
        for row in &results.summary.rows {
            if let Some(value) = axis.and_then(|axis| value(row, axis))
                && !values.iter().any(|known| known == value)
            {
                values.push(value.to_owned());
            }
        }
        Self { axis, values, name: axis.map_or(String::new(), |axis| sweep.short(axis).to_owned()) }
    }

    fn size(&self, row: &Row) -> f64 {
        let value = self.axis.and_then(|axis| value(row, axis));
        self.values.iter().position(|known| Some(known.as_str()) == value).map_or(5.5, |index| self.step(index))
    }

    fn step(&self, index: usize) -> f64 {
        let last = usize_to_f64(self.values.len().saturating_sub(1)).max(1.0);
        3.5 + 4.0 * usize_to_f64(index) / last
    }
}

fn entries(spots: &[Spot<'_>], names: &[(&str, &'static str)], sizes: &Sizes) -> Vec<Entry> {
    let mut entries = vec![Entry::new(Sign::Heading, "Detector")];
    for (index, (name, kind)) in names.iter().enumerate() {
        if spots.iter().any(|spot| spot.row.detector == *name) {
            entries.push(Entry::new(Sign::LineAndMark(Look::of(index)), title(name, kind)));
        }
    }
    let mark = |ink: Ink, size, hollow| Sign::Mark { look: Look { ink, ..Look::of(0) }, size, hollow };
    if (2..=6).contains(&sizes.values.len()) {
        entries.push(Entry::new(Sign::Note, ""));
        entries.push(Entry::new(Sign::Heading, sizes.name.clone()));
        for (index, value) in sizes.values.iter().enumerate() {
            entries.push(Entry::new(mark(MUTED, sizes.step(index), false), value.clone()));
        }
    }
    entries.push(Entry::new(Sign::Note, ""));
    if spots.iter().any(|spot| !spot.row.not_dominated) {
        entries.push(Entry::new(mark(MUTED, 6.0, false), "not shown dominated"));
        entries.push(Entry::new(mark(MUTED.tint(DOMINATED), 6.0, false), "shown dominated"));
    }
    if spots.iter().any(|spot| spot.nothing_seen) {
        entries.push(Entry::new(mark(MUTED, 6.0, true), "none seen: upper bound"));
    }
    entries
}

fn remarks(results: &Results<'_>, drawn: usize) -> Vec<String> {
    let left_out = results.summary.rows.len() - drawn;
    let mut remarks =
        vec!["Whiskers: 95 % intervals, each point by itself. An arrow: no bound in that direction.".to_owned()];
    if results.summary.rows.iter().any(|row| !row.not_dominated) {
        remarks.push(
            "Pale: another row is shown to be at least as good in both and in bandwidth, and better in one.".to_owned(),
        );
    }
    match left_out {
        0 => {}
        1 => remarks.push("1 row without a 99th percentile or a rate is not drawn.".to_owned()),
        _ => remarks.push(format!("{left_out} rows without a 99th percentile or a rate are not drawn.")),
    }
    remarks
}
