//! The parameters: names, defaults, ranges, and that each of them does something.

use channel::{PROFILES, Parameter, Profile, Rules, Takes, Value};

use crate::text::{read, samples};

/// Every parameter of every profile.
fn parameters() -> impl Iterator<Item = (&'static Profile, &'static Parameter)> {
    PROFILES.iter().flat_map(|profile| profile.parameters.iter().map(move |parameter| (profile, parameter)))
}

fn default_of(parameter: &Parameter) -> Value {
    read(parameter, parameter.default)
        .unwrap_or_else(|| panic!("{} does not take its own default {}", parameter.name, parameter.default))
}

#[test]
fn a_default_is_not_what_the_row_says() {
    for (profile, parameter) in parameters() {
        let rules = profile.with(&[(parameter, default_of(parameter))]);
        assert_eq!(rules, profile.rules, "{} with {} as by default", profile.name, parameter.name);
    }
    for profile in &PROFILES {
        let all: Vec<_> = profile.parameters.iter().map(|it| (it, default_of(it))).collect();
        assert_eq!(profile.with(&all), profile.rules, "{} with all defaults", profile.name);
    }
}

#[test]
fn a_parameter_changes_nothing() {
    for (profile, parameter) in parameters() {
        let mut changed = samples(parameter).into_iter().filter(|value| *value != default_of(parameter));
        let matters = changed.any(|value| anywhere(profile, parameter, value, default_of(parameter)));
        assert!(matters, "{}: {} makes no difference", profile.name, parameter.name);
    }
}

#[test]
fn two_words_mean_the_same() {
    for (profile, parameter) in parameters() {
        let Takes::Choice(words) = parameter.takes else { continue };
        for one in 0..words.len() {
            for other in one + 1..words.len() {
                let differ = anywhere(profile, parameter, Value::Choice(one), Value::Choice(other));
                assert!(differ, "{}: {} {} or {}", profile.name, parameter.name, words[one], words[other]);
            }
        }
    }
}

