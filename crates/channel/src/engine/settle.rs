//! Settling: deliveries are acknowledged, rejected, claimed, or come back.

use kernel::Span;

use super::Channel;
use super::entry::{Entry, Held};
use crate::{
    Acknowledgement, Claim, DeadLetterReason, Effect, Exhausted, Group, Loss, Position, Rejection, Return,
    Subscription, Tag,
};

impl Channel {
    /// The consumer takes a delivery up. Where the work begins with a claim or an acknowledgement, that is
    /// settled now. Returns false if somebody else has it, or it came back in the meantime: then there is
    /// nothing to do.
    pub fn take_up(&mut self, from: Subscription, tag: Tag, effects: &mut Vec<Effect>) -> bool {
        let group = self.group_index(from);
        let number = tag.number();
        let state = &mut self.groups[group];
        let Some(held) = state.held.get_mut(&number).filter(|held| held.member == from.0) else {
            // It came back and may be in other hands; who is not fenced does not learn of it.
            return !state.delivery.fenced;
        };
        let entry = held.entry;
        match state.delivery.claim {
            Claim::HandOut | Claim::Naive | Claim::ForUpdate | Claim::SkipLocked => held.taken = true,
            Claim::ConditionalUpdate => {
                held.taken = true;
                let key = state.order(&entry);
                if state.early.remove(&key).is_none() {
                    state.held.remove(&number);
                    self.members[usize::from(from.0)].holds -= 1;
                    return false;
                }
            }
            Claim::UpdateSubselect | Claim::UpdateSubselectRechecked => {
                if !std::mem::replace(&mut held.taken, true) {
                    self.claim_committed(group, entry, effects);
                }
            }
        }
        if self.groups[group].delivery.acknowledgement == Acknowledgement::BeforeWork {
            self.acknowledge(from, tag, effects);
        }
        true
    }

    /// A claim was committed: whoever waited for the row goes on.
    fn claim_committed(&mut self, group: usize, entry: Entry, effects: &mut Vec<Effect>) {
        let rechecks = self.groups[group].delivery.claim == Claim::UpdateSubselectRechecked;
        let waiting = std::mem::take(&mut self.groups[group].asking);
        let mut entry = entry;
        for member in waiting {
            self.members[usize::from(member)].demand = 0;
            if !rechecks {
                self.hand(group, member, entry, effects);
                entry.deliveries = entry.deliveries.saturating_add(1);
                // Its own claim is committed as soon as it has the row.
                let tag = Tag::new(entry.position, entry.deliveries);
                if let Some(held) = self.groups[group].held.get_mut(&tag.number()) {
                    held.taken = true;
                }
            }
        }
    }

    /// The consumer is done with a delivery. Returns false, and changes nothing, if the channel does not know
    /// it any more: the message came back in the meantime. A message that several worked on at once is
    /// [`Effect::Done`] with the first.
    pub fn acknowledge(&mut self, from: Subscription, tag: Tag, effects: &mut Vec<Effect>) -> bool {
        let group = self.group_index(from);
        if let Acknowledgement::Offset { automatic } = self.groups[group].delivery.acknowledgement {
            return self.acknowledge_offset(group, from, tag, automatic.is_some(), effects);
        }
        let Some(held) = self.groups[group].release(from.0, tag.number()) else { return false };
        self.settled(&held);
        if !held.needless {
            self.done(group, &held.entry, effects);
        }
        self.after_settling(group, held.member, effects);
        true
    }

    fn acknowledge_offset(
        &mut self,
        group: usize,
        from: Subscription,
        tag: Tag,
        automatic: bool,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let state = &mut self.groups[group];
        let Some(held) = state.held.get_mut(&tag.number()).filter(|held| held.member == from.0) else {
            return false;
        };
        if !std::mem::replace(&mut held.worked, true) {
            self.members[usize::from(from.0)].holds -= 1;
        }
        if !automatic {
            let position = tag.position();
            self.commit(Group(group as u16), position.partition(), position.offset() + 1, effects);
        }
        self.after_settling(group, from.0, effects);
        true
    }

