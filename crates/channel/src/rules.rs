//! The space of delivery rules. Each field is one dimension in which brokers differ.

use kernel::Span;

use crate::routing::{Grammar, Partitioner};

/// What a channel does with messages. Every combination is meaningful to the engine.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// What becomes of a message that was published.
    pub keeps: Keeps,
    /// Who gets a copy, where the scenario does not form groups itself.
    pub audience: Audience,
    /// How a message finds the groups that get it.
    pub routing: Routing,
    /// Whether the channel lives in the memory of the service that publishes to it, and dies with it.
    pub in_process: bool,
    /// What a restart of the broker leaves.
    pub survives: Survives,
    /// How many messages may wait, for each group where each group has a queue of its own, else altogether.
    pub length: Option<Bound>,
    /// How many messages with the same subject a log keeps: the newest. Kafka's compaction (1, by key) and
    /// JetStream's `max_msgs_per_subject`.
    pub newest_per_subject: Option<u32>,
    /// How long a message is kept; `None`: for ever. A message's own time to live may be shorter.
    pub time_to_live: Option<Span>,
    /// When an outdated message is noticed.
    pub expiry: Expiry,
    /// How many priorities a queue tells apart beyond 0; 0: messages come in their order.
    pub priorities: u8,
    /// Within this time a second message with the same identity is recognised and not stored.
    pub duplicate_window: Option<Span>,
    /// What the publisher learns.
    pub publisher_gets: PublisherGets,
    /// How messages are handed out, and what becomes of them then. A group may have other rules of its own.
    pub delivery: Delivery,
}

impl Rules {
    /// Whether a publisher that cannot reach the channel learns so when it publishes. One that hears nothing of what
    /// becomes of its messages does not hear that either, and one in the same process is down as well.
    pub fn refuses_when_down(&self) -> bool {
        match self.publisher_gets {
            PublisherGets::Nothing => false,
            PublisherGets::ReceiverCount
            | PublisherGets::Confirm
            | PublisherGets::Reply
            | PublisherGets::Transaction => !self.in_process,
        }
    }
}

/// How a group is served.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// Who takes the first step.
    pub hands_out: HandsOut,
    /// Which member of a group gets the next message.
    pub choice: Choice,
    /// How a row is claimed, where messages are rows of a table.
    pub claim: Claim,
    /// When a message counts as done.
    pub acknowledgement: Acknowledgement,
    /// Whether only whoever holds a delivery now can settle it. Otherwise an acknowledgement by an earlier
    /// holder counts too (Redis `XACK`, JetStream, SQS).
    pub fenced: bool,
    /// What becomes of a message for a group none of whose members is there.
    pub absent: Absent,
    /// How many unacknowledged messages one member may hold; `None`: any number.
    pub prefetch: Option<u32>,
    /// Whether that limit is for each worker of a member, instead of for all together (Celery's
    /// `worker_prefetch_multiplier`). The caller, which knows the workers, says so in [`crate::MemberTerms`].
    pub prefetch_per_worker: bool,
    /// How many unacknowledged messages a whole group may hold (JetStream `max_ack_pending`).
    pub group_prefetch: Option<u32>,
    /// Whether messages with the same key wait until the one before is done (FIFO queues).
    pub one_per_key: bool,
    /// What becomes of the messages that a member held when its connection broke.
    pub on_disconnect: OnDisconnect,
    /// How long a broken connection goes unnoticed, where the broker learns of it by a timer only (Kafka's
    /// `session.timeout.ms`). Zero: at once.
    pub session_timeout: Span,
    /// A held message comes again after this time (visibility timeout, `ack_wait`, lease).
    pub again_after: Option<Span>,
    /// How often the channel looks for messages whose time is over; zero: to the moment.
    pub again_checked_every: Span,
    /// Where a message goes whose time was over.
    pub timed_out_to: Return,
    /// Where a rejected message goes.
    pub rejected_to: Return,
    /// How long a rejected message waits before it can be handed out again.
    pub backoff: Backoff,
    /// How often a message may come back before it is given up: with a limit of n it is delivered up to n + 1
    /// times. `None`: for ever.
    pub delivery_limit: Option<u32>,
    /// What giving up means.
    pub exhausted: Exhausted,
    /// How long it takes to notice that a connection broke when a delivery or an acknowledgement was lost on
    /// the network: what was held over it comes again after this time.
    pub heartbeat: Span,
    /// How many messages a subscriber may leave unread before the broker cuts it off; `None`: any number.
    pub unread_limit: Option<u32>,
}

