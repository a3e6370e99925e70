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
            1:32: error: channel events: there is no profile carrier-pigeon; expected a profile: http, in-memory-bus, background-task, redis-pubsub, redis-list, redis-streams, rabbitmq-classic, rabbitmq-quorum, kafka, nats, jetstream, mqtt, sqs, sqs-fifo, sns, celery, jobs-table, postgres-notify or webhook
        "#]],
    );
}

#[test]
fn http_as_a_target() {
    check(
        "handlers: { shop: { order: [send: { command: charge, to: http }] } }",
        expect![[r#"
            1:58: error: send of charge by shop: there is no service or channel http; http is a profile: name a channel that has it, `channels: { work: { profile: http } }`
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
            1:13: error: inventory would be handed charge from jobs, for which it has no handler; a queue gives each message to any of its consumers: use one queue for each service, or a topic
            1:13: error: payment would be handed reserve from jobs, for which it has no handler; a queue gives each message to any of its consumers: use one queue for each service, or a topic
        "#]],
    );
}

#[test]
fn http_as_a_channel() {
    check(
        r#"
channels: { hooks: { profile: http } }
services: { shop: { workers: 2 }, payment: {} }
handlers:
  shop: { order: [publish: { event: ordered, on: hooks }, reply] }
  payment: { ordered: [work] }
"#,
        expect![[r#""#]],
    );
}

#[test]
fn a_channel_in_a_process_of_several() {
    check(
        r#"
channels: { bus: { profile: in-memory-bus } }
services: { shop: { workers: 2 }, payment: {}, mail: {} }
handlers:
  shop: { order: [publish: { event: ordered, on: bus }, send: { command: charge, to: payment }, reply] }
  payment: { charge: [publish: { event: paid, on: bus }] }
  mail: { ordered: [work], paid: [work] }
"#,
        expect![[r#"
            1:13: warning: channel bus is in the memory of payment and of shop, and dies with any of them; use one channel for each service, or a broker between them
        "#]],
    );
}

#[test]
fn dead_letters_that_go_nowhere() {
    check(
        r#"
channels:
  self: { profile: rabbitmq-quorum, delivery_limit: 3, dead_letter: self }
  nothing: { profile: rabbitmq-quorum, delivery_limit: 3, dead_letter: parkin }
  service: { profile: rabbitmq-quorum, delivery_limit: 3, dead_letter: shop }
  log: { profile: kafka, dead_letter: parking }
  amazon: { profile: sqs, dead_letter: parking }
  dropped: { profile: rabbitmq-classic, dead_letter_exchange: false, dead_letter: parking }
  parking: { profile: rabbitmq-quorum }
"#,
        expect![[r#"
            2:69: error: channels.self.dead_letter: this is the channel itself; what it puts aside would come back at once: name another channel
            3:72: error: channels.nothing.dead_letter: there is no channel parkin; did you mean parking?
            4:72: error: channels.service.dead_letter: there is no channel shop; expected a channel: amazon, dropped, log, nothing, parking, self or service
            5:39: warning: channel log: nothing is put aside, so `dead_letter` has no effect; kafka has nothing like it: leave it out, or use another profile
            6:40: warning: channel amazon: nothing is put aside, so `dead_letter` has no effect; it depends on `max_receive_count`: How often a message is received before it goes to the dead-letter queue; `none`: there is no such queue.
            7:83: warning: channel dropped: nothing is put aside, so `dead_letter` has no effect; it depends on `dead_letter_exchange`: Whether there is an exchange for dead letters; without one, what would be put aside is dropped. RabbitMQ has none unless told.
        "#]],
    );
}

#[test]
fn a_dead_letter_that_whoever_gets_it_does_not_know() {
    check(
        r#"
channels:
  jobs: { profile: rabbitmq-quorum, delivery_limit: 3, dead_letter: complaints }
  complaints: { profile: sqs }
services: { shop: { workers: 2 }, payment: {}, desk: {} }
handlers:
  shop: { order: [send: { command: charge, to: jobs }, send: { command: complain, to: complaints }, reply] }
  payment: { charge: [work] }
  desk: { complain: [work] }
"#,
        expect![[r#"
            3:3: error: desk would be handed charge from complaints, for which it has no handler; a queue gives each message to any of its consumers: use one queue for each service, or a topic
        "#]],
    );
}

#[test]
fn a_queue_that_tries_again_later() {
    check(
        r#"
channels:
  jobs: { profile: rabbitmq-quorum, delivery_limit: 3, dead_letter: later }
  later: { profile: rabbitmq-quorum, message_ttl: 10s, dead_letter: jobs }
services: { shop: { workers: 2 }, payment: {} }
handlers:
  shop: { order: [send: { command: charge, to: jobs }, reply] }
  payment: { charge: [{ chance: 10%, then: [fail], else: [work] }] }
"#,
        expect![""],
    );
}
