//! A histogram of nanoseconds whose bins are at most 0.1 % wide.
//!
//! Values below 2048 have a bin each; from there every octave has 1024 bins of equal width. The bins are fixed, so
//! histograms of shards and threads merge to the same counts in any order.

/// Bins an octave.
const BINS: u64 = 1 << BIN_BITS;
const BIN_BITS: u32 = 10;
/// Bins of a page: pages are allocated when something falls into them.
const PAGE: usize = 256;

/// The bin of a value.
#[must_use]
#[inline]
pub const fn log_linear_index(value: u64) -> u32 {
    if value < BINS {
        return low_bits(value);
    }
    let shift = value.ilog2() - BIN_BITS;
    low_bits(value >> shift) + (shift << BIN_BITS)
}

#[expect(clippy::cast_possible_truncation, reason = "callers pass what is below 2048")]
const fn low_bits(value: u64) -> u32 {
    value as u32
}

/// The greatest value of a bin: the inverse of [`log_linear_index`], rounded up. Past the last bin, the greatest value.
#[must_use]
pub const fn log_linear_upper_edge(index: u32) -> u64 {
    let shift = (index >> BIN_BITS).saturating_sub(1);
    if shift > 63 - BIN_BITS {
        return u64::MAX;
    }
    let start = (index - (shift << BIN_BITS)) as u64;
    (start << shift) + ((1 << shift) - 1)
}

/// Counts of values by bin.
///
/// `record` costs an index computation and an increment. Memory is 2 KiB for each 256 neighbouring bins that were hit.
#[derive(Clone, Debug, Default)]
pub struct LogLinear {
    pages: Vec<Option<Box<[u64; PAGE]>>>,
    count: u64,
}

impl LogLinear {
    /// No values.
    #[must_use]
    pub const fn new() -> Self {
        Self { pages: Vec::new(), count: 0 }
    }

    /// Counts a value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        self.record_many(value, 1);
    }

    /// Counts a value so many times.
    #[inline]
    pub fn record_many(&mut self, value: u64, times: u64) {
        let index = log_linear_index(value) as usize;
        let (page, bin) = (index / PAGE, index % PAGE);
        self.count += times;
        match self.pages.get_mut(page) {
            Some(Some(page)) => page[bin] += times,
            _ => self.allocate(page)[bin] += times,
        }
    }

    /// The page of this number, made if there is none.
    #[cold]
    fn allocate(&mut self, page: usize) -> &mut [u64; PAGE] {
        if page >= self.pages.len() {
            self.pages.resize_with(page + 1, || None);
        }
        self.pages[page].get_or_insert_with(|| Box::new([0; PAGE]))
    }

    /// Adds the counts of another histogram. The order of merging makes no difference.
    pub fn merge(&mut self, other: &Self) {
        for (number, page) in other.pages.iter().enumerate() {
            let Some(page) = page else { continue };
            for (sum, count) in self.allocate(number).iter_mut().zip(page.iter()) {
                *sum += count;
            }
        }
        self.count += other.count;
    }

    /// How many values were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Whether nothing was counted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The bins that hold something, ascending: (greatest value of the bin, count).
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        let pages = self.pages.iter().zip((0_u32..).step_by(PAGE));
        let bins = pages.flat_map(|(page, first)| (first..).zip(page.iter().flat_map(|page| page.iter())));
        bins.filter(|&(_, &count)| count > 0).map(|(index, &count)| (log_linear_upper_edge(index), count))
    }

    /// The greatest value of the bin that holds the `rank`-th smallest value, counted from 1; `None` past the count.
    #[must_use]
    pub fn value_at_rank(&self, rank: u64) -> Option<u64> {
        let mut seen = 0;
        self.iter()
            .find(|&(_, count)| {
                seen += count;
                seen >= rank.max(1)
            })
            .map(|(edge, _)| edge)
    }
}

/// Equal where every bin holds the same count.
impl PartialEq for LogLinear {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && self.iter().eq(other.iter())
    }
}

impl Eq for LogLinear {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_values_are_exact() {
        for value in 0..2048 {
            assert_eq!(log_linear_upper_edge(log_linear_index(value)), value);
        }
    }

    #[test]
    fn the_largest_value_has_the_last_bin() {
        assert_eq!(log_linear_upper_edge(log_linear_index(u64::MAX)), u64::MAX);
        assert_eq!(log_linear_index(u64::MAX), 55 * 1024 - 1);
        assert_eq!(log_linear_upper_edge(u32::MAX), u64::MAX);
    }

    #[test]
    fn memory_stays_with_what_was_hit() {
        let mut histogram = LogLinear::new();
        for value in 0..1_000 {
            histogram.record(10_000_000_000 + value);
        }
        assert_eq!(histogram.pages.iter().filter(|page| page.is_some()).count(), 1);
    }

    proptest! {
        #[test]
        fn bins_are_at_most_a_thousandth_wide_and_in_order(value in any::<u64>()) {
            let index = log_linear_index(value);
            let edge = log_linear_upper_edge(index);
            prop_assert!(edge >= value);
            prop_assert!(edge - value <= value / 1_000);
            prop_assert_eq!(log_linear_index(edge), index);
            if edge < u64::MAX {
                prop_assert_eq!(log_linear_index(edge + 1), index + 1);
            }
        }

        #[test]
        fn merging_equals_recording_together(
            one in prop::collection::vec(any::<u64>(), 0..50),
            other in prop::collection::vec(0_u64..5_000, 0..50),
        ) {
            let recorded = |values: &[u64]| {
                let mut histogram = LogLinear::new();
                for &value in values {
                    histogram.record(value);
                }
                histogram
            };
            let mut merged = recorded(&one);
            merged.merge(&recorded(&other));
            let all = [one, other].concat();
            prop_assert_eq!(&merged, &recorded(&all));
            prop_assert_eq!(merged.count(), all.len() as u64);
            prop_assert_eq!(merged.iter().map(|(_, count)| count).sum::<u64>(), merged.count());
            prop_assert!(merged.iter().is_sorted_by_key(|(edge, _)| edge));

            let mut sorted = all;
            sorted.sort_unstable();
            for (rank, value) in (1..).zip(&sorted) {
                let edge = merged.value_at_rank(rank).unwrap();
                prop_assert!(edge >= *value && edge - value <= value / 1_000);
            }
            prop_assert_eq!(merged.value_at_rank(merged.count() + 1), None);
        }
    }
}
