//! Recordings of RabbitMQ and Mosquitto, held against their profiles.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "recordings are files")]

mod mqtt;
mod mutations;
mod rabbitmq;

use std::path::PathBuf;

use conformance::{Outcome, Verdict, conform};
use serde_json::Value;

fn recordings() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fidelity");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the folder of recordings")
        .map(|entry| entry.expect("an entry").path())
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            let wanted = name.starts_with("rabbitmq.") || name.starts_with("mqtt.");
            wanted.then(|| (name, std::fs::read_to_string(&path).expect("a readable recording")))
        })
        .collect();
    found.sort();
    found
}

fn say(verdict: &Verdict) -> String {
    format!("{}: {:#?}, not compared {:?}", verdict.name, verdict.outcome, verdict.not_compared)
}

#[test]
fn a_profile_does_something_else_than_the_broker_did() {
    let mut wrong = Vec::new();
    for (name, text) in recordings() {
        let verdict = conform(&name, &text);
        println!("{} {:?} {:?}", name, matches!(verdict.outcome, Outcome::Passed), verdict.not_compared);
        if verdict.outcome != Outcome::Passed {
            wrong.push(say(&verdict));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Holds a recording of our own against the model, which has to do the same.
fn passes(recording: &Value) {
    let verdict = conform("own", &recording.to_string());
    assert_eq!(verdict.outcome, Outcome::Passed, "{}", say(&verdict));
    assert!(verdict.not_compared.is_empty(), "{}", say(&verdict));
}

/// The model has to do something else.
fn fails(recording: &Value) {
    let verdict = conform("own", &recording.to_string());
    assert!(matches!(verdict.outcome, Outcome::Failed(_)), "{}", say(&verdict));
}
