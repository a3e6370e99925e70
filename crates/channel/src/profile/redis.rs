//! Redis: a broadcast, a list as a queue, and streams.

use kernel::Span;

use crate::routing::Grammar;
use crate::{
    Acknowledgement, Bound, Delivery, HandsOut, OnDisconnect, Overflow, Parameter, Profile, PublisherGets,
    Return, Routing, Rules, Survives, Takes,
};

use super::base::{
    BROADCAST, FOREVER, HELD, LOG, LONGEST, MOST, QUEUE, UNACKNOWLEDGED, count, count_or_none, hours,
    seconds, span_or_none,
};
#[cfg(feature = "stated")]
use super::stated::{chosen, documented, recorded};

const SAVE: Parameter = Parameter {
    name: "save",
    real: "save",
    takes: span_or_none(seconds(1), LONGEST),
    default: "1h",
    about: "How often a snapshot is written. A stop in order writes one too, a crash does not; with `none` \
            there is no snapshot at all.",
    set: |rules, value| {
        rules.survives = value.span().map_or(Survives::Nothing, |every| Survives::Saved { every });
    },
};

const APPENDONLY: Parameter = Parameter {
    name: "appendonly",
    real: "appendonly",
    takes: Takes::Flag,
    default: "false",
    about: "Whether each change is appended to a file, so that a crash of the process loses nothing.",
    set: |rules, value| {
        if value.is_on() {
            rules.survives = Survives::Everything;
        }
    },
};

/// Redis as it comes: snapshots, and no append-only file.
const SNAPSHOTS: Survives = Survives::Saved { every: hours(1) };

