//! `systole import ping`.

use snapbox::str;

use super::common::Place;

const LOG: &str = "\
PING example.org (192.0.2.1) 56(84) bytes of data.
[1700000000.128000] 64 bytes from 192.0.2.1: icmp_seq=1 ttl=57 time=128 ms
[1700000001.120000] 64 bytes from 192.0.2.1: icmp_seq=2 ttl=57 time=120 ms
[1700000002.999000] no answer yet for icmp_seq=3
[1700000003.999500] no answer yet for icmp_seq=4
[1700000004.130500] 64 bytes from 192.0.2.1: icmp_seq=5 ttl=57 time=130.5 ms
^C
--- example.org ping statistics ---
5 packets transmitted, 3 received, 40% packet loss, time 4004ms
rtt min/avg/max/mdev = 120.000/126.166/130.500/4.478 ms
";

#[test]
fn a_log_becomes_a_trace_on_standard_output_and_a_summary_beside_it() {
    let place = Place::new().with("ping.log", LOG);
    place
        .systole(["import", "ping", "ping.log"])
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
node,seq,sent_s,arrived_s
example.org,1,1700000000,1700000000.064
example.org,2,1700000001,1700000001.06
example.org,3,1700000002,
example.org,4,1700000003,
example.org,5,1700000004,1700000004.06525

"#]])
        .stderr_eq(str![[r#"
5 heartbeats sent, 2 lost (40.00 %), 1 run of loss, longest 2
round trip p50 128ms, p99 130.5ms; half of it is the delay of a heartbeat

"#]]);
}

#[test]
fn the_trace_goes_to_a_file_and_the_log_comes_from_standard_input() {
    let place = Place::new();
    let command = place.systole(["import", "ping", "-", "--rtt", "--quiet", "-o", "trace.csv"]).stdin(LOG);
    command.assert().code(0).stdout_eq("").stderr_eq("");
    snapbox::assert_data_eq!(
        place.text("trace.csv"),
        str![[r#"
node,seq,sent_s,arrived_s
example.org,1,1700000000,1700000000.128
example.org,2,1700000001,1700000001.12
example.org,3,1700000002,
example.org,4,1700000003,
example.org,5,1700000004,1700000004.1305

"#]]
    );
}

#[test]
fn lines_that_are_no_ping_are_named_by_number() {
    let place =
        Place::new().with("ping.log", LOG.replace("icmp_seq=2", "icmp_seq=two").replace("^C", "Segmentation fault"));
    place.systole(["import", "ping", "ping.log"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: `ping.log` cannot be read as output of ping
  line 3: icmp_seq is no number from 0 to 65535: `[1700000001.120000] 64 bytes from 192.0.2.1: icmp_seq=two ttl=57 time=120 ms`
  line 7: not a line of ping's output: `Segmentation fault`
  help: remove these lines, or record anew with `ping -D -O HOST | tee FILE`

"#]]);
}

#[test]
fn a_cut_off_end_is_left_out_and_told() {
    let place = Place::new().with("ping.log", &LOG[..LOG.find("130.5 ms").unwrap() + 3]);
    place.systole(["import", "ping", "ping.log", "-o", "trace.csv"]).assert().code(0).stderr_eq(str![[r#"
4 heartbeats sent, 2 lost (50.00 %), 1 run of loss, longest 2
round trip p50 120ms, p99 128ms; half of it is the delay of a heartbeat
the last line is cut off and was left out

"#]]);
}

#[test]
fn a_log_without_replies_is_refused() {
    let place = Place::new().with("ping.log", "PING example.org (192.0.2.1) 56(84) bytes of data.\n");
    place.systole(["import", "ping", "ping.log"]).assert().code(2).stderr_eq(str![[r#"
error: there is no reply of ping in `ping.log`
  help: record one with `ping -D -O HOST | tee FILE`

"#]]);
}

#[test]
fn a_missing_file_a_folder_and_bytes_that_are_no_text_are_told_apart() {
    let place = Place::new().with("bytes", [0xff, 0xfe, 0x00]);
    place.systole(["import", "ping", "ping.log"]).assert().code(2).stderr_eq(str![[r#"
error: there is no file `ping.log`
  help: check the path

"#]]);
    place.systole(["import", "ping", "."]).assert().code(2).stderr_eq(str![[r#"
error: `.` is a folder
  help: name a file in it

"#]]);
    place.systole(["import", "ping", "bytes"]).assert().code(2).stderr_eq(str![[r#"
error: `bytes` is not text in UTF-8
  help: save it as UTF-8

"#]]);
}

#[test]
fn an_output_that_cannot_be_written_is_no_fault_of_the_input() {
    let place = Place::new().with("ping.log", LOG);
    let to = |output: &str| place.systole(["import", "ping", "ping.log", "-o", output]).assert().code(4);
    to("no-such-folder/trace.csv").stderr_eq(str![[r#"
error: cannot write `no-such-folder/trace.csv`: no such file or directory
  help: choose another place

"#]]);
    to(".").stderr_eq(str![[r#"
error: `.` is a folder
  help: name a file in it

"#]]);
}

#[test]
fn an_interval_that_is_no_span_is_refused() {
    let place = Place::new().with("ping.log", LOG);
    let with = |interval: &str| place.systole(["import", "ping", "ping.log", "--interval", interval]).assert().code(2);
    with("fast").stderr_eq(str![[r#"
error: the value "fast" of --interval does not start with a number
  help: write a span with a unit, such as "250ms" or "1.5s"

"#]]);
    with("0s").stderr_eq(str![[r#"
error: the value of --interval is zero
  help: write the time between two requests

"#]]);
}
