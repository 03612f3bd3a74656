//! Losses, from the file to the model.

use super::diagnostic::Fault;
use super::keys::{Kind, LOSSES};
use super::law::{form_keys, form_table, one_form};
use super::refuse::LONGEST;
use super::section::Section;
use super::setting::{Reader, Setting, mismatch};
use super::tree::{Node, Value};
use crate::model::Loss;
use crate::num;
use crate::units::{Probability, Span};

/// Reads a plain probability or one of the burst losses.
pub(super) fn read(node: &Node, path: &str, reader: &mut Reader<'_>) -> Option<Loss> {
    match &node.value {
        Value::Table(table) => {
            let (key, entry) = one_form(LOSSES, table, node, path, "loss", reader)?;
            let path = format!("{path}.{}", key.name);
            let inner = form_table(key, entry, &path, reader)?;
            let section = Section::new(form_keys(key), Some(inner), entry.key_place, &path);
            match key.name {
                "bursts" => bursts(&section, &entry.node, reader),
                _ => gilbert_elliott(&section, &entry.node, reader),
            }
        }
        Value::Text(_) | Value::Integer(_) | Value::Float(_) => match reader.read(&Kind::Probability, node, path)? {
            Setting::Probability(probability) => Some(Loss::Independent(probability.get())),
            _ => None,
        },
        _ => {
            reader.faults.add(mismatch(&Kind::Loss, node, path));
            None
        }
    }
}

fn gilbert_elliott(section: &Section<'_>, node: &Node, reader: &mut Reader<'_>) -> Option<Loss> {
    let mut probability = |key: &str| section.probability(key, reader).map(Probability::get);
    let (p, r) = (probability("p"), probability("r"));
    let (loss_good, loss_bad) = (probability("loss-good"), probability("loss-bad"));
    let (p, r, loss_good, loss_bad) = (p?, r?, loss_good?, loss_bad?);
    if p + r <= 0.0 {
        reader.faults.add(
            Fault::new(node.place, "p and r are both 0: the chain never moves")
                .label("one of them must be above 0")
                .help("for independent loss write a probability, such as loss = \"1%\""),
        );
        return None;
    }
    Some(Loss::PerPacket { p, r, loss_good, loss_bad })
}

/// The two ways of writing bursts.
const SHORT: [&str; 2] = ["mean-loss", "mean-burst"];
const LONG: [&str; 2] = ["mean-good", "mean-bad"];

fn bursts(section: &Section<'_>, node: &Node, reader: &mut Reader<'_>) -> Option<Loss> {
    let written = |keys: [&str; 2]| keys.iter().any(|key| section.has(key));
    let (short, long) = (written(SHORT), written(LONG));
    if short == long {
        let what = if short { "mixes two ways of writing them" } else { "says neither how much nor how long" };
        reader.faults.add(
            Fault::new(node.place, format!("a loss in bursts {what}"))
                .label("needs mean-loss and mean-burst, or mean-good and mean-bad"),
        );
        return None;
    }
    let [first, second] = if short { SHORT } else { LONG };
    for (one, other) in [(first, second), (second, first)] {
        if !section.has(one) {
            reader.faults.add(
                Fault::new(node.place, format!("{} is missing", section.path_of(one)))
                    .label(format!("`{other}` needs `{one}` beside it")),
            );
        }
    }
    let good = section.probability("loss-good", reader).map(Probability::get);
    let bad = section.probability("loss-bad", reader).map(Probability::get);
    if long {
        let (mean_good, mean_bad) = (section.span(first, reader), section.span(second, reader));
        let (mean_good, mean_bad) = spells_within_reason((mean_good?, mean_bad?), node, reader)?;
        return Some(Loss::Bursts { mean_good, mean_bad, loss_good: good?, loss_bad: bad? });
    }
    let mean_loss = section.probability(first, reader).map(Probability::get);
    let mean_burst = section.span(second, reader);
    shorthand(section, node, (mean_loss?, mean_burst?), (good?, bad?), reader)
}

/// Bursts by their mean loss L and mean length B: the share of bad time is (L - g) / (b - g).
fn shorthand(
    section: &Section<'_>,
    node: &Node,
    (mean_loss, mean_burst): (f64, Span),
    (good, bad): (f64, f64),
    reader: &mut Reader<'_>,
) -> Option<Loss> {
    if !(good <= mean_loss && mean_loss < bad) {
        reader.faults.add(
            Fault::new(section.value_place(SHORT[0]), "mean-loss does not lie between the losses of the two spells")
                .label(format!("must be at least loss-good ({good}) and below loss-bad ({bad})"))
                .help("mean-loss is the share of all messages that are lost, in good spells and bad ones"),
        );
        return None;
    }
    let bad_share = (mean_loss - good) / (bad - good);
    if bad_share <= 0.0 {
        return Some(Loss::Independent(good));
    }
    let mean_good = num::u64_to_f64(mean_burst.as_nanos()) * (1.0 - bad_share) / bad_share;
    let mean_good = Span::from_nanos(num::round_to_u64(mean_good));
    let spells = spells_within_reason((mean_good, mean_burst), node, reader)?;
    Some(Loss::Bursts { mean_good: spells.0, mean_bad: spells.1, loss_good: good, loss_bad: bad })
}

/// Refuses spells that are longer than anything that is simulated. The good spell comes first.
fn spells_within_reason(spells: (Span, Span), node: &Node, reader: &mut Reader<'_>) -> Option<(Span, Span)> {
    let (good, bad) = spells;
    let what = match (good > LONGEST, bad > LONGEST) {
        (false, false) => return Some(spells),
        (_, true) => "a burst lasts",
        (true, false) => "the time between two bursts is",
    };
    reader.faults.add(
        Fault::new(node.place, format!("{what} more than 100 years in the mean"))
            .label(format!("at most 100 years ({LONGEST}), the longest time that is simulated")),
    );
    None
}

/// The mean length of a bad and a good spell together; `None` for losses without spells.
pub(super) fn mean_cycle(loss: &Loss) -> Option<Span> {
    match loss {
        Loss::Bursts { mean_good, mean_bad, .. } => Some(*mean_good + *mean_bad),
        Loss::Independent(_) | Loss::PerPacket { .. } => None,
    }
}
