//! `systole run`.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use snapbox::str;

use super::common::{Place, SMALL};

#[test]
fn it_prints_the_table_and_writes_the_folder() {
    let place = Place::small();
    let table = place.printed(&["run", "small.toml"], 0);
    for part in
        ["small", "hasty", "patient", "detection", "cluster alarms", "bandwidth", "Report: results/small/report.html"]
    {
        assert!(table.contains(part), "no `{part}` in:\n{table}");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 100), "wider than 100 columns:\n{table}");
    let files = place.files("results/small");
    for file in ["summary.csv", "summary.json", "trials.csv", "false_positives.csv", "detections.csv", "manifest.json"]
    {
        assert!(files.contains_key(file), "no `{file}` in {:?}", files.keys());
    }
    assert!(files.contains_key("report.html") && files.keys().any(|file| file.ends_with(".svg")));
    assert!(!files.contains_key("transitions.csv"));
    assert_eq!(std::fs::read_dir(place.path("results")).unwrap().count(), 1, "something is left beside the folder");
}

#[test]
fn a_rerun_gives_the_same_bytes_for_any_number_of_threads() {
    let place = Place::small();
    let run = |threads, folder| {
        place.printed(&["run", "small.toml", "--transitions", "--threads", threads, "-o", folder, "--format", "csv"], 0)
    };
    assert_eq!(run("1", "one"), run("2", "two"));
    let (one, two) = (place.files("one"), place.files("two"));
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(*bytes == two[name], "`{name}` differs");
    }
    assert!(one.contains_key("transitions.csv"));
}

#[test]
fn nothing_of_the_machine_gets_into_the_folder() {
    let place = Place::small();
    place.printed(&["run", "small.toml", "-o", "out"], 0);
    let here = place.path("").canonicalize().unwrap().display().to_string();
    for (name, bytes) in place.files("out") {
        assert!(!String::from_utf8_lossy(&bytes).contains(here.trim_end_matches('/')), "`{name}` holds a path");
    }
}

#[test]
fn charts_can_be_left_out() {
    let place = Place::small();
    let table = place.printed(&["run", "small.toml", "--no-charts", "-o", "out"], 0);
    assert!(!table.contains("Charts:"));
    assert!(!place.files("out").keys().any(|file| file.starts_with("charts")));
}

#[test]
fn standard_output_gets_the_format_that_was_asked_for() {
    let place = Place::small();
    let as_format = |format| place.printed(&["run", "small.toml", "--no-charts", "--format", format], 0);
    assert_eq!(as_format("csv"), place.text("results/small/summary.csv"));
    assert_eq!(as_format("json"), place.text("results/small/summary.json"));
    let markdown = as_format("markdown");
    assert!(markdown.starts_with("### small") && markdown.contains("\n| "), "{markdown}");
}

#[test]
fn the_command_line_changes_the_scenario() {
    let place = Place::small();
    let arguments = ["run", "small.toml", "--no-charts", "--format", "csv", "--set", "cluster.nodes=2"];
    let more = ["--sweep", "detector.hasty.timeout.after=2s,3s,4s", "--trials", "9", "--seed", "7", "--duration", "5m"];
    let rows = place.printed(&[&arguments[..], &more[..]].concat(), 0);
    let mut lines = rows.lines();
    assert!(lines.next().unwrap().starts_with("point,detector.hasty.timeout.after,detector,trials,"));
    assert_eq!(lines.clone().count(), 4);
    assert!(lines.next().unwrap().starts_with("1,2s,hasty,9,"));
    let manifest: serde_json::Value = serde_json::from_str(&place.text("results/small/manifest.json")).unwrap();
    assert_eq!((&manifest["tool"], &manifest["seed"]), (&"systole".into(), &7.into()));
}

