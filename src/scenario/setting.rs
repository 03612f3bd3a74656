//! A value by its kind: what was written, checked and typed.

use std::fmt::Display;
use std::str::FromStr;

use super::diagnostic::{Fault, Faults, Place};
use super::files::{FileFault, Files};
use super::keys::{Bounds, Choice, Key, Kind, percent};
use super::names::{as_name, closest, fault_of_name};
use super::tree::{Node, Value};
use super::{law, loss};
use crate::model::{Law, Loss, Target};
use crate::units::{Bytes, Length, Probability, QuantityError, Rate, Share, Span};

/// What reading needs: where faults go, and the files that values name.
pub(super) struct Reader<'a> {
    pub(super) faults: Faults,
    pub(super) files: Files<'a>,
}

/// A value that was read.
#[derive(Clone, Debug)]
pub(super) enum Setting {
    Text(String),
    Flag(bool),
    Count(u64),
    Number(f64),
    Span(Span),
    Length(Length),
    Share(Share),
    Shares(Share, Share),
    Probability(Probability),
    Bytes(Bytes),
    Rate(Rate),
    Choice(&'static str),
    CheckPhase(CheckPhase),
    Target(Target),
    Times(Vec<Span>),
    Law(Law),
    Loss(Loss),
}

/// Where the first tick lies, before the interval is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckPhase {
    Random,
    Aligned,
    At(Length),
}

impl Reader<'_> {
    /// Reads `node`, the value of the key at the dotted `path`. What is wrong goes into the faults.
    pub(super) fn read(&mut self, kind: &Kind, node: &Node, path: &str) -> Option<Setting> {
        let read = match kind {
            Kind::Law => return law::read(node, path, self).map(Setting::Law),
            Kind::Loss => return loss::read(node, path, self).map(Setting::Loss),
            Kind::Mixture
            | Kind::Table(_)
            | Kind::Detector(_)
            | Kind::Named(_)
            | Kind::Sweep
            | Kind::Limits
            | Kind::Any => {
                return None;
            }
            Kind::Later(what) => {
                self.faults.add(not_yet(node.place, path, what));
                return None;
            }
            Kind::Choice(choices) => choice(choices, node, path).map(Setting::Choice),
            plain => plain_value(plain, node, path),
        };
        read.map_err(|fault| self.faults.add(fault)).ok()
    }

    /// Keeps what is wrong with a file that `node` names.
    pub(super) fn file_fault(&mut self, node: &Node, fault: FileFault) {
        self.faults.add(Fault::new(node.place, fault.message).label("named here").help(fault.help));
    }
}

/// Kinds whose value needs no file and no other key.
fn plain_value(kind: &Kind, node: &Node, path: &str) -> Result<Setting, Fault> {
    match (kind, &node.value) {
        (Kind::Name, Value::Text(text)) => name(text, node, path).map(Setting::Text),
        (Kind::Text, Value::Text(text)) => Ok(Setting::Text(text.clone())),
        (Kind::File, Value::Text(text)) if !text.is_empty() => Ok(Setting::Text(text.clone())),
        (Kind::Flag, Value::Flag(flag)) => Ok(Setting::Flag(*flag)),
        (Kind::Count(low, high), Value::Integer(number)) => count(*number, *low, *high, kind, node, path),
        (Kind::Number(bounds), Value::Integer(_) | Value::Float(_)) => {
            number(&node.value, *bounds, kind, node, path).map(Setting::Number)
        }
        (Kind::Share(bounds), _) => share(kind, node, path).and_then(|share| within(share, *bounds, kind, node, path)),
        (Kind::ShareRange, _) => share_range(kind, node, path),
        (Kind::Probability, _) => fraction(kind, node, path).map(Setting::Probability),
        (Kind::Span(min), Value::Text(_)) => span(*min, kind, node, path),
        (Kind::Length { zero }, Value::Text(_)) => length(*zero, kind, node, path).map(Setting::Length),
        (Kind::CheckPhase, Value::Text(text)) => match text.as_str() {
            "random" => Ok(Setting::CheckPhase(CheckPhase::Random)),
            "aligned" => Ok(Setting::CheckPhase(CheckPhase::Aligned)),
            _ => length(true, kind, node, path).map(|length| Setting::CheckPhase(CheckPhase::At(length))),
        },
        (Kind::Bytes(max), Value::Text(_)) => {
            let bytes: Bytes = quantity(kind, node, path)?;
            if bytes.get() > *max { Err(out_of_range(bytes, kind, node, path)) } else { Ok(Setting::Bytes(bytes)) }
        }
        (Kind::Rate, Value::Text(_)) => quantity(kind, node, path).map(Setting::Rate),
        (Kind::Target, Value::Text(text)) => {
            target(text).map(Setting::Target).ok_or_else(|| unknown_target(node, path))
        }
        (Kind::Times, Value::Array(nodes)) => times(nodes, node, path).map(Setting::Times),
        _ => Err(mismatch(kind, node, path)),
    }
}

