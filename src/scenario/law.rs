//! Distributions of spans, from the file to the model.

use super::diagnostic::Fault;
use super::keys::{COMPONENT, Key, Keys, Kind, LAWS, MOST_SIGMA};
use super::names::did_you_mean;
use super::refuse::LONGEST;
use super::section::Section;
use super::setting::{Reader, mismatch, unreadable};
use super::shape::{check_keys, check_table};
use super::tree::{Entry, Node, Table, Value};
use crate::model::{Component, Law};
use crate::units::Span;

/// Reads a plain span or one of the laws.
pub(super) fn read(node: &Node, path: &str, reader: &mut Reader<'_>) -> Option<Law> {
    match &node.value {
        Value::Text(text) => match text.parse::<Span>() {
            Ok(span) => within_reason(Law::Constant(span), node, path, reader),
            Err(error) => {
                reader.faults.add(unreadable(text, &error, &Kind::Law, node, path));
                None
            }
        },
        Value::Table(table) => {
            let (key, entry) = one_form(LAWS, table, node, path, "law", reader)?;
            let path = format!("{path}.{}", key.name);
            if key.name == "mixture" {
                let law = mixture(&entry.node, &path, reader)?;
                return within_reason(law, node, &path, reader);
            }
            let inner = form_table(key, entry, &path, reader)?;
            let section = Section::new(form_keys(key), Some(inner), entry.key_place, &path);
            let law = build(key.name, &section, &entry.node, reader)?;
            let law = within_reason(law, node, &path, reader)?;
            // A law without spread is a constant, so that equal worlds compare equal.
            Some(law.as_constant().map_or(law, Law::Constant))
        }
        _ => {
            reader.faults.add(mismatch(&Kind::Law, node, path));
            None
        }
    }
}

/// The greatest ratio of a gamma law's deviation to its mean: beyond it, nearly every span would be zero.
const MOST_VARIATION: u64 = 10;

/// Refuses laws that only give spans that nothing could be measured in.
fn within_reason(law: Law, node: &Node, path: &str, reader: &mut Reader<'_>) -> Option<Law> {
    let fault = match law {
        Law::Lognormal { sigma, .. } if sigma > MOST_SIGMA => Fault::new(node.place, format!("{path} is too wide"))
            .label(format!("a sigma of {sigma:.1}; at most {MOST_SIGMA}"))
            .help("with a sigma of 10 the 99th percentile is 10^10 times the median"),
        Law::Gamma { mean, std_dev } if std_dev > mean.times(MOST_VARIATION) => {
            Fault::new(node.place, format!("{path} is too wide"))
                .label(format!("std-dev is at most {MOST_VARIATION} times the mean"))
                .help("take a lognormal or pareto law for a long tail")
        }
        _ if law.median() > LONGEST => Fault::new(node.place, format!("{path} has a median of more than 100 years"))
            .label(format!("at most 100 years ({LONGEST}), the longest time that is simulated")),
        _ => return Some(law),
    };
    reader.faults.add(fault);
    None
}

/// The one form that a table names, such as `lognormal` in `{ lognormal = { … } }`.
pub(super) fn one_form<'a>(
    forms: &'static [Key],
    table: &'a Table,
    node: &Node,
    path: &str,
    what: &str,
    reader: &mut Reader<'_>,
) -> Option<(&'static Key, &'a Entry)> {
    let names = forms.iter().map(|form| form.name);
    let mut found = None;
    for entry in &table.entries {
        match forms.iter().find(|form| form.name == entry.key) {
            Some(form) => found = Some((form, entry)),
            None => reader.faults.add(
                Fault::new(entry.key_place, format!("{path}: unknown {what} `{}`", entry.key))
                    .label(format!("not a {what}"))
                    .maybe_help(did_you_mean(&entry.key, names.clone())),
            ),
        }
    }
    if table.entries.is_empty() || (table.entries.len() > 1 && found.is_some()) {
        let all: Vec<&str> = names.collect();
        let message = match table.entries.len() {
            0 => format!("{path} is an empty table"),
            count => format!("{path} names {count} of which only one can hold"),
        };
        reader.faults.add(
            Fault::new(node.place, message)
                .label(format!("takes exactly one {what}"))
                .help(format!("one of {}", all.join(", "))),
        );
        return None;
    }
    found
}

/// The keys of a form.
pub(super) const fn form_keys(form: &Key) -> &'static [Key] {
    match form.kind {
        Kind::Table(keys) => keys,
        _ => &[],
    }
}

/// The table of a form, its keys checked.
pub(super) fn form_table<'a>(
    form: &'static Key,
    entry: &'a Entry,
    path: &str,
    reader: &mut Reader<'_>,
) -> Option<&'a Table> {
    let Some(table) = entry.node.as_table() else {
        reader.faults.add(mismatch(&form.kind, &entry.node, path));
        return None;
    };
    check_table(Keys::of(form_keys(form)), table, path, reader);
    Some(table)
}

