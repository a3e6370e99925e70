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
    check(&format!("{QUEUE}{faults}"), &[("must_be_fast", 1.0, "a; nobody waits longer for a slow b")]);
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
        &[("must_be_up", f64::NAN, ""), ("must_be_fast", f64::NAN, ""), ("hops_to_answer", f64::NAN, "")],
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
    // Of one that is served: it begins, is sent, taken up, answered; the answer is sent, the request done, the customer
    // has the answer, which is delivered, and nothing is left to do.
    let words = "over 100 requests";
    assert_eq!(cell(&table, "records_to_read"), Some((8.9, words.into())));
    assert_eq!(cell(&table, "places_to_look"), Some((2.0, words.into())));
}

#[test]
fn queues_of_one_broker_are_down_one_by_one() {
    let broker = "
services:
  a: {}
  b: {}
  c: {}
channels:
  left: { profile: rabbitmq-quorum }
  right: { profile: rabbitmq-quorum }
  log: { profile: kafka }
handlers:
  a: { order: [send: { command: do_b, to: left }, send: { command: do_c, to: right }, publish: { event: ordered, on: log }, reply: yes] }
  b: { do_b: [set: b_done] }
  c: { do_c: [set: c_done], ordered: [set: c_heard] }
";
    let common = TEN_A_SECOND.replace("to: shop", "to: a");
    let table = table(study_of(&common, broker, Settings { seeds: 1, ..Settings::default() }));
    let (_, words) = cell(&table, "blast_radius").unwrap();
    let brokers =
        [words.matches("rabbitmq-quorum (left, right)").count(), words.matches("kafka (log)").count()];
    assert_eq!(brokers, [1, 1], "{words}");
}

#[test]
fn who_only_answers_knows_the_flow() {
    // An orchestrator knows it alone; of those who hear from each other all but the last do.
    let asked = "
services:
  a: {}
  b: {}
  c: {}
channels:
  to_b: { profile: rabbitmq-quorum }
  to_c: { profile: rabbitmq-quorum }
  replies: { profile: rabbitmq-quorum }
handlers:
  a:
    order: [reply: yes, send: { command: do_b, to: to_b }]
    b_ready: [send: { command: do_c, to: to_c }]
    c_ready: [set: done]
  b: { do_b: [publish: { event: b_ready, on: replies }] }
  c: { do_c: [publish: { event: c_ready, on: replies }] }
";
    check(asked, &[("flow_places", 1.0, "a")]);
    let heard = "
services:
  a: {}
  b: {}
  c: {}
channels:
  events: { profile: kafka }
handlers:
  a: { order: [reply: yes, publish: { event: ordered, on: events }] }
  b: { ordered: [publish: { event: b_ready, on: events }] }
  c: { b_ready: [set: done] }
";
    check(heard, &[("flow_places", 2.0, "a, b")]);
}
