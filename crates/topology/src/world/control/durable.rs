//! Durable handlers: their progress is kept, and after a crash they go on where they were.

use kernel::Time;

use crate::world::World;
use crate::world::parts::{MessageState, Report, Task, TaskState};
use crate::{RecordKind, ServiceId, Step};

impl World {
    /// The beginning of a handler is kept: what a channel delivered is acknowledged, and the handler goes on with a
    /// copy of its own. Who called stays on the line.
    pub(super) fn keep_start(&mut self, task: u32) {
        let Task { message, .. } = self.tasks[task];
        if self.messages[message].tag.is_some() {
            let copy = self.copy(message);
            self.set_state(copy, MessageState::AtWork);
            self.tasks[task].message = copy;
            self.messages[message].report = Report::Sent;
            self.acknowledge(message, true);
        } else if self.messages[message].report == Report::Due {
            self.note_finished(message);
            self.messages[message].report = Report::Nothing;
        }
    }

    pub(in crate::world) fn is_durable(&self, task: u32) -> bool {
        self.control_of(task).is_some_and(|control| control.durable)
    }

    /// Whether whoever asked for what a durable handler does learned of a crash instead of an answer.
    pub(in crate::world) fn is_cut_off(&self, task: u32) -> bool {
        self.control_of(task).is_some_and(|control| control.cut_off)
    }

    /// The service of a durable handler crashes. Its asker learns of it at once, since the connection breaks.
    pub(in crate::world) fn suspend(&mut self, task: u32) {
        let Task { service, message, answered, .. } = self.tasks[task];
        if !answered {
            let cause = self.messages[message].cause;
            self.answer(message, false, cause);
            self.tasks[task].answered = true;
            self.control(task).cut_off = true;
        }
        if let Some(worker) = self.tasks[task].worker.take() {
            self.leave_loop(task);
            let state = &mut self.services[service.index()];
            state.workers[usize::from(worker)] = None;
            state.parked += 1;
        }
        self.control(task).left_loop = true;
        self.suspend_step(task);
    }

    /// Puts the step down at which a handler or a branch is, so that it is done again.
    fn suspend_step(&mut self, task: u32) {
        let Task { state, step, until, .. } = self.tasks[task];
        match state {
            TaskState::Working | TaskState::Waiting => self.tasks[task].step = self.beginning_of(step - 1),
            TaskState::Sleeping => {
                self.stop_listening(task);
                self.control(task).again = until;
                self.tasks[task].step = step - 1;
            }
            TaskState::Joining => self.control(task).rejoins = true,
            TaskState::Vacant | TaskState::Running | TaskState::Ready | TaskState::Suspended => {}
        }
        let doing = &mut self.tasks[task];
        (doing.state, doing.since, doing.until) = (TaskState::Suspended, self.now, Time::MAX);
        for branch in self.control(task).branches.clone() {
            if branch != Task::SIMPLE {
                self.suspend_step(branch);
            }
        }
    }

    /// What a call carries is said by the steps before it.
    fn beginning_of(&self, step: u32) -> u32 {
        let mut first = step;
        while let Some(before) = first.checked_sub(1)
            && matches!(self.plan.program[before as usize], Step::With { .. })
        {
            first = before;
        }
        first
    }

    /// The durable handlers of a service that has come up again go on, in the order in which they began.
    pub(in crate::world) fn resume_all(&mut self, service: ServiceId) {
        for task in self.in_order_of_beginning(service) {
            self.note(task, RecordKind::Resumed);
            match self.passed_level(task) {
                Some(level) => self.pass_deadline(task, level),
                None => self.go_on(task),
            }
        }
        self.serve(service);
    }

    /// A branch of a durable handler goes on.
    pub(super) fn resume_branch(&mut self, branch: u32) {
        if let Some(level) = self.passed_level(branch) {
            self.pass_deadline(branch, level);
        } else if self.control(branch).rejoins {
            self.rejoin(branch);
        } else {
            self.run_handler(branch);
        }
    }
}
