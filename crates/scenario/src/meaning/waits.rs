//! Waiting for what never comes: a condition becomes true when somebody stores what it asks for.

use topology::{CellId, Term};

use super::handlers::reached;
use super::terms::{Kind, Terms};
use crate::diagnostic::{At, Problems};
use crate::document::{Cell, Mention, Named, Step, visit};
use crate::index::Index;
use crate::line::expression::Formula;
use crate::nearest::listed;
use crate::whole::Whole;

/// Looks at every wait of a variant.
pub(super) fn check(whole: &Whole<'_>, wholes: &[Whole<'_>], terms: &Terms<'_>, problems: &mut Problems) {
    let mut found = Found::default();
    for (index, handler) in whole.handlers.iter().enumerate() {
        found.steps(index, &handler.steps, &mut Vec::new());
    }
    if !found.waits.is_empty() {
        let (reached, elsewhere) = (reached(whole), stored(wholes));
        let mut look = Look { whole, terms, reached, elsewhere, found: &found, problems };
        found.waits.iter().for_each(|wait| look.wait(wait));
    }
}

/// What is stored in any of some variants.
fn stored<'a>(wholes: &[Whole<'a>]) -> Index<'a> {
    let mut stored = Index::new();
    for handler in wholes.iter().flat_map(|whole| &whole.handlers) {
        visit(&handler.steps, &mut |step| {
            changes(&step.value, &mut |cell| {
                stored.insert(cell.value.as_str().into(), 0);
            });
        });
    }
    stored
}

/// Shows the cells that a step changes.
fn changes<'a>(step: &'a Step, see: &mut dyn FnMut(&'a At<String>)) {
    step.mentions(&mut |mention| match mention {
        Mention::Stores(cell) | Mention::Remembers(cell) | Mention::Forgets(cell) => see(cell),
        Mention::Sets(_) | Mention::Gives(_) | Mention::Takes(_) => {}
        Mention::Measures(..) | Mention::Asks(_) => {}
    });
}

/// Where in a variant a step stands.
struct Spot {
    handler: usize,
    /// Its number among all steps, as they are written.
    number: usize,
    /// The branches that it is in: which step `parallel`, and which of its branches.
    branches: Vec<(usize, usize)>,
}

impl Spot {
    /// Whether a step there can be done while another one waits here.
    fn can_help(&self, waiting: &Spot) -> bool {
        let beside = |one: &(usize, usize)| waiting.branches.iter().any(|it| it.0 == one.0 && it.1 != one.1);
        self.handler != waiting.handler || self.number < waiting.number || self.branches.iter().any(beside)
    }
}

struct Wait<'a> {
    spot: Spot,
    until: &'a At<Formula>,
    /// Whether it is over at some time even if nothing comes.
    ends: bool,
}

/// Everything that waits and that ends a wait.
#[derive(Default)]
struct Found<'a> {
    waits: Vec<Wait<'a>>,
    /// Where each cell is changed, by its position in `changes`.
    cells: Index<'a>,
    changes: Vec<Vec<Spot>>,
    steps: usize,
}

impl<'a> Found<'a> {
    fn steps(&mut self, handler: usize, steps: &'a [At<Step>], branches: &mut Vec<(usize, usize)>) {
        for step in steps {
            self.steps += 1;
            let number = self.steps;
            let spot = || Spot { handler, number, branches: branches.clone() };
            if let Step::Wait { until: Some(until), time, .. } = &step.value {
                self.waits.push(Wait { spot: spot(), until, ends: time.is_some() });
            }
            changes(&step.value, &mut |cell| {
                let known = *self.cells.entry(cell.value.as_str().into()).or_insert(self.changes.len());
                if known == self.changes.len() {
                    self.changes.push(Vec::new());
                }
                self.changes[known].push(spot());
            });
            let forks = matches!(step.value, Step::Parallel(_));
            for (index, (steps, _)) in step.value.blocks().into_iter().enumerate() {
                if forks {
                    branches.push((number, index));
                }
                self.steps(handler, steps, branches);
                if forks {
                    branches.pop();
                }
            }
        }
    }

    fn changes(&self, cell: &str) -> &[Spot] {
        self.cells.get(cell).map_or(&[], |&number| &self.changes[number])
    }
}

