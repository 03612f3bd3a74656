//! A scene as SVG text and as PNG bytes, through the backends of plotters.
//!
//! Both formats use the same integer geometry, on a grid of thirds of a pixel, so that they are the same picture; the
//! bitmap is averaged down from three times the size, which smooths its edges without floating point. Letters come from the embedded font:
//! no system library and no system font takes part.

use std::sync::OnceLock;

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    BLACK, Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TextStyle, register_font,
};

use super::scene::{Anchor, Ink, Label, Point, Scene, Shape};
use crate::num::{f64_to_i64, f64_to_u64};

/// Width of every picture, in pixels.
pub(super) const WIDTH: u32 = 1200;
/// Height of every picture, in pixels.
pub(super) const HEIGHT: u32 = 750;

/// Both backends draw at this many times the size. [`averaged`] is written for this number.
const FINE: u32 = 3;
/// The embedded font under the name that SVG viewers read: where DejaVu Sans is missing, its widths are closest.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// What can go wrong inside the chart library. Scenes are drawn into memory, so none of it is expected.
#[derive(Debug, thiserror::Error)]
#[error("failed to draw a chart: {0}")]
pub struct PaintError(String);

fn failed(error: impl std::fmt::Display) -> PaintError {
    PaintError(error.to_string())
}

/// Draws a scene as an SVG document with a title for screen readers.
pub(super) fn svg(scene: &Scene, title: &str) -> Result<String, PaintError> {
    let (width, height) = (WIDTH * FINE, HEIGHT * FINE);
    let mut text = String::new();
    let mut backend = SVGBackend::with_string(&mut text, (width, height));
    paint(scene, &mut backend, Lettering::Viewer)?;
    backend.present().map_err(failed)?;
    drop(backend);
    let fine = format!("<svg width=\"{width}\" height=\"{height}\"");
    let shown = format!("<svg role=\"img\" width=\"{WIDTH}\" height=\"{HEIGHT}\"");
    let title = format!("\n<title>{}</title>\n", crate::report::html::escape(title));
    Ok(text.replacen(&fine, &shown, 1).replacen('\n', &title, 1))
}

/// Draws a scene as the bytes of a PNG file.
pub(super) fn png(scene: &Scene) -> Result<Vec<u8>, PaintError> {
    let (width, height) = (WIDTH * FINE, HEIGHT * FINE);
    let mut fine = vec![u8::MAX; width as usize * height as usize * 3];
    let mut backend = BitMapBackend::with_buffer(&mut fine, (width, height));
    paint(scene, &mut backend, Lettering::Embedded)?;
    backend.present().map_err(failed)?;
    drop(backend);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Default);
    encoder.set_filter(png::FilterType::NoFilter);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&averaged(&fine)).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// The width of a text in pixels, at an em of `size` pixels.
pub(super) fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    // Measured large, because the library gives whole pixels.
    const MEASURED: f64 = 200.0;
    let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
    let measured = font(MEASURED * BITMAP_PER_EM, style).box_size(text).map_or(0, |(width, _)| width);
    f64::from(measured) * size / MEASURED
}

/// Averages the fine bitmap down to the size of the picture.
fn averaged(fine: &[u8]) -> Vec<u8> {
    let fine_row = (WIDTH * FINE * 3) as usize;
    let mut pixels = Vec::with_capacity((WIDTH * HEIGHT * 3) as usize);
    let mut columns = vec![0_u16; fine_row];
    for rows in fine.chunks_exact(fine_row * FINE as usize) {
        // First down the columns, which the compiler turns into wide additions, then along the row.
        columns.fill(0);
        for row in rows.chunks_exact(fine_row) {
            for (sum, &channel) in columns.iter_mut().zip(row) {
                *sum += u16::from(channel);
            }
        }
        for &[r0, g0, b0, r1, g1, b1, r2, g2, b2] in columns.as_chunks::<9>().0 {
            pixels.extend([r0 + r1 + r2, g0 + g1 + g2, b0 + b1 + b2].map(|sum| ((sum + 4) / 9).to_le_bytes()[0]));
        }
    }
    pixels
}

/// Who draws the letters, which decides what a font size and a position mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lettering {
    /// The viewer of an SVG.
    Viewer,
    /// The library, from the embedded font, into a bitmap.
    Embedded,
}

/// The library's size of a font whose em is one pixel, in a bitmap: ascent and descent of DejaVu Sans together.
const BITMAP_PER_EM: f64 = 1.164;
/// The same in an SVG, where the library divides by this.
const SVG_PER_EM: f64 = 1.24;

impl Lettering {
    fn size(self, em: f64) -> f64 {
        em * match self {
            Self::Viewer => SVG_PER_EM,
            Self::Embedded => BITMAP_PER_EM,
        }
    }

