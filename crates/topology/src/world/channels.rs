//! Channels: what reaches one, and how the effects of its rules are carried out.

use channel::{Audience, Channel, Effect, Subscription};
use kernel::Time;

use super::World;
use super::parts::{ChannelState, Happening, MessageState, TaskState};
use crate::{ChannelId, ChannelPlan, LossReason, MessageKind, Place, RecordKind, ServiceId};

impl ChannelState {
    pub(super) fn new(plan: &ChannelPlan) -> Self {
        let mut rules = Channel::new(plan.rules.clone());
        for subscriber in &plan.subscribers {
            let subjects: Vec<u16> = subscriber.types.iter().map(|wanted| wanted.0).collect();
            rules.subscribe(&subjects);
        }
        ChannelState { rules, since: Time::ZERO, dead_lettered: 0 }
    }
}

impl World {
    /// A message, or an acknowledgement, reaches a channel.
    pub(super) fn arrive_at_channel(&mut self, slot: u32, channel: ChannelId) {
        let message = &self.messages[slot];
        if message.kind == MessageKind::Acknowledgement {
            return self.acknowledgement_arrives(slot, channel);
        }
        let (subject, number) = (message.message_type.0, message.number);
        self.set_state(slot, MessageState::Ready);
        self.with_channel(channel, |rules, effects| rules.publish(slot, subject, effects));
        let message = &self.messages[slot];
        if message.number == number && message.state == MessageState::Ready {
            self.emit_about(slot, Place::Channel(channel), RecordKind::Queued);
        }
    }

    fn acknowledgement_arrives(&mut self, slot: u32, channel: ChannelId) {
        let message = &self.messages[slot];
        let (tag, from, ok) = (message.tag.unwrap_or(0), message.subscription, message.ok);
        // The acknowledgement leaves the books first, so that the case can close with its message.
        let mut known = false;
        let effects = self.ask_channel(channel, |rules, effects| {
            known = if ok { rules.acknowledge(from, tag, effects) } else { rules.reject(from, tag, effects) };
        });
        if known {
            self.deliver(slot, Place::Channel(channel));
        } else {
            self.lose(slot, Place::Channel(channel), LossReason::Stale);
        }
        self.carry_out(channel, effects);
    }

    /// Asks the rules of a channel, and carries out what they say.
    pub(super) fn with_channel(
        &mut self,
        channel: ChannelId,
        ask: impl FnOnce(&mut Channel, &mut Vec<Effect>),
    ) {
        let effects = self.ask_channel(channel, ask);
        self.carry_out(channel, effects);
    }

    #[inline]
    fn ask_channel(
        &mut self,
        channel: ChannelId,
        ask: impl FnOnce(&mut Channel, &mut Vec<Effect>),
    ) -> Vec<Effect> {
        let mut effects = std::mem::take(&mut self.effects);
        effects.clear();
        ask(&mut self.channels[channel.index()].rules, &mut effects);
        effects
    }

    fn carry_out(&mut self, channel: ChannelId, effects: Vec<Effect>) {
        let place = Place::Channel(channel);
        let shared = self.channels[channel.index()].rules.rules().audience == Audience::EverySubscription;
        let mut fan_out = FanOut::default();
        for &effect in &effects {
            match effect {
                Effect::Deliver { to, message, tag: None, .. } if !shared => {
                    self.hand_over(message, channel, to);
                }
                Effect::Deliver { to, message, tag: None, .. } => {
                    fan_out.message = Some(message);
                    fan_out.receivers += 1;
                    let copy = self.copy(message);
                    self.hand_over(copy, channel, to);
                }
                Effect::Deliver { to, message, tag: Some(tag), redelivered } => {
                    self.messages[message].tag = Some(tag);
                    if redelivered {
                        self.ledger.redelivered += 1;
                        self.emit_about(message, place, RecordKind::Redelivered);
                    }
                    self.hand_over(message, channel, to);
                }
                Effect::Missed { to, message } => {
                    fan_out.message = Some(message);
                    let copy = self.copy(message);
                    let service = self.subscriber(channel, to);
                    self.lose(copy, Place::Service(service), LossReason::SubscriberAway);
                }
                Effect::NobodyListening { message } if fan_out.message == Some(message) => {}
                Effect::NobodyListening { message } => self.lose(message, place, LossReason::NobodyListening),
                Effect::Refused { message } => self.lose(message, place, LossReason::Full),
                Effect::LostInCrash { message } => self.lose(message, place, LossReason::BrokerDown),
                Effect::Returned { message } => self.returned(message, channel),
                Effect::Done { message } => self.deliver(message, place),
                Effect::DeadLettered { message, reason } => {
                    self.channels[channel.index()].dead_lettered += 1;
                    self.ledger.dead_lettered += 1;
                    self.emit_about(message, place, RecordKind::DeadLettered { reason });
                    self.cases[self.messages[message].case].complete = false;
                    self.remove(message);
                }
            }
        }
        if let Some(message) = fan_out.message {
            self.emit_about(message, place, RecordKind::FannedOut { receivers: fan_out.receivers });
            self.deliver(message, place);
        }
        self.effects = effects;
    }

