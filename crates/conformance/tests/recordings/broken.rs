//! Files that are no recordings: each has to be named for what it is, and nothing may panic.

use conformance::{Outcome, conform};
use serde_json::{Value, json};

/// What is said of a file that cannot be read.
fn problem(text: &str) -> String {
    let verdict = conform("file.json", text);
    let Outcome::Broken(what) = verdict.outcome else {
        panic!("{:?} of {}", verdict.outcome, text.chars().take(200).collect::<String>())
    };
    what
}

fn check(text: &str, says: &str) {
    let what = problem(text);
    assert!(what.contains(says), "{what:?} does not say {says:?}");
}

fn recording(broker: &str, steps: Value) -> String {
    json!({ "broker": broker, "steps": steps, "observed": { "consumers": { "A": [{ "id": "m1" }] } } })
        .to_string()
}

#[test]
fn a_file_that_is_not_json_is_taken_for_a_recording() {
    for text in ["", " ", "{", "[1, 2", "nonsense", "{\"broker\": \"redis\",}", "\u{feff}{}", "\0\0\0"] {
        check(text, "no JSON");
    }
    check(&"x".repeat(1 << 20), "no JSON");
    check(&"[".repeat(1 << 20), "no JSON");
    check(&"{\"a\":".repeat(100_000), "no JSON");
    check(&format!("{}{}", "[".repeat(120), "]".repeat(120)), "an object");
    check(&format!("\"{}\"", "é".repeat(1 << 19)), "an object");
}

#[test]
fn a_recording_without_its_parts_is_replayed() {
    check("[]", "an object, this is a list");
    check("null", "this is null");
    check("{}", "/broker is missing");
    check(r#"{"broker": 7}"#, "/broker should be the name of a product, and is 7");
    check(r#"{"broker": "redis"}"#, "/steps is missing");
    check(r#"{"broker": "redis", "steps": {}}"#, "/steps should be a list");
    check(r#"{"broker": "redis", "steps": []}"#, "/observed is missing");
    check(r#"{"broker": "redis", "steps": [], "observed": []}"#, "/observed should be an object");
    check(r#"{"broker": "redis", "steps": [3], "observed": {}}"#, "/steps/0 should be an object");
    check(r#"{"broker": "redis", "steps": [{}], "observed": {}}"#, "/steps/0/op is missing");
    check(r#"{"broker": "redis", "steps": [{"op": 1}], "observed": {}}"#, "/steps/0/op should be a verb");
    check(r#"{"broker": "redis", "steps": [], "observed": {}, "varies": [1]}"#, "/varies/0");
    check(r#"{"broker": "redis", "steps": [], "observed": {}, "deterministic": "no"}"#, "/deterministic");
    check(r#"{"broker": "redis", "steps": [], "observed": {}, "config": 4}"#, "/config");
    check(r#"{"broker": "zeromq", "steps": [], "observed": {}}"#, "no product \"zeromq\"");
}

#[test]
fn an_unknown_verb_is_passed_over() {
    for broker in ["redis", "rabbitmq", "nats", "mqtt", "kafka", "postgres", "celery"] {
        let what = problem(&recording(broker, json!([{ "op": "frobnicate", "who": "A", "id": "m1" }])));
        assert!(what.contains("/steps/0") && what.contains("frobnicate"), "{broker}: {what}");
    }
}

#[test]
fn a_verb_without_its_fields_is_guessed() {
    check(&recording("redis", json!([{ "op": "xadd" }])), "/steps/0/id is missing");
    check(&recording("redis", json!([{ "op": "publish", "id": "m1" }])), "/steps/0/channel is missing");
    check(
        &recording("redis", json!([{ "op": "sleep", "ms": "long" }])),
        "/steps/0/ms should be a whole number",
    );
    check(&recording("redis", json!([{ "op": "xadd", "id": "m1" }, { "op": "xreadgroup" }])), "/steps/1/who");
    check(
        &recording("postgres", json!([{ "op": "insert", "id": 4 }])),
        "/steps/0/id should be text, and is 4",
    );
    check(&recording("postgres", json!([{ "op": "select" }])), "/steps/0/who is missing");
    check(&recording("celery", json!([{ "op": "send_task", "task": "work" }])), "/steps/0/args");
    check(&recording("celery", json!([{ "op": "start_worker" }])), "/steps/0/who is missing");
}

/// Values of every kind, and too great or too small, in place of a field.
fn odd_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1.5e300),
        json!(u64::MAX),
        json!(""),
        json!("~ 0"),
        json!([]),
        json!([null, {}]),
        json!({ "a": {} }),
    ]
}

#[test]
fn a_recording_with_an_odd_field_brings_the_runner_down() {
    for (name, text) in super::recordings() {
        let whole: Value = serde_json::from_str(&text).unwrap();
        let steps = whole["steps"].as_array().unwrap();
        // One step of each verb is enough.
        let mut verbs = Vec::new();
        for (n, step) in steps.iter().enumerate() {
            if verbs.contains(&&step["op"]) {
                continue;
            }
            verbs.push(&step["op"]);
            for field in step.as_object().unwrap().keys() {
                for odd in odd_values() {
                    let mut changed = whole.clone();
                    changed["steps"][n][field] = odd;
                    conform(&name, &changed.to_string());
                }
                let mut changed = whole.clone();
                changed["steps"][n].as_object_mut().unwrap().remove(field);
                conform(&name, &changed.to_string());
            }
        }
    }
}

#[test]
fn a_recording_cut_short_or_out_of_order_brings_the_runner_down() {
    for (name, text) in super::recordings() {
        let whole: Value = serde_json::from_str(&text).unwrap();
        let steps = whole["steps"].as_array().unwrap();
        for length in 0..steps.len().min(30) {
            for some in [&steps[..length], &steps[length..]] {
                let mut changed = whole.clone();
                changed["steps"] = some.to_vec().into();
                conform(&name, &changed.to_string());
            }
        }
        let mut changed = whole.clone();
        changed["steps"] = steps.iter().rev().cloned().collect();
        conform(&name, &changed.to_string());
    }
}

#[test]
fn odd_observations_bring_the_runner_down() {
    for (name, text) in super::recordings() {
        let whole: Value = serde_json::from_str(&text).unwrap();
        for key in whole["observed"].as_object().unwrap().keys() {
            for odd in odd_values() {
                let mut changed = whole.clone();
                changed["observed"][key] = odd;
                conform(&name, &changed.to_string());
            }
        }
    }
}

#[test]
fn a_recording_in_which_nothing_can_be_compared_passes() {
    let steps = json!([{ "op": "publish", "channel": "c", "id": "m1" }]);
    let observed = json!({ "consumers": {}, "weather": "fine" });
    let text = json!({ "broker": "redis", "steps": steps, "observed": observed }).to_string();
    let verdict = conform("file.json", &text);
    assert!(matches!(&verdict.outcome, Outcome::Skipped(why) if why.contains("/weather")), "{verdict:?}");
    assert_eq!(verdict.not_compared, ["/weather"]);
}
