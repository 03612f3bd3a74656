//! A folder of its own for every test, and the program that runs in it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use snapbox::cmd::Command;

/// A folder that goes away with the test.
pub(super) struct Place(tempfile::TempDir);

impl Place {
    /// An empty folder.
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// The folder with this file in it.
    pub(super) fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// A path in it.
    pub(super) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    /// The text of a file in it.
    pub(super) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program, started in the folder.
    pub(super) fn systole(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        Command::new(snapbox::cmd::cargo_bin!("systole")).current_dir(self.0.path()).args(arguments)
    }
}
