//! Handlers: a worker runs a program of steps until one takes time.

use kernel::Time;

use super::World;
use super::parts::{Asker, Happening, Task, TaskState};
use super::travel::Draft;
use crate::{FactId, MessageKind, Place, RecordKind, RouteId, Step, TypeId};

/// After so many steps that take no time a handler is stopped, because it would never end.
const STEPS_WITHOUT_TIME_MAX: u32 = 1_000_000;

impl World {
    /// Runs the handler of a task from its next step until one takes time, or it is done.
    #[inline]
    pub(super) fn run_handler(&mut self, task: u32) {
        self.tasks[task].state = TaskState::Running;
        for _ in 0..STEPS_WITHOUT_TIME_MAX {
            let at = self.tasks[task].step;
            let step = self.plan.program[at as usize];
            self.tasks[task].step = at + 1;
            match step {
                Step::Work { time } => return self.work(task, time),
                Step::Call { route, message_type, timeout, on_error } => {
                    let until = if timeout.nanos() == 0 { Time::MAX } else { self.now + timeout };
                    return self.call(task, route, message_type, until, on_error);
                }
                Step::Send { route, message_type } => self.send_from(task, route, message_type),
                Step::Reply => self.reply(task),
                Step::Set { fact } => self.set_fact(task, fact),
                Step::IfFact { fact, at_least, otherwise } => {
                    let case = self.messages[self.tasks[task].message].case;
                    if self.counters[self.row.fact(case, fact.index())] < at_least {
                        self.tasks[task].step = otherwise;
                    }
                }
                Step::IfChance { probability, otherwise } => {
                    if !self.branch_luck(task, at, probability) {
                        self.tasks[task].step = otherwise;
                    }
                }
                Step::Jump { to } => self.tasks[task].step = to,
                Step::Fail => return self.fail(task),
                Step::End => return self.finish(task),
            }
        }
        self.fail(task);
    }

    #[inline]
    fn work(&mut self, task: u32, time: u16) {
        let Task { service, message, .. } = self.tasks[task];
        let case = self.messages[message].case;
        let turn = self.count(self.row.works(case, service.index()));
        let draw = self.luck(Place::Service(service)).work.draw(self.cases[case].key, turn);
        let span = self.plan.works[usize::from(time)].sample(draw);
        let factor = self.services[service.index()].factor;
        let span = if factor == 1.0 { span } else { span.scaled(f64::from(factor)) };
        let until = self.now + span;
        let doing = &mut self.tasks[task];
        (doing.state, doing.since, doing.until) = (TaskState::Working, self.now, until);
        self.schedule(until, Happening::Worked(task));
    }

    fn call(&mut self, task: u32, route: RouteId, message_type: TypeId, until: Time, on_error: u32) {
        let Task { message, cause, .. } = self.tasks[task];
        let case = self.messages[message].case;
        let request = self.messages_made;
        let doing = &mut self.tasks[task];
        (doing.state, doing.since, doing.until) = (TaskState::Waiting, self.now, until);
        (doing.request, doing.route, doing.on_error) = (request, route, on_error);
        let asker = Asker::Task { slot: task, request };
        self.send(Draft { asker, ..Draft::new(case, route, message_type, MessageKind::Command, cause) });
        if until < Time::MAX {
            self.schedule(until, Happening::Timeout(task));
        }
    }

    #[inline]
    fn send_from(&mut self, task: u32, route: RouteId, message_type: TypeId) {
        let Task { message, cause, .. } = self.tasks[task];
        let kind = self.plan.types[message_type.index()].kind;
        self.send(Draft::new(self.messages[message].case, route, message_type, kind, cause));
    }

    fn reply(&mut self, task: u32) {
        let Task { message, answered, cause, .. } = self.tasks[task];
        if !answered {
            self.tasks[task].answered = true;
            self.answer(message, true, cause);
        }
    }

    fn set_fact(&mut self, task: u32, fact: FactId) {
        let Task { message, service, cause, .. } = self.tasks[task];
        let about = &self.messages[message];
        let (case, about) = (about.case, (about.number, about.message_type));
        let count = &mut self.counters[self.row.fact(case, fact.index())];
        *count = count.saturating_add(1);
        let kind = RecordKind::FactSet { fact, count: *count };
        self.tasks[task].cause = self.emit(cause, Some(case), Some(about), Place::Service(service), kind);
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

    /// A call failed: the handler goes on where the call says, or fails as well.
    pub(super) fn go_on_after_error(&mut self, task: u32, on_error: u32) {
        if on_error == Step::FAIL {
            self.fail(task);
        } else {
            self.tasks[task].step = on_error;
            self.run_handler(task);
        }
    }
}
