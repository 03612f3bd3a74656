//! Charts: from a summary to pictures.
//!
//! One file a question. Each chart answers `None` where it does not apply, builds a `scene` otherwise, and knows nothing
//! of file formats. No platform mathematics takes part, so the same results are the same pixels everywhere.

mod axis;
mod bandwidth;
mod frame;
mod heatmap;
mod latency;
mod paint;
mod rate;
mod scene;
mod theme;
mod timeline;
mod tradeoff;

pub use paint::PaintError;
use rayon::prelude::*;
use scene::Scene;

use super::Results;

/// A picture that is not drawn yet.
#[derive(Clone, Debug, PartialEq)]
struct Picture {
    /// Name of its files, without extension.
    name: String,
    /// The question that it answers.
    title: String,
    /// How to read it, in a sentence or two.
    caption: String,
    /// What is drawn.
    scene: Scene,
}

/// A drawn picture.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Name of its files, without extension.
    pub name: String,
    /// The question that it answers.
    pub title: String,
    /// How to read it, in a sentence or two.
    pub caption: String,
    /// The picture as an SVG document.
    pub svg: String,
    /// The same picture as the bytes of a PNG file.
    pub png: Vec<u8>,
}

/// Draws every chart that applies, in the order in which a report shows them.
///
/// # Errors
/// Where the chart library fails, which drawing into memory gives no cause for.
pub fn draw(results: &Results<'_>) -> Result<Vec<Chart>, PaintError> {
    let mut charts = Vec::new();
    // Two at a time: a bitmap in the making takes 24 MB.
    for pair in pictures(results).chunks(2) {
        let drawn: Result<Vec<Chart>, PaintError> = pair.par_iter().map(Picture::draw).collect();
        charts.extend(drawn?);
    }
    Ok(charts)
}

/// Rules of a style sheet that show the pale colours of charts on dark paper: mixed with it, as they are mixed with white on
/// white paper.
#[must_use]
pub fn dark_tints() -> String {
    let rule = |(light, dark): (String, String)| {
        let rules = [("fill", &light, &dark), ("stroke", &light, &dark)];
        rules.map(|(what, light, dark)| format!("  figure [{what}=\"{light}\"] {{ {what}: {dark}; }}\n")).concat()
    };
    theme::tints().into_iter().map(rule).collect::<Vec<_>>().concat()
}

impl Picture {
    fn draw(&self) -> Result<Chart, PaintError> {
        Ok(Chart {
            svg: paint::svg(&self.scene, &self.title)?,
            png: paint::png(&self.scene)?,
            name: self.name.clone(),
            title: self.title.clone(),
            caption: self.caption.clone(),
        })
    }
}

fn pictures(results: &Results<'_>) -> Vec<Picture> {
    let mut pictures = Vec::new();
    pictures.extend(tradeoff::picture(results));
    pictures.extend(latency::picture(results));
    pictures.extend(rate::pictures(results));
    pictures.extend(heatmap::pictures(results));
    pictures.extend(bandwidth::picture(results));
    pictures.extend(timeline::pictures(results));
    for index in 1..pictures.len() {
        let (before, rest) = pictures.split_at_mut(index);
        // Names that differ only in what a file name cannot carry.
        while before.iter().any(|picture| picture.name == rest[0].name) {
            rest[0].name.push_str("-2");
        }
    }
    pictures
}

