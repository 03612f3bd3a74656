//! The page: what was asked, what was found, why, and how far it can be trusted.

use super::{escape, put, results_table};
use crate::model::Traffic;
use crate::num::u64_to_f64;
use crate::report::chart::{self, Chart};
use crate::report::sweep::{detectors, title};
use crate::report::{Results, number};
use crate::rng::DRAWS_VERSION;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// Colours of the bars of causes: those of the charts, darkest first.
const COLOURS: [&str; 8] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a8794", "#4b5563"];

/// Longer tables start with the rows that are not shown dominated.
const LONG: usize = 40;

/// The whole document.
pub(super) fn render(results: &Results<'_>, charts: &[Chart]) -> String {
    let name = escape(&results.plan.name);
    let parts = [
        head(results),
        nav(charts),
        overview(charts),
        found(results),
        pictures(charts.get(1..).unwrap_or_default()),
        causes(results),
        remarks(results),
        method(results),
        scenario(results),
    ];
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'\">\n\
         <title>{name} · Systole</title>\n<style>\n{STYLE}@media (prefers-color-scheme: dark) {{\n{}}}\n</style>\n</head>\n<body>\n{}\
         <script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        chart::dark_tints(),
        parts.concat()
    )
}

fn head(results: &Results<'_>) -> String {
    let rows = results.summary.rows.len();
    let facts = [
        ("trials", results.summary.trials.to_string()),
        ("seed", results.plan.seed.to_string()),
        ("rows", rows.to_string()),
        ("systole", env!("CARGO_PKG_VERSION").to_owned()),
        ("draws", format!("version {DRAWS_VERSION}")),
        ("scenario hash", results.plan.hash.clone()),
    ];
    let mut list = String::new();
    for (name, fact) in &facts {
        put(&mut list, format_args!("<div><dt>{name}</dt><dd>{}</dd></div>", escape(fact)));
    }
    format!(
        "<header><p class=\"tool\">Systole report</p><h1>{}</h1>\n<p>{}</p>\n<dl class=\"facts\">{list}</dl></header>\n",
        escape(&results.plan.name),
        escape(&results.plan.summary)
    )
}

fn nav(charts: &[Chart]) -> String {
    let charts = if charts.len() < 2 { "" } else { "<a href=\"#charts\">Charts</a>" };
    format!(
        "<nav><a href=\"#results\">Results</a>{charts}<a href=\"#causes\">Causes</a><a href=\"#remarks\">Remarks</a>\
         <a href=\"#method\">Method and limits</a><a href=\"#scenario\">Scenario</a></nav>\n<main>\n"
    )
}

/// The first chart stands before the table: it is the answer at a glance.
fn overview(charts: &[Chart]) -> String {
    charts.first().map_or_else(String::new, |chart| format!("<section id=\"overview\">\n{}</section>\n", figure(chart)))
}

fn figure(chart: &Chart) -> String {
    format!("<figure>{}<figcaption>{}</figcaption></figure>\n", chart.svg, escape(&chart.caption))
}

fn found(results: &Results<'_>) -> String {
    format!(
        "<section id=\"results\"><h2>Results</h2>\n<p>★ marks rows that are not shown dominated: no other row is shown \
         to be at least as good in detection p99, false positives and bandwidth, and better in one. Small figures are \
         95 % intervals, each row by itself; <b>&lt;</b> is an upper bound where nothing was seen, <b>&gt;</b> the longest \
         follow-up where a percentile was not reached. Click a heading to sort.</p>\n\
         <label class=\"only\"><input type=\"checkbox\" id=\"only\"{checked}> only rows that are not shown dominated</label>\n{}</section>\n",
        results_table::render(results),
        checked = if results.summary.rows.len() > LONG { " checked" } else { "" },
    )
}

fn pictures(charts: &[Chart]) -> String {
    if charts.is_empty() {
        return String::new();
    }
    let figures: String = charts.iter().map(figure).collect();
    format!("<section id=\"charts\"><h2>Charts</h2>\n{figures}</section>\n")
}

