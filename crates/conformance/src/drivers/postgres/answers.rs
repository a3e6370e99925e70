//! Answers to what a recording asks beside who got what.

use serde_json::{Map, Value, json};

use super::part::{Count, Part};
use crate::question::{Moment, Question, matching};
use crate::vector::Vector;

/// Everything that the key may mean; nothing, if it speaks of something that the steps do not decide.
pub(super) fn answer(question: Question, vector: &Vector, part: &Part) -> Vec<Value> {
    if let Some(got) = part.asked.get(question.key) {
        return vec![question.ids(&got.iter().collect::<Vec<_>>())];
    }
    let says = |word: &str| question.says(word);
    let ids = |ids: &[String]| vec![question.ids(ids)];
    match question.key {
        "final" | "jobs" | "statuses" | "status" | "rows" => return statuses(question, part),
        "unlogged" => return ids(part.unlogged()),
        "old_connection" => return vec![json!(connection(part))],
        "next_serial" => return vec![json!(part.inserts)],
        "processed_total" => return vec![json!(part.got.len())],
        "effects" => {
            let pairs = part.got.iter().map(|(_, got)| json!([got.who, got.id]));
            return vec![pairs.collect()];
        }
        "sequence" => return ids(&part.got.iter().map(|(_, got)| got.id.clone()).collect::<Vec<_>>()),
        _ => {}
    }
    if says("rowcount") || question.is_number() && (says("update") || says("claim")) {
        return counts(question, vector, part);
    }
    if says("duplicate") || says("twice") {
        return duplicated(question, part);
    }
    if says("reap") && !says("get") {
        return ids(&part.reaped);
    }
    if says("attempts") {
        return attempts(question, part);
    }
    if says("lost") {
        let never = |id: &&String| part.got.iter().all(|(_, got)| got.id != **id);
        let lost: Vec<&String> = part.table.rows().iter().filter(never).collect();
        return vec![question.ids(&lost)];
    }
    if says("completion") || says("finish") || question.key == "order" {
        let of_key = |id: &&String| part.keys.get(*id).is_some_and(|key| question.names(key));
        let some: Vec<&String> = part.done.iter().filter(of_key).collect();
        return match (some.is_empty(), question.words().len() > 2) {
            (false, _) => vec![question.ids(&some)],
            (true, true) => Vec::new(),
            (true, false) => ids(&part.done),
        };
    }
    if says("pending") && !question.is_flag() {
        let pending = part.table.rows().iter().filter(|id| part.table.status(id) == "pending");
        return vec![question.ids(&pending.collect::<Vec<_>>())];
    }
    of_somebody(question, part)
}

/// What became of each row.
fn statuses(question: Question, part: &Part) -> Vec<Value> {
    if question.is_text() {
        return part.table.rows().iter().map(|id| json!(part.table.status(id))).take(1).collect();
    }
    let all: Map<String, Value> =
        part.table.rows().iter().map(|id| (id.clone(), json!(part.table.status(id)))).collect();
    vec![all.into()]
}

/// What the driver says of a connection that was open when the server went down.
fn connection(part: &Part) -> &'static str {
    let open = part.got.iter().any(|(_, got)| part.table.is_connected(&got.who));
    if open { "open" } else { "OperationalError" }
}