    /// An entry is done for a group.
    pub(super) fn done(&mut self, group: usize, entry: &Entry, effects: &mut Vec<Effect>) {
        effects.push(Effect::Done { message: entry.message, group: Group(group as u16) });
        let state = &mut self.groups[group];
        if state.delivery.claim != Claim::HandOut {
            state.done += 1;
            if state.peeks() {
                let key = state.order(entry);
                state.early.remove(&key);
            }
            // Whoever else works on the row does it once more than needed.
            let first = entry.position.0 << 16;
            for (_, held) in state.held.range_mut(first..=first | u64::from(u16::MAX)) {
                held.needless = true;
            }
        }
        self.forget_entry(group, entry, effects);
        self.free_key(group, entry.key);
    }

    /// The books of whoever held a delivery.
    pub(super) fn settled(&mut self, held: &Held) {
        if held.member != Held::NOBODY && !held.worked {
            let member = &mut self.members[usize::from(held.member)];
            member.holds = member.holds.saturating_sub(1);
        }
    }

    fn after_settling(&mut self, group: usize, member: u16, effects: &mut Vec<Effect>) {
        self.serve(group, effects);
        if member != Held::NOBODY {
            self.ask_again(member, effects);
        }
    }

    /// The consumer could not do it. Returns false if the channel does not know the delivery any more.
    pub fn reject(
        &mut self,
        from: Subscription,
        tag: Tag,
        how: Rejection,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let group = self.group_index(from);
        let Some(held) = self.groups[group].release(from.0, tag.number()) else { return false };
        self.settled(&held);
        match how {
            Rejection::Discard => {
                self.put_aside(group, held.entry, DeadLetterReason::Rejected, effects);
                self.forget_entry(group, &held.entry, effects);
                self.free_key(group, held.entry.key);
            }
            Rejection::After(span) => self.take_back_later(group, held.entry, span, effects),
            Rejection::Requeue => {
                let span = self.groups[group].delivery.backoff.after(u32::from(held.entry.attempts) + 1);
                if span > Span::ZERO {
                    self.take_back_later(group, held.entry, span, effects);
                } else {
                    let to = self.groups[group].delivery.rejected_to;
                    self.take_back(group, held.entry, to, true, effects);
                }
            }
        }
        self.after_settling(group, held.member, effects);
        true
    }

    /// One delivery got lost on the network, and the broken connection was noticed. Returns false if the
    /// channel does not know it any more.
    pub fn delivery_failed(&mut self, to: Subscription, tag: Tag, effects: &mut Vec<Effect>) -> bool {
        let group = self.group_index(to);
        let Some(held) = self.groups[group].release(to.0, tag.number()) else { return false };
        self.settled(&held);
        self.take_back(group, held.entry, Return::OriginalPlace, true, effects);
        self.after_settling(group, held.member, effects);
        true
    }

    /// The consumer needs longer: the time after which the message comes again begins anew.
    pub fn extend(&mut self, from: Subscription, tag: Tag) -> bool {
        let group = self.group_index(from);
        let now = self.now;
        let Some(held) = self.groups[group].held.get_mut(&tag.number()) else { return false };
        if held.member != from.0 {
            return false;
        }
        held.since = now;
        self.watch_held(group, tag.number());
        true
    }

    /// A message waits again, unless it was tried often enough. With `counts` it was an attempt.
    pub(super) fn take_back(
        &mut self,
        group: usize,
        mut entry: Entry,
        to: Return,
        counts: bool,
        effects: &mut Vec<Effect>,
    ) {
        if self.groups[group].delivery.claim == Claim::Naive && !self.take_out_row(group, &mut entry, counts)
        {
            return;
        }
        if counts {
            entry.attempts = entry.attempts.saturating_add(1);
        }
        if !self.comes_again(group, &entry, effects) {
            return;
        }
        effects.push(Effect::Returned { message: entry.message, group: Group(group as u16) });
        self.put_back(group, entry, to, effects);
        if self.groups[group].delivery.one_per_key {
            // It is the first of its key, and comes before those that wait for it.
            self.groups[group].busy_keys.retain(|&busy| busy != entry.key);
        }
    }

