//! Charts: from a summary to pictures.
//!
//! One file a question. Each chart answers `None` where it does not apply, builds a [`scene`] otherwise, and knows nothing
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
    use super::*;
    use crate::report::fixture;

    #[test]
    fn write_for_looking() {
        let fixture = fixture::sweep();
        for chart in draw(&fixture.results()).unwrap() {
            std::fs::write(format!("/tmp/report/out/{}.png", chart.name), &chart.png).unwrap();
            std::fs::write(format!("/tmp/report/out/{}.svg", chart.name), &chart.svg).unwrap();
        }
    }
}
