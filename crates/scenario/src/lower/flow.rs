//! The steps of handlers.

use topology::{Call, Expression, FieldId, Flow, MessageKind, PlanError, Sending, Target};

use super::Lowering;
use crate::diagnostic::At;
use crate::document::{self, Step, Values};
use crate::line::expression::Formula;

impl Lowering<'_> {
    pub(super) fn handlers(&mut self) -> Result<(), PlanError> {
        for handler in &self.whole.handlers {
            let service = self.service(&handler.service)?;
            let message = self.message(&handler.message.value);
            let flow = self.flow(&handler.steps)?;
            self.builder.handler_with(service, message, handler.habits, flow);
        }
        Ok(())
    }

    fn flow(&mut self, steps: &[At<Step>]) -> Result<Flow, PlanError> {
        steps.iter().try_fold(Flow::new(), |flow, step| self.step(flow, &step.value))
    }

    fn step(&mut self, mut flow: Flow, step: &Step) -> Result<Flow, PlanError> {
        match step {
            Step::Work { time, times: Some(times) } => {
                flow = flow.work_times(time.clone(), self.expression(&times.value));
            }
            Step::Work { time: Some(time), times: None } => flow = flow.work_for(time.clone()),
            Step::Work { time: None, times: None } => flow = flow.work(),
            Step::Call(call) => flow = flow.call_with(self.call(call)?),
            Step::Send(sending) => {
                let to = self.target(&sending.to)?;
                flow = flow.send_with(self.sending(sending, to, MessageKind::Command));
            }
            Step::Publish(sending) => {
                let to = Target::Channel(self.channel(&sending.to)?);
                flow = flow.send_with(self.sending(sending, to, MessageKind::Event));
            }
            Step::Reply(with) => flow = flow.reply_with(self.with(with)),
            Step::Set(values) => {
                for value in values {
                    let fact = self.fact(&value.name.value);
                    let amount = &value.value.value;
                    flow = match *amount == Formula::Number(1) {
                        true => flow.set(fact),
                        false => flow.set_by(fact, self.expression(amount)),
                    };
                }
            }
            Step::Let(values) => {
                for (field, value) in self.with(values) {
                    flow = flow.assign(field, value);
                }
            }
            Step::Store(values) | Step::Remember(values) => {
                for value in values {
                    flow = flow.store(self.cell(&value.name)?, self.expression(&value.value.value));
                }
            }
            Step::Forget(cell) => flow = flow.forget(self.cell(cell)?),
            Step::Measure(values) => {
                for value in values {
                    let figure = self.builder.figure(&value.name.value);
                    flow = flow.measure(figure, self.expression(&value.value.value));
                }
            }
            Step::If { condition, then, otherwise } => {
                let condition = self.expression(&condition.value);
                flow = flow.if_true(condition, self.flow(then)?, self.flow(otherwise)?);
            }
            Step::Chance { probability, then, otherwise } => {
                flow = flow.if_chance(*probability, self.flow(then)?, self.flow(otherwise)?);
            }
            Step::Wait { until: Some(until), time, otherwise } => {
                let until = self.expression(&until.value);
                flow = flow.wait(until, time.clone(), self.optional(otherwise.as_deref())?);
            }
            Step::Wait { until: None, time, .. } => {
                flow = time.iter().fold(flow, |flow, time| flow.pause(time.clone()));
            }
            Step::Try { steps, otherwise } => {
                flow = flow.attempt(self.flow(steps)?, self.flow(otherwise)?);
            }
            Step::Retry { policy, steps } => flow = flow.retry(policy.clone(), self.flow(steps)?),
            Step::Deadline { time, steps, otherwise } => {
                let steps = self.flow(steps)?;
                flow = flow.deadline(time.clone(), steps, self.optional(otherwise.as_deref())?);
            }
            Step::Parallel(branches) => {
                let mut flows = Vec::new();
                for steps in branches {
                    flows.push(self.flow(steps)?);
                }
                flow = flow.parallel(flows);
            }
            Step::Undo(steps) => flow = flow.undo(self.flow(steps)?),
            Step::Fail => flow = flow.fail(),
        }
        Ok(flow)
    }

    fn optional(&mut self, steps: Option<&[At<Step>]>) -> Result<Option<Flow>, PlanError> {
        steps.map(|steps| self.flow(steps)).transpose()
    }

    fn call(&mut self, call: &document::Call) -> Result<Call, PlanError> {
        let service = self.service(&call.to)?;
        let message = self.message(&call.send.value);
        let mut takes = Vec::new();
        for field in &call.take {
            takes.push(self.builder.field(&field.value));
        }
        Ok(Call {
            timeout: call.timeout,
            go_on: call.go_on,
            cancels: call.cancels,
            with: self.with(&call.with),
            takes,
            ..Call::new(service, message)
        })
    }

    fn sending(&mut self, sending: &document::Sending, to: Target, kind: MessageKind) -> Sending {
        let message_type = self.message(&sending.message.value);
        Sending { to, message_type, kind, after: sending.after.clone(), with: self.with(&sending.with) }
    }

    /// Fields with their values.
    fn with(&mut self, values: &Values) -> Vec<(FieldId, Expression)> {
        let mut fields = Vec::new();
        for value in values {
            fields.push((self.builder.field(&value.name.value), self.expression(&value.value.value)));
        }
        fields
    }
}
