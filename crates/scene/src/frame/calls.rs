//! Calls: a taut line for as long as somebody waits, back to the customer.

use topology::{Outcome, RouteId, TaskState};

use super::Sketch;
use crate::shape::Tone;

pub(super) fn draw(sketch: &mut Sketch<'_>) {
    let mut waiting = vec![0_u32; sketch.plan.routes.len()];
    for (task, _) in sketch.world.tasks() {
        if task.state == TaskState::Waiting {
            waiting[task.route.index()] += 1;
        }
    }
    for case in sketch.world.cases() {
        if case.outcome == Outcome::Waiting {
            waiting[sketch.plan.clients[case.client.index()].route.index()] += 1;
        }
    }
    for (index, &count) in waiting.iter().enumerate() {
        if count > 0 {
            taut(sketch, RouteId(index as u16), count);
        }
    }
}

fn taut(sketch: &mut Sketch<'_>, route: RouteId, count: u32) {
    let Some(line) = sketch.layout.line_of(route) else { return };
    let width = 2.0 + 0.3 * f64::from(count.min(8));
    let points = line.track.points();
    sketch.picture.line(points, Tone::Amber.faint(0.9).wide(width));
    for end in [points.first(), points.last()].into_iter().flatten() {
        sketch.picture.disc(*end, width / 2.0 + 1.8, Tone::Amber.full());
    }
}