    /// A row that was only looked at is in its table still, with the attempts that others have made of it.
    /// Returns false if somebody else has done it, or if it does not count that this one gave up.
    fn take_out_row(&mut self, group: usize, entry: &mut Entry, counts: bool) -> bool {
        let state = &mut self.groups[group];
        let key = state.order(entry);
        if !counts {
            return false;
        }
        match state.early.remove(&key) {
            Some(row) => *entry = row.entry,
            None => return false,
        }
        true
    }

    fn put_back(&mut self, group: usize, mut entry: Entry, to: Return, effects: &mut Vec<Effect>) {
        if self.groups[group].by_offset() {
            return self.rewind_to(group, entry.position);
        }
        if !self.log.is_empty() && self.entry_at(entry.position).is_none() {
            let (message, group) = (entry.message, Some(Group(group as u16)));
            return effects.push(Effect::Lost { message, group, reason: Loss::Trimmed });
        }
        let state = &mut self.groups[group];
        let key = state.order(&entry);
        match to {
            Return::Head => {
                state.next_head -= 1;
                let key = key & !Position::MASK | state.next_head;
                state.early.insert(key, Held::by_nobody(entry));
            }
            Return::TailUnlessLimited if state.delivery.delivery_limit.is_some() => state.put_in_place(entry),
            Return::Tail | Return::TailUnlessLimited if self.log.is_empty() => {
                entry.position = Position::new(0, self.next_offset);
                self.next_offset += 1;
                if self.rules.priorities > 0 || state.delivery.claim != Claim::HandOut {
                    state.put_in_place(entry);
                } else {
                    state.fresh.push_back(entry);
                }
            }
            Return::Tail | Return::TailUnlessLimited | Return::OriginalPlace | Return::ByAttempts => {
                state.put_in_place(entry);
            }
        }
    }

    /// Whether a message may be handed out once more; if not, it is given up.
    fn comes_again(&mut self, group: usize, entry: &Entry, effects: &mut Vec<Effect>) -> bool {
        let delivery = &self.groups[group].delivery;
        if delivery.delivery_limit.is_none_or(|limit| u32::from(entry.attempts) <= limit) {
            return true;
        }
        let (message, id) = (entry.message, Group(group as u16));
        match delivery.exhausted {
            Exhausted::DeadLetter => {
                let reason = DeadLetterReason::DeliveryLimit;
                effects.push(Effect::DeadLettered { message, group: id, reason });
                self.forget_entry(group, entry, effects);
            }
            Exhausted::Drop => {
                effects.push(Effect::Lost { message, group: Some(id), reason: Loss::GivenUp });
                self.forget_entry(group, entry, effects);
            }
            Exhausted::Stays => {
                self.groups[group].spent += 1;
                effects.push(Effect::Lost { message, group: Some(id), reason: Loss::GivenUp });
            }
        }
        if self.groups[group].by_offset() {
            let next = entry.position.offset() + 1;
            self.commit(id, entry.position.partition(), next, effects);
        }
        self.free_key(group, entry.key);
        false
    }

    /// Puts a message aside, or drops it where nothing is put aside.
    pub(super) fn put_aside(
        &mut self,
        group: usize,
        entry: Entry,
        reason: DeadLetterReason,
        effects: &mut Vec<Effect>,
    ) {
        let (message, id) = (entry.message, Group(group as u16));
        effects.push(match (self.groups[group].delivery.exhausted, reason) {
            (Exhausted::DeadLetter, _) => Effect::DeadLettered { message, group: id, reason },
            (_, DeadLetterReason::LengthLimit) => {
                Effect::Lost { message, group: Some(id), reason: Loss::Full }
            }
            (_, DeadLetterReason::Expired) => {
                Effect::Lost { message, group: Some(id), reason: Loss::Expired }
            }
            (_, DeadLetterReason::Rejected | DeadLetterReason::DeliveryLimit) => {
                Effect::Lost { message, group: Some(id), reason: Loss::GivenUp }
            }
        });
        self.own_times.remove(&entry.position.0);
    }

