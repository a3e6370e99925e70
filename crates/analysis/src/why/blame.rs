//! Expressions: which terms make them what they are.

use topology::{Expression, Operator, Record, RecordKind, Scope, Term};

use super::Inquiry;
use super::missing::Deed;

/// A term on account of which an expression is what it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Blame {
    pub(super) term: Term,
    /// Whether it is too much; otherwise it is too little.
    pub(super) excess: bool,
}

/// Why an expression is true, or false: the terms, those first that were to follow from others.
pub(super) fn blame(expression: &Expression, is: bool, of: &dyn Fn(Term) -> i64) -> Vec<Blame> {
    match expression {
        Expression::Number(_) => Vec::new(),
        Expression::Term(term) => vec![Blame { term: *term, excess: is }],
        Expression::Not(one) => blame(one, !is, of),
        Expression::Binary(operator, one, other) => {
            let sides = (one.value(of), other.value(of));
            let both = |first: &Expression, other: &Expression, is| {
                let mut all = blame(first, is, of);
                all.extend(blame(other, is, of));
                all
            };
            match (operator, is) {
                (Operator::And, true) | (Operator::Or, false) => both(one, other, is),
                (Operator::And, false) => blame(if sides.0 == 0 { one } else { other }, false, of),
                (Operator::Or, true) => blame(if sides.0 != 0 { one } else { other }, true, of),
                (Operator::Implies, false) => {
                    let mut all = blame(other, false, of);
                    all.extend(blame(one, true, of));
                    all
                }
                (Operator::Implies, true) if sides.0 == 0 => blame(one, false, of),
                (Operator::Implies, true) => blame(other, true, of),
                (Operator::Above | Operator::AtLeast, is) => amounts(one, other, is, of),
                (Operator::Below | Operator::AtMost, is) => amounts(one, other, !is, of),
                (Operator::Equal | Operator::Different, _) => {
                    amounts(one, other, sides.0 > sides.1 || sides.0 == sides.1 && sides.0 != 0, of)
                }
                (
                    Operator::Plus
                    | Operator::Minus
                    | Operator::Times
                    | Operator::DividedBy
                    | Operator::Least
                    | Operator::Greatest,
                    is,
                ) => {
                    let mut all = Vec::new();
                    amount(expression, is, of, &mut all);
                    all
                }
            }
        }
    }
}

/// The first side is too much for the other, or too little.
fn amounts(one: &Expression, other: &Expression, excess: bool, of: &dyn Fn(Term) -> i64) -> Vec<Blame> {
    let mut all = Vec::new();
    amount(one, excess, of, &mut all);
    amount(other, !excess, of, &mut all);
    // What should be there and is not comes before what is there.
    let (mut first, there): (Vec<Blame>, Vec<Blame>) = all.into_iter().partition(|it| !it.excess);
    first.extend(there);
    first
}

fn amount(expression: &Expression, excess: bool, of: &dyn Fn(Term) -> i64, all: &mut Vec<Blame>) {
    match expression {
        Expression::Number(_) => {}
        Expression::Term(term) => {
            // What is nothing cannot be too much.
            if !excess || of(*term) != 0 {
                all.push(Blame { term: *term, excess });
            }
        }
        Expression::Not(one) => all.extend(blame(one, !excess, of)),
        Expression::Binary(operator, one, other) => {
            amount(one, excess, of, all);
            let turns = matches!(operator, Operator::Minus | Operator::DividedBy);
            amount(other, excess != turns, of, all);
        }
    }
}

impl<'r> Inquiry<'_, 'r> {
    /// What a term was worth for a case when a record was made.
    pub(super) fn term_at(&self, record: &Record, term: Term) -> i64 {
        let mut before = self.story.case(record.case).rev().filter(|it| it.number <= record.number);
        let has = |kind: RecordKind| {
            self.story.case(record.case).any(|it| it.number <= record.number && it.kind == kind)
        };
        match term {
            Term::Fact(fact) => before
                .find_map(|it| {
                    let RecordKind::FactSet { fact: other, count, .. } = it.kind else { return None };
                    (other == fact).then_some(i64::from(count))
                })
                .unwrap_or(0),
            Term::Figure(figure) => before
                .find_map(|it| {
                    let RecordKind::Measured { figure: other, value } = it.kind else { return None };
                    (other == figure).then_some(i64::from(value))
                })
                .unwrap_or(0),
            Term::Cell(cell) => self.cell_at(record, cell),
            Term::Answered => i64::from(has(RecordKind::CaseAnswered)),
            Term::Refused => i64::from(has(RecordKind::CaseRefused)),
            Term::GaveUp => i64::from(has(RecordKind::CaseGaveUp)),
            Term::Requests => 1,
            Term::Client(client) => self
                .story
                .case(record.case)
                .any(|it| matches!(it.kind, RecordKind::CaseStarted { client: whose, .. } if whose == client))
                .into(),
            Term::Messages => before
                .filter(
                    |it| matches!(it.kind, RecordKind::Sent { kind, .. } if super::Story::is_message(kind)),
                )
                .count() as i64,
            Term::Field(_) | Term::Now | Term::Delivery | Term::Abandoned => 0,
        }
    }

    /// Goes on with why a condition was true, or false, for the case of a record. Returns whether that is known.
    pub(super) fn because_of(&mut self, record: &'r Record, condition: &Expression, is: bool) -> bool {
        let blamed = blame(condition, is, &|term| self.term_at(record, term));
        for Blame { term, excess } in blamed {
            match (term, excess) {
                (Term::Fact(fact), false) => {
                    let text = format!(
                        "case {} was not {} yet, at {}",
                        record.case,
                        self.plan.facts[fact.index()],
                        record.time
                    );
                    self.say(text);
                    self.not_yet(record, Deed::Set(fact));
                }
                (Term::Cell(cell), false) if self.plan.cells[cell.index()].per == Scope::Case => {
                    let name = &self.plan.cells[cell.index()].name;
                    let text =
                        format!("{name} was not kept for case {} yet, at {}", record.case, record.time);
                    self.say(text);
                    self.not_yet(record, Deed::Store(cell));
                }
                (Term::Fact(fact), true) => {
                    let set = self.story.case(record.case).rev().find(|it| {
                        let set = matches!(it.kind, RecordKind::FactSet { fact: other, .. } if other == fact);
                        set && it.number < record.number
                    });
                    if let Some(set) = set
                        && !self.came_before(set, record)
                    {
                        self.set_once(set);
                    }
                }
                (Term::Cell(cell), _) => {
                    if !excess {
                        self.stale(record, cell);
                    }
                    if let Some((stored, _)) = self.last_stored(record, cell).filter(|_| self.root.is_none())
                        && !self.came_before(stored, record)
                    {
                        self.overwritten(stored, cell);
                    }
                }
                (_, _) => {}
            }
            if self.root.is_some() {
                return true;
            }
        }
        false
    }
}
