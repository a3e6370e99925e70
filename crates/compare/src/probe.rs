//! Experiments with one seed on one contender: what hangs on each part?
//!
//! ```text
//!  anatomy    the run as it is          hops, and records to read
//!  baseline   a part of it, no faults   what is done for customers if all is well
//!  down       the same, a part is down  \
//!  slow       the same, a part is slow  / what is missing of that
//!  crowded    as many requests as can be served, and twice as many for twice the workers
//! ```

mod anatomy;
mod crowd;
mod effect;
mod part;
mod trial;
mod words;

use std::sync::Arc;

use topology::{Plan, ServiceId};

use crate::structure::Traffic;
use crate::{Contender, Found};
use effect::Effect;
use part::Part;

/// An experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Experiment {
    /// The run as it is, and every record of it.
    Anatomy,
    /// Nothing goes wrong.
    Baseline,
    /// A part is down from the beginning to the end.
    Down(Part),
    /// A service takes three times as long.
    Slow(ServiceId),
    /// As many requests as can be served, and twice as many for twice the workers.
    Crowd,
}

/// All experiments with a plan, in the order of their numbers.
fn experiments(plan: &Plan) -> Vec<Experiment> {
    let traffic = Traffic::of(plan);
    let mut all = vec![Experiment::Anatomy, Experiment::Baseline, Experiment::Crowd];
    for service in traffic.services(plan) {
        all.extend([Experiment::Down(Part::Service(service)), Experiment::Slow(service)]);
    }
    all.extend(part::brokers(plan, &traffic).into_iter().map(Experiment::Down));
    all.truncate(usize::from(u16::MAX));
    all
}

/// How many probes of a plan there are.
pub(crate) fn count(plan: &Plan) -> u16 {
    experiments(plan).len() as u16
}

/// Makes one of them. `None` if `go_on` said no.
pub(crate) fn play(
    plan: &Arc<Plan>,
    seed: u64,
    number: u16,
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Found> {
    let values = match experiments(plan).get(usize::from(number)) {
        None => Vec::new(),
        Some(Experiment::Anatomy) => anatomy::play(plan, seed, go_on)?,
        Some(Experiment::Crowd) => crowd::play(plan, seed, go_on)?,
        Some(Experiment::Baseline) => Effect::play(trial::as_planned(plan), seed, go_on)?.values(),
        Some(Experiment::Down(part)) => Effect::play(trial::down(plan, *part), seed, go_on)?.values(),
        Some(Experiment::Slow(service)) => Effect::play(trial::slow(plan, *service), seed, go_on)?.values(),
    };
    Some(Found { values, halted: None })
}

/// What came of all probes of a contender, for the rows that come from probes: (id, value, in words what is behind it).
/// `found` has one entry for each probe; `None` where it was not made, and a row that needs it has no value then.
pub(crate) fn rows(contender: &Contender, found: &[Option<Found>]) -> Vec<(&'static str, f64, String)> {
    words::rows(&contender.plan, &experiments(&contender.plan), found)
}
