//! Settings of clients, by their own names: `session.timeout.ms`, `enable.auto.commit`.

use channel::routing::Partitioner;
use channel::{Delivery, Parameter, Profile, Takes, Value};
use kernel::Span;
use serde_json::Value as Json;

use crate::drivers::{Stop, profile_of};
use crate::vector::{Step, Vector};

/// How a consumer takes part, as far as the group's rules do not say it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    /// Longer than this it may not be without a poll.
    pub(super) max_poll_interval: Span,
    /// Whether a group without a committed offset begins with what is new.
    pub(super) latest: bool,
    /// How often offsets are committed by themselves.
    pub(super) commits_every: Option<Span>,
}

/// The rules of a group that is formed with a step, and what else its consumer sets.
pub(super) fn consumer(vector: &Vector, step: &Step) -> Result<(Delivery, Client), Stop> {
    let profile = profile_of("kafka")?;
    let said = |name: &str| step.raw(name).or_else(|| vector.config.get(name));
    // The default of the scripts, not of the product.
    let is_on = |name: &str, default: bool| said(name).and_then(Json::as_bool).unwrap_or(default);
    let commits = is_on("enable.auto.commit", false) && is_on("enable.auto.offset.store", true);
    let mut settings = Vec::new();
    for parameter in profile.parameters {
        if parameter.real == "enable.auto.commit" {
            settings.push((parameter, Value::Flag(commits)));
        } else if let Some(written) = said(parameter.real) {
            settings.push((parameter, value(parameter, written)?));
        }
    }
    let delivery = profile.with(&settings).delivery;
    let millis = |name: &str| said(name).and_then(Json::as_u64).map(Span::from_millis);
    let client = Client {
        max_poll_interval: millis("max.poll.interval.ms").unwrap_or(Span::from_millis(300_000)),
        latest: said("auto.offset.reset").and_then(Json::as_str) == Some("latest"),
        commits_every: if commits { interval(profile, vector, step) } else { None },
    };
    Ok((delivery, client))
}

fn interval(profile: &Profile, vector: &Vector, step: &Step) -> Option<Span> {
    let name = "auto.commit.interval.ms";
    let written = step.raw(name).or_else(|| vector.config.get(name)).and_then(Json::as_u64);
    let automatic = match profile.rules.delivery.acknowledgement {
        channel::Acknowledgement::Offset { automatic } => automatic,
        channel::Acknowledgement::OnHandOut
        | channel::Acknowledgement::BeforeWork
        | channel::Acknowledgement::AfterWork => None,
    };
    written.map(Span::from_millis).or(automatic)
}

fn value(parameter: &Parameter, written: &Json) -> Result<Value, Stop> {
    let value = match parameter.takes {
        Takes::Count { .. } => written.as_u64().map(|count| Value::Count(count as u32)),
        Takes::Span { .. } => written.as_u64().map(|millis| Value::Span(Span::from_millis(millis))),
        Takes::Flag => written.as_bool().map(Value::Flag),
        Takes::Choice(words) => {
            let written = written.as_str().unwrap_or_default();
            words.iter().position(|word| *word == written).map(Value::Choice)
        }
    };
    value.ok_or_else(|| {
        Stop::Skip(format!("{written} is outside of what the model knows as {}", parameter.real))
    })
}

/// What librdkafka calls its partitioners.
pub(super) fn partitioner(name: &str) -> Option<Partitioner> {
    match name.strip_suffix("_random").unwrap_or(name) {
        "consistent" => Some(Partitioner::Crc32),
        "murmur2" => Some(Partitioner::Murmur2),
        "fnv1a" => Some(Partitioner::Fnv1a32),
        _ => None,
    }
}
