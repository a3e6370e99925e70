//! The copies that a channel answers for: which they are, and how they part from those in somebody's hands.

use channel::Group;

use super::{ChannelState, Copies};
use crate::world::World;
use crate::world::parts::{Happening, MessageState, TaskState};
use crate::{ChannelId, LossReason, Place, RouteId};

impl World {
    /// The copy that a channel answers for under this handle.
    #[inline]
    pub(in crate::world) fn find(&self, channel: ChannelId, handle: u32, group: Group) -> Option<u32> {
        let state = &self.channels[channel.index()];
        match state.copies {
            Copies::Same => self.messages[handle].kept.then_some(handle),
            Copies::Passing => None,
            Copies::Row | Copies::PerGroup => state.kept.get(&ChannelState::key(handle, group)).copied(),
        }
    }

    /// The channel no longer answers for a copy.
    #[inline]
    pub(in crate::world) fn forget(&mut self, slot: u32, channel: ChannelId) {
        let message = &mut self.messages[slot];
        if !std::mem::take(&mut message.kept) {
            return;
        }
        message.tag = None;
        let state = &mut self.channels[channel.index()];
        if state.copies != Copies::Same {
            state.kept.remove(&ChannelState::key(message.handle, message.group));
        }
    }

    /// The channel that a message is in or comes from.
    pub(super) fn channel_of(&self, route: RouteId) -> Option<ChannelId> {
        let route = &self.plan.routes[route.index()];
        match (route.from, route.to) {
            (_, Place::Channel(channel)) | (Place::Channel(channel), Place::Service(_)) => Some(channel),
            (Place::Client(_) | Place::Service(_) | Place::Channel(_), _) => None,
        }
    }

    /// A copy that is in somebody's hands is handed out once more. Returns the one to send.
    pub(super) fn one_more(&mut self, slot: u32, channel: ChannelId) -> u32 {
        if self.channels[channel.index()].copies == Copies::Row {
            // The row stays with whoever looked first, until somebody claims it.
            return self.copy(slot);
        }
        self.split(slot);
        slot
    }

    /// A copy leaves whoever has it. Who cannot know that it was taken back goes on with a copy of their own:
    /// the work will have been done twice. What is only on its way, or lies unread, over a connection that
    /// broke is gone from there.
    pub(super) fn take_out_of_hands(&mut self, slot: u32, channel: ChannelId) {
        let message = &self.messages[slot];
        let engine = &self.channels[channel.index()].engine;
        let connected = engine.is_up() && engine.is_connected(message.subscription);
        match message.state {
            MessageState::AtWork => self.split(slot),
            MessageState::Inbox | MessageState::Travelling if connected => self.split(slot),
            MessageState::Inbox => self.leave_inbox(slot),
            MessageState::Travelling
            | MessageState::Vacant
            | MessageState::Ready
            | MessageState::Handled
            | MessageState::Unreachable => {}
        }
    }

    pub(in crate::world) fn leave_inbox(&mut self, slot: u32) {
        if let Place::Service(service) = self.plan.routes[self.messages[slot].route.index()].to {
            self.services[service.index()].inbox.retain(|&waiting| waiting != slot);
        }
    }

    /// Whoever has a delivery goes on with a copy of their own, which no channel answers for.
    pub(super) fn split(&mut self, slot: u32) {
        let copy = self.copy(slot);
        let (state, tag) = (self.messages[slot].state, self.messages[slot].tag);
        self.messages[copy].tag = tag;
        self.set_state(copy, state);
        match state {
            MessageState::AtWork => {
                while let Some(task) = self.task_about(slot) {
                    self.tasks[task].message = copy;
                }
            }
            MessageState::Inbox => {
                if let Place::Service(service) = self.plan.routes[self.messages[slot].route.index()].to {
                    let mut inbox = self.services[service.index()].inbox.iter_mut();
                    if let Some(waiting) = inbox.find(|waiting| **waiting == slot) {
                        *waiting = copy;
                    }
                }
            }
            MessageState::Travelling => {
                let arrives = self.messages[copy].arrives;
                self.schedule(arrives, Happening::Travel(copy));
            }
            MessageState::Vacant
            | MessageState::Ready
            | MessageState::Handled
            | MessageState::Unreachable => {}
        }
    }

    /// A task that handles a message: its handler, or a branch of it.
    pub(in crate::world) fn task_about(&self, slot: u32) -> Option<u32> {
        let mut tasks = self.tasks.iter();
        tasks
            .find(|(_, task)| task.state != TaskState::Vacant && task.message == slot)
            .map(|(index, _)| index)
    }

    /// Whoever looked at a row has claimed it: the channel answers for their copy from now on, and whoever
    /// looked first will look in vain.
    pub(in crate::world) fn claimed(&mut self, slot: u32, channel: ChannelId) {
        let message = &self.messages[slot];
        let (handle, group) = (message.handle, message.group);
        if message.kept || self.channels[channel.index()].copies != Copies::Row {
            return;
        }
        let Some(first) = self.find(channel, handle, group) else { return };
        let in_hands = [MessageState::Travelling, MessageState::Inbox, MessageState::AtWork];
        if in_hands.contains(&self.messages[first].state) {
            self.messages[first].kept = false;
            self.messages[slot].kept = true;
            self.channels[channel.index()].kept.insert(ChannelState::key(handle, group), slot);
        }
    }

    /// A delivery ends that was handled and that no channel answers for.
    pub(in crate::world) fn end_unanswered(&mut self, slot: u32, ok: bool) {
        let place = self.plan.routes[self.messages[slot].route.index()].to;
        if ok {
            self.deliver(slot, place);
        } else {
            self.lose(slot, place, LossReason::HandlerFailed);
        }
    }
}
