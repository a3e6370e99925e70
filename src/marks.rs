//! The marks on the scrubber: when something goes wrong, planned or not, and for how long.

use kernel::Time;
use player::{Deed, Intervention};
use topology::{Act, Plan};

use crate::deeds;

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
    let mut deeds: Vec<(Time, Deed, bool)> =
        plan.faults.iter().map(|fault| (fault.at, Deed::Act(fault.act), true)).collect();
    for intervention in interventions {
        let place = deeds.partition_point(|&(at, ..)| at <= intervention.at);
        deeds.insert(place, (intervention.at, intervention.deed, false));
    }
    let mut marks = Vec::new();
    for (index, &(from, deed, planned)) in deeds.iter().enumerate() {
        if planned && mends(deed) {
            continue;
        }
        let end = deeds[index + 1..].iter().find(|&&(_, later, _)| undoes(later, deed));
        let until = if lasts(deed) { end.map_or(plan.length, |&(at, ..)| at) } else { from };
        marks.push(Mark { from, until, label: deeds::words(deed, plan), planned });
    }
    marks
}

/// Whether something is wrong until it is undone.
fn lasts(deed: Deed) -> bool {
    match deed {
        Deed::Act(Act::Crash { .. } | Act::Cut { .. } | Act::Slow { .. }) => !mends(deed),
        Deed::Act(Act::Restart { .. } | Act::Mend { .. } | Act::Rebuild { .. } | Act::Profile { .. })
        | Deed::Change(_) => false,
    }
}

fn mends(deed: Deed) -> bool {
    match deed {
        Deed::Act(Act::Restart { .. } | Act::Mend { .. }) => true,
        Deed::Act(Act::Slow { factor, .. }) => factor == 1.0,
        Deed::Act(Act::Crash { .. } | Act::Cut { .. } | Act::Rebuild { .. } | Act::Profile { .. })
        | Deed::Change(_) => false,
    }
}

fn undoes(later: Deed, earlier: Deed) -> bool {
    matches!((later, earlier), (Deed::Act(later), Deed::Act(earlier)) if later.ends(earlier))
}
