//! An instant that may be missing, in eight bytes: a judge is kept for every pair and setting.

use crate::units::SimTime;

/// When something began; nothing where it has not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Since(u64);

/// No simulated time comes near it.
const NEVER: u64 = u64::MAX;

impl Since {
    /// It began at `at`.
    pub(crate) const fn at(at: SimTime) -> Self {
        Self(at.as_nanos())
    }

    /// When it began.
    pub(crate) const fn get(self) -> Option<SimTime> {
        if self.0 == NEVER { None } else { Some(SimTime::from_nanos(self.0)) }
    }

    /// Whether it has begun.
    pub(crate) const fn is_some(self) -> bool {
        self.0 != NEVER
    }

    /// Ends it; when it had begun.
    pub(crate) fn take(&mut self) -> Option<SimTime> {
        std::mem::take(self).get()
    }
}

impl Default for Since {
    fn default() -> Self {
        Self(NEVER)
    }
}

impl std::fmt::Debug for Since {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.get().fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_and_ends() {
        let mut since = Since::default();
        assert!(!since.is_some());
        since = Since::at(SimTime::from_nanos(7));
        assert_eq!((since.is_some(), since.get()), (true, Some(SimTime::from_nanos(7))));
        assert_eq!(since.take(), Some(SimTime::from_nanos(7)));
        assert_eq!(since.take(), None);
    }
}
