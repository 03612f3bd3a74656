//! The rules themselves: each drives detectors through a script and says what it saw where the rule does not hold.

use super::script::{Arrival, START, hostile, regular, rough, rough_restart};
use super::{Profile, Restart, Rule};
use crate::detector::{Monitor, Verdict, verdict};
use crate::units::{LocalTime, Span};

/// What a rule needs: detectors on demand, and what is expected of them.
pub(super) struct Bench<'a, F> {
    pub(super) factory: &'a F,
    pub(super) interval: Span,
    pub(super) profile: &'a Profile,
}

/// The answer of a rule: what was seen where it does not hold.
pub(super) type Holds = Result<(), String>;

/// Every rule with the function that tries it.
pub(super) fn all<M: Monitor, F: Fn() -> M>() -> [(Rule, fn(&Bench<'_, F>) -> Holds); 14] {
    [
        (Rule::SurvivesAnything, survives_anything),
        (Rule::Repeatable, repeatable),
        (Rule::SilentBeforeFirst, silent_before_first),
        (Rule::OpinionStays, opinion_stays),
        (Rule::LookAgreesWithDeadline, look_agrees_with_deadline),
        (Rule::LookingIsFree, looking_is_free),
        (Rule::SilenceEndsInSuspicion, silence_ends_in_suspicion),
        (Rule::RegularBeatsKeepTrust, regular_beats_keep_trust),
        (Rule::LevelRisesInSilence, level_rises_in_silence),
        (Rule::LevelAgreesWithDeadline, level_agrees_with_deadline),
        (Rule::FreeOfOrigin, free_of_origin),
        (Rule::OnlyNewerCounts, only_newer_counts),
        (Rule::OldLivesCountForNothing, old_lives_count_for_nothing),
        (Rule::Restarts, restarts),
    ]
}

impl<M: Monitor, F: Fn() -> M> Bench<'_, F> {
    fn fresh(&self) -> M {
        (self.factory)()
    }

    fn rough(&self) -> Vec<Arrival> {
        rough(START, self.interval, 0, 400)
    }

    /// Some way into an interval.
    fn part(&self, share: u64) -> Span {
        Span::from_nanos(self.interval.as_nanos() / 8 * share)
    }

    /// Deadlines after each arrival, of a detector that hears nothing else and is looked at where the profile asks for it.
    fn deadlines(&self, arrivals: &[Arrival]) -> Vec<Option<LocalTime>> {
        let mut detector = self.fresh();
        arrivals.iter().map(|arrival| hear(&mut detector, arrival)).collect()
    }
}

/// Hears one heartbeat; the deadline afterwards.
fn hear(detector: &mut impl Monitor, arrival: &Arrival) -> Option<LocalTime> {
    detector.heartbeat(arrival.now, &arrival.beat);
    detector.suspect_at()
}

/// One line of a transcript: deadline, verdict and level at a look.
fn look(detector: &mut impl Monitor, now: LocalTime) -> (Option<LocalTime>, Verdict, u64) {
    let level = detector.level(now).to_bits();
    let seen = detector.check(now);
    (detector.suspect_at(), seen, level)
}

/// All answers of a detector over `arrivals`, looked at after each and twice before the next.
fn transcript(detector: &mut impl Monitor, arrivals: &[Arrival]) -> Vec<(Option<LocalTime>, Verdict, u64)> {
    let mut lines = Vec::new();
    for (number, arrival) in arrivals.iter().enumerate() {
        hear(detector, arrival);
        let until = arrivals.get(number + 1).map_or(arrival.now, |next| next.now);
        let middle = arrival.now + Span::from_nanos(until.since(arrival.now).as_nanos() / 2);
        lines.extend([arrival.now, middle, until].map(|now| look(detector, now)));
    }
    lines
}

/// Fails with the first place where two lists differ.
fn same<T: PartialEq + std::fmt::Debug>(found: &[T], expected: &[T], what: &str) -> Holds {
    match found.iter().zip(expected).position(|(found, expected)| found != expected) {
        Some(place) => Err(format!("{what}: {:?} instead of {:?} at step {place}", found[place], expected[place])),
        None if found.len() != expected.len() => Err(format!("{what}: {} steps, not {}", found.len(), expected.len())),
        None => Ok(()),
    }
}

fn survives_anything<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    for script in [hostile(bench.interval), bench.rough(), rough_restart(START, bench.interval)] {
        let mut detector = bench.fresh();
        let mut previous = LocalTime::ZERO;
        for arrival in &script {
            if detector.pause_limit().is_some_and(|limit| arrival.now.since(previous) > limit) {
                detector.looked_after(previous, arrival.now);
            }
            previous = arrival.now;
            detector.heartbeat(arrival.now, &arrival.beat);
            for now in [LocalTime::ZERO, arrival.now, LocalTime::MAX] {
                if detector.level(now).is_nan() {
                    return Err(format!("the level at {now:?} is not a number after {arrival:?}"));
                }
            }
            detector.check(arrival.now);
        }
        detector.looked_after(previous, LocalTime::MAX);
        detector.check(LocalTime::MAX);
    }
    Ok(())
}

