//! Promises over facts, as data. Whether they are kept is found out by who folds the records.

use kernel::Span;

use crate::FactId;

/// A promise with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// As it stands in the scenario, e.g. `never: paid > 1`.
    pub name: String,
    /// Why anybody wants it.
    pub why: String,
    /// What is promised.
    pub promise: Promise,
}

/// What is promised of every case.
#[derive(Clone, Debug, PartialEq)]
pub enum Promise {
    /// The condition is never true.
    Never(Condition),
    /// The condition is true after every change.
    Always(Condition),
    /// Each of the facts is true so long after the case began. The promise is made to whoever was told yes
    /// (or, where nobody waits for an answer, to everybody): a refused customer was promised nothing.
    Within {
        /// How long.
        span: Span,
        /// Which facts.
        reach: Vec<FactId>,
    },
}

/// A statement over the facts of one case.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// How often a fact was set, compared to a number.
    Count {
        /// Which fact.
        fact: FactId,
        /// How compared.
        comparison: Comparison,
        /// With what.
        number: u16,
    },
    /// Not so.
    Not(Box<Condition>),
    /// Both.
    And(Box<Condition>, Box<Condition>),
    /// At least one.
    Or(Box<Condition>, Box<Condition>),
    /// If the first, then the second.
    Implies(Box<Condition>, Box<Condition>),
}

/// A comparison of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `!=`
    Different,
}

impl Condition {
    /// The fact was set at least once.
    pub fn holds(fact: FactId) -> Self {
        Condition::Count { fact, comparison: Comparison::AtLeast, number: 1 }
    }

    /// Whether it is true of a case whose facts were set so often.
    pub fn is_true(&self, facts: &[u16]) -> bool {
        match self {
            Condition::Count { fact, comparison, number } => {
                let count = facts.get(fact.index()).copied().unwrap_or(0);
                comparison.is_true(count, *number)
            }
            Condition::Not(one) => !one.is_true(facts),
            Condition::And(one, other) => one.is_true(facts) && other.is_true(facts),
            Condition::Or(one, other) => one.is_true(facts) || other.is_true(facts),
            Condition::Implies(one, other) => !one.is_true(facts) || other.is_true(facts),
        }
    }
}

impl Comparison {
    fn is_true(self, count: u16, number: u16) -> bool {
        match self {
            Comparison::Above => count > number,
            Comparison::AtLeast => count >= number,
            Comparison::Below => count < number,
            Comparison::AtMost => count <= number,
            Comparison::Equal => count == number,
            Comparison::Different => count != number,
        }
    }
}
