//! What a recording leaves unsaid.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::rabbitmq::search::Guess;
use crate::vector::{Step, Vector};

/// How a recording is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Clients of MQTT 5 whose session is kept while they are away.
    pub(super) kept: BTreeSet<String>,
    /// Clients that acknowledge what comes at once.
    pub(super) acknowledge: BTreeSet<String>,
    /// `twin2` is a second connection of the client `twin`.
    pub(super) numbered: bool,
}

/// The guesses that the steps of a recording give cause for.
pub(super) fn guesses(vector: &Vector) -> Vec<Guess<Plan>> {
    let mut guesses: Vec<Guess<Plan>> = Vec::new();
    let connects = |step: &&Step| step.op == "connect";
    for step in vector.steps.iter().filter(connects) {
        let Some(who) = step.raw("who").and_then(Value::as_str).map(str::to_owned) else { continue };
        let keeps = !is_clean(step) && is_v5(step) && session_expiry(step).is_none();
        if keeps {
            let who = who.clone();
            guesses.push(Box::new(move |plan: &mut Plan| {
                plan.kept.insert(who.clone());
            }));
        }
        if !vector
            .steps
            .iter()
            .any(|step| acknowledges(step) && step.raw("who") == Some(&Value::from(who.as_str())))
        {
            guesses.push(Box::new(move |plan: &mut Plan| {
                plan.acknowledge.insert(who.clone());
            }));
        }
    }
    guesses.push(Box::new(|plan: &mut Plan| plan.numbered = true));
    guesses
}

pub(super) fn acknowledges(step: &Step) -> bool {
    matches!(step.op.as_str(), "puback" | "ack" | "pubrec")
}

pub(super) fn is_v5(step: &Step) -> bool {
    ["v", "version", "protocol"].into_iter().find_map(|key| step.raw(key)).and_then(Value::as_u64) == Some(5)
}

pub(super) fn is_clean(step: &Step) -> bool {
    let given = ["clean", "clean_session", "clean_start"].into_iter().find_map(|key| step.raw(key));
    given.and_then(Value::as_bool).unwrap_or(true)
}

/// The session expiry interval in seconds, if the step says it.
pub(super) fn session_expiry(step: &Step) -> Option<f64> {
    let keys = ["session_expiry", "session_expiry_interval", "session_expiry_s", "expiry"];
    keys.into_iter()
        .find_map(|key| step.raw(key).or_else(|| step.raw("properties")?.get(key)))
        .and_then(Value::as_f64)
}

/// A filter by which somebody listens to wills, if a recording is about them.
pub(super) fn will_filter(vector: &Vector) -> Option<&str> {
    let filters =
        vector.steps.iter().filter(|step| step.op == "subscribe").filter_map(|step| step.raw("filter"));
    filters.filter_map(Value::as_str).find(|filter| filter.contains("will"))
}
