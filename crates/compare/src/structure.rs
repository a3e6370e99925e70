//! What the architecture itself says: who knows whom, and what there is to know.

use crate::Contender;

/// The rows that come from the plan: (id, value, in words what is behind it).
pub(crate) fn rows(_contender: &Contender) -> Vec<(&'static str, f64, String)> {
    Vec::new()
}