/// Whether two values of a parameter differ, by themselves or beside some value of another.
fn anywhere(profile: &Profile, parameter: &'static Parameter, one: Value, other: Value) -> bool {
    let differ = |beside: &[(&'static Parameter, Value)]| {
        let with = |value| -> Rules { profile.with(&[beside, &[(parameter, value)]].concat()) };
        with(one) != with(other)
    };
    let others = profile.parameters.iter().filter(|it| it.name != parameter.name);
    let mut besides = others.flat_map(|it| samples(it).into_iter().map(move |value| (it, value)));
    differ(&[]) || besides.any(|beside| differ(&[beside]))
}

#[test]
fn the_order_in_which_parameters_are_written_matters() {
    for profile in &PROFILES {
        for first in profile.parameters {
            for second in profile.parameters.iter().filter(|it| it.name != first.name) {
                for pair in samples(first)
                    .into_iter()
                    .flat_map(|one| samples(second).into_iter().map(move |two| (one, two)))
                {
                    let (one, two) = ((first, pair.0), (second, pair.1));
                    assert_eq!(
                        profile.with(&[one, two]),
                        profile.with(&[two, one]),
                        "{}: {} and {}",
                        profile.name,
                        first.name,
                        second.name
                    );
                }
            }
        }
    }
}

#[test]
fn a_value_that_is_written_twice_is_not_the_last() {
    for (profile, parameter) in parameters() {
        for value in samples(parameter) {
            let twice = profile.with(&[(parameter, default_of(parameter)), (parameter, value)]);
            assert_eq!(twice, profile.with(&[(parameter, value)]), "{}: {}", profile.name, parameter.name);
        }
    }
}

#[test]
fn a_range_is_empty_or_has_a_word_twice() {
    for (profile, parameter) in parameters() {
        let name = format!("{}: {}", profile.name, parameter.name);
        match parameter.takes {
            Takes::Count { least, most, .. } => assert!(least < most, "{name}"),
            Takes::Span { least, most, .. } => assert!(least < most, "{name}"),
            Takes::Flag => {}
            Takes::Choice(words) => {
                assert!(words.len() > 1, "{name}");
                for (index, word) in words.iter().enumerate() {
                    assert!(!words[..index].contains(word), "{name}: {word}");
                    assert!(is_word(word, "-_"), "{name}: {word}");
                }
            }
        }
    }
}

#[test]
fn a_parameter_is_found_under_two_names_or_none() {
    for profile in &PROFILES {
        for (index, parameter) in profile.parameters.iter().enumerate() {
            for name in [parameter.name, parameter.real] {
                let found = profile.parameter(name).map(|found| found.name);
                assert_eq!(found, Some(parameter.name), "{}: {name}", profile.name);
            }
            for other in &profile.parameters[..index] {
                assert_ne!(other.name, parameter.name, "{}", profile.name);
                assert_ne!(other.real, parameter.real, "{}", profile.name);
            }
        }
        assert!(profile.parameter("flux_capacitor").is_none(), "{}", profile.name);
    }
}

#[test]
fn a_key_cannot_be_written_or_names_a_unit() {
    for (profile, parameter) in parameters() {
        let name = format!("{}: {}", profile.name, parameter.name);
        assert!(is_word(parameter.name, "_"), "{name}");
        let units = ["_ms", "_s", "_seconds", "_millis", "_bytes"];
        assert!(!units.iter().any(|unit| parameter.name.ends_with(unit)), "{name}");
        assert!(parameter.about.ends_with('.'), "{name}");
        assert!(!parameter.about.contains("  "), "{name}");
    }
    for profile in &PROFILES {
        assert!(profile.about.ends_with('.') && !profile.about.contains("  "), "{}", profile.name);
        assert!(!profile.product.contains("  "), "{}", profile.name);
    }
}

#[test]
fn brokers_of_3_10_have_what_came_later_or_never() {
    let has =
        |profile: &str, parameter: &str| channel::profile(profile).unwrap().parameter(parameter).is_some();
    assert!(has("rabbitmq-quorum", "delivery_limit") && !has("rabbitmq-classic", "delivery_limit"));
    assert!(has("rabbitmq-classic", "x-max-priority") && !has("rabbitmq-quorum", "x-max-priority"));
    assert!(has("rabbitmq-classic", "durable") && !has("rabbitmq-quorum", "durable"));
    let limit = channel::profile("rabbitmq-quorum").unwrap().parameter("delivery_limit").unwrap();
    assert_eq!([read(limit, "0"), read(limit, "1")], [None, Some(Value::Count(1))]);
    let poll = channel::profile("jobs-table").unwrap().parameter("poll_interval").unwrap();
    assert_eq!(read(poll, "0ms"), None);
}

#[test]
fn a_number_of_deliveries_is_off_by_one() {
    let limit = |profile: &str, parameter: &str, count: u32| {
        let profile = channel::profile(profile).unwrap();
        let parameter = profile.parameter(parameter).unwrap();
        profile.with(&[(parameter, Value::Count(count))]).delivery.delivery_limit
    };
    // These say how often a message comes back ..
    assert_eq!(limit("rabbitmq-quorum", "delivery_limit", 3), Some(3));
    assert_eq!(limit("celery", "max_retries", 3), Some(3));
    assert_eq!(limit("sns", "num_retries", 3), Some(3));
    // .. and these how often it is delivered in all.
    assert_eq!(limit("jetstream", "max_deliver", 3), Some(2));
    assert_eq!(limit("sqs", "max_receive_count", 3), Some(2));
    assert_eq!(limit("jobs-table", "max_attempts", 3), Some(2));
    assert_eq!(limit("webhook", "max_attempts", 3), Some(2));
}

fn is_word(text: &str, also: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || also.contains(letter);
    !text.is_empty() && text.chars().all(fits)
}
