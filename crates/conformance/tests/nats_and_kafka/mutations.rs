//! Recordings with one thing changed: whoever accepts these would accept anything.

use conformance::{Outcome, conform};
use serde_json::{Value, json};

/// A recording that was changed: where and how, and the text.
pub fn mutants(text: &str) -> Vec<(String, String)> {
    let whole: Value = serde_json::from_str(text).unwrap();
    let mut mutants = Vec::new();
    let mut paths = Vec::new();
    collect("", &whole["observed"], &mut paths);
    for path in paths {
        let old = whole["observed"].pointer(&path).unwrap();
        for (how, new) in changes(old) {
            let mut changed = whole.clone();
            *changed["observed"].pointer_mut(&path).unwrap() = new;
            mutants.push((format!("{path}: {how}"), changed.to_string()));
        }
    }
    mutants
}

fn collect(path: &str, value: &Value, paths: &mut Vec<String>) {
    paths.push(path.to_owned());
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                collect(&format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), value, paths);
            }
        }
        Value::Array(rows) => {
            for (n, value) in rows.iter().enumerate() {
                collect(&format!("{path}/{n}"), value, paths);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn changes(value: &Value) -> Vec<(&'static str, Value)> {
    match value {
        Value::Bool(yes) => vec![("the opposite", json!(!yes))],
        Value::Number(number) => vec![("one more", json!(number.as_i64().unwrap() + 1))],
        Value::String(text) => vec![("another text", json!(format!("{text}x")))],
        Value::Array(rows) => {
            let mut changes = Vec::new();
            for n in 0..rows.len() {
                let mut fewer = rows.clone();
                let row = fewer.remove(n);
                changes.push(("one less", fewer.clone().into()));
                fewer.insert(n, row.clone());
                fewer.insert(n, row);
                changes.push(("one twice", fewer.into()));
                if n > 0 && rows[n] != rows[n - 1] {
                    let mut swapped = rows.clone();
                    swapped.swap(n, n - 1);
                    changes.push(("two swapped", swapped.into()));
                }
            }
            changes
        }
        Value::Null | Value::Object(_) => Vec::new(),
    }
}

/// Whether a change is about who got how many, and in which order.
fn how_many(what: &str) -> bool {
    ["one less", "one twice", "two swapped"].iter().any(|how| what.ends_with(how))
}

/// Every change has to be seen, but for who got how many where that is a matter of chance, and for these.
fn all_fail(broker: &str, exceptions: &[&str]) {
    let mut accepted = Vec::new();
    for (name, text) in super::recordings(broker) {
        let left = conform(&name, &text).not_compared;
        for (what, changed) in mutants(&text) {
            let by_chance = left.iter().any(|path| what.starts_with(path.as_str())) && how_many(&what);
            if !by_chance && !matches!(conform(&name, &changed).outcome, Outcome::Failed(_)) {
                accepted.push(format!("{name} {what}"));
            }
        }
    }
    accepted.retain(|change| !exceptions.contains(&change.as_str()));
    assert!(accepted.is_empty(), "{} changes are not seen:\n{}", accepted.len(), accepted.join("\n"));
}

#[test]
fn a_change_in_what_nats_did_goes_unnoticed() {
    // Both differ from run to run.
    let exceptions = [
        "nats.core_slow_consumer.json /slow_got_err_text: the opposite",
        "nats.core_slow_consumer.json /slow_received: one more",
    ];
    all_fail("nats.", &exceptions);
}

#[test]
fn a_change_in_what_kafka_did_goes_unnoticed() {
    // How much it took before it stopped polling is known from what it took only.
    let exceptions = [
        "kafka.slow_consumer_max_poll_interval.json /consumers/slow: one less",
        "kafka.commit_is_watermark.json /consumers/skip: one less",
    ];
    all_fail("kafka.", &exceptions);
}
