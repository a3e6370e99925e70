//! Broken promises: what about them is wrong, and of which case.

use kernel::Span;
use topology::{
    CellId, Expression, FactId, FigureId, MessageKind, Operator, Promise, Record, RecordKind, Term,
};

use super::Inquiry;
use super::blame::{Blame, blame};
use super::missing::Deed;
use super::waiting::Waiter;
use crate::{Violation, spelled};

impl<'r> Inquiry<'_, 'r> {
    /// Why a promise was broken.
    pub(super) fn broken(&mut self, check: usize, violation: Violation) {
        let Some(check) = self.plan.checks.get(check) else { return };
        match &check.promise {
            Promise::Never(condition) => self.condition(condition, true, violation),
            Promise::Always(condition) | Promise::Finally(condition) => {
                self.condition(condition, false, violation);
            }
            Promise::Within { span, reach } => self.not_reached(*span, reach, violation),
            Promise::Total(condition) => self.total(condition),
            Promise::Ordered(_) => {
                if let Some(record) = self.story.record(violation.record) {
                    self.overtaken(record);
                }
            }
            Promise::Lossless(_) => {
                if let Some(record) = self.story.record(violation.record) {
                    self.asks_about_loss(record);
                    self.back(record);
                }
            }
        }
    }

    /// The record that broke it, or the last one of the case before its time was up.
    fn breaking(&self, violation: Violation) -> Option<&'r Record> {
        let passed = || self.story.case(violation.case).rev().find(|it| it.time <= violation.at);
        self.story.record(violation.record).or_else(passed)
    }

    fn not_reached(&mut self, span: Span, reach: &[FactId], violation: Violation) {
        let Some(record) = self.breaking(violation) else { return };
        let missing = |then: &Record| reach.iter().find(|&&fact| self.term_at(then, Term::Fact(fact)) == 0);
        let case = violation.case;
        // A yes that came after its time breaks the promise, though by then everything may be true that came too late.
        let too_late = || {
            let due = self.story.case(case).next()?.time + span;
            let then = self.story.case(case).rev().find(|it| it.time <= due)?;
            Some((missing(then)?, due))
        };
        let found = missing(record).map(|fact| (fact, violation.at)).or_else(too_late);
        let Some((&fact, at)) = found else { return };
        let name = &self.plan.facts[fact.index()];
        self.asks(case, format!("case {case} is not {name} at {at}"));
        self.say(self.outcome.clone());
        let answered = self.story.case(case).find(|it| it.kind == RecordKind::CaseAnswered);
        if let Some(answered) = answered.filter(|it| it.time <= violation.at) {
            self.say(format!("customer {case} was told yes at {}", answered.time));
        }
        self.missing(case, Deed::Set(fact), at);
    }

    fn condition(&mut self, condition: &Expression, is: bool, violation: Violation) {
        let Some(record) = self.breaking(violation) else { return };
        let blamed = blame(condition, is, &|term| self.term_at(record, term));
        let blamed = self.furthest_first(blamed, violation);
        for Blame { term, excess } in blamed {
            self.term(record, term, excess, violation);
            if self.root.is_some() {
                return;
            }
        }
        let text = spelled(condition, self.plan);
        self.asks(violation.case, format!("of case {} it is true that {text}", violation.case));
        self.back(record);
    }

    /// Of several facts that are missing, that comes first to which the case came closest.
    fn furthest_first(&self, blamed: Vec<Blame>, violation: Violation) -> Vec<Blame> {
        let (mut ranks, mut ranked) = (Vec::new(), Vec::new());
        for blame in blamed {
            let sent = if let Term::Fact(fact) = blame.term {
                let doers = self.doers(&Deed::Set(fact));
                self.addressed(violation.case, &doers, violation.at)
                    .map_or(0, |(origin, _)| i64::from(origin) + 1)
            } else {
                0
            };
            let rank = (blame.excess, -sent);
            let place = ranks.partition_point(|known| *known <= rank);
            ranks.insert(place, rank);
            ranked.insert(place, blame);
        }
        ranked
    }

    /// Why a term of a case is too much or too little.
    fn term(&mut self, record: &'r Record, term: Term, excess: bool, violation: Violation) {
        let case = violation.case;
        match (term, excess) {
            (Term::Fact(fact), true) => self.too_often(case, fact, record.number),
            (Term::Fact(fact), false) => {
                let name = &self.plan.facts[fact.index()];
                let so_often = self.term_at(record, term);
                let how = if so_often == 0 { "not".into() } else { format!("only {so_often} times") };
                self.asks(case, format!("case {case} is {how} {name} at {}", violation.at));
                self.say(self.outcome.clone());
                self.missing(case, Deed::Set(fact), violation.at);
            }
            (Term::Refused | Term::GaveUp, true) | (Term::Answered, false) => {
                self.turned_away(case);
                if self.root.is_none() {
                    self.not_answered(case, violation);
                }
            }
            (Term::Figure(figure), _) => self.figure(record, figure),
            (Term::Cell(cell), _) => self.cell(record, cell),
            (Term::Messages, true) => self.too_many(record, violation),
            (Term::Answered | Term::Messages, _)
            | (Term::Refused | Term::GaveUp, false)
            | (
                Term::Requests
                | Term::Client(_)
                | Term::Field(_)
                | Term::Now
                | Term::Delivery
                | Term::Abandoned,
                _,
            ) => {}
        }
    }

    /// A fact that is set, or was set more than once, up to a record.
    fn too_often(&mut self, case: u32, fact: FactId, number: u64) {
        let is_it =
            |it: &&Record| matches!(it.kind, RecordKind::FactSet { fact: other, .. } if other == fact);
        let mut set = self.story.case(case).filter(|it| it.number <= number && is_it(it));
        if set.clone().count() > 1 {
            return self.twice(case, fact, number);
        }
        if let Some(set) = set.next() {
            let name = &self.plan.facts[fact.index()];
            self.asks(case, format!("case {case} is {name} at {}", set.time));
            self.set_once(set);
        }
    }

    /// A customer still waits.
    fn not_answered(&mut self, case: u32, violation: Violation) {
        let request = self.story.case(case).find(|it| matches!(it.kind, RecordKind::Sent { .. }));
        if let Some(request) = request {
            self.asks(case, format!("customer {case} has no answer at {}", violation.at));
            let number = self.until(violation.at);
            self.no_answer(request, number, violation.at, Waiter::Nobody);
        }
    }

    /// A case has too many messages: something was done again and again.
    fn too_many(&mut self, record: &'r Record, violation: Violation) {
        let case = violation.case;
        let count = self.term_at(record, Term::Messages);
        self.asks(case, format!("case {case} has led to {count} messages at {}", violation.at));
        let again = self.story.case(case).rev().find(|it| {
            let again = matches!(
                it.kind,
                RecordKind::Retried { .. }
                    | RecordKind::Redelivered
                    | RecordKind::Returned
                    | RecordKind::Duplicated { .. }
                    | RecordKind::TimedOut
                    | RecordKind::HandlerFailed
            );
            it.number <= record.number && again
        });
        match again {
            Some(again) => self.back(again),
            None => self.circle(record),
        }
    }

    /// Nothing went wrong: a message leads to another of its kind, and that to another.
    fn circle(&mut self, record: &'r Record) {
        let taken = |it: &&&Record| matches!(it.kind, RecordKind::Taken { .. });
        let way: Vec<&'r Record> = self.story.causes(record).collect();
        let Some(&last) = way.iter().find(taken) else { return self.back(record) };
        let same =
            |it: &&&Record| taken(it) && (it.place, it.message_type) == (last.place, last.message_type);
        let rounds = way.iter().filter(same).count();
        let Some(&before) = way.iter().filter(same).nth(1) else { return self.back(record) };
        for it in way.iter().filter(|it| it.number >= before.number) {
            let sent = matches!(it.kind, RecordKind::Sent { kind, .. } if super::Story::is_message(kind));
            if taken(&it) || sent {
                self.note(it);
            }
        }
        let (name, what) = (self.name(last.place), self.type_name(last.message_type));
        let text = format!(
            "each {what} that {name} takes up leads to another, {rounds} so far: nothing ends the circle"
        );
        if let topology::Place::Service(service) = last.place {
            self.end(super::Root::Handler(service, last.message_type), text);
        }
    }

    /// Something that was measured is not as it should be.
    fn figure(&mut self, record: &'r Record, figure: FigureId) {
        let measured = self.story.case(record.case).rev().find(|it| {
            it.number <= record.number
                && matches!(it.kind, RecordKind::Measured { figure: other, .. } if other == figure)
        });
        let Some(measured) = measured else { return };
        if let RecordKind::Measured { value, .. } = measured.kind {
            let name = &self.plan.figures[figure.index()];
            let place = self.name(measured.place);
            let outcome =
                format!("{place} measures {name} = {value} for case {} at {}", measured.case, measured.time);
            self.asks(measured.case, outcome);
        }
        self.note(measured);
        // It compares with what the service has: what should have told it that is under way.
        let mut cells: Vec<CellId> = Vec::new();
        for step in &self.plan.program {
            let topology::Step::Measure { figure: other, value } = *step else { continue };
            if other == figure
                && let Some(value) = self.plan.expressions.get(value.index())
            {
                value.terms(&mut |term| {
                    if let Term::Cell(cell) = term {
                        cells.push(cell);
                    }
                });
            }
        }
        for cell in cells {
            self.stale(measured, cell);
        }
        self.back(measured);
    }

    /// What would have kept something newer in a cell was under way when a record was made.
    pub(super) fn stale(&mut self, record: &'r Record, cell: CellId) {
        let key = self.key_of(record.case);
        let deed = Deed::Store(cell);
        // Of all cases about the same, the latest that were to change it.
        for case in (0..self.story.cases()).rev() {
            let same = case == record.case || key.is_some() && self.key_of(case) == key;
            if same && self.root.is_none() && self.is_under_way(case, cell, record) {
                self.missing(case, deed.clone(), record.time);
            }
        }
    }

    /// Whether a case changes a cell only after a record, though it began before.
    fn is_under_way(&self, case: u32, cell: CellId, record: &Record) -> bool {
        let begun = self.story.case(case).next().is_some_and(|it| it.number < record.number);
        let mut stored = self
            .story
            .case(case)
            .filter(|it| matches!(it.kind, RecordKind::Stored { cell: other, .. } if other == cell));
        begun && stored.next().is_some_and(|it| it.number > record.number)
    }

    /// A cell has a value that it should not have: who kept it last, and what that overwrote.
    fn cell(&mut self, record: &'r Record, cell: CellId) {
        let name = &self.plan.cells[cell.index()].name;
        let Some((stored, value)) = self.last_stored(record, cell) else { return };
        self.asks(record.case, format!("{name} is {value} at {}", stored.time));
        self.overwritten(stored, cell);
    }

    /// Why what a record keeps is not what it should be: another wrote between its reading and its writing.
    pub(super) fn overwritten(&mut self, stored: &'r Record, cell: CellId) {
        self.note(stored);
        let taken = self.story.taken_of(stored);
        let between = self.last_stored(stored, cell).map(|(it, _)| it);
        if let (Some(taken), Some(between), topology::Place::Service(service)) =
            (taken, between, stored.place)
            && between.number > taken.number
            && between.case != stored.case
        {
            let name = self.plan.cells[cell.index()].name.clone();
            self.note(between);
            self.note(taken);
            let text = format!(
                "the handler of {} for {} reads {name} before its work and writes it after, without looking again",
                self.name(stored.place),
                self.type_name(stored.message_type)
            );
            return self.end(super::Root::Handler(service, stored.message_type), text);
        }
        self.back(stored);
    }

    /// A promise about totals: a case that makes a difference.
    fn total(&mut self, condition: &Expression) {
        let Expression::Binary(operator, actual, expected) = condition else { return };
        let mut terms: Vec<(Term, i64)> = Vec::new();
        weigh(actual, 1, &mut terms);
        weigh(expected, -1, &mut terms);
        let mut off = 0;
        // Of sides that are to be equal the first case is as good as any; a bound is broken by those far beyond it.
        let bound = !matches!(operator, Operator::Equal);
        let mut most: Option<(u32, i64)> = None;
        let mut is_first = true;
        for case in 0..self.story.cases() {
            let sum: i64 = terms.iter().map(|&(term, weight)| weight * self.contribution(case, term)).sum();
            let off_alone = match operator {
                Operator::Above | Operator::AtLeast => sum < 0,
                Operator::Below | Operator::AtMost => sum > 0,
                Operator::Equal
                | Operator::Different
                | Operator::Implies
                | Operator::Or
                | Operator::And
                | Operator::Plus
                | Operator::Minus
                | Operator::Times
                | Operator::DividedBy
                | Operator::Least
                | Operator::Greatest => sum != 0,
            };
            if off_alone {
                if most.is_none_or(|(_, known)| bound && sum.abs() > known.abs()) {
                    is_first = most.is_none();
                    most = Some((case, sum));
                }
                off += 1;
            }
        }
        let Some((case, sum)) = most else { return };
        let text = spelled(condition, self.plan);
        let others = match (off, is_first) {
            (1, _) => "it alone makes".into(),
            (_, true) => format!("it is the first of {off} cases that make"),
            (_, false) => format!("no other of {off} cases makes more of"),
        };
        let Some(last) = self.story.case(case).last() else { return };
        let at = if last.case == case { self.story.end() } else { last.time };
        let violation = Violation { at, case, record: 0 };
        // What is twice where once is usual comes first, then what is missing.
        let mut blamed: Vec<Blame> = Vec::new();
        for &(term, weight) in &terms {
            let value = self.contribution(case, term);
            let (excess, twice) = ((weight > 0) == (sum > 0), self.times(case, term) > 1);
            if excess && twice {
                blamed.insert(0, Blame { term, excess });
            } else if !excess && value == 0 {
                blamed.push(Blame { term, excess });
            }
        }
        for &(term, weight) in &terms {
            blamed.push(Blame { term, excess: (weight > 0) == (sum > 0) });
        }
        for Blame { term, excess } in blamed {
            if self.root.is_none() {
                self.total_term(last, term, excess, violation);
            }
        }
        self.outcome = format!("{} ({others} the difference: {text})", self.outcome);
    }

    fn total_term(&mut self, last: &'r Record, term: Term, excess: bool, violation: Violation) {
        if let Term::Cell(cell) = term {
            let stored = self
                .story
                .case(violation.case)
                .rev()
                .find(|it| matches!(it.kind, RecordKind::Stored { cell: other, .. } if other == cell));
            let name = &self.plan.cells[cell.index()].name;
            match stored {
                Some(stored) => {
                    self.asks(
                        violation.case,
                        format!("{name} is changed for case {} at {}", violation.case, stored.time),
                    );
                    self.overwritten(stored, cell);
                }
                None => {
                    self.asks(violation.case, format!("{name} is never changed for case {}", violation.case));
                    self.missing(violation.case, Deed::Store(cell), violation.at);
                }
            }
            return;
        }
        self.term(last, term, excess, violation);
    }

    /// How often something counts for a case.
    fn times(&self, case: u32, term: Term) -> usize {
        let Term::Fact(fact) = term else { return 1 };
        self.story
            .case(case)
            .filter(|it| matches!(it.kind, RecordKind::FactSet { fact: other, .. } if other == fact))
            .count()
    }

    /// What a case adds to a total.
    fn contribution(&self, case: u32, term: Term) -> i64 {
        let mut sum = 0;
        for record in self.story.case(case) {
            sum += match (term, record.kind) {
                (Term::Fact(wanted), RecordKind::FactSet { fact, count, before }) if fact == wanted => {
                    i64::from(count) - i64::from(before)
                }
                (Term::Cell(wanted), RecordKind::Stored { cell, value, before, .. }) if cell == wanted => {
                    i64::from(value) - i64::from(before)
                }
                (Term::Answered, RecordKind::CaseAnswered)
                | (Term::Refused, RecordKind::CaseRefused)
                | (Term::GaveUp, RecordKind::CaseGaveUp)
                | (Term::Requests, RecordKind::CaseStarted { .. }) => 1,
                (Term::Client(wanted), RecordKind::CaseStarted { client, .. }) if client == wanted => 1,
                (
                    Term::Messages,
                    RecordKind::Sent { kind: MessageKind::Command | MessageKind::Event, .. },
                ) => 1,
                (_, _) => 0,
            };
        }
        sum
    }
}

/// The terms of a sum, with their factors.
fn weigh(expression: &Expression, weight: i64, terms: &mut Vec<(Term, i64)>) {
    match expression {
        Expression::Number(_) | Expression::Not(_) => {}
        Expression::Term(term) => terms.push((*term, weight)),
        Expression::Binary(operator, one, other) => match (operator, &**one, &**other) {
            (Operator::Times, Expression::Number(factor), other) => weigh(other, weight * factor, terms),
            (Operator::Times, one, Expression::Number(factor)) => weigh(one, weight * factor, terms),
            (Operator::Minus, one, other) => {
                weigh(one, weight, terms);
                weigh(other, -weight, terms);
            }
            (_, one, other) => {
                weigh(one, weight, terms);
                weigh(other, weight, terms);
            }
        },
    }
}
