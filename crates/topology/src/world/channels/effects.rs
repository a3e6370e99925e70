//! What an engine says is carried out on the copies of messages.

use channel::{DeadLetterReason, Effect, Group, Loss, Subscription, Tag};

use super::{Awaits, ChannelState, Copies, DeadLetter};
use crate::world::World;
use crate::world::parts::{MessageState, Report};
use crate::{ChannelId, LossReason, Place, RecordKind, ServiceId};

/// What a channel was asked, as far as it matters to what its effects mean.
#[derive(Default)]
pub(super) struct Occasion {
    /// The handle and the slot of the message that was published, where the channel makes copies of it.
    pub(super) published: Option<(u32, u32)>,
    /// Whether a consumer has said that it is done.
    pub(super) acknowledged: bool,
    /// How many groups or subscribers get a copy of the message that was published.
    pub(super) receivers: u16,
    /// Whether somebody would have got one who is away.
    pub(super) missed: bool,
    /// Why the message was not taken.
    pub(super) refused: Option<LossReason>,
}

impl Occasion {
    /// The slot of the published message, if this is it.
    fn original(&self, handle: u32) -> Option<u32> {
        self.published.filter(|&(published, _)| published == handle).map(|(_, slot)| slot)
    }
}

impl World {
    pub(super) fn carry_out(&mut self, channel: ChannelId, effects: Vec<Effect>, mut occasion: Occasion) {
        for &effect in &effects {
            match effect {
                Effect::Kept { message, group } => self.keep(channel, message, group, &mut occasion),
                Effect::Deliver { message, group, to, tag, .. } => {
                    self.hand_out(channel, (message, group), to, tag, &mut occasion);
                }
                Effect::Missed { message, group } => self.miss(channel, message, group, &mut occasion),
                Effect::NobodyListening { message } => {
                    self.not_taken(channel, message, LossReason::NobodyListening, &mut occasion);
                }
                Effect::Refused { message } => {
                    let bounded = self.channels[channel.index()].engine.rules().length.is_some();
                    let reason = if bounded { LossReason::Full } else { LossReason::ReceiverDown };
                    self.not_taken(channel, message, reason, &mut occasion);
                }
                Effect::Duplicate { message } => {
                    self.not_taken(channel, message, LossReason::Deduplicated, &mut occasion);
                }
                Effect::Lost { message, group: None, reason } => {
                    self.not_taken(channel, message, LossReason::of(reason), &mut occasion);
                    for group in 0..self.channels[channel.index()].groups.len() as u16 {
                        self.lost(channel, (message, Group(group)), reason);
                    }
                }
                Effect::Lost { message, group: Some(group), reason } => {
                    self.lost(channel, (message, group), reason);
                }
                Effect::Returned { message, group } => self.returned(channel, (message, group)),
                Effect::Done { message, group } => {
                    self.done(channel, (message, group), occasion.acknowledged);
                }
                Effect::DeadLettered { message, group, reason } => {
                    self.dead_letter(channel, (message, group), reason);
                }
                Effect::CutOff { who } => self.cut_off(channel, who),
            }
        }
        self.effects = effects;
        self.end_published(channel, &occasion);
    }

    /// The published message ends once the channel has made its copies, or has not taken it.
    #[inline]
    fn end_published(&mut self, channel: ChannelId, occasion: &Occasion) {
        let Some((_, slot)) = occasion.published else { return };
        let place = Place::Channel(channel);
        match occasion.refused {
            Some(reason) if occasion.receivers == 0 && !occasion.missed => self.lose(slot, place, reason),
            Some(_) | None => {
                self.emit_about(slot, place, RecordKind::FannedOut { receivers: occasion.receivers });
                self.deliver(slot, place);
            }
        }
    }

    /// A group's copy of the published message waits in the channel.
    fn keep(&mut self, channel: ChannelId, handle: u32, group: Group, occasion: &mut Occasion) {
        let Some(original) = occasion.original(handle) else { return };
        occasion.receivers += 1;
        let copy = self.copy_for(original, channel, handle, group);
        self.emit_about(copy, Place::Channel(channel), RecordKind::Queued);
        self.set_state(copy, MessageState::Ready);
    }

