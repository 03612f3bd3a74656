//! Whether a heartbeat is news: the newest by (incarnation, sequence number) so far, and what an arrival is beside it.

use super::Beat;

/// The newest heartbeat so far, by (incarnation, sequence number).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Newest(Option<(u32, u64)>);

/// What an arrival is beside all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// The first heard of a new incarnation, or at all.
    NewLife,
    /// Newer than all before, of the same incarnation.
    Newer,
    /// Repeated, or overtaken by a newer one.
    Late,
}

impl Newest {
    /// Nothing heard yet.
    pub(super) const NONE: Self = Self(None);

    /// Takes note of an arrival.
    #[inline]
    pub(super) fn hear(&mut self, beat: &Beat) -> News {
        let news = match self.0 {
            Some(newest) if beat.order() <= newest => return News::Late,
            Some((incarnation, _)) if incarnation == beat.incarnation => News::Newer,
            _ => News::NewLife,
        };
        self.0 = Some(beat.order());
        news
    }

    /// Whether anything was heard.
    #[inline]
    pub(super) const fn is_some(self) -> bool {
        self.0.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::testing::beat;

    #[test]
    fn order_is_incarnation_before_number() {
        let mut newest = Newest::NONE;
        assert!(!newest.is_some());
        let heard = [(0, 3), (0, 3), (0, 5), (0, 4), (2, 0), (1, 9), (0, 6), (2, 1), (3, 7)];
        let news = heard.map(|(incarnation, seq)| newest.hear(&beat(incarnation, seq)));
        let expected = [
            News::NewLife,
            News::Late,
            News::Newer,
            News::Late,
            News::NewLife,
            News::Late,
            News::Late,
            News::Newer,
            News::NewLife,
        ];
        assert_eq!(news, expected);
        assert!(newest.is_some());
    }
}
