//! Promises: whether they are held, broken, or not yet decided.

use kernel::{Span, Time};
use topology::{Expression, FactId, LossReason, Operator, Place, Plan, Promise, Record, RouteId, Term};

use crate::books::Books;
use crate::rows::{Customer, Standing};
use crate::spelling::spelled;

/// How a promise stands.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckState {
    /// The promise as it stands in the scenario.
    pub name: String,
    /// Why anybody wants it.
    pub why: String,
    /// Held, broken, or `None` while it is not decided: cases are open, or the run goes on.
    pub held: Option<bool>,
    /// How often it was broken: in how many cases, or by how many messages; 1 where it is about totals.
    pub violations: u64,
    /// How many cases it is not decided for.
    pub undecided: u64,
    /// What broke it first, at most [`CheckState::SHOWN_MAX`] of them, in order.
    pub broken_by: Vec<Violation>,
    /// For a promise about totals that compares two values: what is, and what is expected, as far as the run has
    /// come.
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
    /// How the left side is to relate to the right one.
    pub relation: Operator,
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
    /// The record that broke it; 0 if it was the passing of time, or the end of the run.
    pub record: u64,
}

impl Violation {
    fn by(record: &Record) -> Self {
        Violation { at: record.time, case: record.case, record: record.number }
    }
}

/// One promise and what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// Its position in the plan.
    index: usize,
    violations: u64,
    broken_by: Vec<Violation>,
    /// How many cases it is not decided for.
    undecided: u64,
    /// The first case whose time may not be up.
    next: u32,
    /// Before this no case's time is up.
    pub(crate) due: Time,
}

impl Check {
    pub(crate) fn all(plan: &Plan) -> Vec<Check> {
        let new = |index| Check {
            index,
            violations: 0,
            broken_by: Vec::new(),
            undecided: 0,
            next: 0,
            due: Time::MAX,
        };
        (0..plan.checks.len()).map(new).collect()
    }

