//! The table on the terminal: at most 100 columns, what matters first.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::Results;
use super::listing::{self, Line, NUMBERS};
use super::sweep::{Sweep, detectors, title};
use super::text::{COLUMNS, hanging, shortened, shortened_settings, width, wrapped};

/// What goes around the table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'a> {
    /// Whether to use colour and bold.
    pub colour: bool,
    /// Where the charts lie; `None`: there are none.
    pub charts: Option<&'a str>,
    /// Where the report lies; `None`: there is none.
    pub report: Option<&'a str>,
}

/// Widths of the columns that hold numbers, in their order.
const CAPS: [usize; 5] = [9, 9, 20, 20, 11];
/// Columns of numbers that are set flush right: those without an interval.
const RIGHT: [usize; 3] = [0, 1, 4];
/// Least width of the column of settings.
const LEAST: usize = 14;
/// Columns between two cells.
const GAP: usize = 2;

/// The results as text for a terminal.
#[must_use]
pub fn render(results: &Results<'_>, surroundings: Surroundings<'_>) -> String {
    let lines = listing::lines(results);
    let mut out = heading(results);
    out.push(String::new());
    out.extend(body(results, &lines, surroundings.colour));
    out.push(String::new());
    out.extend(notes(results, &lines));
    let places = [("Charts", surroundings.charts), ("Report", surroundings.report)];
    let places: Vec<String> =
        places.iter().filter_map(|(what, place)| Some(format!("{what}: {}", (*place)?))).collect();
    if !places.is_empty() {
        out.push(String::new());
        // A path must stay whole, to be copied: it may be longer than a line.
        out.extend(places);
    }
    out.join("\n") + "\n"
}

fn heading(results: &Results<'_>) -> Vec<String> {
    let summary = results.plan.summary.trim();
    let separator = if summary.is_empty() { "" } else { ": " };
    let mut lines = wrapped(&format!("{}{separator}{summary}", results.plan.name));
    lines.push(format!("{}, {}", results.run(), results.count()));
    lines
}

fn notes(results: &Results<'_>, lines: &[Line<'_>]) -> Vec<String> {
    let mut notes = Vec::new();
    let mark = if listing::marked(lines) { "*" } else { "" };
    for (index, text) in listing::legend(results, lines).iter().enumerate() {
        notes.extend(hanging(if index == 0 { mark } else { "" }, text, 2));
    }
    notes.extend(listing::left_out(results, lines).iter().flat_map(|text| hanging("", text, 2)));
    let causes = listing::causes(results);
    if !causes.is_empty() {
        notes.push(String::new());
        notes.push("Causes of false positives:".to_owned());
        for (detector, causes) in causes {
            notes.extend(hanging("", &format!("{detector}: {causes}"), 2));
        }
    }
    let (remarks, more) = listing::remarks(results);
    if !remarks.is_empty() {
        notes.push(String::new());
        notes.extend(remarks.iter().flat_map(|remark| hanging("note:", remark, 6)));
    }
    if more > 0 {
        notes.push(format!("note: {more} more remarks are in summary.json and in the report"));
    }
    notes
}

/// How rows are told apart: by a column of names, or by a heading over each detector's rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Named,
    Grouped,
}

fn body(results: &Results<'_>, lines: &[Line<'_>], colour: bool) -> Vec<String> {
    let names = detectors(results.summary);
    let swept = !results.summary.axes.is_empty();
    let layout = if swept { Layout::Grouped } else { Layout::Named };
    let columns = listing::columns(lines);
    let mut rows: Vec<Vec<String>> = lines.iter().map(|line| cells(results, line, layout, &columns)).collect();
    let mut header = header(results, layout, &columns);
    fit(&mut header, &mut rows, results, &columns);
    if !listing::marked(lines) {
        header.remove(0);
        for row in &mut rows {
            row.remove(0);
        }
    }
    let height = header.iter().map(|cell| cell.lines().count()).max().unwrap_or(1);
    let mut printed = print(&header, &rows, &columns).into_iter();
    let mut out: Vec<String> = printed.by_ref().take(height).map(|line| styled(line, colour, BOLD)).collect();
    let mut last = "";
    for (line, printed) in lines.iter().zip(printed) {
        if layout == Layout::Grouped && line.row.detector != last {
            last = &line.row.detector;
            let kind = names.iter().find(|(name, _)| *name == last).map_or("", |(_, kind)| kind);
            out.push(styled(shortened(&title(last, kind), COLUMNS), colour, BOLD));
        }
        out.push(styled(printed, colour && line.row.not_dominated, GREEN));
    }
    out
}

const BOLD: &str = "\u{1b}[1m";
const GREEN: &str = "\u{1b}[32m";

fn styled(line: String, colour: bool, code: &str) -> String {
    if colour { format!("{code}{line}\u{1b}[0m") } else { line }
}

/// The header: a mark, what tells rows apart, and the numbers.
fn header(results: &Results<'_>, layout: Layout, columns: &[usize]) -> Vec<String> {
    let sweep = Sweep::of(results.summary);
    let mut header = vec![String::new()];
    match layout {
        Layout::Named => header.push("detector".to_owned()),
        Layout::Grouped => {
            header.extend(sweep.world_axes().map(|axis| sweep.short(axis).to_owned()));
            header.push("setting".to_owned());
        }
    }
    let in_two_lines = |name: &str| name.replace(" p", "\np");
    header.extend(columns.iter().map(|&column| in_two_lines(NUMBERS[column])));
    header
}

