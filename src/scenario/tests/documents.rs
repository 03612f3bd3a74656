//! What is made from the table of keys beside the parser.

use super::good;
use crate::scenario::{keys, schema, template};

#[test]
fn the_template_runs_as_it_is() {
    let plan = good(template());
    assert_eq!((plan.name.as_str(), plan.worlds.len()), ("my-cluster", 1));
    assert_eq!(plan.worlds[0].listeners.iter().filter(|row| row.base).count(), 2);
}

#[test]
fn the_schema_is_valid_json_with_every_key() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).expect("JSON");
    assert_eq!(schema["properties"]["heartbeat"]["properties"]["jitter"]["default"], "0%");
    assert_eq!(schema["required"], serde_json::json!(["name", "detector"]));
    let text = schema.to_string();
    for key in keys() {
        let name = key.path.rsplit('.').next().expect("a path");
        assert!(text.contains(&format!("\"{name}\"")), "{name} is not in the schema");
    }
    let timeout = &schema["properties"]["detector"]["patternProperties"];
    assert!(timeout.to_string().contains("check-every"));
}

#[test]
fn every_key_says_what_it_means() {
    let keys = keys();
    assert!(keys.len() > 90, "{}", keys.len());
    for key in &keys {
        assert!(!key.doc.is_empty() && key.doc.ends_with('.'), "{}", key.path);
        assert!(!key.takes.is_empty(), "{}", key.path);
    }
    let rows: Vec<String> = keys
        .iter()
        .map(|key| {
            let default = if key.required { "required" } else { key.default.as_str() };
            format!("{} | {} | {} | {}", key.path, key.takes, default, key.reach)
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"));
}
