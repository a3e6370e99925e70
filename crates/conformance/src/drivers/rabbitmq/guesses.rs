//! What may have been so although the recording does not say it.

use std::collections::BTreeSet;

use kernel::Span;
use serde_json::Value;

use super::bindings;
use super::plan::{self, ALTERNATE, Plan, Takes, WAIT, is_for_dead_letters, rows_of};
use super::queue::Arguments;
use super::search::Guess;
use crate::vector::{Step, Vector};

/// The guesses that the steps and the names in a recording give cause for.
pub(super) fn all(vector: &Vector, plan: &Plan) -> Vec<Guess<Plan>> {
    let mut guesses = Vec::new();
    for name in plan.queues.keys().filter(|name| !is_for_dead_letters(name) && *name != WAIT) {
        of_queue(vector, plan, name, &mut guesses);
    }
    for name in plan.exchanges.keys().filter(|name| *name != ALTERNATE) {
        if plan.alternate_queue().is_some() {
            guess_exchange(name, |exchange| exchange.alternate = Some(ALTERNATE.to_owned()), &mut guesses);
        }
        if vector.observed.contains_key("modes") {
            guess_exchange(name, |exchange| exchange.transient = true, &mut guesses);
        }
    }
    for (name, takes) in &plan.others {
        of_consumer(plan, name, takes, &mut guesses);
    }
    guess_one_exchange(vector, plan, &mut guesses);
    guesses
}

/// A queue is bound to one exchange only, where ids that went through several came to it.
fn guess_one_exchange(vector: &Vector, plan: &Plan, guesses: &mut Vec<Guess<Plan>>) {
    for queue in plan.queues.keys() {
        let bound: BTreeSet<&String> = plan
            .bindings
            .iter()
            .filter(|(_, binding)| binding.queue == *queue)
            .map(|(name, _)| name)
            .collect();
        for name in bound.iter().filter(|_| bound.len() > 1) {
            let found =
                bindings::guess(vector, name, plan.exchanges[*name].kind, std::slice::from_ref(queue)).1;
            let (queue, name) = (queue.clone(), (*name).clone());
            guesses.push(Box::new(move |plan: &mut Plan| {
                plan.bindings.retain(|(_, binding)| binding.queue != queue);
                plan.bindings.extend(found.iter().map(|binding| (name.clone(), binding.clone())));
            }));
        }
    }
}

fn of_queue(vector: &Vector, plan: &Plan, name: &str, guesses: &mut Vec<Guess<Plan>>) {
    let arguments = &plan.queues[name];
    let mut guess = |change: Box<dyn Fn(&mut Arguments)>| {
        let name = name.to_owned();
        guesses.push(Box::new(move |plan: &mut Plan| {
            if let Some(arguments) = plan.queues.get_mut(&name) {
                change(arguments);
            }
        }));
    };
    // Who consumes from several queues does not say from which the counts are.
    if plan::counts_any_deliveries(vector) {
        let is_other = !arguments.quorum;
        guess(Box::new(move |queue| queue.quorum = is_other));
    }
    if arguments.delivery_limit.is_none() && (arguments.quorum || plan::counts_any_deliveries(vector)) {
        let most = most_copies(vector, name);
        (1..=most).for_each(|limit| {
            guess(Box::new(move |queue| (queue.quorum, queue.delivery_limit) = (true, Some(limit))));
        });
    }
    for priority in priorities(vector) {
        guess(Box::new(move |queue| queue.max_priority = Some(priority)));
    }
    if vector.steps.iter().filter(|step| step.op == "consume").count() > 1 {
        guess(Box::new(|queue| queue.single_active = true));
    }
    if speaks_of_length(vector) {
        for length in 1..=published_to(vector, name).min(100) {
            guess(Box::new(move |queue| queue.max_length = Some(length)));
            guess(Box::new(move |queue| (queue.max_length, queue.rejects) = (Some(length), true)));
        }
    }
    for wait in waits(vector) {
        // Short enough to be over when somebody looks.
        guess(Box::new(move |queue| queue.message_ttl = Some(wait.scaled(0.5))));
    }
    if arguments.dead_letter_exchange.is_some() {
        guess(Box::new(|queue| queue.dead_letter_exchange = None));
    } else if speaks_of_trying_again(vector) {
        guesses.push(tries_again_later(name));
    }
}

/// Dead letters of a queue wait elsewhere, until their time to live there leads them back.
fn tries_again_later(name: &str) -> Guess<Plan> {
    const LATER: Span = Span::from_millis(100);
    let name = name.to_owned();
    Box::new(move |plan: &mut Plan| {
        let to = |queue: &str| (Some(String::new()), Some(queue.to_owned()));
        if let Some(queue) = plan.queues.get_mut(&name) {
            (queue.dead_letter_exchange, queue.dead_letter_key) = to(WAIT);
        }
        let mut wait = Arguments { message_ttl: Some(LATER), ..Arguments::default() };
        (wait.dead_letter_exchange, wait.dead_letter_key) = to(&name);
        plan.queues.insert(WAIT.to_owned(), wait);
    })
}

