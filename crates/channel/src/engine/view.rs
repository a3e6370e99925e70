//! What others may see of a channel.

use kernel::Time;

use super::Channel;
use super::entry::Held;
use crate::{Group, Position, Subject, Subscription, Tag};

/// A delivery in somebody's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldView {
    /// The caller's handle.
    pub message: u32,
    /// What to settle it by.
    pub tag: Tag,
    /// Who holds it.
    pub by: Subscription,
    /// Since when.
    pub since: Time,
    /// The how-many-th delivery it is, from 1.
    pub delivery: u16,
    /// Whether its holder is through with it although it does not count as done: it waits for a commit, or
    /// could not be done where nothing can be given back.
    pub worked: bool,
    /// Whether its holder works on it still, and goes on with others meanwhile.
    pub aside: bool,
    /// Whether another has done the message meanwhile, so that this work is done in vain.
    pub needless: bool,
}

impl HeldView {
    fn of(held: &Held) -> HeldView {
        HeldView {
            message: held.entry.message,
            tag: Tag::new(held.entry.position, held.entry.deliveries),
            by: Subscription(held.member),
            since: held.since,
            delivery: held.entry.deliveries,
            worked: held.worked,
            aside: held.aside,
            needless: held.needless,
        }
    }
}

impl Channel {
    /// Messages that wait for a group, first to come first. In a table that is polled without a claim these
    /// are all rows that are not done.
    pub fn ready(&self, group: Group) -> impl Iterator<Item = u32> + '_ {
        let index = usize::from(group.0);
        let state = &self.groups[index];
        let mut early = state.early.iter().peekable();
        let mut fresh = state.fresh.iter().peekable();
        let merged = std::iter::from_fn(move || match (early.peek(), fresh.peek()) {
            (Some((key, _)), Some(entry)) if state.order(entry) < **key => {
                fresh.next().map(|entry| entry.message)
            }
            (Some(_), _) => early.next().map(|(_, held)| held.entry.message),
            (None, _) => fresh.next().map(|entry| entry.message),
        });
        let parked = state.parked.values().map(|held| held.entry.message);
        merged.chain(parked).chain(self.unread_entries(index).map(|entry| entry.message))
    }

    /// How many messages wait for a group; for a group of a log that wants only some subjects, at most so many.
    pub fn ready_len(&self, group: Group) -> usize {
        let state = &self.groups[usize::from(group.0)];
        let behind = self
            .log
            .iter()
            .zip(&state.cursors)
            .map(|(log, &cursor)| log.end.saturating_sub(cursor).min(log.entries.len() as u64) as usize);
        state.waiting() + behind.sum::<usize>()
    }

    /// Messages that may be handed out only later, first to come first. In a partition such a message keeps
    /// its place, and is among those that are ready.
    pub fn delayed(&self, group: Group) -> impl Iterator<Item = u32> + '_ {
        let state = &self.groups[usize::from(group.0)];
        let beside = state.delayed.values().filter(|_| !state.by_offset());
        beside.map(|held| held.entry.message)
    }

    /// How many messages may be handed out only later.
    pub fn delayed_len(&self, group: Group) -> usize {
        let state = &self.groups[usize::from(group.0)];
        if state.by_offset() { 0 } else { state.delayed.len() }
    }

    /// What a group's members hold, in order of position.
    pub fn held(&self, group: Group) -> impl Iterator<Item = HeldView> + '_ {
        self.groups[usize::from(group.0)].held.values().map(HeldView::of)
    }

    /// What a group's members hold of a partition from an offset on, in order.
    pub fn held_from(
        &self,
        group: Group,
        partition: u16,
        offset: u64,
    ) -> impl Iterator<Item = HeldView> + '_ {
        let first = Position::new(partition, offset).0 << 16;
        let last = Position::new(partition, (1 << Position::OFFSET_BITS) - 1).0 << 16 | u64::from(u16::MAX);
        self.groups[usize::from(group.0)].held.range(first..=last).map(|(_, held)| HeldView::of(held))
    }

    /// Whether who holds a row of a table has only looked at it: it waits for everybody all the same.
    pub fn is_look(&self, group: Group, tag: Tag) -> bool {
        let state = &self.groups[usize::from(group.0)];
        state.held.get(&tag.number()).is_some_and(|held| state.is_look(held))
    }

    /// How many deliveries a group's members hold.
    pub fn held_len(&self, group: Group) -> usize {
        self.groups[usize::from(group.0)].held.len()
    }

    /// How many rows of a table are done.
    pub fn done_len(&self, group: Group) -> u64 {
        self.groups[usize::from(group.0)].done
    }

    /// How many messages nobody gets any more, although they stay.
    pub fn spent_len(&self, group: Group) -> u32 {
        self.groups[usize::from(group.0)].spent
    }

    /// Every group that is there still.
    pub fn groups(&self) -> impl Iterator<Item = Group> + '_ {
        let there = self.groups.iter().enumerate().filter(|(_, group)| !group.removed);
        there.map(|(index, _)| Group(index as u16))
    }

    /// The members of a group, in the order in which they joined.
    pub fn members(&self, group: Group) -> impl Iterator<Item = Subscription> + '_ {
        self.groups[usize::from(group.0)].members.iter().map(|&member| Subscription(member))
    }

    /// The group of a member.
    pub fn group_of(&self, who: Subscription) -> Group {
        Group(self.members[usize::from(who.0)].group)
    }

    /// Whether the channel sees a member as connected.
    pub fn is_connected(&self, who: Subscription) -> bool {
        self.members.get(usize::from(who.0)).is_some_and(|member| member.connected)
    }

    /// How many messages a member has in hand: what it holds, but for what it is through with or has set aside.
    pub fn holds(&self, who: Subscription) -> u32 {
        self.members[usize::from(who.0)].holds
    }

    /// How many partitions a log has; 0: it is no log.
    pub fn partitions(&self) -> u16 {
        self.log.len() as u16
    }

    /// The entries of a partition, oldest first: offset and handle.
    pub fn entries(&self, partition: u16) -> impl Iterator<Item = (u64, u32)> + '_ {
        let log = &self.log[usize::from(partition)];
        log.entries.iter().map(|entry| (entry.position.offset(), entry.message))
    }

    /// The entries of a partition from an offset on: offset, handle and subject.
    pub fn entries_from(
        &self,
        partition: u16,
        offset: u64,
    ) -> impl Iterator<Item = (u64, u32, Subject)> + '_ {
        let entries = &self.log[usize::from(partition)].entries;
        let first = entries.partition_point(|entry| entry.position.offset() < offset);
        entries.range(first..).map(|entry| (entry.position.offset(), entry.message, entry.subject))
    }

    /// The name of a subject.
    pub fn subject_name(&self, subject: Subject) -> &str {
        &self.subjects[usize::from(subject.0)].name
    }

    /// How many entries a partition has.
    pub fn entries_len(&self, partition: u16) -> usize {
        self.log[usize::from(partition)].entries.len()
    }

    /// The offset after the last entry of a partition.
    pub fn end(&self, partition: u16) -> u64 {
        self.log[usize::from(partition)].end
    }

    /// The next offset that a group will be handed, and the one that it has committed. Where messages are
    /// acknowledged one by one the second has no meaning.
    pub fn offsets(&self, group: Group, partition: u16) -> (u64, u64) {
        let state = &self.groups[usize::from(group.0)];
        (state.cursors[usize::from(partition)], state.committed[usize::from(partition)])
    }

    /// What a group is to be handed of a partition: the first offset, or the end of the partition if there is
    /// nothing, and how many entries. Of a group that wants only some subjects, many entries are not looked
    /// through: then it is at most so many.
    pub fn unread(&self, group: Group, partition: u16) -> (u64, usize) {
        const LOOKED_THROUGH_MAX: usize = 4_096;
        let (index, log) = (usize::from(group.0), &self.log[usize::from(partition)]);
        let cursor = self.groups[index].cursors[usize::from(partition)];
        let first = log.entries.partition_point(|entry| entry.position.offset() < cursor);
        let wants_all = (0..self.subjects.len()).all(|subject| self.wants(index, Subject(subject as u16)));
        let looked = if wants_all { 1 } else { LOOKED_THROUGH_MAX };
        let (mut next, mut count) = (None, (log.entries.len() - first).saturating_sub(looked));
        for entry in log.entries.range(first..).take(looked).filter(|entry| self.wants(index, entry.subject))
        {
            next = next.or(Some(entry.position.offset()));
            count += 1;
        }
        (next.unwrap_or(if count > 0 { cursor } else { log.end }), count)
    }

    /// Who owns a partition, where partitions have owners.
    pub fn owner(&self, group: Group, partition: u16) -> Option<Subscription> {
        let owner = self.groups[usize::from(group.0)].owners[usize::from(partition)];
        (owner != Held::NOBODY).then_some(Subscription(owner))
    }
}
