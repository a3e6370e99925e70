//! A queue is a rack in which messages wait. Several of them are the branches of a junction.

use channel::{Group, HeldView};
use topology::MessageState;

use super::{FIGURES, FIGURES_DOWN, Site, glow, is_there, mark, out, siding, waiting};
use crate::frame::{FIGURE, NOTE, Sketch, service};
use crate::geometry::{Point, Rect, point};
use crate::layout::{BRANCH_SIZE, JUNCTION, Orientation, Rack, RackShape};
use crate::shape::{Anchor, Paint, Tone};
use crate::waiting::{Pattern, Waiting};

const SLOT: f64 = 14.0;
/// What a junction reaches beyond the lines that lead to it.
const JUNCTION_END: f64 = 9.0;
/// Beyond so many ready messages, those that are put off are counted and not shown.
const LOOKED_THROUGH_MAX: usize = 200;

pub(super) fn draw(sketch: &mut Sketch<'_>, site: &Site<'_>) {
    let card = site.card;
    service::body(sketch, card, site.up);
    let rack = site.look.rack(card, 0, sketch.layout.orientation());
    let counts = Waiting::of(sketch.world, site.id, Group(0));
    slots(sketch, site, Group(0), &rack);
    if site.look.delays {
        put_off(sketch, site, &rack, &counts);
    }
    let y = card.bottom() + FIGURES_DOWN;
    ready_figure(sketch, site, point(card.x + 1.0, y), &counts);
    let (at, soft) = (point(card.right() - 1.0, y), Tone::InkSoft.full());
    sketch.text(at, FIGURES.ending(), soft, format_args!("{} unacked", counts.held));
    siding(sketch, site, card, card.bottom() + 34.0);
}

fn ready_figure(sketch: &mut Sketch<'_>, site: &Site<'_>, at: Point, counts: &Waiting) {
    let tone = if counts.ready > 0 { Tone::Amber } else { Tone::InkSoft };
    let ready = counts.ready;
    match site.look.bound {
        Some(bound) => {
            sketch.text(at, FIGURES.over_lines(), tone.full(), format_args!("{ready}/{bound} ready"))
        }
        None => sketch.text(at, FIGURES.over_lines(), tone.full(), format_args!("{ready} ready")),
    }
}

fn empty(sketch: &mut Sketch<'_>, at: Point, paint: Paint) {
    sketch.picture.card(Rect::around(at, SLOT, SLOT), 2.0, None, Some(paint.wide(1.0)));
}

/// What is ready and what is out.
fn slots(sketch: &mut Sketch<'_>, site: &Site<'_>, group: Group, rack: &Rack) {
    let (all, world) = (rack.shape().ready(), sketch.world);
    let free = Tone::InkSoft.faint(0.35);
    let room = site.look.bound.map_or(all, |bound| bound.min(all));
    let mut ready = [0; RackShape::READY_MAX];
    let shown = room.min(world.channel(site.id).ready_len(group));
    let ready = waiting(world, site, group, 0, &mut ready[..shown]);
    for index in 0..room {
        let at = rack.ready(index);
        match ready.get(index) {
            Some(&slot) => {
                let message = world.message(slot);
                let at = sketch.settling(message, at);
                sketch.picture.message(sketch.packed(message, at));
            }
            None => empty(sketch, at, free),
        }
    }
    if room < all {
        // A buffer stop, where the room ends.
        let at = rack.ready(room.saturating_sub(1)) - point(SLOT / 2.0 + 4.0, 0.0);
        let half = point(0.0, SLOT / 2.0);
        sketch.picture.line(&[at - half, at + half], Tone::Ink.full().wide(2.6));
    }
    sketch.picture.line(&rack.wall(), Tone::InkSoft.faint(0.6).wide(1.0));
    let mut held = [None; RackShape::HELD_MAX];
    let held = out(world, site, group, &mut held);
    for index in 0..rack.shape().held() {
        let at = rack.held(index);
        match held.get(index).copied().flatten() {
            Some(delivery) => unacknowledged(sketch, site, delivery, at),
            None => empty(sketch, at, free),
        }
    }
}