/// What becomes of a message that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// It is passed on to whoever is there, and forgotten.
    Nothing,
    /// It waits in a queue for each group until it is done.
    Queue,
    /// It is appended to a log, or to one of its partitions, and stays when it was read.
    Log {
        /// How many partitions, at least 1.
        partitions: u16,
        /// How a key chooses one.
        partitioner: Partitioner,
        /// Whether an entry goes once nobody needs it.
        retention: Retention,
    },
}

/// When an entry of a log is removed, besides by its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Only by length, age or compaction.
    Limits,
    /// Once every group has acknowledged it; with no group at all it is not even stored.
    Interest,
    /// Once it was acknowledged; there can be one group only.
    WorkQueue,
}

/// Who gets a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Each subscriber is a group of its own.
    EverySubscription,
    /// All subscribers together are one group, so one of them gets each message.
    OneConsumer,
}

/// How a message finds its groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routing {
    /// By the patterns that a group was bound with, in the grammar of the product.
    Bindings(Grammar),
    /// A key always goes to the same group, all keys spread over the groups (consistent-hash exchange).
    ConsistentHash,
}

/// What a restart of the broker leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survives {
    /// Nothing.
    Nothing,
    /// Everything if it was stopped in order, else what was written at the last save, so long apart.
    Saved {
        /// The time between two saves.
        every: Span,
    },
    /// Everything that was published, whatever happens; but after a crash a broker does not know what it had
    /// handed out, and marks everything as perhaps redelivered (RabbitMQ classic queues).
    Marked,
    /// Everything, with what is known of each message.
    Everything,
}

/// When an outdated message is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// When it is the next to be handed out: one that waits behind others stays although its time is over.
    AtHead,
    /// To the moment.
    Anywhere,
}

/// Who takes the first step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandsOut {
    /// The channel sends as soon as a member has room.
    Push,
    /// A member asks and waits until there is something (blocking read, long poll, fetch).
    Pull {
        /// How many it takes at most.
        batch: u32,
    },
    /// A member looks again and again.
    Poll {
        /// The time between two looks, above 0.
        every: Span,
        /// How many it takes at most.
        batch: u32,
    },
}

/// Which member of a group gets the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Each that has room in turn, in the order in which they subscribed.
    InTurn,
    /// Each in turn, whether it is there or not (shared subscriptions of Mosquitto).
    InTurnAlsoAbsent,
    /// Any of them.
    Random,
    /// Whoever has waited longest for one.
    LongestWaiting,
    /// The owner of the partition; partitions are shared out among the members.
    Partition(Assignor),
    /// The first that subscribed, as long as it is there.
    SingleActive,
}

/// How partitions are shared out. The members are taken in the order in which they joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignor {
    /// Neighbouring partitions together; everybody stops while they are assigned anew.
    Range,
    /// One after the other in turn; everybody stops.
    RoundRobin,
    /// Who has a partition keeps it if the shares stay even; only what moves stops.
    CooperativeSticky,
}

/// How a row of a table is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Messages are no rows: who is handed one has it.
    HandOut,
    /// `SELECT`, work, `UPDATE`: others see the row as pending until it is done.
    Naive,
    /// `SELECT`, then `UPDATE .. WHERE status = 'pending'`: one gets it, who comes second has looked in vain.
    ConditionalUpdate,
    /// `SELECT .. FOR UPDATE`: the second waits until the first has committed, then takes the next row.
    ForUpdate,
    /// `SELECT .. FOR UPDATE SKIP LOCKED`: the second takes the next row at once.
    SkipLocked,
    /// `UPDATE .. WHERE id = (SELECT .. LIMIT 1)`: the second waits for the first and then claims the same row.
    UpdateSubselect,
    /// The same with `AND status = 'pending'` once more outside: the second comes away with nothing.
    UpdateSubselectRechecked,
}

