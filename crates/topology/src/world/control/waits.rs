//! Waits: for a time, or until what the service keeps makes a condition true.
//!
//! Who waits is found by the cells that the condition names; nobody looks again and again. Whoever changes a cell
//! first comes to rest, and then those who waited for it go on, in the order in which they began to wait. What is
//! kept for a time only (a lease) changes when that is over, without anybody doing anything: who waits for it looks
//! again at that moment.

use std::collections::BTreeMap;

use kernel::Time;

use crate::world::parts::{Happening, Task, TaskState};
use crate::world::{Halt, World};
use crate::{CellId, ExpressionId, Place, RecordKind, Step, Term};

/// Who waits for which cells, and which of these have changed.
#[derive(Clone, Debug, Default)]
pub(in crate::world) struct Waiters {
    /// Tasks by cell, instance, and the record with which the wait began.
    by_cell: BTreeMap<(CellId, u64, u64), u32>,
    changed: Vec<Change>,
    /// How many were woken since the last time that nobody had to be.
    woken: u32,
}

/// A cell for which somebody waits was changed.
#[derive(Clone, Copy, Debug)]
struct Change {
    cell: CellId,
    instance: u64,
    /// The number of the record that tells of it.
    record: u64,
}

impl World {
    /// A handler waits for a time, or until a condition is true. Returns whether it goes on at once.
    #[inline(never)]
    pub(in crate::world) fn wait(&mut self, task: u32, until: ExpressionId, time: u16) -> bool {
        let again = self.take_again(task);
        if until != Step::NOTHING && self.value(task, until) != 0 {
            return true;
        }
        let ends = match again {
            Time::MAX if time == u16::MAX => Time::MAX,
            Time::MAX => self.now + self.span_of(task, time),
            known => known.max(self.now),
        };
        self.note(task, RecordKind::Waits);
        let ticket = self.tasks[task].cause;
        if until != Step::NOTHING {
            self.control(task).ticket = ticket;
            for cell in self.cells_of(until) {
                let key = (cell, self.instance_for(task, cell), ticket);
                self.waiters.by_cell.insert(key, task);
            }
            self.look_again_later(task, until);
        }
        self.sleep(task, ends);
        false
    }

    /// A task looks again as soon as time is over for something that its condition names, if it is kept for a time.
    fn look_again_later(&mut self, task: u32, until: ExpressionId) {
        let mut at = Time::MAX;
        for cell in self.cells_of(until) {
            if self.plan.cells[cell.index()].lasts.is_some() {
                at = at.min(self.forgotten_at(cell, self.instance_for(task, cell)));
            }
        }
        let now = self.now;
        let looks_again = &mut self.control(task).looks_again;
        // Where it looks before that anyway, it is soon enough to ask then: a lease may be renewed many times.
        if (at < *looks_again || *looks_again <= now) && at < Time::MAX {
            *looks_again = at;
            self.schedule(at, Happening::LookAgain(task));
        }
    }

    /// A task looks whether what it waits for has come true, because something was forgotten; unless it waits no
    /// longer, or for something else.
    pub(in crate::world) fn look_again(&mut self, task: u32) {
        let Some(until) = self.condition_of(task) else { return };
        if self.control_of(task).is_none_or(|control| control.looks_again != self.now) {
            return;
        }
        if self.value(task, until) == 0 {
            self.look_again_later(task, until);
        } else {
            self.wake_one(task);
        }
    }

    /// When the wait ends that is begun anew.
    pub(super) fn take_again(&mut self, task: u32) -> Time {
        if self.tasks[task].control == Task::SIMPLE {
            return Time::MAX;
        }
        std::mem::replace(&mut self.control(task).again, Time::MAX)
    }

    /// What a service keeps has changed: whoever waits for it may go on, once the present handler rests.
    pub(in crate::world) fn cell_changed(&mut self, cell: CellId, instance: u64) {
        let waiters = &mut self.waiters;
        if waiters.by_cell.is_empty() || waiters.after(cell, instance, 0).is_none() {
            return;
        }
        let record = self.records_made;
        let same = |change: &&mut Change| (change.cell, change.instance) == (cell, instance);
        match waiters.changed.iter_mut().find(same) {
            Some(known) => known.record = record,
            None => waiters.changed.push(Change { cell, instance, record }),
        }
    }

