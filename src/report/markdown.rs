//! Results and verdicts as Markdown, for pull requests and wikis.

use super::listing::{self, Line};
use super::sweep::{Sweep, title};
use super::{Results, verdict};
use crate::check::{Outcome, Verdict};

/// The table of results, what its mark means, causes and remarks.
#[must_use]
pub fn summary(results: &Results<'_>) -> String {
    let lines = listing::lines(results);
    let mut out = vec![format!("### {}", escape(&results.plan.name)), String::new()];
    if !results.plan.summary.is_empty() {
        out.push(format!("{}\n", escape(&results.plan.summary)));
    }
    out.push(format!("{}, {}.\n", results.run(), results.count()));
    out.extend(table(results, &lines));
    out.push(String::new());
    let mark = if listing::marked(&lines) { "★ " } else { "" };
    for (index, text) in listing::legend(results, &lines).iter().enumerate() {
        out.push(format!("{}{}\n", if index == 0 { mark } else { "" }, escape(text)));
    }
    out.extend(listing::left_out(results, &lines).map(|text| format!("{}\n", escape(&text))));
    let causes = listing::causes(results);
    if !causes.is_empty() {
        out.push("Causes of false positives:\n".to_owned());
        out.extend(causes.iter().map(|(name, causes)| format!("- {}: {}", escape(name), escape(causes))));
        out.push(String::new());
    }
    let (remarks, more) = listing::remarks(results);
    out.extend(remarks.iter().map(|remark| format!("> {}", escape(remark))));
    if more > 0 {
        out.push(format!("> {more} more remarks are in summary.json and in the report."));
    }
    out.join("\n").trim_end().to_owned() + "\n"
}

fn table(results: &Results<'_>, lines: &[Line<'_>]) -> Vec<String> {
    let sweep = Sweep::of(results.summary);
    let swept = !results.summary.axes.is_empty();
    let (columns, marked) = (listing::columns(lines), listing::marked(lines));
    let mut header = if marked { vec!["", "detector"] } else { vec!["detector"] };
    if swept {
        header.push("setting");
    }
    header.extend(columns.iter().map(|&column| listing::NUMBERS[column]));
    let names = header.len() - columns.len();
    let rule = (0..header.len()).map(|column| if column < names { ":--" } else { "--:" });
    let mut out = vec![row(header.iter().map(|&cell| cell.to_owned())), row(rule.map(str::to_owned))];
    for line in lines {
        let mark = if line.row.not_dominated { "★" } else { "" };
        let mut cells = if marked { vec![mark.to_owned()] } else { Vec::new() };
        cells.push(title(&line.row.detector, line.row.kind));
        if swept {
            cells.push(sweep.settings(line.row));
        }
        cells.extend(columns.iter().map(|&column| line.numbers[column].clone()));
        out.push(row(cells.iter().map(|cell| escape(cell))));
    }
    out
}

fn row(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}

/// The verdict of a check: its outcome first, then a line for each limit.
#[must_use]
pub fn check(scenario: &str, axes: &[String], verdict: &Verdict) -> String {
    let mut out = vec![format!("### {} {}: {}", sign(verdict.outcome), escape(scenario), verdict.outcome.word())];
    out.push(String::new());
    out.push(row(["", "detector", "limit", "found", "why"].map(str::to_owned).into_iter()));
    out.push(row([":--"; 5].map(str::to_owned).into_iter()));
    for judgement in &verdict.judgements {
        let cells = [
            sign(judgement.outcome).to_owned(),
            escape(&verdict::subject(judgement, axes)),
            format!("`{}`", verdict::rule(&judgement.rule).replace('|', "\\|")),
            escape(&verdict::found(judgement)),
            escape(&verdict::why(judgement)),
        ];
        out.push(row(cells.into_iter()));
    }
    let mut rates: Vec<String> = verdict
        .judgements
        .iter()
        .filter_map(|judgement| {
            let subject = verdict::subject(judgement, axes);
            Some(format!("- {}: {}", escape(&subject), escape(&verdict::rates(judgement)?)))
        })
        .collect();
    // Several limits on one row's false positives say the same.
    rates.sort();
    rates.dedup();
    if !rates.is_empty() {
        out.push(String::new());
        out.extend(rates);
    }
    out.join("\n") + "\n"
}

const fn sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✅",
        Outcome::Inconclusive => "❔",
        Outcome::Fail => "❌",
    }
}

/// A text whose characters mean nothing to Markdown or HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        match char {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '~' => {
                escaped.push('\\');
                escaped.push(char);
            }
            '\n' | '\r' | '\u{a0}' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn results_are_a_table() {
        insta::assert_snapshot!("summary.md", summary(&fixture::recorded().results()));
    }

    #[test]
    fn names_cannot_break_the_table() {
        let mut fixture = fixture::plain();
        fixture.summary.rows[0].detector = "a|b *c*\n<d>".to_owned();
        let text = summary(&fixture.results());
        assert!(text.contains("a\\|b \\*c\\* &lt;d&gt;"), "{text}");
    }
}
