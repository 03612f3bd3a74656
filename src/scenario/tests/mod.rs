//! The scenario floor as a whole: texts in, plans or fault texts out.

mod contract;
mod documents;
mod errors;
mod mutations;
mod points;
mod sizes;
mod sweeps;
mod traces;

use std::io;

use super::{LimitMetric, LimitUnit, Overrides, Plan, Rejection, Request, plan};
use crate::cli::diagnostics::render;

/// Metrics as the floors above hand them in.
const METRICS: [LimitMetric; 6] = [
    LimitMetric { name: "detection_latency_p99", unit: LimitUnit::Seconds },
    LimitMetric { name: "false_positive_rate", unit: LimitUnit::PerHour },
    LimitMetric { name: "cluster_alarms_per_30d", unit: LimitUnit::Number },
    LimitMetric { name: "bandwidth", unit: LimitUnit::BytesPerSecond },
    LimitMetric { name: "messages", unit: LimitUnit::PerSecond },
    LimitMetric { name: "detected_share", unit: LimitUnit::Share },
];

/// A scenario that is small and right.
const SMALL: &str = r#"name = "small"

[heartbeat]
interval = "1s"

[detector.fixed.timeout]
after = "5s"
"#;

/// Files that scenarios of the tests name.
fn load(path: &str) -> io::Result<Vec<u8>> {
    match path {
        "beats.csv" => {
            Ok(b"node,seq,sent_s,arrived_s\na,0,0,0.1\na,1,1,1.1\na,2,2,\na,3,3,3.25\nb,0,0.5,0.6\n".to_vec())
        }
        "repeated.csv" => Ok(b"node,seq,sent_s,arrived_s\na,0,0,0.1\na,1,1,1.1\na,1,1,1.2\n".to_vec()),
        "single.csv" => Ok(b"node,seq,sent_s,arrived_s\na,0,0,0.1\n".to_vec()),
        "bad.csv" => Ok(b"node,seq,sent_s,arrived_s\na,0,0,0.1\na,1,soon,1.1\n".to_vec()),
        "delays.csv" => Ok(b"rtt_ms,host\n3,a\n1,b\n2,c\n".to_vec()),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    }
}

fn planned(text: &str, overrides: &Overrides, without_sweep: bool) -> Result<Plan, Rejection> {
    let request = Request {
        file: "scenario.toml",
        text,
        overrides,
        metrics: &METRICS,
        load: &load,
        without_sweep,
        replay: false,
        memory: Some(8 << 30),
    };
    plan(&request)
}

/// The plan of what listens in a scenario, with a recording for its world.
fn replayed(text: &str, overrides: &Overrides) -> Result<Plan, Rejection> {
    let metrics = &METRICS;
    let request = Request {
        file: "scenario.toml",
        text,
        overrides,
        metrics,
        load: &load,
        without_sweep: false,
        replay: true,
        memory: None,
    };
    plan(&request)
}

/// The plan of a right scenario.
fn good(text: &str) -> Plan {
    good_with(text, &Overrides::default())
}

/// The plan of a right scenario with arguments.
fn good_with(text: &str, overrides: &Overrides) -> Plan {
    planned(text, overrides, false).unwrap_or_else(|rejection| panic!("{}", shown(&rejection)))
}

/// The faults of a wrong scenario, as a terminal shows them.
fn bad(text: &str) -> String {
    bad_with(text, &Overrides::default())
}

/// The faults of a wrong scenario with arguments.
fn bad_with(text: &str, overrides: &Overrides) -> String {
    shown(&planned(text, overrides, false).expect_err("a fault was expected"))
}

fn shown(rejection: &Rejection) -> String {
    render(&rejection.diagnostics, &rejection.sources, false)
}

/// Arguments of `--set`.
fn set(arguments: &[&str]) -> Overrides {
    Overrides { set: arguments.iter().map(|&argument| argument.to_owned()).collect(), ..Overrides::default() }
}

/// Arguments of `--sweep`.
fn sweep(arguments: &[&str]) -> Overrides {
    Overrides { sweep: arguments.iter().map(|&argument| argument.to_owned()).collect(), ..Overrides::default() }
}
