//! The rows: that they are there, and that each is a point at which the engine can work.

use std::collections::BTreeSet;

use channel::{
    Acknowledgement, Audience, Choice, HandsOut, Keeps, OnDisconnect, PROFILES, Retention, Rules, Survives,
    profile,
};
use kernel::Span;

use crate::text::samples;

#[test]
fn a_profile_is_missing_or_in_the_wrong_place() {
    let names: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
    let expected = [
        "http",
        "in-memory-bus",
        "background-task",
        "redis-pubsub",
        "redis-list",
        "redis-streams",
        "rabbitmq-classic",
        "rabbitmq-quorum",
        "kafka",
        "nats",
        "jetstream",
        "mqtt",
        "sqs",
        "sqs-fifo",
        "sns",
        "celery",
        "jobs-table",
        "postgres-notify",
        "webhook",
    ];
    assert_eq!(names, expected);
    for name in expected {
        assert_eq!(profile(name).map(|profile| profile.name), Some(name));
    }
    assert!(profile("carrier-pigeon").is_none());
}

#[test]
fn two_rows_are_the_same() {
    for (index, one) in PROFILES.iter().enumerate() {
        for other in &PROFILES[index + 1..] {
            assert_ne!(one.about, other.about, "{} and {}", one.name, other.name);
            assert_ne!(one.product, other.product, "{} and {}", one.name, other.name);
            assert!(one.rules != other.rules, "{} and {} have the same rules", one.name, other.name);
        }
    }
}

#[test]
fn rules_contradict_themselves() {
    for profile in &PROFILES {
        assert_eq!(contradictions(&profile.rules), BTreeSet::new(), "{}", profile.name);
        for parameter in profile.parameters {
            for value in samples(parameter) {
                let rules = profile.with(&[(parameter, value)]);
                let found = contradictions(&rules);
                assert_eq!(found, BTreeSet::new(), "{} with {}: {value:?}", profile.name, parameter.name);
            }
        }
    }
}

/// What could not be, of all that types allow.
fn contradictions(rules: &Rules) -> BTreeSet<&'static str> {
    let delivery = &rules.delivery;
    let by_offset = matches!(delivery.acknowledgement, Acknowledgement::Offset { .. });
    let by_partition = matches!(delivery.choice, Choice::Partition(_));
    let log = match rules.keeps {
        Keeps::Log { partitions, retention, .. } => Some((partitions, retention)),
        Keeps::Nothing | Keeps::Queue => None,
    };
    let (interval, batch) = match delivery.hands_out {
        HandsOut::Push => (None, 1),
        HandsOut::Pull { batch } => (None, batch),
        HandsOut::Poll { every, batch } => (Some(every), batch),
    };
    let keeps_nothing = rules.keeps == Keeps::Nothing;
    let one_group_only = log.is_some_and(|(_, retention)| retention == Retention::WorkQueue);
    let never_saved = matches!(rules.survives, Survives::Saved { every } if every == Span::ZERO);
    [
        (by_offset != by_partition, "offsets are committed where partitions have owners"),
        (by_offset && log.is_none(), "offsets need a log"),
        (log.is_some_and(|(partitions, _)| partitions == 0), "a log has a partition"),
        (one_group_only && rules.audience != Audience::OneConsumer, "a work queue has one group"),
        (interval == Some(Span::ZERO), "a poll takes time"),
        (batch == 0, "a batch of nothing"),
        (rules.length.is_some_and(|bound| bound.max == 0), "room for nothing"),
        (rules.newest_per_subject == Some(0), "the newest none"),
        (delivery.prefetch == Some(0), "a consumer that may hold nothing"),
        (delivery.group_prefetch == Some(0), "a group that may hold nothing"),
        (delivery.unread_limit == Some(0), "cut off by the first message"),
        (delivery.again_after == Some(Span::ZERO), "comes again before it was seen"),
        (delivery.heartbeat == Span::ZERO, "every connection is broken"),
        (delivery.backoff.factor < 1.0, "waits that shrink"),
        (never_saved, "always being saved"),
        (
            keeps_nothing && delivery.acknowledgement != Acknowledgement::OnHandOut,
            "what is kept nowhere cannot be acknowledged later",
        ),
        (keeps_nothing && rules.survives != Survives::Nothing, "what is kept nowhere survives nothing"),
        (rules.in_process && rules.survives != Survives::Nothing, "what lies in a process goes with it"),
        (
            delivery.again_after.is_none() && delivery.again_checked_every > Span::ZERO && !is_polled(rules),
            "looked for what never falls due",
        ),
        (
            delivery.on_disconnect == OnDisconnect::Returned && delivery.heartbeat == LONGER_THAN_ANY_RUN,
            "a broken connection is noticed at once or never",
        ),
    ]
    .into_iter()
    .filter_map(|(found, what)| found.then_some(what))
    .collect()
}

const LONGER_THAN_ANY_RUN: Span = Span::from_nanos(u64::MAX);

/// A table may have a reaper before it has leases.
fn is_polled(rules: &Rules) -> bool {
    matches!(rules.delivery.hands_out, HandsOut::Poll { .. })
}
