//! A channel: a topic is a bar at which messages part, a queue is a rack in which they wait.

use channel::Subscription;
use topology::{ChannelId, MessageState, Place, RecordKind};

use super::{FIGURE, NOTE, Sketch, service};
use crate::geometry::{Point, Rect, point};
use crate::layout::{Orientation, SLOT_COLUMNS, SLOT_PITCH, SLOT_ROWS, is_topic};
use crate::shape::{Paint, Tone};

/// How long a bar glows after a message parted on it, in real seconds.
const GLOW_SECONDS: f64 = 0.35;
const SLOT: f64 = 14.0;
/// How wide a name above a channel may become on a small stage.
const NAME_ROOM: f64 = 190.0;

pub(super) fn draw(sketch: &mut Sketch<'_>, id: ChannelId) {
    if is_topic(&sketch.plan.channels[id.index()]) { topic(sketch, id) } else { queue(sketch, id) }
}

fn topic(sketch: &mut Sketch<'_>, id: ChannelId) {
    let place = Place::Channel(id);
    let card = sketch.layout.bounds(place);
    let up = sketch.world.is_up(place);
    if up {
        sketch.picture.card(card, 3.0, Some(Tone::Ink.full()), None);
    } else {
        sketch.picture.card(
            card,
            3.0,
            Some(Tone::Ground.full()),
            Some(Tone::InkSoft.full().dashed(1.5, 5.0)),
        );
    }
    for record in sketch.recent {
        if record.place == place
            && matches!(record.kind, RecordKind::FannedOut { .. })
            && let Some(age) = sketch.age(record.time, GLOW_SECONDS)
        {
            let glow = sketch.layout.tone(record.message_type).faint(1.0 - age / GLOW_SECONDS);
            sketch.picture.card(card.grown(-1.5), 2.0, Some(glow), None);
        }
    }
    sockets(sketch, id);
    let wide = sketch.layout.orientation() == Orientation::Wide;
    let ink = if up { Tone::Ink } else { Tone::InkSoft };
    let name = &sketch.plan.channels[id.index()].name;
    let lettering = sketch.name_lettering(name, NAME_ROOM);
    let (at, lettering) = if wide {
        (point(card.centre().x, card.y - 13.0), lettering.centred())
    } else {
        (point(card.x, card.y - 13.0), lettering)
    };
    sketch.name(at, lettering.over_lines(), ink.full(), name);
    if !up {
        let seconds = sketch.down_for(place);
        let at = if wide { at - point(0.0, 17.0) } else { point(card.x, card.bottom() + 13.0) };
        sketch.text(
            at,
            FIGURE.over_lines().with_anchor(lettering.anchor),
            Tone::Ink.full(),
            format_args!("down {seconds:.1} s"),
        );
    }
}

/// Where the branches leave a bar: open where nobody listens.
fn sockets(sketch: &mut Sketch<'_>, id: ChannelId) {
    for (index, subscriber) in sketch.plan.channels[id.index()].subscribers.iter().enumerate() {
        let Some(track) = sketch.layout.track(subscriber.route) else { continue };
        let (start, ahead) = track.at(0.0);
        let at = start + ahead * 1.0;
        let listens = sketch.world.channel(id).is_connected(Subscription(index as u16));
        sketch.picture.disc(at, 4.5, if listens { Tone::Ink.full() } else { Tone::Ground.full() });
        if !listens {
            sketch.picture.ring(at, 4.5, Tone::InkSoft.full().wide(1.5));
        }
    }
}

fn queue(sketch: &mut Sketch<'_>, id: ChannelId) {
    let place = Place::Channel(id);
    let card = sketch.layout.bounds(place);
    let up = sketch.world.is_up(place);
    service::body(sketch, card, up);
    let name = &sketch.plan.channels[id.index()].name;
    let ink = if up { Tone::Ink } else { Tone::InkSoft };
    let lettering = sketch.name_lettering(name, NAME_ROOM).over_lines();
    sketch.name(point(card.x, card.y - 13.0), lettering, ink.full(), name);
    ready(sketch, id, card);
    let held = unacknowledged(sketch, id, card);
    figures(sketch, id, card, held);
    siding(sketch, id, card);
}

/// The slot in a row, counted from the end at which messages leave.
fn slot(card: Rect, row: usize, column: usize) -> Point {
    let x = card.right() - 4.0 - (column as f64 + 0.5) * SLOT_PITCH;
    let below_wall = if row >= READY_ROWS { 5.0 } else { 0.0 };
    point(x, card.y + 4.0 + (row as f64 + 0.5) * SLOT_PITCH + below_wall)
}

/// The upper rows hold what is ready, the last what is out and not yet acknowledged.
const READY_ROWS: usize = SLOT_ROWS - 1;

