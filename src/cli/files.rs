//! Input files: a path, or `-` for standard input.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use super::exit::{Failure, Outcome};

/// Whether a path stands for standard input.
pub(super) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// How messages name an input.
pub(super) fn name(path: &Path) -> String {
    if is_standard_input(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Most bytes of a scenario: many times more than a person writes, and read in a moment.
const LONGEST: u64 = 4 << 20;

/// Reads the whole text of a scenario.
///
/// # Errors
/// It is missing, is no text, is too long, or cannot be read.
pub(super) fn read(path: &Path) -> Outcome<String> {
    let mut bytes = Vec::new();
    let read = if is_standard_input(path) {
        io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::reading(path, &error))?;
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::unusable(
            format_args!("`{}` is longer than {} MiB", name(path), LONGEST >> 20),
            "a scenario is text that a person writes; recordings lie in files that it names",
        ));
    }
    String::from_utf8(bytes).map_err(|_| Failure::reading(path, &io::ErrorKind::InvalidData.into()))
}
