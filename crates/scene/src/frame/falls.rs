//! Losses: a message falls from where it was lost, and the reason stands there for a moment.

use topology::{LossReason, MessageKind, Place, Record, RecordKind, RouteId};

use super::{FORWARD, MESSAGE_RADIUS, NOTE, STANDS_BACK, Sketch};
use crate::geometry::{Point, Track, point};
use crate::shape::{Anchor, Form, Glyph, Tone};

/// How long a message falls, and how long its reason can be read, in real seconds.
const FALL_SECONDS: f64 = 1.2;
const REASON_SECONDS: f64 = 1.8;
const FALL_HEIGHT: f64 = 46.0;
/// Messages that fall from one spot side by side, and how far apart.
const ABREAST: [f64; 5] = [0.0, 9.0, -9.0, 18.0, -18.0];
/// How many messages fall from one spot at a time.
const FALLING_MAX: usize = 24;
/// Two losses nearer than this to each other share one reason.
const SAME_SPOT: f64 = 30.0;
const REASON_LINE: f64 = 15.0;

/// Where something falls, and where its reason stands.
#[derive(Clone, Copy)]
struct Spot {
    at: Point,
    words: Point,
    anchor: Anchor,
}

/// What was lost at a spot in the last moments.
struct Pile {
    spot: Spot,
    newest: Record,
    reason: LossReason,
    count: usize,
}

pub(super) fn draw(sketch: &mut Sketch<'_>) {
    let mut piles: Vec<Pile> = Vec::new();
    for record in sketch.recent {
        let RecordKind::Lost { reason, route, .. } = record.kind else { continue };
        let Some(age) = sketch.age(record.time, REASON_SECONDS) else { continue };
        let spot = spot(sketch, record, reason, route);
        let same = piles.iter_mut().find(|pile| (pile.spot.at - spot.at).length() < SAME_SPOT);
        let count = match same {
            Some(pile) => {
                pile.count += 1;
                if pile.newest.time <= record.time {
                    (pile.newest, pile.reason) = (*record, reason);
                }
                pile.count
            }
            None => {
                piles.push(Pile { spot, newest: *record, reason, count: 1 });
                1
            }
        };
        if age < FALL_SECONDS && count <= FALLING_MAX {
            falling(sketch, record, reason, spot.at, age / FALL_SECONDS);
        }
    }
    let mut written: Vec<Point> = Vec::new();
    for mut pile in piles {
        let words_at = &mut pile.spot.words;
        // Several reasons at one card stand one below the other.
        while written.iter().any(|it| it.x == words_at.x && (it.y - words_at.y).abs() < REASON_LINE) {
            words_at.y += REASON_LINE;
        }
        written.push(*words_at);
        words(sketch, &pile);
    }
}

/// Where a message was lost.
fn spot(sketch: &Sketch<'_>, record: &Record, reason: LossReason, route: RouteId) -> Spot {
    let card = sketch.layout.bounds(record.place);
    let words = point(card.centre().x, card.bottom() + 29.0);
    let below = Spot { at: point(card.centre().x, card.bottom() + 4.0), words, anchor: Anchor::Middle };
    // A client stands at the edge of the stage, with its figures below.
    let below = match record.place {
        Place::Client(_) => Spot { words: point(card.x, words.y), anchor: Anchor::Start, ..below },
        Place::Service(_) | Place::Channel(_) => below,
    };
    let track = sketch.layout.track(route);
    match reason {
        LossReason::Network | LossReason::Partition => track.map_or(below, |track| on_the_way(track, 0.5)),
        LossReason::SubscriberAway => match branch(sketch, record.place, route) {
            // The words begin beside the bar, so that they do not lie across it; on a line that runs across they
            // stand above it, because the card's own count is below.
            Some(track) => {
                let spot = on_the_way(track, 20.0 / track.length().max(20.0));
                let words =
                    if spot.anchor == Anchor::Start { spot.words } else { spot.at - point(10.0, 15.0) };
                Spot { words, anchor: Anchor::Start, ..spot }
            }
            None => below,
        },
        LossReason::ReceiverDown | LossReason::Full | LossReason::TooLate | LossReason::Stale => {
            let arrives_here = sketch.plan.routes[route.index()].to == record.place;
            let door = |track: &Track| track.at(1.0 - 16.0 / track.length().max(16.0)).0;
            match track.filter(|_| arrives_here) {
                Some(track) => Spot { at: door(track), ..below },
                None => below,
            }
        }
        LossReason::Crash
        | LossReason::BrokerDown
        | LossReason::NobodyListening
        | LossReason::HandlerFailed
        | LossReason::Expired
        | LossReason::Trimmed
        | LossReason::HolderGone
        | LossReason::Unread
        | LossReason::GivenUp
        | LossReason::Skipped
        | LossReason::Claimed
        | LossReason::Deduplicated
        | LossReason::Cancelled => below,
    }
}

