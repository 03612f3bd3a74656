use proptest::prelude::*;
use statrs::distribution::{self as oracle, ContinuousCDF};
use statrs::statistics::Distribution;

use super::*;
use crate::num::Tail;

/// One law of every kind that has a density and a finite variance, in the sizes that networks and faults have.
pub(in crate::model) fn smooth_laws() -> Vec<(&'static str, Law)> {
    let ms = Span::from_millis;
    vec![
        ("uniform", Law::Uniform { min: ms(10), max: ms(35) }),
        ("exponential", Law::Exponential { mean: ms(100), min: Span::ZERO }),
        ("shifted exponential", Law::Exponential { mean: Span::from_micros(300), min: ms(2) }),
        ("normal", Law::Normal { mean: ms(50), std_dev: ms(5) }),
        ("half normal", Law::Normal { mean: Span::ZERO, std_dev: ms(5) }),
        ("cut normal", Law::Normal { mean: ms(10), std_dev: ms(20) }),
        ("lognormal", Law::Lognormal { mu: -3.9, sigma: 0.5 }),
        ("wide lognormal", Law::lognormal_from_median(ms(300), Span::from_secs(4))),
        ("WAN lognormal", Law::lognormal_from_mean(ms(40), ms(15))),
        ("gamma", Law::Gamma { mean: ms(40), std_dev: ms(20) }),
        ("narrow gamma", Law::Gamma { mean: ms(40), std_dev: ms(1) }),
        ("peaked gamma", Law::Gamma { mean: ms(40), std_dev: ms(60) }),
        ("weibull", Law::Weibull { scale: ms(20), shape: 1.7 }),
        ("stretched weibull", Law::Weibull { scale: ms(20), shape: 0.6 }),
        ("pareto", Law::Pareto { min: ms(5), shape: 3.5, max: None }),
        ("bounded pareto", Law::Pareto { min: ms(5), shape: 1.2, max: Some(Span::from_secs(30)) }),
        ("heavy bounded pareto", Law::Pareto { min: ms(5), shape: 1.0, max: Some(Span::from_secs(3)) }),
    ]
}

/// Laws with atoms, or made of others.
pub(in crate::model) fn other_laws() -> Vec<(&'static str, Law)> {
    let ms = Span::from_millis;
    let component = |weight, of| Component { weight, of };
    let recorded = Law::Empirical([1, 1, 2, 3, 5, 8, 13, 21, 34].map(ms).to_vec());
    let two = Law::Mixture(vec![
        component(3.0, Law::Constant(ms(10))),
        component(1.0, Law::Exponential { mean: ms(200), min: ms(50) }),
    ]);
    let nested = Law::Mixture(vec![
        component(0.5, two.clone()),
        component(0.25, Law::Lognormal { mu: -3.0, sigma: 1.0 }),
        component(0.25, recorded.clone()),
    ]);
    vec![("constant", Law::Constant(ms(7))), ("empirical", recorded), ("mixture", two), ("nested mixture", nested)]
}

fn close(value: f64, expected: f64, relative: f64) -> bool {
    (value - expected).abs() <= relative * expected.abs()
}

/// The same law in seconds by statrs.
fn agrees<O: ContinuousCDF<f64, f64> + Distribution<f64>>(law: &Law, oracle: &O) {
    assert!(close(law.mean().unwrap(), 1e9 * oracle.mean().unwrap(), 1e-12), "mean of {law:?}");
    assert!(close(law.variance().unwrap(), 1e18 * oracle.variance().unwrap(), 1e-11), "variance of {law:?}");
    for percent in 1..100 {
        let p = f64::from(percent) / 100.0;
        let quantile = law.quantile(p);
        assert!((oracle.cdf(quantile / 1e9) - p).abs() < 1e-9, "quantile {p} of {law:?}");
        let x = quantile * 1.01;
        assert!((oracle.cdf(x / 1e9) - law.cdf(x)).abs() < 1e-9, "cdf({x}) of {law:?}");
    }
}

