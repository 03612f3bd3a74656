//! SFD of Xiong and others: a margin that tunes itself towards the quality that was asked for.
//!
//! **Rule.** Expected arrivals EA as in [`nfd_e`](super::nfd_e); suspect at EA_(k+1) + SM. Every `adjust-every` newer
//! heartbeats the margin SM moves by one `step`, by how the time since the last adjustment went:
//!
//! | mistakes in time | detection time | margin |
//! |---|---|---|
//! | too many | within target | one step longer |
//! | within target | too long | one step shorter, at least 0 |
//! | within target | within target | stays |
//! | too many | too long | stays: on this path no margin meets both targets |
//!
//! **What it measures.** A mistake is a suspicion of its own that a later heartbeat of the same incarnation ended; their
//! rate is over the time since the last adjustment. Its detection time is interval + SM: how long after a heartbeat should
//! have come the peer is suspected when none follows. The delay of the path is not seen without synchronised clocks and
//! comes on top.
//!
//! **Parameters**, see [`Config`]; the paper leaves the constants to the implementer. With `adjust-every` so small that one
//! mistake in that time already exceeds the target rate, every mistake lengthens the margin.
//!
//! **Before the first heartbeat** it has no opinion; from the first on the window averages what it has. **At a restart** it
//! starts afresh, with the margin it began with; a suspicion that a restart ended was no mistake.
//!
//! **Cost**: as NFD-E. What it knows depends on its own verdicts, so settings cannot share it, and it must be looked at
//! ([`Monitor::check`](super::Monitor::check)) to count its suspicions. **Fails** where both targets cannot be met (it stays
//! where it is), and by overshooting: a margin within a step of its target goes up and down for ever.
//!
//! **Source**: N. Xiong, A. V. Vasilakos, J. Wu, Y. R. Yang, A. Rindos, Y. Zhou, W.-Z. Song, Y. Pan, "A self-tuning failure
//! detection scheme for cloud computing service", IPDPS 2012.

use super::arrival::ExpectedArrival;
use super::newest::{Newest, News};
use super::{Beat, Estimator, Single};
use crate::num::u64_to_f64;
use crate::units::{LocalTime, Rate, Span};

/// Parameters of SFD of Xiong and others: a margin that tunes itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Heartbeats averaged for the expected arrival, at least 1 (0 counts as 1). Few: the estimate follows every late
    /// heartbeat. Many: it follows a change of the path slowly. No default (the authors: 1000).
    pub window: u32,
    /// Margin to start from, also after a restart. Far from what the targets need, it takes many adjustments to get there.
    pub margin: Span,
    /// How far one adjustment moves the margin. Small: it takes long to get there. Large: it overshoots, and swings between
    /// too many mistakes and too long detection.
    pub step: Span,
    /// Detection time to stay under, counted from when the last heartbeat before the silence should have come: above the
    /// interval, or no margin can meet it.
    pub target_detection: Span,
    /// Mistakes in time to stay under. Below what losses alone cause, the margin is driven beyond the next heartbeats
    /// until the detection time stops it.
    pub target_mistake_rate: Rate,
    /// Newer heartbeats between two adjustments, at least 1 (0 counts as 1). Few: single mistakes decide. Many: it follows
    /// slowly. Choose it so that the target allows a mistake or more in that time.
    pub adjust_every: u32,
}

impl Config {
    /// The whole detector, but that it takes no setting.
    #[must_use]
    pub const fn estimator(&self, interval: Span) -> TunedMargin {
        TunedMargin::new(*self, interval)
    }
}

/// SFD as a [`crate::detector::Monitor`].
pub type SelfTuning = Single<TunedMargin>;

impl SelfTuning {
    /// A detector that has heard nothing yet, for a peer that sends every `interval`.
    #[must_use]
    pub const fn from_config(config: Config, interval: Span) -> Self {
        Self::new(config.estimator(interval), ())
    }
}

/// When the next heartbeat is expected, and the margin that its own mistakes have tuned.
#[derive(Clone, Debug, PartialEq)]
pub struct TunedMargin {
    config: Config,
    interval: Span,
    newest: Newest,
    expected: ExpectedArrival,
    margin: Span,
    suspecting: bool,
    slot: Slot,
}

