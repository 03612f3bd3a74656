//! The command line: names, values and help, and nothing of what they do.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

/// Simulate heartbeats and failure detectors; find the timeout that your network needs.
#[derive(Debug, Parser)]
#[command(name = "systole", version, max_term_width = 100, arg_required_else_help = true)]
#[command(subcommand_required = true, disable_help_subcommand = true)]
#[command(long_about = LONG_ABOUT, after_help = "`systole COMMAND --help` is the manual of a command.")]
#[command(after_long_help = EXIT_CODES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

const LONG_ABOUT: &str = "\
Simulate heartbeats and failure detectors; find the timeout that your network needs.

A scenario file says which nodes send heartbeats over which network, what goes wrong, and which detectors listen. Systole \
simulates it, many times over, and reports how fast a dead node is found, how often a living one is wrongly accused, and \
what the heartbeats cost: each with its confidence interval. The same version, scenario and seed give the same bytes.";

const EXIT_CODES: &str = "\
Exit codes:
  0    done; limits hold
  1    a limit is broken
  2    unusable input: arguments, scenario, trace, or `check` without limits
  3    inconclusive: neither a limit nor its contrary is shown at 95 %
  4    reading or writing failed
  70   a bug in systole, with the line that replays it
  130  stopped by Ctrl-C

Results go to standard output, progress and messages to standard error. There is no colour and no progress bar when \
standard error is not a terminal, or with NO_COLOR set.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Run(Run),
    Check(Check),
    Replay(Replay),
    Import(Import),
    New(New),
    /// Print the JSON Schema of scenarios, for editors.
    Schema,
    /// List every metric with its unit and meaning.
    Metrics,
    Completions(Completions),
}

/// Simulate a scenario, print the table, write the results folder.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  systole run scenarios/quickstart.toml
  systole run wan.toml --seed 7 --trials 64
  systole run wan.toml --set heartbeat.interval=500ms --sweep detector.fixed.timeout.after=2s,3s,5s
  systole run wan.toml --dry-run
  generate-scenario | systole run - -o results/generated")]
pub(super) struct Run {
    /// Scenario file, or `-` for standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub scenario: PathBuf,
    /// Say how many worlds, heartbeats, memory and time it would take, and stop.
    #[arg(long = "dry-run")]
    pub only_forecast: bool,
    #[command(flatten)]
    pub changes: Changes,
    #[command(flatten)]
    pub draws: Draws,
    #[command(flatten)]
    pub results: Results,
}

