//! What stays or stands above everything: counts, marks of order and repetition, the legend, the selection.

use topology::{MessageKind, Place, Record, RecordKind, RouteId};

use super::{FIGURE, FORWARD, NOTE, Sketch, beside};
use crate::geometry::{Point, Rect, point};
use crate::layout::{Kind, LEGEND_SIZE};
use crate::shape::{Form, Glyph, Tone};

/// How long a mark can be seen, in real seconds.
const MARK_SECONDS: f64 = 1.5;

pub(super) fn draw(sketch: &mut Sketch<'_>) {
    let layout = sketch.layout;
    if let Some(place) = sketch.view.selected {
        let around = layout.bounds(place).grown(5.0);
        sketch.picture.card(around, 8.0, None, Some(Tone::Ink.full().wide(2.2)));
    }
    for &place in layout.places() {
        tally(sketch, place);
    }
    for line in layout.lines() {
        let now = sketch.world.now();
        let lost = [line.forward.0, line.backward.0].map(|route: RouteId| sketch.scenery.lost_on(route, now));
        let lost = lost[0] + lost[1];
        if lost > 0 {
            let (at, lettering) = beside(line.middle(), 18.0, FIGURE.over_lines());
            sketch.text(at, lettering, Tone::Loss.full(), format_args!("{lost} lost"));
        }
    }
    for record in sketch.recent {
        let Some(age) = sketch.age(record.time, MARK_SECONDS) else { continue };
        let alpha = ((MARK_SECONDS - age) / 0.5).min(1.0);
        let card = layout.bounds(record.place);
        if record.kind == RecordKind::OutOfOrder {
            crossing(sketch, point(card.x + 24.0, card.y), alpha);
        } else if let RecordKind::FactSet { fact, count, before } = record.kind
            && before > 0
        {
            let name = &sketch.plan.facts[fact.index()];
            stamp(sketch, point(card.right() - 30.0, card.y - 7.0), name, count, alpha);
        }
    }
    words(sketch);
    legend(sketch);
}

/// What went wrong at a place so far, below it.
fn tally(sketch: &mut Sketch<'_>, place: Place) {
    let tally = sketch.scenery.at_place(place, sketch.world.now());
    let card = sketch.layout.bounds(place);
    let y = card.bottom() + 13.5;
    if tally.lost > 0 {
        let figure = FIGURE.over_lines();
        let (at, lettering) = match place {
            Place::Client(_) | Place::Service(_) => (point(card.x + 2.0, y), figure),
            Place::Channel(id) if sketch.layout.look(id).is_some_and(|look| look.kind == Kind::Topic) => {
                (point(card.right() + 8.0, card.bottom() - 6.0), figure)
            }
            // It has its own figures below.
            Place::Channel(_) => (point(card.right(), card.y - 10.0), figure.ending()),
        };
        sketch.text(at, lettering, Tone::Loss.full(), format_args!("{} lost", tally.lost));
    }
    let at = point(card.right() - 2.0, y);
    let lettering = NOTE.ending().over_lines();
    let ink = Tone::Ink.full();
    match (tally.twice, tally.out_of_order) {
        (0, 0) => {}
        (twice, 0) => sketch.text(at, lettering, ink, format_args!("{twice} twice")),
        (0, late) => sketch.text(at, lettering, ink, format_args!("{late} out of order")),
        (twice, late) => sketch.text(at, lettering, ink, format_args!("{twice} twice, {late} out of order")),
    }
}

/// What handlers did beside their usual steps, in a word at the card: at each place the latest.
fn words(sketch: &mut Sketch<'_>) {
    let recent = sketch.recent;
    let mut told: Vec<Place> = Vec::new();
    for (index, record) in recent.iter().enumerate().rev() {
        let Some(age) = sketch.age(record.time, MARK_SECONDS) else { continue };
        let Some(word) = word(&record.kind) else { continue };
        if told.contains(&record.place) {
            continue;
        }
        told.push(record.place);
        let alpha = ((MARK_SECONDS - age) / 0.5).min(1.0);
        let same = |it: &&Record| it.place == record.place && self::word(&it.kind) == Some(word);
        let count = recent[..=index]
            .iter()
            .filter(same)
            .filter(|it| sketch.age(it.time, MARK_SECONDS).is_some())
            .count();
        let card = sketch.layout.bounds(record.place);
        note(sketch, point(card.centre().x, card.y - 9.0), word, count, alpha);
    }
}