/// A key that a later version will have.
pub(super) fn not_yet(place: Place, path: &str, what: &str) -> Fault {
    Fault::new(place, format!("{path} is not in this version yet"))
        .label(what)
        .help("take it out; a later version will have it")
}

/// A value of another type than the key takes.
pub(super) fn mismatch(kind: &Kind, node: &Node, path: &str) -> Fault {
    let fault = Fault::new(node.place, format!("{path} is {}", node.describe())).label(format!("expected {kind}"));
    match (kind, &node.value) {
        (Kind::Span(_) | Kind::Length { .. } | Kind::Law, Value::Integer(number)) => {
            let mut fault = fault.help(format!("write \"{number}s\" or \"{number}ms\", whichever is meant"));
            fault.message = format!("{path} has no unit");
            fault
        }
        (Kind::Bytes(_), Value::Integer(number)) => fault.help(format!("write \"{number}B\"")),
        (Kind::Count(..) | Kind::Number(_), Value::Text(text)) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
            fault.help(format!("write it without quotes: {text}"))
        }
        (Kind::Count(_, high), Value::Float(text))
            if text.parse::<f64>().is_ok_and(|number| number > crate::num::u64_to_f64(*high)) =>
        {
            let mut fault = out_of_range(text, kind, node, path);
            fault.label = format!("must be a whole number of at most {high}");
            fault
        }
        (Kind::Times, Value::Text(text)) => fault.help(format!("write [\"{text}\"]")),
        _ => fault,
    }
}

/// A value outside of its range.
fn out_of_range(value: impl Display, kind: &Kind, node: &Node, path: &str) -> Fault {
    Fault::new(node.place, format!("{path} is {value}, out of range")).label(format!("expected {kind}"))
}

/// Reads a quantity from a text.
fn quantity<T: FromStr<Err = QuantityError>>(kind: &Kind, node: &Node, path: &str) -> Result<T, Fault> {
    let Value::Text(text) = &node.value else { return Err(mismatch(kind, node, path)) };
    text.parse().map_err(|error| unreadable(text, &error, kind, node, path))
}

/// What is wrong with the text of a quantity, and what was probably meant.
pub(super) fn unreadable(text: &str, error: &QuantityError, kind: &Kind, node: &Node, path: &str) -> Fault {
    let fault = Fault::new(node.place, format!("{path}: {text:?} {error}")).label(format!("expected {kind}"));
    fault.maybe_help(help_for(text, error, kind))
}

fn help_for(text: &str, error: &QuantityError, kind: &Kind) -> Option<String> {
    let spans = matches!(kind, Kind::Span(_) | Kind::Length { .. } | Kind::Law | Kind::Times | Kind::CheckPhase);
    match error {
        QuantityError::MissingUnit if spans => {
            Some(format!("write \"{text}s\" or \"{text}ms\", whichever is meant", text = text.trim()))
        }
        QuantityError::MissingUnit if matches!(kind, Kind::Rate) => Some(format!("write \"{text}/h\"")),
        QuantityError::UnknownUnit { unit } => {
            let (word, units) = match kind {
                Kind::Bytes(_) => (usual_size(unit), Bytes::UNITS),
                Kind::Probability | Kind::Share(_) | Kind::ShareRange | Kind::Loss => (None, "%"),
                _ => (usual_span(unit), Span::UNITS),
            };
            let number = text.trim().strip_suffix(unit.as_str()).unwrap_or_default();
            Some(
                word.map_or_else(
                    || format!("the units are {units}"),
                    |word| format!("write \"{}{word}\"", number.trim()),
                ),
            )
        }
        QuantityError::SeveralNumbers => {
            Some("write one number and one unit: \"90m\" for an hour and a half".to_owned())
        }
        _ => None,
    }
}

/// The unit that a word for a span stands for.
fn usual_span(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "sec" | "secs" | "second" | "seconds" => "s",
        "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => "ms",
        "usec" | "usecs" | "micros" | "microsecond" | "microseconds" | "\u{3bc}s" => "us",
        "nsec" | "nanos" | "nanosecond" | "nanoseconds" => "ns",
        "min" | "mins" | "minute" | "minutes" => "m",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "day" | "days" => "d",
        "beat" | "beats" | "heartbeat" | "heartbeats" => " intervals",
        _ => return None,
    })
}

