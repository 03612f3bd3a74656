//! Recorded heartbeats: CSV with the header `node,seq,sent_s,arrived_s`.
//!
//! Times are decimals of seconds from any origin and are read exactly; `arrived_s` is empty where the heartbeat was
//! lost. A repeated (node, seq) counts by its first arrival. All times of the result count from the earliest instant of
//! the whole recording.

use std::collections::BTreeMap;

use super::fault::{ImportFault, line_of, quote, reader, text, unreadable};
use crate::model::{Recorded, Trace, TracedNode};
use crate::units::{Decimal, Span};

/// The header, exactly.
const HEADER: [&str; 4] = ["node", "seq", "sent_s", "arrived_s"];

/// A recording that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The recording.
    pub trace: Trace,
    /// Lines that repeat a (node, seq) of an earlier line.
    pub repeated: u64,
    /// The number of the first such line; 0 where there is none.
    pub first_repeated_line: u64,
    /// The median time between two sends, per step of the sequence number; `None` where no node sent twice.
    pub median_step: Option<Span>,
    /// The last instant of the recording.
    pub end: Span,
}

/// One line, with times in nanoseconds from the recording's own origin.
struct Line {
    number: u64,
    sent: i128,
    arrived: Option<i128>,
}

/// Reads a recording.
///
/// # Errors
/// Where the header or a line is not as described, or nothing ever arrived. The fault names the line.
pub fn trace(bytes: &[u8]) -> Result<Imported, ImportFault> {
    let text = text(bytes);
    let mut lines = reader(text);
    let header = lines.headers().map_err(|error| unreadable(&error))?;
    if header.iter().ne(HEADER) {
        let found = header.iter().collect::<Vec<_>>().join(",");
        return Err(ImportFault::line(
            1,
            format!("the header is {}", quote(&found)),
            "a trace starts with the header node,seq,sent_s,arrived_s",
        ));
    }
    let mut nodes = Nodes::default();
    for record in lines.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        nodes.add(line_of(text, &record), &record)?;
    }
    nodes.finish()
}

/// What was read so far, by node and number.
#[derive(Default)]
struct Nodes {
    /// Index by name, so that nodes keep the order of their first line.
    index: BTreeMap<String, usize>,
    beats: Vec<(String, BTreeMap<u64, Line>)>,
    repeated: u64,
    first_repeated_line: u64,
}

impl Nodes {
    fn add(&mut self, number: u64, record: &csv::StringRecord) -> Result<(), ImportFault> {
        let cell = |index: usize| record.get(index).unwrap_or_default();
        let name = cell(0);
        if name.is_empty() {
            return Err(ImportFault::line(number, "node is empty", "any text names a node"));
        }
        let seq = cell(1).parse::<u64>().map_err(|_| {
            let message = format!("seq is {}", quote(cell(1)));
            ImportFault::line(number, message, "seq is a whole number of at least zero")
        })?;
        let sent = seconds(number, "sent_s", cell(2))?;
        let arrived = if cell(3).is_empty() { None } else { Some(seconds(number, "arrived_s", cell(3))?) };
        self.put(name, seq, Line { number, sent, arrived });
        Ok(())
    }

    /// Keeps a line, or of two with the same number the one that arrived first.
    fn put(&mut self, name: &str, seq: u64, line: Line) {
        let index = *self.index.entry(name.to_owned()).or_insert_with(|| {
            self.beats.push((name.to_owned(), BTreeMap::new()));
            self.beats.len() - 1
        });
        let beats = &mut self.beats[index].1;
        let Some(before) = beats.get_mut(&seq) else {
            beats.insert(seq, line);
            return;
        };
        self.repeated += 1;
        if self.first_repeated_line == 0 {
            self.first_repeated_line = line.number;
        }
        if line.arrived.is_some_and(|arrived| before.arrived.is_none_or(|earlier| arrived < earlier)) {
            *before = line;
        }
    }

    fn finish(self) -> Result<Imported, ImportFault> {
        let lines = || self.beats.iter().flat_map(|(_, beats)| beats.values());
        let instants = || lines().flat_map(|line| [Some(line.sent), line.arrived]).flatten();
        let (Some(origin), Some(end)) = (instants().min(), instants().max()) else {
            return Err(ImportFault::whole("has no heartbeats", "a line a heartbeat follows the header"));
        };
        if lines().all(|line| line.arrived.is_none()) {
            return Err(ImportFault::whole("has no arrival", "arrived_s is empty only where a heartbeat was lost"));
        }
        self.count_missing()?;
        let since_origin = |instant: i128| u64::try_from(instant - origin).map_err(|_| too_long());
        let end = Span::from_nanos(since_origin(end)?);
        let mut nodes = Vec::with_capacity(self.beats.len());
        for (name, beats) in &self.beats {
            let beat = |(seq, line): (&u64, &Line)| {
                let arrived = line.arrived.map(since_origin).transpose()?;
                Ok(Recorded { seq: *seq, sent: since_origin(line.sent)?, arrived })
            };
            nodes.push(TracedNode { name: name.clone(), beats: beats.iter().map(beat).collect::<Result<_, _>>()? });
        }
        let trace = Trace { nodes };
        let median_step = median_step(&trace);
        Ok(Imported { trace, repeated: self.repeated, first_repeated_line: self.first_repeated_line, median_step, end })
    }
}

