//! Handing out: which member gets the next message.

use super::entry::{Entry, Held};
use super::{Channel, Group};
use crate::{
    Acknowledgement, Assignor, Choice, Claim, Effect, Group as GroupId, HandsOut, Return, Subscription, Tag,
};

impl Channel {
    pub(super) fn serve_all(&mut self, effects: &mut Vec<Effect>) {
        for group in 0..self.groups.len() {
            self.serve(group, effects);
        }
    }

    /// Gives a group's members what they have room for or asked for.
    pub(super) fn serve(&mut self, group: usize, effects: &mut Vec<Effect>) {
        if !self.up || self.groups[group].removed {
            return;
        }
        self.drop_outdated(group, effects);
        match self.groups[group].delivery.hands_out {
            HandsOut::Push => self.push(group, effects),
            HandsOut::Pull { .. } | HandsOut::Poll { .. } => self.answer(group, effects),
        }
    }

    /// Sends ready messages to members that have room.
    fn push(&mut self, group: usize, effects: &mut Vec<Effect>) {
        while self.has_ready(group) && self.has_group_room(group) {
            let Some(index) = self.next_member(group) else { return };
            let member = self.groups[group].members[index];
            let Some(entry) = self.take_ready(group, member) else { return };
            self.groups[group].turn = (index + 1) % self.groups[group].members.len();
            self.hand(group, member, entry, effects);
            self.drop_outdated(group, effects);
        }
    }

    /// Serves the members that wait for an answer, longest first.
    fn answer(&mut self, group: usize, effects: &mut Vec<Effect>) {
        let mut index = 0;
        while index < self.groups[group].asking.len() {
            let member = self.groups[group].asking[index];
            if self.give(group, member, effects) > 0 {
                self.groups[group].asking.remove(index);
            } else if self.is_locked(group)
                || !matches!(self.groups[group].delivery.choice, Choice::Partition(_))
            {
                return;
            } else {
                index += 1;
            }
        }
    }

    /// Gives one member as much as it asks for, of what there is. Returns how many it got.
    pub(super) fn give(&mut self, group: usize, member: u16, effects: &mut Vec<Effect>) -> u32 {
        let mut given = 0;
        while self.members[usize::from(member)].demand > 0
            && self.has_room(group, member)
            && self.has_group_room(group)
            && !self.is_locked(group)
        {
            let Some(entry) = self.take_ready(group, member) else { break };
            self.members[usize::from(member)].demand -= 1;
            given += 1;
            self.hand(group, member, entry, effects);
            self.drop_outdated(group, effects);
        }
        if given > 0 {
            self.members[usize::from(member)].demand = 0;
        }
        given
    }

    /// The next entry for a member, out of the line; a row that is only looked at stays in it.
    fn take_ready(&mut self, group: usize, member: u16) -> Option<Entry> {
        if self.is_rebalancing(group) {
            return None;
        }
        if self.groups[group].peeks() {
            return self.groups[group].look_at_next(member);
        }
        loop {
            let entry = self.take_next(group, member)?;
            let state = &mut self.groups[group];
            if !state.delivery.one_per_key {
                return Some(entry);
            }
            if !state.is_key_busy(entry.key) {
                state.busy_keys.push(entry.key);
                return Some(entry);
            }
            state.park(entry);
        }
    }

    fn has_ready(&self, group: usize) -> bool {
        if self.log.is_empty() {
            let state = &self.groups[group];
            return !state.fresh.is_empty() || !state.early.is_empty();
        }
        true
    }

    pub(super) fn has_room(&self, group: usize, member: u16) -> bool {
        let state = &self.members[usize::from(member)];
        let most = if state.terms.automatic {
            None
        } else {
            state.terms.prefetch.or(self.groups[group].delivery.prefetch)
        };
        state.is_active() && most.is_none_or(|most| state.holds < most)
    }

    fn has_group_room(&self, group: usize) -> bool {
        let state = &self.groups[group];
        state.delivery.group_prefetch.is_none_or(|most| state.held.len() < most as usize)
    }

    /// Whether somebody's transaction keeps the others from looking for the next row.
    fn is_locked(&self, group: usize) -> bool {
        let state = &self.groups[group];
        match state.delivery.claim {
            Claim::ForUpdate => !state.held.is_empty(),
            Claim::UpdateSubselect | Claim::UpdateSubselectRechecked => {
                state.held.values().any(|held| !held.taken)
            }
            Claim::HandOut | Claim::Naive | Claim::ConditionalUpdate | Claim::SkipLocked => false,
        }
    }

