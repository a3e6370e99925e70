//! Channels: what reaches one, and when one has something to do by itself.
//!
//! ```text
//!  arrives, acknowledged, time passes, crash ... -> engine -> effects -> carried out on the copies
//! ```
//!
//! An engine knows messages by handles, and what it keeps for a group is one copy, which the channel answers
//! for ([`super::Message`]'s `kept`): it says when the copy is done, comes again or is lost. The same copy is
//! handed out again and again. Whoever still has it in hand when it comes back goes on with another copy, for
//! which nobody answers.

mod copies;
mod effects;
mod news;
mod state;
mod swap;

use channel::{Channel, Effect, Publication, Rejection, Subscription, Tag};
use kernel::Time;

use super::World;
use super::parts::{Asker, Case, Happening, MessageState};
use crate::{ChannelId, LossReason, MessageKind, Place, Record, RecordKind};
use effects::Occasion;
use state::Copies;
pub use state::DeadLetter;
pub(super) use state::{Awaits, ChannelState, Member};

impl World {
    /// A message, or an acknowledgement, reaches a channel.
    pub(super) fn arrive_at_channel(&mut self, slot: u32, channel: ChannelId) {
        match self.messages[slot].kind {
            MessageKind::Acknowledgement => self.acknowledgement_arrives(slot, channel),
            MessageKind::Command | MessageKind::Event | MessageKind::Reply | MessageKind::Cancellation => {
                self.publish(slot, channel);
            }
        }
    }

    /// Gives a message to a channel.
    fn publish(&mut self, slot: u32, channel: ChannelId) {
        self.note_published(slot, channel);
        self.set_state(slot, MessageState::Ready);
        let state = &mut self.channels[channel.index()];
        let message = &mut self.messages[slot];
        let (number, itself) = (message.number, state.copies.is_message_itself());
        let handle = if state.copies == Copies::Same { slot } else { number };
        (message.handle, message.group, message.kept) = (handle, channel::Group(0), itself);
        if state.copies == Copies::Row {
            state.kept.insert(ChannelState::key(handle, channel::Group(0)), slot);
        }
        // What another channel has put aside is no second attempt of a publisher's.
        let put_aside = matches!(self.plan.routes[message.route.index()].from, Place::Channel(_));
        let publication = Publication {
            key: short_key(&self.cases[message.case]),
            identity: (!put_aside).then_some(message.origin.into()),
            ..Publication::new(handle, state.subjects[message.message_type.index()])
        };
        let effects = self.ask_channel(channel, |engine, effects| {
            engine.publish(&publication, effects);
        });
        let published = (!itself).then_some((handle, slot));
        self.carry_out(channel, effects, Occasion { published, ..Occasion::default() });
        let message = &self.messages[slot];
        if itself && message.number == number && message.state == MessageState::Ready {
            self.emit_about(slot, Place::Channel(channel), RecordKind::Queued);
        }
    }

    fn acknowledgement_arrives(&mut self, slot: u32, channel: ChannelId) {
        let message = &self.messages[slot];
        let (tag, from, ok) = (message.tag, message.subscription, message.ok);
        let about = self.handled_delivery(slot);
        // The acknowledgement leaves the books first, so that the case can close with its message.
        let mut known = false;
        let effects = self.ask_channel(channel, |engine, effects| {
            known = tag.is_some_and(|tag| settle(engine, from, tag, ok, effects));
        });
        if known {
            self.deliver(slot, Place::Channel(channel));
        } else {
            self.lose(slot, Place::Channel(channel), LossReason::Stale);
        }
        self.carry_out(channel, effects, Occasion { acknowledged: known && ok, ..Occasion::default() });
        let Some((delivery, number)) = about else { return };
        let message = &self.messages[delivery];
        if message.number != number || message.state != MessageState::Handled {
            return;
        }
        if !message.kept {
            self.end_unanswered(delivery, ok);
        } else if known && !ok && message.tag == tag {
            // Where there is no rejection it stays with its holder, who goes on without it.
            self.set_unreachable(delivery, Time::MAX);
        }
    }

    /// The slot and the number of the delivery that an acknowledgement is about, if it still waits for it. It
    /// does not if it came back and is handled by somebody else.
    pub(super) fn handled_delivery(&self, acknowledgement: u32) -> Option<(u32, u32)> {
        let acknowledgement = &self.messages[acknowledgement];
        let Asker::Task { slot, request } = acknowledgement.asker else { return None };
        let delivery = &self.messages[slot];
        let waits = delivery.number == request && delivery.state == MessageState::Handled;
        let same = acknowledgement.tag.is_none_or(|tag| delivery.tag == Some(tag));
        (waits && same).then_some((slot, request))
    }

    /// Something falls due in a channel, unless it was looked at before.
    pub(super) fn channel_due(&mut self, index: u32) {
        let state = &mut self.channels[index as usize];
        if state.scheduled == self.now {
            state.scheduled = Time::MAX;
            self.with_channel(ChannelId(index as u16), |_, _| {});
        }
    }

    /// Schedules what falls due first in every channel.
    pub(super) fn look_at_channels(&mut self) {
        for index in 0..self.channels.len() as u16 {
            self.with_channel(ChannelId(index), |_, _| {});
        }
    }

    /// Tells channels whose deliveries were read, or are done with, where they need to know.
    #[inline]
    pub(super) fn tell_finished(&mut self) {
        while !self.finished.is_empty() {
            let (channel, who) = self.finished.remove(0);
            if self.channels[channel.index()].member(who).is_some() {
                self.with_channel(channel, |engine, effects| engine.consumed(who, effects));
            }
        }
    }

    /// Asks the engine of a channel, and carries out what it says.
    pub(super) fn with_channel(
        &mut self,
        channel: ChannelId,
        ask: impl FnOnce(&mut Channel, &mut Vec<Effect>),
    ) {
        let effects = self.ask_channel(channel, ask);
        self.carry_out_alone(channel, effects);
    }

    /// Carries out effects of something else than a publication or an acknowledgement.
    pub(super) fn carry_out_alone(&mut self, channel: ChannelId, effects: Vec<Effect>) {
        self.carry_out(channel, effects, Occasion::default());
    }

    /// Asks the engine of a channel at the present time, and sees to it that it is asked again when something
    /// falls due.
    #[inline]
    pub(super) fn ask_channel(
        &mut self,
        channel: ChannelId,
        ask: impl FnOnce(&mut Channel, &mut Vec<Effect>),
    ) -> Vec<Effect> {
        let mut effects = std::mem::take(&mut self.effects);
        effects.clear();
        let state = &mut self.channels[channel.index()];
        state.engine.advance(self.now, &mut effects);
        ask(&mut state.engine, &mut effects);
        if let Some(next) = state.engine.next_instant()
            && next < state.scheduled
        {
            state.scheduled = next;
            self.schedule(next, Happening::Channel(channel.0.into()));
        }
        effects
    }
}

fn settle(engine: &mut Channel, from: Subscription, tag: Tag, ok: bool, effects: &mut Vec<Effect>) -> bool {
    if ok {
        engine.acknowledge(from, tag, effects)
    } else {
        engine.reject(from, tag, Rejection::Requeue, effects)
    }
}

/// What a case is about, in 32 bits, which is what engines compare. Of cases that are keys of their own no two
/// of the first 256 clients and 2^24 requests of each have the same.
fn short_key(case: &Case) -> u64 {
    let key = case.key;
    let own = (key ^ key >> 16) & u64::from(u32::MAX);
    if case.entity == Record::NONE { own } else { case.entity.into() }
}
