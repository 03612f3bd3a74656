//! What all charts share: the title, the plot with its two axes, the legend beside it and the notes below.

use super::axis::Axis;
use super::paint::{HEIGHT, WIDTH, text_width};
use super::scene::{Anchor, Ink, Label, Point, Scene};
use super::theme::{FAINT, GRID, INK, Look, MUTED, PAPER};
use crate::num::{f64_to_usize, usize_to_f64};

/// Size of a title.
const TITLE: f64 = 25.0;
/// Size of the longest one.
const LEAST_TITLE: f64 = 18.0;
/// Size of the line under it.
const SUBTITLE: f64 = 15.5;
/// Size of axis titles and legends.
pub(super) const BODY: f64 = 15.5;
/// Size of tick labels and notes.
pub(super) const SMALL: f64 = 14.0;

/// Left edge of titles.
const MARGIN: f64 = 36.0;
/// Right edge of everything.
const RIGHT: f64 = 1176.0;

/// The two borders of a stretch, and where it lies on the other axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    /// The plot of a chart with a legend beside it.
    pub(super) const BESIDE_LEGEND: Self = Self { left: 118.0, top: 112.0, right: 888.0, bottom: 640.0 };
}

/// What a legend entry shows before its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sign {
    /// Nothing: a heading.
    Heading,
    /// Nothing: a line of explanation.
    Note,
    /// Nothing: a line that goes on about the entry above.
    More,
    /// A line with its mark.
    LineAndMark(Look),
    /// A line alone.
    Line(Look),
    /// A mark alone.
    Mark {
        /// Its look.
        look: Look,
        /// Its size.
        size: f64,
        /// Whether it is hollow.
        hollow: bool,
    },
}

/// One line of a legend.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) sign: Sign,
    pub(super) text: String,
}

impl Entry {
    pub(super) fn new(sign: Sign, text: impl Into<String>) -> Self {
        Self { sign, text: text.into() }
    }
}

/// A text about the entry above, in as many lines as it needs.
pub(super) fn more(text: &str) -> impl Iterator<Item = Entry> {
    let width = RIGHT - Area::BESIDE_LEGEND.right - 28.0 - 42.0 - 8.0;
    wrapped(text, SMALL - 0.5, width).into_iter().map(|line| Entry::new(Sign::More, line))
}

/// A text in the usual colour.
pub(super) fn label(at: Point, text: impl Into<String>, size: f64, anchor: Anchor) -> Label {
    Label { at, text: text.into(), size, ink: INK, anchor, bold: false, upright: false }
}

/// Starts a picture: paper, title and subtitle.
pub(super) fn page(title: &str, subtitle: &str) -> Scene {
    let mut scene = Scene::default();
    scene.rectangle((0.0, 0.0), (f64::from(WIDTH), f64::from(HEIGHT)), PAPER);
    // A long title is set smaller before it is cut.
    let room = RIGHT - MARGIN;
    let size = (TITLE * room / text_width(title, TITLE, true)).clamp(LEAST_TITLE, TITLE);
    let title =
        Label { bold: true, ..label((MARGIN, 46.0), shortened(title, size, true, room + 0.5), size, Anchor::Start) };
    scene.label(title);
    let subtitle = Label {
        ink: MUTED,
        ..label((MARGIN, 73.0), shortened(subtitle, SUBTITLE, false, RIGHT - MARGIN), SUBTITLE, Anchor::Start)
    };
    scene.label(subtitle);
    scene
}

/// Writes notes at the foot of the picture, in as many lines as they need (at most two).
pub(super) fn notes(scene: &mut Scene, notes: &[String]) {
    let text = notes.join("  ");
    for (line, text) in wrapped(&text, SMALL, RIGHT - MARGIN).into_iter().take(2).enumerate() {
        let at = (MARGIN, f64::from(HEIGHT) - 32.0 + 18.0 * usize_to_f64(line));
        scene.label(Label { ink: MUTED, ..label(at, text, SMALL, Anchor::Start) });
    }
}

/// A plot: an area with two axes.
#[derive(Clone, Debug)]
pub(super) struct Plot {
    pub(super) area: Area,
    pub(super) x: Axis,
    pub(super) y: Axis,
}

impl Plot {
    /// Where a pair of values lies; values outside are put on the border.
    pub(super) fn at(&self, x: f64, y: f64) -> Point {
        (self.across(x), self.up(y))
    }

    /// Where a value of the first axis lies.
    pub(super) fn across(&self, x: f64) -> f64 {
        self.area.left + (self.area.right - self.area.left) * self.x.place(x)
    }

    /// Where a value of the second axis lies.
    pub(super) fn up(&self, y: f64) -> f64 {
        self.area.bottom - (self.area.bottom - self.area.top) * self.y.place(y)
    }

    /// Draws grid, ticks and titles.
    pub(super) fn draw(&self, scene: &mut Scene) {
        let Area { left, top, right, bottom } = self.area;
        self.grid(scene);
        scene.line([(left, bottom), (right, bottom)], INK, 1.5);
        scene.line([(left, top), (left, bottom)], INK, 1.5);
        self.tick_labels(scene);
        let middle = f64::midpoint(left, right);
        scene.label(label((middle, bottom + 50.0), &self.x.title, BODY, Anchor::Middle));
        let at = (left - 74.0, f64::midpoint(top, bottom));
        scene.label(Label { upright: true, ..label(at, &self.y.title, BODY, Anchor::Middle) });
    }

