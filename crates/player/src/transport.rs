//! The transport: plays a world, and can wind it to any time.

use std::collections::VecDeque;
use std::sync::Arc;

use analysis::{Fold, Summary};
use kernel::{Span, Time};
use topology::{Act, Plan, Record, World};

use crate::{Command, Intervention};

/// A world being played, with the fold over its records.
#[derive(Clone, Debug)]
pub struct Player {
    world: World,
    fold: Fold,
    playing: bool,
    /// Simulated seconds per real second.
    speed: f64,
    /// Where a seek goes.
    target: Option<Time>,
    /// Where time has come to; the world may lag behind when the budget was short.
    due: Time,
    interventions: Vec<Intervention>,
    /// How many of the interventions have been done in this run.
    done: usize,
    /// The latest records before those that the world still holds.
    recent: VecDeque<Record>,
    /// How many of the records that the world holds were folded.
    folded: usize,
    runs: u32,
}

/// What an [`Player::advance`] came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing moves.
    Still,
    /// The world is where time has come to.
    Arrived,
    /// The budget ended first: simulation takes longer than the time it simulates.
    Behind,
}

impl Player {
    /// The slowest speed.
    pub const SPEED_MIN: f64 = 0.01;
    /// The greatest speed.
    pub const SPEED_MAX: f64 = 1000.0;
    /// How many of the latest records are kept for drawing and reading.
    pub const RECENT_MAX: usize = 4096;
    /// After so many occurrences the budget is asked again: V8 replaces code only between calls, and a page
    /// wants to know within a fraction of a millisecond.
    const SLICE: u32 = 256;

    /// At the beginning of a run, paused, at the speed of the clock.
    pub fn new(plan: Arc<Plan>, seed: u64) -> Self {
        Player {
            fold: Fold::new(&plan),
            world: World::new(plan, seed).record(),
            playing: false,
            speed: 1.0,
            target: None,
            due: Time::ZERO,
            interventions: Vec::new(),
            done: 0,
            recent: VecDeque::new(),
            folded: 0,
            runs: 0,
        }
    }

    /// Will do what a person did to another run, at the same times, as far as the places are here too: the same
    /// accident in another architecture. To be called before the run begins.
    pub fn repeat(&mut self, other: &Player) {
        let (from, to) = (other.world.plan(), self.world.plan());
        let here = |done: &Intervention| {
            Some(Intervention { act: done.act.in_plan(from, to)?, after: None, ..*done })
        };
        self.interventions = other.interventions.iter().filter_map(here).collect();
    }

    /// Does what a person asked for.
    pub fn command(&mut self, command: Command) {
        match command {
            Command::Play => {
                if self.is_over() {
                    self.rewind();
                }
                self.playing = true;
            }
            Command::Pause => self.pause(),
            Command::StepEvent => {
                self.pause();
                self.step_to_next_record();
                self.due = self.world.now();
            }
            Command::SetSpeed(speed) if speed.is_finite() => {
                self.speed = speed.clamp(Self::SPEED_MIN, Self::SPEED_MAX);
            }
            Command::SetSpeed(_) => {}
            Command::Restart => self.rewind(),
            Command::RunToEnd => self.target = Some(Time::MAX),
            Command::Seek(time) => {
                if time < self.world.now() {
                    self.rewind();
                }
                self.target = Some(time);
            }
            Command::Inject(act) => self.inject(act),
            Command::ForgetInterventions => {
                self.interventions.clear();
                self.rewind();
            }
        }
    }

    fn pause(&mut self) {
        self.playing = false;
        self.target = None;
        self.due = self.world.now();
    }

    /// Some occurrences are void, and a person who steps wants to see something happen.
    fn step_to_next_record(&mut self) {
        let before = self.world.records_made();
        while self.world.records_made() == before && self.step_slice(Time::MAX, 1) {}
    }

    fn rewind(&mut self) {
        self.runs += 1;
        let plan = self.world.plan().clone();
        self.world = World::new(plan.clone(), self.world.seed()).record();
        self.fold = Fold::new(&plan);
        self.target = None;
        self.due = Time::ZERO;
        self.done = 0;
        self.recent.clear();
        self.folded = 0;
    }

    fn inject(&mut self, act: Act) {
        self.interventions.truncate(self.done);
        let (at, after) = (self.world.now(), self.world.occurrences());
        self.interventions.push(Intervention { at, after: Some(after), act });
        self.intervene();
        self.collect();
    }

