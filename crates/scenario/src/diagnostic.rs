//! What is wrong with a scenario, and where: the list that a person reads.

use std::collections::BinaryHeap;
use std::fmt;

/// One thing that is wrong or doubtful in a scenario. They are ordered as they stand in the text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The line, from 1; 0 if it is not about the text, but about something that is set otherwise
    /// (see [`crate::read_with`]).
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// Whether the scenario can run in spite of it.
    pub severity: Severity,
    /// What is wrong, and of which part.
    pub message: String,
    /// What was expected, or how to mend it.
    pub help: String,
}

/// Whether a scenario can run in spite of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot: nothing of the file is used.
    Error,
    /// It can, but probably does not do what was meant.
    Warning,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        if self.line > 0 {
            write!(f, "{}:{}: ", self.line, self.column)?;
        }
        write!(f, "{severity}: {}; {}", self.message, self.help)
    }
}

/// A position in the text, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub line: u32,
    pub column: u32,
}

impl Place {
    /// Where a text begins.
    pub const START: Place = Place { line: 1, column: 1 };

    /// So many characters further to the right.
    pub fn moved(self, characters: usize) -> Self {
        Place { column: self.column.saturating_add(u32::try_from(characters).unwrap_or(u32::MAX)), ..self }
    }
}

/// A value with the position of the text that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct At<T> {
    pub place: Place,
    pub value: T,
}

/// What is wrong with a piece of text, before anybody knows where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// How many characters into the text.
    pub offset: usize,
    pub message: String,
    pub help: String,
}

impl Wrong {
    /// A problem of the whole text.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Wrong { offset: 0, message: message.into(), help: help.into() }
    }

    /// The same problem of a text that begins so many characters later.
    pub fn moved(self, characters: usize) -> Self {
        Wrong { offset: self.offset + characters, ..self }
    }
}

/// More than this nobody reads; what is left out is counted.
const LISTED_MAX: usize = 200;

/// The problems found so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problems(Vec<Diagnostic>);

impl Problems {
    /// Something that keeps the scenario from running.
    pub fn error(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.add(Severity::Error, place, message.into(), help.into());
    }

    /// Something doubtful.
    pub fn warning(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.add(Severity::Warning, place, message.into(), help.into());
    }

    /// A problem of the part called `path`, whose text begins at `place`.
    pub fn wrong(&mut self, place: Place, path: &dyn fmt::Display, wrong: Wrong) {
        self.error(place.moved(wrong.offset), format!("{path}: {}", wrong.message), wrong.help);
    }

    /// Adds what was found elsewhere.
    pub fn take(&mut self, others: Vec<Diagnostic>) {
        self.0.extend(others);
    }

    /// Forgets the warnings.
    pub fn keep_errors(&mut self) {
        self.0.retain(|diagnostic| diagnostic.severity == Severity::Error);
    }

    /// Whether more than that is not listed, so that it needs no help which takes long to find.
    pub fn is_long(&self) -> bool {
        self.0.len() >= LISTED_MAX
    }

    /// Whether anything keeps the scenario from running.
    pub fn any_error(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Everything in the order of the text, each once; a very long list is cut, with a last line that says so.
    pub fn sorted(self) -> Vec<Diagnostic> {
        let mut list = BinaryHeap::from(self.0).into_sorted_vec();
        let what = |it: &Diagnostic| (it.line, it.column, it.severity);
        list.dedup_by(|next, known| what(next) == what(known) && next.message == known.message);
        if list.len() > LISTED_MAX {
            // Errors must survive the cut, or a wrong file would look right.
            let (errors, warnings) = list.into_iter().partition(|it| it.severity == Severity::Error);
            list = errors;
            list.extend::<Vec<Diagnostic>>(warnings);
            let left_out = list.split_off(LISTED_MAX - 1);
            let message = format!("{} further problems are not listed", left_out.len());
            let (severity, line, column) = (left_out[0].severity, left_out[0].line, left_out[0].column);
            list.push(Diagnostic {
                severity,
                line,
                column,
                message,
                help: "mend the ones above first".into(),
            });
        }
        list
    }

    fn add(&mut self, severity: Severity, place: Place, message: String, help: String) {
        self.0.push(Diagnostic { severity, line: place.line, column: place.column, message, help });
    }
}
