//! `systole new`, `schema` and `metrics`.

use snapbox::str;

use super::common::Place;

#[test]
fn a_new_scenario_runs_as_it_is() {
    let place = Place::new();
    place.systole(["new", "My WAN"]).assert().code(0).stdout_eq("").stderr_eq(str![[r#"
wrote 'My WAN.toml'; run it with `systole run 'My WAN.toml'`

"#]]);
    let quick = ["run", "My WAN.toml", "--trials", "2", "--duration", "1m", "--set", "run.warm-up=1m", "--no-charts"];
    place.printed(&quick, 0);
    assert!(place.path("results/my-wan/manifest.json").exists());
}

#[test]
fn an_existing_file_is_left_alone() {
    let place = Place::new().with("wan.toml", "mine");
    place.systole(["new", "wan"]).assert().code(4).stdout_eq("").stderr_eq(str![[r#"
error: `wan.toml` exists and is left alone
  help: choose another name, or remove it first

"#]]);
    assert_eq!(place.text("wan.toml"), "mine");
    place.systole(["new", "no-such-folder/wan"]).assert().code(4).stderr_eq(str![[r#"
error: cannot write `no-such-folder/wan.toml`: no such file or directory
  help: choose another place

"#]]);
}

#[test]
fn without_a_name_the_scenario_is_printed() {
    let text = Place::new().printed(&["new"], 0);
    assert!(text.contains("\nname = \"my-cluster\"\n"), "{text}");
}

#[test]
fn the_schema_is_json() {
    let schema: serde_json::Value = serde_json::from_str(&Place::new().printed(&["schema"], 0)).unwrap();
    assert!(schema["properties"]["heartbeat"].is_object());
}

#[test]
fn every_metric_is_listed_within_100_columns() {
    let text = Place::new().printed(&["metrics"], 0);
    for name in ["detection_latency_p99", "false_positive_rate", "cluster_alarms_per_30d", "bandwidth"] {
        assert!(text.lines().any(|line| line.trim_start().starts_with(&format!("{name} "))), "no `{name}` in:\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}
