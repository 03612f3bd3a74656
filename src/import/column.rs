//! A column of measured spans: the values of an empirical law.

use super::fault::{ImportFault, line_of, quote, reader, text, unreadable};
use crate::units::{Decimal, Span};

/// Nanoseconds of the unit that a column's name ends in.
const UNITS: [(&str, u64); 4] = [("_s", 1_000_000_000), ("_ms", 1_000_000), ("_us", 1_000), ("_ns", 1)];

/// Reads one column of a CSV text with a header, in ascending order. Empty cells are skipped.
///
/// The column's name ends in its unit: `_s`, `_ms`, `_us` or `_ns`.
///
/// # Errors
/// Where the column is missing, its name has no unit, a cell is no number of at least zero, or no cell has a value.
pub fn column(bytes: &[u8], name: &str) -> Result<Vec<Span>, ImportFault> {
    let unit = UNITS.iter().find(|(suffix, _)| name.ends_with(suffix)).ok_or_else(|| {
        ImportFault::whole(
            format!("the column {name:?} does not say its unit"),
            "the name of the column must end in _s, _ms, _us or _ns",
        )
    })?;
    let text = text(bytes);
    let mut lines = reader(text);
    let header = lines.headers().map_err(|error| unreadable(&error))?;
    let index = header.iter().position(|column| column == name).ok_or_else(|| {
        let columns: Vec<&str> = header.iter().collect();
        ImportFault::whole(format!("there is no column {name:?}"), format!("its columns are {}", columns.join(", ")))
    })?;
    let mut spans = Vec::new();
    for record in lines.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let cell = record.get(index).unwrap_or_default();
        if cell.is_empty() {
            continue;
        }
        let nanos = Decimal::parse(cell).ok().and_then(|number| number.times_rounded(unit.1));
        let line = line_of(text, &record);
        spans.push(Span::from_nanos(nanos.ok_or_else(|| not_a_span(line, name, cell))?));
    }
    if spans.is_empty() {
        return Err(ImportFault::whole(format!("the column {name:?} has no values"), "at least one is needed"));
    }
    spans.sort_unstable();
    Ok(spans)
}

fn not_a_span(line: u64, name: &str, cell: &str) -> ImportFault {
    ImportFault::line(
        line,
        format!("{name} is {}", quote(cell)),
        "a plain number of at least zero, without a unit, must stand there",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_sorted_and_in_the_unit_of_the_name() {
        let spans = column(b"a,delay_ms\n1,2.5\n2,\n3,0.001\n", "delay_ms").expect("readable");
        assert_eq!(spans, [Span::from_micros(1), Span::from_micros(2500)]);
        assert_eq!(column(b"rtt_s\n1e-3\n", "rtt_s"), Ok(vec![Span::from_millis(1)]));
    }

    #[test]
    fn faults_name_the_line_or_the_columns() {
        let text = |bytes: &[u8], name: &str| column(bytes, name).expect_err("faulty").to_string();
        assert_eq!(text(b"x_ms\n1\nfast\n", "x_ms"), "line 3: x_ms is \"fast\"");
        assert_eq!(text(b"x_ms\n1\n-2\n", "x_ms"), "line 3: x_ms is \"-2\"");
        assert_eq!(text(b"x_ms,y\n1,2\n3\n", "x_ms"), "line 3: has 1 field, not 2");
        assert_eq!(text(b"x_ms\n", "y_ms"), "there is no column \"y_ms\"");
        assert_eq!(text(b"x\n1\n", "x"), "the column \"x\" does not say its unit");
        assert_eq!(text(b"x_ms\n", "x_ms"), "the column \"x_ms\" has no values");
    }
}