pub(super) const PUBSUB: Profile = Profile {
    name: "redis-pubsub",
    product: "Redis 7.0.15, PUBLISH and SUBSCRIBE",
    about: "A radio broadcast: who listens now receives; for everybody else the message is lost.",
    rules: Rules {
        routing: Routing::Bindings(Grammar::RedisGlob),
        publisher_gets: PublisherGets::ReceiverCount,
        delivery: Delivery { unread_limit: Some(32_768), ..UNACKNOWLEDGED },
        ..BROADCAST
    },
    parameters: &[Parameter {
        name: "client_output_buffer_limit",
        real: "client-output-buffer-limit",
        takes: count_or_none(1, MOST),
        default: "32768",
        about: "How many messages a subscriber may leave unread before it is cut off and loses them. Redis \
                counts bytes: 32 MB, which are 32,768 messages of 1 KiB.",
        set: |rules, value| rules.delivery.unread_limit = value.count(),
    }],
    #[cfg(feature = "stated")]
    stated: &[
        recorded(
            "Who is connected when a message is published gets it once, in the order of publication; who is \
             away has missed it for ever.",
            &["redis.pubsub_disconnect_return"],
        ),
        recorded(
            "PUBLISH answers with the number of subscriptions that it was sent to; nobody at all is no \
             error.",
            &["redis.pubsub_disconnect_return", "redis.pubsub_pattern_and_channel"],
        ),
        recorded(
            "A client that subscribed to a channel and to a pattern that fits it gets the message twice, and \
             counts twice; `*` in a pattern fits dots too.",
            &["redis.pubsub_pattern_and_channel"],
        ),
        recorded(
            "A subscriber that does not read is cut off at a limit and loses what lay in its buffer; the \
             publisher and the others notice nothing.",
            &["redis.pubsub_slow_subscriber_killed"],
        ),
        recorded("No subscription survives a restart.", &["redis.restart_what_survives"]),
        chosen(
            "The buffer's limit counts messages, 32,768 of them.",
            "the model has no bytes; it is the hard limit of 32 MB for messages of 1 KiB",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "The soft limit of the buffer, 8 MB for 60 s.",
        "The buffers of the operating system, which take some megabytes before Redis's own limit counts.",
        "Client libraries that subscribe again by themselves after a restart without a word.",
        "Sharded channels (SSUBSCRIBE), a cluster, and replicas.",
    ],
};

pub(super) const LIST: Profile = Profile {
    name: "redis-list",
    product: "Redis 7.0.15, LPUSH and BRPOP or BLMOVE",
    about: "A list as a queue: whoever has waited longest pops the next message; with BRPOP a crash in the \
            work loses it, with BLMOVE it stays in a second list that nobody looks at by himself.",
    rules: Rules {
        survives: SNAPSHOTS,
        delivery: Delivery {
            acknowledgement: Acknowledgement::OnHandOut,
            on_disconnect: OnDisconnect::Lost,
            rejected_to: Return::Tail,
            ..HELD
        },
        ..QUEUE
    },
    parameters: &[
        Parameter {
            name: "pop",
            real: "BRPOP or BLMOVE",
            takes: Takes::Choice(&["brpop", "blmove"]),
            default: "brpop",
            about: "How a message is taken: out of the list for good, or over to a list of what is being \
                    worked on, where it lies until it is removed.",
            set: |rules, value| {
                let delivery = &mut rules.delivery;
                (delivery.acknowledgement, delivery.on_disconnect) = match value.choice() {
                    0 => (Acknowledgement::OnHandOut, OnDisconnect::Lost),
                    _ => (Acknowledgement::AfterWork, OnDisconnect::Kept),
                };
            },
        },
        SAVE,
        APPENDONLY,
    ],
    #[cfg(feature = "stated")]
    stated: &[
        recorded(
            "Consumers that wait are served in the order in which they began to wait, so equal ones take \
             turns.",
            &["redis.list_three_blocked_consumers"],
        ),
        recorded(
            "What BRPOP gave to a consumer that crashed is lost; what LMOVE gave it lies in the other list, \
             and nobody brings it back by himself.",
            &["redis.list_pop_crash_vs_lmove"],
        ),
        documented(
            "BLMOVE does the same as LMOVE, and waits where there is nothing.",
            "Redis commands, BLMOVE",
        ),
        recorded(
            "Without snapshots and append-only file a restart loses all; a snapshot is written at a stop in \
             order and not at a crash; the append-only file loses nothing when the process is killed.",
            &["redis.restart_what_survives"],
        ),
        chosen(
            "What a consumer gives back goes to the end of the list.",
            "with LPUSH, as it was put in; RPUSH would bring it to the front",
        ),
        chosen("A snapshot is written once an hour.", "`save 3600 1`, the least of the three defaults"),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "`save 300 100` and `save 60 10000`: snapshots that come sooner when much has changed.",
        "What a crash of the machine loses of the append-only file (`appendfsync everysec`: a second).",
        "A program that moves what lies too long in the second list back to the first: it is part of the \
         application.",
        "LMPOP with COUNT, and waiting on several lists at once.",
        "Replicas and their lag.",
    ],
};

pub(super) const STREAMS: Profile = Profile {
    name: "redis-streams",
    product: "Redis 7.0.15, XADD and XREADGROUP with consumer groups",
    about: "A log that each group reads for itself, one message to one of its consumers; what a consumer \
            that crashed had in hand stays with it until somebody claims it.",
    rules: Rules {
        survives: SNAPSHOTS,
        delivery: Delivery { rejected_to: Return::WithHolder, ..HELD },
        ..LOG
    },
    parameters: &[
        Parameter {
            name: "count",
            real: "COUNT",
            takes: count(1, 1_000_000),
            default: "1",
            about: "How many entries one XREADGROUP takes at most. Redis itself, asked without COUNT, gives \
                    all there are.",
            set: |rules, value| {
                if let Some(batch) = value.count() {
                    rules.delivery.hands_out = HandsOut::Pull { batch };
                }
            },
        },
        Parameter {
            name: "maxlen",
            real: "MAXLEN",
            takes: count_or_none(1, MOST),
            default: "none",
            about: "How many entries the stream keeps: the oldest go, whether they were read or not.",
            set: |rules, value| {
                let bound = |max| Bound { max, overflow: Overflow::DropHead, slack: 0 };
                rules.length = value.count().map(bound);
            },
        },
        Parameter {
            name: "approximate",
            real: "MAXLEN ~",
            takes: Takes::Flag,
            default: "false",
            about: "Whether the stream is cut back by whole nodes of 100 entries only (`MAXLEN ~`).",
            set: |rules, value| {
                if let Some(bound) = &mut rules.length {
                    // The default of `stream-node-max-entries`.
                    bound.slack = if value.is_on() { 100 } else { 0 };
                }
            },
        },
        Parameter {
            name: "explicit_id",
            real: "XADD id",
            takes: Takes::Flag,
            default: "false",
            about: "Whether the publisher gives each entry its id, so that the same one is not stored twice.",
            set: |rules, value| rules.duplicate_window = value.is_on().then_some(FOREVER),
        },
        Parameter {
            name: "min_idle_time",
            real: "min-idle-time",
            takes: span_or_none(Span::from_millis(1), LONGEST),
            default: "none",
            about: "After this time in one consumer's hands an entry is claimed by another (XAUTOCLAIM, \
                    which the application has to call); `none`: never.",
            set: |rules, value| {
                rules.delivery.again_after = value.span();
            },
        },
        Parameter {
            name: "read_pending",
            real: "XREADGROUP 0",
            takes: Takes::Flag,
            default: "false",
            about: "Whether a consumer that comes back first reads what it had in hand (XREADGROUP with 0).",
            set: |rules, value| {
                rules.delivery.on_disconnect =
                    if value.is_on() { OnDisconnect::KeptForOwner } else { OnDisconnect::Kept };
            },
        },
        SAVE,
        APPENDONLY,
    ],
    #[cfg(feature = "stated")]
    stated: &[
        recorded(
            "Each group gets the whole stream, whether or not others read it, and an acknowledgement removes \
             nothing.",
            &["redis.stream_fanout_3_groups"],
        ),
        recorded(
            "Inside a group an entry goes to whoever asks first; with one entry for each call, equal \
             consumers take turns.",
            &["redis.stream_compete_count1"],
        ),
        recorded(
            "Nothing comes again by itself: what a crashed consumer had stays its own; if it reads its own \
             pending entries, each such reading counts as a delivery.",
            &["redis.stream_crash_gt_vs_0"],
        ),
        recorded(
            "XAUTOCLAIM gives entries that were idle for long enough to the caller, oldest first, and counts \
             a delivery; the former owner can still acknowledge.",
            &["redis.stream_xautoclaim"],
        ),
        recorded(
            "There is no limit on deliveries and no dead-letter queue.",
            &["redis.stream_poison_no_dlq"],
        ),
        recorded(
            "A group does not keep order by key: another consumer may be done with a later entry first, and \
             what is claimed comes after newer ones.",
            &["redis.stream_key_order"],
        ),
        recorded("Removing a consumer loses what it had in hand.", &["redis.stream_xdel_and_delconsumer"]),
        recorded(
            "MAXLEN cuts off the oldest entries, also those in somebody's hands; with `~` only when it is \
             100 too many.",
            &["redis.stream_maxlen_approx"],
        ),
        recorded(
            "An entry with an id that was there already is not stored again; with `*` it is stored twice.",
            &["redis.stream_explicit_ids_dedup"],
        ),
        recorded(
            "Where a reader begins is said each time it begins: with `$` it gets what comes from now on, and \
             one that says `$` at each call loses what came in between.",
            &["redis.stream_xread_dollar_gap"],
        ),
        recorded(
            "The append-only file keeps entries, groups and what is pending, also when the process is \
             killed; snapshots keep the state of the last one.",
            &["redis.restart_what_survives"],
        ),
        documented("A node of the stream holds 100 entries.", "redis.conf 7.0, stream-node-max-entries"),
        chosen("A call takes one entry.", "so that the work is shared; without COUNT the first takes all"),
        chosen(
            "Who claims entries does so before it reads new ones.",
            "as the documents show it for what a consumer had in hand itself; the other way round they come \
             after newer ones",
        ),
        chosen(
            "What a consumer could not do stays pending, and is not tried again before somebody claims it.",
            "there is no command to give an entry back",
        ),
        chosen("A snapshot is written once an hour.", "`save 3600 1`, the least of the three defaults"),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "BLOCK: a consumer that finds nothing waits here for as long as it takes.",
        "Ids as time and number, and that an id below the last one is refused even if it is new.",
        "Entries that were trimmed and stay pending without a body until somebody claims them.",
        "Cutting back by id (MINID), in small portions (LIMIT) or by hand (XTRIM), and XINFO's count of lag.",
        "NOACK, and XCLAIM with its options.",
        "`save 300 100` and `save 60 10000`: snapshots that come sooner when much has changed.",
        "What a crash of the machine loses of the append-only file (`appendfsync everysec`: a second).",
        "Replicas and their lag.",
    ],
};
