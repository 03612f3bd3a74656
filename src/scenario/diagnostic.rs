//! Faults of a scenario: where they stand, what is wrong, and what to write instead.
//!
//! Faults are collected, never thrown at the first: a user wants the whole list. How they look on a terminal belongs to
//! the `cli` floor.

use std::ops::Range;

/// One fault of a scenario or of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Name of the text in which it stands: that of a [`Source`].
    pub file: String,
    /// The bytes that it is about.
    pub span: Range<usize>,
    /// What is wrong, in one line.
    pub message: String,
    /// What stands below the underlined text; may be empty.
    pub label: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// A text in which faults may stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is called in messages: the scenario's file name, or "command line".
    pub name: String,
    /// The text. The command line has one argument a line.
    pub text: String,
}

/// Why a scenario cannot be run: every fault, and the texts that they are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The faults, in the order of the text; at least one.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts.
    pub sources: Vec<Source>,
}

/// Which text a place belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Text {
    /// The scenario.
    Scenario,
    /// The arguments.
    CommandLine,
}

/// A stretch of one of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) text: Text,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Place {
    /// The start of the scenario: for what is missing as a whole.
    pub(super) const START: Self = Self { text: Text::Scenario, start: 0, end: 0 };

    /// A stretch of `text`.
    pub(super) const fn new(text: Text, span: &Range<usize>) -> Self {
        Self { text, start: span.start, end: span.end }
    }
}

/// A fault that is being collected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
}

impl Fault {
    /// A fault with a message.
    pub(super) fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into(), label: String::new(), help: None }
    }

    /// Says something below the underlined text.
    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to write instead.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to write instead, where something is known.
    pub(super) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }
}

/// All faults found so far. The same fault is kept once, however many points of a sweep meet it.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    /// Keeps a fault, unless it is there already.
    pub(super) fn add(&mut self, fault: Fault) {
        if !self.0.contains(&fault) {
            self.0.push(fault);
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Forgets those that `unwanted` names.
    pub(super) fn forget(&mut self, unwanted: impl Fn(&Fault) -> bool) {
        self.0.retain(|fault| !unwanted(fault));
    }

    /// The faults for the user, in the order of the texts.
    pub(super) fn into_diagnostics(mut self, name: impl Fn(Text) -> String) -> Vec<Diagnostic> {
        self.0.sort_by_key(|fault| fault.place);
        let diagnostic = |fault: Fault| Diagnostic {
            file: name(fault.place.text),
            span: fault.place.start..fault.place.end,
            message: fault.message,
            label: fault.label,
            help: fault.help,
        };
        self.0.into_iter().map(diagnostic).collect()
    }
}