/// The unit that a word for a size stands for.
fn usual_size(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "b" | "byte" | "bytes" => "B",
        "k" | "kb" | "kib" => "KiB",
        "m" | "mb" | "mib" => "MiB",
        "g" | "gb" | "gib" => "GiB",
        _ => return None,
    })
}

fn name(text: &str, node: &Node, path: &str) -> Result<String, Fault> {
    match fault_of_name(text) {
        None => Ok(text.to_owned()),
        Some(why) => Err(Fault::new(node.place, format!("{path}: {why}"))
            .label("not a name")
            .maybe_help(as_name(text).map(|name| format!("write \"{name}\"")))),
    }
}

fn count(number: i128, low: u64, high: u64, kind: &Kind, node: &Node, path: &str) -> Result<Setting, Fault> {
    match u64::try_from(number) {
        Ok(number) if (low..=high).contains(&number) => Ok(Setting::Count(number)),
        _ if number > i128::from(high) => {
            let mut fault = out_of_range(number, kind, node, path);
            fault.label = format!("must be at most {high}");
            Err(fault)
        }
        _ => Err(out_of_range(number, kind, node, path)),
    }
}

fn number(value: &Value, bounds: Bounds, kind: &Kind, node: &Node, path: &str) -> Result<f64, Fault> {
    let text = match value {
        Value::Integer(number) => number.to_string(),
        Value::Float(text) => text.clone(),
        _ => return Err(mismatch(kind, node, path)),
    };
    match text.parse::<f64>() {
        Ok(number) if bounds.contain(number) => Ok(number + 0.0),
        _ => Err(out_of_range(text, kind, node, path)),
    }
}

/// A share or a probability: a number, or a text with or without a percent sign.
fn fraction<T: FromStr<Err = QuantityError>>(kind: &Kind, node: &Node, path: &str) -> Result<T, Fault> {
    let text = match &node.value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        // Exponents belong to TOML's numbers, not to the grammar of quantities.
        Value::Float(text) => text.parse::<f64>().map_or_else(|_| text.clone(), |number| number.to_string()),
        _ => return Err(mismatch(kind, node, path)),
    };
    text.parse().map_err(|error| unreadable(&text, &error, kind, node, path))
}

fn share(kind: &Kind, node: &Node, path: &str) -> Result<Share, Fault> {
    fraction(kind, node, path)
}

fn within(share: Share, bounds: Bounds, kind: &Kind, node: &Node, path: &str) -> Result<Setting, Fault> {
    if bounds.contain(share.get()) {
        Ok(Setting::Share(share))
    } else {
        let mut fault = out_of_range(share, kind, node, path);
        fault.label = format!("must be {}", bounds.words(percent));
        Err(fault)
    }
}

fn share_range(kind: &Kind, node: &Node, path: &str) -> Result<Setting, Fault> {
    let Value::Text(text) = &node.value else {
        return share(kind, node, path).map(|share| Setting::Shares(share, share));
    };
    let (low, high) = text.split_once("..").unwrap_or((text, text));
    let part = |part: &str| part.parse::<Share>().map_err(|error| unreadable(text, &error, kind, node, path));
    let (low, high) = (part(low)?, part(high)?);
    if low > high {
        return Err(Fault::new(node.place, format!("{path}: {text:?} ends before it starts"))
            .label("the least share comes first")
            .help(format!("write \"{high}..{low}\"")));
    }
    Ok(Setting::Shares(low, high))
}

fn span(min: Span, kind: &Kind, node: &Node, path: &str) -> Result<Setting, Fault> {
    let span: Span = quantity(kind, node, path)?;
    if span >= min {
        return Ok(Setting::Span(span));
    }
    let what = if min.as_nanos() == 1 { "above zero".to_owned() } else { format!("at least {min}") };
    Err(Fault::new(node.place, format!("{path} is {span}")).label(format!("must be {what}")))
}

fn length(zero: bool, kind: &Kind, node: &Node, path: &str) -> Result<Length, Fault> {
    let length: Length = quantity(kind, node, path)?;
    // Whether so many intervals are above zero does not depend on the interval.
    let is_zero = length.resolve(Span::from_secs(1)).is_ok_and(Span::is_zero);
    if is_zero && !zero {
        return Err(Fault::new(node.place, format!("{path} is {length}")).label("must be above zero"));
    }
    Ok(length)
}