#[test]
fn a_dry_run_says_what_it_would_take_and_does_nothing() {
    let place = Place::small();
    place.systole(["run", "small.toml", "--dry-run", "--threads", "2"]).assert().code(0).stderr_eq("").stdout_eq(str![
        [r#"
small: 1 world, 8 trials each, 2 rows of results
heartbeats  50.4 k, warm-up included
memory      about 1 MiB
time        about a second on 2 threads

"#]
    ]);
    assert!(!place.path("results").exists());
}

#[test]
fn a_scenario_may_come_from_standard_input() {
    let place = Place::new();
    place.systole(["run", "-", "--no-charts", "--quiet"]).stdin(SMALL).assert().code(0).stderr_eq("");
    assert!(place.path("results/small/manifest.json").exists());
}

#[test]
fn every_fault_of_a_scenario_is_told_at_once() {
    let broken = SMALL.replace("interval = \"1s\"", "intervall = \"1s\"").replace("loss = 0.05", "loss = 1.5");
    let place = Place::new().with("small.toml", broken);
    let arguments = ["run", "small.toml", "--set", "run.trials=many"];
    place.systole(arguments).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: heartbeat.interval is missing
  --> small.toml:11:2
   |
11 | [heartbeat]
   |  ^^^^^^^^^ needs `interval`: a span with a unit, such as "250ms" or "1.5s", of at least 100us
   |
   = help: write interval = "1s"

error: unknown key `intervall` in [heartbeat]
  --> small.toml:12:1
   |
12 | intervall = "1s"
   | ^^^^^^^^^ not known here
   |
   = help: did you mean `interval`?

error: network.loss: "1.5" is not between 0 and 1
  --> small.toml:16:8
   |
16 | loss = 1.5
   |        ^^^ expected a probability from 0 to 1, such as 0.01 or "1%"

error: run.trials is "many"
 --> command line:1:18
  |
1 | --set run.trials=many
  |                  ^^^^ expected a whole number of at least 1

"#]]);
    assert!(!place.path("results").exists());
}

#[test]
fn a_scenario_that_is_not_there_is_named() {
    Place::new().systole(["run", "no.toml"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: there is no file `no.toml`
  help: check the path

"#]]);
}

#[test]
fn what_is_in_the_way_is_told_before_any_work() {
    let place = Place::small().with("file", "").with("strange/thesis.tex", "ten years of work");
    let to = |folder: &str| place.systole(["run", "small.toml", "-o", folder]).assert().code(4).stdout_eq("");
    to("file").stderr_eq(str![[r#"
error: cannot write the results folder: `file` is a file
  help: remove it or choose another place with --output

"#]]);
    to("strange").stderr_eq(str![[r#"
error: cannot write the results folder: `strange` holds files that are no results of systole
  help: empty it or choose another place with --output

"#]]);
    to("file/results").stderr_eq(str![[r#"
error: cannot write the results folder: `file/results` cannot be used: not a directory
  help: choose another place with --output

"#]]);
    to(".").stderr_eq(str![[r#"
error: cannot write the results folder: `.` is the folder you stand in, or holds it, and would be replaced as a whole
  help: name a folder in it, such as `--output results`

"#]]);
    assert_eq!(place.text("strange/thesis.tex"), "ten years of work");
}

#[test]
fn old_results_are_replaced() {
    let place = Place::small();
    place.printed(&["run", "small.toml", "-o", "out"], 0);
    assert!(place.path("out/charts").exists());
    place.printed(&["run", "small.toml", "-o", "out", "--no-charts"], 0);
    assert!(!place.path("out/charts").exists());
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let place = Place::small();
    let mut child = Command::new(snapbox::cmd::cargo_bin!("systole"))
        .args(["run", "small.toml", "--no-charts"])
        .current_dir(place.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let messages: Vec<String> = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap).collect();
    assert_eq!(messages, [""; 0]);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Ctrl-C, as a terminal sends it, while years are simulated.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_without_a_trace() {
    let place = Place::small();
    let mut child = Command::new(snapbox::cmd::cargo_bin!("systole"))
        .args(["run", "small.toml", "--duration", "3650d", "-o", "a/out"])
        .current_dir(place.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It is at work as soon as its hidden folder is there.
    while std::fs::read_dir(place.path("a")).map_or(0, Iterator::count) == 0 {
        assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "stopped: unfinished results were not written\n");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(130), &b""[..]));
    assert!(!place.path("a").exists());
}
