//! The desk: the handle that buttons, keys and tests hold. It drives the session frame by frame.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use topology::Place;
use web_sys::HtmlCanvasElement;
use yew::Callback;

use crate::browser::canvas::{self, Gesture};
use crate::browser::frames::Frames;
use crate::browser::worker::Told;
use crate::browser::{clock, files, theme};
use crate::comparison::Comparison;
use crate::dials::Dials;
use crate::measure::{FrameMeter, Measured, Measurement};
use crate::{Action, Board, Session, Snapshot, Stage};

/// How often the panels are drawn while time passes.
const PANELS_EVERY_MS: f64 = 160.0;

/// A session with its frames. Clones are the same desk.
#[derive(Clone)]
pub struct Desk(Rc<Inner>);

struct Inner {
    session: RefCell<Session>,
    comparison: RefCell<Comparison>,
    frames: OnceCell<Frames>,
    dials: RefCell<Option<Dials>>,
    listeners: RefCell<Vec<(u32, Callback<Rc<Snapshot>>)>>,
    next_listener: Cell<u32>,
    snapshot: RefCell<Rc<Snapshot>>,
    measurement: RefCell<Option<Measurement>>,
    frame_meter: RefCell<Option<FrameMeter>>,
    /// When the last frame began, if the one before it was drawn too.
    last_frame: Cell<Option<f64>>,
    /// When the panels were last told.
    last_told: Cell<f64>,
    /// Whether a person did something that the panels do not show.
    untold: Cell<bool>,
    /// Which of the files that were asked for is wanted: the last one.
    wanted: Cell<u32>,
}

impl PartialEq for Desk {
    fn eq(&self, other: &Desk) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Desk {
    /// With nothing open.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Desk {
        let inner = Rc::new(Inner {
            session: RefCell::default(),
            comparison: RefCell::default(),
            frames: OnceCell::new(),
            dials: RefCell::default(),
            listeners: RefCell::default(),
            next_listener: Cell::new(0),
            snapshot: RefCell::default(),
            measurement: RefCell::default(),
            frame_meter: RefCell::default(),
            last_frame: Cell::new(None),
            last_told: Cell::new(0.0),
            untold: Cell::new(true),
            wanted: Cell::new(0),
        });
        let weak = Rc::downgrade(&inner);
        inner.frames.get_or_init(|| Frames::new(move |_| each_frame(&weak)));
        Desk(inner)
    }

    /// Does what a person asked for.
    pub fn send(&self, action: Action) {
        match action {
            Action::OpenPreset(file) => return self.fetch(file),
            Action::Compare(action) => self.compare(|comparison| comparison.act(action, self)),
            Action::SetTheme(chosen) => {
                theme::choose(chosen);
                self.restyle();
            }
            Action::Open { .. } => {
                self.0.wanted.set(self.0.wanted.get() + 1);
                self.0.session.borrow_mut().act(action);
            }
            Action::Run(_)
            | Action::PlayOrPause
            | Action::Faster { .. }
            | Action::CrashOrRestart
            | Action::OpenFailed { .. }
            | Action::ChooseVariant(_)
            | Action::Flip
            | Action::SetSeed(_)
            | Action::Select(_)
            | Action::Zoom { .. }
            | Action::Pan { .. }
            | Action::ShowWhole
            | Action::Follow(_)
            | Action::GoTo(_)
            | Action::List(_)
            | Action::Ask(..)
            | Action::CloseProblems
            | Action::Show(_)
            | Action::OpenPile(_)
            | Action::ShowKinds(_)
            | Action::Type { .. }
            | Action::Set { .. }
            | Action::ShowBoard(_)
            | Action::NextBoard
            | Action::Lanes(_)
            | Action::SelectIn { .. }
            | Action::OpenLane(_)
            | Action::OpenRun { .. }
            | Action::SetKind(_) => self.0.session.borrow_mut().act(action),
        }
        self.0.untold.set(true);
        self.wake();
    }

    /// Does something to the comparison, which is shown then.
    pub(crate) fn compare(&self, act: impl FnOnce(&mut Comparison)) {
        act(&mut self.0.comparison.borrow_mut());
        self.0.untold.set(true);
        self.wake();
    }

