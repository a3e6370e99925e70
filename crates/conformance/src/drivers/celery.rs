//! Celery: workers with processes, over RabbitMQ or Redis.
//!
//! - `environment` begins a part: an empty queue, no workers, and other settings. Before, and at the end, all
//!   that can happen does.
//! - A step takes 10 ms, and what is due at once has happened before it. So a worker that is killed by the next
//!   step has started what it could start.
//! - `work` takes the seconds of its second argument; a third that is true kills the process at the start.
//!   `fails` asks to be tried again, which sends a new message after a second, until `max_retries`.
//! - What comes again without end is watched for a hundred starts.
//! - A key that names a multiplier or a worker speaks of the part that has it.

mod answers;
mod part;

use serde_json::{Map, Value};

use super::Stop;
use crate::question::Question;
use crate::replay::Replay;
use crate::vector::Vector;
use part::Part;

pub(super) fn replay(vector: &Vector) -> Result<Replay, Stop> {
    let mut parts: Vec<Part> = Vec::new();
    for step in &vector.steps {
        if step.op == "environment" || parts.is_empty() {
            parts.iter_mut().for_each(Part::run_out);
            parts.push(Part::new(vector, step)?);
        }
        if let Some(part) = parts.last_mut() {
            part.step(step)?;
        }
    }
    parts.iter_mut().for_each(Part::run_out);
    let remarks = vector.steps.iter().map(|step| step.op.clone()).filter(|op| op.contains(' ')).collect();
    let mut replay = Replay { remarks, ..Replay::default() };
    let mut everything = Map::new();
    for part in &parts {
        for (who, row) in &part.rows {
            if let Value::Array(rows) =
                everything.entry(who.clone()).or_insert_with(|| Value::Array(Vec::new()))
            {
                rows.push(row.clone());
            }
        }
    }
    replay.set("consumers", everything);
    for question in Question::all(&vector.observed).filter(|question| question.key != "consumers") {
        replay.answer_or_parts(question, &mut |question| answers::answer(question, &parts));
    }
    Ok(replay)
}
