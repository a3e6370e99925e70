//! Connections between channels and services: they break, are noticed to be broken, and come up again.

use channel::Subscription;

use crate::world::World;
use crate::world::parts::{Happening, MessageState, Report};
use crate::{ChannelId, LossReason, Place, RecordKind, ServiceId};

impl World {
    /// The network lost a delivery or its acknowledgement; the channel notices after its heartbeat.
    pub(in crate::world) fn becomes_unreachable(&mut self, slot: u32) {
        if let Some(channel) = self.channel_of(self.messages[slot].route) {
            let heartbeat = self.channels[channel.index()].engine.rules().delivery.heartbeat;
            self.set_unreachable(slot, self.now + heartbeat);
        }
    }

    /// The channel notices that a delivery is lost, unless it came back before.
    pub(in crate::world) fn notice_loss(&mut self, slot: u32) {
        let message = &self.messages[slot];
        if message.state != MessageState::Unreachable || message.arrives != self.now {
            return;
        }
        let to = message.subscription;
        if let (Some(channel), Some(tag)) = (self.channel_of(message.route), message.tag) {
            self.with_channel(channel, |engine, effects| {
                engine.delivery_failed(to, tag, effects);
            });
        }
    }

    /// The connections of a service break or come up: each of its channels notices when the news arrives,
    /// behind everything that the service sent before.
    pub(in crate::world) fn spread_news(&mut self, service: ServiceId, connected: bool) {
        for index in 0..self.subscriptions.len() {
            let (channel, subscriber) = self.subscriptions[index];
            if self.subscriber(ChannelId(channel), subscriber) == service {
                self.send_news(index, connected);
            }
        }
    }

    fn send_news(&mut self, index: usize, connected: bool) {
        let (channel, subscriber) = self.subscriptions[index];
        let route = self.plan.channels[usize::from(channel)].subscribers[usize::from(subscriber)].route;
        let back = self.plan.routes[route.index()].back;
        let draw = self.luck(Place::Channel(ChannelId(channel))).latency.draw(u64::MAX, self.now.nanos());
        let latency = self.plan.link(back).latency.sample(draw);
        let at = self.arrival(back, latency, true);
        let index = index as u32;
        let happening = if connected { Happening::Connect(index) } else { Happening::Disconnect(index) };
        self.schedule(at, happening);
    }

    pub(in crate::world) fn notice_disconnect(&mut self, subscription: u32) {
        let (channel, subscriber) = self.subscriptions[subscription as usize];
        self.for_members(ChannelId(channel), subscriber, |engine, who, effects| {
            engine.disconnect(who, effects);
        });
    }

    pub(in crate::world) fn notice_connect(&mut self, subscription: u32) {
        let (channel, subscriber) = self.subscriptions[subscription as usize];
        let service = self.subscriber(ChannelId(channel), subscriber);
        // It may have crashed again while the news travelled.
        if self.services[service.index()].up {
            self.for_members(ChannelId(channel), subscriber, |engine, who, effects| {
                if !engine.is_connected(who) {
                    engine.connect(who, effects);
                }
            });
        }
    }

    /// Asks the same for each member of a subscriber.
    pub(super) fn for_members(
        &mut self,
        channel: ChannelId,
        subscriber: u16,
        mut ask: impl FnMut(&mut channel::Channel, Subscription, &mut Vec<channel::Effect>),
    ) {
        let members: Vec<Subscription> = self.channels[channel.index()].members_of(subscriber).collect();
        for who in members {
            self.with_channel(channel, |engine, effects| ask(engine, who, effects));
        }
    }

    /// The broker breaks the connection of a subscriber that does not keep up: what lies unread between them is
    /// lost. The subscriber connects again as soon as it has noticed, which takes as long as a message.
    pub(super) fn cut_off(&mut self, channel: ChannelId, who: Subscription) {
        let Some(&member) = self.channels[channel.index()].member(who) else { return };
        let service = self.subscriber(channel, member.subscriber);
        self.emit(0, None, None, Place::Channel(channel), RecordKind::CutOff { service });
        let unread = |state| matches!(state, MessageState::Inbox | MessageState::Travelling);
        let slots = self.slots_from(channel, |message| {
            message.subscription == who && !message.kept && unread(message.state)
        });
        for slot in slots {
            if self.messages[slot].state == MessageState::Inbox {
                self.leave_inbox(slot);
            }
            self.messages[slot].report = Report::Nothing;
            self.lose(slot, Place::Service(service), LossReason::Unread);
        }
        let pair = (channel.0, member.subscriber);
        if let Some(index) = self.subscriptions.iter().position(|&known| known == pair) {
            self.send_news(index, true);
        }
    }

    /// Slots of messages that a channel sent to services and that are as wanted.
    pub(in crate::world) fn slots_from(
        &self,
        channel: ChannelId,
        wanted: impl Fn(&crate::Message) -> bool,
    ) -> Vec<u32> {
        let from = |message: &crate::Message| {
            let route = &self.plan.routes[message.route.index()];
            let delivery = matches!(route.to, Place::Service(_));
            delivery && route.from == Place::Channel(channel) && wanted(message)
        };
        self.messages().filter(|(_, message)| from(message)).map(|(slot, _)| slot).collect()
    }

    /// Services that are threads of a process crash with it: what they have from a channel in it is lost.
    pub(in crate::world) fn stop_consumers(&mut self, channel: ChannelId) {
        let in_memory =
            |state| matches!(state, MessageState::AtWork | MessageState::Inbox | MessageState::Travelling);
        for slot in self.slots_from(channel, |message| in_memory(message.state)) {
            let Place::Service(service) = self.plan.routes[self.messages[slot].route.index()].to else {
                continue;
            };
            if self.messages[slot].state == MessageState::Inbox {
                self.leave_inbox(slot);
            }
            match self.task_about(slot).map(|task| self.handler_of(task)) {
                // Its progress is kept elsewhere.
                Some(task) if self.is_durable(task) => {}
                Some(task) => self.stop(task),
                None => self.lose_in_crash(slot, service, false),
            }
        }
        let plan = self.plan.clone();
        for subscriber in &plan.channels[channel.index()].subscribers {
            self.serve(subscriber.service);
        }
    }
}
