//! Channels.

use expect_test::expect;

use super::check;

#[test]
fn a_channel_without_profile() {
    check(
        "channels: { events: { prefetch: 4 } }",
        expect![[r#"
            1:13: error: channels.events has no `profile`; add `profile:`: The product whose rules it follows, such as rabbitmq-quorum.
        "#]],
    );
}

#[test]
fn an_unknown_profile() {
    check(
        "channels: { events: { profile: redis-pub-sub } }",
        expect![[r#"
        1:32: error: channel events: there is no profile redis-pub-sub; did you mean redis-pubsub?
    "#]],
    );
}

#[test]
fn a_profile_that_resembles_none() {
    check(
        "channels: { events: { profile: carrier-pigeon } }",
        expect![[r#"
        1:32: error: channel events: there is no profile carrier-pigeon; expected a profile: redis-pubsub, rabbitmq-classic or rabbitmq-quorum
    "#]],
    );
}

#[test]
fn http_as_a_channel() {
    check(
        "channels: { web: { profile: http } }",
        expect![[r#"
        1:29: error: channel web: http is not declared as a channel; `call` a service, or send to it, and http is used
    "#]],
    );
}

#[test]
fn http_as_a_target() {
    check(
        "handlers: { shop: { order: [send: { command: charge, to: http }] } }",
        expect![[r#"
        1:58: error: send of charge by shop: there is no service or channel http; http is not declared as a channel: `call` a service, or send to it, and http is used
    "#]],
    );
}

#[test]
fn a_parameter_of_another_profile() {
    check(
        r#"
channels:
  events: { profile: redis-pubsub, prefetch: 4 }
  jobs: { profile: rabbitmq-classic, delivery_limit: 5 }
"#,
        expect![[r#"
            2:36: error: channel events: the profile redis-pubsub has no `prefetch`; redis-pubsub has no parameters
            3:38: error: channel jobs: the profile rabbitmq-classic has no `delivery_limit`; rabbitmq-classic has prefetch, max_length, overflow, durable, heartbeat
        "#]],
    );
}

#[test]
fn an_unknown_parameter() {
    check(
        "channels: { jobs: { profile: rabbitmq-quorum, prefech: 4 } }",
        expect![[r#"
        1:47: error: channels.jobs has the unknown key `prefech`; did you mean prefetch?
    "#]],
    );
}

#[test]
fn parameters_out_of_range() {
    check(
        "channels: { jobs: { profile: rabbitmq-quorum, prefetch: 0, delivery_limit: 0, max_length: -1, overflow: explode, heartbeat: 0s } }",
        expect![[r#"
            1:57: error: channels.jobs.prefetch: 0 is out of range; expected a whole number from 1 to 1000000000
            1:76: error: channels.jobs.delivery_limit: 0 is out of range; expected a whole number from 1 to 1000000000
            1:91: error: channels.jobs.max_length: `-1` is not such a number; expected a whole number from 1 to 1000000000
            1:105: error: channels.jobs.overflow: `explode` is not a way to overflow; expected one of: drop-head or reject-publish
            1:125: error: channels.jobs.heartbeat: `0s` is no time at all; expected a duration above zero, such as 2s
        "#]],
    );
}

#[test]
fn a_flag_that_is_a_word() {
    check(
        "channels: { jobs: { profile: rabbitmq-classic, durable: yes } }",
        expect![[r#"
        1:57: error: channels.jobs.durable: `yes` is neither; expected true or false
    "#]],
    );
}

#[test]
fn an_overflow_without_a_length() {
    check(
        "channels: { jobs: { profile: rabbitmq-quorum, overflow: reject-publish } }",
        expect![[r#"
        1:47: warning: channel jobs has `overflow` but no `max_length`; without a greatest length nothing ever overflows: add `max_length: 100`, say
    "#]],
    );
}

#[test]
fn a_queue_with_messages_that_a_consumer_does_not_know() {
    check(
        r#"
channels: { jobs: { profile: rabbitmq-quorum } }
services: { shop: {}, payment: {}, inventory: {} }
handlers:
  shop: { order: [send: { command: charge, to: jobs }, send: { command: reserve, to: jobs }] }
  payment: { charge: [work] }
  inventory: { reserve: [work] }
"#,
        expect![[r#"
            1:13: error: inventory takes reserve from the queue jobs and would be handed charge too, for which it has no handler; a queue gives each message to any of its consumers: use one queue for each service, or a topic
            1:13: error: payment takes charge from the queue jobs and would be handed reserve too, for which it has no handler; a queue gives each message to any of its consumers: use one queue for each service, or a topic
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
            4:55: error: channel jobs: the profile redis-pubsub has no `prefetch` (variant topic); redis-pubsub has no parameters
        "#]],
    );
}
