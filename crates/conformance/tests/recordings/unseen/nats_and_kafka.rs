//! Recordings in the same form, of rules that are known and of which no file was kept.

use conformance::{Outcome, conform};
use serde_json::{Value, json};

fn recording(broker: &str, steps: Value, observed: Value) -> Value {
    json!({ "broker": broker, "config": {}, "steps": steps, "observed": observed, "deterministic": true, "varies": [] })
}

/// What was observed follows from the steps; with anything changed it does not.
fn check(broker: &str, steps: Value, observed: Value) {
    let recording = recording(broker, steps, observed).to_string();
    let verdict = conform("unseen", &recording);
    assert_eq!(verdict.outcome, Outcome::Passed, "not compared: {:?}", verdict.not_compared);
    assert_eq!(verdict.not_compared, Vec::<String>::new(), "all of it is compared");
    for (what, changed) in crate::mutations::mutants(&recording) {
        // What a broker could have done with other steps that nobody wrote down, a row less, is not asked here.
        if !what.contains("without") {
            let outcome = conform("changed", &changed).outcome;
            assert!(matches!(outcome, Outcome::Failed(_)), "{what}: {outcome:?}");
        }
    }
}

fn ids(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({ "id": id })).collect()
}

/// Rows of a stream: `m1 m1*2` is a message and its second delivery.
fn counted(rows: &str) -> Value {
    let row = |row: &str| {
        let (id, delivery) = row.split_once('*').unwrap_or((row, "1"));
        json!({ "id": id, "num_delivered": delivery.parse::<u32>().unwrap() })
    };
    rows.split(' ').map(row).collect()
}

/// Rows of a topic: `m1@0/3` lies in partition 0 at offset 3.
fn placed(rows: &str) -> Value {
    let row = |row: &str| {
        let (id, place) = row.split_once('@').unwrap();
        let (partition, offset) = place.split_once('/').unwrap();
        json!({ "id": id, "partition": partition.parse::<u32>().unwrap(), "offset": offset.parse::<u32>().unwrap() })
    };
    rows.split(' ').map(row).collect()
}

fn steps(parts: &[Value]) -> Value {
    parts.iter().flat_map(|part| part.as_array().cloned().unwrap_or_else(|| vec![part.clone()])).collect()
}

fn publish(op: &str, subject: &str, ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({ "op": op, "subject": subject, "id": id })).collect()
}

fn produce(partition: u32, ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({ "op": "produce", "id": id, "partition": partition })).collect()
}

fn fetch(who: &str, n: u32) -> Value {
    json!({ "op": "fetch", "who": who, "n": n })
}

fn stream() -> Value {
    json!({ "op": "add_stream", "name": "S", "subjects": ["s"] })
}

fn subscribe(who: &str, subject: &str) -> Value {
    json!({ "op": "subscribe", "who": who, "subject": subject })
}

#[test]
fn core_fan_out_gives_a_client_with_two_subscriptions_one_copy() {
    let all = ["m1", "m2", "m3"];
    let subscribers = [subscribe("A", "s.a"), subscribe("B", "s.a"), subscribe("C", "s.*")];
    let both = [subscribe("both", "s.a"), subscribe("both", "s.>")];
    let steps = steps(&[subscribers.into(), both.into(), publish("publish", "s.a", &all)]);
    let observed = |both: &[&str]| json!({ "consumers": { "A": ids(&all), "B": ids(&all), "C": ids(&all), "both": ids(both) } });
    check("nats", steps.clone(), observed(&["m1", "m1", "m2", "m2", "m3", "m3"]));
    let by_subscription =
        conform("", &recording("nats", steps, observed(&["m1", "m2", "m3", "m1", "m2", "m3"])).to_string());
    assert_eq!(by_subscription.outcome, Outcome::Passed);
}

#[test]
fn core_keeps_something_for_who_is_late_or_away() {
    let steps = steps(&[
        publish("publish", "s", &["m1"]),
        subscribe("A", "s"),
        publish("publish", "s", &["m2"]),
        json!({ "op": "disconnect", "who": "A" }),
        publish("publish", "s", &["m3", "m4"]),
        subscribe("A", "s"),
        subscribe("late", "s"),
        publish("publish", "s", &["m5"]),
        json!({ "op": "request", "subject": "nobody" }),
    ]);
    let observed = json!({
        "consumers": { "A": ids(&["m2", "m5"]), "late": ids(&["m5"]) },
        "lost_for_A": ["m1", "m3", "m4"],
        "errors": [{ "at": "request", "error": "NoRespondersError: nats: no responders available for request" }],
    });
    check("nats", steps, observed);
}

