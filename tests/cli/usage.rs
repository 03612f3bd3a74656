//! Help, version, completions, and arguments that cannot be used.

use snapbox::str;

use super::common::Place;

#[test]
fn without_a_command_it_says_what_there_is() {
    Place::new().systole([""; 0]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
Simulate heartbeats and failure detectors; find the timeout that your network needs

Usage: systole <COMMAND>

Commands:
  run          Simulate a scenario, print the table, write the results folder
  check        Simulate scenarios and judge their limits: for continuous integration
  replay       Play recorded arrivals to detectors: what would each have done to this link?
  import       Turn a log into a trace that `systole replay` and scenarios can use
  new          Start a scenario: print a commented one, or write it to a file
  schema       Print the JSON Schema of scenarios, for editors
  metrics      List every metric with its unit and meaning
  completions  Print the completion script of a shell

Options:
  -h, --help     Print help (see more with '--help')
  -V, --version  Print version

`systole COMMAND --help` is the manual of a command.

"#]]);
}

#[test]
fn short_help_is_short_and_long_help_is_the_manual() {
    let place = Place::new();
    place.systole(["-h"]).assert().code(0).stdout_eq(str![[r#"
Simulate heartbeats and failure detectors; find the timeout that your network needs

Usage: systole <COMMAND>

Commands:
  run          Simulate a scenario, print the table, write the results folder
  check        Simulate scenarios and judge their limits: for continuous integration
  replay       Play recorded arrivals to detectors: what would each have done to this link?
  import       Turn a log into a trace that `systole replay` and scenarios can use
  new          Start a scenario: print a commented one, or write it to a file
  schema       Print the JSON Schema of scenarios, for editors
  metrics      List every metric with its unit and meaning
  completions  Print the completion script of a shell

Options:
  -h, --help     Print help (see more with '--help')
  -V, --version  Print version

`systole COMMAND --help` is the manual of a command.

"#]]);
    place.systole(["--help"]).assert().code(0).stdout_eq(str![[r#"
Simulate heartbeats and failure detectors; find the timeout that your network needs.

A scenario file says which nodes send heartbeats over which network, what goes wrong, and which
detectors listen. Systole simulates it, many times over, and reports how fast a dead node is found,
how often a living one is wrongly accused, and what the heartbeats cost: each with its confidence
interval. The same version, scenario and seed give the same bytes.

Usage: systole <COMMAND>

Commands:
  run          Simulate a scenario, print the table, write the results folder
  check        Simulate scenarios and judge their limits: for continuous integration
  replay       Play recorded arrivals to detectors: what would each have done to this link?
  import       Turn a log into a trace that `systole replay` and scenarios can use
  new          Start a scenario: print a commented one, or write it to a file
  schema       Print the JSON Schema of scenarios, for editors
  metrics      List every metric with its unit and meaning
  completions  Print the completion script of a shell

Options:
  -h, --help
          Print help (see a summary with '-h')

  -V, --version
          Print version

Exit codes:
  0    done; limits hold
  1    a limit is broken
  2    unusable input: arguments, scenario, trace, or `check` without limits
  3    inconclusive: neither a limit nor its contrary is shown at 95 %
  4    reading or writing failed
  70   a bug in systole, with the line that replays it
  130  stopped by Ctrl-C

Results go to standard output, progress and messages to standard error. There is no colour and no
progress bar when standard error is not a terminal, or with NO_COLOR set.

"#]]);
}

#[test]
fn every_command_has_a_manual() {
    let place = Place::new();
    place.systole(["import", "ping", "--help"]).assert().code(0).stdout_eq(str![[r#"
Read the output of `ping`, best of `ping -D -O`.

Each echo request is taken for a heartbeat, and half of its round trip for the heartbeat's delay, as
a heartbeat goes one way only. A request without a reply is a lost heartbeat. A summary goes to
standard error.

Usage: systole import ping [OPTIONS] <FILE>

Arguments:
  <FILE>
          The log, or `-` for standard input

Options:
  -o, --output <FILE>
          Where the trace goes, instead of standard output

      --rtt
          Take the whole round trip for the delay

      --half-rtt
          Take half of the round trip for the delay (the default)

      --interval <SPAN>
          Time between two requests, for logs without `-D` [default: from the log's closing
          statistics, else 1s]

  -q, --quiet
          No summary

  -h, --help
          Print help (see a summary with '-h')

Examples:
  ping -D -O -i 1 example.org | tee ping.log
  systole import ping ping.log -o trace.csv
  systole replay trace.csv

"#]]);
}

#[test]
fn a_word_that_is_no_command_is_met_with_a_guess() {
    Place::new().systole(["imprt"]).assert().code(2).stderr_eq(str![[r#"
error: unrecognized subcommand 'imprt'

  tip: a similar subcommand exists: 'import'

Usage: systole <COMMAND>

For more information, try '--help'.

"#]]);
}

#[test]
fn completions_are_for_known_shells() {
    let place = Place::new();
    let script = place.systole(["completions", "bash"]).assert().code(0).stderr_eq("");
    assert!(String::from_utf8_lossy(&script.get_output().stdout).contains("_systole()"));
    place.systole(["completions", "tcsh"]).assert().code(2).stderr_eq(str![[r#"
error: invalid value 'tcsh' for '<SHELL>'
  [possible values: bash, elvish, fish, powershell, zsh]

  tip: a similar value exists: 'zsh'

For more information, try '--help'.

"#]]);
}
