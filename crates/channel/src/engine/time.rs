//! Time: what falls due by itself.
//!
//! A timer names a group, a member or a partition, and whatever falls due there looks at the time itself: a
//! timer that finds nothing due is void. So nothing is ever taken out of the agenda.

use kernel::{Span, Time};

use super::Channel;
use super::entry::{Entry, Held};
use crate::{Acknowledgement, Claim, DeadLetterReason, Effect, Expiry, Group, HandsOut, Loss, Subscription};

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// Held messages of a group come again.
    Due(u16),
    /// Messages of a group that were put off come.
    Delayed(u16),
    /// A member looks for messages.
    Poll(u16),
    /// A group commits what was handed out.
    Commit(u16),
    /// A member's session is over.
    Session(u16),
    /// Messages of a group are outdated.
    Expiry(u16),
    /// Entries of a partition are too old.
    Age(u16),
    /// A group without members is removed.
    GroupExpires(u16),
}

impl Timer {
    fn code(self) -> u32 {
        let (kind, index) = match self {
            Timer::Due(index) => (0, index),
            Timer::Delayed(index) => (1, index),
            Timer::Poll(index) => (2, index),
            Timer::Commit(index) => (3, index),
            Timer::Session(index) => (4, index),
            Timer::Expiry(index) => (5, index),
            Timer::Age(index) => (6, index),
            Timer::GroupExpires(index) => (7, index),
        };
        kind << 16 | u32::from(index)
    }

    fn of(code: u32) -> Self {
        let index = code as u16;
        match code >> 16 {
            0 => Timer::Due(index),
            1 => Timer::Delayed(index),
            2 => Timer::Poll(index),
            3 => Timer::Commit(index),
            4 => Timer::Session(index),
            5 => Timer::Expiry(index),
            6 => Timer::Age(index),
            _ => Timer::GroupExpires(index),
        }
    }
}

impl Channel {
    /// Lets time pass up to `now`, with all that falls due. Everything else happens at that time.
    pub fn advance(&mut self, now: Time, effects: &mut Vec<Effect>) {
        while self.timers.next_time().is_some_and(|next| next <= now) {
            let Some((time, code)) = self.timers.pop() else { break };
            self.now = self.now.max(time);
            self.falls_due(Timer::of(code), effects);
        }
        self.now = self.now.max(now);
    }

    /// When something may fall due next by itself: a time-out, a poll, an expiry.
    pub fn next_instant(&mut self) -> Option<Time> {
        self.timers.next_time()
    }

    pub(super) fn remind(&mut self, time: Time, timer: Timer) {
        if time < Time::MAX {
            self.timers.push(time, timer.code());
        }
    }

    fn falls_due(&mut self, timer: Timer, effects: &mut Vec<Effect>) {
        match timer {
            Timer::Due(group) => self.held_too_long(usize::from(group), effects),
            Timer::Delayed(group) => self.delay_over(usize::from(group), effects),
            Timer::Poll(member) => self.poll(member, effects),
            Timer::Commit(group) => self.commit_tick(usize::from(group), effects),
            Timer::Session(member) => self.session_over(member, effects),
            Timer::Expiry(group) => {
                if self.up {
                    self.drop_outdated(usize::from(group), effects);
                    self.watch_next_expiry(usize::from(group));
                }
            }
            Timer::Age(partition) => self.drop_old(usize::from(partition), effects),
            Timer::GroupExpires(group) => {
                if self.groups[usize::from(group)].expires == self.now {
                    self.remove_group(Group(group), effects);
                }
            }
        }
    }

    /// Timers that the rules ask for at the start, or after they changed.
    pub(super) fn start_timers(&mut self) {
        for group in 0..self.groups.len() {
            self.start_group_timers(group);
            self.watch_next_expiry(group);
        }
        for member in 0..self.members.len() as u16 {
            self.start_polling(member);
        }
        for partition in 0..self.log.len() {
            self.watch_age(partition);
        }
    }

    pub(super) fn start_group_timers(&mut self, group: usize) {
        if let Acknowledgement::Offset { automatic: Some(every) } =
            self.groups[group].delivery.acknowledgement
        {
            let next = self.now + every;
            self.groups[group].commits = next;
            self.remind(next, Timer::Commit(group as u16));
        }
    }

    fn commit_tick(&mut self, group: usize, effects: &mut Vec<Effect>) {
        if self.groups[group].commits != self.now {
            return;
        }
        if self.up {
            self.commit_automatically(group, effects);
        }
        self.start_group_timers(group);
    }

