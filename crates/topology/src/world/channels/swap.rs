//! A channel gets other rules while it runs.

use channel::{Channel, Rules, Subscription};

use super::{ChannelState, Copies};
use crate::world::World;
use crate::world::parts::{MessageState, Report};
use crate::{ChannelId, MessageKind, Place, RecordKind};

/// In place of a subscription: that of a channel which is no more.
const GONE: Subscription = Subscription(u16::MAX);

impl World {
    /// Lets a channel follow other rules from now on.
    ///
    /// If they keep messages in the same way, what the channel has stays as it is. Otherwise the channel is
    /// replaced by a new one: groups and members are formed anew, whoever was connected still is, and every
    /// message that waits or is held is published anew, in its order; a message that several groups were owed
    /// once, for all groups that there are now. What the new rules do not keep is lost as they say. A worker
    /// goes on with what it has in hand, though nobody answers for that any more. Links stay as the plan has
    /// them.
    pub fn set_rules(&mut self, channel: ChannelId, profile: &'static str, rules: Rules) {
        let state = &mut self.channels[channel.index()];
        state.profile = profile;
        if state.can_follow(&self.plan, channel, &rules) {
            state.note_rules(&rules);
            let audience = state.engine.rules().audience;
            let rules = Rules { audience, ..rules };
            self.with_channel(channel, |engine, effects| engine.set_rules(rules, effects));
        } else {
            self.replace(channel, &rules);
        }
        self.note_loops();
    }

    fn replace(&mut self, channel: ChannelId, rules: &Rules) {
        let waiting = self.in_order(channel);
        let again: Vec<u32> = waiting.into_iter().filter(|&slot| self.take_from_old(slot, channel)).collect();
        self.forget_tags(channel);
        let old = &self.channels[channel.index()];
        let was_up = old.engine.is_up();
        let away: Vec<u16> = (0..self.plan.channels[channel.index()].subscribers.len() as u16)
            .filter(|&subscriber| !old.members_of(subscriber).any(|who| old.engine.is_connected(who)))
            .collect();
        let new = ChannelState::new(&self.plan, channel, (old.profile, rules), self.now, self.seed);
        let old = std::mem::replace(&mut self.channels[channel.index()], new);
        let state = &mut self.channels[channel.index()];
        (state.since, state.dead_lettered, state.dead_letters) =
            (old.since, old.dead_lettered, old.dead_letters);
        if was_up {
            self.disconnect_all(channel, &away);
            again.into_iter().for_each(|slot| self.publish(slot, channel));
            return;
        }
        // What is written down goes into a broker that is down: it gets there without being handed out.
        let everybody: Vec<u16> = (0..self.plan.channels[channel.index()].subscribers.len() as u16).collect();
        self.disconnect_all(channel, &everybody);
        again.into_iter().for_each(|slot| self.publish(slot, channel));
        self.with_channel(channel, Channel::crash);
        for subscriber in everybody.into_iter().filter(|subscriber| !away.contains(subscriber)) {
            self.for_members(channel, subscriber, |engine, who, effects| engine.connect(who, effects));
        }
    }

    fn disconnect_all(&mut self, channel: ChannelId, subscribers: &[u16]) {
        for &subscriber in subscribers {
            self.for_members(channel, subscriber, |engine, who, effects| engine.disconnect(who, effects));
        }
    }

    /// The copies that a channel answers for, in its order.
    fn in_order(&self, channel: ChannelId) -> Vec<u32> {
        let state = &self.channels[channel.index()];
        if state.copies == Copies::PerGroup {
            return state.kept.values().copied().collect();
        }
        let handles = state.engine.groups().flat_map(|group| {
            let held = state.engine.held(group).map(|held| held.message);
            held.chain(state.engine.ready(group)).chain(state.engine.delayed(group))
        });
        let mut slots = Vec::new();
        let mut seen = Vec::new();
        for slot in handles.filter_map(|handle| self.find(channel, handle, channel::Group(0))) {
            let index = slot as usize;
            if seen.len() <= index {
                seen.resize(index + 1, false);
            }
            if !std::mem::replace(&mut seen[index], true) {
                slots.push(slot);
            }
        }
        // What the engine's views do not show comes last.
        let hidden = |&(slot, message): &(u32, &crate::Message)| {
            let seen = seen.get(slot as usize).is_some_and(|&seen| seen);
            message.kept && !seen && self.channel_of(message.route) == Some(channel)
        };
        slots.extend(self.messages().filter(hidden).map(|(slot, _)| slot));
        slots
    }

    /// Takes a copy out of the old channel. Returns whether it is to be published anew: the first of each
    /// message is, and takes the others' place, which end as taken over.
    fn take_from_old(&mut self, slot: u32, channel: ChannelId) -> bool {
        let place = Place::Channel(channel);
        let state = self.messages[slot].state;
        match state {
            MessageState::AtWork => self.split(slot),
            MessageState::Inbox => self.leave_inbox(slot),
            MessageState::Vacant
            | MessageState::Travelling
            | MessageState::Ready
            | MessageState::Handled
            | MessageState::Unreachable => {}
        }
        if state != MessageState::Ready {
            self.emit_about(slot, place, RecordKind::Returned);
            self.set_state(slot, MessageState::Ready);
        }
        let message = &self.messages[slot];
        let first = ChannelState::key(message.handle, channel::Group(0));
        let key = ChannelState::key(message.handle, message.group);
        let earlier = self.channels[channel.index()].kept.range(first..key).next().is_some();
        let message = &mut self.messages[slot];
        (message.kept, message.tag) = (false, None);
        if earlier {
            self.deliver(slot, place);
        }
        !earlier
    }

    /// What is still under way from or to the old channel means nothing to the new one.
    fn forget_tags(&mut self, channel: ChannelId) {
        let (from, to) = (self.slots_from(channel, |_| true), Place::Channel(channel));
        let acknowledges = |message: &crate::Message| {
            message.kind == MessageKind::Acknowledgement && self.plan.routes[message.route.index()].to == to
        };
        let acknowledgements: Vec<u32> =
            self.messages().filter(|(_, message)| acknowledges(message)).map(|(slot, _)| slot).collect();
        for slot in from.into_iter().chain(acknowledgements) {
            let message = &mut self.messages[slot];
            (message.tag, message.subscription) = (None, GONE);
            if message.report == Report::Due {
                message.report = Report::Nothing;
            }
        }
    }

    /// Notes which services have messages that wait for others of the same loop.
    pub(in crate::world) fn note_loops(&mut self) {
        for service in &mut self.services {
            service.has_loops = false;
        }
        for (state, plan) in self.channels.iter().zip(&self.plan.channels) {
            for member in state.members.iter().filter(|member| member.worker.is_some()) {
                let service = plan.subscribers[usize::from(member.subscriber)].service;
                self.services[service.index()].has_loops = true;
            }
        }
    }
}