/// Simulate scenarios and judge their limits: for continuous integration.
///
/// A limit is judged on the values as they are written in the file, by one-sided 95 % bounds: it holds, it is broken, or the
/// trials cannot tell. Over several limits and scenarios the exit code is the worst of broken (1), inconclusive (3) and
/// held (0).
///
/// With `--format csv` or `json` the rows go to standard output and the verdict to standard error.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  systole check scenarios/wan.toml
  systole check scenarios/*.toml --junit limits.xml
  systole check wan.toml --limit 'detection_latency_p99 <= 6s' --limit 'cluster_alarms_per_30d < 1'")]
pub(super) struct Check {
    /// Scenario files, or `-` for standard input.
    #[arg(required = true, value_name = "SCENARIO", value_hint = ValueHint::FilePath)]
    pub scenarios: Vec<PathBuf>,
    /// Judge this limit too, for every detector.
    #[arg(long, value_name = "EXPR")]
    pub limit: Vec<String>,
    /// Write the verdicts as JUnit XML: a test case for each scenario, detector and limit.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub junit: Option<PathBuf>,
    /// Judge every point of the sweep, not only the values as written.
    #[arg(long)]
    pub with_sweep: bool,
    #[command(flatten)]
    pub changes: Changes,
    #[command(flatten)]
    pub draws: Draws,
    #[command(flatten)]
    pub results: Results,
}

/// Play recorded arrivals to detectors: what would each have done to this link?
///
/// A trace is CSV with the header `node,seq,sent_s,arrived_s`: decimals of seconds from any origin, `arrived_s` empty where
/// the heartbeat was lost. `systole import ping` makes one.
///
/// Without `--detector` and `--scenario` every built-in kind but self-tuning listens, with its defaults; where there is no
/// default `after` is 3.5 intervals, `shift` and `margin` are 2.5 intervals, `mean-delay` is the trace's median, and
/// `threshold` is 8 (0.99 for histogram).
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  systole replay trace.csv
  systole replay trace.csv --detector 'phi-akka(threshold=12, acceptable-pause=5s)'
  systole replay trace.csv --detector 'hasty=timeout(after=2s)' --detector misses
  systole replay trace.csv --scenario detectors.toml")]
pub(super) struct Replay {
    /// The recorded heartbeats.
    #[arg(value_hint = ValueHint::FilePath)]
    pub trace: PathBuf,
    /// A detector that listens: `KIND`, `KIND(key=value, …)` or `NAME=KIND(key=value, …)`, with the keys of a scenario.
    #[arg(long, value_name = "DETECTOR", conflicts_with = "scenario")]
    pub detector: Vec<String>,
    /// Take detectors, sweep and limits from this scenario; its world is not used.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub scenario: Option<PathBuf>,
    #[command(flatten)]
    pub changes: Changes,
    #[command(flatten)]
    pub results: Results,
}

/// Turn a log into a trace that `systole replay` and scenarios can use.
#[derive(Debug, Args)]
pub(super) struct Import {
    #[command(subcommand)]
    pub kind: ImportKind,
}

/// Logs that can be read.
#[derive(Debug, Subcommand)]
pub(super) enum ImportKind {
    Ping(ImportPing),
}

/// Read the output of `ping`, best of `ping -D -O`.
///
/// Each echo request is taken for a heartbeat, and half of its round trip for the heartbeat's delay, as a heartbeat goes one
/// way only. A request without a reply is a lost heartbeat. A summary goes to standard error.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  ping -D -O -i 1 example.org | tee ping.log
  systole import ping ping.log -o trace.csv
  systole replay trace.csv")]
pub(super) struct ImportPing {
    /// The log, or `-` for standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Where the trace goes, instead of standard output.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Take the whole round trip for the delay.
    #[arg(long)]
    pub rtt: bool,
    /// Take half of the round trip for the delay (the default).
    #[arg(long, conflicts_with = "rtt")]
    pub half_rtt: bool,
    /// Time between two requests, for logs without `-D` [default: from the log's closing statistics, else 1s].
    #[arg(long, value_name = "SPAN")]
    pub interval: Option<String>,
    /// No summary.
    #[arg(short, long)]
    pub quiet: bool,
}

/// Start a scenario: print a commented one, or write it to a file.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  systole new
  systole new my-cluster          writes my-cluster.toml
  systole new scenarios/wan.toml")]
pub(super) struct New {
    /// Name of the scenario, or its file; an existing file is left alone.
    #[arg(value_name = "NAME", value_hint = ValueHint::FilePath)]
    pub name: Option<PathBuf>,
}

/// Print the completion script of a shell.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  systole completions bash > ~/.local/share/bash-completion/completions/systole")]
pub(super) struct Completions {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// Changes to the scenario.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Changes to the scenario")]
pub(super) struct Changes {
    /// Give a key of the scenario another value, as in `heartbeat.interval=500ms`.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Sweep a key over several values, as in `heartbeat.interval=500ms,1s,2s`.
    #[arg(long, value_name = "KEY=V1,V2,…")]
    pub sweep: Vec<String>,
}

/// How much is drawn.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Changes to the scenario")]
pub(super) struct Draws {
    /// Seed of every draw.
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = seed)]
    pub seed: Option<u64>,
    /// Independent repetitions of every world.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub trials: Option<u32>,
    /// Simulated time that each trial measures, such as `6h`.
    #[arg(long, value_name = "SPAN", allow_hyphen_values = true)]
    pub duration: Option<String>,
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}", u64::MAX))
}

/// Where results go.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Results")]
pub(super) struct Results {
    /// Results folder [default: results/NAME; for several scenarios each is DIR/NAME].
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: Option<PathBuf>,
    /// What standard output gets.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Write every change of a verdict to transitions.csv.
    #[arg(long)]
    pub transitions: bool,
    /// Write no charts.
    #[arg(long)]
    pub no_charts: bool,
    /// No progress bar, and no message but of errors.
    #[arg(short, long)]
    pub quiet: bool,
    /// Threads to use [default: all cores]. Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
}

/// What standard output gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table for people.
    #[default]
    Table,
    /// The rows of summary.csv.
    Csv,
    /// The content of summary.json.
    Json,
    /// A Markdown table.
    Markdown,
}
