//! Plain text in columns: widths, shortening and line breaks as a terminal shows them.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a terminal that everything printed fits into.
pub(super) const COLUMNS: usize = 100;

/// Columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
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

/// The text in lines of at most [`COLUMNS`], all but the first indented. Words that are longer are cut into pieces.
pub(super) fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let room = COLUMNS - indent;
    let mut lines: Vec<String> = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace().flat_map(|word| pieces(word, room)) {
        let gap = usize::from(used > 0);
        // The first line is not indented, but ends where the others do.
        if used + gap + width(&word) > room && used > 0 {
            lines.push(format!("{}{word}", " ".repeat(indent)));
            used = width(&word);
        } else if let Some(line) = lines.last_mut() {
            line.push_str(if gap == 1 { " " } else { "" });
            line.push_str(&word);
            used += gap + width(&word);
        }
    }
    lines
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
        assert_eq!(shortened("heartbeat", 9), "heartbeat");
        assert_eq!(shortened("heartbeats", 9), "heartbea…");
        assert_eq!(width(&shortened("心跳心跳心跳", 6)), 5);
    }

    proptest! {
        #[test]
        fn lines_are_never_too_long(text in "\\PC{0,400}", indent in 0usize..20) {
            for line in wrapped(&text, indent) {
                prop_assert!(width(&line) <= COLUMNS);
            }
        }

        #[test]
        fn no_word_is_lost(text in "[a-z ]{0,400}") {
            let joined = wrapped(&text, 2).join(" ");
            prop_assert_eq!(
                joined.split_whitespace().collect::<String>(),
                text.split_whitespace().collect::<String>()
            );
        }
    }
}
