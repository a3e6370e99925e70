//! A service: a card with a bay for its inbox and a lamp for each worker.

use kernel::Time;
use topology::{Place, ServiceId, TaskState, WorkerState};

use super::{FIGURE, NAME, Sketch, drum};
use crate::geometry::{Point, Rect, point};
use crate::layout::{BAY_COLUMNS, BAY_PITCH, BAY_ROWS, BAY_WIDTH, Lamps, keeps_a_store};
use crate::shape::Tone;

pub(super) const CORNER: f64 = 5.0;
const LAMP_RADIUS: f64 = 5.8;
const HALO_RADIUS: f64 = 9.5;
const NAME_LEFT: f64 = BAY_WIDTH + 11.0;
const NAME_TOP: f64 = 17.0;
const LAMPS_TOP: f64 = 30.0;
const STATUS_BOTTOM: f64 = 12.0;
const HATCH_PITCH: f64 = 10.0;

pub(super) fn draw(sketch: &mut Sketch<'_>, id: ServiceId) {
    let place = Place::Service(id);
    let card = sketch.layout.bounds(place);
    let up = sketch.world.is_up(place);
    body(sketch, card, up);
    let ink = if up { Tone::Ink } else { Tone::InkSoft };
    if sketch.is_small() {
        return small(sketch, id, card, ink);
    }
    let at = point(card.x + NAME_LEFT, card.y + NAME_TOP);
    sketch.name(
        at,
        if up { NAME } else { NAME.over_lines() },
        ink.full(),
        &sketch.plan.services[id.index()].name,
    );
    bay(sketch, id, card, up);
    lamps(sketch, id, card, up);
    if keeps_a_store(sketch.plan, id) {
        drum::draw(sketch, card);
    }
    let at = point(card.x + NAME_LEFT, card.bottom() - STATUS_BOTTOM);
    let (slowness, parked) = (sketch.world.slowness(id), sketch.world.parked(id));
    if parked > 0 {
        // Above the card, like the rest of the inbox, where something else stands below the lamps.
        let beside = if up && slowness == 1.0 { at } else { point(card.x + BAY_WIDTH + 2.0, card.y - 15.0) };
        sketch.text(beside, FIGURE.over_lines(), Tone::Amber.full(), format_args!("+{parked} wait"));
    }
    if !up {
        let seconds = sketch.down_for(place);
        sketch.text(at, FIGURE.over_lines(), Tone::Ink.full(), format_args!("down {seconds:.1} s"));
    } else if slowness != 1.0 {
        sketch.text(at, NAME.sized(12.5), Tone::Ink.full(), format_args!("{slowness}× slower"));
    }
}

/// A card on a small stage: the name, how much waits, and how many workers are busy.
fn small(sketch: &mut Sketch<'_>, id: ServiceId, card: Rect, ink: Tone) {
    let name = &sketch.plan.services[id.index()].name;
    let lettering = sketch.name_lettering(name, card.width - 14.0).centred().over_lines();
    sketch.name(card.centre() - point(0.0, 8.0), lettering, ink.full(), name);
    if !sketch.world.is_up(Place::Service(id)) {
        return;
    }
    let lamps = Rect { x: card.x + 12.0, y: card.bottom() - 19.0, width: card.width - 24.0, height: 11.0 };
    bar(sketch, id, lamps);
    let waiting = sketch.world.inbox(id).len() as f64;
    let height = (card.height - 8.0) * (waiting / (BAY_COLUMNS * BAY_ROWS) as f64).min(1.0);
    let bay = Rect { x: card.x + 3.0, y: card.bottom() - 4.0 - height, width: 7.0, height };
    sketch.picture.card(bay, 1.0, Some(Tone::Amber.full()), None);
}

/// The card itself: filled while it is up, hatched while it is down.
pub(super) fn body(sketch: &mut Sketch<'_>, card: Rect, up: bool) {
    let ground = Some(Tone::Ground.full());
    if up {
        sketch.picture.card(card, CORNER, ground, None);
        let edge = Tone::Ink.full().wide(sketch.at_least(1.5, 0.5));
        sketch.picture.card(card, CORNER, Some(Tone::Ink.faint(0.06)), Some(edge));
    } else {
        sketch.picture.card(card, CORNER, ground, None);
        hatch(sketch, card.grown(-1.0));
        sketch.picture.card(card, CORNER, None, Some(Tone::InkSoft.full().dashed(1.5, 5.0)));
    }
}

/// Slanted lines across a box.
fn hatch(sketch: &mut Sketch<'_>, card: Rect) {
    let stroke = Tone::InkSoft.faint(0.55).wide(1.0);
    let mut offset = HATCH_PITCH / 2.0 - card.height;
    while offset < card.width {
        let from = offset.max(0.0);
        let to = (offset + card.height).min(card.width);
        let low = point(card.x + from, card.bottom() - (from - offset));
        let high = point(card.x + to, card.bottom() - (to - offset));
        sketch.picture.line(&[low, high], stroke);
        offset += HATCH_PITCH;
    }
}

