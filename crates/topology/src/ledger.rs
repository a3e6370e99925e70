//! The ledger: where every message that was ever sent has gone.

use channel::Loss;

/// Conservation of messages, counted in copies of every kind (commands, events, replies, acknowledgements):
///
/// `published = delivered + in_flight + waiting + dead_lettered + lost`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Copies made: sent, kept by a channel for a group, passed on by it to a subscription, handed out once more
    /// while the first is still in somebody's hands, or doubled by the network.
    pub published: u64,
    /// Copies whose receiver is done with them.
    pub delivered: u64,
    /// Copies that travel.
    pub in_flight: u64,
    /// Copies in a channel, in an inbox, or in a worker's hands.
    pub waiting: u64,
    /// Copies put aside by a channel.
    pub dead_lettered: u64,
    /// Copies lost, by [`LossReason`] in the order of [`LossReason::ALL`].
    pub lost_by: [u64; LossReason::ALL.len()],
    /// Copies that the network doubled; they are part of `published`.
    pub duplicated: u64,
    /// Commands and events that were taken up by a service after a later one of the same case.
    pub out_of_order: u64,
    /// Copies that were handed out again, whether they had come back to their channel or not.
    pub redelivered: u64,
}

/// Why a message was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LossReason {
    /// The network dropped it.
    Network,
    /// The network between the two places was cut.
    Partition,
    /// The receiver was down: connection refused, or nobody to take it.
    ReceiverDown,
    /// The receiver's inbox, or the channel, was full.
    Full,
    /// The receiver crashed with the message in memory.
    Crash,
    /// The broker was down, or lost it in its crash.
    BrokerDown,
    /// The channel has no subscriber at all.
    NobodyListening,
    /// This subscriber was away while it was published, and the channel keeps nothing.
    SubscriberAway,
    /// A handler gave up, and nobody keeps the message.
    HandlerFailed,
    /// An answer that came when nobody waited any more.
    TooLate,
    /// An acknowledgement of a delivery that had come back to its channel.
    Stale,
    /// Its time was over, and nobody puts it aside.
    Expired,
    /// It was cut off the old end of a log before this group had done it.
    Trimmed,
    /// Who held it is gone, and nobody gives it to another.
    HolderGone,
    /// It lay unread when the broker cut its subscriber off.
    Unread,
    /// The channel gave it up after its last attempt.
    GivenUp,
    /// Its reader jumped over it by committing a later offset.
    Skipped,
    /// A look in vain: somebody else had claimed the row. Nothing is missing, since only this look is lost.
    Claimed,
    /// The channel had it already and did not store it again. It is in the account of losses, because no receiver
    /// was ever done with this copy; but nothing is missing, so its case can be complete all the same.
    Deduplicated,
    /// A command whose asker took it back before it was done.
    Cancelled,
}

impl LossReason {
    /// What a channel's reason is called here.
    pub(crate) fn of(loss: Loss) -> Self {
        match loss {
            Loss::Crash => LossReason::BrokerDown,
            Loss::Full => LossReason::Full,
            Loss::Expired => LossReason::Expired,
            Loss::Trimmed => LossReason::Trimmed,
            Loss::HolderGone => LossReason::HolderGone,
            Loss::Unread => LossReason::Unread,
            Loss::GivenUp => LossReason::GivenUp,
            Loss::Skipped => LossReason::Skipped,
        }
    }

    /// Whether the loss of a message means that something is missing: not if another copy of it took its place,
    /// or if it told a channel what that did not need to know any more.
    pub fn is_missed(self) -> bool {
        !matches!(
            self,
            LossReason::Claimed | LossReason::Deduplicated | LossReason::Stale | LossReason::Cancelled
        )
    }

    /// Every reason.
    pub const ALL: [LossReason; 20] = [
        LossReason::Network,
        LossReason::Partition,
        LossReason::ReceiverDown,
        LossReason::Full,
        LossReason::Crash,
        LossReason::BrokerDown,
        LossReason::NobodyListening,
        LossReason::SubscriberAway,
        LossReason::HandlerFailed,
        LossReason::TooLate,
        LossReason::Stale,
        LossReason::Expired,
        LossReason::Trimmed,
        LossReason::HolderGone,
        LossReason::Unread,
        LossReason::GivenUp,
        LossReason::Skipped,
        LossReason::Claimed,
        LossReason::Deduplicated,
        LossReason::Cancelled,
    ];

    /// The name in files: lower case with underscores.
    pub fn name(self) -> &'static str {
        match self {
            LossReason::Network => "network",
            LossReason::Partition => "partition",
            LossReason::ReceiverDown => "receiver_down",
            LossReason::Full => "full",
            LossReason::Crash => "crash",
            LossReason::BrokerDown => "broker_down",
            LossReason::NobodyListening => "nobody_listening",
            LossReason::SubscriberAway => "subscriber_away",
            LossReason::HandlerFailed => "handler_failed",
            LossReason::TooLate => "too_late",
            LossReason::Stale => "stale",
            LossReason::Expired => "expired",
            LossReason::Trimmed => "trimmed",
            LossReason::HolderGone => "holder_gone",
            LossReason::Unread => "unread",
            LossReason::GivenUp => "given_up",
            LossReason::Skipped => "skipped",
            LossReason::Claimed => "claimed",
            LossReason::Deduplicated => "deduplicated",
            LossReason::Cancelled => "cancelled",
        }
    }

    /// In words, for a person.
    pub fn words(self) -> &'static str {
        match self {
            LossReason::Network => "dropped by the network",
            LossReason::Partition => "the network was cut",
            LossReason::ReceiverDown => "the receiver was down",
            LossReason::Full => "no room left",
            LossReason::Crash => "in memory when it crashed",
            LossReason::BrokerDown => "the broker was down",
            LossReason::NobodyListening => "nobody was listening",
            LossReason::SubscriberAway => "subscriber away",
            LossReason::HandlerFailed => "the handler failed",
            LossReason::TooLate => "nobody waited for it any more",
            LossReason::Stale => "acknowledged too late",
            LossReason::Expired => "its time was over",
            LossReason::Trimmed => "cut off the old end of the log",
            LossReason::HolderGone => "who held it is gone",
            LossReason::Unread => "unread when the broker cut the subscriber off",
            LossReason::GivenUp => "given up after its last attempt",
            LossReason::Skipped => "jumped over by a later commit",
            LossReason::Claimed => "somebody else had it already",
            LossReason::Deduplicated => "known already, not stored again",
            LossReason::Cancelled => "taken back, since nobody waited for it any more",
        }
    }
}

impl Ledger {
    /// All losses together.
    pub fn lost(&self) -> u64 {
        self.lost_by.iter().sum()
    }

    /// How many were lost for this reason.
    pub fn lost_to(&self, reason: LossReason) -> u64 {
        self.lost_by[reason as usize]
    }

    /// Whether every copy is accounted for.
    pub fn balances(&self) -> bool {
        self.published == self.delivered + self.in_flight + self.waiting + self.dead_lettered + self.lost()
    }
}
