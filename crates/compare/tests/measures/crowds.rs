//! As many requests as can be served, and twice as many.

use compare::Settings;

use crate::{TEN_A_SECOND, cell, small, study_of, table};

/// The value of `scaling` for a scenario.
fn scaling(rest: &str) -> Option<(f64, String)> {
    cell(&table(small(rest)), "scaling")
}

#[test]
fn twice_the_workers_do_not_do_twice_as_much() {
    // 20 a second each.
    let workers = "
services:
  shop: { workers: 2, work: 50ms }
handlers:
  shop: { order: [work, reply: yes] }
";
    let (value, words) = scaling(workers).unwrap();
    assert!((value - 2.0).abs() < 0.03, "{value}");
    let expected = "of 36.0 requests a second 36.0 are done with the workers as planned, of 72.0 72.0 with twice as many";
    assert_eq!(words, expected);
}

#[test]
fn consumers_of_a_queue_are_held_up_by_the_prefetch_of_one() {
    let queue = "
services:
  shop: { workers: 10 }
  packing: { workers: 2, work: 50ms }
channels:
  jobs: { profile: rabbitmq-quorum, prefetch: 2 }
handlers:
  shop: { order: [send: { command: pack, to: jobs }, reply: yes] }
  packing: { pack: [work, set: packed] }
";
    let (value, _) = scaling(queue).unwrap();
    assert!((value - 2.0).abs() < 0.03, "{value}");
}

#[test]
fn a_partition_has_two_readers() {
    let log = |partitions: u32| {
        format!(
            "
services:
  shop: {{ workers: 10 }}
  packing: {{ workers: 1, work: 50ms }}
channels:
  jobs: {{ profile: kafka, partitions: {partitions} }}
handlers:
  shop: {{ order: [publish: {{ event: ordered, on: jobs }}, reply: yes] }}
  packing: {{ ordered: [work, set: packed] }}
"
        )
    };
    // One is busy for 90 % of the time, and two get no more out of the partition than the whole.
    let (one, _) = scaling(&log(1)).unwrap();
    assert!((one - 1.0 / 0.9).abs() < 0.02, "{one}");
    let (many, _) = scaling(&log(16)).unwrap();
    assert!((many - 2.0).abs() < 0.1, "{many}");
}

#[test]
fn a_service_without_work_scales() {
    let idle = "
services:
  shop: { workers: 20 }
handlers:
  shop: { order: [reply: yes] }
";
    assert_eq!(scaling(idle), None);
}

#[test]
fn clerks_with_work_of_chance_do_not_scale() {
    // M/M/c, except that customers come evenly.
    for workers in [1, 2, 20] {
        let clerks = format!(
            "
services:
  shop: {{ workers: {workers}, work: exponential 50ms }}
handlers:
  shop: {{ order: [work, reply: yes] }}
"
        );
        let (value, words) = scaling(&clerks).unwrap();
        assert!((value - 2.0).abs() < 0.08, "{workers}: {value}, {words}");
    }
}

#[test]
fn other_arrivals_than_at_a_rate_do_not_come_in_a_crowd() {
    for arrivals in [
        "burst 20 every 2s",
        "ramp 5/s to 15/s over 10s",
        "users 10 thinking 100ms",
        "poisson 10/s",
        "at 1s 9s 9.5s",
    ] {
        let common = TEN_A_SECOND.replace("constant 10/s", arrivals);
        let rest = "
services:
  shop: { workers: 1, work: 50ms }
handlers:
  shop: { order: [work, reply: yes] }
";
        let table = table(study_of(&common, rest, Settings { seeds: 1, ..Settings::default() }));
        let (value, words) = cell(&table, "scaling").unwrap_or_else(|| panic!("{arrivals}: nobody comes"));
        assert!((value - 2.0).abs() < 0.01, "{arrivals}: {value}, {words}");
    }
}
