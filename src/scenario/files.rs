//! Files that a scenario names: each is read once, and goes into the fingerprint.

use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use super::fingerprint::Fingerprint;
use crate::import::{self, ImportFault, Imported};
use crate::units::Span;

/// How a file that a scenario names is read: its path as written in, its bytes out.
pub type Loader<'a> = dyn Fn(&str) -> io::Result<Vec<u8>> + 'a;

/// Why a file cannot be used: message and help.
pub(super) type FileFault = (String, String);

/// What was read, or why it was not; read once and shared.
type Read<T> = Result<Rc<T>, FileFault>;

/// Files read so far.
pub(super) struct Files<'a> {
    load: &'a Loader<'a>,
    bytes: BTreeMap<String, Read<[u8]>>,
    columns: BTreeMap<(String, String), Read<[Span]>>,
    traces: BTreeMap<String, Read<Imported>>,
}

impl<'a> Files<'a> {
    /// Nothing read yet.
    pub(super) const fn new(load: &'a Loader<'a>) -> Self {
        Self { load, bytes: BTreeMap::new(), columns: BTreeMap::new(), traces: BTreeMap::new() }
    }

    fn bytes(&mut self, path: &str) -> Read<[u8]> {
        let load = self.load;
        let read = || load(path).map(Rc::from).map_err(|error| unreadable(path, &error));
        self.bytes.entry(path.to_owned()).or_insert_with(read).clone()
    }

    /// The values of one column, ascending.
    pub(super) fn column(&mut self, path: &str, name: &str) -> Read<[Span]> {
        let key = (path.to_owned(), name.to_owned());
        if !self.columns.contains_key(&key) {
            let read =
                self.bytes(path).and_then(|bytes| import::column(&bytes, name).map_err(|fault| named(path, &fault)));
            self.columns.insert(key.clone(), read.map(Rc::from));
        }
        self.columns[&key].clone()
    }

    /// A recording of heartbeats.
    pub(super) fn trace(&mut self, path: &str) -> Read<Imported> {
        if !self.traces.contains_key(path) {
            let read = self.bytes(path).and_then(|bytes| import::trace(&bytes).map_err(|fault| named(path, &fault)));
            self.traces.insert(path.to_owned(), read.map(Rc::new));
        }
        self.traces[path].clone()
    }

    /// Adds the content of every file that was read.
    pub(super) fn add_to(&self, fingerprint: &mut Fingerprint) {
        for (path, bytes) in &self.bytes {
            fingerprint.add(path.as_bytes());
            fingerprint.add(bytes.as_deref().unwrap_or_default());
        }
    }
}

fn unreadable(path: &str, error: &io::Error) -> FileFault {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    };
    (format!("cannot read {path:?}: {why}"), "paths are relative to the folder of the scenario".to_owned())
}

fn named(path: &str, fault: &ImportFault) -> FileFault {
    let place = fault.line.map_or_else(|| format!("{path:?}"), |line| format!("{path:?}, line {line}"));
    (format!("{place}: {}", fault.message), fault.help.clone())
}
