//! Values: what messages carry, what services keep, and what expressions make of both.

use super::World;
use super::parts::Task;
use crate::{CellId, ExpressionId, FactId, FieldId, FigureId, Place, RecordKind, Step, Term};

impl World {
    /// The value of an expression for a task.
    pub(super) fn value(&self, task: u32, expression: ExpressionId) -> i64 {
        self.plan.expressions[expression.index()].value(&|term| self.term(task, term))
    }

    fn term(&self, task: u32, term: Term) -> i64 {
        let case = self.messages[self.tasks[task].message].case;
        match term {
            Term::Fact(fact) => i64::from(self.counters[self.row.fact(case, fact.index())]),
            Term::Field(_) | Term::Cell(_) | Term::Now | Term::Delivery | Term::Abandoned => 0,
            // What only checks can ask for.
            Term::Figure(_)
            | Term::Answered
            | Term::Refused
            | Term::GaveUp
            | Term::Requests
            | Term::Messages => 0,
        }
    }

    pub(super) fn carry(&mut self, _task: u32, _field: FieldId, _value: ExpressionId) {}

    pub(super) fn assign(&mut self, _task: u32, _field: FieldId, _value: ExpressionId) {}

    /// Counts up a fact of the case: by 1, or by an amount.
    pub(super) fn set_fact(&mut self, task: u32, fact: FactId, amount: ExpressionId) {
        let amount = if amount == Step::NOTHING { 1 } else { self.value(task, amount) };
        let Task { message, service, cause, .. } = self.tasks[task];
        let about = &self.messages[message];
        let (case, about) = (about.case, (about.number, about.message_type));
        let count = &mut self.counters[self.row.fact(case, fact.index())];
        let before = *count;
        *count = before.saturating_add(amount.clamp(0, i64::from(u16::MAX)) as u16);
        let kind = RecordKind::FactSet { fact, count: *count, before };
        self.tasks[task].cause = self.emit(cause, Some(case), Some(about), Place::Service(service), kind);
    }

    pub(super) fn store(&mut self, _task: u32, _cell: CellId, _value: ExpressionId) {}

    pub(super) fn forget_cell(&mut self, _task: u32, _cell: CellId) {}

    pub(super) fn measure(&mut self, _task: u32, _figure: FigureId, _value: ExpressionId) {}
}