/// The time since the last adjustment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    since: LocalTime,
    heartbeats: u32,
    mistakes: u32,
}

impl Slot {
    const fn starting(since: LocalTime) -> Self {
        Self { since, heartbeats: 0, mistakes: 0 }
    }
}

impl TunedMargin {
    /// Nothing heard yet from a peer that sends every `interval`.
    #[must_use]
    pub const fn new(config: Config, interval: Span) -> Self {
        Self {
            config,
            interval,
            newest: Newest::NONE,
            expected: ExpectedArrival::new(interval, config.window),
            margin: config.margin,
            suspecting: false,
            slot: Slot::starting(LocalTime::ZERO),
        }
    }

    /// The margin as tuned so far.
    #[must_use]
    pub const fn margin(&self) -> Span {
        self.margin
    }

    fn start_afresh(&mut self, now: LocalTime) {
        self.expected.clear();
        self.margin = self.config.margin;
        self.suspecting = false;
        self.slot = Slot::starting(now);
    }

    /// Counts a suspicion that the newest heartbeat, or a margin just lengthened, has ended.
    fn end_suspicion(&mut self, now: LocalTime) {
        if self.suspecting && self.suspect_at(()) > Some(now) {
            self.suspecting = false;
            self.slot.mistakes = self.slot.mistakes.saturating_add(1);
        }
    }

    fn adjust(&mut self, now: LocalTime) {
        let inaccurate = self.mistakes_exceed_target(now);
        let slow = self.interval + self.margin > self.config.target_detection;
        if inaccurate && !slow {
            self.margin += self.config.step;
        } else if slow && !inaccurate {
            self.margin = self.margin.saturating_sub(self.config.step);
        }
        self.slot = Slot::starting(now);
    }

    fn mistakes_exceed_target(&self, now: LocalTime) -> bool {
        let target = self.config.target_mistake_rate;
        let elapsed = u64_to_f64(now.since(self.slot.since).as_nanos());
        f64::from(self.slot.mistakes) * u64_to_f64(target.per.as_nanos()) > target.events * elapsed
    }
}

impl Estimator for TunedMargin {
    type Setting = ();
    const SHARED: bool = false;

    fn heartbeat(&mut self, now: LocalTime, beat: &Beat) {
        match self.newest.hear(beat) {
            News::Late => return,
            News::NewLife => {
                self.start_afresh(now);
                self.expected.record(now, beat.seq);
                return;
            }
            News::Newer => self.expected.record(now, beat.seq),
        }
        self.end_suspicion(now);
        self.slot.heartbeats += 1;
        if self.slot.heartbeats >= self.config.adjust_every {
            self.adjust(now);
            self.end_suspicion(now);
        }
    }

    fn suspect_at(&self, (): ()) -> Option<LocalTime> {
        self.expected.next().map(|next| next.instant() + self.margin)
    }

