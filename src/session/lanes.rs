//! Several runs side by side, with one clock; and the run of a contender, opened alone.
//!
//! One lane leads: its player is the session's own run, so that every control acts on it as ever. After each of its
//! steps the others follow to exactly its time, and it does not go on before all of them are there.

mod differences;
mod fates;
mod look;
mod together;

use kernel::Time;
use player::{Command, Player};
use topology::Place;

use super::Session;
use super::run::{Run, Seen};
use crate::snapshot::{Board, LanesView, Moment};
use crate::{Action, Stage};
use differences::Differences;
use fates::Fates;
pub(super) use together::Budget;

/// The lane that runs as the present run would without what was done to it by hand.
pub const WITHOUT: &str = "without what I did";
/// So many lanes fit.
pub const LANES_MAX: usize = 6;
/// So many are shown if nobody says which.
const LANES_USUAL: usize = 4;

/// What runs side by side, and on which stages.
#[derive(Default)]
pub(super) struct Lanes {
    /// What was asked for; nothing: the usual.
    wishes: Vec<String>,
    /// As long as the board is shown.
    list: Vec<Lane>,
    /// Which of them has the session's run.
    lead: usize,
    /// How often that had begun again when the others last did.
    runs: u32,
    /// Whether somebody could not follow the leader within a frame.
    late: bool,
    /// Whether something was done that the others do not know of.
    unsettled: bool,
    /// The canvases on the page, in the order of the lanes.
    stages: [Option<Stage>; LANES_MAX],
    differences: Differences,
    /// What is wrong with what was asked for.
    problem: String,
}

/// A run beside others.
struct Lane {
    wish: String,
    variant: usize,
    /// Whether it is spared what a person does.
    spared: bool,
    /// `None`: it leads.
    player: Option<Player>,
    /// What the stage, the differences and the fates have seen of it.
    seen: Seen,
    fates: Fates,
}

impl Lane {
    /// Its player, which is the session's own if it leads.
    fn player<'a>(&'a self, run: &'a Run) -> &'a Player {
        self.player.as_ref().unwrap_or(&run.player)
    }
}

impl Session {
    pub(super) fn show_board(&mut self, board: Board) {
        if self.board == board {
            return;
        }
        self.close_lanes();
        self.board = board;
        self.gather();
    }

    /// The run of a contender, alone on the stage and as it was compared, just before a moment.
    pub(super) fn open_run(&mut self, wish: &str, seed: u64, at: Option<Time>, case: Option<u32>) {
        self.show_board(Board::Stage);
        let Some(run) = &mut self.run else { return };
        let mut wishes = self.lanes.wishes.clone();
        wishes.push(wish.trim().into());
        run.keep_wished(&wishes);
        match run.wished(wish) {
            Ok(variant) => run.open_untouched(variant, seed),
            Err(problem) => {
                self.notice = Some(problem);
                return;
            }
        }
        self.followed = None;
        self.show_plan(None);
        match at {
            Some(time) => self.go_to(Moment { time, before: true, place: None, case }),
            None => self.follow(case),
        }
    }

    /// Shows these side by side. If something is wrong with one of them, all stays as it is.
    pub(super) fn set_lanes(&mut self, wishes: Vec<String>) {
        self.lanes.problem.clear();
        let Some(run) = &mut self.run else { return };
        match checked(run, wishes) {
            Ok(wishes) => {
                self.close_lanes();
                if let Some(run) = &mut self.run {
                    run.keep_wished(&wishes);
                }
                self.lanes.wishes = wishes;
                self.gather();
            }
            Err(problem) => self.lanes.problem = problem,
        }
    }

    /// Another variant leads: the lane that has it, or a new one instead of the one that leads.
    pub(super) fn lead_variant(&mut self, variant: usize) {
        if self.lead_lane_of(variant) {
            return;
        }
        let name = self.run.as_ref().and_then(|run| run.scenario.variants.get(variant));
        if let Some(name) = name.map(|variant| variant.name.clone()) {
            let mut wishes: Vec<String> = self.lanes.list.iter().map(|lane| lane.wish.clone()).collect();
            if let Some(leading) = wishes.get_mut(self.lanes.lead) {
                *leading = name;
            }
            self.set_lanes(wishes);
            self.lead_lane_of(variant);
        }
    }

