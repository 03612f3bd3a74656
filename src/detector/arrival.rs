//! When the next heartbeat is expected, from when the last ones came.
//!
//! The estimate of NFD-E (Chen, Toueg and Aguilera 2002, section 6.3), which Bertier's detector, 2W-FD and SFD build on:
//! EA(l+1) = mean of (A_i - interval x s_i) over the newest n heartbeats + (l+1) x interval, with A_i the arrival of
//! heartbeat number s_i and l the newest number. A lost heartbeat leaves the estimate as it is: slots are counted by
//! number. This file must not know any detector, nor incarnations: numbers are those of one.

use super::ring::Ring;
use crate::num::{f64_to_i64, i64_to_f64};
use crate::units::{LocalTime, Span};

/// The expected arrival of the next heartbeat of one incarnation.
///
/// **Cost**: one multiplication and a few additions a heartbeat and one division a question; 8 bytes a heartbeat held.
/// **Exact**: arrivals are counted in whole nanoseconds from the slots that follow the first heartbeat, and their sum is a
/// whole number. A heartbeat more than 292 years off its slot counts as that far off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedArrival {
    interval: Span,
    /// How far after its slot each heartbeat came, where slots follow the first heartbeat.
    lateness: Ring<i64>,
    sum: i128,
    first: (LocalTime, u64),
    newest: u64,
}

impl ExpectedArrival {
    /// Nothing heard yet: slots are `interval` apart, and the newest `window` heartbeats are averaged (0 counts as 1).
    #[must_use]
    pub const fn new(interval: Span, window: u32) -> Self {
        Self { interval, lateness: Ring::new(window), sum: 0, first: (LocalTime::ZERO, 0), newest: 0 }
    }

    /// Heartbeat number `seq`, larger than all before, arrived at `now`.
    #[inline]
    pub fn record(&mut self, now: LocalTime, seq: u64) {
        if self.lateness.len() == 0 {
            self.first = (now, seq);
        }
        self.newest = seq;
        let lateness = self.lateness_of(now, seq);
        self.sum += i128::from(lateness);
        if let Some(oldest) = self.lateness.push(lateness) {
            self.sum -= i128::from(oldest);
        }
    }

    /// Forgets everything: the sender started anew.
    pub fn clear(&mut self) {
        self.lateness.clear();
        self.sum = 0;
    }

    /// When the heartbeat after the newest is expected; `None` where nothing was heard.
    #[must_use]
    #[inline]
    pub fn next(&self) -> Option<Expected> {
        self.of(self.newest.saturating_add(1))
    }

    /// When heartbeat number `seq`, not before the first that was heard, is expected; `None` where nothing was heard.
    #[must_use]
    #[inline]
    pub fn of(&self, seq: u64) -> Option<Expected> {
        if self.lateness.len() == 0 {
            return None;
        }
        let (whole, part) = divide(self.sum, self.lateness.len());
        Some(Expected { slot: self.first.0 + self.slots_to(seq), whole, part })
    }

    #[inline]
    fn lateness_of(&self, now: LocalTime, seq: u64) -> i64 {
        let elapsed = i128::from(now.since(self.first.0).as_nanos());
        let scheduled = i128::from(self.slots_to(seq).as_nanos());
        saturate(elapsed - scheduled)
    }

    #[inline]
    const fn slots_to(&self, seq: u64) -> Span {
        self.interval.times(seq.saturating_sub(self.first.1))
    }
}

/// An expected arrival: a mean, hence not always a whole nanosecond.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    slot: LocalTime,
    whole: i64,
    part: f64,
}

impl Expected {
    /// The first whole nanosecond at or after the expected arrival.
    #[must_use]
    #[inline]
    pub fn instant(self) -> LocalTime {
        shifted(self.slot, self.whole.saturating_add(i64::from(self.part > 0.0)))
    }

    /// The first whole nanosecond at or after the expected arrival plus `nanos`, which may be negative.
    #[must_use]
    #[inline]
    pub fn plus(self, nanos: f64) -> LocalTime {
        shifted(self.slot, self.whole.saturating_add(f64_to_i64((self.part + nanos).ceil())))
    }

    /// By how many nanoseconds an arrival at `now` is later than expected; negative where it is earlier.
    #[must_use]
    #[inline]
    pub fn error(self, now: LocalTime) -> f64 {
        let from_slot = i128::from(now.as_nanos()) - i128::from(self.slot.as_nanos()) - i128::from(self.whole);
        i64_to_f64(saturate(from_slot)) - self.part
    }
}

