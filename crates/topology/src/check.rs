//! Promises, as data. Whether they are kept is found out by who folds the records.

use kernel::Span;

use crate::{Expression, FactId, Place};

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

/// What is promised. An expression about one case looks at its facts, at what was measured of it, and at what
/// became of its customer; terms that only handlers know are 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Promise {
    /// The condition is never true of any case.
    Never(Expression),
    /// The condition is true of every case after every change.
    Always(Expression),
    /// The condition is true of every case once nothing is left to do for it. Of a case that is not over when the
    /// run ends it is not decided.
    Finally(Expression),
    /// Each of the facts is true so long after the case began. The promise is made to whoever was told yes
    /// (or, where nobody waits for an answer, to everybody): a refused customer was promised nothing.
    Within {
        /// How long.
        span: Span,
        /// Which facts.
        reach: Vec<FactId>,
    },
    /// The condition is true of the totals over all cases, when the run ends. Until then it is not decided.
    Total(Expression),
    /// A service takes up the messages of each key in the order in which they were made.
    Ordered(Place),
    /// Nothing that is missed later is lost at a service or in a channel, on the way there, or put aside there.
    Lossless(Place),
}
