use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{self as oracle, Distribution};

use super::super::Component;
use super::super::law::tests::{other_laws, smooth_laws};
use super::*;
use crate::num::{Piece, Tail, exp, round_to_u64, usize_to_f64};
use crate::rng::{Key, Purpose, Stream};

fn stream() -> Stream {
    Key::root(7, 1).purpose(Purpose::Message).stream()
}

fn table_of(law: &Law) -> Arc<QuantileTable> {
    match Kind::new(law) {
        Kind::Table(table) => table,
        other => panic!("{law:?} has no table but {other:?}"),
    }
}

fn nanos(span: Span) -> f64 {
    u64_to_f64(span.as_nanos())
}

#[test]
fn tables_keep_mean_and_variance() {
    for (name, law) in smooth_laws() {
        let table = table_of(&law);
        let mass: f64 = table.pieces().map(|piece| piece.mass).sum();
        assert!((mass - 1.0).abs() < 1e-12, "{name}: {mass}");
        let mean = law.mean().unwrap();
        // Knots are whole nanoseconds: half a nanosecond each, which average out.
        assert!((table.mean() - mean).abs() < 1e-6 * mean + 0.01, "{name}: {} not {mean}", table.mean());
        let about_mean = |piece: Piece| piece.mass * (piece.mean_square() - table.mean() * table.mean());
        let variance: f64 = table.pieces().map(about_mean).sum();
        let expected = law.variance().unwrap();
        assert!((variance / expected - 1.0).abs() < 1e-4, "{name}: {variance} not {expected}");
    }
}

#[test]
fn a_heavy_tail_keeps_its_mean() {
    let law = Law::Pareto { min: Span::from_secs(1), shape: 1.5, max: None };
    assert!((table_of(&law).mean() / 3e9 - 1.0).abs() < 2e-6);
}

/// The quantile that a draw means, to 2^-64 in the ends.
fn point_of(quantile: u32, more: u32) -> Tail {
    let place = u64::from(quantile) << 32 | u64::from(more);
    let middle = (1 << 27..31 << 27).contains(&quantile);
    let share = |place: u64| (u64_to_f64(place) + 0.5) / 18_446_744_073_709_551_616.0;
    match (middle, quantile >> 31 == 0) {
        (true, _) => Tail::at((f64::from(quantile) + 0.5) / 4_294_967_296.0),
        (false, true) => Tail::Lower(share(place)),
        (false, false) => Tail::Upper(share(!place)),
    }
}

#[test]
fn every_draw_gives_its_quantile() {
    let stream = stream();
    for (name, law) in smooth_laws() {
        let table = table_of(&law);
        let check = |quantile: u32, more: u32| {
            let point = point_of(quantile, more);
            let expected = law.quantile_at(point);
            let value = u64_to_f64(table.sample(quantile, || more));
            // The outermost pieces, one draw in millions, are straight where the law is not.
            if point.lower() > 1.0 / 16_777_216.0 && point.upper() > 1e-14 {
                assert!(
                    (value - expected).abs() < 1.0 + 1e-5 * expected,
                    "{name} at {point:?}: {value} not {expected}"
                );
            }
        };
        for number in 0..2_000 {
            let draw = stream.draw(number);
            check(low_half(draw), high_half(draw));
            // Tails of all sizes.
            let shift = number % 26;
            check(low_half(draw) >> shift, high_half(draw));
            check(!(low_half(draw) >> shift), high_half(draw));
        }
    }
}

#[test]
fn a_larger_quantile_gives_no_shorter_span() {
    let stream = stream();
    for (name, law) in smooth_laws() {
        let table = table_of(&law);
        for number in 0..5_000 {
            let shift = number % 30;
            let quantile = (low_half(stream.draw(number)) >> shift).max(1);
            let below = table.sample(quantile - 1, || u32::MAX);
            assert!(below <= table.sample(quantile, || 0), "{name} at {quantile}");
            let below = table.sample(!quantile, || u32::MAX);
            assert!(below <= table.sample(!quantile + 1, || 0), "{name} at {}", !quantile);
        }
    }
}

#[test]
fn the_ends_of_a_table_are_those_of_its_law() {
    let law = Law::Uniform { min: Span::from_millis(10), max: Span::from_millis(35) };
    let table = table_of(&law);
    assert_eq!(table.sample(0, || 0), 10_000_000);
    assert_eq!(table.sample(u32::MAX, || u32::MAX), 35_000_000);
    let law = Law::Pareto { min: Span::from_secs(1), shape: 0.2, max: None };
    let table = table_of(&law);
    assert_eq!(table.sample(0, || 0), 1_000_000_000);
    // Far beyond 64 bits: saturated, not wrapped.
    assert_eq!(table.sample(u32::MAX, || u32::MAX), u64::MAX);
}