/// A text as part of a file name: letters, digits, `_`, `.` and `-` stay.
fn slug(text: &str) -> String {
    text.chars().map(|char| if char.is_ascii_alphanumeric() || "._-".contains(char) { char } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::scene::{Anchor, Label, Shape};
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_sweep_gets_every_kind_of_chart() {
        let names: Vec<String> = pictures(&fixture::sweep().results()).into_iter().map(|one| one.name).collect();
        for name in ["tradeoff", "detection-latency", "bandwidth", "timeline-accrual"] {
            assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
        }
        for kind in ["rate-", "map-"] {
            assert_eq!(names.iter().filter(|name| name.starts_with(kind)).count(), 6, "{names:?}");
        }
    }

    #[test]
    fn charts_that_do_not_apply_are_not_made() {
        let names: Vec<String> = pictures(&fixture::plain().results()).into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["tradeoff", "detection-latency"]);
        let empty = fixture::Fixture::of(Vec::new(), Vec::new());
        assert!(pictures(&empty.results()).is_empty());
    }

    #[test]
    fn nothing_is_drawn_outside_the_picture() {
        for picture in pictures(&fixture::sweep().results()) {
            for shape in picture.scene.shapes() {
                for (x, y) in extent(shape) {
                    assert!((0.0..=1200.0).contains(&x) && (0.0..=750.0).contains(&y), "{}: {shape:?}", picture.name);
                }
            }
        }
    }

    #[test]
    fn labels_do_not_overlap() {
        for picture in pictures(&fixture::sweep().results()) {
            let labels: Vec<&Label> = picture
                .scene
                .shapes()
                .iter()
                .filter_map(|shape| if let Shape::Text(label) = shape { Some(label) } else { None })
                .collect();
            for (index, label) in labels.iter().enumerate() {
                for other in &labels[index + 1..] {
                    let (a, b) = (ends(label), ends(other));
                    let apart = a[1].0 <= b[0].0 || b[1].0 <= a[0].0 || a[1].1 <= b[0].1 || b[1].1 <= a[0].1;
                    assert!(apart, "{}: {:?} and {:?}", picture.name, label.text, other.text);
                }
            }
        }
    }

    #[test]
    fn a_picture_is_the_same_twice_and_not_blank() {
        let fixture = fixture::sweep();
        let pictures = pictures(&fixture.results());
        let (first, second) = (pictures[0].draw().unwrap(), pictures[0].draw().unwrap());
        assert_eq!(first.png, second.png);
        assert_eq!(first.svg, second.svg);
        let mut reader = png::Decoder::new(first.png.as_slice()).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((frame.width, frame.height), (1200, 750));
        let mut colours: Vec<&[u8]> = pixels.chunks_exact(3).collect();
        colours.sort_unstable();
        colours.dedup();
        assert!(colours.len() > 200, "{} colours", colours.len());
    }

    #[test]
    fn an_svg_is_as_it_was() {
        let fixture = fixture::recorded();
        let picture = pictures(&fixture.results()).swap_remove(0);
        insta::assert_snapshot!("tradeoff.svg", picture.draw().unwrap().svg);
    }

    #[test]
    fn file_names_are_harmless_and_differ() {
        let mut fixture = fixture::sweep();
        let mut other = fixture.findings.timelines[0].clone();
        fixture.summary.rows[0].detector = "ac/crual".to_owned();
        fixture.summary.rows[25].detector = "ac crual".to_owned();
        other.row = 0;
        fixture.findings.timelines.push(other);
        let names: Vec<String> = timeline::pictures(&fixture.results()).into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["timeline-ac-crual", "timeline-ac-crual"]);
        let all = pictures(&fixture.results());
        assert_eq!(all[all.len() - 1].name, "timeline-ac-crual-2");
    }

    fn extent(shape: &Shape) -> Vec<scene::Point> {
        match shape {
            Shape::Rectangle { from, to, .. } => vec![*from, *to],
            Shape::Line { points, .. } | Shape::Polygon { points, .. } => points.clone(),
            Shape::Disc { centre, radius, .. } => {
                vec![(centre.0 - radius, centre.1 - radius), (centre.0 + radius, centre.1 + radius)]
            }
            Shape::Text(label) => ends(label).to_vec(),
        }
    }

    /// Corners of the box around a text, without the air above and below its letters.
    fn ends(label: &Label) -> [scene::Point; 2] {
        let width = paint::text_width(&label.text, label.size, label.bold);
        let before = match label.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        };
        let (x, y) = label.at;
        if label.upright {
            [(x - label.size * 0.75, y + before - width), (x, y + before)]
        } else {
            [(x - before, y - label.size * 0.75), (x - before + width, y)]
        }
    }
}
