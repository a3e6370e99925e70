//! What a recording writes down besides the deliveries.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Span;
use serde_json::{Map, Value, json};

use super::broker::{Broker, Outcome, Row};
use super::plan;
use super::play::{Restart, Scene, Stage};
use super::search::every_object;
use crate::question::{Moment, Question};
use crate::replay::Replay;

/// A delivery as it is written down.
pub(super) fn row(broker: &Broker, row: &Row) -> Value {
    let message = broker.message(row.message);
    let (latest, first) = (message.deaths.first(), message.deaths.last());
    json!({
        "id": message.id,
        "redelivered": row.redelivered,
        "delivery_count": row.delivery_count,
        "x_death_count": latest.map_or(0, |death| death.count),
        "reason": latest.map(|death| death.reason.name()),
        "first_death_queue": first.map(|death| &death.queue),
        "exchange": message.exchange,
        "routing_key": message.key,
        "priority": message.priority,
        "delivery_mode": if message.transient { 1 } else { 2 },
    })
}

/// Answers every question of the recording that follows from the steps.
pub(super) fn answer(stage: &Stage<'_>, replay: &mut Replay) {
    for (key, value) in stage.vector.observed.iter().filter(|(key, _)| *key != "consumers") {
        if key == "modes" {
            modes(stage, value, replay);
        } else {
            replay.answer(key, readings(stage, key, value));
        }
    }
}

/// What the model says to a key; below an object the key is the whole way there.
fn readings(stage: &Stage<'_>, key: &str, value: &Value) -> Vec<Value> {
    let question = Question::new(key, value);
    if plan::is_for_dead_letters(key) && !question.fields().is_empty() {
        return vec![dead_letters(stage, key, &question)];
    }
    match value {
        Value::Object(inside) if inside.keys().all(|id| stage.published(id)) => outcomes(stage, inside),
        Value::Object(inside) if inside.keys().all(|key| stage.has_key(key)) => by_key(stage, inside),
        Value::Object(inside) => {
            every_object(inside, |inner, value| readings(stage, &format!("{key}_{inner}"), value))
        }
        Value::Number(_) => counts(stage, &question).into_iter().map(Value::from).collect(),
        Value::Array(rows) => lists(stage, &question, rows),
        Value::Bool(_) if question.says("order") => vec![json!(in_order(stage))],
        Value::String(_) if question.says("reason") => reasons(stage),
        Value::Null | Value::Bool(_) | Value::String(_) => Vec::new(),
    }
}

/// Why messages were put aside, each reason once.
fn reasons(stage: &Stage<'_>) -> Vec<Value> {
    let mut reasons: Vec<Value> = Vec::new();
    for (_, message) in &stage.broker.arrivals {
        let death = stage.broker.message(*message).deaths.first();
        reasons
            .extend(death.map(|death| json!(death.reason.name())).filter(|reason| !reasons.contains(reason)));
    }
    reasons
}

/// Whether each consumer got the messages of each key in the order in which they were published.
fn in_order(stage: &Stage<'_>) -> bool {
    let mut last: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    stage.broker.rows.iter().all(|row| {
        let key = stage.broker.message(row.message).key.as_str();
        last.insert((&row.who, key), row.message).is_none_or(|before| before < row.message)
    })
}

/// What the publisher saw of these messages, in the words that clients have for it.
fn outcomes(stage: &Stage<'_>, asked: &Map<String, Value>) -> Vec<Value> {
    const CONFIRMED: [&str; 4] = ["confirmed", "ack", "acked", "ok"];
    const REFUSED: [&str; 5] = ["nacked", "nack", "rejected", "refused", "NackError"];
    const RETURNED: [&str; 3] = ["returned 312 NO_ROUTE", "returned", "unroutable"];
    const CLOSED: [&str; 2] = ["channel closed 404", "closed"];
    let said = |words: [Value; 4]| -> Value {
        // Where some publications were confirmed, these are meant.
        let confirmed =
            |id: &String| stage.outcomes.iter().rev().find(|outcome| outcome.id == *id && outcome.confirm);
        let last = |id: &String| stage.outcomes.iter().rev().find(|outcome| outcome.id == *id);
        let of = |id: &String| confirmed(id).or_else(|| last(id));
        let word =
            |id: &String| of(id).map_or(Value::Null, |outcome| words[outcome.outcome as usize].clone());
        asked.keys().map(|id| (id.clone(), word(id))).collect::<Map<_, _>>().into()
    };
    let mut readings = vec![said([json!(true), json!(false), json!(false), json!(false)])];
    for confirmed in CONFIRMED {
        for refused in REFUSED {
            for returned in RETURNED {
                for closed in CLOSED {
                    readings.push(said([json!(confirmed), json!(refused), json!(returned), json!(closed)]));
                }
            }
        }
    }
    readings.rotate_left(1);
    readings
}