    /// The library's position of a text, and how far above the baseline it lies.
    fn anchor(self, em: f64) -> (VPos, f64) {
        match self {
            // Written as dy = 0.5 ex; the x-height of DejaVu Sans is 0.547 em.
            Self::Viewer => (VPos::Center, em * 0.547 / 2.0),
            // The top of the box; glyphs are drawn half the size below it.
            Self::Embedded => (VPos::Top, self.size(em) / 2.0),
        }
    }
}

fn paint<Backend: DrawingBackend>(
    scene: &Scene,
    backend: &mut Backend,
    lettering: Lettering,
) -> Result<(), PaintError> {
    for shape in scene.shapes() {
        match shape {
            Shape::Rectangle { from, to, ink } => {
                backend.draw_rect(place(*from), place(*to), &colour(*ink), true).map_err(failed)?;
            }
            Shape::Polygon { points, ink } => {
                backend.fill_polygon(points.iter().map(|&point| place(point)), &colour(*ink)).map_err(failed)?;
            }
            Shape::Disc { centre, radius, ink } => {
                backend.draw_circle(place(*centre), pixels(*radius), &colour(*ink), true).map_err(failed)?;
            }
            Shape::Line { points, ink, width } => line(backend, points, *ink, *width, lettering)?,
            Shape::Text(label) => text(backend, label, lettering)?,
        }
    }
    Ok(())
}

fn line<Backend: DrawingBackend>(
    backend: &mut Backend,
    points: &[Point],
    ink: Ink,
    width: f64,
    lettering: Lettering,
) -> Result<(), PaintError> {
    if lettering == Lettering::Viewer {
        let style = ShapeStyle { color: colour(ink).to_rgba(), filled: false, stroke_width: pixels(width) };
        return backend.draw_path(points.iter().map(|&point| place(point)), &style).map_err(failed);
    }
    // The bitmap backend cuts the outline of a thick line to whole pixels, and lets it cross itself at sharp turns: a
    // band for each segment, with round joints, does neither.
    for (index, pair) in points.windows(2).enumerate() {
        backend.fill_polygon(band(pair[0], pair[1], width), &colour(ink)).map_err(failed)?;
        if index > 0 && width > 1.5 {
            backend.draw_circle(place(pair[0]), pixels(width / 2.0), &colour(ink), true).map_err(failed)?;
        }
    }
    Ok(())
}

/// The corners of a segment of some width.
fn band(from: Point, to: Point, width: f64) -> [(i32, i32); 4] {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let scale = width / 2.0 / (dx * dx + dy * dy).sqrt().max(1e-9);
    let (across, up) = (dy * scale, -dx * scale);
    [
        place((from.0 + across, from.1 + up)),
        place((to.0 + across, to.1 + up)),
        place((to.0 - across, to.1 - up)),
        place((from.0 - across, from.1 - up)),
    ]
}

fn text<Backend: DrawingBackend>(backend: &mut Backend, label: &Label, lettering: Lettering) -> Result<(), PaintError> {
    let em = label.size * f64::from(FINE);
    let style = if label.bold { FontStyle::Bold } else { FontStyle::Normal };
    let (vertical, above) = lettering.anchor(em);
    let horizontal = match label.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let (mut x, mut y) = place(label.at);
    let mut font = font(lettering.size(em), style);
    if label.upright {
        font = font.transform(FontTransform::Rotate270);
        x -= whole(above);
    } else {
        y -= whole(above);
    }
    let ink = colour(label.ink);
    let style = TextStyle::from(font).color(&ink).pos(Pos::new(horizontal, vertical));
    backend.draw_text(&label.text, &style, (x, y)).map_err(failed)
}

fn font(size: f64, style: FontStyle) -> FontDesc<'static> {
    static REGISTERED: OnceLock<()> = OnceLock::new();
    REGISTERED.get_or_init(|| {
        // A font that does not parse leaves the name unknown, and drawing then answers with an error.
        let _ = register_font(FAMILY, FontStyle::Normal, include_bytes!("../font/DejaVuSans-subset.ttf"));
        let _ = register_font(FAMILY, FontStyle::Bold, include_bytes!("../font/DejaVuSans-Bold-subset.ttf"));
    });
    FontDesc::new(FontFamily::Name(FAMILY), size, style).color(&BLACK).font
}

fn colour(ink: Ink) -> RGBColor {
    RGBColor(ink.0, ink.1, ink.2)
}

/// A point on the fine grid.
fn place(point: Point) -> (i32, i32) {
    (whole(point.0 * f64::from(FINE)), whole(point.1 * f64::from(FINE)))
}

fn whole(value: f64) -> i32 {
    i32::try_from(f64_to_i64(value.round())).unwrap_or(0)
}

/// A length on the fine grid, at least one.
fn pixels(length: f64) -> u32 {
    u32::try_from(f64_to_u64((length * f64::from(FINE)).round())).unwrap_or(1).max(1)
}
