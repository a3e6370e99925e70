//! Groups of consumers, patterns and subjects.

use expect_test::expect;

use super::check;

/// A shop that tells three services about orders, with this channel.
fn news(channel: &str) -> String {
    format!(
        "
channels: {{ news: {channel} }}
services: {{ shop: {{ workers: 2 }}, payment: {{ workers: 4 }}, fraud: {{ workers: 2 }}, audit: {{}}, idle: {{}} }}
handlers:
  shop:
    order:
      - publish: {{ event: ordered, on: news }}
      - publish: {{ event: cancelled, on: news }}
      - send: {{ command: tidy, to: idle }}
      - reply
  payment: {{ ordered: [work], cancelled: [work] }}
  fraud: {{ ordered: [work], cancelled: [work] }}
  audit: {{ ordered: [work] }}
  idle: {{ tidy: [work] }}
"
    )
}

#[test]
fn groups_that_are_right() {
    check(
        &news("{ profile: kafka, partitions: 6, groups: { billing: [payment, fraud] } }"),
        expect![[r#""#]],
    );
    check(
        &news(
            "{ profile: mqtt, groups: { billing: [payment, fraud] }, bindings: { billing: \"shop/#\", audit: [shop/new] },
              subjects: { ordered: shop/new, cancelled: shop/gone } }",
        ),
        expect![[r#""#]],
    );
}

#[test]
fn a_group_of_services_that_are_not_there() {
    check(
        &news("{ profile: kafka, partitions: 9, groups: { billing: [paymnet, news, fraud] } }"),
        expect![[r#"
            1:72: error: channels.news.groups.billing: there is no service paymnet; did you mean payment?
            1:81: error: channels.news.groups.billing: there is no service news; expected a service: audit, fraud, idle, payment or shop
        "#]],
    );
}

#[test]
fn a_service_in_two_groups() {
    check(
        &news(
            "{ profile: kafka, partitions: 9, groups: { billing: [payment, payment], checks: [fraud, payment] } }",
        ),
        expect![[r#"
            1:81: error: channel news: payment is in groups twice; a service is in one group, and line 1 names it already
            1:107: error: channel news: payment is in groups twice; a service is in one group, and line 1 names it already
        "#]],
    );
}

#[test]
fn a_group_that_does_not_know_what_it_gets() {
    check(
        &news("{ profile: kafka, partitions: 9, groups: { billing: [payment, audit] } }"),
        expect![[r#"
            1:13: error: audit would be handed cancelled from the group billing of news, for which it has no handler; a group gives each message to any of its services: form one for each service
        "#]],
    );
    check(
        &news("{ profile: sqs, groups: { billing: [payment, fraud], checks: [audit] } }"),
        expect![[r#"
            1:13: error: audit would be handed cancelled from the group checks of news, for which it has no handler; a group gives each message to any of its services: form one for each service
        "#]],
    );
}

#[test]
fn a_pattern_that_keeps_out_what_a_group_does_not_know() {
    check(
        &news("{ profile: nats, groups: { billing: [payment, audit] }, bindings: { billing: [ordered] } }"),
        expect![[r#""#]],
    );
}

#[test]
fn a_group_of_somebody_who_hears_nothing() {
    check(
        &news(
            "{ profile: kafka, partitions: 9, groups: { billing: [idle] }, bindings: { billing: tidy, idle: tidy } }",
        ),
        expect![[r#"
            1:72: warning: idle handles nothing that is sent to news; say what it does with it under `handlers: idle:`, or leave it out
            1:93: warning: channel news: no patterns are compared, so `bindings` has no effect; kafka has nothing like it: leave it out, or use another profile
            1:108: warning: idle handles nothing that is sent to news; say what it does with it under `handlers: idle:`, or leave it out
        "#]],
    );
}

#[test]
fn a_group_that_is_empty() {
    check(
        &news("{ profile: kafka, groups: { billing: [] } }"),
        expect![[r#"
        1:56: error: channels.news.groups.billing has 0 items; expected 1 to 1000
    "#]],
    );
    check(
        &news("{ profile: kafka, groups: { billing: payment } }"),
        expect![[r#"
        1:56: error: channels.news.groups.billing is `payment`; expected a list
    "#]],
    );
    check(
        &news("{ profile: kafka, groups: [payment] }"),
        expect![[r#"
        1:45: error: channels.news.groups is a list; expected a mapping from the name of a group to what it is
    "#]],
    );
}

#[test]
fn more_workers_than_partitions() {
    check(
        &news("{ profile: kafka, groups: { billing: [payment, fraud] }, partitions: 4 }"),
        expect![[r#"
            1:76: warning: 2 of 6 workers of billing stay idle: the log news has 4 partitions; a partition belongs to one worker of a group: `partitions` decides how many there are
        "#]],
    );
    check(
        &news("{ profile: kafka }"),
        expect![[r#"
            1:13: warning: 1 of 2 workers of fraud stays idle: the log news has 1 partition; a partition belongs to one worker of a group: `partitions` decides how many there are
            1:13: warning: 3 of 4 workers of payment stay idle: the log news has 1 partition; a partition belongs to one worker of a group: `partitions` decides how many there are
        "#]],
    );
}

#[test]
fn patterns_that_the_product_refuses() {
    check(
        &news("{ profile: nats, bindings: { payment: [ordered, >.a, a..b], fraud: \"\" } }"),
        expect![[r#"
        1:67: error: channel news: token 1 of `>.a` is `>`, which may only be the last; end the pattern there, or write `*` for exactly one token
        1:72: error: channel news: token 2 of `a..b` is empty; take away a dot, or write `*` for any one token
        1:87: error: channel news: a subject has at least one token; `>` stands for every subject
    "#]],
    );
    check(
        &news("{ profile: mqtt, bindings: { payment: shop#, fraud: \"#/a\" } }"),
        expect![[r#"
        1:57: error: channel news: level 1 of `shop#` is `shop#`, but `#` has to be a level of its own; put `/` around it or leave it out
        1:72: error: channel news: level 1 of `#/a` is `#`, which may only be the last; end the pattern there, or write `+` for exactly one level
    "#]],
    );
}

#[test]
fn patterns_that_match_nothing() {
    check(
        &news(
            "{ profile: rabbitmq-quorum, exchange: topic, bindings: { payment: [\"orders.#\", \"#\"], audit: shop.* },
              subjects: { ordered: orders.new } }",
        ),
        expect![[r#"
            1:111: warning: channel news: `shop.*` matches nothing that is sent there; what is sent there is called cancelled or orders.new
        "#]],
    );
    check(
        &news("{ profile: rabbitmq-quorum, exchange: direct, bindings: { payment: \"#\" } }"),
        expect![[r#"
        1:87: warning: channel news: `#` matches nothing that is sent there; what is sent there is called cancelled or ordered, and `exchange` decides how it is compared
    "#]],
    );
}

#[test]
fn patterns_where_there_are_none() {
    check(
        &news("{ profile: kafka, partitions: 4, bindings: { payment: \"#\" } }"),
        expect![[r#"
            1:64: warning: channel news: no patterns are compared, so `bindings` has no effect; kafka has nothing like it: leave it out, or use another profile
        "#]],
    );
    check(
        &news("{ profile: rabbitmq-quorum, exchange: fanout, bindings: { payment: \"#\" } }"),
        expect![[r#"
        1:77: warning: channel news: no patterns are compared, so `bindings` has no effect; it depends on `exchange`: The exchange in front: the default one leads to a single queue whose consumers compete; the others copy to each subscriber's own queue whose binding fits, consistent-hash to one of them by key.
    "#]],
    );
}

#[test]
fn patterns_that_are_no_text() {
    check(
        &news("{ profile: nats, bindings: { payment: { of: a } } }"),
        expect![[r#"
        1:57: error: channels.news.bindings.payment is a mapping; expected a pattern or a list of patterns
    "#]],
    );
    check(
        "
channels:
  news:
    profile: mqtt
    bindings:
      payment: #
",
        expect![[r#"
            5:7: error: channel news: there is no group or service payment; expected a group or service: shop
            5:7: error: channels.news.bindings.payment is nothing; expected a pattern; one that begins with `#`, `*` or `>` stands in quotes
        "#]],
    );
}

#[test]
fn a_binding_of_nobody() {
    check(
        &news(
            "{ profile: nats, groups: { billing: [payment] }, bindings: { biling: ordered, news: ordered } }",
        ),
        expect![[r#"
            1:80: error: channel news: there is no group or service biling; did you mean billing?
            1:97: error: channel news: there is no group or service news; expected a group or service: billing, audit, fraud, idle, payment or shop
        "#]],
    );
}

#[test]
fn a_subject_of_nothing() {
    check(
        &news("{ profile: nats, subjects: { orderd: orders.new } }"),
        expect![[r#"
        1:48: warning: nothing called orderd is sent to news; did you mean ordered?
    "#]],
    );
}

#[test]
fn a_subject_that_no_pattern_can_match() {
    check(
        &news("{ profile: nats, subjects: { ordered: orders..new, cancelled: order cancelled } }"),
        expect![[r#"
            1:57: error: channel news: nobody hears ordered: token 2 of `orders..new` is empty; give it another name, such as `subjects: { ordered: orders.new }`
            1:81: error: channel news: nobody hears cancelled: token 1 of `order cancelled` contains a space, a tab or the end of a line, which no subject can; give it another name, such as `subjects: { cancelled: orders.new }`
        "#]],
    );
    check(&news("{ profile: kafka, partitions: 4, subjects: { ordered: orders..new } }"), expect![[r#""#]]);
}

#[test]
fn two_subjects_of_one_message() {
    check(
        r#"
channels:
  news: { profile: nats, subjects: { ordered: orders.new } }
  olds: { profile: mqtt, subjects: { ordered: orders/new } }
services: { shop: { workers: 2 }, payment: {} }
handlers:
  shop: { order: [publish: { event: ordered, on: news }, publish: { event: ordered, on: olds }, reply] }
  payment: { ordered: [work] }
"#,
        expect![[r#"
            3:47: error: ordered is called orders/new here and orders.new elsewhere; a message type has one subject: give it the same on every channel
        "#]],
    );
}

#[test]
fn a_consumer_that_is_not_there_or_has_nothing_to_do() {
    check(
        &news("{ profile: rabbitmq-quorum, consumers: [payment, frud, idle] }"),
        expect![[r#"
        1:68: error: channels.news.consumers: there is no service frud; did you mean fraud?
        1:74: warning: idle handles nothing that is sent to news; say what it does with it under `handlers: idle:`, or leave it out
        11:12: warning: fraud handles ordered, which nobody sends to it; it is sent elsewhere, straight to another service or in another variant
        11:29: warning: fraud handles cancelled, which nobody sends to it; it is sent elsewhere, straight to another service or in another variant
        12:12: warning: audit handles ordered, which nobody sends to it; it is sent elsewhere, straight to another service or in another variant
    "#]],
    );
}

/// Audit handles only one of the two types, and does not listen to the queue, so no message can reach it.
#[test]
fn a_service_that_does_not_listen_is_taken_for_a_consumer() {
    check(
        &news("{ profile: rabbitmq-quorum, consumers: [payment, fraud] }"),
        expect![[r#"
            12:12: warning: audit handles ordered, which nobody sends to it; it is sent elsewhere, straight to another service or in another variant
        "#]],
    );
}

#[test]
fn nobody_listens_because_only_others_may() {
    check(
        &news("{ profile: rabbitmq-quorum, consumers: [idle] }"),
        expect![[r#"
            1:59: warning: idle handles nothing that is sent to news; say what it does with it under `handlers: idle:`, or leave it out
            6:27: warning: nobody listens to news for ordered; a service listens as soon as it has a handler for ordered
            7:27: warning: nobody listens to news for cancelled; a service listens as soon as it has a handler for cancelled
            10:14: warning: payment handles ordered, which nobody sends to it; it is sent elsewhere, straight to another service or in another variant
            10:31: warning: payment handles cancelled, which nobody sends to it; it is sent elsewhere, straight to another service or in another variant
            11:12: warning: fraud handles ordered, which nobody sends to it; it is sent elsewhere, straight to another service or in another variant
            11:29: warning: fraud handles cancelled, which nobody sends to it; it is sent elsewhere, straight to another service or in another variant
            12:12: warning: audit handles ordered, which nobody sends to it; it is sent elsewhere, straight to another service or in another variant
        "#]],
    );
}
