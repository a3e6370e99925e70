//! What somebody asked about the run: which cases something happened to, or why it happened to one of them.

use analysis::{Question, Violation};
use kernel::Time;
use topology::{FactId, LossReason, Place, Record};

/// A kind of outcome that nobody wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A promise was broken: its position in the plan.
    Broken(usize),
    /// A message was lost.
    Lost(LossReason),
    /// A message was put aside.
    PutAside,
    /// A customer was refused.
    Refused,
    /// A customer lost patience.
    GaveUp,
    /// A fact was set again.
    Twice(FactId),
}

/// A moment that somebody wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub time: Time,
    /// Whether to stop a little before it, so that it can be watched.
    pub before: bool,
    /// Where.
    pub place: Option<Place>,
    /// The case to follow.
    pub case: Option<u32>,
}

/// A question with its answer, or a list of what can be asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inquiry {
    /// What is asked.
    pub title: String,
    /// The answer in one sentence.
    pub summary: String,
    /// The list from which it was chosen.
    pub back: Option<Wrong>,
    /// Whether the lines are a chain of causes, of which the last is the root.
    pub is_chain: bool,
    /// The links, or the list.
    pub lines: Vec<InquiryLine>,
    /// How many more there are.
    pub more: u64,
}

/// A line of an inquiry.
#[derive(Clone, Debug, PartialEq)]
pub struct InquiryLine {
    /// What it says.
    pub text: String,
    /// The moment it speaks of, if it is one.
    pub moment: Option<Moment>,
    /// What can be asked about it, and the time up to which the answer has to be looked for.
    pub ask: Option<(Question, Time)>,
}

impl InquiryLine {
    /// What broke a promise: the moment to look at, and what can be asked.
    pub fn of_violation(check: usize, violation: &Violation) -> Self {
        let case = (violation.case != Record::NONE).then_some(violation.case);
        InquiryLine {
            text: case.map_or_else(|| "all cases together".into(), |case| format!("case {case}")),
            moment: Some(Moment { time: violation.at, before: true, place: None, case }),
            ask: Some((Question::Broken { check, violation: *violation }, violation.at)),
        }
    }
}