/// Why there were false positives: a bar for each detector, over all its rows.
fn causes(results: &Results<'_>) -> String {
    let mut lines = String::new();
    for (name, kind) in detectors(results.summary) {
        let (shares, explained) = crate::report::listing::cause_shares(results, name);
        if explained == 0 {
            continue;
        }
        let shares: Vec<(&str, f64)> =
            shares.into_iter().map(|(cause, weight)| (cause, weight / u64_to_f64(explained))).collect();
        let (mut bar, mut words) = (String::new(), Vec::new());
        for ((cause, share), colour) in shares.iter().zip(COLOURS.iter().cycle()) {
            put(&mut bar, format_args!("<span style=\"width:{:.2}%;background:{colour}\"></span>", share * 100.0));
            let percent = escape(&number::part(*share));
            words.push(format!("<span style=\"color:{colour}\">■</span> {} {percent}", escape(cause)));
        }
        put(
            &mut lines,
            format_args!(
                "<tr><td>{}</td><td class=\"number\">{explained}</td><td><div class=\"bar\">{bar}</div></td><td>{}</td></tr>\n",
                escape(&title(name, kind)),
                words.join(", ")
            ),
        );
    }
    let table = if lines.is_empty() {
        "<p>No false positive was seen.</p>\n".to_owned()
    } else {
        format!(
            "<div class=\"scroll\"><table class=\"causes\"><thead><tr><th>detector</th><th class=\"number\">explained</th>\
             <th>shares</th><th>causes</th></tr></thead><tbody>\n{lines}</tbody></table></div>\n"
        )
    };
    format!(
        "<section id=\"causes\"><h2>Why living nodes were accused</h2>\n<p>The but-for rule: a kind of trouble is a cause \
         if the mistake would not have happened without it. Where several kinds work together the share is split evenly \
         over the orders in which they could be removed (Shapley). <i>threshold</i>: no removal prevents it, the limit \
         lies inside the normal spread of arrivals.</p>\n{table}</section>\n"
    )
}

fn remarks(results: &Results<'_>) -> String {
    let mut items = String::new();
    for remark in results.remarks() {
        put(&mut items, format_args!("<li>{}</li>\n", escape(remark)));
    }
    let list = if items.is_empty() { "<p>None.</p>\n".to_owned() } else { format!("<ul>\n{items}</ul>\n") };
    format!("<section id=\"remarks\"><h2>Remarks</h2>\n{list}</section>\n")
}

fn method(results: &Results<'_>) -> String {
    let plan = results.plan;
    format!(
        "<section id=\"method\"><h2>Method and limits</h2>\n<ul>\n\
         <li>{origin} All detectors and settings of a world listen to the same heartbeats, so their differences are not \
         luck of the draw.</li>\n\
         <li>Detection latency counts from the crash to the suspicion that lasts, by Kaplan-Meier: crashes that were not \
         detected before the restart or the end are kept as censored, so slow detections do not vanish from a percentile.</li>\n\
         <li>A false positive is a suspicion that begins while the node lives, the path is not cut and the monitor had \
         settled on trust. A cluster alarm is a time in which at least one node is wrongly suspected: an outage that every \
         monitor sees is one alarm, and so are outages less than {gap} apart.</li>\n\
         <li>Intervals are two-sided 95 %. Their units are independent groups of pairs in each trial, never single \
         mistakes, because mistakes come in bursts. They hold for each row by itself: the best of many rows looks better \
         than it is.</li>\n\
         <li>Zero is never an estimate. Where nothing was seen, the figure is the upper bound that the simulated time \
         supports; it is a bound for incidents, of which one may hold several mistakes.</li>\n\
         <li>The answers are those of the model: delays, losses and faults that the scenario does not have, the results \
         do not have either. No tail is extrapolated beyond it.</li>\n</ul>\n\
         <h3>Run it again</h3>\n<p>Save the scenario below as <code>scenario.toml</code>, beside the files that it names, \
         and run</p>\n<pre>systole run scenario.toml</pre>\n\
         <p>Systole {version} with draws of version {DRAWS_VERSION}, seed {seed} and this scenario (hash <code>{hash}</code>) \
         gives the same bytes on every machine, with any number of threads.</p>\n</section>\n",
        origin = origin(results),
        gap = plan.output.merge_gap,
        version = env!("CARGO_PKG_VERSION"),
        seed = plan.seed,
        hash = escape(&plan.hash),
    )
}

/// Where the figures come from.
fn origin(results: &Results<'_>) -> String {
    let recorded = results.plan.worlds.iter().any(|world| matches!(world.world.traffic, Traffic::Recorded { .. }));
    match (recorded, results.summary.trials) {
        (true, _) => "Every figure comes from recorded arrivals, replayed to each detector.".to_owned(),
        (false, 1) => {
            "Every figure comes from 1 trial of a discrete-event simulation of the scenario below.".to_owned()
        }
        (false, trials) => {
            format!("Every figure comes from {trials} trials of a discrete-event simulation of the scenario below.")
        }
    }
}

fn scenario(results: &Results<'_>) -> String {
    format!(
        "<section id=\"scenario\"><h2>Scenario</h2>\n<pre>{}</pre></section>\n</main>\n",
        escape(results.plan.source.trim_end())
    )
}
