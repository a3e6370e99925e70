//! What handlers name: a handler knows the facts of its case, the fields of its message, and the cells of its own
//! service.

use super::{Kind, Terms, mentions, readable};
use crate::diagnostic::{At, Place, Problems};
use crate::document::{Handler, Mention};
use crate::line::expression::{Formula, User, word};
use crate::whole::Whole;

/// Looks at every handler of a variant.
pub(in crate::meaning) fn check(whole: &Whole<'_>, terms: &Terms<'_>, problems: &mut Problems) {
    for handler in &whole.handlers {
        let path = format!("{} on {}", handler.service.value, handler.message.value);
        let mut look = Look { whole, handler, terms, path, problems };
        mentions(&handler.steps, &mut |mention| look.mention(mention));
    }
}

/// How a step uses a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Store,
    Remember,
    Forget,
}

struct Look<'l> {
    whole: &'l Whole<'l>,
    handler: &'l Handler,
    terms: &'l Terms<'l>,
    path: String,
    problems: &'l mut Problems,
}

impl Look<'_> {
    fn mention(&mut self, mention: Mention<'_>) {
        match mention {
            Mention::Sets(_) | Mention::Gives(_) => {}
            Mention::Takes(field) => self.takes(field),
            Mention::Stores(cell) => self.cell(cell, Use::Store),
            Mention::Remembers(cell) => self.cell(cell, Use::Remember),
            Mention::Forgets(cell) => self.cell(cell, Use::Forget),
            Mention::Measures(_, value) => self.formula(value, true),
            Mention::Asks(value) => self.formula(value, false),
        }
    }

    fn error(&mut self, place: Place, message: &str, help: impl Into<String>) {
        self.problems.error(place, format!("{}: {message}", self.path), help);
    }

    fn takes(&mut self, field: &At<String>) {
        let name = field.value.as_str();
        match self.terms.kind(name) {
            Some(Kind::Field) => {}
            Some(kind) => self.error(
                field.place,
                &format!("{name} is a {}", kind.what()),
                "expected a field of the answer",
            ),
            None if readable(name) => {
                let help = self.terms.suggest(
                    name,
                    &|kind| kind == Kind::Field,
                    "a field that is given",
                    self.problems,
                );
                self.error(field.place, &format!("no message has the field {name}"), help);
            }
            None => {}
        }
    }

    /// A cell that a step changes is one of its own service, of the right kind.
    fn cell(&mut self, cell: &At<String>, used: Use) {
        let (name, service) = (cell.value.as_str(), self.handler.service.value.as_str());
        let part = self.whole.services.iter().find(|part| part.name.value == service);
        // That there is no such service has been reported.
        let Some(part) = part.filter(|_| readable(name)) else { return };
        let cells = &part.value.cells;
        match (cells.iter().find(|own| own.name.value == name), used) {
            (Some(own), Use::Store) if !own.value.kept => {
                let message = format!("`store` of {name}, which {service} keeps in memory");
                self.error(cell.place, &message, "use `remember`, or move it under `store:`");
            }
            (Some(own), Use::Remember) if own.value.kept => {
                let message = format!("`remember` of {name}, which {service} stores");
                self.error(cell.place, &message, "use `store`, or move it under `memory:`");
            }
            (Some(_), _) => {}
            (None, _) => match self.terms.kind(name) {
                Some(Kind::Cell { service: other, .. }) if other != service => {
                    let help =
                        format!("a handler changes what its own service keeps: send {other} a command");
                    self.error(cell.place, &format!("{name} is kept by {other}"), help);
                }
                _ => {
                    let key = if used == Use::Remember { "memory" } else { "store" };
                    let help = if cells.is_empty() {
                        format!("write `{key}: {{ {name}: per case }}` under `services: {service}:`")
                    } else {
                        let fits =
                            |kind: Kind<'_>| matches!(kind, Kind::Cell { service: of, .. } if of == service);
                        self.terms.suggest(name, &fits, "a cell that it keeps", self.problems)
                    };
                    self.error(cell.place, &format!("{service} keeps nothing called {name}"), help);
                }
            },
        }
    }

    fn formula(&mut self, formula: &At<Formula>, of_any_service: bool) {
        let service = self.handler.service.value.as_str();
        for (name, offset) in formula.value.names() {
            let place = formula.place.moved(offset);
            match self.terms.kind(name) {
                Some(Kind::Cell { service: other, .. }) if other != service && !of_any_service => {
                    let help = format!("call {other} and `take` it from the answer, or keep it in {service}");
                    self.error(
                        place,
                        &format!("{name} is kept by {other}, and {service} does not see it"),
                        help,
                    );
                }
                Some(Kind::Fact | Kind::Field | Kind::Client | Kind::Cell { .. }) => {}
                Some(Kind::Figure) => {
                    let message = format!("{name} is a figure: it was measured for people and checks");
                    self.error(place, &message, "store the value in a cell, or set a fact by it");
                }
                None => {
                    let fits = |kind: Kind<'_>| match kind {
                        Kind::Cell { service: other, .. } => other == service || of_any_service,
                        Kind::Fact | Kind::Field => true,
                        Kind::Figure | Kind::Client => false,
                    };
                    let help = self.terms.suggest(name, &fits, "a fact, field or cell", self.problems);
                    self.error(place, &format!("there is no fact, field or cell {name}"), help);
                }
            }
        }
        for (name, offset) in formula.value.words() {
            if word(name).is_some_and(|(_, user)| user == User::Check) {
                let message = format!("`{name}` is known only to checks");
                let help = "a handler does not see what became of the customer: set a fact, and ask for that";
                self.error(formula.place.moved(offset), &message, help);
            }
        }
    }
}
