//! The output of `ping`, turned into a trace of heartbeats.
//!
//! An echo request is taken for a heartbeat and its reply for the proof of what the path did to it. Read is what iputils
//! prints, with or without `-D` (times) and `-O` (a line for each request that is still unanswered), in any language and
//! with either decimal sign; what macOS prints for a lost request is understood too.
//!
//! - `icmp_seq` has 16 bits: a step of less than 32,768 is read as the shortest way round.
//! - A request without a reply is lost. A reply that comes twice (`DUP!`) counts once, by its first arrival.
//! - `-D` stamps a line when the reply is read, so a request was sent one round trip earlier. Without stamps requests
//!   are taken to be one interval apart.
//! - The send time of a lost request is not in the log: it is laid evenly between its neighbours.
//!
//! A second `PING` header starts another node: sequence numbers begin anew there.

mod line;
mod session;

use std::fmt::Write as _;

use crate::model::Trace;
use crate::units::Span;
use line::Line;
use session::Session;

/// How a log is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which part of the round trip counts as the delay of a heartbeat.
    pub delay: Delay,
    /// Time between two requests where the log has no stamps; `None`: from the closing statistics, else one second.
    pub interval: Option<Span>,
}

/// Which part of a round trip counts as the delay of a heartbeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delay {
    /// Half of it: a heartbeat goes one way.
    #[default]
    Half,
    /// All of it: for a probe that waits for its answer.
    Whole,
}

/// What a log holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The heartbeats, in nanoseconds from [`origin`](Self::origin).
    pub trace: Trace,
    /// The earliest instant of the trace in nanoseconds: since 1970 where the log has stamps, else 0.
    pub origin: u64,
    /// Round-trip times of all answered requests in nanoseconds, ascending.
    pub round_trips: Vec<u64>,
    /// Replies that came again.
    pub duplicates: u64,
    /// Whether the last line was cut off, and left out.
    pub truncated: bool,
}

/// A line that is no output of `ping`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}: `{text}`")]
pub struct BadLine {
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
    /// The line, shortened.
    pub text: String,
}

/// Why a log could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Lines that are no output of `ping`, in their order.
    #[error("{} lines are not output of ping", .0.len())]
    Lines(Vec<BadLine>),
    /// There is no reply in it.
    #[error("it holds no reply of ping")]
    NoReply,
}

/// Reads the output of `ping`.
///
/// # Errors
/// Every line that is not understood, or that there is no reply at all. A last line without its line end may be cut off: it
/// is left out where it is not understood.
pub fn parse(text: &str, options: Options) -> Result<Recording, Fault> {
    let mut sessions: Vec<Session> = Vec::new();
    let mut bad = Vec::new();
    let mut truncated = false;
    for (index, raw) in text.split_inclusive('\n').enumerate() {
        let whole = raw.ends_with('\n');
        let read = match Line::read(raw.trim_end()) {
            // Its number may have been cut.
            Ok(Line::Notice(_)) if !whole => Err("the end is cut off"),
            read => read.and_then(|line| take(&mut sessions, line)),
        };
        match read {
            Ok(()) => {}
            Err(_) if !whole => truncated = true,
            Err(reason) => bad.push(BadLine { line: index + 1, reason, text: shorten(raw.trim_end()) }),
        }
    }
    if !bad.is_empty() {
        return Err(Fault::Lines(bad));
    }
    sessions.retain(Session::answered);
    if sessions.is_empty() {
        return Err(Fault::NoReply);
    }
    Ok(recording(&sessions, options, truncated))
}

