//! Variants: which cures which, and how a problem is said once, however many have it.

use crate::diagnostic::{Diagnostic, Problems};
use crate::document::Document;
use crate::nearest::suggest;
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

/// A variant cures another one, and not in a circle itself.
pub(super) fn cures(document: &Document, problems: &mut Problems) {
    let variants = &document.variants;
    let cured = |index: usize| {
        let cures = variants[index].value.cures.as_ref()?;
        variants.iter().position(|other| other.name.value == cures.value)
    };
    for (index, variant) in variants.iter().enumerate() {
        let (Some(cures), name) = (&variant.value.cures, &variant.name.value) else { continue };
        if cured(index).is_none() {
            let mut others = Vec::new();
            others.extend(variants.iter().map(|it| it.name.value.as_str()).filter(|other| other != name));
            let message = format!("variants.{name}.cures: there is no variant {}", cures.value);
            problems.error(cures.place, message, suggest(&cures.value, "a variant", &others));
        }
        // A circle is reported by the first of its variants.
        let mut way = vec![index];
        while let Some(next) = way.last().and_then(|&last| cured(last)).filter(|next| *next > index) {
            if way.contains(&next) {
                break;
            }
            way.push(next);
        }
        if way.last().and_then(|&last| cured(last)) == Some(index) {
            let mut names = String::new();
            way.iter().for_each(|&it| names += &format!("{} -> ", variants[it].name.value));
            let message = format!("these variants cure one another: {names}{name}");
            problems.error(
                cures.place,
                message,
                "the variant that shows the failure cures none: remove its `cures`",
            );
        }
    }
}
