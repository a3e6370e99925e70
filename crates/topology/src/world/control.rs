//! Control: handlers that wait, try again, have deadlines, branch out, undo what they did, and outlive a crash.
//!
//! ```text
//!            work, call, wait, retry, fork
//!  Running --------------------------------> Working, Waiting, Sleeping, Joining
//!     ^                                          |        |          |
//!     |  a worker is free                        |        | it holds no worker
//!     +------------------------- Ready <---------+--------+
//!     |                                          |
//!     +---------- Suspended (crash) <------------+ durable
//! ```
//!
//! A handler at rest has its next step behind the one at which it rests: `program[step - 1]` says for what it waits.
//! What only some handlers need lies in a [`Control`] beside the tasks, so that the others pay for its number only.

mod branches;
mod cancellation;
mod deadlines;
mod durable;
mod retries;
mod waits;

use std::collections::BTreeMap;

use kernel::{Span, Time};

use super::World;
use super::parts::{Happening, ServiceState, Task, TaskState};
use crate::{Place, ServiceId, Step};
pub(super) use waits::Waiters;

/// What a handler needs that waits, tries again, has deadlines, branches, or is run in another way than most.
#[derive(Clone, Debug)]
pub(super) struct Control {
    /// The handler whose branch this is, or [`Task::SIMPLE`].
    parent: u32,
    /// Its branches in their order; [`Task::SIMPLE`] in place of one that is done.
    branches: Vec<u32>,
    /// How many of them are not done.
    open: u32,
    /// Which branch of its handler it is.
    place: u32,
    /// Whether one of them failed while others began.
    broken: bool,
    released: bool,
    durable: bool,
    /// Whether it has given its worker back, so that the loop of its consumer went on without it.
    left_loop: bool,
    /// Whether it waits for its branches as soon as it has a worker again.
    rejoins: bool,
    /// Whether a crash broke the connection to whoever asked: they were told no, and do not wait any more.
    cut_off: bool,
    /// The attempt that is being made, by level.
    attempts: [u32; Step::LEVELS_MAX],
    /// By level.
    deadlines: [Deadline; Step::LEVELS_MAX],
    /// What was done that can be undone, one bit for each.
    done: u64,
    /// When the wait is over with which it begins anew; [`Time::MAX`]: there is none.
    again: Time,
    /// When something that it waits for is forgotten; [`Time::MAX`]: it has not to look again by itself.
    looks_again: Time,
    /// The number of the record with which its wait began.
    ticket: u64,
    /// The number of the record with which it began.
    began: u64,
}

#[derive(Clone, Copy, Debug)]
struct Deadline {
    /// [`Time::MAX`]: there is none.
    at: Time,
    /// Where the handler goes on when it passes.
    otherwise: u32,
}

impl Deadline {
    const NONE: Deadline = Deadline { at: Time::MAX, otherwise: Step::FAIL };
}

impl World {
    /// What a task has beyond the usual, if anything.
    #[inline]
    fn control_of(&self, task: u32) -> Option<&Control> {
        let control = self.tasks[task].control;
        (control != Task::SIMPLE).then(|| &self.controls[control])
    }

    /// The same, which it has from now on.
    fn control(&mut self, task: u32) -> &mut Control {
        if self.tasks[task].control == Task::SIMPLE {
            self.tasks[task].control = self.controls.insert(Control {
                parent: Task::SIMPLE,
                branches: Vec::new(),
                open: 0,
                place: 0,
                broken: false,
                released: false,
                durable: false,
                left_loop: false,
                rejoins: false,
                cut_off: false,
                attempts: [1; Step::LEVELS_MAX],
                deadlines: [Deadline::NONE; Step::LEVELS_MAX],
                done: 0,
                again: Time::MAX,
                looks_again: Time::MAX,
                ticket: 0,
                began: self.tasks[task].cause,
            });
        }
        let control = self.tasks[task].control;
        &mut self.controls[control]
    }

    /// The handlers of a service: those that hold a worker, in the order of the workers, and then the others.
    pub(super) fn handlers_of(&self, service: ServiceId) -> Vec<u32> {
        let workers = self.services[service.index()].workers.iter();
        workers.flatten().copied().chain(self.in_order_of_beginning(service)).collect()
    }

    /// The handlers of a service that hold no worker, first to begin first.
    pub(super) fn in_order_of_beginning(&self, service: ServiceId) -> Vec<u32> {
        // Most services have none, and all tasks would be looked at.
        if self.services[service.index()].parked == 0 {
            return Vec::new();
        }
        let mut order: BTreeMap<u64, u32> = BTreeMap::new();
        for (slot, task) in self.tasks.iter() {
            let parked = task.worker.is_none() && task.state != TaskState::Vacant;
            if let Some(control) = self.control_of(slot)
                && parked
                && task.service == service
                && control.parent == Task::SIMPLE
            {
                order.insert(control.began, slot);
            }
        }
        order.into_values().collect()
    }

    /// A handler begins that is run in another way than most. Returns whether it does.
    #[inline(never)]
    pub(super) fn begin(&mut self, task: u32) -> bool {
        let Task { service, message, .. } = self.tasks[task];
        let handler = self.plan.handler(service, self.messages[message].message_type);
        let Some(habits) = handler.map(|handler| handler.habits) else { return true };
        if let Some(reads) = habits.reads
            && !self.understands(task, reads)
        {
            self.fail(task);
            return false;
        }
        let control = self.control(task);
        (control.released, control.durable) = (habits.released, habits.durable);
        if habits.durable {
            self.keep_start(task);
        }
        true
    }