    /// Whether everybody has to wait until partitions are assigned anew.
    fn is_rebalancing(&self, group: usize) -> bool {
        let state = &self.groups[group];
        let stops = match state.delivery.choice {
            Choice::Partition(Assignor::Range | Assignor::RoundRobin) => true,
            Choice::Partition(Assignor::CooperativeSticky)
            | Choice::InTurn
            | Choice::InTurnAlsoAbsent
            | Choice::Random
            | Choice::LongestWaiting
            | Choice::SingleActive => false,
        };
        stops && state.members.iter().any(|&member| self.members[usize::from(member)].joining)
    }

    /// The member that a message is pushed to.
    fn next_member(&mut self, group: usize) -> Option<usize> {
        let count = self.groups[group].members.len();
        let members = &self.groups[group].members;
        match self.groups[group].delivery.choice {
            Choice::SingleActive => {
                let index =
                    members.iter().position(|&member| self.members[usize::from(member)].is_active())?;
                self.has_room(group, members[index]).then_some(index)
            }
            Choice::Random => {
                let free: Vec<usize> =
                    (0..count).filter(|&index| self.has_room(group, members[index])).collect();
                let index = if free.len() > 1 { self.choose(free.len()) } else { 0 };
                free.get(index).copied()
            }
            Choice::Partition(_) => (0..count).find(|&index| {
                let member = self.groups[group].members[index];
                self.has_room(group, member) && self.next_partition(group, member).is_some()
            }),
            Choice::InTurn | Choice::InTurnAlsoAbsent | Choice::LongestWaiting => {
                let turn = self.groups[group].turn;
                (0..count)
                    .map(|offset| (turn + offset) % count)
                    .find(|&index| self.has_room(group, self.groups[group].members[index]))
            }
        }
    }

    /// Hands an entry to a member.
    pub(super) fn hand(&mut self, group: usize, member: u16, mut entry: Entry, effects: &mut Vec<Effect>) {
        let redelivered = self.was_handed_out(group, &entry);
        entry.deliveries = entry.deliveries.saturating_add(1);
        let state = &mut self.groups[group];
        let receiver = &mut self.members[usize::from(member)];
        let untracked = receiver.terms.automatic
            || entry.quality() == 0
            || state.delivery.acknowledgement == Acknowledgement::OnHandOut;
        let tag = (!untracked).then(|| Tag::new(entry.position, entry.deliveries));
        effects.push(Effect::Deliver {
            message: entry.message,
            group: GroupId(group as u16),
            to: Subscription(member),
            tag,
            redelivered,
            delivery: entry.deliveries,
            quality: entry.quality(),
            retained: entry.is_retained(),
        });
        match tag {
            Some(tag) => {
                receiver.holds += 1;
                let held = Held { since: self.now, member, ..Held::by_nobody(entry) };
                state.held.insert(tag.number(), held);
                self.watch_held(group, tag.number());
            }
            None => {
                self.forget_entry(group, &entry, effects);
                self.free_key(group, entry.key);
                self.note_unread(group, member, effects);
            }
        }
    }

    /// Whether an entry was, or may have been, handed out before. Of a log that is read by offset this is
    /// noted at the same time.
    fn was_handed_out(&mut self, group: usize, entry: &Entry) -> bool {
        let state = &mut self.groups[group];
        if !state.by_offset() {
            return entry.is_redelivery();
        }
        let reached = &mut state.reached[usize::from(entry.position.partition())].0;
        let before = *reached;
        *reached = before.max(entry.position.offset() + 1);
        entry.position.offset() < before
    }

    /// A subscriber that leaves too much unread is cut off.
    pub(super) fn note_unread(&mut self, group: usize, member: u16, effects: &mut Vec<Effect>) {
        let most = self.groups[group].delivery.unread_limit;
        let receiver = &mut self.members[usize::from(member)];
        receiver.unread += u32::from(!receiver.terms.reads || receiver.terms.asks_again);
        if most.is_some_and(|most| receiver.unread > most) {
            receiver.connected = false;
            receiver.unread = 0;
            effects.push(Effect::CutOff { who: Subscription(member) });
        }
    }

    /// A member is done with a message that it was handed without a tag.
    pub fn consumed(&mut self, who: Subscription, effects: &mut Vec<Effect>) {
        let member = &mut self.members[usize::from(who.0)];
        member.unread = member.unread.saturating_sub(1);
        self.ask_again(who.0, effects);
    }

