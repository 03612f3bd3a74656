//! NFD-U: freshness points where the expected arrivals are known.
//!
//! **Rule.** The freshness point of heartbeat i is tau_i = EA_i + alpha (`margin`), with EA_i = sigma_i + E(D) its expected
//! arrival: its slot in the sender's schedule plus the mean delay. Trust as in [`nfd_s`](super::nfd_s), so this is NFD-S
//! with `shift` = `mean-delay` + `margin`, and the two share one estimator. The newest heartbeat holds trust until its
//! sent stamp + interval + `mean-delay` + `margin`.
//!
//! **Parameters.** `mean-delay`: what is known of the path. `margin`: the safety margin. In the paper the clocks need not be
//! synchronised, only the expected arrivals known on the own clock; here they follow from the sent stamps, so a clock of
//! the sender that is behind by a constant goes into `mean-delay`. Where nothing is known, NFD-E estimates it.
//!
//! **Before the first heartbeat** it has no opinion. **At a restart** as NFD-S: the newest stamp holds.
//!
//! **Cost**: a comparison and a store a heartbeat. **Fails** where the path changes: a mean delay that is wrong by x is a
//! margin that is wrong by x, for good.
//!
//! **Source**: W. Chen, S. Toueg, M. K. Aguilera, "On the quality of service of failure detectors", IEEE Transactions on
//! Computers 51(5), 2002, section 6.2.

use super::nfd_s::Schedule;
use super::{Beat, Monitor, Single};
use crate::units::{LocalTime, Span};

/// Parameters of NFD-U of Chen, Toueg and Aguilera: expected arrivals known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Expected delay E(D) of a heartbeat. Too short eats the margin; too long adds to detection time. No default: it is
    /// what this detector assumes to be known.
    pub mean_delay: Span,
    /// Safety margin (alpha) beyond the expected arrival. Below the usual jitter: a mistake at every late heartbeat. Too
    /// long: detection takes up to interval + mean delay + margin. No default: it is what the user tunes.
    pub margin: Span,
}

impl Config {
    /// What this kind learns from heartbeats, for a peer that sends every `interval`.
    #[must_use]
    pub const fn estimator(&self, interval: Span) -> Schedule {
        Schedule::new(interval)
    }

    /// How long after its slot the next heartbeat is awaited.
    #[must_use]
    pub fn setting(&self) -> Span {
        self.mean_delay + self.margin
    }
}

/// NFD-U as a complete [`Monitor`].
#[derive(Clone, Debug)]
pub struct NfdU(Single<Schedule>);

impl NfdU {
    /// A detector that has heard nothing yet, for a peer that sends every `interval`.
    #[must_use]
    pub fn from_config(config: Config, interval: Span) -> Self {
        Self(Single::new(config.estimator(interval), config.setting()))
    }
}

impl Monitor for NfdU {
    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        self.0.heartbeat(now, beat);
    }

    fn suspect_at(&self) -> Option<LocalTime> {
        self.0.suspect_at()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::nfd_s::{self, NfdS};
    use crate::detector::testing::arrivals;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_nfd_s_with_the_mean_delay_in_the_shift(heard in arrivals(), delay in 0..1_u64 << 32, margin in 0..1_u64 << 32) {
            let config = Config { mean_delay: Span::from_nanos(delay), margin: Span::from_nanos(margin) };
            let mut unsynchronised = NfdU::from_config(config, Span::from_secs(1));
            let shift = Span::from_nanos(delay + margin);
            let mut synchronised = NfdS::from_config(nfd_s::Config { shift }, Span::from_secs(1));
            for (now, beat) in &heard {
                unsynchronised.heartbeat(*now, beat);
                synchronised.heartbeat(*now, beat);
                prop_assert_eq!(unsynchronised.suspect_at(), synchronised.suspect_at());
                prop_assert_eq!(unsynchronised.check(*now), synchronised.check(*now));
            }
        }
    }
}
