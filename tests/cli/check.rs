//! `systole check`.

use snapbox::str;

use super::common::{Place, SMALL};

#[test]
fn a_limit_that_holds_is_a_pass() {
    let place = Place::small();
    place.systole(["check", "small.toml", "--no-charts"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
small: pass
pass          patient: detection_latency_p50 <= 12s: found 9.02 s, at most 9.02 s (95 %)

"#]]);
    assert!(place.path("results/small/manifest.json").exists());
}

#[test]
fn a_broken_limit_is_exit_code_1() {
    let place = Place::small();
    let arguments = ["check", "small.toml", "--no-charts", "--limit", "detection_latency_p50 <= 5s"];
    place.systole(arguments).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
small: fail
pass          patient: detection_latency_p50 <= 12s: found 9.02 s, at most 9.02 s (95 %)
pass          hasty: detection_latency_p50 <= 5s: found 1.02 s, at most 1.02 s (95 %)
fail          patient: detection_latency_p50 <= 5s: found 9.02 s, at least 9.01 s (95 %)

"#]]);
}

#[test]
fn a_limit_that_cannot_be_told_is_exit_code_3() {
    let place = Place::small();
    let arguments = ["check", "small.toml", "--no-charts", "--trials", "4", "--limit", "cluster_alarms_per_30d < 1"];
    let told = place.printed(&arguments, 3);
    assert!(told.contains("small: inconclusive") && told.contains("--trials 16"), "{told}");
}

#[test]
fn a_program_gets_the_rows_and_people_the_verdict() {
    let place = Place::small();
    let check = place.systole(["check", "small.toml", "--no-charts", "--format", "csv"]).assert().code(0);
    let output = check.get_output();
    assert_eq!(String::from_utf8_lossy(&output.stdout), place.text("results/small/summary.csv"));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("small: pass\n"));
}

#[test]
fn no_limits_are_nothing_to_check() {
    let place = Place::new().with("small.toml", SMALL.split("[limits]").next().unwrap());
    place.systole(["check", "small.toml"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: `small.toml` has no limits, so there is nothing to check
  help: write a [limits] table, or add --limit 'METRIC <= VALUE'

"#]]);
}

#[test]
fn an_unknown_metric_is_met_with_a_guess() {
    let place = Place::small();
    let arguments = ["check", "small.toml", "--limit", "detection_latency_p9 <= 5s"];
    place.systole(arguments).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: there is no metric "detection_latency_p9"
 --> command line:1:9
  |
1 | --limit detection_latency_p9 <= 5s
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown metric
  |
  = help: did you mean `detection_latency_p90`?

"#]]);
}

#[test]
fn several_scenarios_share_a_folder_a_junit_file_and_the_worst_exit_code() {
    let strict = SMALL.replace("name = \"small\"", "name = \"strict\"").replace("<= 12s", "<= 5s");
    let place = Place::small().with("strict.toml", strict);
    let arguments = ["check", "small.toml", "strict.toml", "--no-charts", "-o", "out", "--junit", "limits.xml"];
    let told = place.printed(&arguments, 1);
    assert!(told.contains("small: pass") && told.contains("strict: fail"), "{told}");
    assert!(place.path("out/small/manifest.json").exists() && place.path("out/strict/manifest.json").exists());
    snapbox::assert_data_eq!(
        place.text("limits.xml"),
        str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="systole check" tests="2" skipped="0" failures="1" errors="0">
    <testsuite name="small" tests="1" skipped="0" errors="0" failures="0">
        <testcase name="patient: detection_latency_p50 &lt;= 12s" classname="small.patient"/>
    </testsuite>
    <testsuite name="strict" tests="1" skipped="0" errors="0" failures="1">
        <testcase name="patient: detection_latency_p50 &lt;= 5s" classname="strict.patient">
            <failure message="found 9.02 s, at least 9.01 s (95 %)" type="broken">fail: patient: detection_latency_p50 &lt;= 5s: found 9.02 s, at least 9.01 s (95 %)</failure>
        </testcase>
    </testsuite>
</testsuites>

"#]]
    );
}

#[test]
fn two_scenarios_of_one_name_are_refused() {
    let place = Place::small().with("again.toml", SMALL);
    place.systole(["check", "small.toml", "again.toml"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: two of the scenarios are named "small", and would share a results folder
  help: give each scenario a name of its own

"#]]);
    assert!(!place.path("results").exists());
}

#[test]
fn faults_of_all_scenarios_are_told_before_any_runs() {
    let place = Place::small().with("a.toml", SMALL.replace("nodes = 5", "nodes = 0"));
    let arguments = ["check", "a.toml", "no.toml", "small.toml"];
    place.systole(arguments).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: cluster.nodes is 0, out of range
 --> a.toml:9:9
  |
9 | nodes = 0
  |         ^ expected a whole number from 1 to 10000000

error: there is no file `no.toml`
  help: check the path

"#]]);
    assert!(!place.path("results").exists());
}

#[test]
fn a_sweep_is_judged_only_on_request() {
    let sweep = "\n[sweep]\n\"detector.patient.timeout.after\" = [\"1s\", \"10s\", \"30s\"]\n";
    let place = Place::new().with("small.toml", format!("{SMALL}{sweep}"));
    place.printed(&["check", "small.toml", "--no-charts"], 0);
    let told = place.printed(&["check", "small.toml", "--no-charts", "--with-sweep"], 1);
    assert!(told.contains("patient (after 30s)"), "{told}");
}

#[test]
fn the_scenario_of_the_readme_holds_its_limits() {
    let readme = include_str!("../../README.md");
    let scenario = readme.split("```toml\n").find(|block| block.starts_with("name = ")).unwrap();
    let place = Place::new().with("readme.toml", scenario.split("```").next().unwrap());
    place.systole(["check", "readme.toml", "--no-charts", "--quiet"]).assert().code(0);
}
