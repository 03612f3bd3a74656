//! What happened to the pairs of a ring in one slice: written as it happens, read pair by pair.

use super::shelves::{Shelves, WIDTH};
use crate::engine::batch::{Arrival, Batch, Lost, TruthEvent};

/// All that one slice does to the pairs of a ring, which are numbered node by node.
#[derive(Debug)]
pub(super) struct Chronicle {
    pairs: u32,
    pub(super) arrivals: Shelves<Arrival>,
    pub(super) lost: Shelves<Lost>,
    pub(super) truth: Shelves<TruthEvent>,
    /// What is still on its way at the end of the slice.
    pub(super) pending: Shelves<Arrival>,
    /// Where one shelf is sorted out.
    tales: Vec<Tale>,
}

/// What happened to one pair.
#[derive(Clone, Debug, Default)]
pub(super) struct Tale {
    pub(super) batch: Batch,
    pub(super) pending: Vec<Arrival>,
}

impl Chronicle {
    /// Nothing has happened to so many pairs.
    pub(super) fn new(pairs: u32) -> Self {
        Self {
            pairs,
            arrivals: Shelves::new(pairs),
            lost: Shelves::new(pairs),
            truth: Shelves::new(pairs),
            pending: Shelves::new(pairs),
            tales: vec![Tale::default(); usize::from(WIDTH)],
        }
    }

    /// Tells what happened to each pair, in order of the pairs, and begins anew.
    pub(super) fn tell(&mut self, mut each: impl FnMut(u32, &mut Tale)) {
        for (shelf, first) in (0..self.pairs).step_by(usize::from(WIDTH)).enumerate() {
            self.sort_out(shelf);
            for (pair, tale) in (first..self.pairs).zip(&mut self.tales) {
                each(pair, tale);
            }
        }
    }

    fn sort_out(&mut self, shelf: usize) {
        for tale in &mut self.tales {
            tale.batch.clear();
            tale.pending.clear();
        }
        let tales = &mut self.tales;
        self.arrivals.clear(shelf, |place, arrival| tales[place].batch.arrivals.push(arrival));
        self.lost.clear(shelf, |place, lost| tales[place].batch.lost.push(lost));
        self.truth.clear(shelf, |place, event| tales[place].batch.truth.push(event));
        self.pending.clear(shelf, |place, arrival| tales[place].pending.push(arrival));
    }
}