/// The word for what a handler did.
fn word(kind: &RecordKind) -> Option<&'static str> {
    if let RecordKind::Retried { .. } = kind {
        Some("tries again")
    } else if let RecordKind::Undone { .. } = kind {
        Some("undone")
    } else if let RecordKind::Unreadable { .. } = kind {
        Some("cannot read it")
    } else if *kind == RecordKind::Resumed {
        Some("goes on")
    } else if *kind == RecordKind::Cancelled {
        Some("cancelled")
    } else if *kind == RecordKind::DeadlinePassed {
        Some("too late")
    } else {
        None
    }
}

/// A word on a plate.
fn note(sketch: &mut Sketch<'_>, at: Point, word: &str, count: usize, alpha: f64) {
    let times = if count > 1 { 3 + count.to_string().len() } else { 0 };
    let plate = Rect::around(at, (word.len() + times) as f64 * 6.6 + 14.0, 19.0);
    let ink = Tone::Ink.faint(alpha);
    sketch.picture.card(plate, 3.0, Some(Tone::Ground.faint(alpha)), Some(ink.wide(1.2)));
    match count {
        1 => sketch.text(at, NOTE.centred(), ink, format_args!("{word}")),
        _ => sketch.text(at, NOTE.centred(), ink, format_args!("{word} ×{count}")),
    }
}

/// Two lines that change places: a message was overtaken.
fn crossing(sketch: &mut Sketch<'_>, at: Point, alpha: f64) {
    let plate = Rect::around(at, 34.0, 20.0);
    sketch.picture.card(plate, 4.0, Some(Tone::Ground.faint(alpha)), Some(Tone::Ink.faint(alpha).wide(1.3)));
    for side in [-1.0, 1.0] {
        let corner = |x: f64, y: f64| at + point(x, y * side);
        let way = [corner(-12.0, -5.0), corner(-6.0, -5.0), corner(5.0, 5.0), corner(11.0, 5.0)];
        sketch.picture.line(&way, Tone::Ink.faint(alpha).wide(1.8));
        let head = [corner(13.0, 5.0), corner(8.0, 2.0), corner(8.0, 8.0)];
        sketch.picture.area(&head, Tone::Ink.faint(alpha));
    }
}

/// A doubled stamp: the effect happened again.
fn stamp(sketch: &mut Sketch<'_>, at: Point, fact: &str, count: u16, alpha: f64) {
    let width = (fact.chars().count() + 3) as f64 * 7.4 + 10.0;
    let ink = Tone::Ink.faint(alpha);
    for shift in [point(4.0, -4.0), point(0.0, 0.0)] {
        let plate = Rect::around(at + shift, width, 20.0);
        sketch.picture.card(plate, 3.0, Some(Tone::Ground.faint(alpha)), Some(ink.wide(1.6)));
    }
    sketch.text(at, FIGURE.centred(), ink, format_args!("{fact} ×{count}"));
}

/// The mark and the name of each type.
fn legend(sketch: &mut Sketch<'_>) {
    if !sketch.is_readable(LEGEND_SIZE) {
        return;
    }
    for &(id, at) in sketch.layout.legend() {
        let kind = &sketch.plan.types[id.index()];
        let form = match kind.kind {
            MessageKind::Event => Form::Disc,
            MessageKind::Command
            | MessageKind::Reply
            | MessageKind::Acknowledgement
            | MessageKind::Cancellation => Form::Chevron,
        };
        let paint = sketch.layout.tone(id).full();
        let heading = FORWARD;
        sketch.picture.message(Glyph {
            form,
            at,
            heading,
            radius: 5.5,
            paint,
            hollow: false,
            doubled: false,
            attempt: 0,
            case: Record::NONE,
        });
        let lettering = NOTE.sized(LEGEND_SIZE);
        sketch.name(at + point(12.0, 0.0), lettering, Tone::InkSoft.full(), &kind.name);
    }
}
