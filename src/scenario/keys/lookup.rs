//! From a dotted path to its key.

use super::{Key, Keys, Kind, ROOT};

/// A path that leads nowhere.
#[derive(Clone, Debug)]
pub(in crate::scenario) struct Astray {
    /// How many parts of the path are known.
    pub(in crate::scenario) depth: usize,
    /// What could stand in place of the next part.
    pub(in crate::scenario) known: Vec<&'static str>,
}

/// Follows a path through the table of keys, also into the laws.
pub(in crate::scenario) fn lookup(path: &[String]) -> Result<&'static Key, Astray> {
    let mut keys = Keys::of(ROOT);
    let mut depth = 0;
    loop {
        let astray = || Astray { depth, known: keys.iter().map(|key| key.name).collect() };
        let part = path.get(depth).ok_or_else(astray)?;
        let key = keys.iter().find(|key| key.name == part).ok_or_else(astray)?;
        depth += 1;
        if depth == path.len() || matches!(key.kind, Kind::Later(_)) {
            return Ok(key);
        }
        keys = if let Kind::Named(inner) = key.kind {
            depth += 1;
            Keys::of(inner)
        } else if let Some(inner) = key.kind.forms().map(Keys::of).or_else(|| key.kind.keys()) {
            inner
        } else {
            return Err(Astray { depth, known: Vec::new() });
        };
    }
}