    fn promise<'a>(&self, plan: &'a Plan) -> &'a Promise {
        &plan.checks[self.index].promise
    }

    pub(crate) fn case_started(&mut self, plan: &Plan, books: &mut Books, slot: usize) {
        let row = books.rows.row_mut(slot);
        match self.promise(plan) {
            Promise::Within { span, reach } => {
                if !reach.is_empty() {
                    self.undecided += 1;
                    row.awaited += 1;
                    self.due = self.due.min(row.started + *span);
                }
            }
            Promise::Finally(_) => self.undecided += 1,
            Promise::Never(_)
            | Promise::Always(_)
            | Promise::Total(_)
            | Promise::Ordered(_)
            | Promise::Lossless(_) => {}
        }
    }

    /// Something that it looks at has changed for a case.
    pub(crate) fn look(&mut self, plan: &Plan, books: &mut Books, slot: usize, record: &Record) {
        if *books.rows.standing(slot, self.index) != Standing::Open {
            return;
        }
        let true_of_case =
            |condition: &Expression| condition.is_true(&|term| books.of_case(plan, slot, term));
        match self.promise(plan) {
            Promise::Never(condition) if true_of_case(condition) => self.violate(Violation::by(record)),
            Promise::Always(condition) if !true_of_case(condition) => self.violate(Violation::by(record)),
            Promise::Within { reach, .. } if reached(books, slot, reach) => self.decide(books, slot),
            Promise::Never(_)
            | Promise::Always(_)
            | Promise::Within { .. }
            | Promise::Finally(_)
            | Promise::Total(_)
            | Promise::Ordered(_)
            | Promise::Lossless(_) => return,
        }
        *books.rows.standing(slot, self.index) = Standing::Decided;
    }

    /// Nothing more is awaited of a case.
    fn decide(&mut self, books: &mut Books, slot: usize) {
        self.undecided -= 1;
        books.rows.row_mut(slot).awaited -= 1;
    }

    pub(crate) fn case_ended(&mut self, plan: &Plan, books: &Books, slot: usize, record: &Record) {
        let Promise::Finally(condition) = self.promise(plan) else { return };
        self.undecided -= 1;
        if !condition.is_true(&|term| books.of_case(plan, slot, term)) {
            let last = books.rows.row(slot).last;
            let by = if last > 0 { last } else { record.number };
            self.violate(Violation { record: by, ..Violation::by(record) });
        }
    }

    /// Time has come to `now`: some cases' time is up.
    pub(crate) fn pass(&mut self, plan: &Plan, books: &mut Books, now: Time) {
        let Promise::Within { span, .. } = self.promise(plan) else { return };
        while self.due <= now {
            self.due = self.next_case(books, *span, now);
        }
    }

    /// Looks at the next case. Returns when the time of the one after it is up, or before.
    fn next_case(&mut self, books: &mut Books, span: Span, now: Time) -> Time {
        let Some(slot) = books.rows.first_from(self.next) else { return Time::MAX };
        let row = books.rows.row(slot);
        let (case, customer, at) = (row.number, row.customer, row.started + span);
        if at > now {
            return at;
        }
        self.next = case + 1;
        let standing = books.rows.standing(slot, self.index);
        if *standing == Standing::Open {
            match customer {
                Customer::Waits => {
                    *standing = Standing::Overdue;
                    books.rows.row_mut(slot).awaited -= 1;
                }
                Customer::Promised | Customer::Declined => {
                    *standing = Standing::Decided;
                    self.decide(books, slot);
                    self.violate(Violation { at, case, record: 0 });
                }
            }
            books.rows.close_if_decided(slot);
        }
        at
    }

    /// The customer of a case was told yes or no, or has left.
    pub(crate) fn customer_left(&mut self, plan: &Plan, books: &mut Books, slot: usize, record: &Record) {
        let Promise::Within { .. } = self.promise(plan) else { return };
        let promised = books.rows.row(slot).customer == Customer::Promised;
        let standing = books.rows.standing(slot, self.index);
        match standing {
            Standing::Overdue => {
                *standing = Standing::Decided;
                self.undecided -= 1;
                if promised {
                    self.violate(Violation::by(record));
                }
            }
            Standing::Open if !promised => {
                *standing = Standing::Decided;
                self.decide(books, slot);
            }
            Standing::Open | Standing::Decided => {}
        }
    }

    pub(crate) fn out_of_order(&mut self, plan: &Plan, record: &Record) {
        if *self.promise(plan) == Promise::Ordered(record.place) {
            self.violate(Violation::by(record));
        }
    }

    /// A message that is missed was lost.
    pub(crate) fn lost(&mut self, plan: &Plan, record: &Record, reason: LossReason, route: RouteId) {
        let Promise::Lossless(place) = *self.promise(plan) else { return };
        let way = &plan.routes[route.index()];
        // What the network lost never came to whoever it left from; but what a channel hands out is its own.
        let on_the_way = matches!(reason, LossReason::Network | LossReason::Partition);
        let there = record.place == place && !on_the_way;
        let handed_out = matches!(place, Place::Channel(_)) && way.from == place;
        if there || way.to == place || handed_out {
            self.violate(Violation::by(record));
        }
    }

    pub(crate) fn dead_lettered(&mut self, plan: &Plan, record: &Record) {
        if *self.promise(plan) == Promise::Lossless(record.place) {
            self.violate(Violation::by(record));
        }
    }

    fn violate(&mut self, violation: Violation) {
        self.violations += 1;
        if self.broken_by.len() < CheckState::SHOWN_MAX {
            self.broken_by.push(violation);
        }
    }

    /// How it stands; `over` says when the run ended, if it has.
    pub(crate) fn state(&self, plan: &Plan, books: &Books, over: Option<Time>) -> CheckState {
        let check = &plan.checks[self.index];
        let mut state = CheckState {
            name: check.name.clone(),
            why: check.why.clone(),
            held: None,
            violations: self.violations,
            undecided: self.undecided,
            broken_by: self.broken_by.clone(),
            sides: None,
        };
        let mut decided = self.undecided == 0;
        if let Promise::Total(condition) = &check.promise {
            state.sides = sides(condition, plan, books);
            decided = over.is_some();
            if let Some(at) = over
                && !condition.is_true(&|term| books.in_total(term))
            {
                state.violations = 1;
                state.broken_by.push(Violation { at, case: Record::NONE, record: 0 });
            }
        }
        state.held = match (state.violations, decided) {
            (0, true) => Some(true),
            (0, false) => None,
            (_, _) => Some(false),
        };
        state
    }
}

/// What a promise looks at while a case goes on.
pub(crate) fn looks_at(promise: &Promise, see: &mut dyn FnMut(Term)) {
    match promise {
        Promise::Never(condition) | Promise::Always(condition) => condition.terms(see),
        Promise::Within { reach, .. } => reach.iter().for_each(|&fact| see(Term::Fact(fact))),
        Promise::Finally(_) | Promise::Total(_) | Promise::Ordered(_) | Promise::Lossless(_) => {}
    }
}

/// Everything that a promise ever looks at.
pub(crate) fn mentions(promise: &Promise, see: &mut dyn FnMut(Term)) {
    match promise {
        Promise::Finally(condition) | Promise::Total(condition) => condition.terms(see),
        Promise::Never(_)
        | Promise::Always(_)
        | Promise::Within { .. }
        | Promise::Ordered(_)
        | Promise::Lossless(_) => looks_at(promise, see),
    }
}

fn sides(condition: &Expression, plan: &Plan, books: &Books) -> Option<Sides> {
    match condition {
        Expression::Binary(operator, one, other) if operator.is_comparison() => Some(Sides {
            actual_name: spelled(one, plan),
            actual: one.value(&|term| books.in_total(term)),
            relation: *operator,
            expected_name: spelled(other, plan),
            expected: other.value(&|term| books.in_total(term)),
        }),
        Expression::Binary(..) | Expression::Number(_) | Expression::Term(_) | Expression::Not(_) => None,
    }
}

fn reached(books: &Books, slot: usize, facts: &[FactId]) -> bool {
    facts.iter().all(|&fact| books.rows.value(slot, books.columns.fact(fact)) > 0)
}
