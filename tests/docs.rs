//! The documentation keeps up with the program: every key and every metric has its place in it.
#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;

use systole::analysis::metric::METRICS;
use systole::scenario::keys;

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a readable file of the repository")
}

#[test]
fn every_key_is_described() {
    let text = page("docs/scenario-format.md");
    let missing: Vec<String> = keys()
        .into_iter()
        .filter(|key| {
            let name = key.path.rsplit('.').next().unwrap_or_default();
            !text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|word| word == name)
        })
        .map(|key| key.path)
        .collect();
    assert!(missing.is_empty(), "docs/scenario-format.md does not name: {}", missing.join(", "));
}

#[test]
fn every_metric_is_defined() {
    let text = page("docs/metrics.md");
    let missing: Vec<&str> = METRICS
        .iter()
        .map(systole::analysis::metric::Metric::limit_name)
        .filter(|name| !text.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "docs/metrics.md does not define: {}", missing.join(", "));
}

/// Every relative link of a page leads to something.
#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut broken = Vec::new();
    for name in
        ["README.md", "docs/architecture.md", "docs/how-it-is-fast.md", "docs/metrics.md", "docs/scenario-format.md"]
    {
        let text = page(name);
        let folder = root.join(name).parent().expect("a readable file of the repository").to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if !link.contains("://") && !folder.join(path).exists() {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