    /// The lane that has a variant leads. Says whether there is one.
    fn lead_lane_of(&mut self, variant: usize) -> bool {
        let found = self.lanes.list.iter().position(|lane| lane.variant == variant && !lane.spared);
        if let Some(index) = found {
            self.lead(index);
        }
        found.is_some()
    }

    /// The lane in whose canvas somebody chose a part leads; one that cannot lead leaves the choice to the leader.
    pub(super) fn select_in(&mut self, lane: usize, place: Option<Place>) {
        let named = place.and_then(|place| {
            let player = self.lanes.player(lane, self.run.as_ref()?)?;
            Some(player.world().plan().name_of(place).to_owned())
        });
        self.lead(lane);
        let place = self.run.as_ref().zip(named).and_then(|(run, name)| run.plan().place_named(&name));
        self.select(place);
    }

    /// One of the lanes alone, at the same time.
    pub(super) fn open_lane(&mut self, lane: usize) {
        let Some(run) = &self.run else { return };
        let Some(&Lane { variant, spared, .. }) = self.lanes.list.get(lane) else { return };
        let now = run.player.world().now();
        self.lead(lane);
        let leads = lane == self.lanes.lead;
        let selected = self.selected_name();
        self.show_board(Board::Stage);
        if leads {
            return;
        }
        // What cannot lead runs again: without what was done, or to where a limit stopped it.
        if let Some(run) = &mut self.run {
            run.choose(variant);
        }
        self.show_plan(selected);
        if spared {
            self.command(Command::ForgetInterventions);
        }
        self.command(Command::Seek(now));
    }

    fn lead(&mut self, lane: usize) {
        let before = self.lanes.lead;
        let Some(run) = &mut self.run else { return };
        self.lanes.follow_all(run);
        if self.lanes.can_lead(lane) {
            self.lanes.swap(lane, run);
            self.mind_the_lead(before);
        }
    }

    /// If another lane leads than before, what is selected and asked is about that one.
    pub(super) fn mind_the_lead(&mut self, before: usize) {
        let Some(run) = self.run.as_ref().filter(|_| self.lanes.lead != before) else { return };
        let named = self.selected.zip(self.lanes.player(before, run));
        let name = named.map(|(place, player)| player.world().plan().name_of(place).to_owned());
        let place = name.and_then(|name| run.plan().place_named(&name));
        self.close_inquiry();
        self.mark(place);
    }

    /// Begins what shall run side by side, if that is on the board, and winds it to the time of the run.
    pub(super) fn gather(&mut self) {
        let (Board::SideBySide, Some(run)) = (self.board, &mut self.run) else { return };
        let usual = self.lanes.wishes.is_empty();
        let wishes = if usual { usual_wishes(run) } else { self.lanes.wishes.clone() };
        let now = run.player.seeking().unwrap_or(run.player.world().now());
        let mut list = Vec::new();
        for wish in wishes {
            let spared = wish == WITHOUT;
            // All of them were looked at before.
            let Ok(variant) = (if spared { Ok(run.variant) } else { run.wished(&wish) }) else { continue };
            list.push(Lane {
                wish,
                variant,
                spared,
                player: None,
                seen: Seen::default(),
                fates: Fates::default(),
            });
        }
        let leads = |lane: &Lane| lane.variant == run.variant && !lane.spared;
        let lead = list.iter().position(leads);
        let lead = lead.or_else(|| list.iter().position(|lane| !lane.spared)).unwrap_or(0);
        if let Some(variant) = list.get(lead).map(|lane| lane.variant).filter(|&it| it != run.variant) {
            run.choose(variant);
        }
        for (_, lane) in list.iter_mut().enumerate().filter(|(index, _)| *index != lead) {
            if lane.spared {
                lane.variant = run.variant;
            }
            lane.player = run.beside(lane.variant, !lane.spared);
        }
        (self.lanes.list, self.lanes.lead, self.lanes.runs) = (list, lead, run.player.runs());
        self.show_lanes_at(now);
    }

