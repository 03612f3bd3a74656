//! How long stretches of time lasted: those that ended by themselves, and those that were cut.

use super::record::DurationCount;
use crate::num::LogLinear;

/// Lengths of one kind of stretch, by log-linear bin.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lengths {
    ended: LogLinear,
    cut: LogLinear,
}

impl Lengths {
    /// Counts a stretch of so many nanoseconds.
    pub(crate) fn record(&mut self, nanos: u64, cut: bool) {
        if cut { &mut self.cut } else { &mut self.ended }.record(nanos);
    }

    /// The counts, in ascending order of their lengths.
    pub(crate) fn counts(&self) -> Vec<DurationCount> {
        let mut ended = self.ended.iter().peekable();
        let mut cut = self.cut.iter().peekable();
        let next = || {
            let heads = [ended.peek(), cut.peek()];
            let nanos = heads.into_iter().flatten().map(|&(nanos, _)| nanos).min()?;
            let of_this = |&(length, _): &(u64, u64)| length == nanos;
            let count = |bin: Option<(u64, u64)>| bin.map_or(0, |(_, count)| count);
            Some(DurationCount { nanos, ended: count(ended.next_if(of_this)), cut: count(cut.next_if(of_this)) })
        };
        std::iter::from_fn(next).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_both_ends_come_out_in_order() {
        let mut lengths = Lengths::default();
        for (nanos, cut) in [(700, false), (20, true), (700, true), (700, false), (9, false)] {
            lengths.record(nanos, cut);
        }
        let counts = lengths.counts();
        let counts: Vec<_> = counts.iter().map(|count| (count.nanos, count.ended, count.cut)).collect();
        assert_eq!(counts, [(9, 1, 0), (20, 0, 1), (700, 2, 1)]);
    }
}
