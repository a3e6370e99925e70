//! What a recording leaves unsaid, as far as its names and its rows tell.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::bindings;
use super::exchange::{Binding, Exchange, Kind};
use super::queue::Arguments;
use crate::vector::{Step, Vector};

/// How a recording is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Every queue that is named.
    pub(super) queues: BTreeMap<String, Arguments>,
    /// Every exchange that is named, without bindings.
    pub(super) exchanges: BTreeMap<String, Exchange>,
    /// Bindings that hold as soon as their queue is there, by exchange.
    pub(super) bindings: Vec<(String, Binding)>,
    /// Consumers that were observed although no step attaches them.
    pub(super) others: BTreeMap<String, Takes>,
}

/// How a consumer that no step attaches takes messages.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Takes {
    /// Whatever is left in this queue, after the last step.
    Queue(String),
    /// Whatever is left in the first queue that has any, after the last step.
    Rest,
    /// As soon as a step settles a message that nobody holds: from the queue where that waits, one at a time.
    WhenNeeded,
    /// One message each time a step settles one later: it fetches it as soon as it is published.
    Early,
    /// All that comes to a queue of its own, for as long as others consume too; the queue goes with it.
    Along(String),
}

/// Where an exchange with this name sends what no binding matches.
pub(super) const ALTERNATE: &str = "alternate exchange";

/// The queue in which dead letters wait until they are tried again.
pub(super) const WAIT: &str = "wait queue";

impl Plan {
    pub(super) fn of(vector: &Vector) -> Plan {
        let mut plan = Plan::default();
        plan.name_queues(vector);
        plan.name_exchanges(vector);
        plan.name_others(vector);
        plan.take_arguments(vector);
        plan.guess_bindings(vector);
        plan
    }

    /// The queue for dead letters, if one is looked at.
    pub(super) fn dead_letter_queue(&self) -> Option<&String> {
        self.queues.keys().find(|name| is_for_dead_letters(name))
    }

    /// The queue behind the alternate exchange, if one is looked at.
    pub(super) fn alternate_queue(&self) -> Option<&String> {
        self.queues.keys().find(|name| is_alternate(name))
    }

    fn name_queues(&mut self, vector: &Vector) {
        let mut names: BTreeSet<String> = BTreeSet::new();
        for step in &vector.steps {
            names.extend(queue_of(step));
        }
        names.extend(vector.observed.keys().filter(|key| is_for_dead_letters(key)).cloned());
        names.extend(consumers(vector).filter(|who| is_for_dead_letters(who) || is_alternate(who)).cloned());
        self.queues.extend(names.into_iter().map(|name| (name, Arguments::default())));
    }

    fn name_exchanges(&mut self, vector: &Vector) {
        for step in &vector.steps {
            let named = step.raw("exchange").and_then(Value::as_str);
            let declared =
                if declares_exchange(step) { step.raw("name").and_then(Value::as_str) } else { None };
            let Some(name) = named.or(declared).filter(|name| !name.is_empty() && !says_it_is_missing(name))
            else {
                continue;
            };
            let exchange = self.exchanges.entry(name.to_owned()).or_default();
            exchange.kind = kind(vector, name);
            if declares_exchange(step) {
                let fields = step.fields();
                let word = ["type", "exchange_type", "kind"].into_iter().find_map(|key| fields.get(key));
                exchange.kind = word.and_then(Value::as_str).map_or(exchange.kind, Kind::named);
                exchange.transient = step.raw("durable").and_then(Value::as_bool) == Some(false);
                let alternate = [step.raw("alternate"), argument(step, "alternate-exchange")];
                exchange.alternate =
                    alternate.into_iter().flatten().find_map(Value::as_str).map(str::to_owned);
            }
        }
        for name in looked_at_exchanges(&vector.observed) {
            self.exchanges.entry(name).or_default();
        }
        if let Some(queue) = self.alternate_queue().cloned() {
            let exchange = Exchange::new(Kind::Fanout);
            self.exchanges.insert(ALTERNATE.to_owned(), exchange);
            self.bindings.push((ALTERNATE.to_owned(), Binding::by_key(&queue, "")));
        }
    }

    /// Consumers that no step attaches: a queue that was looked into, or somebody whom the steps leave out.
    fn name_others(&mut self, vector: &Vector) {
        let attached = |who: &str| {
            let attaches = |step: &&Step| {
                matches!(step.op.as_str(), "consume" | "subscribe" | "get" | "basic_get" | "drain")
            };
            vector
                .steps
                .iter()
                .filter(attaches)
                .any(|step| step.raw("who").and_then(Value::as_str) == Some(who))
        };
        for who in consumers(vector).filter(|who| !attached(who)) {
            let settles = vector.steps.iter().any(|step| settles_for(step, who));
            let takes = if self.queues.contains_key(who) {
                Takes::Queue(who.clone())
            } else if vector.steps.iter().any(is_routed) {
                self.queues.insert(who.clone(), Arguments::default());
                Takes::Queue(who.clone())
            } else if settles {
                Takes::WhenNeeded
            } else {
                Takes::Rest
            };
            self.others.insert(who.clone(), takes);
        }
    }