    /// A poller begins somewhere within its interval, by chance.
    pub(super) fn start_polling(&mut self, member: u16) {
        let state = &self.members[usize::from(member)];
        let delivery = &self.groups[usize::from(state.group)].delivery;
        let HandsOut::Poll { every, .. } = delivery.hands_out else { return };
        if state.terms.asks_again {
            let phase = self.chance.draw(u64::from(member), 1).unit();
            self.poll_at(member, self.now + every.scaled(phase));
        }
    }

    fn poll_at(&mut self, member: u16, time: Time) {
        self.members[usize::from(member)].polls = time;
        self.remind(time, Timer::Poll(member));
    }

    /// A poller that has nothing in hand looks, unless its clock was set otherwise.
    fn poll(&mut self, member: u16, effects: &mut Vec<Effect>) {
        let state = &self.members[usize::from(member)];
        if state.polls != self.now {
            return;
        }
        let delivery = &self.groups[usize::from(state.group)].delivery;
        let HandsOut::Poll { every, batch } = delivery.hands_out else { return };
        let blocks = matches!(
            delivery.claim,
            Claim::ForUpdate | Claim::UpdateSubselect | Claim::UpdateSubselectRechecked
        );
        let free = state.holds == 0 && state.unread == 0 && state.demand == 0;
        let leaves = state.inactive;
        if self.up && free && state.is_active() {
            self.receive(Subscription(member), batch, blocks, effects);
            if !self.is_anything_locked(member) {
                self.withdraw(Subscription(member));
            }
        }
        if !leaves {
            self.poll_at(member, self.now + every);
        }
    }

    /// Whether a poller waits for somebody's lock; otherwise it has found nothing and goes.
    fn is_anything_locked(&self, member: u16) -> bool {
        let group = usize::from(self.members[usize::from(member)].group);
        !self.groups[group].held.is_empty()
    }

    /// Remembers when a held message comes again.
    pub(super) fn watch_held(&mut self, group: usize, tag: u64) {
        let state = &mut self.groups[group];
        let Some(after) = state.delivery.again_after else { return };
        let due = self.now + after;
        let first = state.dues.is_empty();
        state.dues.push_back((due, tag));
        if first {
            let at = self.checked_at(group, due);
            self.remind(at, Timer::Due(group as u16));
        }
    }

    /// When the channel looks, at that time or after it.
    fn checked_at(&self, group: usize, due: Time) -> Time {
        let every = self.groups[group].delivery.again_checked_every.nanos();
        if every == 0 { due } else { Time::from_nanos(due.nanos().div_ceil(every).saturating_mul(every)) }
    }

    fn held_too_long(&mut self, group: usize, effects: &mut Vec<Effect>) {
        if !self.up {
            return;
        }
        let to = self.groups[group].delivery.timed_out_to;
        while let Some(&(due, tag)) = self.groups[group].dues.front() {
            let after = self.groups[group].delivery.again_after.unwrap_or(Span::ZERO);
            let expected = |held: &Held| held.since + after == due || held.since + after <= self.now;
            let live = self.groups[group].held.get(&tag).is_some_and(expected);
            if live && due > self.now {
                break;
            }
            self.groups[group].dues.pop_front();
            if !live {
                continue;
            }
            if let Some(held) = self.groups[group].held.remove(&tag) {
                self.settled(&held);
                self.take_back(group, held, to, true, effects);
            }
        }
        if let Some(&(due, _)) = self.groups[group].dues.front() {
            let at = self.checked_at(group, due);
            self.remind(at, Timer::Due(group as u16));
        }
        self.wake_all(group, effects);
    }

    /// Sees to a group's timers again after the broker was down.
    pub(super) fn watch_group_again(&mut self, group: usize) {
        let state = &self.groups[group];
        let first_due = state.dues.front().map(|&(due, _)| self.checked_at(group, due.max(self.now)));
        let first_delayed = state.delayed.keys().next().map(|&at| Time::from_nanos(at).max(self.now));
        if let Some(at) = first_due {
            self.remind(at, Timer::Due(group as u16));
        }
        if let Some(at) = first_delayed {
            self.remind(at, Timer::Delayed(group as u16));
        }
        self.remind(self.now, Timer::Expiry(group as u16));
    }

    /// Lets a message wait until a time.
    pub(super) fn put_off(&mut self, group: usize, entry: Entry, until: Time) {
        let mut at = until.nanos();
        // Two that come at the same instant come in the order in which they were put off.
        while self.groups[group].delayed.contains_key(&at) {
            at += 1;
        }
        self.groups[group].delayed.insert(at, Held::by_nobody(entry));
        self.remind(Time::from_nanos(at), Timer::Delayed(group as u16));
    }

