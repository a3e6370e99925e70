//! Profiles: the points in the space of rules that people know by name.
//!
//! A row spells what differs from a few common rules (`profile/base.rs`). Behind the feature `stated` it also
//! says where each of its rules is known from, and what the real product does that the row leaves out.

mod aws;
mod base;
mod celery;
mod kafka;
mod mqtt;
mod nats;
mod postgres;
mod process;
mod rabbitmq;
mod redis;
#[cfg(feature = "stated")]
mod stated;
mod webhook;

use crate::{Parameter, Rules, Value};
#[cfg(feature = "stated")]
pub use stated::{Source, Statement};

/// A named set of rules, with the product and version whose behaviour it states.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The name in scenario files.
    pub name: &'static str,
    /// What it stands for, with the version that was recorded.
    pub product: &'static str,
    /// What a person should know of it, in a sentence.
    pub about: &'static str,
    /// The rules, before a scenario overrides parameters.
    pub rules: Rules,
    /// The parameters that a scenario may override. They are applied in this order.
    pub parameters: &'static [Parameter],
    /// What it does, each with where that is known from.
    #[cfg(feature = "stated")]
    pub stated: &'static [Statement],
    /// What the real product does and this profile does not.
    #[cfg(feature = "stated")]
    pub left_out: &'static [&'static str],
}

/// Every profile, in the order in which lists show them.
pub static PROFILES: [Profile; 19] = [
    process::HTTP,
    process::IN_MEMORY_BUS,
    process::BACKGROUND_TASK,
    redis::PUBSUB,
    redis::LIST,
    redis::STREAMS,
    rabbitmq::CLASSIC,
    rabbitmq::QUORUM,
    kafka::KAFKA,
    nats::CORE,
    nats::JETSTREAM,
    mqtt::MQTT,
    aws::SQS,
    aws::SQS_FIFO,
    aws::SNS,
    celery::CELERY,
    postgres::JOBS_TABLE,
    postgres::NOTIFY,
    webhook::WEBHOOK,
];

/// The profile of that name.
pub fn profile(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.name == name)
}

impl Profile {
    /// The parameter of that name, by its key or by the product's own name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name || parameter.real == name)
    }

    /// The rules with these values in place of the defaults. In which order they are given does not matter:
    /// one that depends on another comes after it in the row.
    pub fn with(&self, values: &[(&'static Parameter, Value)]) -> Rules {
        let mut rules = self.rules.clone();
        for parameter in self.parameters {
            let given = values.iter().rev().find(|(given, _)| given.name == parameter.name);
            if let Some((_, value)) = given {
                (parameter.set)(&mut rules, *value);
            }
        }
        rules
    }
}