/// On a line that runs across, the reason stands below it, on one that runs down, beside it.
fn on_the_way(track: &Track, part: f64) -> Spot {
    let (at, ahead) = track.at(part);
    if ahead.y.abs() > ahead.x.abs() {
        Spot { at, words: at + point(15.0, 34.0), anchor: Anchor::Start }
    } else {
        Spot { at, words: at + point(0.0, 36.0), anchor: Anchor::Middle }
    }
}

/// The branch to a subscriber, from the bar that a message came to.
fn branch<'a>(sketch: &Sketch<'a>, subscriber: Place, came: RouteId) -> Option<&'a Track> {
    let Place::Channel(channel) = sketch.plan.routes[came.index()].to else { return None };
    let subscribers = &sketch.plan.channels[channel.index()].subscribers;
    let it = subscribers.iter().find(|it| Place::Service(it.service) == subscriber)?;
    sketch.layout.track(it.route)
}

fn falling(sketch: &mut Sketch<'_>, record: &Record, reason: LossReason, from: Point, part: f64) {
    let event = sketch.plan.types[record.message_type.index()].kind == MessageKind::Event;
    let form = if reason == LossReason::TooLate {
        Form::Ring
    } else if reason == LossReason::Stale {
        Form::Tick
    } else if event {
        Form::Disc
    } else {
        Form::Chevron
    };
    let fallen = if sketch.view.reduced_motion { 0.4 } else { part * part };
    let aside = ABREAST[record.message as usize % ABREAST.len()];
    let followed = sketch.view.case.is_none_or(|case| case == record.case);
    sketch.picture.message(Glyph {
        form,
        at: from + point(aside, 8.0 + FALL_HEIGHT * fallen),
        heading: if form == Form::Chevron { point(0.0, 1.0) } else { FORWARD },
        radius: MESSAGE_RADIUS,
        paint: tone(reason).faint((1.0 - part) * if followed { 1.0 } else { STANDS_BACK }),
        hollow: false,
        doubled: false,
        attempt: 0,
        case: record.case,
    });
}

/// Red is kept for what is missed.
fn tone(reason: LossReason) -> Tone {
    if reason.is_missed() { Tone::Loss } else { Tone::InkSoft }
}

fn words(sketch: &mut Sketch<'_>, pile: &Pile) {
    let Some(age) = sketch.age(pile.newest.time, REASON_SECONDS) else { return };
    let alpha = ((REASON_SECONDS - age) / 0.5).min(1.0);
    let lettering = NOTE.with_anchor(pile.spot.anchor).over_lines();
    let (words, paint) = (pile.reason.words(), tone(pile.reason).faint(alpha));
    if pile.count > 1 {
        sketch.text(pile.spot.words, lettering, paint, format_args!("{words} ×{}", pile.count));
    } else {
        sketch.text(pile.spot.words, lettering, paint, format_args!("{words}"));
    }
}
