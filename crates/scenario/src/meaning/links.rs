//! Links between two places: messages take them, and each is described once.

use super::everywhere::{Everywhere, pair};
use crate::diagnostic::Problems;
use crate::document::{Between, Document};
use crate::index::Index;
use crate::whole::Whole;

/// Looks at every link. One that is shared counts in the variants that have both places.
pub(super) fn check(document: &Document, wholes: &[Whole<'_>], problems: &mut Problems) {
    links(&document.shared.links.between, wholes, problems);
    for (variant, whole) in document.variants.iter().zip(wholes) {
        links(&variant.value.parts.links.between, std::slice::from_ref(whole), problems);
    }
}

fn links(between: &[Between], wholes: &[Whole<'_>], problems: &mut Problems) {
    if between.is_empty() {
        return;
    }
    let everywhere = Everywhere::of(wholes);
    let mut seen = Index::new();
    for link in between {
        everywhere.check("links.between", &link.places, problems);
        let [one, other] = &link.places;
        if let Some(line) = seen.insert(pair(&one.value, &other.value), one.place.line as usize) {
            let message = format!("the link between {} and {} is described twice", one.value, other.value);
            problems.error(one.place, message, format!("the first is in line {line}: join them"));
        }
    }
}