/// When a message counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    /// As soon as it was handed out.
    OnHandOut,
    /// When the consumer takes it up, before the work.
    BeforeWork,
    /// When the consumer says so, after its work.
    AfterWork,
    /// By a committed offset: everything before it in its partition counts as done.
    Offset {
        /// Every so often the offset of what was handed out is committed, whether the work is done or not;
        /// `None`: after the work.
        automatic: Option<Span>,
    },
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

/// What becomes of what a member held when its connection broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDisconnect {
    /// It comes back, to its original place.
    Returned,
    /// The member keeps it until its time is over or somebody claims it.
    Kept,
    /// It waits for the same member, and is sent again when that returns.
    KeptForOwner,
    /// It is gone.
    Lost,
}

/// Where a message goes that is to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Return {
    /// To where it was: before everything published after it.
    OriginalPlace,
    /// Before everything that waits, so that several come in reverse order.
    Head,
    /// Behind everything that waits.
    Tail,
    /// Behind everything that waits, but to where it was if there is a delivery limit: what RabbitMQ 3.10 was
    /// recorded to do with a quorum queue.
    TailUnlessLimited,
    /// Behind everything that was tried less often (`ORDER BY attempts, id`).
    ByAttempts,
    /// Nowhere: there is no rejection, so it stays with whoever holds it until its time is over, somebody
    /// claims it, or the holder comes back (Redis Streams, MQTT).
    WithHolder,
}

/// How long a rejected message waits before it comes again: `first`, then each time `factor` times as long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// After the first rejection.
    pub first: Span,
    /// At least 1.
    pub factor: f64,
    /// Never longer than this.
    pub most: Span,
}

impl Backoff {
    /// At once.
    pub const NONE: Backoff = Backoff { first: Span::ZERO, factor: 1.0, most: Span::ZERO };

    /// After the `n`-th rejection, counted from 1.
    pub fn after(&self, n: u32) -> Span {
        let mut span = self.first;
        for _ in 1..n.min(64) {
            if span >= self.most {
                break;
            }
            span = span.scaled(self.factor);
        }
        span.min(self.most)
    }
}

/// What giving up means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhausted {
    /// It is put aside (dead-letter queue).
    DeadLetter,
    /// It stays where it is, and nobody gets it any more (JetStream `max_deliver`).
    Stays,
    /// It is dropped.
    Drop,
}

/// A limit on how many messages wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The greatest number of ready messages, at least 1.
    pub max: u32,
    /// What gives way.
    pub overflow: Overflow,
    /// A log is cut back only when it is longer by this many entries (Redis `MAXLEN ~`); 0: exactly.
    pub slack: u32,
}

/// What gives way when a channel is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// The oldest waiting message, delivered or not; a queue puts it aside.
    DropHead,
    /// The new message is refused, and the publisher is told.
    RejectPublish,
    /// The new message is dropped, and nobody is told (Mosquitto).
    DropNew,
}

/// What a publisher learns of its message. Whoever learns anything also learns that the channel cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublisherGets {
    /// Nothing.
    Nothing,
    /// How many received it (Redis: the reply of PUBLISH).
    ReceiverCount,
    /// That the broker has it.
    Confirm,
    /// The receiver's answer.
    Reply,
    /// That it was inserted, once its own transaction is committed.
    Transaction,
}

/// Why a message was put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeadLetterReason {
    /// It came back more often than the delivery limit allows.
    DeliveryLimit,
    /// It was the oldest when the channel was full.
    LengthLimit,
    /// Its time to live was over.
    Expired,
    /// A consumer rejected it for good.
    Rejected,
}

impl DeadLetterReason {
    /// Every reason.
    pub const ALL: [DeadLetterReason; 4] = [
        DeadLetterReason::DeliveryLimit,
        DeadLetterReason::LengthLimit,
        DeadLetterReason::Expired,
        DeadLetterReason::Rejected,
    ];

    /// The name in files: lower case with underscores, as RabbitMQ's header `x-death` calls it.
    pub fn name(self) -> &'static str {
        match self {
            DeadLetterReason::DeliveryLimit => "delivery_limit",
            DeadLetterReason::LengthLimit => "maxlen",
            DeadLetterReason::Expired => "expired",
            DeadLetterReason::Rejected => "rejected",
        }
    }
}
