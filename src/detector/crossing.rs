//! Where a rule turns true: closed forms find the place but for rounding, the rule itself decides.
//!
//! A detector says "suspect" by comparing floating point numbers. Solving that comparison for the time gives an answer that
//! may be one off, and one nanosecond off is another event order. So the solution is only a guess: the rule is asked on both
//! sides of it. This file must not know any rule.

/// The smallest whole number for which `rule` holds, near `guess`; [`u64::MAX`] where it holds for none.
///
/// `rule` must stay true once it is. A guess that is right or one off costs two or three questions; a bad one twice the
/// logarithm of its error.
#[must_use]
#[inline]
pub(super) fn first(guess: u64, rule: impl Fn(u64) -> bool) -> u64 {
    if rule(guess) {
        if guess == 0 || !rule(guess - 1) {
            return guess;
        }
        let low = gallop(guess - 1, |step| (guess - 1).saturating_sub(step), |at| !rule(at) || at == 0);
        if rule(low) { low } else { bisect(low, guess - 1, rule) }
    } else {
        let high = gallop(guess, |step| guess.saturating_add(step), |at| rule(at) || at == u64::MAX);
        if rule(high) { bisect(guess, high, rule) } else { u64::MAX }
    }
}

/// Steps of 1, 2, 4, ... from `from` until `done`.
#[cold]
fn gallop(from: u64, reach: impl Fn(u64) -> u64, done: impl Fn(u64) -> bool) -> u64 {
    let mut step = 1_u64;
    let mut at = from;
    while !done(at) {
        at = reach(step);
        step = step.saturating_mul(2);
    }
    at
}

/// The smallest number in (`low`, `high`] for which `rule` holds, given that it holds at `high` and not at `low`.
#[cold]
fn bisect(mut low: u64, mut high: u64, rule: impl Fn(u64) -> bool) -> u64 {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if rule(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_the_ends() {
        assert_eq!(first(7, |_| true), 0);
        assert_eq!(first(0, |_| true), 0);
        assert_eq!(first(7, |_| false), u64::MAX);
        assert_eq!(first(u64::MAX, |_| false), u64::MAX);
        assert_eq!(first(0, |at| at == u64::MAX), u64::MAX);
        assert_eq!(first(u64::MAX, |at| at >= 1), 1);
    }

    #[test]
    fn a_right_guess_costs_two_questions() {
        let asked = std::cell::Cell::new(0);
        let rule = |at| {
            asked.set(asked.get() + 1);
            at >= 1000
        };
        assert_eq!((first(1000, rule), asked.get()), (1000, 2));
    }

    proptest! {
        #[test]
        fn finds_the_crossing_from_any_guess(crossing: u64, guess: u64, near in 0..4_u64) {
            prop_assert_eq!(first(guess, |at| at >= crossing), crossing);
            prop_assert_eq!(first(crossing.saturating_add(near), |at| at >= crossing), crossing);
            prop_assert_eq!(first(crossing.saturating_sub(near), |at| at >= crossing), crossing);
        }
    }
}
