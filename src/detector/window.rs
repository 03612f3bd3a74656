//! A sliding window of whole numbers with their exact mean and variance.
//!
//! Adaptive detectors average the newest so many intervals between heartbeats. Sums kept in floating point drift as
//! values come and go; these are whole numbers, so after a year they are still equal to a fresh scan of the window. This
//! file must not know what the numbers are: nanoseconds here, milliseconds in a detector that counts in those.

use super::ring::Ring;
use crate::num::{u128_to_f64, usize_to_f64};

/// The newest so many whole numbers, with their count, mean and variance at any time.
///
/// ```
/// use systole::detector::window::Window;
///
/// let mut window = Window::new(5);
/// for interval in [100, 200, 125, 340, 130] {
///     window.push(interval);
/// }
/// assert_eq!((window.mean(), window.variance()), (Some(179.0), Some(7584.0)));
/// ```
///
/// **Cost**: two multiplications and a few additions a value, 8 bytes a value held. **Exact**: mean and variance are the
/// quotients of whole numbers, each rounded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    values: Ring<u64>,
    largest: u64,
    sum: u128,
    squares: u128,
}

impl Window {
    /// An empty window for the newest `capacity` values; 0 counts as 1.
    #[must_use]
    pub fn new(capacity: u32) -> Self {
        let bound = (u128::MAX / u128::from(capacity.max(1))).isqrt();
        let largest = u64::try_from(bound).unwrap_or(u64::MAX);
        Self { values: Ring::new(capacity), largest, sum: 0, squares: 0 }
    }

    /// Adds a value; where the window is full, the oldest leaves.
    ///
    /// A value above `sqrt(2^128 / capacity)` counts as that, so that the sum of squares always fits: in nanoseconds that
    /// is 18 years for a window of 1000 and 213 days for one of a million.
    #[inline]
    pub fn push(&mut self, value: u64) {
        let value = value.min(self.largest);
        self.sum += u128::from(value);
        if let Some(oldest) = self.values.push(value) {
            self.sum -= u128::from(oldest);
            self.squares -= square(oldest);
        }
        self.squares += square(value);
    }

    /// How many values are held.
    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing is held.
    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.values.len() == 0
    }

    /// Forgets all values, keeping the memory.
    pub fn clear(&mut self) {
        self.values.clear();
        self.sum = 0;
        self.squares = 0;
    }

    /// The sum of the values held.
    #[must_use]
    #[inline]
    pub const fn sum(&self) -> u128 {
        self.sum
    }

    /// The mean of the values held; `None` where there are none.
    #[must_use]
    #[inline]
    pub fn mean(&self) -> Option<f64> {
        (!self.is_empty()).then(|| u128_to_f64(self.sum) / usize_to_f64(self.len()))
    }

    /// The variance of the values held, with their count (not one less) as divisor; `None` where there are none.
    #[must_use]
    #[inline]
    pub fn variance(&self) -> Option<f64> {
        if self.is_empty() {
            return None;
        }
        let count = usize_to_f64(self.len());
        Some(match self.spread() {
            Some(spread) => u128_to_f64(spread) / (count * count),
            None => (u128_to_f64(self.squares) / count
                - (u128_to_f64(self.sum) / count) * (u128_to_f64(self.sum) / count))
                .max(0.0),
        })
    }

    /// The square root of the [`variance`](Self::variance).
    #[must_use]
    #[inline]
    pub fn std_dev(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// The variance times the square of the count, in whole numbers: count x sum of squares - square of the sum.
    ///
    /// The difference is never negative (Cauchy and Schwarz). `None` where it would not fit, which takes intervals of
    /// more than a year: these differ in so many digits that floating point does.
    #[inline]
    fn spread(&self) -> Option<u128> {
        let scaled = self.squares.checked_mul(self.len() as u128)?;
        Some(scaled - self.sum * self.sum)
    }
}

#[inline]
fn square(value: u64) -> u128 {
    u128::from(value) * u128::from(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Sum and sum of squares by scanning the last `capacity` values again.
    fn scan(values: &[u64], capacity: usize) -> (u128, u128) {
        let held = &values[values.len().saturating_sub(capacity)..];
        (held.iter().map(|&v| u128::from(v)).sum(), held.iter().map(|&v| square(v)).sum())
    }

    fn filled(capacity: u32, values: &[u64]) -> Window {
        let mut window = Window::new(capacity);
        for &value in values {
            window.push(value);
        }
        window
    }

    fn assert_close(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() <= expected.abs() * 1e-15, "{found} is not {expected}");
    }

    /// The figures of the history in Akka's own specification of its phi accrual detector.
    #[test]
    fn agrees_with_the_published_history() {
        let mut window = filled(3, &[100, 110, 90]);
        assert_close(window.variance(), 200.0 / 3.0);
        window.push(140);
        assert_close(window.variance(), 3800.0 / 9.0);
        window.push(80);
        assert_close(window.variance(), 6200.0 / 9.0);
        assert_close(window.mean(), 310.0 / 3.0);
    }

    #[test]
    fn an_empty_window_has_no_mean() {
        let mut window = Window::new(4);
        assert_eq!((window.mean(), window.variance(), window.std_dev()), (None, None, None));
        window.push(9);
        assert_eq!((window.mean(), window.std_dev()), (Some(9.0), Some(0.0)));
        window.clear();
        assert!(window.is_empty());
        assert_eq!((window.mean(), window.sum()), (None, 0));
    }

    #[test]
    fn a_nanosecond_of_jitter_is_seen_under_an_hour() {
        let hour = 3_600_000_000_000;
        let window = filled(1000, &(0..5000).map(|beat| hour + beat % 2).collect::<Vec<_>>());
        assert_close(window.std_dev(), 0.5);
    }

    #[test]
    fn the_largest_values_neither_overflow_nor_lose_the_mean() {
        for capacity in [1, 2, 3, 1000] {
            let values = vec![u64::MAX; 2500];
            let window = filled(capacity, &values);
            assert!(window.mean().unwrap() <= 18_446_744_073_709_551_616.0);
            assert!(window.variance().unwrap() >= 0.0);
        }
        let mixed = filled(2, &[0, u64::MAX]);
        assert_close(mixed.std_dev(), mixed.mean().unwrap());
    }

    proptest! {
        #[test]
        fn sums_equal_a_fresh_scan(
            values in prop::collection::vec(prop_oneof![0..10_u64, 0..1_u64 << 40, any::<u64>().prop_map(|v| v >> 5)], 1..200),
            capacity in 1..40_u32,
        ) {
            let window = filled(capacity, &values);
            prop_assert_eq!((window.sum, window.squares), scan(&values, capacity as usize));
        }

        #[test]
        fn variance_is_that_of_the_deviations(
            values in prop::collection::vec(900_000_000..1_100_000_000_u64, 2..60),
        ) {
            let window = filled(1000, &values);
            let count = u32::try_from(values.len()).unwrap();
            let mean = window.mean().unwrap();
            let naive = values.iter().map(|&v| {
                let deviation = f64::from(u32::try_from(v).unwrap()) - mean;
                deviation * deviation
            }).sum::<f64>() / f64::from(count);
            prop_assert!((window.variance().unwrap() - naive).abs() <= naive * 1e-9 + 1e-6);
        }
    }
}
