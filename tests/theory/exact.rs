//! Exact quality of service: of NFD-S, of fixed timeouts, under bursts, pauses and ordered delivery. Times in seconds.
//!
//! NFD-S as in Chen, Toueg and Aguilera (IEEE ToC 2002); the rest is derived in the comments. A message is sent every
//! `eta`, lost with probability `loss` and takes a delay D, all independent.

use super::delay::{Delay, integrate};
use systole::num::exp;

/// How accurate a detector is on a living node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accuracy {
    /// Mistakes a second.
    pub(crate) rate: f64,
    /// Share of time in which it is wrong.
    pub(crate) wrong: f64,
}

impl Accuracy {
    /// E(T_MR), the mean time from mistake to mistake.
    pub(crate) fn recurrence(self) -> f64 {
        1.0 / self.rate
    }

    /// E(T_M), the mean length of a mistake.
    pub(crate) fn duration(self) -> f64 {
        self.wrong / self.rate
    }
}

/// Heartbeats and their network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path {
    pub(crate) eta: f64,
    pub(crate) loss: f64,
    pub(crate) delay: Delay,
}

/// Losses in a row of which the chance is below any error of a sum.
const MANY: i32 = 400;

impl Path {
    /// Slots that reach over so long, rounded up.
    #[expect(clippy::cast_possible_truncation, reason = "a few thousand at the most")]
    fn slots(self, length: f64) -> i32 {
        (length / self.eta).ceil() as i32
    }

    /// A message does not come, or comes later than `x` after it was sent.
    fn late(self, x: f64) -> f64 {
        self.loss + (1.0 - self.loss) * self.delay.tail(x)
    }

    /// A message does not come, or had come `x` after it was sent.
    fn done(self, x: f64) -> f64 {
        self.loss + (1.0 - self.loss) * self.delay.cdf(x)
    }

    /// A message does not come between `x` and `x + length` after it was sent.
    fn spares(self, x: f64, length: f64) -> f64 {
        1.0 - (1.0 - self.loss) * (self.delay.cdf(x + length) - self.delay.cdf(x))
    }

    /// Where functions of x + offset - j eta have kinks.
    fn kinks(self, offset: f64) -> Vec<f64> {
        let edges = self.delay.edges();
        let shifted = (-MANY..MANY).flat_map(|j| edges.iter().map(move |edge| f64::from(j) * self.eta + edge - offset));
        shifted.collect()
    }

    /// NFD-S: u(x) is the chance to suspect x after a freshness point. A mistake begins at one where the message before
    /// was in time (q_0) and none that counts has come.
    pub(crate) fn nfd_s(self, shift: f64) -> Accuracy {
        let wrong = integrate(0.0, self.eta, &self.kinks(shift), |x| self.nfd_s_suspects(shift, x)) / self.eta;
        Accuracy { rate: self.nfd_s_turns(shift) / self.eta, wrong }
    }

    /// The chance of NFD-S to suspect `x` after a freshness point, x < eta.
    pub(crate) fn nfd_s_suspects(self, shift: f64, x: f64) -> f64 {
        let last = self.slots(shift);
        (0..=last).map(|j| self.late(shift + x - f64::from(j) * self.eta)).product()
    }

    /// The chance of NFD-S to turn to suspect at a freshness point.
    pub(crate) fn nfd_s_turns(self, shift: f64) -> f64 {
        (1.0 - self.late(shift + self.eta)) * self.nfd_s_suspects(shift, 0.0)
    }

    /// E(T_D) of NFD-S: max(0, shift + eta - U - L eta) with U uniform in the interval and L messages since the last that
    /// was in time.
    pub(crate) fn nfd_s_detection(self, shift: f64) -> f64 {
        let in_time = 1.0 - self.late(shift + self.eta);
        self.mean_over_losses(in_time, |silence| positive_part_mean(shift + self.eta - silence, self.eta))
    }

    /// E[g(L eta)] for geometric L.
    fn mean_over_losses(self, success: f64, g: impl Fn(f64) -> f64) -> f64 {
        let mut chance = success;
        let terms = (0..MANY).map(|lost| {
            let term = chance * g(f64::from(lost) * self.eta);
            chance *= 1.0 - success;
            term
        });
        terms.sum()
    }

