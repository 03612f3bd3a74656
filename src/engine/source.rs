//! Where batches come from. Streams, the event ring, the naive heap and a recording are sources; whoever listens cannot
//! tell which one made a batch.

use super::batch::{Arrival, Batch, Missed};
use super::view::View;
use crate::units::SimTime;

/// What makes the batches of a pushed world. All make the same.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Every pair alone in its own time, without a queue: for worlds whose pairs share nothing that changes.
    Streams,
    /// One queue of small events for all.
    Ring,
    /// One plain binary heap: too slow for anything but a comparison.
    Heap,
}

/// One pair's batch, with what an explanation of its mistakes needs beside it.
#[derive(Clone, Copy, Debug)]
pub struct PairBatch<'a> {
    /// Index of the pair within its source.
    pub local: usize,
    /// Node, from 0.
    pub node: u32,
    /// Monitor, from 0.
    pub monitor: u32,
    /// The batch.
    pub batch: &'a Batch,
    /// Slots of the node that fell into stalls which ended in this slice or outlast it.
    pub missed: &'a [Missed],
    /// Heartbeats still on their way at the end of the slice; `at` is when they will arrive.
    pub pending: &'a [Arrival],
}

/// A maker of batches for some pairs of a world.
pub(crate) trait Source: Send {
    /// How many pairs it makes batches for.
    fn pairs(&self) -> usize;

    /// Advances every pair to `until` and hands over each one's batch, in order of the pairs. `views` are those of the
    /// monitors of the world, in order.
    fn slice(&mut self, views: &[View], until: SimTime, each: &mut dyn FnMut(PairBatch<'_>));
}
