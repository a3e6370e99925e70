//! What is chance, and what is not.

use compare::{Settings, Table};

use crate::{SHOP, cell, played, study};

/// In how many of 100 tries a variant differs from itself.
fn false_alarms(independent: bool) -> usize {
    let differs = |of: u64| {
        let settings =
            Settings { first: of * 1000, seeds: 20, independent, probes: false, ..Settings::default() };
        let table = played(study(SHOP, &["queue", "queue"], settings)).table(0);
        table.lines.iter().any(|line| line.differs || line.cells.iter().any(|cell| cell.best))
    };
    (0..100).filter(|&of| differs(of)).count()
}

#[test]
fn a_variant_differs_from_itself() {
    let (paired, independent) = (false_alarms(false), false_alarms(true));
    println!(
        "of 100 comparisons of a variant with itself, {paired} report a difference, {independent} with seeds of their own"
    );
    assert_eq!(paired, 0);
    assert!(independent <= 5, "{independent} of 100 report a difference");
}

fn differing(table: &Table) -> Vec<&str> {
    table.lines.iter().filter(|line| line.differs).map(|line| line.row.id.as_str()).collect()
}

#[test]
fn what_a_crash_does_is_taken_for_chance() {
    let settings = Settings { seeds: 10, probes: false, ..Settings::default() };
    let table = played(study(SHOP, &["sync", "pubsub", "queue"], settings)).table(0);
    let differing = differing(&table);
    for row in ["response_mean", "turned_away", "missing:paid", "completion_p99"] {
        assert!(differing.contains(&row), "{row} does not differ: {differing:?}");
    }
    assert!(!differing.contains(&"done_twice") && !differing.contains(&"missing:reserved"), "{differing:?}");
    let best = [0, 1, 2].map(|contender| cell(&table, "turned_away", contender).best);
    assert_eq!(best, [false, true, true]);
    // Differences are to whatever contender one asks about.
    let tally =
        played(study(SHOP, &["sync", "queue"], Settings { seeds: 5, probes: false, ..Settings::default() }));
    let (one, other) = (tally.table(0), tally.table(1));
    let (one, other) = (cell(&one, "response_mean", 1), cell(&other, "response_mean", 0));
    assert_eq!(one.difference.unwrap().value, -other.difference.unwrap().value);
    assert_eq!(cell(&tally.table(1), "response_mean", 1).difference, None);
}

#[test]
fn one_seed_tells_a_difference() {
    let settings = Settings { seeds: 1, probes: false, ..Settings::default() };
    let table = played(study(SHOP, &["sync", "queue"], settings)).table(0);
    let cell = cell(&table, "response_mean", 1);
    assert_eq!((cell.low, cell.difference, cell.best, cell.typical), (None, None, false, Some(0)));
    assert!(cell.value.is_some());
    assert_eq!(table.notes, ["Only one seed: what is chance cannot be told, so there are no intervals."]);
}

#[test]
fn what_a_contender_never_does_is_kept_quiet() {
    let text = SHOP.replace(
        "      inventory: { reserve: [work, set: reserved] }\n",
        "      inventory: { reserve: [work] }\n",
    );
    let settings = Settings { seeds: 2, probes: false, ..Settings::default() };
    let table = played(study(&text, &["sync", "pubsub", "queue"], settings)).table(0);
    let note = "sync and queue never set reserved: they do not do the same work as the others.";
    assert_eq!(table.notes, [note]);
}
