//! `report.html`: everything in one file that opens with the network off.
//!
//! Charts are inlined as SVG, the style and the small script too; a content policy forbids everything else.

mod page;
mod results_table;

use super::Results;
use super::chart::Chart;

/// The report of a run, with the charts that were drawn.
#[must_use]
pub fn render(results: &Results<'_>, charts: &[Chart]) -> String {
    page::render(results, charts)
}

/// Adds formatted text to a page.
fn put(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.push_str(&text.to_string());
}

/// A text as part of an HTML or XML document.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Characters that XML does not have.
            char if char.is_control() && !matches!(char, '\n' | '\t' | '\r') => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
