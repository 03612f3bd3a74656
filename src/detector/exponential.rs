//! ED-FD of Xiong and others: exponential law.

/// Parameters of ED-FD of Xiong and others: exponential law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Suspicion level in (0, 1). Default 0.99.
    pub threshold: f64,
    /// Default 1000.
    pub window: u32,
}
