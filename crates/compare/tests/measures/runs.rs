//! One run: what became of customers, of their requests, and of the messages.

use compare::{Settings, Study, Turn};
use kernel::Span;

use crate::{BY_CALL, BY_TOPIC, PAYMENT_DOWN, TEN_A_SECOND, check, small, study_of, values, warmed_up};

/// A shop that takes 50 ms for an order and is never busy when the next comes.
const SHOP: &str = "
services:
  shop: { work: 50ms }
handlers:
  shop: { order: [work, set: done, reply: yes] }
";

#[test]
fn a_shop_that_takes_50_ms_takes_another_time() {
    check(
        &small(SHOP),
        &[
            ("response_mean", 50.0),
            ("response_p50", 50.0),
            ("response_p99", 50.0),
            ("turned_away", 0.0),
            ("completion_p50", 50.0),
            ("completion_p99", 50.0),
            ("drain", 50.0),
            ("unfinished", 0.0),
            ("taken_while_down", f64::NAN),
            // A hundred in 40 seconds.
            ("throughput", 2.5),
            // Nothing was promised that could be awaited.
            ("staleness_p50", f64::NAN),
            ("staleness_p99", f64::NAN),
            ("promises_broken", f64::NAN),
            ("lost", 0.0),
            ("done_twice", 0.0),
            ("out_of_order", 0.0),
            // The question and the answer.
            ("messages_per_case", 2.0),
            ("must_be_up", f64::NAN),
            ("names", f64::NAN),
        ],
    );
}

#[test]
fn the_warm_up_is_counted() {
    // From 5 s on there come 51, in 35 s.
    let five = warmed_up(SHOP, Span::from_millis(5_000));
    check(&five, &[("throughput", 51.0 / 35.0), ("messages_per_case", 2.0), ("response_mean", 50.0)]);
    // The first half finds a shop that is down.
    let crash = format!("{SHOP}faults:\n  - {{ at: 0s, crash: shop, for: 4960ms }}\n");
    check(&small(&crash), &[("turned_away", 0.49), ("lost", 0.0), ("taken_while_down", 0.0)]);
    let after = warmed_up(&crash, Span::from_millis(5_000));
    check(&after, &[("turned_away", 0.0), ("lost", 0.0), ("taken_while_down", f64::NAN)]);
    check(&after, &[("unfinished", 0.0), ("messages_per_case", 2.0)]);
}

#[test]
fn without_customers_there_are_figures() {
    let study = warmed_up(SHOP, Span::from_millis(11_000));
    let found = study.play(Turn::Run { contender: 0, number: 0 }, &mut || true).unwrap();
    assert!(found.values.iter().all(|value| value.is_nan()), "{:?}", found.values);
    assert_eq!(found.halted, None);
}

#[test]
fn a_crash_turns_away_others_than_those_who_come_meanwhile() {
    // From 4.1 to 6.0 s there come 20.
    check(
        &small(&format!("{PAYMENT_DOWN}{BY_CALL}")),
        &[
            ("turned_away", 0.2),
            ("taken_while_down", 0.0),
            // Who calls is told.
            ("lost", 0.0),
            ("missing:paid", 0.0),
            ("promises_broken", 0.0),
            ("unfinished", 0.0),
            ("throughput", 80.0 / 40.0),
            ("response_p50", 20.0),
            ("staleness_p99", 0.0),
        ],
    );
}

#[test]
fn a_topic_loses_others_than_those_sent_while_the_subscriber_is_away() {
    check(
        &small(&format!("{PAYMENT_DOWN}{BY_TOPIC}")),
        &[
            ("turned_away", 0.0),
            ("taken_while_down", 1.0),
            ("lost", 20.0),
            ("missing:paid", 20.0),
            ("promises_broken", 20.0),
            ("unfinished", 0.2),
            ("response_p50", 0.0),
            ("drain", 20.0),
        ],
    );
}

/// One after the other they take 20 s: order n comes after n tenths of a second, and is packed n fifths of a second after
/// the first has come.
const PACKING: &str = "
services:
  shop: { workers: 1 }
  packing: { work: 200ms }
channels:
  jobs: { profile: rabbitmq-quorum, prefetch: 1 }
checks:
  - { within: 30s, reach: [packed], why: Everybody gets a parcel. }
";

