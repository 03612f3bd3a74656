//! Faults of a scenario as a terminal shows them: file, line, column, the text underlined, and the remedy.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::scenario::{Diagnostic, Source};

/// Columns of the longest line.
const WIDTH: usize = 100;

/// Faults that are shown at the most: whoever has more mends these first.
const MOST: usize = 100;

/// Renders faults one below the other, with an empty line between two; the first hundred, and how many more there are.
///
/// `sources` are the texts that the faults are about; `colour` adds ANSI escape codes.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &[Source], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(WIDTH).decor_style(DecorStyle::Ascii);
    let one = |diagnostic: &Diagnostic| renderer.render(&[group(diagnostic, sources)]);
    let mut parts: Vec<String> = diagnostics.iter().take(MOST).map(one).collect();
    match diagnostics.len().saturating_sub(MOST) {
        0 => {}
        more => parts.push(format!("and {more} more faults, which are shown once these are mended")),
    }
    parts.join("\n\n") + "\n"
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a [Source]) -> Group<'a> {
    let title = Level::ERROR.primary_title(diagnostic.message.as_str());
    let source = sources.iter().find(|source| source.name == diagnostic.file);
    let mut group = title.elements(source.map(|source| snippet(diagnostic, source)));
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

fn snippet<'a>(diagnostic: &'a Diagnostic, source: &'a Source) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let annotation = AnnotationKind::Primary.span(within(&diagnostic.span, &source.text));
    let label = Some(diagnostic.label.as_str()).filter(|label| !label.is_empty());
    Snippet::source(source.text.as_str()).path(source.name.as_str()).annotation(annotation.label(label))
}

/// A span that lies in the text and between its characters, whatever it was.
fn within(span: &std::ops::Range<usize>, text: &str) -> std::ops::Range<usize> {
    let at_character = |mut index: usize| {
        while !text.is_char_boundary(index) {
            index -= 1;
        }
        index
    };
    let start = at_character(span.start.min(text.len()));
    start..at_character(span.end.min(text.len())).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(span: std::ops::Range<usize>) -> Diagnostic {
        let text = |text: &str| text.to_owned();
        Diagnostic {
            file: text("a.toml"),
            span,
            message: text("run.seed is -1"),
            label: text("a whole number"),
            help: Some(text("write 1")),
        }
    }

    fn sources(text: &str) -> Vec<Source> {
        vec![Source { name: "a.toml".to_owned(), text: text.to_owned() }]
    }

    #[test]
    fn the_place_is_named_and_underlined() {
        let text = render(&[fault(13..15)], &sources("[run]\nseed = -1\n"), false);
        assert!(text.contains("a.toml:2:8") && text.contains("^^ a whole number"), "{text}");
        assert!(text.contains("help: write 1"), "{text}");
        assert!(!text.contains('\u{1b}'), "no colour was asked for");
        assert!(render(&[fault(13..15)], &sources("[run]\nseed = -1\n"), true).contains('\u{1b}'));
    }

    #[test]
    fn a_flood_of_faults_is_cut_and_counted() {
        let text = render(&vec![fault(0..1); 250], &sources("[run]\n"), false);
        assert_eq!(text.matches("error: ").count(), 100);
        assert!(text.ends_with("\nand 150 more faults, which are shown once these are mended\n"), "{text}");
    }

    #[test]
    fn places_outside_of_the_text_do_no_harm() {
        for span in [0..0, 9..40, 40..50, 1..2] {
            assert!(render(&[fault(span)], &sources("\u{e9}\u{e9}"), false).contains("run.seed"));
        }
        assert!(render(&[fault(0..1)], &[], false).contains("run.seed"));
    }
}
