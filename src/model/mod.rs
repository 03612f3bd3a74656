//! The stochastic world as plain data and pure samplers.
//!
//! [`World`] is everything that the engine needs to know of nodes, monitors, network and faults. Nothing here runs, and
//! nothing here reads a file. All times are exact spans; all laws are those of the scenario format.

mod fault;
mod law;
mod loss;
mod sampler;
mod trace;
mod world;

pub use fault::{Fault, FaultKind, Target, Timing};
pub use law::{Component, Law};
pub use loss::Loss;
pub use sampler::Sampler;
pub use trace::{Recorded, Trace, TracedNode};
pub use world::{
    Heartbeat, MissedTicks, MonitorRole, Network, OnRestart, OnWake, Ordering, Pacing, Phase, Traffic, Wire, World,
};
