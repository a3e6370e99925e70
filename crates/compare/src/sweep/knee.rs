//! Where a curve bends.
//!
//! The knee of a curve is where it is farthest from its chord, the straight line from its first point to its last, if
//! both axes are measured from 0 to 1 (V. Satopää, J. Albrecht, D. Irwin, B. Raghavan, *Finding a "Kneedle" in a
//! Haystack: Detecting Knee Points in System Behavior*, ICDCS workshops 2011). For a convex or concave curve that is
//! where its slope is that of the chord: before it the next step costs less than on average, behind it more. The
//! response of M/M/1 over loads from 10 % to 90 % has it at 70 %, because 1/(1 − ρ)² = (10 − 1/0.9)/0.8 there.
//!
//! A curve that is nowhere farther away than [`STRAIGHT`] counts as straight. Where the intervals of the three points
//! (the first, the last, the knee) leave room for a straight line, there is no knee either: noise bends, too. And a curve that
//! rises and then falls has a summit, which is not where another step stops paying.

use crate::Cell;

/// Nearer to the chord than this share of the whole height a curve is straight.
const STRAIGHT: f64 = 0.15;
/// With fewer points every bend is a knee.
const POINTS_MIN: usize = 4;

/// The position of the knee among the cells.
pub(super) fn knee(positions: &[f64], cells: &[&Cell]) -> Option<usize> {
    let mut points: Vec<(f64, usize, Point)> = Vec::new();
    for (index, (x, cell)) in positions.iter().zip(cells).enumerate() {
        if let Some(point) = Point::of(cell) {
            points.push((*x, index, point));
        }
    }
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (first, last) = (points.first()?, points.last()?);
    let values = || points.iter().map(|(.., point)| point.value);
    let height = values().fold(f64::MIN, f64::max) - values().fold(f64::MAX, f64::min);
    let width = last.0 - first.0;
    if points.len() < POINTS_MIN || height <= 0.0 || width <= 0.0 {
        return None;
    }
    let chord =
        |x: f64, of: fn(&Point) -> f64| of(&first.2) + (of(&last.2) - of(&first.2)) * (x - first.0) / width;
    let distance = |(x, _, point): &(f64, usize, Point)| point.value - chord(*x, |it| it.value);
    let farthest =
        points.iter().max_by(|one, other| distance(one).abs().total_cmp(&distance(other).abs()))?;
    let (x, index, point) = farthest;
    let is_beyond = point.low > chord(*x, |it| it.high) || point.high < chord(*x, |it| it.low);
    let is_summit = point.low > first.2.high.max(last.2.high) || point.high < first.2.low.min(last.2.low);
    (distance(farthest).abs() > STRAIGHT * height && is_beyond && !is_summit).then_some(*index)
}

/// A value with its interval. Without an interval nobody knows what chance made of it.
struct Point {
    value: f64,
    low: f64,
    high: f64,
}

impl Point {
    fn of(cell: &Cell) -> Option<Point> {
        let point = Point { value: cell.value?, low: cell.low?, high: cell.high? };
        (point.value.is_finite() && point.low.is_finite() && point.high.is_finite()).then_some(point)
    }
}