#[test]
fn agrees_with_statrs() {
    let ms = Span::from_millis;
    agrees(&Law::Uniform { min: ms(10), max: ms(35) }, &oracle::Uniform::new(0.01, 0.035).unwrap());
    agrees(&Law::Exponential { mean: ms(100), min: Span::ZERO }, &oracle::Exp::new(10.0).unwrap());
    agrees(&Law::Lognormal { mu: -3.9, sigma: 0.5 }, &oracle::LogNormal::new(-3.9, 0.5).unwrap());
    agrees(&Law::Gamma { mean: ms(40), std_dev: ms(20) }, &oracle::Gamma::new(4.0, 100.0).unwrap());
    agrees(&Law::Gamma { mean: ms(40), std_dev: ms(60) }, &oracle::Gamma::new(4.0 / 9.0, 100.0 / 9.0).unwrap());
    agrees(&Law::Weibull { scale: ms(20), shape: 1.7 }, &oracle::Weibull::new(1.7, 0.02).unwrap());
    agrees(&Law::Pareto { min: ms(5), shape: 3.5, max: None }, &oracle::Pareto::new(0.005, 3.5).unwrap());
    // So far above zero that the condition changes nothing.
    agrees(&Law::Normal { mean: ms(50), std_dev: ms(2) }, &oracle::Normal::new(0.05, 0.002).unwrap());
}

#[test]
fn the_normal_law_is_that_of_its_positive_part() {
    let law = Law::Normal { mean: Span::ZERO, std_dev: Span::from_secs(1) };
    assert!(close(law.mean().unwrap(), 1e9 * (2.0 / std::f64::consts::PI).sqrt(), 1e-14));
    assert!(close(law.variance().unwrap(), 1e18 * (1.0 - 2.0 / std::f64::consts::PI), 1e-13));
    // P(|Z| <= 1).
    assert!(close(law.cdf(1e9), 0.682_689_492_137_085_9, 1e-14));
    assert!(close(law.quantile(0.682_689_492_137_085_9), 1e9, 1e-14));
    assert!(law.cdf(-1.0).abs() < f64::MIN_POSITIVE);
}

#[test]
fn a_bounded_pareto_has_no_mass_above_its_bound() {
    let law = Law::Pareto { min: Span::from_secs(1), shape: 1.0, max: Some(Span::from_secs(4)) };
    // F(x) = (1 - 1/x) / (3/4), mean = ln 4 / (3/4), second moment = 3 / (3/4).
    assert!(close(law.cdf(2e9), 2.0 / 3.0, 1e-14));
    assert!(close(law.quantile(2.0 / 3.0), 2e9, 1e-14));
    assert!(close(law.quantile(1.0), 4e9, 1e-14));
    let mean = ln(4.0) / 0.75;
    assert!(close(law.mean().unwrap(), 1e9 * mean, 1e-14));
    assert!(close(law.variance().unwrap(), 1e18 * (4.0 - mean * mean), 1e-12));
    assert!((law.cdf(4e9) - 1.0).abs() < f64::EPSILON);
}

#[test]
fn infinite_moments_are_none() {
    let pareto = |shape| Law::Pareto { min: Span::from_secs(1), shape, max: None };
    assert_eq!(pareto(1.0).mean(), None);
    assert!(pareto(1.5).mean().is_some());
    assert_eq!(pareto(2.0).variance(), None);
    assert!(pareto(2.5).variance().is_some());
    let mixed = Law::Mixture(vec![
        Component { weight: 9.0, of: Law::Constant(Span::from_secs(1)) },
        Component { weight: 1.0, of: pareto(0.9) },
    ]);
    assert_eq!(mixed.mean(), None);
    assert_eq!(mixed.variance(), None);
}

#[test]
fn lognormal_parameters_give_back_what_they_were_made_from() {
    let law = Law::lognormal_from_mean(Span::from_millis(40), Span::from_millis(15));
    assert!(close(law.mean().unwrap(), 40e6, 1e-13));
    assert!(close(law.variance().unwrap(), 15e6 * 15e6, 1e-12));
    let law = Law::lognormal_from_median(Span::from_millis(300), Span::from_secs(4));
    assert_eq!(law.median(), Span::from_millis(300));
    assert!(close(law.quantile(0.99), 4e9, 1e-9));
}

