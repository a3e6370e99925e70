//! Facts: what a check or a branch asks for is set somewhere.

use crate::diagnostic::{At, Place, Problems};
use crate::document::{Document, Promise, Step};
use crate::index::Index;
use crate::nearest::suggest;
use crate::text;
use crate::whole::Whole;

/// Every fact that any variant sets, in the order of the file, each once.
pub(crate) fn set_anywhere<'a>(wholes: &[Whole<'a>]) -> Vec<&'a str> {
    let mut seen = Index::new();
    let mut facts = Vec::new();
    for handler in wholes.iter().flat_map(|whole| &whole.handlers) {
        visit(&handler.steps, &mut |step| {
            if let Step::Set(fact) = step
                && seen.insert(fact.value.as_str().into(), 0).is_none()
            {
                facts.push(fact.value.as_str());
            }
        });
    }
    facts
}

/// Facts that are asked for are set in some variant; that one of them never does is the point of comparing.
pub(super) fn check(document: &Document, wholes: &[Whole<'_>], problems: &mut Problems) {
    let set = set_anywhere(wholes);
    let mut ask = |name: &str, place: Place, path: &str| {
        // What is no name at all has been reported.
        if !set.contains(&name) && text::fact(name).is_ok() {
            let message = format!("{path}: no handler sets the fact {name}");
            problems.error(place, message, suggest(name, "a fact that is set", &set));
        }
    };
    for check in &document.checks {
        match &check.promise {
            Promise::Never(statement) | Promise::Always(statement) => {
                for (fact, offset) in statement.value.facts() {
                    ask(fact, statement.place.moved(offset), "checks");
                }
            }
            Promise::Within { reach, .. } => {
                reach.iter().for_each(|fact| ask(&fact.value, fact.place, "checks.reach"));
            }
        }
    }
    for handler in wholes.iter().flat_map(|whole| &whole.handlers) {
        let path = format!("{} on {}", handler.service.value, handler.message.value);
        visit(&handler.steps, &mut |step| {
            if let Step::If { fact, .. } = step {
                ask(&fact.value, fact.place, &path);
            }
        });
    }
}

fn visit<'a>(steps: &'a [At<Step>], see: &mut impl FnMut(&'a Step)) {
    for step in steps {
        see(&step.value);
        for branch in step.value.branches() {
            visit(branch, see);
        }
    }
}
