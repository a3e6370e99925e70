//! The log: entries stay when they were read, until a bound or the retention removes them.

use std::collections::VecDeque;

use super::entry::Entry;
use super::{Channel, Start};
use crate::{Choice, Effect, Group, Keeps, Loss, Overflow, Position, Retention};

/// One partition, oldest entry first.
#[derive(Clone, Debug, Default)]
pub(super) struct Partition {
    pub entries: VecDeque<Entry>,
    /// The offset that the next entry gets.
    pub end: u64,
}

impl Channel {
    /// The entry at a position, if it is there still.
    pub(super) fn entry_at(&self, position: Position) -> Option<&Entry> {
        let log = self.log.get(usize::from(position.partition()))?;
        let index = log.entries.binary_search_by(|entry| entry.position.cmp(&position)).ok()?;
        log.entries.get(index)
    }

    /// Puts a group's cursors where it is to begin.
    pub(super) fn start_reading(&mut self, group: usize, start: Start) {
        for partition in 0..self.log.len() {
            let log = &self.log[partition];
            let oldest = log.entries.front().map_or(log.end, |entry| entry.position.offset());
            let cursor = match start {
                Start::New => log.end,
                Start::First => oldest,
                Start::Offset(offset) => offset,
                Start::Last | Start::LastPerSubject => {
                    let wanted = |entry: &&Entry| self.wants(group, entry.subject);
                    let last = log.entries.iter().rev().find(wanted);
                    last.map_or(log.end, |entry| entry.position.offset())
                }
            };
            self.groups[group].cursors[partition] = cursor;
            self.groups[group].committed[partition] = cursor;
        }
        if start == Start::LastPerSubject {
            self.take_last_of_each(group);
        }
    }

    /// A group that begins with the newest entry of each subject gets those first.
    fn take_last_of_each(&mut self, group: usize) {
        self.groups[group].early.clear();
        for partition in 0..self.log.len() {
            let mut seen = Vec::new();
            let mut last = Vec::new();
            for entry in self.log[partition].entries.iter().rev() {
                if self.wants(group, entry.subject) && !seen.contains(&entry.subject) {
                    seen.push(entry.subject);
                    last.push(*entry);
                }
            }
            last.into_iter().for_each(|entry| self.groups[group].put_in_place(entry));
            self.groups[group].cursors[partition] = self.log[partition].end;
        }
    }

