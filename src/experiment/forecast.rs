//! What a plan would take, before it is run.

use crate::detector::{Config, families};
use crate::model::{Traffic, World};
use crate::num::u64_to_f64;
use crate::scenario::{Plan, WorldPlan};

/// What running a plan would take, roughly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Different worlds.
    pub worlds: usize,
    /// Rows of the results.
    pub rows: usize,
    /// Heartbeats, all worlds and trials, warm-up included.
    pub heartbeats: u64,
    /// Memory that grows with the plan, in bytes: detectors and sums of the trials that run at one time.
    pub memory_bytes: u64,
    /// Time in seconds, for so many threads of an ordinary machine.
    pub seconds: f64,
}

/// State of a pair whatever listens, in bytes: path, inbox, truth.
const PAIR_BYTES: u64 = 400;
/// State of a pair and setting, in bytes: verdict and sums.
const SETTING_BYTES: u64 = 300;
/// Time of a heartbeat on its way, in nanoseconds.
const BEAT_NANOS: f64 = 20.0;
/// Time of a heartbeat in one family, in nanoseconds.
const FAMILY_NANOS: f64 = 15.0;

impl Forecast {
    /// What `plan` would take on so many threads.
    #[must_use]
    pub fn of(plan: &Plan, threads: usize) -> Self {
        let threads = threads.max(1) as u64;
        let bytes = plan.worlds.iter().map(|world| Load::of(world).bytes()).max().unwrap_or(0);
        let at_once = threads.min(plan.worlds.len() as u64 * u64::from(plan.trials));
        let beats = |world: &WorldPlan| heartbeats(&world.world).saturating_mul(u64::from(plan.trials));
        let nanos = plan.worlds.iter().map(|world| u64_to_f64(beats(world)) * Load::of(world).nanos_a_beat());
        Self {
            worlds: plan.worlds.len(),
            rows: plan.worlds.iter().map(|world| world.listeners.len()).sum(),
            heartbeats: plan.worlds.iter().map(beats).fold(0, u64::saturating_add),
            memory_bytes: bytes.saturating_mul(at_once),
            seconds: nanos.sum::<f64>() / 1e9 / u64_to_f64(threads),
        }
    }
}

/// Heartbeats of one trial of a world, warm-up included.
fn heartbeats(world: &World) -> u64 {
    match &world.traffic {
        Traffic::Recorded { trace, .. } => trace.sent(),
        Traffic::Push(heartbeat) => {
            let beats = world.total().as_nanos() / heartbeat.interval.as_nanos().max(1);
            beats.saturating_mul(world.pairs() as u64)
        }
    }
}

/// What one world asks for.
struct Load {
    pairs: u64,
    settings: u64,
    families: u64,
    /// Windows of all families of one pair.
    window_bytes: u64,
}

impl Load {
    fn of(world: &WorldPlan) -> Self {
        let configs: Vec<Config> = world.listeners.iter().map(|listener| listener.config.clone()).collect();
        let families = families(&configs);
        Self {
            pairs: world.world.pairs() as u64,
            settings: configs.len() as u64,
            families: families.len() as u64,
            window_bytes: families
                .iter()
                .filter_map(|family| configs.get(*family.first()?))
                .map(Config::window_bytes)
                .sum(),
        }
    }

    fn bytes(&self) -> u64 {
        let pair = PAIR_BYTES + self.settings.saturating_mul(SETTING_BYTES) + self.window_bytes;
        self.pairs.saturating_mul(pair)
    }

    fn nanos_a_beat(&self) -> f64 {
        BEAT_NANOS + FAMILY_NANOS * u64_to_f64(self.families)
    }
}
