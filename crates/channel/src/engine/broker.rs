//! The broker goes down and comes up again.

use kernel::Time;

use super::Channel;
use super::entry::{Entry, Held, Shelf};
use crate::{Claim, Effect, Group, Loss, OnDisconnect, Return, Survives};

impl Channel {
    /// The broker is killed: connections break, and what does not survive that is lost.
    pub fn crash(&mut self, effects: &mut Vec<Effect>) {
        let saved = self.saved_until();
        self.go_down(saved, effects);
        if self.rules.survives == Survives::Marked {
            for group in &mut self.groups {
                group.fresh.iter_mut().for_each(Entry::mark);
                group.early.values_mut().for_each(|held| held.entry.mark());
            }
        }
    }

    /// The broker is stopped in order.
    pub fn stop(&mut self, effects: &mut Vec<Effect>) {
        let saved = (self.rules.survives == Survives::Nothing).then_some(Time::ZERO);
        self.go_down(saved, effects);
    }

    /// `saved` is the time up to which everything is kept; `None`: everything.
    fn go_down(&mut self, saved: Option<Time>, effects: &mut Vec<Effect>) {
        if !self.up {
            return;
        }
        self.up = false;
        for group in 0..self.groups.len() {
            self.groups[group].asking.clear();
            self.take_held_back(group, effects);
            self.lose_unsaved(group, saved, effects);
        }
        for index in 0..self.members.len() {
            (self.members[index].demand, self.members[index].unread) = (0, 0);
        }
        if let Some(saved) = saved {
            self.lose_unsaved_entries(saved, effects);
            if saved == Time::ZERO {
                self.retained.clear();
                self.seen.clear();
                self.seen_in_order.clear();
            }
        }
    }

    /// What was held over a connection to this broker waits again; where the broker writes down who holds what,
    /// that stays as it is.
    fn take_held_back(&mut self, group: usize, effects: &mut Vec<Effect>) {
        let kept = match self.groups[group].delivery.on_disconnect {
            OnDisconnect::Returned | OnDisconnect::Lost => false,
            OnDisconnect::Kept | OnDisconnect::KeptForOwner => true,
        };
        if kept && self.rules.survives != Survives::Nothing || self.groups[group].by_offset() {
            return;
        }
        for held in std::mem::take(&mut self.groups[group].held).into_values() {
            self.settled(&held);
            // That the broker went down is no attempt of the consumer's.
            self.take_back(group, held, Return::OriginalPlace, false, effects);
        }
        self.groups[group].busy_keys.clear();
    }

    /// Loses what of a group's own line was not saved.
    fn lose_unsaved(&mut self, group: usize, saved: Option<Time>, effects: &mut Vec<Effect>) {
        let transient = matches!(self.rules.survives, Survives::Marked | Survives::Saved { .. });
        let gone = |entry: &Entry| {
            saved.is_some_and(|saved| entry.published >= saved) || transient && entry.is_transient()
        };
        let id = Group(group as u16);
        let lost =
            |entry: &Entry| Effect::Lost { message: entry.message, group: Some(id), reason: Loss::Crash };
        let state = &mut self.groups[group];
        let claim = state.delivery.claim;
        let peeks = state.peeks();
        let looks = |held: &Held| claim == Claim::Naive || peeks && !held.taken;
        // What waits for its time in a partition lies in the log as well, which loses it below.
        let put_off = if state.by_offset() { &mut Shelf::new() } else { &mut state.delayed };
        for shelf in [&mut state.early, &mut state.held, put_off, &mut state.parked] {
            let keys: Vec<u64> =
                shelf.iter().filter(|(_, held)| gone(&held.entry)).map(|(&key, _)| key).collect();
            for held in keys.into_iter().filter_map(|key| shelf.remove(&key)) {
                let only_looks = held.member != Held::NOBODY && looks(&held);
                if !held.needless && !only_looks {
                    effects.push(lost(&held.entry));
                }
                if held.is_in_hand() {
                    let holder = &mut self.members[usize::from(held.member)];
                    holder.holds = holder.holds.saturating_sub(1);
                }
            }
        }
        effects.extend(state.fresh.take_if(gone).iter().map(lost));
    }

    /// Loses the entries of a log that were not saved, for every group that had not done them.
    fn lose_unsaved_entries(&mut self, saved: Time, effects: &mut Vec<Effect>) {
        for partition in 0..self.log.len() {
            while let Some(last) = self.log[partition].entries.back()
                && last.published >= saved
            {
                let position = last.position;
                self.remove_from_log(position, Loss::Crash, effects);
            }
        }
    }

    /// The broker is up again; members that are connected get what waits.
    pub fn restart(&mut self, effects: &mut Vec<Effect>) {
        if self.up {
            return;
        }
        self.up = true;
        for group in 0..self.groups.len() {
            self.watch_group_again(group);
            if self.groups[group].delivery.on_disconnect == OnDisconnect::KeptForOwner {
                for index in 0..self.groups[group].members.len() {
                    let member = self.groups[group].members[index];
                    if self.members[usize::from(member)].is_active() {
                        self.deliver_again(crate::Subscription(member), effects);
                    }
                }
            }
            if self.groups[group].by_offset() {
                self.assign(group, effects);
            }
            self.wake_all(group, effects);
        }
    }
}
