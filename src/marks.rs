//! The marks on the scrubber: when something goes wrong, planned or not, and for how long.

use kernel::Time;
use player::Intervention;
use topology::{Act, Plan, Record, RecordKind, TypeId};

/// A moment or a stretch of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When it begins.
    pub from: Time,
    /// When it ends; the end of the run if it never does.
    pub until: Time,
    /// What it is.
    pub label: String,
    /// Whether the scenario says so, rather than a person having done it.
    pub planned: bool,
}

/// The marks of a run, in order of time.
pub fn marks(plan: &Plan, interventions: &[Intervention]) -> Vec<Mark> {
    // The faults of a plan are in order already.
    let mut acts: Vec<(Time, Act, bool)> =
        plan.faults.iter().map(|fault| (fault.at, fault.act, true)).collect();
    for intervention in interventions {
        let place = acts.partition_point(|&(at, ..)| at <= intervention.at);
        acts.insert(place, (intervention.at, intervention.act, false));
    }
    let mark = |(index, &(from, act, planned)): (usize, &(Time, Act, bool))| {
        let end = |&&(_, later, _): &&(Time, Act, bool)| undoes(later, act);
        let until = match act {
            Act::Crash { .. } | Act::Cut { .. } | Act::Slow { .. } if !mends(act) => {
                acts[index + 1..].iter().find(end).map_or(plan.length, |&(at, ..)| at)
            }
            Act::Crash { .. }
            | Act::Restart { .. }
            | Act::Slow { .. }
            | Act::Cut { .. }
            | Act::Mend { .. } => from,
        };
        Mark { from, until, label: words(act, from, plan), planned }
    };
    acts.iter().enumerate().filter(|(_, (_, act, planned))| !(mends(*act) && *planned)).map(mark).collect()
}

/// What was done, as a sentence.
pub fn words(act: Act, at: Time, plan: &Plan) -> String {
    let place = match act {
        Act::Crash { place } | Act::Restart { place } => place,
        Act::Slow { service, .. } => topology::Place::Service(service),
        Act::Cut { one, .. } | Act::Mend { one, .. } => one,
    };
    let (none, kind) = (Record::NONE, RecordKind::Act { act });
    let message_type = TypeId(0);
    let record =
        Record { number: 0, time: at, cause: 0, case: none, message: none, message_type, place, kind };
    analysis::sentence(&record, plan)
}

fn mends(act: Act) -> bool {
    match act {
        Act::Restart { .. } | Act::Mend { .. } => true,
        Act::Slow { factor, .. } => factor == 1.0,
        Act::Crash { .. } | Act::Cut { .. } => false,
    }
}

fn undoes(later: Act, earlier: Act) -> bool {
    match (later, earlier) {
        (Act::Restart { place }, Act::Crash { place: crashed }) => place == crashed,
        (Act::Slow { service, .. }, Act::Slow { service: slowed, .. }) => service == slowed,
        (Act::Mend { one, other }, Act::Cut { one: a, other: b }) => {
            (one, other) == (a, b) || (one, other) == (b, a)
        }
        _ => false,
    }
}
