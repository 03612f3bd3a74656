//! `systole run --dry-run`: what a plan would take.

use std::thread;

use super::exit::{Exit, Outcome};
use super::progress::Scaled;
use super::terminal;
use crate::experiment::Forecast;
use crate::scenario::Plan;

/// Prints what a plan would take on so many threads; on all cores where the user has no wish.
pub(super) fn tell(plan: &Plan, threads: Option<u16>) -> Outcome {
    let threads = threads.map_or_else(|| thread::available_parallelism().map_or(1, Into::into), usize::from);
    let forecast = Forecast::of(plan, threads);
    terminal::print(text(plan, &forecast, threads))?;
    Ok(Exit::Done)
}

fn text(plan: &Plan, forecast: &Forecast, threads: usize) -> String {
    let worlds = counted(forecast.worlds, "world");
    let trials = if plan.trials == 1 { "1 trial".to_owned() } else { format!("{} trials each", plan.trials) };
    let threads = counted(threads, "thread");
    format!(
        "{}: {worlds}, {trials}, {} of results\n\
         heartbeats  {}, warm-up included\n\
         memory      about {}\n\
         time        about {} on {threads}\n",
        plan.name,
        counted(forecast.rows, "row"),
        Scaled::from(forecast.heartbeats),
        bytes(forecast.memory_bytes),
        time(forecast.seconds),
    )
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A rough size: whole MiB, or GiB with a decimal.
fn bytes(bytes: u64) -> String {
    const MEBIBYTE: u64 = 1 << 20;
    const GIBIBYTE: u64 = 1 << 30;
    if bytes >= GIBIBYTE {
        let tenths = (bytes / (GIBIBYTE / 10)).max(10);
        return format!("{}.{} GiB", tenths / 10, tenths % 10);
    }
    format!("{} MiB", bytes.div_ceil(MEBIBYTE).max(1))
}

/// A rough time: seconds, minutes, hours or days.
fn time(seconds: f64) -> String {
    let units = [(86_400.0, "days"), (3_600.0, "h"), (60.0, "min")];
    match units.into_iter().find(|(size, _)| seconds >= 2.0 * size) {
        Some((size, unit)) => format!("{:.0} {unit}", seconds / size),
        None if seconds < 1.0 => "a second".to_owned(),
        None => format!("{seconds:.0} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rough_figures_are_rough() {
        assert_eq!([0, 1 << 20, 3 << 29, 5 << 30].map(bytes), ["1 MiB", "1 MiB", "1.5 GiB", "5.0 GiB"]);
        assert_eq!(
            [0.1, 1.2, 119.0, 120.0, 7200.0, 1e6].map(time),
            ["a second", "1 s", "119 s", "2 min", "2 h", "12 days"]
        );
    }
}
