//! A log: a tape for each partition, and below it a lane for each group with a flag where it reads.
//!
//! ```text
//!  p0   128 ┌─┬─┬─┬─┬─┬─┬─┬─┬─┬─┐ 138
//!  mail        ' □ □ ▶░░░░░░░░░░  5  □2  [1]     committed, out, cursor, lag, how many are out, the owner
//! ```

use channel::{Acknowledgement, Group, HeldView, Subject};
use topology::{MessageKind, Record, RecordKind, TypeId};

use super::{FIGURES, Site, is_there, mark, siding};
use crate::frame::{FIGURE, FORWARD, NOTE, SETTLES_SECONDS, Sketch, service};
use crate::geometry::{Point, Rect, point};
use crate::layout::{CELL, CELLS, Look, Orientation};
use crate::shape::{Form, Glyph, Tone};
use crate::waiting::{Beside, Idle, Waiting};

/// What is written at the tapes and in the lanes.
const SIZE: f64 = 10.5;
/// So many letters of a group's name are shown in front of its lane.
const NAME_LETTERS: usize = 12;
/// Half the size of a delivery that is out.
const OUT_HALF: f64 = 4.0;
const LINE: f64 = 13.0;
/// Of so many that were written in the last moments one sees how they come in.
const ARRIVALS_MAX: usize = 8;

/// The end of a partition, which its tape shows.
struct Tape {
    partition: u16,
    rect: Rect,
    /// The first offset that is shown, and the one after the last entry.
    start: u64,
    end: u64,
    /// Up to here every group has been handed what it wants.
    done: u64,
}

impl Tape {
    /// Where a cell begins; before the tape, or at its end, for what is not shown.
    fn x(&self, offset: u64) -> f64 {
        self.rect.x + offset.clamp(self.start, self.end).saturating_sub(self.start) as f64 * CELL
    }
}

/// Entries that were written a moment ago: the number of the message, and how much of the way from the edge of
/// the card to its cell is behind it.
#[derive(Default)]
struct Arrivals {
    latest: [Option<(u32, f64)>; ARRIVALS_MAX],
}

impl Arrivals {
    fn of(sketch: &Sketch<'_>, site: &Site<'_>) -> Arrivals {
        let mut arrivals = Arrivals::default();
        let mut next = 0;
        for record in sketch.recent {
            if record.place == site.place
                && matches!(record.kind, RecordKind::FannedOut { .. })
                && !sketch.view.reduced_motion
                && let Some(age) = sketch.age(record.time, SETTLES_SECONDS)
            {
                arrivals.latest[next % ARRIVALS_MAX] = Some((record.message, age / SETTLES_SECONDS));
                next += 1;
            }
        }
        arrivals
    }

    /// Where the entry of a message is whose cell is there.
    fn place(&self, sketch: &Sketch<'_>, site: &Site<'_>, message: u32, cell: Point) -> Point {
        let known = self.latest.iter().flatten().find(|(number, _)| *number == message);
        let edge = match sketch.layout.orientation() {
            Orientation::Wide => point(site.card.x, site.card.centre().y),
            Orientation::Tall => point(site.card.centre().x, site.card.y),
        };
        known.map_or(cell, |&(_, part)| edge.towards(cell, part))
    }
}

pub(super) fn draw(sketch: &mut Sketch<'_>, site: &Site<'_>) {
    service::body(sketch, site.card, site.up);
    let lanes = site.look.lanes(sketch.layout.orientation());
    let engine = sketch.world.channel(site.id);
    let arrivals = Arrivals::of(sketch, site);
    for index in 0..site.look.tapes() {
        let partition = index as u16;
        let end = engine.end(partition);
        let rect = site.look.tape(site.card, index);
        let next = engine.groups().map(|group| engine.unread(group, partition).0);
        let done = next.fold(end, u64::min);
        let tape = Tape { partition, rect, start: end.saturating_sub(CELLS as u64), end, done };
        strip(sketch, site, &tape, &arrivals);
        for lane in 0..lanes {
            reader(sketch, site, &tape, site.group(lane), Look::lane(rect, lane).y);
        }
    }
    below(sketch, site, lanes);
    siding(sketch, site, site.card, site.card.bottom() + 34.0);
}

