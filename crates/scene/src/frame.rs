//! One frame: a world at its present moment, as shapes.
//!
//! From the ground up: lines, flows, the taut lines of calls, the places, the messages on their way, what
//! falls, what is counted, the legend.

mod calls;
mod channel;
mod client;
mod drum;
mod falls;
mod lines;
mod marks;
mod messages;
mod service;

use std::fmt;

use kernel::Time;
use topology::{Message, MessageKind, Place, Plan, Record, RouteId, World};

use crate::geometry::{Point, point};
use crate::layout::Layout;
use crate::scenery::Scenery;
use crate::shape::{Face, Form, Glyph, Lettering, Paint, Picture, Tone};

/// How a person looks at the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Simulated seconds per real second.
    pub pace: f64,
    /// Pixels per world unit: what would be too small to read is left out.
    pub scale: f64,
    /// What is selected.
    pub selected: Option<Place>,
    /// The case that is followed; messages of others stand back.
    pub case: Option<u32>,
    /// Nothing moves by itself: figures instead of travel.
    pub reduced_motion: bool,
}

impl Default for View {
    fn default() -> Self {
        View { pace: 1.0, scale: 1.0, selected: None, case: None, reduced_motion: false }
    }
}

/// Adds everything that is to be seen now to a picture. `recent` are the records of the last moments, in any
/// order; what they tell fades with their age.
pub fn frame(
    world: &World,
    layout: &Layout,
    scenery: &Scenery,
    recent: &[Record],
    view: &View,
    picture: &mut Picture,
) {
    let (plan, view, leaving) = (world.plan(), *view, Vec::new());
    let mut sketch = Sketch { world, plan, layout, scenery, recent, view, leaving, picture };
    let busy = messages::Busy::of(&sketch);
    lines::draw(&mut sketch);
    messages::draw_flows(&mut sketch, &busy);
    calls::draw(&mut sketch);
    client::draw_all(&mut sketch);
    for &place in layout.places() {
        match place {
            Place::Client(_) => {}
            Place::Service(id) => service::draw(&mut sketch, id),
            Place::Channel(id) => channel::draw(&mut sketch, id),
        }
    }
    service::draw_hands(&mut sketch);
    messages::draw_travelling(&mut sketch, &busy);
    falls::draw(&mut sketch);
    marks::draw(&mut sketch);
}

/// A frame being made.
struct Sketch<'a> {
    world: &'a World,
    plan: &'a Plan,
    layout: &'a Layout,
    scenery: &'a Scenery,
    recent: &'a [Record],
    view: View,
    /// Where channels have drawn what they have just handed out: the way it goes, and its first copy.
    leaving: Vec<(RouteId, u32, Point)>,
    picture: &'a mut Picture,
}

/// Half the size of a message.
const MESSAGE_RADIUS: f64 = 6.5;
/// Text smaller than this on the screen is left out.
const TEXT_PIXELS_MIN: f64 = 6.0;
/// Names smaller than this give up everything beside them for being larger.
const NAME_PIXELS_MIN: f64 = 8.0;
/// How much is left of what stands back.
const STANDS_BACK: f64 = 0.22;

/// How long a message goes between its place in a channel and the edge of the card, in real seconds.
const SETTLES_SECONDS: f64 = 0.15;
/// At most this part of the way to a consumer.
const SETTLES_PART: f64 = 0.2;

const NAME: Lettering = Lettering::new(crate::layout::NAME_SIZE, Face::Name);
const NOTE: Lettering = Lettering::new(12.0, Face::Words);
const FIGURE: Lettering = Lettering::new(12.5, Face::Figures);

