//! A detector alone over real time, as production links it: no simulator, no clock of its own.
//!
//! `cargo run --example production --no-default-features`

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "real time is what this example shows")]

use std::thread::sleep;
use std::time::{Duration, Instant};

use systole::detector::phi_akka::{self, PhiAkka};
use systole::detector::{Beat, Monitor, Verdict};
use systole::units::{LocalTime, RemoteTime, Span};

fn main() {
    let start = Instant::now();
    let now = || LocalTime::from_nanos(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
    let interval = Span::from_millis(10);
    let config = phi_akka::Config {
        threshold: 8.0,
        window: 100,
        min_std_dev: Span::from_millis(5),
        acceptable_pause: Span::from_millis(50),
        first_interval: interval,
    };
    let mut detector = PhiAkka::from_config(config);

    assert_eq!(detector.check(now()), Verdict::Unknown);
    for seq in 0..20 {
        let sent = RemoteTime::from_nanos(now().as_nanos());
        detector.heartbeat(now(), &Beat { incarnation: 0, seq, sent });
        sleep(Duration::from_millis(10));
    }
    // Silence from here on: a timer would sleep until `suspect_at`, then look.
    let deadline = detector.suspect_at().expect("something was heard");
    sleep(Duration::from_nanos(deadline.since(now()).as_nanos()));
    assert_eq!(detector.check(now()), Verdict::Suspect);
}

#[test]
fn suspects_after_silence() {
    main();
}