    fn take_arguments(&mut self, vector: &Vector) {
        let dead_letters = self.dead_letter_queue().cloned();
        for (name, arguments) in &mut self.queues {
            arguments.quorum = says_quorum(name) || !says_classic(name) && counts_deliveries(vector, name);
            arguments.transient = ["tmp", "temp", "trans"].iter().any(|word| name.starts_with(word));
            if dead_letters.is_some() && !is_for_dead_letters(name) && !says_it_drops(name) {
                arguments.dead_letter_exchange = Some(String::new());
                arguments.dead_letter_key.clone_from(&dead_letters);
            }
            let of_queue = vector.config.get(name).or_else(|| vector.config.get("queues")?.get(name));
            let of_queue = of_queue.and_then(Value::as_object).into_iter().flatten();
            vector.config.iter().chain(of_queue).for_each(|(key, value)| arguments.set(key, value));
        }
        for step in vector.steps.iter().filter(|step| declares_queue(step)) {
            let Some(arguments) = queue_of(step).and_then(|name| self.queues.get_mut(&name)) else {
                continue;
            };
            let given = step.raw("arguments").and_then(Value::as_object).into_iter().flatten();
            step.fields().iter().chain(given).for_each(|(key, value)| arguments.set(key, value));
        }
    }

    /// Bindings that no step makes.
    fn guess_bindings(&mut self, vector: &Vector) {
        let says_how = |step: &&Step| is_binding(step) && binding_key(step).is_some();
        let bound: BTreeSet<String> = vector.steps.iter().filter(says_how).filter_map(queue_of).collect();
        let addressed: BTreeSet<String> = vector
            .steps
            .iter()
            .filter_map(addressed_directly)
            .filter(|name| !hears_more(vector, name))
            .collect();
        let roles = |name: &str| is_for_dead_letters(name) || is_alternate(name);
        let open: Vec<String> = self
            .queues
            .keys()
            .filter(|name| !bound.contains(*name) && !addressed.contains(*name) && !roles(name))
            .cloned()
            .collect();
        for (name, exchange) in &mut self.exchanges {
            let (kind, found) = bindings::guess(vector, name, exchange.kind, &open);
            exchange.kind = kind;
            self.bindings.extend(found.into_iter().map(|binding| (name.clone(), binding)));
        }
    }
}

/// The consumers that were observed.
pub(super) fn consumers(vector: &Vector) -> impl Iterator<Item = &String> {
    vector
        .observed
        .get("consumers")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|consumers| consumers.keys())
}

/// What was written down of the deliveries from a queue: those of its consumers, or of who looked into it.
pub(super) fn rows_of<'a>(vector: &'a Vector, queue: &str) -> Vec<&'a Value> {
    let consumes = |step: &&Step| queue_of(step).as_deref() == Some(queue);
    let mut names: BTreeSet<&str> = BTreeSet::from([queue]);
    let named = vector.steps.iter().filter(consumes).filter_map(|step| step.raw("who"));
    names.extend(named.filter_map(Value::as_str));
    let lists =
        consumers(vector).filter(|who| names.contains(who.as_str())).filter_map(|who| vector.consumer(who));
    lists.filter_map(Value::as_array).flatten().collect()
}

fn counts_deliveries(vector: &Vector, queue: &str) -> bool {
    rows_of(vector, queue).iter().any(|row| row.get("delivery_count").is_some())
}

/// Whether any delivery carries a count.
pub(super) fn counts_any_deliveries(vector: &Vector) -> bool {
    let mut rows =
        consumers(vector).filter_map(|who| vector.consumer(who)).filter_map(Value::as_array).flatten();
    rows.any(|row| row.get("delivery_count").is_some())
}

/// Whether it is looked at what was put aside.
pub(super) fn speaks_of_dead_letters(vector: &Vector) -> bool {
    consumers(vector).chain(vector.observed.keys()).any(|name| is_for_dead_letters(name))
}

pub(super) fn is_for_dead_letters(name: &str) -> bool {
    name.starts_with("dlq") || name.starts_with("dead") || name == "dl"
}

/// A name like `nodlx` says that the queue has no exchange for dead letters.
fn says_it_drops(name: &str) -> bool {
    ["nodl", "no_dl", "nodead", "no_dead", "without_dl"].iter().any(|word| name.contains(word))
}

fn is_alternate(name: &str) -> bool {
    name.contains("alternate") || name.contains("unrouted")
}

