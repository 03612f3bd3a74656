//! One line of the output of `ping`, read by its structure: the words around it are translated, the keys are not.

use crate::units::Decimal;

/// Nanoseconds.
const SECOND: u64 = 1_000_000_000;
/// Nanoseconds.
const MILLISECOND: u64 = 1_000_000;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// `PING host (address) …`: a new session.
    Header(&'a str),
    /// A reply.
    Reply(Reply),
    /// A request was sent, and no reply is told of it: unanswered yet, or unreachable.
    Notice(u16),
    /// `10 packets transmitted, …, time 9012ms`.
    Statistics {
        /// Requests sent.
        transmitted: u64,
        /// From the first request to the last, in nanoseconds.
        nanos: Option<u64>,
    },
    /// A line that says nothing of a single request.
    Other,
}

/// A reply as it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// Sequence number as printed.
    pub seq: u16,
    /// Round-trip time in nanoseconds.
    pub round_trip: u64,
    /// When the reply was read, in nanoseconds since 1970.
    pub stamp: Option<u64>,
}

impl<'a> Line<'a> {
    /// Reads a line without its line end.
    ///
    /// # Errors
    /// Why it is no line of `ping`.
    pub(super) fn read(line: &'a str) -> Result<Self, &'static str> {
        let line = line.trim_start_matches("^C").trim();
        let (stamp, text) = split_stamp(line)?;
        if let Some(rest) = text.strip_prefix("PING ") {
            let host = rest.split_whitespace().next().unwrap_or("peer");
            return Ok(Self::Header(host.trim_end_matches(':')));
        }
        if let Some(seq) = sequence(text) {
            let starts_with_size = text.starts_with(|c: char| c.is_ascii_digit());
            let seq = seq?;
            return if starts_with_size { reply(text, seq, stamp) } else { Ok(Self::Notice(seq)) };
        }
        if let Some(statistics) = statistics(text) {
            return Ok(statistics);
        }
        if is_remark(text) { Ok(Self::Other) } else { Err("not a line of ping's output") }
    }
}

/// Splits `[1700000000.123456] …` into the stamp in nanoseconds and the rest.
fn split_stamp(line: &str) -> Result<(Option<u64>, &str), &'static str> {
    let Some(rest) = line.strip_prefix('[') else { return Ok((None, line)) };
    let (stamp, text) = rest.split_once(']').ok_or("a time stamp without its `]`")?;
    let nanos = decimal(stamp, SECOND).ok_or("a time stamp that is no number of seconds")?;
    Ok((Some(nanos), text.trim_start()))
}

/// The number after `icmp_seq=` (`icmp_req=` in old versions, `icmp_seq ` on macOS); `None` where there is none.
fn sequence(text: &str) -> Option<Result<u16, &'static str>> {
    let key = text.find("icmp_seq").or_else(|| text.find("icmp_req"))?;
    let value = text[key + "icmp_seq".len()..].trim_start_matches(['=', ' ']);
    let digits = value.split(|c: char| !c.is_ascii_digit()).next().unwrap_or("");
    Some(digits.parse().map_err(|_| "icmp_seq is no number from 0 to 65535"))
}

/// A reply: the last `word=number ms` of the line is its round-trip time, whatever the language.
fn reply(text: &str, seq: u16, stamp: Option<u64>) -> Result<Line<'_>, &'static str> {
    const MISSING: &str = "a reply without its time (give ping a packet size of 16 or more)";
    let words: Vec<&str> = text.split_whitespace().collect();
    let unit = words.iter().rposition(|word| *word == "ms").filter(|at| *at > 0).ok_or(MISSING)?;
    let (_, number) = words[unit - 1].rsplit_once(['=', '<']).ok_or(MISSING)?;
    let round_trip = decimal(number, MILLISECOND).ok_or("the time of the reply is no number")?;
    if stamp.is_some_and(|stamp| stamp < round_trip) {
        return Err("the time stamp is before the request");
    }
    Ok(Line::Reply(Reply { seq, round_trip, stamp }))
}

/// The closing line: starts with a count, has a percentage, and ends with `…ms` but for `, pipe N` and the like.
fn statistics(text: &str) -> Option<Line<'_>> {
    let fields: Vec<&str> = text.split(',').collect();
    let transmitted = fields[0].split_whitespace().next()?.parse().ok()?;
    if fields.len() < 3 || !text.contains('%') {
        return None;
    }
    let millis = fields.iter().find_map(|field| field.split_whitespace().last()?.strip_suffix("ms"));
    let nanos = millis.and_then(|millis| decimal(millis, MILLISECOND));
    Some(Line::Statistics { transmitted, nanos })
}

/// Lines that say nothing of a single request.
fn is_remark(text: &str) -> bool {
    let starts = ["---", "ping:", "ping6:", "Warning", "WARNING"];
    text.is_empty() || text.contains("min/avg/") || starts.iter().any(|start| text.starts_with(start))
}

/// A decimal with `.` or `,`, times `factor`, rounded; `None` where it is no number or too large.
fn decimal(text: &str, factor: u64) -> Option<u64> {
    Decimal::parse(&text.replace(',', ".")).ok()?.times_rounded(factor)
}
