//! What a long run weighs whose records are folded and dropped: it should not matter how long it is.

use std::fs;
use std::path::Path;

use analysis::Fold;
use e2e::{Failure, Outcome};
use kernel::{Span, Time};
use topology::{Plan, World};

use crate::weight;

/// What is run: a file and one of its variants, with promises.
const RUNS: [(&str, &str); 2] = [("order-placed.yaml", "sync"), ("order-placed.yaml", "queue")];
/// How many occurrences are waited for.
const OCCURRENCES: [u64; 2] = [1_000_000, 10_000_000];
/// So many at a time, before the records are folded.
const SLICE: u32 = 4096;

/// Prints the greatest weight of each run, world and fold together.
pub fn weigh() -> Outcome {
    println!(
        "\nThe greatest weight of a run, in kB, after 1,000,000 and 10,000,000 occurrences (goal: the same)."
    );
    for (file, variant) in RUNS {
        let plan = endless(file, variant)?;
        let weights =
            OCCURRENCES.map(|occurrences| greatest_weight(plan.clone(), occurrences) as f64 / 1000.0);
        let (name, ratio) = (format!("{file} {variant}"), weights[1] / weights[0]);
        println!("{name:30} {:6.0} {:6.0}   {ratio:.2}", weights[0], weights[1]);
    }
    Ok(())
}

/// The plan with customers who never stop to come.
fn endless(file: &str, variant: &str) -> Outcome<Plan> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/scenarios").join(file);
    let text = fs::read_to_string(&path).map_err(|error| Failure::new(error.to_string()))?;
    let scenario = scenario::read(&text).scenario;
    let mut plan = match scenario.as_ref().and_then(|scenario| scenario.variant(variant)) {
        Some(variant) => Plan::clone(&variant.plan),
        None => return Err(Failure::new(format!("{} has no {variant}.", path.display()))),
    };
    plan.length = Time::ZERO + Span::from_seconds(1e9);
    plan.clients.iter_mut().for_each(|client| client.until = plan.length);
    Ok(plan)
}

fn greatest_weight(plan: Plan, occurrences: u64) -> usize {
    let (before, mut greatest) = (weight::live(), 0);
    let plan = plan.into();
    let mut fold = Fold::new(&plan);
    let mut world = World::new(plan, 1).record_only(fold.wants());
    while world.occurrences() < occurrences && (0..SLICE).all(|_| world.step(Time::MAX)) {
        world.records().iter().for_each(|record| fold.take(record));
        world.clear_records();
        greatest = greatest.max(weight::live() - before);
    }
    assert!(world.occurrences() >= occurrences, "it ends after {} occurrences", world.occurrences());
    greatest
}
