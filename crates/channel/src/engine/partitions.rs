//! Partitions are shared out among the members of a group, and offsets are committed.

use super::Channel;
use super::entry::Held;
use crate::{Assignor, Choice, Effect, Group, Loss, Position};

impl Channel {
    /// Shares the partitions out anew, if the group's members own partitions. Who gets one reads on from the
    /// committed offset.
    pub(super) fn assign(&mut self, group: usize, effects: &mut Vec<Effect>) {
        let Choice::Partition(assignor) = self.groups[group].delivery.choice else { return };
        let takes_part = |&&member: &&u16| {
            let member = &self.members[usize::from(member)];
            // A member that is away owns its partitions until its session is over.
            !member.inactive && (member.connected && !member.joining || member.session_ends > self.now)
        };
        let members: Vec<u16> = self.groups[group].members.iter().filter(takes_part).copied().collect();
        let before = self.groups[group].owners.clone();
        let after = share_out(assignor, &members, &before);
        let stops = assignor != Assignor::CooperativeSticky;
        for partition in 0..after.len() {
            if stops || after[partition] != before[partition] {
                self.read_again(group, partition, effects);
            }
        }
        self.groups[group].owners = after;
    }

    /// What of a partition was handed out and is not committed comes again.
    fn read_again(&mut self, group: usize, partition: usize, effects: &mut Vec<Effect>) {
        let committed = self.groups[group].committed[partition];
        self.take_held_from(group, partition, committed, effects);
        self.groups[group].cursors[partition] = committed;
        self.groups[group].blocked[partition] = false;
    }

    /// Takes what is held of a partition from an offset on out of its holders' hands: it waits again.
    pub(super) fn take_held_from(
        &mut self,
        group: usize,
        partition: usize,
        offset: u64,
        effects: &mut Vec<Effect>,
    ) {
        let first = Position::new(partition as u16, offset).0 << 16;
        let last = Position::new(partition as u16, u64::MAX >> (64 - Position::OFFSET_BITS)).0 << 16;
        let state = &mut self.groups[group];
        let tags: Vec<u64> =
            state.held.range(first..=last | u64::from(u16::MAX)).map(|(&tag, _)| tag).collect();
        for tag in tags {
            let Some(held) = self.groups[group].held.remove(&tag) else { continue };
            self.settled(&held);
            let (message, id) = (held.entry.message, Group(group as u16));
            effects.push(match self.entry_at(held.entry.position) {
                Some(_) => Effect::Returned { message, group: id },
                None => Effect::Lost { message, group: Some(id), reason: Loss::Trimmed },
            });
        }
        let rewound = &mut self.groups[group].reached[partition].1;
        *rewound = rewound.wrapping_add(1);
    }

    /// Everything before `offset` in the partition counts as done for the group.
    pub fn commit(&mut self, group: Group, partition: u16, offset: u64, effects: &mut Vec<Effect>) {
        let index = usize::from(group.0);
        let state = &mut self.groups[index];
        let committed = &mut state.committed[usize::from(partition)];
        let from = std::mem::replace(committed, offset);
        if offset <= from {
            return;
        }
        let first = Position::new(partition, from).0 << 16;
        let last = Position::new(partition, offset).0 << 16;
        let tags: Vec<u64> = state.held.range(first..last).map(|(&tag, _)| tag).collect();
        for tag in tags {
            let Some(held) = self.groups[index].held.remove(&tag) else { continue };
            self.settled(&held);
            self.done(index, &held.entry, effects);
        }
        for member in 0..self.groups[index].members.len() {
            self.ask_again(self.groups[index].members[member], effects);
        }
    }

    /// The group reads on from `offset`: what it holds from there on waits again.
    pub fn seek(&mut self, group: Group, partition: u16, offset: u64, effects: &mut Vec<Effect>) {
        let index = usize::from(group.0);
        self.take_held_from(index, usize::from(partition), offset, effects);
        let state = &mut self.groups[index];
        // What waits out of its turn comes in its turn.
        for shelf in [&mut state.early, &mut state.delayed, &mut state.parked] {
            shelf.retain(|_, held| {
                let position = held.entry.position;
                position.partition() != partition || position.offset() < offset
            });
        }
        self.groups[index].cursors[usize::from(partition)] = offset;
        self.groups[index].blocked[usize::from(partition)] = false;
        self.wake_all(index, effects);
    }

    /// Commits what was handed out so far, whether it is done or not. It is the consumers who do so, and one
    /// that is gone does not.
    pub(super) fn commit_automatically(&mut self, group: usize, effects: &mut Vec<Effect>) {
        for partition in 0..self.groups[group].cursors.len() {
            let owner = self.groups[group].owners[partition];
            if owner != Held::NOBODY && !self.members[usize::from(owner)].is_active() {
                continue;
            }
            let cursor = self.groups[group].cursors[partition];
            self.commit(Group(group as u16), partition as u16, cursor, effects);
        }
    }
}

/// Which member owns which partition.
fn share_out(assignor: Assignor, members: &[u16], before: &[u16]) -> Vec<u16> {
    let (count, partitions) = (members.len(), before.len());
    if count == 0 {
        return vec![Held::NOBODY; partitions];
    }
    match assignor {
        Assignor::RoundRobin => (0..partitions).map(|partition| members[partition % count]).collect(),
        Assignor::Range => {
            let (each, more) = (partitions / count, partitions % count);
            let share = |index: usize| each + usize::from(index < more);
            (0..count).flat_map(|index| std::iter::repeat_n(members[index], share(index))).collect()
        }
        Assignor::CooperativeSticky => keep_shares(members, before),
    }
}

/// Who has a partition keeps it, as long as the shares stay even.
fn keep_shares(members: &[u16], before: &[u16]) -> Vec<u16> {
    let (each, mut more) = (before.len() / members.len(), before.len() % members.len());
    let mut shares = vec![0; members.len()];
    let mut after = vec![Held::NOBODY; before.len()];
    let mut give = |partition: usize, index: usize, shares: &mut [usize]| {
        more -= usize::from(shares[index] == each);
        shares[index] += 1;
        after[partition] = members[index];
        more
    };
    let mut extra = before.len() % members.len();
    let mut moves = Vec::new();
    for (partition, owner) in before.iter().enumerate() {
        match members.iter().position(|member| member == owner) {
            Some(index) if shares[index] < each || shares[index] == each && extra > 0 => {
                extra = give(partition, index, &mut shares);
            }
            _ => moves.push(partition),
        }
    }
    for partition in moves {
        let short = shares.iter().position(|&share| share < each);
        let index = short.or_else(|| shares.iter().position(|&share| share == each)).unwrap_or(0);
        give(partition, index, &mut shares);
    }
    after
}
