//! Push-N on the yardstick and on our engines, one criterion bench each.

#[path = "push/ours.rs"]
mod ours;
#[path = "push/yardstick.rs"]
mod yardstick;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use systole::engine::Engine;

/// Heartbeats of one run.
const HEARTBEATS: u64 = 200_000;

fn push(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("push");
    group.throughput(Throughput::Elements(HEARTBEATS)).sample_size(10);
    for senders in [10_u32, 1_000, 10_000] {
        let intervals = HEARTBEATS / u64::from(senders);
        group.bench_function(BenchmarkId::new("yardstick", senders), |bencher| {
            bencher.iter(|| yardstick::run(senders, intervals, 1));
        });
        for (name, engine) in [("streams", Engine::Streams), ("ring", Engine::Ring)] {
            let detectors = ours::fixed_timeout();
            group.bench_function(BenchmarkId::new(name, senders), |bencher| {
                bencher.iter(|| ours::run(engine, senders, intervals, &detectors));
            });
        }
        let detectors = ours::phi();
        group.bench_function(BenchmarkId::new("phi-normal", senders), |bencher| {
            bencher.iter(|| ours::run(Engine::Streams, senders, intervals, &detectors));
        });
    }
    group.finish();
}

criterion_group!(benches, push);
criterion_main!(benches);
