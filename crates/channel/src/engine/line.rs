//! The line of messages that have their turn still to come.

use std::collections::VecDeque;

use super::entry::Entry;
use crate::Position;

/// Messages in the order in which they came, higher priorities first. Most channels have no priorities, and
/// thus one queue; it costs the least memory that a message can.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// By priority, the lowest first.
    queues: Vec<VecDeque<Entry>>,
}

impl Line {
    pub fn len(&self) -> usize {
        self.queues.iter().map(VecDeque::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    pub fn push(&mut self, entry: Entry) {
        let priority = usize::from(entry.priority);
        if self.queues.len() <= priority {
            self.queues.resize_with(priority + 1, VecDeque::new);
        }
        self.queues[priority].push_back(entry);
    }

    pub fn first(&self) -> Option<&Entry> {
        self.queues.iter().rev().find_map(VecDeque::front)
    }

    pub fn pop(&mut self) -> Option<Entry> {
        self.queues.iter_mut().rev().find_map(VecDeque::pop_front)
    }

    /// First to come first.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.queues.iter().rev().flatten()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.queues.iter_mut().rev().flatten()
    }

    /// The entry at a position, among those of its priority.
    pub fn get_mut(&mut self, position: Position, priority: u8) -> Option<&mut Entry> {
        let queue = self.queues.get_mut(usize::from(priority))?;
        let index = queue.binary_search_by(|entry| entry.position.cmp(&position)).ok()?;
        queue.get_mut(index)
    }

    /// Takes the entry at a position out of the line: quick where it is near one of the ends.
    pub fn remove(&mut self, position: Position, priority: u8) -> Option<Entry> {
        let queue = self.queues.get_mut(usize::from(priority))?;
        let index = queue.binary_search_by(|entry| entry.position.cmp(&position)).ok()?;
        queue.remove(index)
    }

    /// Takes all those out of the line of which this is true.
    pub fn take_if(&mut self, is_taken: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        let taken: Vec<Entry> = self.iter().filter(|entry| is_taken(entry)).copied().collect();
        for entry in &taken {
            self.remove(entry.position, entry.priority);
        }
        taken
    }
}