impl Sketch<'_> {
    fn text(&mut self, at: Point, lettering: Lettering, paint: Paint, text: fmt::Arguments<'_>) {
        if self.is_readable(lettering.size) {
            self.picture.text(at, lettering, paint, text);
        }
    }

    /// A width in world units, but not less than so many pixels on the screen.
    fn at_least(&self, width: f64, pixels: f64) -> f64 {
        width.max(pixels / self.view.scale.max(1e-3))
    }

    /// Whether text of this size can be read.
    fn is_readable(&self, size: f64) -> bool {
        size * self.view.scale >= TEXT_PIXELS_MIN
    }

    /// Whether names of the usual size could not be read, so that a card shows little but its name.
    fn is_small(&self) -> bool {
        NAME.size * self.view.scale < NAME_PIXELS_MIN
    }

    /// The lettering of a name that has so much room; on a small stage it is larger than usual.
    fn name_lettering(&self, name: &str, room: f64) -> Lettering {
        let letters = name.chars().count().clamp(1, crate::layout::NAME_LETTERS_MAX) as f64;
        let fits = (room / (letters * 0.57)).min(NAME.size * 2.2);
        NAME.sized((NAME_PIXELS_MIN / self.view.scale.max(1e-3)).min(fits).max(NAME.size))
    }

    /// A name, cut where it would leave its card.
    fn name(&mut self, at: Point, lettering: Lettering, paint: Paint, name: &str) {
        self.cut(at, lettering, paint, name, crate::layout::NAME_LETTERS_MAX);
    }

    /// A text of at most so many letters.
    fn cut(&mut self, at: Point, lettering: Lettering, paint: Paint, text: &str, most: usize) {
        match text.char_indices().nth(most) {
            Some(_) => {
                let cut = text.char_indices().nth(most - 1).map_or(text.len(), |(index, _)| index);
                self.text(at, lettering, paint, format_args!("{}…", &text[..cut]));
            }
            None => self.text(at, lettering, paint, format_args!("{text}")),
        }
    }

    /// How long ago something was, in seconds for the person who watches; `None` if it is still to come or
    /// longer ago than `most`.
    fn age(&self, time: Time, most: f64) -> Option<f64> {
        let pace = if self.view.pace > 0.0 { self.view.pace } else { 1.0 };
        let age = self.world.now().since(time).seconds() / pace;
        (time <= self.world.now() && age < most).then_some(age)
    }

    /// A message as it looks somewhere.
    fn glyph(&self, message: &Message, at: Point, heading: Point) -> Glyph {
        let number = self.world.case_of(message).number;
        let others = self.view.case.is_some_and(|case| case != number);
        let form = match (message.kind, message.ok) {
            (MessageKind::Command, _) => Form::Chevron,
            (MessageKind::Event, _) => Form::Disc,
            (MessageKind::Reply, true) => Form::Ring,
            (MessageKind::Reply, false) => Form::CrossedRing,
            (MessageKind::Acknowledgement, true) => Form::Tick,
            (MessageKind::Acknowledgement, false) | (MessageKind::Cancellation, _) => Form::Cross,
        };
        let tone = if message.ok { self.layout.tone(message.message_type) } else { Tone::Loss };
        // On a small stage a message stays large enough to be seen.
        let radius = MESSAGE_RADIUS * (0.85 / self.view.scale.max(0.1)).clamp(1.0, 2.2);
        let small = matches!(form, Form::Tick | Form::Cross);
        Glyph {
            form,
            at,
            heading,
            radius: if small { radius * 0.8 } else { radius },
            paint: tone.faint(if others { STANDS_BACK } else { 1.0 }),
            hollow: false,
            doubled: message.duplicate,
            attempt: if small { 0 } else { message.deliveries },
            case: number,
        }
    }

    /// A message where many stand side by side.
    fn packed(&self, message: &Message, at: Point) -> Glyph {
        let ringed = message.deliveries > 1 || message.duplicate;
        let radius = if ringed { 4.3 } else { 5.8 };
        Glyph { radius, ..self.glyph(message, at, FORWARD) }
    }

    /// Where a message is that has just reached its channel: on its way from the card's edge to its place.
    fn settling(&self, message: &Message, place: Point) -> Point {
        let came = &self.plan.routes[message.route.index()];
        let (Place::Channel(_), Some(track)) = (came.to, self.layout.track(message.route)) else {
            return place;
        };
        match self.age(message.arrives, SETTLES_SECONDS) {
            Some(age) if !self.view.reduced_motion => track.at(1.0).0.towards(place, age / SETTLES_SECONDS),
            Some(_) | None => place,
        }
    }

    /// Notes where a message stands that has been out since a moment ago.
    fn leaves(&mut self, since: Time, route: RouteId, origin: u32, place: Point) {
        if !self.view.reduced_motion && self.age(since, SETTLES_SECONDS).is_some() {
            self.leaving.push((route, origin, place));
        }
    }

    /// Where a message is that has just been handed out: on its way from its place in the channel to its
    /// track.
    fn setting_out(&self, message: &Message, on_track: Point) -> Point {
        let it = |(route, origin, _): &&(RouteId, u32, Point)| {
            (*route, *origin) == (message.route, message.origin)
        };
        let Some(&(_, _, place)) = self.leaving.iter().find(it) else { return on_track };
        // Where the whole way takes less, it is on its track all the sooner.
        let way = message.arrives.since(message.departed).seconds() / self.view.pace.max(1e-9);
        let most = SETTLES_SECONDS.min(way * SETTLES_PART);
        self.age(message.departed, most).map_or(on_track, |age| place.towards(on_track, age / most))
    }

    /// How many seconds a place has been down.
    fn down_for(&self, place: Place) -> f64 {
        self.world.now().since(self.world.since(place)).seconds()
    }
}

/// Where a text stands beside a line, on the right-hand side of who goes along it, and how it lies there.
fn beside((at, ahead): (Point, Point), distance: f64, lettering: Lettering) -> (Point, Lettering) {
    let aside = ahead.right_hand();
    let at = at + aside * distance;
    if aside.x.abs() < 0.6 {
        (at, lettering.centred())
    } else if aside.x > 0.0 {
        (at + point(-6.0, 0.0), lettering)
    } else {
        (at + point(6.0, 0.0), lettering.ending())
    }
}

/// Which way messages point while they stand still.
const FORWARD: Point = point(1.0, 0.0);
