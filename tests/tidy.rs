//! The order of the house: who may import whom, how long a file may be, what no source may hold.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors from the ground up (`docs/architecture.md`). Floors that share a line may import each other.
const FLOORS: [&[&str]; 13] = [
    &["units"],
    &["num"],
    &["rng"],
    &["detector"],
    &["model"],
    &["engine"],
    &["scenario", "import"],
    &["metrics"],
    &["analysis"],
    &["experiment"],
    &["check"],
    &["report"],
    &["cli"],
];

/// Most lines of code in a file: neither blank nor comment alone.
const MOST_LINES: usize = 500;

/// What would be left for later, in pieces so that this file does not hold it.
const BANNED: [&str; 5] = [
    concat!("todo", "!"),
    concat!("unimplemented", "!"),
    concat!("dbg", "!"),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` with this ending, in order.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![root().join(folder)]);
    while let Some(next) = open.pop() {
        let Ok(entries) = fs::read_dir(next) else { continue };
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<PathBuf> {
    ["src", "tests", "benches", "examples"].iter().flat_map(|folder| files(folder, "rs")).collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).expect("a path in the repository").display().to_string()
}

fn level(floor: &str) -> Option<usize> {
    FLOORS.iter().position(|names| names.contains(&floor))
}

/// The words and signs of a source without comments, strings and characters.
fn tokens(source: &str) -> Vec<String> {
    let chars: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        at += match rest {
            ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => rest.windows(2).position(|two| two == ['*', '/']).map_or(rest.len(), |end| end + 2),
            ['"', ..] => string(rest),
            ['r', '"' | '#', ..] => raw_string(rest).unwrap_or_else(|| word(rest, &mut tokens)),
            ['\'', '\\', _, ..] => 3 + rest[3..].iter().position(|c| *c == '\'').map_or(0, |end| end + 1),
            ['\'', _, '\'', ..] => 3,
            [c, ..] if c.is_alphanumeric() || *c == '_' => word(rest, &mut tokens),
            [':', ':', ..] => sign("::", &mut tokens),
            [c, ..] if c.is_whitespace() => 1,
            [c, ..] => sign(&c.to_string(), &mut tokens),
            [] => 1,
        };
    }
    tokens
}

fn sign(text: &str, tokens: &mut Vec<String>) -> usize {
    tokens.push(text.to_owned());
    text.len()
}

fn word(rest: &[char], tokens: &mut Vec<String>) -> usize {
    let word: String = rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
    let length = word.chars().count();
    tokens.push(word);
    length
}

/// Length of a string literal.
fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// Length of a raw string literal, if it is one.
fn raw_string(rest: &[char]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let body = 2 + hashes;
    let close = rest[body..].windows(end.len()).position(|window| *window == end[..])?;
    Some(body + close + end.len())
}

/// The names that a source takes from the root of the crate: `a` of `crate::a::…`, of `crate::{a::…, b}`, and of as many
/// `super::` as lead there. `depth` is how deep the file's own module lies below the root.
fn root_names(tokens: &[String], depth: usize) -> Vec<String> {
    let mut names = Vec::new();
    // How many braces were open where each inner module began.
    let (mut braces, mut modules): (usize, Vec<usize>) = (0, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            "mod" if tokens.get(at + 2).is_some_and(|next| next == "{") => modules.push(braces),
            "{" => braces += 1,
            "}" => {
                braces = braces.saturating_sub(1);
                if modules.last() == Some(&braces) {
                    modules.pop();
                }
            }
            "crate" => names.extend(heads(&tokens[at + 1..])),
            "super" => {
                let ups = tokens[at..].chunks(2).take_while(|pair| pair[0] == "super").count();
                if ups >= depth + modules.len() {
                    names.extend(heads(&tokens[at + 2 * ups - 1..]));
                }
                at += 2 * ups - 2;
            }
            _ => {}
        }
        at += 1;
    }
    names
}

/// The first names after `::`, one or a group in braces.
fn heads(tokens: &[String]) -> Vec<String> {
    let text = |at: usize| tokens.get(at).map(String::as_str);
    match (text(0), text(1)) {
        (Some("::"), Some("{")) => {
            let (mut names, mut open, mut at) = (Vec::new(), 1, 2);
            while open > 0 && at < tokens.len() {
                match tokens[at].as_str() {
                    "{" => open += 1,
                    "}" => open -= 1,
                    name if open == 1 && matches!(tokens[at - 1].as_str(), "{" | ",") => names.push(name.to_owned()),
                    _ => {}
                }
                at += 1;
            }
            names
        }
        (Some("::"), Some(name)) => vec![name.to_owned()],
        _ => Vec::new(),
    }
}

/// The floor of a file in `src/` and how deep its module lies; `None` for the roots of library and program, and for files of
/// tests, which may look at the house from above.
fn place(path: &Path) -> Option<(String, usize)> {
    let inner = path.strip_prefix(root().join("src")).ok()?;
    let mut modules: Vec<String> =
        inner.with_extension("").components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if modules.last().is_some_and(|last| last == "mod") {
        modules.pop();
    }
    let floor = modules[0].clone();
    let exempt = ["lib", "main"].contains(&floor.as_str()) || modules.iter().any(|module| module == "tests");
    (!exempt).then_some((floor, modules.len()))
}

#[test]
fn a_module_imports_only_from_floors_below() {
    let mut faults = Vec::new();
    for path in files("src", "rs") {
        let Some((floor, depth)) = place(&path) else { continue };
        let own = level(&floor).unwrap_or_else(|| panic!("`{floor}` is on no floor: name it in FLOORS"));
        for name in root_names(&tokens(&fs::read_to_string(&path).unwrap()), depth) {
            if level(&name).is_none_or(|level| level > own) {
                faults.push(format!("{}: imports `{name}` from above", shown(&path)));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn imports_are_found_however_they_are_written() {
    let found = |source: &str, depth| root_names(&tokens(source), depth);
    assert_eq!(found("use crate::engine::Run; let x = crate::units::Span::ZERO;", 1), ["engine", "units"]);
    assert_eq!(found("use crate::{model::{World, Law}, num, rng::Key};", 1), ["model", "num", "rng"]);
    assert_eq!(found("use super::engine; pub(super) fn f() {} pub(crate) struct S;", 1), ["engine"]);
    assert_eq!(found("use super::engine; use super::super::report::x;", 2), ["report"]);
    assert_eq!(found("mod tests { use super::*; use super::super::report; } use super::num;", 1), ["report", "num"]);
    assert_eq!(found("mod tests { fn f() { {} } use super::a; } mod other;", 1), [""; 0]);
    let quoted = r##"// crate::a  /* crate::b */ "crate::c \" crate::d" r#"crate::e "quoted""# '"' "x" crate::f::g '\'' crate::h"##;
    assert_eq!(found(quoted, 1), [""; 0]);
    assert_eq!(found(&quoted.replacen("//", "", 1), 1), ["a", "f", "h"]);
}

#[test]
fn no_file_outgrows_its_idea() {
    let code = |source: &str| {
        let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        source.lines().filter(is_code).count()
    };
    let long: Vec<String> = sources()
        .into_iter()
        .map(|path| (code(&fs::read_to_string(&path).unwrap()), path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{}: {lines} lines of code, at most {MOST_LINES}", shown(&path)))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn nothing_is_left_for_later() {
    let mut faults = Vec::new();
    let texts = sources().into_iter().chain(files("scenarios", "toml")).chain(files("docs", "md"));
    for path in texts.chain([root().join("README.md"), root().join("CHANGELOG.md")]) {
        let source = fs::read_to_string(&path).unwrap();
        for (number, line) in source.lines().enumerate() {
            faults.extend(
                BANNED
                    .iter()
                    .filter(|word| line.contains(**word))
                    .map(|word| format!("{}:{}: holds `{word}`", shown(&path), number + 1)),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = files("src", "rs")
        .into_iter()
        .filter(|path| !path.ends_with("tests.rs"))
        .filter(|path| !fs::read_to_string(path).unwrap().starts_with("//!"))
        .map(|path| shown(&path))
        .collect();
    assert!(silent.is_empty(), "these do not start with `//!`: {}", silent.join(", "));
}

#[test]
fn every_scenario_asks_a_question_and_answers_it() {
    let mut faults = Vec::new();
    for path in files("scenarios", "toml") {
        let text = fs::read_to_string(&path).unwrap();
        let comment: Vec<&str> = text.lines().take_while(|line| line.starts_with('#') || line.is_empty()).collect();
        for part in ["# Question: ", "# Answer: "] {
            if !comment.iter().any(|line| line.starts_with(part)) {
                faults.push(format!("{}: no line `{part}…` in the comment at its head", shown(&path)));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