/// The tape itself: open at its left end if it goes on there.
fn strip(sketch: &mut Sketch<'_>, site: &Site<'_>, tape: &Tape, arrivals: &Arrivals) {
    let Rect { x, y, .. } = tape.rect;
    let (bottom, right) = (tape.rect.bottom(), tape.rect.right());
    sketch.picture.card(tape.rect, 0.0, Some(Tone::Ground.full()), None);
    let edge = Tone::InkSoft.faint(0.9).wide(1.0);
    let torn = if tape.start > 0 { x - 6.0 } else { x };
    for y in [y, bottom] {
        sketch.picture.line(&[point(torn, y), point(right, y)], edge);
    }
    for cell in 0..=CELLS {
        let written = (cell as u64) <= tape.end - tape.start;
        let edge = if written { edge } else { Tone::InkSoft.faint(0.3).wide(1.0) };
        if cell > 0 || tape.start == 0 {
            let x = x + cell as f64 * CELL;
            sketch.picture.line(&[point(x, y), point(x, bottom)], edge);
        }
    }
    let world = sketch.world;
    for (offset, handle, subject) in world.channel(site.id).entries_from(tape.partition, tape.start) {
        let at = point(tape.x(offset) + CELL / 2.0, tape.rect.centre().y);
        let at = arrivals.place(sketch, site, handle, at);
        entry(sketch, site, subject, at, offset >= tape.done);
    }
    let (soft, middle) = (Tone::InkSoft.full(), tape.rect.centre().y);
    let figure = FIGURE.sized(SIZE);
    if site.look.partitions > 1 {
        let at = point(site.card.x + 8.0, middle);
        sketch.text(at, figure, site.ink().full(), format_args!("p{}", tape.partition));
    }
    sketch.text(point(x - 9.0, middle), figure.ending(), soft, format_args!("{}", tape.start));
    sketch.text(point(right + 6.0, middle), figure, soft, format_args!("{}", tape.end));
}

/// An entry, faint once every group has been handed it.
fn entry(sketch: &mut Sketch<'_>, site: &Site<'_>, subject: Subject, at: Point, unread: bool) {
    let message_type = type_about(sketch, site, subject);
    let kind = message_type.map(|id| sketch.plan.types[id.index()].kind);
    let tone = message_type.map_or(Tone::InkSoft, |id| sketch.layout.tone(id));
    sketch.picture.message(Glyph {
        form: if kind == Some(MessageKind::Event) { Form::Disc } else { Form::Chevron },
        at,
        heading: FORWARD,
        radius: 4.6,
        paint: tone.faint(if unread { 1.0 } else { 0.3 }),
        hollow: false,
        doubled: false,
        attempt: 0,
        case: Record::NONE,
    });
}

/// The type of the messages that are about a subject.
fn type_about(sketch: &Sketch<'_>, site: &Site<'_>, subject: Subject) -> Option<TypeId> {
    let name = sketch.world.channel(site.id).subject_name(subject);
    let mut types = sketch.plan.channels[site.id.index()].types.iter();
    types.find(|id| sketch.plan.types[id.index()].subject == name).copied()
}

/// How far a group has come in a partition.
fn reader(sketch: &mut Sketch<'_>, site: &Site<'_>, tape: &Tape, group: Group, y: f64) {
    let world = sketch.world;
    let engine = world.channel(site.id);
    let (next, lag) = engine.unread(group, tape.partition);
    let (cursor, committed) = engine.offsets(group, tape.partition);
    let x = tape.x(next);
    if lag > 0 {
        let stretch = Rect { x, y: y - 4.0, width: tape.x(tape.end) - x, height: 8.0 };
        sketch.picture.card(stretch, 0.0, Some(Tone::Amber.faint(0.32)), None);
    }
    if let Acknowledgement::Offset { .. } = engine.rules().delivery.acknowledgement
        && committed != cursor
    {
        let x = tape.x(committed);
        let tick = Tone::Ink.faint(0.8).wide(1.4);
        sketch.picture.line(&[point(x, y - 4.5), point(x, y + 4.5)], tick);
        sketch.picture.line(&[point(x, y), point(tape.x(next), y)], Tone::InkSoft.full().dashed(1.0, 2.0));
    }
    for delivery in engine.held_from(group, tape.partition, tape.start) {
        is_out(sketch, site, tape, &delivery, y);
    }
    flag(sketch, point(x, y), tape.start > next, tape.rect.bottom());
    let name = &world.groups(site.id)[usize::from(group.0)].name;
    let label = NOTE.sized(SIZE);
    let at = point(site.card.x + 8.0, y);
    let ink = if is_there(world, site, group) { site.ink() } else { Tone::InkSoft };
    sketch.cut(at, label, ink.full(), name, NAME_LETTERS);
    let figure = FIGURE.sized(SIZE);
    let right = tape.rect.right();
    let tone = if lag > 0 { Tone::Amber } else { Tone::InkSoft };
    sketch.text(point(right + 32.0, y), figure.ending(), tone.full(), format_args!("{lag}"));
    let out = Waiting::out_of(world, site.id, group, tape.partition);
    if out > 0 {
        let square = Rect::around(point(right + 42.0, y), 2.0 * OUT_HALF, 2.0 * OUT_HALF);
        sketch.picture.card(square, 1.5, None, Some(Tone::Ink.faint(0.8).wide(1.0)));
        sketch.text(point(right + 48.0, y), figure, Tone::InkSoft.full(), format_args!("{out}"));
    }
    if let Some(owner) = engine.owner(group, tape.partition) {
        let at = point(site.card.right() - 14.0, y);
        let there = engine.is_connected(owner);
        let edge = if there { Tone::Ink.faint(0.8).wide(1.0) } else { Tone::InkSoft.full().dashed(1.0, 2.0) };
        sketch.picture.card(Rect::around(at, 18.0, 11.0), 2.0, Some(Tone::Ground.full()), Some(edge));
        mark(sketch, site, owner, at, figure.sized(9.5).centred());
    }
}

