//! Files that nobody should feed to it: each is refused in words, at once.

use std::time::Duration;

use super::common::{Place, SMALL};

/// What a run of a hostile file says, and that it says it with exit code 2.
fn refused(content: impl AsRef<[u8]>) -> String {
    let place = Place::new().with("hostile.toml", content);
    let run = place.systole(["run", "hostile.toml", "--dry-run"]).timeout(Duration::from_secs(20));
    let assert = run.assert().code(2).stdout_eq("");
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

#[test]
fn rubbish_is_named() {
    for (content, says) in [
        (b"\xff\xfe\x00\x01rubbish".to_vec(), "is not text in UTF-8"),
        (Vec::new(), "name is missing"),
        (b"# nothing\n".to_vec(), "name is missing"),
        (format!("{SMALL}\nsummary = \"a\u{0}b\"\n").into_bytes(), "not valid TOML"),
        (SMALL.replace("\"small\"", "\"kle\u{ef}n \u{1f600}\"").into_bytes(), "is no name"),
        (SMALL.replace("1s", "\u{ff11}s").into_bytes(), "does not start with a number"),
        (format!("{SMALL}\n[run]\nseed = 2\n").into_bytes(), "`run` stands there twice"),
        (b"name = [\"x\"]\nheartbeat = \"1s\"\ndetector = [1]\n".to_vec(), "detector is a list"),
        (vec![b'['; 1 << 20], "not valid TOML"),
        (["x = ".as_bytes(), &vec![b'['; 1 << 20]].concat(), "too deeply nested"),
        (vec![b'#'; 10 << 20], "is longer than 4 MiB"),
        (format!("{SMALL}{}", "[detector.x.timeot]\n[detector.y]\n".repeat(1000)).into_bytes(), "stands there twice"),
    ] {
        let text = refused(content);
        assert!(text.contains(says), "{says}: {text}");
    }
}

#[test]
fn a_mark_and_carriage_returns_of_another_system_do_no_harm() {
    let text = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
    Place::new().with("small.toml", text).systole(["run", "small.toml", "--dry-run"]).assert().code(0);
    let tabs = SMALL.replace(" = ", "\t=\t");
    Place::new().with("small.toml", tabs).systole(["run", "small.toml", "--dry-run"]).assert().code(0);
}

#[test]
fn thousands_of_faults_are_told_soon() {
    let detectors: Vec<String> = (0..5000).map(|number| format!("[detector.d{number}.timeot]")).collect();
    let text = refused(format!("{SMALL}{}", detectors.join("\n")));
    assert!(text.contains("and 4900 more faults"), "{}", &text[text.len() - 300..]);
}

#[test]
fn folders_and_missing_files_are_named() {
    let place = Place::new().with("folder/file", "");
    let says = |path: &str| {
        let assert = place.systole(["run", path]).assert().code(2);
        String::from_utf8(assert.get_output().stderr.clone()).unwrap()
    };
    assert!(says("folder").contains("is a folder"));
    assert!(says("no.toml").contains("there is no file"));
}
