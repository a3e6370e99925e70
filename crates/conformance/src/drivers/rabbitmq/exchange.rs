//! Exchanges: which queues a message goes to.

use channel::routing::{Grammar, HeaderMatch, consistent_bucket};
use serde_json::Value;

use crate::vector::Step;

/// How an exchange compares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Keys with wildcards; without any in them this is a direct exchange too.
    #[default]
    Topic,
    Fanout,
    Headers,
    ConsistentHash,
}

impl Kind {
    /// By the word with which it is declared.
    pub(super) fn named(word: &str) -> Kind {
        match word {
            "fanout" => Kind::Fanout,
            "headers" => Kind::Headers,
            "x-consistent-hash" | "consistent-hash" | "consistent_hash" => Kind::ConsistentHash,
            _ => Kind::Topic,
        }
    }
}

/// An exchange with its bindings.
#[derive(Clone, Debug, Default)]
pub(super) struct Exchange {
    pub(super) kind: Kind,
    /// Gone after a restart.
    pub(super) transient: bool,
    /// Where a message goes that no binding matches.
    pub(super) alternate: Option<String>,
    bindings: Vec<Binding>,
}

/// What lets a queue have messages: a key, which a consistent-hash exchange takes as a weight, and what headers
/// it wants.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Binding {
    pub(super) queue: String,
    pub(super) key: String,
    pub(super) headers: HeaderMatch,
}

impl Binding {
    /// By a key only.
    pub(super) fn by_key(queue: &str, key: &str) -> Binding {
        let headers = HeaderMatch { any: false, wanted: Vec::new() };
        Binding { queue: queue.to_owned(), key: key.to_owned(), headers }
    }

    /// The arguments of a binding to a headers exchange.
    pub(super) fn wanted(arguments: &Value) -> HeaderMatch {
        let any =
            arguments.get("x-match").and_then(Value::as_str).is_some_and(|word| word.starts_with("any"));
        let wanted = headers(arguments).into_iter().map(|(key, value)| (key, Some(value))).collect();
        HeaderMatch { any, wanted }
    }
}

/// The headers of a message. Where a recording has none its id stands for them.
pub(super) fn headers_of(step: &Step) -> Vec<(String, String)> {
    match step.raw("headers") {
        Some(given) => headers(given),
        None => step.raw("id").map(|id| (ID.to_owned(), id.to_string())).into_iter().collect(),
    }
}

/// What stands for headers that are not written down.
pub(super) const ID: &str = "its id";

/// Headers as texts, in which a number is not the same as its digits in quotes.
fn headers(value: &Value) -> Vec<(String, String)> {
    let fields = value.as_object().into_iter().flatten();
    fields.filter(|(key, _)| *key != "x-match").map(|(key, value)| (key.clone(), value.to_string())).collect()
}

impl Exchange {
    /// A durable one, without bindings.
    pub(super) fn new(kind: Kind) -> Exchange {
        Exchange { kind, ..Exchange::default() }
    }

    pub(super) fn bind(&mut self, binding: Binding) {
        if !self.bindings.contains(&binding) {
            self.bindings.push(binding);
        }
    }

    pub(super) fn unbind(&mut self, binding: &Binding) {
        self.bindings.retain(|known| known != binding);
    }

    /// Takes back all bindings of a queue that is gone.
    pub(super) fn forget(&mut self, queue: &str) {
        self.bindings.retain(|binding| binding.queue != queue);
    }

    /// The queues that get a message, each once.
    pub(super) fn route(&self, key: &str, headers: &[(String, String)]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for binding in self.matching(key, headers) {
            if !found.contains(&binding.queue) {
                found.push(binding.queue.clone());
            }
        }
        found
    }

    fn matching(&self, key: &str, headers: &[(String, String)]) -> Vec<&Binding> {
        let matches = |binding: &&Binding| match self.kind {
            Kind::Topic => Grammar::Amqp.matches(&binding.key, key),
            Kind::Fanout => true,
            Kind::Headers => binding.headers.matches(headers),
            Kind::ConsistentHash => false,
        };
        if self.kind == Kind::ConsistentHash {
            return self.owner(key).into_iter().collect();
        }
        self.bindings.iter().filter(matches).collect()
    }

    /// The binding that owns the bucket of a key.
    fn owner(&self, key: &str) -> Option<&Binding> {
        let weight = |binding: &Binding| binding.key.parse::<u16>().unwrap_or(1);
        let mut bucket = consistent_bucket(key.as_bytes(), self.bindings.iter().map(weight).sum());
        self.bindings.iter().find(|binding| {
            let owns = bucket < weight(binding);
            bucket = bucket.saturating_sub(weight(binding));
            owns
        })
    }
}
