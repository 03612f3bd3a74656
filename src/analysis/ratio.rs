//! Ratios of sums over independent units: rates, shares of time, mean lengths.
//!
//! The value is the ratio of the sums. Its interval comes from how the units differ, never from an assumed law of the
//! events: bursts make the events of a unit come together, and Poisson intervals would cover half as often as they say.
//!
//! - Many events: delete-one jackknife of the logarithm, Student's t with one degree of freedom less than units (Miller,
//!   "The jackknife: a review", Biometrika 61, 1974).
//! - Few: a gamma interval as for a Poisson count (Garwood 1936), with the count divided by the over-dispersion: the
//!   variance of the unit sums about their expectation, as a multiple of what single events would give, at least 1. What
//!   it exceeds 1 by is known from few units only, so that part is enlarged by the squared ratio of Student's quantile to
//!   the normal one, with as many degrees of freedom as units saw anything. The count divided by the over-dispersion is
//!   the *effective* number of events, `(sum y)^2 / V`.
//! - The switch-over lies at [`MANY`] effective events, where both give nearly the same interval.
//! - None: bounds for incidents, see [`NothingSeen`].

use super::estimate::{Effort, Ends, Estimate, Method, ONE_SIDED};
use crate::num::{
    exp, gamma_quantile, gamma_upper_quantile, ln_1p, normal_upper_quantile, student_quantile, u64_to_f64, u128_to_f64,
    usize_to_f64,
};

/// Effective events from which on the jackknife is used.
const MANY: f64 = 20.0;
/// Degrees of freedom that an over-dispersion has at least: from one clump alone nothing is known of the size of others,
/// and Student's quantile for one degree would make the interval say no more than that.
const LEAST_INFORMED: u64 = 2;
/// Expected incidents that stay unseen with 5 % probability: -ln 0.05.
const UNSEEN_ONE_SIDED: f64 = 3.0;
/// Expected incidents that stay unseen with 2.5 % probability: -ln 0.025.
const UNSEEN_TWO_SIDED: f64 = 3.69;

/// What one unit adds to the numerator and to the denominator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Numerator: events, or nanoseconds.
    pub(crate) above: u128,
    /// Denominator.
    pub(crate) below: u128,
}

/// What can be said where nothing was seen.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NothingSeen {
    /// A rate. An incident of one component is rarer than 3.0 (3.69 two-sided) divided by this time, the independent time
    /// that was watched, in the unit of the denominator.
    Rate(f64),
    /// A share of the denominator: in the worst case a unit is wrong throughout, and of n units none was.
    Share,
}

/// Estimates `sum above / sum below`. `events` caps the effective number of events, for numerators that are counts of
/// events or sums over events. Units without a denominator count for nothing.
pub(crate) fn ratio(units: &[Unit], events: u64, unseen: NothingSeen, effort: Effort) -> Estimate {
    let sums = Sums::of(units);
    if sums.below <= 0.0 {
        return Estimate::not_applicable();
    }
    if sums.above <= 0.0 {
        return nothing_seen(sums.n, unseen, effort);
    }
    let value = sums.above / sums.below;
    if !effort.has_interval(sums.n) {
        return Estimate::bare(Some(value), sums.n, Method::TooFewUnits);
    }
    let effective = sums.effective_events(units);
    // Roundings differ with the order of the units; whole numbers of events must not.
    if effective.min(u64_to_f64(events.max(1))) < MANY * (1.0 - 1e-9) {
        return few(&sums, value, effective, events);
    }
    match sums.log_jackknife_error(units) {
        Some(error) => {
            Estimate::with_ends(Some(value), sums.n, Method::Jackknife, |tail| log_ends(value, error, tail, sums.n))
        }
        None => Estimate::bare(Some(value), sums.n, Method::TooFewUnits),
    }
}

/// Estimates a mean length `sum above / sum below`, where `below` counts the cases: only units with a case know anything.
pub(crate) fn mean_length(units: &[Unit], effort: Effort) -> Estimate {
    let informed: Vec<Unit> = units.iter().copied().filter(|unit| unit.below > 0 || unit.above > 0).collect();
    let sums = Sums::of(&informed);
    if sums.below <= 0.0 {
        return Estimate::not_applicable();
    }
    if sums.above <= 0.0 {
        return Estimate::bare(Some(0.0), sums.n, Method::ZeroEvents);
    }
    let value = sums.above / sums.below;
    let error = if effort.has_interval(sums.n) { sums.log_jackknife_error(&informed) } else { None };
    match error {
        Some(error) => {
            Estimate::with_ends(Some(value), sums.n, Method::Jackknife, |tail| log_ends(value, error, tail, sums.n))
        }
        None => Estimate::bare(Some(value), sums.n, Method::TooFewUnits),
    }
}