    /// What lies before a group in the log and was not handed out to it.
    pub(super) fn unread_entries(&self, group: usize) -> impl Iterator<Item = &Entry> + '_ {
        let cursors = &self.groups[group].cursors;
        self.log.iter().enumerate().flat_map(move |(partition, log)| {
            let from = Position::new(partition as u16, cursors[partition]);
            let first = log.entries.partition_point(|entry| entry.position < from);
            log.entries.range(first..).filter(move |entry| self.wants(group, entry.subject))
        })
    }

    pub(super) fn is_log_full(&self, partition: u16) -> bool {
        self.rules.length.is_some_and(|bound| {
            bound.overflow == Overflow::RejectPublish
                && self.log[usize::from(partition)].entries.len() >= bound.max as usize
        })
    }

    /// Appends an entry, and cuts off what the bounds do not allow any more.
    pub(super) fn push_to_log(&mut self, partition: usize, entry: Entry, effects: &mut Vec<Effect>) {
        let log = &mut self.log[partition];
        log.entries.push_back(entry);
        log.end += 1;
        if let Some(newest) = self.rules.newest_per_subject {
            self.compact(partition, &entry, newest as usize, effects);
        }
        self.trim_log(partition, effects);
        if self.log[partition].entries.len() == 1 {
            self.watch_age(partition);
        }
    }

    /// Removes older entries of the same key (Kafka) or subject (JetStream).
    fn compact(&mut self, partition: usize, newest: &Entry, keep: usize, effects: &mut Vec<Effect>) {
        let by_key = matches!(self.rules.delivery.choice, Choice::Partition(_));
        let alike = |entry: &&Entry| {
            if by_key { entry.key == newest.key } else { entry.subject == newest.subject }
        };
        let entries = &self.log[partition].entries;
        let outdated = entries.iter().rev().filter(alike).nth(keep).map(|entry| entry.position);
        if let Some(position) = outdated {
            self.remove_from_log(position, Loss::Trimmed, effects);
        }
    }

    pub(super) fn trim_logs(&mut self, effects: &mut Vec<Effect>) {
        (0..self.log.len()).for_each(|partition| self.trim_log(partition, effects));
    }

    fn trim_log(&mut self, partition: usize, effects: &mut Vec<Effect>) {
        let Some(bound) = self.rules.length else { return };
        if bound.overflow != Overflow::DropHead {
            return;
        }
        let most = bound.max as usize;
        let whole = (bound.slack as usize).max(1);
        while self.log[partition].entries.len() >= most + whole {
            for _ in 0..whole {
                if let Some(oldest) = self.log[partition].entries.front().map(|entry| entry.position) {
                    self.remove_from_log(oldest, Loss::Trimmed, effects);
                }
            }
        }
    }

    /// Removes an entry from a log (Redis `XDEL`, a JetStream delete). Whoever has it in hand goes on.
    pub fn delete(&mut self, position: Position, effects: &mut Vec<Effect>) -> bool {
        self.remove_from_log(position, Loss::Trimmed, effects)
    }

    /// Removes an entry; every group that was owed it, and has not got it in hand, has lost it.
    pub(super) fn remove_from_log(
        &mut self,
        position: Position,
        reason: Loss,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let Some(log) = self.log.get_mut(usize::from(position.partition())) else { return false };
        let Ok(index) = log.entries.binary_search_by(|entry| entry.position.cmp(&position)) else {
            return false;
        };
        let Some(entry) = log.entries.remove(index) else { return false };
        for group in 0..self.groups.len() {
            let wants = self.wants(group, entry.subject);
            let state = &mut self.groups[group];
            let key = state.order(&entry);
            let waited = state.early.remove(&key).is_some();
            let unread = wants && state.cursors[usize::from(position.partition())] <= position.offset();
            if (waited || unread) && !state.removed {
                let group = Some(Group(group as u16));
                effects.push(Effect::Lost { message: entry.message, group, reason });
            }
        }
        true
    }

    /// An entry is done for one group: what the retention says of it, and what the channel knew beside.
    pub(super) fn forget_entry(&mut self, _group: usize, entry: &Entry, effects: &mut Vec<Effect>) {
        if entry.has_own_time() {
            self.own_times.remove(&entry.position.0);
        }
        let Keeps::Log { retention, .. } = self.rules.keeps else { return };
        let over = match retention {
            Retention::Limits => false,
            Retention::WorkQueue => true,
            Retention::Interest => !self.is_wanted(entry),
        };
        if over {
            self.remove_from_log(entry.position, Loss::Trimmed, effects);
        }
    }

    /// Entries that nobody is owed any more, after a group was removed.
    pub(super) fn forget_done_entries(&mut self, effects: &mut Vec<Effect>) {
        if !matches!(self.rules.keeps, Keeps::Log { retention: Retention::Interest, .. }) {
            return;
        }
        let all: Vec<Entry> = self.log.iter().flat_map(|log| log.entries.iter().copied()).collect();
        for entry in all {
            if !self.is_wanted(&entry) {
                self.remove_from_log(entry.position, Loss::Trimmed, effects);
            }
        }
    }

    /// Whether some group is owed an entry still.
    fn is_wanted(&self, entry: &Entry) -> bool {
        let (partition, offset) = (usize::from(entry.position.partition()), entry.position.offset());
        (0..self.groups.len()).any(|group| {
            let state = &self.groups[group];
            let first = entry.position.0 << 16;
            !state.removed
                && (self.wants(group, entry.subject) && state.cursors[partition] <= offset
                    || state.held.range(first..=first | u64::from(u16::MAX)).next().is_some()
                    || state.early.contains_key(&state.order(entry))
                    || state.delayed.values().any(|held| held.entry.position == entry.position))
        })
    }
}
