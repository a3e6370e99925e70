//! Handlers that cannot run or do not do what was meant.

use expect_test::expect;

use super::check;

#[test]
fn an_unknown_step() {
    check(
        "handlers: { shop: { order: [wrok, replay] } }",
        expect![[r#"
        1:29: error: handlers.shop.order: `wrok` is not a step; did you mean work?
        1:35: error: handlers.shop.order: `replay` is not a step; did you mean reply?
    "#]],
    );
}

#[test]
fn an_unknown_step_with_details() {
    check(
        "handlers: { shop: { order: [publsh: { event: ordered, on: events }] } }",
        expect![[r#"
        1:29: error: handlers.shop.order: `publsh` is not a step; did you mean publish?
    "#]],
    );
}

#[test]
fn a_step_without_its_details() {
    check(
        "handlers: { shop: { order: [call] } }",
        expect![[r#"
        1:29: error: handlers.shop.order: `call` needs details; write them after a colon: `call: ...`
    "#]],
    );
}

#[test]
fn a_step_that_is_two() {
    check(
        r#"
handlers:
  shop:
    order:
      - call: { to: shop, send: order }
        reply: accepted
"#,
        expect![[r#"
            4:9: error: handlers.shop.order has both `call` and `reply`; a step has one of them; in a list the other begins a new item
        "#]],
    );
}

#[test]
fn steps_that_are_no_list() {
    check(
        "handlers: { shop: { order: reply } }",
        expect![[r#"
            1:28: error: handlers.shop.order is `reply`; expected a list of steps, or a mapping with `steps`
        "#]],
    );
}

#[test]
fn details_at_the_wrong_depth() {
    check(
        r#"
handlers:
  shop:
    order:
      - call:
        to: shop
        send: order
"#,
        expect![[r#"
            4:9: error: handlers.shop.order: nothing stands under `call`; indent what follows further than `call`
        "#]],
    );
}

#[test]
fn a_call_without_target() {
    check(
        "handlers: { shop: { order: [call: { send: charge, timeout: 0s, on_error: stop }] } }",
        expect![[r#"
            1:29: error: handlers.shop.order.call has no `to`; add `to:`: The service.
            1:60: error: handlers.shop.order.call.timeout: `0s` is no time at all; expected a duration above zero, such as 2s
            1:74: error: handlers.shop.order.call.on_error: `stop` is not something to do on an error; expected one of: fail or continue
        "#]],
    );
}

#[test]
fn a_call_to_a_service_without_a_handler() {
    check(
        r#"
services: { shop: {}, payment: {} }
handlers:
  shop: { order: [call: { to: payment, send: charge }, reply] }
  payment: { charge_card: [reply] }
"#,
        expect![[r#"
            3:46: error: payment has no handler for charge; did you mean charge_card?
            4:14: warning: payment handles charge_card, which nobody sends to it; did you mean charge?
        "#]],
    );
}

#[test]
fn a_call_to_a_channel() {
    check(
        r#"
channels: { jobs: { profile: rabbitmq-quorum } }
handlers: { shop: { order: [call: { to: jobs, send: charge }] } }
"#,
        expect![[r#"
            2:41: error: call of charge by shop: jobs is a channel, and a channel does not answer; call a service, or use `send` to put the command into the channel
        "#]],
    );
}

#[test]
fn an_event_published_on_a_service() {
    check(
        r#"
services: { shop: {}, payment: {} }
handlers: { shop: { order: [publish: { event: ordered, on: payment }] } }
"#,
        expect![[r#"
            1:23: warning: service payment has no handler in any variant; say what it does with a message under `handlers: payment:`, or remove it
            2:60: error: publish of ordered by shop: payment is a service, and events are published on channels; use `send` or `call` to address a service
        "#]],
    );
}

#[test]
fn an_event_that_nobody_hears() {
    check(
        r#"
channels: { events: { profile: redis-pubsub } }
handlers: { shop: { order: [publish: { event: ordered, on: events }] } }
"#,
        expect![[r#"
            2:47: warning: nobody listens to events for ordered; a service listens as soon as it has a handler for ordered
        "#]],
    );
}

#[test]
fn a_handler_for_what_nobody_sends() {
    check(
        "handlers: { shop: { order: [reply], oder: [reply] } }",
        expect![[r#"
        1:37: warning: shop handles oder, which nobody sends to it; did you mean order?
    "#]],
    );
}

#[test]
fn an_event_that_is_also_a_command() {
    check(
        r#"
channels: { events: { profile: redis-pubsub } }
services: { shop: {}, payment: {} }
handlers:
  shop: { order: [publish: { event: pay, on: events }, send: { command: pay, to: payment }] }
  payment: { pay: [work] }
"#,
        expect![[r#"
            4:73: error: pay is sent as a command here and published as an event in line 4; a command asks for something (charge), an event says that it happened (charged): use two names
        "#]],
    );
}

#[test]
fn a_service_that_calls_itself_for_ever() {
    check(
        "handlers: { shop: { order: [call: { to: shop, send: order }] } }",
        expect![[r#"
            1:53: warning: these calls go round, and each waits for the next: shop -> shop (order); when all workers wait, none is left to answer: do the work in place, or `send` instead
        "#]],
    );
}

#[test]
fn calls_that_go_round() {
    check(
        r#"
services: { shop: {}, payment: {}, bank: {} }
handlers:
  shop: { order: [call: { to: payment, send: charge }] }
  payment: { charge: [call: { to: bank, send: transfer }] }
  bank: { transfer: [call: { to: payment, send: charge }] }
"#,
        expect![[r#"
            4:47: warning: these calls go round, and each waits for the next: payment -> bank (transfer), bank -> payment (charge); when all workers wait, none is left to answer: do the work in place, or `send` instead
        "#]],
    );
}

#[test]
fn events_that_go_round() {
    check(
        r#"
channels: { events: { profile: redis-pubsub } }
services: { shop: {}, payment: {} }
handlers:
  shop: { order: [publish: { event: ordered, on: events }], paid: [publish: { event: ordered, on: events }] }
  payment: { ordered: [publish: { event: paid, on: events }] }
"#,
        expect![[r#"
            4:86: warning: these messages go round for ever: payment -> events (paid), shop -> events (ordered); the run shows it until a limit ends it: to let the circle end, put one of these under `if` or `chance`; as a timer it has `after:`
        "#]],
    );
}

#[test]
fn messages_that_may_go_round() {
    check(
        "handlers: { shop: { order: [{ chance: 10%, then: [send: { command: order, to: shop }] }] } }",
        expect![[r#"
            1:68: warning: these messages can go round: shop -> shop (order); make sure that its branches end it, or cases never finish
        "#]],
    );
}

#[test]
fn a_service_that_waits_for_itself() {
    check(
        "handlers: { shop: { order: [call: { to: shop, send: check }, reply], check: [reply] } }",
        expect![[r#"
            1:41: warning: shop calls itself, so one of its workers waits for another; when all of them wait, none is left to answer: do the work in place, or `send` instead
        "#]],
    );
}

#[test]
fn a_second_reply() {
    check(
        r#"
handlers:
  shop:
    order:
      - { chance: 10%, then: [reply] }
      - reply
"#,
        expect![[r#"
            5:9: warning: shop may reply to order twice; only the first reply counts: remove one of them
        "#]],
    );
}

#[test]
fn a_step_after_fail() {
    check(
        "handlers: { shop: { order: [fail, reply] } }",
        expect![[r#"
        1:35: warning: shop never gets to this step of order; the step before it always fails: remove this one, or branch
    "#]],
    );
}

#[test]
fn an_if_without_then() {
    check(
        "handlers: { shop: { order: [set: paid, { if: { fact: paid, at_least: 0 } }] } }",
        expect![[r#"
            1:40: error: handlers.shop.order: the step if has no `then`; add `then:`: What to do if it is true.
            1:70: error: handlers.shop.order.if.at_least: 0 is out of range; expected a whole number from 1 to 65535
        "#]],
    );
}

#[test]
fn an_if_of_a_fact_that_is_never_set() {
    check(
        "handlers: { shop: { order: [set: paid, { if: piad, then: [fail] }, reply] } }",
        expect![[r#"
            1:46: error: shop on order: there is no fact, field or cell piad; did you mean the fact paid?
        "#]],
    );
}

#[test]
fn an_if_of_a_condition() {
    check("handlers: { shop: { order: [set: paid, { if: paid > 1, then: [fail] }, reply] } }", expect![""]);
}
