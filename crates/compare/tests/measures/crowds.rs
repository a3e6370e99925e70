//! Ten times the requests.

use compare::Settings;

use crate::{TEN_A_SECOND, cell, small, study_of, table};

/// The value of `scaling` for a scenario.
fn scaling(rest: &str) -> Option<(f64, String)> {
    cell(&table(small(rest)), "scaling")
}

#[test]
fn twice_the_workers_do_not_do_twice_as_much() {
    // 20 a second each, and 100 come.
    let workers = "
services:
  shop: { workers: 2, work: 50ms }
handlers:
  shop: { order: [work, reply: yes] }
";
    let (value, words) = scaling(workers).unwrap();
    assert!((value - 2.0).abs() < 0.03, "{value}");
    let expected = "40.0 requests a second are done with the workers as planned, 80.0 with twice as many";
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
    let (one, _) = scaling(&log(1)).unwrap();
    assert!((one - 1.0).abs() < 0.02, "{one}");
    let (many, _) = scaling(&log(16)).unwrap();
    assert!((many - 2.0).abs() < 0.1, "{many}");
}

#[test]
fn a_service_that_is_never_busy_gains_nothing_by_workers() {
    let idle = "
services:
  shop: { workers: 20, work: 50ms }
handlers:
  shop: { order: [work, reply: yes] }
";
    // There is nothing to be gained, which is another thing than to gain nothing.
    assert_eq!(scaling(idle), None);
}

#[test]
fn other_arrivals_than_at_a_rate_are_not_ten_times_as_many() {
    for arrivals in [
        "burst 20 every 2s",
        "ramp 5/s to 15/s over 10s",
        "users 10 thinking 100ms",
        "poisson 10/s",
        "at 1s 9s 9.5s",
    ] {
        let common = TEN_A_SECOND.replace("constant 10/s", arrivals);
        // So slow that no crowd can be served.
        let rest = "
services:
  shop: { workers: 1, work: 2s }
handlers:
  shop: { order: [work, reply: yes] }
";
        let table = table(study_of(&common, rest, Settings { seeds: 1, ..Settings::default() }));
        let (value, words) = cell(&table, "scaling").unwrap_or_else(|| panic!("{arrivals}: nobody comes"));
        assert!((value - 2.0).abs() < 0.7, "{arrivals}: {value}, {words}");
    }
}
