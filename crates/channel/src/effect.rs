//! What goes into a channel and what comes out of it.

use std::num::NonZeroU64;

use kernel::Span;

use crate::DeadLetterReason;

/// Consumers that share the work: a queue, a consumer group, a durable consumer, a session. Numbered in the
/// order in which they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group(pub u16);

/// One subscriber or consumer: its number in the order in which they subscribed to the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subscription(pub u16);

/// What a message is about, as the bindings see it: a routing key, topic or subject. [`crate::Channel::subject`]
/// gives the number of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(pub u16);

/// Where an entry lies: partition and offset. In a queue the partition is 0, and the offset is a number that
/// grows with each message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub(crate) u64);

impl Position {
    pub(crate) const OFFSET_BITS: u32 = 36;
    pub(crate) const MASK: u64 = (1 << 48) - 1;

    /// The place at this offset of a partition. At most 4,096 partitions and 2^36 offsets.
    pub const fn new(partition: u16, offset: u64) -> Self {
        Position((partition as u64) << Self::OFFSET_BITS | offset)
    }

    /// Which partition.
    pub const fn partition(self) -> u16 {
        (self.0 >> Self::OFFSET_BITS) as u16
    }

    /// The offset in it, from 0 in a log.
    pub const fn offset(self) -> u64 {
        self.0 & ((1 << Self::OFFSET_BITS) - 1)
    }
}

/// A delivery that awaits its acknowledgement: where the entry lies, and the how-many-th delivery of it this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(NonZeroU64);

impl Tag {
    const DELIVERY_BITS: u32 = 16;

    /// The `delivery`-th delivery, counted from 1, of an entry.
    pub(crate) fn new(position: Position, delivery: u16) -> Self {
        let delivery =
            NonZeroU64::from(std::num::NonZeroU16::new(delivery).unwrap_or(std::num::NonZeroU16::MAX));
        Tag(NonZeroU64::from(delivery) | position.0 << Self::DELIVERY_BITS)
    }

    /// Where the entry lies.
    pub fn position(self) -> Position {
        Position(self.0.get() >> Self::DELIVERY_BITS)
    }

    pub(crate) fn number(self) -> u64 {
        self.0.get()
    }
}

/// A message as it is given to a channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Publication {
    /// The caller's handle.
    pub message: u32,
    /// What it is about.
    pub subject: Subject,
    /// What it is ordered by: messages with the same key go to the same partition.
    pub key: u64,
    /// The partition, where the publisher chooses it.
    pub partition: Option<u16>,
    /// By this a channel with a duplicate window knows it again.
    pub identity: Option<u64>,
    /// Higher first, where the channel has priorities.
    pub priority: u8,
    /// Its own time to live.
    pub time_to_live: Option<Span>,
    /// Whether it is to survive (AMQP `delivery_mode` 2). Where the channel survives as a whole this is not asked.
    pub persistent: bool,
    /// Whether it stays for later subscribers as the last of its subject (MQTT).
    pub retained: bool,
    /// Quality of service, 0 to 2 (MQTT); elsewhere 1. A group gets the lesser of this and its binding's.
    pub quality: u8,
}

impl Publication {
    /// An ordinary message.
    pub fn new(message: u32, subject: Subject) -> Self {
        Publication {
            message,
            subject,
            key: 0,
            partition: None,
            identity: None,
            priority: 0,
            time_to_live: None,
            persistent: true,
            retained: false,
            quality: 1,
        }
    }
}

/// What a channel says to who published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Whether it was taken (also if there was nobody to give it to).
    pub accepted: bool,
    /// Whether it was known already, and not stored again.
    pub duplicate: bool,
    /// How many groups it went to.
    pub groups: u32,
    /// How many connected subscribers it was sent to at once.
    pub receivers: u32,
    /// Where a log put it.
    pub position: Option<Position>,
}

/// What the caller has to carry out, in this order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// The message is owed to this group, and waits for it.
    Kept {
        /// The caller's handle.
        message: u32,
        /// For whom.
        group: Group,
    },
    /// Send the message (or a copy of it, where several groups get one) to a subscription.
    Deliver {
        /// The caller's handle of the message.
        message: u32,
        /// In the name of which group.
        group: Group,
        /// Who gets it.
        to: Subscription,
        /// What to acknowledge it by; `None` where nothing is to be acknowledged.
        tag: Option<Tag>,
        /// Whether it was, or may have been, handed out before.
        redelivered: bool,
        /// The how-many-th delivery this is, from 1.
        delivery: u16,
        /// The lesser quality of publication and binding.
        quality: u8,
        /// Whether it was kept for later subscribers and is not live.
        retained: bool,
    },
    /// This group is away, and nothing is kept for it.
    Missed {
        /// The caller's handle.
        message: u32,
        /// Who would have got it.
        group: Group,
    },
    /// There is no group for it, or nobody is there: nothing came of the message.
    NobodyListening {
        /// The caller's handle.
        message: u32,
    },
    /// The sender is told that the message was not taken.
    Refused {
        /// The caller's handle.
        message: u32,
    },
    /// The channel has this message already.
    Duplicate {
        /// The caller's handle of the second one.
        message: u32,
    },
    /// The message is gone without having been done; `None`: for everybody.
    Lost {
        /// The caller's handle.
        message: u32,
        /// For whom.
        group: Option<Group>,
        /// Why.
        reason: Loss,
    },
    /// The message waits again; a delivery of it that is still on its way is void.
    Returned {
        /// The caller's handle.
        message: u32,
        /// For whom.
        group: Group,
    },
    /// The message is done, or counts as done although somebody still works on it.
    Done {
        /// The caller's handle.
        message: u32,
        /// For whom.
        group: Group,
    },
    /// The message is put aside.
    DeadLettered {
        /// The caller's handle.
        message: u32,
        /// For whom.
        group: Group,
        /// Why.
        reason: DeadLetterReason,
    },
    /// The broker cuts off a subscriber, which may connect again.
    CutOff {
        /// Whom.
        who: Subscription,
    },
}

/// Why a channel lost a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The channel is down, or lost what it had in memory.
    Crash,
    /// There was no room.
    Full,
    /// Its time was over, and nobody puts it aside.
    Expired,
    /// It was cut off the old end of a log before this group had done it, or deleted.
    Trimmed,
    /// Who held it is gone, and nobody gives it to another.
    HolderGone,
    /// It lay unread in the buffer of a subscriber that was cut off.
    Unread,
    /// It was given up after its last attempt.
    GivenUp,
    /// A member jumped over it by committing a later offset.
    Skipped,
}

/// What a consumer wants done with a delivery that it cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// Let it come again, where and when the rules say.
    Requeue,
    /// Let it come again after this time.
    After(Span),
    /// Put it aside, or drop it where nothing is put aside.
    Discard,
}