fn repeatable<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    let script = rough_restart(START, bench.interval);
    let [one, other] = [(); 2].map(|()| transcript(&mut bench.fresh(), &script));
    same(&other, &one, "a second run")
}

fn silent_before_first<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    let mut detector = bench.fresh();
    for now in [LocalTime::ZERO, START, LocalTime::MAX] {
        let (deadline, seen, _) = look(&mut detector, now);
        if bench.profile.silent_before_first && (deadline.is_some() || seen != Verdict::Unknown) {
            return Err(format!("{seen:?} with deadline {deadline:?} before the first heartbeat"));
        }
    }
    Ok(())
}

fn opinion_stays<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    let script = bench.rough();
    let silent = transcript(&mut bench.fresh(), &script).iter().position(|(deadline, ..)| deadline.is_none());
    silent.map_or(Ok(()), |step| Err(format!("no deadline at step {step}")))
}

fn look_agrees_with_deadline<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    let mut detector = bench.fresh();
    let script = bench.rough();
    for pair in script.windows(2) {
        let due = hear(&mut detector, &pair[0]);
        // Just before, at and just after the deadline, where these come before the next heartbeat.
        let around = due.map_or([START; 3], |at| [at - Span::from_nanos(1), at, at + Span::from_nanos(1)]);
        let mut times = [pair[0].now, around[0], around[1], around[2], pair[1].now];
        times.sort_unstable();
        for now in times.into_iter().filter(|now| (pair[0].now..=pair[1].now).contains(now)) {
            let expected = verdict(detector.suspect_at(), now);
            let (deadline, seen, _) = look(&mut detector, now);
            if seen != expected || verdict(deadline, now) != seen {
                return Err(format!("{seen:?} at {now:?}, but the deadlines say {expected:?}, then {deadline:?}"));
            }
        }
    }
    Ok(())
}

fn looking_is_free<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    if !bench.profile.looking_is_free {
        return Ok(());
    }
    let script = rough_restart(START, bench.interval);
    let mut looked_at = bench.fresh();
    let looked: Vec<_> = script
        .iter()
        .map(|arrival| {
            look(&mut looked_at, arrival.now);
            hear(&mut looked_at, arrival)
        })
        .collect();
    same(&looked, &bench.deadlines(&script), "deadlines when looked at")
}

fn silence_ends_in_suspicion<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    let script = bench.rough();
    for heard in [1, 2, 3, 50, script.len()] {
        let mut detector = bench.fresh();
        let deadline = script[..heard].iter().fold(None, |_, arrival| hear(&mut detector, arrival));
        let end = script[heard - 1].now + bench.interval.times(1_000_000);
        let seen = detector.check(end);
        if seen != Verdict::Suspect {
            return Err(format!("{seen:?} a million intervals after the last of {heard}, deadline {deadline:?}"));
        }
    }
    Ok(())
}

fn regular_beats_keep_trust<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    let mut detector = bench.fresh();
    let earning = if bench.profile.one_heartbeat_is_enough { 0 } else { 1 };
    for seq in 0..2200 {
        let arrival = regular(START, bench.interval, 0, seq);
        hear(&mut detector, &arrival);
        let last = regular(START, bench.interval, 0, seq + 1).now - Span::from_nanos(1);
        for now in [arrival.now, last] {
            let seen = detector.check(now);
            if seen != Verdict::Trust && seq >= earning {
                return Err(format!("{seen:?} at {now:?} after {} regular heartbeats", seq + 1));
            }
        }
    }
    Ok(())
}

fn level_rises_in_silence<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    let mut detector = bench.fresh();
    for arrival in &bench.rough() {
        hear(&mut detector, arrival);
        let times = [0, 1, 4, 7, 8, 12, 20, 40, 160, 8000].map(|share| arrival.now + bench.part(share));
        let levels = times.map(|now| detector.level(now));
        if !levels.is_sorted() {
            return Err(format!("levels {levels:?} in the silence after {:?}", arrival.now));
        }
    }
    Ok(())
}

