//! The recordings of real brokers, held against the profiles.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "recordings are files")]

mod broken;
mod mutations;
mod unseen;

use std::path::PathBuf;

use conformance::{Outcome, Verdict, conform};

/// Every recording: the name of its file, and its text.
fn recordings() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fidelity");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the folder of recordings")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).expect("a readable recording"))
        })
        .collect();
    found.sort();
    assert!(found.len() >= 85, "only {} recordings", found.len());
    found
}

fn say(verdict: &Verdict) -> String {
    format!("{}: {:#?}", verdict.name, verdict.outcome)
}

#[test]
fn a_profile_does_something_else_than_the_broker_did() {
    let verdicts: Vec<Verdict> = recordings().iter().map(|(name, text)| conform(name, text)).collect();
    let wrong: Vec<String> =
        verdicts.iter().filter(|verdict| verdict.outcome != Outcome::Passed).map(say).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What varied from run to run, so that only what holds in every run is compared; and what no step decides.
const NOT_COMPARED: [&str; 24] = [
    "kafka.compete_partitions.json /consumers/A",
    "kafka.compete_partitions.json /consumers/B",
    "kafka.compete_partitions.json /consumers/C",
    "kafka.compete_partitions.json /consumers/D",
    "kafka.compete_partitions.json /consumers/E",
    "kafka.rebalance_join_duplicates.json /consumers/A",
    "kafka.rebalance_join_duplicates.json /consumers/B",
    "nats.core_queue_group.json /consumers/A",
    "nats.core_queue_group.json /consumers/B",
    "nats.core_queue_group.json /consumers/C",
    "nats.core_queue_group.json /shares",
    "nats.core_slow_consumer.json /slow_got_err_text",
    "nats.core_slow_consumer.json /slow_received",
    "nats.js_push_queue_group.json /consumers/A",
    "nats.js_push_queue_group.json /consumers/B",
    "nats.js_push_queue_group.json /consumers/C",
    "nats.js_push_queue_group.json /shares",
    "postgres.jobs_naive_free_running.json /consumers/B",
    "postgres.jobs_skip_locked_free.json /consumers/A",
    "postgres.jobs_skip_locked_free.json /consumers/B",
    "rabbitmq.restart_what_survives.json /modes/sigkill/quorum_declared_just_before",
    "redis.pubsub_slow_subscriber_killed.json /publishes_returning_2",
    "redis.pubsub_slow_subscriber_killed.json /slow_lost",
    "redis.pubsub_slow_subscriber_killed.json /slow_received_before_disconnect",
];

#[test]
fn something_that_was_observed_is_left_out() {
    for (name, text) in recordings() {
        for path in conform(&name, &text).not_compared {
            let left = format!("{name} {path}");
            assert!(NOT_COMPARED.iter().any(|known| left.starts_with(known)), "{left} is not compared");
        }
    }
}
