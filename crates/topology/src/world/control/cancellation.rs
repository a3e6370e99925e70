//! Cancellation: who was asked is told that nobody waits for the answer any more, and stops.

use crate::world::World;
use crate::world::parts::{Asker, MessageState, ServiceState, Task};
use crate::world::travel::Draft;
use crate::{LossReason, MessageKind, Place, RecordKind, ServiceId, Step};

impl World {
    /// A task waits no longer for the answer to its call: a cancellation follows the command, if the call says so.
    /// Who has crashed tells nobody.
    pub(in crate::world) fn cancel_call(&mut self, task: u32) {
        let Task { service, message, request, asked, cause, step, .. } = self.tasks[task];
        let Step::Call { route, message_type, .. } = self.plan.program[step as usize - 1] else { return };
        if !asked.cancels || !self.services[service.index()].up {
            return;
        }
        let case = self.messages[message].case;
        let draft = Draft::new(case, route, message_type, MessageKind::Cancellation, cause);
        self.send(Draft { asker: Asker::Task { slot: task, request }, ..draft });
    }

    /// A cancellation reaches the service that was asked.
    pub(in crate::world) fn cancellation_arrives(&mut self, slot: u32, service: ServiceId) {
        let place = Place::Service(service);
        if !self.services[service.index()].up {
            return self.lose(slot, place, LossReason::ReceiverDown);
        }
        let (asker, cause) = (self.messages[slot].asker, self.messages[slot].cause);
        // The network may have doubled the command.
        for task in self.tasks_for(asker, service) {
            let message = self.tasks[task].message;
            self.messages[message].cause = cause;
            self.emit_about(message, place, RecordKind::Cancelled);
            self.tasks[task].cause = self.messages[message].cause;
            self.give_up_step(task);
            self.end_task(task);
            self.lose(message, place, LossReason::Cancelled);
        }
        for message in self.waiting_for(asker, service) {
            self.messages[message].cause = cause;
            self.leave_inbox(message);
            self.lose(message, place, LossReason::Cancelled);
        }
        self.deliver(slot, place);
        self.serve(service);
    }

    /// The handlers of a service that work for an asker.
    fn tasks_for(&self, asker: Asker, service: ServiceId) -> Vec<u32> {
        let mut those = self.handlers_of(service);
        those.retain(|&task| self.messages[self.tasks[task].message].asker == asker);
        those
    }

    /// The messages of an asker in the inbox of a service.
    fn waiting_for(&self, asker: Asker, service: ServiceId) -> Vec<u32> {
        let mut those = Vec::new();
        for &waiting in &self.services[service.index()].inbox {
            if waiting & ServiceState::TASK == 0 && self.messages[waiting].asker == asker {
                debug_assert_eq!(self.messages[waiting].state, MessageState::Inbox);
                those.push(waiting);
            }
        }
        those
    }
}