/// Holds a time that is known to 1 in 2,000.
fn about(study: &Study, row: &str, expected: f64) {
    let value = values(study, &[row])[0];
    assert!((value / expected - 1.0).abs() <= 1.0 / 2000.0, "{row}: {value} for {expected}");
}

#[test]
fn who_never_gets_anything_is_left_out() {
    // Of a hundred 20 never get it, the first of them waits for 35.9 s, the last for 34 s.
    let study = small(&format!("{PAYMENT_DOWN}{BY_TOPIC}"));
    for row in ["completion", "staleness"] {
        about(&study, &format!("{row}_p50"), 20.0);
        about(&study, &format!("{row}_p99"), 35_800.0);
    }
}

#[test]
fn what_is_lost_and_sent_again_is_unfinished() {
    let again = "
services:
  shop: { workers: 100, store: { is_paid: per case } }
  payment: { work: 20ms }
channels:
  orders: { profile: redis-pubsub }
checks:
  - { within: 20s, reach: [paid], why: Who was told yes pays. }
faults:
  - { at: 4070ms, crash: payment, for: 2s }
handlers:
  shop:
    order:
      - reply: yes
      - retry: { attempts: 10 }
        steps: [publish: { event: ordered, on: orders }, { wait: { until: is_paid, for: 1s } }]
    paid: [store: is_paid]
  payment: { ordered: [work, set: paid, publish: { event: paid, on: orders }] }
";
    let study = small(again);
    check(
        &study,
        &[("unfinished", 0.0), ("missing:paid", 0.0), ("throughput", 2.5), ("promises_broken", 0.0)],
    );
    assert!(values(&study, &["lost"])[0] >= 20.0);
}

#[test]
fn who_still_waits_is_forgotten() {
    let hangs = "
services:
  shop: { workers: 100, work: 60s }
handlers:
  shop: { order: [work, set: done, reply: yes] }
";
    check(
        &small(hangs),
        &[("turned_away", 1.0), ("throughput", 0.0), ("drain", f64::NAN), ("unfinished", f64::NAN)],
    );
}

#[test]
fn what_waits_in_a_queue_is_done_at_another_time() {
    let queue = &format!(
        "{PACKING}
handlers:
  shop: {{ order: [send: {{ command: pack, to: jobs }}, reply: yes] }}
  packing: {{ pack: [work, set: packed] }}
"
    );
    let study = small(queue);
    let exact = [("drain", 10_100.0), ("unfinished", 0.0), ("throughput", 2.5), ("response_mean", 0.0)];
    check(&study, &exact);
    for row in ["completion", "staleness"] {
        about(&study, &format!("{row}_p50"), 5_100.0);
        about(&study, &format!("{row}_p99"), 10_000.0);
    }
    // At the end of a shorter run the 50th of 100 has just been packed.
    let shorter = study_of(&TEN_A_SECOND.replace("40s", "10150ms"), queue, Settings::default());
    check(&shorter, &[("unfinished", 0.5), ("drain", 100.0)]);
}

#[test]
fn somebody_is_turned_away_who_waits_for_no_answer() {
    let queue = "
services:
  shop: { work: 30ms }
channels:
  orders: { profile: rabbitmq-quorum }
checks:
  - { within: 20s, reach: [packed], why: Everybody gets a parcel. }
faults:
  - { at: 4070ms, crash: shop, for: 2s }
handlers:
  shop: { order: [work, set: packed] }
";
    let into_the_queue = TEN_A_SECOND.replace("to: shop", "to: orders");
    let study = study_of(&into_the_queue, queue, Settings::default());
    check(&study, &[("turned_away", f64::NAN), ("response_mean", f64::NAN), ("taken_while_down", f64::NAN)]);
    check(&study, &[("unfinished", 0.0), ("missing:packed", 0.0), ("throughput", 2.5)]);
    let staleness = values(&study, &["staleness_p50"])[0];
    assert!((staleness / 30.0 - 1.0).abs() <= 1.0 / 2000.0, "{staleness}");
}

#[test]
fn what_is_done_twice_is_counted_otherwise() {
    let twice = "
services:
  shop: { work: 1ms }
handlers:
  shop: { order: [work, set: a, set: a, set: a, set: b, set: b, set: c, reply: yes] }
";
    check(&small(twice), &[("done_twice", 100.0)]);
    check(&warmed_up(twice, Span::from_millis(5_000)), &[("done_twice", 51.0)]);
    let promised =
        |fact| format!("{twice}checks:\n  - {{ within: 20s, reach: [{fact}], why: It is promised. }}\n");
    check(&small(&promised("b")), &[("done_twice", 100.0), ("staleness_p99", 0.0)]);
    check(&small(&promised("c")), &[("done_twice", 0.0), ("staleness_p99", 0.0)]);
}

