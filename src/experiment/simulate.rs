//! A detector of one's own in a simulated world: what a Rust test calls.

use rayon::prelude::*;

use crate::analysis::{RowInput, Summary, summarise};
use crate::detector::{Monitor, Watch};
use crate::engine::{Audience, Laws, Samplers, run_trial, send_windows};
use crate::metrics::{Components, Measured, Meter, Metrics, SilenceRule};
use crate::model::World;

use super::run::row_of_world;

/// Heartbeats after a start that count as bootstrap, for a detector that does not tell its window.
const BOOTSTRAP_BEATS: u64 = 10;

/// Simulates `trials` trials of `world`, watched by copies of `detector`, and estimates every metric.
///
/// The summary has one row, of point 1 and the detector's `name`. Equal arguments give equal results, on any machine and
/// any number of threads.
///
/// # Panics
///
/// Where the detector does.
#[must_use]
pub fn simulate<M>(world: &World, trials: u32, name: &str, detector: &M, watch: Watch) -> Summary
where
    M: Monitor + Clone + Send + Sync + 'static,
{
    let laws = Laws::new(world, &mut Samplers::default());
    let audience = Audience::own(detector.clone(), watch);
    let components = Components::of(world, &watch);
    let meter = Meter {
        components: components.clone(),
        bootstrap: world.interval().times(BOOTSTRAP_BEATS),
        memory_beats: BOOTSTRAP_BEATS,
        silence: SilenceRule::default(),
        rows: 0,
        detections: 0,
    };
    let measure = |trial| {
        let mut metrics = Metrics::new(world, [meter.clone()].into(), world.interval(), 0);
        run_trial(world, &laws, trial, &audience, &mut metrics, &|_| true);
        let mut measured = metrics.finish();
        measured.traffic.windows = send_windows(world, &laws, trial);
        measured
    };
    let measured: Vec<Measured> = (1..=trials).into_par_iter().map(measure).collect();
    let (records, traffic): (Vec<_>, Vec<_>) = measured.into_iter().map(|trial| (trial.records, trial.traffic)).unzip();
    let input = RowInput {
        detector: name.to_owned(),
        kind: "own",
        trials: records.into_iter().flatten().collect(),
        traffic: traffic.into(),
        ..row_of_world(world, &components)
    };
    summarise(&[], trials, &[input])
}
