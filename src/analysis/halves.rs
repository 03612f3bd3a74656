//! Does the first half of the measured time look like the second? If not, the warm-up was too short or the world drifts.

use super::estimate::LEAST_UNITS;
use super::view::View;
use crate::num::{student_quantile, u64_to_f64, u128_to_f64, usize_to_f64};

/// The probability of a false warning over all rows of a run.
const FALSE_WARNING: f64 = 1e-3;

/// The false-positive rates of the first and of the second half, in events a nanosecond, where they differ more than
/// chance allows.
///
/// A unit's difference is what it adds to the rate of the first half less what it adds to that of the second; the mean of
/// the differences is tested by Student's t, at [`FALSE_WARNING`] divided by `rows`.
pub(crate) fn difference(view: &View<'_>, rows: usize) -> Option<(f64, f64)> {
    let first_exposure: u128 = view.components().map(|c| c.halves.first_exposure_ns).sum();
    let exposure: u128 = view.components().map(|c| c.exposure_ns).sum();
    let first_exposure_ns = u128_to_f64(first_exposure);
    let second_exposure_ns = u128_to_f64(exposure.saturating_sub(first_exposure));
    if first_exposure_ns <= 0.0 || second_exposure_ns <= 0.0 {
        return None;
    }
    let differences: Vec<f64> = view
        .components()
        .filter(|component| component.exposure_ns > 0)
        .map(|component| {
            let first = component.halves.first_mistakes;
            let second = component.mistakes.saturating_sub(first);
            u64_to_f64(first) / first_exposure_ns - u64_to_f64(second) / second_exposure_ns
        })
        .collect();
    if (differences.len() as u64) < LEAST_UNITS {
        return None;
    }
    let n = usize_to_f64(differences.len());
    let sum: f64 = differences.iter().sum();
    let mean = sum / n;
    let squares: f64 = differences.iter().map(|difference| (difference - mean) * (difference - mean)).sum();
    let error = (squares * n / (n - 1.0)).sqrt();
    let level = FALSE_WARNING / usize_to_f64(rows.max(1));
    let limit = student_quantile(1.0 - level / 2.0, n - 1.0);
    if sum.abs() <= limit * error {
        return None;
    }
    let first = view.total(|component| component.halves.first_mistakes);
    let second = view.total(|component| component.mistakes.saturating_sub(component.halves.first_mistakes));
    Some((u64_to_f64(first) / first_exposure_ns, u64_to_f64(second) / second_exposure_ns))
}
