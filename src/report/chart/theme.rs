//! How charts look: colours, marks and dashes.
//!
//! Detectors get the colours of Okabe and Ito ("Color Universal Design", 2008), which people with any colour vision tell
//! apart, without its yellow and black (weak on paper, and taken by text). A mark and a dash differ with the colour, so
//! that a chart also reads in grey.

use super::scene::{Ink, Point, Scene};

/// Background.
pub(super) const PAPER: Ink = Ink(255, 255, 255);
/// Text and frames.
pub(super) const INK: Ink = Ink(31, 41, 51);
/// Text of lesser weight.
pub(super) const MUTED: Ink = Ink(95, 107, 122);
/// Grid lines.
pub(super) const GRID: Ink = Ink(226, 231, 238);
/// Grid lines between the labelled ones.
pub(super) const FAINT: Ink = Ink(241, 244, 248);
/// Something is wrong: a mistake, a lost heartbeat.
pub(super) const ALARM: Ink = Ink(213, 94, 0);
/// Something is as it should be.
pub(super) const CALM: Ink = Ink(0, 114, 178);

const COLOURS: [Ink; 6] =
    [Ink(0, 114, 178), Ink(213, 94, 0), Ink(0, 158, 115), Ink(204, 121, 167), Ink(230, 159, 0), Ink(86, 180, 233)];

/// How much paler a whisker is than its point.
pub(super) const WHISKER: f64 = 0.45;
/// How much paler a line is than the points that it joins.
pub(super) const LINE: f64 = 0.35;
/// How much paler a row is that is shown dominated.
pub(super) const DOMINATED: f64 = 0.65;
/// Paper where a report is read in the dark.
const DARK_PAPER: Ink = Ink(21, 27, 35);
/// The lesser text there.
const DARK_MUTED: Ink = Ink(154, 167, 180);

/// Every pale colour of a chart, and the same on dark paper.
pub(super) fn tints() -> Vec<(String, String)> {
    let pale = |light: Ink, dark: Ink, share: f64| {
        (light.tint(share).hexadecimal(), dark.mixed(DARK_PAPER, share).hexadecimal())
    };
    let mut tints = vec![pale(MUTED, DARK_MUTED, DOMINATED), pale(INK, DARK_MUTED, LINE), pale(INK, DARK_MUTED, 0.55)];
    for ink in COLOURS {
        tints.extend([WHISKER, LINE, DOMINATED].map(|share| pale(ink, ink, share)));
        let both = |paper: Ink| ink.mixed(paper, DOMINATED).mixed(paper, WHISKER).hexadecimal();
        tints.push((both(PAPER), both(DARK_PAPER)));
    }
    tints
}

const MARKS: [Mark; 7] =
    [Mark::Disc, Mark::Square, Mark::Triangle, Mark::Diamond, Mark::Pennant, Mark::Cross, Mark::Hourglass];

const DASHES: [&[f64]; 5] = [&[], &[10.0, 4.0], &[2.5, 3.5], &[12.0, 4.0, 2.5, 4.0], &[5.0, 4.0]];

/// Shape of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A disc.
    Disc,
    /// A square.
    Square,
    /// A triangle that stands.
    Triangle,
    /// A square on its corner.
    Diamond,
    /// A triangle on its tip.
    Pennant,
    /// An upright cross.
    Cross,
    /// Two triangles, tip to tip.
    Hourglass,
}

/// How one series is drawn. Colour, mark and dash have coprime periods: no two of the first 210 series look the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    /// Its colour.
    pub(super) ink: Ink,
    /// Its mark.
    pub(super) mark: Mark,
    /// Its dashes.
    pub(super) dashes: &'static [f64],
}

impl Look {
    /// The look of a series by its number, from 0.
    pub(super) fn of(series: usize) -> Self {
        Self {
            ink: COLOURS[series % COLOURS.len()],
            mark: MARKS[series % MARKS.len()],
            dashes: DASHES[series % DASHES.len()],
        }
    }
}

