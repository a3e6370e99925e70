//! NATS: the core, which keeps nothing, and JetStream, which does.

use crate::routing::Grammar;
use crate::{
    Acknowledgement, Audience, Bound, Choice, Delivery, Exhausted, HandsOut, Keeps, Overflow, Parameter,
    Profile, Retention, Routing, Rules, Survives, Takes,
};

use super::base::{
    BROADCAST, HELD, LOG, LONGEST, MOST, UNACKNOWLEDGED, count, count_or_none, limit_to_attempts, millis,
    minutes, seconds, span, span_or_none,
};
#[cfg(feature = "stated")]
use super::stated::{chosen, documented, recorded};

pub(super) const CORE: Profile = Profile {
    name: "nats",
    product: "NATS 2.9.10, core",
    about: "A broadcast by subject: who listens now receives; of the members of a queue group one does, any \
            of them.",
    rules: Rules {
        routing: Routing::Bindings(Grammar::Nats),
        delivery: Delivery { choice: Choice::Random, unread_limit: Some(65_536), ..UNACKNOWLEDGED },
        ..BROADCAST
    },
    parameters: &[Parameter {
        name: "max_pending",
        real: "max_pending",
        takes: count_or_none(1, MOST),
        default: "65536",
        about: "How many messages a subscriber may leave unread before it is cut off and loses them. NATS \
                counts bytes: 64 MB, which are 65,536 messages of 1 KiB.",
        set: |rules, value| rules.delivery.unread_limit = value.count(),
    }],
    #[cfg(feature = "stated")]
    stated: &[
        recorded(
            "A message goes to one member of each queue group, any of them and not in turn, and to every \
             plain subscriber.",
            &["nats.core_queue_group"],
        ),
        recorded(
            "A subscriber that does not read is cut off at a limit and loses what was pending; the publisher \
             and the others notice nothing.",
            &["nats.core_slow_consumer"],
        ),
        recorded(
            "Nothing survives a restart: what was published in the gap is lost, and clients subscribe again \
             by themselves.",
            &["nats.restart_what_survives"],
        ),
        recorded("Nothing is kept for who comes late or comes back, and publishing to nobody succeeds.", &[]),
        recorded("`*` is one token, `>` is one or more at the end: `a.>` does not match `a`.", &[]),
        chosen(
            "The limit on what is pending counts messages, 65,536 of them.",
            "the model has no bytes; it is the limit of 64 MB for messages of 1 KiB",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "A write that blocks for longer than write_deadline (10 s), which cuts a subscriber off too.",
        "A client library's own limit on what is pending, at which it drops messages and stays connected.",
        "Requests with their answers, and `no responders`: a call is written as a call.",
        "Subject mapping, clusters, leaf nodes and accounts.",
    ],
};

pub(super) const JETSTREAM: Profile = Profile {
    name: "jetstream",
    product: "NATS JetStream 2.9.10, one server",
    about: "A log by subject with a cursor for each consumer: what is not acknowledged in time comes again, \
            and the death of a client is noticed by that alone.",
    rules: Rules {
        routing: Routing::Bindings(Grammar::Nats),
        duplicate_window: Some(minutes(2)),
        delivery: Delivery {
            group_prefetch: Some(1_000),
            again_after: Some(seconds(30)),
            exhausted: Exhausted::Stays,
            ..HELD
        },
        ..LOG
    },
    parameters: &[
        Parameter {
            name: "retention",
            real: "retention",
            takes: Takes::Choice(&["limits", "interest", "workqueue"]),
            default: "limits",
            about: "When an entry goes: by limits only; once all consumers have acknowledged it; or once its \
                    only consumer has.",
            set: |rules, value| {
                if let Keeps::Log { retention, .. } = &mut rules.keeps {
                    *retention = match value.choice() {
                        0 => Retention::Limits,
                        1 => Retention::Interest,
                        _ => Retention::WorkQueue,
                    };
                }
                rules.audience =
                    if value.choice() == 2 { Audience::OneConsumer } else { Audience::EverySubscription };
            },
        },
        Parameter {
            name: "storage",
            real: "storage",
            takes: Takes::Choice(&["file", "memory"]),
            default: "file",
            about: "Where the stream lies; in memory it does not survive a restart.",
            set: |rules, value| {
                rules.survives = if value.choice() == 0 { Survives::Everything } else { Survives::Nothing };
            },
        },
        Parameter {
            name: "max_msgs",
            real: "max_msgs",
            takes: count_or_none(1, MOST),
            default: "none",
            about: "How many entries the stream keeps.",
            set: |rules, value| {
                let bound = |max| Bound { max, overflow: Overflow::DropHead, slack: 0 };
                rules.length = value.count().map(bound);
            },
        },
        Parameter {
            name: "discard",
            real: "discard",
            takes: Takes::Choice(&["old", "new"]),
            default: "old",
            about: "What gives way when the stream is full: the oldest entry, or the new one, which is \
                    refused.",
            set: |rules, value| {
                if let Some(bound) = &mut rules.length {
                    bound.overflow =
                        if value.choice() == 0 { Overflow::DropHead } else { Overflow::RejectPublish };
                }
            },
        },
        Parameter {
            name: "max_age",
            real: "max_age",
            takes: span_or_none(millis(100), LONGEST),
            default: "none",
            about: "How long an entry is kept.",
            set: |rules, value| rules.time_to_live = value.span(),
        },
        Parameter {
            name: "max_msgs_per_subject",
            real: "max_msgs_per_subject",
            takes: count_or_none(1, MOST),
            default: "none",
            about: "How many entries with the same subject the stream keeps: the newest.",
            set: |rules, value| rules.newest_per_subject = value.count(),
        },
        Parameter {
            name: "duplicate_window",
            real: "duplicate_window",
            takes: span(millis(100), LONGEST),
            default: "2m",
            about: "For how long a message with the same Nats-Msg-Id is known again and not stored.",
            set: |rules, value| rules.duplicate_window = value.span(),
        },
        Parameter {
            name: "batch",
            real: "batch",
            takes: count(1, 1_000_000),
            default: "1",
            about: "How many messages one pull asks for.",
            set: |rules, value| {
                if let Some(batch) = value.count() {
                    rules.delivery.hands_out = HandsOut::Pull { batch };
                }
            },
        },
        Parameter {
            name: "deliver_group",
            real: "deliver_group",
            takes: Takes::Flag,
            default: "false",
            about: "Whether the consumer pushes, to any member of its group, instead of being asked.",
            set: |rules, value| {
                if value.is_on() {
                    (rules.delivery.hands_out, rules.delivery.choice) = (HandsOut::Push, Choice::Random);
                }
            },
        },
        Parameter {
            name: "ack_policy",
            real: "ack_policy",
            takes: Takes::Choice(&["explicit", "none"]),
            default: "explicit",
            about: "Whether each message is acknowledged, or counts as done when it was handed out.",
            set: |rules, value| {
                rules.delivery.acknowledgement =
                    if value.choice() == 0 { Acknowledgement::AfterWork } else { Acknowledgement::OnHandOut };
            },
        },
        Parameter {
            name: "ack_wait",
            real: "ack_wait",
            takes: span(millis(1), LONGEST),
            default: "30s",
            about: "After this time without an acknowledgement a message comes again.",
            set: |rules, value| rules.delivery.again_after = value.span(),
        },
        Parameter {
            name: "max_deliver",
            real: "max_deliver",
            takes: count_or_none(1, MOST),
            default: "none",
            about: "How often a message is delivered in all; after that nobody gets it, and it stays.",
            set: |rules, value| limit_to_attempts(&mut rules.delivery, value.count()),
        },
        Parameter {
            name: "max_ack_pending",
            real: "max_ack_pending",
            takes: count_or_none(1, MOST),
            default: "1000",
            about: "How many messages a consumer's clients together may hold without having acknowledged \
                    them.",
            set: |rules, value| rules.delivery.group_prefetch = value.count(),
        },
    ],
    #[cfg(feature = "stated")]
    stated: &[
        recorded(
            "The death of a client changes nothing: what it held comes again after ack_wait, before what is \
             new, in order, with its count of deliveries.",
            &["nats.js_crash_ack_wait"],
        ),
        recorded(
            "A message with the same Nats-Msg-Id within the window is confirmed as a duplicate and not \
             stored.",
            &["nats.js_dedup"],
        ),
        recorded(
            "A durable consumer goes on where its acknowledgements ended; an ephemeral one is removed a \
             while after its last client left.",
            &["nats.js_disconnect_return"],
        ),
        recorded(
            "A new consumer begins where it says: first entry, new ones, the last, the last of each subject, \
             or an offset; it gets only the subjects it filters for.",
            &["nats.js_late_policies"],
        ),
        recorded(
            "A full stream drops its oldest entry, delivered or not, or refuses the new one with an error; \
             age and number for each subject are limits too.",
            &["nats.js_limits"],
        ),
        recorded(
            "With max_deliver n a message is delivered n times; then nobody gets it any more, and it stays \
             stored.",
            &["nats.js_max_deliver"],
        ),
        recorded(
            "A rejected message comes again at once, before what is new; with a delay, behind what was \
             delivered in the meantime; one that is terminated never.",
            &["nats.js_nak"],
        ),
        recorded(
            "A push consumer with a group sends each message to one member, any of them.",
            &["nats.js_push_queue_group"],
        ),
        recorded(
            "Work queue: an acknowledgement removes the entry, and a second consumer is refused. Interest: \
             an entry stays until all consumers have acknowledged it, and without any it is not even stored.",
            &["nats.js_retention_policies"],
        ),
        recorded(
            "A stream in a file survives a stop and a crash, with what is acknowledged; one in memory does \
             not.",
            &["nats.restart_what_survives"],
        ),
        recorded(
            "Pulls that wait are served in turn, and max_ack_pending stops deliveries to all of a consumer's \
             clients.",
            &[],
        ),
        documented(
            "An acknowledgement counts whoever sends it, also when the message was given to another \
             meanwhile.",
            "NATS documentation, JetStream consumers: AckWait, an acknowledgement that arrives out of its \
             window",
        ),
        documented(
            "The defaults: ack_wait 30 s, 1,000 unacknowledged messages, a window of 2 minutes for \
             duplicates.",
            "NATS documentation, JetStream: streams and consumers",
        ),
        chosen("A pull asks for one message.", "the default of nats-py's `fetch`"),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "`backoff`: a list of waits, one for each delivery, instead of ack_wait.",
        "`ack_policy: all`, flow control and idle heartbeats of push consumers, and ordered consumers.",
        "Advisories, from which an application can build a dead-letter queue.",
        "The refusal of a second consumer on a work queue: the scenario forms one group.",
        "Limits in bytes, `discard_new_per_subject`, replicas, mirrors and sources.",
        "What a crash of the machine loses: files are not synced at every message (sync_interval, 2 \
         minutes).",
        "Key-value and object stores, which are streams.",
    ],
};
