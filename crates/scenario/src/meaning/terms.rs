//! Terms: whatever an expression names is a fact that some handler sets, a field that somebody gives, a cell that
//! a service keeps, a figure that some handler measures, or a client whose requests are meant.

mod checks;
mod handlers;

pub(super) use checks::check as checks;
pub(super) use handlers::check as handlers;

use crate::diagnostic::{At, Place, Problems};
use crate::document::{Cell, Document, Mention, Step, visit};
use crate::index::Index;
use crate::line::expression::Formula;
use crate::nearest::{listed, nearest};
use crate::text;
use crate::whole::Whole;

/// The field that says which version of its schema a message follows. Every message has it.
pub(crate) const SCHEMA: &str = "schema";

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind<'a> {
    Fact,
    Field,
    Cell {
        service: &'a str,
        cell: &'a Cell,
    },
    Figure,
    /// A client: true of its requests.
    Client,
}

impl Kind<'_> {
    /// What it is, in messages.
    fn what(self) -> &'static str {
        match self {
            Kind::Fact => "fact",
            Kind::Field => "field",
            Kind::Cell { .. } => "cell",
            Kind::Figure => "figure",
            Kind::Client => "client",
        }
    }

    /// Variants may keep a cell differently, but it is the same cell.
    fn same(self, other: Kind<'_>) -> bool {
        match (self, other) {
            (Kind::Cell { service: one, .. }, Kind::Cell { service: other, .. }) => one == other,
            (one, other) => one.what() == other.what(),
        }
    }
}

/// So many facts, fields, cells and figures there can be together; each is kept for each case.
const TERMS_MAX: usize = 1_000;

/// A name that stands for something, and where that was said first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    pub name: &'a str,
    pub kind: Kind<'a>,
    place: Place,
}

/// Everything that expressions can name, in any of the variants, each once.
pub(crate) struct Terms<'a> {
    pub all: Vec<Named<'a>>,
    numbers: Index<'a>,
    /// What has the name of something else, by the number of that.
    clashes: Vec<(usize, Named<'a>)>,
}

impl<'a> Terms<'a> {
    /// In the order of the file, kind by kind.
    pub fn of(wholes: &'a [Whole<'_>]) -> Self {
        let mut terms = Terms { all: Vec::new(), numbers: Index::new(), clashes: Vec::new() };
        for whole in wholes {
            whole.clients.iter().for_each(|part| terms.add(Kind::Client, part.name));
            for field in whole.clients.iter().flat_map(|part| &part.value.with) {
                terms.add(Kind::Field, &field.name);
            }
            for part in &whole.services {
                let service = part.name.value.as_str();
                part.value
                    .cells
                    .iter()
                    .for_each(|it| terms.add(Kind::Cell { service, cell: &it.value }, &it.name));
            }
            for handler in &whole.handlers {
                mentions(&handler.steps, &mut |mention| match mention {
                    Mention::Sets(fact) => terms.add(Kind::Fact, fact),
                    Mention::Gives(field) => terms.add(Kind::Field, field),
                    Mention::Measures(figure, value) => {
                        terms.add(Kind::Figure, figure);
                        terms.schema(value);
                    }
                    Mention::Asks(value) => terms.schema(value),
                    Mention::Takes(_) | Mention::Stores(_) | Mention::Remembers(_) | Mention::Forgets(_) => {}
                });
            }
        }
        terms
    }

    /// What a name stands for.
    pub fn kind(&self, name: &str) -> Option<Kind<'a>> {
        self.numbers.get(name).map(|&number| self.all[number].kind)
    }

    fn add(&mut self, kind: Kind<'a>, name: &'a At<String>) {
        let new = Named { name: &name.value, kind, place: name.place };
        match self.numbers.get(new.name) {
            Some(&known) if self.all[known].kind.same(kind) => {}
            Some(&known) => self.clashes.push((known, new)),
            None => {
                self.numbers.insert(new.name.into(), self.all.len());
                self.all.push(new);
            }
        }
    }

    /// Nobody needs to give it: it is 1 then.
    fn schema(&mut self, formula: &'a At<Formula>) {
        for (name, offset) in formula.value.names() {
            if name == SCHEMA && !self.numbers.contains_key(name) {
                self.numbers.insert(name.into(), self.all.len());
                self.all.push(Named { name, kind: Kind::Field, place: formula.place.moved(offset) });
            }
        }
    }

    /// One name has one meaning, and there are not too many.
    pub fn check(&self, problems: &mut Problems) {
        let mut kept: Vec<&Named<'_>> = Vec::new();
        kept.extend(self.all.iter().filter(|known| known.kind != Kind::Client));
        if let Some(first) = kept.get(TERMS_MAX) {
            let message = format!("there are {} facts, fields, cells and figures", kept.len());
            problems.error(first.place, message, format!("at most {TERMS_MAX} are possible"));
        }
        for &(known, new) in &self.clashes {
            let known = self.all[known];
            let (first, second) = if known.place < new.place { (known, new) } else { (new, known) };
            let message = format!(
                "{} is the name of {}, and in line {} of {}",
                first.name,
                second.described(),
                first.place.line,
                first.described()
            );
            let help =
                "facts, fields, cells, figures and clients stand in the same expressions: rename one of them";
            problems.error(second.place, message, help);
        }
    }

    /// The help for a name that stands for nothing, where only some kinds of terms may stand.
    fn suggest(&self, wrong: &str, fits: &dyn Fn(Kind<'_>) -> bool, what: &str, known: &Problems) -> String {
        if known.is_long() {
            return format!("expected {what}");
        }
        let parts: Vec<&str> = wrong.split('-').collect();
        if parts.len() > 1
            && parts.iter().all(|part| part.parse::<i64>().is_ok() || self.kind(part).is_some())
        {
            return format!("write a minus with spaces around it: `{}`", parts.join(" - "));
        }
        let mut fitting = Vec::new();
        fitting.extend(self.all.iter().filter(|it| fits(it.kind)).map(|it| it.name).take(TERMS_MAX));
        match nearest(wrong, fitting.iter().copied()) {
            Some(name) => {
                let what = self.kind(name).map_or("", |kind| kind.what());
                format!("did you mean the {what} {name}?")
            }
            None if fitting.is_empty() => "none is defined yet".into(),
            None => format!("expected {what}: {}", listed(&fitting)),
        }
    }
}

impl Named<'_> {
    fn described(&self) -> String {
        match self.kind {
            Kind::Cell { service, .. } => format!("a cell of {service}"),
            Kind::Fact | Kind::Field | Kind::Figure | Kind::Client => format!("a {}", self.kind.what()),
        }
    }
}

/// A service keeps a cell in one way.
pub(super) fn kept_once(document: &Document, problems: &mut Problems) {
    let variants = document.variants.iter().map(|variant| &variant.value.parts);
    for service in variants.chain([&document.shared]).flat_map(|parts| &parts.services) {
        let cells = &service.value.cells;
        for (index, cell) in cells.iter().enumerate() {
            if cells[..index].iter().any(|before| before.name.value == cell.name.value) {
                let message = format!("{} both stores and remembers {}", service.name.value, cell.name.value);
                let help = "a cell stands under `store:` or under `memory:`: remove or rename one of them";
                problems.error(cell.name.place, message, help);
            }
        }
    }
}

/// Shows what all steps mention, those of branches included.
fn mentions<'a>(steps: &'a [At<Step>], see: &mut dyn FnMut(Mention<'a>)) {
    visit(steps, &mut |step| step.value.mentions(see));
}

/// Whether a name is one at all. What is none has been reported.
fn readable(name: &str) -> bool {
    text::term(name).is_ok()
}
