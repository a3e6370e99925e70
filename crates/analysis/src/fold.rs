//! The fold: takes records in order, and knows how the run stands.

use std::sync::Arc;

use kernel::Time;
use topology::{
    CellId, ClientId, FactId, FigureId, Kinds, MessageKind, Place, Plan, Promise, Record, RecordKind, Term,
};

use crate::books::Books;
use crate::checks::{self, Check};
use crate::columns::Columns;
use crate::rows::{Customer, Row};
use crate::{CheckState, Figure, Samples};

/// How many cases there were, and how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// Requests made.
    pub started: u64,
    /// Customers who got their answer.
    pub answered: u64,
    /// Customers who were turned away or told that it failed.
    pub refused: u64,
    /// Customers who lost patience.
    pub gave_up: u64,
    /// Cases for which nothing is left to do, and of which nothing was lost or put aside.
    pub done: u64,
    /// Cases for which nothing is left to do, complete or not.
    pub ended: u64,
}

/// How a run stands, from its records alone. It keeps what it knows of a case only while that can change.
#[derive(Clone, Debug)]
pub struct Fold {
    plan: Arc<Plan>,
    cases: Cases,
    response: Samples,
    completion: Samples,
    /// What was measured, in the order of [`Plan::figures`].
    figures: Vec<Samples>,
    /// For how many cases each fact is true, and for how many it was set again.
    fact_cases: Vec<(u64, u64)>,
    books: Books,
    checks: Vec<Check>,
    /// Which checks look at each column.
    lookers: Vec<Vec<u16>>,
    /// Before this no promise is broken by the passing of time.
    due: Time,
    /// When the run ended.
    over: Option<Time>,
    /// Whether a limit stopped the run.
    halted: bool,
    acts: Vec<Record>,
}

impl Fold {
    /// Before the first record of a run of this plan.
    pub fn new(plan: &Arc<Plan>) -> Self {
        let books = Books::new(plan);
        Fold {
            cases: Cases::default(),
            response: Samples::default(),
            completion: Samples::default(),
            figures: vec![Samples::default(); plan.figures.len()],
            fact_cases: vec![(0, 0); plan.facts.len()],
            checks: Check::all(plan),
            lookers: lookers(plan, books.columns),
            books,
            due: Time::MAX,
            over: None,
            halted: false,
            acts: Vec::new(),
            plan: plan.clone(),
        }
    }

    /// The kinds of records that make a difference to it: a world that keeps only these gives the same answers.
    pub fn wants(&self) -> Kinds {
        let mut kinds = Kinds::CASES.and(Kinds::FACTS).and(Kinds::MEASURED).and(Kinds::ACTS);
        for check in &self.plan.checks {
            match check.promise {
                Promise::Ordered(_) => kinds = kinds.and(Kinds::OUT_OF_ORDER),
                Promise::Lossless(_) => kinds = kinds.and(Kinds::LOST),
                Promise::Never(_)
                | Promise::Always(_)
                | Promise::Finally(_)
                | Promise::Within { .. }
                | Promise::Total(_) => {}
            }
            checks::mentions(&check.promise, &mut |term| match term {
                Term::Messages => kinds = kinds.and(Kinds::SENT),
                Term::Cell(_) => kinds = kinds.and(Kinds::STORED),
                Term::Fact(_)
                | Term::Field(_)
                | Term::Figure(_)
                | Term::Client(_)
                | Term::Now
                | Term::Delivery
                | Term::Abandoned
                | Term::Answered
                | Term::Refused
                | Term::GaveUp
                | Term::Requests => {}
            });
        }
        kinds
    }