#[test]
fn without_spread_every_law_is_a_constant() {
    let second = Span::from_secs(1);
    let laws = [
        Law::Uniform { min: second, max: second },
        Law::Exponential { mean: Span::ZERO, min: second },
        Law::Normal { mean: second, std_dev: Span::ZERO },
        Law::Lognormal { mu: 0.0, sigma: 0.0 },
        Law::Gamma { mean: second, std_dev: Span::ZERO },
        Law::Pareto { min: second, shape: 2.0, max: Some(second) },
        Law::Empirical(vec![second, second]),
        Law::Mixture(vec![Component { weight: 2.0, of: Law::Constant(second) }]),
    ];
    for law in laws {
        assert_eq!(law.as_constant(), Some(second), "{law:?}");
        assert_eq!(law.median(), second, "{law:?}");
        assert!(close(law.mean().unwrap(), 1e9, 1e-15) && law.variance().unwrap().abs() < 1e-9, "{law:?}");
        assert!(law.cdf(1e9 - 1.0).abs() < 1e-15 && law.upper_tail(1e9).abs() < 1e-15, "{law:?}");
    }
    assert_eq!(Law::Weibull { scale: Span::ZERO, shape: 2.0 }.as_constant(), Some(Span::ZERO));
}

#[test]
fn recorded_spans_are_their_own_quantiles() {
    let law = Law::Empirical([1, 2, 3, 4].map(Span::from_nanos).to_vec());
    let expected = [(0.0, 1), (0.25, 1), (0.250_001, 2), (0.5, 2), (0.75, 3), (0.9, 4), (1.0, 4)];
    for (p, nanos) in expected {
        assert_eq!(round_to_u64(law.quantile(p)), nanos, "{p}");
    }
    assert_eq!(law.median(), Span::from_nanos(2));
    assert!(close(law.cdf(2.5), 0.5, 1e-15) && close(law.upper_tail(3.0), 0.25, 1e-15));
    assert!(close(law.mean().unwrap(), 2.5, 1e-15) && close(law.variance().unwrap(), 1.25, 1e-15));
}

#[test]
fn a_mixture_meets_its_atoms() {
    let law = &other_laws()[2].1;
    // Three quarters lie at 10 ms, the rest above 50 ms.
    for p in [0.0, 0.3, 0.5, 0.75] {
        assert_eq!(round_to_u64(law.quantile(p)), 10_000_000, "{p}");
    }
    assert!(law.quantile(0.750_001) > 50e6);
    // The median of the exponential component.
    assert!(close(law.quantile(0.875), 50e6 + 200e6 * ln(2.0), 1e-12));
    assert!(close(law.mean().unwrap(), 70e6, 1e-14));
    assert!(close(law.variance().unwrap(), 0.75 * 60e6 * 60e6 + 0.25 * (200e6 * 200e6 + 180e6 * 180e6), 1e-14));
}

proptest! {
    #[test]
    fn quantile_and_distribution_are_inverse(number in 0..smooth_laws().len(), exponent in -20.0..0.0_f64) {
        let (name, law) = &smooth_laws()[number];
        let probability = 0.5 * exp(exponent);
        // A quantile is known to an ulp; the laws that lie far from zero turn that into more than an ulp of probability.
        let tolerance = 1e-10 / probability.sqrt();
        let below = law.cdf(law.quantile_at(Tail::Lower(probability)));
        prop_assert!(close(below, probability, tolerance), "{name}: {below} not {probability}");
        let above = law.upper_tail(law.quantile_at(Tail::Upper(probability)));
        prop_assert!(close(above, probability, tolerance), "{name}: {above} not {probability}");
    }

    #[test]
    fn quantiles_never_fall(number in 0..smooth_laws().len() + other_laws().len(), one in 0.0..1.0_f64, other in 0.0..1.0_f64) {
        let laws = [smooth_laws(), other_laws()].concat();
        let (name, law) = &laws[number];
        let (low, high) = (law.quantile(one.min(other)), law.quantile(one.max(other)));
        prop_assert!(low >= 0.0 && low <= high * (1.0 + 1e-14), "{name}: {low} {high}");
        prop_assert!(law.cdf(high) >= one.max(other) - 1e-9, "{name}");
    }
}
