//! Parameters of channels.

use expect_test::expect;

use super::check;

#[test]
fn a_parameter_of_another_profile() {
    check(
        r#"
channels:
  events: { profile: redis-pubsub, prefetch: 4 }
  jobs: { profile: rabbitmq-classic, delivery_limit: 5 }
  calls: { profile: http, session.timeout.ms: 45s }
"#,
        expect![[r#"
            2:36: error: channel events: the profile redis-pubsub has no `prefetch`; rabbitmq-classic, rabbitmq-quorum have it; redis-pubsub has client_output_buffer_limit
            3:38: error: channel jobs: the profile rabbitmq-classic has no `delivery_limit`; rabbitmq-quorum has it; rabbitmq-classic has prefetch, no_ack, exchange, max_length, overflow, message_ttl, dead_letter_exchange, max_priority, single_active_consumer, durable, heartbeat
            4:27: error: channel calls: the profile http has no `session.timeout.ms`; kafka has it; http has no parameters
        "#]],
    );
}

#[test]
fn a_parameter_of_no_profile() {
    check(
        r#"
channels:
  jobs: { profile: rabbitmq-quorum, prefech: 4 }
  more: { profile: rabbitmq-quorum, x-max-lenght: 4 }
  all: { profile: rabbitmq-quorum, flux_capacitor: on }
  merged: { profile: rabbitmq-quorum, <<: 4 }
"#,
        expect![[r#"
            2:37: error: channel jobs: the profile rabbitmq-quorum has no `prefech`; did you mean prefetch?
            3:37: error: channel more: the profile rabbitmq-quorum has no `x-max-lenght`; did you mean max_length?
            4:36: error: channel all: the profile rabbitmq-quorum has no `flux_capacitor`; expected one of: profile, consumers, groups, bindings, subjects, dead_letter, prefetch, no_ack, exchange, delivery_limit, max_length, overflow, message_ttl, dead_letter_exchange, single_active_consumer or heartbeat
            5:39: error: channel merged: the profile rabbitmq-quorum has no `<<`; merge keys are not part of YAML 1.2: repeat the lines, or use a variant
        "#]],
    );
}

#[test]
fn the_products_own_name_of_a_parameter() {
    check(
        r#"
channels:
  log: { profile: kafka, session.timeout.ms: 30s, num.partitions: 4, enable.auto.commit: false }
  stream: { profile: redis-streams, MAXLEN: 1000, MAXLEN ~: true, XREADGROUP 0: true }
  jobs: { profile: jobs-table, LIMIT: 5, ORDER BY: attempts }
"#,
        expect![[r#""#]],
    );
}

#[test]
fn a_parameter_by_both_names() {
    check(
        "channels: { log: { profile: kafka, session_timeout: 30s, session.timeout.ms: 20s } }",
        expect![[r#"
            1:58: error: channel log: `session_timeout` is given twice; line 1 gives it already: remove one of them
        "#]],
    );
}

#[test]
fn numbers_out_of_range() {
    check(
        r#"
channels:
  jobs:
    profile: rabbitmq-quorum
    prefetch: 0
    delivery_limit: 0
    max_length: -1
    message_ttl: 0s
    heartbeat: 0s
  table: { profile: jobs-table, poll_interval: 0s, batch: 0, max_attempts: 0 }
  log: { profile: kafka, partitions: 5000, session_timeout: 5s }
"#,
        expect![[r#"
            4:15: error: channels.jobs.prefetch: 0 is out of range; expected a whole number from 1 to 65535, or none: How many messages a consumer may hold without having acknowledged them (`basic.qos`).
            5:21: error: channels.jobs.delivery_limit: 0 is out of range; expected a whole number from 1 to 1000000000, or none: How often a message may come back: with n it is delivered up to n + 1 times, and then put aside.
            6:17: error: channels.jobs.max_length: `-1` is not such a number; expected a whole number from 1 to 1000000000, or none: How many messages may be ready in the queue; those in consumers' hands do not count.
            7:18: error: channels.jobs.message_ttl: `0s` is out of range; expected a duration with a unit, from 1ms to 365d, or none: How long a message may wait before it is put aside.
            8:16: error: channels.jobs.heartbeat: `0s` is out of range; expected a duration with a unit, from 1s to 65535s: After which silence a connection counts as broken, so that what was lost on it comes again.
            9:48: error: channels.table.poll_interval: `0s` is out of range; expected a duration with a unit, from 1ms to 365d: How long a worker waits before it looks again when it has found nothing.
            9:59: error: channels.table.batch: 0 is out of range; expected a whole number from 1 to 1000000: How many rows a worker takes at a time.
            9:76: error: channels.table.max_attempts: 0 is out of range; expected a whole number from 1 to 1000000000, or none: How often a job is tried in all; after that it is dead.
            10:38: error: channels.log.partitions: 5000 is out of range; expected a whole number from 1 to 4096: How many partitions the topic has, and so how many consumers of a group can work at a time.
            10:61: error: channels.log.session_timeout: `5s` is out of range; expected a duration with a unit, from 6s to 30min: How long a consumer that is gone keeps its partitions.
        "#]],
    );
}

#[test]
fn values_of_another_kind() {
    check(
        r#"
channels:
  log:
    profile: kafka
    partitions: "4"
    enable_auto_commit: yes
    session_timeout: 45
    acks: each
    partitioner: murmur
    retention: 7 d
    cleanup_policy: [delete]
    auto_commit_interval:
  jobs: { profile: rabbitmq-quorum, prefetch: 2.5, heartbeat: none, message_ttl: { of: 2s } }
"#,
        expect![[r#"
            4:18: error: channels.log.partitions: `4` is a text; expected a whole number from 1 to 4096: How many partitions the topic has, and so how many consumers of a group can work at a time.
            5:25: error: channels.log.enable_auto_commit: `yes` is neither; expected true or false: Whether offsets are committed by timer; otherwise after the work.
            6:22: error: channels.log.session_timeout: `45` has no unit; expected a duration with a unit, from 6s to 30min: How long a consumer that is gone keeps its partitions.
            7:11: error: channels.log.acks: `each` is not one of its words; expected all or one: Whose word the publisher waits for: of all replicas in sync, or of the leader alone, whose crash then loses what the others had not fetched yet.
            8:18: error: channels.log.partitioner: `murmur` is not one of its words; did you mean murmur2?
            9:16: error: channels.log.retention: `7 d` has a space before its unit; expected a duration with a unit, from 1ms to 365d, or none: How long an entry is kept, whether it was read or not.
            10:21: error: channels.log.cleanup_policy: here stands a list; expected delete or compact: What goes: entries that are too old, or all but the last of each key.
            11:5: error: channels.log.auto_commit_interval: here stands nothing; expected a duration with a unit, from 1ms to 365d: How often the offset of what was handed out is committed, whether the work is done or not.
            12:47: error: channels.jobs.prefetch: `2.5` is not such a number; expected a whole number from 1 to 65535, or none: How many messages a consumer may hold without having acknowledged them (`basic.qos`).
            12:63: error: channels.jobs.heartbeat: `none` does not begin with a number; expected a duration with a unit, from 1s to 65535s: After which silence a connection counts as broken, so that what was lost on it comes again.
            12:82: error: channels.jobs.message_ttl: here stands a mapping; expected a duration with a unit, from 1ms to 365d, or none: How long a message may wait before it is put aside.
        "#]],
    );
}

#[test]
fn a_parameter_that_another_variant_does_not_know() {
    check(
        r#"
channels: { jobs: { profile: rabbitmq-quorum, prefetch: 4 } }
variants:
  queue: {}
  topic: { channels: { jobs: { profile: redis-pubsub, prefetch: 4 } } }
"#,
        expect![[r#"
            4:55: error: channel jobs: the profile redis-pubsub has no `prefetch` (variant topic); rabbitmq-classic, rabbitmq-quorum have it; redis-pubsub has client_output_buffer_limit
        "#]],
    );
}

#[test]
fn what_is_wrong_in_a_profile_that_no_variant_keeps() {
    check(
        r#"
channels: { jobs: { profile: rabbitmq-quorum, prefetch: 0, heartbaet: 5s } }
variants:
  topic: { channels: { jobs: { profile: redis-pubsub } } }
"#,
        expect![[r#"
            1:47: error: channel jobs: the profile redis-pubsub has no `prefetch`; rabbitmq-classic, rabbitmq-quorum have it; redis-pubsub has client_output_buffer_limit
            1:60: error: channel jobs: the profile redis-pubsub has no `heartbaet`; expected one of: profile, consumers, groups, bindings, subjects, dead_letter or client_output_buffer_limit
        "#]],
    );
}

#[test]
fn a_value_that_changes_nothing() {
    check(
        r#"
channels:
  jobs: { profile: rabbitmq-quorum, overflow: reject-publish }
  stream: { profile: redis-streams, approximate: true }
  tasks: { profile: celery, visibility_timeout: 10s }
  log: { profile: kafka, enable_auto_commit: false, auto_commit_interval: 1s }
"#,
        expect![[r#"
            2:37: warning: channel jobs: `overflow` has no effect; it depends on `max_length`: How many messages may be ready in the queue; those in consumers' hands do not count.
            3:37: warning: channel stream: `approximate` has no effect; it depends on `maxlen`: How many entries the stream keeps: the oldest go, whether they were read or not.
            4:29: warning: channel tasks: `visibility_timeout` has no effect; it depends on `broker`: What lies in between. RabbitMQ notices at once that a worker is gone; over Redis what it held comes again when the visibility timeout is over.
            5:53: warning: channel log: `auto_commit_interval` has no effect; it depends on `enable_auto_commit`: Whether offsets are committed by timer; otherwise after the work.
        "#]],
    );
}

#[test]
fn a_default_that_is_written() {
    let channels: String = channel::PROFILES
        .iter()
        .map(|profile| {
            let given: String =
                profile.parameters.iter().map(|it| format!(", {}: {}", it.name, it.default)).collect();
            format!("  on {}: {{ profile: {}{given} }}\n", profile.name, profile.name)
        })
        .collect();
    check(&format!("channels:\n{channels}"), expect![[r#""#]]);
}

#[test]
fn a_visibility_timeout_that_is_shorter_than_the_work() {
    check(
        r#"
channels:
  jobs: { profile: sqs, visibility_timeout: 1s }
  usual: { profile: jobs-table, lease: 2s }
  early: { profile: celery, broker: redis, visibility_timeout: 2s }
  late: { profile: celery, broker: redis, acks_late: true, visibility_timeout: 2s }
  kept: { profile: sqs }
  many: { profile: sqs, max_number_of_messages: 10 }
services: { shop: { workers: 2 }, payment: { work: 3s }, mail: { work: lognormal median 40ms p99 90ms } }
handlers:
  shop:
    order:
      - send: { command: charge, to: jobs }
      - send: { command: email, to: jobs }
      - send: { command: charge_later, to: usual }
      - send: { command: charge_early, to: early }
      - send: { command: charge_late, to: late }
      - send: { command: remind, to: kept }
      - send: { command: advertise, to: many }
      - reply
  payment:
    charge: [work]
    email: []
    charge_later: [work: 1s, { chance: 10%, then: [work: 20s] }]
    charge_early: [work]
    charge_late: [{ if: paid, then: [], else: [work, set: paid] }]
  mail:
    charge: []
    email: [work]
    remind: [work: 25s, work]
    advertise: [work: 4s]
checks: [{ never: paid > 1 }]
"#,
        expect![[r#"
            2:25: warning: payment takes 3s for charge on average, and jobs hands it out again after 1s; the work will be done twice: `visibility_timeout` decides when it comes again
            3:33: warning: payment takes 3s for charge_later on average, and usual hands it out again after 2s; the work will be done twice: `lease` decides when it comes again
            5:60: warning: payment takes 3s for charge_late on average, and late hands it out again after 2s; the work will be done twice: `visibility_timeout` decides when it comes again
            7:3: warning: mail takes 4s for advertise on average, up to 10 at a time, and many hands it out again after 30s; the work will be done twice: `visibility_timeout` decides when it comes again
        "#]],
    );
}

#[test]
fn a_page_is_told_something_else() {
    let told = |profile, name, text| match scenario::parameter(profile, name, text) {
        Ok((parameter, value)) => format!("{} {value:?}\n", parameter.name),
        Err(wrong) => format!("{wrong}\n"),
    };
    let all = [
        told("kafka", "session.timeout.ms", " 30s "),
        told("kafka", "partitions", "4"),
        told("kafka", "partitions", "0"),
        told("kafka", "partitions", ""),
        told("kafka", "retention", "none"),
        told("kafka", "cleanup_policy", "compac"),
        told("kafka", "prefetch", "4"),
        told("kaffka", "partitions", "4"),
    ];
    expect![[r#"
        session_timeout Span(Span(30000000000))
        partitions Count(4)
        0 is out of range; expected a whole number from 1 to 4096: How many partitions the topic has, and so how many consumers of a group can work at a time.
        `` is not such a number; expected a whole number from 1 to 4096: How many partitions the topic has, and so how many consumers of a group can work at a time.
        retention None
        `compac` is not one of its words; did you mean compact?
        the profile kafka has no `prefetch`; rabbitmq-classic, rabbitmq-quorum have it; kafka has partitions, partitioner, partition_assignment_strategy, auto_commit_interval, enable_auto_commit, session_timeout, retention, cleanup_policy, acks
        there is no profile kaffka; did you mean kafka?
    "#]].assert_eq(&all.concat());
}
