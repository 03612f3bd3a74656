//! No text makes the scenario floor panic.

use proptest::prelude::*;

use super::{planned, set, sweep};
use crate::scenario::Overrides;

const EXAMPLE: &str = include_str!("contract.toml");
const EVERYTHING: &str = include_str!("everything.toml");

/// Pieces that break things in interesting ways.
const PIECES: [&str; 20] = [
    "",
    "\"",
    "=",
    "[",
    "]",
    "{",
    "}",
    "\n",
    ",",
    "0",
    "-1",
    "1e999",
    "\"0s\"",
    "\"9999999999d\"",
    "[[x]]",
    "é",
    "true",
    "1979-05-27",
    "[sweep]\n",
    "\"x\" = { from = 1 }",
];

/// Replaces what stands between two places (in characters) with a piece.
fn mutate(text: &str, at: usize, length: usize, piece: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let start = at % characters.len();
    let end = (start + length).min(characters.len());
    characters[..start].iter().chain(&piece.chars().collect::<Vec<_>>()).chain(&characters[end..]).collect()
}

/// Plans, or tells faults whose places lie in their texts.
fn survives(text: &str, overrides: &Overrides) {
    for without_sweep in [false, true] {
        let Err(rejection) = planned(text, overrides, without_sweep) else { continue };
        assert!(!rejection.diagnostics.is_empty());
        for fault in &rejection.diagnostics {
            let source = rejection.sources.iter().find(|source| source.name == fault.file).expect("a source");
            assert!(fault.span.start <= fault.span.end && fault.span.end <= source.text.len(), "{fault:?}");
        }
        assert!(!super::shown(&rejection).is_empty());
    }
}

#[test]
fn deep_nesting_does_no_harm() {
    for (open, close) in [("[", "]"), ("{ mixture = [{ of = ", "}]}")] {
        let deep = format!("{}{}", open.repeat(20_000), close.repeat(20_000));
        survives(&format!("[network]\ndelay = {deep}\n"), &Overrides::default());
        survives(EXAMPLE, &set(&[&format!("network.delay={deep}")]));
    }
    survives(&format!("[{}]\n", "a.".repeat(20_000)), &Overrides::default());
    survives(EXAMPLE, &set(&[&format!("{}=1", "a.".repeat(20_000))]));
    survives(EXAMPLE, &sweep(&[&format!("{}=1", "a.".repeat(20_000))]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn mutated_scenarios_do_no_harm(
        which in any::<bool>(),
        cuts in prop::collection::vec((any::<usize>(), 0..30_usize, 0..PIECES.len()), 1..4),
    ) {
        let mut text = if which { EXAMPLE } else { EVERYTHING }.to_owned();
        for (at, length, piece) in cuts {
            text = mutate(&text, at, length, PIECES[piece]);
        }
        survives(&text, &Overrides::default());
    }

    #[test]
    fn arguments_do_no_harm(key in "[a-z.-]{0,30}", path in 0..6_usize, value in "\\PC{0,20}") {
        let paths = ["heartbeat.interval", "network.loss", "detector.fixed.timeout.after", "run.seed", "sweep", "detector.fixed"];
        for argument in [format!("{key}={value}"), format!("{}={value}", paths[path]), value.clone()] {
            survives(EXAMPLE, &set(&[&argument]));
            survives(EXAMPLE, &sweep(&[&argument]));
        }
    }
}
