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

/// A variant cures others. What is cured shows a failure, so it cannot be a cure itself.
pub(super) fn cures(document: &Document, problems: &mut Problems) {
    let named = |name: &str| document.variants.iter().find(|other| other.name.value == name);
    for variant in &document.variants {
        let name = &variant.name.value;
        for cured in &variant.value.cures {
            let Some(other) = named(&cured.value) else {
                let mut others = Vec::new();
                others.extend(
                    document.variants.iter().map(|it| it.name.value.as_str()).filter(|it| it != name),
                );
                let message = format!("variants.{name}.cures: there is no variant {}", cured.value);
                let help = match others[..] {
                    [] => "add the variant that shows the failure".into(),
                    _ => suggest(&cured.value, "a variant", &others),
                };
                problems.error(cured.place, message, help);
                continue;
            };
            if !other.value.cures.is_empty() {
                let message = format!("variants.{name}.cures: {} is a cure itself", cured.value);
                let help = "the variant that shows the failure cures none: remove one of the two `cures`";
                problems.error(cured.place, message, help);
            }
        }
    }
}
