//! Pure functions from results to bytes: tables, CSV, JSON, charts, HTML, JUnit and Markdown.
//!
//! Nothing here runs a simulation, opens a file or reads a clock. What comes out depends on what comes in and on nothing
//! else, so that a rerun gives the same bytes: no time, host, path or number of threads appears anywhere.

pub mod chart;
pub mod csv;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
mod listing;
pub mod markdown;
mod metric;
pub mod number;
mod sweep;
pub mod table;
mod text;
pub mod verdict;

#[cfg(test)]
mod fixture;

pub use self::chart::PaintError;
use crate::analysis::Summary;
use crate::experiment::Findings;
use crate::scenario::Plan;

/// Everything that a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    /// What was asked.
    pub plan: &'a Plan,
    /// What was found, as records.
    pub findings: &'a Findings,
    /// What was found, as estimates.
    pub summary: &'a Summary,
}

/// What goes into a results folder beside the files that are always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderOptions {
    /// Whether to draw charts.
    pub charts: bool,
    /// Whether to write `transitions.csv`.
    pub transitions: bool,
}

/// All files of a results folder: their paths within it, with `/` between parts, and their bytes.
///
/// # Errors
/// Where the chart library fails, which drawing into memory gives no cause for.
pub fn folder(results: &Results<'_>, options: FolderOptions) -> Result<Vec<(String, Vec<u8>)>, PaintError> {
    let charts = if options.charts { chart::draw(results)? } else { Vec::new() };
    let (false_positives, detections) = (csv::false_positives(results), csv::detections(results));
    let left_out = json::LeftOut {
        false_positives: false_positives.left_out,
        detections: detections.left_out,
        transitions: results.findings.transitions_left_out,
    };
    let mut files = vec![
        ("manifest.json".to_owned(), json::manifest(results, &left_out)),
        ("summary.csv".to_owned(), csv::summary(results)),
        ("summary.json".to_owned(), json::summary(results, &left_out)),
        ("trials.csv".to_owned(), csv::trials(results)),
        ("false_positives.csv".to_owned(), false_positives.bytes),
        ("detections.csv".to_owned(), detections.bytes),
    ];
    if options.transitions {
        files.push(("transitions.csv".to_owned(), csv::transitions(results)));
    }
    files.push(("report.html".to_owned(), html::render(results, &charts).into_bytes()));
    for chart in charts {
        files.push((format!("charts/{}.svg", chart.name), chart.svg.into_bytes()));
        files.push((format!("charts/{}.png", chart.name), chart.png));
    }
    Ok(files)
}

impl<'a> Results<'a> {
    /// Trials and seed.
    fn run(&self) -> String {
        let trials = match self.summary.trials {
            1 => "1 trial".to_owned(),
            trials => format!("{trials} trials"),
        };
        format!("{trials}, seed {}", self.plan.seed)
    }

    /// How many rows there are.
    fn count(&self) -> String {
        match self.summary.rows.len() {
            1 => "1 row".to_owned(),
            rows => format!("{rows} rows"),
        }
    }

    /// One line about the run, for the heads of charts.
    fn subtitle(&self) -> String {
        format!("{} · {}", self.plan.name, self.run())
    }

    /// What the reader should know: of the plan and of the estimates.
    fn remarks(&self) -> impl Iterator<Item = &'a str> {
        self.plan.remarks.iter().chain(&self.summary.remarks).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_the_files_of_the_contract() {
        let fixture = fixture::recorded();
        let files = folder(&fixture.results(), FolderOptions { charts: true, transitions: true }).unwrap();
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let always =
            ["manifest.json", "summary.csv", "summary.json", "trials.csv", "false_positives.csv", "detections.csv"];
        assert_eq!(names[..6], always);
        assert_eq!(names[6..10], ["transitions.csv", "report.html", "charts/tradeoff.svg", "charts/tradeoff.png"]);
        let bare = folder(&fixture.results(), FolderOptions { charts: false, transitions: false }).unwrap();
        assert_eq!(bare.len(), 7);
        assert!(files.iter().all(|(_, bytes)| !bytes.is_empty()));
    }

    #[test]
    fn the_report_needs_no_network_and_escapes_what_people_wrote() {
        let fixture = fixture::sweep();
        let charts = chart::draw(&fixture.results()).unwrap();
        let page = html::render(&fixture.results(), &charts);
        assert!(page.contains("seed = 1 # &lt;script&gt;"));
        assert_eq!(page.matches("<svg").count(), charts.len());
        assert_eq!(page.matches("<script>").count(), 1);
        for reference in ["src=", "href=\"http", "url(", "@import", "<link"] {
            assert!(!page.contains(reference), "{reference}");
        }
    }
}
