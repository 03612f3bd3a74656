//! Several monitors of one node: episodes in which at least one is wrong.

use super::delay::{Delay, span};
use super::exact::Path;
use super::observe::{accuracy, hold, ratio, records, world};
use super::support::nfd_s;
use systole::metrics::Component;
use systole::num::{pow, u64_to_f64};

/// With NFD-S all suspicions of a node begin at its freshness points. An episode begins at one where all monitors trusted
/// just before and one turns; the chance that a monitor trusts before and after is that it trusts before less that it turns.
#[test]
fn episodes_begin_as_often_as_independent_paths_say() {
    let path = Path { eta: 1.0, loss: 0.2, delay: Delay::Exponential(0.1) };
    let (shift, monitors) = (0.5, 3);
    let mut world = world(601, path, 8, 4_000);
    world.monitors = monitors;
    let records = records(&world, &[nfd_s(span(shift))], 32).remove(0);
    let trusted = 1.0 - path.nfd_s_suspects(shift, path.eta);
    let stays = trusted - path.nfd_s_turns(shift);
    let count = f64::from(monitors);
    let exact = pow(trusted, count) - pow(stays, count);
    let points = 8.0 * 4_000.0;
    let episodes = records.iter().map(|record| (u64_to_f64(record.cluster.node_episodes), points));
    let units: Vec<Component> = records.iter().flat_map(|record| record.components.clone()).collect();
    hold(&[ratio("node episodes a freshness point", episodes, exact)], 0.01);
    hold(&accuracy("NFD-S at three monitors", &units, path.nfd_s(shift)), 0.01);
}
