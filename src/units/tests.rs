//! The grammar as a whole: what is read, what is refused, and that what is printed reads back.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::*;

use super::{BitRate, Bytes, Decimal, Length, Probability, QuantityError, Rate, Share, Span};

fn span(text: &str) -> Result<Span, QuantityError> {
    text.parse()
}

fn reads_back<T: Display + FromStr<Err = QuantityError> + PartialEq + Debug>(value: &T) {
    assert_eq!(value.to_string().parse::<T>().as_ref(), Ok(value), "printed as {value}");
}

#[test]
fn spans_are_exact() {
    assert_eq!(span("250ms"), Ok(Span::from_millis(250)));
    assert_eq!(span("1.5s"), Ok(Span::from_millis(1500)));
    assert_eq!(span("0.1s"), Ok(Span::from_millis(100)));
    assert_eq!(span(" 10 m "), Ok(Span::from_mins(10)));
    assert_eq!(span("7d"), Ok(Span::from_hours(168)));
    assert_eq!(span("3\u{b5}s"), Ok(Span::from_micros(3)));
    assert_eq!(span("0s"), Ok(Span::ZERO));
    assert_eq!(span("0.000ms"), Ok(Span::ZERO));
}

#[test]
fn spans_round_half_to_even_and_never_to_nothing() {
    assert_eq!(span("1.5ns"), Ok(Span::from_nanos(2)));
    assert_eq!(span("2.5ns"), Ok(Span::from_nanos(2)));
    assert_eq!(span("2.500000000001ns"), Ok(Span::from_nanos(3)));
    assert_eq!(span("0.51ns"), Ok(Span::from_nanos(1)));
    assert_eq!(span("0.5ns"), Err(QuantityError::RoundsToZero));
    assert_eq!(span("0.0000000001s"), Err(QuantityError::RoundsToZero));
}

#[test]
fn faults_of_spans_say_what_is_wrong() {
    assert_eq!(span(""), Err(QuantityError::Empty));
    assert_eq!(span("fast"), Err(QuantityError::NotANumber));
    assert_eq!(span("5"), Err(QuantityError::MissingUnit));
    assert_eq!(span("-5s"), Err(QuantityError::Negative));
    assert_eq!(span("5sec"), Err(QuantityError::UnknownUnit { unit: "sec".to_owned() }));
    assert_eq!(span("1h30m"), Err(QuantityError::SeveralNumbers));
    assert_eq!(span("1.2.3s"), Err(QuantityError::NotANumber));
    assert_eq!(span(".5s"), Err(QuantityError::NotANumber));
    assert_eq!(span("5.s"), Err(QuantityError::NotANumber));
    assert_eq!(span("300000d"), Err(QuantityError::TooLarge));
    assert_eq!(span("1111111111111111111111111s"), Err(QuantityError::TooManyDigits));
    assert_eq!(span("0.0000000000000000000000000000000000001s"), Err(QuantityError::TooManyDigits));
}

#[test]
fn spans_print_as_people_write_them() {
    for text in ["0s", "250ms", "1.5s", "90s", "10m", "36h", "1d", "7d", "1.000000001s", "999ns", "1.5us", "1.25ms"] {
        assert_eq!(span(text).map(|span| span.to_string()).as_deref(), Ok(text));
    }
    assert_eq!(span("24h").map(|span| span.to_string()).as_deref(), Ok("1d"));
    assert_eq!(span("5400s").map(|span| span.to_string()).as_deref(), Ok("90m"));
}

#[test]
fn lengths_are_spans_or_intervals() {
    let second = Span::from_secs(1);
    let resolve = |text: &str| text.parse::<Length>().and_then(|length| length.resolve(second));
    assert_eq!(resolve("3.5 intervals"), Ok(Span::from_millis(3500)));
    assert_eq!(resolve("1interval"), Ok(second));
    assert_eq!(resolve("20ms"), Ok(Span::from_millis(20)));
    assert_eq!(resolve("0.0000000001 intervals"), Err(QuantityError::RoundsToZero));
    assert_eq!(resolve("1000000000000 intervals"), Err(QuantityError::TooLarge));
    assert_eq!("3 beats".parse::<Length>(), Err(QuantityError::UnknownUnit { unit: "beats".to_owned() }));
    assert_eq!("1.50 intervals".parse::<Length>().map(|length| length.to_string()).as_deref(), Ok("1.5 intervals"));
}

