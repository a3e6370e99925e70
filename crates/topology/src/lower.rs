//! Lowering: from a handler's tree of steps to one list with jumps.
//!
//! Where a step goes on when it fails is known here, since blocks stand in one another as they are written. So a
//! block costs nothing while nothing fails. Targets that are not known yet are labels, which are resolved when the
//! handler is complete.

use kernel::{Distribution, Span};

use crate::builder::{PlanBuilder, PlanError};
use crate::flow::Node;
use crate::{Expression, ExpressionId, FieldId, Flow, Place, ServiceId, Step, Target};

/// Marks a target as a label.
const LABEL: u32 = 1 << 31;

/// What stands around a step.
struct Block<'f> {
    /// Where a step goes on that fails.
    fail: u32,
    /// How many steps `retry` and `deadline` stand around it.
    retries: u8,
    deadlines: u8,
    /// What was done in this block and may have to be undone.
    undos: Vec<(u8, &'f Flow)>,
}

impl<'f> Block<'f> {
    /// A block inside of this one.
    fn inner(&self, fail: u32) -> Self {
        Block { fail, undos: Vec::new(), retries: self.retries, deadlines: self.deadlines }
    }
}

struct Lowering<'b> {
    builder: &'b mut PlanBuilder,
    service: ServiceId,
    /// The step that each label stands for.
    labels: Vec<u32>,
    /// How many things of the handler can be undone.
    undos: usize,
}

/// Adds the steps of a handler to the program, [`Step::End`] included.
pub(crate) fn lower(builder: &mut PlanBuilder, service: ServiceId, flow: &Flow) -> Result<(), PlanError> {
    let (start, forks) = (builder.plan.program.len(), builder.plan.forks.len());
    let mut lowering = Lowering { builder, service, labels: Vec::new(), undos: 0 };
    lowering.handler(flow)?;
    let labels = lowering.labels;
    let resolve = |target: &mut u32| {
        if *target != Step::FAIL && *target & LABEL != 0 {
            *target = labels[(*target & !LABEL) as usize];
        }
    };
    builder.plan.program[start..].iter_mut().filter_map(Step::target).for_each(resolve);
    builder.plan.forks[forks..].iter_mut().flatten().for_each(resolve);
    Ok(())
}

