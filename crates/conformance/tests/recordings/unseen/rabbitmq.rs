//! What RabbitMQ is known to do, in recordings that say no more than the recorded ones do.

use serde_json::{Value, json};

use super::{fails, passes};

fn recording(steps: Vec<Value>, observed: Value) -> Value {
    json!({
        "broker": "rabbitmq", "product": "RabbitMQ", "version": "3.10.8", "client": "pika 1.4.4",
        "scenario": "one of our own", "config": {}, "rule": "", "surprise": null, "steps": steps,
        "observed": observed, "runs": 3, "deterministic": true, "varies": [], "checks": {"x": true},
    })
}

fn publish(queue: &str, id: &str) -> Value {
    to("", queue, id)
}

fn to(exchange: &str, key: &str, id: &str) -> Value {
    json!({"op": "publish", "exchange": exchange, "routing_key": key, "id": id})
}

fn backlog(queue: &str, count: u32) -> Vec<Value> {
    (1..=count).map(|n| publish(queue, &format!("m{n}"))).collect()
}

fn consume(who: &str, queue: &str, prefetch: impl Into<Value>) -> Value {
    json!({"op": "consume", "who": who, "queue": queue, "prefetch": prefetch.into(), "auto_ack": false})
}

fn ack(who: &str, id: &str) -> Value {
    json!({"op": "ack", "who": who, "id": id})
}

fn nack(who: &str, id: &str) -> Value {
    json!({"op": "nack", "who": who, "id": id, "requeue": true})
}

fn crash(who: &str) -> Value {
    json!({"op": "crash", "who": who, "how": "TCP connection cut"})
}

/// Rows in short: `m1` is new, `m1*` redelivered, `m1*2` redelivered with a delivery count of 2.
fn rows(short: &str) -> Value {
    let row = |text: &str| match text.split_once('*') {
        None => json!({"id": text, "redelivered": false}),
        Some((id, "")) => json!({"id": id, "redelivered": true}),
        Some((id, count)) => {
            json!({"id": id, "redelivered": true, "delivery_count": count.parse::<u32>().unwrap()})
        }
    };
    short.split_whitespace().map(row).collect()
}

fn numbered(from: u32, to: u32) -> String {
    (from..=to).map(|n| format!("m{n} ")).collect()
}

#[test]
fn the_first_consumer_without_prefetch_leaves_something_of_the_backlog() {
    let mut steps = backlog("q", 12);
    steps.extend(["A", "B", "C"].map(|who| consume(who, "q", "unlimited")));
    passes(&recording(
        steps.clone(),
        json!({"consumers": {"A": rows(&numbered(1, 12)), "B": [], "C": []}, "shares": [12, 0, 0]}),
    ));
    fails(&recording(steps, json!({"consumers": {"A": rows(&numbered(1, 11)), "B": rows("m12"), "C": []}})));
}

#[test]
fn with_a_prefetch_of_1_a_slow_consumer_gets_a_second_message() {
    let observed = json!({"consumers": {"A": rows("m1"), "B": rows("m2 m4 m6"), "C": rows("m3 m5")}});
    let attach = ["A", "B", "C"].map(|who| consume(who, "q", 1));
    let with_acks = [attach.to_vec(), backlog("q", 6), vec![ack("B", "m2"), ack("C", "m3"), ack("B", "m4")]];
    passes(&recording(with_acks.concat(), observed.clone()));
    // Acknowledgements that nobody wrote down, and the backlog first.
    passes(&recording([attach.to_vec(), backlog("q", 6)].concat(), observed.clone()));
    passes(&recording([backlog("q", 6), attach.to_vec()].concat(), observed));
    fails(&recording(
        [attach.to_vec(), backlog("q", 6)].concat(),
        json!({"consumers": {"A": rows("m1"), "B": rows("m2 m5 m6"), "C": rows("m3 m4")}}),
    ));
}

#[test]
fn a_prefetch_of_10_is_not_the_size_of_what_a_consumer_holds() {
    let mut steps = backlog("q", 12);
    steps.extend(["A", "B", "C"].map(|who| consume(who, "q", 10)));
    let observed = json!({
        "consumers": {"A": rows(&numbered(1, 10)), "B": rows("m11 m12"), "C": []},
        "ready": 0, "shares": [10, 2, 0],
    });
    passes(&recording(steps.clone(), observed));
    fails(&recording(steps, json!({"consumers": {"A": rows(&numbered(1, 11)), "B": rows("m12"), "C": []}})));
}