    /// Lets `elapsed` of real time pass. `go_on` is asked between slices; when it says no, the world stays
    /// where it is, and catches up only as far as later budgets allow: time itself waits for it.
    pub fn advance(&mut self, elapsed: Span, go_on: &mut dyn FnMut() -> bool) -> Progress {
        self.retire_records();
        let limit = match self.target {
            Some(target) => target,
            None if self.playing => {
                self.due = self.due.max(self.world.now()) + elapsed.scaled(self.speed);
                self.due
            }
            None => return Progress::Still,
        };
        loop {
            if !self.step_slice(limit, Self::SLICE) {
                self.world.pass(self.next_stop(limit));
                self.fold.pass(self.world.now());
                self.target = None;
                self.due = self.world.now();
                if self.is_over() {
                    self.playing = false;
                }
                return Progress::Arrived;
            }
            if !go_on() {
                // Time waits, rather than piling up a debt that could never be paid.
                self.due = self.world.now();
                return Progress::Behind;
            }
        }
    }

    /// Lets up to `most` occurrences happen, and the interventions between them. Returns whether there is more
    /// to do before `limit`.
    fn step_slice(&mut self, limit: Time, most: u32) -> bool {
        let mut more = true;
        for _ in 0..most {
            if let Some(next) = self.next_intervention() {
                if next.at > limit {
                    more = false;
                    break;
                }
                self.world.pass(next.at);
                self.intervene();
            } else if !self.world.step(limit) {
                more = false;
                break;
            }
        }
        self.collect();
        more
    }

    /// The next intervention, if nothing happens before it.
    fn next_intervention(&mut self) -> Option<Intervention> {
        let next = *self.interventions.get(self.done)?;
        let is_next = match next.after {
            Some(after) => after == self.world.occurrences(),
            None => self.world.next_time().is_none_or(|time| time > next.at),
        };
        is_next.then_some(next)
    }

    /// How far time may pass without missing an intervention.
    fn next_stop(&self, limit: Time) -> Time {
        self.interventions.get(self.done).map_or(limit, |next| limit.min(next.at))
    }

    fn intervene(&mut self) {
        if let Some(intervention) = self.interventions.get_mut(self.done) {
            intervention.after = Some(self.world.occurrences());
            self.world.apply(intervention.act);
            self.done += 1;
        }
    }

    /// Folds the records that are new.
    fn collect(&mut self) {
        for record in &self.world.records()[self.folded..] {
            self.fold.take(record);
        }
        self.folded = self.world.records().len();
    }

    /// Takes the records out of the world; the latest are kept.
    fn retire_records(&mut self) {
        let records = self.world.records();
        self.recent.extend(&records[records.len().saturating_sub(Self::RECENT_MAX)..]);
        let surplus = self.recent.len().saturating_sub(Self::RECENT_MAX);
        self.recent.drain(..surplus);
        self.world.clear_records();
        self.folded = 0;
    }

    /// The world as it is now.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The fold over all records so far.
    pub fn fold(&self) -> &Fold {
        &self.fold
    }

    /// The figures so far.
    pub fn summary(&mut self) -> Summary {
        Summary::of(&self.world, &mut self.fold)
    }

    /// Whether time passes.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// Where a seek goes, while it is on its way.
    pub fn seeking(&self) -> Option<Time> {
        self.target
    }

    /// Whether the run has come to its end.
    pub fn is_over(&self) -> bool {
        self.world.halted().is_some() || self.world.now() >= self.world.plan().length
    }

    /// Simulated seconds per real second.
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// What a person did in this run, and will do again after a restart.
    pub fn interventions(&self) -> &[Intervention] {
        &self.interventions
    }

    /// How often the run was begun again: who follows [`Player::fresh`] starts anew when this changes.
    pub fn runs(&self) -> u32 {
        self.runs
    }

    /// The latest records, oldest first: up to [`Player::RECENT_MAX`].
    pub fn recent(&self) -> impl DoubleEndedIterator<Item = &Record> {
        let fresh = self.fresh();
        let latest = &fresh[fresh.len().saturating_sub(Self::RECENT_MAX)..];
        let room = Self::RECENT_MAX - latest.len();
        self.recent.range(self.recent.len().saturating_sub(room)..).chain(latest)
    }

    /// Records made since the last [`Player::advance`] began, by it or by a command after it.
    pub fn fresh(&self) -> &[Record] {
        self.world.records()
    }
}
