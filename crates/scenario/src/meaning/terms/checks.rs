//! What checks name: a check looks at what became of a case, or of all of them, and not into a handler.

use super::{Kind, Terms, readable};
use crate::diagnostic::{At, Place, Problems};
use crate::document::{Document, Promise};
use crate::line::expression::{Formula, User, word};
use crate::meaning::everywhere::Everywhere;
use crate::whole::{PartKind, Whole};

/// Looks at every check. What it asks for is there in some variant; that one of them never has it is the point of
/// comparing.
pub(in crate::meaning) fn check(
    document: &Document,
    wholes: &[Whole<'_>],
    terms: &Terms<'_>,
    problems: &mut Problems,
) {
    let everywhere = Everywhere::of(wholes);
    let mut look = Look { terms, problems };
    for check in &document.checks {
        match &check.promise {
            Promise::Never(formula) => look.formula(formula, "checks.never"),
            Promise::Always(formula) => look.formula(formula, "checks.always"),
            Promise::Finally(formula) => look.formula(formula, "checks.finally"),
            Promise::Total(formula) => look.formula(formula, "checks.total"),
            Promise::Within { reach, .. } => reach.iter().for_each(|fact| look.reach(fact)),
            Promise::Ordered(service) => {
                everywhere.one_of("checks.ordered", service, &[PartKind::Service], "", look.problems);
            }
            Promise::Lossless(place) => {
                let kinds = [PartKind::Service, PartKind::Channel];
                everywhere.one_of("checks.lossless", place, &kinds, "", look.problems);
            }
        }
    }
}

struct Look<'l> {
    terms: &'l Terms<'l>,
    problems: &'l mut Problems,
}

impl Look<'_> {
    fn formula(&mut self, formula: &At<Formula>, path: &str) {
        let (names, words) = (formula.value.names(), formula.value.words());
        if names.is_empty() && words.is_empty() {
            let message = format!("{path}: this looks at nothing, so it is always the same");
            self.problems.error(formula.place, message, "name a fact, such as `paid`");
        }
        for (name, offset) in names {
            self.name(name, formula.place.moved(offset), path);
        }
        for (name, offset) in words {
            if word(name).is_some_and(|(_, user)| user == User::Handler) {
                let message = format!("{path}: `{name}` is known only while a handler runs");
                let help = "let the handler `measure` it, or set a fact by it, and check that";
                self.problems.error(formula.place.moved(offset), message, help);
            }
        }
    }

    fn name(&mut self, name: &str, place: Place, path: &str) {
        match self.terms.kind(name) {
            Some(Kind::Fact | Kind::Figure | Kind::Client | Kind::Cell { .. }) => {}
            Some(Kind::Field) => {
                let message = format!("{path}: {name} is a field of messages, which only handlers see");
                let help = "let a handler `measure` it, or set a fact by it, and check that";
                self.problems.error(place, message, help);
            }
            None => {
                let fits = |kind: Kind<'_>| !matches!(kind, Kind::Field | Kind::Client);
                let help =
                    self.terms.suggest(name, &fits, "a fact that is set, or a figure or cell", self.problems);
                self.problems.error(place, format!("{path}: there is no fact, figure or cell {name}"), help);
            }
        }
    }

    fn reach(&mut self, fact: &At<String>) {
        let name = fact.value.as_str();
        match self.terms.kind(name) {
            Some(Kind::Fact) => {}
            Some(kind) => {
                let message = format!("checks.reach: {name} is a {}", kind.what());
                self.problems.error(fact.place, message, "expected a fact, which a handler sets");
            }
            None if readable(name) => {
                let help =
                    self.terms.suggest(name, &|kind| kind == Kind::Fact, "a fact that is set", self.problems);
                self.problems.error(
                    fact.place,
                    format!("checks.reach: no handler sets the fact {name}"),
                    help,
                );
            }
            None => {}
        }
    }
}
