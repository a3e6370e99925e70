//! The transport: plays a world, and can wind it to any time.

use std::collections::VecDeque;
use std::sync::Arc;

use analysis::{Fold, Summary};
use kernel::{Span, Time};
use topology::{Act, ChannelId, Plan, Record, World};

use crate::{Change, Command, Deed, Given, Intervention, Setting};

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
    /// What the interventions that have been done in this run came to.
    done: Vec<Option<Act>>,
    /// The plan as it was given. The world's own knows other rules besides, which were made in this run.
    plan: Arc<Plan>,
    /// How each channel is set at the beginning of a run, and now; `None`: by no profile that has a name.
    set_first: Vec<Option<Setting>>,
    set_now: Vec<Option<Setting>>,
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
    /// How many records [`Player::rerun`] keeps at most: some 64 MB.
    pub const RERUN_RECORDS_MAX: usize = 1_000_000;
    /// After so many occurrences the budget is asked again: V8 replaces code only between calls, and a page
    /// wants to know within a fraction of a millisecond.
    const SLICE: u32 = 256;

    /// At the beginning of a run, paused, at the speed of the clock.
    pub fn new(plan: Arc<Plan>, seed: u64) -> Self {
        let settings: Vec<Option<Setting>> =
            plan.channels.iter().map(|channel| Setting::of(channel.profile, &[])).collect();
        Player {
            fold: Fold::new(&plan),
            world: World::new(plan.clone(), seed).record(),
            playing: false,
            speed: 1.0,
            target: None,
            due: Time::ZERO,
            interventions: Vec::new(),
            done: Vec::new(),
            plan,
            set_first: settings.clone(),
            set_now: settings,
            recent: VecDeque::new(),
            folded: 0,
            runs: 0,
        }
    }

    /// Says which values the parameters of each of the plan's channels were given. To be called before the run
    /// begins.
    pub fn given(&mut self, channels: &[Vec<Given>]) {
        for ((setting, plan), given) in self.set_first.iter_mut().zip(&self.plan.channels).zip(channels) {
            *setting = Setting::of(plan.profile, given);
        }
        self.set_now.clone_from(&self.set_first);
    }

    /// Will do what a person did to another run, at the same times, as far as the places are here too: the same
    /// accident in another architecture. What was set at a channel is set only if it follows the same profile
    /// here. To be called before the run begins.
    pub fn repeat(&mut self, other: &Player) {
        let mut settings = self.set_first.clone();
        self.interventions.clear();
        for done in &other.interventions {
            let deed = match done.deed {
                Deed::Act(act) => act.in_plan(&other.plan, &self.plan).map(Deed::Act),
                Deed::Change(change) => change.in_plan(&other.plan, &self.plan).and_then(|change| {
                    let setting = settings[change.channel.index()].as_mut()?;
                    *setting = setting.after(&change)?;
                    Some(Deed::Change(change))
                }),
            };
            if let Some(deed) = deed {
                self.interventions.push(Intervention { deed, after: None, ..*done });
            }
        }
    }

    /// Will do what a person did last to another run, at the same time, as far as the place is here too. What
    /// had been done later is forgotten, as it is there.
    pub fn join(&mut self, other: &Player) {
        let Some(latest) = other.interventions.last() else { return };
        let (mut index, done) = (0, self.done.len());
        self.interventions.retain(|known| {
            index += 1;
            index <= done || known.at <= latest.at
        });
        let deed = match latest.deed {
            Deed::Act(act) => act.in_plan(&other.plan, &self.plan).map(Deed::Act),
            Deed::Change(change) => change.in_plan(&other.plan, &self.plan).map(Deed::Change),
        };
        if let Some(deed) = deed {
            self.interventions.push(Intervention { deed, after: None, ..*latest });
        }
    }

    /// Goes on with another player's clock: at its speed, playing if it plays, and to where it was winding.
    pub fn take_clock(&mut self, other: &Player) {
        (self.playing, self.speed) = (other.playing, other.speed);
        (self.target, self.due) = (other.target, self.world.now());
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
            Command::Inject(act) => self.inject(Deed::Act(act)),
            Command::Change(change) => {
                if self.setting(change.channel).is_some_and(|setting| setting.after(&change).is_some()) {
                    self.inject(Deed::Change(change));
                }
            }
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
        self.world = World::new(self.plan.clone(), self.world.seed()).record();
        self.fold = Fold::new(&self.plan);
        self.set_now.clone_from(&self.set_first);
        self.target = None;
        self.due = Time::ZERO;
        self.done.clear();
        self.recent.clear();
        self.folded = 0;
    }

    fn inject(&mut self, deed: Deed) {
        self.interventions.truncate(self.done.len());
        let (at, after) = (self.world.now(), self.world.occurrences());
        self.interventions.push(Intervention { at, after: Some(after), deed });
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
        self.go_to(limit, go_on)
    }

    /// Goes to exactly this time, as far as `go_on` allows, and begins again for it where the time is past: the
    /// clock is another player's. Does what is due by hand at this time, too.
    pub fn advance_to(&mut self, time: Time, go_on: &mut dyn FnMut() -> bool) -> Progress {
        if time < self.world.now() {
            self.rewind();
        }
        self.retire_records();
        self.go_to(time, go_on)
    }

    fn go_to(&mut self, limit: Time, go_on: &mut dyn FnMut() -> bool) -> Progress {
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
        let next = *self.interventions.get(self.done.len())?;
        let is_next = match next.after {
            Some(after) => after == self.world.occurrences(),
            None => self.world.next_time().is_none_or(|time| time > next.at),
        };
        is_next.then_some(next)
    }

    /// How far time may pass without missing an intervention.
    fn next_stop(&self, limit: Time) -> Time {
        self.interventions.get(self.done.len()).map_or(limit, |next| limit.min(next.at))
    }

    fn intervene(&mut self) {
        let Some(intervention) = self.interventions.get_mut(self.done.len()) else { return };
        intervention.after = Some(self.world.occurrences());
        let act = match intervention.deed {
            Deed::Act(act) => Some(act),
            Deed::Change(change) => self.set(&change),
        };
        if let Some(act) = act {
            self.world.apply(act);
        }
        self.done.push(act);
    }

    /// Sets a channel otherwise. Returns how the world is told.
    fn set(&mut self, change: &Change) -> Option<Act> {
        let channel = change.channel;
        let setting = self.setting(channel)?.after(change)?;
        let number = self.world.offer(channel, setting.profile.name, setting.rules());
        self.set_now[channel.index()] = Some(setting);
        Some(Act::Profile { channel, number })
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

    /// The same run from its start up to a time, with what was done to it and every record kept: nobody keeps them
    /// all while a run is watched, and whoever asks about the past has them made again. `None` if there are more
    /// than [`Player::RERUN_RECORDS_MAX`].
    pub fn rerun(&self, until: Time) -> Option<World> {
        let mut again = Player::new(self.plan.clone(), self.world.seed());
        again.set_first.clone_from(&self.set_first);
        again.set_now.clone_from(&self.set_first);
        again.interventions.clone_from(&self.interventions);
        while again.step_slice(until, Self::SLICE) {
            if again.world.records().len() > Self::RERUN_RECORDS_MAX {
                return None;
            }
        }
        Some(again.world)
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

    /// The change that led to an act at this time, if one did.
    pub fn change_behind(&self, time: Time, act: Act) -> Option<Change> {
        let mut done = self.interventions.iter().zip(&self.done);
        let (found, _) = done.find(|(it, came_to)| it.at == time && **came_to == Some(act))?;
        match found.deed {
            Deed::Change(change) => Some(change),
            Deed::Act(_) => None,
        }
    }

    /// How a channel is set now; `None` if it follows no profile that has a name.
    pub fn setting(&self, channel: ChannelId) -> Option<Setting> {
        let follows = self.world.profile(channel);
        let known = self.set_now[channel.index()].as_ref().filter(|known| known.profile.name == follows);
        // The plan itself may give a channel another profile while it runs.
        known.cloned().or_else(|| Setting::of(follows, &[]))
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
