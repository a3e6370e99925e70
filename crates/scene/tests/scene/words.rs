//! The stage in words.

use expect_test::{Expect, expect};
use scene::describe;

use crate::parts::{Architecture, shown};

fn check(architecture: Architecture, expected: Expect) {
    let shown = shown(architecture, 5_200);
    let said = describe(&shown.world, &shown.layout, &shown.scenery);
    let lines: Vec<String> = said.into_iter().map(|(_, words)| words).collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn calls_are_told_wrongly() {
    check(
        Architecture::Calls,
        expect![[r#"
        shopper: client, 3 waiting, 4 answered, 13 refused, 0 gave up
        orders: service, 0 of 4 workers working, 2 waiting for a reply, 0 in inbox
        payment: service, down for 3.2 s, 2 workers, 0 in inbox, 15 lost (the receiver was down)
        shipping: service, 0 of 2 workers working, 0 waiting for a reply, 0 in inbox
    "#]],
    );
}

#[test]
fn a_topic_is_told_wrongly() {
    check(
        Architecture::Topic,
        expect![[r#"
        shopper: client, 1 waiting, 19 answered, 0 refused, 0 gave up
        orders: service, 0 of 4 workers working, 0 waiting for a reply, 0 in inbox
        payment: service, down for 3.2 s, 2 workers, 0 in inbox, 2 lost (the receiver was down), 1 lost (in memory when it crashed), 12 lost (subscriber away)
        shipping: service, 1 of 2 workers working, 0 waiting for a reply, 0 in inbox
        order-events: topic, 1 of 2 subscribers listening
    "#]],
    );
}

#[test]
fn queues_are_told_wrongly() {
    check(
        Architecture::Queues,
        expect![[r#"
        shopper: client, 1 waiting, 19 answered, 0 refused, 0 gave up
        orders: service, 0 of 4 workers working, 0 waiting for a reply, 0 in inbox
        payment: service, down for 3.2 s, 2 workers, 0 in inbox
        shipping: service, 1 of 2 workers working, 0 waiting for a reply, 0 in inbox
        payment-jobs: queue, 16 ready, 0 unacknowledged, 0 dead letters
        shipping-jobs: queue, 5 ready, 2 unacknowledged, 0 dead letters
    "#]],
    );
}
