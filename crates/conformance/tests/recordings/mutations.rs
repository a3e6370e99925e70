//! Recordings with one thing changed: whoever accepts these would accept anything.

use conformance::{Outcome, conform};
use serde_json::{Value, json};

/// Below a list of so many rows, only the ends and the middle are changed.
const ROWS_MAX: usize = 6;

/// A recording that was changed: where and how, and the text.
pub(crate) fn mutants(text: &str) -> Vec<(String, String)> {
    let whole: Value = serde_json::from_str(text).unwrap();
    let mut paths = Vec::new();
    collect("", &whole["observed"], &mut paths);
    let mut mutants = Vec::new();
    for path in paths {
        for (how, new) in changes(whole["observed"].pointer(&path).unwrap()) {
            let mut changed = whole.clone();
            *changed["observed"].pointer_mut(&path).unwrap() = new;
            mutants.push((format!("{path}: {how}"), changed.to_string()));
        }
    }
    mutants
}

/// The paths to everything below a value, and to itself.
fn collect(path: &str, value: &Value, paths: &mut Vec<String>) {
    paths.push(path.to_owned());
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                collect(&format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), value, paths);
            }
        }
        Value::Array(rows) => {
            for n in places(rows.len()) {
                collect(&format!("{path}/{n}"), &rows[n], paths);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn places(len: usize) -> Vec<usize> {
    if len <= ROWS_MAX { (0..len).collect() } else { vec![0, 1, len / 2, len - 2, len - 1] }
}

fn changes(value: &Value) -> Vec<(String, Value)> {
    match value {
        Value::Bool(yes) => vec![("the opposite".to_owned(), json!(!yes))],
        Value::Number(number) => {
            let number = number.as_i64().unwrap();
            vec![("one more".to_owned(), json!(number + 1)), ("one less".to_owned(), json!(number - 1))]
        }
        Value::String(text) => vec![("another text".to_owned(), json!(format!("{text}x")))],
        Value::Array(rows) if rows.is_empty() => vec![("one row".to_owned(), json!(["m99"]))],
        Value::Array(rows) => places(rows.len()).into_iter().flat_map(|n| changes_at(rows, n)).collect(),
        Value::Null => vec![("a text".to_owned(), json!("m99"))],
        Value::Object(_) => Vec::new(),
    }
}

fn changes_at(rows: &[Value], n: usize) -> Vec<(String, Value)> {
    let mut changes = Vec::new();
    let mut fewer = rows.to_vec();
    let row = fewer.remove(n);
    changes.push((format!("without {n}"), fewer.clone().into()));
    fewer.insert(n, row.clone());
    fewer.insert(n, row);
    changes.push((format!("{n} twice"), fewer.into()));
    for other in places(n) {
        if rows[n] != rows[other] {
            let mut swapped = rows.to_vec();
            swapped.swap(n, other);
            changes.push((format!("{n} and {other} swapped"), swapped.into()));
        }
    }
    changes
}

/// Changes after which a recording is still one of what the broker may do.
const POSSIBLE: [(&str, &str); 4] = [
    // What lay in the table before, no step says: it may have had another name.
    ("postgres.restart_what_survives.json", "/modes/clean/unlogged/0: another text"),
    // Which entries have the key, no step says: it may be one less.
    ("redis.stream_key_order.json", "/completion_order_k1: without"),
    // How much it took before it stopped polling is known from what it took only.
    ("kafka.slow_consumer_max_poll_interval.json", "/consumers/slow: without"),
    ("kafka.commit_is_watermark.json", "/consumers/skip: without"),
];

/// Whether a change is one of what differs from run to run: how many, and in which order, but not which.
fn by_chance(left: &[String], what: &str) -> bool {
    let which = what.ends_with("another text") || what.ends_with("one more");
    let of_a_row = what.starts_with("/consumers/") && which;
    !of_a_row && left.iter().any(|path| what.starts_with(path.as_str()))
}

/// Every change has to be seen, but for what differs from run to run.
fn all_fail(product: &str) {
    let mut accepted = Vec::new();
    let mut tried = 0;
    for (name, text) in super::recordings().into_iter().filter(|(name, _)| name.starts_with(product)) {
        let left = conform(&name, &text).not_compared;
        for (what, changed) in mutants(&text).into_iter().filter(|(what, _)| !by_chance(&left, what)) {
            tried += 1;
            let possible = POSSIBLE.iter().any(|(file, change)| *file == name && what.starts_with(change));
            if !possible && !matches!(conform(&name, &changed).outcome, Outcome::Failed(_)) {
                accepted.push(format!("{name} {what}"));
            }
        }
    }
    assert!(tried > 100, "only {tried} changes");
    assert!(
        accepted.is_empty(),
        "{} of {tried} changes are not seen:\n{}",
        accepted.len(),
        accepted.join("\n")
    );
}

#[test]
fn a_change_in_what_redis_did_goes_unnoticed() {
    all_fail("redis.");
}

#[test]
fn a_change_in_what_rabbitmq_did_goes_unnoticed() {
    all_fail("rabbitmq.");
}

#[test]
fn a_change_in_what_nats_did_goes_unnoticed() {
    all_fail("nats.");
}

#[test]
fn a_change_in_what_mosquitto_did_goes_unnoticed() {
    all_fail("mqtt.");
}

#[test]
fn a_change_in_what_kafka_did_goes_unnoticed() {
    all_fail("kafka.");
}

#[test]
fn a_change_in_what_postgresql_did_goes_unnoticed() {
    all_fail("postgres.");
}

#[test]
fn a_change_in_what_celery_did_goes_unnoticed() {
    all_fail("celery.");
}
