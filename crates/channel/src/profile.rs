//! Profiles: the points in the space of rules that people know by name.

use kernel::Span;

use crate::{Absent, Acknowledgement, Audience, PublisherGets, Return, Rules};

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
    /// The parameters that a scenario may override, by their names there.
    pub parameters: &'static [&'static str],
}

const BROKEN_CONNECTION: Span = Span::from_millis(60_000);

/// Every profile, in the order in which lists show them.
pub static PROFILES: [Profile; 4] = [
    Profile {
        name: "http",
        product: "HTTP request and response (RFC 9110)",
        about: "A call: the caller waits for the answer, and is refused when nobody listens.",
        rules: Rules {
            audience: Audience::OneConsumer,
            absent: Absent::Refused,
            acknowledgement: Acknowledgement::OnHandOut,
            rejected_to: Return::Tail,
            delivery_limit: None,
            prefetch: None,
            length: None,
            durable: false,
            publisher_gets: PublisherGets::Reply,
            heartbeat: BROKEN_CONNECTION,
        },
        parameters: &[],
    },
    Profile {
        name: "redis-pubsub",
        product: "Redis 7.0 PUBLISH and SUBSCRIBE",
        about: "A radio broadcast: who listens now receives; for everybody else the message is lost.",
        rules: Rules {
            audience: Audience::EverySubscription,
            absent: Absent::Lost,
            acknowledgement: Acknowledgement::OnHandOut,
            rejected_to: Return::Tail,
            delivery_limit: None,
            prefetch: None,
            length: None,
            durable: false,
            publisher_gets: PublisherGets::ReceiverCount,
            heartbeat: BROKEN_CONNECTION,
        },
        parameters: &[],
    },
    Profile {
        name: "rabbitmq-classic",
        product: "RabbitMQ 3.10 durable classic queue, persistent messages, manual acknowledgement",
        about: "A queue: each message goes to one consumer and is kept until acknowledged; \
                a rejected message comes again at once, for ever.",
        rules: Rules {
            audience: Audience::OneConsumer,
            absent: Absent::Kept,
            acknowledgement: Acknowledgement::AfterWork,
            rejected_to: Return::OriginalPlace,
            delivery_limit: None,
            prefetch: None,
            length: None,
            durable: true,
            publisher_gets: PublisherGets::Confirm,
            heartbeat: BROKEN_CONNECTION,
        },
        parameters: &["prefetch", "max_length", "overflow", "durable", "heartbeat"],
    },
    Profile {
        name: "rabbitmq-quorum",
        product: "RabbitMQ 3.10 quorum queue, manual acknowledgement",
        about: "A replicated queue: each message goes to one consumer and is kept until acknowledged; \
                with a delivery limit, one that keeps failing is put aside.",
        rules: Rules {
            audience: Audience::OneConsumer,
            absent: Absent::Kept,
            acknowledgement: Acknowledgement::AfterWork,
            rejected_to: Return::TailUnlessLimited,
            delivery_limit: None,
            prefetch: None,
            length: None,
            durable: true,
            publisher_gets: PublisherGets::Confirm,
            heartbeat: BROKEN_CONNECTION,
        },
        parameters: &["prefetch", "delivery_limit", "max_length", "overflow", "heartbeat"],
    },
];

/// The profile of that name.
pub fn profile(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.name == name)
}
