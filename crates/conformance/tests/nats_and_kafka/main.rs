//! NATS, JetStream and Kafka: what the model does, held against recordings.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]
#![allow(clippy::disallowed_methods, reason = "the recordings are files")]

mod mutations;
mod unseen;

use std::path::PathBuf;

use conformance::{Outcome, conform};

/// The recordings of a product: the names of the files, and what is in them.
fn recordings(broker: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fidelity");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| name.starts_with(broker) && name.ends_with(".json"))
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect();
    found.sort();
    found
}

fn all_pass(broker: &str, least: usize) {
    let recordings = recordings(broker);
    assert!(recordings.len() >= least, "only {} recordings of {broker}", recordings.len());
    for (name, text) in recordings {
        let verdict = conform(&name, &text);
        println!("{name}: not compared {:?}", verdict.not_compared);
        assert_eq!(verdict.outcome, Outcome::Passed, "{name}");
    }
}

#[test]
fn the_model_of_nats_does_something_else_than_nats() {
    all_pass("nats.", 12);
}

#[test]
fn the_model_of_kafka_does_something_else_than_kafka() {
    all_pass("kafka.", 8);
}
