//! One run, and a value of it for each row.
//!
//! ```text
//!  World --records of few kinds--> Customers: what became of each ---+
//!    |                       +---> Fold: which promises were broken --+--> Counted --> a value for each row
//!    +--ledger: messages, and what was out of order -----------------+
//! ```

mod calls;
mod counted;
mod customers;
mod outages;

use std::sync::Arc;

use analysis::Fold;
use kernel::Time;
use topology::{Kinds, Ledger, Plan, Record, World};

use crate::Found;
use crate::row::Row;
use counted::Counted;
pub(crate) use customers::{Customer, Customers};

/// So many occurrences at a time, so that records do not pile up.
const SLICE: u32 = 4096;

/// A run that has come to its end.
pub(crate) struct Played {
    pub(crate) world: World,
    pub(crate) customers: Customers,
    pub(crate) fold: Fold,
    /// The books when the warm-up was over.
    before: Ledger,
    /// Customers who come before this are not counted.
    pub(crate) from: Time,
}

/// Plays a run to its end, and measures what `rows` ask for. Customers who come before `from` are not counted.
pub(crate) fn play(
    plan: &Arc<Plan>,
    seed: u64,
    from: Time,
    rows: &[Row],
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Found> {
    let played = played(plan, seed, from, Kinds::NONE, go_on, &mut |_| {})?;
    let counted = Counted::of(&played);
    Some(Found {
        values: rows.iter().map(|row| counted.value(&row.id, &played)).collect(),
        halted: halted(&played.world),
    })
}

/// Plays a run to its end. `see` is shown its records, at least those of these kinds.
pub(crate) fn played(
    plan: &Arc<Plan>,
    seed: u64,
    from: Time,
    kinds: Kinds,
    go_on: &mut dyn FnMut() -> bool,
    see: &mut dyn FnMut(&[Record]),
) -> Option<Played> {
    let mut customers = Customers::new(plan);
    let mut fold = Fold::new(plan);
    let promises = !plan.checks.is_empty();
    let wants = if promises { fold.wants() } else { Kinds::NONE };
    let mut world = World::new(plan.clone(), seed).record_only(Customers::WANTS.and(wants).and(kinds));
    let mut take = |records: &[Record]| {
        for record in records {
            customers.take(record);
            if promises {
                fold.take(record);
            }
        }
        see(records);
    };
    let mut before = Ledger::default();
    if from > Time::ZERO {
        drive(&mut world, Time::from_nanos(from.nanos() - 1), go_on, &mut take)?;
        before = world.ledger().clone();
    }
    drive(&mut world, Time::MAX, go_on, &mut take)?;
    fold.pass(world.now());
    Some(Played { world, customers, fold, before, from })
}

/// Lets everything happen up to a time, and shows the records to `take` from time to time. `None` if `go_on` said no.
pub(crate) fn drive(
    world: &mut World,
    until: Time,
    go_on: &mut dyn FnMut() -> bool,
    take: &mut dyn FnMut(&[Record]),
) -> Option<()> {
    loop {
        let more = (0..SLICE).all(|_| world.step(until));
        take(world.records());
        world.clear_records();
        if !more {
            world.pass(until);
            return Some(());
        }
        if !go_on() {
            return None;
        }
    }
}

/// Why a run ended before its time: when, where, and by which limit.
fn halted(world: &World) -> Option<String> {
    let (halt, place) = (world.halted()?, world.halted_at()?);
    Some(format!("at {} at {}: {}", world.now(), world.plan().name_of(place), halt.words()))
}
