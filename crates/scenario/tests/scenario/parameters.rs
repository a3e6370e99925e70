//! Every parameter of every profile has its effect, by either name, and what a variant leaves of it.

use channel::{PROFILES, Parameter, Rules, Takes, Value, profile};
use kernel::Span;

use crate::wrong::filled_up;

/// Some values that a parameter takes, each as one writes it.
fn written(parameter: &Parameter) -> Vec<(String, Value)> {
    let text = scenario::units::duration_text;
    let (mut values, or_none) = match parameter.takes {
        Takes::Count { least, most, or_none } => {
            ([least, most].map(|it| (it.to_string(), Value::Count(it))).to_vec(), or_none)
        }
        Takes::Span { least, most, or_none } => {
            ([least, most].map(|it| (text(it), Value::Span(it))).to_vec(), or_none)
        }
        Takes::Flag => ([false, true].map(|it| (it.to_string(), Value::Flag(it))).to_vec(), false),
        Takes::Choice(words) => {
            let words = words.iter().enumerate();
            (words.map(|(index, word)| (word.to_string(), Value::Choice(index))).collect(), false)
        }
    };
    if or_none {
        values.push(("none".into(), Value::None));
    }
    values
}

/// The rules and what was given, of the channel `it`, in a variant.
fn channel_of(text: &str, variant: usize) -> (&'static str, Rules, Vec<(&'static str, Value)>) {
    let reading = scenario::read(&filled_up(text));
    let Some(scenario) = reading.scenario else { panic!("{text}: {:#?}", reading.diagnostics) };
    let variant = &scenario.variants[variant];
    let given = variant.given[0].iter().map(|(parameter, value)| (parameter.name, *value)).collect();
    (variant.plan.channels[0].profile, variant.plan.channels[0].rules.clone(), given)
}

#[test]
fn a_parameter_has_no_effect_or_another() {
    for profile in &PROFILES {
        for parameter in profile.parameters {
            for (text, value) in written(parameter) {
                for key in [parameter.name, parameter.real] {
                    let channel =
                        format!("channels: {{ it: {{ profile: {}, {key}: {text} }} }}", profile.name);
                    let (name, rules, given) = channel_of(&channel, 0);
                    assert_eq!((name, given), (profile.name, vec![(parameter.name, value)]), "{channel}");
                    assert_eq!(rules, profile.with(&[(parameter, value)]), "{channel}");
                }
                let given = scenario::parameter(profile.name, parameter.real, &text);
                let given = given.map(|(parameter, value)| (parameter.name, value));
                assert_eq!(given, Ok((parameter.name, value)), "{} {text}", parameter.real);
            }
        }
    }
}

#[test]
fn a_value_beside_the_range_is_taken() {
    for profile in &PROFILES {
        for parameter in profile.parameters {
            let beside = match parameter.takes {
                Takes::Count { least, most, .. } => {
                    [i64::from(least) - 1, i64::from(most) + 1].map(|it| it.to_string())
                }
                Takes::Span { least, most, .. } => [least.nanos() - 1, most.nanos() + 1]
                    .map(|it| scenario::units::duration_text(Span::from_nanos(it))),
                Takes::Flag | Takes::Choice(_) => ["maybe", "4"].map(str::to_owned),
            };
            for text in beside {
                let given = scenario::parameter(profile.name, parameter.name, &text);
                assert!(given.is_err(), "{}: {} {text}", profile.name, parameter.name);
            }
        }
    }
}

/// What is left of this channel when a variant says only this of it.
fn swapped(channel: &str, change: &str) -> (&'static str, Vec<(&'static str, Value)>) {
    let text =
        format!("channels: {{ it: {channel} }}\nvariants: {{ one: {{ channels: {{ it: {change} }} }} }}");
    let (name, rules, given) = channel_of(&text, 0);
    let profile = profile(name).expect("a plan has known profiles");
    let parameter = |name| profile.parameter(name).expect("it was given");
    let values: Vec<_> = given.iter().map(|&(name, value)| (parameter(name), value)).collect();
    assert_eq!(rules, profile.with(&values));
    (name, given)
}

