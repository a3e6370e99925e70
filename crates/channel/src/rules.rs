//! The space of delivery rules. Each field is one dimension in which brokers differ.

use kernel::Span;

/// What a channel does with messages. Every combination is meaningful to the engine.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Who gets a copy of a message.
    pub audience: Audience,
    /// What happens to a message for a subscriber that is not there.
    pub absent: Absent,
    /// When the channel counts a message as done.
    pub acknowledgement: Acknowledgement,
    /// Where a rejected message goes.
    pub rejected_to: Return,
    /// How often a message may come back before it is dead-lettered: with a limit of n it is delivered up to
    /// n + 1 times. `None`: for ever.
    pub delivery_limit: Option<u32>,
    /// How many unacknowledged messages one consumer may hold; `None`: any number.
    pub prefetch: Option<u32>,
    /// How many messages may wait, and what gives way when that is reached; `None`: any number.
    pub length: Option<Bound>,
    /// Whether waiting messages survive a crash of the broker.
    pub durable: bool,
    /// What the publisher learns.
    pub publisher_gets: PublisherGets,
    /// How long it takes to notice that a connection broke when a delivery or an acknowledgement was lost on
    /// the network: what was held over it comes again after this time.
    pub heartbeat: Span,
}

/// Who gets a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Each subscription gets a copy of its own.
    EverySubscription,
    /// One consumer, the next that has room, in turn.
    OneConsumer,
}

/// What happens to a message when nobody is there to take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It is lost, and nobody is told.
    Lost,
    /// The sender is told: connection refused.
    Refused,
    /// It waits.
    Kept,
}

/// When a message counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    /// As soon as it was handed out.
    OnHandOut,
    /// When the consumer says so, after its work.
    AfterWork,
}

/// Where a rejected message goes when it is to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Return {
    /// To where it was: before everything published after it.
    OriginalPlace,
    /// Behind everything that waits.
    Tail,
    /// Behind everything that waits, but to where it was if there is a delivery limit: what RabbitMQ 3.10 was
    /// recorded to do with a quorum queue.
    TailUnlessLimited,
}

/// A limit on how many messages wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The greatest number of ready messages, at least 1.
    pub max: u32,
    /// What gives way.
    pub overflow: Overflow,
}

/// What gives way when a channel is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// The oldest waiting message is dead-lettered.
    DropHead,
    /// The new message is refused.
    RejectPublish,
}

/// What a publisher learns of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublisherGets {
    /// How many received it (Redis: the reply of PUBLISH).
    ReceiverCount,
    /// That the broker has it.
    Confirm,
    /// The receiver's answer.
    Reply,
}

/// Why a message was put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadLetterReason {
    /// It came back more often than the delivery limit allows.
    DeliveryLimit,
    /// It was the oldest when the channel was full.
    LengthLimit,
}

impl DeadLetterReason {
    /// The name in files: lower case with underscores, as RabbitMQ's header `x-death` calls it.
    pub fn name(self) -> &'static str {
        match self {
            DeadLetterReason::DeliveryLimit => "delivery_limit",
            DeadLetterReason::LengthLimit => "maxlen",
        }
    }
}