#[test]
fn a_hash_exchange_spreads_the_messages_of_a_key() {
    let mut steps = Vec::new();
    for round in 1..=3 {
        for key in ["k1", "k2", "k3", "k4", "k5", "k6"] {
            steps.push(to("ch", key, &format!("{key}.{round}")));
        }
    }
    let of = |keys: &[&str]| -> Value {
        let rounds = (1..=3).flat_map(|round| keys.iter().map(move |key| format!("{key}.{round}")));
        rounds.map(|id| json!({"id": id, "redelivered": false})).collect()
    };
    let shared = json!({
        "consumers": {"q1": of(&["k2", "k4", "k5"]), "q2": of(&["k1"]), "q3": of(&["k3", "k6"])},
        "queue_of_key": {"k1": "q2", "k2": "q1", "k3": "q3", "k4": "q1", "k5": "q1", "k6": "q3"},
        "keys_per_queue": {"q1": ["k2", "k4", "k5"], "q2": ["k1"], "q3": ["k3", "k6"]},
        "per_key_order_kept": true,
    });
    passes(&recording(steps.clone(), shared));
    let torn = json!({"consumers": {
        "q1": of(&["k2", "k4", "k5"]), "q2": rows("k1.1 k1.2"),
        "q3": rows("k3.1 k6.1 k3.2 k6.2 k1.3 k3.3 k6.3"),
    }});
    fails(&recording(steps.clone(), torn));
    let out_of_order = json!({"consumers": {
        "q1": of(&["k2", "k4", "k5"]), "q2": rows("k1.2 k1.1 k1.3"), "q3": of(&["k3", "k6"]),
    }});
    fails(&recording(steps, out_of_order));
}

#[test]
fn what_a_dead_consumer_of_a_quorum_queue_held_comes_without_a_count() {
    let mut steps = backlog("q", 8);
    steps.extend([consume("A", "q", 5), ack("A", "m1"), crash("A"), consume("B", "q", 20)]);
    let to_b = "m2*1 m3*1 m4*1 m5*1 m6*1 m7 m8";
    passes(&recording(steps.clone(), json!({"consumers": {"A": rows(&numbered(1, 6)), "B": rows(to_b)}})));
    for wrong in [
        "m2*1 m3*1 m4*1 m5*1 m6*1 m7*1 m8",
        "m2*2 m3*1 m4*1 m5*1 m6*1 m7 m8",
        "m7 m8 m2*1 m3*1 m4*1 m5*1 m6*1",
    ] {
        fails(&recording(
            steps.clone(),
            json!({"consumers": {"A": rows(&numbered(1, 6)), "B": rows(wrong)}}),
        ));
    }
}

#[test]
fn a_topic_pattern_lets_the_wrong_keys_through() {
    let keys = ["a", "a.b", "a.b.c", "b.a", "x.b"];
    let steps: Vec<Value> = keys.iter().map(|key| to("t", key, key)).collect();
    // Queues are called by their patterns.
    let by_name = json!({"consumers": {
        "a.*": rows("a.b"), "a.#": rows("a a.b a.b.c"), "#": rows("a a.b a.b.c b.a x.b"), "*.b": rows("a.b x.b"),
    }});
    passes(&recording(steps.clone(), by_name));
    let one_word_too_many =
        json!({"consumers": {"a.*": rows("a.b a.b.c"), "#": rows("a a.b a.b.c b.a x.b")}});
    fails(&recording(steps.clone(), one_word_too_many));
    let not_without_words =
        json!({"consumers": {"a.#": rows("a.b a.b.c"), "#": rows("a a.b a.b.c b.a x.b")}});
    fails(&recording(steps.clone(), not_without_words));
    // Queues are called otherwise, and bound as the recording does not say.
    let otherwise = json!({"consumers": {
        "one": rows("a.b"), "many": rows("a a.b a.b.c"), "all": rows("a a.b a.b.c b.a x.b"), "second": rows("a.b x.b"),
    }});
    passes(&recording(steps.clone(), otherwise));
    fails(&recording(steps, json!({"consumers": {"one": rows("a.b"), "many": rows("a.b a")}})));
}

