//! The rows on the engine: whatever a scenario may write, a message finds its consumer.

use channel::{
    Channel, Effect, GroupTerms, Loss, MemberTerms, PROFILES, Publication, Rejection, Rules, profile,
};
use kernel::Time;

use crate::text::{read, samples};

const MESSAGES: std::ops::Range<u32> = 0..3;

#[test]
fn a_value_within_its_range_keeps_messages_from_arriving() {
    for profile in &PROFILES {
        assert_eq!(arrivals(&profile.rules), Vec::from_iter(MESSAGES), "{}", profile.name);
        for parameter in profile.parameters {
            for value in samples(parameter) {
                let arrived = arrivals(&profile.with(&[(parameter, value)]));
                let expected = Vec::from_iter(MESSAGES);
                assert_eq!(arrived, expected, "{}, {}: {value:?}", profile.name, parameter.name);
            }
        }
    }
}

/// The last word of a broker on a message that always fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    PutAside,
    GivenUp,
    None,
}

#[test]
fn a_message_that_always_fails_is_tried_too_often_or_not_often_enough() {
    for (name, parameter, expected) in [
        ("background-task", None, (1, End::GivenUp)),
        // It counts as done before it fails ..
        ("celery", None, (1, End::None)),
        // .. unless it is acknowledged after the work.
        ("celery", Some(("acks_late", "true")), (4, End::GivenUp)),
        ("sns", None, (4, End::GivenUp)),
        ("sns", Some(("redrive_policy", "true")), (4, End::PutAside)),
        ("webhook", None, (10, End::GivenUp)),
        ("webhook", Some(("max_attempts", "1")), (1, End::GivenUp)),
        ("rabbitmq-quorum", Some(("delivery_limit", "3")), (4, End::PutAside)),
        ("jetstream", Some(("max_deliver", "3")), (3, End::GivenUp)),
        ("sqs", Some(("max_receive_count", "3")), (3, End::PutAside)),
        ("sqs-fifo", Some(("max_receive_count", "3")), (3, End::PutAside)),
        ("jobs-table", Some(("max_attempts", "3")), (3, End::PutAside)),
        // Nobody claims it, and a device cannot give it back.
        ("redis-streams", None, (1, End::None)),
        ("mqtt", None, (1, End::None)),
        ("redis-streams", Some(("min_idle_time", "30s")), (MOST, End::None)),
        ("rabbitmq-classic", None, (MOST, End::None)),
        ("rabbitmq-quorum", None, (MOST, End::None)),
        ("kafka", None, (MOST, End::None)),
        ("sqs", None, (MOST, End::None)),
    ] {
        let profile = profile(name).unwrap();
        let values = parameter.map(|(key, text)| {
            let parameter = profile.parameter(key).unwrap();
            (parameter, read(parameter, text).unwrap())
        });
        let found = failures(&profile.with(values.as_slice()));
        assert_eq!(found, expected, "{name} {parameter:?}");
    }
}

/// Where a message that comes for ever is no longer followed.
const MOST: usize = 50;

/// How often a message is delivered to a consumer that cannot do it, and what becomes of it then.
fn failures(rules: &Rules) -> (usize, End) {
    let mut channel = Channel::new(rules.clone(), 1);
    let mut effects = Vec::new();
    let (mut deliveries, mut end) = (0, End::None);
    let group = channel.add_group(GroupTerms::default());
    channel.bind(group, "orders", 1, &mut effects);
    channel.subscribe(group, MemberTerms::default(), &mut effects);
    let subject = channel.subject("orders");
    channel.publish(&Publication::new(0, subject), &mut effects);
    while deliveries < MOST {
        for effect in std::mem::take(&mut effects) {
            match effect {
                Effect::Deliver { to, tag: Some(tag), .. } => {
                    deliveries += 1;
                    channel.take_up(to, tag, &mut effects);
                    channel.reject(to, tag, Rejection::Requeue, &mut effects);
                }
                Effect::DeadLettered { .. } => end = End::PutAside,
                Effect::Lost { reason: Loss::GivenUp, .. } => end = End::GivenUp,
                Effect::Deliver { tag: None, .. } => deliveries += 1,
                Effect::Kept { .. } | Effect::Returned { .. } | Effect::Done { .. } => {}
                Effect::Missed { .. }
                | Effect::NobodyListening { .. }
                | Effect::Refused { .. }
                | Effect::Duplicate { .. }
                | Effect::Lost { .. }
                | Effect::CutOff { .. } => panic!("{effect:?}"),
            }
        }
        if effects.is_empty() {
            let Some(next) = channel.next_instant().filter(|_| end == End::None) else { break };
            channel.advance(next, &mut effects);
            if next == Time::MAX || next.seconds() > A_YEAR {
                break;
            }
        }
    }
    (deliveries, end)
}

const A_YEAR: f64 = 365.0 * 86_400.0;

/// Which messages a consumer gets that does all its work at once.
fn arrivals(rules: &Rules) -> Vec<u32> {
    let mut channel = Channel::new(rules.clone(), 1);
    let mut effects = Vec::new();
    let mut arrived = Vec::new();
    let group = channel.add_group(GroupTerms::default());
    channel.bind(group, "orders", 1, &mut effects);
    channel.subscribe(group, MemberTerms::default(), &mut effects);
    let subject = channel.subject("orders");
    for message in MESSAGES {
        let mut publication = Publication::new(message, subject);
        publication.key = u64::from(message);
        publication.identity = Some(u64::from(message));
        channel.publish(&publication, &mut effects);
        work(&mut channel, &mut effects, &mut arrived);
    }
    for _ in 0..10_000 {
        let next = channel.next_instant().filter(|next| *next < Time::MAX);
        let Some(next) = next.filter(|_| arrived.len() < MESSAGES.len()) else { break };
        channel.advance(next, &mut effects);
        work(&mut channel, &mut effects, &mut arrived);
    }
    arrived
}

/// The consumer takes up and acknowledges what it was sent, and what comes of that.
fn work(channel: &mut Channel, effects: &mut Vec<Effect>, arrived: &mut Vec<u32>) {
    while !effects.is_empty() {
        for effect in std::mem::take(effects) {
            let Effect::Deliver { message, to, tag, .. } = effect else { continue };
            arrived.push(message);
            match tag {
                Some(tag) => {
                    if channel.take_up(to, tag, effects) {
                        channel.acknowledge(to, tag, effects);
                    }
                }
                None => channel.consumed(to, effects),
            }
        }
    }
}
