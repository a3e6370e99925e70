//! What the measuring page calls. It times the calls itself: nothing here reads a clock.

use std::cell::RefCell;

use scenario::Scenario;
use topology::World;

use crate::{Recording, SEVEN_WAYS, Subject, engine, run};

thread_local! {
    /// What is compared.
    static COMPARED: Option<Scenario> = scenario::read(SEVEN_WAYS).scenario;

    /// The world between two slices. V8 never replaces a function while it runs, so one call that simulated
    /// everything would stay in its slow first compilation.
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

/// Runs a workload bare (`kernel` 0) or on the kernel (1); returns its occurrences.
#[unsafe(no_mangle)]
pub extern "C" fn run_loop(workload: u32, kernel: u32, size: u32) -> f64 {
    let subject = if kernel == 0 { Subject::Bare } else { Subject::Kernel };
    run(workload, subject, u64::from(size)) as f64
}

/// Makes the world of W2 with so many messages.
#[unsafe(no_mangle)]
pub extern "C" fn begin(messages: u32, all_records: u32) {
    let recording = if all_records == 0 { Recording::Off } else { Recording::All };
    WORLD.set(Some(engine::world(u64::from(messages), recording)));
}

/// Makes the world of a variant of what is compared; 0 if there is no such variant.
#[unsafe(no_mangle)]
pub extern "C" fn begin_variant(variant: u32, seed: u32) -> u32 {
    let world = COMPARED.with(|scenario| {
        let scenario = scenario.as_ref()?;
        let plan = scenario.variants.get(variant as usize)?.plan.clone();
        Some(World::new(plan, scenario.seed + u64::from(seed)))
    });
    let is_there = world.is_some();
    WORLD.set(world);
    is_there.into()
}

/// Lets up to `most` occurrences happen; 1 if there are more.
#[unsafe(no_mangle)]
pub extern "C" fn slice(most: u32) -> u32 {
    WORLD.with_borrow_mut(|world| world.as_mut().is_some_and(|world| engine::slice(world, most)).into())
}

/// Ends the run, and returns its occurrences.
#[unsafe(no_mangle)]
pub extern "C" fn finish() -> f64 {
    WORLD.take().map_or(0.0, |world| engine::outcome(&world).occurrences as f64)
}