#[test]
fn steps_that_bind_are_not_followed() {
    let bind =
        |queue: &str, key: &str| json!({"op": "bind", "queue": queue, "exchange": "t", "routing_key": key});
    let steps = vec![
        json!({"op": "exchange_declare", "exchange": "t", "type": "topic"}),
        json!({"op": "queue_declare", "queue": "two"}),
        bind("two", "a.*"),
        bind("two", "#"),
        bind("direct", "x.y"),
        to("t", "a.b", "m1"),
        to("t", "x.y", "m2"),
        json!({"op": "unbind", "queue": "two", "exchange": "t", "routing_key": "#"}),
        to("t", "x.y", "m3"),
        consume("A", "two", "unlimited"),
        consume("B", "direct", "unlimited"),
    ];
    passes(&recording(steps.clone(), json!({"consumers": {"A": rows("m1 m2"), "B": rows("m2 m3")}})));
    fails(&recording(steps.clone(), json!({"consumers": {"A": rows("m1 m1 m2"), "B": rows("m2 m3")}})));
    fails(&recording(steps, json!({"consumers": {"A": rows("m1 m2 m3"), "B": rows("m2 m3")}})));
}

#[test]
fn headers_are_compared_as_if_one_were_all() {
    let with = |id: &str, headers: Value| json!({"op": "publish", "exchange": "h", "routing_key": "", "id": id, "headers": headers});
    let steps = vec![
        with("m1", json!({"a": 1, "b": 2})),
        with("m2", json!({"a": 1})),
        with("m3", json!({"b": 2})),
        with("m4", json!({"c": 3})),
    ];
    let observed = json!({"consumers": {"all": rows("m1"), "any": rows("m1 m2 m3")}});
    passes(&recording(steps.clone(), observed));
    fails(&recording(steps, json!({"consumers": {"all": rows("m2"), "any": rows("m2 m1 m3")}})));
}

#[test]
fn exchanges_of_several_kinds_in_one_recording_are_confused() {
    let steps = vec![
        to("t", "a.b", "m1"),
        to("t", "a.b.c", "m2"),
        to("d", "red", "m3"),
        to("d", "blue", "m4"),
        publish("plain", "m5"),
    ];
    let observed = json!({"consumers": {
        "topic a.*": rows("m1"), "topic a.#": rows("m1 m2"), "direct red": rows("m3"), "plain": rows("m5"),
    }});
    passes(&recording(steps.clone(), observed));
    fails(&recording(
        steps,
        json!({"consumers": {
            "topic a.*": rows("m1"), "topic a.#": rows("m2 m1"), "direct red": rows("m3"), "plain": rows("m5"),
        }}),
    ));
}

#[test]
fn a_full_queue_drops_the_newest() {
    let steps = backlog("q", 5);
    let observed = json!({
        "consumers": {"q": rows("m3 m4 m5"), "dlq": rows("m1 m2")},
        "dlq": [{"id": "m1", "reason": "maxlen"}, {"id": "m2", "reason": "maxlen"}],
    });
    passes(&recording(steps.clone(), observed));
    fails(&recording(steps.clone(), json!({"consumers": {"q": rows("m1 m2 m3"), "dlq": rows("m4 m5")}})));
    fails(&recording(steps.clone(), json!({"consumers": {"q": rows("m3 m4 m5"), "dlq": rows("m2 m1")}})));
    fails(&recording(
        steps,
        json!({"consumers": {"q": rows("m3 m4 m5"), "dlq": rows("m1 m2")}, "dlq": [{"id": "m1", "reason": "expired"}, {"id": "m2", "reason": "maxlen"}]}),
    ));
}

#[test]
fn what_a_consumer_holds_counts_for_the_length() {
    let mut steps = vec![consume("A", "q", 2)];
    steps.extend(backlog("q", 6));
    let observed = json!({
        "consumers": {"A": rows("m1 m2"), "dlq": rows("m3")}, "ready": 3, "dlq_reason": "maxlen",
    });
    passes(&recording(steps.clone(), observed));
    fails(&recording(steps, json!({"consumers": {"A": rows("m1 m2"), "dlq": rows("m6")}, "ready": 3})));
}

