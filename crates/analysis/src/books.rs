//! What is true of each open case and of all together, as far as promises ask.

use topology::{Act, Cell, CellId, ClientId, Place, Plan, Record, Scope, Term};

use crate::columns::Columns;
use crate::rows::{Row, Rows};

/// The values of every case that can still change, and the totals.
#[derive(Clone, Debug)]
pub(crate) struct Books {
    pub(crate) columns: Columns,
    pub(crate) rows: Rows,
    pub(crate) totals: Vec<i64>,
    /// What each service keeps for more than one case: for each key, or once.
    shared: Vec<Vec<i32>>,
}

impl Books {
    pub(crate) fn new(plan: &Plan) -> Self {
        let columns = Columns::of(plan);
        let mut fresh = vec![0; columns.count()];
        let mut totals = vec![0; columns.count()];
        fresh[columns.requests()] = 1;
        let keys = plan.clients.iter().filter_map(|client| client.keys).max().unwrap_or(0);
        for (index, cell) in plan.cells.iter().enumerate() {
            let column = columns.cell(CellId(index as u16));
            fresh[column] = cell.starts;
            let kept_at_first = match cell.per {
                Scope::Case => 0,
                Scope::Key => keys,
                Scope::Service => 1,
            };
            totals[column] = i64::from(cell.starts) * i64::from(kept_at_first);
        }
        Books {
            rows: Rows::new(fresh, plan.facts.len(), plan.checks.len()),
            totals,
            shared: vec![Vec::new(); plan.cells.len()],
            columns,
        }
    }

    /// A case begins.
    pub(crate) fn open(&mut self, plan: &Plan, row: Row, client: ClientId) -> usize {
        self.totals[self.columns.requests()] += 1;
        for (index, cell) in plan.cells.iter().enumerate() {
            if shared_at(cell, row.key).is_none() {
                self.totals[self.columns.cell(CellId(index as u16))] += i64::from(cell.starts);
            }
        }
        let (slot, column) = (self.rows.open(row), self.columns.client(client));
        self.totals[column] += 1;
        *self.rows.value_mut(slot, column) = 1;
        slot
    }

    /// A term, asked of one case.
    pub(crate) fn of_case(&self, plan: &Plan, slot: usize, term: Term) -> i64 {
        if let Term::Cell(cell) = term
            && let Some(at) = shared_at(&plan.cells[cell.index()], self.rows.row(slot).key)
        {
            let starts = plan.cells[cell.index()].starts;
            return i64::from(self.shared[cell.index()].get(at).copied().unwrap_or(starts));
        }
        self.columns.term(term).map_or(0, |column| i64::from(self.rows.value(slot, column)))
    }

    /// A term, asked of all cases together.
    pub(crate) fn in_total(&self, term: Term) -> i64 {
        self.columns.term(term).map_or(0, |column| self.totals[column])
    }

    /// A service keeps another value for a key, or for a case, unless that is over.
    pub(crate) fn store(&mut self, plan: &Plan, slot: Option<usize>, cell: CellId, key: u32, value: i32) {
        let (column, known) = (self.columns.cell(cell), &plan.cells[cell.index()]);
        let place = match (shared_at(known, key), slot) {
            (Some(at), _) => {
                let shared = &mut self.shared[cell.index()];
                if shared.len() <= at {
                    shared.resize(at + 1, known.starts);
                }
                &mut shared[at]
            }
            (None, Some(slot)) => self.rows.value_mut(slot, column),
            (None, None) => return,
        };
        self.totals[column] += i64::from(value) - i64::from(*place);
        *place = value;
    }

    /// What a crash or a rebuild makes a service forget is what it was at first. What was kept for cases that are
    /// over stays in the totals.
    pub(crate) fn forget(&mut self, plan: &Plan, act: Act) {
        for (index, cell) in plan.cells.iter().enumerate() {
            let forgets = match act {
                Act::Crash { place } => !cell.kept && place == Place::Service(cell.service),
                Act::Rebuild { service } => cell.service == service,
                Act::Restart { .. }
                | Act::Slow { .. }
                | Act::Cut { .. }
                | Act::Mend { .. }
                | Act::Profile { .. } => false,
            };
            if forgets {
                self.forget_cell(index, cell);
            }
        }
    }

    fn forget_cell(&mut self, index: usize, cell: &Cell) {
        let column = self.columns.cell(CellId(index as u16));
        let mut surplus = 0;
        for value in self.shared[index].drain(..) {
            surplus += i64::from(value) - i64::from(cell.starts);
        }
        for slot in self.rows.slots() {
            if !self.rows.row(slot).over {
                let value = self.rows.value_mut(slot, column);
                surplus += i64::from(*value) - i64::from(cell.starts);
                *value = cell.starts;
            }
        }
        self.totals[column] -= surplus;
    }
}

/// Where a cell that several cases share has the value for a key; `None` if the case has one of its own.
fn shared_at(cell: &Cell, key: u32) -> Option<usize> {
    match cell.per {
        Scope::Service => Some(0),
        Scope::Key if key != Record::NONE => Some(key as usize),
        Scope::Key | Scope::Case => None,
    }
}
