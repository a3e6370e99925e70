//! Kafka: a log in partitions, each of which belongs to one consumer of a group.

use crate::routing::Partitioner;
use crate::{
    Acknowledgement, Assignor, Choice, Delivery, HandsOut, Keeps, Parameter, Profile, Rules, Survives, Takes,
};

use super::base::{ACKNOWLEDGED, LOG, LONGEST, count, days, millis, minutes, seconds, span, span_or_none};
#[cfg(feature = "stated")]
use super::stated::{chosen, documented, recorded};

pub(super) const KAFKA: Profile = Profile {
    name: "kafka",
    product: "Apache Kafka 3.x with its defaults; recorded with librdkafka 2.16 on its mock cluster",
    about: "A log in partitions: the same key always goes to the same partition, each partition belongs to \
            one consumer of a group, and an offset says up to where all is done.",
    rules: Rules {
        time_to_live: Some(days(7)),
        delivery: Delivery {
            hands_out: HandsOut::Pull { batch: 1 },
            choice: Choice::Partition(Assignor::Range),
            acknowledgement: Acknowledgement::Offset { automatic: Some(seconds(5)) },
            session_timeout: seconds(45),
            heartbeat: seconds(30),
            ..ACKNOWLEDGED
        },
        ..LOG
    },
    parameters: &[
        Parameter {
            name: "partitions",
            real: "num.partitions",
            takes: count(1, 4_096),
            default: "1",
            about: "How many partitions the topic has, and so how many consumers of a group can work at a \
                    time.",
            set: |rules, value| {
                if let (Keeps::Log { partitions, .. }, Some(count)) = (&mut rules.keeps, value.count()) {
                    *partitions = count.min(4_096) as u16;
                }
            },
        },
        Parameter {
            name: "partitioner",
            real: "partitioner.class",
            takes: Takes::Choice(&["murmur2", "crc32", "fnv1a"]),
            default: "murmur2",
            about: "How a key chooses its partition: murmur2 in Java clients, crc32 in librdkafka (C, \
                    Python, Go, .NET), fnv1a in Sarama. They disagree.",
            set: |rules, value| {
                if let Keeps::Log { partitioner, .. } = &mut rules.keeps {
                    *partitioner = match value.choice() {
                        0 => Partitioner::Murmur2,
                        1 => Partitioner::Crc32,
                        _ => Partitioner::Fnv1a32,
                    };
                }
            },
        },
        Parameter {
            name: "partition_assignment_strategy",
            real: "partition.assignment.strategy",
            takes: Takes::Choice(&["range", "roundrobin", "cooperative-sticky"]),
            default: "range",
            about: "How partitions are shared out; with the first two everybody stops while that is done.",
            set: |rules, value| {
                rules.delivery.choice = Choice::Partition(match value.choice() {
                    0 => Assignor::Range,
                    1 => Assignor::RoundRobin,
                    _ => Assignor::CooperativeSticky,
                });
            },
        },
        Parameter {
            name: "auto_commit_interval",
            real: "auto.commit.interval.ms",
            takes: span(millis(1), LONGEST),
            default: "5s",
            about: "How often the offset of what was handed out is committed, whether the work is done or \
                    not.",
            set: |rules, value| {
                rules.delivery.acknowledgement = Acknowledgement::Offset { automatic: value.span() };
            },
        },
        Parameter {
            name: "enable_auto_commit",
            real: "enable.auto.commit",
            takes: Takes::Flag,
            default: "true",
            about: "Whether offsets are committed by timer; otherwise after the work.",
            set: |rules, value| {
                if !value.is_on() {
                    rules.delivery.acknowledgement = Acknowledgement::Offset { automatic: None };
                }
            },
        },
        Parameter {
            name: "session_timeout",
            real: "session.timeout.ms",
            takes: span(seconds(6), minutes(30)),
            default: "45s",
            about: "How long a consumer that is gone keeps its partitions.",
            set: |rules, value| {
                if let Some(timeout) = value.span() {
                    rules.delivery.session_timeout = timeout;
                }
            },
        },
        Parameter {
            name: "retention",
            real: "retention.ms",
            takes: span_or_none(millis(1), LONGEST),
            default: "7d",
            about: "How long an entry is kept, whether it was read or not.",
            set: |rules, value| rules.time_to_live = value.span(),
        },
        Parameter {
            name: "cleanup_policy",
            real: "cleanup.policy",
            takes: Takes::Choice(&["delete", "compact"]),
            default: "delete",
            about: "What goes: entries that are too old, or all but the last of each key.",
            set: |rules, value| {
                if value.choice() == 1 {
                    rules.time_to_live = None;
                    rules.newest_per_subject = Some(1);
                }
            },
        },
        Parameter {
            name: "acks",
            real: "acks",
            takes: Takes::Choice(&["all", "one"]),
            default: "all",
            about: "Whose word the publisher waits for: of all replicas in sync, or of the leader alone, \
                    whose crash then loses what the others had not fetched yet.",
            set: |rules, value| {
                rules.survives = match value.choice() {
                    0 => Survives::Everything,
                    // The default of `replica.fetch.wait.max.ms`.
                    _ => Survives::Saved { every: millis(500) },
                };
            },
        },
    ],
    #[cfg(feature = "stated")]
    stated: &[
        recorded(
            "Messages with the same key go to the same partition and stay in order, as long as the number \
             of partitions stays; the partitioners of Java and of librdkafka put the same key on different \
             ones.",
            &["kafka.key_partitioning"],
        ),
        recorded(
            "Inside a group each partition belongs to one consumer, however slow it is; more consumers than \
             partitions have nothing to do.",
            &["kafka.compete_partitions"],
        ),
        recorded(
            "A new group begins with what is new or with the first entry, as it says; after its first commit \
             it goes on where that was.",
            &["kafka.late_group_earliest_latest"],
        ),
        recorded(
            "Reading removes nothing: any offset can be read again, with the same messages in the same \
             order.",
            &["kafka.replay"],
        ),
        recorded(
            "A committed offset says that all before it is done: who skips a message and commits a later one \
             has lost it; who reads it again holds up its partition, and no other.",
            &["kafka.commit_is_watermark"],
        ),
        recorded(
            "librdkafka commits by timer, beside the work: if the timer comes first, a crash in the middle of \
             the work loses the message in hand.",
            &["kafka.auto_commit_loses"],
        ),
        recorded(
            "When a consumer joins or leaves, partitions are assigned anew, everybody stops, and what was \
             not committed is delivered again to the new owner, without any mark.",
            &["kafka.rebalance_join_duplicates"],
        ),
        recorded(
            "A consumer that was put out of its group has lost its partitions: what it had not committed is \
             delivered again, and its late commit fails.",
            &["kafka.slow_consumer_max_poll_interval"],
        ),
        recorded("The partitions of a consumer that crashed stay with it until its session is over.", &[]),
        documented(
            "The defaults: 1 partition, sessions of 45 s, a commit every 5 s, acks=all, 7 days of retention, \
             the range assignor first, murmur2.",
            "Apache Kafka 3.x documentation: broker, topic, producer and consumer configuration",
        ),
        documented(
            "A compacted topic keeps the last entry of each key.",
            "Apache Kafka 3.x documentation, section 4.8: log compaction",
        ),
        chosen(
            "With acks=one a crash of the leader loses what was published in the last half second at most.",
            "as long as a follower's fetch may wait (replica.fetch.wait.max.ms); how much it truly is \
             depends on load",
        ),
        chosen(
            "A consumer takes one message at a time.",
            "as librdkafka hands them out; with max.poll.records a crash repeats or loses more of them",
        ),
        chosen(
            "A message that could not be done is read again at once, and holds up its partition.",
            "what a consumer does that seeks back; skipping it would be the application's own decision",
        ),
        chosen("A fetch whose answer was lost is repeated after 30 s.", "the default of request.timeout.ms"),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "Transactions, the idempotent producer (it only removes copies that the client itself makes), and \
         `read_committed`.",
        "Replicas: which are in sync, min.insync.replicas, election of a leader, unclean election; `acks=0`.",
        "max.poll.records (500 in Java) and the sizes of fetches and batches: fetch.min.bytes, linger.ms, \
         batch.size.",
        "The Java client commits by timer too, but inside of `poll` only: a consumer that works on what it \
         was given before it asks again has not committed it yet. Here the timer does not wait for that.",
        "max.poll.interval.ms: here a consumer is put out only when it is cut off.",
        "How long a rebalance takes (group.initial.rebalance.delay.ms, 3 s), static members, and the new \
         protocol of Kafka 4.",
        "Messages without a key, which stick to one partition for a batch.",
        "Which consumer gets which partition: really by member id, here by the order in which they joined.",
        "Segments: entries really go by whole segments, looked at every 5 minutes, and compaction lags \
         behind; retention by size.",
        "auto.offset.reset=none, and offsets that expire (offsets.retention.minutes).",
        "KRaft or ZooKeeper, quotas, tiered storage, MirrorMaker, Connect and Streams.",
    ],
};
