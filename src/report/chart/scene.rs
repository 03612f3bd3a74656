//! A picture as plain data: shapes in pixels, back to front.
//!
//! Charts build scenes; [`super::paint`] alone knows how a scene becomes SVG or PNG. Both formats are therefore the same
//! picture, and a chart can be tested without looking at pixels.

/// A point in pixels, from the top left.
pub(super) type Point = (f64, f64);

/// A colour of the screen: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink(pub(super) u8, pub(super) u8, pub(super) u8);

impl Ink {
    /// Mixed with white: 0 stays, 1 is white.
    pub(super) fn tint(self, share: f64) -> Self {
        self.mixed(Self(255, 255, 255), share)
    }

    /// Mixed with another colour: 0 stays, 1 is the other.
    pub(super) fn mixed(self, other: Self, share: f64) -> Self {
        let mix = |channel: u8, other: u8| {
            let mixed = f64::from(channel) + (f64::from(other) - f64::from(channel)) * share;
            u8::try_from(crate::num::f64_to_u64(mixed.clamp(0.0, 255.0))).unwrap_or(u8::MAX)
        };
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// As a style sheet writes it.
    pub(super) fn hexadecimal(self) -> String {
        format!("#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }

    /// How bright it looks, from 0 to 255 (weights of ITU-R BT.601).
    pub(super) fn brightness(self) -> f64 {
        0.299 * f64::from(self.0) + 0.587 * f64::from(self.1) + 0.114 * f64::from(self.2)
    }
}

/// Where a text lies around its point, along its own direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// It starts there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// A text on a baseline.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Label {
    /// Point on the baseline.
    pub(super) at: Point,
    /// What it says.
    pub(super) text: String,
    /// Height of an em, in pixels.
    pub(super) size: f64,
    /// Colour.
    pub(super) ink: Ink,
    /// Where the text lies around the point.
    pub(super) anchor: Anchor,
    /// Bold face.
    pub(super) bold: bool,
    /// Read from bottom to top.
    pub(super) upright: bool,
}

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// A filled rectangle between two corners.
    Rectangle {
        /// Top left.
        from: Point,
        /// Bottom right.
        to: Point,
        /// Colour.
        ink: Ink,
    },
    /// A line through points.
    Line {
        /// The points.
        points: Vec<Point>,
        /// Colour.
        ink: Ink,
        /// Width in pixels.
        width: f64,
    },
    /// A filled polygon.
    Polygon {
        /// Its corners.
        points: Vec<Point>,
        /// Colour.
        ink: Ink,
    },
    /// A filled disc.
    Disc {
        /// Its centre.
        centre: Point,
        /// Its radius in pixels.
        radius: f64,
        /// Colour.
        ink: Ink,
    },
    /// A text.
    Text(Label),
}

/// Shapes, back to front.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Scene {
    shapes: Vec<Shape>,
}

impl Scene {
    /// The shapes, back to front.
    pub(super) fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// Adds a filled rectangle.
    pub(super) fn rectangle(&mut self, from: Point, to: Point, ink: Ink) {
        self.shapes.push(Shape::Rectangle { from, to, ink });
    }

    /// Adds a line; points that fall together are drawn once.
    pub(super) fn line(&mut self, points: impl IntoIterator<Item = Point>, ink: Ink, width: f64) {
        let mut kept: Vec<Point> = Vec::new();
        for point in points {
            if kept.last().is_none_or(|last| distance(*last, point) >= 0.25) {
                kept.push(point);
            }
        }
        if kept.len() > 1 {
            self.shapes.push(Shape::Line { points: kept, ink, width });
        }
    }

    /// Adds a line in the given dashes: lengths in pixels, drawn and left out in turn. None: a solid line.
    pub(super) fn dashed(&mut self, points: &[Point], dashes: &[f64], ink: Ink, width: f64) {
        if dashes.iter().sum::<f64>() < 1.0 {
            return self.line(points.iter().copied(), ink, width);
        }
        for stretch in cut(points, dashes) {
            self.line(stretch, ink, width);
        }
    }

    /// Adds a filled polygon.
    pub(super) fn polygon(&mut self, points: Vec<Point>, ink: Ink) {
        self.shapes.push(Shape::Polygon { points, ink });
    }

    /// Adds a filled disc.
    pub(super) fn disc(&mut self, centre: Point, radius: f64, ink: Ink) {
        self.shapes.push(Shape::Disc { centre, radius, ink });
    }

    /// Adds a text.
    pub(super) fn label(&mut self, label: Label) {
        if !label.text.is_empty() {
            self.shapes.push(Shape::Text(label));
        }
    }
}

fn distance(a: Point, b: Point) -> f64 {
    ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).sqrt()
}

/// The drawn stretches of a dashed line.
fn cut(points: &[Point], dashes: &[f64]) -> Vec<Vec<Point>> {
    let mut stretches = Vec::new();
    let mut stretch: Vec<Point> = points.first().copied().into_iter().collect();
    let (mut dash, mut left) = (0, dashes[0]);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut length = distance(from, to);
        while length > left {
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            length -= left;
            if dash % 2 == 0 {
                stretch.push(from);
                stretches.push(std::mem::take(&mut stretch));
            } else {
                stretch = vec![from];
            }
            dash = (dash + 1) % dashes.len();
            left = dashes[dash].max(0.5);
        }
        left -= length;
        if dash % 2 == 0 {
            stretch.push(to);
        }
    }
    stretches.push(stretch);
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_alternate_around_corners() {
        let stretches = cut(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], &[8.0, 4.0]);
        assert_eq!(
            stretches,
            [vec![(0.0, 0.0), (8.0, 0.0)], vec![(10.0, 2.0), (10.0, 10.0)]],
            "drawn 0 to 8 and 12 to 20"
        );
    }

    #[test]
    fn points_that_fall_together_are_drawn_once() {
        let mut scene = Scene::default();
        scene.line([(0.0, 0.0), (0.1, 0.0), (5.0, 0.0)], Ink(0, 0, 0), 1.0);
        assert_eq!(
            scene.shapes(),
            [Shape::Line { points: vec![(0.0, 0.0), (5.0, 0.0)], ink: Ink(0, 0, 0), width: 1.0 }]
        );
    }

    #[test]
    fn a_tint_goes_to_white() {
        assert_eq!(Ink(0, 100, 200).tint(0.0), Ink(0, 100, 200));
        assert_eq!(Ink(0, 100, 200).tint(1.0), Ink(255, 255, 255));
        assert!(Ink(0, 0, 0).brightness() < Ink(0, 114, 178).brightness());
    }
}
