//! What each architecture does to the customer while payment is down from 20 s to 30 s.

use topology::{LossReason, Record, RecordKind, World};

use crate::parts::{Architecture, order_placed, records_of};

struct Seen {
    world: World,
    started: usize,
    answered: usize,
    refused: usize,
    paid: usize,
    /// Orders placed while payment was down.
    placed_during: usize,
}

fn run(architecture: Architecture, seed: u64) -> Seen {
    let (world, records) = records_of(order_placed(architecture).build().unwrap(), seed);
    let count = |wanted: fn(&Record) -> bool| records.iter().filter(|record| wanted(record)).count();
    Seen {
        started: count(|record| matches!(record.kind, RecordKind::CaseStarted { .. })),
        answered: count(|record| record.kind == RecordKind::CaseAnswered),
        refused: count(|record| record.kind == RecordKind::CaseRefused),
        paid: count(
            |record| matches!(record.kind, RecordKind::FactSet { fact, count: 1, .. } if fact.0 == 0),
        ),
        placed_during: count(|record| {
            matches!(record.kind, RecordKind::CaseStarted { .. })
                && (20.1..29.9).contains(&record.time.seconds())
        }),
        world,
    }
}

#[test]
fn the_call_chain_takes_orders_while_payment_is_down() {
    let seen = run(Architecture::Calls, 42);
    assert!(seen.refused >= seen.placed_during, "{} refused of {}", seen.refused, seen.placed_during);
    assert_eq!(seen.answered + seen.refused, seen.started);
    assert!(seen.world.ledger().lost_to(LossReason::ReceiverDown) >= seen.placed_during as u64);
}

#[test]
fn pubsub_charges_orders_published_while_payment_was_down() {
    let seen = run(Architecture::PubSub, 42);
    assert_eq!(seen.answered, seen.started);
    assert!(seen.started - seen.paid >= seen.placed_during, "{} paid of {}", seen.paid, seen.started);
    assert!(seen.world.ledger().lost_to(LossReason::SubscriberAway) >= seen.placed_during as u64);
}

#[test]
fn the_queue_forgets_to_charge_an_order() {
    let mut redelivered = 0;
    for seed in 42..62 {
        let seen = run(Architecture::Queues, seed);
        assert_eq!(seen.answered, seen.started, "seed {seed}");
        assert_eq!(seen.paid, seen.started, "seed {seed}");
        assert_eq!(seen.world.ledger().lost(), 0, "seed {seed}");
        redelivered += seen.world.ledger().redelivered;
    }
    assert!(redelivered > 0, "what payment had in hand comes again");
}
