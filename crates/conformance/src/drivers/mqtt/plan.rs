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
    /// The first publication of quality 2 that is repeated is the same packet again; later ones are new.
    pub(super) same_packet: bool,
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
    guesses.push(Box::new(|plan: &mut Plan| plan.same_packet = true));
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

/// Ids that came to somebody although no step publishes them: wills, in the order in which they came, each with a
/// filter that let it through.
pub(super) fn wills(vector: &Vector) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let consumers = vector.observed.get("consumers").and_then(Value::as_object).into_iter().flatten();
    for (who, rows) in consumers {
        let filter = vector.steps.iter().filter(|step| step.op == "subscribe").find_map(|step| {
            let own = step.raw("who").and_then(Value::as_str) == Some(who);
            step.raw("filter").and_then(Value::as_str).filter(|_| own)
        });
        for id in rows.as_array().into_iter().flatten().filter_map(|row| row.get("id")?.as_str()) {
            let published =
                vector.steps.iter().any(|step| step.raw("id").and_then(Value::as_str) == Some(id));
            if !published && !found.iter().any(|(known, _)| known == id) {
                found.push((id.to_owned(), filter.unwrap_or("will").to_owned()));
            }
        }
    }
    found
}
