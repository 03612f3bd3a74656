//! A folder of its own for every test, and the program that runs in it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use snapbox::cmd::Command;

/// A scenario that runs in a moment, and whose limit holds.
pub(super) const SMALL: &str = r#"name = "small"

[run]
duration = "20m"
warm-up = "1m"
trials = 8

[cluster]
nodes = 5

[heartbeat]
interval = "1s"

[network]
delay = { exponential = { mean = "20ms" } }
loss = 0.05

[fault.crashes.crash]
every = "4m"
down-for = "1m"

[detector.hasty.timeout]
after = "2s"

[detector.patient.timeout]
after = "10s"

[limits]
patient = ["detection_latency_p50 <= 12s"]
"#;

/// A folder that goes away with the test.
pub(super) struct Place(tempfile::TempDir);

impl Place {
    /// An empty folder.
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with `small.toml` in it.
    pub(super) fn small() -> Self {
        Self::new().with("small.toml", SMALL)
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

    /// What a run of it prints on standard output; it must end with `code`.
    pub(super) fn printed(&self, arguments: &[&str], code: i32) -> String {
        let assert = self.systole(arguments).assert().code(code);
        String::from_utf8(assert.get_output().stdout.clone()).unwrap()
    }

    /// Every file below one of its folders, hidden ones too, with its bytes.
    pub(super) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.path(folder);
        let (mut found, mut open) = (BTreeMap::new(), vec![root.clone()]);
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().display().to_string();
                    found.insert(name, fs::read(path).unwrap());
                }
            }
        }
        found
    }
}
