//! Services: the inbox, the workers, and what becomes of a message when its handler is done or gives up.

use kernel::Time;

use super::World;
use super::parts::{Asker, Happening, MessageState, Task, TaskState};
use super::travel::Draft;
use crate::{LossReason, MessageKind, Place, RecordKind, RouteId, ServiceId};

impl World {
    /// A command or an event reaches a service.
    #[inline]
    pub(super) fn arrive_at_service(&mut self, slot: u32, service: ServiceId) {
        let message = &self.messages[slot];
        let state = &self.services[service.index()];
        let by_channel = matches!(self.plan.routes[message.route.index()].from, Place::Channel(_));
        let reachable = state.up && (!by_channel || message.session == state.session);
        if !reachable {
            return self.turn_away(slot, service, LossReason::ReceiverDown);
        }
        if state.free.is_empty() {
            let room = self.plan.services[service.index()].inbox;
            if room.is_some_and(|room| state.inbox.len() >= room as usize) {
                return self.turn_away(slot, service, LossReason::Full);
            }
            self.emit_about(slot, Place::Service(service), RecordKind::Queued);
            self.set_state(slot, MessageState::Inbox);
            self.services[service.index()].inbox.push_back(slot);
        } else {
            self.take_up(slot, service);
            self.serve(service);
        }
    }

    /// The service does not take a message: a caller is refused, a channel keeps it, else it is lost.
    fn turn_away(&mut self, slot: u32, service: ServiceId, reason: LossReason) {
        let place = Place::Service(service);
        if self.messages[slot].tag.is_some() {
            if reason == LossReason::Full {
                return self.reject(slot);
            }
            self.emit_about(slot, place, RecordKind::Dropped);
            return self.set_unreachable(slot, Time::MAX);
        }
        let cause = self.messages[slot].cause;
        self.answer(slot, false, cause);
        self.lose(slot, place, reason);
    }

    /// Lets free workers take what waits.
    #[inline]
    pub(super) fn serve(&mut self, service: ServiceId) {
        while !self.services[service.index()].free.is_empty() {
            let Some(slot) = self.services[service.index()].inbox.pop_front() else { return };
            self.take_up(slot, service);
        }
    }

    /// A free worker takes a message up and runs its handler as far as it goes without waiting.
    #[inline]
    fn take_up(&mut self, slot: u32, service: ServiceId) {
        let Some(worker) = self.services[service.index()].free.pop() else { return };
        let place = Place::Service(service);
        self.set_state(slot, MessageState::AtWork);
        self.note_order(slot, service);
        let cause = self.emit_about(slot, place, RecordKind::Taken { worker });
        let message = &self.messages[slot];
        // A handler always exists: the plan checks commands, and channels deliver what was subscribed to.
        let start = self.plan.handler(service, message.message_type).map_or(0, |handler| handler.start);
        let task = self.tasks.insert(Task {
            service,
            worker,
            state: TaskState::Running,
            since: self.now,
            until: self.now,
            route: RouteId(0),
            message: slot,
            step: start,
            request: 0,
            on_error: 0,
            answered: false,
            cause,
        });
        self.services[service.index()].workers[usize::from(worker)] = Some(task);
        self.run_handler(task);
    }

    /// Notices when a message is taken up after a later one of its case.
    #[inline]
    fn note_order(&mut self, slot: u32, service: ServiceId) {
        let message = &self.messages[slot];
        let (case, ordinal) = (message.case, message.ordinal);
        let latest = &mut self.counters[self.row.latest(case, service.index())];
        let next = ordinal.saturating_add(1);
        if next < *latest {
            self.ledger.out_of_order += 1;
            self.emit_about(slot, Place::Service(service), RecordKind::OutOfOrder);
        } else {
            *latest = next;
        }
    }

    /// The handler is done with its message.
    pub(super) fn finish(&mut self, task: u32) {
        let Task { service, message, answered, cause, .. } = self.tasks[task];
        if !answered {
            self.answer(message, true, cause);
        }
        self.messages[message].cause = cause;
        self.free_worker(task);
        if self.messages[message].tag.is_some() {
            self.acknowledge(message, true);
        } else {
            self.deliver(message, Place::Service(service));
        }
    }

    /// The handler gives up.
    pub(super) fn fail(&mut self, task: u32) {
        let Task { service, message, answered, cause, .. } = self.tasks[task];
        let place = Place::Service(service);
        self.messages[message].cause = cause;
        let cause = self.emit_about(message, place, RecordKind::HandlerFailed);
        let asked = self.messages[message].asker != Asker::Nobody;
        self.free_worker(task);
        if self.messages[message].tag.is_some() {
            self.reject(message);
        } else if asked {
            if !answered {
                self.answer(message, false, cause);
            }
            self.deliver(message, place);
        } else {
            self.lose(message, place, LossReason::HandlerFailed);
        }
    }

