//! Whether the figures of a comparison can be trusted: against queueing theory, and by comparing what is equal.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what they expect")]

mod chance;
mod degenerate;
mod rounds;
mod theory;
mod words;

use std::sync::Arc;

use compare::{Cell, Settings, Study, Table, Tally, contenders};

/// A study of a scenario.
fn study(text: &str, wishes: &[&str], settings: Settings) -> Arc<Study> {
    let wishes: Vec<String> = wishes.iter().map(|&wish| wish.to_owned()).collect();
    let (scenario, contenders) = contenders(text, &wishes).unwrap();
    Arc::new(Study::new(&scenario.title, contenders, settings).unwrap())
}

/// Plays a study to its end, one turn after the other.
fn played(study: Arc<Study>) -> Tally {
    let mut tally = Tally::new(study);
    while let Some(turn) = tally.next_turn() {
        let found = tally.study().play(turn, &mut || true).unwrap();
        tally.take(turn, found);
    }
    assert!(tally.is_over(), "nothing is left to do, and it is not over");
    tally
}

/// The cell of a row.
fn cell<'a>(table: &'a Table, row: &str, contender: usize) -> &'a Cell {
    let line = table.lines.iter().find(|line| line.row.id == row);
    &line.unwrap_or_else(|| panic!("there is no line {row}")).cells[contender]
}

/// The shop of the presets, short.
const SHOP: &str = "
signalbox: 1
title: A shop
length: 40s
clients:
  shopper: { arrivals: poisson 5/s, until: 25s, sends: place_order, to: orders, patience: 2s }
services:
  orders:    { workers: 8 }
  payment:   { workers: 4, work: lognormal median 80ms p99 300ms }
  inventory: { workers: 4, work: exponential 30ms }
links:
  default: { latency: lognormal median 25ms p99 60ms }
checks:
  - { never: paid > 1, why: Nobody is charged twice. }
  - { within: 20s, reach: [paid], why: Who was told yes pays. }
  - { within: 20s, reach: [reserved], why: Who was told yes gets it. }
faults:
  - { at: 10s, crash: payment, for: 10s }
variants:
  sync:
    handlers:
      orders:
        place_order:
          - call: { to: payment, send: charge, timeout: 500ms }
          - call: { to: inventory, send: reserve, timeout: 500ms }
          - reply: accepted
      payment:   { charge: [work, set: paid] }
      inventory: { reserve: [work, set: reserved] }
  pubsub:
    channels:
      events: { profile: redis-pubsub }
    handlers:
      orders:
        place_order:
          - publish: { event: order_created, on: events }
          - reply: accepted
      payment:   { order_created: [work, set: paid] }
      inventory: { order_created: [work, set: reserved] }
  queue:
    channels:
      charges:      { profile: rabbitmq-quorum, prefetch: 4, delivery_limit: 5 }
      reservations: { profile: rabbitmq-quorum, prefetch: 4, delivery_limit: 5 }
    handlers:
      orders:
        place_order:
          - send: { command: charge, to: charges }
          - send: { command: reserve, to: reservations }
          - reply: accepted
      payment:   { charge: [work, set: paid] }
      inventory: { reserve: [work, set: reserved] }
";
