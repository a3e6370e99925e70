//! A webhook: somebody else's system calls an endpoint of ours.

use crate::{Audience, Backoff, Delivery, Parameter, Profile, Return, Rules};

use super::base::{
    ACKNOWLEDGED, LONGEST, QUEUE, count, hours, keep_as_long_as_attempts_last, limit_to_attempts, millis,
    seconds, span,
};
#[cfg(feature = "stated")]
use super::stated::{chosen, documented};

pub(super) const WEBHOOK: Profile = Profile {
    name: "webhook",
    product: "a webhook as the Standard Webhooks specification 1.0 recommends it, from the document",
    about: "A system that is not ours calls an endpoint of ours, and again with growing waits until it \
            answers well: late, twice, and out of order.",
    rules: Rules {
        audience: Audience::EverySubscription,
        // Ten calls of up to 15 s, and waits of 5 s, 25 s, 125 s, .. 24 h, 24 h between them: three days.
        time_to_live: Some(seconds(270_605)),
        delivery: Delivery {
            again_after: Some(seconds(15)),
            rejected_to: Return::Tail,
            backoff: Backoff { first: seconds(5), factor: 5.0, most: hours(24) },
            delivery_limit: Some(9),
            heartbeat: seconds(15),
            ..ACKNOWLEDGED
        },
        ..QUEUE
    },
    parameters: &[
        Parameter {
            name: "max_attempts",
            real: "max_attempts",
            takes: count(1, 100),
            default: "10",
            about: "How often the endpoint is called in all.",
            set: |rules, value| {
                limit_to_attempts(&mut rules.delivery, value.count());
                keep_as_long_as_attempts_last(rules);
            },
        },
        Parameter {
            name: "retry_delay",
            real: "retry_delay",
            takes: span(millis(1), LONGEST),
            default: "5s",
            about: "How long the sender waits after the first call that failed.",
            set: |rules, value| {
                if let Some(delay) = value.span() {
                    rules.delivery.backoff.first = delay;
                    keep_as_long_as_attempts_last(rules);
                }
            },
        },
        Parameter {
            name: "backoff_factor",
            real: "backoff_factor",
            takes: count(1, 100),
            default: "5",
            about: "How many times as long it waits after each further one.",
            set: |rules, value| {
                if let Some(factor) = value.count() {
                    rules.delivery.backoff.factor = f64::from(factor);
                    keep_as_long_as_attempts_last(rules);
                }
            },
        },
        Parameter {
            name: "max_retry_delay",
            real: "max_retry_delay",
            takes: span(millis(1), LONGEST),
            default: "24h",
            about: "How long it waits at most.",
            set: |rules, value| {
                if let Some(delay) = value.span() {
                    rules.delivery.backoff.most = delay;
                    keep_as_long_as_attempts_last(rules);
                }
            },
        },
        Parameter {
            name: "timeout",
            real: "timeout",
            takes: span(millis(1), LONGEST),
            default: "15s",
            about: "How long the endpoint may take to answer; then it is called again, although it may still \
                    work.",
            set: |rules, value| {
                if let Some(timeout) = value.span() {
                    (rules.delivery.again_after, rules.delivery.heartbeat) = (Some(timeout), timeout);
                    keep_as_long_as_attempts_last(rules);
                }
            },
        },
    ],
    #[cfg(feature = "stated")]
    stated: &[
        documented(
            "An endpoint that does not answer with success in time is called again, with waits that grow, \
             over some days.",
            "Standard Webhooks 1.0, deliverability and reliability",
        ),
        documented("The time to answer is 15 to 30 s.", "Standard Webhooks 1.0, request timeouts"),
        documented(
            "Each repetition has the same identity, by which a receiver can know it again.",
            "Standard Webhooks 1.0, webhook headers",
        ),
        chosen(
            "Ten calls, after 5 s first and then five times as long each, at most a day.",
            "as many calls in as long a time as the example of the specification has",
        ),
        chosen(
            "An endpoint that is away is not called in vain: the message waits for it for as long as all \
             calls and waits would take.",
            "the same end without a call that nobody hears",
        ),
        chosen(
            "Several messages are on their way at a time, and one that is called again is overtaken.",
            "no provider promises an order",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "Jitter, and the wait after a call that got no answer in time: the next one comes at once.",
        "Signatures, and the age at which a receiver refuses a message.",
        "An endpoint that fails for days and is switched off, `410 Gone`, `Retry-After`.",
        "Sending again by hand what was given up.",
    ],
};