fn says_quorum(name: &str) -> bool {
    name.contains("quo") || name.starts_with("qq")
}

fn says_classic(name: &str) -> bool {
    name.contains("classic")
}

/// A name like `no_such_exchange` says that there is none.
pub(super) fn says_it_is_missing(name: &str) -> bool {
    ["no_such", "nosuch", "nobody", "nowhere", "missing", "nonexist", "unknown"]
        .iter()
        .any(|word| name.contains(word))
}

pub(super) fn declares_queue(step: &Step) -> bool {
    matches!(step.op.as_str(), "queue_declare" | "declare_queue" | "declare")
}

pub(super) fn declares_exchange(step: &Step) -> bool {
    matches!(step.op.as_str(), "exchange_declare" | "declare_exchange")
}

pub(super) fn is_binding(step: &Step) -> bool {
    matches!(step.op.as_str(), "bind" | "queue_bind")
}

/// The key of a binding, if the step says anything of how it binds.
pub(super) fn binding_key(step: &Step) -> Option<&str> {
    let keys = ["routing_key", "binding_key", "key", "pattern"];
    let key = keys.into_iter().find_map(|key| step.raw(key).and_then(Value::as_str));
    let says_more = ["exchange", "arguments", "headers"].into_iter().any(|field| step.has(field));
    key.or(says_more.then_some(""))
}

pub(super) fn is_publication(step: &Step) -> bool {
    matches!(step.op.as_str(), "publish" | "basic_publish" | "publish_many")
}

/// Whether a step publishes to an exchange that has a name.
fn is_routed(step: &Step) -> bool {
    is_publication(step) && step.raw("exchange").and_then(Value::as_str).is_some_and(|name| !name.is_empty())
}

/// The queue that a step publishes to by its name.
fn addressed_directly(step: &Step) -> Option<String> {
    let to = step.raw("routing_key").and_then(Value::as_str);
    let to = to.filter(|_| is_publication(step) && !is_routed(step))?;
    (!says_it_is_missing(to)).then(|| to.to_owned())
}

/// Whether more came to a queue than was published to it by its name.
fn hears_more(vector: &Vector, queue: &str) -> bool {
    let directly = |id: &str| {
        let to_it = |step: &&Step| addressed_directly(step).as_deref() == Some(queue);
        vector.steps.iter().filter(to_it).any(|step| step.raw("id").and_then(Value::as_str) == Some(id))
    };
    let routed = |id: &str| {
        vector.steps.iter().any(|step| is_routed(step) && step.raw("id").and_then(Value::as_str) == Some(id))
    };
    let rows = rows_of(vector, queue);
    rows.iter().filter_map(|row| row.get("id")?.as_str()).any(|id| !directly(id) && routed(id))
}

/// The queue that a step is about.
pub(super) fn queue_of(step: &Step) -> Option<String> {
    let named = step.raw("queue").or_else(|| step.raw("name").filter(|_| declares_queue(step)));
    named.and_then(Value::as_str).map(str::to_owned).or_else(|| addressed_directly(step))
}

pub(super) fn argument<'a>(step: &'a Step, name: &str) -> Option<&'a Value> {
    step.raw("arguments")?.get(name)
}

/// Whether a step acknowledges or rejects.
pub(super) fn settles(step: &Step) -> bool {
    matches!(step.op.as_str(), "ack" | "nack" | "reject" | "basic_ack" | "basic_nack" | "basic_reject")
}

/// Whether it does so in the name of this consumer, or of nobody.
fn settles_for(step: &Step, who: &str) -> bool {
    settles(step) && step.raw("who").and_then(Value::as_str).is_none_or(|name| name == who)
}

/// What an exchange is by its name, else by what is published to it.
fn kind(vector: &Vector, name: &str) -> Kind {
    let mut to_it = vector
        .steps
        .iter()
        .filter(|step| is_publication(step) && step.raw("exchange").and_then(Value::as_str) == Some(name));
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let without_key = |step: &Step| step.raw("routing_key").and_then(Value::as_str).is_none_or(str::is_empty);
    let with_headers = vector.steps.iter().any(|step| {
        step.raw("exchange").and_then(Value::as_str) == Some(name) && step.raw("headers").is_some()
    });
    if says(&["hash"]) {
        Kind::ConsistentHash
    } else if says(&["header"]) || name == "h" || with_headers {
        Kind::Headers
    } else if says(&["fan"]) || to_it.all(without_key) {
        Kind::Fanout
    } else {
        Kind::Topic
    }
}

/// Exchanges that a recording only asks after: the keys of any object called `exchanges`.
fn looked_at_exchanges(object: &serde_json::Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in object {
        let Value::Object(inside) = value else { continue };
        if key == "exchanges" {
            found.extend(inside.keys().cloned());
        } else {
            found.extend(looked_at_exchanges(inside));
        }
    }
    found
}
