//! Groups and their members: what waits, and in which order.

use std::collections::VecDeque;

use kernel::Time;

use super::entry::{Entry, Held, Shelf};
use super::line::Line;
use super::{Channel, GroupTerms, MemberTerms};
use crate::{Acknowledgement, Claim, Delivery, Keeps, Position, Return};

/// Consumers that share the work, and what waits for them.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub delivery: Delivery,
    pub terms: GroupTerms,
    pub removed: bool,
    /// When it is removed if nobody comes.
    pub expires: Time,
    /// In the order in which they joined.
    pub members: Vec<u16>,
    /// The member whose turn it is.
    pub turn: usize,
    /// A queue: messages that wait in their order.
    pub fresh: Line,
    /// Messages that are back again, and so have a place of their own in the line, by [`Group::order`].
    pub early: Shelf,
    /// Deliveries that await their acknowledgement, by tag.
    pub held: Shelf,
    /// Messages that may be handed out later only, by the time when.
    pub delayed: Shelf,
    /// Keys of messages in hand, and messages that wait for one of them, by key and offset; where each key is
    /// taken one at a time.
    pub parked: Shelf,
    pub busy_keys: Vec<u32>,
    /// Members that have asked for messages, in the order in which they asked.
    pub asking: VecDeque<u16>,
    /// When held messages come again, and which; all take the same time, so the first is due first.
    pub dues: VecDeque<(Time, u64)>,
    /// The next offset to hand out, by partition.
    pub cursors: Vec<u64>,
    /// The offset up to which all is done, by partition.
    pub committed: Vec<u64>,
    /// Who owns a partition.
    pub owners: Vec<u16>,
    /// When it commits next, if it does so by the clock.
    pub commits: Time,
    /// How far each partition was ever handed out, and how often it was rewound.
    pub reached: Vec<(u64, u16)>,
    /// The entry of each partition that was rejected last, and how often.
    pub failing: Vec<(u64, u16)>,
    /// A partition whose first message was rejected and waits for its time.
    pub blocked: Vec<bool>,
    /// Messages that nobody gets any more although they stay.
    pub spent: u32,
    /// Rows that are done and stay in their table.
    pub done: u64,
    /// The place before everything that waits.
    pub next_head: u64,
}

/// One member of a group.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub group: u16,
    pub terms: MemberTerms,
    pub connected: bool,
    /// Whether it was cancelled, left, or was forgotten.
    pub inactive: bool,
    /// It came back before its old session was over, and waits for that.
    pub joining: bool,
    /// When its session is over, if it is away.
    pub session_ends: Time,
    /// How many messages it has in hand ([`Held::is_in_hand`]).
    pub holds: u32,
    /// How many more messages it asks for.
    pub demand: u32,
    /// How many messages it was sent and has not finished, where nothing is acknowledged.
    pub unread: u32,
    /// When it looks next, if it polls.
    pub polls: Time,
}

impl Member {
    pub fn is_active(&self) -> bool {
        self.connected && !self.inactive && !self.joining
    }
}

impl Group {
    pub fn new(terms: GroupTerms, delivery: Delivery, partitions: usize) -> Self {
        Group {
            delivery,
            terms,
            removed: false,
            expires: Time::MAX,
            members: Vec::new(),
            turn: 0,
            fresh: Line::default(),
            early: Shelf::new(),
            held: Shelf::new(),
            delayed: Shelf::new(),
            parked: Shelf::new(),
            busy_keys: Vec::new(),
            asking: VecDeque::new(),
            dues: VecDeque::new(),
            cursors: vec![0; partitions],
            committed: vec![0; partitions],
            owners: vec![Held::NOBODY; partitions],
            commits: Time::MAX,
            reached: vec![(0, 0); partitions],
            failing: vec![(u64::MAX, 0); partitions],
            blocked: vec![false; partitions],
            spent: 0,
            done: 0,
            next_head: Channel::FIRST_OFFSET,
        }
    }

    /// Whether all messages before an offset count as done together.
    pub fn by_offset(&self) -> bool {
        matches!(self.delivery.acknowledgement, Acknowledgement::Offset { .. })
    }

    /// Whether a row stays where it is when it was handed out.
    pub fn peeks(&self) -> bool {
        matches!(self.delivery.claim, Claim::Naive | Claim::ConditionalUpdate)
    }

    /// Puts an entry in at the place that its position gives it.
    pub fn put_in_place(&mut self, entry: Entry) {
        let key = self.order(&entry);
        self.early.insert(key, Held::by_nobody(entry));
    }

