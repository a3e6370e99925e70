//! The stage in words.

use expect_test::{Expect, expect};
use scene::describe;

use crate::kinds;
use crate::parts::{Architecture, Shown, WIDE, at, shown};

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

/// What is said of the channel, a line for each part.
fn check_channel(making: kinds::Making, expected: Expect) {
    let shown = Shown::at(making.done(), at(5_200), WIDE);
    let said = describe(&shown.world, &shown.layout, &shown.scenery);
    let words = said.into_iter().find(|(place, _)| *place == topology::Place::Channel(kinds::CHANNEL));
    expected.assert_eq(&(words.unwrap().1.replace("; ", ";\n") + "\n"));
}

#[test]
fn a_queue_with_a_bound_and_delays_is_told_wrongly() {
    check_channel(
        kinds::queue(Some(3)),
        expect![[r#"
        order-events: queue, 3 ready of at most 3, 4 unacknowledged, 4 later, 0 dead letters, 5 lost (no room left)
    "#]],
    );
}

#[test]
fn an_exchange_is_told_wrongly() {
    check_channel(
        kinds::exchange(),
        expect![[r#"
        order-events: exchange;
        to look at (payment.failed.fraud.suspected): 18 ready, 2 unacknowledged;
        billing (order.*): 34 ready, 2 unacknowledged;
        mail (order.#, refund.#): 42 ready, 0 unacknowledged, away;
        0 dead letters
    "#]],
    );
}

#[test]
fn a_log_is_told_wrongly() {
    check_channel(
        kinds::partitions(3),
        expect![[r#"
            order-events: log;
            partition 0: 10 entries, billing is 5 behind with 1 unacknowledged, owned by billing 1, search is 7 behind with 1 unacknowledged, owned by search 1;
            partition 1: 9 entries, billing is 4 behind with 1 unacknowledged, owned by billing 2, search is 7 behind, owned by search 1;
            partition 2: 5 entries, billing is 0 behind with 1 unacknowledged, owned by billing 3, search is 2 behind, owned by search 1;
            billing 4 idle
        "#]],
    );
    check_channel(
        kinds::stream(),
        expect![[r#"
        order-events: log;
        partition 0: 48 entries, billing is 41 behind with 1 unacknowledged, mail is 15 behind with 1 unacknowledged
    "#]],
    );
}

#[test]
fn a_table_is_told_wrongly() {
    check_channel(
        kinds::table(channel::Claim::Naive),
        expect![[r#"
        order-events: jobs table, 21 pending, looked at 3 times, 0 running, 3 done, 0 dead letters
    "#]],
    );
    check_channel(
        kinds::table(channel::Claim::SkipLocked),
        expect![[r#"
        order-events: jobs table, 15 pending, 2 running, 4 later, 3 done, 0 dead letters
    "#]],
    );
}
