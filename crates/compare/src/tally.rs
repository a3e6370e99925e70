//! The tally: hands out turns, and keeps what was found.

use std::sync::Arc;

use crate::table::too_wide;
use crate::{Found, Study, Table, Turn, table};

/// What is known of a study so far. Turns are handed out seed by seed, every contender with the first seed, then with
/// the next, and the probes after the first eight seeds; what was found may come in any order.
///
/// With a precision they are handed out in rounds, which end after 16, 32, 64, ... seeds: whether there are enough is
/// decided when all of a round has been found, from nothing else, so that it does not depend on who was faster.
#[derive(Clone, Debug)]
pub struct Tally {
    study: Arc<Study>,
    /// By contender, then by run.
    runs: Vec<Vec<Option<Found>>>,
    /// By contender, then by probe.
    probes: Vec<Vec<Option<Found>>>,
    /// The run to hand out next: seed by seed, then by contender.
    next_run: u64,
    /// The probe to hand out next: its contender and its number.
    next_probe: (usize, u16),
    /// With how many seeds the round ends that is played.
    round: u64,
    /// How many runs of the round have not been found.
    missing: u64,
    /// How many turns have been found.
    found: u64,
}

impl Tally {
    /// Before the first turn.
    pub fn new(study: Arc<Study>) -> Tally {
        let count = study.contenders.len();
        let probes = (0..count).map(|contender| vec![None; usize::from(study.probes(contender))]).collect();
        let seeds = study.settings.seeds;
        let round = if study.settings.precision.is_some() { seeds.min(ROUND) } else { seeds };
        Tally {
            runs: vec![Vec::new(); count],
            probes,
            next_run: 0,
            next_probe: (0, 0),
            round,
            missing: round * count as u64,
            found: 0,
            study,
        }
    }

    /// The study.
    pub fn study(&self) -> &Arc<Study> {
        &self.study
    }

    /// The next turn to be taken. `None`: there is nothing to do now; if [`Tally::is_over`] is false, there may be
    /// when what is under way has been found.
    pub fn next_turn(&mut self) -> Option<Turn> {
        let count = self.study.contenders.len() as u64;
        if self.next_run >= PROBES_AFTER.min(self.round) * count
            && let Some(turn) = self.next_probe()
        {
            return Some(turn);
        }
        let (contender, number) = ((self.next_run % count) as u16, self.next_run / count);
        (number < self.round).then(|| {
            self.next_run += 1;
            Turn::Run { contender, number }
        })
    }

    fn next_probe(&mut self) -> Option<Turn> {
        while let Some(probes) = self.probes.get(self.next_probe.0) {
            let (contender, number) = self.next_probe;
            if usize::from(number) < probes.len() {
                self.next_probe.1 += 1;
                return Some(Turn::Probe { contender: contender as u16, number });
            }
            self.next_probe = (contender + 1, 0);
        }
        None
    }

    /// Takes what came of a turn. What comes a second time is the same and changes nothing.
    pub fn take(&mut self, turn: Turn, found: Found) {
        let (list, at) = match turn {
            Turn::Run { contender, number } => (&mut self.runs[usize::from(contender)], number as usize),
            Turn::Probe { contender, number } => (&mut self.probes[usize::from(contender)], number.into()),
        };
        if list.len() <= at {
            list.resize(at + 1, None);
        }
        if list[at].replace(found).is_some() {
            return;
        }
        self.found += 1;
        if let Turn::Run { number, .. } = turn
            && number < self.round
        {
            self.missing -= 1;
            while self.missing == 0 && self.round < self.study.settings.seeds && !self.is_narrow_enough() {
                self.begin_round();
            }
        }
    }

    fn is_narrow_enough(&self) -> bool {
        self.study.settings.precision.is_some() && too_wide(&self.study, &self.runs, self.round).is_none()
    }

    fn begin_round(&mut self) {
        let before = self.round;
        self.round = (before * 2).min(self.study.settings.seeds);
        let known = |runs: &Vec<Option<Found>>| {
            let of_round = runs.iter().take(self.round as usize).skip(before as usize);
            of_round.flatten().count() as u64
        };
        let count = self.study.contenders.len() as u64;
        self.missing = (self.round - before) * count - self.runs.iter().map(known).sum::<u64>();
    }

    /// Whether every turn was taken, or as many as the precision needs.
    pub fn is_over(&self) -> bool {
        let (done, of) = self.progress();
        done >= of
    }

    /// How many turns were taken, and how many there are at most.
    pub fn progress(&self) -> (u64, u64) {
        let probes = self.probes.iter().map(|probes| probes.len() as u64).sum::<u64>();
        // A round that has been found and is not followed by another was the last.
        let seeds = if self.missing == 0 { self.round } else { self.study.settings.seeds };
        (self.found, seeds * self.study.contenders.len() as u64 + probes)
    }

    /// What is known now. Only seeds with which all contenders were run count. Differences are to the contender
    /// `baseline`.
    pub fn table(&self, baseline: usize) -> Table {
        table::table(&self.study, &self.runs, &self.probes, baseline, self.is_over())
    }
}

/// After so many seeds there is a first table, and the probes are made.
const PROBES_AFTER: u64 = 8;
/// With so many seeds the first round ends; each further one ends with twice as many.
const ROUND: u64 = 16;