#[test]
fn atoms_are_exact() {
    let stream = stream();
    let laws = other_laws();
    let constant = Sampler::new(&laws[0].1);
    let recorded = Sampler::new(&laws[1].1);
    let Law::Empirical(spans) = &laws[1].1 else { panic!("the second law is that of recorded spans") };
    let mixture = Sampler::new(&laws[2].1);
    let mut counts = vec![0_u32; spans.len()];
    let mut at_atom = 0;
    for number in 0..90_000 {
        let draw = stream.draw(number);
        assert_eq!(constant.sample(draw), Span::from_millis(7));
        let span = recorded.sample(draw);
        counts[spans.binary_search(&span).unwrap()] += 1;
        match mixture.sample(draw) {
            span if span == Span::from_millis(10) => at_atom += 1,
            span => assert!(span >= Span::from_millis(50)),
        }
    }
    // The first value was recorded twice, whichever of the two the search met; 4.5 deviations of a binomial count.
    assert!((counts[0] + counts[1]).abs_diff(20_000) < 570);
    assert!(counts[2..].iter().all(|count| count.abs_diff(10_000) < 425), "{counts:?}");
    assert!((at_atom - 67_500_i32).abs() < 585, "{at_atom}");
}

/// Largest distance between the empirical distribution of a sample and a distribution, times the root of its size.
fn kolmogorov(mut sample: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let count = usize_to_f64(sample.len());
    let gap = |(rank, &x): (usize, &f64)| {
        let expected = cdf(x);
        (expected - usize_to_f64(rank) / count).max(usize_to_f64(rank + 1) / count - expected)
    };
    sample.iter().enumerate().map(gap).fold(0.0, f64::max) * count.sqrt()
}

/// The same between two samples of one size.
fn smirnov(mut one: Vec<f64>, mut other: Vec<f64>) -> f64 {
    one.sort_by(f64::total_cmp);
    other.sort_by(f64::total_cmp);
    let count = usize_to_f64(one.len());
    let gap = |(rank, x): (usize, &f64)| {
        let below = other.partition_point(|y| y <= x);
        (usize_to_f64(below) - usize_to_f64(rank)).abs() / count
    };
    one.iter().enumerate().map(gap).fold(0.0, f64::max) * (count / 2.0).sqrt()
}

/// Beyond this lies one sample in 10^6 (Kolmogorov's law: 2 exp(-2 x^2)).
const UNLIKELY: f64 = 2.7;

const SAMPLE: u64 = 40_000;

#[test]
fn samples_follow_their_law() {
    let stream = stream();
    for (name, law) in smooth_laws() {
        let sampler = Sampler::new(&law);
        let sample = (0..SAMPLE).map(|number| nanos(sampler.sample(stream.draw(number)))).collect();
        let distance = kolmogorov(sample, |x| law.cdf(x));
        assert!(distance < UNLIKELY, "{name}: {distance}");
    }
}

fn matches_oracle(law: &Law, oracle: impl Distribution<f64>) {
    let stream = stream();
    let sampler = Sampler::new(law);
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(11);
    let ours = (0..SAMPLE).map(|number| nanos(sampler.sample(stream.draw(number)))).collect();
    let theirs = (0..SAMPLE).map(|_| 1e9 * oracle.sample(&mut generator)).filter(|&x| x > 0.0).collect();
    let distance = smirnov(ours, theirs);
    assert!(distance < UNLIKELY, "{law:?}: {distance}");
}

#[test]
fn samples_agree_with_rand_distr() {
    let ms = Span::from_millis;
    matches_oracle(&Law::Uniform { min: ms(10), max: ms(35) }, oracle::Uniform::new(0.01, 0.035).unwrap());
    matches_oracle(&Law::Exponential { mean: ms(100), min: Span::ZERO }, oracle::Exp::new(10.0).unwrap());
    matches_oracle(&Law::Normal { mean: ms(50), std_dev: ms(5) }, oracle::Normal::new(0.05, 0.005).unwrap());
    matches_oracle(&Law::Lognormal { mu: -3.9, sigma: 0.5 }, oracle::LogNormal::new(-3.9, 0.5).unwrap());
    matches_oracle(&Law::Gamma { mean: ms(40), std_dev: ms(20) }, oracle::Gamma::new(4.0, 0.01).unwrap());
    matches_oracle(&Law::Gamma { mean: ms(40), std_dev: ms(60) }, oracle::Gamma::new(4.0 / 9.0, 0.09).unwrap());
    matches_oracle(&Law::Weibull { scale: ms(20), shape: 1.7 }, oracle::Weibull::new(0.02, 1.7).unwrap());
    matches_oracle(&Law::Pareto { min: ms(5), shape: 1.5, max: None }, oracle::Pareto::new(0.005, 1.5).unwrap());
}