/// The inbox: messages pile up from the bottom, first to come nearest to the workers.
fn bay(sketch: &mut Sketch<'_>, id: ServiceId, card: Rect, up: bool) {
    let waiting = sketch.world.inbox(id).len();
    let edge = card.x + BAY_WIDTH;
    let wall = Tone::InkSoft.faint(if up { 0.6 } else { 0.25 });
    sketch.picture.line(&[point(edge, card.y + 5.0), point(edge, card.bottom() - 5.0)], wall.wide(1.0));
    let shown = BAY_COLUMNS * BAY_ROWS;
    for (index, slot) in sketch.world.inbox(id).take(shown).enumerate() {
        let (row, column) = (index / BAY_COLUMNS, index % BAY_COLUMNS);
        let x = edge - 10.5 - column as f64 * BAY_PITCH;
        let y = card.bottom() - 11.0 - row as f64 * BAY_PITCH;
        let glyph = sketch.packed(sketch.world.message(slot), point(x, y));
        sketch.picture.message(glyph);
    }
    if waiting > shown {
        let at = point(card.x + 1.0, card.y - 9.0);
        let more = waiting - shown;
        sketch.text(at, FIGURE.over_lines(), Tone::Amber.full(), format_args!("+{more}"));
    }
}

/// Where the lamp of a worker is.
fn lamp(card: Rect, worker: usize, columns: usize, pitch: f64) -> Point {
    let (row, column) = ((worker / columns) as f64, (worker % columns) as f64);
    point(card.x + NAME_LEFT + LAMP_RADIUS + 0.5 + column * pitch, card.y + LAMPS_TOP + (row + 0.5) * pitch)
}

fn lamps(sketch: &mut Sketch<'_>, id: ServiceId, card: Rect, up: bool) {
    let Lamps::Each { columns, pitch } = Lamps::of(&sketch.plan.services[id.index()]) else {
        let whole = Rect { x: card.x + NAME_LEFT, y: card.y + LAMPS_TOP + 4.0, width: 96.0, height: 9.0 };
        bar(sketch, id, whole);
        let (working, waiting) = busy(sketch, id);
        let at = point(whole.right() + 7.0, whole.centre().y);
        let (busy, all) = (working + waiting, sketch.plan.services[id.index()].workers);
        return sketch.text(at, FIGURE.sized(11.5), Tone::InkSoft.full(), format_args!("{busy}/{all}"));
    };
    for (index, state) in sketch.world.workers(id).enumerate() {
        let at = lamp(card, index, columns, pitch);
        match (up, state) {
            (true, WorkerState::Working) => lit(sketch, at, Tone::Lamp),
            (true, WorkerState::Waiting) => lit(sketch, at, Tone::Amber),
            (true, WorkerState::Idle) => {
                sketch.picture.disc(at, LAMP_RADIUS, Tone::InkSoft.faint(0.16));
                sketch.picture.ring(at, LAMP_RADIUS - 0.6, Tone::InkSoft.full().wide(1.2));
            }
            (false, _) => sketch.picture.ring(at, LAMP_RADIUS - 0.6, Tone::InkSoft.faint(0.6).wide(1.0)),
        }
    }
}

fn lit(sketch: &mut Sketch<'_>, at: Point, tone: Tone) {
    sketch.picture.disc(at, HALO_RADIUS, tone.faint(0.2));
    sketch.picture.disc(at, LAMP_RADIUS, tone.full());
}

/// How many workers work and wait, as parts of a bar.
fn bar(sketch: &mut Sketch<'_>, id: ServiceId, whole: Rect) {
    let all = sketch.world.workers(id).len();
    let (working, waiting) = busy(sketch, id);
    let part = |from: usize, count: usize| {
        let unit = whole.width / all.max(1) as f64;
        Rect { x: whole.x + from as f64 * unit, width: count as f64 * unit, ..whole }
    };
    sketch.picture.card(part(0, working), 0.0, Some(Tone::Lamp.full()), None);
    sketch.picture.card(part(working, waiting), 0.0, Some(Tone::Amber.full()), None);
    sketch.picture.card(whole, 2.0, None, Some(Tone::InkSoft.full().wide(1.0)));
}

/// How many workers work, and how many wait.
fn busy(sketch: &Sketch<'_>, id: ServiceId) -> (usize, usize) {
    let count = |wanted: WorkerState| sketch.world.workers(id).filter(|&state| state == wanted).count();
    (count(WorkerState::Working), count(WorkerState::Waiting))
}

/// Around each lamp: how far its work is, or how much of the time is left for which it waits.
pub(super) fn draw_hands(sketch: &mut Sketch<'_>) {
    if sketch.is_small() {
        return;
    }
    let now = sketch.world.now();
    for (task, message) in sketch.world.tasks() {
        let Lamps::Each { columns, pitch } = Lamps::of(&sketch.plan.services[task.service.index()]) else {
            continue;
        };
        let card = sketch.layout.bounds(Place::Service(task.service));
        // Who has given its worker back has no lamp.
        let Some(worker) = task.worker else { continue };
        let at = lamp(card, usize::from(worker), columns, pitch);
        let whole = task.until.since(task.since).seconds();
        let done = now.since(task.since).seconds();
        let (part, tone) = match task.state {
            TaskState::Working => (done / whole.max(1e-9), Tone::Ink.faint(0.55)),
            TaskState::Waiting | TaskState::Sleeping if task.until < Time::MAX => {
                (1.0 - done / whole.max(1e-9), Tone::Amber.full())
            }
            TaskState::Waiting
            | TaskState::Sleeping
            | TaskState::Joining
            | TaskState::Ready
            | TaskState::Suspended
            | TaskState::Running
            | TaskState::Vacant => continue,
        };
        sketch.picture.arc(at, LAMP_RADIUS + 2.4, part, tone.wide(1.5));
        if sketch.view.case.is_some_and(|case| case == sketch.world.case_of(message).number) {
            sketch.picture.ring(at, LAMP_RADIUS + 4.6, Tone::Ink.full().wide(1.6));
        }
    }
}
