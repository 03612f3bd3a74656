//! How the rows of a summary relate to the axes of its sweep.
//!
//! An axis under `detector.NAME` varies that detector alone; every other axis varies the world. Tables and charts group,
//! label and order rows by this difference.

use crate::analysis::{Estimate, Row, Summary};
use crate::units::{Length, Probability, Span};

/// The axis of the heartbeat interval.
pub(super) const INTERVAL: &str = "heartbeat.interval";

/// What the values of an axis measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Seconds.
    Seconds,
    /// A plain number.
    Number,
}

/// The axes of a sweep, and what they say about rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sweep<'a> {
    axes: &'a [String],
}

impl<'a> Sweep<'a> {
    pub(super) fn of(summary: &'a Summary) -> Self {
        Self { axes: &summary.axes }
    }

    /// The dotted name of an axis.
    pub(super) fn key(self, axis: usize) -> &'a str {
        &self.axes[axis]
    }

    /// The detector that an axis varies alone; `None` for an axis of the world.
    pub(super) fn detector(self, axis: usize) -> Option<&'a str> {
        self.axes[axis].strip_prefix("detector.").and_then(|rest| rest.split('.').next())
    }

    /// The axes of the world.
    pub(super) fn world_axes(self) -> impl Iterator<Item = usize> + 'a {
        (0..self.axes.len()).filter(move |&axis| self.detector(axis).is_none())
    }

    /// The axes that vary the detector of this name alone.
    pub(super) fn own_axes(self, detector: &'a str) -> impl Iterator<Item = usize> + 'a {
        (0..self.axes.len()).filter(move |&axis| self.detector(axis) == Some(detector))
    }

    /// The axis of the heartbeat interval, where it is swept.
    pub(super) fn interval_axis(self) -> Option<usize> {
        self.axes.iter().position(|key| key == INTERVAL)
    }

    /// The last part of an axis's name.
    pub(super) fn short(self, axis: usize) -> &'a str {
        self.axes[axis].rsplit('.').next().unwrap_or(&self.axes[axis])
    }

    /// The values of a row on some axes as text: `interval 1s, after 3s`. Empty where it sees none of them.
    pub(super) fn text(self, row: &Row, axes: impl IntoIterator<Item = usize>) -> String {
        let parts: Vec<String> =
            axes.into_iter().filter_map(|axis| Some(format!("{} {}", self.short(axis), value(row, axis)?))).collect();
        parts.join(", ")
    }

    /// The values of a row on the axes of the world.
    pub(super) fn world(self, row: &Row) -> Vec<Option<&str>> {
        self.world_axes().map(|axis| value(row, axis)).collect()
    }

    /// The values of a row on its detector's own axes, as text.
    pub(super) fn own_text(self, row: &'a Row) -> String {
        self.text(row, self.own_axes(&row.detector))
    }

    /// All values of a row, as text.
    pub(super) fn settings(self, row: &Row) -> String {
        self.text(row, 0..self.axes.len())
    }

    /// What the values of an axis measure: `None` where some value is neither a span nor a number.
    pub(super) fn measure(axis: usize, rows: &[Row]) -> Option<Measure> {
        let mut measures = rows.iter().filter_map(|row| Some(number(value(row, axis)?, row.interval_ns)));
        let first = measures.next()??.0;
        measures.all(|measured| measured.is_some_and(|(measure, _)| measure == first)).then_some(first)
    }

    /// The value of a row on an axis as a number: in seconds where it is a span.
    pub(super) fn number(row: &Row, axis: usize) -> Option<f64> {
        number(value(row, axis)?, row.interval_ns).map(|(_, number)| number)
    }
}

/// The value of a row on an axis, as written.
pub(super) fn value(row: &Row, axis: usize) -> Option<&str> {
    row.parameters.get(axis).and_then(Option::as_deref)
}

fn number(text: &str, interval_ns: u64) -> Option<(Measure, f64)> {
    if let Ok(number) = text.parse::<f64>() {
        return number.is_finite().then_some((Measure::Number, number));
    }
    if let Ok(length) = text.parse::<Length>() {
        let span = length.resolve(Span::from_nanos(interval_ns)).ok()?;
        return Some((Measure::Seconds, span.as_secs_f64()));
    }
    text.parse::<Probability>().ok().map(|share| (Measure::Number, share.get()))
}

/// An estimate of a row by the name of its metric.
pub(super) fn estimate<'a>(row: &'a Row, metric: &str) -> Option<&'a Estimate> {
    row.estimates.get(metric)
}

/// The detectors of a summary in file order, each once: its name and its kind.
pub(super) fn detectors(summary: &Summary) -> Vec<(&str, &'static str)> {
    let mut found: Vec<(&str, &'static str)> = Vec::new();
    for row in &summary.rows {
        if !found.iter().any(|(name, _)| *name == row.detector) {
            found.push((&row.detector, row.kind));
        }
    }
    found
}

/// The rows of a summary, detectors in file order, the points of each in theirs.
pub(super) fn by_detector(summary: &Summary) -> Vec<&Row> {
    let names = detectors(summary);
    let mut rows: Vec<&Row> = summary.rows.iter().collect();
    rows.sort_by_key(|row| names.iter().position(|(name, _)| *name == row.detector));
    rows
}

/// A detector as people read it: its name, and its kind where the name does not say it.
pub(super) fn title(name: &str, kind: &str) -> String {
    if name == kind { name.to_owned() } else { format!("{name} ({kind})") }
}
