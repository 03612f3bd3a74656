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

/// Reads a whole text.
///
/// # Errors
/// It is missing, is no text, or cannot be read.
pub(super) fn read(path: &Path) -> Outcome<String> {
    let read = if is_standard_input(path) {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    read.map_err(|error| Failure::reading(path, &error))
}
