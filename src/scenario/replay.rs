//! A scenario's detectors against a recording: its own world is taken out, as the recording is the world.

use super::tree::{Table, Value};

/// Tables that say what the world is like.
const WORLD: [&str; 9] = ["run", "cluster", "heartbeat", "network", "fault", "monitor", "link", "clock", "truth"];

/// Leaves what listens and what is asked of it: detectors, their axes of the sweep, limits, output.
pub(super) fn leave_out_the_world(root: &mut Table) {
    root.entries.retain(|entry| !WORLD.contains(&entry.key.as_str()));
    for entry in root.entries.iter_mut().filter(|entry| entry.key == "sweep") {
        if let Value::Table(axes) = &mut entry.node.value {
            axes.entries.retain(|axis| axis.key.split('.').next().is_none_or(|part| !WORLD.contains(&part)));
        }
    }
    root.entries
        .retain(|entry| entry.key != "sweep" || entry.node.as_table().is_none_or(|axes| !axes.entries.is_empty()));
}
