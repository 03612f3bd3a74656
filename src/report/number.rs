//! Numbers as text: exact for machines, short for people.
//!
//! Files get the shortest text that reads back as the same number. People get at most three digits, never more than the
//! interval supports, with a unit. Nothing here knows which metric it prints.

/// The shortest text that reads back as the same number, for files.
///
/// Exponents appear only below 1e-5 and from 1e16 on, as spreadsheets and languages agree to read them.
#[must_use]
pub fn exact(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude.is_finite() && magnitude > 0.0 && !(1e-5..1e16).contains(&magnitude) {
        format!("{value:e}")
    } else {
        // Adding zero turns -0 into 0.
        format!("{}", value + 0.0)
    }
}

/// A quantity in nanoseconds as the exact decimal number of seconds.
#[must_use]
pub fn exact_seconds(nanos: i128) -> String {
    let (whole, part) = (nanos.unsigned_abs() / 1_000_000_000, nanos.unsigned_abs() % 1_000_000_000);
    let sign = if nanos < 0 { "-" } else { "" };
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{part:09}");
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// How many significant digits to show, 2 or 3: those that the interval supports, down to the first digit of its half-width.
///
/// Never fewer than 2, or neighbours in a table would seem to differ by half. Without an interval: 2.
#[must_use]
pub fn digits(value: f64, low: Option<f64>, high: Option<f64>) -> usize {
    let (Some(low), Some(high)) = (low, high) else { return 2 };
    let half_width = (high - low) / 2.0;
    if !(half_width.is_finite() && half_width > 0.0 && value.is_finite()) || value.abs() <= 0.0 {
        return 3;
    }
    let supported = exponent(value) - exponent(half_width) + 1;
    usize::try_from(supported.clamp(2, 3)).unwrap_or(3)
}

/// A plain number for people: `0.026`, `12.3`, `1.4k`, `2.6e-7`.
#[must_use]
pub fn count(value: f64, digits: usize) -> String {
    let rounded = Rounded::new(value, digits);
    match rounded.exponent {
        ..-4 | 15.. => rounded.scientific(),
        -4..0 => rounded.below_one(),
        0..3 => rounded.shifted(0),
        3..6 => rounded.shifted(3) + "k",
        6..9 => rounded.shifted(6) + "M",
        9..12 => rounded.shifted(9) + "G",
        12..15 => rounded.shifted(12) + "T",
    }
}

/// A span of time for people, from seconds: `250 ms`, `12.3 s`, `20 min`, `3.4 h`.
#[must_use]
pub fn span(seconds: f64, digits: usize) -> String {
    if seconds.abs() <= 0.0 {
        return "0 s".to_owned();
    }
    let rounded = Rounded::new(seconds, digits);
    match rounded.exponent {
        ..-9 => rounded.scientific() + " s",
        -9..-6 => rounded.shifted(-9) + " ns",
        -6..-3 => rounded.shifted(-6) + " µs",
        -3..0 => rounded.shifted(-3) + " ms",
        0..3 => rounded.shifted(0) + " s",
        _ if seconds.abs() < 100.0 * 60.0 => count(seconds / 60.0, digits) + " min",
        _ if seconds.abs() < 100.0 * 3600.0 => count(seconds / 3600.0, digits) + " h",
        _ => count(seconds / 86_400.0, digits) + " d",
    }
}

/// Bytes a second for people: `92 B/s`, `1.84 kB/s`.
#[must_use]
pub fn byte_rate(bytes_per_second: f64, digits: usize) -> String {
    let rounded = Rounded::new(bytes_per_second, digits);
    match rounded.exponent {
        ..-3 | 15.. => rounded.scientific() + " B/s",
        -3..0 => rounded.below_one() + " B/s",
        0..3 => rounded.shifted(0) + " B/s",
        3..6 => rounded.shifted(3) + " kB/s",
        6..9 => rounded.shifted(6) + " MB/s",
        9..12 => rounded.shifted(9) + " GB/s",
        12..15 => rounded.shifted(12) + " TB/s",
    }
}

/// A share of one for people, in percent: `62 %`, `0.3 %`.
#[must_use]
pub fn percent(share: f64, digits: usize) -> String {
    count(share * 100.0, digits) + " %"
}

/// A part of a whole for people, in whole percent from 1 % on: `62 %`, `7 %`, `<1 %`.
#[must_use]
pub fn part(share: f64) -> String {
    match share {
        share if share < 0.01 => "<1 %".to_owned(),
        share if share < 0.0995 => percent(share, 1),
        share if share < 0.995 => percent(share, 2),
        _ => "100 %".to_owned(),
    }
}

/// A share of one in percent, with two digits of what is missing to 100 %: `99.9958 %`.
#[must_use]
pub fn share(share: f64) -> String {
    let missing = (1.0 - share).abs().min(share.abs());
    if missing <= 0.0 {
        return format!("{} %", exact(share * 100.0));
    }
    let decimals = usize::try_from(-(exponent(missing) + 2)).unwrap_or(0) + 1;
    format!("{:.*} %", decimals.min(9), share * 100.0)
}

/// The power of ten of the first digit.
fn exponent(value: f64) -> i32 {
    Rounded::new(value, 17).exponent
}

/// A number rounded to some significant digits: its digits, and the power of ten of the first.
struct Rounded {
    sign: &'static str,
    digits: String,
    exponent: i32,
}

impl Rounded {
    fn new(value: f64, digits: usize) -> Self {
        let value = if value.is_finite() { value } else { f64::MAX };
        // The formatter rounds the exact decimal value, half to even: the same on every platform.
        let text = format!("{:.*e}", digits.max(1) - 1, value.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        Self {
            sign: if value < 0.0 { "-" } else { "" },
            digits: mantissa.chars().filter(char::is_ascii_digit).collect(),
            exponent: exponent.parse().unwrap_or(0),
        }
    }

    /// The number divided by ten to the `power`, where that leaves one to three digits before the point.
    fn shifted(&self, power: i32) -> String {
        let before = usize::try_from(self.exponent - power + 1).unwrap_or(1);
        let mut text = self.sign.to_owned();
        for place in 0..self.digits.len().max(before) {
            if place == before {
                text.push('.');
            }
            text.push(self.digits.as_bytes().get(place).map_or('0', |&digit| char::from(digit)));
        }
        text
    }

    fn below_one(&self) -> String {
        let zeros = usize::try_from(-self.exponent - 1).unwrap_or(0);
        format!("{}0.{}{}", self.sign, "0".repeat(zeros), self.digits)
    }

    fn scientific(&self) -> String {
        let (first, rest) = self.digits.split_at(1.min(self.digits.len()));
        let point = if rest.is_empty() { "" } else { "." };
        format!("{}{first}{point}{rest}e{}", self.sign, self.exponent)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn exact_text_is_short() {
        assert_eq!(exact(12.0), "12");
        assert_eq!(exact(-0.0), "0");
        assert_eq!(exact(0.1), "0.1");
        assert_eq!(exact(1e-7), "1e-7");
        assert_eq!(exact(1.5e300), "1.5e300");
        assert_eq!(exact(1e15), "1000000000000000");
    }

    #[test]
    fn nanoseconds_are_exact_seconds() {
        assert_eq!(exact_seconds(0), "0");
        assert_eq!(exact_seconds(1), "0.000000001");
        assert_eq!(exact_seconds(-1_500_000_000), "-1.5");
        assert_eq!(exact_seconds(u64::MAX.into()), "18446744073.709551615");
    }

    #[test]
    fn people_get_three_digits_at_most() {
        let spans = [(1e-7, "100 ns"), (0.25, "250 ms"), (12.345, "12.3 s"), (999.6, "16.7 min"), (7200.0, "2.00 h")];
        for (value, text) in spans {
            assert_eq!(span(value, 3), text);
        }
        assert_eq!(span(20_000.0, 2), "5.6 h");
        assert_eq!(span(1e9, 3), "11.6k d");
        assert_eq!(span(0.0, 3), "0 s");
        assert_eq!(count(1438.0, 2), "1.4k");
        assert_eq!(count(138_000.0, 2), "140k");
        assert_eq!(count(0.026, 2), "0.026");
        assert_eq!(count(2.57e-7, 2), "2.6e-7");
        assert_eq!(count(999.7, 3), "1.00k");
        assert_eq!(byte_rate(1840.0, 3), "1.84 kB/s");
        assert_eq!(byte_rate(92.0, 3), "92.0 B/s");
        assert_eq!(percent(0.6234, 2), "62 %");
        assert_eq!(share(0.999_957_8), "99.9958 %");
        assert_eq!([0.0001, 0.0949, 0.0999, 0.62, 0.999].map(part), ["<1 %", "9 %", "10 %", "62 %", "100 %"]);
        assert_eq!(share(1.0), "100 %");
        assert_eq!(share(0.25), "25.0 %");
    }

    #[test]
    fn digits_follow_the_interval() {
        assert_eq!(digits(1438.0, Some(538.0), Some(2338.0)), 2);
        assert_eq!(digits(1438.0, Some(1400.0), Some(1480.0)), 3);
        assert_eq!(digits(3.0, Some(0.1), Some(12.0)), 2);
        assert_eq!(digits(3.0, None, Some(12.0)), 2);
    }

    proptest! {
        #[test]
        fn exact_text_reads_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            if value.is_finite() {
                prop_assert_eq!(exact(value).parse::<f64>().unwrap().to_bits(), (value + 0.0).to_bits());
            }
        }

        #[test]
        fn people_never_get_a_long_text(value in -1e300..1e300f64, digits in 1usize..4) {
            prop_assert!(count(value, digits).chars().count() <= 10);
            prop_assert!(byte_rate(value, digits).chars().count() <= 14);
        }

        #[test]
        fn short_text_is_near_the_value(value in 1e-3..1e14f64) {
            let text = count(value, 3);
            let factor = match text.as_bytes().last() {
                Some(b'k') => 1e3,
                Some(b'M') => 1e6,
                Some(b'G') => 1e9,
                Some(b'T') => 1e12,
                _ => 1.0,
            };
            let read: f64 = text.trim_end_matches(['k', 'M', 'G', 'T']).parse::<f64>().unwrap() * factor;
            prop_assert!((read / value - 1.0).abs() < 0.0051);
        }
    }
}
