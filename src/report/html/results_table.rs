//! The table of all rows, sortable by every column.

use super::{escape, put};
use crate::analysis::metric::METRICS;
use crate::analysis::{Estimate, Row};
use crate::report::metric::{
    BANDWIDTH, CLUSTER_ALARMS, CLUSTER_MISTAKES, DETECTED_SHARE, DETECTION_P50, DETECTION_P99, FALSE_POSITIVE_RATE,
};
use crate::report::sweep::{Sweep, by_detector, estimate, title, value};
use crate::report::{Results, human, number};

/// A column of numbers: its metric, its heading, and how a value is written.
struct Column {
    metric: &'static str,
    heading: &'static str,
    value: fn(Option<&Estimate>) -> String,
    end: fn(f64) -> String,
}

fn seconds(value: f64) -> String {
    number::span(value, 3)
}

fn bytes(value: f64) -> String {
    number::byte_rate(value, 3)
}

fn rate(value: f64) -> String {
    number::count(value, 2)
}

fn share(estimate: Option<&Estimate>) -> String {
    estimate.and_then(|estimate| estimate.value).map_or_else(|| "–".to_owned(), number::share)
}

const COLUMNS: [Column; 7] = [
    Column { metric: DETECTION_P50, heading: "detection p50", value: human::latency, end: seconds },
    Column { metric: DETECTION_P99, heading: "detection p99", value: human::latency, end: seconds },
    Column { metric: CLUSTER_ALARMS, heading: "cluster alarms per 30 days", value: human::rate, end: rate },
    Column { metric: CLUSTER_MISTAKES, heading: "cluster mistakes per 30 days", value: human::rate, end: rate },
    Column { metric: FALSE_POSITIVE_RATE, heading: "false positives per pair-hour", value: human::rate, end: rate },
    Column { metric: DETECTED_SHARE, heading: "crashes detected", value: share, end: number::share },
    Column { metric: BANDWIDTH, heading: "bandwidth", value: human::byte_rate, end: bytes },
];

/// The table.
pub(super) fn render(results: &Results<'_>) -> String {
    let sweep = Sweep::of(results.summary);
    let worlds: Vec<usize> = sweep.world_axes().collect();
    // One column for the settings of all detectors: an axis of a detector is empty in every other row.
    let own = worlds.len() < results.summary.axes.len();
    let mut out = String::from("<div class=\"scroll\"><table id=\"table\"><thead><tr>");
    let mut head = |text: &str, class: &str, hint: &str| {
        put(
            &mut out,
            format_args!(
                "<th scope=\"col\"{class}><button type=\"button\" title=\"{}\">{}</button></th>",
                escape(hint),
                escape(text)
            ),
        );
    };
    head("★", "", "not shown dominated");
    head("detector", "", "name and kind");
    for &axis in &worlds {
        head(sweep.short(axis), "", sweep.key(axis));
    }
    if own {
        head("setting", "", "what is swept of this detector alone");
    }
    for column in &COLUMNS {
        let definition =
            METRICS.iter().find(|metric| metric.column == column.metric).map_or("", |metric| metric.definition);
        head(column.heading, " class=\"number\"", definition);
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in by_detector(results.summary) {
        out.push_str(&line(sweep, row, &worlds, own));
    }
    out.push_str("</tbody></table></div>\n");
    out
}

fn line(sweep: Sweep<'_>, row: &Row, worlds: &[usize], own: bool) -> String {
    let (class, mark, order) = if row.not_dominated { (" class=\"marked\"", "★", 0) } else { ("", "", 1) };
    let mut out = format!("<tr{class}><td data-value=\"{order}\">{mark}</td>");
    put(&mut out, format_args!("<td>{}</td>", escape(&title(&row.detector, row.kind))));
    for &axis in worlds {
        let text = value(row, axis).unwrap_or("");
        let key = Sweep::number(row, axis).map_or_else(|| text.to_owned(), number::exact);
        put(&mut out, format_args!("<td data-value=\"{}\">{}</td>", escape(&key), escape(text)));
    }
    if own {
        let text = sweep.own_text(row);
        let first = sweep.own_axes(&row.detector).next().and_then(|axis| Sweep::number(row, axis));
        let key = first.map_or_else(|| text.clone(), number::exact);
        put(&mut out, format_args!("<td data-value=\"{}\">{}</td>", escape(&key), escape(&text)));
    }
    for column in &COLUMNS {
        out.push_str(&cell(column, estimate(row, column.metric)));
    }
    out.push_str("</tr>\n");
    out
}

fn cell(column: &Column, estimate: Option<&Estimate>) -> String {
    let key = estimate.and_then(|estimate| estimate.value.or(estimate.high)).map(number::exact).unwrap_or_default();
    let ends = estimate.filter(|estimate| estimate.value.is_some()).and_then(|estimate| {
        let (low, high) = (estimate.low?, estimate.high?);
        Some(format!(" <span class=\"interval\">{}–{}</span>", (column.end)(low), (column.end)(high)))
    });
    let text = escape(&(column.value)(estimate));
    format!("<td class=\"number\" data-value=\"{key}\">{text}{}</td>", ends.unwrap_or_default())
}
