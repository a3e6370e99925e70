//! Checks, faults and times.

use expect_test::expect;

use super::check;

#[test]
fn a_check_that_promises_nothing() {
    check(
        "checks: [{ nver: paid > 1 }, { why: because }, paid > 1]",
        expect![[r#"
            1:12: error: checks: `nver` is not a check; did you mean never?
            1:32: error: checks: `why` is not a check; expected one of: never, always, finally, within, total, ordered or lossless
            1:48: error: checks is `paid > 1`; expected a check
        "#]],
    );
}

#[test]
fn a_check_that_promises_two_things() {
    check(
        "checks: [{ never: paid > 1, always: paid }]",
        expect![[r#"
            1:10: error: checks has both `never` and `always`; a check has one of them; in a list the other begins a new item
            1:19: error: checks.never: there is no fact, figure or cell paid; none is defined yet
        "#]],
    );
}

#[test]
fn a_condition_that_is_not_complete() {
    check(
        r#"
checks:
  - never: paid >
  - never: (paid and reserved
  - never: paid & reserved
  - never: "paid > lots"
"#,
        expect![[r#"
            2:18: error: checks.never: the expression ends too early; expected a name or a number, as in `paid > 1`
            3:30: error: checks.never: the expression ends too early; expected a closing `)`
            4:17: error: checks.never: `&` means nothing in an expression; an expression has names, numbers, and, or, not, implies, comparisons, +, -, *, /, min, max and parentheses
            5:13: error: checks.never: there is no fact, figure or cell paid; none is defined yet
            5:20: error: checks.never: there is no fact, figure or cell lots; none is defined yet
        "#]],
    );
}

#[test]
fn a_fact_that_nobody_sets() {
    check(
        r#"
handlers: { shop: { order: [set: paid, reply] } }
checks:
  - { never: piad > 1 }
  - { always: paid implies shipped }
  - { within: 10s, reach: [paid, emailed] }
"#,
        expect![[r#"
            3:14: error: checks.never: there is no fact, figure or cell piad; did you mean the fact paid?
            4:28: error: checks.always: there is no fact, figure or cell shipped; expected a fact that is set, or a figure or cell: paid
            5:34: error: checks.reach: no handler sets the fact emailed; expected a fact that is set: paid
        "#]],
    );
}

#[test]
fn a_promise_after_the_end() {
    check(
        r#"
handlers: { shop: { order: [set: paid, reply] } }
checks: [{ within: 90s, reach: [paid] }]
"#,
        expect![[r#"
            2:20: warning: `within 90s` is longer than the run; the run ends at 60s, before it can be decided
        "#]],
    );
}

#[test]
fn a_promise_to_reach_nothing() {
    check(
        "checks: [{ within: 10s, reach: [] }]",
        expect![[r#"
        1:32: error: checks.reach has 0 items; expected 1 to 100
    "#]],
    );
}

#[test]
fn a_fault_that_is_none() {
    check(
        "faults: [{ at: 20s, crush: shop }, { at: 20s, for: 5s }]",
        expect![[r#"
            1:21: error: faults: `crush` is not a fault; did you mean crash?
            1:38: error: faults: `at` is not a fault; expected one of: crash, slow, cut or rebuild
        "#]],
    );
}

#[test]
fn a_fault_without_time() {
    check(
        "faults: [{ crash: shop, for: 10s }]",
        expect![[r#"
            1:10: error: faults: a crash has no `at`; add `at:`: When it begins.
        "#]],
    );
}

#[test]
fn a_crash_of_nobody() {
    check(
        "faults: [{ at: 20s, crash: shpo }, { at: 20s, crash: shopper }]",
        expect![[r#"
        1:28: error: crash: there is no service or channel shpo; did you mean shop?
        1:54: error: crash: shopper is a client; expected a service or channel: customers do not break
    "#]],
    );
}

#[test]
fn a_slow_channel() {
    check(
        r#"
channels: { events: { profile: redis-pubsub } }
faults: [{ at: 20s, slow: events, by: 5x }, { at: 20s, slow: shop, by: 5 }]
"#,
        expect![[r#"
            2:27: error: slow: events is a channel; expected a service; a link can be made slow with `links`
            2:72: error: faults.by: `5` has no unit; expected a factor with an x, such as 0.25x or 5x
        "#]],
    );
}

#[test]
fn a_cut_of_three() {
    check(
        "faults: [{ at: 20s, cut: [shop, shopper, shop] }]",
        expect![[r#"
        1:26: error: faults.cut has 3 items; expected 2
    "#]],
    );
}

#[test]
fn a_cut_where_nothing_goes() {
    check(
        r#"
services: { shop: {}, payment: {} }
faults: [{ at: 20s, cut: [shop, payment] }, { at: 20s, cut: [shop, paymnet] }]
"#,
        expect![[r#"
            1:23: warning: service payment has no handler in any variant; say what it does with a message under `handlers: payment:`, or remove it
            2:27: warning: cut: nothing is sent between shop and payment; name two places between which messages go, such as a service and its channel
            2:68: error: cut: there is nothing called paymnet; did you mean payment?
        "#]],
    );
}

#[test]
fn a_fault_after_the_end() {
    check(
        "faults: [{ at: 2min, crash: shop }]",
        expect![[r#"
            1:16: warning: the fault comes at 2min, after the end; the run ends at 60s
        "#]],
    );
}

#[test]
fn two_crashes_at_once() {
    check(
        "faults: [{ at: 20s, crash: shop, for: 10s }, { at: 25s, crash: shop, for: 10s }, { at: 40s, crash: shop }]",
        expect![[r#"
            1:52: warning: the crash of shop is already so since 20s; let the first one end before, or remove one: the first end ends both
        "#]],
    );
}

#[test]
fn a_client_that_ends_before_it_begins() {
    check(
        "clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, from: 30s, until: 20s } }",
        expect![[r#"
            1:88: error: client shopper ends at 20s and begins later; `from` is 30s: make `until` later
        "#]],
    );
}

#[test]
fn a_client_that_begins_after_the_end() {
    check(
        "clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, from: 90s } }",
        expect![[r#"
            1:76: warning: client shopper begins at 90s, after the end; the run ends at 60s
        "#]],
    );
}

#[test]
fn patience_with_a_channel() {
    check(
        r#"
channels: { orders: { profile: rabbitmq-quorum } }
clients: { shopper: { arrivals: poisson 5/s, sends: order, to: orders, patience: 2s } }
"#,
        expect![[r#"
            2:82: warning: client shopper has patience but waits for nothing; through a channel there is no answer: remove it, or ask a service
        "#]],
    );
}

#[test]
fn a_condition_that_is_a_number() {
    check(
        "checks: [{ never: 5 }]",
        expect![[r#"
            1:19: error: checks.never: this looks at nothing, so it is always the same; name a fact, such as `paid`
        "#]],
    );
}
