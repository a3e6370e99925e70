//! Recordings that nobody made: what the README of the recordings states of scenarios that are not among the
//! files, written in the same form. They have to pass, and a change in them has to be seen.

mod celery;
mod mqtt;
mod nats_and_kafka;
mod postgres;
mod rabbitmq;
mod redis;

use conformance::{Outcome, conform};
use serde_json::{Value, json};

use crate::mutations::mutants;

/// Replays, and again with every change. `open` are changes that the recording leaves open, by how they begin.
fn check(broker: &str, config: Value, steps: Value, observed: Value, open: &[&str]) {
    let whole = json!({
        "broker": broker,
        "scenario": "unseen",
        "config": config,
        "steps": steps,
        "observed": observed,
        "deterministic": true,
        "varies": [],
    });
    let text = whole.to_string();
    let verdict = conform("unseen.json", &text);
    assert_eq!(verdict.outcome, Outcome::Passed);
    assert_eq!(verdict.not_compared, Vec::<String>::new());
    let unnoticed: Vec<String> = mutants(&text)
        .into_iter()
        .filter(|(what, _)| !open.iter().any(|open| what.starts_with(open)))
        .filter(|(_, changed)| !matches!(conform("unseen.json", changed).outcome, Outcome::Failed(_)))
        .map(|(what, _)| what)
        .collect();
    assert_eq!(unnoticed, Vec::<String>::new());
}

/// Rows with only an id.
fn ids(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({ "id": id })).collect()
}

/// Holds a recording against the model, which has to do the same, and to know all of it.
fn passes(recording: &Value) {
    let verdict = conform("own", &recording.to_string());
    assert_eq!(verdict.outcome, Outcome::Passed, "{verdict:#?}");
    assert!(verdict.not_compared.is_empty(), "{verdict:#?}");
}

/// The model has to do something else.
fn fails(recording: &Value) {
    let verdict = conform("own", &recording.to_string());
    assert!(matches!(verdict.outcome, Outcome::Failed(_)), "{verdict:#?}");
}