#[test]
fn what_is_overtaken_is_counted_otherwise() {
    // Of one order the first message is on its way when the second has long been taken up.
    let overtaken = "
services:
  shop: {}
  store: {}
channels:
  detour: { profile: rabbitmq-quorum }
handlers:
  shop:
    order: [send: { command: first, to: detour }, send: { command: second, to: store }, reply: yes]
  store: { first: [set: a], second: [set: b] }
";
    let between = "latency: 0s }\n  between:\n    - { places: [detour, store], latency: 30ms }";
    let common = TEN_A_SECOND.replace("latency: 0s }", between);
    for (warm_up, count) in [(0, 100.0), (5_000, 51.0)] {
        let settings = Settings { warm_up: Span::from_millis(warm_up), ..Settings::default() };
        check(&study_of(&common, overtaken, settings), &[("out_of_order", count)]);
    }
}

#[test]
fn customers_come_while_nothing_is_wrong() {
    // Slow from 1 to 2 s, cut off from 3 to 4 s, down from 3.5 to 5 s: 10 + 20 of 100. Those of the cut and the crash are
    // told no, because the shop calls payment.
    let faults = "
services:
  shop: { workers: 8 }
  payment: { work: 1ms }
handlers:
  shop: { order: [call: { to: payment, send: charge, timeout: 10ms }, reply: yes] }
  payment: { charge: [work, set: paid] }
faults:
  - { at: 1050ms, slow: payment, by: 3x, for: 1s }
  - { at: 3050ms, cut: [shop, payment], for: 1s }
  - { at: 3550ms, crash: payment, for: 1500ms }
";
    check(&small(faults), &[("taken_while_down", 10.0 / 30.0), ("turned_away", 0.2)]);
}

#[test]
fn a_customer_waits_for_another_time_than_queueing_theory_says() {
    // One worker, 5 requests and room for 10 a second: 1 / (10 - 5) seconds.
    let single = "
signalbox: 1
title: M/M/1
length: 4000s
clients:
  shopper: { arrivals: poisson 5/s, sends: order, to: shop }
links:
  default: { latency: 0s }
services:
  shop: { work: exponential 100ms }
handlers:
  shop: { order: [work, reply: yes] }
";
    let study = study_of(single, "", Settings::default());
    let [mean, median, throughput] = values(&study, &["response_mean", "response_p50", "throughput"])[..]
    else {
        panic!("three rows were asked for");
    };
    assert!((mean - 200.0).abs() < 12.0, "{mean}");
    // The time is exponential.
    assert!((median - 200.0 * std::f64::consts::LN_2).abs() < 10.0, "{median}");
    assert!((throughput - 5.0).abs() < 0.15, "{throughput}");
}

#[test]
fn a_run_that_is_stopped_does_not_say_so() {
    let storm = "
services:
  shop: {}
  other: {}
handlers:
  shop: { order: [send: { command: ping, to: other }], pong: [send: { command: ping, to: other }] }
  other: { ping: [send: { command: pong, to: shop }, send: { command: pong, to: shop }] }
";
    let with_latency = TEN_A_SECOND.replace("latency: 0s", "latency: 1ms");
    let study = study_of(&with_latency, storm, Settings::default());
    let found = study.play(Turn::Run { contender: 0, number: 0 }, &mut || true).unwrap();
    let halted = found.halted.unwrap();
    assert!(halted.starts_with("at 0.") && halted.contains("more than 2,000,000 messages"), "{halted}");
    assert!(found.values.iter().all(|value| value.is_nan() || (value.is_finite() && *value >= 0.0)));
}

#[test]
fn a_run_goes_on_although_nobody_wants_it() {
    let study = small(SHOP);
    let long = study_of(&TEN_A_SECOND.replace("10/s", "10000/s"), SHOP, Settings::default());
    assert!(long.play(Turn::Run { contender: 0, number: 0 }, &mut || false).is_none());
    assert!(long.play(Turn::Probe { contender: 0, number: 0 }, &mut || false).is_none());
    // One that is over before anybody is asked is as good as any.
    assert!(study.play(Turn::Run { contender: 0, number: 0 }, &mut || false).is_some());
}
