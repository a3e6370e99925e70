//! Handlers: a worker runs a program of steps until one takes time.

use kernel::{Span, Time};

use super::parts::{Asked, Asker, Happening, Task, TaskState};
use super::travel::Draft;
use super::values::Carries;
use super::{Halt, World};
use crate::{ExpressionId, MessageKind, Place, RouteId, Step, TypeId};

impl World {
    /// The greatest number of steps of a handler that take no time: more means that it would never end.
    pub const STEPS_WITHOUT_TIME_MAX: u32 = 1_000_000;

    /// Runs the handler of a task from its next step until one takes time, or it is done.
    #[inline]
    pub(super) fn run_handler(&mut self, task: u32) {
        self.tasks[task].state = TaskState::Running;
        for _ in 0..Self::STEPS_WITHOUT_TIME_MAX {
            let at = self.tasks[task].step;
            let step = self.plan.program[at as usize];
            self.tasks[task].step = at + 1;
            match step {
                Step::Work { time, times } => {
                    if self.work(task, time, times) {
                        return;
                    }
                }
                Step::Call { route, message_type, timeout, on_error, takes, cancels } => {
                    let until = if timeout.nanos() == 0 { Time::MAX } else { self.now + timeout };
                    let asked = Asked { on_error, takes, cancels };
                    return self.call(task, route, message_type, until, asked);
                }
                Step::Send { route, message_type, after, on_error } => {
                    if !self.send_from(task, route, message_type, after) {
                        if on_error == Step::FAIL {
                            return self.fail(task);
                        }
                        self.tasks[task].step = on_error;
                    }
                }
                Step::With { field, value } => self.carry(task, field, value),
                Step::Let { field, value } => self.assign(task, field, value),
                Step::Reply => self.reply(task),
                Step::Set { fact, amount } => self.set_fact(task, fact, amount),
                Step::Store { cell, value } => self.store(task, cell, value),
                Step::Forget { cell } => self.forget_cell(task, cell),
                Step::Measure { figure, value } => self.measure(task, figure, value),
                Step::If { condition, otherwise } => {
                    if self.value(task, condition) == 0 {
                        self.tasks[task].step = otherwise;
                    }
                }
                Step::IfChance { probability, otherwise } => {
                    if !self.branch_luck(task, at, probability) {
                        self.tasks[task].step = otherwise;
                    }
                }
                Step::Wait { until, time, .. } => {
                    if !self.wait(task, until, time) {
                        return;
                    }
                }
                Step::Begin { policy, level } => self.begin_attempts(task, policy, level),
                Step::Retry { policy, level, back, give_up } => {
                    if !self.retry(task, policy, level, (back, give_up)) {
                        return;
                    }
                }
                Step::Deadline { time, level, otherwise } => {
                    self.begin_deadline(task, time, level, otherwise);
                }
                Step::InTime { level } => self.end_deadline(task, level),
                Step::Fork { branches, on_error } => {
                    if !self.fork(task, branches, on_error) {
                        return;
                    }
                }
                Step::Joined => return self.joined(task),
                Step::Done { number } => self.note_done(task, number),
                Step::Undo { number, otherwise } => {
                    if !self.undoes(task, number) {
                        self.tasks[task].step = otherwise;
                    }
                }
                Step::Jump { to } => self.tasks[task].step = to,
                Step::Fail => return self.fail(task),
                Step::End => return self.finish(task),
            }
        }
        self.halt(Halt::Standstill, Place::Service(self.tasks[task].service));
        self.fail(task);
    }

    /// Keeps the worker busy. Returns whether that takes time.
    #[inline]
    fn work(&mut self, task: u32, time: u16, times: ExpressionId) -> bool {
        let span = self.drawn_time(task, time);
        let factor = self.services[self.tasks[task].service.index()].factor;
        let mut span = if factor == 1.0 { span } else { span.scaled(f64::from(factor)) };
        if times != Step::NOTHING {
            let times = self.value(task, times);
            if times <= 0 {
                return false;
            }
            span = span.scaled(times as f64);
        }
        let until = self.now + span;
        let doing = &mut self.tasks[task];
        (doing.state, doing.since, doing.until) = (TaskState::Working, self.now, until);
        self.schedule(until, Happening::Worked(task));
        true
    }

    /// A time out of [`crate::Plan::works`]. Chance is keyed by the service, the case and how often it drew before.
    #[inline(always)]
    fn drawn_time(&mut self, task: u32, time: u16) -> Span {
        let Task { service, message, .. } = self.tasks[task];
        let case = self.messages[message].case;
        let turn = self.count(self.row.works(case, service.index()));
        let draw = self.luck(Place::Service(service)).work.draw(self.cases[case].key, turn);
        self.plan.works[usize::from(time)].sample(draw)
    }

    fn call(&mut self, task: u32, route: RouteId, message_type: TypeId, until: Time, asked: Asked) {
        let Task { message, cause, .. } = self.tasks[task];
        let case = self.messages[message].case;
        let request = self.messages_made;
        let doing = &mut self.tasks[task];
        (doing.state, doing.since, doing.until) = (TaskState::Waiting, self.now, until);
        (doing.request, doing.route, doing.asked) = (request, route, asked);
        let asker = Asker::Task { slot: task, request };
        let draft = Draft::new(case, route, message_type, MessageKind::Command, cause);
        self.send(Draft { asker, carries: Carries::Task(task), ..draft });
        if until < Time::MAX {
            self.schedule(until, Happening::Timeout(task));
        }
        self.rest(task);
    }

    /// Sends something that nobody waits for an answer to. Returns whether that worked, as far as the sender can tell.
    #[inline]
    fn send_from(&mut self, task: u32, route: RouteId, message_type: TypeId, after: u16) -> bool {
        let Task { message, cause, .. } = self.tasks[task];
        let kind = self.plan.types[message_type.index()].kind;
        let draft = Draft::new(self.messages[message].case, route, message_type, kind, cause);
        let draft = Draft { carries: Carries::Task(task), ..draft };
        if after != u16::MAX {
            let at = self.now + self.drawn_time(task, after);
            self.send_later(draft, at);
            return true;
        }
        if self.is_refused(route) {
            self.send_in_vain(draft);
            // The task's own message keeps the case alive, so that the loss is the last record.
            self.tasks[task].cause = self.records_made;
            return false;
        }
        self.send(draft);
        true
    }

    fn reply(&mut self, task: u32) {
        let handler = self.handler_of(task);
        let Task { message, cause, .. } = self.tasks[task];
        if !std::mem::replace(&mut self.tasks[handler].answered, true) {
            self.answer_with(message, true, Carries::Task(task), cause);
        }
        self.carry_nothing();
    }

    /// Chance is keyed by the service, the case and how often it has branched; the step tells branches of
    /// one handler apart.
    fn branch_luck(&mut self, task: u32, step: u32, probability: f64) -> bool {
        let Task { service, message, .. } = self.tasks[task];
        let case = self.messages[message].case;
        let turn = self.count(self.row.works(case, service.index()));
        let start = self.plan.handler(service, self.messages[message].message_type).map_or(0, |it| it.start);
        let attempt = u64::from(step - start) << 32 | turn;
        self.luck(Place::Service(service)).branch.draw(self.cases[case].key, attempt).chance(probability)
    }

    /// Something failed: the handler goes on where its step says, or fails as well.
    pub(super) fn go_on_after_error(&mut self, task: u32, on_error: u32) {
        if on_error == Step::FAIL {
            self.fail(task);
        } else {
            self.tasks[task].step = on_error;
            self.go_on(task);
        }
    }
}
