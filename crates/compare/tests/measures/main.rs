//! Whether what is measured is what happened: small systems whose figures are known beforehand.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what they expect")]

mod behind;
mod crowds;
mod parts;
mod presets;
mod runs;

use std::sync::Arc;

use compare::{Settings, Study, Table, Tally, Turn, contenders};
use kernel::Span;

/// What all small systems have in common: nothing travels, and customers come ten times a second, the first after 100 ms
/// and the last after 10 s. What follows says the rest.
const TEN_A_SECOND: &str = "
signalbox: 1
title: Small
seed: 1
length: 40s
clients:
  shopper: { arrivals: constant 10/s, until: 10s, sends: order, to: shop }
links:
  default: { latency: 0s }
";

/// A service that is down for two seconds,
const PAYMENT_DOWN: &str = "
services:
  shop: { workers: 4 }
  payment: { work: 20ms }
checks:
  - { within: 20s, reach: [paid], why: Who was told yes pays. }
faults:
  - { at: 4070ms, crash: payment, for: 2s }
";
/// is called,
const BY_CALL: &str = "
handlers:
  shop: { order: [call: { to: payment, send: charge }, reply: yes] }
  payment: { charge: [work, set: paid] }
";
/// or hears of orders.
const BY_TOPIC: &str = "
channels:
  orders: { profile: redis-pubsub }
handlers:
  shop: { order: [publish: { event: ordered, on: orders }, reply: yes] }
  payment: { ordered: [work, set: paid] }
";

/// A study of all variants of a scenario, which begins with what they have in common.
fn study_of(common: &str, rest: &str, settings: Settings) -> Study {
    let (scenario, contenders) = contenders(&format!("{common}{rest}"), &[]).unwrap();
    Study::new(&scenario.title, contenders, settings).unwrap()
}

/// A study with one seed.
fn small(rest: &str) -> Study {
    study_of(TEN_A_SECOND, rest, Settings { seeds: 1, ..Settings::default() })
}

/// The same without those who come during the warm-up.
fn warmed_up(rest: &str, warm_up: Span) -> Study {
    study_of(TEN_A_SECOND, rest, Settings { seeds: 1, warm_up, ..Settings::default() })
}

/// The values of rows in the first run of the first contender.
fn values(study: &Study, rows: &[&str]) -> Vec<f64> {
    let found = study.play(Turn::Run { contender: 0, number: 0 }, &mut || true).unwrap();
    rows.iter().map(|row| found.values[study.row(row).unwrap()]).collect()
}

/// Holds a run to its values: (row, value).
fn check(study: &Study, expected: &[(&str, f64)]) {
    let rows: Vec<&str> = expected.iter().map(|&(row, _)| row).collect();
    let wrong: Vec<(&str, f64, f64)> = expected
        .iter()
        .zip(values(study, &rows))
        .filter(|&(&(_, expected), found)| !same(found, expected))
        .map(|(&(row, expected), found)| (row, expected, found))
        .collect();
    assert!(wrong.is_empty(), "(row, expected, found): {wrong:?}");
}

/// Whether both are none, or differ by rounding only.
fn same(one: f64, other: f64) -> bool {
    one.is_nan() && other.is_nan() || (one - other).abs() <= 1e-9 * other.abs().max(1.0)
}

/// The table when everything is played, experiments too.
fn table(study: Study) -> Table {
    let mut tally = Tally::new(Arc::new(study));
    while let Some(turn) = tally.next_turn() {
        let found = tally.study().play(turn, &mut || true).unwrap();
        tally.take(turn, found);
    }
    tally.table(0)
}

/// The value of a row for the first contender, and what is said of it. `None` where the table has no such row.
fn cell(table: &Table, row: &str) -> Option<(f64, String)> {
    let line = table.lines.iter().find(|line| line.row.id == row)?;
    Some((line.cells[0].value?, line.cells[0].detail.clone()))
}
