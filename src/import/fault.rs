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
    let message = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8 text".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => format!("has {len} fields, not {expected_len}"),
        _ => "is no CSV".to_owned(),
    };
    ImportFault { line, message, help: "every line has as many fields as the header, separated by commas".to_owned() }
}

/// The lines of a CSV text, which may start with a byte-order mark.
pub(super) fn reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes)
}

/// Text of a file for a message: as it stands, cut where it is long.
pub(super) fn quote(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short:?}…") } else { format!("{text:?}") }
}
