//! Cells: what services keep between messages.

use std::collections::BTreeMap;

use kernel::Time;

use super::World;
use super::parts::Task;
use crate::slab::Slab;
use crate::{CellId, ExpressionId, Place, Plan, Record, RecordKind, Scope, ServiceId};

/// Every value that is not what its cell starts with. What is not here is as it was at the start.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    /// Where a value lies, by cell and what it is kept for.
    index: BTreeMap<u64, u32>,
    values: Slab<Kept>,
    /// The cells in which a case may have a value of its own.
    of_cases: Vec<CellId>,
    /// As soon as there are so many values, those are dropped whose time is over.
    sweep_at: usize,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    value: i32,
    /// From then on it is forgotten.
    until: Time,
}

/// What a value is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeptFor {
    /// A case, by its number in the run.
    Case(u32),
    /// A key.
    Key(u32),
    /// Nothing in particular: there is one value.
    All,
}

/// A value that a service keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellView {
    /// In which cell.
    pub cell: CellId,
    /// For what.
    pub of: KeptFor,
    /// The value.
    pub value: i32,
}

/// Marks an instance as the slot of a case; without it, it is a key.
const CASE: u64 = 1 << 32;
/// Instances have this many bits; a cell's number stands before them.
const INSTANCE_BITS: u32 = 40;
/// When a service loses what it keeps, so many values of each cell are recorded one by one.
const LOST_ONE_BY_ONE_MAX: usize = 1_000;

impl Cells {
    const SWEEP_MIN: usize = 1_024;

    pub(super) fn of(plan: &Plan) -> Self {
        let ids = (0..plan.cells.len() as u16).map(CellId);
        let of_cases = ids.filter(|id| plan.cells[id.index()].per != Scope::Service).collect();
        Cells { of_cases, sweep_at: Self::SWEEP_MIN, ..Cells::default() }
    }

    fn key(cell: CellId, instance: u64) -> u64 {
        u64::from(cell.0) << INSTANCE_BITS | instance
    }

    fn get(&self, key: u64, now: Time) -> Option<i32> {
        let kept = self.values[*self.index.get(&key)?];
        (kept.until > now).then_some(kept.value)
    }

    fn set(&mut self, key: u64, kept: Kept) {
        if let Some(&known) = self.index.get(&key) {
            self.values[known] = kept;
        } else {
            let new = self.values.insert(kept);
            self.index.insert(key, new);
        }
    }

    fn remove(&mut self, key: u64) {
        if let Some(known) = self.index.remove(&key) {
            self.values.release(known);
        }
    }

    /// Drops what is over, whenever there is twice as much as after the last time.
    fn sweep(&mut self, now: Time) {
        if self.index.len() < self.sweep_at {
            return;
        }
        let over = self.index.iter().filter(|(_, at)| self.values[**at].until <= now);
        let over: Vec<u64> = over.map(|(&key, _)| key).collect();
        over.into_iter().for_each(|key| self.remove(key));
        self.sweep_at = Self::SWEEP_MIN.max(2 * self.index.len());
    }

    /// The keys of everything that is kept in a cell.
    fn keys_of(&self, cell: CellId) -> impl Iterator<Item = u64> + '_ {
        let range = Cells::key(cell, 0)..Cells::key(CellId(cell.0 + 1), 0);
        self.index.range(range).map(|(&key, _)| key)
    }
}

impl World {
    /// Which of a cell's values is that of a case.
    pub(super) fn instance_of(&self, cell: CellId, case: u32) -> u64 {
        let entity = self.cases[case].entity;
        match self.plan.cells[cell.index()].per {
            Scope::Service => 0,
            Scope::Key if entity != Record::NONE => u64::from(entity),
            Scope::Key | Scope::Case => CASE | u64::from(case),
        }
    }

    /// The key that a value is kept for, if it is kept for one.
    fn key_of(&self, cell: CellId, instance: u64) -> u32 {
        let of_key = self.plan.cells[cell.index()].per == Scope::Key && instance & CASE == 0;
        if of_key { instance as u32 } else { Record::NONE }
    }

    /// What a cell holds.
    pub(super) fn cell_value(&self, cell: CellId, instance: u64) -> i32 {
        let kept = self.cells.get(Cells::key(cell, instance), self.now);
        kept.unwrap_or(self.plan.cells[cell.index()].starts)
    }

    /// When what a cell holds is forgotten by itself; [`Time::MAX`]: never.
    pub(super) fn forgotten_at(&self, cell: CellId, instance: u64) -> Time {
        let kept = self.cells.index.get(&Cells::key(cell, instance)).map(|&at| self.cells.values[at].until);
        kept.filter(|&until| until > self.now).unwrap_or(Time::MAX)
    }

    /// Keeps a value.
    pub(super) fn store(&mut self, task: u32, cell: CellId, value: ExpressionId) {
        let value = super::values::narrow(self.value(task, value));
        self.keep_in_cell(task, cell, value);
    }

    /// Keeps nothing any more: the cell is as it was at the start.
    pub(super) fn forget_cell(&mut self, task: u32, cell: CellId) {
        self.keep_in_cell(task, cell, self.plan.cells[cell.index()].starts);
    }

