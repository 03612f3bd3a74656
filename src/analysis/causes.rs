//! Why false positives happened, as shares over those that were looked into.

use super::view::View;
use crate::metrics::Cause;
use crate::num::{u64_to_f64, usize_to_f64};

/// Shares by cause, largest first, which sum to 1, and how many false positives are behind them.
///
/// Each false positive counts 1, divided among its causes by Shapley's rule; one that no removal prevents counts for the
/// threshold.
pub(crate) fn shares(view: &View<'_>) -> (Vec<(String, f64)>, u64) {
    let mut weights = [0.0_f64; Cause::KINDS.len() + 1];
    let mut n = 0_u64;
    for mistake in view.trials.iter().flat_map(|trial| &trial.false_positives) {
        n += 1;
        let total: u64 = mistake.cause.sixtieths.iter().map(|part| u64::from(*part)).sum();
        if total == 0 {
            weights[Cause::KINDS.len()] += 1.0;
            continue;
        }
        for (weight, part) in weights.iter_mut().zip(mistake.cause.sixtieths) {
            *weight += f64::from(part) / u64_to_f64(total);
        }
    }
    let total: f64 = weights.iter().sum();
    let names = Cause::KINDS.iter().chain([&Cause::THRESHOLD]);
    let mut shares: Vec<(String, f64)> = names
        .zip(weights)
        .filter(|(_, weight)| *weight > 0.0)
        .map(|(name, weight)| ((*name).to_owned(), weight / total))
        .collect();
    // Stable: equal shares stay in the order of the kinds.
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    debug_assert!(
        n == 0 || (shares.iter().map(|share| share.1).sum::<f64>() - 1.0).abs() < 1e-9 * usize_to_f64(shares.len()),
        "the shares of causes sum to 1"
    );
    (shares, n)
}
