//! The session: what is open, how it runs, and what of it is on the stage. It knows no clock and no component.

mod caption;
mod holdings;
mod inquiry;
mod keeps;
mod lanes;
mod log;
mod look;
mod opened;
mod run;

use kernel::Span;
use player::{Command, Player, Progress};
use scenario::Severity;
use topology::{Act, Place, ServiceId};

use crate::snapshot::{Board, Problems, Sheet, Snapshot};
use crate::{Action, Stage, levers, speed};
use opened::Opened;
use run::Run;

use lanes::{Budget, Lanes};
pub use lanes::{LANES_MAX, WITHOUT};

/// What a frame may cost while a person watches, in milliseconds: the rest of a 60th of a second is for drawing.
const BUDGET_MS: f64 = 8.0;
/// The same while everybody waits for the end: few frames, each still shorter than what a person takes for a pause.
const BUDGET_WINDING_MS: f64 = 40.0;
/// While winding, the stage takes its records in pieces of so many milliseconds: those of a whole frame would not fit
/// into the processor's caches.
const PIECE_WINDING_MS: f64 = 1.0;
/// A hidden tab has no frames. What it missed is not caught up with.
const ELAPSED_MS_MAX: f64 = 100.0;

/// What is open and how it stands.
#[derive(Default)]
pub struct Session {
    run: Option<Run>,
    stage: Option<Stage>,
    selected: Option<Place>,
    /// The number of the case that is followed.
    followed: Option<u32>,
    /// What was asked about this run.
    inquiry: Option<inquiry::Open>,
    problems: Option<Problems>,
    /// Something that only concerns the page, until the next thing happens.
    notice: Option<String>,
    reduced_motion: bool,
    board: Board,
    lanes: Lanes,
    sheet: Sheet,
    /// What is open of the selected channel.
    opened: Opened,
    /// Whether the stage does not show how things are.
    stale: bool,
}

impl Session {
    /// Does what a person asked for. Fetching and themes are not its business; whoever holds it does that.
    pub fn act(&mut self, action: Action) {
        self.stale = true;
        self.notice = None;
        match action {
            Action::Run(command) => self.command(command),
            Action::PlayOrPause => self.play_or_pause(),
            Action::Faster { reverse } => {
                let speed = self.player().map_or(1.0, Player::speed);
                self.command(Command::SetSpeed(speed::next(speed, reverse)));
            }
            Action::CrashOrRestart => self.crash_or_restart(),
            Action::Open { name, bytes } => self.open(name, &bytes),
            Action::OpenFailed { name, reason } => self.open_failed(name, reason),
            Action::ChooseVariant(variant) if self.lanes.is_shown() => self.lead_variant(variant),
            Action::ChooseVariant(variant) => {
                let name = self.selected_name();
                if let Some(run) = &mut self.run {
                    run.choose(variant);
                }
                self.show_plan(name);
            }
            Action::Flip if self.lanes.is_shown() => {
                if let Some(variant) = self.run.as_ref().and_then(Run::counterpart) {
                    self.lead_variant(variant);
                }
            }
            Action::Flip => {
                let name = self.selected_name();
                if let Some(run) = &mut self.run {
                    run.flip();
                }
                self.show_plan(name);
            }
            Action::SetSeed(seed) => {
                let name = self.selected_name();
                if let Some(run) = &mut self.run {
                    run.set_seed(seed);
                }
                self.followed = None;
                self.show_plan(name);
                self.gather();
            }
            Action::Select(place) => self.select(place),
            Action::Zoom { .. } | Action::ShowWhole if self.lanes.is_shown() => self.look_in_lanes(&action),
            Action::Zoom { .. } | Action::Pan { .. } | Action::ShowWhole => self.look(action),
            Action::Follow(case) => self.follow(case),
            Action::GoTo(moment) => self.go_to(moment),
            Action::List(wrong) => self.list(wrong),
            Action::Ask(question, until) => self.ask(question, until),
            Action::CloseProblems => self.problems = None,
            Action::Show(sheet) => self.sheet = sheet,
            Action::OpenPile(pile) => self.open_pile(pile),
            Action::ShowKinds(shown) => self.show_kinds(shown),
            Action::Type { parameter, text } => self.type_parameter(parameter, text),
            Action::Set { parameter, text } => self.set_parameter(parameter, text),
            Action::SetKind(kind) => self.set_kind(kind),
            Action::ShowBoard(board) => self.show_board(board),
            Action::NextBoard => self.show_board(self.board.next()),
            Action::Lanes(wishes) => self.set_lanes(wishes),
            Action::SelectIn { lane, place } => self.select_in(lane, place),
            Action::OpenLane(lane) => self.open_lane(lane),
            Action::OpenRun { wish, seed, at, case } => self.open_run(&wish, seed, at, case),
            Action::OpenPreset(_) | Action::Compare(_) | Action::SetTheme(_) => {}
        }
    }

