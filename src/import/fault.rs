//! What is wrong with a recording.

use std::fmt;

/// A recording that cannot be read: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFault {
    /// The number of the line, from 1; `None` where the file as a whole is meant.
    pub line: Option<u64>,
    /// What is wrong with it.
    pub message: String,
    /// What should stand there.
    pub help: String,
}

impl ImportFault {
    /// A fault of the whole file.
    pub(super) fn whole(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { line: None, message: message.into(), help: help.into() }
    }

    /// A fault of one line.
    pub(super) fn line(line: u64, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { line: Some(line), message: message.into(), help: help.into() }
    }
}

impl fmt::Display for ImportFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "line {line}: {}", self.message),
            None => out.write_str(&self.message),
        }
    }
}

impl std::error::Error for ImportFault {}

/// The line of a fault that the CSV reader found.
pub(super) fn unreadable(error: &csv::Error) -> ImportFault {
    let line = error.position().map(csv::Position::line);
    let (message, help) = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => ("is not UTF-8 text".to_owned(), "save the file as UTF-8"),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => (
            format!("has {len} {}, not {expected_len}", if *len == 1 { "field" } else { "fields" }),
            "every line has as many fields as the header, separated by commas; a quote is closed where it was opened",
        ),
        _ => ("is no CSV".to_owned(), "every line has as many fields as the header, separated by commas"),
    };
    ImportFault { line, message, help: help.to_owned() }
}

/// A CSV text without the byte-order mark that it may start with.
pub(super) fn text(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The records of a CSV text.
pub(super) fn reader(text: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text)
}

/// The line on which a record of a CSV text starts. The reader names the first of the empty lines above it instead.
pub(super) fn line_of(text: &[u8], record: &csv::StringRecord) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let above = text.get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + above.filter(|byte| **byte == b'\n').count() as u64
}

/// Text of a file for a message: as it stands, cut where it is long.
pub(super) fn quote(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short:?}…") } else { format!("{text:?}") }
}
