//! The engine: makes batches of heartbeats, drives detectors over them, and feeds a sink.
//!
//! An *island* is a connected component of shared mutable state. Schedules (faults, pauses, cuts, bursts) are pure
//! functions of (seed, trial, name, entity) and couple nothing, so a push heartbeat over its own path is an island of one
//! pair and runs as a [stream](self) without any queue. Whatever makes them, heartbeats leave as [`Batch`]es; listeners
//! consume batches and nothing else.
//!
//! ```text
//! host, sender, path, cut -> source (streams, ring, heap, recording) -> batch -> listen -> transitions -> sink
//! ```
//!
//! The engine knows neither files nor statistics.

mod bank;
mod batch;
mod changes;
mod cut;
mod explain;
mod heap;
mod host;
mod inbox;
mod laws;
mod listen;
mod loss;
mod path;
mod recorded;
mod ring;
mod sender;
mod source;
mod stoppage;
mod stream;
mod strikes;
mod trial;
mod truth;
mod view;

pub use bank::Audience;
pub use batch::{Arrival, Batch, LossPlace, Lost, Missed, Truth, TruthEvent};
pub use changes::{Transition, Wanted};
pub use explain::{Explanation, Mistake, Trouble};
pub use laws::{Laws, Samplers};
pub use source::{Engine, PairBatch};
pub use stoppage::{Stoppage, StoppageKind, stoppages};
pub use trial::{PairSlice, Sink, SinkPart, run_nodes, run_trial, run_trial_on, slices};
