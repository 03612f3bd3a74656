//! The components of one chunk of pairs, of all settings.
//!
//! A pair is judged by one setting after the other, so the sums of one component lie side by side for all settings.

use std::ops::Range;

use super::ledger::Meter;
use super::record::Component;
use super::units::Components;
use crate::units::Span;

/// Sums by component, then by setting.
#[derive(Debug)]
pub(crate) struct Sums {
    /// By setting: the components that the chunk has a part in.
    ranges: Vec<Range<usize>>,
    table: Vec<Component>,
}

impl Sums {
    /// Empty sums of these nodes, each of which so many monitors watch.
    pub(crate) fn new(meters: &[Meter], nodes: &Range<u32>, monitors: u32) -> Self {
        let range = |meter: &Meter| {
            let first = meter.components.index(nodes.start, Span::ZERO);
            let last = match meter.components {
                Components::Stretches { count, .. } => count as usize - 1,
                _ => meter.components.index(nodes.end.max(1) - 1, Span::ZERO),
            };
            first..last + 1
        };
        let ranges: Vec<Range<usize>> = meters.iter().map(range).collect();
        let most = ranges.iter().map(Range::len).max().unwrap_or(0);
        let mut sums = Self { table: vec![Component::default(); most * ranges.len()], ranges };
        for (setting, meter) in meters.iter().enumerate() {
            for node in nodes.clone() {
                sums.at(setting, meter.components.index(node, Span::ZERO)).pairs += u64::from(monitors);
            }
        }
        sums
    }

    /// The sums of one setting in one component.
    pub(crate) fn at(&mut self, setting: usize, component: usize) -> &mut Component {
        let row = component - self.ranges[setting].start;
        &mut self.table[row * self.ranges.len() + setting]
    }

    /// Adds the sums of one setting to those of the whole trial.
    pub(crate) fn add_to(&self, setting: usize, whole: &mut Vec<Component>) {
        let range = self.ranges[setting].clone();
        if whole.len() < range.end {
            whole.resize(range.end, Component::default());
        }
        let mine = self.table.iter().skip(setting).step_by(self.ranges.len());
        for (whole, mine) in whole[range].iter_mut().zip(mine) {
            whole.add(mine);
        }
    }
}
