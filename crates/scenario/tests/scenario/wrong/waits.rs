//! Waiting for what never comes.

use expect_test::expect;

use super::check;

#[test]
fn a_wait_that_nothing_can_end() {
    check(
        r#"
services: { shop: { store: { stock: per service } }, payment: { store: { balance: per case } } }
handlers:
  shop:
    order:
      - set: paid
      - wait: { until: paid }
      - wait: { until: now > 5s }
      - wait: { until: balance > 3 }
      - wait: { until: blance > 3 }
      - wait: { until: stock > 3 or paid }
  payment: { charge: [store: balance] }
"#,
        expect![[r#"
            6:24: error: shop on order: nothing can make this true later; name a cell that shop keeps; a pause is written like `wait: 5s`
            7:24: error: shop on order: nothing can make this true later; name a cell that shop keeps; a pause is written like `wait: 5s`
            8:24: error: shop on order: balance is kept by payment, and shop does not see it; call payment and `take` it from the answer, or keep it in shop
            9:24: error: shop on order: there is no fact, field or cell blance; expected a fact, field or cell: stock or paid
            10:24: error: nothing stores stock while this waits; store it in a handler of shop for another message
            11:14: warning: payment handles charge, which nobody sends to it; expected a message that is sent: order
        "#]],
    );
}

#[test]
fn a_step_that_waits_for_itself() {
    check(
        r#"
services: { shop: { memory: { paid: per case, shipped: per case } } }
handlers:
  shop:
    order:
      - wait: { until: paid and shipped }
      - remember: paid
      - forget: shipped
      - reply
"#,
        expect![[r#"
            5:24: warning: paid is stored only after this wait, by the same handler: it waits for ever; store it in another handler, before this, or in a branch beside it (`parallel`)
            5:24: warning: shipped is stored only after this wait, by the same handler: it waits for ever; store it in another handler, before this, or in a branch beside it (`parallel`)
        "#]],
    );
}

#[test]
fn a_step_that_waits_for_a_branch_beside_it() {
    check(
        r#"
services: { shop: { memory: { paid: per case } } }
handlers:
  shop:
    order:
      - parallel:
          - [wait: { until: paid }]
          - [{ chance: 10%, then: [remember: paid] }]
      - reply
"#,
        expect![[r#""#]],
    );
}

#[test]
fn a_step_that_waits_in_its_own_branch() {
    check(
        r#"
services: { shop: { memory: { paid: per case } } }
handlers:
  shop:
    order:
      - parallel:
          - [wait: { until: paid, for: 1s }, remember: paid]
          - [work]
      - reply
"#,
        expect![[r#"
            6:29: warning: paid is stored only after this wait, by the same handler; store it in another handler, before this, or in a branch beside it (`parallel`)
        "#]],
    );
}

#[test]
fn a_lock_that_is_free_at_first() {
    check(
        r#"
services: { shop: { memory: { busy: per service } } }
handlers:
  shop:
    order:
      - wait: { until: busy < 2 }
      - remember: { busy: busy + 1 }
      - work
      - remember: { busy: busy - 1 }
"#,
        expect![[r#""#]],
    );
}

#[test]
fn a_count_to_which_each_message_adds() {
    check(
        r#"
services: { shop: { memory: { packed: per case } } }
handlers:
  shop:
    order:
      - remember: { packed: packed + 1 }
      - wait: { until: packed = 3 }
"#,
        expect![[r#""#]],
    );
}

/// A shop in which an order waits until it is paid and packed, and who sends what.
fn join(variants: &str) -> String {
    format!(
        r#"
channels: {{ events: {{ profile: redis-pubsub }} }}
services: {{ shop: {{ memory: {{ paid: per case, packed: per case }} }}, payment: {{}}, stock: {{}} }}
handlers:
  shop:
    order:
      - publish: {{ event: ordered, on: events }}
      - wait: {{ until: paid and packed, for: 5s }}
        else: [fail]
      - wait: {{ until: packed }}
    was_paid: [remember: paid]
    was_packed: [remember: packed]
  payment: {{ ordered: [publish: {{ event: was_paid, on: events }}] }}
  stock: {{ ordered: [publish: {{ event: was_packed, on: events }}] }}
{variants}
"#
    )
}

#[test]
fn a_join_as_it_should_be() {
    check(&join(""), expect![[r#""#]]);
}

#[test]
fn a_join_whose_partner_never_comes() {
    check(
        &join("variants: { whole: {}, half: { handlers: { stock: { ordered: [work] } } } }"),
        expect![[r#"
            7:24: warning: this waits for packed, which shop stores only on was_packed, which nobody sends to it (variant half); send it, or leave out what never comes
            9:24: warning: this waits for packed, which shop stores only on was_packed, which nobody sends to it: it waits for ever (variant half); send it, or say `for:` how long to wait
        "#]],
    );
}

#[test]
fn a_join_whose_partner_stores_nothing() {
    check(
        &join("variants: { whole: {}, half: { handlers: { shop: { was_packed: [work] } } } }"),
        expect![[r#"
            7:24: warning: this waits for packed too, which nothing stores (variant half); store it in a handler of shop, or leave it out
            9:24: warning: nothing stores packed while this waits (variant half); store it in a handler of shop for another message
        "#]],
    );
}
