//! PostgreSQL: tables of jobs, LISTEN and NOTIFY, and an outbox that is read with a cursor.
//!
//! - A step takes a millisecond, a `sleep` its time. A reaper's time-out for which the steps show no waiting at
//!   all is over.
//! - How rows are claimed follows from the verbs. `run_pollers` says nothing of it: if the same job was observed
//!   twice, they claim nothing at all, else they skip what is locked.
//! - An id that is inserted again after somebody has worked begins a new part, with an empty table. Parts are
//!   told apart in the recording by what their verbs and fields are called. The rows of consumers are those of
//!   the last part.
//! - A claim that names a row finds those before it done.
//! - Whoever is observed, and attached by no step of a part, polls when the key says so (`B_after_crash`), and
//!   at the end takes what there is.
//! - Jobs fail whose id is not an `m` and a number.
//! - An insert that a unique key refuses is tried once more after the row was worked on.
//! - A poll of an outbox always finds something: if nothing was inserted since the last one, the next id that
//!   was observed and that no step names was.

mod answers;
mod notify;
mod outbox;
mod part;
mod table;
mod verbs;

use serde_json::{Map, Value};

use super::Stop;
use crate::question::Question;
use crate::replay::Replay;
use crate::vector::{Step, Vector};
use part::Part;

pub(super) fn replay(vector: &Vector) -> Result<Replay, Stop> {
    let any = |verbs: &[&str]| vector.steps.iter().any(|step| verbs.contains(&step.op.as_str()));
    if any(&["listen", "notify"]) {
        return notify::replay(vector);
    }
    if any(&["insert_uncommitted", "insert_commit", "insert_rollback"]) {
        return outbox::replay(vector);
    }
    jobs(vector)
}

fn jobs(vector: &Vector) -> Result<Replay, Stop> {
    let parts = split(&vector.steps);
    let whole = vector.observed.iter().find(|(key, value)| *key != "consumers" && names_parts(value, &parts));
    let names: Vec<&String> =
        whole.and_then(|(_, value)| value.as_object()).into_iter().flat_map(Map::keys).collect();
    let names = assign(&names, &parts);
    let mut replay = Replay::default();
    let mut inside = Map::new();
    let mut all: Vec<Part> = Vec::new();
    for (steps, name) in parts.iter().zip(&names) {
        let asked = name.and_then(|name| whole.and_then(|(_, value)| value.get(name)));
        let questions: Vec<Question> = match asked {
            Some(asked) => asked.as_object().into_iter().flat_map(Question::all).collect(),
            None => Question::all(&vector.observed).collect(),
        };
        let mut part = Part::new(vector, steps)?;
        part.run(&questions)?;
        if let (Some(name), Some((key, _))) = (name, whole) {
            let mut answers = Map::new();
            for question in &questions {
                match answers::answer(*question, vector, &part).into_iter().next() {
                    Some(answer) => {
                        answers.insert(question.key.to_owned(), answer);
                    }
                    None => replay.unknown.push(format!("/{key}/{name}/{}", question.key)),
                }
            }
            inside.insert((*name).clone(), answers.into());
        }
        all.push(part);
    }
    let Some(last) = all.last() else { return Ok(replay) };
    if let Some((key, _)) = whole {
        replay.set(key, inside);
    }
    let (consumers, everything) = (last.consumers(), all.iter().map(Part::consumers).reduce(join));
    replay.answer("consumers", std::iter::once(consumers).chain(everything).map(Value::from).collect());
    for question in Question::all(&vector.observed) {
        if question.key != "consumers" && whole.is_none_or(|(key, _)| key != question.key) {
            replay.answer_or_parts(question, &mut |question| answers::answer(question, vector, last));
            if question.key.starts_with("completion_order") {
                replay.within.insert(question.key.to_owned(), last.done.clone());
            }
        }
    }
    replay.remarks = all.iter().flat_map(|part| part.remarks.clone()).collect();
    replay.copies_vary = last.claims_nothing_freely();
    replay.lengths_hold = true;
    Ok(replay)
}

/// A part ends where an id comes again that is in the table already, after something else was done.
fn split(steps: &[Step]) -> Vec<&[Step]> {
    let mut starts = vec![0];
    let mut inserted: Vec<&str> = Vec::new();
    let mut worked = false;
    for (n, step) in steps.iter().enumerate() {
        let id = step.raw("id").and_then(Value::as_str).unwrap_or_default();
        if step.op != "insert" {
            worked = true;
        } else if worked && inserted.contains(&id) {
            starts.push(n);
            (inserted, worked) = (vec![id], false);
        } else {
            inserted.push(id);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([steps.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &steps[start..end]).collect()
}

/// Whether a value of the recording speaks of the parts one by one.
fn names_parts(value: &Value, parts: &[&[Step]]) -> bool {
    let Some(object) = value.as_object() else { return false };
    parts.len() > 1 && object.len() == parts.len() && object.values().all(Value::is_object)
        || parts.len() == 1 && object.len() == 1 && object.values().all(Value::is_object)
}

/// Which name is whose: the one that its verbs and fields speak of most, else in order.
fn assign<'n>(names: &[&'n String], parts: &[&[Step]]) -> Vec<Option<&'n String>> {
    let mut scores: Vec<(usize, usize, usize)> = Vec::new();
    for (n, name) in names.iter().enumerate() {
        for (p, part) in parts.iter().enumerate() {
            scores.push((part.iter().map(|step| score(name, step)).max().unwrap_or(0), n, p));
        }
    }
    scores.sort_by_key(|&(score, n, p)| (usize::MAX - score, n, p));
    let mut assigned: Vec<Option<&String>> = vec![None; parts.len()];
    let mut taken = vec![false; names.len()];
    for (_, n, p) in scores {
        if !taken[n] && assigned[p].is_none() {
            taken[n] = true;
            assigned[p] = Some(names[n]);
        }
    }
    assigned
}

fn score(name: &str, step: &Step) -> usize {
    let said = |key: &str| step.raw(key).and_then(Value::as_str) == Some(name);
    let exactly = ["variant", "mode", "claim", "part"].iter().any(|key| said(key));
    let words = name.split('_').filter(|word| word.len() > 1 && step.op.contains(word)).count();
    words + if exactly { 100 } else { 0 }
}

fn join(mut one: Map<String, Value>, other: Map<String, Value>) -> Map<String, Value> {
    for (who, rows) in other {
        let Value::Array(rows) = rows else { continue };
        if let Value::Array(known) = one.entry(who).or_insert_with(|| Value::Array(Vec::new())) {
            known.extend(rows);
        }
    }
    one
}
