//! What promises look at, as columns: one row of them for each case, and one for the totals.

use topology::{CellId, ClientId, FactId, FigureId, Plan, Term};

/// Which column holds what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    facts: usize,
    figures: usize,
    cells: usize,
    clients: usize,
}

impl Columns {
    pub(crate) fn of(plan: &Plan) -> Self {
        let (facts, figures) = (plan.facts.len(), plan.figures.len());
        Columns { facts, figures, cells: plan.cells.len(), clients: plan.clients.len() }
    }

    /// How many columns there are.
    pub(crate) fn count(self) -> usize {
        self.customer() + 5 + self.clients
    }

    pub(crate) fn fact(self, fact: FactId) -> usize {
        fact.index()
    }

    pub(crate) fn figure(self, figure: FigureId) -> usize {
        self.facts + figure.index()
    }

    pub(crate) fn cell(self, cell: CellId) -> usize {
        self.facts + self.figures + cell.index()
    }

    fn customer(self) -> usize {
        self.facts + self.figures + self.cells
    }

    pub(crate) fn answered(self) -> usize {
        self.customer()
    }

    pub(crate) fn refused(self) -> usize {
        self.customer() + 1
    }

    pub(crate) fn gave_up(self) -> usize {
        self.customer() + 2
    }

    pub(crate) fn requests(self) -> usize {
        self.customer() + 3
    }

    pub(crate) fn messages(self) -> usize {
        self.customer() + 4
    }

    pub(crate) fn client(self, client: ClientId) -> usize {
        self.customer() + 5 + client.index()
    }

    /// Where a term stands; `None` for what only handlers know.
    pub(crate) fn term(self, term: Term) -> Option<usize> {
        match term {
            Term::Fact(fact) => Some(self.fact(fact)),
            Term::Figure(figure) => Some(self.figure(figure)),
            Term::Cell(cell) => Some(self.cell(cell)),
            Term::Client(client) => Some(self.client(client)),
            Term::Answered => Some(self.answered()),
            Term::Refused => Some(self.refused()),
            Term::GaveUp => Some(self.gave_up()),
            Term::Requests => Some(self.requests()),
            Term::Messages => Some(self.messages()),
            Term::Field(_) | Term::Now | Term::Delivery | Term::Abandoned => None,
        }
    }
}