impl Nodes {
    /// Refuses a recording in which so many numbers are missing that they can't be lost heartbeats. The fault names the longest
    /// gap.
    fn count_missing(&self) -> Result<(), ImportFault> {
        let gaps = self.beats.iter().flat_map(|(name, beats)| {
            beats
                .iter()
                .zip(beats.iter().skip(1))
                .map(move |((from, _), (to, line))| (to - from - 1, name, *from, *to, line))
        });
        let missing = gaps.clone().map(|(missing, ..)| missing).fold(0, u64::saturating_add);
        if missing <= Trace::MOST_MISSING {
            return Ok(());
        }
        let Some((longest, name, from, to, line)) = gaps.max_by_key(|(missing, ..)| *missing) else { return Ok(()) };
        Err(ImportFault::line(
            line.number,
            format!("seq of node {} goes from {from} to {to}: {longest} heartbeats are missing", quote(name)),
            format!(
                "a missing seq is a lost heartbeat, and at most {} may be missing from a trace; where a counter was set \
                 anew, call the node by another name from there on",
                Trace::MOST_MISSING
            ),
        ))
    }
}

fn too_long() -> ImportFault {
    ImportFault::whole("spans more than 500 years", "sent_s and arrived_s count from one origin, in seconds")
}

/// Nanoseconds of a decimal of seconds, which may be negative.
fn seconds(line: u64, column: &str, cell: &str) -> Result<i128, ImportFault> {
    let (sign, digits) = cell.strip_prefix('-').map_or((1, cell), |digits| (-1, digits));
    let span = Decimal::parse(digits).ok().and_then(Span::from_decimal_seconds).ok_or_else(|| {
        let message =
            if cell.is_empty() { format!("{column} is empty") } else { format!("{column} is {}", quote(cell)) };
        ImportFault::line(line, message, "times are plain numbers of seconds, such as 12.25")
    })?;
    Ok(sign * i128::from(span.as_nanos()))
}

/// The median time between two sends that follow each other, per step of the number: the mean of the two in the middle
/// where their count is even.
fn median_step(trace: &Trace) -> Option<Span> {
    let step = |pair: &[Recorded]| {
        let elapsed = pair[1].sent.checked_sub(pair[0].sent)?;
        Some(elapsed / (pair[1].seq - pair[0].seq))
    };
    let mut steps: Vec<u64> = trace.nodes.iter().flat_map(|node| node.beats.windows(2).filter_map(step)).collect();
    steps.sort_unstable();
    let upper = *steps.get(steps.len() / 2)?;
    let lower = steps[(steps.len() - 1) / 2];
    Some(Span::from_nanos(lower.midpoint(upper)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "node,seq,sent_s,arrived_s\n";

    fn read(lines: &str) -> Result<Imported, ImportFault> {
        trace(format!("{HEAD}{lines}").as_bytes())
    }

    #[test]
    fn times_count_from_the_earliest_instant_exactly() {
        let read =
            read("web 1,4,1700000000.000000001,1700000000.25\nb,0,1699999999.5,\nweb 1,5,1700000001,1700000001.1\n");
        let imported = read.expect("readable");
        let web = &imported.trace.nodes[0];
        assert_eq!(web.name, "web 1");
        assert_eq!(web.beats[0], Recorded { seq: 4, sent: 500_000_001, arrived: Some(750_000_000) });
        assert_eq!(imported.trace.nodes[1].beats, [Recorded { seq: 0, sent: 0, arrived: None }]);
        assert_eq!(imported.end, Span::from_millis(1600));
        assert_eq!(imported.median_step, Some(Span::from_nanos(999_999_999)));
    }

    #[test]
    fn arrivals_before_the_send_and_negative_times_are_kept() {
        let imported = read("a,0,-1.5,-2\na,2,0.5,0.75\n").expect("readable");
        assert_eq!(imported.trace.nodes[0].beats[0], Recorded { seq: 0, sent: 500_000_000, arrived: Some(0) });
        assert_eq!(imported.median_step, Some(Span::from_secs(1)));
    }

    #[test]
    fn a_repeated_number_counts_by_its_first_arrival() {
        let imported = read("a,0,0,\na,0,0.5,3\na,0,0.5,2\na,0,0.5,4\n").expect("readable");
        assert_eq!(imported.trace.nodes[0].beats, [Recorded { seq: 0, sent: 0, arrived: Some(1_500_000_000) }]);
        assert_eq!((imported.repeated, imported.first_repeated_line), (3, 3));
    }

    #[test]
    fn faults_name_the_line() {
        let text = |lines: &str| read(lines).expect_err("faulty").to_string();
        assert_eq!(text("a,0,0,1\na,x,1,2\n"), "line 3: seq is \"x\"");
        assert_eq!(text("a,0,0,1\na,1,,2\n"), "line 3: sent_s is empty");
        assert_eq!(text("a,0,0,1\n\na,1,1,2s\n"), "line 4: arrived_s is \"2s\"");
        assert_eq!(text("a,0,0\n"), "line 2: has 3 fields, not 4");
        assert_eq!(text(",0,0,1\n"), "line 2: node is empty");
        assert_eq!(text(""), "has no heartbeats");
        assert_eq!(text("a,0,0,\n"), "has no arrival");
        assert_eq!(text("a,0,-9223372036,9223372037\na,1,-18446744073,1\n"), "spans more than 500 years");
        assert_eq!(
            text("a,0,0,1\na,5,5,6\nb,1,0,1\na,99999999,9,9\nb,2,1,2\n"),
            "line 5: seq of node \"a\" goes from 5 to 99999999: 99999993 heartbeats are missing"
        );
        assert_eq!(trace(b"node,seq\n").expect_err("faulty").to_string(), "line 1: the header is \"node,seq\"");
        assert_eq!(trace(b"\xff\xfe").expect_err("faulty").to_string(), "line 1: is not UTF-8 text");
    }
}
