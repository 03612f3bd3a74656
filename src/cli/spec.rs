//! A detector on the command line, `NAME=KIND(key=value, …)`, as the lines of a scenario that mean the same.
//!
//! Only the shape is read here. Which kinds there are and what their keys take is the scenario's to say.

use std::fmt::Write as _;

use super::exit::{Failure, Outcome};
use crate::scenario::fault_of_detector;

/// A detector as the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spec {
    /// Its name, where one was given.
    name: Option<String>,
    kind: String,
    /// Keys and values as they stand in a scenario.
    keys: Vec<(String, String)>,
}

impl Spec {
    /// Reads `KIND`, `KIND(key=value, …)` or `NAME=KIND(…)`.
    ///
    /// # Errors
    /// It has another shape, or its kind or one of its keys is not known.
    pub(super) fn parse(text: &str) -> Outcome<Self> {
        let spec = Self::read(text).ok_or_else(|| {
            Failure::unusable(
                format_args!("`--detector '{text}'` is not written as a detector is"),
                "write KIND, KIND(key=value, …) or NAME=KIND(key=value, …), such as 'timeout(after=3s)'",
            )
        })?;
        let keys: Vec<&str> = spec.keys.iter().map(|(key, _)| key.as_str()).collect();
        match fault_of_detector(&spec.kind, &keys) {
            None => Ok(spec),
            Some((what, help)) => Err(Failure::unusable(format_args!("`--detector '{text}'`: {what}"), help)),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (head, keys) = match text.split_once('(') {
            Some((head, rest)) => (head, rest.trim_end().strip_suffix(')')?),
            None => (text, ""),
        };
        let (name, kind) = match head.split_once('=') {
            Some((name, kind)) => (Some(word(name)?), word(kind)?),
            None => (None, word(head)?),
        };
        let keys = keys.split(',').filter(|key| !key.trim().is_empty()).map(|key| {
            let (key, value) = key.split_once('=')?;
            Some((word(key)?, toml_value(value.trim())?))
        });
        Some(Self { name, kind, keys: keys.collect::<Option<_>>()? })
    }
}

/// A bare key of TOML.
fn word(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!text.is_empty() && text.chars().all(plain)).then(|| text.to_owned())
}

/// A value as TOML: what reads as a number, truth or string stays, anything else becomes a string.
fn toml_value(text: &str) -> Option<String> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return None;
    }
    let plain = text.parse::<i64>().is_ok() || text.parse::<toml::Value>().is_ok_and(|value| !value.is_table());
    Some(if plain { text.to_owned() } else { toml::Value::from(text).to_string() })
}

/// The `[detector.NAME.KIND]` tables. One without a name is called after its kind; the second of a kind is `KIND-2`.
pub(super) fn tables(specs: &[Spec]) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut text = String::new();
    for spec in specs {
        let name = spec.name.clone().unwrap_or_else(|| unused(&spec.kind, specs, &names));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n[detector.{name}.{}]", spec.kind);
        for (key, value) in &spec.keys {
            let _ = writeln!(text, "{key} = {value}");
        }
        names.push(name);
    }
    text
}

/// `kind`, `kind-2`, …: the first that nobody has or was given.
fn unused(kind: &str, specs: &[Spec], names: &[String]) -> String {
    let taken = |name: &String| names.contains(name) || specs.iter().any(|spec| spec.name.as_ref() == Some(name));
    let numbered = (2..).map(|number| format!("{kind}-{number}"));
    std::iter::once(kind.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(specs: &[&str]) -> String {
        tables(&specs.iter().map(|spec| Spec::parse(spec).unwrap()).collect::<Vec<_>>())
    }

    #[test]
    fn keys_become_the_lines_of_a_scenario() {
        assert_eq!(
            written(&["phi-akka(threshold=12, acceptable-pause = 5s)"]),
            "\n[detector.phi-akka.phi-akka]\nthreshold = 12\nacceptable-pause = \"5s\"\n"
        );
        assert_eq!(written(&["misses"]), "\n[detector.misses.misses]\n");
        assert_eq!(written(&["a=misses( )"]), "\n[detector.a.misses]\n");
        assert_eq!(
            written(&["timeout(after=3.5 intervals, rearm=\"any\")"]),
            "\n[detector.timeout.timeout]\nafter = \"3.5 intervals\"\nrearm = \"any\"\n"
        );
    }

    #[test]
    fn names_are_made_without_a_clash() {
        let names = |text: &str| -> Vec<String> {
            text.lines()
                .filter_map(|line| line.strip_prefix("[detector.")?.split('.').next().map(String::from))
                .collect()
        };
        assert_eq!(
            names(&written(&["misses", "misses(count=2)", "misses-2=timeout(after=1s)", "misses"])),
            ["misses", "misses-3", "misses-2", "misses-4"]
        );
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in ["", "timeout(after=3s", "timeout(after)", "(after=3s)", "a b", "a=", "timeout(after=)", "x(a.b=1)"]
        {
            let failure = Spec::parse(text).expect_err(text);
            assert!(failure.message.contains("is not written as a detector is"), "{}", failure.message);
        }
    }
}
