//! Detectors at work: the settings of a family listen to batches, and their changes of mind come out.
//!
//! All settings of a family hear the same beats and their deadlines are in order, so those that suspect are always the
//! first `suspecting` of them, and a beat that comes before the first deadline of the rest touches nothing else. No
//! queue holds a deadline; it is looked at when something happens after it.

use super::batch::Arrival;
use super::changes::{Changes, Memories, Transition, Wanted};
use super::view::{Begins, Looks, Segment, View};
use crate::detector::{Beat, Estimator, Verdict};
use crate::units::{LocalTime, RemoteTime, SimTime};

/// The settings of one family, in the order of their deadlines, with their index among all listeners.
#[derive(Clone, Debug)]
pub(crate) struct Family<E: Estimator> {
    pub(crate) fresh: E,
    pub(crate) settings: Vec<(u32, E::Setting)>,
    /// The gap between two looks from which on the estimator wants to be told.
    pause_limit: Option<u64>,
}

impl<E: Estimator> Family<E> {
    pub(crate) fn new(fresh: E, settings: Vec<(u32, E::Setting)>) -> Self {
        let pause_limit = fresh.pause_limit().map(crate::units::Span::as_nanos);
        Self { fresh, settings, pause_limit }
    }
}

/// What a family knows of one pair.
#[derive(Clone, Debug)]
pub(crate) struct Ear<E: Estimator> {
    pub(crate) estimator: E,
    /// Whether the settings have an opinion.
    known: bool,
    /// How many settings suspect: the first so many.
    pub(crate) suspecting: usize,
    /// The deadline of the first setting that does not suspect.
    next: u64,
    /// Looks before this instant were made.
    looked_until: u64,
    /// Whether a beat came since the last look.
    unseen: bool,
}

impl<E: Estimator> Ear<E> {
    pub(crate) fn new(family: &Family<E>) -> Self {
        Self {
            estimator: family.fresh.clone(),
            known: false,
            suspecting: 0,
            next: u64::MAX,
            looked_until: 0,
            unseen: false,
        }
    }

    /// A copy for a rehearsal, which makes its looks anew.
    pub(crate) fn for_rehearsal(&self) -> Self {
        Self { looked_until: 0, unseen: true, ..self.clone() }
    }

    /// Hears without keeping anything for an explanation.
    pub(crate) fn hear(
        &mut self,
        family: &Family<E>,
        arrivals: &[Arrival],
        view: &View,
        looks: &Looks,
    ) -> Vec<Transition> {
        let (mut out, mut memories) = (Vec::new(), Memories::new());
        let mut changes =
            Changes { out: &mut out, wanted: Wanted::default(), memories: &mut memories, after_beat: false };
        self.listen(family, arrivals, view, looks, &mut changes);
        out
    }

    /// Hears what was processed in the stretches of `view`, and looks as `looks` says.
    pub(crate) fn listen(
        &mut self,
        family: &Family<E>,
        arrivals: &[Arrival],
        view: &View,
        looks: &Looks,
        out: &mut Changes<'_, E>,
    ) {
        let mut rest = arrivals;
        for segment in &view.segments {
            self.begin(family, segment, view, looks, out);
            let here = rest.partition_point(|arrival| arrival.at.as_nanos() < segment.to);
            let (heard, later) = rest.split_at(here);
            rest = later;
            if looks.is_continuous() {
                self.hear_continuously(family, heard, segment, out);
            } else {
                self.hear_between_looks(family, heard, segment, looks, out);
            }
        }
    }

    /// What happens when the observer runs again, before it processes a message.
    fn begin(&mut self, family: &Family<E>, segment: &Segment, view: &View, looks: &Looks, out: &mut Changes<'_, E>) {
        let since = match segment.begins {
            Begins::Continues => return,
            Begins::Starts { .. } if !view.memory_kept => {
                *self = Self::new(family);
                return;
            }
            Begins::Starts { since } | Begins::Wakes { since } => since,
        };
        out.memories.fresh = false;
        let previous = looks.before_stall(since);
        let Some(now) = looks.next(segment.from, segment).filter(|&now| now == segment.from) else { return };
        if family.pause_limit.is_some_and(|limit| now - previous > limit) {
            self.estimator.looked_after(LocalTime::from_nanos(previous), LocalTime::from_nanos(now));
            self.next = self.deadline(family, self.suspecting);
        }
        if view.timers_first && matches!(segment.begins, Begins::Wakes { .. }) {
            self.judge(family, now, out);
            self.looked_until = now + 1;
        }
    }

