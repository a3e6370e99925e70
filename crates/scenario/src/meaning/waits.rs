//! Waiting for what never comes: a condition becomes true when somebody stores what it asks for.

use topology::{CellId, Term};

use super::handlers::reached;
use super::terms::{Kind, Terms};
use crate::diagnostic::{At, Problems};
use crate::document::{Cell, Handler, Named, Step};
use crate::index::{Index, joined};
use crate::line::expression::Formula;
use crate::nearest::listed;
use crate::whole::Whole;

/// Looks at every wait of a variant.
pub(super) fn check(whole: &Whole<'_>, wholes: &[Whole<'_>], terms: &Terms<'_>, problems: &mut Problems) {
    let mut found = Found::default();
    for (index, handler) in whole.handlers.iter().enumerate() {
        found.steps(index, &handler.steps, &mut Vec::new());
    }
    if found.waits.is_empty() {
        return;
    }
    let mut look = Look { whole, terms, reached: reached(whole), stored: stored(wholes), found: &found, problems };
    found.waits.iter().for_each(|wait| look.wait(wait));
}

/// What is stored in any of some variants.
fn stored<'a>(wholes: &[Whole<'a>]) -> Index<'a> {
    let mut stored = Index::new();
    for handler in wholes.iter().flat_map(|whole| &whole.handlers) {
        visit(&handler.steps, &mut |step| {
            changes(&step.value).iter().for_each(|cell| drop(stored.insert(cell.value.as_str().into(), 0)));
        });
    }
    stored
}