fn choice(choices: &[Choice], node: &Node, path: &str) -> Result<&'static str, Fault> {
    let kind = || format!("expected {}", expected_words(choices));
    let word = match &node.value {
        Value::Text(text) => text,
        // A word of a later version may come as a table with its parameters.
        Value::Table(table) if table.entries.len() == 1 => &table.entries[0].key,
        _ => return Err(Fault::new(node.place, format!("{path} is {}", node.describe())).label(kind())),
    };
    let plain = matches!(node.value, Value::Text(_));
    match choices.iter().find(|choice| choice.name == word) {
        Some(choice) if choice.ready && plain => Ok(choice.name),
        Some(choice) if choice.ready => {
            let fault = Fault::new(node.place, format!("{path}: {word:?} takes no parameters"));
            Err(fault.label(kind()).help(format!("write \"{word}\"")))
        }
        Some(choice) => Err(not_yet(node.place, &format!("{path} = {:?}", choice.name), &kind())),
        None => {
            let ready = choices.iter().filter(|choice| choice.ready).map(|choice| choice.name);
            let help = closest(word, ready).map(|best| format!("did you mean \"{best}\"?"));
            Err(Fault::new(node.place, format!("{path} is {word:?}")).label(kind()).maybe_help(help))
        }
    }
}

fn expected_words(choices: &[Choice]) -> String {
    let words: Vec<&str> = choices.iter().filter(|choice| choice.ready).map(|choice| choice.name).collect();
    super::keys::one_of(&words)
}

/// Whom a text names.
fn target(text: &str) -> Option<Target> {
    match text {
        "all" => return Some(Target::All),
        "nodes" => return Some(Target::Nodes),
        "monitors" => return Some(Target::Monitors),
        _ => {}
    }
    let (what, number) = text.split_once(' ')?;
    let number = number.trim().parse::<u32>().ok().filter(|number| *number > 0)?;
    match what {
        "node" => Some(Target::Node(number)),
        "monitor" => Some(Target::Monitor(number)),
        _ => None,
    }
}

fn unknown_target(node: &Node, path: &str) -> Fault {
    Fault::new(node.place, format!("{path} is {}", node.describe()))
        .label(format!("expected {}", Kind::Target))
        .help("numbers start at 1; groups and zones come with a later version")
}

fn times(nodes: &[Node], list: &Node, path: &str) -> Result<Vec<Span>, Fault> {
    let mut times = Vec::with_capacity(nodes.len());
    for node in nodes {
        times.push(quantity::<Span>(&Kind::Times, node, path)?);
    }
    times.sort_unstable();
    if times.is_empty() {
        return Err(Fault::new(list.place, format!("{path} is empty")).label(format!("expected {}", Kind::Times)));
    }
    if times.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Fault::new(list.place, format!("{path} names a time twice")).label("each time stands once"));
    }
    Ok(times)
}

/// The text of a value, equal for equal values: what results show of an axis.
pub(super) fn canonical(setting: &Setting, node: &Node) -> String {
    match setting {
        Setting::Text(text) => text.clone(),
        Setting::Flag(flag) => flag.to_string(),
        Setting::Count(number) => number.to_string(),
        Setting::Number(number) => number.to_string(),
        Setting::Span(span) | Setting::Law(Law::Constant(span)) => span.to_string(),
        Setting::Length(length) | Setting::CheckPhase(CheckPhase::At(length)) => length.to_string(),
        Setting::Share(share) => share.to_string(),
        Setting::Shares(low, high) if low == high => low.to_string(),
        Setting::Shares(low, high) => format!("{low}..{high}"),
        Setting::Probability(probability) => probability.to_string(),
        Setting::Loss(Loss::Independent(loss)) => Probability::new(*loss).unwrap_or_default().to_string(),
        Setting::Bytes(bytes) => bytes.to_string(),
        Setting::Rate(rate) => rate.to_string(),
        Setting::Choice(word) => (*word).to_owned(),
        Setting::CheckPhase(CheckPhase::Random) => "random".to_owned(),
        Setting::CheckPhase(CheckPhase::Aligned) => "aligned".to_owned(),
        Setting::Target(_) | Setting::Times(_) | Setting::Law(_) | Setting::Loss(_) => match &node.value {
            Value::Text(text) => text.clone(),
            _ => node.to_string(),
        },
    }
}

/// A key and its value, for reading one table.
pub(super) fn default_node(key: &Key, place: Place) -> Option<Node> {
    match key.default {
        super::keys::Preset::Text(text) => Some(Node::from_plain(place, text)),
        _ => None,
    }
}
