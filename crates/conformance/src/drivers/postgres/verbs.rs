//! What the verbs say of how rows are claimed, and of the table's rules.

use channel::{Rules, Value as Setting};
use serde_json::{Map, Value};

use crate::drivers::{self, Stop};
use crate::vector::{Step, Vector};

/// How a verb claims rows; `None`, if it says nothing of it.
pub(super) fn claim_of(step: &Step) -> Option<&'static str> {
    let variant = step.raw("variant").and_then(Value::as_str).unwrap_or_default();
    Some(match step.op.as_str() {
        "select" | "select_pending" | "naive_select_then_crash" | "select_then_crash" => "naive",
        "claim_cas" | "claim_committed" => "conditional_update",
        "select_for_update" => "for_update",
        "claim_in_tx" | "effect_then_crash_before_commit" => "skip_locked",
        "claim" if variant.contains("skip") => "skip_locked",
        "claim" if variant.contains("recheck") => "update_subselect_rechecked",
        "claim" if !variant.is_empty() => "update_subselect",
        "claim" => "conditional_update",
        op if op.contains("skip_locked") || times(op).is_some() => "skip_locked",
        _ => return None,
    })
}

/// How pollers claim that run by themselves, where neither their step nor `config` says it.
pub(super) fn free_claim(vector: &Vector, steps: &[Step]) -> &'static str {
    let said = steps.iter().find_map(|step| step.raw("claim").or(step.raw("variant")));
    match said.or(vector.config.get("claim")).and_then(Value::as_str) {
        Some(said) if said.contains("skip") => return "skip_locked",
        Some(said) if said.contains("naive") => return "naive",
        Some(_) | None => {}
    }
    let mut seen: Vec<&Value> = Vec::new();
    for row in vector.observed.get("consumers").and_then(Value::as_object).into_iter().flat_map(Map::values) {
        for id in row.as_array().into_iter().flatten().filter_map(|row| row.get("id")) {
            if seen.contains(&id) {
                return "naive";
            }
            seen.push(id);
        }
    }
    "skip_locked"
}

/// The rules of a table whose steps speak so.
pub(super) fn rules(steps: &[Step], claim: &str) -> Result<Rules, Stop> {
    let mut values: Vec<(&str, Setting)> = choice("claim", claim).into_iter().collect();
    if steps.iter().any(|step| step.op == "insert_on_conflict") {
        values.push(("on_conflict_do_nothing", Setting::Flag(true)));
    }
    for variant in steps.iter().filter_map(|step| step.raw("variant").and_then(Value::as_str)) {
        if variant.contains("by_attempts") {
            values.extend(choice("order_by", "attempts"));
        }
        let most = variant.rsplit_once("max").and_then(|(_, number)| number.trim_matches('_').parse().ok());
        if let Some(most) = most {
            values.push(("max_attempts", Setting::Count(most)));
        }
    }
    drivers::rules("jobs-table", &values)
}

/// Whether an UPDATE names the owner of the row, so that nobody else's counts.
pub(super) fn is_guarded(step: &Step) -> bool {
    let guards = ["guard", "fence", "owner"];
    guards.iter().any(|word| step.op.contains(word) || step.fields().keys().any(|key| key.contains(word)))
}

/// How often `poll_8_times` polls.
pub(super) fn times(verb: &str) -> Option<usize> {
    verb.strip_prefix("poll_")?.strip_suffix("_times")?.parse().ok()
}

/// Whether a job has nothing special about it.
pub(super) fn is_ordinary(id: &str) -> bool {
    id.strip_prefix('m').is_some_and(|number| number.parse::<u32>().is_ok())
}

/// A text among the words of a choice, as the parameter takes it.
fn choice(parameter: &str, word: &str) -> Option<(&'static str, Setting)> {
    let parameter = channel::profile("jobs-table")?.parameter(parameter)?;
    match parameter.takes {
        channel::Takes::Choice(words) => {
            let index = words.iter().position(|known| *known == word)?;
            Some((parameter.name, Setting::Choice(index)))
        }
        channel::Takes::Count { .. } | channel::Takes::Span { .. } | channel::Takes::Flag => None,
    }
}