    /// What the worker that compares calls, as long as the desk is there.
    pub(crate) fn hear_comparison(&self) -> Rc<dyn Fn(Told)> {
        let desk = Rc::downgrade(&self.0);
        Rc::new(move |told| {
            if let Some(desk) = desk.upgrade().map(Desk) {
                desk.compare(|comparison| comparison.hear(&told));
            }
        })
    }

    /// The text of the open scenario.
    pub(crate) fn scenario_text(&self) -> Option<String> {
        self.0.session.borrow().source().map(|(_, text)| text.to_owned())
    }

    fn fetch(&self, file: String) {
        let ticket = self.0.wanted.get() + 1;
        self.0.wanted.set(ticket);
        let desk = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let fetched = files::fetch(&format!("scenarios/{file}")).await;
            if desk.0.wanted.get() == ticket {
                desk.send(match fetched {
                    Ok(bytes) => Action::Open { name: file, bytes },
                    Err(reason) => Action::OpenFailed { name: file, reason },
                });
            }
        });
    }

    /// Opens a person's own file.
    pub fn open_file(&self, file: web_sys::File) {
        let desk = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let name = file.name();
            desk.send(match files::read(&file).await {
                Ok(bytes) => Action::Open { name, bytes },
                Err(reason) => Action::OpenFailed { name, reason },
            });
        });
    }

    /// The figures that were last told.
    pub fn snapshot(&self) -> Rc<Snapshot> {
        self.0.snapshot.borrow().clone()
    }

    /// Tells the figures, a few times a second while they change, until [`Desk::forget`].
    pub fn listen(&self, listener: Callback<Rc<Snapshot>>) -> u32 {
        let number = self.0.next_listener.get();
        self.0.next_listener.set(number + 1);
        self.0.listeners.borrow_mut().push((number, listener));
        self.0.untold.set(true);
        self.wake();
        number
    }

    /// Tells a listener no more.
    pub fn forget(&self, number: u32) {
        self.0.listeners.borrow_mut().retain(|(known, _)| *known != number);
    }

    /// Draws on this canvas from now on.
    pub fn set_canvas(&self, canvas: HtmlCanvasElement) {
        match Stage::new(canvas) {
            Ok(stage) => self.0.session.borrow_mut().set_stage(stage),
            Err(reason) => {
                let name = "The stage".into();
                self.0.session.borrow_mut().act(Action::OpenFailed { name, reason });
            }
        }
        self.restyle();
        let desk = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            canvas::fonts_ready().await;
            desk.restyle();
        });
    }

    /// Draws one of the lanes on this canvas from now on, or no more.
    pub fn set_lane_canvas(&self, lane: usize, canvas: Option<HtmlCanvasElement>) {
        let stage = canvas.and_then(|canvas| Stage::new(canvas).ok());
        self.0.session.borrow_mut().set_lane_stage(lane, stage);
        self.0.untold.set(true);
        self.wake();
    }

    /// The canvas of a lane has another size.
    pub fn resize_lane(&self, lane: usize) {
        if let Some(stage) = self.0.session.borrow_mut().lane_stage(lane) {
            stage.resize();
        }
        self.wake();
    }

    /// What a person does on the canvas of a lane.
    pub fn gesture_in_lane(&self, lane: usize, gesture: Gesture) -> bool {
        let at = |x, y| self.0.session.borrow().in_lane(lane, x, y);
        match gesture {
            Gesture::Click(x, y) => {
                let (place, case) = at(x, y);
                self.click(Action::SelectIn { lane, place }, place, case);
            }
            Gesture::Hover(x, y) => {
                let (place, case) = at(x, y);
                return place.is_some() || case.is_some();
            }
            Gesture::Drag(..) | Gesture::Zoom(..) | Gesture::DoubleClick => {
                if let Some(stage) = self.0.session.borrow_mut().lane_stage(lane) {
                    look(stage, gesture);
                }
                self.wake();
            }
        }
        false
    }

    /// Who clicks a message follows its case; a part below it is selected all the same.
    fn click(&self, select: Action, place: Option<Place>, case: Option<u32>) {
        if case.is_some() {
            self.send(Action::Follow(case));
        }
        if case.is_none() || place.is_some() {
            self.send(select);
        }
    }

    /// Somebody clicked at a point of the stage.
    pub fn click_at(&self, x: f64, y: f64) {
        let (place, case) = (self.part_at(x, y), self.case_at(x, y));
        self.click(Action::Select(place), place, case);
    }

    /// The case of the message that is drawn at a point of the canvas.
    pub fn case_at(&self, x: f64, y: f64) -> Option<u32> {
        self.0.session.borrow().case_at(x, y)
    }

    /// Shows the time on these, in every frame.
    pub fn set_dials(&self, dials: Option<Dials>) {
        *self.0.dials.borrow_mut() = dials;
        self.show_time();
    }

    /// The page has gone: nothing is drawn any more.
    pub fn leave(&self) {
        self.set_dials(None);
        self.0.session.borrow_mut().take_stage();
    }

    /// The canvas has another size.
    pub fn resize(&self) {
        self.0.session.borrow_mut().resize();
        self.wake();
    }

    /// Colours, fonts or the wish for motion have changed.
    pub fn restyle(&self) {
        self.0.session.borrow_mut().restyle(theme::reduced_motion());
        self.0.untold.set(true);
        self.wake();
    }

    /// The part that is drawn at a point of the canvas.
    pub fn part_at(&self, x: f64, y: f64) -> Option<Place> {
        self.0.session.borrow().part_at(x, y)
    }

    /// Measures the page; `done` is called at the end of the run.
    pub(crate) fn measure(&self, done: Box<dyn FnOnce(Measured)>) {
        let measurement = Measurement::begin(&mut self.0.session.borrow_mut(), clock::now(), done);
        *self.0.measurement.borrow_mut() = Some(measurement);
        self.wake();
    }

    /// Measures what the next frames cost; `done` is called with the mean, in milliseconds.
    pub(crate) fn measure_frames(&self, count: u32, done: Box<dyn FnOnce(f64)>) {
        *self.0.frame_meter.borrow_mut() = Some(FrameMeter::begin(count, done));
        self.wake();
    }

    fn wake(&self) {
        if let Some(frames) = self.0.frames.get() {
            frames.request();
        }
    }

    fn frame(&self) {
        let now = clock::now();
        let elapsed = self.0.last_frame.get().map_or(0.0, |last| now - last);
        let engine_ms = self.0.session.borrow_mut().frame(elapsed, &clock::now);
        self.measure_frame(engine_ms);
        self.show_time();
        let moving = self.0.session.borrow().needs_frame();
        if self.0.untold.get() || !moving || now - self.0.last_told.get() >= PANELS_EVERY_MS {
            self.tell(now);
        }
        self.0.last_frame.set(moving.then_some(now));
        if let Some(meter) = self.0.frame_meter.take() {
            *self.0.frame_meter.borrow_mut() = meter.after_frame(clock::now() - now);
        }
        if moving || self.0.untold.get() || self.0.frame_meter.borrow().is_some() {
            self.wake();
        }
    }

    fn measure_frame(&self, engine_ms: f64) {
        if let Some(measurement) = self.0.measurement.take() {
            let rest = measurement.after_frame(&self.0.session.borrow(), engine_ms, clock::now());
            *self.0.measurement.borrow_mut() = rest;
        }
    }

    fn show_time(&self) {
        let session = self.0.session.borrow();
        if let (Some(dials), Some(player)) = (self.0.dials.borrow().as_ref(), session.player()) {
            dials.show(player.world().now(), player.speed());
        }
    }

    fn tell(&self, now: f64) {
        self.0.untold.set(false);
        self.0.last_told.set(now);
        let mut snapshot = self.0.session.borrow_mut().snapshot();
        if let (Board::Figures, Some((_, text))) = (snapshot.board, self.0.session.borrow().source()) {
            self.0.comparison.borrow_mut().show(text, self);
        }
        snapshot.comparison = self.0.comparison.borrow().view();
        let snapshot = Rc::new(snapshot);
        *self.0.snapshot.borrow_mut() = snapshot.clone();
        let listeners = self.0.listeners.borrow().clone();
        for (_, listener) in listeners {
            listener.emit(snapshot.clone());
        }
    }
}

fn each_frame(desk: &Weak<Inner>) {
    if let Some(inner) = desk.upgrade() {
        Desk(inner).frame();
    }
}

/// Moves what a stage shows, as a person does on its canvas.
fn look(stage: &mut Stage, gesture: Gesture) {
    match gesture {
        Gesture::Drag(x, y) => stage.pan(x, y),
        Gesture::Zoom(factor, x, y) => stage.zoom(factor, x, y),
        Gesture::DoubleClick => stage.fit(),
        Gesture::Click(..) | Gesture::Hover(..) => {}
    }
}
