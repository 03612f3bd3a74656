use super::*;
use crate::cli::exit::Exit;

const OURS: &[u8] = br#"{ "tool": "systole", "version": "0.1.0" }"#;

fn files() -> Vec<(&'static str, Vec<u8>)> {
    vec![("summary.csv", b"point\n1\n".to_vec()), ("charts/a.svg", b"<svg/>".to_vec()), (MANIFEST, OURS.to_vec())]
}

fn never() -> bool {
    false
}

/// Every path below a folder, hidden ones too.
fn inside(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            found.push(path.strip_prefix(folder).unwrap().display().to_string());
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

fn refusal(path: &Path) -> String {
    let failure = Folder::prepare(path).expect_err("must be refused");
    assert_eq!(failure.exit, Exit::Io);
    failure.message
}

#[test]
fn a_folder_appears_with_its_missing_parents() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a/b/results");
    Folder::prepare(&path).unwrap().write(&files(), never).unwrap();
    let parents = ["a", "a/b", "a/b/results"];
    let content = ["charts", "charts/a.svg", "manifest.json", "summary.csv"].map(|name| format!("a/b/results/{name}"));
    let expected: Vec<String> = parents.into_iter().map(String::from).chain(content).collect();
    assert_eq!(inside(place.path()), expected);
}

#[test]
fn nothing_is_left_of_a_folder_that_was_not_written() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a/b/results");
    drop(Folder::prepare(&path).unwrap());
    assert_eq!(inside(place.path()), [""; 0]);
    let stopped = Folder::prepare(&path).unwrap().write(&files(), || true).unwrap_err();
    assert_eq!(stopped.exit, Exit::Stopped);
    assert_eq!(inside(place.path()), [""; 0]);
}

#[test]
fn a_write_that_fails_changes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("results");
    Folder::prepare(&path).unwrap().write(&files(), never).unwrap();
    let before = inside(place.path());
    let clash = vec![("new", b"a file".to_vec()), ("new/below", b"cannot be".to_vec())];
    let failure = Folder::prepare(&path).unwrap().write(&clash, never).unwrap_err();
    assert_eq!(failure.exit, Exit::Io);
    assert!(failure.message.contains("nothing was written"), "{}", failure.message);
    assert_eq!(inside(place.path()), before);
}

#[test]
fn our_own_folder_is_replaced_as_a_whole() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("results");
    Folder::prepare(&path).unwrap().write(&files(), never).unwrap();
    let later = vec![(MANIFEST, OURS.to_vec())];
    Folder::prepare(&path).unwrap().write(&later, never).unwrap();
    assert_eq!(inside(place.path()), ["results", "results/manifest.json"]);
}

#[test]
fn an_empty_folder_is_replaced_and_a_strange_one_is_not() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("results");
    fs::create_dir(&path).unwrap();
    drop(Folder::prepare(&path).unwrap());
    fs::write(path.join("thesis.tex"), "ten years of work").unwrap();
    assert!(refusal(&path).contains("holds files that are no results of systole"));
    fs::write(path.join(MANIFEST), r#"{ "tool": "another" }"#).unwrap();
    assert!(refusal(&path).contains("no results of systole"));
    assert_eq!(fs::read_to_string(path.join("thesis.tex")).unwrap(), "ten years of work");
}

#[test]
fn a_folder_that_filled_up_meanwhile_is_not_replaced() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("results");
    let folder = Folder::prepare(&path).unwrap();
    fs::create_dir(&path).unwrap();
    fs::write(path.join("thesis.tex"), "").unwrap();
    assert_eq!(folder.write(&files(), never).unwrap_err().exit, Exit::Io);
    assert_eq!(inside(place.path()), ["results", "results/thesis.tex"]);
}

#[test]
fn what_stands_in_the_way_is_named() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(refusal(&file).contains("is a file"));
    assert!(refusal(&file.join("results")).contains("not a directory"));
    assert!(refusal(Path::new("")).contains("no name"));
    assert!(refusal(Path::new("/")).contains("root"));
    assert!(refusal(Path::new(".")).contains("the folder you stand in"));
    assert!(refusal(Path::new("no-such-folder/..")).contains("name a folder"));
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_kept() {
    let place = tempfile::tempdir().unwrap();
    let (real, link) = (place.path().join("real"), place.path().join("link"));
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    Folder::prepare(&link).unwrap().write(&files(), never).unwrap();
    assert!(link.is_symlink() && real.join(MANIFEST).is_file());
    fs::remove_dir_all(&real).unwrap();
    assert!(refusal(&link).contains("is a link to nothing"));
}

#[test]
fn a_single_file_is_replaced_whole() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("trace.csv");
    write_file(&path, b"one").unwrap();
    write_file(&path, b"two").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(inside(place.path()), ["trace.csv"]);
    assert!(write_file(place.path(), b"").unwrap_err().message.contains("is a folder"));
}
