//! Several runs side by side, with one clock; and the run of a contender, opened alone.

use kernel::Time;

use super::Session;
use crate::snapshot::Board;

/// The lane that runs as the present run would without what was done to it by hand.
pub const WITHOUT: &str = "without what I did";

impl Session {
    pub(super) fn show_board(&mut self, board: Board) {
        self.board = board;
    }

    /// The run of a contender, alone on the stage, just before a moment.
    pub(super) fn open_run(&mut self, _wish: &str, _seed: u64, _at: Option<Time>, _case: Option<u32>) {
        self.show_board(Board::Stage);
    }
}
