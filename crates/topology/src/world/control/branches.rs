//! Branches: steps of one handler that are done at once, and what it has done that can be undone.

use kernel::Time;

use super::Control;
use crate::world::World;
use crate::world::parts::{Task, TaskState};
use crate::{RecordKind, Step};

impl World {
    pub(in crate::world) fn is_branch(&self, task: u32) -> bool {
        self.control_of(task).is_some_and(|control| control.parent != Task::SIMPLE)
    }

    /// The branches of a task that are not done.
    pub(in crate::world) fn branches_of(&self, task: u32) -> impl Iterator<Item = u32> + '_ {
        let branches = self.control_of(task).into_iter().flat_map(|control| &control.branches);
        branches.copied().filter(|&branch| branch != Task::SIMPLE)
    }

    /// The handler that a branch belongs to, which is itself if it is none.
    pub(in crate::world) fn handler_of(&self, task: u32) -> u32 {
        let mut task = task;
        while let Some(control) = self.control_of(task).filter(|control| control.parent != Task::SIMPLE) {
            task = control.parent;
        }
        task
    }

    /// Begins the branches of a handler, which waits until all are done. Returns whether it goes on at once.
    #[inline(never)]
    pub(in crate::world) fn fork(&mut self, task: u32, number: u16, on_error: u32) -> bool {
        for index in 0..self.plan.forks[usize::from(number)].len() {
            let step = self.plan.forks[usize::from(number)][index];
            let state = TaskState::Ready;
            let doing = Task {
                worker: None,
                state,
                since: self.now,
                step,
                control: Task::SIMPLE,
                ..self.tasks[task]
            };
            let branch = self.tasks.insert(doing);
            let control = self.control(task);
            control.branches.push(branch);
            control.open += 1;
            let attempts = control.attempts;
            let control = self.control(branch);
            (control.parent, control.place) = (task, index as u32);
            // Chance is keyed by the attempt: what a branch draws is another time in each.
            control.attempts = attempts;
            self.branch_fields(task, branch);
        }
        // One that fails ends those that have not begun.
        let mut place = 0;
        while let Some(&branch) = self.control(task).branches.get(place) {
            self.run_handler(branch);
            place += 1;
        }
        let control = self.control(task);
        if std::mem::take(&mut control.broken) {
            if on_error == Step::FAIL {
                self.fail(task);
                return false;
            }
            self.tasks[task].step = on_error;
            return true;
        }
        if control.open == 0 {
            return true;
        }
        self.join(task);
        false
    }

    fn join(&mut self, task: u32) {
        let doing = &mut self.tasks[task];
        (doing.state, doing.since, doing.until) = (TaskState::Joining, self.now, Time::MAX);
        self.rest(task);
    }

    /// A handler that outlived a crash waits for its branches again, which go on as well.
    pub(super) fn rejoin(&mut self, task: u32) {
        let control = self.control(task);
        control.rejoins = false;
        let branches = control.branches.clone();
        self.join(task);
        for branch in branches {
            // One that failed has ended the others.
            if branch != Task::SIMPLE && self.tasks[branch].state == TaskState::Suspended {
                self.resume_branch(branch);
            }
        }
    }

    /// A branch is done.
    #[inline(never)]
    pub(in crate::world) fn joined(&mut self, branch: u32) {
        let Some(parent) = self.leave_fork(branch) else { return };
        if self.tasks[parent].state == TaskState::Joining && self.control(parent).open == 0 {
            self.go_on(parent);
        }
    }

    /// A branch has failed: the others end, and the handler goes on where it says.
    pub(in crate::world) fn branch_failed(&mut self, branch: u32) {
        let Some(parent) = self.leave_fork(branch) else { return };
        if self.tasks[parent].state != TaskState::Joining {
            // The others have just begun, or begin now.
            self.control(parent).broken = true;
            return self.end_branches(parent);
        }
        let at = self.tasks[parent].step - 1;
        let Step::Fork { on_error, .. } = self.plan.program[at as usize] else { return };
        self.give_up_step(parent);
        self.go_on_after_error(parent, on_error);
    }

    /// What a branch did last leads to what its handler does next.
    fn leave_fork(&mut self, branch: u32) -> Option<u32> {
        let Control { parent, place, .. } = *self.control_of(branch)?;
        self.tasks[parent].cause = self.tasks[branch].cause;
        self.release_task(branch);
        let control = self.control(parent);
        control.branches[place as usize] = Task::SIMPLE;
        control.open -= 1;
        if control.open == 0 {
            control.branches.clear();
        }
        Some(parent)
    }

    /// Gives up the branches of a handler.
    pub(super) fn end_branches(&mut self, task: u32) {
        let control = self.control(task);
        control.open = 0;
        for branch in std::mem::take(&mut control.branches) {
            if branch != Task::SIMPLE {
                self.give_up_step(branch);
                self.release_task(branch);
            }
        }
    }

    /// Something was done that may have to be undone.
    pub(in crate::world) fn note_done(&mut self, task: u32, number: u8) {
        let handler = self.handler_of(task);
        self.control(handler).done |= 1 << number;
    }

    /// Whether this was done and is to be undone now.
    #[inline(never)]
    pub(in crate::world) fn undoes(&mut self, task: u32, number: u8) -> bool {
        let handler = self.handler_of(task);
        let done = &mut self.control(handler).done;
        let was_done = *done >> number & 1 == 1;
        *done &= !(1 << number);
        if was_done {
            self.note(task, RecordKind::Undone { number });
        }
        was_done
    }
}
