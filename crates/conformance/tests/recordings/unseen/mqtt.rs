//! What Mosquitto is known to do, in recordings that say no more than the recorded ones do.

use serde_json::{Value, json};

use super::{fails, passes};

fn recording(steps: Vec<Value>, observed: Value) -> Value {
    json!({
        "broker": "mqtt", "product": "Eclipse Mosquitto", "version": "2.0.11", "client": "sockets",
        "scenario": "one of our own", "config": {}, "rule": "", "surprise": null, "steps": steps,
        "observed": observed, "runs": 3, "deterministic": true, "varies": [], "checks": {"x": true},
    })
}

fn connect(who: &str, clean: bool, present: bool) -> Value {
    json!({"op": "connect", "who": who, "clean": clean, "session_present": present, "v": 4})
}

fn subscribe(who: &str, filter: &str, qos: u8) -> Value {
    json!({"op": "subscribe", "who": who, "filter": filter, "qos": qos})
}

fn publish(topic: &str, id: &str, qos: u8) -> Value {
    json!({"op": "publish", "topic": topic, "id": id, "qos": qos, "retain": false})
}

fn by(op: &str, who: &str) -> Value {
    json!({"op": op, "who": who})
}

/// Rows in short: `m1/2` came with quality 2, `m1/1*` with DUP set.
fn rows(short: &str) -> Value {
    let row = |text: &str| {
        let (id, rest) = text.rsplit_once('/').unwrap();
        let qos: u8 = rest.trim_end_matches('*').parse().unwrap();
        json!({"id": id, "qos": qos, "redelivered": rest.ends_with('*'), "retained": false})
    };
    short.split_whitespace().map(row).collect()
}

#[test]
fn a_session_that_is_kept_misses_something_or_a_clean_one_does_not() {
    let mut steps = Vec::new();
    for (who, clean) in [("clean", true), ("persistent", false)] {
        steps.extend([connect(who, clean, false), subscribe(who, "t", 2)]);
    }
    steps.push(connect("pub1795217272996238478", true, false));
    steps.push(publish("t", "m1", 1));
    steps.extend([by("disconnect", "clean"), by("disconnect", "persistent")]);
    steps.extend([
        publish("t", "m2", 1),
        publish("t", "m3", 2),
        publish("t", "m4", 0),
        publish("t", "m5", 1),
    ]);
    steps.extend([
        connect("clean", true, false),
        subscribe("clean", "t", 2),
        connect("persistent", false, true),
    ]);
    steps.push(publish("t", "m6", 1));
    let observed = |persistent: &str| {
        json!({
            "consumers": {"clean": rows("m1/1 m6/1"), "persistent": rows(persistent)},
            "lost_clean": ["m2", "m3", "m4", "m5"], "lost_persistent": ["m4"],
            "session_present": {"clean": false, "persistent": true},
        })
    };
    passes(&recording(steps.clone(), observed("m1/1 m2/1 m3/2 m5/1 m6/1")));
    fails(&recording(steps.clone(), observed("m1/1 m2/1 m3/2 m4/0 m5/1 m6/1")));
    fails(&recording(steps.clone(), observed("m1/1 m2/1* m3/2 m5/1 m6/1")));
    fails(&recording(steps.clone(), observed("m1/1 m3/2 m2/1 m5/1 m6/1")));
    // The broker's word about the session is in the steps.
    let last = steps.iter().rposition(|step| step["op"] == "connect").unwrap();
    steps[last]["session_present"] = json!(false);
    fails(&recording(steps, observed("m1/1 m2/1 m3/2 m5/1 m6/1")));
}

