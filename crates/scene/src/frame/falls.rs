//! Losses: a message falls from where it was lost, and the reason stands there for a moment.

use topology::{LossReason, MessageKind, Place, Record, RecordKind, RouteId};

use super::{FORWARD, MESSAGE_RADIUS, NOTE, Sketch};
use crate::geometry::{Point, point};
use crate::shape::{Form, Glyph, Tone};

/// How long a message falls, and how long its reason can be read, in real seconds.
const FALL_SECONDS: f64 = 1.2;
const REASON_SECONDS: f64 = 1.8;
const FALL_HEIGHT: f64 = 44.0;
/// How many messages fall from one spot at a time.
const FALLING_MAX: usize = 24;

/// A place where something was lost in the last moments.
struct Spot {
    at: Point,
    newest: Record,
    reason: LossReason,
    count: usize,
}

pub(super) fn draw(sketch: &mut Sketch<'_>) {
    let mut spots: Vec<Spot> = Vec::new();
    for record in sketch.recent {
        let RecordKind::Lost { reason, route } = record.kind else { continue };
        let Some(age) = sketch.age(record.time, REASON_SECONDS) else { continue };
        let at = spot(sketch, record, reason, route);
        let same = spots.iter_mut().find(|spot| (spot.at - at).length() < 30.0);
        let index = match same {
            Some(spot) => {
                spot.count += 1;
                if spot.newest.time <= record.time {
                    (spot.newest, spot.reason) = (*record, reason);
                }
                spot.count - 1
            }
            None => {
                spots.push(Spot { at, newest: *record, reason, count: 1 });
                0
            }
        };
        if age < FALL_SECONDS && index < FALLING_MAX {
            let followed = sketch.view.case.is_none_or(|case| case == record.case);
            falling(sketch, record, reason, at, age / FALL_SECONDS, index, followed);
        }
    }
    for spot in spots {
        words(sketch, &spot);
    }
}

/// Where a message was lost.
fn spot(sketch: &Sketch<'_>, record: &Record, reason: LossReason, route: RouteId) -> Point {
    let card = sketch.layout.bounds(record.place);
    let below = point(card.centre().x, card.bottom() + 4.0);
    let on = |route: RouteId, part: f64| sketch.layout.track(route).map(|track| track.at(part).0);
    match reason {
        LossReason::Network | LossReason::Partition => on(route, 0.5).unwrap_or(below),
        LossReason::SubscriberAway => branch(sketch, record.place, route).unwrap_or(below),
        LossReason::ReceiverDown | LossReason::Full | LossReason::TooLate | LossReason::Stale => {
            let arrives_here = sketch.plan.routes[route.index()].to == record.place;
            on(route, 1.0).filter(|_| arrives_here).unwrap_or(below)
        }
        LossReason::Crash
        | LossReason::BrokerDown
        | LossReason::NobodyListening
        | LossReason::HandlerFailed => below,
    }
}

/// Where the branch to a subscriber leaves the bar that a message came to.
fn branch(sketch: &Sketch<'_>, subscriber: Place, came: RouteId) -> Option<Point> {
    let Place::Channel(channel) = sketch.plan.routes[came.index()].to else { return None };
    let subscribers = &sketch.plan.channels[channel.index()].subscribers;
    let it = subscribers.iter().find(|it| Place::Service(it.service) == subscriber)?;
    let track = sketch.layout.track(it.route)?;
    Some(track.at(18.0 / track.length().max(18.0)).0)
}

fn falling(
    sketch: &mut Sketch<'_>,
    record: &Record,
    reason: LossReason,
    from: Point,
    part: f64,
    index: usize,
    followed: bool,
) {
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
    let aside = [0.0, 13.0, -13.0, 26.0, -26.0, 39.0][index % 6];
    let fallen = if sketch.view.reduced_motion { 0.5 } else { part * part };
    let at = from + point(aside, 6.0 + FALL_HEIGHT * fallen);
    let alpha = (1.0 - part) * if followed { 1.0 } else { 0.25 };
    let paint = Tone::of_type(record.message_type).faint(alpha);
    let heading = if form == Form::Chevron { point(0.0, 1.0) } else { FORWARD };
    let radius = MESSAGE_RADIUS;
    sketch.picture.message(Glyph {
        form,
        at,
        heading,
        radius,
        paint,
        hollow: false,
        doubled: false,
        attempt: 0,
    });
    let arm = point(radius * 1.15, radius * 1.15);
    let stroke = Tone::Loss.faint(alpha).wide(1.8);
    sketch.picture.line(&[at - arm, at + arm], stroke);
    let arm = point(arm.x, -arm.y);
    sketch.picture.line(&[at - arm, at + arm], stroke);
}

fn words(sketch: &mut Sketch<'_>, spot: &Spot) {
    let Some(age) = sketch.age(spot.newest.time, REASON_SECONDS) else { return };
    let alpha = ((REASON_SECONDS - age) / 0.5).min(1.0);
    let at = spot.at + point(0.0, FALL_HEIGHT + 20.0);
    let (lettering, paint) = (NOTE.centred().over_lines(), Tone::Loss.faint(alpha));
    let words = spot.reason.words();
    if spot.count > 1 {
        sketch.text(at, lettering, paint, format_args!("{words} ×{}", spot.count));
    } else {
        sketch.text(at, lettering, paint, format_args!("{words}"));
    }
}
