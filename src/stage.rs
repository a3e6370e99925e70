//! The stage: a canvas on which the world is drawn, every frame. It stands beside the component tree, knows
//! nothing of the chrome, and takes its colours and type from the style sheet.

mod camera;
mod pen;
mod style;

use std::sync::Arc;

use scene::{Layout, Picture, Ring, Scenery, View, point};
use topology::{Place, Plan, Record, RecordKind, World};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use camera::Camera;
use pen::Pen;
use style::Style;

/// A canvas with what is shown on it.
pub struct Stage {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    style: Style,
    camera: Camera,
    plan: Option<Arc<Plan>>,
    layout: Layout,
    scenery: Scenery,
    selected: Option<Place>,
    case: Option<u32>,
    /// What draws the eye for a moment, the latest last.
    rings: Vec<Ring>,
    /// Kept from frame to frame for their room.
    picture: Picture,
    recent: Vec<Record>,
}

/// The layout follows the shape of the canvas in steps, so that a small change of size moves nothing.
const ASPECT_STEP: f64 = 0.04;
/// So many rings at most, and not two at one place within so many real seconds: they are to draw the eye, not to hold it.
const RINGS_MAX: usize = 8;
const RINGS_APART_SECONDS: f64 = 0.6;
/// A message is hit from so many CSS pixels away.
const REACH: f64 = 9.0;

impl Stage {
    /// A stage on a canvas that is part of a page.
    ///
    /// # Errors
    /// If the browser has no 2D canvas, in words for a person.
    pub fn new(canvas: HtmlCanvasElement) -> Result<Stage, String> {
        let context = canvas.get_context("2d").ok().flatten();
        let context = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
        let context = context.ok_or("this browser offers no canvas to draw on")?;
        let mut stage = Stage {
            style: Style::of(&canvas),
            camera: Camera::default(),
            plan: None,
            layout: Layout::default(),
            scenery: Scenery::default(),
            selected: None,
            case: None,
            rings: Vec::new(),
            picture: Picture::default(),
            recent: Vec::new(),
            canvas,
            context,
        };
        stage.resize();
        Ok(stage)
    }

    /// Shows another plan, as a whole.
    pub fn set_plan(&mut self, plan: &Arc<Plan>) {
        self.plan = Some(plan.clone());
        self.selected = None;
        self.case = None;
        self.reset();
        self.picture.clear();
        self.lay_out();
    }

    /// The canvas has another size on the page.
    pub fn resize(&mut self) {
        let (width, height) = (f64::from(self.canvas.client_width()), f64::from(self.canvas.client_height()));
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        let pixels = |length: f64| (length * ratio).round().max(1.0) as u32;
        // Setting a size empties the canvas, even if it is the same.
        if self.canvas.width() != pixels(width) || self.canvas.height() != pixels(height) {
            self.canvas.set_width(pixels(width));
            self.canvas.set_height(pixels(height));
        }
        let before = self.camera.aspect();
        self.camera.resize(width, height, ratio);
        if (self.camera.aspect() / before - 1.0).abs() > ASPECT_STEP {
            self.lay_out();
        } else {
            self.camera.look_at(self.layout.width(), self.layout.height());
        }
    }

    /// The colours or the type of the page have changed.
    pub fn restyle(&mut self) {
        self.style = Style::of(&self.canvas);
    }

    /// Takes a record in. The stage has to see every one, in order; after a step back it sees some again.
    pub fn take(&mut self, record: &Record) {
        self.scenery.take(record);
    }

    /// Forgets every record: the run begins again.
    pub fn reset(&mut self) {
        self.scenery.reset();
        self.rings.clear();
    }

    /// Goes on with what another stage knows of the same run.
    pub fn go_on_from(&mut self, other: &mut Stage) {
        self.scenery = std::mem::take(&mut other.scenery);
    }

    /// Draws the eye to a place, unless that was just done.
    pub fn ring(&mut self, ring: Ring, pace: f64) {
        let apart = RINGS_APART_SECONDS * pace;
        let just = |it: &Ring| it.place == ring.place && ring.time.since(it.time).seconds() < apart;
        if self.rings.iter().any(just) {
            return;
        }
        if self.rings.len() == RINGS_MAX {
            self.rings.remove(0);
        }
        self.rings.push(ring);
    }