#[test]
fn a_copy_has_more_quality_than_was_asked_for() {
    let mut steps = Vec::new();
    for (who, qos) in [("A", 0), ("B", 1), ("C", 2)] {
        steps.extend([connect(who, true, false), subscribe(who, "t", qos)]);
    }
    steps.extend([publish("t", "m1", 0), publish("t", "m2", 1), publish("t", "m3", 2)]);
    let observed = |b: &str| json!({"consumers": {"A": rows("m1/0 m2/0 m3/0"), "B": rows(b), "C": rows("m1/0 m2/1 m3/2")}});
    passes(&recording(steps.clone(), observed("m1/0 m2/1 m3/1")));
    fails(&recording(steps.clone(), observed("m1/0 m2/1 m3/2")));
    fails(&recording(steps, observed("m2/1 m1/0 m3/1")));
}

#[test]
fn a_publisher_that_nobody_hears_is_told_that_it_failed() {
    let mut steps = vec![
        connect("pub1795217231875753713", true, false),
        publish("t", "m1", 1),
        publish("t", "m2", 2),
        json!({"op": "connect", "who": "pub5", "clean": true, "session_present": false, "v": 5}),
        publish("t", "m3", 1),
    ];
    let answers = json!({
        "consumers": {}, "acks": ["PUBACK", "PUBCOMP", "PUBACK"], "v5_puback_reason": 16,
        "publisher_saw": {"m1": "PUBACK", "m2": "PUBCOMP", "m3": "PUBACK"},
    });
    passes(&recording(steps.clone(), answers));
    let flags = json!({"consumers": {}, "qos1": {"acked": true}, "v5_reason_code": "0x10"});
    passes(&recording(steps.clone(), flags));
    fails(&recording(steps.clone(), json!({"consumers": {}, "v5_puback_reason": 0})));
    steps.extend([connect("late", true, false), subscribe("late", "t", 1)]);
    passes(&recording(steps.clone(), json!({"consumers": {"late": []}})));
    fails(&recording(steps, json!({"consumers": {"late": rows("m1/1")}})));
}

#[test]
fn a_filter_lets_the_wrong_topics_through() {
    let topics = ["a", "a/b", "a/b/c", "b/b", "$x/b"];
    let filters = ["a/+", "a/#", "+/b", "#", "$x/#", "a/b"];
    let mut steps = Vec::new();
    for filter in filters {
        steps.extend([connect(filter, true, false), subscribe(filter, filter, 1)]);
    }
    steps.extend(topics.map(|topic| publish(topic, topic, 1)));
    let observed = |hash: &str| {
        json!({"consumers": {
            "a/+": rows("a/b/1"), "a/#": rows("a/1 a/b/1 a/b/c/1"), "+/b": rows("a/b/1 b/b/1"),
            "#": rows(hash), "$x/#": rows("$x/b/1"), "a/b": rows("a/b/1"),
        }})
    };
    passes(&recording(steps.clone(), observed("a/1 a/b/1 a/b/c/1 b/b/1")));
    fails(&recording(steps, observed("a/1 a/b/1 a/b/c/1 b/b/1 $x/b/1")));
}

#[test]
fn overlapping_subscriptions_give_several_copies_or_the_greatest_quality() {
    let subscriptions = [subscribe("O", "a/b", 0), subscribe("O", "a/+", 1), subscribe("O", "#", 2)];
    let publications = [publish("a/b", "m1", 2), publish("a/c", "m2", 2), publish("x", "m3", 2)];
    let in_order = [vec![connect("O", true, false)], subscriptions.to_vec(), publications.to_vec()].concat();
    passes(&recording(in_order.clone(), json!({"consumers": {"O": rows("m1/0 m2/1 m3/2")}})));
    for wrong in ["m1/2 m2/2 m3/2", "m1/0 m1/1 m1/2 m2/1 m2/2 m3/2", "m1/1 m2/1 m3/2"] {
        fails(&recording(in_order.clone(), json!({"consumers": {"O": rows(wrong)}})));
    }
    // Mosquitto looks for the literal level first, then for +, then for #, however they were subscribed.
    let mut turned = subscriptions.to_vec();
    turned.reverse();
    let turned = [vec![connect("O", true, false)], turned, publications.to_vec()].concat();
    passes(&recording(turned, json!({"consumers": {"O": rows("m1/0 m2/1 m3/2")}})));
}

