//! Celery: what the README states.

use serde_json::{Value, json};

use super::check;

fn send(id: &str, seconds: f64) -> Value {
    json!({ "op": "send_task", "task": "work", "args": [id, seconds], "options": {} })
}

fn start(who: &str, concurrency: u32) -> Value {
    json!({ "op": "start_worker", "who": who, "concurrency": concurrency })
}

fn began(id: &str, redelivered: bool) -> Value {
    json!({ "id": id, "event": "start", "redelivered": redelivered, "retries": 0 })
}

fn done(id: &str) -> Value {
    json!({ "id": id, "event": "done" })
}

#[test]
fn over_redis_a_killed_process_is_tried_again() {
    let kill = json!({ "op": "send_task", "task": "work", "args": ["m1", 0, true], "options": {} });
    check(
        "celery",
        json!({ "broker": "redis" }),
        json!([
            { "op": "environment", "broker": "redis", "CAL": "1", "CPM": "1" },
            start("acks_late", 1),
            kill,
            { "op": "environment", "broker": "redis", "CAL": "1", "CPM": "1", "CRWL": "1" },
            start("reject_on_worker_lost", 1),
            kill,
        ]),
        json!({
            "consumers": {},
            "acks_late_starts": 1,
            "reject_on_worker_lost_starts": "4 or more (loops)",
        }),
        &[],
    );
}

#[test]
fn over_redis_fetched_tasks_come_back_at_once_and_in_order() {
    check(
        "celery",
        json!({ "broker": "redis", "visibility_timeout_s": 3, "unacked_restore_interval_s": 0.2 }),
        json!([
            {
                "op": "environment",
                "broker": "redis",
                "CPM": "2",
                "CTO": "{\"visibility_timeout\": 3, \"unacked_restore_interval\": 0.2}",
            },
            send("m1", 20.0),
            send("m2", 0.0),
            send("m3", 0.0),
            start("A", 1),
            { "op": "crash", "who": "A", "how": "SIGKILL" },
            start("B", 1),
        ]),
        json!({
            "consumers": {
                "A": [began("m1", false)],
                "B": [began("m3", true), done("m3"), began("m2", true), done("m2")],
            },
            "B_started_at_once": [],
            "B_started_after_visibility_timeout": ["m3", "m2"],
            "lost": ["m1"],
        }),
        &[],
    );
}

#[test]
fn over_rabbitmq_an_idle_worker_gets_what_a_busy_one_holds() {
    let tasks = || {
        let mut tasks = vec![send("slow", 4.0)];
        tasks.extend(["m2", "m3", "m4", "m5", "m6"].map(|id| send(id, 0.0)));
        tasks
    };
    let mut steps = vec![json!({ "op": "environment", "broker": "rabbitmq", "CPM": "4" }), start("A", 1)];
    steps.extend(tasks());
    steps.push(start("B", 1));
    steps.push(json!({ "op": "environment", "broker": "rabbitmq", "CPM": "1", "CAL": "1" }));
    steps.push(start("A", 1));
    steps.extend(tasks());
    steps.push(start("B", 1));
    check(
        "celery",
        json!({ "broker": "rabbitmq" }),
        steps.into(),
        json!({
            "consumers": {},
            "multiplier4_B_could_run_while_A_busy": ["m6"],
            "multiplier4_all_done_once": true,
            "multiplier1_late_B_could_run_while_A_busy": ["m2", "m3", "m4", "m5", "m6"],
            "multiplier1_late_all_done_once": true,
        }),
        &[],
    );
}

#[test]
fn two_processes_work_one_after_the_other() {
    check(
        "celery",
        json!({}),
        json!([
            { "op": "environment", "broker": "rabbitmq", "CPM": "1" },
            send("m1", 2.0),
            send("m2", 1.0),
            send("m3", 0.5),
            start("A", 2),
        ]),
        json!({
            "consumers": { "A": [
                began("m1", false),
                began("m2", false),
                done("m2"),
                began("m3", false),
                done("m3"),
                done("m1"),
            ] },
            "queue_length": 3,
            "queue_left": 0,
        }),
        &[],
    );
}

#[test]
fn a_worker_that_stops_in_order_loses_what_it_fetched() {
    check(
        "celery",
        json!({}),
        json!([
            { "op": "environment", "broker": "rabbitmq", "CPM": "4", "CAL": "1" },
            send("m1", 5.0),
            send("m2", 0.0),
            start("A", 1),
            { "op": "sleep", "ms": 1000 },
            { "op": "stop_worker", "who": "A" },
            start("B", 1),
        ]),
        json!({
            "consumers": {
                "A": [began("m1", false)],
                "B": [began("m1", true), done("m1"), began("m2", true), done("m2")],
            },
            "lost": [],
        }),
        &[],
    );
}
