//! Turns, rounds and precision: who plays what and when makes no difference.

use std::sync::{Arc, Mutex};

use compare::{Found, Precision, Settings, Study, Table, Tally, Turn};
use kernel::Span;

use crate::{SHOP, cell, played, study};

fn precise(share: f64, seeds: u64) -> Settings {
    let precision = Some(Precision { row: "response_mean".into(), share });
    Settings { seeds, precision, probes: false, ..Settings::default() }
}

/// Found in an instant: any number will do, as long as it is always the same.
fn invented(study: &Study, turn: Turn) -> Found {
    let value = |row: usize| match turn {
        Turn::Run { number, .. } if row == 1 && number % 3 == 0 => f64::NAN,
        Turn::Run { contender, number } => {
            let mixed = (number * 40_503 + u64::from(contender) * 977 + row as u64)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
            100.0 + f64::from(contender) + (mixed >> 40) as f64 / (1 << 24) as f64
        }
        Turn::Probe { .. } => 1.0,
    };
    Found { values: (0..study.rows.len()).map(value).collect(), halted: None }
}

#[test]
fn the_order_in_which_things_are_found_changes_the_table() {
    for (settings, shuffle) in [(precise(1e-9, 70), 7), (Settings { seeds: 20, ..Settings::default() }, 3)] {
        let study = study(SHOP, &["sync", "pubsub", "queue"], settings);
        let (mut one, mut other) = (Tally::new(study.clone()), Tally::new(study.clone()));
        let mut waiting = Vec::new();
        let mut at = 0;
        loop {
            let turn = other.next_turn();
            waiting.extend(turn);
            // Some wait long, some are found at once, and some are found twice.
            if turn.is_none() || waiting.len() > 10 {
                if waiting.is_empty() {
                    break;
                }
                at = (at * 31 + shuffle) % waiting.len();
                let turn = waiting.swap_remove(at);
                other.take(turn, invented(&study, turn));
                other.take(turn, invented(&study, turn));
            }
        }
        while let Some(turn) = one.next_turn() {
            one.take(turn, invented(&study, turn));
        }
        assert!(one.is_over() && other.is_over());
        assert_eq!(one.progress(), other.progress());
        assert_eq!(one.table(0), other.table(0));
        assert!(!one.table(0).partial);
        assert_eq!(one.table(0).seeds, study.settings.seeds);
    }
}

#[test]
fn a_round_begins_before_the_last_one_is_over() {
    let study = study(SHOP, &["sync", "queue"], precise(1e-9, 40));
    let mut tally = Tally::new(study.clone());
    let mut handed_out = Vec::new();
    for seeds in [16, 32, 40] {
        let mut round = Vec::new();
        while let Some(turn) = tally.next_turn() {
            round.push(turn);
        }
        handed_out.push(round.len());
        let (last, first) = round.split_last().unwrap();
        for &turn in first {
            tally.take(turn, invented(&study, turn));
        }
        assert_eq!(
            (tally.next_turn(), tally.is_over()),
            (None, false),
            "before the round of {seeds} is over"
        );
        tally.take(*last, invented(&study, *last));
    }
    assert_eq!(handed_out, [32, 32, 16]);
    assert_eq!((tally.next_turn(), tally.is_over(), tally.progress()), (None, true, (80, 80)));
    let notes = tally.table(0).notes;
    assert!(
        notes[0].starts_with("Response, mean: the interval of sync is ±") && notes.len() == 1,
        "{notes:?}"
    );
}

#[test]
fn there_are_more_seeds_than_the_precision_needs() {
    let share = 0.005;
    let tally = played(study(SHOP, &["sync", "queue"], precise(share, 1000)));
    let table = tally.table(0);
    println!("{} seeds are enough for {share}", table.seeds);
    assert!([32, 64, 128, 256].contains(&table.seeds), "{} seeds", table.seeds);
    assert_eq!(tally.progress(), (table.seeds * 2, table.seeds * 2));
    assert!(!table.partial && table.notes.is_empty(), "{:?}", table.notes);
    let is_narrow = |table: &Table| {
        [0, 1].iter().all(|&contender| {
            let cell = cell(table, "response_mean", contender);
            cell.high.unwrap() - cell.low.unwrap() <= 2.0 * share * cell.value.unwrap() * (1.0 + 1e-9)
        })
    };
    assert!(is_narrow(&table), "wider than was asked for");
    let before = Settings { seeds: table.seeds / 2, probes: false, ..Settings::default() };
    assert!(!is_narrow(&played(study(SHOP, &["sync", "queue"], before)).table(0)), "a round too many");
}

