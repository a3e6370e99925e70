//! An outbox that is polled: by the status of its rows, or by the last id that was seen.
//!
//! The reader by status is a poller of a table. The reader by a cursor is the application's own rule: it asks
//! for ids above the last one, and ids are given before the transaction is committed.

use std::collections::BTreeMap;

use channel::Value as Setting;
use kernel::{Span, Time};
use serde_json::{Map, Value, json};

use super::table::Table;
use crate::drivers::{self, Stop};
use crate::question::Question;
use crate::replay::Replay;
use crate::vector::{Step, Vector};

/// The outbox, and who reads it.
struct Outbox<'v> {
    vector: &'v Vector,
    table: Table,
    /// The last id that was given.
    serial: u64,
    /// Rows of open transactions, by transaction.
    open: BTreeMap<String, Vec<(u64, String)>>,
    /// Rows that are committed, in the order of their ids.
    committed: BTreeMap<u64, String>,
    /// Rows that were committed since somebody last looked.
    fresh: Vec<(u64, String)>,
    /// The last id that each reader by cursor has seen.
    cursors: BTreeMap<String, u64>,
    /// Ids that were observed and that no step names.
    unnamed: Vec<String>,
    inserted_since_poll: bool,
    replay: Replay,
}

pub(super) fn replay(vector: &Vector) -> Result<Replay, Stop> {
    let mut outbox = Outbox {
        vector,
        table: Table::new(drivers::rules("jobs-table", &[("batch", Setting::Count(1))])?, Time::ZERO),
        serial: 0,
        open: BTreeMap::new(),
        committed: BTreeMap::new(),
        fresh: Vec::new(),
        cursors: BTreeMap::new(),
        unnamed: unnamed(vector),
        inserted_since_poll: false,
        replay: Replay::default(),
    };
    for step in &vector.steps {
        outbox.table.pass(Span::from_millis(1));
        outbox.step(step)?;
    }
    outbox.answer();
    Ok(outbox.replay)
}

impl Outbox<'_> {
    fn step(&mut self, step: &Step) -> Result<(), Stop> {
        match step.op.as_str() {
            "sleep" => {
                self.table.pass(Span::from_millis(step.number("ms")?));
            }
            "insert_uncommitted" => {
                let row = self.next_row(step.text("id")?);
                self.open.entry(transaction(step)).or_default().push(row);
            }
            "insert" | "insert_commit" => {
                let row = self.next_row(step.text("id")?);
                self.commit(row);
            }
            "insert_rollback" => {
                self.next_row(step.text("id")?);
            }
            "commit" => {
                for row in self.open.remove(&transaction(step)).unwrap_or_default() {
                    self.commit(row);
                }
            }
            "rollback" => {
                self.open.remove(&transaction(step));
            }
            "poll" => self.poll(step)?,
            _ => return Err(step.unknown("postgres")),
        }
        Ok(())
    }

    /// A row gets its id at once, whatever becomes of its transaction.
    fn next_row(&mut self, id: &str) -> (u64, String) {
        self.serial += 1;
        (self.serial, id.to_owned())
    }

    fn commit(&mut self, row: (u64, String)) {
        self.inserted_since_poll = true;
        self.committed.insert(row.0, row.1.clone());
        self.fresh.push(row);
    }

    fn poll(&mut self, step: &Step) -> Result<(), Stop> {
        if !std::mem::take(&mut self.inserted_since_poll) && !self.unnamed.is_empty() {
            let id = self.unnamed.remove(0);
            let row = self.next_row(&id);
            self.commit(row);
            self.inserted_since_poll = false;
        }
        // What became visible together is read by id.
        self.fresh.sort_unstable();
        for (_, id) in std::mem::take(&mut self.fresh) {
            self.table.insert(&id);
        }
        let readers = match step.text_if("who")? {
            Some(who) => vec![who.to_owned()],
            None => readers(self.vector),
        };
        for who in readers {
            if by_cursor(&who) { self.read_by_cursor(&who) } else { self.read_by_status(&who) }
        }
        Ok(())
    }

    fn read_by_cursor(&mut self, who: &str) {
        let last = self.cursors.entry(who.to_owned()).or_insert(0);
        for (serial, id) in self.committed.range(*last + 1..) {
            self.replay.row(who, json!({ "id": id }));
            *last = *serial;
        }
    }

    fn read_by_status(&mut self, who: &str) {
        while let Some(got) = self.table.poll(who).pop() {
            self.replay.row(who, json!({ "id": got.id }));
            self.table.finish(who, &got.id, false);
        }
    }

    fn answer(&mut self) {
        for question in Question::all(&self.vector.observed) {
            if question.says("ids") && question.says("table") {
                self.replay
                    .set(question.key, self.committed.keys().map(|serial| json!(serial)).collect::<Value>());
            }
            let Some(who) = readers(self.vector).into_iter().find(|who| question.names(who)) else {
                continue;
            };
            if question.says("lost") {
                let rows = self.replay.consumer(&who).clone();
                let got = |id: &&String| {
                    rows.as_array().is_some_and(|rows| rows.iter().any(|row| row["id"] == json!(id)))
                };
                let lost: Vec<&String> = self.committed.values().filter(|id| !got(id)).collect();
                self.replay.set(question.key, question.ids(&lost));
            }
        }
    }
}

fn transaction(step: &Step) -> String {
    step.raw("tx").map_or_else(|| "1".to_owned(), Value::to_string)
}

fn readers(vector: &Vector) -> Vec<String> {
    let consumers = vector.observed.get("consumers").and_then(Value::as_object);
    consumers.into_iter().flat_map(Map::keys).cloned().collect()
}

/// Whether a reader is named after the way that loses rows.
fn by_cursor(who: &str) -> bool {
    ["cursor", "last", "offset", "serial"].iter().any(|word| who.contains(word))
}

/// Ids that somebody got and that no step names, in the order of their numbers.
fn unnamed(vector: &Vector) -> Vec<String> {
    let named = |id: &str| vector.steps.iter().any(|step| step.raw("id").and_then(Value::as_str) == Some(id));
    let consumers = vector.observed.get("consumers").and_then(Value::as_object);
    let rows = consumers.into_iter().flat_map(Map::values).filter_map(Value::as_array).flatten();
    let mut ids: Vec<String> =
        rows.filter_map(|row| row.get("id")?.as_str()).filter(|id| !named(id)).map(str::to_owned).collect();
    let number =
        |id: &String| id.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse().unwrap_or(0);
    ids.sort_by_key(|id| (number(id) as u64, id.clone()));
    ids.dedup();
    ids
}
