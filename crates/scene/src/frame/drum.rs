//! The drum of a service that keeps something: it stays when the service is down.

use super::Sketch;
use crate::geometry::{Point, Rect, point};
use crate::layout::DRUM_WIDTH;
use crate::shape::Tone;

const WIDTH: f64 = 15.0;
const HEIGHT: f64 = 13.0;
/// How high the lid is, half.
const LID: f64 = 2.4;
/// A quarter of an ellipse: parts of its width and height, from the side to the end.
const QUARTER: [(f64, f64); 5] = [(1.0, 0.0), (0.92, 0.38), (0.71, 0.71), (0.38, 0.92), (0.0, 1.0)];

/// At the lower right corner of a card.
pub(super) fn draw(sketch: &mut Sketch<'_>, card: Rect) {
    let middle = point(card.right() - DRUM_WIDTH / 2.0 - 1.0, card.bottom() - 7.0 - HEIGHT / 2.0);
    let (top, bottom) = (middle - point(0.0, HEIGHT / 2.0), middle + point(0.0, HEIGHT / 2.0));
    let stroke = Tone::Ink.full().wide(1.3);
    let (front, back) = (curve(top, LID), curve(top, -LID));
    let mut side = vec![point(top.x + WIDTH / 2.0, top.y)];
    side.extend(curve(bottom, LID));
    side.push(point(top.x - WIDTH / 2.0, top.y));
    sketch.picture.area(&side, Tone::Ground.full());
    for line in [&side, &front, &back] {
        sketch.picture.line(line, stroke);
    }
}

/// Half an ellipse from right to left, so high in its middle.
fn curve(middle: Point, high: f64) -> Vec<Point> {
    let at = |side: f64, (x, y): (f64, f64)| middle + point(side * x * WIDTH / 2.0, y * high);
    let right = QUARTER.into_iter().map(|it| at(1.0, it));
    right.chain(QUARTER.into_iter().rev().map(|it| at(-1.0, it))).collect()
}
