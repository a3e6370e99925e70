//! Control: handlers that wait, try again, have deadlines, branch out, undo what they did, and outlive a crash.

use super::World;
use crate::{CellId, ExpressionId};

impl World {
    /// A handler waits for a time, or until a condition is true. Returns whether it goes on at once.
    pub(super) fn wait(&mut self, _task: u32, _until: ExpressionId, _time: u16, _otherwise: u32) -> bool {
        true
    }

    /// What a service keeps has changed: whoever waits for it may go on.
    pub(super) fn cell_changed(&mut self, _cell: CellId, _instance: u64) {}

    pub(super) fn begin_attempts(&mut self, _task: u32, _level: u8) {}

    /// Something failed: the handler tries again after a pause, or goes on where it gives up.
    pub(super) fn retry(&mut self, _task: u32, _policy: u16, _level: u8, _back: u32, _give_up: u32) {}

    pub(super) fn begin_deadline(&mut self, _task: u32, _time: u16, _level: u8, _otherwise: u32) {}

    pub(super) fn end_deadline(&mut self, _task: u32, _level: u8) {}

    pub(super) fn deadline_passed(&mut self, _task: u32) {}

    /// Begins the branches of a handler, which waits until all are done.
    pub(super) fn fork(&mut self, _task: u32, _branches: u16, _on_error: u32) {}

    /// A branch is done.
    pub(super) fn joined(&mut self, _task: u32) {}

    pub(super) fn note_done(&mut self, _task: u32, _number: u8) {}

    /// Whether this was done and is to be undone now.
    pub(super) fn undoes(&mut self, _task: u32, _number: u8) -> bool {
        false
    }
}
