//! What the profiles say of themselves, against the recordings.

use std::collections::BTreeSet;
use std::path::Path;

use channel::{PROFILES, Profile, Source};

/// Which recordings can show the rules of a profile, by the first part of their names.
const RECORDED: [(&str, &str); 7] = [
    ("redis", "redis-pubsub redis-list redis-streams"),
    ("rabbitmq", "rabbitmq-classic rabbitmq-quorum"),
    ("kafka", "kafka"),
    ("nats", "nats jetstream"),
    ("mqtt", "mqtt"),
    ("celery", "celery"),
    ("postgres", "jobs-table postgres-notify"),
];

/// The names of all recordings.
fn recordings() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fidelity");
    let entries = std::fs::read_dir(folder).expect("the recordings are there");
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect()
}

fn named() -> impl Iterator<Item = (&'static Profile, &'static str)> {
    let of = |profile: &'static Profile| profile.stated.iter().flat_map(|statement| statement.vectors);
    PROFILES.iter().flat_map(move |profile| of(profile).map(move |vector| (profile, *vector)))
}

#[test]
fn a_recording_shows_a_rule_that_no_profile_states() {
    let named: BTreeSet<String> = named().map(|(_, vector)| vector.to_owned()).collect();
    let recordings = recordings();
    assert_eq!(recordings.len(), 85);
    let unnamed: Vec<&String> = recordings.difference(&named).collect();
    assert_eq!(unnamed, Vec::<&String>::new());
}

#[test]
fn a_profile_points_to_a_recording_that_is_not_there() {
    let recordings = recordings();
    for (profile, vector) in named() {
        assert!(recordings.contains(vector), "{}: {vector}", profile.name);
    }
}

#[test]
fn a_profile_points_to_a_recording_of_another_product() {
    for (profile, vector) in named() {
        let broker = vector.split('.').next().unwrap();
        let (_, profiles) = RECORDED.iter().find(|(name, _)| *name == broker).expect(vector);
        assert!(profiles.split(' ').any(|name| name == profile.name), "{}: {vector}", profile.name);
    }
}

#[test]
fn a_rule_is_called_recorded_that_was_not() {
    for profile in &PROFILES {
        let was_recorded =
            RECORDED.iter().any(|(_, names)| names.split(' ').any(|name| name == profile.name));
        let says_so = profile.stated.iter().any(|statement| statement.source == Source::Recorded);
        assert_eq!(was_recorded, says_so, "{}", profile.name);
        let says_where =
            profile.product.contains("from the document") || profile.product.contains("a pattern");
        assert_eq!(was_recorded, !says_where, "{}: {}", profile.name, profile.product);
        for statement in profile.stated {
            let recorded = statement.source == Source::Recorded;
            assert!(recorded || statement.vectors.is_empty(), "{}: {}", profile.name, statement.rule);
        }
    }
}

#[test]
fn a_profile_hides_what_it_leaves_out_or_says_it_twice() {
    for profile in &PROFILES {
        assert!(!profile.stated.is_empty() && !profile.left_out.is_empty(), "{}", profile.name);
        let rules = profile.stated.iter().map(|statement| statement.rule);
        let mut seen = BTreeSet::new();
        for text in rules.chain(profile.left_out.iter().copied()) {
            assert!(seen.insert(text), "{}: {text}", profile.name);
            assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", profile.name);
        }
        for statement in profile.stated {
            match statement.source {
                Source::Recorded => {}
                Source::Documented(text) | Source::Chosen(text) => {
                    assert!(!text.is_empty() && !text.contains("  "), "{}: {text}", profile.name);
                }
            }
        }
    }
}