    fn command(&mut self, command: Command) {
        if let Command::Inject(_) | Command::Change(_) | Command::ForgetInterventions = command {
            self.close_inquiry();
        }
        let Some(run) = &mut self.run else { return };
        if self.lanes.is_shown() {
            return self.lanes.command(run, command);
        }
        run.player.command(command);
        run.show_records(self.stage.as_mut());
    }

    fn play_or_pause(&mut self) {
        let moving = self.player().is_some_and(|player| player.is_playing() || player.seeking().is_some());
        self.command(if moving { Command::Pause } else { Command::Play });
    }

    fn crash_or_restart(&mut self) {
        let act: Option<Act> = self.run.as_ref().zip(self.selected).and_then(|(run, place)| match place {
            Place::Client(_) => None,
            Place::Service(_) | Place::Channel(_) => Some(levers::up_or_down(run.player.world(), place).act),
        });
        if let Some(act) = act {
            self.command(Command::Inject(act));
        }
    }

    /// A wrong file changes nothing but the list of problems.
    fn open(&mut self, name: String, bytes: &[u8]) {
        let reading = scenario::read_bytes(bytes);
        let opened = reading.scenario.is_some();
        self.problems = (!reading.diagnostics.is_empty()).then(|| Problems {
            file: name.clone(),
            opened,
            list: reading.diagnostics.clone(),
        });
        match reading.scenario {
            Some(scenario) => {
                // What could be read is text.
                let text = String::from_utf8(bytes.to_vec()).unwrap_or_default();
                self.run = Run::open(name, text, scenario);
                self.followed = None;
                self.lanes.forget_wishes();
                self.show_plan(None);
                self.gather();
            }
            None => {
                let wrong = |it: &&scenario::Diagnostic| it.severity == Severity::Error;
                let errors = reading.diagnostics.iter().filter(wrong).count();
                let problems = if errors == 1 { "problem" } else { "problems" };
                self.notice = Some(format!("{name} has {errors} {problems} and was not opened."));
            }
        }
    }

    fn open_failed(&mut self, name: String, reason: String) {
        self.notice = Some(format!("{name} could not be opened."));
        let (severity, help) = (Severity::Error, String::new());
        let problem = scenario::Diagnostic { severity, line: 0, column: 0, message: reason, help };
        self.problems = Some(Problems { file: name, opened: false, list: vec![problem] });
    }

    fn selected_name(&self) -> Option<String> {
        let (run, place) = self.run.as_ref().zip(self.selected)?;
        Some(run.plan().name_of(place).into())
    }

    /// What was asked was about another run.
    fn close_inquiry(&mut self) {
        self.inquiry = None;
        if self.sheet == Sheet::Inquiry {
            self.sheet = Sheet::Figures;
        }
    }

    /// Puts another plan on the stage; what was selected stays so if it exists there.
    fn show_plan(&mut self, selected: Option<String>) {
        self.close_inquiry();
        let Some(run) = &self.run else { return };
        let selected = selected.and_then(|name| run.plan().place_named(&name));
        if let Some(stage) = &mut self.stage {
            stage.set_plan(run.plan());
            stage.reset();
        }
        let sheet = self.sheet;
        self.select(selected);
        if sheet != Sheet::Channel && sheet != Sheet::Service {
            self.sheet = sheet;
        }
        // The same case in another architecture is what people compare.
        self.follow(self.followed);
    }

    /// Whoever selects a channel, or a service that keeps something, wants to look into it.
    fn select(&mut self, place: Option<Place>) {
        self.mark(place);
        if self.selected_channel().is_some() {
            self.sheet = Sheet::Channel;
        } else if self.selected_service().is_some() {
            self.sheet = Sheet::Service;
        } else if let Sheet::Channel | Sheet::Service = self.sheet {
            self.sheet = Sheet::Figures;
        }
    }

    /// The selected service, if there is anything to see of what it keeps.
    fn selected_service(&self) -> Option<ServiceId> {
        let world = self.player()?.world();
        match self.selected? {
            Place::Service(service) => keeps::is_worth_a_look(world, service).then_some(service),
            Place::Client(_) | Place::Channel(_) => None,
        }
    }

    /// Selects a part, whatever is being read.
    fn mark(&mut self, place: Option<Place>) {
        self.selected = place;
        self.opened = Opened::default();
        if let Some(stage) = &mut self.stage {
            stage.select(place);
        }
        if let Some(run) = &self.run {
            self.lanes.select(run, place.map(|place| run.plan().name_of(place)));
        }
    }

