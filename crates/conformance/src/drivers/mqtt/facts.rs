//! What a recording writes down besides the deliveries.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::rabbitmq::search::every_object;
use super::broker::Row;
use super::play::Stage;
use crate::question::{Moment, Question};
use crate::replay::Replay;

/// Answers every question of the recording that follows from the steps.
pub(super) fn answer(stage: &Stage<'_>, replay: &mut Replay) {
    for (key, value) in stage.vector.observed.iter().filter(|(key, _)| *key != "consumers") {
        replay.answer(key, readings(stage, key, key, value));
    }
}

/// What the model says to a key; `path` is the whole way to it.
fn readings(stage: &Stage<'_>, path: &str, key: &str, value: &Value) -> Vec<Value> {
    let question = Question::new(path, value);
    match value {
        Value::Object(inside) if !inside.is_empty() && inside.keys().all(|id| is_published(stage, id)) => {
            by_id(stage, &question, inside)
        }
        Value::Object(inside) => {
            every_object(inside, |key, value| readings(stage, &format!("{path}_{key}"), key, value))
        }
        Value::Bool(_) => flags(stage, &question),
        Value::Number(_) => numbers(stage, &question),
        Value::Array(rows) if rows.first().is_some_and(Value::is_number) => {
            lists_of_numbers(stage, &question)
        }
        Value::Array(rows) if speaks_of_answers(&question) && are_no_ids(stage, rows) => {
            vec![answers_in_order(stage)]
        }
        Value::Array(_) => ids(stage, &question, key).iter().map(|ids| question.ids(ids)).collect(),
        Value::String(_) | Value::Null => texts(stage, &question),
    }
}

fn is_published(stage: &Stage<'_>, id: &str) -> bool {
    stage.published.iter().any(|(known, _, _)| known == id)
}

/// The answer to a publisher of quality 1, 2 or 0, and its reason in MQTT 5.
fn answers(quality: u8, sessions: u32) -> [Value; 5] {
    let reached = sessions > 0;
    [
        match quality {
            0 => Value::Null,
            1 => json!("PUBACK"),
            _ => json!("PUBCOMP"),
        },
        json!(quality > 0),
        json!(if reached { 0x00 } else { 0x10 }),
        json!(if reached { "0x00" } else { "0x10" }),
        json!(if reached { "success" } else { "no matching subscribers" }),
    ]
}

fn by_id(stage: &Stage<'_>, question: &Question<'_>, inside: &Map<String, Value>) -> Vec<Value> {
    if !speaks_of_answers(question) && !question.says("reason") && !question.says("code") {
        return Vec::new();
    }
    (0..5)
        .map(|form| {
            let answer = |id: &String| {
                let found = stage.published.iter().rfind(|(known, _, _)| known == id);
                found.map_or(Value::Null, |&(_, quality, sessions)| answers(quality, sessions)[form].clone())
            };
            inside.keys().map(|id| (id.clone(), answer(id))).collect::<Map<_, _>>().into()
        })
        .collect()
}

/// Every answer that a publisher got, in one of its forms.
fn publisher_saw(stage: &Stage<'_>, is_asked: impl Fn(&Value) -> bool) -> Vec<Value> {
    let all = stage.published.iter().flat_map(|&(_, quality, sessions)| answers(quality, sessions));
    let mut found: Vec<Value> = Vec::new();
    for answer in all.filter(is_asked) {
        if !found.contains(&answer) {
            found.push(answer);
        }
    }
    found
}

fn speaks_of_answers(question: &Question<'_>) -> bool {
    ["puback", "ack", "pubcomp", "publisher", "answer", "confirm"].iter().any(|word| question.says(word))
}

fn are_no_ids(stage: &Stage<'_>, rows: &[Value]) -> bool {
    let is_other = |row: &Value| row.as_str().is_some_and(|text| !is_published(stage, text));
    !rows.is_empty() && rows.iter().all(is_other)
}

/// The names of the packets with which publications were answered.
fn answers_in_order(stage: &Stage<'_>) -> Value {
    let answers = stage.published.iter().map(|&(_, quality, sessions)| answers(quality, sessions)[0].clone());
    answers.filter(|answer| !answer.is_null()).collect()
}