#[test]
fn a_subscription_with_another_quality_does_not_take_the_place_of_the_first() {
    let steps = vec![
        connect("A", true, false),
        subscribe("A", "t", 0),
        publish("t", "m1", 2),
        subscribe("A", "t", 2),
        publish("t", "m2", 2),
        json!({"op": "unsubscribe", "who": "A", "filter": "t"}),
        publish("t", "m3", 2),
    ];
    passes(&recording(steps.clone(), json!({"consumers": {"A": rows("m1/0 m2/2")}})));
    fails(&recording(steps, json!({"consumers": {"A": rows("m1/0 m2/0")}})));
}

#[test]
fn who_acknowledged_without_writing_it_down_gets_a_message_again() {
    let steps = vec![
        connect("A", false, false),
        subscribe("A", "t", 1),
        publish("t", "m1", 1),
        by("crash", "A"),
        publish("t", "m2", 1),
        connect("A", false, true),
    ];
    // The steps leave open whether it had acknowledged, and both can be.
    passes(&recording(steps.clone(), json!({"consumers": {"A": rows("m1/1 m2/1")}})));
    passes(&recording(steps.clone(), json!({"consumers": {"A": rows("m1/1 m1/1* m2/1")}})));
    fails(&recording(steps.clone(), json!({"consumers": {"A": rows("m1/1 m1/1 m2/1")}})));
    fails(&recording(steps, json!({"consumers": {"A": rows("m1/1 m2/1 m1/1*")}})));
}

#[test]
fn a_stated_will_or_expiry_is_not_heeded() {
    let steps = vec![
        connect("watch", true, false),
        subscribe("watch", "gone/#", 1),
        json!({"op": "connect", "who": "A", "clean": true, "v": 5, "will": {"topic": "gone/A", "id": "w1", "qos": 1}}),
        json!({"op": "connect", "who": "B", "clean": false, "v": 5, "session_expiry": 2}),
        subscribe("B", "t", 1),
        by("disconnect", "B"),
        json!({"op": "publish", "topic": "t", "id": "m1", "qos": 1, "message_expiry_interval": 1}),
        json!({"op": "publish", "topic": "t", "id": "m2", "qos": 1}),
        by("crash", "A"),
        json!({"op": "sleep", "ms": 1500}),
        json!({"op": "connect", "who": "B", "clean": false, "v": 5, "session_expiry": 1, "session_present": true}),
    ];
    passes(&recording(steps.clone(), json!({"consumers": {"watch": rows("w1/1"), "B": rows("m2/1")}})));
    fails(&recording(steps, json!({"consumers": {"watch": rows("w1/1"), "B": rows("m1/1 m2/1")}})));
}

#[test]
fn what_a_key_does_not_name_is_compared_with_something_else() {
    let steps = vec![
        connect("A", false, false),
        json!({"op": "subscribe", "who": "A", "filter": "t", "qos": 2, "granted": 2}),
        publish("t", "m1", 1),
        json!({"op": "puback", "who": "A", "id": "m1"}),
        by("disconnect", "A"),
        publish("t", "m2", 1),
        connect("A", false, true),
    ];
    let observed = json!({
        "consumers": {"A": rows("m1/1 m2/1")}, "granted": [2], "session_present": true, "dup_on_return": false,
        "subscription_survived": true,
    });
    let text = recording(steps.clone(), observed).to_string();
    let verdict = conformance::conform("own", &text);
    assert_eq!(verdict.outcome, conformance::Outcome::Passed);
    assert_eq!(verdict.not_compared, ["/subscription_survived"]);
    let consumers = json!({"A": rows("m1/1 m2/1")});
    fails(&recording(steps.clone(), json!({"consumers": consumers, "granted": [1]})));
    fails(&recording(steps, json!({"consumers": consumers, "dup_on_return": true})));
}