    /// Takes the next record.
    pub fn take(&mut self, record: &Record) {
        if record.time > self.due {
            // A promise whose time was up before this moment was broken before it.
            self.pass_promises(Time::from_nanos(record.time.nanos() - 1));
        }
        match record.kind {
            RecordKind::CaseStarted { waits, key, client } => {
                self.case_started(record, waits, key, client);
            }
            RecordKind::CaseAnswered => {
                self.cases.answered += 1;
                if let Some(slot) = self.books.rows.find(record.case) {
                    let waited = record.time.since(self.books.rows.row(slot).started);
                    self.response.add(waited.nanos() as i64);
                }
                self.customer_left(record, Customer::Promised, self.books.columns.answered());
            }
            RecordKind::CaseRefused => {
                self.cases.refused += 1;
                self.customer_left(record, Customer::Declined, self.books.columns.refused());
            }
            RecordKind::CaseGaveUp => {
                self.cases.gave_up += 1;
                self.customer_left(record, Customer::Declined, self.books.columns.gave_up());
            }
            RecordKind::CaseEnded { complete } => self.case_ended(record, complete),
            RecordKind::FactSet { fact, count, before } => self.fact_set(record, fact, count, before),
            RecordKind::Measured { figure, value } => self.measured(record, figure, value),
            RecordKind::Stored { cell, key, value, .. } => self.stored(record, cell, key, value),
            RecordKind::Sent { kind, origin, .. } => self.sent(record, kind, origin),
            RecordKind::OutOfOrder => {
                self.checks.iter_mut().for_each(|check| check.out_of_order(&self.plan, record));
            }
            RecordKind::Lost { reason, route, missed: true } => {
                self.checks.iter_mut().for_each(|check| check.lost(&self.plan, record, reason, route));
            }
            RecordKind::DeadLettered { .. } => {
                self.checks.iter_mut().for_each(|check| check.dead_lettered(&self.plan, record));
            }
            RecordKind::Act { act } => {
                self.books.forget(&self.plan, act);
                self.acts.push(*record);
            }
            RecordKind::Lost { missed: false, .. }
            | RecordKind::Duplicated { .. }
            | RecordKind::Queued
            | RecordKind::FannedOut { .. }
            | RecordKind::Taken { .. }
            | RecordKind::Delivered
            | RecordKind::Answered { .. }
            | RecordKind::HandlerFailed
            | RecordKind::TimedOut
            | RecordKind::Dropped
            | RecordKind::Returned
            | RecordKind::Redelivered
            | RecordKind::Settled
            | RecordKind::CutOff { .. }
            | RecordKind::Waits
            | RecordKind::Woken
            | RecordKind::Retried { .. }
            | RecordKind::Undone { .. }
            | RecordKind::Cancelled
            | RecordKind::DeadlinePassed
            | RecordKind::Resumed
            | RecordKind::Unreadable { .. } => {}
            RecordKind::Halted => self.halted = true,
        }
    }

    fn case_started(&mut self, record: &Record, waits: bool, key: u32, client: ClientId) {
        self.cases.started += 1;
        let row = Row {
            number: record.case,
            key,
            started: record.time,
            customer: if waits { Customer::Waits } else { Customer::Promised },
            over: false,
            last: 0,
            awaited: 0,
        };
        let slot = self.books.open(&self.plan, row, client);
        for check in &mut self.checks {
            check.case_started(&self.plan, &mut self.books, slot);
            self.due = self.due.min(check.due);
        }
        self.changed(record, slot, self.books.columns.requests());
    }

    fn customer_left(&mut self, record: &Record, customer: Customer, column: usize) {
        self.books.totals[column] += 1;
        let Some(slot) = self.books.rows.find(record.case) else { return };
        let row = self.books.rows.row_mut(slot);
        (row.customer, row.last) = (customer, record.number);
        for check in &mut self.checks {
            check.customer_left(&self.plan, &mut self.books, slot, record);
        }
        *self.books.rows.value_mut(slot, column) = 1;
        self.changed(record, slot, column);
    }

    fn case_ended(&mut self, record: &Record, complete: bool) {
        self.cases.ended += 1;
        self.cases.done += u64::from(complete);
        let Some(slot) = self.books.rows.find(record.case) else { return };
        if complete {
            let took = record.time.since(self.books.rows.row(slot).started);
            self.completion.add(took.nanos() as i64);
        }
        for check in &mut self.checks {
            check.case_ended(&self.plan, &self.books, slot, record);
        }
        self.books.rows.row_mut(slot).over = true;
        self.books.rows.close_if_decided(slot);
    }

    fn fact_set(&mut self, record: &Record, fact: FactId, count: u16, before: u16) {
        let column = self.books.columns.fact(fact);
        self.books.totals[column] += i64::from(count - before);
        let (cases, again) = &mut self.fact_cases[fact.index()];
        *cases += u64::from(before == 0 && count > 0);
        let Some(slot) = self.books.rows.find(record.case) else { return };
        *again += u64::from(before > 0 && self.books.rows.set_again(slot, fact.index()));
        self.books.rows.row_mut(slot).last = record.number;
        *self.books.rows.value_mut(slot, column) = i32::from(count);
        self.changed(record, slot, column);
    }

