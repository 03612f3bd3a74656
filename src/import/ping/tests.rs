use super::*;

const PLAIN: &str = "\
PING example.org (192.0.2.1) 56(84) bytes of data.
64 bytes from 192.0.2.1: icmp_seq=1 ttl=57 time=12.5 ms
64 bytes from 192.0.2.1: icmp_seq=2 ttl=57 time=10 ms
64 bytes from 192.0.2.1: icmp_seq=4 ttl=57 time=0.031 ms

--- example.org ping statistics ---
6 packets transmitted, 3 received, 50% packet loss, time 5000ms
rtt min/avg/max/mdev = 0.031/7.510/12.500/5.399 ms
";

fn options() -> Options {
    Options { delay: Delay::Half, interval: None }
}

fn read(text: &str) -> Recording {
    parse(text, options()).unwrap_or_else(|fault| panic!("{fault:?}"))
}

fn faults(text: &str) -> Vec<(usize, &'static str)> {
    match parse(text, options()) {
        Err(Fault::Lines(bad)) => bad.into_iter().map(|bad| (bad.line, bad.reason)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_plain_log_becomes_half_round_trips_one_interval_apart() {
    let expected = "node,seq,sent_s,arrived_s\n\
        example.org,1,0,0.00625\n\
        example.org,2,1,1.005\n\
        example.org,3,2,\n\
        example.org,4,3,3.0000155\n\
        example.org,5,4,\n\
        example.org,6,5,\n";
    assert_eq!(read(PLAIN).csv(), expected);
}

#[test]
fn the_account_counts_runs_of_loss_and_takes_percentiles_by_rank() {
    let account =
        Account { sent: 6, lost: 3, runs: 2, longest_run: 2, round_trip_p50: 10_000_000, round_trip_p99: 12_500_000 };
    assert_eq!(read(PLAIN).account(), account);
}

#[test]
fn the_whole_round_trip_and_another_interval_are_taken_when_asked_for() {
    let options = Options { delay: Delay::Whole, interval: Some(Span::from_millis(200)) };
    let csv = parse(PLAIN, options).unwrap().csv();
    assert!(csv.contains("example.org,2,0.2,0.21\n"), "{csv}");
}

#[test]
fn the_closing_statistics_give_the_interval() {
    let csv = read(&PLAIN.replace("time 5000ms", "time 1000ms")).csv();
    assert!(csv.contains("example.org,4,0.6,0.6000155\n"), "{csv}");
}

#[test]
fn stamps_place_a_request_one_round_trip_before_its_reply() {
    let log = "\
PING h (192.0.2.1) 56(84) bytes of data.
[1700000000.500000] 64 bytes from h (192.0.2.1): icmp_seq=1 ttl=57 time=100 ms
[1700000002.400000] no answer yet for icmp_seq=2
[1700000002.500000] 64 bytes from h (192.0.2.1): icmp_seq=3 ttl=57 time=80.0 ms
";
    let expected = "node,seq,sent_s,arrived_s\n\
        h,1,1700000000.4,1700000000.45\n\
        h,2,1700000001.41,\n\
        h,3,1700000002.42,1700000002.46\n";
    assert_eq!(read(log).csv(), expected);
}

#[test]
fn a_late_reply_takes_back_its_no_answer_yet() {
    let log = "\
64 bytes from h: icmp_seq=7 ttl=57 time=1.00 ms
no answer yet for icmp_seq=8
64 bytes from h: icmp_seq=9 ttl=57 time=1.00 ms
64 bytes from h: icmp_seq=8 ttl=57 time=1500 ms
";
    let account = read(log).account();
    assert_eq!((account.sent, account.lost), (3, 0));
}

#[test]
fn a_number_that_wraps_goes_on_counting() {
    let log = "\
64 bytes from h: icmp_seq=65534 ttl=57 time=1.00 ms
64 bytes from h: icmp_seq=0 ttl=57 time=1.00 ms
64 bytes from h: icmp_seq=65535 ttl=57 time=1200 ms
64 bytes from h: icmp_seq=2 ttl=57 time=1.00 ms
";
    let recording = read(log);
    let seqs: Vec<_> = recording.trace.nodes[0].beats.iter().map(|beat| (beat.seq, beat.arrived.is_some())).collect();
    assert_eq!(seqs, [(65_534, true), (65_535, true), (65_536, true), (65_537, false), (65_538, true)]);
}

#[test]
fn the_first_of_two_replies_counts() {
    let log = "\
64 bytes from h: icmp_seq=1 ttl=57 time=1.00 ms
64 bytes from h: icmp_seq=1 ttl=57 time=9.00 ms (DUP!)
";
    let recording = read(log);
    assert_eq!((recording.duplicates, recording.round_trips.as_slice()), (1, [1_000_000].as_slice()));
}

#[test]
fn translated_lines_and_decimal_commas_are_read() {
    let log = "\
PING h (192.0.2.1) 56(84) Bytes an Daten.
64 Bytes von 192.0.2.1: icmp_seq=1 ttl=57 Zeit=12,5 ms
Von 192.0.2.9 icmp_seq=2 Zielhost nicht erreichbar
64 Bytes von 192.0.2.1: icmp_seq=3 ttl=57 Zeit=12,5 ms
--- h ping-Statistiken ---
3 Pakete übertragen, 2 empfangen, 33,3333% Paketverlust, Zeit 2003ms
rtt min/avg/max/mdev = 12,500/12,500/12,500/0,000 ms
";
    let recording = read(log);
    assert_eq!(recording.round_trips, [12_500_000, 12_500_000]);
    assert_eq!(recording.trace.nodes[0].beats[2].sent, 2_003_000_000);
}

#[test]
fn a_last_line_that_is_cut_off_is_left_out() {
    let whole = "64 bytes from h: icmp_seq=1 ttl=57 time=1.00 ms\n";
    for cut in ["64 bytes from h: icmp_seq=2 ttl=57 time=1.0", "64 by", "no answer yet for icmp_seq=1"] {
        let recording = read(&format!("{whole}{cut}"));
        assert!(recording.truncated, "{cut}");
        assert_eq!(recording.account().sent, 1, "{cut}");
    }
    assert!(!read(whole).truncated);
}

#[test]
fn a_second_header_starts_another_node() {
    let log = format!("{PLAIN}{PLAIN}");
    let names: Vec<_> = read(&log).trace.nodes.into_iter().map(|node| node.name).collect();
    assert_eq!(names, ["example.org", "example.org#2"]);
}

#[test]
fn bad_lines_are_all_named_by_number() {
    let log = "\
64 bytes from h: icmp_seq=1 ttl=57 time=1.00 ms
hello
64 bytes from h: icmp_seq=70000 ttl=57 time=1.00 ms
64 bytes from h: icmp_seq=2 ttl=57
[17000 64 bytes from h: icmp_seq=2 ttl=57 time=1.00 ms
[1700000000.5] 64 bytes from h: icmp_seq=2 ttl=57 time=1.00 ms
64 bytes from h: icmp_seq=2 ttl=57 time=fast ms
";
    let expected = [
        (2, "not a line of ping's output"),
        (3, "icmp_seq is no number from 0 to 65535"),
        (4, "a reply without its time (give ping a packet size of 16 or more)"),
        (5, "a time stamp without its `]`"),
        (6, "some replies have a time stamp and this one is different"),
        (7, "the time of the reply is no number"),
    ];
    assert_eq!(faults(log), expected);
}

#[test]
fn a_log_without_a_reply_is_refused() {
    assert_eq!(parse("PING h (192.0.2.1) 56(84) bytes of data.\n", options()), Err(Fault::NoReply));
    assert_eq!(parse("", options()), Err(Fault::NoReply));
}

#[test]
fn statistics_cannot_make_it_fill_the_memory() {
    let log = PLAIN.replace("6 packets transmitted", "60000000000 packets transmitted");
    assert_eq!(faults(&log), [(7, "far more requests than the log shows")]);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(lines in proptest::collection::vec(
        "(\\[[0-9.]{0,12}\\] )?(64 bytes from h: )?(icmp_seq=[0-9]{0,6})?( time=[0-9.,]{0,22} ms)?|[0-9]{0,20} p, [0-9]% q, t [0-9]{0,9}ms|.{0,20}",
        0..12,
    )) {
        let text = lines.join("\n");
        if let Ok(recording) = parse(&text, options()) {
            let account = recording.account();
            proptest::prop_assert!(account.lost < account.sent);
        }
    }
}