/// Hands a line to the session that it belongs to.
fn take(sessions: &mut Vec<Session>, line: Line<'_>) -> Result<(), &'static str> {
    if let Line::Header(host) = line {
        sessions.push(Session::new(host, true));
        return Ok(());
    }
    if sessions.is_empty() {
        sessions.push(Session::new("peer", false));
    }
    match (line, sessions.last_mut()) {
        (Line::Reply(reply), Some(session)) => session.reply(reply),
        (Line::Notice(seq), Some(session)) => session.sent(seq),
        (Line::Statistics { transmitted, nanos }, Some(session)) => session.statistics(transmitted, nanos),
        _ => Ok(()),
    }
}

/// Joins the sessions into one trace with one origin.
fn recording(sessions: &[Session], options: Options, truncated: bool) -> Recording {
    let mut nodes: Vec<_> = sessions.iter().map(|session| session.node(options)).collect();
    for (index, node) in nodes.iter_mut().enumerate() {
        let before = sessions[..index].iter().filter(|session| session.host == node.name).count();
        if before > 0 {
            node.name = format!("{}#{}", node.name, before + 1);
        }
    }
    let times = nodes.iter().flat_map(|node| &node.beats).flat_map(|beat| [Some(beat.sent), beat.arrived]);
    let origin = times.flatten().min().unwrap_or(0);
    for beat in nodes.iter_mut().flat_map(|node| &mut node.beats) {
        beat.sent -= origin;
        beat.arrived = beat.arrived.map(|at| at - origin);
    }
    let mut round_trips: Vec<u64> = sessions.iter().flat_map(Session::round_trips).collect();
    round_trips.sort_unstable();
    let duplicates = sessions.iter().map(|session| session.duplicates).sum();
    Recording { trace: Trace { nodes }, origin, round_trips, duplicates, truncated }
}

/// A line as it fits into a message.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut short: String = text.chars().take(LONGEST).map(|c| if c.is_control() { '?' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

/// What a recording says of the path, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Requests sent.
    pub sent: u64,
    /// Requests that were never answered.
    pub lost: u64,
    /// Maximal runs of lost requests.
    pub runs: u64,
    /// Requests in the longest of them.
    pub longest_run: u64,
    /// Median of the round-trip times in nanoseconds: the ceil(n/2)-th smallest.
    pub round_trip_p50: u64,
    /// 99th percentile of the round-trip times in nanoseconds: the ceil(0.99 n)-th smallest.
    pub round_trip_p99: u64,
}

impl Recording {
    /// Counts what was sent and lost.
    #[must_use]
    pub fn account(&self) -> Account {
        let mut account = Account {
            sent: 0,
            lost: 0,
            runs: 0,
            longest_run: 0,
            round_trip_p50: self.percentile(50),
            round_trip_p99: self.percentile(99),
        };
        for node in &self.trace.nodes {
            let mut run = 0;
            for beat in &node.beats {
                account.sent += 1;
                run = if beat.arrived.is_none() { run + 1 } else { 0 };
                account.lost += u64::from(run > 0);
                account.runs += u64::from(run == 1);
                account.longest_run = account.longest_run.max(run);
            }
        }
        account
    }

    /// The nearest-rank percentile of the round-trip times.
    fn percentile(&self, percent: usize) -> u64 {
        let rank = (self.round_trips.len() * percent).div_ceil(100).max(1);
        self.round_trips.get(rank - 1).copied().unwrap_or(0)
    }

    /// The trace as CSV with the header `node,seq,sent_s,arrived_s`: exact decimals of seconds, `arrived_s` empty where lost.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = String::from("node,seq,sent_s,arrived_s\n");
        for node in &self.trace.nodes {
            let name = quoted(&node.name);
            for beat in &node.beats {
                let arrived = beat.arrived.map_or_else(String::new, |at| seconds(self.origin + at));
                let sent = seconds(self.origin + beat.sent);
                writeln!(text, "{name},{},{sent},{arrived}", beat.seq).expect("a String takes any text");
            }
        }
        text
    }
}

/// A field of a CSV file.
fn quoted(field: &str) -> String {
    if field.contains([',', '"']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

/// Nanoseconds as an exact decimal of seconds, without needless zeros.
fn seconds(nanos: u64) -> String {
    const SECOND: u64 = 1_000_000_000;
    if nanos.is_multiple_of(SECOND) {
        return (nanos / SECOND).to_string();
    }
    let text = format!("{}.{:09}", nanos / SECOND, nanos % SECOND);
    text.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests;