    /// A timeout that only newer messages re-arm. h(z): no message sent after one has come z after that one was sent.
    pub(crate) fn newer(self, after: f64) -> Accuracy {
        let flow = (1.0 - self.loss) / self.eta;
        let rate = flow * self.delay.expect(&self.kinks(after), |x| self.none_newer(x + after));
        // E[H(D + after)] with H the integral of h from there on, by parts.
        let kinks = [self.kinks(after), self.delay.edges()].concat();
        let reach = self.delay.reach() + 60.0 * self.eta;
        let wrong = flow * integrate(0.0, reach, &kinks, |x| self.none_newer(x + after) * self.delay.cdf(x));
        Accuracy { rate, wrong }
    }

    fn none_newer(self, z: f64) -> f64 {
        let factors = (1..).map(|j| z - f64::from(j) * self.eta).take_while(|&age| age > 0.0);
        factors.map(|age| self.late(age)).product()
    }

    /// E(T_D) of that timeout: max(0, D + after - U - L eta).
    pub(crate) fn newer_detection(self, after: f64) -> f64 {
        self.mean_over_losses(1.0 - self.loss, |silence| {
            let kinks = [silence - after, silence - after + self.eta];
            self.delay.expect(&kinks, |delay| positive_part_mean(delay + after - silence, self.eta))
        })
    }

    /// A timeout that every message re-arms: wrong where none arrived in the last `after`; a mistake follows each arrival
    /// with none in the next `after`.
    pub(crate) fn any(self, after: f64) -> Accuracy {
        let kinks = [self.kinks(after), self.kinks(0.0)].concat();
        let none_else = |x: f64, except: Option<i32>| -> f64 {
            let first = -self.slots(self.delay.reach()) - 2;
            let last = self.slots(after + self.delay.reach()) + 2;
            let others = (first..=last).filter(|&i| Some(i) != except);
            others.map(|i| self.spares(x - f64::from(i) * self.eta, after)).product()
        };
        let wrong = integrate(0.0, self.eta, &kinks, |s| none_else(s, None)) / self.eta;
        let rate = (1.0 - self.loss) / self.eta * self.delay.expect(&kinks, |x| none_else(x, Some(0)));
        Accuracy { rate, wrong }
    }

    /// E(T_D) of that timeout. T_D > t unless every message before the crash was lost or had come by `after` earlier.
    pub(crate) fn any_detection(self, after: f64) -> f64 {
        let all_done = |y: f64| -> f64 { (0..MANY).map(|j| self.done(y + f64::from(j) * self.eta)).product() };
        // E(T_D) = (1/eta) int_0^inf int_0^eta [1 - G(t + u - after)] du dt; t + u = v is met with weight min(v, eta).
        let kinks = [self.kinks(-after), vec![self.eta, after]].concat();
        let reach = after + self.delay.reach();
        integrate(0.0, reach, &kinks, |v| v.min(self.eta) / self.eta * (1.0 - all_done(v - after)))
    }

    /// A timeout where messages may not overtake: one arrives no earlier than all sent before it.
    ///
    /// New instants of arrival are those of messages that come after all sent before them. From such an instant x on (or
    /// any instant), nothing arrives for `after` if, of the messages sent later in order of sending, the first that is
    /// not lost and comes after x comes after x + `after`: it holds up all behind it.
    pub(crate) fn in_order(self, after: f64) -> Accuracy {
        let kinks = [self.kinks(after), self.kinks(0.0)].concat();
        let held_up = |x: f64, from: i32| -> f64 {
            let mut before = 1.0;
            let mut sum = 0.0;
            for k in from..from + MANY {
                let age = x - f64::from(k) * self.eta;
                sum += before * (1.0 - self.loss) * self.delay.tail(age + after);
                before *= self.done(age);
                if before < 1e-18 {
                    break;
                }
            }
            sum
        };
        let after_all_before = |x: f64| -> f64 { (1..MANY).map(|i| self.done(x + f64::from(i) * self.eta)).product() };
        let oldest = -self.slots(self.delay.reach()) - 2;
        let wrong = integrate(0.0, self.eta, &kinks, |s| held_up(s, oldest)) / self.eta;
        let rate = (1.0 - self.loss) / self.eta * self.delay.expect(&kinks, |x| after_all_before(x) * held_up(x, 1));
        Accuracy { rate, wrong }
    }
}

