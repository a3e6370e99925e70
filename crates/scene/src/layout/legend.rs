//! The legend: the mark and the name of every type that is sent, in rows below the stage.

use topology::{Plan, TypeId};

use super::measure::text_width;
use super::traffic::Traffic;
use crate::geometry::{Point, point};

/// Size of the names.
pub(crate) const LEGEND_SIZE: f64 = 12.0;
const ROW: f64 = 22.0;
const MARK: f64 = 20.0;
const BETWEEN: f64 = 22.0;
/// More types than this are not listed.
const TYPES_MAX: usize = 16;

/// Where each mark stands, and how high all rows are together.
pub(super) fn legend(plan: &Plan, traffic: &Traffic, from: Point, right: f64) -> (Vec<(TypeId, Point)>, f64) {
    let mut at = from + point(0.0, ROW * 0.9);
    let mut marks = Vec::new();
    if traffic.types.len() > TYPES_MAX {
        return (marks, 0.0);
    }
    for &kind in &traffic.types {
        let width = MARK + text_width(&plan.types[kind.index()].name, LEGEND_SIZE);
        if at.x > from.x && at.x + width > right {
            at = point(from.x, at.y + ROW);
        }
        marks.push((kind, at + point(6.0, 0.0)));
        at.x += width + BETWEEN;
    }
    (marks, at.y - from.y + ROW * 0.5)
}
