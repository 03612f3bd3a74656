//! The results folder on disk: it appears whole or not at all.
//!
//! [`Folder::prepare`] looks at everything that could go wrong before the simulation starts: what stands in the way, and
//! whether there may be written at all. It opens a hidden folder beside the later one, so that a rename, which cannot stop
//! half-way, puts the finished folder in its place. Where the work stops early, nothing is left behind.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use tempfile::TempDir;

use super::exit::{Failure, Outcome, reason};

/// The file by which a folder is known to be ours, and which only a whole folder has.
const MANIFEST: &str = "manifest.json";

/// A results folder that is about to appear.
#[derive(Debug)]
pub(super) struct Folder {
    /// As the user named it.
    shown: PathBuf,
    /// Where it will stand: no link, no `..`.
    target: PathBuf,
    /// Where it grows. Before `made`, so that it is removed first.
    grows: TempDir,
    made: MadeParents,
}

impl Folder {
    /// Makes ready to write a folder at `path`.
    ///
    /// # Errors
    /// Something else stands there, or nothing may be written there.
    pub(super) fn prepare(path: &Path) -> Outcome<Self> {
        let target = resolve(path)?;
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(refused(path, "is the root of the file system", "name a folder in it"));
        };
        let made = MadeParents::make(parent).map_err(|error| {
            let what = format_args!("cannot make the folder `{}`: {}", shown(parent), reason(&error)).to_string();
            Failure::io(what, "choose another place with --output")
        })?;
        check_replaceable(path, &target)?;
        let mut prefix = std::ffi::OsString::from(".");
        prefix.push(name);
        prefix.push("-");
        let grows = builder().prefix(&prefix).tempdir_in(parent).map_err(|error| {
            let what = format_args!("cannot write in `{}`: {}", shown(parent), reason(&error)).to_string();
            Failure::io(what, "choose another place with --output")
        })?;
        Ok(Self { shown: path.to_owned(), target, grows, made })
    }

    /// Writes every file and puts the folder in its place, unless `stopped` says so between two files.
    ///
    /// # Errors
    /// A file cannot be written, the old folder cannot be replaced, or the user stopped: then nothing has changed.
    pub(super) fn write<Name: AsRef<Path>>(
        mut self,
        files: &[(Name, Vec<u8>)],
        stopped: impl Fn() -> bool,
    ) -> Outcome<()> {
        for (name, bytes) in files {
            if stopped() {
                return Err(Failure::stopped());
            }
            let file = self.grows.path().join(name);
            file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&file, bytes)).map_err(
                |error| {
                    let file = self.shown.join(name);
                    let what = format!("cannot write `{}`: {}", shown(&file), reason(&error));
                    Failure::io(what, "nothing was written; make room or choose another place with --output")
                },
            )?;
        }
        // What stood there when the work began may have changed since.
        check_replaceable(&self.shown, &self.target)?;
        self.put_in_place().map_err(|error| {
            let what = format!("cannot replace `{}`: {}", shown(&self.shown), reason(&error));
            Failure::io(what, "choose another place with --output")
        })
    }

    /// Renames the old folder away, the new one in, and removes the old one.
    fn put_in_place(&mut self) -> io::Result<()> {
        let aside = match fs::symlink_metadata(&self.target) {
            Ok(_) => {
                let parent = self.target.parent().unwrap_or_else(|| Path::new("."));
                let aside = builder().prefix(".systole-old-").tempdir_in(parent)?;
                fs::rename(&self.target, aside.path().join("old"))?;
                Some(aside)
            }
            Err(_) => None,
        };
        if let Err(error) = fs::rename(self.grows.path(), &self.target) {
            if let Some(aside) = aside {
                fs::rename(aside.path().join("old"), &self.target)?;
            }
            return Err(error);
        }
        self.grows.disable_cleanup(true);
        self.made.keep();
        Ok(())
    }
}

/// Folders with the rights that any other program would give them, not the private ones of a temporary folder.
fn builder() -> tempfile::Builder<'static, 'static> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "rights are a matter of Unix"))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder
}