/// What is out: the outline of the message, or whose it is where several take from the rack.
fn unacknowledged(sketch: &mut Sketch<'_>, site: &Site<'_>, (slot, delivery): (u32, HeldView), at: Point) {
    let message = sketch.world.message(slot);
    let out_of_reach = message.state == MessageState::Unreachable;
    sketch.leaves(delivery.since, message.route, message.origin, at);
    let mut glyph = sketch.packed(message, at);
    if mark(sketch, site, delivery.by, at, FIGURE.sized(9.5).centred()) {
        // Its holder stands in the slot, the message around it.
        let edge = if out_of_reach { Tone::Amber.full() } else { glyph.paint };
        sketch.picture.card(Rect::around(at, SLOT, SLOT), 2.0, None, Some(edge.wide(1.8)));
    } else {
        glyph.hollow = true;
        sketch.picture.message(glyph);
        empty(sketch, at, if out_of_reach { Tone::Amber.full() } else { Tone::Ink.faint(0.8) });
    }
}

/// What may be handed out only later: behind a clock, fainter than the rest.
fn put_off(sketch: &mut Sketch<'_>, site: &Site<'_>, rack: &Rack, counts: &Waiting) {
    let there = if counts.later > 0 { 0.9 } else { 0.35 };
    sketch.picture.line(&rack.second_wall(), Tone::InkSoft.faint(0.6).dashed(1.0, 3.0));
    clock(sketch, rack.later(RackShape::HELD_MAX - 1), 6.0, Tone::InkSoft.faint(there));
    let mut later = [0; RackShape::HELD_MAX - 2];
    let room = if counts.ready < LOOKED_THROUGH_MAX { later.len() } else { 0 };
    let later = waiting(sketch.world, site, Group(0), counts.ready, &mut later[..room]);
    for (index, &slot) in later.iter().enumerate() {
        let mut glyph = sketch.packed(sketch.world.message(slot), rack.later(index));
        glyph.paint = glyph.paint.times(0.45);
        sketch.picture.message(glyph);
    }
    if counts.later > later.len() {
        let at = rack.later(RackShape::HELD_MAX - 2);
        let more = counts.later - later.len();
        sketch.text(at, FIGURE.sized(9.5).centred(), Tone::InkSoft.full(), format_args!("+{more}"));
    }
}

/// What comes later.
pub(super) fn clock(sketch: &mut Sketch<'_>, at: Point, radius: f64, paint: Paint) {
    let hands = [at - point(0.0, radius * 0.6), at, at + point(radius * 0.45, 0.0)];
    sketch.picture.ring(at, radius - 0.5, paint.wide(1.2));
    sketch.picture.line(&hands, paint.wide(1.2));
}

pub(super) fn draw_several(sketch: &mut Sketch<'_>, site: &Site<'_>) {
    let orientation = sketch.layout.orientation();
    if !site.up {
        service::body(sketch, site.card, false);
    }
    let lanes = site.look.lanes(orientation);
    for lane in 0..lanes {
        let (group, rack) = (site.group(lane), site.look.rack(site.card, lane, orientation));
        branch(sketch, site, group, rack.rect);
        one_of_several(sketch, site, group, &rack);
    }
    junction(sketch, site);
    let (all, bottom) = (sketch.world.groups(site.id).len(), site.card.bottom());
    let (last, rest, aside) = match orientation {
        Orientation::Wide => (lanes.saturating_sub(1), bottom + 33.0, bottom + 14.0),
        Orientation::Tall => (0, bottom + 36.0, bottom + if all > lanes { 50.0 } else { 38.0 }),
    };
    if all > lanes {
        let mut waiting = Waiting::default();
        (lanes..all).for_each(|lane| waiting.add(&Waiting::of(sketch.world, site.id, site.group(lane))));
        let (at, soft) = (point(site.card.x, rest), Tone::InkSoft.full());
        sketch.text(at, FIGURES.over_lines(), soft, format_args!("+{} groups: {waiting}", all - lanes));
    }
    if lanes > 0 {
        siding(sketch, site, site.look.rack(site.card, last, orientation).rect, aside);
    }
}

