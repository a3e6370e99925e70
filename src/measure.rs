//! Measuring the engine inside the page: the open run, played to its end again and again at full speed.

use player::Command;

use crate::{Action, Session};

/// A measurement under way.
pub struct Measurement {
    wanted_ms: f64,
    begun_ms: f64,
    occurrences_before: u64,
    result: Measured,
    done: Box<dyn FnOnce(Measured)>,
}

/// What was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// Occurrences of the engine.
    pub events: u64,
    /// How long the player took for them, folding included.
    pub engine_ms: f64,
    /// How long the page took, drawing and waiting for frames included.
    pub page_ms: f64,
}

impl Measurement {
    /// Begins; the engine will be busy for so many milliseconds.
    pub fn begin(session: &mut Session, wanted_ms: f64, now: f64, done: Box<dyn FnOnce(Measured)>) -> Self {
        run_again(session);
        let result = Measured::default();
        Measurement { wanted_ms, begun_ms: now, occurrences_before: 0, result, done }
    }

    /// Takes a frame into account. Returns itself until enough was seen.
    pub fn after_frame(mut self, session: &mut Session, engine_ms: f64, now: f64) -> Option<Self> {
        let player = session.player()?;
        let occurrences = player.world().occurrences();
        self.result.events += occurrences.saturating_sub(self.occurrences_before);
        self.result.engine_ms += engine_ms;
        self.result.page_ms = now - self.begun_ms;
        self.occurrences_before = occurrences;
        if self.result.engine_ms >= self.wanted_ms {
            (self.done)(self.result);
            return None;
        }
        if player.is_over() {
            self.occurrences_before = 0;
            run_again(session);
        }
        Some(self)
    }
}

fn run_again(session: &mut Session) {
    session.act(Action::Run(Command::Restart));
    session.act(Action::Run(Command::RunToEnd));
}
