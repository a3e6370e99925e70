//! Answers to what a recording asks beside who got what: by the words of the key.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::facts::{Facts, Given, Look};
use super::server::Server;
use crate::question::{Moment, Question, matching};
use crate::vector::Vector;

/// Everything that the key may mean; nothing, if it speaks of something that the steps do not decide.
pub(super) fn answer(question: Question, vector: &Vector, facts: &Facts, server: &mut Server) -> Vec<Value> {
    let says = |word: &str| question.says(word);
    if says("publish") && (says("return") || says("saw")) {
        return published(question, facts);
    }
    let of_pending =
        question.fields().iter().any(|field| matches!(*field, "owner" | "consumer" | "times_delivered"));
    if of_pending || says("pending") && !says("delconsumer") && !says("returned") {
        return pending(question, vector, facts);
    }
    if says("lag") || says("deliverable") || says("undelivered") || says("unread") {
        return behind(question, vector, facts);
    }
    if says("lost") || says("missed") {
        return lost(question, facts, server);
    }
    if says("delconsumer") {
        return vec![number_or_list(question, facts.forgotten.iter().map(|held| json!(held)).collect())];
    }
    if (says("ack") || says("xack")) && (says("returned") || says("second")) {
        return acknowledged(question, vector, facts, server);
    }
    if says("xlen") || says("length") || says("len") {
        return lengths(question, vector, facts);
    }
    if says("cursor") {
        let cursor = |cursor: &Option<String>| json!(cursor.as_deref().unwrap_or("0-0"));
        return facts.claims.iter().map(|(_, claimed)| cursor(&claimed.cursor)).collect();
    }
    if ["third", "deleted", "removed", "trimmed", "dropped", "gone"].iter().any(|word| says(word)) {
        return gone(question, facts);
    }
    if says("claim") {
        let some = facts.claims.iter().flat_map(|(_, claimed)| [&claimed.moved, &claimed.ids]);
        let all: Vec<String> = facts.claims.iter().flat_map(|(_, claimed)| claimed.moved.clone()).collect();
        return some.map(|ids| question.ids(ids)).chain([question.ids(&all)]).collect();
    }
    if question.key == "times_delivered" {
        let counts =
            facts.claims.iter().flat_map(|(_, claimed)| claimed.counts.iter().map(|count| json!(count)));
        return vec![number_or_list(question, counts.collect())];
    }
    if says("dlq") || says("dead") {
        return vec![question.ids(&facts.dead)];
    }
    if says("completion") || says("completed") {
        let order = facts.completion_order();
        let of_key = |id: &&String| facts.keys.get(*id).is_some_and(|key| question.names(key));
        let some: Vec<&String> = order.iter().filter(of_key).collect();
        return match (question.key, some.is_empty()) {
            ("completion_order", _) => vec![question.ids(&order)],
            (_, true) => Vec::new(),
            (_, false) => vec![question.ids(&some)],
        };
    }
    if question.key == "errors" {
        return vec![facts.errors.clone().into()];
    }
    if question.is_flag() && (says("returned") || says("block") || says("once")) {
        return waited(question, vector, facts);
    }
    if let Some(stored) = stored(question, facts, server) {
        return stored;
    }
    let received = received(question, facts, server);
    if received.is_empty() && question.is_list() && says("read") {
        read(question, vector, facts)
    } else {
        received
    }
}

fn number_or_list(question: Question, all: Vec<Value>) -> Value {
    if question.is_list() { all.into() } else { all.last().cloned().unwrap_or(Value::Null) }
}

fn published(question: Question, facts: &Facts) -> Vec<Value> {
    if question.says("saw") {
        return vec![json!(!facts.errors.is_empty())];
    }
    let number = question.words().last().and_then(|word| word.parse::<u32>().ok());
    match number {
        Some(number) => vec![json!(facts.returned.iter().filter(|returned| **returned == number).count())],
        None => {
            vec![number_or_list(question, facts.returned.iter().map(|returned| json!(returned)).collect())]
        }
    }
}

/// How things stood at the moments that the key may mean.
fn looks<'f>(question: Question, vector: &Vector, facts: &'f Facts) -> Vec<&'f Look> {
    let at = |step: &usize| facts.looks.get(*step);
    match question.moment(&vector.steps) {
        Moment::End => facts.looks.last().into_iter().collect(),
        Moment::After(steps) => steps.iter().rev().filter_map(at).collect(),
        Moment::Before(steps) => steps.iter().filter_map(|step| at(&step.checked_sub(1)?)).collect(),
    }
}

