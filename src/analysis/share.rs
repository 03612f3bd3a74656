//! A share of clustered cases, such as the crashes that were detected.

use super::estimate::{Effort, Estimate, Method};
use super::percentile::effective_cases;
use super::ratio::small_sample_factor;
use super::survival::Variance;
use crate::num::{share_high, share_low, u64_to_f64};

/// A case, or several views of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    /// Whether it belongs to the share.
    pub(crate) yes: bool,
    /// The subject that it is a view of.
    pub(crate) subject: u32,
    /// The independent unit.
    pub(crate) unit: u32,
}

/// The share of cases that say yes, with Clopper and Pearson's interval for the effective number of cases.
pub(crate) fn share(cases: &[Case], effort: Effort) -> Estimate {
    if cases.is_empty() {
        return Estimate::not_applicable();
    }
    let yes = cases.iter().filter(|case| case.yes).count();
    let value = u64_to_f64(yes as u64) / u64_to_f64(cases.len() as u64);
    let (by_subject, subjects) = squares(cases, value, |case| case.subject);
    let (by_unit, units) = squares(cases, value, |case| case.unit);
    if !effort.has_interval(units) {
        return Estimate::bare(Some(value), units, Method::TooFewUnits);
    }
    let effective = if yes == 0 || yes == cases.len() {
        // No variance is seen: only that so many units agree.
        None
    } else {
        Some(effective_cases(value, subjects, Variance { by_subject, by_unit }))
    };
    Estimate::with_ends(Some(value), units, Method::Share, |out| {
        let cases = effective.map_or_else(|| u64_to_f64(units), |cases| cases / small_sample_factor(out, units));
        (Some(share_low(value * cases, cases, out)), Some(share_high(value * cases, cases, out)))
    })
}

/// Variance of the share if clusters by `key` are independent, and how many clusters there are.
fn squares(cases: &[Case], share: f64, key: impl Fn(&Case) -> u32) -> (f64, u64) {
    let mut residuals: Vec<(u32, f64)> =
        cases.iter().map(|case| (key(case), if case.yes { 1.0 - share } else { -share })).collect();
    residuals.sort_by_key(|(cluster, _)| *cluster);
    let (mut squares, mut clusters) = (0.0, 0_u64);
    for cluster in residuals.chunk_by(|a, b| a.0 == b.0) {
        let sum: f64 = cluster.iter().map(|(_, residual)| residual).sum();
        squares += sum * sum;
        clusters += 1;
    }
    let total = u64_to_f64(cases.len() as u64);
    let n = u64_to_f64(clusters);
    (squares / (total * total) * if clusters < 2 { 1.0 } else { n / (n - 1.0) }, clusters)
}
