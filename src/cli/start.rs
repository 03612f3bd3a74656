//! What helps to write a scenario: `systole new`, `schema` and `metrics`.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use comfy_table::{ContentArrangement, Table, presets};

use super::args::New;
use super::exit::{Exit, Failure, Outcome, reason};
use super::terminal;
use crate::analysis::metric::METRICS;
use crate::scenario::{schema as json_schema, template};

/// Columns of the terminal that the table of metrics may use.
const WIDTH: u16 = 100;
/// The name that the template bears.
const TEMPLATE_NAME: &str = "name = \"my-cluster\"";

/// Prints a commented scenario, or writes it to a file that does not exist yet.
pub(super) fn new(arguments: &New) -> Outcome {
    match &arguments.name {
        None => terminal::print(template())?,
        Some(name) => {
            let path = scenario_file(name);
            write_new(&path, &named_template(&path))?;
            let file = terminal::quoted(&path.display().to_string());
            terminal::say(format_args!("wrote {file}; run it with `systole run {file}`"));
        }
    }
    Ok(Exit::Done)
}

/// `wan` and `wan.toml` both mean the file `wan.toml`.
fn scenario_file(name: &Path) -> PathBuf {
    if name.extension().is_some_and(|extension| extension == "toml") {
        return name.to_owned();
    }
    let mut file = name.as_os_str().to_owned();
    file.push(".toml");
    PathBuf::from(file)
}

/// The template under the name of its file.
fn named_template(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    template().replacen(TEMPLATE_NAME, &format!("name = \"{}\"", as_name(&stem, "my-cluster")), 1)
}

/// A file's stem as a name of a scenario: what a name may not have becomes a hyphen.
pub(super) fn as_name(stem: &str, otherwise: &str) -> String {
    const LONGEST: usize = 64;
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let mapped: String = stem.to_lowercase().chars().map(|c| if allowed(c) { c } else { '-' }).take(LONGEST).collect();
    let name = mapped.trim_start_matches(['-', '_']).trim_end_matches('-');
    if name.is_empty() || name == "all" { otherwise.to_owned() } else { name.to_owned() }
}

/// Writes a file that must not exist yet.
fn write_new(path: &Path, text: &str) -> Outcome<()> {
    let shown = path.display();
    let written =
        OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Failure::io(format_args!("`{shown}` exists and is left alone"), "choose another name, or remove it first")
        }
        _ => Failure::io(format_args!("cannot write `{shown}`: {}", reason(&error)), "choose another place"),
    })
}

/// Prints the JSON Schema of scenarios.
pub(super) fn schema() -> Outcome {
    terminal::print(json_schema())?;
    Ok(Exit::Done)
}

/// Prints the table of metrics: names as limits write them, in the order of `summary.csv`.
pub(super) fn metrics() -> Outcome {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(["metric", "unit", "meaning"]);
    for metric in &METRICS {
        table.add_row([metric.limit_name(), metric.unit.column_unit(), metric.definition]);
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    terminal::print(format!("{}\n", lines.join("\n")))?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_takes_the_name_of_its_file() {
        assert!(template().contains(TEMPLATE_NAME));
        assert!(named_template(Path::new("scenarios/My WAN.toml")).contains("name = \"my-wan\"\n"));
    }

    #[test]
    fn any_stem_becomes_a_name() {
        let named =
            ["trace", "My.Trace 1", "--x_-", "all", "", "é", &"a".repeat(70)].map(|stem| as_name(stem, "trace"));
        assert_eq!(named[..6], ["trace", "my-trace-1", "x_", "trace", "trace", "trace"]);
        assert_eq!(named[6].len(), 64);
    }

    #[test]
    fn the_ending_may_be_left_out() {
        let files = ["wan", "wan.toml", "a/wan.v2"].map(|name| scenario_file(Path::new(name)));
        assert_eq!(files, ["wan.toml", "wan.toml", "a/wan.v2.toml"].map(PathBuf::from));
    }
}
