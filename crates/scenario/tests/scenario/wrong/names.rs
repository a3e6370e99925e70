//! Names that are wrong or stand for nothing.

use expect_test::expect;

use super::check;

#[test]
fn a_name_with_a_bracket() {
    check(
        r#"services: { "<script>": { workers: 2 }, shop: {} }"#,
        expect![[r#"
        1:13: error: services: the name `<script>` contains `<`; a name consists of letters, digits, `_`, `-`, `.` and single spaces, at most 60 characters, and begins with a letter, a digit or `_`
    "#]],
    );
}

#[test]
fn a_name_that_is_too_long() {
    check(
        "services: { shop: {}, sssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss: {} }",
        expect![[r#"
            1:23: error: services: the name `ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss…` has 61 characters; a name consists of letters, digits, `_`, `-`, `.` and single spaces, at most 60 characters, and begins with a letter, a digit or `_`
        "#]],
    );
}

#[test]
fn a_name_with_spaces_that_nobody_sees() {
    check(
        r#"services: { shop: {}, "shop ": {}, "a  b": {} }"#,
        expect![[r#"
        1:23: error: services: the name `shop ` begins wrongly or has spaces that nobody sees; a name consists of letters, digits, `_`, `-`, `.` and single spaces, at most 60 characters, and begins with a letter, a digit or `_`
        1:36: error: services: the name `a  b` begins wrongly or has spaces that nobody sees; a name consists of letters, digits, `_`, `-`, `.` and single spaces, at most 60 characters, and begins with a letter, a digit or `_`
    "#]],
    );
}

#[test]
fn an_empty_name() {
    check(
        r#"services: { shop: {}, "": {} }"#,
        expect![[r#"
        1:23: error: services: a name is empty; a name consists of letters, digits, `_`, `-`, `.` and single spaces, at most 60 characters, and begins with a letter, a digit or `_`
    "#]],
    );
}

#[test]
fn one_name_for_a_client_and_a_service() {
    check(
        "services: { shop: { workers: 2 }, shopper: { workers: 1 } }",
        expect![[r#"
            1:35: error: service shopper: there is a client of that name in line 4; give one of them another name, so that messages know where to go
            1:35: warning: service shopper has no handler in any variant; say what it does with a message under `handlers: shopper:`, or remove it
        "#]],
    );
}

#[test]
fn one_name_for_a_service_and_a_channel() {
    check(
        r#"
variants:
  queue:
    channels: { shop: { profile: rabbitmq-quorum } }
"#,
        expect![[r#"
            3:17: error: channel shop: there is a service of that name in line 7; give one of them another name, so that messages know where to go
        "#]],
    );
}

#[test]
fn a_client_that_addresses_nobody() {
    check(
        "clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shpo } }",
        expect![[r#"
            1:64: error: request of order by shopper: there is no service or channel shpo; did you mean shop?
        "#]],
    );
}

#[test]
fn a_client_that_addresses_a_client() {
    check(
        "clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shopper } }",
        expect![[r#"
            1:64: error: request of order by shopper: shopper is a client, and clients only ask; use `reply` to answer a client
        "#]],
    );
}

#[test]
fn a_client_without_target() {
    check(
        r#"
clients:
  shopper: { arrivals: poisson 5/s, sends: order }
"#,
        expect![[r#"
            2:3: error: clients.shopper has no `to`; add `to:`: A service, which answers, or a channel, which does not.
        "#]],
    );
}

#[test]
fn no_client() {
    check(
        "clients: {}",
        expect![[r#"
        1:1: error: there is no client, so nothing ever happens; add one under `clients:`
        5:21: warning: shop handles order, which nobody sends to it; none is defined yet
    "#]],
    );
}

#[test]
fn handlers_of_an_unknown_service() {
    check(
        "handlers: { shop: { order: [reply] }, shpo: { order: [reply], refund: [reply] } }",
        expect![[r#"
        1:39: error: handlers: there is no service shpo; did you mean shop?
    "#]],
    );
}

#[test]
fn a_link_to_an_unknown_place() {
    check(
        "links: { between: [{ places: [shop, paymnet], loss: 1% }, { places: [shop, shop], loss: 1% }] }",
        expect![[r#"
            1:37: error: links.between: there is nothing called paymnet; expected a client, service or channel: shop or shopper
            1:76: error: links.between: both places are shop; expected two different places
        "#]],
    );
}

#[test]
fn a_variant_that_changes_an_unknown_client() {
    check(
        "variants: { other: { clients: { shoper: { patience: 2s } } } }",
        expect![[r#"
            1:33: error: a variant adds no client, and there is none called shoper above to be changed; did you mean shopper?
        "#]],
    );
}

#[test]
fn a_variant_that_adds_a_service() {
    check(
        "variants: { other: { services: { payment: { workers: 2 } } } }",
        expect![[r#"
            1:34: error: a variant adds no service, and there is none called payment above to be changed; expected a service: shop
        "#]],
    );
}

#[test]
fn a_check_in_a_variant() {
    check(
        "variants: { other: { checks: [{ never: paid > 1 }] } }",
        expect![[r#"
            1:22: error: variants.other has the unknown key `checks`; expected one of: about, cures, clients, services, links, channels or handlers
        "#]],
    );
}

#[test]
fn a_call_to_nobody_in_one_variant_of_two() {
    check(
        r#"
variants:
  calls: { handlers: { shop: { order: [call: { to: shp, send: charge }] } } }
  plain: {}
"#,
        expect![[r#"
            2:52: error: call of charge by shop: there is no service shp (variant calls); did you mean shop?
        "#]],
    );
}

#[test]
fn a_fact_that_is_no_name() {
    check(
        "handlers: { shop: { order: [set: and, set: 2nd, set: is paid] } }",
        expect![[r#"
            1:34: error: handlers.shop.order.set: `and` is a word of expressions; take another name, such as `paid`
            1:44: error: handlers.shop.order.set: `2nd` cannot be a name in expressions; expected a letter first and no spaces, such as `paid`
            1:54: error: handlers.shop.order.set: `is paid` cannot be a name in expressions; expected a letter first and no spaces, such as `paid`
        "#]],
    );
}

#[test]
fn a_link_that_is_described_twice() {
    check(
        "links: { between: [{ places: [shop, shopper], loss: 1% }, { places: [shopper, shop], latency: 2ms }] }",
        expect![[r#"
            1:70: error: the link between shopper and shop is described twice; the first is in line 1: join them
        "#]],
    );
}

#[test]
fn a_link_that_no_message_takes() {
    check(
        "
services: { shop: {}, bank: {} }
handlers: { shop: { order: [send: { command: pay, to: bank }, reply] }, bank: { pay: [work] } }
links: { between: [{ places: [bank, shopper], loss: 1% }] }
",
        expect![[r#"
            3:31: warning: links.between: nothing is sent between bank and shopper; name two places between which messages go, such as a service and its channel
        "#]],
    );
}

#[test]
fn a_link_to_a_channel_of_one_variant_is_wrong() {
    check(
        "
handlers: { shop: { order: [reply], ordered: [work] } }
links: { between: [{ places: [shop, events], loss: 1% }] }
variants:
  plain: {}
  topic:
    channels: { events: { profile: redis-pubsub } }
    handlers: { shop: { order: [publish: { event: ordered, on: events }, reply] } }
",
        expect![[""]],
    );
}