fn flags(stage: &Stage<'_>, question: &Question<'_>) -> Vec<Value> {
    if question.says("session") {
        return sessions(stage, question);
    }
    if question.says("dup") || question.says("redeliver") {
        let named = named(stage, question);
        let of_them = |row: &&Row| named.is_empty() || named.contains(&row.who.as_str());
        return vec![json!(stage.broker.rows.iter().filter(of_them).any(|row| row.redelivered))];
    }
    if question.says("connected") {
        let connected = |who: &str| stage.broker.connection(|client| client.name == who).is_some();
        return named(stage, question).into_iter().map(|who| json!(connected(who))).collect();
    }
    if question.says("puback") || question.says("ack") || question.says("pubcomp") || question.says("confirm")
    {
        let answered = stage.published.iter().filter(|(_, quality, _)| *quality > 0).count();
        return vec![json!(answered > 0)];
    }
    Vec::new()
}

/// Whether there was a session when somebody connected last.
fn sessions(stage: &Stage<'_>, question: &Question<'_>) -> Vec<Value> {
    let named = named(stage, question);
    let meant = stage.sessions.iter().filter(|(who, _)| named.is_empty() || named.contains(&who.as_str()));
    let mut found: Vec<Value> = Vec::new();
    for answer in meant.rev().map(|(_, present)| json!(present)) {
        if !found.contains(&answer) {
            found.push(answer);
        }
    }
    found
}

fn numbers(stage: &Stage<'_>, question: &Question<'_>) -> Vec<Value> {
    if question.says("pubrel") {
        return vec![json!(stage.broker.released)];
    }
    if question.says("reason") || question.says("code") {
        return publisher_saw(stage, Value::is_number);
    }
    if question.says("lost") {
        return ids(stage, question, question.key).iter().map(|ids| json!(ids.len())).collect();
    }
    if !["received", "got", "rows", "copies", "deliver"].iter().any(|word| question.says(word)) {
        return Vec::new();
    }
    let named = named(stage, question);
    let count = |rows: usize| {
        let rows = stage.broker.rows[..rows].iter();
        rows.filter(|row| named.is_empty() || named.contains(&row.who.as_str())).count()
    };
    moments(stage, question).into_iter().map(|scene| json!(count(stage.scenes[scene].rows))).collect()
}

/// The steps after which a key may have been looked at.
fn moments(stage: &Stage<'_>, question: &Question<'_>) -> Vec<usize> {
    match question.moment(&stage.vector.steps) {
        Moment::End => stage.scenes.len().checked_sub(1).into_iter().collect(),
        Moment::Before(steps) => steps.into_iter().filter_map(|step| step.checked_sub(1)).collect(),
        Moment::After(steps) => steps,
    }
}

fn lists_of_numbers(stage: &Stage<'_>, question: &Question<'_>) -> Vec<Value> {
    if question.says("share") {
        shares(stage)
    } else if question.says("grant") {
        let subscribes = stage.vector.steps.iter().filter(|step| step.op == "subscribe");
        vec![subscribes.filter_map(|step| step.raw("qos").cloned()).collect()]
    } else {
        Vec::new()
    }
}

/// How many each of those who share a subscription got.
fn shares(stage: &Stage<'_>) -> Vec<Value> {
    let shares = |step: &&crate::vector::Step| {
        step.op == "subscribe"
            && step.raw("filter").and_then(Value::as_str).is_some_and(|text| text.starts_with("$share/"))
    };
    let sharing: BTreeSet<&str> =
        stage.vector.steps.iter().filter(shares).filter_map(|step| step.raw("who")?.as_str()).collect();
    let counts: Vec<usize> = sharing.iter().map(|who| received(stage, who).len()).collect();
    vec![json!(counts)]
}

fn texts(stage: &Stage<'_>, question: &Question<'_>) -> Vec<Value> {
    let words = question.words();
    let cut_off = stage.broker.clients.iter().filter(|client| words.contains(&client.name.to_lowercase()));
    let fates: Vec<Value> = cut_off
        .map(|client| match (client.taken_over, client.connected) {
            (true, _) => json!("closed by broker"),
            (false, true) => json!("connected"),
            (false, false) => json!("disconnected"),
        })
        .collect();
    if fates.is_empty() {
        publisher_saw(stage, |answer| answer.is_string() || answer.is_null())
    } else {
        fates
    }
}

