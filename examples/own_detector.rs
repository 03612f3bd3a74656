//! A detector of one's own in a simulated world, as a Rust test would check it.
//!
//! `cargo run --release --example own_detector`

use systole::detector::{Beat, Monitor, Watch};
use systole::experiment::simulate;
use systole::model::{Law, Loss, Network, Ordering, World};
use systole::units::{LocalTime, Span};

/// Suspects when nothing was heard for three and a half intervals.
#[derive(Clone, Default)]
struct MyDetector {
    heard: Option<LocalTime>,
}

impl Monitor for MyDetector {
    fn heartbeat(&mut self, now: LocalTime, _beat: &Beat) {
        self.heard = Some(now);
    }

    fn suspect_at(&self) -> Option<LocalTime> {
        self.heard.map(|heard| heard + Span::from_millis(3_500))
    }
}

fn main() {
    let loss =
        Loss::Bursts { mean_good: Span::from_mins(1), mean_bad: Span::from_millis(800), loss_good: 0.0, loss_bad: 1.0 };
    let network = Network { delay: Law::Constant(Span::from_millis(40)), loss, ordering: Ordering::Any };
    let world = World { network, duration: Span::from_hours(24), ..World::new(50, Span::from_secs(1)) };

    let summary = simulate(&world, 8, "mine", &MyDetector::default(), Watch::default());
    let rate = summary.rows[0].estimates["false_positive_rate_per_pair_hour"];
    assert!(rate.at_most.is_some_and(|bound| bound < 4.0), "more than four false positives per pair and hour");
    assert!(
        rate.at_least.is_some_and(|bound| bound > 0.1),
        "this link should make some: is the world what it should be?"
    );
}

#[test]
fn the_rate_is_within_its_bounds() {
    main();
}
