//! Redis: what the README states.

use serde_json::{Value, json};

use super::{check, ids};

fn xadd(id: &str) -> Value {
    json!({ "op": "xadd", "stream": "s", "id": id })
}

fn read(who: &str, cursor: &str, count: Option<u32>) -> Value {
    json!({ "op": "xreadgroup", "group": "g", "who": who, "cursor": cursor, "count": count, "block_ms": null })
}

fn rows(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({ "id": id, "cursor": ">", "times_delivered": 1 })).collect()
}

fn pending(owner: &str, ids: &[&str]) -> Vec<Value> {
    ids.iter().map(|id| json!({ "id": id, "owner": owner, "times_delivered": 1 })).collect()
}

#[test]
fn a_subscriber_misses_what_everybody_gets() {
    let subscribe = |who: &str| json!({ "op": "subscribe", "who": who, "channel": "c" });
    let publish = |id: &str| json!({ "op": "publish", "channel": "c", "id": id });
    let all = ["m1", "m2", "m3"];
    check(
        "redis",
        json!({}),
        json!([subscribe("A"), subscribe("B"), subscribe("C"), publish("m1"), publish("m2"), publish("m3")]),
        json!({
            "consumers": { "A": ids(&all), "B": ids(&all), "C": ids(&all) },
            "publish_returned": [3, 3, 3],
            "lost": [],
        }),
        &[],
    );
}

#[test]
fn a_late_subscriber_gets_history() {
    check(
        "redis",
        json!({}),
        json!([
            { "op": "publish", "channel": "c", "id": "m1" },
            { "op": "publish", "channel": "c", "id": "m2" },
            { "op": "subscribe", "who": "late", "channel": "c" },
            { "op": "publish", "channel": "c", "id": "m3" },
        ]),
        json!({
            "consumers": { "late": ids(&["m3"]) },
            "publish_returned": [0, 0, 1],
            "lost": ["m1", "m2"],
            "lost_for_late": ["m1", "m2"],
        }),
        &[],
    );
}

#[test]
fn a_publication_waits_for_its_first_subscriber() {
    check(
        "redis",
        json!({}),
        json!([
            { "op": "publish", "channel": "c", "id": "m1" },
            { "op": "publish", "channel": "c", "id": "m2" },
            { "op": "subscribe", "who": "A", "channel": "c" },
        ]),
        json!({ "consumers": { "A": [] }, "publish_returned": [0, 0], "publisher_saw_error": false }),
        &[],
    );
}

#[test]
fn a_client_that_comes_back_has_no_subscriptions() {
    check(
        "redis",
        json!({}),
        json!([
            { "op": "psubscribe", "who": "A", "pattern": "orders.[en]?" },
            { "op": "publish", "channel": "orders.eu", "id": "m1" },
            { "op": "crash", "who": "A" },
            { "op": "publish", "channel": "orders.nl", "id": "m2" },
            { "op": "reconnect", "who": "A" },
            { "op": "publish", "channel": "orders.us", "id": "m3" },
            { "op": "publish", "channel": "orders.es", "id": "m4" },
            { "op": "punsubscribe", "who": "A", "pattern": "orders.[en]?" },
            { "op": "publish", "channel": "orders.eu", "id": "m5" },
        ]),
        json!({
            "consumers": { "A": [
                { "id": "m1", "via": "orders.[en]?" },
                { "id": "m4", "via": "orders.[en]?" },
            ] },
            "publish_returned": [1, 0, 0, 1, 0],
        }),
        &[],
    );
}

#[test]
fn consumers_that_wait_are_served_out_of_turn() {
    let wait = |who: &str| json!({ "op": "xreadgroup", "group": "g", "who": who, "cursor": ">", "count": 1, "block_ms": 5000 });
    check(
        "redis",
        json!({}),
        json!([
            { "op": "xgroup_create", "group": "g", "start": "$", "mkstream": true },
            wait("A"),
            wait("B"),
            wait("C"),
            xadd("m1"),
            wait("A"),
            xadd("m2"),
            xadd("m3"),
            wait("C"),
            wait("B"),
            xadd("m4"),
            xadd("m5"),
            xadd("m6"),
        ]),
        json!({
            "consumers": {
                "A": rows(&["m1", "m4"]),
                "B": rows(&["m2", "m6"]),
                "C": rows(&["m3", "m5"]),
            },
            "pending_per_consumer": { "A": 2, "B": 2, "C": 2 },
        }),
        &[],
    );
}

