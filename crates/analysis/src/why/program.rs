//! Handlers as they are written: which conditions decide whether a step is reached.

use topology::{
    CellId, Expression, ExpressionId, Place, Plan, Record, RecordKind, Scope, ServiceId, Step, Term, TypeId,
};

use super::missing::Deed;
use super::waiting::Waiter;
use super::{Inquiry, Root};
use crate::spelled;

/// A condition on which it depends whether a step is reached.
#[derive(Clone, Copy, Debug)]
enum Guard {
    /// It has to be true, or false.
    If(ExpressionId, bool),
    /// Chance decides, with this probability.
    Chance(f64),
}

impl<'r> Inquiry<'_, 'r> {
    /// A handler took a branch that does something: because of a condition, by chance, or always.
    pub(super) fn branch(
        &mut self,
        record: &'r Record,
        service: ServiceId,
        message_type: TypeId,
        does: &str,
        wanted: impl Fn(&Step) -> bool,
    ) {
        let (name, what) = (self.name(Place::Service(service)), self.type_name(message_type));
        let guards = self.guards(service, message_type, &wanted);
        let mut text = format!("the handler of {name} for {what} {does}");
        for guard in guards {
            match guard {
                Guard::Chance(probability) => {
                    text.push_str(&format!(" by chance, with {} %", percent(probability)))
                }
                Guard::If(condition, positive) => {
                    let condition = &self.plan.expressions[condition.index()];
                    if self.skewed(condition, service) || self.because_of(record, condition, positive) {
                        return;
                    }
                    // It looked at the clock: the time went somewhere.
                    if self.looks_at_the_clock(condition) {
                        self.in_progress(record, record.number, record.time, Waiter::Nobody);
                    }
                    if self.root.is_some() {
                        return;
                    }
                    let not = if positive { "" } else { "not " };
                    text.push_str(&format!(" if {not}{}", spelled(condition, self.plan)));
                }
            }
        }
        self.end(Root::Handler(service, message_type), text);
    }

    /// A handler did not take the branch that does something.
    pub(super) fn branch_not_taken(
        &mut self,
        record: &'r Record,
        service: ServiceId,
        message_type: TypeId,
        deed: &Deed,
    ) {
        let guards = self.guards(service, message_type, &|step| self.is_deed(step, deed));
        let (name, what) = (self.name(Place::Service(service)), self.type_name(message_type));
        let mut text = format!("the handler of {name} for {what} does it only");
        for &guard in &guards {
            match guard {
                Guard::Chance(probability) => {
                    text.push_str(&format!(" by chance, with {} %", percent(probability)))
                }
                Guard::If(condition, positive) => {
                    let condition = &self.plan.expressions[condition.index()];
                    let not = if positive { "" } else { "not " };
                    text.push_str(&format!(" if {not}{}", spelled(condition, self.plan)));
                    // It turned out the other way.
                    let skewed = self.skewed(condition, service);
                    if skewed || self.is_known(condition) && self.because_of(record, condition, !positive) {
                        return;
                    }
                }
            }
        }
        if guards.is_empty() {
            text = format!("the handler of {name} for {what} ends before it");
        }
        self.end(Root::Handler(service, message_type), text);
    }

    /// Whether the records tell what an expression was worth.
    fn is_known(&self, expression: &Expression) -> bool {
        let mut known = true;
        expression.terms(&mut |term| known &= matches!(term, Term::Fact(_) | Term::Cell(_)));
        known
    }

    /// The cells that decide whether a handler reaches a step.
    pub(super) fn cells_before(
        &self,
        service: ServiceId,
        message_type: TypeId,
        wanted: &dyn Fn(&Step) -> bool,
    ) -> Vec<CellId> {
        let mut cells = Vec::new();
        for guard in self.guards(service, message_type, wanted) {
            if let Guard::If(condition, _) = guard {
                self.plan.expressions[condition.index()].terms(&mut |term| {
                    if let Term::Cell(cell) = term {
                        cells.push(cell);
                    }
                });
            }
        }
        cells
    }

    /// The conditions that decide whether a handler reaches a step, in its order.
    fn guards(&self, service: ServiceId, message_type: TypeId, wanted: &dyn Fn(&Step) -> bool) -> Vec<Guard> {
        let mut guards = Vec::new();
        let Some(handler) = self.plan.handler(service, message_type) else { return guards };
        let steps: Vec<(u32, &Step)> = self.story.steps(handler).collect();
        for &(at, step) in &steps {
            let (Step::If { otherwise, .. } | Step::IfChance { otherwise, .. }) = *step else { continue };
            let then = at + 1;
            let leads = |from: u32| leads(self.plan, &steps, from, wanted);
            let guard = match (leads(then), leads(otherwise), *step) {
                (true, false, Step::If { condition, .. }) => Guard::If(condition, true),
                (false, true, Step::If { condition, .. }) => Guard::If(condition, false),
                (true, false, Step::IfChance { probability, .. }) => Guard::Chance(probability),
                (false, true, Step::IfChance { probability, .. }) => Guard::Chance(1.0 - probability),
                (_, _, _) => continue,
            };
            guards.push(guard);
        }
        guards
    }

    fn looks_at_the_clock(&self, condition: &Expression) -> bool {
        let mut looks = false;
        condition.terms(&mut |term| looks |= term == Term::Now);
        looks
    }

    /// Whether a condition looks at a clock that is wrong: the service's own, or that of who wrote what it compares.
    fn skewed(&mut self, condition: &Expression, service: ServiceId) -> bool {
        let Some(wrong) = self.wrong_clock(condition, service, 3) else { return false };
        let plan = &self.plan.services[wrong.index()];
        let (way, by) = if plan.clock < 0 { ("behind", -plan.clock) } else { ("ahead", plan.clock) };
        let text = format!(
            "the clock of {} is {by} ms {way}, and {} compares times: {}",
            plan.name,
            self.name(Place::Service(service)),
            spelled(condition, self.plan)
        );
        self.end(Root::Service(wrong), text);
        true
    }

    fn wrong_clock(&self, expression: &Expression, service: ServiceId, depth: u8) -> Option<ServiceId> {
        let mut wrong = None;
        expression.terms(&mut |term| {
            let found = match term {
                Term::Now => (self.plan.services[service.index()].clock != 0).then_some(service),
                Term::Field(_) | Term::Cell(_) if depth > 0 => {
                    self.plan.handlers.iter().find_map(|handler| {
                        let mut values =
                            self.story.steps(handler).filter_map(|(_, step)| written(step, term));
                        values.find_map(|value| {
                            let value = self.plan.expressions.get(value.index())?;
                            self.wrong_clock(value, handler.service, depth - 1)
                        })
                    })
                }
                Term::Field(_)
                | Term::Cell(_)
                | Term::Fact(_)
                | Term::Figure(_)
                | Term::Client(_)
                | Term::Delivery
                | Term::Abandoned
                | Term::Answered
                | Term::Refused
                | Term::GaveUp
                | Term::Requests
                | Term::Messages => None,
            };
            wrong = wrong.or(found);
        });
        wrong
    }

    /// The value of a cell for a case when a record was made.
    pub(super) fn cell_at(&self, record: &Record, cell: CellId) -> i64 {
        let plan = &self.plan.cells[cell.index()];
        self.last_stored(record, cell).map_or(i64::from(plan.starts), |(_, value)| i64::from(value))
    }

    /// What was kept last in a cell, for the case of a record or its key, before the record.
    pub(super) fn last_stored(&self, record: &Record, cell: CellId) -> Option<(&'r Record, i32)> {
        let own = self.key_of(record.case);
        let before = self.story.records.iter().rev().filter(|it| it.number < record.number);
        let mut stored = before.filter_map(|it| {
            let RecordKind::Stored { cell: other, key, value, .. } = it.kind else { return None };
            (other == cell).then_some((it, key, value))
        });
        let found = stored.find(|&(it, key, _)| match self.plan.cells[cell.index()].per {
            Scope::Case => it.case == record.case,
            Scope::Key => it.case == record.case || own == Some(key),
            Scope::Service => true,
        });
        found.map(|(it, _, value)| (it, value))
    }

    /// What a case is about, where it is not a key of its own.
    pub(super) fn key_of(&self, case: u32) -> Option<u32> {
        let RecordKind::CaseStarted { key, .. } = self.story.case(case).next()?.kind else { return None };
        (key != Record::NONE).then_some(key)
    }
}

