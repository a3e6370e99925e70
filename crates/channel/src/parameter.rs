//! Parameters: what a scenario may change in a profile, by the names that the product uses.

use kernel::Span;

use crate::Rules;

/// One parameter of a profile.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its key in scenario files: the product's own name in lower case, with `_` for what is not a letter or a
    /// digit, and without a unit at the end (`session_timeout`).
    pub name: &'static str,
    /// The product's own name (`session.timeout.ms`); it is understood as a key too.
    pub real: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What the product does if nobody says otherwise, as one would write it in a scenario; `none` where there
    /// is no limit.
    pub default: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// Puts a value into the rules. The value is of the kind, and in the range, that `takes` says, or
    /// [`Value::None`] if that is allowed.
    pub set: fn(&mut Rules, Value),
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Takes {
    /// A whole number from `least` to `most`; with `or_none` also `none`.
    Count {
        /// The least that makes sense.
        least: u32,
        /// The most.
        most: u32,
        /// Whether there may be no limit.
        or_none: bool,
    },
    /// A time from `least` to `most`; with `or_none` also `none`.
    Span {
        /// The shortest that makes sense.
        least: Span,
        /// The longest.
        most: Span,
        /// Whether it may never happen.
        or_none: bool,
    },
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// What was written for a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// `none`: no limit.
    None,
    /// A number.
    Count(u32),
    /// A time.
    Span(Span),
    /// Yes or no.
    Flag(bool),
    /// Which of the words, from 0.
    Choice(usize),
}

impl Value {
    /// The number, if it is one.
    pub fn count(self) -> Option<u32> {
        match self {
            Value::Count(count) => Some(count),
            Value::None | Value::Span(_) | Value::Flag(_) | Value::Choice(_) => None,
        }
    }

    /// The time, if it is one.
    pub fn span(self) -> Option<Span> {
        match self {
            Value::Span(span) => Some(span),
            Value::None | Value::Count(_) | Value::Flag(_) | Value::Choice(_) => None,
        }
    }

    /// Whether it is `true`.
    pub fn is_on(self) -> bool {
        self == Value::Flag(true)
    }

    /// Which word.
    pub fn choice(self) -> usize {
        match self {
            Value::Choice(index) => index,
            Value::None | Value::Count(_) | Value::Flag(_) | Value::Span(_) => 0,
        }
    }
}