#[test]
fn a_group_shares_a_batch_evenly() {
    let all: Vec<String> = (1..=12).map(|n| format!("m{n}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let mut steps: Vec<Value> = all.iter().map(|id| xadd(id)).collect();
    steps.extend([read("A", ">", Some(10)), read("B", ">", Some(10)), read("C", ">", Some(10)), xadd("m13")]);
    steps.push(read("A", ">", Some(10)));
    let (mut first, mut second) = (all[..10].to_vec(), all[10..].to_vec());
    first.push("m13");
    let mut held = pending("A", &all[..10]);
    held.extend(pending("B", &second));
    held.extend(pending("A", &["m13"]));
    check(
        "redis",
        json!({}),
        steps.into(),
        json!({ "consumers": { "A": rows(&first), "B": rows(&second), "C": [] }, "pending": held }),
        &[],
    );
    second.clear();
}

#[test]
fn a_group_from_now_on_reads_history() {
    let mut steps: Vec<Value> = ["m1", "m2", "m3"].iter().map(|id| xadd(id)).collect();
    steps.extend([
        json!({ "op": "xgroup_create", "stream": "s", "group": "g_dollar", "start": "$" }),
        json!({ "op": "xgroup_create", "stream": "s", "group": "g_0", "start": "0" }),
        json!({ "op": "xread", "who": "xread_dollar", "cursor": "$", "block_ms": 2000 }),
        xadd("m4"),
        xadd("m5"),
        json!({ "op": "xreadgroup_and_ack_all", "group": "g_dollar", "who": "w" }),
    ]);
    check(
        "redis",
        json!({}),
        steps.into(),
        json!({
            "consumers": {
                "g_dollar": ids(&["m4", "m5"]),
                // No step reads in the name of this group.
                "g_0": ids(&["m1", "m2", "m3", "m4", "m5"]),
                "xread_dollar": ids(&["m4"]),
            },
            "xlen": 5,
        }),
        &[],
    );
}

#[test]
fn a_bound_spares_what_is_in_hand() {
    let mut steps = vec![xadd("m1"), xadd("m2"), read("A", ">", Some(2))];
    for n in 3..=10 {
        steps.push(json!({ "op": "xadd", "stream": "s", "id": format!("m{n}"), "maxlen": 5 }));
    }
    steps.extend([
        json!({ "op": "xinfo", "group": "g" }),
        read("B", ">", Some(10)),
        read("A", "0", None),
        json!({ "op": "xautoclaim", "group": "g", "who": "C", "min_idle_ms": 2 }),
    ]);
    let bodiless = |id: &str| json!({ "id": id, "cursor": "0", "nil": true });
    let mut first: Vec<Value> =
        ["m1", "m2"].iter().map(|id| json!({ "id": id, "cursor": ">", "nil": false })).collect();
    first.extend([bodiless("m1"), bodiless("m2")]);
    check(
        "redis",
        json!({}),
        steps.into(),
        json!({
            "consumers": {
                "A": first,
                "B": ids(&["m6", "m7", "m8", "m9", "m10"]),
                "C": ids(&["m6", "m7", "m8", "m9", "m10"]),
            },
            "stream": ["m6", "m7", "m8", "m9", "m10"],
            "xlen": 5,
            "lag_reported": 8,
            "deliverable": 5,
            "xautoclaim_third_reply": ["m1", "m2"],
            "lost": ["m3", "m4", "m5"],
        }),
        // A smaller loss would be that of the entries in nobody's hands, a greater one that of all.
        &[],
    );
}

#[test]
fn an_entry_that_was_deleted_is_delivered_whole() {
    check(
        "redis",
        json!({}),
        json!([
            xadd("m1"),
            xadd("m2"),
            xadd("m3"),
            read("A", ">", Some(1)),
            { "op": "xdel", "stream": "s", "id": "m1" },
            { "op": "xdel", "stream": "s", "id": "m2" },
            read("B", ">", None),
            { "op": "xack", "who": "A", "id": "m1" },
            { "op": "xack", "who": "A", "id": "m1" },
        ]),
        json!({
            "consumers": { "A": rows(&["m1"]), "B": rows(&["m3"]) },
            "xlen": 1,
            "pending": pending("B", &["m3"]),
            "xack_returned": [1, 0],
        }),
        &[],
    );
}

#[test]
fn a_list_gives_an_item_to_two() {
    check(
        "redis",
        json!({}),
        json!([
            { "op": "rpush", "key": "jobs", "id": "m1" },
            { "op": "rpush", "key": "jobs", "id": "m2" },
            { "op": "rpush", "key": "jobs", "id": "m3" },
            { "op": "blpop", "who": "A", "key": "jobs" },
            { "op": "lpop", "who": "B", "key": "jobs" },
            { "op": "crash", "who": "B" },
        ]),
        json!({ "consumers": { "A": ids(&["m1"]), "B": ids(&["m2"]) }, "jobs": ["m3"], "lost": ["m2"] }),
        &[],
    );
}

#[test]
fn a_restart_without_a_file_keeps_a_group() {
    let write = |mode: &str, arguments: &str, signal: &str| {
        vec![
            json!({ "op": "start", "mode": mode, "args": arguments }),
            xadd("m1"),
            xadd("m2"),
            json!({ "op": "xreadgroup", "group": "g", "who": "A", "count": 1 }),
            json!({ "op": "stop", "signal": signal }),
            json!({ "op": "start", "mode": mode }),
        ]
    };
    let mut steps = write("snapshot", "--save 60 1", "SIGTERM");
    steps.extend(write("snapshot_too_late", "--save 60 1", "SIGKILL"));
    steps.extend(write("file", "--appendonly yes", "SIGKILL"));
    let kept = json!({
        "stream": ["m1", "m2"],
        "group_pending": pending("A", &["m1"]),
        "next_for_gt": ["m2"],
        "publish_after_restart_reaches": 0,
    });
    check(
        "redis",
        json!({}),
        steps.into(),
        json!({
            "consumers": {},
            "modes": {
                "snapshot": kept,
                "snapshot_too_late": { "stream": [], "group_error": "NOGROUP", "publish_after_restart_reaches": 0 },
                "file": kept,
            },
        }),
        &[],
    );
}