    fn hear_continuously(
        &mut self,
        family: &Family<E>,
        heard: &[Arrival],
        segment: &Segment,
        out: &mut Changes<'_, E>,
    ) {
        let woken = if segment.begins == Begins::Continues { None } else { Some(segment.from) };
        let mut index = 0;
        while index < heard.len() {
            let (quiet, settled) = self.hear_trusting(family, &heard[index..]);
            index += quiet;
            if settled {
                let Some(arrival) = heard.get(index) else { break };
                let at = arrival.at.as_nanos();
                if self.next < at && woken != Some(at) {
                    self.expire(family, at, segment.from, out);
                }
                self.beat(arrival);
                index += 1;
            }
            out.memories.fresh = false;
            let at = heard[index - 1].at;
            // Beats of one instant are heard before anybody looks.
            if heard.get(index).is_none_or(|next| next.at != at) {
                out.after_beat = true;
                self.judge(family, at.as_nanos(), out);
                out.after_beat = false;
            }
        }
        if self.next < segment.to {
            self.expire(family, segment.to, segment.from, out);
        }
    }

    fn hear_between_looks(
        &mut self,
        family: &Family<E>,
        heard: &[Arrival],
        segment: &Segment,
        looks: &Looks,
        out: &mut Changes<'_, E>,
    ) {
        for arrival in heard {
            let at = arrival.at.as_nanos();
            self.look_until(family, at, segment, looks, out);
            out.memories.fresh = false;
            self.beat(arrival);
            self.unseen = true;
        }
        self.look_until(family, segment.to, segment, looks, out);
    }

    #[inline]
    fn beat(&mut self, arrival: &Arrival) {
        let beat = Beat {
            incarnation: arrival.incarnation,
            seq: arrival.seq,
            sent: RemoteTime::from_nanos(arrival.sent.as_nanos()),
        };
        self.estimator.heartbeat(LocalTime::from_nanos(arrival.at.as_nanos()), &beat);
    }

    /// Makes the looks before `limit`.
    fn look_until(
        &mut self,
        family: &Family<E>,
        limit: u64,
        segment: &Segment,
        looks: &Looks,
        out: &mut Changes<'_, E>,
    ) {
        let mut from = self.looked_until.max(segment.from);
        self.looked_until = limit.max(self.looked_until);
        let told_of_each = family.pause_limit.is_some();
        loop {
            // A look that finds nothing new and no deadline passed changes nothing: skip to the first that matters.
            let matters = if self.unseen || told_of_each { from } else { from.max(self.next) };
            if matters >= limit {
                return;
            }
            let Some(look) = looks.next(matters, segment).filter(|&look| look < limit) else { return };
            if told_of_each {
                self.tell_gap(family, look, segment, looks, out);
            }
            self.unseen = false;
            self.judge(family, look, out);
            from = look + 1;
        }
    }

    /// Tells the estimator how long nobody looked, where that is longer than it wants to know.
    fn tell_gap(&mut self, family: &Family<E>, look: u64, segment: &Segment, looks: &Looks, out: &mut Changes<'_, E>) {
        let Some(limit) = family.pause_limit else { return };
        if look == segment.from {
            return;
        }
        let previous = match segment.begins {
            Begins::Continues => looks.before_stall(look),
            Begins::Wakes { .. } | Begins::Starts { .. } => looks.before_stall(look).max(segment.from),
        };
        if look - previous > limit {
            self.estimator.looked_after(LocalTime::from_nanos(previous), LocalTime::from_nanos(look));
            out.memories.fresh = false;
        }
    }

    /// Acts on the deadlines before `limit`, none earlier than `floor`, at which the observer began to run.
    fn expire(&mut self, family: &Family<E>, limit: u64, floor: u64, out: &mut Changes<'_, E>) {
        while self.known && self.next < limit {
            let at = self.next.max(floor);
            if self.condemned(family, at, out) {
                self.suspect(family, at, out);
            }
        }
    }

