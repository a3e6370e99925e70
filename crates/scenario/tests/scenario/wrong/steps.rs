//! Single steps that do not do what was meant.

use expect_test::expect;

use super::check;

#[test]
fn steps_with_wrong_details() {
    check(
        r#"
services: { shop: {}, payment: {} }
handlers:
  shop:
    order:
      - call: { to: payment, send: charge, cancel: maybe, with: [amount], take: amount }
      - send: { command: charge, to: payment, after: 5, schema: 0 }
      - send: { command: charge, to: payment, with: { 1st: 5, amount: 5 + }, schema: two }
      - publish: { event: charged, to: payment }
      - reply: { taking: amount }
      - work: { times: 1 2 }
      - set: { paid: 1 + }
      - let: amount
      - store: [balance]
      - measure: staleness
      - wait: 5
  payment: { charge: [reply] }
"#,
        expect![[r#"
            5:52: error: handlers.shop.order.call.cancel: `maybe` is not yes or no; expected one of: yes or no
            5:65: error: handlers.shop.order.call.with is a list; expected a mapping from the name of a field to what it is
            5:81: error: handlers.shop.order.call.take is `amount`; expected a list
            6:54: error: handlers.shop.order.send.after: `5` has no unit; expected a duration with a unit, such as 80ms, 2s or 1.5h
            6:65: error: handlers.shop.order.send.schema: 0 is out of range; expected a whole number from 1 to 65535
            7:55: error: handlers.shop.order.send.with: `1st` cannot be a name in expressions; expected a letter first and no spaces, such as `paid`
            7:74: error: handlers.shop.order.send.with.amount: the expression ends too early; expected a name or a number, as in `paid > 1`
            7:86: error: handlers.shop.order.send.schema: `two` is not such a number; expected a whole number from 1 to 65535
            8:9: error: handlers.shop.order.publish has no `on`; add `on:`: The channel.
            8:36: error: handlers.shop.order.publish has the unknown key `to`; expected one of: event, on, after, with or schema
            9:9: error: handlers.shop.order.reply has no `with`; add `with:`: Its fields, besides those of the message in hand. Whoever asked takes those that it names under `take`.
            9:18: error: handlers.shop.order.reply has the unknown key `taking`; expected one of: with
            10:26: error: handlers.shop.order.work.times: `2` does not continue the expression; join parts with and, or, implies; compare with >, >=, <, <=, =, !=; reckon with +, -, *, /
            11:25: error: handlers.shop.order.set.paid: the expression ends too early; expected a name or a number, as in `paid > 1`
            12:14: error: handlers.shop.order.let is `amount`; expected a mapping from the name of a field to what it is
            13:16: error: handlers.shop.order.store is a list; expected a cell, or a mapping from cells to values
            14:18: error: handlers.shop.order.measure is `staleness`; expected a mapping from the name of a figure to what it is
            15:15: error: handlers.shop.order.wait: `5` has no unit; expected a duration with a unit, such as 80ms, 2s or 1.5h
        "#]],
    );
}

#[test]
fn a_version_that_is_given_twice() {
    check(
        r#"
services: { shop: {}, payment: {} }
handlers:
  shop: { order: [send: { command: charge, to: payment, with: { schema: 1 }, schema: 2 }] }
  payment: { charge: [reply] }
"#,
        expect![[r#"
            3:78: error: the schema version of this message is given twice; it also stands in line 3
        "#]],
    );
}

#[test]
fn a_field_that_is_misspelt() {
    check(
        r#"
clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, with: { amount: 5, note: 1 } } }
services: { shop: {}, payment: {} }
handlers:
  shop: { order: [call: { to: payment, send: charge, with: { amuont: 2 * amount }, take: [recipt] }] }
  payment: { charge: [reply: { with: { receipt: 7 } }] }
"#,
        expect![[r#"
            4:62: warning: no step uses the field amuont; did you mean amount?
            4:91: error: shop on order: no message has the field recipt; did you mean the field receipt?
        "#]],
    );
}

#[test]
fn a_channel_that_does_not_wait_for_a_pause() {
    let case = |habits: &str| {
        format!(
            r#"
channels: {{ jobs: {{ profile: sqs, visibility_timeout: 2s }} }}
clients: {{ shopper: {{ arrivals: poisson 5/s, sends: order, to: jobs }} }}
handlers:
  shop:
    order:
      {habits}
      steps:
        - deadline: 10s
          steps:
            - retry: {{ attempts: 2 }}
              steps: [wait: 3s, parallel: [[wait: 1s], [work: 2s]], {{ chance: 50%, then: [fail] }}]
"#
        )
    };
    check(
        &case("durable: no"),
        expect![[r#"
        1:35: warning: shop takes 5s for order on average, and jobs hands it out again after 2s; the work will be done twice: `visibility_timeout` decides when it comes again
    "#]],
    );
    check(&case("durable: yes"), expect![[r#""#]]);
}

#[test]
fn a_timer_that_goes_round() {
    check(
        "handlers: { shop: { order: [work, send: { command: order, to: shop, after: 1s }] } }",
        expect![[r#""#]],
    );
}

#[test]
fn messages_that_go_round_in_blocks() {
    check(
        "handlers: { shop: { order: [{ try: [{ deadline: 5s, steps: [send: { command: order, to: shop }] }] }] } }",
        expect![[r#"
            1:78: warning: these messages go round for ever: shop -> shop (order); the run shows it until a limit ends it: to let the circle end, put one of these under `if` or `chance`; as a timer it has `after:`
        "#]],
    );
    check(
        "handlers: { shop: { order: [{ try: [fail], else: [send: { command: order, to: shop }] }] } }",
        expect![[r#"
            1:68: warning: these messages can go round: shop -> shop (order); make sure that its branches end it, or cases never finish
        "#]],
    );
}

#[test]
fn parts_of_a_step_that_stand_in_items_of_their_own() {
    check(
        r#"
services: { shop: {} }
handlers:
  shop:
    order:
      - set: paid
      - [work, set: paid]
      - retry: { attempts: 3, pause: 1s }
      - steps: [work]
    other: [if: paid, then: [fail], else: []]
"#,
        expect![[r#"
            6:9: error: handlers.shop.order is a list; expected a step
            7:9: error: handlers.shop.order: the step retry has no `steps`; add `steps:`: What may fail.
            8:9: error: handlers.shop.order: `steps` stands in an item of its own; write it in the item of its retry or deadline: without a dash, or between the same braces
            9:13: error: handlers.shop.other: the step if has no `then`; add `then:`: What to do if it is true.
            9:23: error: handlers.shop.other: `then` stands in an item of its own; write it in the item of its if or chance: without a dash, or between the same braces
            9:37: error: handlers.shop.other: `else` stands in an item of its own; write it in the item of its if, chance, wait, try or deadline: without a dash, or between the same braces
        "#]],
    );
}
