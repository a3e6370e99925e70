//! From shapes to the few things that any surface can draw.

use crate::geometry::{Point, Rect, point};
use crate::shape::{Face, Form, Glyph, Lettering, Paint, Picture, Shape, Stroke, Tone};

/// A surface: a canvas, an SVG, a test.
pub trait Painter {
    /// A line through points; closed: back to the first.
    fn line(&mut self, points: &[Point], closed: bool, stroke: Stroke);
    /// The area within points.
    fn area(&mut self, points: &[Point], fill: Paint);
    /// A filled circle.
    fn disc(&mut self, centre: Point, radius: f64, fill: Paint);
    /// A part of a circle (0 to 1), clockwise from the top.
    fn arc(&mut self, centre: Point, radius: f64, part: f64, stroke: Stroke);
    /// A filled box with rounded corners.
    fn fill_card(&mut self, rect: Rect, corner: f64, fill: Paint);
    /// The edge of a box with rounded corners.
    fn edge_card(&mut self, rect: Rect, corner: f64, edge: Stroke);
    /// A text.
    fn text(&mut self, text: &str, at: Point, lettering: Lettering, paint: Paint);
}

impl Picture {
    /// Draws everything, in order.
    pub fn paint(&self, painter: &mut impl Painter) {
        for shape in self.shapes() {
            match *shape {
                Shape::Line { points, stroke } => painter.line(self.points(points), false, stroke),
                Shape::Area { points, fill } => painter.area(self.points(points), fill),
                Shape::Disc { centre, radius, fill } => painter.disc(centre, radius, fill),
                Shape::Arc { centre, radius, part, stroke } => painter.arc(centre, radius, part, stroke),
                Shape::Card { rect, corner, fill, edge } => {
                    if let Some(fill) = fill {
                        painter.fill_card(rect, corner, fill);
                    }
                    if let Some(edge) = edge {
                        painter.edge_card(rect, corner, edge);
                    }
                }
                Shape::Message(glyph) => paint_message(&glyph, painter),
                Shape::Text { letters, at, lettering, paint } => {
                    painter.text(self.letters(letters), at, lettering, paint);
                }
            }
        }
    }
}

/// The doubled edge lies so many radii out, the ring of a redelivered message so many.
const DOUBLED_AT: f64 = 1.55;
const ATTEMPT_RING_AT: f64 = 1.7;
/// Smaller messages, packed in racks and bays, show no figure.
const FIGURE_FROM_RADIUS: f64 = 6.0;

fn paint_message(glyph: &Glyph, painter: &mut impl Painter) {
    let Glyph { at, radius, paint, .. } = *glyph;
    paint_form(glyph, painter);
    if glyph.doubled {
        let edge = paint.wide(radius * 0.2);
        match glyph.form {
            Form::Chevron => painter.line(&chevron(glyph, DOUBLED_AT), true, edge),
            Form::Disc | Form::Ring | Form::CrossedRing | Form::Tick | Form::Cross => {
                painter.arc(at, radius * DOUBLED_AT * 0.85, 1.0, edge);
            }
        }
    }
    if glyph.attempt > 1 {
        painter.arc(at, radius * ATTEMPT_RING_AT, 1.0, paint.wide(radius * 0.22));
    }
    if glyph.attempt > 1 && radius >= FIGURE_FROM_RADIUS {
        let lettering = Lettering::new(radius * 1.6, Face::Figures).over_lines();
        let beside = at + point(radius * 1.7, -radius * 1.5);
        painter.text(&glyph.attempt.to_string(), beside, lettering, Tone::Ink.faint(paint.alpha));
    }
}

fn paint_form(glyph: &Glyph, painter: &mut impl Painter) {
    let Glyph { at, radius, paint, .. } = *glyph;
    let thin = paint.wide(radius * 0.22);
    match glyph.form {
        Form::Chevron if glyph.hollow => painter.line(&chevron(glyph, 0.9), true, thin),
        Form::Chevron => painter.area(&chevron(glyph, 1.0), paint),
        Form::Disc if glyph.hollow => painter.arc(at, radius * 0.75, 1.0, thin),
        Form::Disc => painter.disc(at, radius * 0.85, paint),
        Form::Ring => painter.arc(at, radius * 0.7, 1.0, paint.wide(radius * 0.36)),
        Form::CrossedRing => {
            painter.arc(at, radius * 0.95, 1.0, paint.wide(radius * 0.3));
            cross(at, radius * 0.42, paint.wide(radius * 0.32), painter);
        }
        Form::Tick => {
            let corner = |x: f64, y: f64| at + point(x, y) * radius;
            let tick = [corner(-0.7, 0.05), corner(-0.2, 0.55), corner(0.75, -0.55)];
            painter.line(&tick, false, paint.wide(radius * 0.36));
        }
        Form::Cross => cross(at, radius * 0.6, paint.wide(radius * 0.36), painter),
    }
}

/// A chevron that points where its message goes.
fn chevron(glyph: &Glyph, scale: f64) -> [Point; 4] {
    let (ahead, aside) = (glyph.heading, glyph.heading.right_hand());
    let corner =
        |along: f64, across: f64| glyph.at + (ahead * along + aside * across) * (glyph.radius * scale);
    [corner(1.1, 0.0), corner(-0.85, 0.95), corner(-0.35, 0.0), corner(-0.85, -0.95)]
}

fn cross(at: Point, reach: f64, stroke: Stroke, painter: &mut impl Painter) {
    for slope in [1.0, -1.0] {
        let arm = point(reach, reach * slope);
        painter.line(&[at - arm, at + arm], false, stroke);
    }
}
