//! Amazon's queues and topics, from their documents: no server of theirs was recorded.

use crate::{Audience, Delivery, Exhausted, HandsOut, Parameter, Profile, Return, Rules, Takes, Value};

use super::base::{
    ACKNOWLEDGED, HELD, QUEUE, always, count, count_or_none, days, hours, keep_as_long_as_attempts_last,
    limit_to_attempts, minutes, seconds, span,
};
#[cfg(feature = "stated")]
use super::stated::{Statement, chosen, documented};

/// How a queue is read: a message in somebody's hands is hidden from the others for a while.
const HIDDEN: Delivery = Delivery {
    group_prefetch: Some(120_000),
    again_after: Some(seconds(30)),
    // A consumer that fails simply does not delete the message.
    backoff: always(seconds(30)),
    ..HELD
};

const MAX_NUMBER_OF_MESSAGES: Parameter = Parameter {
    name: "max_number_of_messages",
    real: "MaxNumberOfMessages",
    takes: count(1, 10),
    default: "1",
    about: "How many messages one call takes at most.",
    set: |rules, value| {
        if let Some(batch) = value.count() {
            rules.delivery.hands_out = HandsOut::Pull { batch };
        }
    },
};

const VISIBILITY_TIMEOUT: Parameter = Parameter {
    name: "visibility_timeout",
    real: "VisibilityTimeout",
    takes: span(seconds(1), hours(12)),
    default: "30s",
    about: "How long a message in a consumer's hands is hidden from the others; after that it comes again.",
    set: |rules, value| {
        if let Some(timeout) = value.span() {
            rules.delivery.again_after = Some(timeout);
            rules.delivery.backoff = always(timeout);
        }
    },
};

const MAX_RECEIVE_COUNT: Parameter = Parameter {
    name: "max_receive_count",
    real: "maxReceiveCount",
    takes: count_or_none(1, 1_000),
    default: "none",
    about: "How often a message is received before it goes to the dead-letter queue; `none`: there is no \
            such queue.",
    set: |rules, value| {
        limit_to_attempts(&mut rules.delivery, value.count());
        rules.delivery.exhausted = if value == Value::None { Exhausted::Drop } else { Exhausted::DeadLetter };
    },
};

const MESSAGE_RETENTION_PERIOD: Parameter = Parameter {
    name: "message_retention_period",
    real: "MessageRetentionPeriod",
    takes: span(minutes(1), days(14)),
    default: "4d",
    about: "How long a message is kept.",
    set: |rules, value| rules.time_to_live = value.span(),
};

/// The four parameters that both kinds of queue have.
const QUEUE_PARAMETERS: &[Parameter] =
    &[VISIBILITY_TIMEOUT, MAX_RECEIVE_COUNT, MAX_NUMBER_OF_MESSAGES, MESSAGE_RETENTION_PERIOD];