/// How far groups are behind: at the moment that the key names, or when they were most.
fn behind(question: Question, vector: &Vector, facts: &Facts) -> Vec<Value> {
    let lag = |look: &Look| look.lag.values().sum::<u64>();
    let most = facts.looks.iter().max_by_key(|look| lag(look));
    let looks = looks(question, vector, facts).into_iter().chain(most);
    if question.says("lag") {
        return looks.map(|look| json!(lag(look))).collect();
    }
    looks.map(|look| question.ids(&look.unread.values().flatten().collect::<Vec<_>>())).collect()
}

/// What was pending: in all, or of the consumer or group that the key names.
fn pending(question: Question, vector: &Vector, facts: &Facts) -> Vec<Value> {
    let mut readings = Vec::new();
    for look in looks(question, vector, facts) {
        let named = look.pending.keys().any(|group| question.names(group) && look.pending.len() > 1);
        let of_group = |group: &String| !named || question.names(group);
        let rows: Vec<Value> = look
            .pending
            .iter()
            .filter(|(group, _)| of_group(group))
            .flat_map(|(_, rows)| rows.iter().cloned())
            .collect();
        let is_named = |row: &Value| row["owner"].as_str().is_some_and(|owner| question.names(owner));
        let own: Vec<Value> = rows.iter().filter(|row| is_named(row)).cloned().collect();
        if !own.is_empty() {
            readings.push(question.rows(&own, "times_delivered"));
        }
        readings.push(question.rows(&rows, "times_delivered"));
    }
    readings
}

/// What is lost: out of a list in the hands of a client that crashed, for a group, or for a subscriber who was
/// away.
fn lost(question: Question, facts: &Facts, server: &mut Server) -> Vec<Value> {
    let consumers: Vec<&String> = facts.since.keys().filter(|who| question.names(who)).collect();
    if let [who] = consumers[..] {
        let since = facts.since.get(who).copied().unwrap_or(0);
        return vec![question.ids(&facts.missed_by(who, since)), question.ids(&facts.missed_by(who, 0))];
    }
    let mut readings = Vec::new();
    for stream in server.streams.values() {
        let groups = stream.groups();
        let named = groups.iter().filter(|group| question.names(group));
        let one = named.chain(&groups).next();
        if let Some(group) = one {
            let lost = stream.lost(group);
            let bodiless = stream.pending(group);
            let entries = stream.entries();
            let ids = bodiless.iter().filter_map(|row| row["id"].as_str()).map(str::to_owned);
            let without = ids.filter(|id| !entries.contains(id) && !lost.contains(id));
            let mut all: Vec<String> = lost.iter().cloned().chain(without).collect();
            all.sort_by_key(|id| facts.sent.iter().position(|(_, sent)| sent == id));
            let never = |id: &&String| facts.rows.iter().all(|given| given.id != **id);
            let unread: Vec<&String> = lost.iter().filter(never).collect();
            readings.extend([question.ids(&lost), question.ids(&all), question.ids(&unread)]);
        }
    }
    if !server.list_names().is_empty() {
        readings.push(question.ids(&facts.crashed_with()));
    }
    if !facts.returned.is_empty() {
        let sent = || facts.sent.iter().map(|(_, id)| id);
        let anybody: BTreeSet<&str> = facts.rows.iter().map(|given| given.id.as_str()).collect();
        let nobody: Vec<&String> = sent().filter(|id| !anybody.contains(id.as_str())).collect();
        let each: Vec<BTreeSet<&str>> = facts.since.keys().map(|who| facts.ids_of(who)).collect();
        let lacks = |id: &&String| each.iter().any(|got| !got.contains(id.as_str()));
        readings.extend([question.ids(&nobody), question.ids(&sent().filter(lacks).collect::<Vec<_>>())]);
    }
    readings
}

/// What XACK returned; `second`: what it returns if it is said once more.
fn acknowledged(question: Question, vector: &Vector, facts: &Facts, server: &mut Server) -> Vec<Value> {
    if question.says("second") || question.says("again") {
        let Some(last) = facts.acknowledgements.last() else { return Vec::new() };
        let group = server.group.clone();
        let counted = server
            .default_stream()
            .is_some_and(|stream| stream.acknowledge(&group, last.who.as_deref(), &last.id));
        return vec![json!(u8::from(counted))];
    }
    let all = || facts.acknowledgements.iter();
    let meant = matching(&vector.steps, &question.words());
    let some: Vec<_> = all().filter(|one| meant.contains(&one.step)).collect();
    let said: Vec<Value> = if some.is_empty() {
        all().map(|one| json!(u8::from(one.counted))).collect()
    } else {
        some.iter().map(|one| json!(u8::from(one.counted))).collect()
    };
    vec![number_or_list(question, said)]
}