/// Quotient rounded down, and what is left of one.
#[inline]
fn divide(sum: i128, count: usize) -> (i64, f64) {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let (whole, rest) = match i64::try_from(sum) {
        Ok(sum) => (sum.div_euclid(count), sum.rem_euclid(count)),
        Err(_) => (saturate(sum.div_euclid(count.into())), saturate(sum.rem_euclid(count.into()))),
    };
    (whole, i64_to_f64(rest) / i64_to_f64(count))
}

#[inline]
fn saturate(nanos: i128) -> i64 {
    i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
}

/// The instant so many nanoseconds after `at`, or before it where negative.
#[inline]
const fn shifted(at: LocalTime, nanos: i64) -> LocalTime {
    LocalTime::from_nanos(at.as_nanos().saturating_add_signed(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(nanos: u64) -> LocalTime {
        LocalTime::from_nanos(nanos)
    }

    fn heard(window: u32, arrivals: &[(u64, u64)]) -> ExpectedArrival {
        let mut expected = ExpectedArrival::new(Span::from_nanos(100), window);
        for &(seq, nanos) in arrivals {
            expected.record(at(nanos), seq);
        }
        expected
    }

    #[test]
    fn nothing_is_expected_before_the_first() {
        assert_eq!(heard(3, &[]).next(), None);
    }

    #[test]
    fn one_heartbeat_is_followed_by_the_next_an_interval_later() {
        assert_eq!(heard(3, &[(5, 1000)]).next().unwrap().instant(), at(1100));
    }

    #[test]
    fn averages_the_window_by_number() {
        // Arrivals less 100 x number: 1000, 1006, 998, 1003 (number 2 was lost). The last three: mean 1002 1/3.
        let expected = heard(3, &[(0, 1000), (1, 1106), (3, 1298), (4, 1403)]);
        let next = expected.next().unwrap();
        assert_eq!(next.instant(), at(1503));
        assert_eq!(next.plus(0.5), at(1503));
        assert_eq!(next.plus(0.7), at(1504));
        assert_eq!(next.plus(-2.4), at(1500));
        assert!((next.error(at(1500)) + 2.0 + 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(expected.of(7).unwrap().instant(), at(1703));
    }

    #[test]
    fn a_mean_below_the_first_slot_rounds_towards_later() {
        // Arrivals less 100 x number: 1000, 995: mean 997.5.
        assert_eq!(heard(3, &[(0, 1000), (1, 1095)]).next().unwrap().instant(), at(1198));
    }

    #[test]
    fn a_cleared_estimate_starts_anew() {
        let mut expected = heard(2, &[(7, 1000), (8, 1150)]);
        expected.clear();
        assert_eq!(expected.next(), None);
        expected.record(at(5000), 0);
        assert_eq!(expected, heard(2, &[(0, 5000)]));
    }

    #[test]
    fn absurd_numbers_saturate() {
        let mut expected = ExpectedArrival::new(Span::MAX, 2);
        expected.record(at(0), 0);
        expected.record(at(u64::MAX), u64::MAX);
        expected.record(at(u64::MAX), u64::MAX);
        assert!(expected.next().unwrap().plus(f64::INFINITY) >= expected.next().unwrap().instant());
    }

    proptest! {
        #[test]
        fn the_mean_equals_a_fresh_scan(
            steps in prop::collection::vec((1..4_u64, 0..1000_u64), 1..80),
            window in 1..20_u32,
            origin in 0..1_u64 << 60,
        ) {
            let mut expected = ExpectedArrival::new(Span::from_nanos(100), window);
            let (mut seq, mut now, mut shifts) = (0, origin, Vec::new());
            for (lost, wait) in steps {
                seq += lost;
                now += wait;
                expected.record(at(now), seq);
                shifts.push(i128::from(now) - 100 * i128::from(seq));
            }
            let held = &shifts[shifts.len().saturating_sub(window as usize)..];
            let count = held.len() as i128;
            let ceiling = (held.iter().sum::<i128>() + count - 1).div_euclid(count) + 100 * i128::from(seq + 1);
            prop_assert_eq!(i128::from(expected.next().unwrap().instant().as_nanos()), ceiling);
        }
    }
}