/// Where `path` leads: links followed, also where the folder itself does not exist yet.
fn resolve(path: &Path) -> Outcome<PathBuf> {
    if path.as_os_str().is_empty() {
        return Err(Failure::io("the results folder has no name", "give one with --output"));
    }
    match fs::canonicalize(path) {
        Ok(target) => return Ok(target),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(unusable(path, &error)),
    }
    if fs::symlink_metadata(path).is_ok() {
        return Err(refused(path, "is a link to nothing", "remove the link or mend it"));
    }
    if matches!(path.components().next_back(), Some(Component::ParentDir)) {
        return Err(refused(path, "does not exist", "name a folder"));
    }
    // The nearest parent that exists is followed; what is missing below it will be made.
    let absolute = std::path::absolute(path).map_err(|error| unusable(path, &error))?;
    for existing in absolute.ancestors().skip(1) {
        if let (Ok(real), Ok(missing)) = (fs::canonicalize(existing), absolute.strip_prefix(existing)) {
            return Ok(real.join(missing));
        }
    }
    Ok(absolute)
}

/// Only nothing, an empty folder or results of ours may be replaced.
fn check_replaceable(path: &Path, target: &Path) -> Outcome<()> {
    let Ok(metadata) = fs::symlink_metadata(target) else { return Ok(()) };
    if !metadata.is_dir() {
        return Err(refused(path, "is a file", "remove it or choose another place with --output"));
    }
    if std::env::current_dir().is_ok_and(|here| here.starts_with(target)) {
        return Err(refused(
            path,
            "is the folder you stand in, or holds it, and would be replaced as a whole",
            "name a folder in it, such as `--output results`",
        ));
    }
    let mut entries = fs::read_dir(target).map_err(|error| unusable(path, &error))?;
    if entries.next().is_none() || is_ours(&target.join(MANIFEST)) {
        return Ok(());
    }
    Err(refused(path, "holds files that are no results of systole", "empty it or choose another place with --output"))
}

/// Whether a manifest is one that this program wrote.
fn is_ours(manifest: &Path) -> bool {
    let read = fs::read(manifest).ok();
    let parsed = read.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    parsed.is_some_and(|manifest| manifest.get("tool").and_then(serde_json::Value::as_str) == Some("systole"))
}

fn refused(path: &Path, why: impl Display, remedy: &str) -> Failure {
    Failure::io(format_args!("cannot write the results folder: `{}` {why}", shown(path)), remedy)
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    refused(path, format_args!("cannot be used: {}", reason(error)), "choose another place with --output")
}

/// A path as messages show it: relative to where the user stands, if it lies below.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(fs::canonicalize).ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    match below {
        Some(below) if below.as_os_str().is_empty() => ".".to_owned(),
        Some(below) => below.display().to_string(),
        None => path.display().to_string(),
    }
}

/// Parent folders that had to be made; they go away again unless something was written in them.
#[derive(Debug, Default)]
struct MadeParents {
    /// From the outermost to the innermost.
    made: Vec<PathBuf>,
}

impl MadeParents {
    fn make(parent: &Path) -> io::Result<Self> {
        let mut missing: Vec<_> = parent.ancestors().take_while(|folder| !folder.exists()).collect();
        missing.reverse();
        let mut parents = Self::default();
        for folder in missing {
            match fs::create_dir(folder) {
                Ok(()) => parents.made.push(folder.to_owned()),
                // Another run may have made it just now.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(parents)
    }

    fn keep(&mut self) {
        self.made.clear();
    }
}

impl Drop for MadeParents {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // Fails where it is no longer empty: then it is somebody's.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Writes a single file: whole, or not at all.
///
/// # Errors
/// It cannot be written.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let failed = |error: &io::Error| {
        Failure::io(format_args!("cannot write `{}`: {}", path.display(), reason(error)), "choose another place")
    };
    if path.is_dir() {
        return Err(Failure::io(format_args!("`{}` is a folder", path.display()), "name a file in it"));
    }
    // A pipe, a terminal or a link is written to, not replaced.
    if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(path, bytes).map_err(|error| failed(&error));
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    #[cfg_attr(not(unix), expect(unused_mut, reason = "rights are a matter of Unix"))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(parent).map_err(|error| failed(&error))?;
    io::Write::write_all(&mut file, bytes).map_err(|error| failed(&error))?;
    file.persist(path).map(drop).map_err(|error| failed(&error.error))
}

#[cfg(test)]
mod tests;
