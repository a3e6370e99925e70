//! Bindings that no step makes: by the names of queues, else by what came to them.

use std::collections::BTreeSet;

use channel::routing::{Grammar, HeaderMatch};
use serde_json::Value;

use super::exchange::{Binding, Exchange, ID, Kind, headers_of};
use super::plan::{is_publication, rows_of};
use crate::vector::{Step, Vector};

/// A message that went through an exchange.
struct Routed<'a> {
    id: &'a str,
    key: &'a str,
    headers: Vec<(String, String)>,
}

/// What may have bound these queues to an exchange, and its kind, which may turn out to be another.
///
/// A fan-out exchange has them all. Else a queue, or whoever consumes from it, may be called by its pattern. Else
/// it is bound with the first pattern, made of the keys in the recording, that lets through just what came to it;
/// if there is none, with the keys of what came. A hash exchange is one if its hash shares the keys out as
/// observed. For headers a pattern is made of one or two of them.
pub(super) fn guess(vector: &Vector, exchange: &str, kind: Kind, queues: &[String]) -> (Kind, Vec<Binding>) {
    let routed: Vec<Routed> = vector.steps.iter().filter_map(|step| message(step, exchange)).collect();
    if routed.is_empty() {
        return (kind, Vec::new());
    }
    let reached: Vec<&String> = match kind {
        Kind::Fanout => queues.iter().collect(),
        Kind::Topic | Kind::Headers | Kind::ConsistentHash => queues
            .iter()
            .filter(|queue| names_pattern(queue) || !came(vector, queue, &routed).is_empty())
            .collect(),
    };
    if let Some(bindings) = by_hash(vector, kind, &reached, &routed) {
        return (Kind::ConsistentHash, bindings);
    }
    let kind = if kind == Kind::ConsistentHash { Kind::Topic } else { kind };
    let bindings = reached.iter().flat_map(|queue| match kind {
        Kind::Fanout | Kind::ConsistentHash => vec![Binding::by_key(queue, "")],
        Kind::Topic => by_key(vector, queue, &routed),
        Kind::Headers => by_headers(vector, queue, &routed),
    });
    (kind, bindings.collect())
}

fn message<'a>(step: &'a Step, exchange: &str) -> Option<Routed<'a>> {
    let text = |key: &str| step.raw(key).and_then(Value::as_str);
    (is_publication(step) && text("exchange") == Some(exchange)).then(|| Routed {
        id: text("id").unwrap_or(""),
        key: text("routing_key").unwrap_or(""),
        headers: headers_of(step),
    })
}

/// The ids of what went through the exchange and came to the queue.
fn came<'a>(vector: &'a Vector, queue: &str, routed: &[Routed]) -> BTreeSet<&'a str> {
    let ids = rows_of(vector, queue).into_iter().filter_map(|row| row.get("id").and_then(Value::as_str));
    ids.filter(|id| routed.iter().any(|message| message.id == *id)).collect()
}

fn names_pattern(name: &str) -> bool {
    name.split([' ', ':', '_', '=']).any(|part| part.contains(['*', '#']))
}

/// The patterns in a name such as `topic a.*`.
fn patterns_in(name: &str) -> impl Iterator<Item = &str> {
    name.split([' ', ':', '_', '=']).filter(|part| part.contains(['*', '#']))
}

fn by_key(vector: &Vector, queue: &str, routed: &[Routed]) -> Vec<Binding> {
    let mut named = patterns_in(queue).peekable();
    if named.peek().is_some() {
        return named.map(|pattern| Binding::by_key(queue, pattern)).collect();
    }
    let came = came(vector, queue, routed);
    let is_it = |pattern: &String| {
        routed.iter().all(|message| Grammar::Amqp.matches(pattern, message.key) == came.contains(message.id))
    };
    let keys: BTreeSet<&str> =
        routed.iter().filter(|message| came.contains(message.id)).map(|message| message.key).collect();
    if let Some(pattern) = keys.iter().flat_map(|key| patterns_of(key)).find(is_it) {
        return vec![Binding::by_key(queue, &pattern)];
    }
    keys.into_iter().map(|key| Binding::by_key(queue, key)).collect()
}

/// The key itself, and patterns that it matches: one word free, all words from one on, all words up to one.
fn patterns_of(key: &str) -> Vec<String> {
    let words: Vec<&str> = key.split('.').collect();
    let mut patterns = vec![key.to_owned()];
    for index in 0..words.len() {
        let mut free = words.clone();
        free[index] = "*";
        patterns.push(free.join("."));
    }
    for index in 0..words.len() {
        patterns.push([&words[..index], &["#"]].concat().join("."));
        patterns.push([&["#"], &words[index + 1..]].concat().join("."));
    }
    patterns
}

/// One or two headers of what came, of which all or any are wanted.
fn by_headers(vector: &Vector, queue: &str, routed: &[Routed]) -> Vec<Binding> {
    let came = came(vector, queue, routed);
    let pairs: BTreeSet<&(String, String)> = routed.iter().flat_map(|message| &message.headers).collect();
    let mut candidates: Vec<HeaderMatch> = Vec::new();
    for first in &pairs {
        for second in &pairs {
            let wanted: BTreeSet<&(String, String)> = BTreeSet::from([*first, *second]);
            let wanted: Vec<(String, Option<String>)> =
                wanted.into_iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
            candidates.extend([false, true].map(|any| HeaderMatch { any, wanted: wanted.clone() }));
        }
    }
    let is_it = |candidate: &HeaderMatch| {
        routed.iter().all(|message| candidate.matches(&message.headers) == came.contains(message.id))
    };
    let by_id = |id: &&str| (ID.to_owned(), Some(Value::from(*id).to_string()));
    candidates.push(HeaderMatch { any: true, wanted: came.iter().map(by_id).collect() });
    let found = candidates.into_iter().find(is_it);
    found.map(|headers| Binding { headers, ..Binding::by_key(queue, "") }).into_iter().collect()
}

/// Bindings of equal weight, if a hash shares the keys out among the queues just so.
fn by_hash(vector: &Vector, kind: Kind, queues: &[&String], routed: &[Routed]) -> Option<Vec<Binding>> {
    if queues.len() < 2 || kind == Kind::Fanout || kind == Kind::Headers {
        return None;
    }
    (1..=20).find_map(|weight| {
        let mut exchange = Exchange::new(Kind::ConsistentHash);
        let bindings: Vec<Binding> =
            queues.iter().map(|queue| Binding::by_key(queue, &weight.to_string())).collect();
        bindings.iter().cloned().for_each(|binding| exchange.bind(binding));
        let so = |queue: &&&String| {
            let came = came(vector, queue, routed);
            routed
                .iter()
                .all(|message| exchange.route(message.key, &[]).contains(*queue) == came.contains(message.id))
        };
        queues.iter().all(|queue| so(&queue)).then_some(bindings)
    })
}