    fn delay_over(&mut self, group: usize, effects: &mut Vec<Effect>) {
        if !self.up {
            return;
        }
        while let Some((&at, _)) = self.groups[group].delayed.first_key_value()
            && at <= self.now.nanos()
        {
            let Some(held) = self.groups[group].delayed.remove(&at) else { break };
            self.come_back(group, held.entry, effects);
        }
        self.wake_all(group, effects);
    }

    /// A message that was put off waits in line again.
    fn come_back(&mut self, group: usize, entry: Entry, effects: &mut Vec<Effect>) {
        if self.groups[group].by_offset() {
            // Its place in the partition was kept for it.
            self.groups[group].blocked[usize::from(entry.position.partition())] = false;
        } else if !self.log.is_empty() && self.entry_at(entry.position).is_none() {
            let (message, group) = (entry.message, Some(Group(group as u16)));
            effects.push(Effect::Lost { message, group, reason: Loss::Trimmed });
        } else {
            let to = self.groups[group].delivery.rejected_to;
            self.put_back(group, entry, to, effects);
            self.groups[group].busy_keys.retain(|&busy| busy != entry.key);
        }
    }

    /// When an entry is outdated, if ever.
    fn expires(&self, entry: &Entry) -> Time {
        let own = entry.has_own_time().then(|| self.own_times.get(&entry.position.0)).flatten();
        let span = match (own, self.rules.time_to_live) {
            (Some(&own), _) => Span::from_nanos(own),
            (None, Some(all)) => all,
            (None, None) => return Time::MAX,
        };
        entry.published + span
    }

    /// Sees to it that a message which has just come is noticed when it is outdated.
    pub(super) fn watch_expiry(&mut self, group: usize, entry: &Entry) {
        let anywhere = self.rules.expiry == Expiry::Anywhere && entry.has_own_time();
        if anywhere || self.groups[group].waiting() == 1 {
            let expires = self.expires(entry);
            self.remind(expires, Timer::Expiry(group as u16));
        }
    }

    fn watch_next_expiry(&mut self, group: usize) {
        if let Some(first) = self.first_waiting(group) {
            let expires = self.expires(&first);
            if expires > self.now {
                self.remind(expires, Timer::Expiry(group as u16));
            }
        }
    }

    fn first_waiting(&self, group: usize) -> Option<Entry> {
        let state = &self.groups[group];
        let early = state.early.first_key_value().map(|(_, held)| held.entry);
        let fresh = state.fresh.first().copied();
        match (early, fresh) {
            (Some(early), Some(fresh)) if state.order(&fresh) < state.order(&early) => Some(fresh),
            (early, fresh) => early.or(fresh),
        }
    }

    /// Drops what is outdated: at the head of the line, or wherever it stands.
    pub(super) fn drop_outdated(&mut self, group: usize, effects: &mut Vec<Effect>) {
        if self.rules.time_to_live.is_none() && self.own_times.is_empty() || !self.log.is_empty() {
            return;
        }
        let mut dropped = false;
        while let Some(first) = self.first_waiting(group)
            && self.expires(&first) <= self.now
        {
            if let Some(entry) = self.take_next(group, Held::NOBODY) {
                self.put_aside(group, entry, DeadLetterReason::Expired, effects);
                dropped = true;
            }
        }
        if self.rules.expiry == Expiry::Anywhere && !self.own_times.is_empty() {
            let mut line = std::mem::take(&mut self.groups[group].fresh);
            let outdated = line.take_if(|entry| entry.has_own_time() && self.expires(entry) <= self.now);
            self.groups[group].fresh = line;
            for entry in outdated {
                self.put_aside(group, entry, DeadLetterReason::Expired, effects);
            }
        }
        if dropped {
            self.watch_next_expiry(group);
        }
    }

    /// Sees to it that the oldest entry of a partition is noticed when it is too old.
    pub(super) fn watch_age(&mut self, partition: usize) {
        if let (Some(most), Some(oldest)) = (self.rules.time_to_live, self.log[partition].entries.front()) {
            self.remind(oldest.published + most, Timer::Age(partition as u16));
        }
    }

    fn drop_old(&mut self, partition: usize, effects: &mut Vec<Effect>) {
        let Some(most) = self.rules.time_to_live else { return };
        if !self.up {
            return;
        }
        while let Some(oldest) = self.log[partition].entries.front()
            && oldest.published + most <= self.now
        {
            let position = oldest.position;
            self.remove_from_log(position, Loss::Expired, effects);
        }
        self.watch_age(partition);
    }
}