fn empty(sketch: &mut Sketch<'_>, at: Point, paint: Paint) {
    sketch.picture.card(Rect::around(at, SLOT, SLOT), 2.0, None, Some(paint.wide(1.0)));
}

fn ready(sketch: &mut Sketch<'_>, id: ChannelId, card: Rect) {
    let mut waiting = sketch.world.channel(id).ready();
    for index in 0..READY_ROWS * SLOT_COLUMNS {
        let at = slot(card, index / SLOT_COLUMNS, index % SLOT_COLUMNS);
        match waiting.next() {
            Some(message) => {
                let glyph = sketch.packed(sketch.world.message(message), at);
                sketch.picture.message(glyph);
            }
            None => empty(sketch, at, Tone::InkSoft.faint(0.35)),
        }
    }
}

/// What is out: the outline of the message, and whose it is where several take from the queue.
fn unacknowledged(sketch: &mut Sketch<'_>, id: ChannelId, card: Rect) -> usize {
    let wall = card.y + 6.0 + READY_ROWS as f64 * SLOT_PITCH;
    let ends = [point(card.x + 5.0, wall), point(card.right() - 5.0, wall)];
    sketch.picture.line(&ends, Tone::InkSoft.faint(0.6).wide(1.0));
    let subscribers = &sketch.plan.channels[id.index()].subscribers;
    let mut count = 0;
    for (index, subscriber) in subscribers.iter().enumerate() {
        for message in sketch.world.channel(id).held(Subscription(index as u16)) {
            if count < SLOT_COLUMNS {
                let at = slot(card, READY_ROWS, count);
                let message = sketch.world.message(message);
                let mut glyph = sketch.packed(message, at);
                glyph.hollow = true;
                sketch.picture.message(glyph);
                let out_of_reach = message.state == MessageState::Unreachable;
                empty(sketch, at, if out_of_reach { Tone::Amber.full() } else { Tone::Ink.faint(0.8) });
                if subscribers.len() > 1 {
                    let name = &sketch.plan.services[subscriber.service.index()].name;
                    let initial = name.chars().next().unwrap_or(' ');
                    let lettering = NOTE.sized(8.5).centred();
                    sketch.text(at, lettering, Tone::Ink.full(), format_args!("{initial}"));
                }
            }
            count += 1;
        }
    }
    for column in count..SLOT_COLUMNS {
        empty(sketch, slot(card, READY_ROWS, column), Tone::InkSoft.faint(0.35));
    }
    count
}

fn figures(sketch: &mut Sketch<'_>, id: ChannelId, card: Rect, held: usize) {
    let y = card.bottom() + 12.0;
    let place = Place::Channel(id);
    if !sketch.world.is_up(place) {
        let seconds = sketch.down_for(place);
        let at = point(card.x + 2.0, y);
        return sketch.text(at, FIGURE.over_lines(), Tone::Ink.full(), format_args!("down {seconds:.1} s"));
    }
    let waiting = sketch.world.channel(id).ready_len();
    let tone = if waiting > 0 { Tone::Amber } else { Tone::InkSoft };
    sketch.text(point(card.x + 1.0, y), FIGURE.sized(11.5), tone.full(), format_args!("{waiting} ready"));
    let at = point(card.right() - 1.0, y);
    sketch.text(at, FIGURE.sized(11.5).ending(), Tone::InkSoft.full(), format_args!("{held} unacked"));
}

/// A siding with a buffer stop, on which dead letters stand.
fn siding(sketch: &mut Sketch<'_>, id: ChannelId, card: Rect) {
    let dead = sketch.world.dead_lettered(id);
    if dead == 0 && sketch.plan.channels[id.index()].rules.delivery_limit.is_none() {
        return;
    }
    let y = card.bottom() + 34.0;
    let (left, end) = (card.x - 8.0, card.x + 62.0);
    let used = if dead > 0 { 1.0 } else { 0.4 };
    let rail = Tone::InkSoft.faint(used).wide(1.2);
    let way = [
        point(card.x, card.bottom() - 8.0),
        point(left, card.bottom()),
        point(left, y - 8.0),
        point(left + 8.0, y),
        point(end, y),
    ];
    sketch.picture.line(&way, rail);
    sketch.picture.line(&[point(end, y - 6.0), point(end, y + 6.0)], Tone::Ink.faint(used).wide(2.6));
    for index in 0..dead.min(3) {
        let at = point(end - 11.0 - index as f64 * 14.0, y);
        sketch.picture.disc(at, 5.0, Tone::Ground.full());
        sketch.picture.ring(at, 4.6, Tone::Ink.full().wide(1.4));
        let arm = point(2.6, 2.6);
        sketch.picture.line(&[at - arm, at + arm], Tone::Ink.full().wide(1.4));
    }
    if dead > 0 {
        sketch.text(point(end + 8.0, y), FIGURE, Tone::Ink.full(), format_args!("{dead} dead"));
    }
}
