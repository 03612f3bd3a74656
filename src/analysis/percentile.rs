//! Percentiles and means of clustered lengths, with intervals that hold for clusters.
//!
//! The interval of a percentile is Woodruff's (JASA 47, 1952): those times at which the share reached so far does not
//! contradict the percentile. "Contradict" is judged as for a binomial share (order statistics), with the number of cases
//! replaced by the *effective* number: as many independent cases as would give the curve the variance that it has between
//! units (Korn and Graubard, "Confidence intervals for proportions with small expected number of positive counts estimated
//! from survey data", Survey Methodology 24, 1998), never more than subjects, and less by Student's ratio where units are
//! few. With independent cases this is the exact distribution-free interval: the upper end of a p99 needs about 370
//! cases two-sided and 300 one-sided, since 0.99^n must fall below what is left out.

use super::estimate::{Effort, Estimate, Method};
use super::ratio::{log_ends, small_sample_factor};
use super::survival::{Curve, Variance};
use crate::num::{beta_cdf, u64_to_f64};

/// The percentile that the share `tail` exceeds: 0.01 for p99.
///
/// Where the curve does not reach it there is no value, and the low end is the longest length.
pub(crate) fn percentile(curve: &Curve, tail: f64, effort: Effort) -> Estimate {
    let reached = curve.reach(tail);
    let value = reached.map(|index| curve.seconds(index));
    let n = curve.units();
    if !effort.has_interval(n) {
        return Estimate::bare(value, n, Method::TooFewUnits);
    }
    let Some(index) = reached else {
        let longest = Some(curve.longest());
        return Estimate { low: longest, at_least: longest, ..Estimate::bare(None, n, Method::KaplanMeier) };
    };
    let cases = effective_cases_at(curve, index);
    Estimate::with_ends(value, n, Method::KaplanMeier, |out| {
        let cases = cases / small_sample_factor(out, n);
        let low = level_below(cases, 1.0 - tail, out).and_then(|level| curve.pass(1.0 - level));
        let high = level_above(cases, 1.0 - tail, out).and_then(|level| curve.reach(1.0 - level));
        (low.map(|index| curve.seconds(index)), high.map(|index| curve.seconds(index)))
    })
}

/// The mean, restricted to the longest length.
pub(crate) fn restricted_mean(curve: &Curve, effort: Effort) -> Estimate {
    let value = curve.mean();
    let n = curve.units();
    if !effort.has_interval(n) {
        return Estimate::bare(Some(value), n, Method::TooFewUnits);
    }
    if value <= 0.0 {
        return Estimate::bare(Some(value), n, Method::KaplanMeier);
    }
    let error = curve.variance_of_mean().by_unit.sqrt() / value;
    Estimate::with_ends(Some(value), n, Method::KaplanMeier, |out| log_ends(value, error, out, n))
}

/// Effective cases of the curve at a step; where the curve has come to 0 there, at the last step above.
fn effective_cases_at(curve: &Curve, index: usize) -> f64 {
    let index = if curve.beyond(index) > 0.0 { Some(index) } else { index.checked_sub(1) };
    match index {
        Some(index) => effective_cases(curve.beyond(index), curve.subjects(), curve.variance_at(index)),
        // All lengths are equal: only that so many units agree.
        None => u64_to_f64(curve.units()),
    }
}

/// How many independent cases would give a share this variance between units.
pub(crate) fn effective_cases(share: f64, subjects: u64, variance: Variance) -> f64 {
    let binomial = share * (1.0 - share);
    let subjects = u64_to_f64(subjects);
    // One case is lost to the estimated mean in both variances alike; it is not lost to a distribution-free interval.
    let lone = if variance.by_subject > 0.0 { binomial / variance.by_subject + 1.0 } else { subjects };
    let design = if variance.by_subject > 0.0 { variance.by_unit / variance.by_subject } else { 1.0 };
    let cases = if design > 0.0 { lone / design } else { subjects };
    cases.min(subjects).max(1.0)
}

/// The largest share at which so many cases contradict `share` from below, a tail of `out`; `None` where none does.
///
/// The real-valued x with P(Bin(cases, share) <= x) = out, divided by the number of cases.
fn level_below(cases: f64, share: f64, out: f64) -> Option<f64> {
    let tail_at = |x: f64| 1.0 - beta_cdf(share, x + 1.0, cases - x);
    if tail_at(0.0) > out {
        return None;
    }
    Some(bisect(0.0, cases, |x| tail_at(x) <= out).0 / cases)
}

/// The least share at which so many cases contradict `share` from above; `None` where not even all of them do.
///
/// The real-valued x with P(Bin(cases, share) >= x) = out, divided by the number of cases.
fn level_above(cases: f64, share: f64, out: f64) -> Option<f64> {
    let tail_at = |x: f64| beta_cdf(share, x, cases - x + 1.0);
    if tail_at(cases) > out {
        return None;
    }
    Some(bisect(0.0, cases, |x| tail_at(x) > out).1 / cases)
}

/// Shrinks a bracket whose lower end is `left` and whose upper end is not.
fn bisect(mut low: f64, mut high: f64, left: impl Fn(f64) -> bool) -> (f64, f64) {
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if left(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low, high)
}
