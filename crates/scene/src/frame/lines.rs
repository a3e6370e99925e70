//! The lines between places, and where they are cut.

use topology::Place;

use super::Sketch;
use crate::geometry::{Point, Track};
use crate::layout::Line;
use crate::shape::{Paint, Stroke, Tone};

const RAIL_WIDTH: f64 = 1.2;
const TETHER_WIDTH: f64 = 22.0;
/// Half the gap of a cut line, in world units.
const GAP_HALF: f64 = 13.0;

pub(super) fn draw(sketch: &mut Sketch<'_>) {
    let layout = sketch.layout;
    let pen = Tone::InkSoft.faint(0.75).wide(sketch.at_least(RAIL_WIDTH, 0.6));
    for line in layout.lines() {
        tether(sketch, line);
        let cut = sketch.world.is_cut(line.forward.0) || sketch.world.is_cut(line.backward.0);
        for (route, used) in [line.forward, line.backward] {
            if let Some(track) = layout.track(route)
                && used
            {
                rail(sketch, track, cut, pen);
                arrow(sketch, track, Tone::InkSoft.full());
            }
        }
        if cut {
            slashes(sketch, line);
        }
    }
    for (index, route) in sketch.plan.routes.iter().enumerate() {
        if route.from == route.to
            && let Some(track) = layout.track(topology::RouteId(index as u16))
        {
            sketch.picture.line(track.points(), pen);
            arrow(sketch, track, Tone::InkSoft.full());
        }
    }
}

/// A channel that lives inside a service hangs on it: there is no network between them.
fn tether(sketch: &mut Sketch<'_>, line: &Line) {
    let route = &sketch.plan.routes[line.forward.0.index()];
    let hangs = |one: Place, other: Place| match (one, other) {
        (Place::Channel(channel), Place::Service(service)) => {
            sketch.world.channel(channel).rules().in_process
                && sketch.plan.channels[channel.index()].publishers.contains(&service)
        }
        (Place::Client(_) | Place::Service(_) | Place::Channel(_), _) => false,
    };
    if hangs(route.from, route.to) || hangs(route.to, route.from) {
        sketch.picture.line(line.track.points(), Tone::Ink.faint(0.1).wide(TETHER_WIDTH));
    }
}

fn rail(sketch: &mut Sketch<'_>, track: &Track, cut: bool, pen: Stroke) {
    if !cut {
        return sketch.picture.line(track.points(), pen);
    }
    let gap = GAP_HALF / track.length().max(1.0);
    sketch.picture.line(track.between(0.0, 0.5 - gap).points(), pen);
    sketch.picture.line(track.between(0.5 + gap, 1.0).points(), pen);
}

/// A small arrow where a track ends.
fn arrow(sketch: &mut Sketch<'_>, track: &Track, paint: Paint) {
    let (end, ahead) = track.at(1.0);
    let aside = ahead.right_hand();
    let corner = |along: f64, across: f64| end + ahead * along + aside * across;
    sketch.picture.area(&[corner(-0.5, 0.0), corner(-8.0, 3.4), corner(-8.0, -3.4)], paint);
}

/// Two strokes on each side of a gap.
fn slashes(sketch: &mut Sketch<'_>, line: &Line) {
    let (middle, ahead) = line.middle();
    let slant = (ahead.right_hand() + ahead * -0.45).unit() * 12.0;
    let stroke = Tone::Loss.full().wide(2.4);
    for side in [-1.0, 1.0] {
        let at: Point = middle + ahead * (side * (GAP_HALF - 3.0));
        sketch.picture.line(&[at - slant, at + slant], stroke);
    }
}
