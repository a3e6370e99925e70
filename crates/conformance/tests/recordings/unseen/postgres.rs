//! PostgreSQL: what the README states.

use serde_json::{Value, json};

use super::{check, ids};

fn insert(id: &str) -> Value {
    json!({ "op": "insert", "table": "jobs", "id": id })
}

#[test]
fn a_table_keeps_order_by_key() {
    let keyed = |id: &str, key: &str| json!({ "op": "insert", "table": "jobs", "id": id, "key": key });
    let select = |who: &str| json!({ "op": "select_for_update_skip_locked", "who": who });
    let done = |who: &str, id: &str| json!({ "op": "update_done_commit", "who": who, "id": id });
    check(
        "postgres",
        json!({}),
        json!([
            keyed("m1", "k1"),
            keyed("m2", "k1"),
            keyed("m3", "k2"),
            select("A"),
            select("B"),
            done("B", "m2"),
            { "op": "crash", "who": "A" },
            select("B"),
            done("B", "m1"),
            select("B"),
            done("B", "m3"),
        ]),
        json!({
            "consumers": { "A": ids(&["m1"]), "B": ids(&["m2", "m1", "m3"]) },
            "completion_order": ["m2", "m1", "m3"],
            "completion_order_k1": ["m2", "m1"],
            "final": { "m1": "done", "m2": "done", "m3": "done" },
        }),
        // Without the key's first this is a part of the whole, but not of the key.
        &[],
    );
}

#[test]
fn an_eager_reaper_gives_a_job_to_one_only() {
    let part = |update: &str| {
        vec![
            insert("m1"),
            json!({ "op": "claim_committed", "who": "A", "id": "m1" }),
            json!({ "op": "sleep", "ms": 150, "why": "A works longer than the time-out" }),
            json!({ "op": "reaper", "timeout_ms": 100 }),
            json!({ "op": "claim_committed", "who": "B", "id": "m1" }),
            json!({ "op": update, "who": "A", "id": "m1" }),
            json!({ "op": update, "who": "B", "id": "m1" }),
        ]
    };
    let mut steps = part("update_done");
    steps.extend(part("update_done_guarded"));
    check(
        "postgres",
        json!({}),
        steps.into(),
        json!({
            "consumers": { "A": ids(&["m1"]), "B": ids(&["m1"]) },
            "variants": {
                "done": {
                    "reaped": ["m1"],
                    "effects": [["A", "m1"], ["B", "m1"]],
                    "update_rowcounts": [1, 1],
                    "A_late_update_rowcount": 1,
                    "duplicated": ["m1"],
                },
                "guarded": {
                    "reaped": ["m1"],
                    "effects": [["A", "m1"], ["B", "m1"]],
                    "update_rowcounts": [0, 1],
                    "A_late_update_rowcount": 0,
                    "final": { "m1": "done" },
                },
            },
        }),
        &[],
    );
}

#[test]
fn a_guarded_update_counts_a_row_that_another_has() {
    check(
        "postgres",
        json!({}),
        json!([
            insert("m1"),
            insert("m2"),
            { "op": "claim_committed", "who": "A", "id": "m1" },
            { "op": "reaper", "timeout_ms": 100 },
            { "op": "claim_committed", "who": "B", "id": "m1" },
            { "op": "update_done", "who": "A", "id": "m1" },
            { "op": "claim_committed", "who": "A", "id": "m2" },
            { "op": "reaper", "timeout_ms": 100 },
            { "op": "claim_committed", "who": "B", "id": "m2" },
            { "op": "update_done_guarded", "who": "A", "id": "m2" },
        ]),
        json!({
            "consumers": { "A": ids(&["m1", "m2"]), "B": ids(&["m1", "m2"]) },
            "reaped": ["m1", "m2"],
            "update_rowcounts": [1, 0],
            "final": { "m1": "done", "m2": "running" },
        }),
        &[],
    );
}