/// Where messages part.
fn junction(sketch: &mut Sketch<'_>, site: &Site<'_>) {
    let long = site.plot.map_or(0.0, |plot| plot.reach) + 2.0 * JUNCTION_END;
    let (card, middle) = (site.card, site.card.centre());
    let bar = match sketch.layout.orientation() {
        Orientation::Wide => Rect::around(point(card.x + JUNCTION / 2.0, middle.y), JUNCTION, long),
        Orientation::Tall => Rect::around(point(middle.x, card.y + JUNCTION / 2.0), long, JUNCTION),
    };
    sketch.picture.card(bar, JUNCTION / 2.0, Some(site.ink().full()), None);
    glow(sketch, site, bar);
}

/// From the junction to a rack, with what it is bound by and whose it is.
fn branch(sketch: &mut Sketch<'_>, site: &Site<'_>, group: Group, rack: Rect) {
    let (card, world) = (site.card, sketch.world);
    let ink = Tone::InkSoft.faint(0.9);
    let stroke = if is_there(world, site, group) { ink.wide(1.4) } else { ink.dashed(1.4, 4.0) };
    let (at, anchor) = match sketch.layout.orientation() {
        Orientation::Wide => {
            let (x, y) = (card.x + JUNCTION, rack.centre().y);
            let way = [point(x, card.centre().y), point(x + 10.0, y), point(rack.x, y)];
            sketch.picture.line(&way, stroke);
            (point(rack.x - 12.0, y - 8.5), Anchor::End)
        }
        Orientation::Tall => {
            let (x, y) = (rack.centre().x, card.y + JUNCTION);
            let way = [point(card.centre().x, y), point(x, y + 10.0), point(x, rack.y)];
            sketch.picture.line(&way, stroke);
            (point(x, rack.y - 24.0), Anchor::Middle)
        }
    };
    let planned = &world.groups(site.id)[usize::from(group.0)];
    let most = site.look.branch_letters(sketch.layout.orientation());
    let pattern = Pattern { bindings: &planned.bindings, most, keyed: site.look.keyed };
    let lettering = FIGURE.sized(BRANCH_SIZE).with_anchor(anchor).over_lines();
    sketch.text(at, lettering, site.ink().full(), format_args!("{pattern}"));
    if !is_named_after_its_only_service(sketch, site, group) {
        let below = match sketch.layout.orientation() {
            Orientation::Wide => at + point(0.0, 17.0),
            Orientation::Tall => at + point(0.0, 13.0),
        };
        let lettering = NOTE.sized(BRANCH_SIZE).with_anchor(anchor).over_lines();
        sketch.cut(below, lettering, Tone::InkSoft.full(), &planned.name, most);
    }
}

/// Whether the line to the group's only service says whose it is.
fn is_named_after_its_only_service(sketch: &Sketch<'_>, site: &Site<'_>, group: Group) -> bool {
    let group = &sketch.world.groups(site.id)[usize::from(group.0)];
    let subscribers = &sketch.plan.channels[site.id.index()].subscribers;
    let name = |&index: &u16| &sketch.plan.services[subscribers[usize::from(index)].service.index()].name;
    matches!(&group.subscribers[..], [one] if *name(one) == group.name)
}

fn one_of_several(sketch: &mut Sketch<'_>, site: &Site<'_>, group: Group, rack: &Rack) {
    let (rect, there) = (rack.rect, is_there(sketch.world, site, group));
    if site.up && there {
        service::body(sketch, rect, true);
    } else {
        let edge = Tone::InkSoft.full().dashed(1.5, 4.0);
        sketch.picture.card(rect, service::CORNER, Some(Tone::Ground.full()), Some(edge));
    }
    slots(sketch, site, group, rack);
    let counts = Waiting::of(sketch.world, site.id, group);
    let (at, down) = (point(rect.x + 1.0, rect.bottom() + FIGURES_DOWN), point(0.0, 12.0));
    ready_figure(sketch, site, at, &counts);
    let soft = Tone::InkSoft.full();
    let beside = sketch.layout.orientation() == Orientation::Wide;
    let (out, lettering) = if beside {
        (point(rect.right() - 1.0, at.y), FIGURES.ending())
    } else {
        (at + down, FIGURES.over_lines())
    };
    if counts.later == 0 {
        return sketch.text(out, lettering, soft, format_args!("{} unacked", counts.held));
    }
    sketch.text(out, lettering, soft, format_args!("{} out, {} later", counts.held, counts.later));
}
