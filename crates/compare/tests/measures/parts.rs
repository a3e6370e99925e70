//! What the architecture says, and what hangs on each part.

use compare::Settings;

use crate::{TEN_A_SECOND, cell, small, study_of, table};

/// Each calls the next and has its own to do when that is done.
const CHAIN: &str = "
services:
  a: { workers: 4, work: 10ms }
  b: { workers: 4, work: 10ms }
  c: { workers: 4, work: 10ms }
handlers:
  a: { order: [work, call: { to: b, send: do_b }, set: a_done, reply: yes] }
  b: { do_b: [work, call: { to: c, send: do_c }, set: b_done] }
  c: { do_c: [work, set: c_done] }
";

/// One puts a command into the other's queue.
const QUEUE: &str = "
services:
  a: { workers: 4, work: 10ms }
  b: { workers: 4, work: 10ms }
channels:
  jobs: { profile: rabbitmq-quorum }
handlers:
  a: { order: [work, send: { command: do_b, to: jobs }, set: a_done, reply: yes] }
  b: { do_b: [work, set: b_done] }
";

/// One tells whoever wants to know, in the memory of its process.
const BUS: &str = "
services:
  a: { workers: 4, work: 10ms }
  b: { workers: 4, work: 10ms }
  idle: {}
channels:
  events: { profile: in-memory-bus }
handlers:
  a: { order: [work, publish: { event: ordered, on: events }, set: a_done, reply: yes] }
  b: { ordered: [work, set: b_done] }
  idle: { unheard: [publish: { event: never_sent, on: events }] }
";

/// Holds rows of a scenario whose customers ask `a` to (row, value, in words).
fn check(rest: &str, expected: &[(&str, f64, &str)]) {
    check_of(&TEN_A_SECOND.replace("to: shop", "to: a"), rest, expected);
}

fn check_of(common: &str, rest: &str, expected: &[(&str, f64, &str)]) {
    let table = table(study_of(common, rest, Settings { seeds: 1, ..Settings::default() }));
    for &(row, value, words) in expected {
        let (found, detail) = cell(&table, row).unwrap_or((f64::NAN, String::new()));
        assert!(crate::same(found, value) && detail == words, "{row}: {found} {detail:?}");
    }
}

#[test]
fn a_chain_of_calls_stands_without_one_of_its_services() {
    check(
        CHAIN,
        &[
            ("must_be_up", 3.0, "a, b, c"),
            ("blast_radius", 1.0, "a 100 %, b 100 %, c 100 %"),
            ("must_be_fast", 3.0, "a, b, c"),
            ("hops_to_answer", 6.0, "over 100 answers"),
            ("names", 2.0, "a calls b; b calls c"),
            ("channels", 0.0, ""),
            ("message_types", 3.0, "order, do_b, do_c"),
            ("flow_places", 2.0, "a, b"),
        ],
    );
}

#[test]
fn who_takes_from_a_queue_takes_others_down() {
    check(
        QUEUE,
        &[
            ("must_be_up", 1.0, "a; without b, jobs nobody is turned away"),
            // Of three things (the answer, what a does, what b does) the queue takes one down, and b only its own.
            (
                "blast_radius",
                (1.0 + 0.0 + 1.0 / 3.0) / 3.0,
                "a 100 %, jobs 33 %; without b nothing else fails",
            ),
            ("must_be_fast", 1.0, "a; nobody waits longer for a slow b"),
            ("hops_to_answer", 2.0, "over 100 answers"),
            ("names", 1.0, "a commands b"),
            ("channels", 1.0, "jobs (rabbitmq-quorum)"),
            ("message_types", 2.0, "order, do_b"),
            ("flow_places", 1.0, "a"),
        ],
    );
}

#[test]
fn a_bus_in_a_process_is_down_alone() {
    check(
        BUS,
        &[
            ("must_be_up", 1.0, "a; without b nobody is turned away"),
            ("blast_radius", 0.5, "a 100 %; without b nothing else fails"),
            // An event is for whoever listens, and what is never sent counts for nothing.
            ("names", 0.0, ""),
            ("channels", 1.0, "events (in-memory-bus)"),
            ("message_types", 2.0, "order, ordered"),
            ("flow_places", 1.0, "a"),
        ],
    );
}

#[test]
fn a_fault_of_the_plan_blurs_an_experiment() {
    let faults = "faults:\n  - { at: 0s, crash: b }\n  - { at: 0s, slow: a, by: 9x }\n";
    check(
        &format!("{QUEUE}{faults}"),
        &[
            ("must_be_up", 1.0, "a; without b, jobs nobody is turned away"),
            ("must_be_fast", 1.0, "a; nobody waits longer for a slow b"),
        ],
    );
}

#[test]
fn what_is_only_done_because_something_failed_makes_up_for_it() {
    // Without b the order is cancelled, which is a fact as well.
    let cancelled = "
services:
  a: { workers: 4 }
  b: {}
handlers:
  a:
    order:
      - try: [call: { to: b, send: do_b }, set: shipped]
        else: [set: cancelled]
      - reply: yes
  b: { do_b: [set: b_done] }
";
    check(cancelled, &[("blast_radius", (1.0 + 0.5) / 2.0, "a 100 %, b 50 %")]);
}

#[test]
fn users_who_come_again_sooner_count_as_more_work_done() {
    // Who is refused at once asks twenty times as often.
    let users = TEN_A_SECOND
        .replace("arrivals: constant 10/s, until: 10s", "arrivals: users 4 thinking 50ms, until: 10s")
        .replace("to: shop", "to: a");
    let slow = CHAIN.replace("c: { workers: 4, work: 10ms }", "c: { workers: 4, work: 1s }");
    let expected = [("must_be_up", 3.0, "a, b, c"), ("blast_radius", 1.0, "a 100 %, b 100 %, c 100 %")];
    check_of(&users, &slow, &expected);
}

#[test]
fn customers_who_wait_for_no_answer_are_turned_away() {
    let into_the_queue = TEN_A_SECOND.replace("to: shop", "to: jobs");
    let worker = "
services:
  b: { work: 10ms }
  c: { work: 10ms }
channels:
  jobs: { profile: rabbitmq-quorum }
  events: { profile: redis-pubsub }
handlers:
  b: { order: [work, set: b_done, publish: { event: worked, on: events }] }
  c: { worked: [work, set: c_done] }
";
    check_of(
        &into_the_queue,
        worker,
        &[
            ("must_be_up", f64::NAN, ""),
            ("must_be_fast", f64::NAN, ""),
            ("hops_to_answer", f64::NAN, ""),
            (
                "blast_radius",
                (1.0 + 0.0 + 1.0 + 0.5) / 4.0,
                "b 100 %, jobs 100 %, events 50 %; without c nothing else fails",
            ),
        ],
    );
}

#[test]
fn what_there_is_to_read_is_something_else() {
    // Of a request that is refused at the door: it begins, is sent, and the answer is no; the answer is sent, the
    // request lost, the customer refused; the answer is delivered, and nothing is left to do.
    let down = "
services:
  shop: {}
handlers:
  shop: { order: [reply: yes] }
faults:
  - { at: 5050ms, crash: shop, for: 1s }
";
    let table = table(small(down));
    let words = "over 10 requests that go wrong in the run";
    assert_eq!(cell(&table, "records_to_read"), Some((8.0, words.into())));
    assert_eq!(cell(&table, "places_to_look"), Some((2.0, words.into())));
}