    /// A message waits again after this time.
    fn take_back_later(&mut self, group: usize, mut entry: Entry, span: Span, effects: &mut Vec<Effect>) {
        if self.groups[group].delivery.claim == Claim::Naive && !self.take_out_row(group, &mut entry, true) {
            return;
        }
        entry.attempts = entry.attempts.saturating_add(1);
        if !self.comes_again(group, &entry, effects) {
            return;
        }
        effects.push(Effect::Returned { message: entry.message, group: Group(group as u16) });
        if self.groups[group].by_offset() {
            self.rewind_to(group, entry.position);
            self.groups[group].blocked[usize::from(entry.position.partition())] = true;
        }
        self.put_off(group, entry, self.now + span);
    }

    /// A member takes over what was held for at least `idle`, oldest first, at most `most` (Redis
    /// `XAUTOCLAIM`): it is delivered to it anew. When `silent` it only becomes the holder, and the delivery
    /// does not count (`JUSTID`). Returns where the entries lie.
    pub fn claim(
        &mut self,
        by: Subscription,
        idle: Span,
        most: u32,
        silent: bool,
        effects: &mut Vec<Effect>,
    ) -> Vec<Position> {
        let group = self.group_index(by);
        let mut claimed = Vec::new();
        for tag in self.idle(group, idle).into_iter().take(most as usize) {
            let Some(mut held) = self.groups[group].held.remove(&tag) else { continue };
            claimed.push(held.entry.position);
            self.settled(&held);
            if !self.log.is_empty() && self.entry_at(held.entry.position).is_none() {
                let (message, group) = (held.entry.message, Some(Group(group as u16)));
                effects.push(Effect::Lost { message, group, reason: Loss::Trimmed });
                claimed.pop();
            } else if silent {
                (held.member, held.since) = (by.0, self.now);
                self.members[usize::from(by.0)].holds += 1;
                self.groups[group].held.insert(tag, held);
            } else {
                self.hand(group, by.0, held.entry, effects);
            }
        }
        claimed
    }

    /// What was held for at least `idle` comes back to the channel (a reaper). Returns how many.
    pub fn reap(&mut self, group: Group, idle: Span, effects: &mut Vec<Effect>) -> usize {
        let group = usize::from(group.0);
        let tags = self.idle(group, idle);
        let to = self.groups[group].delivery.timed_out_to;
        for &tag in &tags {
            if let Some(held) = self.groups[group].held.remove(&tag) {
                self.settled(&held);
                self.take_back(group, held.entry, to, true, effects);
            }
        }
        self.serve(group, effects);
        tags.len()
    }

    fn idle(&self, group: usize, idle: Span) -> Vec<u64> {
        let held = self.groups[group].held.iter();
        held.filter(|(_, held)| self.now.since(held.since) >= idle).map(|(&tag, _)| tag).collect()
    }

    /// A member is given what it holds once more, each as a new delivery (Redis `XREADGROUP` with 0; a session
    /// that resumes). Returns how many.
    pub fn deliver_again(&mut self, who: Subscription, effects: &mut Vec<Effect>) -> u32 {
        let group = self.group_index(who);
        let mine = |held: &Held| held.member == who.0;
        let tags: Vec<u64> =
            self.groups[group].held.iter().filter(|(_, held)| mine(held)).map(|(&tag, _)| tag).collect();
        let mut again = 0;
        for tag in tags {
            let Some(held) = self.groups[group].held.remove(&tag) else { continue };
            self.settled(&held);
            again += 1;
            self.hand(group, who.0, held.entry, effects);
        }
        again
    }
}
