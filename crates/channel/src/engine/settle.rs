//! Settling: deliveries are acknowledged, rejected, claimed, or come back.

use kernel::Span;

use super::Channel;
use super::entry::{Entry, Held};
use super::group::Group as State;
use crate::{
    Acknowledgement, Claim, DeadLetterReason, Effect, Exhausted, Group, Loss, Position, Rejection, Return,
    Subscription, Tag,
};

impl State {
    /// A row is over: nobody is to look at it any more, and whoever works on it does so in vain.
    fn end_row(&mut self, entry: &Entry) {
        if self.delivery.claim == Claim::HandOut {
            return;
        }
        // Somebody else may have given it back.
        self.take_row(entry);
        self.delayed.retain(|_, row| row.entry.position != entry.position);
        let first = entry.position.0 << 16;
        for (_, held) in self.held.range_mut(first..=first | u64::from(u16::MAX)) {
            held.needless = true;
        }
    }

    /// Whether a hold is only a look at a row, which lies in the table all the same.
    pub(super) fn is_look(&self, held: &Held) -> bool {
        self.delivery.claim == Claim::Naive || self.peeks() && !held.taken
    }

    /// A row as it stands in the table, if it is not done: others may have tried it meanwhile.
    fn row(&mut self, entry: &Entry) -> Option<&mut Entry> {
        match self.retried(entry) {
            Some(key) => self.early.get_mut(&key).map(|row| &mut row.entry),
            None => self.fresh.get_mut(entry.position, entry.priority),
        }
    }

    /// Takes a row out of the table.
    fn take_row(&mut self, entry: &Entry) -> Option<Entry> {
        match self.retried(entry) {
            Some(key) => self.early.remove(&key).map(|row| row.entry),
            None => self.fresh.remove(entry.position, entry.priority),
        }
    }

    /// Where a row stands that was tried before: others may have tried it meanwhile.
    fn retried(&self, entry: &Entry) -> Option<u64> {
        let key = self.order(entry);
        let is_it = |row: &Held| row.entry.position == entry.position;
        if self.early.get(&key).is_some_and(is_it) {
            return Some(key);
        }
        let by_attempts = self.delivery.rejected_to == Return::ByAttempts;
        let mut rows = self.early.iter().filter(|_| by_attempts);
        rows.find(|(_, row)| is_it(row)).map(|(&key, _)| key)
    }