impl Lowering<'_> {
    fn handler(&mut self, flow: &Flow) -> Result<(), PlanError> {
        let mut block = Block { fail: Step::FAIL, retries: 0, deadlines: 0, undos: Vec::new() };
        let mut undoes = false;
        flow.visit(&mut |node| undoes |= matches!(node, Node::Undo(_)));
        let unwind = if undoes { self.label() } else { Step::FAIL };
        block.fail = unwind;
        self.flow(flow, &mut block)?;
        self.push(Step::End);
        if unwind != Step::FAIL {
            self.place(unwind);
            self.unwind(&block)?;
            self.push(Step::Fail);
        }
        Ok(())
    }

    fn flow<'f>(&mut self, flow: &'f Flow, block: &mut Block<'f>) -> Result<(), PlanError> {
        flow.0.iter().try_for_each(|node| self.node(node, block))
    }

    fn node<'f>(&mut self, node: &'f Node, block: &mut Block<'f>) -> Result<(), PlanError> {
        match node {
            Node::Work { time, times } => {
                let usual = &self.builder.plan.services[self.service.index()].work;
                let time = time.clone().unwrap_or_else(|| usual.clone());
                let (time, times) = (self.time(time), self.expression(times.as_ref()));
                self.push(Step::Work { time, times });
            }
            Node::Call(call) => {
                self.with(&call.with);
                let route = self.builder.route(Place::Service(self.service), Place::Service(call.to));
                let timeout = call.timeout.unwrap_or(Span::ZERO);
                let next = self.builder.plan.program.len() as u32 + 1;
                let on_error = if call.go_on { next } else { block.fail };
                let (message_type, cancels) = (call.message_type, call.cancels);
                let takes = self.takes(&call.takes);
                self.push(Step::Call { route, message_type, timeout, on_error, takes, cancels });
            }
            Node::Send(sending) => {
                self.with(&sending.with);
                let route = self.builder.route(Place::Service(self.service), sending.to.into());
                let after = sending.after.clone().map_or(u16::MAX, |after| self.time(after));
                // What leaves later, or goes straight to a service, does not fail.
                let refusable = sending.after.is_none() && matches!(sending.to, Target::Channel(_));
                let on_error = if refusable { block.fail } else { Step::FAIL };
                let message_type = sending.message_type;
                self.push(Step::Send { route, message_type, after, on_error });
            }
            Node::Reply(with) => {
                self.with(with);
                self.push(Step::Reply);
            }
            Node::Set { fact, amount } => {
                let amount = self.expression(amount.as_ref());
                self.push(Step::Set { fact: *fact, amount });
            }
            Node::Let(field, value) => {
                let value = self.expression(Some(value));
                self.push(Step::Let { field: *field, value });
            }
            Node::Store(cell, value) => {
                let value = self.expression(Some(value));
                self.push(Step::Store { cell: *cell, value });
            }
            Node::Forget(cell) => self.push(Step::Forget { cell: *cell }),
            Node::Measure(figure, value) => {
                let value = self.expression(Some(value));
                self.push(Step::Measure { figure: *figure, value });
            }
            Node::If { condition, then, otherwise } => {
                let (condition, other) = (self.expression(Some(condition)), self.label());
                self.push(Step::If { condition, otherwise: other });
                self.flow(then, block)?;
                self.otherwise(other, Some(otherwise), block)?;
            }
            Node::IfChance { probability, then, otherwise } => {
                let other = self.label();
                self.push(Step::IfChance { probability: *probability, otherwise: other });
                self.flow(then, block)?;
                self.otherwise(other, Some(otherwise), block)?;
            }
            Node::Wait { until, time, otherwise } => {
                let time = time.clone().map_or(u16::MAX, |time| self.time(time));
                let until = self.expression(until.as_ref());
                let other = if otherwise.is_some() { self.label() } else { block.fail };
                self.push(Step::Wait { until, time, otherwise: other });
                self.otherwise(other, otherwise.as_ref(), block)?;
            }
            Node::Try { steps, otherwise } => self.attempt(steps, otherwise, block)?,
            Node::Retry { policy, steps } => {
                let level = self.level(block.retries, "retry")?;
                let number = self.builder.plan.retries.len() as u16;
                self.builder.plan.retries.push(policy.clone());
                self.push(Step::Begin { policy: number, level });
                let back = self.builder.plan.program.len() as u32;
                let (again, after) = (self.label(), self.label());
                let inner = Block { retries: level + 1, ..block.inner(again) };
                self.inside(steps, inner, block)?;
                self.push(Step::Jump { to: after });
                self.place(again);
                self.push(Step::Retry { policy: number, level, back, give_up: block.fail });
                self.place(after);
            }
            Node::Deadline { time, steps, otherwise } => {
                let level = self.level(block.deadlines, "deadline")?;
                let time = self.time(time.clone());
                let other = if otherwise.is_some() { self.label() } else { block.fail };
                self.push(Step::Deadline { time, level, otherwise: other });
                let failed = if block.fail == Step::FAIL { Step::FAIL } else { self.label() };
                let inner = Block { deadlines: level + 1, ..block.inner(failed) };
                self.inside(steps, inner, block)?;
                self.push(Step::InTime { level });
                if failed != Step::FAIL {
                    let after = self.label();
                    self.push(Step::Jump { to: after });
                    self.place(failed);
                    self.push(Step::InTime { level });
                    self.push(Step::Jump { to: block.fail });
                    self.place(after);
                }
                self.otherwise(other, otherwise.as_ref(), block)?;
            }
            Node::Parallel(branches) => self.parallel(branches, block)?,
            Node::Undo(steps) => {
                if self.undos == Step::UNDOS_MAX {
                    let message = format!("a handler can undo at most {} things", Step::UNDOS_MAX);
                    return Err(PlanError(message));
                }
                let number = self.undos as u8;
                self.undos += 1;
                block.undos.push((number, steps));
                self.push(Step::Done { number });
            }
            Node::Fail => self.jump(block.fail),
        }
        Ok(())
    }

    /// The other way, after the steps of the first; nothing if there is none.
    fn otherwise<'f>(
        &mut self,
        label: u32,
        flow: Option<&'f Flow>,
        block: &mut Block<'f>,
    ) -> Result<(), PlanError> {
        let Some(flow) = flow else { return Ok(()) };
        let after = self.label();
        self.push(Step::Jump { to: after });
        self.place(label);
        self.flow(flow, block)?;
        self.place(after);
        Ok(())
    }

    /// Steps in a block of their own. What they did can be undone by the block around them.
    fn inside<'f>(
        &mut self,
        steps: &'f Flow,
        mut inner: Block<'f>,
        outer: &mut Block<'f>,
    ) -> Result<(), PlanError> {
        self.flow(steps, &mut inner)?;
        outer.undos.append(&mut inner.undos);
        Ok(())
    }

    fn attempt<'f>(
        &mut self,
        steps: &'f Flow,
        otherwise: &'f Flow,
        block: &mut Block<'f>,
    ) -> Result<(), PlanError> {
        let (failed, after) = (self.label(), self.label());
        let mut inner = block.inner(failed);
        self.flow(steps, &mut inner)?;
        self.push(Step::Jump { to: after });
        self.place(failed);
        self.unwind(&inner)?;
        self.flow(otherwise, block)?;
        self.place(after);
        block.undos.append(&mut inner.undos);
        Ok(())
    }

    fn parallel<'f>(&mut self, branches: &'f [Flow], block: &mut Block<'f>) -> Result<(), PlanError> {
        let (number, after) = (self.builder.plan.forks.len(), self.label());
        let labels: Vec<u32> = branches.iter().map(|_| self.label()).collect();
        self.builder.plan.forks.push(labels.clone());
        self.push(Step::Fork { branches: number as u16, on_error: block.fail });
        self.push(Step::Jump { to: after });
        for (branch, label) in branches.iter().zip(labels) {
            self.place(label);
            // A branch that fails ends there; the fork says what comes of it.
            self.inside(branch, block.inner(Step::FAIL), block)?;
            self.push(Step::Joined);
        }
        self.place(after);
        Ok(())
    }

    /// Undoes what was done, the last first. What cannot be undone is left, and the rest undone.
    fn unwind(&mut self, block: &Block<'_>) -> Result<(), PlanError> {
        for (number, steps) in block.undos.iter().rev() {
            let next = self.label();
            self.push(Step::Undo { number: *number, otherwise: next });
            self.flow(steps, &mut block.inner(next))?;
            self.place(next);
        }
        Ok(())
    }

    fn level(&self, around: u8, what: &str) -> Result<u8, PlanError> {
        if usize::from(around) == Step::LEVELS_MAX {
            let most = Step::LEVELS_MAX;
            return Err(PlanError(format!("steps `{what}` can stand in one another {most} deep")));
        }
        Ok(around)
    }

    fn push(&mut self, step: Step) {
        self.builder.plan.program.push(step);
    }

    fn jump(&mut self, to: u32) {
        self.push(if to == Step::FAIL { Step::Fail } else { Step::Jump { to } });
    }

    fn label(&mut self) -> u32 {
        self.labels.push(Step::FAIL);
        LABEL | (self.labels.len() as u32 - 1)
    }

    /// The label stands for the next step.
    fn place(&mut self, label: u32) {
        self.labels[(label & !LABEL) as usize] = self.builder.plan.program.len() as u32;
    }

    fn with(&mut self, fields: &[(FieldId, Expression)]) {
        for (field, value) in fields {
            let value = self.expression(Some(value));
            self.push(Step::With { field: *field, value });
        }
    }

    fn time(&mut self, time: Distribution) -> u16 {
        number_of(&mut self.builder.plan.works, time)
    }

    fn expression(&mut self, expression: Option<&Expression>) -> ExpressionId {
        let Some(expression) = expression else { return Step::NOTHING };
        ExpressionId(number_of(&mut self.builder.plan.expressions, expression.clone()))
    }

    fn takes(&mut self, fields: &[FieldId]) -> u16 {
        if fields.is_empty() {
            return u16::MAX;
        }
        number_of(&mut self.builder.plan.takes, fields.to_vec())
    }
}

