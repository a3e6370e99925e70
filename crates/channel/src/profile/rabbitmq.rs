//! RabbitMQ 3.10: classic and quorum queues, behind an exchange.

use crate::routing::Grammar;
use crate::{
    Acknowledgement, Audience, Bound, Choice, Delivery, Exhausted, Expiry, Overflow, Parameter, Profile,
    Return, Routing, Rules, Survives, Takes,
};

use super::base::{ACKNOWLEDGED, LONGEST, MOST, QUEUE, count_or_none, millis, seconds, span, span_or_none};
#[cfg(feature = "stated")]
use super::stated::{Statement, chosen, documented, recorded};

/// A queue bound to the default exchange: the routing key is its name.
const EITHER: Rules = Rules {
    routing: Routing::Bindings(Grammar::Exact),
    expiry: Expiry::AtHead,
    delivery: Delivery { exhausted: Exhausted::DeadLetter, ..ACKNOWLEDGED },
    ..QUEUE
};

const PREFETCH: Parameter = Parameter {
    name: "prefetch",
    real: "prefetch_count",
    takes: count_or_none(1, 65_535),
    default: "none",
    about: "How many messages a consumer may hold without having acknowledged them (`basic.qos`).",
    set: |rules, value| rules.delivery.prefetch = value.count(),
};

const NO_ACK: Parameter = Parameter {
    name: "no_ack",
    real: "no-ack",
    takes: Takes::Flag,
    default: "false",
    about: "Whether a message counts as done as soon as it was sent to a consumer (`auto_ack` in clients).",
    set: |rules, value| {
        rules.delivery.acknowledgement =
            if value.is_on() { Acknowledgement::OnHandOut } else { Acknowledgement::AfterWork };
    },
};

const EXCHANGE: Parameter = Parameter {
    name: "exchange",
    real: "exchange type",
    takes: Takes::Choice(&["default", "direct", "fanout", "topic", "consistent-hash"]),
    default: "default",
    about: "The exchange in front: the default one leads to a single queue whose consumers compete; the \
            others copy to each subscriber's own queue whose binding fits, consistent-hash to one of them by \
            key.",
    set: |rules, value| {
        rules.routing = match value.choice() {
            0 | 1 => Routing::Bindings(Grammar::Exact),
            2 => Routing::Bindings(Grammar::Everything),
            3 => Routing::Bindings(Grammar::Amqp),
            _ => Routing::ConsistentHash,
        };
        rules.audience =
            if value.choice() == 0 { Audience::OneConsumer } else { Audience::EverySubscription };
    },
};

const MAX_LENGTH: Parameter = Parameter {
    name: "max_length",
    real: "x-max-length",
    takes: count_or_none(1, MOST),
    default: "none",
    about: "How many messages may be ready in the queue; those in consumers' hands do not count.",
    set: |rules, value| {
        let bound = |max| Bound { max, overflow: Overflow::DropHead, slack: 0 };
        rules.length = value.count().map(bound);
    },
};

const OVERFLOW: Parameter = Parameter {
    name: "overflow",
    real: "x-overflow",
    takes: Takes::Choice(&["drop-head", "reject-publish"]),
    default: "drop-head",
    about: "What gives way when the queue is full: the oldest message, or the new one.",
    set: |rules, value| {
        if let Some(bound) = &mut rules.length {
            bound.overflow = if value.choice() == 0 { Overflow::DropHead } else { Overflow::RejectPublish };
        }
    },
};

const MESSAGE_TTL: Parameter = Parameter {
    name: "message_ttl",
    real: "x-message-ttl",
    takes: span_or_none(millis(1), LONGEST),
    default: "none",
    about: "How long a message may wait before it is put aside.",
    set: |rules, value| rules.time_to_live = value.span(),
};

const DEAD_LETTER_EXCHANGE: Parameter = Parameter {
    name: "dead_letter_exchange",
    real: "x-dead-letter-exchange",
    takes: Takes::Flag,
    default: "true",
    about: "Whether there is an exchange for dead letters; without one, what would be put aside is dropped. \
            RabbitMQ has none unless told.",
    set: |rules, value| {
        rules.delivery.exhausted = if value.is_on() { Exhausted::DeadLetter } else { Exhausted::Drop };
    },
};