    /// Sends a message from a channel to one of its subscribers.
    #[inline]
    fn hand_over(&mut self, slot: u32, channel: ChannelId, to: Subscription) {
        let subscriber = &self.plan.channels[channel.index()].subscribers[usize::from(to.0)];
        let (route, service) = (subscriber.route, subscriber.service);
        let session = self.services[service.index()].session;
        let message = &mut self.messages[slot];
        message.subscription = to;
        message.session = session;
        message.deliveries = message.deliveries.saturating_add(1);
        self.depart(slot, route);
    }

    fn subscriber(&self, channel: ChannelId, subscription: Subscription) -> ServiceId {
        self.plan.channels[channel.index()].subscribers[usize::from(subscription.0)].service
    }

    /// A message is back in its channel. If a worker still has it in hand, the worker goes on with a copy
    /// that its channel knows nothing of: the work will have been done twice.
    fn returned(&mut self, slot: u32, channel: ChannelId) {
        if self.messages[slot].state == MessageState::AtWork {
            self.split_from_worker(slot);
        } else if self.messages[slot].state == MessageState::Inbox
            && let Place::Service(service) = self.plan.routes[self.messages[slot].route.index()].to
        {
            self.services[service.index()].inbox.retain(|&waiting| waiting != slot);
        }
        self.messages[slot].tag = None;
        self.emit_about(slot, Place::Channel(channel), RecordKind::Returned);
        self.set_state(slot, MessageState::Ready);
    }

    fn split_from_worker(&mut self, slot: u32) {
        let holder = |task: &crate::Task| task.state != TaskState::Vacant && task.message == slot;
        let Some(task) = self.tasks.iter().find(|(_, task)| holder(task)).map(|(task, _)| task) else {
            return;
        };
        let copy = self.copy(slot);
        self.messages[copy].tag = self.messages[slot].tag;
        self.tasks[task].message = copy;
        self.set_state(copy, MessageState::AtWork);
    }

    /// The network lost a delivery or its acknowledgement; the channel notices after its heartbeat.
    pub(super) fn becomes_unreachable(&mut self, slot: u32) {
        let route = self.messages[slot].route;
        if let Place::Channel(channel) = self.plan.routes[route.index()].from {
            let heartbeat = self.channels[channel.index()].rules.rules().heartbeat;
            self.set_unreachable(slot, self.now + heartbeat);
        }
    }

    /// The channel notices that a delivery is lost, unless it came back before.
    pub(super) fn notice_loss(&mut self, slot: u32) {
        let message = &self.messages[slot];
        if message.state != MessageState::Unreachable || message.arrives != self.now {
            return;
        }
        let (to, tag) = (message.subscription, message.tag.unwrap_or(0));
        if let Place::Channel(channel) = self.plan.routes[message.route.index()].from {
            self.with_channel(channel, |rules, effects| {
                rules.delivery_failed(to, tag, effects);
            });
        }
    }

    /// The connections of a service break or come up: each of its channels notices when the news arrives,
    /// behind everything that the service sent before.
    pub(super) fn spread_news(&mut self, service: ServiceId, connected: bool) {
        for index in 0..self.subscriptions.len() {
            let (channel, subscriber) = self.subscriptions[index];
            let subscription = &self.plan.channels[usize::from(channel)].subscribers[usize::from(subscriber)];
            if subscription.service != service {
                continue;
            }
            let back = self.plan.routes[subscription.route.index()].back;
            let draw = self.luck(Place::Channel(ChannelId(channel))).latency.draw(u64::MAX, self.now.nanos());
            let latency = self.plan.link(back).latency.sample(draw);
            let at = self.arrival(back, latency, true);
            let index = index as u32;
            let happening = if connected { Happening::Connect(index) } else { Happening::Disconnect(index) };
            self.schedule(at, happening);
        }
    }

    pub(super) fn notice_disconnect(&mut self, subscription: u32) {
        let (channel, subscriber) = self.subscriptions[subscription as usize];
        self.with_channel(ChannelId(channel), |rules, effects| {
            rules.disconnect(Subscription(subscriber), effects)
        });
    }

    pub(super) fn notice_connect(&mut self, subscription: u32) {
        let (channel, subscriber) = self.subscriptions[subscription as usize];
        let service = self.plan.channels[usize::from(channel)].subscribers[usize::from(subscriber)].service;
        // It may have crashed again while the news travelled.
        if self.services[service.index()].up {
            self.with_channel(ChannelId(channel), |rules, effects| {
                rules.connect(Subscription(subscriber), effects)
            });
        }
    }
}

/// The copies that one message became.
#[derive(Default)]
struct FanOut {
    message: Option<u32>,
    receivers: u16,
}