/// Where the messages with each routing key went: to which queues, how many, and which.
fn by_key(stage: &Stage<'_>, asked: &Map<String, Value>) -> Vec<Value> {
    let each = |answer: &dyn Fn(&str) -> Value| -> Value {
        asked.keys().map(|key| (key.clone(), answer(key))).collect::<Map<_, _>>().into()
    };
    let arrived = |key: &str| -> Vec<(String, String)> {
        let arrivals =
            stage.broker.arrivals.iter().map(|(queue, message)| (queue, stage.broker.message(*message)));
        let with_key = arrivals.filter(|(_, message)| message.key == key);
        with_key.map(|(queue, message)| (queue.clone(), message.id.clone())).collect()
    };
    let queues = |key: &str| arrived(key).into_iter().map(|(queue, _)| queue).collect::<BTreeSet<_>>();
    let ids = |key: &str| arrived(key).into_iter().map(|(_, id)| id).collect::<Vec<_>>();
    vec![
        each(&|key| json!(queues(key).first())),
        each(&|key| json!(queues(key))),
        each(&|key| json!(queues(key).len())),
        each(&|key| json!(ids(key).len())),
        each(&|key| json!(ids(key))),
    ]
}

/// What came to the queue for dead letters, with the header `x-death`: the only one, or all.
fn dead_letters(stage: &Stage<'_>, queue: &str, question: &Question<'_>) -> Value {
    let arrived = stage.broker.arrivals.iter().filter(|(name, _)| name == queue);
    let letter = |message: u32| -> Value {
        let message = stage.broker.message(message);
        let (latest, first) = (message.deaths.first(), message.deaths.last());
        let all = json!({
            "id": message.id,
            "reason": latest.map(|death| death.reason.name()),
            "queue": latest.map(|death| &death.queue),
            "count": latest.map(|death| death.count),
            "first_death_queue": first.map(|death| &death.queue),
            "first_death_reason": first.map(|death| death.reason.name()),
            "redelivered": false,
        });
        question
            .fields()
            .into_iter()
            .map(|field| (field.to_owned(), all[field].clone()))
            .collect::<Map<_, _>>()
            .into()
    };
    let letters: Vec<Value> = arrived.map(|&(_, message)| letter(message)).collect();
    match (question.is_list(), letters.len()) {
        (false, 1) => letters[0].clone(),
        _ => letters.into(),
    }
}

fn counts(stage: &Stage<'_>, question: &Question<'_>) -> Vec<usize> {
    let says = |words: &[&str]| words.iter().any(|word| question.says(word));
    if says(&["deliver", "times", "attempt"])
        && let Some(id) = id_in(stage, question)
    {
        return vec![deliveries(stage, question, &id)];
    }
    if let (Some(id), Some(queue)) = (id_in(stage, question), queues_in(stage, question).first()) {
        return vec![came_before_settling(stage, &id, queue)];
    }
    if says(&["ready", "depth", "length", "left", "backlog", "waiting", "queued"]) {
        return ready(stage, question).iter().map(Vec::len).collect();
    }
    lists_by_name(stage, question).iter().map(Vec::len).collect()
}