    /// A copy that the channel answers for.
    fn copy_for(&mut self, original: u32, channel: ChannelId, handle: u32, group: Group) -> u32 {
        let copy = self.copy(original);
        let message = &mut self.messages[copy];
        (message.handle, message.group, message.kept) = (handle, group, true);
        self.channels[channel.index()].kept.insert(ChannelState::key(handle, group), copy);
        copy
    }

    #[inline]
    fn hand_out(
        &mut self,
        channel: ChannelId,
        (handle, group): (u32, Group),
        to: Subscription,
        tag: Option<Tag>,
        occasion: &mut Occasion,
    ) {
        let Some(slot) = self.find(channel, handle, group) else {
            let Some(original) = occasion.original(handle) else { return };
            occasion.receivers += 1;
            let copy = match tag {
                Some(_) => self.copy_for(original, channel, handle, group),
                None => self.copy(original),
            };
            return self.hand_over(copy, channel, to, tag);
        };
        let slot = match self.messages[slot].state {
            MessageState::Travelling | MessageState::Inbox | MessageState::AtWork => {
                self.one_more(slot, channel)
            }
            MessageState::Vacant
            | MessageState::Ready
            | MessageState::Handled
            | MessageState::Unreachable => slot,
        };
        if tag.is_none() {
            self.forget(slot, channel);
        }
        if self.messages[slot].deliveries > 0 {
            self.ledger.redelivered += 1;
            self.emit_about(slot, Place::Channel(channel), RecordKind::Redelivered);
        }
        self.hand_over(slot, channel, to, tag);
    }

    /// Sends a message from a channel to one of its subscribers.
    #[inline]
    fn hand_over(&mut self, slot: u32, channel: ChannelId, to: Subscription, tag: Option<Tag>) {
        let state = &self.channels[channel.index()];
        let member = &state.members[usize::from(to.0)];
        let subscriber = &self.plan.channels[channel.index()].subscribers[usize::from(member.subscriber)];
        let (route, service) = (subscriber.route, subscriber.service);
        let message = &mut self.messages[slot];
        message.subscription = to;
        message.session = self.services[service.index()].session;
        message.deliveries = message.deliveries.saturating_add(1);
        message.tag = tag;
        let awaited = tag.is_none() && state.awaits != Awaits::Nothing;
        message.report = if awaited { Report::Due } else { Report::Nothing };
        self.depart(slot, route);
    }

    /// A group is away, and nothing is kept for it: its copy is charged to the books as lost.
    fn miss(&mut self, channel: ChannelId, handle: u32, group: Group, occasion: &mut Occasion) {
        let Some(slot) = occasion.original(handle).or_else(|| self.find(channel, handle, group)) else {
            return;
        };
        let place = match self.channels[channel.index()].groups[usize::from(group.0)].subscribers[..] {
            [one] => Place::Service(self.subscriber(channel, one)),
            _ => Place::Channel(channel),
        };
        if self.messages[slot].kept {
            self.forget(slot, channel);
            return self.lose(slot, place, LossReason::SubscriberAway);
        }
        occasion.missed = true;
        let copy = self.copy(slot);
        self.lose(copy, place, LossReason::SubscriberAway);
    }

    /// A consumer goes on without a message that it still has in hand; one that fetches its messages asks for the
    /// next as soon as it is through with those that it fetched.
    pub(in crate::world) fn ask_for_next(&mut self, slot: u32) {
        let message = &self.messages[slot];
        let (who, report, tag) = (message.subscription, message.report, message.tag);
        let Place::Channel(channel) = self.plan.routes[message.route.index()].from else { return };
        let state = &self.channels[channel.index()];
        if report == Report::Due {
            self.note_finished(slot);
            self.messages[slot].report = Report::Nothing;
        } else if let Some(tag) = tag
            && state.member(who).is_some()
        {
            self.with_channel(channel, |engine, effects| engine.set_aside(who, tag, effects));
        }
    }

    pub(in crate::world) fn subscriber(&self, channel: ChannelId, subscriber: u16) -> ServiceId {
        self.plan.channels[channel.index()].subscribers[usize::from(subscriber)].service
    }

