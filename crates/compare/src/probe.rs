//! Experiments with one seed on one contender: what hangs on each part?

use std::sync::Arc;

use topology::Plan;

use crate::{Contender, Found};

/// How many probes of a plan there are.
pub(crate) fn count(_plan: &Plan) -> u16 {
    0
}

/// Makes one of them. `None` if `go_on` said no.
pub(crate) fn play(
    _plan: &Arc<Plan>,
    _seed: u64,
    _number: u16,
    _go_on: &mut dyn FnMut() -> bool,
) -> Option<Found> {
    Some(Found::default())
}

/// What came of all probes of a contender, for the rows that come from probes: (id, value, in words what is behind it).
/// `found` has one entry for each probe; `None` where it was not made, and a row that needs it has no value then.
pub(crate) fn rows(_contender: &Contender, _found: &[Option<Found>]) -> Vec<(&'static str, f64, String)> {
    Vec::new()
}
