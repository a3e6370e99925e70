//! Members: they join, break off, come back and leave.

use kernel::{Span, Time};

use super::Channel;
use super::entry::{Entry, Held};
use super::group::Member;
use super::time::Timer;
use super::{GroupId, MemberTerms};
use crate::{Choice, Claim, Effect, Loss, OnDisconnect, Return, Subscription};

impl Channel {
    /// Adds a connected member, which gets what it has room for.
    pub fn subscribe(
        &mut self,
        group: GroupId,
        terms: MemberTerms,
        effects: &mut Vec<Effect>,
    ) -> Subscription {
        let number = self.members.len() as u16;
        self.members.push(Member {
            group: group.0,
            terms,
            connected: true,
            inactive: false,
            joining: false,
            session_ends: Time::ZERO,
            holds: 0,
            demand: 0,
            unread: 0,
            polls: Time::MAX,
        });
        let index = usize::from(group.0);
        self.groups[index].members.push(number);
        self.groups[index].expires = Time::MAX;
        self.start_polling(number);
        self.assign(index, effects);
        self.serve(index, effects);
        self.ask_again(number, effects);
        Subscription(number)
    }

    /// No more is handed to a member; what it holds it keeps (AMQP `basic.cancel`).
    pub fn cancel(&mut self, who: Subscription) {
        self.withdraw(who);
        self.members[usize::from(who.0)].inactive = true;
    }

    /// A member leaves in order: what it holds comes back, and its partitions go to others, at once.
    pub fn leave(&mut self, who: Subscription, effects: &mut Vec<Effect>) {
        self.withdraw(who);
        let group = self.group_index(who);
        let member = &mut self.members[usize::from(who.0)];
        (member.inactive, member.connected, member.joining) = (true, false, false);
        self.groups[group].members.retain(|&member| member != who.0);
        self.groups[group].turn = 0;
        self.break_off(group, who.0, effects);
        self.assign(group, effects);
        self.note_absence(group, effects);
        self.serve(group, effects);
    }

    /// Forgets a member with all it holds (Redis `XGROUP DELCONSUMER`). Returns how many messages it held.
    pub fn forget(&mut self, who: Subscription, effects: &mut Vec<Effect>) -> usize {
        let group = self.group_index(who);
        let held = self.take_from(group, who.0);
        let message = |entry: &Entry| Effect::Lost {
            message: entry.message,
            group: Some(GroupId(group as u16)),
            reason: Loss::HolderGone,
        };
        effects.extend(held.iter().map(|held| message(&held.entry)));
        self.cancel(who);
        self.groups[group].members.retain(|&member| member != who.0);
        self.groups[group].turn = 0;
        held.len()
    }

    /// The connection of a member broke.
    pub fn disconnect(&mut self, who: Subscription, effects: &mut Vec<Effect>) {
        let group = self.group_index(who);
        if !self.member(who).connected {
            return;
        }
        self.withdraw(who);
        let session = self.groups[group].delivery.session_timeout;
        let now = self.now;
        let member = &mut self.members[usize::from(who.0)];
        (member.connected, member.unread) = (false, 0);
        if session > Span::ZERO {
            member.session_ends = now + session;
            let ends = member.session_ends;
            self.remind(ends, Timer::Session(who.0));
        } else {
            self.break_off(group, who.0, effects);
            self.assign(group, effects);
        }
        self.note_absence(group, effects);
        self.serve(group, effects);
    }

    /// A member is there again, and gets what it has room for.
    pub fn connect(&mut self, who: Subscription, effects: &mut Vec<Effect>) {
        let group = self.group_index(who);
        let now = self.now;
        let member = &mut self.members[usize::from(who.0)];
        if member.connected || self.groups[group].removed {
            return;
        }
        member.connected = true;
        self.groups[group].expires = Time::MAX;
        if member.session_ends > now {
            // To the broker it is a new member, which waits until the old one's session is over.
            member.joining = true;
            return;
        }
        self.resume(group, who.0, effects);
    }

    /// A member takes part again.
    fn resume(&mut self, group: usize, member: u16, effects: &mut Vec<Effect>) {
        self.assign(group, effects);
        if self.groups[group].delivery.on_disconnect == OnDisconnect::KeptForOwner && self.up {
            self.deliver_again(Subscription(member), effects);
        }
        self.serve(group, effects);
        self.ask_again(member, effects);
    }