/// A delivery that nobody has acknowledged.
fn is_out(sketch: &mut Sketch<'_>, site: &Site<'_>, tape: &Tape, delivery: &HeldView, y: f64) {
    let x = tape.x(delivery.tag.position().offset()) + CELL / 2.0;
    let square = Rect::around(point(x, y), 2.0 * OUT_HALF, 2.0 * OUT_HALF);
    let tone = if delivery.delivery > 1 { Tone::Amber.full() } else { Tone::Ink.faint(0.8) };
    sketch.picture.card(square, 1.5, None, Some(tone.wide(1.0)));
    let Some((service, _)) = sketch.world.subscriber_of(site.id, delivery.by) else { return };
    let subscribers = &sketch.plan.channels[site.id.index()].subscribers;
    if let Some(it) = subscribers.iter().find(|it| it.service == service) {
        sketch.leaves(delivery.since, it.route, delivery.message, point(x, tape.rect.centre().y));
    }
}

/// A flag whose staff stands where its group reads; hollow where that lies before the tape's beginning.
fn flag(sketch: &mut Sketch<'_>, at: Point, before: bool, top: f64) {
    let ink = Tone::Ink.full();
    sketch.picture.line(&[point(at.x, top + 1.0), point(at.x, at.y)], Tone::InkSoft.faint(0.35).wide(1.0));
    sketch.picture.line(&[at - point(0.0, 5.5), at + point(0.0, 5.5)], ink.wide(1.4));
    let pennant = [at - point(0.0, 5.5), at - point(8.0, 2.5), at + point(0.0, 0.5)];
    if before {
        sketch.picture.line(&pennant, ink.wide(1.1));
    } else {
        sketch.picture.area(&pennant, ink);
    }
}

/// What has no place at the tapes, in a line each.
fn below(sketch: &mut Sketch<'_>, site: &Site<'_>, lanes: usize) {
    let (world, channel) = (sketch.world, site.id);
    let engine = world.channel(channel);
    let mut at = point(site.card.x + 2.0, site.card.bottom() + 11.0);
    let lettering = FIGURES.sized(SIZE).over_lines();
    let soft = Tone::InkSoft.full();
    let (tapes, groups) = (site.look.tapes() as u16, world.groups(channel).len());
    let more = engine.partitions() - tapes;
    if more > 0 {
        let rest = || tapes..engine.partitions();
        let entries: usize = rest().map(|partition| engine.entries_len(partition)).sum();
        let lag =
            |partition| engine.groups().map(move |group| engine.unread(group, partition).1).sum::<usize>();
        let behind: usize = rest().map(lag).sum();
        let words = format_args!("+{more} partitions: {entries} entries, {behind} behind");
        sketch.text(at, lettering, soft, words);
        at.y += LINE;
    }
    if groups > lanes {
        let mut rest = Waiting::default();
        (lanes..groups).for_each(|lane| rest.add(&Waiting::of(world, channel, site.group(lane))));
        sketch.text(at, lettering, soft, format_args!("+{} groups: {rest}", groups - lanes));
        at.y += LINE;
    }
    for group in (0..groups as u16).map(Group) {
        let (idle, beside) = (Idle { world, channel, group }, Beside { world, channel, group });
        if idle.is_any() {
            sketch.text(at, lettering, soft, format_args!("{idle}"));
            at.y += LINE;
        }
        if beside.is_any() {
            sketch.text(at, lettering, soft, format_args!("{beside}"));
            at.y += LINE;
        }
    }
}
