//! A client: the edge of the stage, where customers stand and wait.

use kernel::Time;
use topology::{Arrivals, CaseView, ClientId, Outcome, Place, RecordKind, Target};

use super::{FIGURE, NAME, NOTE, Sketch};
use crate::geometry::{Point, Rect, point};
use crate::layout::Orientation;
use crate::shape::{Paint, Tone};

/// Customers of one client that are shown one by one.
const SHOWN_MAX: usize = 12;
const PITCH: f64 = 28.0;
const RING_RADIUS: f64 = 11.0;
/// Who left stands beside the count for so long, in real seconds.
const LEAVES_SECONDS: f64 = 0.8;

#[derive(Clone, Default)]
struct Crowd {
    /// The first of those that wait, first to come first.
    first: Vec<CaseView>,
    all: usize,
}

pub(super) fn draw_all(sketch: &mut Sketch<'_>) {
    let mut crowds = vec![Crowd::default(); sketch.plan.clients.len()];
    for case in sketch.world.cases().filter(|case| case.outcome == Outcome::Waiting) {
        let crowd = &mut crowds[case.client.index()];
        crowd.all += 1;
        let at = crowd.first.partition_point(|earlier| earlier.number < case.number);
        if at < SHOWN_MAX {
            crowd.first.insert(at, case);
            crowd.first.truncate(SHOWN_MAX);
        }
    }
    for (index, crowd) in crowds.iter().enumerate() {
        draw(sketch, ClientId(index as u16), crowd);
    }
}

fn draw(sketch: &mut Sketch<'_>, id: ClientId, crowd: &Crowd) {
    let place = Place::Client(id);
    let card = sketch.layout.bounds(place);
    let wide = sketch.layout.orientation() == Orientation::Wide;
    let client = &sketch.plan.clients[id.index()];
    sketch.name(point(card.x, card.y + 9.0), NAME, Tone::Ink.full(), &client.name);
    rate(sketch, point(card.x, card.y + 27.0), &client.arrivals);
    edge(sketch, card, wide);
    let (columns, corner) =
        if wide { (4, point(card.x, card.y + 40.0)) } else { (6, point(card.right() - 290.0, card.y)) };
    for (index, case) in crowd.first.iter().enumerate() {
        let (row, column) = ((index / columns) as f64, (index % columns) as f64);
        let x = if wide { columns as f64 - 1.0 - column } else { column };
        customer(sketch, corner + point((x + 0.5) * PITCH, (row + 0.5) * PITCH), case);
    }
    let figures =
        if wide { point(card.x, card.y + 140.0) } else { point(card.right() - 108.0, card.y + 10.0) };
    if crowd.all > SHOWN_MAX {
        let at = if wide { point(card.right(), card.y + 27.0) } else { point(card.x, card.y + 46.0) };
        let lettering = if wide { FIGURE.ending() } else { FIGURE };
        let more = crowd.all - SHOWN_MAX;
        sketch.text(at, lettering, Tone::Amber.full(), format_args!("+{more}"));
    }
    departures(sketch, id, figures);
}

/// How often requests come, in a few signs.
fn rate(sketch: &mut Sketch<'_>, at: Point, arrivals: &Arrivals) {
    let soft = Tone::InkSoft.full();
    match arrivals {
        Arrivals::Poisson { per_second } => sketch.text(at, FIGURE, soft, format_args!("≈ {per_second}/s")),
        Arrivals::Constant { per_second } => sketch.text(at, FIGURE, soft, format_args!("{per_second}/s")),
        Arrivals::Burst { count, every } => {
            sketch.text(at, FIGURE, soft, format_args!("{count} every {} s", every.seconds()));
        }
        Arrivals::Ramp { from_per_second, to_per_second, .. } => {
            sketch.text(at, FIGURE, soft, format_args!("{from_per_second} → {to_per_second}/s"));
        }
        Arrivals::Times { at: times } => {
            sketch.text(at, FIGURE, soft, format_args!("{} requests", times.len()));
        }
        Arrivals::Users { count, .. } => sketch.text(at, FIGURE, soft, format_args!("{count} users")),
    }
}

