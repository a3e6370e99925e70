//! Expressions and what they name, checks over them, and schema versions.

use expect_test::expect;

use super::check;

#[test]
fn an_expression_that_cannot_be_read() {
    check(
        r#"
checks:
  - never: 1 < paid < 3
  - never: paid > 1.5
  - never: paid > 100us
  - never: paid > 99999999999999999999
  - never: min(paid)
  - never: paid + and
  - { never: min(paid, 3) > 1 }
handlers: { shop: { order: [set: paid, reply] } }
"#,
        expect![[r#"
            2:21: error: checks.never: `<` compares what is a comparison already; join comparisons with `and`, as in `1 < paid and paid < 3`
            3:19: error: checks.never: `1.5` is not a whole number; expected a whole number, such as 5, or a duration, such as 80ms
            4:19: error: checks.never: `100us` is not a whole number of milliseconds; durations count as milliseconds here: at least 1ms
            5:19: error: checks.never: 99999999999999999999 is too large; expected a whole number, such as 5, or a duration, such as 80ms
            6:20: error: checks.never: `)` stands where something else belongs; expected two values, as in `min(paid, 3)`; between braces `"min(paid, 3)"` needs quotes
            7:19: error: checks.never: `and` stands where something else belongs; expected a name or a number, as in `paid > 1`
            8:22: error: checks.never: the expression ends too early; expected two values, as in `min(paid, 3)`; between braces `"min(paid, 3)"` needs quotes
            8:24: error: checks: a check has the unknown key `3) > 1`; expected one of: never or why
        "#]],
    );
}

#[test]
fn a_condition_without_any_name() {
    check(
        "checks: [{ total: 1 = 1 }, { never: 5 }]",
        expect![[r#"
        1:19: error: checks.total: this looks at nothing, so it is always the same; name a fact, such as `paid`
        1:37: error: checks.never: this looks at nothing, so it is always the same; name a fact, such as `paid`
    "#]],
    );
}

#[test]
fn a_minus_without_spaces() {
    check(
        r#"
services: { shop: { store: { asked: per service } } }
handlers: { shop: { order: [store: { asked: asked-1 }, set: paid, reply] } }
checks: [{ never: paid-asked > 1 }]
"#,
        expect![[r#"
            2:45: error: shop on order: there is no fact, field or cell asked-1; write a minus with spaces around it: `asked - 1`
            3:19: error: checks.never: there is no fact, figure or cell paid-asked; write a minus with spaces around it: `paid - asked`
        "#]],
    );
}

#[test]
fn a_check_that_looks_into_a_handler() {
    check(
        r#"
clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, with: { amount: 5 to 100 } } }
handlers: { shop: { order: [set: { paid: amount }, reply] } }
checks:
  - { never: paid > amount }
  - { total: amount > 5 }
  - { finally: delivery = 1 or now > 5s or not abandoned }
  - { total: now > 5s }
"#,
        expect![[r#"
            4:21: error: checks.never: amount is a field of messages, which only handlers see; let a handler `measure` it, or set a fact by it, and check that
            5:14: error: checks.total: amount is a field of messages, which only handlers see; let a handler `measure` it, or set a fact by it, and check that
            6:16: error: checks.finally: `delivery` is known only while a handler runs; let the handler `measure` it, or set a fact by it, and check that
            6:32: error: checks.finally: `now` is known only while a handler runs; let the handler `measure` it, or set a fact by it, and check that
            6:48: error: checks.finally: `abandoned` is known only while a handler runs; let the handler `measure` it, or set a fact by it, and check that
            7:14: error: checks.total: `now` is known only while a handler runs; let the handler `measure` it, or set a fact by it, and check that
        "#]],
    );
}

#[test]
fn a_handler_that_looks_from_outside() {
    check(
        "handlers: { shop: { order: [{ if: refused or gave_up, then: [fail] }, set: { paid: requests }, reply] } }",
        expect![[r#"
            1:35: error: shop on order: `refused` is known only to checks; a handler does not see what became of the customer: set a fact, and ask for that
            1:46: error: shop on order: `gave_up` is known only to checks; a handler does not see what became of the customer: set a fact, and ask for that
            1:84: error: shop on order: `requests` is known only to checks; a handler does not see what became of the customer: set a fact, and ask for that
        "#]],
    );
}

#[test]
fn a_handler_that_asks_for_what_was_measured() {
    check(
        "handlers: { shop: { order: [measure: { delay: now }, { if: delay > 5s, then: [fail] }, reply] } }",
        expect![[r#"
            1:60: error: shop on order: delay is a figure: it was measured for people and checks; store the value in a cell, or set a fact by it
        "#]],
    );
}

#[test]
fn a_name_of_nothing() {
    check(
        r#"
clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, with: { amount: 7 } } }
services: { shop: { store: { balance: per key } } }
handlers: { shop: { order: [{ if: amuont > 1, then: [fail] }, store: { balance: balnace + x }, set: paid, reply] } }
checks:
  - { total: ballance = 7 }
  - { within: 5s, reach: [amount, balance, piad] }
"#,
        expect![[r#"
            3:35: error: shop on order: there is no fact, field or cell amuont; did you mean the field amount?
            3:81: error: shop on order: there is no fact, field or cell balnace; did you mean the cell balance?
            3:91: error: shop on order: there is no fact, field or cell x; expected a fact, field or cell: amount, balance or paid
            5:14: error: checks.total: there is no fact, figure or cell ballance; did you mean the cell balance?
            6:27: error: checks.reach: amount is a field; expected a fact, which a handler sets
            6:35: error: checks.reach: balance is a cell; expected a fact, which a handler sets
            6:44: error: checks.reach: no handler sets the fact piad; did you mean the fact paid?
        "#]],
    );
}

#[test]
fn one_name_for_two_things() {
    check(
        r#"
clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, with: { amount: 7 } } }
services: { shop: { store: { paid: per case }, memory: { amount: per case } } }
handlers: { shop: { order: [set: paid, measure: { amount: amount }, reply] } }
"#,
        expect![[r#"
            2:58: error: amount is the name of a cell of shop, and in line 1 of a field; facts, fields, cells, figures and clients stand in the same expressions: rename one of them
            3:34: error: paid is the name of a fact, and in line 2 of a cell of shop; facts, fields, cells, figures and clients stand in the same expressions: rename one of them
            3:51: error: amount is the name of a figure, and in line 1 of a field; facts, fields, cells, figures and clients stand in the same expressions: rename one of them
        "#]],
    );
}

#[test]
fn a_word_of_expressions_as_a_name() {
    check(
        r#"
clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, with: { now: 7 } } }
services: { shop: { store: { not: per case }, memory: { 2nd: per case } } }
handlers: { shop: { order: [set: refused, set: a+b, measure: { delivery: 1 }, reply] } }
"#,
        expect![[r#"
            1:78: error: clients.shopper.with: `now` is a word of expressions; take another name, such as `paid`
            2:30: error: services.shop.store: `not` is a word of expressions; take another name, such as `paid`
            2:57: error: services.shop.memory: `2nd` cannot be a name in expressions; expected a letter first and no spaces, such as `paid`
            3:34: error: handlers.shop.order.set: `refused` is a word of expressions; take another name, such as `paid`
            3:48: error: handlers.shop.order.set: `a+b` is an expression, and here stands a name; write a name, such as `paid`
            3:64: error: handlers.shop.order.measure: `delivery` is a word of expressions; take another name, such as `paid`
        "#]],
    );
}

#[test]
fn a_request_that_carries_no_number() {
    check(
        "clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, keys: 0, \
         with: { a: much, b: 100 to 5, c: 1.5, d: 3000000000, e: reqest, f: 1 to } } }",
        expect![[r#"
            1:76: error: clients.shopper.keys: 0 is out of range; expected a whole number from 1 to 1000000
            1:90: error: clients.shopper.with.a: `much` is not a whole number; expected a whole number, two of them such as `5 to 100`, or `request`
            1:99: error: clients.shopper.with.b: 100 is greater than 5; write the least first, such as `5 to 100`
            1:112: error: clients.shopper.with.c: `1.5` is not a whole number; expected a whole number, two of them such as `5 to 100`, or `request`
            1:120: error: clients.shopper.with.d: `3000000000` is out of range; expected a whole number, two of them such as `5 to 100`, or `request`
            1:135: error: clients.shopper.with.e: `reqest` is not a whole number; did you mean request?
            1:146: error: clients.shopper.with.f: `1 to` is not complete or says too much; write it like `5 to 100`
        "#]],
    );
}

#[test]
fn a_check_of_a_place_that_is_none() {
    check(
        r#"
channels: { events: { profile: redis-pubsub } }
checks:
  - { ordered: events }
  - { ordered: shpo }
  - { lossless: shopper }
  - { lossless: evnts }
"#,
        expect![[r#"
            3:16: error: checks.ordered: events is a channel; expected a service
            4:16: error: checks.ordered: there is no service shpo; did you mean shop?
            5:17: error: checks.lossless: shopper is a client; expected a service or channel
            6:17: error: checks.lossless: there is no service or channel evnts; did you mean events?
        "#]],
    );
}

#[test]
fn a_check_of_a_channel_that_one_variant_has() {
    check(
        r#"
services: { shop: {}, mail: {} }
handlers: { shop: { order: [reply] }, mail: { ordered: [work] } }
checks: [{ lossless: events }]
variants:
  alone: {}
  together:
    channels: { events: { profile: redis-pubsub } }
    handlers: { shop: { order: [publish: { event: ordered, on: events }] } }
"#,
        expect![],
    );
}

#[test]
fn a_version_that_nobody_reads() {
    check(
        r#"
channels: { events: { profile: redis-pubsub } }
services: { shop: {}, mail: {}, stock: {} }
handlers:
  shop: { order: { reads: 2, steps: [publish: { event: ordered, on: events, schema: 2 }, reply] } }
  mail: { ordered: { reads: 1, steps: [work] } }
  stock: { ordered: { reads: 1, steps: [work] } }
variants:
  naive: {}
  tolerant: { handlers: { mail: { ordered: { reads: 1 to 2, steps: [work] } } } }
"#,
        expect![[r#"
            4:85: warning: nobody reads version 2 of ordered (variant naive); mail, stock would fail: extend what one of them `reads`
            12:53: warning: nobody reads version 1 of order; shop would fail: extend what one of them `reads`
        "#]],
    );
}

#[test]
fn a_request_in_a_version_that_nobody_reads() {
    check(
        r#"
clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, with: { schema: 3 } } }
handlers: { shop: { order: { reads: 1 to 2, steps: [reply] } } }
"#,
        expect![[r#"
            1:78: warning: nobody reads version 3 of order; shop would fail: extend what one of them `reads`
        "#]],
    );
}
