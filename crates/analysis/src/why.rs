//! The why-chain: from a wrong outcome back through causes to its root.

use topology::{FactId, Plan, Record};

use crate::Violation;

/// What somebody asks about a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Why a promise was broken: the position of the check in the plan, and what broke it.
    Broken {
        /// Which of [`Plan::checks`].
        check: usize,
        /// What broke it.
        violation: Violation,
    },
    /// Why a copy of a message was lost or put aside: its number.
    Lost {
        /// The number of the copy.
        message: u32,
    },
    /// Why a fact of a case was set more than once.
    Twice {
        /// The number of the case.
        case: u32,
        /// Which fact.
        fact: FactId,
    },
    /// Why a fact of a case was never set.
    Missing {
        /// The number of the case.
        case: u32,
        /// Which fact.
        fact: FactId,
    },
    /// Why a customer was refused, or lost patience.
    Refused {
        /// The number of the case.
        case: u32,
    },
}

/// The answer: a chain from what was asked about to its root.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// In one sentence: the outcome and its root.
    pub summary: String,
    /// From the outcome to the root; the last is the root.
    pub links: Vec<Link>,
}

/// One link of the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// In a sentence that names services, messages and times.
    pub text: String,
    /// The record it rests on; `None` where it rests on what did not happen, or on the plan.
    pub record: Option<Record>,
}

/// Answers a question from the records of a run: all of them, from the first to the present, in order.
pub fn explain(plan: &Plan, records: &[Record], question: &Question) -> Why {
    let _ = (plan, records, question);
    Why { summary: String::new(), links: Vec::new() }
}
