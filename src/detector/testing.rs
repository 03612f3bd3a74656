//! What the unit tests of the detectors share: short names, random arrivals, and the laws that every estimator obeys.

use super::{Beat, Estimator};
use crate::units::{LocalTime, RemoteTime};
use proptest::prelude::*;

/// The instant `nanos` after the clock's origin.
pub(super) const fn at(nanos: u64) -> LocalTime {
    LocalTime::from_nanos(nanos)
}

/// A heartbeat whose stamp nobody reads.
pub(super) const fn beat(incarnation: u32, seq: u64) -> Beat {
    Beat { incarnation, seq, sent: RemoteTime::ZERO }
}

/// One second, in nanoseconds.
pub(super) const SECOND: u64 = 1_000_000_000;

/// A heartbeat and when it was processed.
pub(super) type Arrival = (LocalTime, Beat);

/// Heartbeats of a one-second schedule, with losses, overtaking, repeats and restarts, as they are processed.
pub(super) fn arrivals() -> impl Strategy<Value = Vec<Arrival>> {
    // (what happens: restart at 0, lost below 10; delay)
    let step = (0..100_u32, prop_oneof![0..SECOND / 4, 0..4 * SECOND]);
    (prop::collection::vec(step, 1..120), 0..1_u64 << 40).prop_map(|(steps, origin)| {
        let (mut incarnation, mut seq, mut heard) = (0, 0, Vec::new());
        for (slot, (event, delay)) in (0_u64..).zip(steps) {
            let sent = origin + slot * SECOND;
            if event == 0 {
                (incarnation, seq) = (incarnation + 1, 0);
            }
            let beat = Beat { incarnation, seq, sent: RemoteTime::from_nanos(sent) };
            if event >= 10 {
                heard.push((at(sent + delay), beat));
            }
            if event >= 95 {
                heard.push((at(sent + 2 * delay), beat));
            }
            seq += 1;
        }
        heard.sort_by_key(|&(now, beat)| (now, beat.order()));
        heard
    })
}

/// Feeds all arrivals, and gives what `look` sees after each.
pub(super) fn feed<E: Estimator, T>(mut estimator: E, heard: &[Arrival], mut look: impl FnMut(&E) -> T) -> Vec<T> {
    heard
        .iter()
        .map(|(now, beat)| {
            estimator.heartbeat(*now, beat);
            look(&estimator)
        })
        .collect()
}

/// A larger setting is never an earlier deadline; nothing is decided before the first heartbeat, and always after it.
pub(super) fn assert_later_with_setting<E: Estimator>(estimator: &E, heard: &[Arrival], ascending: &[E::Setting]) {
    assert!(ascending.is_sorted(), "{ascending:?}");
    assert!(ascending.iter().all(|&setting| estimator.suspect_at(setting).is_none()));
    feed(estimator.clone(), heard, |state| {
        let deadlines: Vec<_> = ascending.iter().map(|&setting| state.suspect_at(setting)).collect();
        assert!(deadlines.iter().all(Option::is_some) && deadlines.is_sorted(), "{deadlines:?}");
    });
}

/// Moving all clocks by `nanos` moves every deadline by exactly that.
pub(super) fn assert_moves_with_origin<E: Estimator>(
    estimator: &E,
    heard: &[Arrival],
    setting: E::Setting,
    nanos: u64,
) {
    let moved: Vec<_> = heard
        .iter()
        .map(|&(now, beat)| {
            let sent = RemoteTime::from_nanos(beat.sent.as_nanos() + nanos);
            (at(now.as_nanos() + nanos), Beat { sent, ..beat })
        })
        .collect();
    let here = feed(estimator.clone(), heard, |state| state.suspect_at(setting).map(|at| at.as_nanos() + nanos));
    let there = feed(estimator.clone(), &moved, |state| state.suspect_at(setting).map(LocalTime::as_nanos));
    assert_eq!(here, there);
}

/// A restart forgets: after it, the estimator decides as one that heard only the new incarnation.
pub(super) fn assert_restarts_afresh<E: Estimator>(estimator: &E, heard: &[Arrival], setting: E::Setting) {
    let Some(last) = heard.iter().map(|(_, beat)| beat.incarnation).max() else { return };
    let alone: Vec<_> = heard.iter().copied().filter(|(_, beat)| beat.incarnation == last).collect();
    let after = feed(estimator.clone(), &alone, |state| state.suspect_at(setting));
    let all = feed(estimator.clone(), heard, |state| state.suspect_at(setting));
    assert_eq!(all.last(), after.last());
}

/// A heartbeat that is not news changes nothing.
pub(super) fn assert_ignores_repeats<E: Estimator>(estimator: &E, heard: &[Arrival], setting: E::Setting) {
    let mut estimator = estimator.clone();
    for (now, beat) in heard {
        estimator.heartbeat(*now, beat);
        let decided = estimator.suspect_at(setting);
        estimator.heartbeat(*now, beat);
        assert_eq!(estimator.suspect_at(setting), decided);
    }
}

/// The laws that every estimator of this folder obeys, as one property.
macro_rules! obeys_the_laws {
    ($estimator:expr, $ascending:expr) => {
        proptest::proptest! {
            #[test]
            fn obeys_the_laws_of_an_estimator(
                heard in $crate::detector::testing::arrivals(),
                shift in 0..1_u64 << 60,
            ) {
                use $crate::detector::testing as laws;
                let (estimator, ascending) = ($estimator, $ascending);
                let setting = ascending[0];
                laws::assert_later_with_setting(&estimator, &heard, &ascending);
                laws::assert_moves_with_origin(&estimator, &heard, setting, shift);
                laws::assert_restarts_afresh(&estimator, &heard, setting);
                laws::assert_ignores_repeats(&estimator, &heard, setting);
            }
        }
    };
}
pub(super) use obeys_the_laws;
