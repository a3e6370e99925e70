//! One clock for all lanes: what is done to one is done to all, and none is ahead of another by more than a frame.

use kernel::{Span, Time};
use player::{Command, Player, Progress};

use super::Lanes;
use crate::Stage;
use crate::session::run::{Run, Seen};

/// How long a frame may take.
pub(in crate::session) struct Budget<'a> {
    pub clock: &'a dyn Fn() -> f64,
    /// When the leader shall stop, and when the others.
    pub lead_until: f64,
    pub until: f64,
}

impl Lanes {
    /// Another scenario is open.
    pub fn forget_wishes(&mut self) {
        self.list.clear();
        self.wishes.clear();
        self.problem.clear();
        self.differences.clear();
    }

    pub fn is_shown(&self) -> bool {
        !self.list.is_empty()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether somebody has to catch up.
    pub fn is_late(&self) -> bool {
        self.is_shown() && (self.late || self.unsettled)
    }

    /// The stage of the lane that leads, while lanes are shown.
    pub fn lead_stage(&self) -> Option<&Stage> {
        self.stages.get(self.lead).filter(|_| self.is_shown())?.as_ref()
    }

    pub fn lead(&self) -> usize {
        self.lead
    }

    /// Every canvas.
    pub fn stages(&mut self) -> impl Iterator<Item = &mut Stage> {
        self.stages.iter_mut().flatten()
    }

    /// The page has gone.
    pub fn take_stages(&mut self) {
        self.stages = Default::default();
    }

    pub(super) fn player<'a>(&'a self, lane: usize, run: &'a Run) -> Option<&'a Player> {
        self.list.get(lane).map(|lane| lane.player(run))
    }

    /// Does what a person asked for to the leader, and to all who take part in it.
    pub fn command(&mut self, run: &mut Run, command: Command) {
        let done = run.player.interventions().to_vec();
        run.player.command(command);
        let did = run.player.interventions() != done;
        for lane in &mut self.list {
            let Some(player) = &mut lane.player else { continue };
            match command {
                Command::Inject(_) | Command::Change(_) if did && !lane.spared => player.join(&run.player),
                Command::ForgetInterventions => player.command(command),
                Command::Inject(_)
                | Command::Change(_)
                | Command::Play
                | Command::Pause
                | Command::StepEvent
                | Command::SetSpeed(_)
                | Command::Restart
                | Command::RunToEnd
                | Command::Seek(_) => {}
            }
        }
        self.unsettled = true;
        self.begin_with(run);
        self.show(run);
    }

    /// If the leader has begun again, all do.
    fn begin_with(&mut self, run: &Run) {
        if self.runs == run.player.runs() {
            return;
        }
        self.runs = run.player.runs();
        self.differences.clear();
        for lane in &mut self.list {
            let player = match &mut lane.player {
                Some(player) => {
                    player.command(Command::Restart);
                    &*player
                }
                None => &run.player,
            };
            lane.seen = Seen::default();
            lane.seen.begins_again(player);
            lane.fates.clear();
        }
        for stage in self.stages.iter_mut().flatten() {
            stage.reset();
        }
    }

    /// Lets so much time pass for the leader, if nobody has to catch up, and has the others follow.
    pub fn advance(&mut self, run: &mut Run, elapsed: Span, budget: &Budget<'_>) -> Progress {
        let (playing, target) = (run.player.is_playing(), run.player.seeking());
        let progress = if self.late {
            run.wait(elapsed);
            Progress::Behind
        } else {
            let progress = run.advance(elapsed, &mut || (budget.clock)() < budget.lead_until);
            if let Some(lane) = self.list.get_mut(self.lead) {
                lane.seen.forget_fresh();
            }
            if progress == Progress::Still && !self.unsettled {
                return Progress::Still;
            }
            self.show_lane(self.lead, run);
            progress
        };
        self.follow(run, &mut || (budget.clock)() < budget.until);
        if self.late {
            return Progress::Behind;
        }
        self.hand_over(run, playing, target);
        progress
    }

    /// Everybody comes to the leader's time, as far as the budget allows.
    fn follow(&mut self, run: &Run, go_on: &mut dyn FnMut() -> bool) {
        let now = run.player.world().now();
        (self.late, self.unsettled) = (false, false);
        for index in 0..self.list.len() {
            let lane = &mut self.list[index];
            if let Some(player) = &mut lane.player {
                self.late |= player.advance_to(now, go_on) == Progress::Behind;
                lane.seen.forget_fresh();
                self.show_lane(index, run);
            }
        }
        if !self.late {
            let pace = run.player.speed();
            self.differences.pass(now, pace);
            for (lane, ring) in self.differences.rings() {
                if let Some(stage) = &mut self.stages[lane] {
                    stage.ring(ring, pace);
                }
            }
        }
    }

    /// The same, however long it takes: it is a frame's worth at most.
    pub(super) fn follow_all(&mut self, run: &Run) {
        self.begin_with(run);
        self.follow(run, &mut || true);
    }

    /// A leader that a limit stopped would stop all: another one leads, if there is one that goes on.
    fn hand_over(&mut self, run: &mut Run, playing: bool, target: Option<Time>) {
        if run.player.world().halted().is_none() {
            return;
        }
        if let Some(next) = (0..self.list.len()).find(|&lane| self.can_lead(lane)) {
            self.swap(next, run);
            if playing {
                run.player.command(Command::Play);
            }
            if let Some(target) = target {
                run.player.command(Command::Seek(target));
            }
        }
    }

    pub(super) fn can_lead(&self, lane: usize) -> bool {
        let lane = self.list.get(lane).filter(|lane| !lane.spared);
        lane.and_then(|lane| lane.player.as_ref()).is_some_and(|player| player.world().halted().is_none())
    }

    /// Another lane leads.
    pub(super) fn swap(&mut self, lane: usize, run: &mut Run) {
        let Some(next) = self.list.get_mut(lane) else { return };
        let Some(player) = next.player.take() else { return };
        let before = run.swap(next.variant, player);
        if let Some(leading) = self.list.get_mut(self.lead) {
            leading.player = Some(before);
        }
        (self.lead, self.runs) = (lane, run.player.runs());
    }

    /// Gives everybody who watches the new records of every lane.
    fn show(&mut self, run: &Run) {
        for index in 0..self.list.len() {
            self.show_lane(index, run);
        }
    }

    fn show_lane(&mut self, index: usize, run: &Run) {
        let Some(lane) = self.list.get_mut(index) else { return };
        let player = lane.player.as_ref().unwrap_or(&run.player);
        let mut stage = self.stages[index].as_mut();
        for record in lane.seen.rest(player) {
            if let Some(stage) = &mut stage {
                stage.take(record);
            }
            self.differences.take(index, record);
            lane.fates.take(record);
        }
    }

    pub(super) fn set_plans(&mut self, run: &Run) {
        for (index, stage) in self.stages.iter_mut().enumerate() {
            let player = self.list.get(index).map(|lane| lane.player(run));
            if let (Some(stage), Some(player)) = (stage, player) {
                stage.set_plan(player.world().plan());
            }
        }
    }

    /// Marks the part of that name in every lane.
    pub fn select(&mut self, run: &Run, name: Option<&str>) {
        for (lane, stage) in self.list.iter().zip(&mut self.stages) {
            if let Some(stage) = stage {
                let plan = lane.player(run).world().plan();
                stage.select(name.and_then(|name| plan.place_named(name)));
            }
        }
    }

    /// Draws every lane.
    pub fn draw(&mut self, run: &Run, pace: f64, reduced_motion: bool) {
        for (lane, stage) in self.list.iter().zip(&mut self.stages) {
            if let Some(stage) = stage {
                let player = lane.player(run);
                stage.draw(player.world(), &mut player.recent(), pace, reduced_motion);
            }
        }
    }
}