    /// Draws the world as it is now. `recent` are the records of the last moments, `pace` is how many
    /// simulated seconds pass in a real one.
    pub fn draw(
        &mut self,
        world: &World,
        recent: &mut dyn Iterator<Item = &Record>,
        pace: f64,
        reduced_motion: bool,
    ) {
        // A channel that is of another kind now may need more room.
        if !self.layout.suits(world) {
            self.layout = Layout::present(world, self.camera.aspect());
            self.fit();
        }
        self.recent.clear();
        self.recent.extend(recent.filter(|record| leaves_a_trace(record)));
        let scale = self.camera.scale();
        let view = View { pace, scale, selected: self.selected, case: self.case, reduced_motion };
        self.picture.clear();
        scene::frame(world, &self.layout, &self.scenery, &self.recent, &view, &mut self.picture);
        scene::rings(world, &self.layout, &self.rings, &view, &mut self.picture);
        let mut pen = Pen::new(&self.context, &mut self.style);
        pen.clear(f64::from(self.canvas.width()), f64::from(self.canvas.height()));
        self.camera.apply(&self.context);
        self.picture.paint(&mut pen);
    }

    /// What stands at a point of the canvas, in CSS pixels from its upper left corner.
    pub fn hit(&self, x_css: f64, y_css: f64) -> Option<Place> {
        let (x, y) = self.camera.to_world(x_css, y_css);
        self.layout.place_at(x, y)
    }

    /// The case of the message that was last drawn at a point, in CSS pixels from the upper left corner.
    pub fn case_at(&self, x_css: f64, y_css: f64) -> Option<u32> {
        let (x, y) = self.camera.to_world(x_css, y_css);
        self.picture.case_at(point(x, y), REACH / self.camera.scale())
    }

    /// Marks a place.
    pub fn select(&mut self, place: Option<Place>) {
        self.selected = place;
    }

    /// Follows a case: messages of others stand back.
    pub fn follow(&mut self, case: Option<u32>) {
        self.case = case;
    }

    /// Everything on the stage in words.
    pub fn describe(&self, world: &World) -> Vec<(Place, String)> {
        scene::describe(world, &self.layout, &self.scenery)
    }

    /// Comes nearer (a factor above 1) or goes away from a point of the canvas, in CSS pixels.
    pub fn zoom(&mut self, factor: f64, x_css: f64, y_css: f64) {
        self.camera.zoom(factor, x_css, y_css);
    }

    /// The same from the middle.
    pub fn zoom_in_the_middle(&mut self, factor: f64) {
        let (width, height) = (self.canvas.client_width(), self.canvas.client_height());
        self.camera.zoom(factor, f64::from(width) / 2.0, f64::from(height) / 2.0);
    }

    /// Moves what is shown by so many CSS pixels.
    pub fn pan(&mut self, x_css: f64, y_css: f64) {
        self.camera.pan(x_css, y_css);
    }

    /// Shows everything again.
    pub fn fit(&mut self) {
        self.camera.look_at(self.layout.width(), self.layout.height());
    }

    fn lay_out(&mut self) {
        if let Some(plan) = &self.plan {
            self.layout = Layout::new(plan, self.camera.aspect());
        }
        self.fit();
    }
}

/// Whether something of a record can be seen for a moment.
fn leaves_a_trace(record: &Record) -> bool {
    let kind = &record.kind;
    matches!(kind, RecordKind::Lost { .. } | RecordKind::OutOfOrder | RecordKind::FannedOut { .. })
        || matches!(kind, RecordKind::CaseAnswered | RecordKind::CaseRefused | RecordKind::CaseGaveUp)
        || matches!(kind, RecordKind::FactSet { before, .. } if *before > 0)
        || matches!(
            kind,
            RecordKind::Retried { .. } | RecordKind::Undone { .. } | RecordKind::Unreadable { .. }
        )
        || matches!(kind, RecordKind::Resumed | RecordKind::Cancelled | RecordKind::DeadlinePassed)
}
