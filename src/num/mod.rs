//! Portable mathematics: the same bits on every platform.
//!
//! The platform's `ln`, `exp` and `pow` differ in their last bits between systems, and one bit can flip the order of two
//! events. Everything here goes through the pinned `libm`, or needs only the four operations and the square root.

mod beta;
mod student;

pub use beta::{beta_cdf, beta_quantile, share_high, share_low};
pub use student::student_quantile;
