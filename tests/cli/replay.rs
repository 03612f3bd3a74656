//! `systole replay`.

use snapbox::str;

use super::common::{Place, SMALL};

/// A heartbeat a second for twenty minutes, 40 ms on its way; every 60th is lost, and nine in a row from the 310th on.
fn trace() -> String {
    let mut text = String::from("node,seq,sent_s,arrived_s\n");
    for seq in 0..1200_u32 {
        let lost = seq % 60 == 59 || (310..319).contains(&seq);
        let arrived = if lost { String::new() } else { format!("{seq}.04") };
        text += &format!("a,{seq},{seq},{arrived}\n");
    }
    text
}

fn place() -> Place {
    Place::new().with("campus.csv", trace())
}

/// The false positives of each detector, in their order.
fn false_positives(csv: &str) -> Vec<(String, u32)> {
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let column = |name| header.iter().position(|column| *column == name).unwrap();
    let (detector, count) = (column("detector"), column("false_positives"));
    lines.map(|row| (row[detector].to_owned(), row[count].parse().unwrap())).collect()
}

#[test]
fn every_kind_but_self_tuning_listens_by_default() {
    let place = place();
    let csv = place.printed(&["replay", "campus.csv", "--no-charts", "--format", "csv"], 0);
    let kinds: Vec<String> = false_positives(&csv).into_iter().map(|(detector, _)| detector).collect();
    let expected = [
        "timeout",
        "misses",
        "nfd-s",
        "nfd-u",
        "nfd-e",
        "bertier",
        "two-window",
        "phi-normal",
        "phi-akka",
        "phi-hazelcast",
        "phi-cassandra",
        "phi-chitchat",
        "exponential",
        "histogram",
    ];
    assert_eq!(kinds, expected);
    assert!(place.path("results/campus/manifest.json").exists());
}

#[test]
fn detectors_can_be_named_with_their_keys() {
    let place = place();
    let arguments = ["replay", "campus.csv", "--no-charts", "--format", "csv", "--detector", "timeout(after=1.5s)"];
    let more = ["--detector", "timeout(after=3s)", "--detector", "patient=timeout(after=10.5s)"];
    let csv = place.printed(&[&arguments[..], &more[..]].concat(), 0);
    let expected = [("timeout", 20), ("timeout-2", 1), ("patient", 0)].map(|(name, count)| (name.to_owned(), count));
    assert_eq!(false_positives(&csv), expected);
}

#[test]
fn a_scenario_lends_its_detectors_and_keeps_its_world() {
    let place = place().with("small.toml", SMALL);
    let arguments = ["replay", "campus.csv", "--scenario", "small.toml", "--no-charts", "--format", "csv"];
    // Silences of exactly 2 s and of 10 s end in time.
    let expected = [("hasty", 1), ("patient", 0)].map(|(name, count)| (name.to_owned(), count));
    assert_eq!(false_positives(&place.printed(&arguments, 0)), expected);
    let swept = [&arguments[..], &["--sweep", "detector.hasty.timeout.after=1.5s,2.5s"]].concat();
    let expected = [("hasty", 20), ("patient", 0), ("hasty", 1)].map(|(name, count)| (name.to_owned(), count));
    assert_eq!(false_positives(&place.printed(&swept, 0)), expected);
}

#[test]
fn a_trace_may_come_from_standard_input() {
    let place = Place::new();
    place.systole(["replay", "-", "--no-charts", "--quiet"]).stdin(trace()).assert().code(0).stderr_eq("");
    assert!(place.path("results/trace/manifest.json").exists());
}

#[test]
fn bad_lines_and_missing_traces_are_named() {
    let place = Place::new().with("bad.csv", trace().replace("a,17,17,", "a,17,seventeen,"));
    place.systole(["replay", "bad.csv"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: `bad.csv`, line 19: sent_s is "seventeen"
  help: times are plain numbers of seconds, such as 12.25

"#]]);
    let place = place.with("jump.csv", trace() + "a,4294967295,1200,1200.04\n");
    place.systole(["replay", "jump.csv"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: `jump.csv`, line 1202: seq of node "a" goes from 1199 to 4294967295: 4294966095 heartbeats are missing
  help: a missing seq is a lost heartbeat, and at most 10000000 may be missing from a trace; where a counter was set anew, call the node by another name from there on

"#]]);
    place.systole(["replay", "no.csv"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: there is no file `no.csv`
  help: check the path

"#]]);
}

#[test]
fn missing_numbers_count_as_sent_and_remarks_are_told_once() {
    let gap = "node,seq,sent_s,arrived_s\na,0,0,0.1\na,1,1,1.1\na,1,1,1.2\na,900000,900000,900000.1\n";
    let place = Place::new()
        .with("gap.csv", gap)
        .with("gap.toml", "name = \"gap\"\n[heartbeat]\ninterval = \"1s\"\ntrace = \"gap.csv\"\n[detector.a.misses]\n");
    assert!(place.printed(&["run", "gap.toml", "--dry-run"], 0).contains("heartbeats  900 k, warm-up included"));
    let table = place.printed(&["run", "gap.toml", "--no-charts"], 0);
    assert_eq!(table.matches("the trace repeats").count(), 1, "{table}");
    let csv = place.printed(&["run", "gap.toml", "--no-charts", "--format", "csv"], 0);
    let cell = |name| {
        let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let column = lines.next().unwrap().iter().position(|column| *column == name).unwrap();
        lines.next().unwrap()[column].to_owned()
    };
    assert_eq!((cell("heartbeats_sent"), cell("heartbeats_lost")), ("900001".to_owned(), "899998".to_owned()));
}

#[test]
fn detectors_that_mean_nothing_are_refused() {
    let place = place();
    let with =
        |detector| place.systole(["replay", "campus.csv", "--detector", detector]).assert().code(2).stdout_eq("");
    with("timeout(3s)").stderr_eq(str![[r#"
error: `--detector 'timeout(3s)'` is not written as a detector is
  help: write KIND, KIND(key=value, …) or NAME=KIND(key=value, …), such as 'timeout(after=3s)'

"#]]);
    with("timeot(after=3s)").stderr_eq(str![[r#"
error: `--detector 'timeot(after=3s)'`: there is no detector kind "timeot"
  help: did you mean `timeout`? the kinds are timeout, misses, nfd-s, nfd-u, nfd-e, bertier, two-window, phi-normal, phi-akka, phi-hazelcast, phi-cassandra, phi-chitchat, exponential, histogram, self-tuning

"#]]);
    with("timeout(aftr=3s)").stderr_eq(str![[r#"
error: `--detector 'timeout(aftr=3s)'`: timeout has no key "aftr"
  help: did you mean `after`?

"#]]);
    with("timeout(after=3)").stderr_eq(str![[r#"
error: detector.timeout.timeout.after has no unit
 --> --detector:3:9
  |
3 | after = 3
  |         ^ expected a span, such as "1.5s", or intervals, such as "3.5 intervals", above zero
  |
  = help: write "3s" or "3ms", whichever is meant

"#]]);
}