    /// Winds all from the start to a time, so that every stage has seen everything and marks what is selected.
    fn show_lanes_at(&mut self, time: Time) {
        if let Some(run) = &self.run {
            self.lanes.set_plans(run);
        }
        self.command(Command::Restart);
        if time > Time::ZERO {
            self.command(Command::Seek(time));
        }
        let (selected, followed) = (self.selected, self.followed);
        self.mark(selected);
        self.follow(followed);
    }

    /// The leader goes on alone.
    pub(super) fn close_lanes(&mut self) {
        let (false, Some(run)) = (self.lanes.list.is_empty(), &mut self.run) else { return };
        let led = self.lanes.stages.get_mut(self.lanes.lead).and_then(Option::as_mut);
        if let Some(stage) = &mut self.stage {
            stage.set_plan(run.plan());
            if let Some(led) = led {
                stage.go_on_from(led);
            }
            stage.select(self.selected);
            stage.follow(self.followed);
        }
        run.all_seen();
        self.lanes.list.clear();
        self.lanes.differences.clear();
        (self.lanes.late, self.lanes.unsettled) = (false, false);
        self.stale = true;
    }

    /// A canvas for a lane has come or gone.
    pub fn set_lane_stage(&mut self, lane: usize, stage: Option<Stage>) {
        let Some(slot) = self.lanes.stages.get_mut(lane) else { return };
        *slot = stage;
        self.stale = true;
        let Some(run) = self.run.as_ref().filter(|_| lane < self.lanes.list.len()) else { return };
        if self.lanes.stages[lane].is_some() {
            let now = run.player.seeking().unwrap_or(run.player.world().now());
            self.show_lanes_at(now);
        }
    }

    /// The stage of a lane, for who looks closer.
    pub fn lane_stage(&mut self, lane: usize) -> Option<&mut Stage> {
        self.stale = true;
        self.lanes.stages.get_mut(lane)?.as_mut()
    }

    /// What is drawn at a point of a lane's canvas.
    pub fn in_lane(&self, lane: usize, x: f64, y: f64) -> (Option<Place>, Option<u32>) {
        let stage = self.lanes.stages.get(lane).and_then(Option::as_ref);
        stage.map_or((None, None), |stage| (stage.hit(x, y), stage.case_at(x, y)))
    }

    pub(super) fn lanes_view(&self) -> Option<LanesView> {
        let run = self.run.as_ref()?;
        (self.board == Board::SideBySide).then(|| look::view(&self.lanes, run, self.followed))
    }

    /// Comes nearer in every lane alike.
    pub(super) fn look_in_lanes(&mut self, action: &Action) {
        for stage in self.lanes.stages.iter_mut().flatten() {
            if let Action::Zoom { factor, .. } = action {
                stage.zoom_in_the_middle(*factor);
            } else if let Action::ShowWhole = action {
                stage.fit();
            }
        }
    }
}

/// What is wished for, if all of it can be shown.
fn checked(run: &mut Run, wishes: Vec<String>) -> Result<Vec<String>, String> {
    let mut known: Vec<String> = Vec::new();
    for wish in wishes {
        let wish = wish.trim().to_owned();
        if known.contains(&wish) {
            return Err(format!("{wish} is there already"));
        }
        if known.len() == LANES_MAX {
            return Err(format!("no more than {LANES_MAX} fit: take one away to see {wish}"));
        }
        known.push(wish);
    }
    if known.len() < 2 {
        return Err("there is nothing to compare with: two are needed at least".into());
    }
    for wish in known.iter().filter(|wish| *wish != WITHOUT) {
        run.wished(wish)?;
    }
    Ok(known)
}

/// The run and its counterpart, else the first variants, else the run with and without what was done to it.
fn usual_wishes(run: &Run) -> Vec<String> {
    let variants = &run.scenario.variants;
    let mut chosen: Vec<usize> = match run.counterpart() {
        Some(other) => vec![run.variant.min(other), run.variant.max(other)],
        None => (0..variants.len().min(LANES_USUAL)).collect(),
    };
    if !chosen.contains(&run.variant) {
        chosen.pop();
        chosen.push(run.variant);
    }
    let mut wishes: Vec<String> =
        chosen.iter().filter_map(|&index| Some(variants.get(index)?.name.clone())).collect();
    if wishes.len() < 2 {
        wishes.push(WITHOUT.into());
    }
    wishes
}