/// E[max(0, y - U)] for U uniform on [0, eta].
fn positive_part_mean(y: f64, eta: f64) -> f64 {
    if y <= 0.0 {
        0.0
    } else if y < eta {
        0.5 * y * y / eta
    } else {
        y - 0.5 * eta
    }
}

/// A two-state chain of loss, a step a message: the chances to turn bad and good, and of loss in either state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain {
    pub(crate) to_bad: f64,
    pub(crate) to_good: f64,
    pub(crate) loss: [f64; 2],
}

impl Chain {
    /// A path that turns bad and good at exponential times, seen every `eta`: P(bad after eta | good) = b (1 - e^(-s eta))
    /// with b the stationary share of bad time and s the sum of both rates; the other way round with 1 - b.
    pub(crate) fn sampled(mean_good: f64, mean_bad: f64, loss: [f64; 2], eta: f64) -> Self {
        let bad = mean_bad / (mean_good + mean_bad);
        let mixed = 1.0 - exp(-(1.0 / mean_good + 1.0 / mean_bad) * eta);
        Self { to_bad: bad * mixed, to_good: (1.0 - bad) * mixed, loss }
    }

    /// The share of messages that is lost.
    pub(crate) fn mean_loss(self) -> f64 {
        let bad = self.to_bad / (self.to_bad + self.to_good);
        (1.0 - bad) * self.loss[0] + bad * self.loss[1]
    }

    /// A fixed timeout at constant delay, off ties. After an arrival, n losses in a row make a silence of (n + 1) eta; a
    /// mistake where n is at least m = floor(after / eta).
    pub(crate) fn timeout(self, eta: f64, after: f64) -> Accuracy {
        let bad = self.to_bad / (self.to_bad + self.to_good);
        let mut state = [(1.0 - bad) * (1.0 - self.loss[0]), bad * (1.0 - self.loss[1])];
        let m = (after / eta).floor();
        let (mut rate, mut wrong, mut lost) = (0.0, 0.0, 0.0);
        loop {
            let chance = state[0] + state[1];
            if lost < m + 0.5 && lost > m - 0.5 {
                rate = chance / eta;
                wrong = chance / eta * ((m + 1.0) * eta - after);
            } else if lost > m {
                wrong += chance;
            }
            if chance < 1e-18 {
                return Accuracy { rate, wrong };
            }
            let stepped = [
                state[0] * (1.0 - self.to_bad) + state[1] * self.to_good,
                state[0] * self.to_bad + state[1] * (1.0 - self.to_good),
            ];
            state = [stepped[0] * self.loss[0], stepped[1] * self.loss[1]];
            lost += 1.0;
        }
    }
}

/// What an exponential pause does to a timeout at constant delay without loss, if pauses are far apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PauseEffect {
    /// The chance that a pause makes a mistake.
    pub(crate) chance: f64,
    /// The mean length of the mistake.
    pub(crate) duration: f64,
}

impl PauseEffect {
    /// Slots in the pause are dropped: m = floor(after / eta) of them make a mistake, which lasts to the next slot.
    pub(crate) fn of_dropped_slots(eta: f64, after: f64, mean: f64) -> Self {
        let m = (after / eta).floor();
        Self {
            chance: exp(-(m - 1.0) * eta / mean) * (mean / eta) * (1.0 - exp(-eta / mean)),
            duration: (m + 1.0) * eta - after + eta / (exp(eta / mean) - 1.0),
        }
    }

    /// A message is sent on waking: the silence lasts from the last slot to there, and has no memory.
    pub(crate) fn of_late_slots(eta: f64, after: f64, mean: f64) -> Self {
        Self { chance: exp(-(after - eta) / mean) * (mean / eta) * (1.0 - exp(-eta / mean)), duration: mean }
    }
}
