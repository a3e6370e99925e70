//! The ledger: where every message that was ever sent has gone.

/// Conservation of messages, counted in copies of every kind (commands, events, replies, acknowledgements):
///
/// `published = delivered + in_flight + waiting + dead_lettered + lost`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Copies set on their way: sent, made by a channel for a subscription, or doubled by the network.
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
    /// Copies that were handed out again after they came back to their channel.
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
}

impl LossReason {
    /// Every reason.
    pub const ALL: [LossReason; 11] = [
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