/// Ends of an interval that is symmetric on the log scale, with standard error `error` there.
pub(crate) fn log_ends(value: f64, error: f64, tail: f64, n: u64) -> Ends {
    let width = student_quantile(1.0 - tail, u64_to_f64(n - 1)) * error;
    (Some(value * exp(-width)), Some(value * exp(width)))
}

/// The squared ratio of Student's quantile with n - 1 degrees of freedom to the normal one.
pub(crate) fn small_sample_factor(tail: f64, n: u64) -> f64 {
    let ratio = student_quantile(1.0 - tail, u64_to_f64(n - 1)) / normal_upper_quantile(tail);
    ratio * ratio
}

/// The estimate of which nothing was seen in `n` units.
fn nothing_seen(n: u64, unseen: NothingSeen, effort: Effort) -> Estimate {
    let enough = effort.has_interval(n);
    match unseen {
        NothingSeen::Rate(watched) if enough && watched > 0.0 => {
            Estimate::with_ends(None, n, Method::ZeroEvents, |tail| {
                let expected = if tail < ONE_SIDED { UNSEEN_TWO_SIDED } else { UNSEEN_ONE_SIDED };
                (None, Some(expected / watched))
            })
        }
        NothingSeen::Share if enough => Estimate::with_ends(Some(0.0), n, Method::ZeroEvents, |tail| {
            (Some(0.0), Some(crate::num::share_high(0.0, u64_to_f64(n), tail)))
        }),
        NothingSeen::Rate(_) => Estimate::bare(None, n, Method::ZeroEvents),
        NothingSeen::Share => Estimate::bare(Some(0.0), n, Method::ZeroEvents),
    }
}

/// The interval for few events.
///
/// `events / effective` is the over-dispersion; what it exceeds 1 by is known from the units that saw anything.
fn few(sums: &Sums, value: f64, effective: f64, events: u64) -> Estimate {
    let events = u64_to_f64(events.max(1));
    let excess = (events / effective - 1.0).max(0.0);
    let informed = sums.hit.clamp(LEAST_INFORMED, sums.n - 1);
    Estimate::with_ends(Some(value), sums.n, Method::Gamma, |tail| {
        let shape = events / (1.0 + excess * small_sample_factor(tail, informed + 1));
        let low = gamma_quantile(shape, tail);
        let high = gamma_upper_quantile(shape + 1.0, tail);
        (Some(value * low / shape), Some(value * high / shape))
    })
}

/// Sums over the units that have a denominator.
struct Sums {
    above: f64,
    below: f64,
    exact_above: u128,
    exact_below: u128,
    /// Units with a denominator.
    n: u64,
    /// Units with a numerator.
    hit: u64,
}

impl Sums {
    fn of(units: &[Unit]) -> Self {
        let exact_above = units.iter().map(|unit| unit.above).sum();
        let exact_below = units.iter().map(|unit| unit.below).sum();
        let n = units.iter().fold(0, |n, unit| n + u64::from(unit.below > 0));
        let hit = units.iter().fold(0, |n, unit| n + u64::from(unit.above > 0));
        Self { above: u128_to_f64(exact_above), below: u128_to_f64(exact_below), exact_above, exact_below, n, hit }
    }

    /// `(sum y)^2 / V`; infinite where all units agree.
    fn effective_events(&self, units: &[Unit]) -> f64 {
        let value = self.above / self.below;
        let squares: f64 = units
            .iter()
            .map(|unit| {
                let residual = u128_to_f64(unit.above) - value * u128_to_f64(unit.below);
                residual * residual
            })
            .sum();
        let n = u64_to_f64(self.n);
        self.above * self.above / (squares * n / (n - 1.0))
    }

    /// Standard error of the logarithm of the ratio; `None` where leaving out some unit leaves nothing.
    fn log_jackknife_error(&self, units: &[Unit]) -> Option<f64> {
        let mut moves = Vec::with_capacity(units.len());
        for unit in units.iter().filter(|unit| unit.below > 0 || unit.above > 0) {
            if unit.above == self.exact_above || unit.below == self.exact_below {
                return None;
            }
            // By how much leaving the unit out moves the logarithm: small numbers keep their digits this way.
            let above = ln_1p(-u128_to_f64(unit.above) / self.above);
            let below = ln_1p(-u128_to_f64(unit.below) / self.below);
            moves.push(above - below);
        }
        let n = usize_to_f64(moves.len());
        let mean = moves.iter().sum::<f64>() / n;
        let squares: f64 = moves.iter().map(|by| (by - mean) * (by - mean)).sum();
        Some((squares * (n - 1.0) / n).sqrt())
    }
}
