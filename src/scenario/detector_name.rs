//! Whether a detector's kind and keys are known, for detectors that no file writes.

use super::keys::{DETECTOR_KINDS, Key, Kind};
use super::names::did_you_mean;

/// What is wrong with a kind of detector, or with the names of its keys, and what helps; `None` where all are known.
///
/// Values are not looked at: they are the scenario's to read.
#[must_use]
pub fn fault_of_detector(kind: &str, keys: &[&str]) -> Option<(String, String)> {
    let ready = || DETECTOR_KINDS.iter().filter(|key| key.kind.keys().is_some()).map(|key| key.name);
    let all = || format!("the kinds are {}", ready().collect::<Vec<_>>().join(", "));
    // The keys of a watch stand beside the kinds.
    let is_kind = |key: &&Key| matches!(key.kind, Kind::Later(_)) || key.kind.keys().is_some();
    let Some(known) = DETECTOR_KINDS.iter().filter(is_kind).find(|key| key.name == kind) else {
        let guess = did_you_mean(kind, ready().collect::<Vec<_>>()).filter(|help| help.starts_with("did you mean"));
        let help = guess.map_or_else(all, |guess| format!("{guess} {}", all()));
        return Some((format!("there is no detector kind {kind:?}"), help));
    };
    let Some(own) = known.kind.keys() else {
        return Some((format!("the detector kind {kind:?} is not in this version yet"), all()));
    };
    let names = || own.iter().map(|key: &Key| key.name).collect::<Vec<_>>();
    let unknown = keys.iter().find(|key| !names().contains(key))?;
    Some((format!("{kind} has no key {unknown:?}"), did_you_mean(unknown, names()).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_keys_are_guessed_or_listed() {
        assert_eq!(fault_of_detector("timeout", &["after", "check-every"]), None);
        let fault = |kind, keys: &[&str]| fault_of_detector(kind, keys).expect("unknown");
        let (message, help) = fault("timeot", &[]);
        assert_eq!(message, "there is no detector kind \"timeot\"");
        assert!(help.starts_with("did you mean `timeout`? the kinds are timeout, misses, nfd-s,"), "{help}");
        assert!(
            fault("foo", &[]).1.starts_with("the kinds are timeout,") && fault("foo", &[]).1.ends_with("self-tuning")
        );
        assert_eq!(fault("check-every", &[]).0, "there is no detector kind \"check-every\"");
        assert!(fault("swim", &[]).0.ends_with("is not in this version yet"));
        let expected = ("timeout has no key \"aftr\"".to_owned(), "did you mean `after`?".to_owned());
        assert_eq!(fault("timeout", &["rearm", "aftr"]), expected);
    }
}
