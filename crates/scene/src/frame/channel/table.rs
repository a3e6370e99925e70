//! A jobs table: a row for each job, with its state as the table has it, and whoever has it in hand.

use channel::Group;
use topology::MessageState;

use super::{FIGURES, FIGURES_DOWN, Out, Site, mark, out, siding, waiting};
use crate::frame::{FIGURE, NOTE, Sketch, service};
use crate::geometry::{Rect, point};
use crate::layout::{Look, ROWS};
use crate::shape::Tone;
use crate::waiting::{Hands, Waiting};

const SIZE: f64 = 11.0;
const LAMP_RADIUS: f64 = 4.0;
/// Where the columns stand.
const JOB: f64 = 44.0;
const STATE: f64 = 88.0;
/// So many that have a row in hand are shown.
const HANDS_MAX: usize = 3;
const HAND_PITCH: f64 = 21.0;
/// Of so many in all.
const HELD_MAX: usize = 24;

/// What the table says of a row.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Pending,
    Running,
    Later,
}

const TABLE: Group = Group(0);

pub(super) fn draw(sketch: &mut Sketch<'_>, site: &Site<'_>) {
    let (world, card) = (sketch.world, site.card);
    service::body(sketch, card, site.up);
    let counts = Waiting::of(world, site.id, TABLE);
    let running = Hands::of(world, site.id, TABLE).running;
    let all = running + counts.ready + counts.later;
    // The last row says how many more there are.
    let shown = if all > ROWS { ROWS - 1 } else { ROWS };
    let mut held = [None; HELD_MAX];
    let held = out(world, site, TABLE, &mut held);
    let mut row = 0;
    let mut before = None;
    for &(slot, delivery) in held.iter().flatten() {
        let claimed = !world.channel(site.id).is_look(TABLE, delivery.tag);
        // Those who have the same row stand side by side.
        if row < shown && claimed && before != Some(slot) {
            draw_row(sketch, site, row, slot, State::Running);
            hands(sketch, site, row, slot, held);
            row += 1;
            before = Some(slot);
        }
    }
    let mut rows = [0; ROWS];
    for (index, &slot) in waiting(world, site, TABLE, 0, &mut rows[..shown - row]).iter().enumerate() {
        draw_row(sketch, site, row, slot, if index < counts.ready { State::Pending } else { State::Later });
        hands(sketch, site, row, slot, held);
        row += 1;
    }
    for index in 1..ROWS {
        let y = Look::row(card, index).y;
        let rule = Tone::InkSoft.faint(0.25).wide(1.0);
        sketch.picture.line(&[point(card.x + 6.0, y), point(card.right() - 6.0, y)], rule);
    }
    if all > row {
        let at = point(card.x + JOB, Look::row(card, ROWS - 1).centre().y);
        sketch.text(at, FIGURE.sized(SIZE), Tone::Amber.full(), format_args!("+{}", all - row));
    }
    figures(sketch, site, &counts, running);
    siding(sketch, site, card, card.bottom() + 38.0);
}

fn figures(sketch: &mut Sketch<'_>, site: &Site<'_>, counts: &Waiting, running: usize) {
    let (card, soft) = (site.card, Tone::InkSoft.full());
    let Waiting { ready, later, .. } = *counts;
    let done = sketch.world.channel(site.id).done_len(TABLE);
    let tone = if ready > 0 { Tone::Amber } else { Tone::InkSoft };
    let (left, right) = (point(card.x + 1.0, card.bottom() + FIGURES_DOWN), FIGURES.ending().over_lines());
    let mut at = point(card.right() - 1.0, left.y);
    sketch.text(left, FIGURES.over_lines(), tone.full(), format_args!("{ready} pending"));
    sketch.text(at, right, soft, format_args!("{running} running"));
    at.y += 13.0;
    if later > 0 {
        sketch.text(at, right, soft, format_args!("{later} later, {done} done"));
    } else {
        sketch.text(at, right, soft, format_args!("{done} done"));
    }
}

fn draw_row(sketch: &mut Sketch<'_>, site: &Site<'_>, index: usize, slot: u32, state: State) {
    let world = sketch.world;
    let message = world.message(slot);
    let row = Look::row(site.card, index);
    let y = row.centre().y;
    let lamp = point(row.x + 13.0, y);
    match state {
        State::Running => sketch.picture.disc(lamp, LAMP_RADIUS, Tone::Lamp.full()),
        State::Pending => sketch.picture.ring(lamp, LAMP_RADIUS - 0.5, Tone::InkSoft.full().wide(1.2)),
        State::Later => super::rack::clock(sketch, lamp, LAMP_RADIUS, Tone::InkSoft.full()),
    }
    let at = point(row.x + 30.0, y);
    let at = if state == State::Pending { sketch.settling(message, at) } else { at };
    let mut glyph = sketch.packed(message, at);
    glyph.radius = glyph.radius.min(5.0);
    glyph.hollow = state == State::Running;
    if state == State::Later {
        glyph.paint = glyph.paint.times(0.45);
    }
    sketch.picture.message(glyph);
    let number = world.case_of(message).number;
    sketch.text(point(row.x + JOB, y), FIGURE.sized(SIZE), Tone::Ink.full(), format_args!("#{number}"));
    let (words, tone) = match state {
        State::Running if message.state == MessageState::Unreachable => ("running", Tone::Amber),
        State::Running => ("running", Tone::Ink),
        State::Pending => ("pending", Tone::InkSoft),
        State::Later => ("later", Tone::InkSoft),
    };
    sketch.text(point(row.x + STATE, y), NOTE.sized(SIZE), tone.full(), format_args!("{words}"));
}

/// Who has a row in hand: whoever claimed it, or everybody who has looked at it.
fn hands(sketch: &mut Sketch<'_>, site: &Site<'_>, index: usize, slot: u32, held: &[Out]) {
    let row = Look::row(site.card, index);
    let mut at = point(row.right() - 16.0, row.centre().y);
    for (_, delivery) in held.iter().flatten().filter(|(known, _)| *known == slot).take(HANDS_MAX) {
        let edge = Tone::Ink.faint(0.8).wide(1.0);
        sketch.picture.card(Rect::around(at, 19.0, 12.0), 2.0, Some(Tone::Ground.full()), Some(edge));
        mark(sketch, site, delivery.by, at, FIGURE.sized(9.5).centred());
        let message = sketch.world.message(slot);
        sketch.leaves(delivery.since, message.route, message.origin, at);
        at.x -= HAND_PITCH;
    }
}
