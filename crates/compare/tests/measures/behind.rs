//! The cases behind a cell.

use compare::{Behind, Study, behind};

use crate::{BY_CALL, BY_TOPIC, PAYMENT_DOWN, small};

fn list(study: &Study, row: &str, most: usize) -> Vec<Behind> {
    behind(study, 0, row, 0, most, &mut || true).unwrap()
}

/// Holds the first of a list to its case, its time in milliseconds and its words, and the list to its length.
fn check(study: &Study, row: &str, count: usize, first: (u32, f64, &str)) {
    let list = list(study, row, 1000);
    assert_eq!(list.len(), count, "{row}: {list:#?}");
    let Behind { case, at, words } = &list[0];
    assert_eq!((case.unwrap(), at.millis(), words.as_str()), first, "{row}");
}

#[test]
fn behind_a_cell_is_something_else_than_what_makes_it() {
    let calls = small(&format!("{PAYMENT_DOWN}{BY_CALL}"));
    check(
        &calls,
        "turned_away",
        20,
        (
            40,
            4100.0,
            "customer 40 of shopper is refused after 0 ms; 30 ms before the request: payment crashes",
        ),
    );
    check(
        &calls,
        "taken_while_down",
        20,
        (
            40,
            4100.0,
            "customer 40 of shopper is refused after 0 ms; 30 ms before the request: payment crashes",
        ),
    );
    // Who calls is told.
    assert_eq!(list(&calls, "lost", 10), []);
    check(&calls, "response_p99", 80, (0, 100.0, "customer 0 of shopper waits 20 ms for the answer"));
    assert_eq!(list(&calls, "unfinished", 10), []);

    let topic = small(&format!("{PAYMENT_DOWN}{BY_TOPIC}"));
    check(&topic, "lost", 20, (40, 4100.0, "ordered is lost at payment: subscriber away"));
    check(
        &topic,
        "missing:paid",
        20,
        (40, 4100.0, "customer 40 of shopper is told yes, and is not paid when the run ends"),
    );
    check(
        &topic,
        "promises_broken",
        20,
        (40, 24_100.0, "within 20s: paid is broken for customer 40 of shopper"),
    );
    check(
        &topic,
        "staleness_p50",
        100,
        (
            40,
            4100.0,
            "not everything that customer 40 of shopper was promised is true when the run ends, 35.9 s after the answer",
        ),
    );
    let last = list(&topic, "completion_p99", 100).pop().unwrap();
    assert_eq!(last.words, "everything is done for customer 99 of shopper after 20 ms");
    check(
        &topic,
        "unfinished",
        20,
        (
            40,
            4100.0,
            "customer 40 of shopper is told yes after 0 ms, and 1 message is missing; 30 ms before the request: \
             payment crashes",
        ),
    );
    check(&topic, "messages_per_case", 100, (0, 100.0, "4 messages are sent for customer 0 of shopper"));
}

#[test]
fn a_request_that_is_done_three_times_counts_twice() {
    let again = "
services:
  shop: {}
handlers:
  shop: { order: [set: paid, set: paid, set: paid, set: noted, set: noted, reply: yes] }
checks:
  - { within: 20s, reach: [paid], why: Who was told yes pays. }
";
    let study = small(again);
    let list = list(&study, "done_twice", 1000);
    let mut cases: Vec<Option<u32>> = list.iter().map(|it| it.case).collect();
    cases.dedup();
    assert_eq!((list.len(), cases.len()), (100, 100));
}

#[test]
fn more_cases_are_listed_than_were_asked_for() {
    let topic = small(&format!("{PAYMENT_DOWN}{BY_TOPIC}"));
    assert_eq!(list(&topic, "lost", 3).len(), 3);
    let later = list(&topic, "response_mean", 100);
    assert!(later.iter().all(|it| it.case.is_some()));
}

#[test]
fn a_row_without_a_run_has_cases_behind_it() {
    let topic = small(&format!("{PAYMENT_DOWN}{BY_TOPIC}"));
    for row in ["must_be_up", "names", "scaling", "nonsense"] {
        assert_eq!(list(&topic, row, 10), [], "{row}");
    }
    assert_eq!(behind(&topic, 7, "lost", 0, 10, &mut || true), Some(Vec::new()));
}
