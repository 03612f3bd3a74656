//! Estimates as people read them: short, with their bound where nothing was seen, never more digits than are known.

use super::number::{self, digits};
use crate::analysis::Estimate;

/// What stands where there is nothing to say.
pub(super) const EMPTY: &str = "–";

/// A rate without its interval: `1.4k`, `<3.7` where nothing was seen, `–` where it does not apply.
#[must_use]
pub fn rate(estimate: Option<&Estimate>) -> String {
    let Some(estimate) = estimate else { return EMPTY.to_owned() };
    match estimate.value {
        Some(value) if value > 0.0 => number::count(value, digits(value, estimate.low, estimate.high)),
        _ => bound(estimate),
    }
}

/// A rate with its interval: `1.4k (1.1k–1.9k)`.
#[must_use]
pub fn rate_with_interval(estimate: Option<&Estimate>) -> String {
    let text = rate(estimate);
    let Some(estimate) = estimate.filter(|estimate| estimate.value.is_some_and(|value| value > 0.0)) else {
        return text;
    };
    // The ends in as many digits as the value, or near ones would seem to be one.
    let shown = estimate.value.map_or(2, |value| digits(value, estimate.low, estimate.high));
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) if low > 0.0 => {
            format!("{text} ({}–{})", number::count(low, shown), number::count(high, shown))
        }
        (_, Some(high)) => format!("{text} (<{})", number::count(high, 2)),
        (Some(low), None) if low > 0.0 => format!("{text} (>{})", number::count(low, 2)),
        _ => text,
    }
}

/// A latency: `12.3 s`; `>600 s` where the percentile was not reached within the longest follow-up.
#[must_use]
pub fn latency(estimate: Option<&Estimate>) -> String {
    let Some(estimate) = estimate else { return EMPTY.to_owned() };
    match (estimate.value, estimate.low) {
        (Some(value), _) => number::span(value, digits(value, estimate.low, estimate.high)),
        (None, Some(low)) if low > 0.0 => format!(">{}", number::span(low, 2)),
        (None, _) => EMPTY.to_owned(),
    }
}

/// Bytes a second: `1.84 kB/s`.
#[must_use]
pub fn byte_rate(estimate: Option<&Estimate>) -> String {
    match estimate.and_then(|estimate| estimate.value) {
        Some(value) if value > 0.0 => number::byte_rate(value, 3),
        _ => EMPTY.to_owned(),
    }
}

/// What is known of a rate of which nothing was seen.
fn bound(estimate: &Estimate) -> String {
    match (estimate.value, estimate.high) {
        (_, Some(high)) if high > 0.0 => format!("<{}", number::count(high, 2)),
        (Some(_), _) => "none seen".to_owned(),
        (None, _) => EMPTY.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Method;

    fn estimate(value: Option<f64>, low: Option<f64>, high: Option<f64>) -> Estimate {
        Estimate { value, low, high, n: 16, method: Method::Jackknife, at_least: None, at_most: None }
    }

    #[test]
    fn zero_is_a_bound() {
        assert_eq!(rate(Some(&estimate(Some(0.0), None, Some(3.69)))), "<3.7");
        assert_eq!(rate(Some(&estimate(Some(0.0), None, None))), "none seen");
        assert_eq!(rate(None), "–");
        assert_eq!(rate_with_interval(Some(&estimate(Some(0.0), None, Some(3.69)))), "<3.7");
    }

    #[test]
    fn intervals_stand_beside_values() {
        let wide = estimate(Some(1438.0), Some(1071.0), Some(1912.0));
        assert_eq!(rate_with_interval(Some(&wide)), "1.4k (1.1k–1.9k)");
        assert_eq!(rate_with_interval(Some(&estimate(Some(2.0), None, None))), "2.0");
    }

    #[test]
    fn a_percentile_that_was_not_reached_says_how_far_was_looked() {
        assert_eq!(latency(Some(&estimate(None, Some(600.0), None))), ">600 s");
        assert_eq!(latency(Some(&estimate(Some(12.34), Some(11.9), Some(12.8)))), "12.3 s");
        assert_eq!(latency(Some(&estimate(None, None, None))), "–");
    }
}