const SINGLE_ACTIVE_CONSUMER: Parameter = Parameter {
    name: "single_active_consumer",
    real: "x-single-active-consumer",
    takes: Takes::Flag,
    default: "false",
    about: "Whether only the first consumer gets messages, and the next one only when that is gone.",
    set: |rules, value| {
        rules.delivery.choice = if value.is_on() { Choice::SingleActive } else { Choice::InTurn };
    },
};

const HEARTBEAT: Parameter = Parameter {
    name: "heartbeat",
    real: "heartbeat",
    takes: span(seconds(1), seconds(65_535)),
    default: "60s",
    about: "After which silence a connection counts as broken, so that what was lost on it comes again.",
    set: |rules, value| {
        if let Some(heartbeat) = value.span() {
            rules.delivery.heartbeat = heartbeat;
        }
    },
};

pub(super) const CLASSIC: Profile = Profile {
    name: "rabbitmq-classic",
    product: "RabbitMQ 3.10.8, classic queue",
    about: "A queue: each message goes to one consumer and is kept until acknowledged; a rejected message \
            comes again at once, for ever.",
    rules: Rules { survives: Survives::Marked, ..EITHER },
    parameters: &[
        PREFETCH,
        NO_ACK,
        EXCHANGE,
        MAX_LENGTH,
        OVERFLOW,
        MESSAGE_TTL,
        DEAD_LETTER_EXCHANGE,
        Parameter {
            name: "max_priority",
            real: "x-max-priority",
            takes: count_or_none(1, 255),
            default: "none",
            about: "The highest priority that the queue tells apart; higher ones count as this.",
            set: |rules, value| rules.priorities = value.count().unwrap_or(0).min(255) as u8,
        },
        SINGLE_ACTIVE_CONSUMER,
        Parameter {
            name: "durable",
            real: "durable",
            takes: Takes::Flag,
            default: "true",
            about: "Whether the queue and its persistent messages survive a restart of the broker.",
            set: |rules, value| {
                rules.survives = if value.is_on() { Survives::Marked } else { Survives::Nothing };
            },
        },
        HEARTBEAT,
    ],
    #[cfg(feature = "stated")]
    stated: &[
        IN_TURN,
        UNACKNOWLEDGED_STAY,
        NO_ACK_LOSES,
        EXCLUSIVE_QUEUES,
        FAN_OUT,
        LATE,
        NO_BINDING,
        NO_DUPLICATES_KNOWN,
        SINGLE_ACTIVE,
        BACK_PRESSURE,
        OUTDATED,
        RETRY_LATER,
        FULL,
        DEAD_LETTERS,
        recorded(
            "What a consumer held when its connection broke goes back to its original place, marked as \
             redelivered; there is no count of deliveries.",
            &["rabbitmq.crash_unacked_classic"],
        ),
        recorded(
            "A rejected message goes back to its original place, and to the next consumer that can take it.",
            &["rabbitmq.nack_requeue_two_consumers"],
        ),
        recorded(
            "There is no limit on deliveries: a message that always fails comes again for ever, unless a \
             consumer rejects it for good.",
            &["rabbitmq.poison_classic_loops"],
        ),
        recorded(
            "Higher priorities come first among messages that wait, and in their order inside one priority; \
             what a consumer holds is not overtaken.",
            &["rabbitmq.priority_queue"],
        ),
        recorded(
            "To survive a restart takes a durable queue and a persistent message. After a crash every \
             message is marked as redelivered, after a stop in order only those that were held.",
            &["rabbitmq.restart_what_survives"],
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        NO_HEADERS,
        NO_MANDATORY,
        NO_ALARMS,
        NO_CONFIRM_TIMES,
        NO_CONSUMER_TIMEOUT,
        NO_BYTES,
        NO_GLOBAL_PREFETCH,
        NO_DEATH_HEADER,
        "Mirrored classic queues, lazy queues, and `reject-publish-dlx`.",
        "Federation, shovels, streams (the third kind of queue), and clusters.",
    ],
};

pub(super) const QUORUM: Profile = Profile {
    name: "rabbitmq-quorum",
    product: "RabbitMQ 3.10.8, quorum queue",
    about: "A replicated queue: each message goes to one consumer and is kept until acknowledged; with a \
            delivery limit, one that keeps failing is put aside.",
    rules: Rules {
        delivery: Delivery { rejected_to: Return::TailUnlessLimited, ..EITHER.delivery },
        ..EITHER
    },
    parameters: &[
        PREFETCH,
        NO_ACK,
        EXCHANGE,
        Parameter {
            name: "delivery_limit",
            real: "x-delivery-limit",
            takes: count_or_none(1, MOST),
            default: "none",
            about: "How often a message may come back: with n it is delivered up to n + 1 times, and then \
                    put aside.",
            set: |rules, value| rules.delivery.delivery_limit = value.count(),
        },
        MAX_LENGTH,
        OVERFLOW,
        MESSAGE_TTL,
        DEAD_LETTER_EXCHANGE,
        SINGLE_ACTIVE_CONSUMER,
        HEARTBEAT,
    ],
    #[cfg(feature = "stated")]
    stated: &[
        as_classic(IN_TURN),
        as_classic(UNACKNOWLEDGED_STAY),
        as_classic(NO_ACK_LOSES),
        as_classic(recorded("The queue keeps what comes while its consumer is away.", &[])),
        FAN_OUT,
        as_classic(LATE),
        NO_BINDING,
        NO_DUPLICATES_KNOWN,
        as_classic(SINGLE_ACTIVE),
        as_classic(BACK_PRESSURE),
        as_classic(RETRY_LATER),
        as_classic(FULL),
        DEAD_LETTERS,
        recorded(
            "What a consumer held when its connection broke goes back to its original place, with a count of \
             the deliveries that failed.",
            &[],
        ),
        recorded(
            "A rejected message goes behind all that wait, but with a delivery limit to its original place.",
            &[],
        ),
        recorded(
            "With a delivery limit of n a message is delivered n + 1 times and then put aside.",
            &["rabbitmq.poison_quorum_delivery_limit"],
        ),
        recorded(
            "All messages survive a restart, those that were not published as persistent too.",
            &["rabbitmq.restart_what_survives"],
        ),
        documented(
            "A time to live is noticed at the head of the queue.",
            "RabbitMQ 3.10, Time-To-Live and Expiration; quorum queues have it since 3.10",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "The delivery limit of 20 that RabbitMQ 4 has by default: 3.10 has none.",
        "The majority that a quorum queue needs, its leader's election, and a queue so new that a crash \
         makes it unusable.",
        "Queues that are exclusive or not durable, and priorities: quorum queues of 3.10 have none of them.",
        NO_HEADERS,
        NO_MANDATORY,
        NO_ALARMS,
        NO_CONFIRM_TIMES,
        NO_CONSUMER_TIMEOUT,
        NO_BYTES,
        NO_DEATH_HEADER,
        "Federation, shovels, and streams (the third kind of queue).",
    ],
};

/// What was recorded with classic queues, and with quorum queues was not tried.
#[cfg(feature = "stated")]
const fn as_classic(statement: Statement) -> Statement {
    chosen(statement.rule, "recorded with a classic queue, and taken to be the same with a quorum queue")
}

#[cfg(feature = "stated")]
const IN_TURN: Statement = recorded(
    "Consumers get messages in turn, in the order in which they subscribed, however fast they are; with a \
     prefetch only who has room.",
    &["rabbitmq.compete_no_prefetch_attached_first"],
);

#[cfg(feature = "stated")]
const UNACKNOWLEDGED_STAY: Statement = recorded(
    "A consumer that cancels keeps what it holds and can acknowledge it still; when its connection closes, \
     that comes back.",
    &["rabbitmq.cancel_keeps_unacked"],
);

#[cfg(feature = "stated")]
const NO_ACK_LOSES: Statement = recorded(
    "Without acknowledgements the whole queue is sent to a consumer at once, prefetch or not, and its crash \
     loses all of it.",
    &["rabbitmq.crash_auto_ack"],
);

#[cfg(feature = "stated")]
const EXCLUSIVE_QUEUES: Statement = recorded(
    "A queue of that name keeps what comes while its consumer is away; an exclusive one goes with its \
     consumer.",
    &["rabbitmq.disconnect_return"],
);

#[cfg(feature = "stated")]
const FAN_OUT: Statement = recorded(
    "An exchange copies a message to each queue that is bound to it, once, in the order of publication.",
    &["rabbitmq.fanout_3"],
);

#[cfg(feature = "stated")]
const LATE: Statement = recorded(
    "A queue gets what is published after it was bound; a late consumer of the queue gets all that waits.",
    &["rabbitmq.late_subscriber"],
);

#[cfg(feature = "stated")]
const NO_BINDING: Statement = recorded(
    "A message that fits no binding is gone, and the publisher is told that all is well.",
    &["rabbitmq.no_queue_and_mandatory"],
);

#[cfg(feature = "stated")]
const NO_DUPLICATES_KNOWN: Statement =
    recorded("A message that is published twice is delivered twice.", &["rabbitmq.publisher_duplicates"]);

#[cfg(feature = "stated")]
const SINGLE_ACTIVE: Statement = recorded(
    "With a single active consumer the first gets everything; if it dies the next goes on with what comes \
     back, in order.",
    &["rabbitmq.single_active_consumer"],
);

#[cfg(feature = "stated")]
const BACK_PRESSURE: Statement = recorded(
    "A slow consumer holds its prefetch and stays connected; the queue grows, and the publisher is not slowed.",
    &["rabbitmq.slow_consumer_backpressure"],
);

#[cfg(feature = "stated")]
const OUTDATED: Statement = recorded(
    "An outdated message is noticed when it is the next to be handed out: behind one that lives longer it \
     stays. What a consumer holds does not expire.",
    &["rabbitmq.ttl"],
);

#[cfg(feature = "stated")]
const RETRY_LATER: Statement = recorded(
    "Trying again later is made of a second queue whose time to live leads back to the first: the message \
     comes as a new one, behind all that wait.",
    &["rabbitmq.retry_by_ttl_dlx_cycle"],
);

#[cfg(feature = "stated")]
const FULL: Statement = recorded(
    "A full queue puts its oldest ready message aside; or it refuses the new one, and says so in the \
     confirm.",
    &[],
);

#[cfg(feature = "stated")]
const DEAD_LETTERS: Statement = chosen(
    "There is an exchange for dead letters.",
    "what is put aside should be seen; RabbitMQ itself drops it unless a queue names such an exchange",
);

#[cfg(feature = "stated")]
const NO_HEADERS: &str =
    "Headers exchanges (messages have no headers here), and exchanges that are bound to exchanges.";

#[cfg(feature = "stated")]
const NO_MANDATORY: &str =
    "`mandatory`, which returns a message that fits no binding, and alternate exchanges, which catch it.";

#[cfg(feature = "stated")]
const NO_ALARMS: &str = "Memory and disk alarms, which stop publishers, and credit flow, which slows them.";

#[cfg(feature = "stated")]
const NO_CONFIRM_TIMES: &str =
    "When a confirm comes: after writing to disk or to a majority. Here it comes as fast as the network.";

#[cfg(feature = "stated")]
const NO_CONSUMER_TIMEOUT: &str =
    "`consumer_timeout`: a channel whose consumer has not acknowledged for 30 minutes is closed.";

#[cfg(feature = "stated")]
const NO_BYTES: &str = "Limits in bytes (`max-length-bytes`), and queues that expire (`expires`).";

#[cfg(feature = "stated")]
const NO_GLOBAL_PREFETCH: &str =
    "A prefetch that all consumers of a connection share, and consumer priorities.";

#[cfg(feature = "stated")]
const NO_DEATH_HEADER: &str =
    "Dead letters that are published anew with another routing key, and their `x-death` header.";
