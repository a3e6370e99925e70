//! Entries: what a channel knows of one message.

use std::collections::BTreeMap;

use kernel::Time;

use crate::{Position, Subject};

/// A message in a channel: 32 bytes, because there may be millions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub position: Position,
    pub published: Time,
    pub message: u32,
    /// The lower half of its key.
    pub key: u32,
    pub subject: Subject,
    /// How often it was handed out.
    pub deliveries: u16,
    /// How often it came back, as far as that counts against the limit.
    pub attempts: u16,
    pub priority: u8,
    flags: u8,
}

const QUALITY: u8 = 0b0011;
const MARKED: u8 = 0b0100;
const TRANSIENT: u8 = 0b1000;
const RETAINED: u8 = 0b1_0000;
const OWN_TIME: u8 = 0b10_0000;

impl Entry {
    pub fn new(message: u32, subject: Subject, key: u64, position: Position, published: Time) -> Self {
        let (deliveries, attempts, priority, flags) = (0, 0, 0, 1);
        Entry {
            position,
            published,
            message,
            key: key as u32,
            subject,
            deliveries,
            attempts,
            priority,
            flags,
        }
    }

    fn set(&mut self, flag: u8, on: bool) {
        self.flags = if on { self.flags | flag } else { self.flags & !flag };
    }

    pub fn quality(&self) -> u8 {
        self.flags & QUALITY
    }

    pub fn set_quality(&mut self, quality: u8) {
        self.flags = self.flags & !QUALITY | quality.min(2);
    }

    /// Whether the broker no longer knows if it was handed out.
    pub fn mark(&mut self) {
        self.set(MARKED, true);
    }

    pub fn is_redelivery(&self) -> bool {
        self.deliveries > 0 || self.flags & MARKED != 0
    }

    pub fn set_transient(&mut self, on: bool) {
        self.set(TRANSIENT, on);
    }

    pub fn is_transient(&self) -> bool {
        self.flags & TRANSIENT != 0
    }

    pub fn set_retained(&mut self) {
        self.set(RETAINED, true);
    }

    pub fn is_retained(&self) -> bool {
        self.flags & RETAINED != 0
    }

    /// Whether it has a time to live of its own, which the channel keeps beside.
    pub fn has_own_time(&self) -> bool {
        self.flags & OWN_TIME != 0
    }

    pub fn set_own_time(&mut self) {
        self.set(OWN_TIME, true);
    }
}

/// An entry that is not in its place in the line: in somebody's hands, back before its turn, or put off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub entry: Entry,
    /// Since when it is held.
    pub since: Time,
    /// Who holds it.
    pub member: u16,
    /// Whether whoever holds it has taken it up (its claim is committed).
    pub taken: bool,
    /// Whether its work is done although it does not count as done yet.
    pub worked: bool,
    /// Whether its holder works on it still, and goes on with others meanwhile.
    pub aside: bool,
    /// Whether the message was done by another meanwhile.
    pub needless: bool,
}

impl Held {
    pub const NOBODY: u16 = u16::MAX;

    pub fn by_nobody(entry: Entry) -> Self {
        let (member, since) = (Held::NOBODY, Time::ZERO);
        Held { entry, since, member, taken: false, worked: false, aside: false, needless: false }
    }

    /// Whether it keeps its holder's loop from going on.
    pub fn is_in_hand(&self) -> bool {
        self.member != Held::NOBODY && !self.worked && !self.aside
    }
}

/// The one kind of map in the engine, because each kind weighs 4 kB on the page.
pub(super) type Shelf = BTreeMap<u64, Held>;