#[test]
fn another_profile_keeps_what_it_does_not_know() {
    let queue = "{ profile: rabbitmq-quorum, prefetch: 4, delivery_limit: 5 }";
    assert_eq!(
        swapped(queue, "{ profile: rabbitmq-classic }"),
        ("rabbitmq-classic", vec![("prefetch", Value::Count(4))])
    );
    assert_eq!(swapped(queue, "{ profile: redis-pubsub }"), ("redis-pubsub", vec![]));
    assert_eq!(
        swapped(queue, "{ profile: rabbitmq-classic, prefetch_count: 7 }"),
        ("rabbitmq-classic", vec![("prefetch", Value::Count(7))])
    );
}

#[test]
fn another_profile_keeps_what_it_cannot_take() {
    // A retention is a time there and one of three words here.
    let log = "{ profile: kafka, retention.ms: 2d, partitions: 3 }";
    assert_eq!(swapped(log, "{ profile: jetstream }"), ("jetstream", vec![]));
    // Twelve hours are the longest that this one can hide a message.
    let tasks = "{ profile: celery, broker: redis, visibility_timeout: 13h }";
    assert_eq!(swapped(tasks, "{ profile: sqs }"), ("sqs", vec![]));
    let tasks = "{ profile: celery, broker: redis, broker_transport_options.visibility_timeout: 11h }";
    let eleven = Value::Span(Span::from_millis(11 * 3_600_000));
    assert_eq!(swapped(tasks, "{ profile: sqs }"), ("sqs", vec![("visibility_timeout", eleven)]));
}

#[test]
fn a_change_of_the_same_profile_is_lost_or_given_twice() {
    let queue = "{ profile: rabbitmq-quorum, prefetch: 4, x-delivery-limit: 5 }";
    let given = vec![("prefetch", Value::Count(7)), ("delivery_limit", Value::Count(5))];
    assert_eq!(swapped(queue, "{ prefetch_count: 7 }"), ("rabbitmq-quorum", given.clone()));
    assert_eq!(swapped(queue, "{ profile: rabbitmq-quorum, prefetch: 7 }"), ("rabbitmq-quorum", given));
}

#[test]
fn another_profile_loses_groups_and_patterns_and_dead_letters() {
    let text = r##"
channels:
  it:
    profile: rabbitmq-quorum
    exchange: topic
    message_ttl: 30s
    groups: { billing: [payment, fraud] }
    bindings: { billing: ["orders.#"] }
    subjects: { ordered: orders.new }
    dead_letter: parked
  parked: { profile: rabbitmq-quorum }
services: { shop: { workers: 2 }, payment: {}, fraud: {}, mail: {} }
handlers:
  shop: { order: [publish: { event: ordered, on: it }, reply] }
  payment: { ordered: [work] }
  fraud: { ordered: [work] }
  mail: { ordered: [work] }
variants:
  as it is: {}
  swapped: { channels: { it: { profile: rabbitmq-classic } } }
  without: { channels: { it: { groups: {}, bindings: {}, subjects: {}, dead_letter: later }, later: { profile: sqs } } }
"##;
    let reading = scenario::read(&filled_up(text));
    assert_eq!(reading.diagnostics, []);
    let scenario = reading.scenario.expect("nothing is wrong");
    let plan = |variant: usize| &scenario.variants[variant].plan;
    let kept = |variant: usize| {
        let channel = &plan(variant).channels[0];
        let subjects: Vec<&str> = plan(variant).types.iter().map(|it| it.subject.as_str()).collect();
        (channel.groups.clone(), channel.dead_letter_to, subjects)
    };
    assert_eq!(plan(1).channels[0].profile, "rabbitmq-classic");
    assert_eq!(kept(0), kept(1));
    let (groups, dead_letter, subjects) = kept(0);
    assert_eq!(groups[0].bindings, ["orders.#"]);
    assert_eq!(groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["billing", "mail"]);
    assert_eq!((dead_letter.map(|it| it.0), subjects), (Some(1), vec!["order", "orders.new"]));
    let (groups, dead_letter, subjects) = kept(2);
    assert_eq!((groups.len(), dead_letter.map(|it| it.0)), (3, Some(2)));
    assert_eq!(subjects, ["order", "ordered"]);
}