#[test]
fn the_high_half_of_a_draw_changes_nothing_in_the_middle() {
    let sampler = Sampler::new(&Law::Exponential { mean: Span::from_millis(100), min: Span::ZERO });
    let quantile = 1 << 31;
    assert_eq!(sampler.sample(quantile), sampler.sample(quantile | 0xabcd_ef01 << 32));
}

#[test]
fn residuals_of_known_laws() {
    let stream = stream();
    let ms = Span::from_millis;
    let sample = |law: &Law| {
        let sampler = Sampler::new(law);
        (0..SAMPLE).map(|number| nanos(sampler.sample_residual(stream.draw(number)))).collect::<Vec<f64>>()
    };
    // Constant gaps are met uniformly, exponential ones have no memory.
    let distance = kolmogorov(sample(&Law::Constant(ms(100))), |x| x / 100e6);
    assert!(distance < UNLIKELY, "constant: {distance}");
    let distance = kolmogorov(sample(&Law::Exponential { mean: ms(100), min: Span::ZERO }), |x| 1.0 - exp(-x / 100e6));
    assert!(distance < UNLIKELY, "exponential: {distance}");
    // The equilibrium law of uniform gaps from 0 to c has distribution 2 x / c - (x / c)^2.
    let distance = kolmogorov(sample(&Law::Uniform { min: Span::ZERO, max: ms(100) }), |x| {
        let share = x / 100e6;
        2.0 * share - share * share
    });
    assert!(distance < UNLIKELY, "uniform: {distance}");
    // Two lengths, 10 and 30: a gap is the long one with probability 3/4.
    let two = |x: f64| 0.25 * (x / 10e6).min(1.0) + 0.75 * (x / 30e6);
    let distance = kolmogorov(sample(&Law::Empirical(vec![ms(10), ms(30)])), two);
    assert!(distance < UNLIKELY, "empirical: {distance}");
    let part = |nanos| Component { weight: 2.0, of: Law::Constant(nanos) };
    let distance = kolmogorov(sample(&Law::Mixture(vec![part(ms(10)), part(ms(30))])), two);
    assert!(distance < UNLIKELY, "mixture: {distance}");
}

#[test]
fn the_mean_residual_is_half_the_mean_square_over_the_mean() {
    let stream = stream();
    for (name, law) in [smooth_laws(), other_laws()].concat() {
        let sampler = Sampler::new(&law);
        let sample: Vec<f64> = (0..SAMPLE).map(|number| nanos(sampler.sample_residual(stream.draw(number)))).collect();
        let count = usize_to_f64(sample.len());
        let mean = sample.iter().sum::<f64>() / count;
        let variance = sample.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
        let (law_mean, law_variance) = (law.mean().unwrap(), law.variance().unwrap());
        let expected = 0.5 * (law_variance + law_mean * law_mean) / law_mean;
        let deviations = (mean - expected) / (variance / count).sqrt();
        assert!(deviations.abs() < 4.5, "{name}: {mean} not {expected}, {deviations} deviations");
    }
}

#[test]
fn gaps_of_no_length_have_no_residual() {
    let sampler = Sampler::new(&Law::Constant(Span::ZERO));
    assert_eq!(sampler.sample_residual(5), Span::ZERO);
    let tiny = Law::Exponential { mean: Span::from_nanos(1), min: Span::ZERO };
    assert!(Sampler::new(&tiny).sample_residual(5) < Span::from_nanos(100));
}

#[test]
fn mean_and_median_are_those_of_the_law() {
    for (name, law) in [smooth_laws(), other_laws()].concat() {
        let sampler = Sampler::new(&law);
        assert_eq!(sampler.mean_ns().to_bits(), law.mean().unwrap().to_bits(), "{name}");
        assert_eq!(sampler.median(), law.median(), "{name}");
        assert_eq!(sampler.median().as_nanos(), round_to_u64(law.quantile(0.5)), "{name}");
    }
    assert!(Sampler::new(&Law::Pareto { min: Span::from_secs(1), shape: 1.0, max: None }).mean_ns().is_infinite());
}

/// What a table draws is part of every result file: a change here is a change to numbers and belongs into the changelog.
#[test]
fn tables_are_pinned() {
    let found: Vec<(&str, u64)> =
        smooth_laws().iter().map(|(name, law)| (*name, table_of(law).fingerprint())).collect();
    assert_eq!(found, PINNED);
}

const PINNED: [(&str, u64); 0] = [];