    fn reject(&mut self, slot: u32) {
        self.acknowledge(slot, false);
    }

    /// Tells the channel that a delivery was handled, or could not be.
    fn acknowledge(&mut self, slot: u32, ok: bool) {
        let message = &self.messages[slot];
        let back = self.plan.routes[message.route.index()].back;
        let draft = Draft {
            ok,
            tag: message.tag,
            subscription: message.subscription,
            // Which delivery it is about, so that its loss can be noticed.
            asker: Asker::Task { slot, request: message.number },
            ..Draft::new(
                message.case,
                back,
                message.message_type,
                MessageKind::Acknowledgement,
                message.cause,
            )
        };
        self.set_state(slot, MessageState::Handled);
        self.send(draft);
    }

    fn free_worker(&mut self, task: u32) {
        let Task { service, worker, .. } = self.tasks[task];
        let state = &mut self.services[service.index()];
        state.workers[usize::from(worker)] = None;
        state.free.push(worker);
        self.tasks[task].state = TaskState::Vacant;
        self.tasks.release(task);
    }

    /// A task's work is done, unless the task is gone.
    #[inline]
    pub(super) fn worked(&mut self, task: u32) {
        let Task { state, until, service, .. } = self.tasks[task];
        if state == TaskState::Working && until == self.now {
            self.run_handler(task);
            self.serve(service);
        }
    }

    /// A call takes too long, unless the answer came before.
    pub(super) fn timed_out(&mut self, task: u32) {
        let Task { state, until, service, message, cause, on_error, .. } = self.tasks[task];
        if state != TaskState::Waiting || until != self.now {
            return;
        }
        let about = &self.messages[message];
        let (case, about) = (about.case, (about.number, about.message_type));
        let place = Place::Service(service);
        self.tasks[task].cause = self.emit(cause, Some(case), Some(about), place, RecordKind::TimedOut);
        self.go_on_after_error(task, on_error);
        self.serve(service);
    }

    /// The answer to a call reaches the service that asked.
    pub(super) fn reply_arrives(&mut self, slot: u32, service: ServiceId) {
        let message = &self.messages[slot];
        let (asker, ok, place) = (message.asker, message.ok, Place::Service(service));
        let waiting = match asker {
            Asker::Task { slot: task, request } => {
                let waiting = &self.tasks[task];
                (waiting.state == TaskState::Waiting && waiting.request == request).then_some(task)
            }
            Asker::Nobody | Asker::Customer => None,
        };
        let Some(task) = waiting else { return self.lose(slot, place, LossReason::TooLate) };
        let on_error = self.tasks[task].on_error;
        // The task's own message keeps the case alive while the reply is put away.
        self.deliver(slot, place);
        self.tasks[task].cause = self.records_made;
        if ok {
            self.run_handler(task);
        } else {
            self.go_on_after_error(task, on_error);
        }
        self.serve(service);
    }

    /// Everything that a crash takes from a service: tasks in hand and messages in the inbox.
    pub(super) fn lose_memory(&mut self, service: ServiceId) {
        let state = &mut self.services[service.index()];
        let inbox = std::mem::take(&mut state.inbox);
        let tasks: Vec<u32> = state.workers.iter().flatten().copied().collect();
        for task in tasks {
            let message = self.tasks[task].message;
            let answered = self.tasks[task].answered;
            self.free_worker(task);
            self.lose_in_crash(message, service, answered);
        }
        for message in inbox {
            self.lose_in_crash(message, service, false);
        }
        // Workers are taken in the same order after every restart.
        let workers = self.plan.services[service.index()].workers;
        self.services[service.index()].free = (0..workers).rev().collect();
    }

    fn lose_in_crash(&mut self, slot: u32, service: ServiceId, answered: bool) {
        let place = Place::Service(service);
        if self.messages[slot].tag.is_some() {
            self.emit_about(slot, place, RecordKind::Dropped);
            return self.set_unreachable(slot, Time::MAX);
        }
        if !answered {
            // The operating system closes the connection, so a caller learns of it at once.
            let cause = self.messages[slot].cause;
            self.answer(slot, false, cause);
        }
        self.lose(slot, place, LossReason::Crash);
    }

    /// A held delivery is out of reach until its channel notices, at `until`.
    pub(super) fn set_unreachable(&mut self, slot: u32, until: Time) {
        self.set_state(slot, MessageState::Unreachable);
        self.messages[slot].arrives = until;
        if until < Time::MAX {
            self.schedule(until, Happening::Heartbeat(slot));
        }
    }
}