fn guess_exchange(
    name: &str,
    change: impl Fn(&mut super::exchange::Exchange) + 'static,
    guesses: &mut Vec<Guess<Plan>>,
) {
    let name = name.to_owned();
    guesses.push(Box::new(move |plan: &mut Plan| {
        if let Some(exchange) = plan.exchanges.get_mut(&name) {
            change(exchange);
        }
    }));
}

fn of_consumer(plan: &Plan, name: &str, takes: &Takes, guesses: &mut Vec<Guess<Plan>>) {
    let mut guess = |takes: Takes, exclusive: bool| {
        let name = name.to_owned();
        guesses.push(Box::new(move |plan: &mut Plan| {
            plan.others.insert(name.clone(), takes.clone());
            if let (true, Some(queue)) = (exclusive, plan.queues.get_mut(&name)) {
                queue.exclusive = true;
            }
        }));
    };
    match takes {
        Takes::WhenNeeded => {
            guess(Takes::Early, false);
            guess(Takes::Rest, false);
        }
        Takes::Queue(queue) if queue == name && !is_for_dead_letters(name) => {
            guess(Takes::Along(name.to_owned()), true);
            guess(Takes::Rest, false);
        }
        Takes::Rest => {
            let queues = plan.queues.keys().filter(|queue| !is_for_dead_letters(queue));
            queues.for_each(|queue| guess(Takes::Queue(queue.clone()), false));
        }
        Takes::Queue(_) | Takes::Early | Takes::Along(_) => {}
    }
}

/// How often the same message came from a queue at most.
fn most_copies(vector: &Vector, queue: &str) -> u32 {
    let ids: Vec<&str> =
        rows_of(vector, queue).into_iter().filter_map(|row| row.get("id").and_then(Value::as_str)).collect();
    let copies = |id: &&str| ids.iter().filter(|other| *other == id).count() as u32;
    ids.iter().map(copies).max().unwrap_or(0)
}

fn priorities(vector: &Vector) -> BTreeSet<u32> {
    let given = vector.steps.iter().filter_map(|step| step.raw("priority").and_then(Value::as_u64));
    given.filter_map(|priority| u32::try_from(priority).ok()).filter(|&priority| priority > 0).collect()
}

fn waits(vector: &Vector) -> BTreeSet<Span> {
    let waits = vector.steps.iter().filter(|step| matches!(step.op.as_str(), "sleep" | "wait"));
    waits.filter_map(|step| step.raw("ms").and_then(Value::as_u64)).map(Span::from_millis).collect()
}

fn published_to(vector: &Vector, queue: &str) -> u32 {
    let to_it = |step: &&Step| plan::is_publication(step) && plan::queue_of(step).as_deref() == Some(queue);
    vector.steps.iter().filter(to_it).count() as u32
}

/// Whether steps put the same message aside more than once, so that it must have come back, or rows count it.
fn speaks_of_trying_again(vector: &Vector) -> bool {
    let puts_aside = |step: &&Step| {
        let requeues = step.raw("requeue").and_then(Value::as_bool);
        plan::settles(step) && (requeues == Some(false) || step.op.ends_with("reject") && requeues.is_none())
    };
    let mut ids: Vec<&str> =
        vector.steps.iter().filter(puts_aside).filter_map(|step| step.raw("id")?.as_str()).collect();
    ids.sort_unstable();
    let mut rows =
        plan::consumers(vector).filter_map(|who| vector.consumer(who)).filter_map(Value::as_array).flatten();
    ids.windows(2).any(|pair| pair[0] == pair[1]) || rows.any(|row| row.get("x_death_count").is_some())
}

/// Whether the recording speaks of a queue that is full, or of dead letters that nothing else explains.
fn speaks_of_length(vector: &Vector) -> bool {
    const WORDS: [&str; 7] =
        ["length", "maxlen", "overflow", "drop_head", "drop-head", "full", "reject_publish"];
    let is_said = |text: &str| WORDS.iter().any(|word| text.contains(word));
    let mut texts = Vec::new();
    texts_in(&Value::from(vector.observed.clone()), &mut texts);
    let refused = texts.iter().any(|text| text.contains("nack") || text.contains("refuse"));
    let unexplained = plan::speaks_of_dead_letters(vector)
        && waits(vector).is_empty()
        && !vector.steps.iter().any(|step| plan::settles(step) && step.op != "ack");
    refused
        || unexplained
        || texts.iter().any(|text| is_said(text))
        || vector.observed.keys().any(|key| is_said(key))
        || vector.steps.iter().filter_map(plan::queue_of).any(|name| is_said(&name))
}

/// Every text that is a value.
fn texts_in(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.to_lowercase()),
        Value::Array(values) => values.iter().for_each(|value| texts_in(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| texts_in(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