    /// Lets those go on whose conditions have become true.
    #[inline]
    pub(in crate::world) fn wake(&mut self) {
        if !self.waiters.changed.is_empty() {
            self.wake_all();
        }
    }

    #[inline(never)]
    fn wake_all(&mut self) {
        self.waiters.woken = 0;
        while !self.waiters.changed.is_empty() && self.halted.is_none() {
            let change = self.waiters.changed.remove(0);
            self.wake_by(change);
        }
    }

    fn wake_by(&mut self, change: Change) {
        let mut last = 0;
        while let Some((ticket, task)) = self.waiters.after(change.cell, change.instance, last) {
            last = ticket;
            let until = self.condition_of(task);
            debug_assert_eq!(self.control_of(task).map(|it| it.ticket), Some(ticket), "a wait that is over");
            let Some(until) = until else { continue };
            if self.value(task, until) == 0 {
                if self.plan.cells[change.cell.index()].lasts.is_some() {
                    self.look_again_later(task, until);
                }
                continue;
            }
            if self.waiters.woken == World::STEPS_WITHOUT_TIME_MAX {
                // They wake each other in turns, and time would never move again.
                return self.halt(Halt::Standstill, Place::Service(self.tasks[task].service));
            }
            self.waiters.woken += 1;
            self.tasks[task].cause = change.record;
            self.wake_one(task);
        }
    }

    /// What a task waits for has come true.
    fn wake_one(&mut self, task: u32) {
        self.stop_listening(task);
        let Task { service, until: ends, .. } = self.tasks[task];
        self.note(task, RecordKind::Woken);
        if self.needs_worker(task) {
            // By the time a worker is free, somebody else may have made the condition false again.
            self.control(task).again = ends;
            self.tasks[task].step -= 1;
        }
        self.go_on(task);
        self.serve(service);
    }

    fn needs_worker(&self, task: u32) -> bool {
        self.tasks[task].worker.is_none() && !self.is_branch(task)
    }

    /// The condition for which a task sleeps.
    pub(in crate::world) fn condition_of(&self, task: u32) -> Option<ExpressionId> {
        let Task { state, step, .. } = self.tasks[task];
        let Step::Wait { until, .. } = self.plan.program[step.checked_sub(1)? as usize] else { return None };
        (state == TaskState::Sleeping && until != Step::NOTHING).then_some(until)
    }

    /// A task no longer waits for a condition, if it did; it still is behind its step.
    pub(super) fn stop_listening(&mut self, task: u32) {
        let at = self.tasks[task].step - 1;
        let Step::Wait { until, .. } = self.plan.program[at as usize] else { return };
        let Some(ticket) = self.control_of(task).map(|control| control.ticket) else { return };
        if until != Step::NOTHING {
            for cell in self.cells_of(until) {
                let key = (cell, self.instance_for(task, cell), ticket);
                self.waiters.by_cell.remove(&key);
            }
        }
    }

    fn cells_of(&self, condition: ExpressionId) -> Vec<CellId> {
        let mut cells = Vec::new();
        self.plan.expressions[condition.index()].terms(&mut |term| {
            if let Term::Cell(cell) = term {
                cells.push(cell);
            }
        });
        cells
    }

    fn instance_for(&self, task: u32, cell: CellId) -> u64 {
        self.instance_of(cell, self.messages[self.tasks[task].message].case)
    }

    /// A task has slept until the moment it was to sleep until.
    #[inline(never)]
    pub(in crate::world) fn slept(&mut self, task: u32) {
        let at = self.tasks[task].step - 1;
        let step = self.plan.program[at as usize];
        if let Step::Wait { until, otherwise, .. } = step
            && until != Step::NOTHING
        {
            self.stop_listening(task);
            self.note(task, RecordKind::TimedOut);
            return self.go_on_after_error(task, otherwise);
        }
        if let Step::Retry { back, .. } = step {
            self.tasks[task].step = back;
        }
        self.go_on(task);
    }
}

impl Waiters {
    /// The first to wait for a cell who began after a record.
    fn after(&self, cell: CellId, instance: u64, record: u64) -> Option<(u64, u32)> {
        let mut those = self.by_cell.range((cell, instance, record + 1)..=(cell, instance, u64::MAX));
        those.next().map(|(&(_, _, ticket), &task)| (ticket, task))
    }
}
