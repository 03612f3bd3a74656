//! Instants on three clocks that never mix, and the span between two instants of one clock.
//!
//! [`SimTime`] is truth: only the engine, the model and the metrics know it. [`LocalTime`] is what a node's own clock
//! shows; a detector sees nothing else. [`RemoteTime`] is a stamp that a sender's clock put into a message. The types do
//! not convert into each other, so a detector cannot read a clock that it would not have in production.

use std::ops::{Add, AddAssign, Sub};

/// A length of time in whole nanoseconds.
///
/// Sums saturate at the largest span (about 584 years), far above the 100 years that a run may last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest span.
    pub const MAX: Self = Self(u64::MAX);

    /// A span of whole nanoseconds.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// A span of whole microseconds.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros.saturating_mul(1_000))
    }

    /// A span of whole milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// A span of whole seconds.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000_000))
    }

    /// A span of whole minutes.
    #[must_use]
    pub const fn from_mins(mins: u64) -> Self {
        Self::from_secs(mins.saturating_mul(60))
    }

    /// A span of whole hours.
    #[must_use]
    pub const fn from_hours(hours: u64) -> Self {
        Self::from_secs(hours.saturating_mul(3_600))
    }

    /// The nanoseconds of this span.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Whether this span is empty.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// This span taken `count` times.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// This span less `other`, or zero where `other` is longer.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// Declares an instant: nanoseconds since an origin, with the arithmetic that makes sense for it.
macro_rules! instant {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// The clock's origin.
            pub const ZERO: Self = Self(0);
            /// The last instant: used for "never".
            pub const MAX: Self = Self(u64::MAX);

            /// The instant so many nanoseconds after the origin.
            #[must_use]
            pub const fn from_nanos(nanos: u64) -> Self {
                Self(nanos)
            }

            /// Nanoseconds since the origin.
            #[must_use]
            pub const fn as_nanos(self) -> u64 {
                self.0
            }

            /// The span from `earlier` to this instant, or zero where `earlier` is later.
            #[must_use]
            pub const fn since(self, earlier: Self) -> Span {
                Span::from_nanos(self.0.saturating_sub(earlier.0))
            }
        }

        impl Add<Span> for $name {
            type Output = Self;

            fn add(self, span: Span) -> Self {
                Self(self.0.saturating_add(span.as_nanos()))
            }
        }

        impl Sub<Span> for $name {
            type Output = Self;

            fn sub(self, span: Span) -> Self {
                Self(self.0.saturating_sub(span.as_nanos()))
            }
        }
    };
}

instant! {
    /// True time: nanoseconds since the start of a simulated trial (the start of its warm-up).
    SimTime
}

instant! {
    /// What a node's own clock shows, in nanoseconds from an origin that the clock's owner chose.
    ///
    /// Production code makes it from its monotonic clock: `LocalTime::from_nanos(start.elapsed().as_nanos() as u64)`.
    LocalTime
}

instant! {
    /// A stamp from a sender's clock, as it stands in a message.
    RemoteTime
}

impl RemoteTime {
    /// Reads the stamp on the observer's own clock, on the assumption that both clocks show the same time.
    ///
    /// This is what NFD-S needs (Chen, Toueg and Aguilera 2002, section 3: synchronised clocks). The name is the
    /// assumption: a detector that calls it is wrong by whatever the two clocks differ by.
    #[must_use]
    pub const fn assuming_synchronised_clocks(self) -> LocalTime {
        LocalTime::from_nanos(self.0)
    }
}
