//! Deadlines: when one passes, whatever is in progress is given up.

use kernel::Time;

use super::Deadline;
use crate::RecordKind;
use crate::world::World;
use crate::world::parts::{Happening, Task, TaskState};

impl World {
    #[inline(never)]
    pub(in crate::world) fn begin_deadline(&mut self, task: u32, time: u16, level: u8, otherwise: u32) {
        let at = self.now + self.span_of(task, time);
        self.control(task).deadlines[usize::from(level)] = Deadline { at, otherwise };
        self.schedule(at, Happening::Deadline(task));
    }

    pub(in crate::world) fn end_deadline(&mut self, task: u32, level: u8) {
        self.control(task).deadlines[usize::from(level)] = Deadline::NONE;
    }

    /// A deadline of a task passes, unless it holds no longer.
    pub(in crate::world) fn deadline_passed(&mut self, task: u32) {
        let Task { state, service, .. } = self.tasks[task];
        if state == TaskState::Suspended {
            return;
        }
        if let Some(level) = self.passed_level(task) {
            self.pass_deadline(task, level);
            self.serve(service);
        }
    }

    /// The outermost deadline of a task that has passed.
    pub(super) fn passed_level(&self, task: u32) -> Option<usize> {
        let now = self.now;
        self.control_of(task)?
            .deadlines
            .iter()
            .position(|deadline| deadline.at <= now && deadline.at < Time::MAX)
    }

    /// The handler goes on where the deadline says, or fails. The deadlines inside of it are over too.
    pub(super) fn pass_deadline(&mut self, task: u32, level: usize) {
        self.note(task, RecordKind::DeadlinePassed);
        self.give_up_step(task);
        let deadlines = &mut self.control(task).deadlines[level..];
        let otherwise = deadlines[0].otherwise;
        deadlines.fill(Deadline::NONE);
        self.go_on_after_error(task, otherwise);
    }
}