    /// A member's loop asks for more once it is done with what it has.
    pub(super) fn ask_again(&mut self, member: u16, effects: &mut Vec<Effect>) {
        let state = &self.members[usize::from(member)];
        let group = usize::from(state.group);
        let HandsOut::Pull { batch } = self.groups[group].delivery.hands_out else { return };
        let busy = state.holds > 0 || state.unread > 0 || state.demand > 0;
        if self.up && state.terms.asks_again && state.is_active() && !busy {
            self.receive(Subscription(member), batch, true, effects);
        }
    }

    /// A member goes on with others while it still works on a delivery, as a consumer does whose handlers wait
    /// beside its loop. A member that is pushed to gets what its prefetch allows, whatever it does.
    pub fn set_aside(&mut self, who: Subscription, tag: Tag, effects: &mut Vec<Effect>) {
        let group = self.group_index(who);
        let state = &mut self.groups[group];
        if state.delivery.hands_out == HandsOut::Push {
            return;
        }
        if let Some(held) = state.held.get_mut(&tag.number())
            && held.member == who.0
        {
            self.members[usize::from(who.0)].holds -= u32::from(held.is_in_hand());
            held.aside = true;
        }
        self.ask_again(who.0, effects);
    }

    /// A member asks for up to `most` messages. It gets what there is; if there is nothing and it `waits`, it
    /// gets something as soon as there is. Returns how many it got now.
    pub fn receive(&mut self, who: Subscription, most: u32, waits: bool, effects: &mut Vec<Effect>) -> u32 {
        let group = self.group_index(who);
        if !self.up || !self.member(who).is_active() {
            return 0;
        }
        self.withdraw(who);
        self.members[usize::from(who.0)].demand = most;
        self.drop_outdated(group, effects);
        // Who asked earlier is served first.
        let given =
            if self.groups[group].asking.is_empty() || !waits { self.give(group, who.0, effects) } else { 0 };
        let demand = &mut self.members[usize::from(who.0)].demand;
        if given > 0 || !waits {
            *demand = 0;
        } else {
            self.groups[group].asking.push_back(who.0);
            self.answer(group, effects);
        }
        given
    }

    /// A member waits no more.
    pub fn withdraw(&mut self, who: Subscription) {
        let group = self.group_index(who);
        self.members[usize::from(who.0)].demand = 0;
        self.groups[group].asking.retain(|&asking| asking != who.0);
    }
}

impl Group {
    pub(super) fn is_key_busy(&self, key: u32) -> bool {
        self.busy_keys.contains(&key)
    }

    /// Lets an entry wait for the one of its key that is in hand.
    pub(super) fn park(&mut self, entry: Entry) {
        let key = u64::from(entry.key) << 32 | entry.position.offset() & u64::from(u32::MAX);
        self.parked.insert(key, Held::by_nobody(entry));
    }

    /// The first row that this member does not hold already, as it stands in the table.
    fn look_at_next(&mut self, member: u16) -> Option<Entry> {
        let held = &self.held;
        let is_new = |entry: &&mut Entry| {
            let first = entry.position.0 << 16;
            !held.range(first..=first | u64::from(u16::MAX)).any(|(_, held)| held.member == member)
        };
        let retried = self.early.values_mut().map(|row| &mut row.entry).find(is_new);
        let fresh = self.fresh.iter_mut().find(is_new);
        let row = match (retried, fresh) {
            (Some(retried), Some(fresh)) if self.delivery.rejected_to == Return::ByAttempts => {
                if retried.attempts > fresh.attempts { fresh } else { retried }
            }
            (Some(retried), Some(fresh)) => {
                if fresh.position < retried.position {
                    fresh
                } else {
                    retried
                }
            }
            (retried, fresh) => retried.or(fresh)?,
        };
        let seen = *row;
        row.deliveries = row.deliveries.saturating_add(1);
        Some(seen)
    }
}

impl Channel {
    /// The message of this key that was in hand is settled: the next one of the key may come.
    pub(super) fn free_key(&mut self, group: usize, key: u32) {
        let state = &mut self.groups[group];
        if !state.delivery.one_per_key {
            return;
        }
        state.busy_keys.retain(|&busy| busy != key);
        let first = u64::from(key) << 32;
        if let Some((&parked, _)) = state.parked.range(first..=first | u64::from(u32::MAX)).next()
            && let Some(held) = state.parked.remove(&parked)
        {
            state.put_in_place(held.entry);
        }
    }
}
