//! The simulator against theory: exact values of published and derived formulas, and theorems that hold on every path.
//!
//! [`exact`] has the formulas, [`printed`] holds them to figures computed elsewhere, and the other files simulate. An
//! observation is compared by z = (observed - exact) / standard error, the error by batch means over nodes and trials,
//! which are independent; [`together`] looks at the z values of all of them at once.
#![cfg(feature = "sim")]

#[path = "../support/mod.rs"]
mod support;

mod delay;
mod exact;
mod observe;
mod printed;

mod accrual;
mod bursts;
mod chen;
mod coverage;
mod crashes;
mod monitors;
mod order;
mod stalls;
mod timeout;
mod together;