pub(super) const SQS: Profile = Profile {
    name: "sqs",
    product: "Amazon SQS standard queue, from the documents",
    about: "A queue whose messages are hidden while somebody works on them, and visible again when that \
            takes too long: then two work on the same.",
    rules: Rules { time_to_live: Some(days(4)), delivery: HIDDEN, ..QUEUE },
    parameters: QUEUE_PARAMETERS,
    #[cfg(feature = "stated")]
    stated: &[
        VISIBLE_AGAIN,
        RECEIVES,
        KEPT,
        IN_FLIGHT,
        FAILED,
        documented(
            "The receipt of an earlier delivery may still delete a message, while another consumer works on \
             it, or may not.",
            "AWS Knowledge Center, SQS receipt handle errors: for standard queues an older handle sometimes \
             works; Amazon SQS API Reference, DeleteMessage: with an old one the message might not be \
             deleted",
        ),
        chosen("Here it always does.", "when it does and when not is not documented"),
        chosen(
            "Messages come in their order.",
            "best effort says the document; how far it is from that it does not",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "Messages that are delivered twice or out of order now and then although nobody failed.",
        NO_DELAYS,
        NO_SHORT_POLLS,
        NO_EXPIRY_TO_DEAD_LETTERS,
        NO_TRIGGERS,
        NO_SIZES,
    ],
};

pub(super) const SQS_FIFO: Profile = Profile {
    name: "sqs-fifo",
    product: "Amazon SQS FIFO queue, from the documents",
    about: "A queue that keeps order by key: messages of a group wait until the one before is done, and a \
            message that is sent twice within five minutes is stored once.",
    rules: Rules {
        time_to_live: Some(days(4)),
        duplicate_window: Some(minutes(5)),
        delivery: Delivery { one_per_key: true, fenced: true, ..HIDDEN },
        ..QUEUE
    },
    parameters: QUEUE_PARAMETERS,
    #[cfg(feature = "stated")]
    stated: &[
        documented(
            "Messages of a group come in order, and none while the one before is in somebody's hands.",
            "Amazon SQS Developer Guide, FIFO queue delivery logic",
        ),
        documented(
            "A message with the same deduplication id within 5 minutes is accepted and not stored.",
            "Amazon SQS Developer Guide, exactly-once processing",
        ),
        documented(
            "Who deletes a message after its visibility timeout is refused: the receipt has expired.",
            "AWS Knowledge Center, SQS receipt handle errors",
        ),
        VISIBLE_AGAIN,
        RECEIVES,
        KEPT,
        IN_FLIGHT,
        FAILED,
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "A batch with several messages of one group: here the second one waits for the first.",
        "Deduplication by group, by content, and receive attempt ids.",
        "The limits on messages per second.",
        NO_DELAYS,
        NO_SHORT_POLLS,
        NO_EXPIRY_TO_DEAD_LETTERS,
        NO_TRIGGERS,
        NO_SIZES,
    ],
};

pub(super) const SNS: Profile = Profile {
    name: "sns",
    product: "Amazon SNS standard topic, from the documents",
    about: "A topic that calls every subscriber: who does not answer well is called three times more, and \
            then the message is gone. With a queue for each subscriber nothing is lost.",
    rules: Rules {
        audience: Audience::EverySubscription,
        // Four calls of up to 15 s, and 20 s after each but the last.
        time_to_live: Some(seconds(120)),
        delivery: Delivery {
            again_after: Some(seconds(15)),
            rejected_to: Return::Tail,
            backoff: always(seconds(20)),
            delivery_limit: Some(3),
            heartbeat: seconds(15),
            ..ACKNOWLEDGED
        },
        ..QUEUE
    },
    parameters: &[
        Parameter {
            name: "num_retries",
            real: "numRetries",
            takes: count(0, 100),
            default: "3",
            about: "How often an endpoint is called again that did not answer well.",
            set: |rules, value| {
                rules.delivery.delivery_limit = value.count();
                keep_as_long_as_attempts_last(rules);
            },
        },
        Parameter {
            name: "min_delay_target",
            real: "minDelayTarget",
            takes: span(seconds(1), hours(1)),
            default: "20s",
            about: "How long it waits before it calls again, each time.",
            set: |rules, value| {
                if let Some(delay) = value.span() {
                    rules.delivery.backoff = always(delay);
                    keep_as_long_as_attempts_last(rules);
                }
            },
        },
        Parameter {
            name: "redrive_policy",
            real: "RedrivePolicy",
            takes: Takes::Flag,
            default: "false",
            about: "Whether there is a queue for what was given up.",
            set: |rules, value| {
                rules.delivery.exhausted =
                    if value.is_on() { Exhausted::DeadLetter } else { Exhausted::Drop };
            },
        },
        Parameter {
            name: "protocol",
            real: "Protocol",
            takes: Takes::Choice(&["http", "sqs"]),
            default: "http",
            about: "What a subscription is: an endpoint that is called, or a queue of SQS with its defaults. \
                    The other parameters are for endpoints.",
            set: |rules, value| {
                if value.choice() == 1 {
                    (rules.delivery, rules.time_to_live) = (HIDDEN, Some(days(4)));
                }
            },
        },
    ],
    #[cfg(feature = "stated")]
    stated: &[
        documented("Each subscription gets each message.", "Amazon SNS Developer Guide, what is Amazon SNS"),
        documented(
            "An HTTP endpoint that fails is called three times more, 20 s apart; then the message is \
             discarded, unless the subscription has a dead-letter queue.",
            "Amazon SNS Developer Guide, message delivery retries",
        ),
        chosen(
            "An endpoint has 15 s to answer.",
            "the pages on retries name no limit; it is the same as for webhooks",
        ),
        documented(
            "Calls to a queue are repeated for 23 days, so that nothing is lost on the way to it.",
            "Amazon SNS Developer Guide, message delivery retries: AWS managed endpoints",
        ),
        chosen(
            "An endpoint that is away is not called in vain: the message waits for it for as long as all \
             calls and waits would take, two minutes.",
            "the same end without a call that nobody hears",
        ),
        chosen(
            "Two calls are equally far apart.",
            "the default, where least and greatest delay are the same; the phases and functions in between \
             are left out",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "Filter policies: a subscriber gets every message of the topic.",
        "The four phases of a delivery policy, its backoff functions, maxDelayTarget and jitter, and the \
         limit of an hour on all of them together.",
        "Answers of the kind 4xx, after which it does not call again.",
        "The wait after a call that got no answer at all: the next one comes at once.",
        "FIFO topics, subscriptions of Lambda, Firehose, e-mail and telephones.",
        NO_SIZES,
    ],
};

#[cfg(feature = "stated")]
const VISIBLE_AGAIN: Statement = documented(
    "A message in a consumer's hands is hidden for 30 s and then visible again, whatever became of the \
     consumer.",
    "Amazon SQS Developer Guide, visibility timeout",
);

#[cfg(feature = "stated")]
const RECEIVES: Statement = documented(
    "After maxReceiveCount deliveries a message goes to the dead-letter queue, if there is one.",
    "Amazon SQS Developer Guide, dead-letter queues",
);

#[cfg(feature = "stated")]
const KEPT: Statement = documented(
    "A message is kept for 4 days.",
    "Amazon SQS API Reference, SetQueueAttributes: MessageRetentionPeriod",
);

#[cfg(feature = "stated")]
const IN_FLIGHT: Statement = documented(
    "At most 120,000 messages are in consumers' hands.",
    "Amazon SQS Developer Guide, quotas; for FIFO queues: avoid large backlogs with the same message group \
     id",
);

#[cfg(feature = "stated")]
const FAILED: Statement = chosen(
    "What a consumer could not do comes again when its visibility timeout is over, counted from the failure.",
    "a consumer that fails does not delete it; really the time counts from the delivery",
);

#[cfg(feature = "stated")]
const NO_DELAYS: &str = "DelaySeconds and message timers: a message that becomes visible later only.";

#[cfg(feature = "stated")]
const NO_SHORT_POLLS: &str =
    "Short polling, which may find nothing although there is something; the end of a long poll at 20 s.";

#[cfg(feature = "stated")]
const NO_EXPIRY_TO_DEAD_LETTERS: &str =
    "That what was kept for too long is deleted even with a dead-letter queue: here it goes there.";

#[cfg(feature = "stated")]
const NO_TRIGGERS: &str =
    "Lambda's event source mapping: its batches, partial failures, and scaling of pollers.";

#[cfg(feature = "stated")]
const NO_SIZES: &str = "Limits on the size of messages, prices, and permissions.";