/// The lists of ids that a key may mean.
fn ids(stage: &Stage<'_>, question: &Question<'_>, key: &str) -> Vec<Vec<String>> {
    let mut who = named(stage, question);
    let all: Vec<&str> = clients(stage);
    if question.says("flight") || question.says("held") {
        return in_flight(stage, question, &who);
    }
    if who.is_empty() {
        // Those of whom a part of the name is said.
        let said = Question::new(key, &Value::Null).words();
        who = all.iter().copied().filter(|name| words(name).iter().any(|word| said.contains(word))).collect();
    }
    let nobody = who.is_empty();
    if nobody {
        who = all;
    }
    if question.says("lost") || question.says("missed") {
        return who.into_iter().map(|who| lost(stage, who)).collect();
    }
    if question.says("never") || question.says("not") {
        return vec![who.into_iter().flat_map(|who| gone(stage, who)).collect()];
    }
    if question.says("retain") {
        let late = clients(stage).into_iter().filter(|name| who.iter().any(|who| name.starts_with(who)));
        return vec![late.flat_map(|who| of(stage, who, |row| row.retained)).collect()];
    }
    if question.says("again") || question.says("redeliver") || question.says("dup") {
        return who.into_iter().map(|who| of(stage, who, |row| row.redelivered)).collect();
    }
    // Of nobody in particular only what is said to have come.
    if nobody && !["got", "received", "queued", "deliver"].iter().any(|word| question.says(word)) {
        return Vec::new();
    }
    who.into_iter().map(|who| received(stage, who)).collect()
}

fn in_flight(stage: &Stage<'_>, question: &Question<'_>, who: &[&str]) -> Vec<Vec<String>> {
    let scenes = moments(stage, question).into_iter().flat_map(|scene| &stage.scenes[scene].held);
    scenes
        .filter(|(name, _)| who.is_empty() || who.contains(&name.as_str()))
        .map(|(_, held)| held.clone())
        .collect()
}

fn of(stage: &Stage<'_>, who: &str, also: impl Fn(&Row) -> bool) -> Vec<String> {
    let rows = stage.broker.rows.iter().filter(|row| row.who == who && also(row));
    rows.map(|row| row.id.clone()).collect()
}

fn received(stage: &Stage<'_>, who: &str) -> Vec<String> {
    of(stage, who, |_| true)
}

/// What was published and did not come to somebody.
fn lost(stage: &Stage<'_>, who: &str) -> Vec<String> {
    let came = received(stage, who);
    let mut lost: Vec<String> = Vec::new();
    for (id, _, _) in &stage.published {
        if !came.contains(id) && !lost.contains(id) {
            lost.push(id.clone());
        }
    }
    lost
}

/// What somebody held when its connection broke and did not get again.
fn gone(stage: &Stage<'_>, who: &str) -> Vec<String> {
    let crash = stage.vector.steps.iter().find(|step| {
        matches!(step.op.as_str(), "crash" | "kill") && step.raw("who").and_then(Value::as_str) == Some(who)
    });
    let before = crash.and_then(|step| stage.scenes.get(step.number.checked_sub(1)?));
    let held = before.and_then(|scene| scene.held.iter().find(|(name, _)| name == who));
    let again = of(stage, who, |row| row.redelivered);
    held.map_or(Vec::new(), |(_, held)| held.iter().filter(|id| !again.contains(id)).cloned().collect())
}

fn clients<'a>(stage: &Stage<'a>) -> Vec<&'a str> {
    let consumers = stage.vector.observed.get("consumers").and_then(Value::as_object).into_iter().flatten();
    consumers.map(|(name, _)| name.as_str()).collect()
}

/// The clients that a key names: all words of the name are in it, and no longer name's are.
fn named<'a>(stage: &Stage<'a>, question: &Question<'_>) -> Vec<&'a str> {
    let said = question.words();
    let is_said = |name: &&str| words(name).iter().all(|word| said.contains(word));
    let named: Vec<&str> = clients(stage).into_iter().filter(is_said).collect();
    let longest = named.iter().map(|name| words(name).len()).max().unwrap_or(0);
    named.into_iter().filter(|name| words(name).len() == longest).collect()
}

fn words(name: &str) -> Vec<String> {
    Question::new(name, &Value::Null).words()
}