/// The colour of a share from 0 to 1 on a scale from light yellow to dark blue, even in brightness and readable with any
/// colour vision (knots after the ColorBrewer scale YlGnBu).
pub(super) fn sequential(share: f64) -> Ink {
    const KNOTS: [Ink; 7] = [
        Ink(255, 255, 217),
        Ink(224, 243, 190),
        Ink(167, 219, 189),
        Ink(95, 188, 194),
        Ink(43, 143, 189),
        Ink(35, 91, 164),
        Ink(20, 42, 102),
    ];
    let place = share.clamp(0.0, 1.0) * crate::num::usize_to_f64(KNOTS.len() - 1);
    let lower = crate::num::f64_to_usize(place.floor()).min(KNOTS.len() - 2);
    let part = place - crate::num::usize_to_f64(lower);
    let mix = |from: u8, to: u8| {
        let mixed = f64::from(from) + (f64::from(to) - f64::from(from)) * part;
        u8::try_from(crate::num::f64_to_u64(mixed.round())).unwrap_or(u8::MAX)
    };
    let (from, to) = (KNOTS[lower], KNOTS[lower + 1]);
    Ink(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

impl Mark {
    /// Draws the mark; a hollow one has paper inside.
    pub(super) fn draw(self, scene: &mut Scene, at: Point, size: f64, ink: Ink, hollow: bool) {
        self.fill(scene, at, size, ink);
        if hollow && size > 2.5 {
            self.fill(scene, at, size - self.rim(), PAPER);
        }
    }

    /// Draws the mark with a rim of paper, so that it can be told from marks and lines below it.
    pub(super) fn draw_apart(self, scene: &mut Scene, at: Point, size: f64, ink: Ink, hollow: bool) {
        self.fill(scene, at, size + self.rim() * 0.75, PAPER);
        self.draw(scene, at, size, ink, hollow);
    }

    /// How much the radius shrinks for a rim of even width: more where corners are sharp.
    fn rim(self) -> f64 {
        match self {
            Self::Disc | Self::Square => 2.0,
            Self::Cross => 1.6,
            Self::Diamond => 2.6,
            Self::Triangle | Self::Pennant | Self::Hourglass => 3.2,
        }
    }

    fn fill(self, scene: &mut Scene, (x, y): Point, size: f64, ink: Ink) {
        let mut polygon = |corners: &[(f64, f64)]| {
            scene.polygon(corners.iter().map(|(dx, dy)| (x + dx * size, y + dy * size)).collect(), ink);
        };
        match self {
            Self::Disc => scene.disc((x, y), size, ink),
            Self::Square => polygon(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
            Self::Triangle => polygon(&[(0.0, -1.2), (1.1, 0.75), (-1.1, 0.75)]),
            Self::Pennant => polygon(&[(0.0, 1.2), (1.1, -0.75), (-1.1, -0.75)]),
            Self::Diamond => polygon(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]),
            Self::Cross => polygon(&[
                (-0.4, -1.2),
                (0.4, -1.2),
                (0.4, -0.4),
                (1.2, -0.4),
                (1.2, 0.4),
                (0.4, 0.4),
                (0.4, 1.2),
                (-0.4, 1.2),
                (-0.4, 0.4),
                (-1.2, 0.4),
                (-1.2, -0.4),
                (-0.4, -0.4),
            ]),
            Self::Hourglass => {
                polygon(&[(-1.0, -1.1), (1.0, -1.1), (0.25, 0.0), (1.0, 1.1), (-1.0, 1.1), (-0.25, 0.0)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_series_differ() {
        let looks: Vec<_> = (0..60).map(Look::of).collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(!looks[index + 1..].contains(look), "series {index} looks like a later one");
        }
    }

    #[test]
    fn no_two_pale_colours_are_alike() {
        let mut lights: Vec<String> = tints().into_iter().map(|(light, _)| light).collect();
        let all = lights.len();
        lights.sort();
        lights.dedup();
        assert_eq!(lights.len(), all);
    }

    #[test]
    fn the_scale_darkens_steadily() {
        let brightness: Vec<f64> = (0..=20_u8).map(|step| sequential(f64::from(step) / 20.0).brightness()).collect();
        assert!(brightness.windows(2).all(|pair| pair[1] < pair[0]), "{brightness:?}");
    }
}