fn counts(question: Question, vector: &Vector, part: &Part) -> Vec<Value> {
    let of = |verb: &'static str| {
        let counts = part.counts.iter().filter(move |count| count.verb == verb);
        counts.collect::<Vec<_>>()
    };
    if question.says("late") && !question.is_object() {
        // By whoever has lost the row to another.
        let last = |count: &Count| part.got.iter().rev().find(|(_, got)| Some(&got.id) == count.id.as_ref());
        let late = |count: &&Count| last(count).is_some_and(|(_, got)| Some(&got.who) != count.who.as_ref());
        let late: Vec<&Count> = of("update").into_iter().filter(late).collect();
        return late.first().map(|count| json!(count.rows)).into_iter().collect();
    }
    let all: Vec<&Count> = part.counts.iter().collect();
    let kinds = match (question.says("update"), question.says("insert"), question.says("claim")) {
        (true, ..) => vec![of("update")],
        (_, true, _) => vec![of("insert")],
        (.., true) => vec![of("claim")],
        _ => vec![of("claim"), of("update"), of("insert"), all],
    };
    let rows = |counts: &[&Count]| -> Vec<Value> { counts.iter().map(|count| json!(count.rows)).collect() };
    let mut readings = Vec::new();
    for counts in kinds.iter().filter(|counts| !counts.is_empty()) {
        let fields = question.fields();
        if question.is_object() {
            let by = |who: &str| -> Vec<&Count> {
                counts.iter().filter(|count| count.who.as_deref() == Some(who)).copied().collect()
            };
            let all: Map<String, Value> =
                fields.iter().map(|who| ((*who).to_owned(), rows(&by(who)).into())).collect();
            readings.push(all.into());
            continue;
        }
        let names = |count: &&&Count| count.who.as_deref().is_some_and(|who| question.names(who));
        let own: Vec<&Count> = counts.iter().filter(names).copied().collect();
        let meant = matching(&vector.steps, &question.words());
        let said: Vec<&Count> = counts.iter().filter(|count| meant.contains(&count.step)).copied().collect();
        for some in [&own, &said, counts] {
            if question.is_list() {
                readings.push(rows(some).into());
            } else if let Some(last) = some.last() {
                readings.push(json!(last.rows));
            }
        }
    }
    readings.retain(|reading| reading.as_array().is_none_or(|rows| !rows.is_empty()));
    readings
}

fn duplicated(question: Question, part: &Part) -> Vec<Value> {
    let times = |id: &String| part.got.iter().filter(|(_, got)| got.id == *id).count();
    let twice: Vec<&String> = part.table.rows().iter().filter(|id| times(id) > 1).collect();
    let surplus: usize = part.table.rows().iter().map(|id| times(id).saturating_sub(1)).sum();
    match question.is_number() {
        true => vec![json!(twice.len()), json!(surplus)],
        false => vec![question.ids(&twice)],
    }
}

fn attempts(question: Question, part: &Part) -> Vec<Value> {
    if question.is_object() {
        let rows = part.table.rows().iter();
        let all: Map<String, Value> = rows.map(|id| (id.clone(), json!(part.table.attempts(id)))).collect();
        return vec![all.into()];
    }
    vec![json!(part.attempts_seen)]
}

/// What one of the pollers got, and whether it had to wait for it.
fn of_somebody(question: Question, part: &Part) -> Vec<Value> {
    let steps = part.steps.iter().filter_map(|step| step.raw("who").and_then(Value::as_str));
    let mut names: Vec<&str> = part.got.iter().map(|(_, got)| got.who.as_str()).chain(steps).collect();
    names.sort_unstable();
    names.dedup();
    let words = question.words();
    // Of several names the first is who it is about.
    let place = |name: &str| words.iter().position(|word| *word == name.to_lowercase());
    let Some(who) = names.into_iter().filter(|name| question.names(name)).min_by_key(|name| place(name))
    else {
        return Vec::new();
    };
    if question.is_flag() {
        let asks = ["wait", "block"].iter().any(|word| question.says(word));
        return if asks { vec![json!(part.waited.get(who).copied().unwrap_or(false))] } else { Vec::new() };
    }
    let own = part.got.iter().filter(|(_, got)| got.who == who);
    let own: Vec<&String> = match question.moment(part.steps) {
        Moment::End => own.map(|(_, got)| &got.id).collect(),
        Moment::After(steps) => {
            let first = steps.first().copied().unwrap_or(0);
            own.filter(|(step, _)| *step >= first).map(|(_, got)| &got.id).collect()
        }
        Moment::Before(steps) => {
            let last = steps.last().copied().unwrap_or(0);
            own.filter(|(step, _)| *step < last).map(|(_, got)| &got.id).collect()
        }
    };
    let asks = ["got", "get", "receive", "after", "before"].iter().any(|word| question.says(word));
    if asks || words.len() == 1 { vec![question.ids(&own)] } else { Vec::new() }
}
