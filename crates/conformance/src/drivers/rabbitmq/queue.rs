//! A queue: what it was declared with, and the channel that it is.

use channel::{Effect, Group, MemberTerms, Publication, Receipt, Subscription, Takes};
use kernel::{Span, Time};
use serde_json::Value;

use crate::bench::{Bench, Delivered, NEW_GROUP, PLAIN_MEMBER};
use crate::drivers::{Stop, profile_of, rules};

/// What a queue was declared with; the default is a durable classic queue without arguments.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Arguments {
    /// A quorum queue, not a classic one.
    pub(super) quorum: bool,
    /// Gone after a restart.
    pub(super) transient: bool,
    /// Gone with its last consumer (exclusive, auto-delete).
    pub(super) exclusive: bool,
    pub(super) delivery_limit: Option<u32>,
    pub(super) max_length: Option<u32>,
    /// `overflow: reject-publish`, not `drop-head`.
    pub(super) rejects: bool,
    pub(super) message_ttl: Option<Span>,
    pub(super) max_priority: Option<u32>,
    pub(super) single_active: bool,
    /// The exchange for dead letters, if there is one.
    pub(super) dead_letter_exchange: Option<String>,
    /// The key they get; else they keep their own.
    pub(super) dead_letter_key: Option<String>,
}

impl Arguments {
    /// Takes an argument by its name, with `x-` or without; what is not known changes nothing.
    pub(super) fn set(&mut self, name: &str, value: &Value) {
        let count = || number(value).and_then(|number| u32::try_from(number).ok());
        let text = || value.as_str().map(str::to_owned);
        let is_on = value.as_bool().unwrap_or(false);
        match name.strip_prefix("x-").unwrap_or(name).replace('_', "-").as_str() {
            "queue-type" | "type" | "kind" => self.quorum = value.as_str() == Some("quorum"),
            "quorum" => self.quorum = is_on,
            "durable" => self.transient = !value.as_bool().unwrap_or(true),
            "exclusive" | "auto-delete" => self.exclusive |= is_on,
            "delivery-limit" => self.delivery_limit = count(),
            "max-length" => self.max_length = count(),
            "overflow" => self.rejects = value.as_str().is_some_and(|word| word.starts_with("reject")),
            "message-ttl" | "ttl" => self.message_ttl = number(value).map(Span::from_millis),
            "max-priority" => self.max_priority = count(),
            "single-active-consumer" => self.single_active = is_on,
            "dead-letter-exchange" | "dlx" => self.dead_letter_exchange = text(),
            "dead-letter-routing-key" => self.dead_letter_key = text(),
            _ => {}
        }
    }
}

/// A whole number, which some clients write as text.
pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// One channel with one group.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    pub(super) arguments: Arguments,
    bench: Bench,
    group: Group,
    /// How many of the effects were looked at.
    seen: usize,
}

/// The only subject of a queue's channel: exchanges have done the routing before.
const SUBJECT: &str = "q";

impl Queue {
    pub(super) fn new(arguments: Arguments, now: Time) -> Result<Queue, Stop> {
        let mut bench = Bench::new(Queue::rules(&arguments)?);
        bench.pass_until(now);
        let terms = channel::GroupTerms { exclusive: arguments.exclusive, ..NEW_GROUP };
        let group = bench.add_group(SUBJECT, terms);
        bench.with(|channel, effects| channel.bind(group, SUBJECT, 1, effects));
        Ok(Queue { arguments, bench, group, seen: 0 })
    }

    fn rules(arguments: &Arguments) -> Result<channel::Rules, Stop> {
        let profile = if arguments.quorum { "rabbitmq-quorum" } else { "rabbitmq-classic" };
        let count = |count: Option<u32>| count.map(channel::Value::Count);
        let overflow = arguments.max_length.and(Some(channel::Value::Choice(overflow(
            profile,
            if arguments.rejects { "reject-publish" } else { "drop-head" },
        )?)));
        // A consumer's own prefetch is in its terms.
        let wanted = [
            ("prefetch", Some(channel::Value::None)),
            ("delivery_limit", count(arguments.delivery_limit)),
            ("max_length", count(arguments.max_length)),
            ("overflow", overflow),
            ("message_ttl", arguments.message_ttl.map(channel::Value::Span)),
            ("max_priority", count(arguments.max_priority)),
            ("single_active_consumer", arguments.single_active.then_some(channel::Value::Flag(true))),
            ("dead_letter_exchange", Some(channel::Value::Flag(arguments.dead_letter_exchange.is_some()))),
        ];
        let values: Vec<(&str, channel::Value)> =
            wanted.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect();
        rules(profile, &values)
    }

    /// Whether it still exists.
    pub(super) fn is_there(&self) -> bool {
        self.bench.channel.has_group(self.group)
    }

    pub(super) fn publish(&mut self, message: u32, more: impl FnOnce(&mut Publication)) -> Receipt {
        let subject = self.bench.channel.subject(SUBJECT);
        let mut publication = Publication::new(message, subject);
        more(&mut publication);
        self.with(|channel, effects| channel.publish(&publication, effects))
    }

    pub(super) fn subscribe(&mut self, prefetch: Option<u32>, automatic: bool) -> Subscription {
        self.bench.subscribe("", self.group, MemberTerms { prefetch, automatic, ..PLAIN_MEMBER })
    }

    /// Calls a method of the engine that has effects.
    pub(super) fn with<T>(&mut self, call: impl FnOnce(&mut channel::Channel, &mut Vec<Effect>) -> T) -> T {
        self.bench.with(call)
    }

    /// Everything ready is dropped, as by `queue.purge`.
    pub(super) fn purge(&mut self) {
        let nobody = self.subscribe(None, true);
        self.with(|channel, effects| channel.leave(nobody, effects));
        self.bench.deliveries_to(nobody);
    }

    pub(super) fn deliveries(&mut self) -> Vec<Delivered> {
        self.bench.deliveries()
    }

    /// What was put aside since this was last asked.
    pub(super) fn dead_letters(&mut self) -> Vec<(u32, channel::DeadLetterReason)> {
        let effects = &self.bench.effects()[self.seen..];
        self.seen += effects.len();
        let put_aside = effects.iter().filter_map(|(_, effect)| dead_letter(effect));
        put_aside.collect()
    }

    pub(super) fn ready(&self) -> Vec<u32> {
        if self.is_there() { self.bench.channel.ready(self.group).collect() } else { Vec::new() }
    }

    pub(super) fn next_instant(&mut self) -> Option<Time> {
        self.bench.channel.next_instant()
    }

    pub(super) fn pass_until(&mut self, then: Time) {
        self.bench.pass_until(then);
    }
}

fn dead_letter(effect: &Effect) -> Option<(u32, channel::DeadLetterReason)> {
    if let Effect::DeadLettered { message, reason, .. } = *effect { Some((message, reason)) } else { None }
}

/// The number of a word of the parameter `overflow`.
fn overflow(profile: &str, word: &str) -> Result<usize, Stop> {
    let words = match profile_of(profile)?.parameter("overflow").map(|parameter| parameter.takes) {
        Some(Takes::Choice(words)) => words,
        Some(Takes::Count { .. } | Takes::Span { .. } | Takes::Flag) | None => &[],
    };
    let same = |known: &&str| known.replace('_', "-") == word;
    words.iter().position(same).ok_or_else(|| Stop::Skip(format!("the profile {profile} has no {word}")))
}
