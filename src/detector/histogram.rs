//! Adaptive accrual of Satzger and others: the empirical law.

/// Parameters of adaptive accrual of Satzger and others: the empirical law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Share of recorded intervals that must be shorter than the silence, in (0, 1].
    pub threshold: f64,
    /// Default 1000.
    pub window: u32,
    /// Factor on the recorded intervals. Default 1.
    pub scale: f64,
}