    fn is_held(&self, position: Position) -> bool {
        let first = position.0 << 16;
        self.held.range(first..=first | u64::from(u16::MAX)).next().is_some()
    }
}

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
            Claim::ConditionalUpdate if held.taken => {}
            Claim::ConditionalUpdate => {
                held.taken = true;
                if state.take_row(&entry).is_none() {
                    if let Some(held) = state.held.remove(&number) {
                        self.settled(&held);
                    }
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
            // The clock has committed it before its work was done.
            let position = tag.position();
            let committed = state.committed[usize::from(position.partition())];
            return automatic && position.offset() < committed;
        };
        self.members[usize::from(from.0)].holds -= u32::from(held.is_in_hand());
        held.worked = true;
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
            state.end_row(entry);
        }
        self.forget_entry(group, entry, effects);
        self.free_key(group, entry.key);
    }

    /// The books of whoever held a delivery.
    pub(super) fn settled(&mut self, held: &Held) {
        if held.is_in_hand() {
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
        if how == Rejection::Requeue && self.groups[group].delivery.rejected_to == Return::WithHolder {
            return self.leave_with_holder(group, from.0, tag, effects);
        }
        let Some(held) = self.groups[group].release(from.0, tag.number()) else { return false };
        self.settled(&held);
        match how {
            _ if held.needless => {}
            Rejection::Discard => {
                self.put_aside(group, held.entry, DeadLetterReason::Rejected, effects);
                self.leave_behind(group, &held.entry, effects);
            }
            Rejection::After(span) => self.take_back_later(group, held, span, effects),
            Rejection::Requeue => {
                let span = self.groups[group].delivery.backoff.after(u32::from(held.entry.attempts) + 1);
                if span > Span::ZERO {
                    self.take_back_later(group, held, span, effects);
                } else {
                    let to = self.groups[group].delivery.rejected_to;
                    self.take_back(group, held, to, true, effects);
                }
            }
        }
        self.after_settling(group, held.member, effects);
        true
    }

    /// There is no rejection: the delivery stays pending, and its holder goes on without it.
    fn leave_with_holder(&mut self, group: usize, from: u16, tag: Tag, effects: &mut Vec<Effect>) -> bool {
        let held = self.groups[group].held.get_mut(&tag.number()).filter(|held| held.member == from);
        let Some(held) = held else { return false };
        self.members[usize::from(from)].holds -= u32::from(held.is_in_hand());
        held.worked = true;
        self.after_settling(group, from, effects);
        true
    }

    /// One delivery got lost on the network, and the broken connection was noticed. Returns false if the
    /// channel does not know it any more.
    pub fn delivery_failed(&mut self, to: Subscription, tag: Tag, effects: &mut Vec<Effect>) -> bool {
        let group = self.group_index(to);
        let Some(held) = self.groups[group].release(to.0, tag.number()) else { return false };
        self.settled(&held);
        self.take_back(group, held, Return::OriginalPlace, true, effects);
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

    /// A message that was held waits again, unless it was tried often enough. With `counts` it was an attempt.
    pub(super) fn take_back(
        &mut self,
        group: usize,
        held: Held,
        to: Return,
        counts: bool,
        effects: &mut Vec<Effect>,
    ) {
        let Some(entry) = self.comes_again(group, &held, counts, effects) else { return };
        self.put_back(group, entry, to, effects);
        if self.groups[group].delivery.one_per_key {
            // It is the first of its key, and comes before those that wait for it.
            self.groups[group].busy_keys.retain(|&busy| busy != entry.key);
        }
    }

    /// A message that was held waits again after this time, if it was not tried often enough.
    fn take_back_later(&mut self, group: usize, held: Held, span: Span, effects: &mut Vec<Effect>) {
        let Some(entry) = self.comes_again(group, &held, true, effects) else { return };
        if self.groups[group].by_offset() {
            self.read_again_from(group, &entry, effects);
            self.groups[group].blocked[usize::from(entry.position.partition())] = true;
        }
        self.put_off(group, entry, self.now + span);
    }

    /// What waits again of a held message: nothing if another has done it, if its row lies in the table anyway,
    /// or if it is given up.
    fn comes_again(
        &mut self,
        group: usize,
        held: &Held,
        counts: bool,
        effects: &mut Vec<Effect>,
    ) -> Option<Entry> {
        if held.needless {
            return None;
        }
        let mut entry = held.entry;
        let (message, id) = (entry.message, Group(group as u16));
        let state = &mut self.groups[group];
        if state.is_look(held) {
            state.row(&entry)?;
            if !counts || state.delivery.claim == Claim::ConditionalUpdate {
                if !state.is_held(entry.position) {
                    effects.push(Effect::Returned { message, group: id });
                }
                return None;
            }
            entry = state.take_row(&entry)?;
        }
        entry.attempts = entry.attempts.saturating_add(u16::from(counts));
        let limit = self.groups[group].delivery.delivery_limit;
        if limit.is_some_and(|limit| u32::from(entry.attempts) > limit) {
            self.give_up(group, &entry, effects);
            return None;
        }
        if !self.log.is_empty() && self.entry_at(entry.position).is_none() {
            effects.push(Effect::Lost { message, group: Some(id), reason: Loss::Trimmed });
            return None;
        }
        effects.push(Effect::Returned { message, group: id });
        Some(entry)
    }

    pub(super) fn put_back(&mut self, group: usize, mut entry: Entry, to: Return, effects: &mut Vec<Effect>) {
        if self.groups[group].by_offset() {
            return self.read_again_from(group, &entry, effects);
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
                state.fresh.push(entry);
            }
            Return::Tail
            | Return::TailUnlessLimited
            | Return::OriginalPlace
            | Return::ByAttempts
            | Return::WithHolder => state.put_in_place(entry),
        }
    }

    /// A partition is read on from an entry that was rejected. What a consumer has in hand of what comes behind it
    /// is read again as well: it goes on with that, and gets it once more.
    fn read_again_from(&mut self, group: usize, entry: &Entry, effects: &mut Vec<Effect>) {
        let partition = usize::from(entry.position.partition());
        let offset = entry.position.offset();
        self.take_held_from(group, partition, offset, effects);
        let state = &mut self.groups[group];
        state.failing[partition] = (offset, entry.attempts);
        state.cursors[partition] = offset.min(state.cursors[partition]);
    }

    /// A message was tried often enough.
    fn give_up(&mut self, group: usize, entry: &Entry, effects: &mut Vec<Effect>) {
        let (message, id) = (entry.message, Group(group as u16));
        effects.push(match self.groups[group].delivery.exhausted {
            Exhausted::DeadLetter => {
                Effect::DeadLettered { message, group: id, reason: DeadLetterReason::DeliveryLimit }
            }
            Exhausted::Drop | Exhausted::Stays => {
                Effect::Lost { message, group: Some(id), reason: Loss::GivenUp }
            }
        });
        self.leave_behind(group, entry, effects);
    }

    /// A group goes on without an entry that it has given up.
    fn leave_behind(&mut self, group: usize, entry: &Entry, effects: &mut Vec<Effect>) {
        if self.groups[group].delivery.exhausted == Exhausted::Stays {
            self.groups[group].spent += 1;
        } else {
            self.forget_entry(group, entry, effects);
        }
        self.groups[group].end_row(entry);
        if self.groups[group].by_offset() {
            let (partition, offset) = (entry.position.partition(), entry.position.offset());
            self.commit(Group(group as u16), partition, offset + 1, effects);
        }
        self.free_key(group, entry.key);
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
                (held.worked, held.aside) = (false, false);
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
                self.take_back(group, held, to, true, effects);
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