#[test]
fn the_last_seeds_are_others() {
    let made = |independent: bool, first: u64| {
        let (scenario, contenders) = compare::contenders(SHOP, &["sync".into(), "queue".into()]).unwrap();
        Study::new(
            &scenario.title,
            contenders,
            Settings { first, seeds: 3, independent, ..Settings::default() },
        )
    };
    let together = made(false, u64::MAX - 2).unwrap();
    assert_eq!([together.seed(0, 2), together.seed(1, 2)], [u64::MAX; 2]);
    let apart = made(true, u64::MAX - 5).unwrap();
    assert_eq!(
        [apart.seed(0, 2), apart.seed(1, 0), apart.seed(1, 2)],
        [u64::MAX - 3, u64::MAX - 2, u64::MAX]
    );
    assert!(made(true, u64::MAX - 4).unwrap_err().contains("there are not 6"));
}

#[test]
fn what_is_ended_early_looks_complete() {
    let study = study(SHOP, &["sync", "queue"], Settings { seeds: 20, probes: false, ..Settings::default() });
    let mut tally = Tally::new(study.clone());
    assert_eq!(tally.table(0).notes, ["There is no seed yet with which all contenders have been run."]);
    for _ in 0..11 {
        let turn = tally.next_turn().unwrap();
        tally.take(turn, invented(&study, turn));
    }
    let table = tally.table(0);
    assert_eq!((table.partial, table.seeds, tally.progress()), (true, 5, (11, 40)));
    assert_eq!(cell(&table, "response_mean", 0).runs.len(), 5);
}

#[test]
fn threads_change_the_table() {
    let study = study(SHOP, &["sync", "pubsub", "queue"], Settings { seeds: 12, ..Settings::default() });
    let one = played(study.clone()).table(0);
    let tally = Mutex::new(Tally::new(study.clone()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let turn = tally.lock().unwrap().next_turn();
                    let Some(turn) = turn else { break };
                    let found = study.play(turn, &mut || true).unwrap();
                    tally.lock().unwrap().take(turn, found);
                }
            });
        }
    });
    assert_eq!(tally.into_inner().unwrap().table(0), one);
}

#[test]
fn a_big_sweep_does_not_fit() {
    let wishes = vec!["queue"; 1000];
    let study = study(SHOP, &wishes, Settings { seeds: 200, probes: false, ..Settings::default() });
    let mut tally = Tally::new(study.clone());
    while let Some(turn) = tally.next_turn() {
        tally.take(turn, invented(&study, turn));
    }
    // Every contender is 1 ms slower than the one before, give or take what is invented.
    let table = tally.table(500);
    let values = [0, 999].map(|contender| cell(&table, "response_mean", contender));
    assert!(values[0].difference.unwrap().high < -499.0 && values[1].difference.unwrap().low > 498.0);
    assert_eq!(values.map(|cell| cell.best), [true, false]);
    assert_eq!(values.map(|cell| cell.runs.len()), [200, 200]);
}

#[test]
fn a_study_that_makes_no_sense_is_begun() {
    let refused = |settings: Settings| {
        let (scenario, contenders) = compare::contenders(SHOP, &["sync".into()]).unwrap();
        Study::new(&scenario.title, contenders, settings).map(Arc::new).unwrap_err()
    };
    let with = |row: &str, share| {
        let precision = Some(Precision { row: row.into(), share });
        refused(Settings { precision, ..Settings::default() })
    };
    assert_eq!(
        refused(Settings { seeds: 0, ..Settings::default() }),
        "without a seed nothing is run: say 1 or more"
    );
    assert_eq!(
        refused(Settings { seeds: u64::MAX, ..Settings::default() }),
        "18446744073709551615 runs are more than 2000000: compare fewer, or with at most 2000000 seeds"
    );
    assert_eq!(
        refused(Settings { first: u64::MAX - 1, seeds: 3, ..Settings::default() }),
        "from seed 18446744073709551614 on there are not 3: the last seed is 18446744073709551615"
    );
    assert_eq!(
        refused(Settings { warm_up: Span::from_seconds(40.0), ..Settings::default() }),
        "a warm-up of 40 s leaves nothing of sync, which runs for 40 s: make it shorter"
    );
    assert_eq!(with("response_maen", 0.02), "there is no row response_maen; did you mean response_mean?");
    assert_eq!(with("response_mean", 0.0), "a precision of 0% is not between 0% and 100%");
    assert_eq!(with("response_mean", 1.5), "a precision of 150% is not between 0% and 100%");
    assert!(with("response_mean", f64::NAN).starts_with("a precision of "));
    assert_eq!(
        with("channels", 0.5),
        "channels has no interval that seeds could make narrower: it does not come from runs"
    );
}