    /// What entries are sorted by: priority, then attempts where these count, then position.
    pub fn order(&self, entry: &Entry) -> u64 {
        let by_attempts = self.delivery.rejected_to == Return::ByAttempts;
        let attempts = if by_attempts { u64::from(entry.attempts.min(255)) } else { 0 };
        u64::from(255 - entry.priority) << 56 | attempts << 48 | entry.position.0
    }

    /// How many messages wait in the group's own line.
    pub fn waiting(&self) -> usize {
        self.fresh.len() + self.early.len() + self.parked.len()
    }

    /// Takes the delivery with that tag out of its holder's hands. Where the group is not fenced an older tag
    /// of the same message does too, whether the message is in other hands by now or waits again.
    pub fn release(&mut self, from: u16, tag: u64) -> Option<Held> {
        if self.held.get(&tag).is_some_and(|held| held.member == from) {
            return self.held.remove(&tag);
        }
        if self.delivery.fenced {
            return None;
        }
        let of_entry = tag & !u64::from(u16::MAX);
        if let Some((&current, _)) = self.held.range(of_entry..=of_entry | u64::from(u16::MAX)).next_back() {
            return self.held.remove(&current);
        }
        let waits_at = u64::from(u8::MAX) << 56 | tag >> 16;
        self.early.remove(&waits_at)
    }
}

impl Channel {
    /// Queues begin to count here, so that there is room before the first.
    pub(super) const FIRST_OFFSET: u64 = 1 << 35;

    /// The next entry that a member of a group may have; it is taken out of the line.
    pub(super) fn take_next(&mut self, group: usize, member: u16) -> Option<Entry> {
        if self.groups[group].by_offset() || matches!(self.rules.keeps, Keeps::Log { .. }) {
            return self.take_from_log(group, member);
        }
        let state = &mut self.groups[group];
        let early = state.early.first_key_value().map(|(&key, _)| key);
        let fresh = state.fresh.first().map(|entry| state.order(entry));
        match (early, fresh) {
            (Some(early), Some(fresh)) if fresh < early => state.fresh.pop(),
            (Some(_), _) => state.early.pop_first().map(|(_, held)| held.entry),
            (None, _) => state.fresh.pop(),
        }
    }

    fn take_from_log(&mut self, group: usize, member: u16) -> Option<Entry> {
        if let Some((_, held)) = self.groups[group].early.pop_first() {
            return Some(held.entry);
        }
        let partition = self.next_partition(group, member)?;
        let cursor = self.groups[group].cursors[partition];
        let mut entry = *self.next_entry(group, partition, cursor)?;
        let offset = entry.position.offset();
        let state = &mut self.groups[group];
        state.cursors[partition] = offset + 1;
        if state.by_offset() {
            // The log knows nothing of attempts; deliveries of one entry differ by how often it was rewound.
            entry.deliveries = state.reached[partition].1;
            if state.failing[partition].0 == offset {
                entry.attempts = state.failing[partition].1;
            }
        }
        Some(entry)
    }

    /// The partition whose next entry is the oldest, among those that the member may read.
    pub(super) fn next_partition(&self, group: usize, member: u16) -> Option<usize> {
        let state = &self.groups[group];
        let owned = matches!(state.delivery.choice, crate::Choice::Partition(_));
        let mut best: Option<(Time, usize)> = None;
        for partition in 0..self.log.len() {
            if owned && state.owners[partition] != member || state.blocked[partition] {
                continue;
            }
            let next = self.next_entry(group, partition, state.cursors[partition]);
            if let Some(entry) = next
                && best.is_none_or(|(published, _)| entry.published < published)
            {
                best = Some((entry.published, partition));
            }
        }
        best.map(|(_, partition)| partition)
    }

    /// The first entry from an offset on that this group wants.
    pub(super) fn next_entry(&self, group: usize, partition: usize, from: u64) -> Option<&Entry> {
        let log = &self.log[partition];
        let from = Position::new(partition as u16, from);
        let first = log.entries.partition_point(|entry| entry.position < from);
        log.entries.range(first..).find(|entry| self.wants(group, entry.subject))
    }

    /// Whether a subject matches one of a group's bindings.
    pub(super) fn wants(&self, group: usize, subject: crate::Subject) -> bool {
        let found = &self.subjects[usize::from(subject.0)].found;
        found.iter().any(|&(interested, _)| usize::from(interested) == group)
    }
}
