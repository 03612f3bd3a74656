//! `systole metrics`: every metric with its unit and definition.

use comfy_table::{ContentArrangement, Table, presets};

use super::exit::{Exit, Outcome};
use super::terminal;
use crate::analysis::metric::METRICS;

/// Columns of the terminal that the table may use.
const WIDTH: u16 = 100;

/// Prints the table of metrics: names as limits write them, in the order of `summary.csv`.
pub(super) fn metrics() -> Outcome {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(["metric", "unit", "meaning"]);
    for metric in &METRICS {
        table.add_row([metric.limit_name(), metric.unit.column_unit(), metric.definition]);
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim().to_owned()).collect();
    terminal::print(format!("{}\n", lines.join("\n")))?;
    Ok(Exit::Done)
}
