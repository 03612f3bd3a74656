//! Bursts of loss: Gilbert-Elliott a step a packet, and in continuous time.

use std::sync::LazyLock;

use super::delay::{Delay, span};
use super::exact::{Chain, Path};
use super::observe::{SUMS, Seen, accuracy, hold, ratio, units, world};
use super::support::{Listener, measure, timeout};
use systole::model::{Loss, World};
use systole::num::u64_to_f64;

/// Timeouts over one bursty path with constant delay.
fn points(name: &str, world: &World, chain: Chain, eta: f64, timeouts: &[f64]) -> Vec<Seen> {
    let listeners: Vec<Listener> = timeouts.iter().map(|&after| timeout(span(after))).collect();
    let units = units(world, &listeners, 1);
    let seen = timeouts
        .iter()
        .zip(&units)
        .flat_map(|(&after, units)| accuracy(&format!("timeout {after}, {name}"), units, chain.timeout(eta, after)));
    seen.collect()
}

fn bursty(seed: u64, eta: f64, loss: Loss, nodes: u32, beats: u32) -> World {
    let mut world = world(seed, Path { eta, loss: 0.0, delay: Delay::Constant(0.2 * eta) }, nodes, beats);
    world.network.loss = loss;
    world
}

fn per_packet(seed: u64, eta: f64, chain: Chain, timeouts: &[f64], (nodes, beats): (u32, u32)) -> Vec<Seen> {
    let Chain { to_bad: p, to_good: r, loss: [loss_good, loss_bad] } = chain;
    let world = bursty(seed, eta, Loss::PerPacket { p, r, loss_good, loss_bad }, nodes, beats);
    points(&format!("chain {p} {r}"), &world, chain, eta, timeouts)
}

fn continuous(seed: u64, eta: f64, good: f64, bad: f64, loss: [f64; 2], timeouts: &[f64], beats: u32) -> Vec<Seen> {
    let law = Loss::Bursts { mean_good: span(good), mean_bad: span(bad), loss_good: loss[0], loss_bad: loss[1] };
    let chain = Chain::sampled(good, bad, loss, eta);
    points(&format!("spells {good} {bad}"), &bursty(seed, eta, law, 256, beats), chain, eta, timeouts)
}

pub(crate) static PER_PACKET: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    [
        per_packet(301, 1.0, Chain { to_bad: 0.01, to_good: 0.3, loss: [0.0, 1.0] }, &[1.5, 3.5], (256, 60_000)),
        per_packet(302, 0.1, Chain { to_bad: 0.002, to_good: 0.1, loss: [0.0, 1.0] }, &[0.55], (256, 120_000)),
        per_packet(303, 1.0, Chain { to_bad: 0.02, to_good: 0.2, loss: [0.005, 0.7] }, &[2.5], (256, 40_000)),
    ]
    .concat()
});

pub(crate) static CONTINUOUS: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    [
        continuous(304, 1.0, 30.0, 3.0, [0.0, 1.0], &[1.5, 4.5], 40_000),
        continuous(305, 1.0, 20.0, 0.7, [0.01, 0.9], &[1.5, 2.5], 40_000),
        // Spells far shorter and far longer than the interval.
        continuous(306, 1.0, 0.5, 0.1, [0.0, 1.0], &[2.5], 20_000),
        continuous(307, 0.1, 60.0, 5.0, [0.001, 0.5], &[0.35], 60_000),
    ]
    .concat()
});

#[test]
fn a_chain_a_packet_is_as_hard_on_a_timeout_as_derived() {
    hold(&PER_PACKET, 0.02);
}

#[test]
fn bursts_in_time_are_as_hard_on_a_timeout_as_derived() {
    hold(&CONTINUOUS, 0.02);
}

#[test]
fn the_share_of_lost_heartbeats_is_the_stationary_one_from_the_start() {
    let law = Loss::Bursts { mean_good: span(90.0), mean_bad: span(10.0), loss_good: 0.01, loss_bad: 0.8 };
    let mut world = bursty(300, 1.0, law, 64, 40);
    world.warm_up = span(0.0);
    // Short trials: a start that was not stationary would show.
    let units = (1..=150).map(|trial| {
        let traffic = measure(&world, &[timeout(span(5.0))], trial, world.interval(), SUMS).traffic;
        (u64_to_f64(traffic.lost), u64_to_f64(traffic.sent))
    });
    hold(&[ratio("lost heartbeats", units, 0.9 * 0.01 + 0.1 * 0.8)], 0.1);
}