    /// A session is over, unless it was resumed or another has begun.
    pub(super) fn session_over(&mut self, member: u16, effects: &mut Vec<Effect>) {
        let group = usize::from(self.members[usize::from(member)].group);
        let state = &mut self.members[usize::from(member)];
        if state.session_ends != self.now {
            return;
        }
        state.joining = false;
        let back = state.connected;
        self.break_off(group, member, effects);
        self.assign(group, effects);
        if back {
            self.resume(group, member, effects);
        }
        self.wake_all(group, effects);
    }

    /// Members of a group whose loops had nothing to read look again.
    pub(super) fn wake_all(&mut self, group: usize, effects: &mut Vec<Effect>) {
        self.serve(group, effects);
        for index in 0..self.groups[group].members.len() {
            self.ask_again(self.groups[group].members[index], effects);
        }
    }

    /// What becomes of what a member held whose session is over.
    fn break_off(&mut self, group: usize, member: u16, effects: &mut Vec<Effect>) {
        if matches!(self.groups[group].delivery.choice, Choice::Partition(_)) {
            return; // Its partitions are read again from the committed offset when they are assigned.
        }
        match self.groups[group].delivery.on_disconnect {
            OnDisconnect::KeptForOwner => {}
            // It stays pending under this name, but whoever comes back begins with free hands.
            OnDisconnect::Kept => {
                let state = &mut self.groups[group];
                for held in state.held.values_mut().filter(|held| held.member == member) {
                    held.worked = true;
                }
                self.members[usize::from(member)].holds = 0;
            }
            OnDisconnect::Returned => {
                // What a transaction wrote is rolled back with it, the count of attempts too.
                let rolled_back =
                    matches!(self.groups[group].delivery.claim, Claim::ForUpdate | Claim::SkipLocked);
                for held in self.take_from(group, member) {
                    self.take_back(group, held, Return::OriginalPlace, !rolled_back, effects);
                }
            }
            OnDisconnect::Lost => {
                let id = Some(GroupId(group as u16));
                for held in self.take_from(group, member) {
                    let (message, reason) = (held.entry.message, Loss::HolderGone);
                    effects.push(Effect::Lost { message, group: id, reason });
                    self.forget_entry(group, &held.entry, effects);
                    self.free_key(group, held.entry.key);
                }
            }
        }
    }

    /// Takes everything that a member holds out of its hands.
    fn take_from(&mut self, group: usize, member: u16) -> Vec<Held> {
        let state = &mut self.groups[group];
        let tags: Vec<u64> =
            state.held.iter().filter(|(_, held)| held.member == member).map(|(&tag, _)| tag).collect();
        let held = tags.into_iter().filter_map(|tag| state.held.remove(&tag)).collect();
        self.members[usize::from(member)].holds = 0;
        held
    }

    /// A group that exists for its members only goes with the last.
    fn note_absence(&mut self, group: usize, effects: &mut Vec<Effect>) {
        let state = &self.groups[group];
        let connected = |&member: &u16| self.members[usize::from(member)].connected;
        if !state.terms.exclusive || state.members.iter().any(connected) {
            return;
        }
        if state.terms.expires_after == Span::ZERO {
            self.remove_group(GroupId(group as u16), effects);
        } else {
            let expires = self.now + state.terms.expires_after;
            self.groups[group].expires = expires;
            self.remind(expires, Timer::GroupExpires(group as u16));
        }
    }

    /// Everything that a group still has is lost.
    pub(super) fn lose_line(&mut self, group: usize, reason: Loss, effects: &mut Vec<Effect>) {
        let id = Some(GroupId(group as u16));
        let in_log: Vec<u32> = self.unread_entries(group).map(|entry| entry.message).collect();
        let state = &mut self.groups[group];
        let mut lose = |message: u32| effects.push(Effect::Lost { message, group: id, reason });
        for shelf in [&mut state.held, &mut state.early, &mut state.delayed, &mut state.parked] {
            std::mem::take(shelf).into_values().for_each(|held| lose(held.entry.message));
        }
        std::mem::take(&mut state.fresh).iter().for_each(|entry| lose(entry.message));
        in_log.into_iter().for_each(lose);
        state.busy_keys.clear();
        for index in 0..state.members.len() {
            let member = usize::from(state.members[index]);
            (self.members[member].holds, self.members[member].demand) = (0, 0);
        }
        for (cursor, log) in self.groups[group].cursors.iter_mut().zip(&self.log) {
            *cursor = log.end;
        }
    }
}