/// How often a message was delivered: `deliveries_of_poison_after_20_nacks`.
fn deliveries(stage: &Stage<'_>, question: &Question<'_>, id: &str) -> usize {
    let words = question.words();
    let after = words.iter().position(|word| word == "after");
    let number = after.and_then(|at| words.get(at + 1)?.parse::<usize>().ok());
    let verb = after.and_then(|at| words.get(at + 2)).map(|verb| verb.trim_end_matches('s'));
    let steps = stage.vector.steps.iter().filter(|step| verb.is_some_and(|verb| step.op == verb));
    let step = number.and_then(|number| steps.map(|step| step.number).nth(number.checked_sub(1)?));
    let rows = step.map_or(stage.broker.rows.len(), |step| stage.scenes[step].rows);
    stage.broker.rows[..rows].iter().filter(|row| stage.broker.message(row.message).id == id).count()
}

/// How many messages with an id were in a queue before somebody settled one: `held_while_unacked_dlq`.
fn came_before_settling(stage: &Stage<'_>, id: &str, queue: &str) -> usize {
    let settles = |step: &&crate::vector::Step| {
        matches!(step.op.as_str(), "ack" | "nack" | "reject")
            && step.raw("id").and_then(Value::as_str) == Some(id)
    };
    let step = stage.vector.steps.iter().find(settles).and_then(|step| step.number.checked_sub(1));
    let scene = step.map_or_else(|| stage.scenes.last(), |step| stage.scenes.get(step));
    let ready = scene.and_then(|scene| scene.ready.get(queue));
    ready.map_or(0, |ready| ready.iter().filter(|ready| *ready == id).count())
}

/// What was ready at the moments, and in the queues, that a key may mean.
fn ready(stage: &Stage<'_>, question: &Question<'_>) -> Vec<Vec<String>> {
    let named = queues_in(stage, question);
    let mut found: Vec<Vec<String>> = Vec::new();
    for scene in scenes(stage, question) {
        let meant = |name: &String| {
            if named.is_empty() { !plan::is_for_dead_letters(name) } else { named.contains(name) }
        };
        found.extend(scene.ready.iter().filter(|(name, _)| meant(name)).map(|(_, ready)| ready.clone()));
        // A queue that is not there has nothing.
        found.extend(named.iter().filter(|name| !scene.ready.contains_key(*name)).map(|_| Vec::new()));
    }
    found
}

/// The moments that a key may mean: `ready_after_cancel`, `at_400ms`, else the end of the steps.
fn scenes<'a>(stage: &'a Stage<'_>, question: &Question<'_>) -> Vec<&'a Scene> {
    let waited =
        question.words().iter().find_map(|word| word.strip_suffix("ms")?.parse().ok()).map(Span::from_millis);
    if let Some(waited) = waited {
        // Clocks of scripts are not exact: within an eighth.
        let near = |scene: &&Scene| scene.waited.millis().max(1.0) - waited.millis();
        return stage.scenes.iter().filter(|scene| near(scene).abs() <= waited.millis() / 8.0).collect();
    }
    let numbers: Vec<usize> = match question.moment(&stage.vector.steps) {
        Moment::End => stage.scenes.len().checked_sub(1).into_iter().collect(),
        Moment::Before(steps) => steps.into_iter().filter_map(|step| step.checked_sub(1)).collect(),
        Moment::After(steps) => steps,
    };
    numbers.into_iter().filter_map(|number| stage.scenes.get(number)).collect()
}

fn lists(stage: &Stage<'_>, question: &Question<'_>, rows: &[Value]) -> Vec<Value> {
    if question.says("share") {
        let mut counts: Vec<usize> = received(stage).values().map(Vec::len).collect();
        let in_order = json!(counts);
        counts.sort_unstable_by(|one, other| other.cmp(one));
        return vec![in_order, json!(counts)];
    }
    if question.says("reason") {
        let dead = stage
            .broker
            .arrivals
            .iter()
            .filter_map(|(_, message)| stage.broker.message(*message).deaths.first());
        return vec![dead.map(|death| death.reason.name()).collect(), reasons(stage).into()];
    }
    let texts = || rows.iter().filter_map(Value::as_str);
    if !rows.is_empty()
        && texts().count() == rows.len()
        && texts().all(|text| stage.has_key(text) && !stage.published(text))
    {
        return keys(stage, question);
    }
    let lists = lists_by_name(stage, question);
    // A key of messages in the name leaves the others out.
    let with_key = stage.keys().into_iter().find(|key| question.names(key));
    let of_key = |ids: &Vec<String>| -> Vec<String> {
        let wanted =
            |id: &&String| stage.outcomes.iter().any(|one| one.id == **id && Some(&one.key) == with_key);
        ids.iter().filter(wanted).cloned().collect()
    };
    let only: Vec<Vec<String>> =
        if with_key.is_some() { lists.iter().map(of_key).collect() } else { Vec::new() };
    lists.iter().chain(&only).map(|ids| question.ids(ids)).collect()
}