    fn measured(&mut self, record: &Record, figure: FigureId, value: i32) {
        let column = self.books.columns.figure(figure);
        self.figures[figure.index()].add(i64::from(value));
        self.books.totals[column] = self.figures[figure.index()].greatest().unwrap_or(0);
        let Some(slot) = self.books.rows.find(record.case) else { return };
        *self.books.rows.value_mut(slot, column) = value;
        self.changed(record, slot, column);
    }

    /// What is kept for a key changes also after the case is over, when a service reads a log again.
    fn stored(&mut self, record: &Record, cell: CellId, key: u32, value: i32) {
        let slot = self.books.rows.find(record.case);
        self.books.store(&self.plan, slot, cell, key, value);
        if let Some(slot) = slot {
            self.changed(record, slot, self.books.columns.cell(cell));
        }
    }

    /// Counts messages, not their copies: a channel only passes on what was sent to it.
    fn sent(&mut self, record: &Record, kind: MessageKind, origin: u32) {
        let first = record.message == origin && !matches!(record.place, Place::Channel(_));
        if !first || !matches!(kind, MessageKind::Command | MessageKind::Event) {
            return;
        }
        let column = self.books.columns.messages();
        self.books.totals[column] += 1;
        let Some(slot) = self.books.rows.find(record.case) else { return };
        *self.books.rows.value_mut(slot, column) += 1;
        self.changed(record, slot, column);
    }

    /// A column of a case has changed.
    fn changed(&mut self, record: &Record, slot: usize, column: usize) {
        for &check in &self.lookers[column] {
            self.checks[usize::from(check)].look(&self.plan, &mut self.books, slot, record);
        }
    }

    /// Time has come to `now`, with every record up to then taken: promises whose time is up are decided, and at the
    /// end of the plan those about totals.
    pub fn pass(&mut self, now: Time) {
        self.pass_promises(now);
        if now >= self.plan.length {
            self.over = Some(self.plan.length);
        }
    }

    fn pass_promises(&mut self, now: Time) {
        if now < self.due {
            return;
        }
        self.due = Time::MAX;
        for check in &mut self.checks {
            check.pass(&self.plan, &mut self.books, now);
            self.due = self.due.min(check.due);
        }
    }

    /// How many cases there were, and how they ended.
    pub fn cases(&self) -> Cases {
        self.cases
    }

    /// How many cases something is kept for, at the most at one time: those that were open, or that a promise
    /// waited for.
    pub fn cases_kept_max(&self) -> usize {
        self.books.rows.room()
    }

    /// How long customers waited for their answer, in nanoseconds.
    pub fn response(&self) -> &Samples {
        &self.response
    }

    /// How long it took until nothing was left to do for a case, acknowledgements included, in nanoseconds.
    pub fn completion(&self) -> &Samples {
        &self.completion
    }

    /// How often each fact was set, or to how much, over all cases, in the order of [`Plan::facts`].
    pub fn facts(&self) -> &[i64] {
        &self.books.totals[..self.plan.facts.len()]
    }

    /// For how many cases each fact is true, and for how many it was set again.
    pub fn fact_cases(&self) -> &[(u64, u64)] {
        &self.fact_cases
    }

    /// What was measured so far, in the order of [`Plan::figures`].
    pub fn figures(&self) -> Vec<Figure> {
        let named = self.plan.figures.iter().zip(&self.figures);
        named.map(|(name, samples)| Figure::of(name, samples)).collect()
    }

    /// How each promise stands. Where a limit stopped the run nobody knows what would have come after it.
    pub fn checks(&self) -> Vec<CheckState> {
        let mut states = Vec::new();
        for check in &self.checks {
            let state = check.state(&self.plan, &self.books, self.over);
            let held = state.held.filter(|held| !(self.halted && *held));
            states.push(CheckState { held, ..state });
        }
        states
    }

    /// What was done to the system so far: faults, planned or not, and their ends.
    pub fn acts(&self) -> &[Record] {
        &self.acts
    }
}

/// Which checks look at each column while a case goes on.
fn lookers(plan: &Plan, columns: Columns) -> Vec<Vec<u16>> {
    let mut lookers: Vec<Vec<u16>> = vec![Vec::new(); columns.count()];
    for (index, check) in plan.checks.iter().enumerate() {
        checks::looks_at(&check.promise, &mut |term| {
            if let Some(column) = columns.term(term)
                && lookers[column].last() != Some(&(index as u16))
            {
                lookers[column].push(index as u16);
            }
        });
    }
    lookers
}
