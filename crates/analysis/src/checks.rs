//! Promises: whether they are held, broken, or not yet decided.

use std::collections::VecDeque;
use std::sync::Arc;

use kernel::Time;
use topology::{FactId, Plan, Promise, Record, Term};

/// How a promise stands.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckState {
    /// The promise as it stands in the scenario.
    pub name: String,
    /// Why anybody wants it.
    pub why: String,
    /// Held, broken, or `None` while cases are open for which it is not decided.
    pub held: Option<bool>,
    /// How many cases broke it.
    pub violations: u64,
    /// How many cases it is not decided for.
    pub undecided: u64,
    /// What broke it first, at most [`CheckState::SHOWN_MAX`] of them, in order.
    pub broken_by: Vec<Violation>,
    /// For a promise about totals that compares two values: what is, and what is expected.
    pub sides: Option<Sides>,
}

impl CheckState {
    /// So many violations are kept; all are counted.
    pub const SHOWN_MAX: usize = 100;

    /// What broke it first.
    pub fn first(&self) -> Option<Violation> {
        self.broken_by.first().copied()
    }
}

/// The two sides of a comparison of totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// The left side as it is written, such as `paid`.
    pub actual_name: String,
    /// Its value.
    pub actual: i64,
    /// The right side as it is written.
    pub expected_name: String,
    /// Its value.
    pub expected: i64,
}

/// What broke a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    /// When.
    pub at: Time,
    /// Which case: its number in the run, or [`Record::NONE`] where it is about all.
    pub case: u32,
    /// The record that broke it; 0 if it was the passing of time.
    pub record: u64,
}

/// One promise and what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    index: usize,
    violations: u64,
    broken_by: Vec<Violation>,
    /// How each case stands, as far as anything is known of it.
    cases: Vec<CaseStanding>,
    /// Cases whose time is not up, in the order in which it will be.
    open: VecDeque<(Time, u32)>,
    /// How many cases are overdue.
    overdue: u64,
}

/// How a case stands towards a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CaseStanding {
    /// It has not broken it.
    Fine,
    /// Its time was up, with something missing, while the customer still waited for an answer: a yes breaks
    /// the promise.
    Overdue,
    /// It has broken it, and counts once.
    Broken,
}

/// What a promise needs to know of a case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CaseFacts<'a> {
    pub(crate) facts: &'a [u16],
    /// Whether the customer was told yes, or nobody waits to be told.
    pub(crate) promised: bool,
    /// Whether the customer still waits for an answer.
    pub(crate) pending: bool,
}

impl Check {
    pub(crate) fn all(plan: &Plan) -> Vec<Check> {
        let new = |index| Check {
            index,
            violations: 0,
            broken_by: Vec::new(),
            cases: Vec::new(),
            open: VecDeque::new(),
            overdue: 0,
        };
        (0..plan.checks.len()).map(new).collect()
    }

    fn promise<'a>(&self, plan: &'a Plan) -> &'a Promise {
        &plan.checks[self.index].promise
    }

    pub(crate) fn case_started(&mut self, plan: &Plan, record: &Record) {
        if let Promise::Within { span, .. } = self.promise(plan) {
            self.open.push_back((record.time + *span, record.case));
        }
    }

    /// A fact of a case has changed.
    pub(crate) fn fact_set(&mut self, plan: &Plan, record: &Record, facts: &[u16]) {
        let broken = match self.promise(plan) {
            Promise::Never(condition) => condition.is_true(&|term| value(term, facts)),
            Promise::Always(condition) => !condition.is_true(&|term| value(term, facts)),
            Promise::Within { .. }
            | Promise::Finally(_)
            | Promise::Total(_)
            | Promise::Ordered(_)
            | Promise::Lossless(_) => false,
        };
        if broken {
            self.violate(Violation { at: record.time, case: record.case, record: record.number });
        }
    }

    /// Time has come to `now`: some cases' time is up.
    pub(crate) fn pass<'a>(&mut self, plan: &Plan, now: Time, case: impl Fn(u32) -> CaseFacts<'a>) {
        let Promise::Within { reach, .. } = self.promise(plan) else { return };
        while let Some(&(at, number)) = self.open.front()
            && at <= now
        {
            let facts = case(number);
            self.open.pop_front();
            if reached(reach, facts.facts) {
                continue;
            }
            if facts.promised {
                self.violate(Violation { at, case: number, record: 0 });
            } else if facts.pending {
                *self.case(number) = CaseStanding::Overdue;
                self.overdue += 1;
            }
        }
    }

    /// The customer of a case was told yes or no.
    pub(crate) fn customer_left(&mut self, record: &Record, promised: bool) {
        if *self.case(record.case) != CaseStanding::Overdue {
            return;
        }
        *self.case(record.case) = CaseStanding::Fine;
        self.overdue -= 1;
        if promised {
            self.violate(Violation { at: record.time, case: record.case, record: record.number });
        }
    }

    fn case(&mut self, number: u32) -> &mut CaseStanding {
        let number = number as usize;
        if self.cases.len() <= number {
            self.cases.resize(number + 1, CaseStanding::Fine);
        }
        &mut self.cases[number]
    }

    fn violate(&mut self, violation: Violation) {
        if std::mem::replace(self.case(violation.case), CaseStanding::Broken) != CaseStanding::Broken {
            self.violations += 1;
            if self.broken_by.len() < CheckState::SHOWN_MAX {
                self.broken_by.push(violation);
            }
        }
    }

    pub(crate) fn state<'a>(&self, plan: &Arc<Plan>, case: impl Fn(u32) -> CaseFacts<'a>) -> CheckState {
        let check = &plan.checks[self.index];
        let undecided = match &check.promise {
            Promise::Never(_)
            | Promise::Always(_)
            | Promise::Finally(_)
            | Promise::Total(_)
            | Promise::Ordered(_)
            | Promise::Lossless(_) => 0,
            Promise::Within { reach, .. } => {
                let open = |&&(_, number): &&(Time, u32)| {
                    let facts = case(number);
                    (facts.promised || facts.pending) && !reached(reach, facts.facts)
                };
                self.open.iter().filter(open).count() as u64 + self.overdue
            }
        };
        let held = if self.violations > 0 {
            Some(false)
        } else if undecided > 0 {
            None
        } else {
            Some(true)
        };
        let (name, why, violations) = (check.name.clone(), check.why.clone(), self.violations);
        let broken_by = self.broken_by.clone();
        CheckState { name, why, held, violations, undecided, broken_by, sides: None }
    }
}

fn value(term: Term, facts: &[u16]) -> i64 {
    match term {
        Term::Fact(fact) => facts.get(fact.index()).map_or(0, |&count| i64::from(count)),
        _ => 0,
    }
}

fn reached(facts: &[FactId], counts: &[u16]) -> bool {
    facts.iter().all(|fact| counts.get(fact.index()).is_some_and(|&count| count > 0))
}