/// The routing keys of what came to somebody, each once: as they came, or sorted.
fn keys(stage: &Stage<'_>, question: &Question<'_>) -> Vec<Value> {
    let rows = stage.broker.rows.iter().filter(|row| question.names(&row.who));
    let mut found: Vec<&str> = Vec::new();
    for key in rows.map(|row| stage.broker.message(row.message).key.as_str()) {
        if !found.contains(&key) {
            found.push(key);
        }
    }
    let as_they_came = json!(found);
    found.sort_unstable();
    vec![as_they_came, json!(found)]
}

/// The lists of ids that a key may mean.
fn lists_by_name(stage: &Stage<'_>, question: &Question<'_>) -> Vec<Vec<String>> {
    let says = |words: &[&str]| words.iter().any(|word| question.says(word));
    let received = received(stage);
    let named: Vec<&Vec<String>> =
        received.iter().filter(|(who, _)| question.names(who)).map(|(_, ids)| ids).collect();
    let with = |wanted: &[Outcome]| -> Vec<String> {
        let found = stage.outcomes.iter().filter(|one| wanted.contains(&one.outcome));
        found.map(|one| one.id.clone()).collect()
    };
    if says(&["lost", "missed", "dropped"]) {
        return lost(stage, &received, &named);
    }
    if says(&["processed"]) {
        return vec![processed(stage)];
    }
    if says(&["complet", "acked", "done"]) {
        return vec![stage.completed.clone()];
    }
    if says(&["nack", "refus", "reject"]) {
        return vec![with(&[Outcome::Refused])];
    }
    if says(&["return"]) {
        return vec![with(&[Outcome::Returned])];
    }
    if says(&["confirm"]) {
        return vec![with(&[Outcome::Confirmed])];
    }
    if says(&["held", "unacked", "hold", "hand"]) {
        return scenes(stage, question).into_iter().flat_map(|scene| scene.held.values().cloned()).collect();
    }
    if says(&["ready", "left", "depth", "waiting"]) {
        return ready(stage, question);
    }
    let queues = queues_in(stage, question);
    if named.is_empty() && queues.is_empty() && says(&["got", "received", "sequence"]) {
        return received.values().cloned().collect();
    }
    // What somebody got, or what came to a queue.
    named.into_iter().cloned().chain(queues.iter().map(|queue| came_to(stage, queue))).collect()
}

fn came_to(stage: &Stage<'_>, queue: &str) -> Vec<String> {
    let arrivals = stage.broker.arrivals.iter().filter(|(name, _)| name == queue);
    arrivals.map(|(_, message)| stage.broker.message(*message).id.clone()).collect()
}

/// What each consumer got.
fn received(stage: &Stage<'_>) -> BTreeMap<String, Vec<String>> {
    let mut received: BTreeMap<String, Vec<String>> =
        plan::consumers(stage.vector).map(|who| (who.clone(), Vec::new())).collect();
    for row in &stage.broker.rows {
        received.entry(row.who.clone()).or_default().push(stage.broker.message(row.message).id.clone());
    }
    received
}