/// Whether a handler that goes on at a step may come to a wanted one.
fn leads(plan: &Plan, steps: &[(u32, &Step)], from: u32, wanted: &dyn Fn(&Step) -> bool) -> bool {
    let Some(&(first, _)) = steps.first() else { return false };
    let mut seen = vec![false; steps.len()];
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == Step::FAIL {
            if wanted(&Step::Fail) {
                return true;
            }
            continue;
        }
        let Some(index) = at.checked_sub(first).map(|it| it as usize).filter(|&it| it < steps.len()) else {
            continue;
        };
        if std::mem::replace(&mut seen[index], true) {
            continue;
        }
        let step = steps[index].1;
        if wanted(step) {
            return true;
        }
        let mut step = *step;
        let refused = matches!(step, Step::Send { on_error: Step::FAIL, .. });
        // A send that fails is a loss, which is found before any step is looked for.
        open.extend(step.target().copied().filter(|_| !refused));
        if let Step::Fork { branches, .. } = step {
            open.extend(plan.forks.get(usize::from(branches)).into_iter().flatten().copied());
        }
        if let Step::Retry { back, .. } = step {
            open.push(back);
        }
        if step.falls_through() {
            open.push(at + 1);
        }
    }
    false
}

/// What a step writes into a field or a cell.
fn written(step: &Step, term: Term) -> Option<ExpressionId> {
    if let Step::With { field, value } | Step::Let { field, value } = *step
        && term == Term::Field(field)
    {
        return Some(value);
    }
    let Step::Store { cell, value } = *step else { return None };
    (term == Term::Cell(cell)).then_some(value)
}

fn percent(probability: f64) -> f64 {
    (probability * 1e5).round() / 1e3
}