/// The number of a value in a list, to which it is added if it is new.
fn number_of<T: PartialEq>(list: &mut Vec<T>, value: T) -> u16 {
    let known = list.iter().position(|known| *known == value);
    known.unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    }) as u16
}

impl Step {
    /// Where the step may go on instead of at the next.
    pub fn target(&mut self) -> Option<&mut u32> {
        match self {
            Step::Call { on_error: target, .. }
            | Step::Send { on_error: target, .. }
            | Step::If { otherwise: target, .. }
            | Step::IfChance { otherwise: target, .. }
            | Step::Wait { otherwise: target, .. }
            | Step::Retry { give_up: target, .. }
            | Step::Deadline { otherwise: target, .. }
            | Step::Fork { on_error: target, .. }
            | Step::Undo { otherwise: target, .. }
            | Step::Jump { to: target } => Some(target),
            Step::Work { .. }
            | Step::With { .. }
            | Step::Let { .. }
            | Step::Reply
            | Step::Set { .. }
            | Step::Store { .. }
            | Step::Forget { .. }
            | Step::Measure { .. }
            | Step::Begin { .. }
            | Step::InTime { .. }
            | Step::Joined
            | Step::Done { .. }
            | Step::Fail
            | Step::End => None,
        }
    }

    /// Whether the next step in the list may come after it.
    pub fn falls_through(&self) -> bool {
        let ends =
            matches!(self, Step::Jump { .. } | Step::Retry { .. } | Step::Joined | Step::Fail | Step::End);
        !ends
    }
}
