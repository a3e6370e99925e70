//! Says a problem once, however many variants have it.

use crate::diagnostic::{Diagnostic, Problems};
use crate::whole::Whole;

/// Checks each variant. What not all of them have names those that do.
pub(super) fn each(wholes: &[Whole<'_>], problems: &mut Problems, check: impl Fn(&Whole<'_>, &mut Problems)) {
    let mut found: Vec<(Diagnostic, Vec<&str>)> = Vec::new();
    for whole in wholes {
        let mut own = Problems::default();
        check(whole, &mut own);
        for diagnostic in own.sorted() {
            match found.iter_mut().find(|(known, _)| *known == diagnostic) {
                Some((_, variants)) => variants.push(whole.name),
                None => found.push((diagnostic, vec![whole.name])),
            }
        }
    }
    let all = wholes.len();
    problems
        .take(found.into_iter().map(|(diagnostic, variants)| named(diagnostic, &variants, all)).collect());
}

fn named(diagnostic: Diagnostic, variants: &[&str], all: usize) -> Diagnostic {
    if variants.len() == all {
        return diagnostic;
    }
    let noun = if variants.len() == 1 { "variant" } else { "variants" };
    Diagnostic { message: format!("{} ({noun} {})", diagnostic.message, variants.join(", ")), ..diagnostic }
}
