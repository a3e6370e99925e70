//! The tally: hands out turns, and keeps what was found.

use std::sync::Arc;

use crate::{Found, Study, Table, Turn, table};

/// What is known of a study so far. Turns are handed out seed by seed, every contender with the first seed, then with
/// the next, and the probes after the first round; what was found may come in any order.
#[derive(Clone, Debug)]
pub struct Tally {
    study: Arc<Study>,
    /// By contender, then by run.
    runs: Vec<Vec<Option<Found>>>,
    /// By contender, then by probe.
    probes: Vec<Vec<Option<Found>>>,
    /// The next to hand out.
    next: u64,
}

impl Tally {
    /// Before the first turn.
    pub fn new(study: Arc<Study>) -> Tally {
        let count = study.contenders.len();
        let probes = (0..count).map(|contender| vec![None; usize::from(study.probes(contender))]).collect();
        Tally { runs: vec![Vec::new(); count], probes, next: 0, study }
    }

    /// The study.
    pub fn study(&self) -> &Arc<Study> {
        &self.study
    }

    /// The next turn to be taken. `None`: there is nothing to do now; if [`Tally::is_over`] is false, there may be
    /// when what is under way has been found.
    pub fn next_turn(&mut self) -> Option<Turn> {
        let count = self.study.contenders.len() as u64;
        let (contender, number) = ((self.next % count) as u16, self.next / count);
        (number < self.study.settings.seeds).then(|| {
            self.next += 1;
            Turn::Run { contender, number }
        })
    }

    /// Takes what came of a turn.
    pub fn take(&mut self, turn: Turn, found: Found) {
        let (list, at) = match turn {
            Turn::Run { contender, number } => (&mut self.runs[usize::from(contender)], number as usize),
            Turn::Probe { contender, number } => (&mut self.probes[usize::from(contender)], number.into()),
        };
        if list.len() <= at {
            list.resize(at + 1, None);
        }
        list[at] = Some(found);
    }

    /// Whether every turn was taken, or as many as the precision needs.
    pub fn is_over(&self) -> bool {
        let (done, of) = self.progress();
        done >= of
    }

    /// How many turns were taken, and how many there are at most.
    pub fn progress(&self) -> (u64, u64) {
        let found = |lists: &[Vec<Option<Found>>]| lists.iter().flatten().flatten().count() as u64;
        let probes: usize = self.probes.iter().map(Vec::len).sum();
        let runs = self.study.settings.seeds * self.study.contenders.len() as u64;
        (found(&self.runs) + found(&self.probes), runs + probes as u64)
    }

    /// What is known now. Only seeds with which all contenders were run count. Differences are to the contender
    /// `baseline`.
    pub fn table(&self, baseline: usize) -> Table {
        table::table(&self.study, &self.runs, &self.probes, baseline)
    }
}