fn cells(results: &Results<'_>, line: &Line<'_>, layout: Layout, columns: &[usize]) -> Vec<String> {
    let mut cells = vec![if line.row.not_dominated { "*" } else { "" }.to_owned()];
    match layout {
        Layout::Named => cells.push(title(&line.row.detector, line.row.kind)),
        Layout::Grouped => {
            let (world, own) = listing::settings(results, line.row);
            cells.extend(world);
            cells.push(own);
        }
    }
    cells.extend(columns.iter().map(|&column| line.numbers[column].clone()));
    cells
}

/// Shortens cells until a line fits. Where the axes of the world leave too little room, all settings share one column.
fn fit(header: &mut Vec<String>, rows: &mut [Vec<String>], results: &Results<'_>, columns: &[usize]) {
    let names = header.len() - columns.len() - 1;
    for row in rows.iter_mut() {
        for (cell, &column) in row[names + 1..].iter_mut().zip(columns) {
            *cell = shortened(cell, CAPS[column]);
        }
    }
    let wide = |index: usize| {
        let rows = rows.iter().map(|row| width(&row[index]));
        rows.chain(header[index].lines().map(width)).max().unwrap_or(0) + GAP
    };
    let numbers: usize = (names + 1..header.len()).map(wide).sum();
    let room = COLUMNS - numbers - 1 - GAP;
    let worlds: usize = (1..names).map(wide).sum();
    if worlds + LEAST + GAP <= room {
        shorten_column(header, rows, names, room - worlds - GAP);
        return;
    }
    // All settings in one text: `interval 1s, after 3s`.
    let sweep = Sweep::of(results.summary);
    let lines = listing::lines(results);
    for (row, line) in rows.iter_mut().zip(&lines) {
        row.splice(1..=names, [sweep.settings(line.row)]);
    }
    header.splice(1..=names, ["setting".to_owned()]);
    shorten_column(header, rows, 1, room - GAP);
}

fn shorten_column(header: &mut [String], rows: &mut [Vec<String>], column: usize, room: usize) {
    header[column] = shortened(&header[column], room);
    for row in rows {
        row[column] = shortened_settings(&row[column], room);
    }
}

/// The header in one line or two, then a line for each row.
fn print(header: &[String], rows: &[Vec<String>], columns: &[usize]) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.iter().map(String::as_str));
    for row in rows {
        table.add_row(row.iter().map(String::as_str));
    }
    for index in 0..header.len() {
        if let Some(column) = table.column_mut(index) {
            column.set_padding((0, if index + 1 == header.len() { 0 } else { 2 }));
            let number = (index + columns.len()).checked_sub(header.len()).map(|place| columns[place]);
            if number.is_some_and(|number| RIGHT.contains(&number)) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::{Estimate, Method, Row};
    use crate::report::fixture::{self, Fixture};
    use crate::report::metric;

    #[test]
    fn a_sweep_is_grouped_and_shortened() {
        let places = Surroundings {
            colour: false,
            charts: Some("results/wan-quickstart/charts/"),
            report: Some("results/wan-quickstart/report.html"),
        };
        insta::assert_snapshot!(render(&fixture::sweep().results(), places));
    }

    #[test]
    fn detectors_without_a_sweep_are_named() {
        insta::assert_snapshot!(render(&fixture::plain().results(), Surroundings::default()));
    }

    #[test]
    fn colour_is_only_there_when_asked_for() {
        let fixture = fixture::plain();
        let plain = render(&fixture.results(), Surroundings::default());
        let coloured = render(&fixture.results(), Surroundings { colour: true, ..Surroundings::default() });
        assert!(!plain.contains('\u{1b}'));
        assert_eq!(coloured.replace(GREEN, "").replace(BOLD, "").replace("\u{1b}[0m", ""), plain);
        assert!(coloured.contains(GREEN));
    }

    fn estimate() -> impl Strategy<Value = Estimate> {
        let end = || {
            prop_oneof![
                Just(None),
                Just(Some(0.0)),
                (-300.0..300.0f64).prop_map(|power| Some(crate::num::pow(10.0, power)))
            ]
        };
        (end(), end(), end()).prop_map(|(value, low, high)| Estimate {
            value,
            low,
            high,
            n: 8,
            method: Method::Jackknife,
            at_least: low,
            at_most: high,
        })
    }

    fn row(axes: usize) -> impl Strategy<Value = Row> {
        let parameters = prop::collection::vec(prop::option::of("[a-z0-9]{0,30}"), axes);
        let name = prop_oneof!["[a-z-]{1,8}", "[a-z-]{90,130}", "心{20,80}"];
        (name, parameters, prop::collection::vec(estimate(), 5), any::<bool>()).prop_map(
            |(detector, parameters, estimates, not_dominated)| {
                let keys = [
                    metric::DETECTION_P50,
                    metric::DETECTION_P99,
                    metric::CLUSTER_ALARMS,
                    metric::CLUSTER_MISTAKES,
                    metric::BANDWIDTH,
                ];
                let estimates = keys.into_iter().zip(estimates).collect();
                let plain = fixture::plain().summary.rows.swap_remove(0);
                Row { detector, parameters, estimates, not_dominated, ..plain }
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn every_line_fits(
            (axes, rows) in (0usize..7).prop_flat_map(|axes| (Just(axes), prop::collection::vec(row(axes), 1..50))),
            remark in "\\PC{0,300}",
        ) {
            let names = ["heartbeat.interval", "network.loss.bursts.mean-burst", "run.a-rather-long-name-of-an-axis"];
            let axes = (0..axes).map(|axis| names[axis % 3].to_owned()).collect();
            let mut fixture = Fixture::of(axes, rows);
            fixture.summary.remarks = vec![remark];
            for line in render(&fixture.results(), Surroundings::default()).lines() {
                prop_assert!(width(line) <= COLUMNS, "{} columns: {line}", width(line));
            }
        }
    }
}
