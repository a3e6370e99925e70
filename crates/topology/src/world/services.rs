//! Services: the inbox, the workers, and what becomes of a message when its handler is done or gives up.

use channel::Effect;
use kernel::Time;

use super::World;
use super::channels::{Awaits, Member};
use super::parts::{Asked, Asker, Happening, MessageState, Report, ServiceState, Task, TaskState};
use super::travel::Draft;
use super::values::Carries;
use crate::{ChannelId, LossReason, MessageKind, Place, RecordKind, RouteId, ServiceId, Step};

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
        if state.free.is_empty() || state.has_loops && self.waits_for_its_loop(slot) {
            let room = self.plan.services[service.index()].inbox;
            if room.is_some_and(|room| state.messages_waiting() >= room as usize) {
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
        if self.messages[slot].kept {
            if reason == LossReason::Full {
                return self.reject(slot);
            }
            self.emit_about(slot, place, RecordKind::Dropped);
            return self.set_unreachable(slot, Time::MAX);
        }
        if reason == LossReason::ReceiverDown {
            // Who is down does not ask for the next.
            self.messages[slot].report = Report::Nothing;
        }
        let cause = self.messages[slot].cause;
        self.answer(slot, false, cause);
        self.lose(slot, place, reason);
    }

    /// Lets free workers take what waits.
    #[inline]
    pub(super) fn serve(&mut self, service: ServiceId) {
        while !self.services[service.index()].free.is_empty() {
            let Some(next) = self.next_in_inbox(service) else { return };
            if next & ServiceState::TASK == 0 {
                self.take_up(next, service);
            } else {
                self.services[service.index()].tasks_ready -= 1;
                self.take_up_again(next & !ServiceState::TASK, service);
            }
        }
    }

    /// Takes out of an inbox what comes first: a handler that needs a worker again, or a message that does not have
    /// to wait for another of its loop.
    #[inline]
    fn next_in_inbox(&mut self, service: ServiceId) -> Option<u32> {
        let state = &self.services[service.index()];
        if !state.has_loops {
            return self.services[service.index()].inbox.pop_front();
        }
        let can_go_on = |&next: &u32| next & ServiceState::TASK != 0 || !self.waits_for_its_loop(next);
        let first = state.inbox.iter().position(can_go_on)?;
        self.services[service.index()].inbox.remove(first)
    }

    /// Whether a message before this one, of the same consumer's loop, is being worked on.
    fn waits_for_its_loop(&self, slot: u32) -> bool {
        self.loop_of(slot).is_some_and(|member| member.worker.is_some() && member.busy)
    }

    fn loop_of(&self, slot: u32) -> Option<&Member> {
        let message = &self.messages[slot];
        match self.plan.routes[message.route.index()].from {
            Place::Channel(channel) => self.channels[channel.index()].member(message.subscription),
            Place::Client(_) | Place::Service(_) => None,
        }
    }

    /// A free worker takes a message up and runs its handler as far as it goes without waiting; unless its
    /// channel says that somebody else has it.
    #[inline]
    fn take_up(&mut self, slot: u32, service: ServiceId) {
        let place = Place::Service(service);
        let asked = self.asked_about(slot);
        if let Some(channel) = asked
            && !self.is_still_there(slot, service, channel)
        {
            return;
        }
        self.set_state(slot, MessageState::AtWork);
        let effects = match asked.map(|channel| self.ask_for(slot, channel)) {
            None => Vec::new(),
            Some(Some(effects)) => effects,
            Some(None) => return self.lose(slot, place, LossReason::Claimed),
        };
        let Some(worker) = self.services[service.index()].free.pop() else { return };
        self.note_order(slot, service);
        let cause = self.emit_about(slot, place, RecordKind::Taken { worker });
        self.note_taken(slot, service);
        let message = &self.messages[slot];
        // Where there is no handler, the service has heard what does not concern it, and is done.
        let nothing = self.plan.program.len() as u32 - 1;
        let handler = self.plan.handler(service, message.message_type);
        let start = handler.map_or(nothing, |handler| handler.start);
        let is_usual = handler.is_none_or(|handler| handler.habits.are_usual());
        let task = self.tasks.insert(Task {
            service,
            worker: Some(worker),
            state: TaskState::Running,
            since: self.now,
            until: self.now,
            route: RouteId(0),
            message: slot,
            step: start,
            request: 0,
            asked: Asked { on_error: Step::FAIL, takes: u16::MAX, cancels: false },
            answered: false,
            cause,
            control: Task::SIMPLE,
        });
        self.services[service.index()].workers[usize::from(worker)] = Some(task);
        if let Some(channel) = asked {
            self.carry_out_alone(channel, effects);
        }
        self.take_fields(task, slot);
        if is_usual || self.begin(task) {
            self.run_handler(task);
        }
    }

    /// The channel that has to be asked for a delivery before the work, if any. What it answers for is in the
    /// right hands already, unless the work begins with a claim.
    #[inline]
    fn asked_about(&self, slot: u32) -> Option<ChannelId> {
        let message = &self.messages[slot];
        message.tag?;
        let Place::Channel(channel) = self.plan.routes[message.route.index()].from else { return None };
        (!message.kept || self.channels[channel.index()].claims).then_some(channel)
    }

    /// What falls due at this very moment comes first. Returns whether it leaves the message where it was.
    fn is_still_there(&mut self, slot: u32, service: ServiceId, channel: ChannelId) -> bool {
        self.set_state(slot, MessageState::Inbox);
        self.services[service.index()].inbox.push_front(slot);
        self.with_channel(channel, |_, _| {});
        let inbox = &mut self.services[service.index()].inbox;
        inbox.pop_front_if(|&mut first| first == slot).is_some()
    }

    /// Asks a channel for a delivery. Returns what else comes of that; `None`: somebody else has it.
    fn ask_for(&mut self, slot: u32, channel: ChannelId) -> Option<Vec<Effect>> {
        let message = &self.messages[slot];
        let (from, tag) = (message.subscription, message.tag?);
        let mut granted = false;
        let effects = self.ask_channel(channel, |engine, effects| {
            granted = engine.take_up(from, tag, effects);
        });
        if granted {
            self.claimed(slot, channel);
            return Some(effects);
        }
        self.forget(slot, channel);
        self.carry_out_alone(channel, effects);
        None
    }

    /// Remembers that a delivery was taken up, where it matters to its channel or to others of its loop.
    #[inline]
    fn note_taken(&mut self, slot: u32, service: ServiceId) {
        let message = &self.messages[slot];
        let has_loops = self.services[service.index()].has_loops;
        if !has_loops && message.report != Report::Due {
            return;
        }
        let Place::Channel(channel) = self.plan.routes[message.route.index()].from else { return };
        let state = &mut self.channels[channel.index()];
        if let Some(member) = state.members.get_mut(usize::from(message.subscription.0)) {
            member.busy = member.worker.is_some();
        }
        if message.report == Report::Due && state.awaits == Awaits::Reading {
            // That something was read makes room and has no effects.
            state.engine.consumed(message.subscription, &mut Vec::new());
            self.messages[slot].report = Report::Nothing;
        }
    }

    /// The handler is done with its message.
    pub(super) fn finish(&mut self, task: u32) {
        let Task { service, message, answered, cause, .. } = self.tasks[task];
        if !answered {
            self.answer_with(message, true, Carries::Task(task), cause);
        }
        self.messages[message].cause = cause;
        self.end_task(task);
        if self.messages[message].tag.is_some() {
            self.messages[message].report = Report::Sent;
            self.acknowledge(message, true);
        } else {
            self.deliver(message, Place::Service(service));
        }
    }

    /// The handler gives up.
    pub(super) fn fail(&mut self, task: u32) {
        if self.is_branch(task) {
            return self.branch_failed(task);
        }
        let Task { service, message, answered, cause, .. } = self.tasks[task];
        let place = Place::Service(service);
        self.messages[message].cause = cause;
        let cause = self.emit_about(message, place, RecordKind::HandlerFailed);
        let asked = self.messages[message].asker != Asker::Nobody;
        self.end_task(task);
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
    pub(super) fn acknowledge(&mut self, slot: u32, ok: bool) {
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

    /// A task's work is done, unless the task is gone.
    #[inline]
    pub(super) fn worked(&mut self, task: u32) {
        let Task { state, until, service, .. } = self.tasks[task];
        if state == TaskState::Working && until == self.now {
            self.run_handler(task);
            self.serve(service);
        }
    }

    /// A task has waited long enough: its call takes too long, or what it waited for did not come true; unless that
    /// is over.
    pub(super) fn timed_out(&mut self, task: u32) {
        let Task { state, until, service, asked, .. } = self.tasks[task];
        if until != self.now {
            return;
        }
        match state {
            TaskState::Waiting => {
                self.note(task, RecordKind::TimedOut);
                self.cancel_call(task);
                self.go_on_after_error(task, asked.on_error);
            }
            TaskState::Sleeping => self.slept(task),
            TaskState::Vacant
            | TaskState::Running
            | TaskState::Working
            | TaskState::Joining
            | TaskState::Ready
            | TaskState::Suspended => return,
        }
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
        let on_error = self.tasks[task].asked.on_error;
        if ok {
            self.take_over(task, slot);
        }
        // The task's own message keeps the case alive while the reply is put away.
        self.deliver(slot, place);
        self.tasks[task].cause = self.records_made;
        if ok {
            self.go_on(task);
        } else {
            self.go_on_after_error(task, on_error);
        }
        self.serve(service);
    }

    /// Everything that a crash takes from a service: tasks in hand and messages in the inbox.
    pub(super) fn lose_memory(&mut self, service: ServiceId) {
        let state = &mut self.services[service.index()];
        let inbox = std::mem::take(&mut state.inbox);
        state.tasks_ready = 0;
        for task in self.handlers_of(service) {
            self.stop(task);
        }
        for message in inbox.into_iter().filter(|waiting| waiting & ServiceState::TASK == 0) {
            self.lose_in_crash(message, service, false);
        }
        // Workers are taken in the same order after every restart.
        let workers = self.plan.services[service.index()].workers;
        self.services[service.index()].free = (0..workers).rev().collect();
    }

    /// What runs a handler is gone; its progress is too, unless it is kept.
    pub(super) fn stop(&mut self, task: u32) {
        if self.is_durable(task) {
            return self.suspend(task);
        }
        let Task { service, message, answered, .. } = self.tasks[task];
        self.give_up_step(task);
        self.end_task(task);
        self.lose_in_crash(message, service, answered);
    }

    pub(super) fn lose_in_crash(&mut self, slot: u32, service: ServiceId, answered: bool) {
        let place = Place::Service(service);
        if self.messages[slot].kept {
            self.emit_about(slot, place, RecordKind::Dropped);
            return self.set_unreachable(slot, Time::MAX);
        }
        // Who has crashed does not ask for the next.
        self.messages[slot].report = Report::Nothing;
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
