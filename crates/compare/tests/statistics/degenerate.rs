//! Figures that are missing, all equal, or of runs that were stopped.

use compare::{Found, Settings, Table, Tally, Turn, verdict};

use crate::{SHOP, cell, study};

/// The table of invented runs: what `response_mean` is by contender and run, and why a run was stopped.
fn table(seeds: u64, independent: bool, run: &dyn Fn(u16, u64) -> (f64, Option<&'static str>)) -> Table {
    let settings = Settings { seeds, independent, probes: false, ..Settings::default() };
    let study = study(SHOP, &["sync", "pubsub", "queue"], settings);
    let mut tally = Tally::new(study.clone());
    while let Some(turn) = tally.next_turn() {
        let Turn::Run { contender, number } = turn else { panic!("a probe that nobody asked for") };
        let (value, halted) = run(contender, number);
        let value = |row: &compare::Row| if row.id == "response_mean" { value } else { f64::NAN };
        let values = study.rows.iter().map(value).collect();
        tally.take(turn, Found { values, halted: halted.map(Into::into) });
    }
    tally.table(0)
}

fn is_beyond(table: &Table, contender: usize) -> bool {
    cell(table, "response_mean", contender).difference.unwrap().beyond_chance
}

#[test]
fn a_few_equal_differences_are_beyond_chance_or_many_are_not() {
    let run =
        |contender: u16, number: u64| (100.1 + number as f64 * 0.3 + f64::from(contender / 2) * 0.7, None);
    for (seeds, expected) in [(2, false), (4, false), (5, true), (20, true)] {
        let table = table(seeds, false, &run);
        assert_eq!([is_beyond(&table, 1), is_beyond(&table, 2)], [false, expected], "{seeds} seeds");
        let difference = cell(&table, "response_mean", 2).difference.unwrap();
        assert!((difference.value - 0.7).abs() < 1e-9 && difference.high - difference.low < 1e-9);
        let best = [0, 1, 2].map(|contender| cell(&table, "response_mean", contender).best);
        assert_eq!(best, [expected, expected, false]);
    }
    // Contenders whose values do not differ at all from run to run.
    let constant = |contender: u16, _| (100.1 + f64::from(contender / 2), None);
    for (seeds, expected) in [(4, false), (5, true)] {
        for independent in [false, true] {
            let table = table(seeds, independent, &constant);
            assert_eq!([is_beyond(&table, 1), is_beyond(&table, 2)], [false, expected], "{seeds} seeds");
            let cell = cell(&table, "response_mean", 0);
            assert_eq!((cell.value, cell.low, cell.high), (Some(100.1), Some(100.1), Some(100.1)));
        }
    }
}

#[test]
fn a_run_without_a_value_counts_as_one_with() {
    // The second contender has a value in every other run, the third in none.
    let run = |contender: u16, number: u64| match contender {
        0 => (number as f64, None),
        1 if number % 2 == 1 => (number as f64 + 10.0 + (number % 4) as f64, None),
        _ => (f64::NAN, None),
    };
    let table = table(8, false, &run);
    let [one, two, three] = [0, 1, 2].map(|contender| cell(&table, "response_mean", contender));
    assert_eq!((one.value, one.runs.len(), one.typical), (Some(3.5), 8, Some(3)));
    // 1 + 11, 3 + 13, 5 + 11, 7 + 13.
    assert_eq!((two.value, &two.runs[..], two.typical), (Some(16.0), &[12.0, 16.0, 16.0, 20.0][..], Some(3)));
    assert_eq!(two.difference.unwrap().value, 12.0);
    assert_eq!((three.value, three.low, three.difference, three.best), (None, None, None, false));
    // A line that no contender has a value in is left out.
    assert!(table.lines.iter().all(|line| line.cells.iter().any(|cell| cell.value.is_some())));
    assert!(table.lines.iter().all(|line| line.row.id != "response_p99"));
}

#[test]
fn a_contender_that_was_stopped_wins() {
    let run = |contender: u16, number: u64| {
        let stopped = contender == 1 && number != 2;
        (100.0 - f64::from(contender) * 10.0 + number as f64, stopped.then_some("at 3 s at orders: too much"))
    };
    let table = table(10, false, &run);
    assert_eq!(table.headers.iter().map(|header| header.halted).collect::<Vec<_>>(), [0, 9, 0]);
    let note = "pubsub was stopped in 9 of 10 runs: at 3 s at orders: too much. Its figures are of what came before.";
    assert_eq!(table.notes, [note]);
    let best = [0, 1, 2].map(|contender| cell(&table, "response_mean", contender).best);
    assert_eq!(best, [false, false, true]);
    let study = study(SHOP, &["sync", "pubsub", "queue"], Settings::default());
    for claim in verdict(&study, &table) {
        assert!(claim.contender != 1 && !claim.text.contains("pubsub"), "{}", claim.text);
    }
    // Only the stopped one is faster: then nobody is best, or the best of the others.
    let only = |contender: u16, number: u64| {
        let (value, halted) = run(contender.min(1), number);
        (value, halted.filter(|_| contender == 1))
    };
    assert!(!cell(&self::table(10, false, &only), "response_mean", 1).best);
}

#[test]
fn seeds_of_their_own_are_compared_in_pairs() {
    // In pairs the second is always the slower one; on its own the difference drowns in what differs between runs.
    let run = |contender: u16, number: u64| {
        (
            100.0
                + number as f64 * 10.0
                + f64::from(contender)
                + (number % 3) as f64 * 0.1 * f64::from(contender),
            None,
        )
    };
    let (paired, independent) = (table(12, false, &run), table(12, true, &run));
    assert_eq!([is_beyond(&paired, 1), is_beyond(&independent, 1)], [true, false]);
    let [paired, independent] =
        [paired, independent].map(|table| cell(&table, "response_mean", 1).difference.unwrap());
    assert!((paired.value - independent.value).abs() < 1e-9);
    assert!(independent.high - independent.low > 100.0 * (paired.high - paired.low));
}

#[test]
fn an_interval_reaches_where_no_value_can_be() {
    let settings = Settings { seeds: 10, probes: false, ..Settings::default() };
    let study = study(SHOP, &["sync", "queue"], settings);
    let mut tally = Tally::new(study.clone());
    while let Some(turn) = tally.next_turn() {
        let Turn::Run { contender, number } = turn else { panic!("a probe that nobody asked for") };
        // One run of ten is unlike the others.
        let odd = if number == 3 && contender == 1 { 1.0 } else { 0.0 };
        let value = |row: &compare::Row| match row.id.as_str() {
            "turned_away" => 1.0 - odd,
            "unfinished" | "lost" => odd,
            _ => f64::NAN,
        };
        tally.take(turn, Found { values: study.rows.iter().map(value).collect(), halted: None });
    }
    let table = tally.table(0);
    let ends = |row: &str| (cell(&table, row, 1).low.unwrap(), cell(&table, row, 1).high.unwrap());
    for row in ["unfinished", "lost"] {
        let (low, high) = ends(row);
        assert!(low == 0.0 && (0.32..0.33).contains(&high), "{row}: {low} to {high}");
        // A difference may be on either side.
        let difference = cell(&table, row, 1).difference.unwrap();
        assert!(difference.low < -0.12 && difference.value > 0.0, "{row}: {difference:?}");
    }
    let (low, high) = ends("turned_away");
    assert!(high == 1.0 && (0.67..0.68).contains(&low), "{low} to {high}");
}

#[test]
fn who_never_goes_wrong_is_said_to_do_less() {
    // `mourned` is no work that is asked for; `reserved` is what a promise waits for.
    let text = SHOP.replace("payment:   { charge: [work, set: paid] }\n      inventory: { reserve: [work, set: reserved] }\n  pubsub", "payment:   { charge: [work, set: mourned] }\n      inventory: { reserve: [work, set: reserved] }\n  pubsub");
    assert_ne!(text, SHOP);
    let settings = Settings { seeds: 1, probes: false, ..Settings::default() };
    let notes = crate::played(study(&text, &["sync", "queue"], settings)).table(0).notes;
    assert!(
        notes.contains(&"sync never sets paid: it does not do the same work as the others.".into()),
        "{notes:?}"
    );
    assert!(notes.iter().all(|note| !note.contains("mourned")), "{notes:?}");
}

#[test]
fn a_row_is_named_after_a_check_that_a_contender_does_not_have() {
    let wish = "queue with checks.2.within=1ms";
    let settings = Settings { seeds: 2, probes: false, ..Settings::default() };
    let table = crate::played(study(SHOP, &["queue", wish], settings)).table(0);
    let note = "queue with checks.2.within=1ms has other checks than queue, after which rows are named: its broken \
                promises are of its own checks.";
    assert_eq!(table.notes, [note]);
    let [usual, strict] = [0, 1].map(|contender| cell(&table, "broken:2", contender).value.unwrap());
    assert!(usual < strict, "{usual} broken promises, and {strict} of a promise that nobody can keep");
    let missing = [0, 1].map(|contender| cell(&table, "missing:paid", contender).value);
    assert_eq!(missing[0], missing[1]);
}
