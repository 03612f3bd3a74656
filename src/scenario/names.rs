//! Names that users give, and guesses at what they meant to write.

/// Most characters of a name.
const LONGEST: usize = 64;

/// What is wrong with a name of the user's; `None` where it is fine.
pub(super) fn fault_of_name(name: &str) -> Option<String> {
    let start = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if name.is_empty() {
        return Some("a name must not be empty".to_owned());
    }
    if name == "all" {
        return Some("the name \"all\" is reserved".to_owned());
    }
    if name.len() > LONGEST {
        return Some(format!("a name has at most {LONGEST} characters, not {}", name.len()));
    }
    let plain = name.bytes().all(|byte| start(byte) || byte == b'-' || byte == b'_');
    if plain && name.bytes().next().is_some_and(start) {
        return None;
    }
    Some(format!("{name:?} is no name: names are a-z, 0-9, - and _, and start with a letter or a digit"))
}

/// A valid name that is close to an invalid one.
pub(super) fn as_name(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let mapped: String = lower.chars().map(|c| if c == ' ' || c == '.' { '-' } else { c }).collect();
    (mapped != name && fault_of_name(&mapped).is_none()).then_some(mapped)
}

/// The candidate that `word` was probably meant to be.
pub(super) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace(['_', ' '], "-");
    let distance = |candidate: &str| strsim::damerau_levenshtein(&word, &candidate.to_lowercase().replace('_', "-"));
    let (best, edits) = candidates.into_iter().map(|name| (name, distance(name))).min_by_key(|(_, edits)| *edits)?;
    let near = edits <= 1 + best.chars().count() / 5;
    let part = word.len() >= 3 && best.contains(&word);
    (near || part).then_some(best)
}

/// Candidates as help: the probable one, or all of them.
pub(super) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(best) = closest(word, candidates.clone()) {
        return Some(format!("did you mean `{best}`?"));
    }
    let all: Vec<&str> = candidates.into_iter().collect();
    (!all.is_empty()).then(|| format!("known here: {}", all.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rule() {
        for good in ["a", "0", "wan-quickstart", "phi_8", &"x".repeat(64)] {
            assert_eq!(fault_of_name(good), None, "{good}");
        }
        for bad in ["", "all", "-a", "_a", "A", "a b", "a.b", "é", &"x".repeat(65)] {
            assert!(fault_of_name(bad).is_some(), "{bad}");
        }
        assert_eq!(as_name("My Detector").as_deref(), Some("my-detector"));
        assert_eq!(as_name("é"), None);
    }

    #[test]
    fn guesses_are_near_or_not_made() {
        let keys = ["interval", "jitter", "missed-ticks", "on-restart"];
        assert_eq!(closest("intervall", keys), Some("interval"));
        assert_eq!(closest("Interval", keys), Some("interval"));
        assert_eq!(closest("missed_ticks", keys), Some("missed-ticks"));
        assert_eq!(closest("ticks", keys), Some("missed-ticks"));
        assert_eq!(closest("colour", keys), None);
    }
}