    /// A handler that rests gives its worker back, if that is its habit.
    #[inline]
    pub(super) fn rest(&mut self, task: u32) {
        if self.control_of(task).is_some_and(|control| control.released) {
            self.give_worker_back(task);
        }
    }

    /// The service has to be served afterwards: somebody may wait for the worker.
    fn give_worker_back(&mut self, task: u32) {
        let Some(worker) = self.tasks[task].worker.take() else { return };
        self.leave_loop(task);
        self.control(task).left_loop = true;
        let service = self.tasks[task].service;
        let state = &mut self.services[service.index()];
        state.workers[usize::from(worker)] = None;
        state.free.push(worker);
        state.parked += 1;
        self.ask_for_next(self.tasks[task].message);
    }

    /// The loop of a consumer goes on without the message that a task has in hand.
    pub(super) fn leave_loop(&mut self, task: u32) {
        let Task { service, message, .. } = self.tasks[task];
        let message = &self.messages[message];
        if self.services[service.index()].has_loops
            && !self.control_of(task).is_some_and(|control| control.left_loop)
            && let Place::Channel(channel) = self.plan.routes[message.route.index()].from
            && let Some(member) =
                self.channels[channel.index()].members.get_mut(usize::from(message.subscription.0))
        {
            member.busy = false;
        }
    }

    /// A handler could go on. It does if it has a worker, else it queues for one behind what waits: its service has
    /// to be served afterwards.
    #[inline]
    pub(super) fn go_on(&mut self, task: u32) {
        let Task { worker, control, .. } = self.tasks[task];
        if worker.is_some() || control == Task::SIMPLE || self.is_branch(task) {
            return self.run(task);
        }
        self.queue_for_worker(task);
    }

    fn queue_for_worker(&mut self, task: u32) {
        let doing = &mut self.tasks[task];
        (doing.state, doing.since, doing.until) = (TaskState::Ready, self.now, Time::MAX);
        let state = &mut self.services[doing.service.index()];
        state.inbox.push_back(task | ServiceState::TASK);
        state.tasks_ready += 1;
    }

    /// A free worker takes up a handler that has come out of the inbox.
    pub(super) fn take_up_again(&mut self, task: u32, service: ServiceId) {
        let state = &mut self.services[service.index()];
        let Some(worker) = state.free.pop() else { return };
        state.parked -= 1;
        state.workers[usize::from(worker)] = Some(task);
        self.tasks[task].worker = Some(worker);
        self.run(task);
    }

    fn run(&mut self, task: u32) {
        if self.control_of(task).is_some_and(|control| control.rejoins) {
            self.rejoin(task);
        } else {
            self.run_handler(task);
        }
    }

    /// A handler does nothing until a moment.
    fn sleep(&mut self, task: u32, until: Time) {
        let doing = &mut self.tasks[task];
        (doing.state, doing.since, doing.until) = (TaskState::Sleeping, self.now, until);
        if until < Time::MAX {
            self.schedule(until, Happening::Timeout(task));
        }
        self.rest(task);
    }

    /// A drawn time, keyed by the service, the case, the message in hand, the step and the attempt: it neither
    /// changes nor depends on how long the service works.
    fn draw_of(&self, task: u32) -> kernel::Draw {
        let Task { service, message, step, .. } = self.tasks[task];
        let about = &self.messages[message];
        let start = self.plan.handler(service, about.message_type).map_or(0, |handler| handler.start);
        let attempts = self.control_of(task).map_or(0, |control| control.attempts.iter().sum());
        let turn = u64::from(about.ordinal) << 48
            | u64::from(about.deliveries) << 40
            | u64::from(attempts as u16) << 24
            | u64::from(step - start);
        self.luck(Place::Service(service)).jitter.draw(self.cases[about.case].key, turn)
    }

    fn span_of(&self, task: u32, time: u16) -> Span {
        self.plan.works[usize::from(time)].sample(self.draw_of(task))
    }

    /// Whatever a handler does right now is given up, with all its branches.
    pub(super) fn give_up_step(&mut self, task: u32) {
        match std::mem::replace(&mut self.tasks[task].state, TaskState::Running) {
            TaskState::Waiting => self.cancel_call(task),
            TaskState::Sleeping => self.stop_listening(task),
            TaskState::Ready => self.leave_queue(task),
            TaskState::Vacant
            | TaskState::Running
            | TaskState::Working
            | TaskState::Joining
            | TaskState::Suspended => {}
        }
        if self.tasks[task].control != Task::SIMPLE {
            self.end_branches(task);
            let control = self.control(task);
            (control.again, control.rejoins) = (Time::MAX, false);
        }
    }

    fn leave_queue(&mut self, task: u32) {
        let state = &mut self.services[self.tasks[task].service.index()];
        let wanted = task | ServiceState::TASK;
        if let Some(at) = state.inbox.iter().position(|&waiting| waiting == wanted) {
            state.inbox.remove(at);
            state.tasks_ready -= 1;
        }
    }

    /// A handler that has come to its end frees its worker.
    pub(super) fn end_task(&mut self, task: u32) {
        self.leave_loop(task);
        let Task { service, worker, .. } = self.tasks[task];
        let state = &mut self.services[service.index()];
        match worker {
            Some(worker) => {
                state.workers[usize::from(worker)] = None;
                state.free.push(worker);
            }
            None => state.parked -= 1,
        }
        self.release_task(task);
    }

    /// Frees the slot of a task.
    fn release_task(&mut self, task: u32) {
        let ended = &mut self.tasks[task];
        ended.state = TaskState::Vacant;
        let control = std::mem::replace(&mut ended.control, Task::SIMPLE);
        self.tasks.release(task);
        if control != Task::SIMPLE {
            self.controls.release(control);
        }
    }
}
