//! One run, and a value of it for each row.

use std::sync::Arc;

use analysis::{Fold, Summary};
use kernel::Time;
use topology::{Plan, World};

use crate::Found;
use crate::row::Row;

/// So many occurrences at a time, so that records do not pile up.
const SLICE: u32 = 4096;

/// Plays a run to its end, and measures what `rows` ask for. Customers who come before `from` are not counted.
pub(crate) fn play(
    plan: &Arc<Plan>,
    seed: u64,
    _from: Time,
    rows: &[Row],
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Found> {
    let mut fold = Fold::new(plan);
    let mut world = World::new(plan.clone(), seed).record_only(fold.wants());
    loop {
        let more = (0..SLICE).all(|_| world.step(Time::MAX));
        world.records().iter().for_each(|record| fold.take(record));
        world.clear_records();
        if !more {
            break;
        }
        if !go_on() {
            return None;
        }
    }
    world.pass(Time::MAX);
    fold.pass(world.now());
    let summary = Summary::of(&world, &mut fold);
    let value = |row: &Row| match row.id.as_str() {
        "response_mean" => fold.response().mean().map_or(f64::NAN, |nanos| nanos / 1e6),
        "response_p99" => summary.response.p99.map_or(f64::NAN, |span| span.seconds() * 1e3),
        _ => f64::NAN,
    };
    Some(Found {
        values: rows.iter().map(value).collect(),
        halted: world.halted().map(|halt| halt.words().into()),
    })
}
