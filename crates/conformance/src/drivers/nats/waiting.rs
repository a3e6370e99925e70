//! Fetches that were written down when they ended.
//!
//! A fetch that waits is written down when it is called, or when it returns. In the second case it stands behind
//! the publications that it had waited for: then those who fetch right after some publications may have waited
//! before these.

use super::Verb;
use crate::vector::Step;

/// The steps with such fetches before the publications; nothing, if there are none.
pub(super) fn called_before(steps: &[Step]) -> Option<Vec<Step>> {
    let is_fetch = |step: &Step| Verb::of(step) == Some(Verb::Fetch);
    let is_publication = |step: &Step| matches!(Verb::of(step), Some(Verb::Publish | Verb::PublishToStream));
    // Only the last ones can have waited; what was fetched before is not published again.
    let fetches = steps.iter().rposition(is_fetch)? + 1;
    let first = steps[..fetches].iter().rposition(|step| !is_fetch(step))? + 1;
    let published = steps[..first].iter().rposition(|step| !is_publication(step))? + 1;
    if fetches - first < 2 || published == first || !steps[..published].iter().any(is_fetch) {
        return None;
    }
    let mut steps = steps.to_vec();
    steps[published..fetches].rotate_left(first - published);
    for (number, step) in steps.iter_mut().enumerate() {
        step.number = number;
    }
    Some(steps)
}