fn mixture(node: &Node, path: &str, reader: &mut Reader<'_>) -> Option<Law> {
    let Value::Array(parts) = &node.value else {
        reader.faults.add(mismatch(&Kind::Mixture, node, path));
        return None;
    };
    if parts.is_empty() {
        reader
            .faults
            .add(Fault::new(node.place, format!("{path} is empty")).label(format!("expected {}", Kind::Mixture)));
        return None;
    }
    let mut components = Vec::with_capacity(parts.len());
    for part in parts {
        let Some(table) = part.as_table() else {
            reader.faults.add(mismatch(&Kind::Table(COMPONENT), part, path));
            continue;
        };
        // Not their values as well: read twice at each level, nested mixtures would take for ever.
        check_keys(Keys::of(COMPONENT), table, path, reader);
        let section = Section::new(COMPONENT, Some(table), part.place, path);
        let (weight, of) = (section.number("weight", reader), section.law("of", reader));
        if let (Some(weight), Some(of)) = (weight, of) {
            components.push(Component { weight, of });
        }
    }
    (components.len() == parts.len()).then_some(Law::Mixture(components))
}

/// One law from its keys.
fn build(form: &str, section: &Section<'_>, node: &Node, reader: &mut Reader<'_>) -> Option<Law> {
    match form {
        "uniform" => {
            let (min, max) = (section.span("min", reader), section.span("max", reader));
            let (min, max) = (min?, max?);
            ordered(section, ("min", min), ("max", max), reader)?;
            Some(Law::Uniform { min, max })
        }
        "exponential" => {
            let (mean, min) = (section.span("mean", reader), section.span("min", reader));
            Some(Law::Exponential { mean: mean?, min: min? })
        }
        "normal" => {
            let (mean, std_dev) = mean_and_deviation(section, reader)?;
            Some(Law::Normal { mean, std_dev })
        }
        "gamma" => {
            let (mean, std_dev) = mean_and_deviation(section, reader)?;
            Some(Law::Gamma { mean, std_dev })
        }
        "lognormal" => lognormal(section, node, reader),
        "weibull" => {
            let (scale, shape) = (section.span("scale", reader), section.number("shape", reader));
            Some(Law::Weibull { scale: scale?, shape: shape? })
        }
        "pareto" => {
            let (min, shape) = (section.span("min", reader), section.number("shape", reader));
            let max = section.span("max", reader);
            let (min, shape) = (min?, shape?);
            if let Some(max) = max {
                ordered(section, ("min", min), ("max", max), reader)?;
            }
            Some(Law::Pareto { min, shape, max })
        }
        "empirical" => empirical(section, node, reader),
        _ => None,
    }
}

/// Complains unless the first is at most the second.
fn ordered(section: &Section<'_>, low: (&str, Span), high: (&str, Span), reader: &mut Reader<'_>) -> Option<()> {
    if low.1 <= high.1 {
        return Some(());
    }
    reader.faults.add(
        Fault::new(section.value_place(high.0), format!("{} is less than {}", section.path_of(high.0), low.0))
            .label(format!("must be at least {}", low.1)),
    );
    None
}

fn mean_and_deviation(section: &Section<'_>, reader: &mut Reader<'_>) -> Option<(Span, Span)> {
    let (mean, std_dev) = (section.span("mean", reader), section.span("std-dev", reader));
    Some((mean?, std_dev?))
}

/// The three ways of writing a lognormal law.
const LOGNORMAL_PAIRS: [[&str; 2]; 3] = [["mean", "std-dev"], ["median", "p99"], ["mu", "sigma"]];

fn lognormal(section: &Section<'_>, node: &Node, reader: &mut Reader<'_>) -> Option<Law> {
    let written = |pair: &&[&str; 2]| pair.iter().any(|key| section.has(key));
    let pairs: Vec<_> = LOGNORMAL_PAIRS.iter().filter(written).collect();
    let [[first, second]] = pairs[..] else {
        let what = if pairs.is_empty() { "has no parameters" } else { "mixes two ways of writing it" };
        reader.faults.add(
            Fault::new(node.place, format!("{} {what}", section.path_of("")).replace(". ", " "))
                .label("needs mean and std-dev, or median and p99, or mu and sigma"),
        );
        return None;
    };
    for (one, other) in [(first, second), (second, first)] {
        if !section.has(one) {
            reader.faults.add(
                Fault::new(node.place, format!("{} is missing", section.path_of(one)))
                    .label(format!("`{other}` needs `{one}` beside it")),
            );
            return None;
        }
    }
    match *first {
        "mean" => {
            let (mean, std_dev) = mean_and_deviation(section, reader)?;
            Some(Law::lognormal_from_mean(mean, std_dev))
        }
        "median" => {
            let (median, p99) = (section.span("median", reader), section.span("p99", reader));
            let (median, p99) = (median?, p99?);
            ordered(section, ("median", median), ("p99", p99), reader)?;
            Some(Law::lognormal_from_median(median, p99))
        }
        _ => {
            let (mu, sigma) = (section.number("mu", reader), section.number("sigma", reader));
            Some(Law::Lognormal { mu: mu?, sigma: sigma? })
        }
    }
}

fn empirical(section: &Section<'_>, node: &Node, reader: &mut Reader<'_>) -> Option<Law> {
    let (file, column) = (section.text("file", reader), section.text("column", reader));
    match reader.files.column(&file?, &column?) {
        Ok(spans) => Some(Law::Empirical(spans.to_vec())),
        Err(fault) => {
            let key = if fault.of_column { "column" } else { "file" };
            reader.file_fault(section.node(key).unwrap_or(node), fault);
            None
        }
    }
}