fn level_agrees_with_deadline<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    let Some(limit) = bench.profile.level_limit else { return Ok(()) };
    // What the closed form of a deadline and that of a level may differ by.
    let tolerance = limit.abs() * 1e-6;
    let mut detector = bench.fresh();
    for arrival in &bench.rough() {
        let Some(due) = hear(&mut detector, arrival).filter(|due| *due < LocalTime::MAX) else { continue };
        let (before, after) = (detector.level(due - Span::from_nanos(1)), detector.level(due));
        let trusted_until = due > arrival.now;
        if after < limit - tolerance || (trusted_until && before > limit + tolerance) {
            return Err(format!("levels {before} and {after} about the deadline {due:?}, for a limit of {limit}"));
        }
    }
    Ok(())
}

fn free_of_origin<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    let script = rough_restart(START, bench.interval);
    let ahead = Span::from_nanos(bench.profile.clock_step.as_nanos().max(1)).times(86_400_007);
    let moved: Vec<_> = script.iter().map(|arrival| arrival.shifted(ahead)).collect();
    let expected: Vec<_> = transcript(&mut bench.fresh(), &script)
        .into_iter()
        .map(|(deadline, seen, level)| (deadline.map(|at| at + ahead), seen, level))
        .collect();
    same(&transcript(&mut bench.fresh(), &moved), &expected, "with a clock that is ahead")
}

fn only_newer_counts<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    if !bench.profile.only_newer_counts {
        return Ok(());
    }
    unmoved(bench, &bench.rough(), |arrival, newest| arrival.beat.order() <= newest.beat.order())
}

fn old_lives_count_for_nothing<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    let script = rough_restart(START, bench.interval);
    unmoved(bench, &script, |arrival, newest| arrival.beat.incarnation < newest.beat.incarnation)
}

/// The deadlines after all other arrivals are the same whether those that are `idle` beside the newest so far come or not.
fn unmoved<M: Monitor, F: Fn() -> M>(
    bench: &Bench<'_, F>,
    script: &[Arrival],
    idle: impl Fn(&Arrival, &Arrival) -> bool,
) -> Holds {
    let mut newest: Option<Arrival> = None;
    let mut moves = Vec::new();
    for arrival in script {
        moves.push(newest.is_none_or(|newest| !idle(arrival, &newest)));
        if newest.is_none_or(|newest| arrival.beat.order() > newest.beat.order()) {
            newest = Some(*arrival);
        }
    }
    let counting: Vec<_> =
        script.iter().zip(&moves).filter_map(|(arrival, &moves)| moves.then_some(*arrival)).collect();
    let mut counted = bench.deadlines(&counting).into_iter();
    let mut expected = Vec::new();
    for &moves in &moves {
        expected.push(if moves { counted.next().flatten() } else { expected.last().copied().flatten() });
    }
    same(&bench.deadlines(script), &expected, "deadlines with heartbeats that do not count")
}

fn restarts<M: Monitor, F: Fn() -> M>(bench: &Bench<'_, F>) -> Holds {
    const HEARD: u64 = 30;
    // Back before anybody missed it, after a while, and long after.
    for absent in [1, 3, 12, 100_000] {
        let first: Vec<_> = (0..HEARD).map(|seq| regular(START, bench.interval, 0, seq)).collect();
        let back = START + bench.interval.times(HEARD - 1 + absent);
        let mut detector = bench.fresh();
        first.iter().for_each(|arrival| detector.heartbeat(arrival.now, &arrival.beat));
        let suspected = verdict(detector.suspect_at(), back) == Verdict::Suspect;
        let afresh = match bench.profile.restart {
            Restart::Afresh => true,
            Restart::Kept => false,
            Restart::AfreshIfSuspected => suspected,
        };
        let second: Vec<_> = (0..HEARD).map(|seq| regular(back, bench.interval, 1, seq)).collect();
        let found: Vec<_> = second.iter().map(|arrival| hear(&mut detector, arrival)).collect();
        let expected = if afresh {
            bench.deadlines(&second)
        } else {
            let one_life = second.iter().zip(HEARD..).map(|(arrival, seq)| {
                let mut beat = arrival.beat;
                (beat.incarnation, beat.seq) = (0, seq);
                Arrival { beat, ..*arrival }
            });
            bench.deadlines(&first.iter().copied().chain(one_life).collect::<Vec<_>>()).split_off(first.len())
        };
        same(&found, &expected, &format!("deadlines after an absence of {absent} intervals"))?;
    }
    Ok(())
}
