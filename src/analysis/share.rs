//! A share of clustered cases, such as the crashes that were detected.

use super::estimate::{Effort, Estimate, Method};
use super::percentile::effective_cases;
use super::ratio::small_sample_factor;
use super::survival::Variance;
use crate::metrics::Agreement;
use crate::num::{share_high, share_low, u64_to_f64};

/// The cases of one independent unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cases {
    /// Those that belong to the share.
    pub(crate) yes: u64,
    /// All of them.
    pub(crate) all: u64,
}

/// The share of cases that say yes, with Clopper and Pearson's interval for the effective number of cases. `views`: how
/// cases agree that are views of one thing.
pub(crate) fn share(cases: &[Cases], views: &Agreement, effort: Effort) -> Estimate {
    let (yes, all) = cases.iter().fold((0, 0), |(yes, all), unit| (yes + unit.yes, all + unit.all));
    if all == 0 {
        return Estimate::not_applicable();
    }
    let value = u64_to_f64(yes) / u64_to_f64(all);
    let units = cases.iter().filter(|unit| unit.all > 0).count() as u64;
    if !effort.has_interval(units) {
        return Estimate::bare(Some(value), units, Method::TooFewUnits);
    }
    let effective = if yes == 0 || yes == all {
        // No variance is seen: only that so many units agree.
        None
    } else {
        let by_unit: f64 = cases
            .iter()
            .map(|unit| u64_to_f64(unit.yes) - value * u64_to_f64(unit.all))
            .map(|residual| residual * residual)
            .sum();
        let by_subject = u64_to_f64(views.yes_squared) - 2.0 * value * u64_to_f64(views.yes_by_views)
            + value * value * u64_to_f64(views.views_squared);
        let variance = Variance {
            by_subject: clustered(by_subject.max(0.0), views.crashes, all),
            by_unit: clustered(by_unit, units, all),
        };
        Some(effective_cases(value, views.crashes, variance))
    };
    Estimate::with_ends(Some(value), units, Method::Share, |out| {
        let cases = effective.map_or_else(|| u64_to_f64(units), |cases| cases / small_sample_factor(out, units));
        (Some(share_low(value * cases, cases, out)), Some(share_high(value * cases, cases, out)))
    })
}

/// Variance of a share from the sum of the squared residuals of so many clusters.
fn clustered(squares: f64, clusters: u64, cases: u64) -> f64 {
    let (total, n) = (u64_to_f64(cases), u64_to_f64(clusters));
    squares / (total * total) * if clusters < 2 { 1.0 } else { n / (n - 1.0) }
}
