//! Plain text in columns: widths, shortening and line breaks as a terminal shows them.

use unicode_width::UnicodeWidthChar;

/// Columns of a terminal that everything printed fits into.
pub(super) const COLUMNS: usize = 100;

/// Columns that a text takes: the sum over its characters, so that a text may be cut anywhere.
pub(super) fn width(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// The text, cut with an ellipsis where it takes more than `columns`.
pub(super) fn shortened(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for char in text.chars() {
        used += char.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(char);
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

/// Settings (`threshold 8, acceptable-pause 3s`) in so many columns: names are cut before any value is.
pub(super) fn shortened_settings(text: &str, columns: usize) -> String {
    let longest = text.split([',', ' ']).map(width).max().unwrap_or(0);
    let cut = |names: usize| {
        let setting = |setting: &str| match setting.rsplit_once(' ') {
            Some((name, value)) => format!("{} {value}", shortened(name, names)),
            None => setting.to_owned(),
        };
        text.split(", ").map(setting).collect::<Vec<_>>().join(", ")
    };
    let fits = |text: &String| width(text) <= columns;
    (2..=longest).rev().map(cut).find(fits).unwrap_or_else(|| shortened(text, columns))
}

/// The text in lines of at most [`COLUMNS`].
pub(super) fn wrapped(text: &str) -> Vec<String> {
    hanging("", text, 0)
}

/// The text in lines of at most [`COLUMNS`], indented; the indent of the first line holds `head`, which must fit there.
/// Words that are longer than a line are cut into pieces; a no-break space holds words together, and is written as a space.
pub(super) fn hanging(head: &str, text: &str, indent: usize) -> Vec<String> {
    let room = COLUMNS - indent;
    let mut lines: Vec<String> = Vec::new();
    let breaks = |char: char| char.is_whitespace() && char != '\u{a0}';
    for word in text.split(breaks).filter(|word| !word.is_empty()).flat_map(|word| pieces(word, room)) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(&word) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    let head = |index| if index == 0 { head } else { "" };
    let indented = |(index, line): (usize, String)| {
        let gap = " ".repeat(indent.saturating_sub(width(head(index))));
        format!("{}{gap}{}", head(index), line.replace('\u{a0}', " "))
    };
    lines.into_iter().enumerate().map(indented).collect()
}

/// A word in pieces of at most `room` columns.
fn pieces(word: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for char in word.chars() {
        let wide = char.width().unwrap_or(0);
        if used + wide > room {
            pieces.push(String::new());
            used = 0;
        }
        used += wide;
        if let Some(piece) = pieces.last_mut() {
            piece.push(char);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn long_text_is_cut_at_a_column() {
        assert_eq!(shortened_settings("acceptable-pause 3s", 15), "acceptable-… 3s");
        assert_eq!(shortened_settings("threshold 8, acceptable-pause 3s", 24), "thresho… 8, accepta… 3s");
        assert_eq!(shortened_settings("after 3s", 4), "aft…");
        assert_eq!(shortened("heartbeat", 9), "heartbeat");
        assert_eq!(shortened("heartbeats", 9), "heartbea…");
        assert_eq!(width(&shortened("心跳心跳心跳", 6)), 5);
    }

    #[test]
    fn the_head_stands_in_the_indent() {
        let lines = hanging("pass", &"word ".repeat(30), 14);
        assert_eq!(lines[0].find("word"), Some(14));
        assert!(lines[0].starts_with("pass "));
        assert_eq!(lines[1].find("word"), Some(14));
    }

    proptest! {
        #[test]
        fn lines_are_never_too_long(text in "\\PC{0,400}", indent in 0usize..20) {
            for line in hanging("", &text, indent) {
                prop_assert!(width(&line) <= COLUMNS);
            }
        }

        #[test]
        fn no_word_is_lost(text in "[a-z ]{0,400}") {
            let joined = hanging("", &text, 2).join(" ");
            prop_assert_eq!(
                joined.split_whitespace().collect::<String>(),
                text.split_whitespace().collect::<String>()
            );
        }
    }
}
