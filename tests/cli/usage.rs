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
    let manual = |command: &[&str]| place.systole([command, &["--help"]].concat()).assert().code(0).stderr_eq("");
    manual(&["run"]).stdout_eq(str![[r#"
Simulate a scenario, print the table, write the results folder

Usage: systole run [OPTIONS] <SCENARIO>

Arguments:
  <SCENARIO>
          Scenario file, or `-` for standard input

Options:
      --dry-run
          Say how many worlds, heartbeats, memory and time it would take, and stop

  -h, --help
          Print help (see a summary with '-h')

Changes to the scenario:
      --set <KEY=VALUE>
          Give a key of the scenario another value, as in `heartbeat.interval=500ms`

      --sweep <KEY=V1,V2,…>
          Sweep a key over several values, as in `heartbeat.interval=500ms,1s,2s`

      --seed <N>
          Seed of every draw

      --trials <N>
          Independent repetitions of every world

      --duration <SPAN>
          Simulated time that each trial measures, such as `6h`

Results:
  -o, --output <DIR>
          Results folder [default: results/NAME; for several scenarios each is DIR/NAME]

      --format <FORMAT>
          What standard output gets

          Possible values:
          - table:    A table for people
          - csv:      The rows of summary.csv
          - json:     The content of summary.json
          - markdown: A Markdown table
          
          [default: table]

      --transitions
          Write every change of a verdict to transitions.csv

      --no-charts
          Write no charts

  -q, --quiet
          No progress bar, and no message but of errors

      --threads <N>
          Threads to use [default: all cores]. Results do not depend on it

Examples:
  systole run scenarios/quickstart.toml
  systole run wan.toml --seed 7 --trials 64
  systole run wan.toml --set heartbeat.interval=500ms --sweep detector.fixed.timeout.after=2s,3s,5s
  systole run wan.toml --dry-run
  generate-scenario | systole run - -o results/generated

"#]]);
    manual(&["check"]).stdout_eq(str![[r#"
Simulate scenarios and judge their limits: for continuous integration.

A limit is judged on the values as they are written in the file, by one-sided 95 % bounds: it holds,
it is broken, or the trials cannot tell. Over several limits and scenarios the exit code is the
worst of broken (1), inconclusive (3) and held (0).

With `--format csv` or `json` the rows go to standard output and the verdict to standard error.

Usage: systole check [OPTIONS] <SCENARIO>...

Arguments:
  <SCENARIO>...
          Scenario files, or `-` for standard input

Options:
      --limit <EXPR>
          Judge this limit too, for every detector

      --junit <FILE>
          Write the verdicts as JUnit XML: a test case for each scenario, detector and limit

      --with-sweep
          Judge every point of the sweep, not only the values as written

  -h, --help
          Print help (see a summary with '-h')

Changes to the scenario:
      --set <KEY=VALUE>
          Give a key of the scenario another value, as in `heartbeat.interval=500ms`

      --sweep <KEY=V1,V2,…>
          Sweep a key over several values, as in `heartbeat.interval=500ms,1s,2s`

      --seed <N>
          Seed of every draw

      --trials <N>
          Independent repetitions of every world

      --duration <SPAN>
          Simulated time that each trial measures, such as `6h`

Results:
  -o, --output <DIR>
          Results folder [default: results/NAME; for several scenarios each is DIR/NAME]

      --format <FORMAT>
          What standard output gets

          Possible values:
          - table:    A table for people
          - csv:      The rows of summary.csv
          - json:     The content of summary.json
          - markdown: A Markdown table
          
          [default: table]

      --transitions
          Write every change of a verdict to transitions.csv

      --no-charts
          Write no charts

  -q, --quiet
          No progress bar, and no message but of errors

      --threads <N>
          Threads to use [default: all cores]. Results do not depend on it

Examples:
  systole check scenarios/wan.toml
  systole check scenarios/*.toml --junit limits.xml
  systole check wan.toml --limit 'detection_latency_p99 <= 6s' --limit 'cluster_alarms_per_30d < 1'

"#]]);
    manual(&["replay"]).stdout_eq(str![[r#"
Play recorded arrivals to detectors: what would each have done to this link?

A trace is CSV with the header `node,seq,sent_s,arrived_s`: decimals of seconds from any origin,
`arrived_s` empty where the heartbeat was lost. `systole import ping` makes one.

Without `--detector` and `--scenario` every built-in kind but self-tuning listens, with its
defaults; where there is no default `after` is 3.5 intervals, `shift` and `margin` are 2.5
intervals, `mean-delay` is the trace's median, and `threshold` is 8 (0.99 for histogram).

Usage: systole replay [OPTIONS] <TRACE>

Arguments:
  <TRACE>
          The recorded heartbeats

Options:
      --detector <DETECTOR>
          A detector that listens: `KIND`, `KIND(key=value, …)` or `NAME=KIND(key=value, …)`, with
          the keys of a scenario

      --scenario <FILE>
          Take detectors, sweep and limits from this scenario; its world is not used

  -h, --help
          Print help (see a summary with '-h')

Changes to the scenario:
      --set <KEY=VALUE>
          Give a key of the scenario another value, as in `heartbeat.interval=500ms`

      --sweep <KEY=V1,V2,…>
          Sweep a key over several values, as in `heartbeat.interval=500ms,1s,2s`

Results:
  -o, --output <DIR>
          Results folder [default: results/NAME; for several scenarios each is DIR/NAME]

      --format <FORMAT>
          What standard output gets

          Possible values:
          - table:    A table for people
          - csv:      The rows of summary.csv
          - json:     The content of summary.json
          - markdown: A Markdown table
          
          [default: table]

      --transitions
          Write every change of a verdict to transitions.csv

      --no-charts
          Write no charts

  -q, --quiet
          No progress bar, and no message but of errors

      --threads <N>
          Threads to use [default: all cores]. Results do not depend on it

Examples:
  systole replay trace.csv
  systole replay trace.csv --detector 'phi-akka(threshold=12, acceptable-pause=5s)'
  systole replay trace.csv --detector 'hasty=timeout(after=2s)' --detector misses
  systole replay trace.csv --scenario detectors.toml

"#]]);
    manual(&["import"]).stdout_eq(str![[r#"
Turn a log into a trace that `systole replay` and scenarios can use

Usage: systole import <COMMAND>

Commands:
  ping  Read the output of `ping`, best of `ping -D -O`

Options:
  -h, --help  Print help

"#]]);
    manual(&["import", "ping"]).stdout_eq(str![[r#"
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
    manual(&["new"]).stdout_eq(str![[r#"
Start a scenario: print a commented one, or write it to a file

Usage: systole new [NAME]

Arguments:
  [NAME]
          Name of the scenario, or its file; an existing file is left alone

Options:
  -h, --help
          Print help (see a summary with '-h')

Examples:
  systole new
  systole new my-cluster          writes my-cluster.toml
  systole new scenarios/wan.toml

"#]]);
    manual(&["schema"]).stdout_eq(str![[r#"
Print the JSON Schema of scenarios, for editors

Usage: systole schema

Options:
  -h, --help  Print help

"#]]);
    manual(&["metrics"]).stdout_eq(str![[r#"
List every metric with its unit and meaning

Usage: systole metrics

Options:
  -h, --help  Print help

"#]]);
    manual(&["completions"]).stdout_eq(str![[r#"
Print the completion script of a shell

Usage: systole completions <SHELL>

Arguments:
  <SHELL>
          The shell
          
          [possible values: bash, elvish, fish, powershell, zsh]

Options:
  -h, --help
          Print help (see a summary with '-h')

Example:
  systole completions bash > ~/.local/share/bash-completion/completions/systole

"#]]);
}

#[test]
fn short_help_of_a_command_fits_on_a_screen() {
    Place::new().systole(["run", "-h"]).assert().code(0).stdout_eq(str![[r#"
Simulate a scenario, print the table, write the results folder

Usage: systole run [OPTIONS] <SCENARIO>

Arguments:
  <SCENARIO>  Scenario file, or `-` for standard input

Options:
      --dry-run  Say how many worlds, heartbeats, memory and time it would take, and stop
  -h, --help     Print help (see more with '--help')

Changes to the scenario:
      --set <KEY=VALUE>      Give a key of the scenario another value, as in
                             `heartbeat.interval=500ms`
      --sweep <KEY=V1,V2,…>  Sweep a key over several values, as in `heartbeat.interval=500ms,1s,2s`
      --seed <N>             Seed of every draw
      --trials <N>           Independent repetitions of every world
      --duration <SPAN>      Simulated time that each trial measures, such as `6h`

Results:
  -o, --output <DIR>     Results folder [default: results/NAME; for several scenarios each is
                         DIR/NAME]
      --format <FORMAT>  What standard output gets [default: table] [possible values: table, csv,
                         json, markdown]
      --transitions      Write every change of a verdict to transitions.csv
      --no-charts        Write no charts
  -q, --quiet            No progress bar, and no message but of errors
      --threads <N>      Threads to use [default: all cores]. Results do not depend on it

"#]]);
}

#[test]
fn arguments_that_cannot_be_used_are_named() {
    let place = Place::new();
    let refused = |arguments: &[&str]| place.systole(arguments).assert().code(2).stdout_eq("");
    refused(&["run"]).stderr_eq(str![[r#"
error: the following required arguments were not provided:
  <SCENARIO>

Usage: systole run <SCENARIO>

For more information, try '--help'.

"#]]);
    refused(&["run", "a.toml", "--seed", "one"]).stderr_eq(str![[r#"
error: invalid value 'one' for '--seed <N>': expected a whole number from 0 to 18446744073709551615

For more information, try '--help'.

"#]]);
    refused(&["run", "a.toml", "--seed", "-1"]).stderr_eq(str![[r#"
error: invalid value '-1' for '--seed <N>': expected a whole number from 0 to 18446744073709551615

For more information, try '--help'.

"#]]);
    refused(&["run", "a.toml", "--trials", "99999999999"]).stderr_eq(str![[r#"
error: invalid value '99999999999' for '--trials <N>': 99999999999 is not in 0..=4294967295

For more information, try '--help'.

"#]]);
    refused(&["run", "a.toml", "--threads", "0"]).stderr_eq(str![[r#"
error: invalid value '0' for '--threads <N>': 0 is not in 1..=65535

For more information, try '--help'.

"#]]);
    refused(&["run", "a.toml", "--formt", "csv"]).stderr_eq(str![[r#"
error: unexpected argument '--formt' found

  tip: a similar argument exists: '--format'

Usage: systole run --format <FORMAT> <SCENARIO>

For more information, try '--help'.

"#]]);
    refused(&["replay", "a.csv", "--detector", "misses", "--scenario", "a.toml"]).stderr_eq(str![[r#"
error: the argument '--detector <DETECTOR>' cannot be used with '--scenario <FILE>'

Usage: systole replay --detector <DETECTOR> <TRACE>

For more information, try '--help'.

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
