//! Recordings to plain data: traces of heartbeats, and columns of measured spans.
//!
//! Bytes come in, values of the model go out, or the number of the bad line. Nothing is opened here, and nothing is
//! known of scenarios.

mod column;
mod fault;
mod trace;

pub use column::column;
pub use fault::ImportFault;
pub use trace::{Imported, trace};