    /// Nothing came of the published message.
    fn not_taken(&mut self, channel: ChannelId, handle: u32, reason: LossReason, occasion: &mut Occasion) {
        if occasion.original(handle).is_some() {
            occasion.refused = occasion.refused.or(Some(reason));
        } else if self.channels[channel.index()].copies.is_message_itself()
            && let Some(slot) = self.find(channel, handle, Group(0))
        {
            self.forget(slot, channel);
            self.lose(slot, Place::Channel(channel), reason);
        }
    }

    /// The channel has lost a copy. Whoever has it in hand goes on: then nothing is lost yet.
    fn lost(&mut self, channel: ChannelId, (handle, group): (u32, Group), reason: Loss) {
        let Some(slot) = self.find(channel, handle, group) else { return };
        let place = Place::Channel(channel);
        self.forget(slot, channel);
        match self.messages[slot].state {
            MessageState::Handled | MessageState::Unreachable
                if self.messages[slot].report == Report::Sent =>
            {
                self.deliver(slot, place);
            }
            MessageState::Travelling if reason == Loss::Crash => {
                self.lose(slot, place, LossReason::BrokerDown);
            }
            MessageState::AtWork | MessageState::Inbox | MessageState::Travelling => {
                self.emit_about(slot, place, RecordKind::Settled);
            }
            MessageState::Vacant
            | MessageState::Ready
            | MessageState::Handled
            | MessageState::Unreachable => self.lose(slot, place, LossReason::of(reason)),
        }
    }

    /// A copy is back in its channel and waits.
    fn returned(&mut self, channel: ChannelId, (handle, group): (u32, Group)) {
        let Some(slot) = self.find(channel, handle, group) else { return };
        self.take_out_of_hands(slot, channel);
        self.messages[slot].tag = None;
        self.emit_about(slot, Place::Channel(channel), RecordKind::Returned);
        self.set_state(slot, MessageState::Ready);
    }

    /// A copy is done, or counts as done. If somebody still works on it, nobody answers for it any more.
    fn done(&mut self, channel: ChannelId, (handle, group): (u32, Group), acknowledged: bool) {
        let Some(slot) = self.find(channel, handle, group) else { return };
        let place = Place::Channel(channel);
        let tag = self.messages[slot].tag;
        self.forget(slot, channel);
        let message = &self.messages[slot];
        match message.state {
            MessageState::AtWork | MessageState::Inbox | MessageState::Travelling => {
                // Whoever has only looked at the row still asks for it, and will hear that it is gone.
                if self.channels[channel.index()].copies == Copies::Row {
                    self.messages[slot].tag = tag;
                }
                self.emit_about(slot, place, RecordKind::Settled);
            }
            MessageState::Handled | MessageState::Unreachable
                if message.report != Report::Sent && !acknowledged =>
            {
                // It counts as done by the clock, but nobody has done it.
                let reason = match (message.state, message.arrives) {
                    (MessageState::Handled, _) => LossReason::HandlerFailed,
                    (_, kernel::Time::MAX) => LossReason::Crash,
                    (_, _) => LossReason::Network,
                };
                self.lose(slot, place, reason);
            }
            MessageState::Vacant
            | MessageState::Ready
            | MessageState::Handled
            | MessageState::Unreachable => self.deliver(slot, place),
        }
    }

    /// A copy is put aside, and sent on if there is a place for such messages.
    fn dead_letter(&mut self, channel: ChannelId, (handle, group): (u32, Group), reason: DeadLetterReason) {
        let Some(slot) = self.find(channel, handle, group) else { return };
        self.take_out_of_hands(slot, channel);
        self.forget(slot, channel);
        let message = &self.messages[slot];
        let (number, message_type, case) = (message.number, message.message_type, message.case);
        let letter =
            DeadLetter { message: number, message_type, case: self.cases[case].number, reason, at: self.now };
        self.channels[channel.index()].note_dead_letter(letter);
        self.ledger.dead_lettered += 1;
        self.emit_about(slot, Place::Channel(channel), RecordKind::DeadLettered { reason });
        self.cases[case].complete = false;
        if let Some(route) = self.plan.channels[channel.index()].dead_letter_route {
            let copy = self.copy(slot);
            self.messages[copy].deliveries = 0;
            self.depart(copy, route);
        }
        self.remove(slot);
    }
}
