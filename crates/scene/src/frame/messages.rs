//! Messages on their way: one by one, or as a flow where they are too many or too fast to be followed.

use kernel::Span;
use topology::{Message, MessageState, RouteId};

use super::{FIGURE, Sketch, beside};
use crate::shape::Tone;

/// From so many messages on one route on they are a flow.
const FOLLOWED_MAX: u32 = 60;
/// A message that is on its way for less than this, in real seconds, cannot be followed: three frames.
const FOLLOWED_SECONDS: f64 = 0.05;
/// A flow is measured over this long, in real seconds, but not over less simulated time than that.
const MEASURED_SECONDS: f64 = 2.0;
const MEASURED_SIMULATED_SECONDS: f64 = 0.5;
/// For so long, in real seconds, a band is brighter after a message set out, so that a few are seen one by one.
const GLOW_SECONDS: f64 = 0.45;

/// How many messages are on each route.
pub(super) struct Busy(Vec<u32>);

impl Busy {
    pub(super) fn of(sketch: &Sketch<'_>) -> Busy {
        let mut count = vec![0; sketch.plan.routes.len()];
        for message in travelling(sketch) {
            count[message.route.index()] += 1;
        }
        Busy(count)
    }

    /// Whether the messages of a route are shown as a flow.
    fn flows(&self, sketch: &Sketch<'_>, route: RouteId) -> bool {
        let seconds = sketch.plan.link(route).latency.mean().map_or(1.0, |mean| mean.seconds());
        self.0[route.index()] > FOLLOWED_MAX || seconds < FOLLOWED_SECONDS * sketch.view.pace
    }
}

/// Messages on their way. What is to leave later is not.
fn travelling<'a>(sketch: &Sketch<'a>) -> impl Iterator<Item = &'a Message> + use<'a> {
    let (messages, now) = (sketch.world.messages().map(|(_, message)| message), sketch.world.now());
    messages.filter(move |message| message.state == MessageState::Travelling && message.departed <= now)
}

/// A band for every flow, as wide as it is strong, with its figure.
pub(super) fn draw_flows(sketch: &mut Sketch<'_>, busy: &Busy) {
    let during = (MEASURED_SECONDS * sketch.view.pace).max(MEASURED_SIMULATED_SECONDS);
    for index in 0..sketch.plan.routes.len() {
        let route = RouteId(index as u16);
        let Some(track) = sketch.layout.track(route) else { continue };
        if !busy.flows(sketch, route) {
            continue;
        }
        let Some(flow) = sketch.scenery.flow(route, sketch.world.now(), Span::from_seconds(during)) else {
            continue;
        };
        let width = (1.5 + 0.55 * flow.per_second.sqrt()).min(13.0);
        let line = sketch.layout.line_of(route);
        // A wide band grows away from the one beside it.
        let aside =
            if line.is_some_and(|line| line.is_double()) { (width / 2.0 - 3.0).max(0.0) } else { 0.0 };
        let band = track.beside(aside);
        let colour = sketch.layout.tone(flow.message_type);
        let still = sketch.view.reduced_motion;
        let glow = sketch.age(flow.latest, GLOW_SECONDS).map_or(0.0, |age| 1.0 - age / GLOW_SECONDS);
        let alpha = if still { 0.6 } else { 0.3 + 0.6 * glow };
        sketch.picture.line(band.points(), colour.faint(alpha).wide(width));
        let rate = flow.per_second;
        let (at, figure) = beside(band.at(0.5), width / 2.0 + 11.0, FIGURE.over_lines());
        if rate < 10.0 {
            sketch.text(at, figure, Tone::Ink.full(), format_args!("{rate:.1}/s"));
        } else {
            sketch.text(at, figure, Tone::Ink.full(), format_args!("{rate:.0}/s"));
        }
    }
}

/// Every message that can be followed, where it is.
pub(super) fn draw_travelling(sketch: &mut Sketch<'_>, busy: &Busy) {
    if sketch.view.reduced_motion {
        return draw_departed(sketch, busy);
    }
    for message in travelling(sketch) {
        if busy.flows(sketch, message.route) {
            continue;
        }
        let Some(track) = sketch.layout.track(message.route) else { continue };
        let whole = message.arrives.since(message.departed).seconds();
        let gone = sketch.world.now().since(message.departed).seconds();
        let (at, heading) = track.at(if whole > 0.0 { gone / whole } else { 1.0 });
        let at = sketch.setting_out(message, at);
        let glyph = sketch.glyph(message, at, heading);
        sketch.picture.message(glyph);
    }
}

/// Without travel: one message where each busy route begins, and how many there are.
fn draw_departed(sketch: &mut Sketch<'_>, busy: &Busy) {
    let mut drawn = vec![false; sketch.plan.routes.len()];
    for message in travelling(sketch) {
        let route = message.route;
        let first = !std::mem::replace(&mut drawn[route.index()], true);
        let Some(track) = sketch.layout.track(route) else { continue };
        if !first || busy.flows(sketch, route) {
            continue;
        }
        let (at, heading) = track.at(16.0 / track.length().max(16.0));
        let glyph = sketch.glyph(message, at, heading);
        sketch.picture.message(glyph);
        let count = busy.0[route.index()];
        if count > 1 {
            let beside = at + heading.right_hand() * 13.0;
            sketch.text(beside, FIGURE.centred().over_lines(), Tone::Ink.full(), format_args!("{count}"));
        }
    }
}