fn lengths(question: Question, vector: &Vector, facts: &Facts) -> Vec<Value> {
    let counts: Map<String, Value> = question
        .fields()
        .iter()
        .filter_map(|field| {
            let after = field.parse::<usize>().ok()?.checked_sub(1)?;
            Some(((*field).to_owned(), json!(facts.lengths.get(after)?)))
        })
        .collect();
    if question.is_object() {
        return vec![counts.into()];
    }
    let count = |look: &&Look| json!(look.entries.values().map(Vec::len).sum::<usize>());
    looks(question, vector, facts).iter().map(count).collect()
}

/// Entries that were dropped because they have no body any more, or were read without one.
fn gone(question: Question, facts: &Facts) -> Vec<Value> {
    let dropped: Vec<&String> = facts.claims.iter().flat_map(|(_, claimed)| &claimed.deleted).collect();
    let empty = |given: &&Given| given.row["nil"] == json!(true);
    let mut read: Vec<&String> = facts.rows.iter().filter(empty).map(|given| &given.id).collect();
    read.dedup();
    vec![question.ids(&dropped), question.ids(&read)]
}

/// Whether the call that the key speaks of had to wait.
fn waited(question: Question, vector: &Vector, facts: &Facts) -> Vec<Value> {
    let meant = matching(&vector.steps, &question.words());
    let mut reads = facts.reads.iter().filter(|(step, _)| meant.contains(step));
    let Some((_, waited)) = reads.next_back() else { return Vec::new() };
    vec![json!(*waited != question.says("returned"))]
}

/// What is stored under a name: `None` if the key names no store.
fn stored(question: Question, facts: &Facts, server: &Server) -> Option<Vec<Value>> {
    let key = question.key;
    if let Some(list) = server.items(key) {
        return Some(vec![question.ids(&list)]);
    }
    let names = server.list_names();
    let second = facts.second_list.as_ref();
    let of_list = |name: &String| server.items(name).unwrap_or_default();
    let list = match (question.says("processing"), question.says("queue") || question.says("list")) {
        (true, _) => second,
        (_, true) => names.iter().find(|name| Some(*name) != second),
        (false, false) => None,
    };
    if let Some(list) = list {
        let newest_first = of_list(list);
        let oldest_first: Vec<&String> = newest_first.iter().rev().collect();
        return Some(vec![question.ids(&newest_first), question.ids(&oldest_first)]);
    }
    let explicit = |wanted: bool| {
        server.streams.values().find(|stream| stream.len() > 0 && stream.is_explicit() == wanted)
    };
    let stream = match key {
        "explicit" => explicit(true),
        "star" | "automatic" => explicit(false),
        _ => server.streams.get(key).or_else(|| {
            let asks = ["stream", "entries", "entry", "stored", "xrange"];
            asks.iter().any(|word| question.says(word)).then(|| server.streams.values().next()).flatten()
        }),
    }?;
    let mut entries = stream.entries();
    if question.says("last") || question.says("newest") {
        entries.reverse();
    }
    Some(vec![question.ids(&entries)])
}

/// What a call gave that the key speaks of.
fn read(question: Question, vector: &Vector, facts: &Facts) -> Vec<Value> {
    let meant = matching(&vector.steps, &question.words());
    let calls = facts.reads.iter().filter(|(step, _)| meant.contains(step));
    let given = |step: usize| {
        let rows = facts.rows.iter().filter(|given| given.step == step);
        rows.map(|given| given.row.clone()).collect::<Vec<_>>()
    };
    calls.rev().map(|(step, _)| question.rows(&given(*step), "times_delivered")).collect()
}

/// What the consumer that the key names got, whether in order, and whether it was cut off.
fn received(question: Question, facts: &Facts, server: &Server) -> Vec<Value> {
    let mut names: Vec<&String> =
        facts.since.keys().chain(facts.rows.iter().map(|given| &given.name)).collect();
    names.sort_unstable();
    names.dedup();
    let Some(name) = names.into_iter().find(|name| question.names(name)) else { return Vec::new() };
    let rows: Vec<&String> = facts.rows_of(name).iter().map(|given| &given.id).collect();
    if question.says("order") {
        let places: BTreeMap<&String, usize> =
            facts.sent.iter().enumerate().map(|(place, (_, id))| (id, place)).collect();
        return vec![json!(rows.windows(2).all(|pair| places.get(pair[0]) <= places.get(pair[1])))];
    }
    if question.says("disconnected") && question.is_flag() {
        return vec![json!(server.pubsub.was_cut_off(name))];
    }
    let asks = ["got", "get", "receive", "read", "has"];
    if asks.iter().any(|word| question.says(word)) && !question.is_flag() {
        return vec![question.ids(&rows)];
    }
    Vec::new()
}