/// What was published and did not come: to whoever is named, or to anybody. With automatic acknowledgement also
/// what came to a consumer that did not get to work on it.
fn lost(
    stage: &Stage<'_>,
    received: &BTreeMap<String, Vec<String>>,
    named: &[&Vec<String>],
) -> Vec<Vec<String>> {
    let came = |id: &String| match named {
        [] => received.values().any(|ids| ids.contains(id)),
        named => named.iter().any(|ids| ids.contains(id)),
    };
    let missing: Vec<String> =
        stage.outcomes.iter().map(|one| one.id.clone()).filter(|id| !came(id)).collect();
    let processed = processed(stage);
    let cut_off = stage.broker.consumers.iter().filter(|consumer| consumer.automatic && !consumer.attached);
    let in_vain: Vec<String> = cut_off
        .flat_map(|consumer| received.get(&consumer.name).cloned().unwrap_or_default())
        .filter(|id| {
            !processed.contains(id) && received.values().flatten().filter(|other| *other == id).count() == 1
        })
        .collect();
    if named.is_empty() && !processed.is_empty() { vec![missing, in_vain] } else { vec![missing] }
}

/// What a consumer had worked on when it crashed: as many as the recording says, which only the client knows, of
/// what had come to it.
fn processed(stage: &Stage<'_>) -> Vec<String> {
    let many = stage.vector.observed.iter().find(|(key, _)| key.starts_with("processed"));
    let many = many.and_then(|(_, ids)| ids.as_array()).map_or(0, Vec::len);
    let crashed = stage.vector.steps.iter().find(|step| matches!(step.op.as_str(), "crash" | "kill"));
    let who = crashed.and_then(|step| step.raw("who")).and_then(Value::as_str).unwrap_or("");
    received(stage).remove(who).unwrap_or_default().into_iter().take(many).collect()
}

fn id_in(stage: &Stage<'_>, question: &Question<'_>) -> Option<String> {
    stage.outcomes.iter().map(|one| &one.id).find(|id| question.names(id)).cloned()
}

fn queues_in(stage: &Stage<'_>, question: &Question<'_>) -> Vec<String> {
    let known = stage.scenes.iter().flat_map(|scene| scene.ready.keys());
    let mut names: Vec<String> = known.filter(|name| question.names(name)).cloned().collect();
    names.sort();
    names.dedup();
    names
}

/// What each restart left. A recording may speak of a killed broker's restart by `kill`.
fn modes(stage: &Stage<'_>, value: &Value, replay: &mut Replay) {
    let mut restarts: Vec<&Restart> = stage.restarts.iter().collect();
    let mut modes = Map::new();
    for mode in Question::new("modes", value).inside() {
        let fits = |restart: &&Restart| {
            restart.killed == mode.says("sigkill") || restart.killed == mode.says("kill")
        };
        let Some(at) = restarts.iter().position(fits) else { continue };
        let restart = restarts.remove(at);
        let mut left = Map::new();
        for question in mode.inside() {
            match left_by(stage, restart, &question) {
                Some(value) => {
                    left.insert(question.key.to_owned(), value);
                }
                None => replay.unknown.push(format!("/modes/{}/{}", mode.key, question.key)),
            }
        }
        modes.insert(mode.key.to_owned(), left.into());
    }
    replay.set("modes", modes);
}

fn left_by(stage: &Stage<'_>, restart: &Restart, question: &Question<'_>) -> Option<Value> {
    let there = |name: &str| if restart.exchanges.contains(name) { "present" } else { "gone 404" };
    if question.key == "exchanges" {
        let each = question
            .inside()
            .into_iter()
            .map(|exchange| (exchange.key.to_owned(), json!(there(exchange.key))));
        return Some(each.collect::<Map<_, _>>().into());
    }
    if question.is_flag() && question.says("binding") {
        return Some(json!(!restart.exchanges.is_empty() && !restart.queues.is_empty()));
    }
    if stage.named_queue(question.key) {
        let Some(left) = restart.queues.get(question.key) else { return Some(json!("error 404")) };
        let rows = left.iter().map(|(id, redelivered)| json!({"id": id, "redelivered": redelivered}));
        return Some(question.rows(&rows.collect::<Vec<_>>(), "redelivered"));
    }
    if question.is_text() && question.says("before") && !restart.killed {
        // The queue that was named last. If the broker is killed, one so young is not in the model.
        let ids: Vec<&str> = restart.queues.get(&restart.latest)?.iter().map(|(id, _)| id.as_str()).collect();
        return Some(json!(format!("kept: {}", ids.join(", "))));
    }
    None
}
