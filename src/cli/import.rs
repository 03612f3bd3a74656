//! `systole import`: a log becomes a trace.

use std::fmt::{Display, Write as _};

use super::args::{Import, ImportKind, ImportPing};
use super::exit::{Exit, Failure, Outcome};
use super::{files, folder, terminal};
use crate::import::ping::{self, Delay, Fault, Options, Recording};
use crate::units::Span;

/// Bad lines that are shown; the others are counted.
const MOST_SHOWN: usize = 10;

pub(super) fn run(import: &Import) -> Outcome {
    match &import.kind {
        ImportKind::Ping(arguments) => import_ping(arguments),
    }
}

fn import_ping(arguments: &ImportPing) -> Outcome {
    let interval = arguments.interval.as_deref().map(interval).transpose()?;
    let delay = if arguments.rtt { Delay::Whole } else { Delay::Half };
    let text = files::read(&arguments.file)?;
    let name = files::name(&arguments.file);
    let recording = ping::parse(&text, Options { delay, interval }).map_err(|fault| refused(&name, &fault))?;
    match &arguments.output {
        Some(path) if std::fs::read(path).is_ok_and(|old| !old.is_empty() && !old.starts_with(b"node,seq,")) => {
            let what = format_args!("`{}` exists and is no trace: it is left alone", path.display()).to_string();
            return Err(Failure::io(what, "choose another name, or remove it first"));
        }
        Some(path) => folder::write_file(path, recording.csv().as_bytes())?,
        None => terminal::print(recording.csv())?,
    }
    if !arguments.quiet {
        terminal::say(summary(&recording, delay));
    }
    Ok(Exit::Done)
}

fn interval(text: &str) -> Outcome<Span> {
    match text.parse::<Span>() {
        Ok(span) if !span.is_zero() => Ok(span),
        Ok(_) => Err(Failure::unusable("the value of --interval is zero", "write the time between two requests")),
        Err(fault) => {
            Err(Failure::unusable(format_args!("the value \"{text}\" of --interval {fault}"), expected(Span::EXPECTED)))
        }
    }
}

fn expected(what: &str) -> impl Display {
    format!("write {what}")
}

fn refused(name: &str, fault: &Fault) -> Failure {
    match fault {
        Fault::Lines(bad) => {
            let mut text = format!("`{name}` cannot be read as output of ping");
            for line in bad.iter().take(MOST_SHOWN) {
                let _ = write!(text, "\n  {line}");
            }
            if bad.len() > MOST_SHOWN {
                let _ = write!(text, "\n  and {} more lines", bad.len() - MOST_SHOWN);
            }
            Failure::unusable(text, "remove these lines, or record anew with `ping -D -O HOST | tee FILE`")
        }
        Fault::NoReply => {
            let remedy = "record one with `ping -D -O HOST | tee FILE`";
            Failure::unusable(format_args!("there is no reply of ping in `{name}`"), remedy)
        }
    }
}

/// What the log says of the path, in one look.
fn summary(recording: &Recording, delay: Delay) -> String {
    let account = recording.account();
    let mut text = format!(
        "{} sent, {} lost ({}), {} of loss, longest {}\nround trip p50 {}, p99 {}",
        counted(account.sent, "heartbeat"),
        account.lost,
        percent(account.lost, account.sent),
        counted(account.runs, "run"),
        account.longest_run,
        Span::from_nanos(account.round_trip_p50),
        Span::from_nanos(account.round_trip_p99),
    );
    text.push_str(match delay {
        Delay::Half => "; half of it is the delay of a heartbeat",
        Delay::Whole => "; all of it is the delay of a heartbeat",
    });
    if recording.duplicates > 0 {
        let _ = write!(text, "\n{} left out", counted(recording.duplicates, "duplicate reply"));
    }
    if recording.truncated {
        text.push_str("\nthe last line is cut off and was left out");
    }
    text
}

fn counted(count: u64, what: &str) -> String {
    match (count, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        _ => format!("{count} {what}s"),
    }
}

/// A share with two decimals, rounded half up; never 0.00 % where there is something.
fn percent(part: u64, whole: u64) -> String {
    let hundredths = (u128::from(part) * 20_000 + u128::from(whole)) / (u128::from(whole) * 2).max(1);
    if hundredths == 0 && part > 0 {
        return "below 0.01 %".to_owned();
    }
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_but_never_to_nothing() {
        let shown = [(0, 10), (1, 3), (1, 20_000), (1, 20_001), (5, 5)].map(|(part, whole)| percent(part, whole));
        assert_eq!(shown, ["0.00 %", "33.33 %", "0.01 %", "below 0.01 %", "100.00 %"]);
    }
}