#[test]
fn a_job_that_nobody_reaps_comes_again() {
    check(
        "postgres",
        json!({}),
        json!([
            insert("m1"),
            { "op": "claim_committed", "who": "A", "id": "m1" },
            { "op": "crash", "who": "A" },
            { "op": "sleep", "ms": 100 },
            { "op": "reaper", "timeout_ms": 200 },
            { "op": "sleep", "ms": 150 },
            { "op": "reaper", "timeout_ms": 200 },
        ]),
        json!({
            "consumers": { "A": ids(&["m1"]), "B": ids(&["m1"]) },
            "B_after_crash": null,
            "B_after_reaper": "m1",
            "reaped": ["m1"],
            "final": { "m1": "running" },
        }),
        &[],
    );
}

#[test]
fn locked_rows_are_found_twice() {
    check(
        "postgres",
        json!({}),
        json!([
            insert("m1"),
            insert("m2"),
            insert("m3"),
            { "op": "select_for_update", "who": "A" },
            { "op": "select_for_update", "who": "B", "blocks": true },
            { "op": "select_for_update", "who": "C", "blocks": true },
            { "op": "crash", "who": "A" },
            { "op": "update_done_commit", "who": "B", "id": "m1" },
        ]),
        json!({
            "consumers": { "A": ids(&["m1"]), "B": ids(&["m1"]), "C": ids(&["m2"]) },
            "B_blocked": true,
            "final": { "m1": "done", "m2": "pending", "m3": "pending" },
        }),
        &[],
    );
}

#[test]
fn a_notification_is_sent_before_its_commit() {
    check(
        "postgres",
        json!({}),
        json!([
            { "op": "listen", "who": "A" },
            { "op": "notify", "id": "m1" },
            { "op": "notify", "id": "m2" },
            { "op": "listen", "who": "B" },
            { "op": "commit", "of": "m1,m2" },
            { "op": "notify", "id": "m3" },
            { "op": "rollback", "of": "m3" },
            { "op": "stop", "mode": "clean" },
            { "op": "start" },
            { "op": "notify", "id": "m4" },
        ]),
        json!({
            "consumers": { "A": ids(&["m1", "m2"]), "B": ids(&["m1", "m2"]) },
            "lost_for_A": ["m4"],
        }),
        &[],
    );
}

#[test]
fn a_cursor_sees_what_commits_late() {
    check(
        "postgres",
        json!({}),
        json!([
            { "op": "insert_commit", "tx": 1, "id": "m1" },
            { "op": "insert_uncommitted", "tx": 2, "id": "m2" },
            { "op": "insert_uncommitted", "tx": 3, "id": "m3" },
            { "op": "commit", "tx": 3 },
            { "op": "poll" },
            { "op": "commit", "tx": 2 },
            { "op": "poll" },
        ]),
        json!({
            "consumers": { "by_last_id": ids(&["m1", "m3"]), "by_status": ids(&["m1", "m3", "m2"]) },
            "lost_for_by_last_id": ["m2"],
            "ids_in_table": [1, 2, 3],
        }),
        &[],
    );
}

#[test]
fn a_job_that_fails_five_times_is_tried_again() {
    let part = |variant: &str| {
        vec![insert("bad"), insert("m2"), json!({ "op": "poll_6_times", "variant": variant })]
    };
    let mut steps = part("order_by_id_max5");
    steps.extend(part("order_by_attempts_max2"));
    check(
        "postgres",
        json!({}),
        steps.into(),
        json!({
            "consumers": {},
            "variants": {
                "order_by_id_max5": {
                    "sequence": ["bad", "bad", "bad", "bad", "bad", "m2"],
                    "final": { "bad": "dead", "m2": "done" },
                },
                "order_by_attempts_max2": {
                    "sequence": ["bad", "m2", "bad"],
                    "final": { "bad": "dead", "m2": "done" },
                },
            },
        }),
        &[],
    );
}