#[test]
fn shares_take_both_notations() {
    let probability = |text: &str| text.parse::<Probability>().map(|p| p.get().to_bits());
    assert_eq!(probability("1%"), Ok(0.01_f64.to_bits()));
    assert_eq!(probability("0.01"), Ok(0.01_f64.to_bits()));
    assert_eq!(probability("100 %"), Ok(1.0_f64.to_bits()));
    assert_eq!(probability("101%"), Err(QuantityError::OutOfRange { low: "0", high: "1" }));
    assert_eq!("104%".parse::<Share>().map(|s| s.get().to_bits()), Ok(1.04_f64.to_bits()));
    let printed = |value: f64| Probability::new(value).map(|p| p.to_string());
    assert_eq!(printed(0.01).as_deref(), Some("1%"));
    assert_eq!(printed(0.5).as_deref(), Some("50%"));
    assert_eq!(printed(0.0).as_deref(), Some("0%"));
    assert_eq!(printed(-0.0).as_deref(), Some("0%"));
    assert_eq!(printed(1.0).as_deref(), Some("100%"));
    assert_eq!(printed(0.000_012_5).as_deref(), Some("0.00125%"));
    assert_eq!(Probability::new(f64::NAN), None);
    assert_eq!(Share::new(f64::INFINITY), None);
}

#[test]
fn sizes_and_bit_rates_are_whole() {
    assert_eq!("64B".parse(), Ok(Bytes::new(64)));
    assert_eq!("1.5KiB".parse(), Ok(Bytes::new(1536)));
    assert_eq!("1kB".parse(), Ok(Bytes::new(1000)));
    assert_eq!("0.3B".parse::<Bytes>(), Err(QuantityError::NotWhole("bytes")));
    assert_eq!("1KB".parse::<Bytes>(), Err(QuantityError::UnknownUnit { unit: "KB".to_owned() }));
    assert_eq!("99999999999TiB".parse::<Bytes>(), Err(QuantityError::TooLarge));
    assert_eq!(Bytes::new(0).to_string(), "0B");
    assert_eq!(Bytes::new(65536).to_string(), "64KiB");
    assert_eq!("10Mbit/s".parse(), Ok(BitRate::new(10_000_000)));
    assert_eq!(BitRate::new(2_500_000).to_string(), "2500kbit/s");
}

#[test]
fn rates_name_their_time() {
    assert_eq!("3/h".parse(), Ok(Rate { events: 3.0, per: Span::from_hours(1) }));
    assert_eq!("1/30d".parse(), Ok(Rate { events: 1.0, per: Span::from_hours(720) }));
    assert_eq!("3".parse::<Rate>(), Err(QuantityError::MissingUnit));
    assert_eq!("3/0s".parse::<Rate>(), Err(QuantityError::PerNothing));
    assert_eq!("3/month".parse::<Rate>(), Err(QuantityError::UnknownUnit { unit: "month".to_owned() }));
    let half = Rate { events: 0.5, per: Span::from_hours(1) };
    assert!((half.expected_in(Span::from_hours(4)) - 2.0).abs() < 1e-12);
    for text in ["3/h", "1/30d", "0.5/s", "2/1.5s", "7/10m", "1/10d"] {
        assert_eq!(text.parse::<Rate>().map(|rate| rate.to_string()).as_deref(), Ok(text));
    }
}

#[test]
fn decimals_take_exponents_where_recordings_have_them() {
    let seconds = |text: &str| Decimal::parse(text).ok().and_then(Span::from_decimal_seconds);
    assert_eq!(seconds("5e-05"), Some(Span::from_micros(50)));
    assert_eq!(seconds("1.5E3"), Some(Span::from_secs(1500)));
    assert_eq!(seconds("1700000000.123456789"), Some(Span::from_nanos(1_700_000_000_123_456_789)));
    assert_eq!(Decimal::parse("1e"), Err(QuantityError::NotANumber));
    assert_eq!(Decimal::parse("1e99"), Err(QuantityError::TooManyDigits));
    assert_eq!(Decimal::parse("1e-2147483648"), Err(QuantityError::TooManyDigits));
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(nanos: u64, bits: u64, value in 0.0..=1.0_f64, events in 0.0..1e6_f64, per in 1..u64::MAX) {
        reads_back(&Span::from_nanos(nanos));
        reads_back(&Length::Span(Span::from_nanos(nanos)));
        reads_back(&Bytes::new(bits));
        reads_back(&BitRate::new(bits));
        reads_back(&Probability::new(value).expect("in range"));
        reads_back(&Share::new(value * 7.0).expect("in range"));
        reads_back(&Rate { events, per: Span::from_nanos(per) });
    }

    #[test]
    fn round_spans_read_back(count in 0..1_000_000_u64, unit in prop::sample::select(vec!["ns", "us", "ms", "s", "m", "h", "d"])) {
        if let Ok(value) = format!("{count}{unit}").parse::<Span>() {
            reads_back(&value);
        }
    }

    #[test]
    fn intervals_read_back(whole in 0..1_000_000_u64, fraction in "[0-9]{0,9}") {
        let text = if fraction.is_empty() { format!("{whole}") } else { format!("{whole}.{fraction}") };
        reads_back(&Length::Intervals(Decimal::parse(&text).expect("a number")));
    }

    #[test]
    fn no_text_makes_the_grammar_panic(text in "\\PC{0,24}") {
        let _ = (text.parse::<Span>(), text.parse::<Length>(), text.parse::<Bytes>(), text.parse::<BitRate>());
        let _ = (text.parse::<Probability>(), text.parse::<Share>(), text.parse::<Rate>(), Decimal::parse(&text));
    }
}
