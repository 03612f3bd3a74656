//! The newest so many values, in the order in which they came.
//!
//! What the values mean and what is summed over them belongs to the callers: this file must not know.

/// A queue of bounded length: a new value drives out the oldest.
///
/// Memory grows with what was pushed, up to the bound, and never shrinks: a peer that sent ten heartbeats costs ten
/// values, whatever the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ring<T> {
    values: Vec<T>,
    capacity: usize,
    oldest: usize,
}

impl<T: Copy> Ring<T> {
    /// An empty ring for `capacity` values; 0 counts as 1.
    pub(super) const fn new(capacity: u32) -> Self {
        let capacity = if capacity == 0 { 1 } else { capacity as usize };
        Self { values: Vec::new(), capacity, oldest: 0 }
    }

    /// Adds a value and returns the one that it drove out, if the ring was full.
    #[inline]
    pub(super) fn push(&mut self, value: T) -> Option<T> {
        if self.values.len() < self.capacity {
            self.values.push(value);
            return None;
        }
        let out = std::mem::replace(&mut self.values[self.oldest], value);
        self.oldest += 1;
        if self.oldest == self.capacity {
            self.oldest = 0;
        }
        Some(out)
    }

    /// How many values are held.
    #[inline]
    pub(super) const fn len(&self) -> usize {
        self.values.len()
    }

    /// Forgets all values, keeping the memory.
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.oldest = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    #[test]
    fn a_full_ring_drives_out_the_oldest() {
        let mut ring = Ring::new(3);
        let mut model = VecDeque::new();
        for value in 0..20 {
            model.push_back(value);
            let out = if model.len() > 3 { model.pop_front() } else { None };
            assert_eq!(ring.push(value), out);
            assert_eq!(ring.len(), model.len());
        }
    }

    #[test]
    fn a_cleared_ring_starts_anew() {
        let mut ring = Ring::new(2);
        for value in 0..5 {
            ring.push(value);
        }
        ring.clear();
        assert_eq!(ring.len(), 0);
        assert_eq!([ring.push(7), ring.push(8), ring.push(9)], [None, None, Some(7)]);
    }

    #[test]
    fn a_capacity_of_zero_counts_as_one() {
        let mut ring = Ring::new(0);
        assert_eq!(ring.push(1), None);
        assert_eq!(ring.push(2), Some(1));
    }
}