#[test]
fn a_publisher_learns_nothing_of_a_queue_that_refuses() {
    let confirmed = |n: u32| {
        let id = format!("m{n}");
        json!({"op": "publish", "exchange": "", "routing_key": "reject", "id": id, "confirm": true})
    };
    let mut steps = backlog("drop", 5);
    steps.extend((1..=5).map(confirmed));
    let saw = |fourth: &str| json!({"m1": "confirmed", "m2": "confirmed", "m3": "confirmed", "m4": fourth, "m5": "nacked"});
    let consumers = json!({"drop": rows("m3 m4 m5"), "reject": rows("m1 m2 m3"), "dlq": rows("m1 m2")});
    passes(&recording(steps.clone(), json!({"consumers": consumers, "publisher_saw": saw("nacked")})));
    fails(&recording(steps.clone(), json!({"consumers": consumers, "publisher_saw": saw("confirmed")})));
    let named = json!({"A": rows("m3 m4 m5"), "B": rows("m1 m2 m3"), "dlq": rows("m1 m2")});
    passes(&recording(steps, json!({"consumers": named, "overflow_confirms": saw("nacked")})));
}

#[test]
fn a_message_given_back_comes_to_another_place_than_recorded() {
    let mut steps = Vec::new();
    for (who, queue, order) in [
        ("classic", "c", ["m1", "m2", "m3"]),
        ("quorum", "q", ["m2", "m3", "m1"]),
        ("quorum_limit", "l", ["m1", "m2", "m3"]),
    ] {
        steps.extend(backlog(queue, 3));
        steps.extend([consume(who, queue, 1), nack(who, "m1")]);
        steps.extend(order.map(|id| ack(who, id)));
    }
    let (classic, head, tail) = (rows("m1 m1* m2 m3"), rows("m1 m1*1 m2 m3"), rows("m1 m2 m3 m1*1"));
    let observed = json!({"consumers": {"classic": classic, "quorum": tail, "quorum_limit": head}});
    passes(&recording(steps.clone(), observed));
    let classic_at_the_tail =
        json!({"consumers": {"classic": rows("m1 m2 m3 m1*"), "quorum": tail, "quorum_limit": head}});
    fails(&recording(steps, classic_at_the_tail));
}

#[test]
fn a_recording_is_accepted_although_its_steps_cannot_be_done() {
    let steps = vec![publish("q", "m1"), consume("A", "q", 1), ack("A", "m2")];
    fails(&recording(steps, json!({"consumers": {"A": rows("m1")}})));
    let steps = vec![publish("q", "m1"), json!({"op": "cancel", "who": "A"})];
    fails(&recording(steps, json!({"consumers": {"q": rows("m1")}})));
}

#[test]
fn arguments_of_a_declaration_are_not_heeded() {
    let declare = json!({"op": "queue_declare", "queue": "q", "durable": true, "arguments": {
        "x-max-length": 2, "x-overflow": "reject-publish", "x-message-ttl": 500,
        "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dlq",
    }});
    let mut steps = vec![declare];
    steps.extend(backlog("q", 3));
    steps.push(json!({"op": "sleep", "ms": 400}));
    steps.push(json!({"op": "get", "who": "A", "queue": "q", "auto_ack": true}));
    steps.push(json!({"op": "sleep", "ms": 200}));
    passes(&recording(steps.clone(), json!({"consumers": {"A": rows("m1"), "dlq": rows("m2")}})));
    fails(&recording(steps, json!({"consumers": {"A": rows("m1"), "dlq": rows("m2 m3")}})));
}

#[test]
fn what_was_fetched_is_not_settled_or_given_back() {
    let steps = vec![
        publish("q", "m1"),
        publish("q", "m2"),
        publish("q", "m3"),
        json!({"op": "basic_get", "who": "A", "queue": "q"}),
        json!({"op": "basic_get", "who": "A", "queue": "q"}),
        json!({"op": "ack", "who": "A", "id": "m2"}),
        json!({"op": "close", "who": "A"}),
        json!({"op": "purge", "queue": "other"}),
        consume("B", "q", "unlimited"),
    ];
    passes(&recording(steps.clone(), json!({"consumers": {"A": rows("m1 m2"), "B": rows("m1* m3")}})));
    fails(&recording(steps, json!({"consumers": {"A": rows("m1 m2"), "B": rows("m1 m3")}})));
}