    fn condemn(&mut self, _now: LocalTime) {
        self.suspecting = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::testing::{SECOND, at, beat, obeys_the_laws};
    use crate::detector::{Monitor, Verdict};

    const CONFIG: Config = Config {
        window: 1,
        margin: Span::from_nanos(50),
        step: Span::from_nanos(10),
        target_detection: Span::from_nanos(200),
        target_mistake_rate: Rate { events: 1.0, per: Span::from_nanos(300) },
        adjust_every: 2,
    };

    /// Hears number `seq` at `now`, after a look a nanosecond before; gives the margin that follows.
    fn hear(detector: &mut SelfTuning, seq: u64, now: u64) -> u64 {
        detector.check(at(now - 1));
        detector.heartbeat(at(now), &beat(0, seq));
        // With a window of one heartbeat the next is expected an interval after it.
        detector.suspect_at().unwrap().as_nanos() - now - 100
    }

    fn detector(config: Config) -> SelfTuning {
        SelfTuning::from_config(config, Span::from_nanos(100))
    }

    #[test]
    fn too_many_mistakes_lengthen_the_margin() {
        let mut detector = detector(CONFIG);
        assert_eq!(detector.check(at(500)), Verdict::Unknown);
        assert_eq!(hear(&mut detector, 0, 1000), 50);
        // Suspected at 1150, heard at 1170: a mistake. Two heartbeats in 270 ns: above one in 300 ns.
        assert_eq!(hear(&mut detector, 1, 1170), 50);
        assert_eq!(hear(&mut detector, 2, 1270), 60);
        // The next two came in time.
        assert_eq!(hear(&mut detector, 3, 1400), 60);
        assert_eq!(hear(&mut detector, 4, 1500), 60);
    }

    #[test]
    fn a_rate_at_the_target_is_within_it() {
        let mut detector = detector(CONFIG);
        hear(&mut detector, 0, 1000);
        hear(&mut detector, 1, 1170);
        assert_eq!(hear(&mut detector, 2, 1300), 50);
    }

    #[test]
    fn slow_detection_shortens_the_margin_until_it_is_quick_enough() {
        let mut detector = detector(Config { margin: Span::from_nanos(118), ..CONFIG });
        let margins: Vec<_> = (0..8).map(|seq| hear(&mut detector, seq, 1000 + 100 * seq)).collect();
        assert_eq!(margins, [118, 118, 108, 108, 98, 98, 98, 98]);
    }

    #[test]
    fn both_targets_missed_is_no_solution() {
        let config = Config { margin: Span::from_nanos(150), ..CONFIG };
        let mut detector = detector(config);
        hear(&mut detector, 0, 1000);
        hear(&mut detector, 1, 1280);
        assert_eq!(hear(&mut detector, 2, 1290), 150);
    }

    #[test]
    fn the_margin_stops_at_nothing() {
        let config = Config { margin: Span::from_nanos(15), target_detection: Span::from_nanos(10), ..CONFIG };
        let mut detector = detector(config);
        let margins: Vec<_> = (0..6).map(|seq| hear(&mut detector, seq, 1000 + 100 * seq)).collect();
        assert_eq!(margins, [15, 15, 5, 5, 0, 0]);
    }

    #[test]
    fn a_suspicion_that_nobody_saw_is_none() {
        let mut detector = detector(CONFIG);
        for (seq, now) in [(0, 1000), (1, 1170), (2, 1270)] {
            detector.heartbeat(at(now), &beat(0, seq));
        }
        assert_eq!(detector.suspect_at(), Some(at(1270 + 150)));
    }

    #[test]
    fn a_restart_starts_afresh_and_is_no_mistake() {
        let mut detector = detector(Config { adjust_every: 1, ..CONFIG });
        hear(&mut detector, 0, 1000);
        assert_eq!(hear(&mut detector, 1, 1170), 60);
        assert_eq!(detector.check(at(2000)), Verdict::Suspect);
        detector.heartbeat(at(3000), &beat(1, 0));
        assert_eq!(detector.suspect_at(), Some(at(3150)));
        detector.heartbeat(at(3090), &beat(1, 1));
        assert_eq!(detector.suspect_at(), Some(at(3240)));
    }

    #[test]
    fn a_stale_heartbeat_ends_no_suspicion() {
        let config = Config { window: 1000, ..CONFIG };
        let mut estimator = TunedMargin::new(config, Span::from_nanos(100));
        for (seq, now) in [(0, 1000), (1, 1100), (2, 1200)] {
            estimator.heartbeat(at(now), &beat(0, seq));
        }
        estimator.condemn(at(1350));
        estimator.heartbeat(at(1900), &beat(0, 3));
        assert!(estimator.suspecting && estimator.suspect_at(()) < Some(at(1900)));
        // In time again, hence a mistake that ended; one in 800 ns is within the target.
        estimator.heartbeat(at(2000), &beat(0, 10));
        assert!(!estimator.suspecting);
        assert_eq!(estimator.margin(), Span::from_nanos(50));
    }

    obeys_the_laws!(TunedMargin::new(CONFIG, Span::from_nanos(SECOND)), [()]);
}