    fn grid(&self, scene: &mut Scene) {
        let Area { left, top, right, bottom } = self.area;
        for (ticks_x, ticks_y, ink) in
            [(self.x.minor_ticks(), self.y.minor_ticks(), FAINT), (self.x.ticks(), self.y.ticks(), GRID)]
        {
            for tick in ticks_x {
                scene.line([(self.across(tick), top), (self.across(tick), bottom)], ink, 1.0);
            }
            for tick in ticks_y {
                scene.line([(left, self.up(tick)), (right, self.up(tick))], ink, 1.0);
            }
        }
    }

    fn tick_labels(&self, scene: &mut Scene) {
        let Area { left, bottom, .. } = self.area;
        let mut free_from = f64::NEG_INFINITY;
        for tick in self.x.ticks() {
            let (at, text) = (self.across(tick), self.x.unit.write(tick));
            let half = text_width(&text, SMALL, false) / 2.0;
            scene.line([(at, bottom), (at, bottom + 6.0)], INK, 1.5);
            if at - half >= free_from {
                scene.label(label((at, bottom + 23.0), text, SMALL, Anchor::Middle));
                free_from = at + half + 10.0;
            }
        }
        let mut free_above = f64::INFINITY;
        for tick in self.y.ticks() {
            let at = self.up(tick);
            scene.line([(left - 6.0, at), (left, at)], INK, 1.5);
            if at <= free_above {
                scene.label(label((left - 11.0, at + 5.0), self.y.unit.write(tick), SMALL, Anchor::End));
                free_above = at - 18.0;
            }
        }
    }
}

/// How tightly a legend is set.
struct Setting {
    /// Height of a line.
    line: f64,
    /// Size of its text.
    size: f64,
    /// Lines in a column.
    room: usize,
    /// Columns.
    columns: usize,
}

impl Setting {
    /// Roomy where that fits, then tight, then tight in two columns.
    fn of(entries: usize) -> Self {
        let height = Area::BESIDE_LEGEND.bottom + 70.0 - Area::BESIDE_LEGEND.top;
        let lines = |line: f64| f64_to_usize(height / line);
        match entries {
            count if count <= lines(23.0) => Self { line: 23.0, size: BODY, room: lines(23.0), columns: 1 },
            count if count <= lines(17.0) => Self { line: 17.0, size: SMALL - 1.0, room: lines(17.0), columns: 1 },
            _ => Self { line: 17.0, size: SMALL - 1.0, room: lines(17.0), columns: 2 },
        }
    }
}

/// Draws a legend at the right of the plot. A long one is set tighter, and loses its explanations; long texts are
/// shortened; what has no room is counted.
pub(super) fn legend(scene: &mut Scene, entries: &[Entry]) {
    let (left, top) = (Area::BESIDE_LEGEND.right + 28.0, Area::BESIDE_LEGEND.top + 8.0);
    let fits = entries.len() <= Setting::of(0).room;
    let entries: Vec<&Entry> = entries.iter().filter(|entry| fits || entry.sign != Sign::More).collect();
    let setting = Setting::of(entries.len());
    let width = (RIGHT - left) / usize_to_f64(setting.columns);
    let at = |index: usize| {
        (left + width * usize_to_f64(index / setting.room), top + setting.line * usize_to_f64(index % setting.room))
    };
    let all = setting.room * setting.columns;
    let shown = if entries.len() > all { all - 1 } else { entries.len() };
    for (index, entry) in entries.iter().take(shown).enumerate() {
        draw_entry(scene, entry, at(index), width - 8.0, setting.size);
    }
    if shown < entries.len() {
        let more = Entry::new(Sign::Note, format!("and {} more", entries.len() - shown));
        draw_entry(scene, &more, at(shown), width - 8.0, setting.size);
    }
}

fn draw_entry(scene: &mut Scene, entry: &Entry, (x, y): Point, width: f64, size: f64) {
    let (indent, bold, ink): (f64, bool, Ink) = match entry.sign {
        Sign::Heading => (0.0, true, INK),
        Sign::Note => (0.0, false, MUTED),
        Sign::More => (42.0, false, MUTED),
        Sign::LineAndMark(_) | Sign::Line(_) => (42.0, false, INK),
        Sign::Mark { .. } => (30.0, false, INK),
    };
    match entry.sign {
        Sign::Heading | Sign::Note | Sign::More => {}
        Sign::LineAndMark(look) => {
            scene.line([(x, y), (x + 32.0, y)], look.ink, 2.0);
            look.mark.draw(scene, (x + 16.0, y), 5.5, look.ink, false);
        }
        Sign::Line(look) => scene.dashed(&[(x, y), (x + 34.0, y)], look.dashes, look.ink, 3.0),
        Sign::Mark { look, size, hollow } => {
            look.mark.draw(scene, (x + 10.0, y), size, look.ink, hollow);
        }
    }
    let size = if matches!(entry.sign, Sign::Note | Sign::More) { size.min(SMALL - 0.5) } else { size };
    let text = shortened(&entry.text, size, bold, width - indent);
    scene.label(Label { ink, bold, ..label((x + indent, y + 5.0), text, size, Anchor::Start) });
}

/// The text, cut with an ellipsis where it is wider than `width`.
pub(super) fn shortened(text: &str, size: f64, bold: bool, width: f64) -> String {
    if text_width(text, size, bold) <= width {
        return text.to_owned();
    }
    let mut kept: String = text.to_owned();
    while !kept.is_empty() && text_width(&kept, size, bold) + size > width {
        kept.pop();
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

/// The text in lines of at most `width`.
pub(super) fn wrapped(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), size, false) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(shortened(word, size, false, width)),
        }
    }
    lines
}