    /// Hears beats for as long as every setting trusts, which is almost always. Returns how many were heard, and whether
    /// verdicts are settled: if not, the last beat moved a deadline to where somebody must look.
    #[inline]
    fn hear_trusting(&mut self, family: &Family<E>, heard: &[Arrival]) -> (usize, bool) {
        if !self.known || self.suspecting > 0 {
            return (0, true);
        }
        let mut next = self.next;
        for (index, arrival) in heard.iter().enumerate() {
            let at = arrival.at.as_nanos();
            if next < at {
                self.next = next;
                return (index, true);
            }
            self.beat(arrival);
            next = self.deadline(family, 0);
            if next <= at {
                return (index + 1, false);
            }
        }
        self.next = next;
        (heard.len(), true)
    }

    /// Brings every setting's verdict up to date at `now`.
    fn judge(&mut self, family: &Family<E>, now: u64, out: &mut Changes<'_, E>) {
        if !self.known {
            self.form_opinion(family, now, out);
            return;
        }
        while self.suspecting > 0 {
            let deadline = self.deadline(family, self.suspecting - 1);
            if deadline <= now {
                break;
            }
            self.suspecting -= 1;
            self.emit(family, self.suspecting, now, Verdict::Trust, false, deadline, out);
        }
        self.next = self.deadline(family, self.suspecting);
        while self.next <= now {
            if self.condemned(family, now, out) {
                self.suspect(family, now, out);
            }
        }
    }

    /// The first opinion of every setting, once the estimator has one.
    fn form_opinion(&mut self, family: &Family<E>, now: u64, out: &mut Changes<'_, E>) {
        let Some(&(_, first)) = family.settings.first() else { return };
        if self.estimator.suspect_at(first).is_none() {
            return;
        }
        self.known = true;
        self.next = self.deadline(family, 0);
        while self.next <= now {
            if self.condemned(family, now, out) {
                self.emit(family, self.suspecting, now, Verdict::Suspect, true, self.next, out);
                self.suspecting += 1;
                self.next = self.deadline(family, self.suspecting);
            }
        }
        for index in self.suspecting..family.settings.len() {
            let deadline = self.deadline(family, index);
            self.emit(family, index, now, Verdict::Trust, true, deadline, out);
        }
    }

    /// Looks at the first setting that does not suspect and whose deadline has passed; false where that changed its mind.
    fn condemned(&mut self, family: &Family<E>, now: u64, out: &mut Changes<'_, E>) -> bool {
        self.remember(family, now, out);
        if E::SHARED {
            return true;
        }
        self.estimator.condemn(LocalTime::from_nanos(now));
        let deadline = self.deadline(family, self.suspecting);
        let holds = deadline <= now;
        if !holds {
            self.next = deadline;
        }
        holds
    }

    /// Keeps what the family knows as the first setting that does not suspect is about to.
    fn remember(&self, family: &Family<E>, now: u64, out: &mut Changes<'_, E>) {
        let (setting, _) = family.settings[self.suspecting];
        if !out.after_beat && out.wanted.explained.get(setting as usize) == Some(&true) {
            out.memories.keep(setting, SimTime::from_nanos(now), self);
        }
    }

    fn suspect(&mut self, family: &Family<E>, at: u64, out: &mut Changes<'_, E>) {
        self.emit(family, self.suspecting, at, Verdict::Suspect, false, self.next, out);
        self.suspecting += 1;
        self.next = self.deadline(family, self.suspecting);
    }

    /// The deadline of the setting at `index`; none is never.
    #[inline]
    fn deadline(&self, family: &Family<E>, index: usize) -> u64 {
        let setting = family.settings.get(index);
        setting.and_then(|&(_, setting)| self.estimator.suspect_at(setting)).map_or(u64::MAX, LocalTime::as_nanos)
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one transition")]
    fn emit(
        &self,
        family: &Family<E>,
        index: usize,
        at: u64,
        verdict: Verdict,
        first: bool,
        deadline: u64,
        out: &mut Changes<'_, E>,
    ) {
        let (number, setting) = family.settings[index];
        let level = if out.wanted.levels { self.estimator.level(setting, LocalTime::from_nanos(at)) } else { f64::NAN };
        let (at, deadline) = (SimTime::from_nanos(at), SimTime::from_nanos(deadline));
        out.out.push(Transition { at, setting: number, verdict, first, deadline, level });
    }
}
