//! A point of a law, named by a probability on the side where that probability is small.

/// Which quantile is meant: one minus a small probability would lose its digits, so both sides have a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tail {
    /// The least value that is not exceeded with at least this probability.
    Lower(f64),
    /// The least value that is exceeded with at most this probability.
    Upper(f64),
}

impl Tail {
    /// The quantile at `p`, named from its nearer end.
    #[must_use]
    pub fn at(p: f64) -> Self {
        if p <= 0.5 { Self::Lower(p) } else { Self::Upper(1.0 - p) }
    }

    /// The probability below the point.
    #[must_use]
    pub fn lower(self) -> f64 {
        match self {
            Self::Lower(p) => p,
            Self::Upper(q) => 1.0 - q,
        }
    }

    /// The probability above the point.
    #[must_use]
    pub fn upper(self) -> f64 {
        match self {
            Self::Lower(p) => 1.0 - p,
            Self::Upper(q) => q,
        }
    }
}