    fn keep_in_cell(&mut self, task: u32, cell: CellId, value: i32) {
        let Task { message, .. } = self.tasks[task];
        let instance = self.instance_of(cell, self.messages[message].case);
        let before = self.cell_value(cell, instance);
        let plan = &self.plan.cells[cell.index()];
        let key = Cells::key(cell, instance);
        if value == plan.starts {
            self.cells.remove(key);
        } else {
            let until = plan.lasts.map_or(Time::MAX, |lasts| self.now + lasts);
            self.cells.sweep(self.now);
            self.cells.set(key, Kept { value, until });
        }
        let key = self.key_of(cell, instance);
        self.note(task, RecordKind::Stored { cell, key, value, before });
        self.cell_changed(cell, instance);
    }

    /// A case is over, and what was kept for it alone is dropped.
    #[inline]
    pub(super) fn drop_cells_of(&mut self, case: u32) {
        for index in 0..self.cells.of_cases.len() {
            self.cells.remove(Cells::key(self.cells.of_cases[index], CASE | u64::from(case)));
        }
    }

    /// What a service has in memory, or all that it keeps, is again as it was at the start.
    pub(super) fn lose_cells(&mut self, service: ServiceId, kept_too: bool, cause: u64) {
        let ids = (0..self.plan.cells.len() as u16).map(CellId);
        let lost = |id: &CellId| {
            let cell = &self.plan.cells[id.index()];
            cell.service == service && (kept_too || !cell.kept)
        };
        let lost: Vec<CellId> = ids.filter(lost).collect();
        for cell in lost {
            let instances = self.empty(cell, cause);
            // Nobody who waits in memory has outlived a crash.
            for instance in instances.into_iter().filter(|_| kept_too) {
                self.cell_changed(cell, instance);
            }
        }
    }

    /// Everything in a cell is lost. There are records of the first of many; the act itself tells of all. Returns
    /// what it was kept for.
    fn empty(&mut self, cell: CellId, cause: u64) -> Vec<u64> {
        let plan = &self.plan.cells[cell.index()];
        let (starts, place) = (plan.starts, Place::Service(plan.service));
        let keys: Vec<u64> = self.cells.keys_of(cell).collect();
        for (number, &at) in keys.iter().enumerate() {
            let before = self.cells.get(at, self.now);
            self.cells.remove(at);
            if let Some(before) = before
                && number < LOST_ONE_BY_ONE_MAX
            {
                let (key, case) = (self.key_of(cell, at), (at & CASE != 0).then_some(at as u32));
                let kind = RecordKind::Stored { cell, key, value: starts, before };
                self.emit(cause, case, None, place, kind);
            }
        }
        keys.into_iter().map(|key| key & ((1 << INSTANCE_BITS) - 1)).collect()
    }

    /// What a service keeps that is not as it was at the start, in order.
    pub fn cells(&self, service: ServiceId) -> impl Iterator<Item = CellView> + '_ {
        let ids = (0..self.plan.cells.len() as u16).map(CellId);
        let own = ids.filter(move |id| self.plan.cells[id.index()].service == service);
        own.flat_map(|cell| self.kept_in(cell))
    }

    fn kept_in(&self, cell: CellId) -> impl Iterator<Item = CellView> + '_ {
        self.cells.keys_of(cell).filter_map(move |at| {
            let value = self.cells.get(at, self.now)?;
            let of = match self.key_of(cell, at) {
                Record::NONE if at & CASE != 0 => KeptFor::Case(self.cases[at as u32].number),
                Record::NONE => KeptFor::All,
                key => KeptFor::Key(key),
            };
            Some(CellView { cell, of, value })
        })
    }

    /// The sum of everything in a cell: over all keys that requests can be about, or all cases that are not over.
    pub fn cell_total(&self, cell: CellId) -> i64 {
        let plan = &self.plan.cells[cell.index()];
        let keys = self.plan.clients.iter().filter_map(|client| client.keys).max();
        let count = match (plan.per, keys) {
            (Scope::Service, _) => 1,
            (Scope::Key, Some(keys)) => u64::from(keys),
            (Scope::Key, None) | (Scope::Case, _) => self.cases.len() as u64,
        };
        let starts = i64::from(plan.starts);
        let more = self.kept_in(cell).map(|view| i64::from(view.value) - starts).sum::<i64>();
        more.saturating_add(starts.saturating_mul(count as i64))
    }
}

#[cfg(test)]
mod tests {
    use kernel::Span;

    use super::*;

    #[test]
    fn what_is_over_is_kept_for_ever() {
        let mut cells = Cells { sweep_at: Cells::SWEEP_MIN, ..Cells::default() };
        let mut most = 0;
        for key in 0..100_000 {
            let now = Time::from_nanos(key);
            cells.sweep(now);
            cells.set(Cells::key(CellId(3), key), Kept { value: 1, until: now + Span::from_nanos(1000) });
            most = most.max(cells.index.len());
        }
        assert!(most < 4 * Cells::SWEEP_MIN, "{most} values where 1,000 are not over");
    }
}