#[test]
fn an_id_that_went_through_two_exchanges_is_taken_for_one_message() {
    let steps = vec![
        to("t", "a.b", "m1"),
        to("t", "a.b.c", "m2"),
        to("t", "b", "m3"),
        to("d", "red", "m1"),
        to("d", "blue", "m2"),
        publish("second", "m9"),
    ];
    let observed = json!({"consumers": {
        "first": rows("m1 m2"), "second": rows("m1 m9"), "third": rows("m3"), "fourth": rows("m2"),
    }});
    passes(&recording(steps.clone(), observed));
    let twice = json!({"consumers": {"first": rows("m1 m2"), "third": rows("m3 m3")}});
    fails(&recording(steps, twice));
}

#[test]
fn headers_that_nobody_wrote_down_keep_a_queue_from_being_compared() {
    let steps: Vec<Value> = (1..=4).map(|n| to("h", "", &format!("m{n}"))).collect();
    let observed = |all: &str| json!({"consumers": {"all": rows(all), "any": rows("m1 m2 m3")}});
    passes(&recording(steps.clone(), observed("m1 m4")));
    fails(&recording(steps.clone(), observed("m4 m1")));
    fails(&recording(steps, observed("m1 m5")));
}

#[test]
fn a_message_given_back_after_a_fetch_comes_to_another_place_than_recorded() {
    let mut steps = Vec::new();
    for queue in ["classic", "quorum"] {
        steps.extend(backlog(queue, 3));
        let get = json!({"op": "get", "who": queue, "queue": queue});
        steps.extend([get, json!({"op": "nack", "id": "m1", "requeue": true})]);
    }
    let observed =
        |quorum: &str| json!({"consumers": {"classic": rows("m1 m1* m2 m3"), "quorum": rows(quorum)}});
    passes(&recording(steps.clone(), observed("m1 m2 m3 m1*1")));
    fails(&recording(steps.clone(), observed("m1 m2 m1*1 m3")));
    // The fetch is left out as well.
    steps.retain(|step| step["op"] != "get");
    passes(&recording(steps.clone(), observed("m1 m2 m3 m1*1")));
    fails(&recording(steps, observed("m1 m2 m1*1 m3")));
}

#[test]
fn one_consumer_of_two_kinds_of_queue_confuses_them() {
    let mut steps = Vec::new();
    for (queue, order) in [("c", ["m1", "m2"]), ("q", ["m2", "m1"])] {
        steps.extend(backlog(queue, 2));
        steps.extend([consume("A", queue, 1), nack("A", "m1")]);
        steps.extend(order.map(|id| ack("A", id)));
        steps.push(json!({"op": "cancel", "who": "A"}));
    }
    let observed = |rows: Value| json!({"consumers": {"A": rows}});
    passes(&recording(steps.clone(), observed(rows("m1 m1* m2 m1 m2 m1*1"))));
    fails(&recording(steps, observed(rows("m1 m2 m1*1 m1 m2 m1*1"))));
}

#[test]
fn the_reason_why_a_message_was_put_aside_is_not_compared() {
    let steps = backlog("q", 4);
    let observed = |reason: &str| json!({"consumers": {"q": rows("m3 m4"), "dlq": rows("m1 m2")}, "dlq_reasons": [reason, reason]});
    passes(&recording(steps.clone(), observed("maxlen")));
    fails(&recording(steps, observed("rejected")));
}

#[test]
fn what_is_left_in_queues_is_taken_by_the_wrong_one() {
    let steps = [backlog("q", 3), backlog("r", 2)].concat();
    let observed = |b: &str| json!({"consumers": {"A": rows("m1 m2"), "B": rows(b)}, "ready": 3});
    passes(&recording(steps.clone(), observed("m1 m2 m3")));
    fails(&recording(steps, observed("m2 m1 m3")));
}

#[test]
fn a_step_that_does_not_say_how_it_binds_binds_with_nothing() {
    let bind = |queue: &str| json!({"op": "bind", "queue": queue});
    let steps =
        vec![to("t", "a.b", "m0"), bind("a.*"), bind("all"), to("t", "a.b", "m1"), to("t", "b", "m2")];
    let observed = |all: &str| json!({"consumers": {"a.*": rows("m1"), "all": rows(all)}});
    passes(&recording(steps.clone(), observed("m1 m2")));
    fails(&recording(steps.clone(), observed("m0 m1 m2")));
    fails(&recording(steps, observed("m2 m1")));
}