struct Look<'l> {
    whole: &'l Whole<'l>,
    terms: &'l Terms<'l>,
    /// Which handlers get anything.
    reached: Vec<bool>,
    /// What is stored in this variant or another.
    elsewhere: Index<'l>,
    found: &'l Found<'l>,
    problems: &'l mut Problems,
}

impl Look<'_> {
    fn wait(&mut self, wait: &Wait<'_>) {
        let handler = self.whole.handlers[wait.spot.handler];
        let (service, message) = (handler.service.value.as_str(), handler.message.value.as_str());
        let place = wait.until.place;
        let Some(part) = self.whole.services.iter().find(|part| part.name.value == service) else { return };
        let cells = &part.value.cells;
        let mut asked: Vec<&str> = Vec::new();
        for (name, _) in wait.until.value.names() {
            match self.terms.kind(name) {
                Some(Kind::Cell { service: own, .. }) if own == service => {
                    if !asked.contains(&name) {
                        asked.push(name);
                    }
                }
                Some(Kind::Fact | Kind::Field | Kind::Client) => {}
                // What it names wrongly has been reported, and may be the cell that is meant.
                Some(Kind::Cell { .. } | Kind::Figure) | None => return,
            }
        }
        if asked.is_empty() {
            let text = format!("{service} on {message}: nothing can make this true later");
            let help = format!("name a cell that {service} keeps; a pause is written like `wait: 5s`");
            return self.problems.error(place, text, help);
        }
        let (mut stored, mut never) = (Vec::new(), Vec::new());
        for cell in asked {
            let list = if self.found.changes(cell).is_empty() { &mut never } else { &mut stored };
            list.push(cell);
        }
        if stored.is_empty() {
            let text = format!("nothing stores {} while this waits", listed(&never));
            let help = format!("store it in a handler of {service} for another message");
            return match never.iter().any(|cell| self.elsewhere.contains_key(*cell)) {
                true => self.problems.warning(place, text, help),
                false => self.problems.error(place, text, help),
            };
        }
        for cell in never {
            let text = format!("this waits for {cell} too, which nothing stores");
            self.problems.warning(
                place,
                text,
                format!("store it in a handler of {service}, or leave it out"),
            );
        }
        if self.reached[wait.spot.handler] && !begins_true(&wait.until.value, cells) {
            self.stored(wait, &stored, service);
        }
    }

    /// Somebody stores what it waits for: but only afterwards, or never.
    fn stored(&mut self, wait: &Wait<'_>, cells: &[&str], service: &str) {
        let for_ever = if wait.ends { "" } else { ": it waits for ever" };
        for cell in cells {
            let changes = self.found.changes(cell);
            let reached = |spot: &&Spot| self.reached[spot.handler];
            if changes.iter().filter(reached).any(|spot| spot.can_help(&wait.spot)) {
                continue;
            }
            if changes.iter().any(|spot| spot.handler == wait.spot.handler) {
                let text = format!("{cell} is stored only after this wait, by the same handler{for_ever}");
                let help = "store it in another handler, before this, or in a branch beside it (`parallel`)";
                self.problems.warning(wait.until.place, text, help);
                continue;
            }
            let mut messages: Vec<&str> = Vec::new();
            for spot in changes {
                let message = self.whole.handlers[spot.handler].message.value.as_str();
                if !messages.contains(&message) {
                    messages.push(message);
                }
            }
            let text = format!(
                "this waits for {cell}, which {service} stores only on {}, which nobody sends to it{for_ever}",
                listed(&messages)
            );
            let help = match wait.ends {
                true => "send it, or leave out what never comes",
                false => "send it, or say `for:` how long to wait",
            };
            self.problems.warning(wait.until.place, text, help);
        }
    }
}

/// Whether a condition over cells is true before anything is stored. Of others nothing is known, so that they are
/// not complained about.
fn begins_true(until: &Formula, cells: &[Named<Cell>]) -> bool {
    let mut known = until.words().is_empty();
    let condition = until.lower(&mut |name| {
        let own = cells.iter().position(|cell| cell.name.value == name);
        known &= own.is_some();
        Term::Cell(CellId(own.unwrap_or_default() as u16))
    });
    let starts = |term: Term| {
        let Term::Cell(cell) = term else { return 0 };
        cells.get(cell.index()).map_or(0, |cell| i64::from(cell.value.starts))
    };
    !known || condition.is_true(&starts)
}
