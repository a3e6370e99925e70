//! One driver for each product: it reads the verbs and works the engine.

mod celery;
mod kafka;
mod mqtt;
mod nats;
mod postgres;
mod rabbitmq;
mod redis;

use channel::{Parameter, Profile, Rules, Takes, Value};

use crate::replay::Replay;
use crate::vector::Vector;

/// Why a recording cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It is about something outside the model, or something that truly varies.
    Skip(String),
    /// It is not a recording, or uses a verb that the product does not have: with the place.
    Broken(String),
}

type Driver = fn(&Vector) -> Result<Replay, Stop>;

const DRIVERS: [(&str, Driver); 7] = [
    ("redis", redis::replay),
    ("rabbitmq", rabbitmq::replay),
    ("nats", nats::replay),
    ("mqtt", mqtt::replay),
    ("kafka", kafka::replay),
    ("postgres", postgres::replay),
    ("celery", celery::replay),
];

/// Does the steps on the engine.
pub(crate) fn replay(vector: &Vector) -> Result<Replay, Stop> {
    match DRIVERS.iter().find(|(name, _)| *name == vector.broker) {
        Some((_, driver)) => driver(vector),
        None => {
            let known: Vec<&str> = DRIVERS.iter().map(|(name, _)| *name).collect();
            Err(Stop::Broken(format!(
                "/broker: there is no product \"{}\"; known are {}",
                vector.broker,
                known.join(", ")
            )))
        }
    }
}

/// The rules of a profile with some of its parameters set.
fn rules(profile: &str, values: &[(&str, Value)]) -> Result<Rules, Stop> {
    let found = profile_of(profile)?;
    let values: Vec<(&'static Parameter, Value)> = values
        .iter()
        .map(|(name, value)| match found.parameter(name) {
            Some(parameter) if takes(parameter.takes, *value) => Ok((parameter, *value)),
            Some(_) => Err(Stop::Broken(format!("{profile} does not take {name} = {value:?}"))),
            None => Err(Stop::Skip(format!("the profile {profile} has no parameter {name}"))),
        })
        .collect::<Result<_, Stop>>()?;
    Ok(found.with(&values))
}

/// Whether a value is of the kind, and in the range, that a parameter takes.
fn takes(takes: Takes, value: Value) -> bool {
    match (takes, value) {
        (Takes::Count { or_none, .. } | Takes::Span { or_none, .. }, Value::None) => or_none,
        (Takes::Count { least, most, .. }, Value::Count(count)) => (least..=most).contains(&count),
        (Takes::Span { least, most, .. }, Value::Span(span)) => (least..=most).contains(&span),
        (Takes::Flag, Value::Flag(_)) => true,
        (Takes::Choice(words), Value::Choice(index)) => index < words.len(),
        (Takes::Count { .. } | Takes::Span { .. } | Takes::Flag | Takes::Choice(_), _) => false,
    }
}

fn profile_of(name: &str) -> Result<&'static Profile, Stop> {
    channel::profile(name).ok_or_else(|| Stop::Skip(format!("there is no profile {name}")))
}
