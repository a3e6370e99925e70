//! Measuring the page: the open run, from its start to its end at full speed, through the same frames as ever.

use player::Command;

use crate::{Action, Board, Session};

/// A measurement under way.
pub struct Measurement {
    begun_ms: f64,
    engine_ms: f64,
    done: Box<dyn FnOnce(Measured)>,
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Occurrences of the engine in the whole run.
    pub occurrences: u64,
    /// How long the page took, drawing and waiting for frames included.
    pub page_ms: f64,
    /// How much of that the player took, with folding and counting its records.
    pub engine_ms: f64,
}

impl Measurement {
    /// Begins the run again, and winds it to its end.
    pub fn begin(session: &mut Session, now_ms: f64, done: Box<dyn FnOnce(Measured)>) -> Self {
        session.act(Action::ShowBoard(Board::Stage));
        session.act(Action::Run(Command::Restart));
        session.act(Action::Run(Command::RunToEnd));
        Measurement { begun_ms: now_ms, engine_ms: 0.0, done }
    }

    /// Takes a frame into account. Returns itself until the run has ended.
    pub fn after_frame(mut self, session: &Session, engine_ms: f64, now_ms: f64) -> Option<Self> {
        let player = session.player()?;
        self.engine_ms += engine_ms;
        if player.seeking().is_some() {
            return Some(self);
        }
        let (occurrences, engine_ms) = (player.world().occurrences(), self.engine_ms);
        (self.done)(Measured { occurrences, page_ms: now_ms - self.begun_ms, engine_ms });
        None
    }
}

/// What frames cost: the mean over so many of them.
pub struct FrameMeter {
    count: u32,
    left: u32,
    spent_ms: f64,
    done: Box<dyn FnOnce(f64)>,
}

impl FrameMeter {
    /// Calls `done` with the mean of the milliseconds that each of the next frames takes.
    pub fn begin(count: u32, done: Box<dyn FnOnce(f64)>) -> Self {
        let count = count.max(1);
        FrameMeter { count, left: count, spent_ms: 0.0, done }
    }

    /// Takes a frame into account. Returns itself until it has seen enough.
    pub fn after_frame(mut self, took_ms: f64) -> Option<Self> {
        (self.left, self.spent_ms) = (self.left - 1, self.spent_ms + took_ms);
        if self.left > 0 {
            return Some(self);
        }
        (self.done)(self.spent_ms / f64::from(self.count));
        None
    }
}