/// The platform's edge.
fn edge(sketch: &mut Sketch<'_>, card: Rect, wide: bool) {
    let stroke = Tone::Ink.full().wide(2.0);
    if wide {
        let x = card.right();
        sketch.picture.line(&[point(x, card.y + 40.0), point(x, card.y + 126.0)], stroke);
    } else {
        let y = card.bottom();
        sketch.picture.line(&[point(card.x, y), point(card.right(), y)], stroke);
    }
}

/// Somebody who waits, and how much patience is left.
fn customer(sketch: &mut Sketch<'_>, at: Point, case: &CaseView) {
    let now = sketch.world.now();
    let followed = sketch.view.case.is_some_and(|wanted| wanted == case.number);
    let ink = Tone::Ink.faint(if sketch.view.case.is_some() && !followed { 0.35 } else { 0.9 });
    person(sketch, at, ink);
    sketch.picture.ring(at, RING_RADIUS, Tone::InkSoft.faint(0.3).wide(2.2));
    if case.gives_up < Time::MAX {
        let whole = case.gives_up.since(case.started).seconds().max(1e-9);
        let left = case.gives_up.since(now).seconds() / whole;
        sketch.picture.arc(at, RING_RADIUS, left, Tone::Amber.full().wide(2.2));
    }
    if followed {
        sketch.picture.ring(at, RING_RADIUS + 3.0, Tone::Ink.full().wide(1.6));
    }
}

/// A head and shoulders.
fn person(sketch: &mut Sketch<'_>, at: Point, ink: Paint) {
    sketch.picture.disc(at + point(0.0, -2.8), 2.9, ink);
    const SHOULDERS: [(f64, f64); 8] =
        [(-5.2, 6.6), (-5.0, 4.2), (-3.6, 2.2), (-1.6, 1.2), (1.6, 1.2), (3.6, 2.2), (5.0, 4.2), (5.2, 6.6)];
    sketch.picture.area(&SHOULDERS.map(|(x, y)| at + point(x, y)), ink);
}

/// How many left, and how.
fn departures(sketch: &mut Sketch<'_>, id: ClientId, from: Point) {
    if let Target::Channel(_) = sketch.plan.clients[id.index()].to {
        let sent = sketch.scenery.requests_of(Place::Client(id), sketch.world.now());
        return line(sketch, from, sent, "sent", Tone::Ink);
    }
    let (answered, refused, gave_up) = sketch.world.departures(id);
    let bad = |count: u32| if count > 0 { Tone::Loss } else { Tone::InkSoft };
    let lines = [
        (answered, "answered", Tone::Ink, RecordKind::CaseAnswered),
        (refused, "refused", bad(refused), RecordKind::CaseRefused),
        (gave_up, "gave up", bad(gave_up), RecordKind::CaseGaveUp),
    ];
    for (index, (count, word, tone, how)) in lines.into_iter().enumerate() {
        let at = from + point(0.0, index as f64 * 17.0);
        line(sketch, at, u64::from(count), word, tone);
        let left = sketch.recent.iter().filter(|it| it.kind == how && it.place == Place::Client(id));
        let ages = left.filter_map(|it| sketch.age(it.time, LEAVES_SECONDS));
        let alpha = 1.0 - ages.fold(LEAVES_SECONDS, f64::min) / LEAVES_SECONDS;
        if alpha > 0.0 {
            person(sketch, at - point(1.0, 1.0), tone.faint(alpha));
        }
    }
}

fn line(sketch: &mut Sketch<'_>, at: Point, count: u64, word: &str, tone: Tone) {
    sketch.text(at + point(38.0, 0.0), FIGURE.ending(), tone.full(), format_args!("{count}"));
    let soft = if tone == Tone::Loss { Tone::Loss } else { Tone::InkSoft };
    sketch.text(at + point(45.0, 0.0), NOTE, soft.full(), format_args!("{word}"));
}
