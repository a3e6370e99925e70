//! W2 as an ordinary scenario file, through the whole engine.

use kernel::{Span, Time};
use topology::{Place, RecordKind, World};

use crate::workloads::Outcome;

/// What becomes of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// They are digested and dropped.
    Off,
    /// All of them are kept to the end.
    All,
}

/// W2 as a file.
pub const SCENARIO: &str = include_str!("../w2.yaml");
/// Messages per second in the scenario.
const RATE: f64 = 100.0;

/// A world in which about `messages` messages are published.
pub fn world(messages: u64, recording: Recording) -> World {
    let reading = scenario::read(SCENARIO);
    let scenario = match reading.scenario {
        Some(scenario) => scenario,
        None => panic!("the benchmark's own scenario is wrong: {:?}", reading.diagnostics),
    };
    let mut plan = (*scenario.variants[0].plan).clone();
    // The file is written for 200,000 messages; a shorter run ends its client earlier, and leaves time to drain.
    let last = Time::ZERO + Span::from_seconds(messages as f64 / RATE);
    plan.clients[0].until = last;
    plan.length = last + Span::from_millis(5000);
    let world = World::new(plan.into(), scenario.seed);
    if recording == Recording::All { world.record() } else { world }
}

/// Runs to the end in slices, as every player does.
pub fn run(messages: u64, recording: Recording) -> Outcome {
    let mut world = world(messages, recording);
    while slice(&mut world, 10_000) {}
    outcome(&world)
}

/// Lets up to `most` occurrences happen; whether there are more.
pub fn slice(world: &mut World, most: u32) -> bool {
    (0..most).all(|_| world.step(Time::MAX))
}

/// The occurrences that W2 counts: one for a publication, two for a delivery.
pub fn outcome(world: &World) -> Outcome {
    let deliveries = world.ledger().delivered - published(world);
    assert_eq!(world.ledger().lost() + world.ledger().in_flight + world.ledger().waiting, 0);
    let figure = if world.records().is_empty() { f64::NAN } else { mean_delay(world) };
    Outcome { occurrences: published(world) + 2 * deliveries, figure }
}

fn published(world: &World) -> u64 {
    // Each publication is one copy to the topic and eight to the subscribers.
    world.ledger().published / 9
}

/// Mean time from publication to the end of a subscriber's work, seconds.
fn mean_delay(world: &World) -> f64 {
    let mut started = Vec::new();
    let (mut sum, mut count) = (0.0, 0.0);
    for record in world.records() {
        if matches!(record.kind, RecordKind::CaseStarted { .. }) {
            started.push(record.time);
        }
        if record.kind == RecordKind::Delivered && matches!(record.place, Place::Service(_)) {
            sum += record.time.since(started[record.case as usize]).seconds();
            count += 1.0;
        }
    }
    sum / count
}
