//! What services keep, clocks, rebuilds, and variants that cure each other.

use expect_test::expect;

use super::check;

#[test]
fn a_cell_that_is_kept_for_nobody() {
    check(
        r#"
services:
  shop:
    store: { charged: per customer, seen: {}, last: { per: per key }, first: case, gone: { per: case, for: 0s, starts: -1 } }
"#,
        expect![[r#"
            3:23: error: services.shop.store.charged: `per customer` is not a scope of cells; expected one of: per case, per key or per service
            3:37: error: services.shop.store.seen has no `per`; add `per:`: For what it is kept apart.
            3:60: error: services.shop.store.last.per: `per key` is not a scope of cells; expected one of: case, key or service
            3:78: error: services.shop.store.first: `case` is not a scope of cells; did you mean per case?
            3:108: error: services.shop.store.gone.for: `0s` is no time at all; expected a duration above zero, such as 2s
            3:120: error: services.shop.store.gone.starts: `-1` is not such a number; expected a whole number from 0 to 2147483647
        "#]],
    );
}

#[test]
fn a_clock_that_stands_somewhere() {
    check(
        "services: { shop: { clock: 5 } }",
        expect![[r#"
        1:28: error: services.shop.clock: `5` has no unit; expected how far the clock is ahead or behind, such as +5s or -200ms
    "#]],
    );
    check(
        "services: { shop: { clock: -100us } }",
        expect![[r#"
        1:28: error: services.shop.clock: `-100us` is not a whole number of milliseconds; expected how far the clock is ahead or behind, such as +5s or -200ms
    "#]],
    );
    check(
        "services: { shop: { clock: 5 o'clock } }",
        expect![[r#"
        1:28: error: services.shop.clock: `5 o'clock` has a space before its unit; expected how far the clock is ahead or behind, such as +5s or -200ms
    "#]],
    );
}

#[test]
fn a_cell_that_is_stored_in_memory() {
    check(
        r#"
services: { shop: { store: { charged: per case }, memory: { seen: per case } } }
handlers: { shop: { order: [store: seen, remember: charged, forget: seen, reply] } }
"#,
        expect![[r#"
            2:36: error: shop on order: `store` of seen, which shop keeps in memory; use `remember`, or move it under `store:`
            2:52: error: shop on order: `remember` of charged, which shop stores; use `store`, or move it under `memory:`
        "#]],
    );
}

#[test]
fn a_cell_that_nobody_keeps() {
    check(
        r#"
services: { shop: { store: { charged: per case } } }
handlers: { shop: { order: [store: chraged, remember: seen, forget: { a: 1 }, reply] } }
"#,
        expect![[r#"
            2:36: error: shop on order: shop keeps nothing called chraged; did you mean the cell charged?
            2:55: error: shop on order: shop keeps nothing called seen; expected a cell that it keeps: charged
            2:69: error: handlers.shop.order.forget is a mapping; expected the name of a cell
        "#]],
    );
    check(
        "handlers: { shop: { order: [remember: seen, reply] } }",
        expect![[r#"
        1:39: error: shop on order: shop keeps nothing called seen; write `memory: { seen: per case }` under `services: shop:`
    "#]],
    );
}

#[test]
fn a_cell_of_another_service() {
    check(
        r#"
services: { shop: {}, accounts: { store: { balance: per key } } }
handlers:
  shop:
    order:
      - store: { balance: 1 }
      - { if: balance > 1, then: [fail] }
      - measure: { shown: balance }
      - call: { to: accounts, send: ask, take: [amount, paid, shown] }
      - set: paid
  accounts: { ask: [reply] }
"#,
        expect![[r#"
            5:18: error: shop on order: balance is kept by accounts; a handler changes what its own service keeps: send accounts a command
            6:15: error: shop on order: balance is kept by accounts, and shop does not see it; call accounts and `take` it from the answer, or keep it in shop
            8:49: error: shop on order: no message has the field amount; none is defined yet
            8:57: error: shop on order: paid is a fact; expected a field of the answer
            8:63: error: shop on order: shown is a figure; expected a field of the answer
        "#]],
    );
}

#[test]
fn a_cell_that_one_variant_keeps_differently() {
    check(
        r#"
services: { shop: { store: { charged: per case } } }
handlers: { shop: { order: [{ if: charged, then: [fail] }, store: charged, reply] } }
variants:
  kept: {}
  lost: { services: { shop: { memory: { charged: per case } } } }
"#,
        expect![[r#"
            2:67: error: shop on order: `store` of charged, which shop keeps in memory (variant lost); use `remember`, or move it under `store:`
        "#]],
    );
}

#[test]
fn one_cell_in_two_services() {
    check(
        r#"
services: { shop: { store: { seen: per case } }, mail: { memory: { seen: per case } } }
handlers: { shop: { order: [reply] }, mail: { post: [work] } }
"#,
        expect![[r#"
            1:68: error: seen is the name of a cell of mail, and in line 1 of a cell of shop; facts, fields, cells, figures and clients stand in the same expressions: rename one of them
            2:47: warning: mail handles post, which nobody sends to it; expected a message that is sent: order
        "#]],
    );
}

#[test]
fn one_cell_twice_in_a_service() {
    check(
        "services: { shop: { store: { seen: per case }, memory: { seen: per case } } }",
        expect![[r#"
        1:58: error: shop both stores and remembers seen; a cell stands under `store:` or under `memory:`: remove or rename one of them
    "#]],
    );
}

#[test]
fn a_rebuild_of_nothing() {
    check(
        r#"
channels: { events: { profile: redis-pubsub } }
faults: [{ at: 5s, rebuild: shop }, { at: 6s, rebuild: shop }, { at: 7s, rebuild: events }, { at: 8s, rebuild: shpo }]
"#,
        expect![[r#"
            2:29: warning: rebuild: shop keeps nothing that could be rebuilt; write what it keeps under `services: shop: store:`
            2:56: warning: rebuild: shop keeps nothing that could be rebuilt; write what it keeps under `services: shop: store:`
            2:83: error: rebuild: events is a channel; expected a service
            2:112: error: rebuild: there is no service shpo; did you mean shop?
        "#]],
    );
    check(
        "faults: [{ at: 5s, rebuild: shop, for: 5s }]",
        expect![[r#"
        1:35: error: faults: a rebuild has the unknown key `for`; expected one of: rebuild or at
    "#]],
    );
}

#[test]
fn a_variant_that_cures_nothing() {
    check(
        "variants: { naive: {}, cured: { cures: niave }, other: { cures: other } }",
        expect![[r#"
        1:40: error: variants.cured.cures: there is no variant niave; did you mean naive?
        1:65: error: variants.other.cures: other is a cure itself; the variant that shows the failure cures none: remove one of the two `cures`
    "#]],
    );
}

#[test]
fn variants_that_cure_one_another() {
    check(
        "variants: { a: { cures: b }, b: { cures: c }, c: { cures: b } }",
        expect![[r#"
        1:25: error: variants.a.cures: b is a cure itself; the variant that shows the failure cures none: remove one of the two `cures`
        1:42: error: variants.b.cures: c is a cure itself; the variant that shows the failure cures none: remove one of the two `cures`
        1:59: error: variants.c.cures: b is a cure itself; the variant that shows the failure cures none: remove one of the two `cures`
    "#]],
    );
}

#[test]
fn a_cure_without_a_failure() {
    check(
        "variants: { cured: { cures: naive } }",
        expect![[r#"
        1:29: error: variants.cured.cures: there is no variant naive; add the variant that shows the failure
    "#]],
    );
}