    fn look(&mut self, action: Action) {
        let Some(stage) = &mut self.stage else { return };
        if let Action::Zoom { factor, x, y } = action {
            stage.zoom(factor, x, y);
        } else if let Action::Pan { x, y } = action {
            stage.pan(x, y);
        } else {
            stage.fit();
        }
    }

    /// Lets so much real time pass, and draws. `clock` is only asked how long this takes already. Returns how
    /// many milliseconds the simulation took, with the counting of what it recorded.
    pub fn frame(&mut self, elapsed_ms: f64, clock: &dyn Fn() -> f64) -> f64 {
        // Nobody sees a run behind the figures: its time stands still.
        let (true, Some(run)) = (self.board != Board::Figures, &mut self.run) else { return 0.0 };
        let start = clock();
        let winding = run.player.seeking().is_some();
        let (budget, piece) =
            if winding { (BUDGET_WINDING_MS, PIECE_WINDING_MS) } else { (BUDGET_MS, BUDGET_MS) };
        let lead = self.lanes.lead();
        let mut elapsed = Span::from_seconds(elapsed_ms.clamp(0.0, ELAPSED_MS_MAX) / 1e3);
        loop {
            let begun = clock();
            let progress = if self.lanes.is_shown() {
                // The leader has its share, so that there is time left for those who follow.
                let share = piece.min(budget / self.lanes.len() as f64);
                let budget = Budget { clock, lead_until: begun + share, until: start + budget };
                self.lanes.advance(run, elapsed, &budget)
            } else {
                let progress = run.advance(elapsed, &mut || clock() - begun < piece);
                if progress != Progress::Still {
                    run.show_records(self.stage.as_mut());
                }
                progress
            };
            self.stale |= progress != Progress::Still;
            if !winding || progress != Progress::Behind || clock() - start >= budget {
                break;
            }
            elapsed = Span::ZERO;
        }
        let took = clock() - start;
        self.mind_the_lead(lead);
        self.draw();
        took
    }

    fn draw(&mut self) {
        let (true, Some(run)) = (self.stale, &self.run) else { return };
        let player = &run.player;
        let pace = if player.seeking().is_some() { Player::SPEED_MAX } else { player.speed() };
        if self.lanes.is_shown() {
            self.lanes.draw(run, pace, self.reduced_motion);
        } else if let Some(stage) = &mut self.stage {
            stage.draw(player.world(), &mut player.recent(), pace, self.reduced_motion);
        }
        self.stale = false;
    }

    /// Whether the next frame will be another one than the last.
    pub fn needs_frame(&self) -> bool {
        if self.board == Board::Figures {
            return false;
        }
        let moving = self.player().is_some_and(|player| player.is_playing() || player.seeking().is_some());
        moving || self.lanes.is_late() || (self.stale && self.run.is_some() && self.stage.is_some())
    }

    /// Puts what runs on a stage.
    pub fn set_stage(&mut self, stage: Stage) {
        self.stage = Some(stage);
        self.stale = true;
        let selected = self.selected_name();
        self.show_plan(selected);
        if let Some(run) = &mut self.run {
            run.show_all_records(self.stage.as_mut());
        }
    }

    /// The stage has gone, with the page that it was on.
    pub fn take_stage(&mut self) -> Option<Stage> {
        self.lanes.take_stages();
        self.stage.take()
    }

    /// The stage has another size.
    pub fn resize(&mut self) {
        self.stale = true;
        for stage in self.stage.iter_mut().chain(self.lanes.stages()) {
            stage.resize();
        }
    }

    /// The colours or the fonts have changed, or how much motion is wanted.
    pub fn restyle(&mut self, reduced_motion: bool) {
        self.stale = true;
        self.reduced_motion = reduced_motion;
        for stage in self.stage.iter_mut().chain(self.lanes.stages()) {
            stage.restyle();
        }
    }

    /// The part that is drawn at a point of the stage.
    pub fn part_at(&self, x: f64, y: f64) -> Option<Place> {
        self.stage.as_ref()?.hit(x, y)
    }

    /// The open scenario as it was written: the name of its file, and its text.
    pub fn source(&self) -> Option<(&str, &str)> {
        self.run.as_ref().map(|run| (run.file.as_str(), run.text.as_str()))
    }

    /// The case of the message that is drawn at a point of the stage.
    pub fn case_at(&self, x: f64, y: f64) -> Option<u32> {
        self.stage.as_ref()?.case_at(x, y)
    }

    /// The player of the open run.
    pub fn player(&self) -> Option<&Player> {
        self.run.as_ref().map(|run| &run.player)
    }

    /// The figures of this moment.
    pub fn snapshot(&mut self) -> Snapshot {
        look::snapshot(self)
    }
}