#[test]
fn core_wildcards_match_by_another_grammar() {
    let patterns = ["a.*", "a.>", "*", ">", "a.*.c", "A.b"];
    let subjects = ["a", "a.b", "a.b.c", "a.x.c", "b"];
    let subscribers: Value = patterns.iter().map(|pattern| subscribe(pattern, pattern)).collect();
    let published: Value = subjects
        .iter()
        .map(|subject| json!({ "op": "publish", "subject": subject, "id": subject }))
        .collect();
    let observed = json!({ "consumers": {
        "a.*": ids(&["a.b"]),
        "a.>": ids(&["a.b", "a.b.c", "a.x.c"]),
        "*": ids(&["a", "b"]),
        ">": ids(&subjects),
        "a.*.c": ids(&["a.b.c", "a.x.c"]),
        "A.b": [],
    } });
    check("nats", steps(&[subscribers, published]), observed);
}

#[test]
fn pullers_of_one_consumer_get_more_or_less_than_they_ask_for() {
    let ids: Vec<String> = (1..=12).map(|n| format!("m{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let steps =
        steps(&[stream(), publish("js_publish", "s", &ids), fetch("A", 10), fetch("B", 10), fetch("C", 10)]);
    let observed = json!({ "consumers": { "A": counted("m1 m2 m3 m4 m5 m6 m7 m8 m9 m10"), "B": counted("m11 m12"), "C": [] } });
    check("nats", steps, observed);
}

#[test]
fn waiting_pullers_are_not_served_in_turn() {
    let first = ["m1", "m2"];
    let later = ["m3", "m4", "m5", "m6", "m7", "m8"];
    let with = |waits: Value| {
        steps(&[
            stream(),
            publish("js_publish", "s", &first),
            fetch("A", 10),
            waits,
            publish("js_publish", "s", &later),
        ])
    };
    let one_each = json!({ "consumers": {
        "A": counted("m1 m2"), "W1": counted("m3"), "W2": counted("m4"), "W3": counted("m5"),
    } });
    check("nats", with(json!([fetch("W1", 1), fetch("W2", 1), fetch("W3", 1)])), one_each.clone());
    // It returns with its first message, whatever it asked for.
    check("nats", with(json!([fetch("W1", 5), fetch("W2", 5), fetch("W3", 5)])), one_each);
    let in_turn = json!({ "consumers": {
        "A": counted("m1 m2"), "W1": counted("m3 m6"), "W2": counted("m4 m7"), "W3": counted("m5 m8"),
    } });
    let all: Value =
        ["W1", "W2", "W3"].iter().map(|who| json!({ "op": "fetch_waiting", "who": who, "n": 5 })).collect();
    check("nats", with(all), in_turn);
}

#[test]
fn a_consumer_that_may_have_one_in_hand_has_two() {
    let nak = |id: &str| json!({ "op": "nak", "id": id });
    let ack = |id: &str| json!({ "op": "ack", "id": id });
    let steps = steps(&[
        stream(),
        publish("js_publish", "s", &["m1", "m2", "m3"]),
        fetch("one_A", 1),
        fetch("one_B", 1),
        nak("m1"),
        fetch("one_B", 1),
        ack("m1"),
        fetch("one_A", 1),
        fetch("one_B", 1),
        ack("m2"),
        fetch("one_B", 1),
        fetch("many_A", 1),
        fetch("many_B", 1),
        nak("m1"),
        fetch("many_A", 2),
    ]);
    let observed = json!({
        "consumers": {
            "one_A": counted("m1 m2"), "one_B": counted("m1*2 m3"),
            "many_A": counted("m1 m1*2 m3"), "many_B": counted("m2"),
        },
        "order_with_1": ["m1", "m1", "m2", "m3"],
        "order_without": ["m1", "m2", "m1", "m3"],
    });
    check("nats", steps, observed);
}

#[test]
fn max_ack_pending_of_a_step_has_no_effect() {
    let consumer = |who: &str, most: &str| json!({ "op": "consumer", "who": who, "deliver_policy": "DeliverPolicy.ALL", "max_ack_pending": most });
    let held = json!({ "op": "ack", "id": "m1" });
    let steps = steps(&[
        stream(),
        publish("js_publish", "s", &["m1", "m2", "m3"]),
        consumer("few", "1"),
        fetch("few", 5),
        fetch("few", 5),
        held,
        fetch("few", 5),
    ]);
    check("nats", steps, json!({ "consumers": { "few": counted("m1 m2") } }));
}

#[test]
fn a_crashed_consumer_keeps_its_partitions_or_loses_its_place() {
    let topic = json!({ "op": "create_topic", "topic": "t", "partitions": 4 });
    let join = |who: &str| json!({ "op": "subscribe", "who": who, "group": "g", "session.timeout.ms": 6000 });
    let crash = json!({ "op": "crash", "who": "A", "how": "SIGKILL" });
    let commit = json!({ "op": "commit", "who": "A", "id": "m2", "next_offset": 2 });
    let all = ["m1", "m2", "m3", "m4", "m5", "m6"];
    let steps = steps(&[topic, produce(0, &all), join("A"), commit, crash, join("B")]);
    let observed = json!({
        "consumers": { "A": placed("m1@0/0 m2@0/1 m3@0/2 m4@0/3"), "B": placed("m3@0/2 m4@0/3 m5@0/4 m6@0/5") },
        "takeover_after_session_timeout": true,
        "delivered_again": ["m3", "m4"],
    });
    check("kafka", steps, observed);
}

#[test]
fn a_consumer_that_returns_does_not_go_on_at_the_committed_offset() {
    let topic = json!({ "op": "create_topic", "topic": "t", "partitions": 1 });
    let join = |who: &str| json!({ "op": "subscribe", "who": who, "group": "g" });
    let close = json!({ "op": "close", "who": "A" });
    let commit = json!({ "op": "commit", "who": "A", "id": "m3", "next_offset": 3 });
    let before = ["m1", "m2", "m3", "m4"];
    let with = |again: &str| {
        steps(&[
            topic.clone(),
            produce(0, &before),
            join("A"),
            commit.clone(),
            close.clone(),
            produce(0, &["m5", "m6"]),
            join(again),
        ])
    };
    let (first, second) = ("m1@0/0 m2@0/1 m3@0/2 m4@0/3", "m4@0/3 m5@0/4 m6@0/5");
    check("kafka", with("A"), json!({ "consumers": { "A": placed(&format!("{first} {second}")) } }));
    check(
        "kafka",
        with("A_again"),
        json!({ "consumers": { "A": placed(first), "A_again": placed(second) } }),
    );
}

#[test]
fn a_group_of_kafka_takes_from_another() {
    let topic = json!({ "op": "create_topic", "topic": "t", "partitions": 2 });
    let join = |who: &str, group: &str| json!({ "op": "subscribe", "who": who, "group": group });
    let all = "m1@0/0 m3@0/1 m5@0/2 m2@1/0 m4@1/1";
    let produced = json!([
        produce(0, &["m1"])[0],
        produce(1, &["m2"])[0],
        produce(0, &["m3"])[0],
        produce(1, &["m4"])[0],
        produce(0, &["m5"])[0]
    ]);
    let observed = json!({ "consumers": { "A": placed(all), "B": placed(all), "C": placed(all) }, "all_received": true, "stored": 5 });
    for names in [["g1", "g2", "g3"], ["g", "g", "g"]] {
        let joined: Value = ["A", "B", "C"].iter().zip(names).map(|(who, group)| join(who, group)).collect();
        check("kafka", steps(&[topic.clone(), produced.clone(), joined]), observed.clone());
    }
}

#[test]
fn what_an_application_produces_twice_is_stored_once() {
    let topic = json!({ "op": "create_topic", "topic": "t", "partitions": 4 });
    let join = json!({ "op": "subscribe", "who": "A", "group": "g" });
    let steps = steps(&[topic, produce(0, &["m1", "m1", "m2"]), join]);
    let observed =
        json!({ "consumers": { "A": placed("m1@0/0 m1@0/1 m2@0/2") }, "copies_of_m1": 2, "stored": 3 });
    check("kafka", steps, observed);
}
