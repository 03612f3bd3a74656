//! Portable mathematics: the same bits on every platform.
//!
//! The platform's `ln`, `exp` and `pow` differ in their last bits between systems, and one bit can flip the order of two
//! events. Everything here goes through the pinned `libm`, or needs only the four operations and the square root.

mod beta;
mod convert;
mod elementary;
mod gamma;
mod log_linear;
mod normal;
mod student;
mod table;
mod tail;

pub use beta::{beta_cdf, beta_quantile, share_high, share_low};
pub use convert::{
    NANOS_PER_SECOND, ceil_to_u64, f64_to_i64, f64_to_i128, f64_to_u64, f64_to_usize, i64_to_f64, i128_to_f64,
    nanos_to_seconds, round_to_u64, seconds_to_nanos, seconds_to_nanos_ceil, u64_to_f64, u64_to_u32, u64_to_usize,
    u128_to_f64, u128_to_u64, unit_interval, usize_to_f64,
};
pub use elementary::{
    cbrt, cos, erf, erfc, exp, exp_m1, gamma, ln, ln_1p, ln_1p_minus, ln_gamma, log2, log10, pow, sin,
};
pub use gamma::{gamma_lower, gamma_quantile, gamma_upper, gamma_upper_quantile};
pub use log_linear::{LogLinear, log_linear_index, log_linear_upper_edge};
pub use normal::{normal_cdf, normal_density, normal_quantile, normal_upper_quantile, normal_upper_tail};
pub use student::student_quantile;
pub use table::{Piece, QuantileTable};
pub use tail::Tail;
