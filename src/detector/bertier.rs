//! The adaptive margin of Bertier, Marin and Sens.

/// Parameters of the adaptive margin of Bertier, Marin and Sens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Heartbeats averaged. Default 1000.
    pub window: u32,
    /// Weight of the smoothed error. Default 1.
    pub beta: f64,
    /// Weight of the smoothed deviation. Default 4.
    pub phi: f64,
    /// Smoothing of both, in (0, 1). Default 0.1.
    pub gamma: f64,
}
