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
