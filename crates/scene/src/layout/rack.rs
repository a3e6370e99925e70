//! A rack: slots for what is ready, for what is out, and for what is put off.
//!
//! ```text
//!  for one group          one of several, side by side    one of several, one above the other
//!  ┌─┬─┬─┬─┬─┬─┬─┬─┐      ┌─┬─┬─┬─┐                       ┌─┬─┬─┬─┬─┬─┐ ┌─┬─┬─┐
//!  ├─┼─┼─┼─┼─┼─┼─┼─┤      └─┴─┴─┴─┘ ready                 └─┴─┴─┴─┴─┴─┘ └─┴─┴─┘
//!  └─┴─┴─┴─┴─┴─┴─┴─┘      ┌─┬─┬─┬─┐                           ready        out
//!  ┌─┬─┬─┬─┬─┬─┬─┬─┐ out  └─┴─┴─┴─┘ out
//! ```

use crate::geometry::{Point, Rect, point};

/// A rack and where it stands. First to come stands nearest to the right, where messages leave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rack {
    pub(crate) rect: Rect,
    shape: RackShape,
}

/// How many slots a rack has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RackShape {
    columns: usize,
    rows: usize,
    /// Slots for what is out: so many beside the ready ones, or 0: a row of its own below them.
    beside: usize,
    /// Whether there is a row for what is put off.
    later: bool,
}

const PITCH: f64 = 17.0;
const PAD: f64 = 4.0;
const WALL: f64 = 5.0;

impl RackShape {
    /// The whole of a queue.
    pub(crate) const fn queue(later: bool) -> RackShape {
        RackShape { columns: 8, rows: 2, beside: 0, later }
    }

    /// No rack shows more of what is ready, or of what is out.
    pub(crate) const READY_MAX: usize = 16;
    pub(crate) const HELD_MAX: usize = 8;

    /// One of several, one above the other.
    pub(crate) const ROW: RackShape = RackShape { columns: 6, rows: 1, beside: 3, later: false };

    /// One of several, side by side.
    pub(crate) const COLUMN: RackShape = RackShape { columns: 5, rows: 1, beside: 0, later: false };

    /// Slots for what is ready.
    pub(crate) const fn ready(self) -> usize {
        self.columns * self.rows
    }

    /// Slots for what is out.
    pub(crate) const fn held(self) -> usize {
        if self.beside > 0 { self.beside } else { self.columns }
    }

    pub(crate) const fn width(self) -> f64 {
        let wall = if self.beside > 0 { WALL } else { 0.0 };
        (self.columns + self.beside) as f64 * PITCH + wall + 2.0 * PAD
    }

    pub(crate) const fn height(self) -> f64 {
        let below = (self.beside == 0) as usize + self.later as usize;
        (self.rows + below) as f64 * PITCH + below as f64 * WALL + 2.0 * PAD
    }

    /// The rack with its upper left corner there.
    pub(crate) const fn at(self, x: f64, y: f64) -> Rack {
        Rack { rect: Rect { x, y, width: self.width(), height: self.height() }, shape: self }
    }
}

impl Rack {
    pub(crate) const fn shape(&self) -> RackShape {
        self.shape
    }

    pub(crate) fn ready(&self, index: usize) -> Point {
        let beside = if self.shape.beside > 0 { self.shape.beside as f64 * PITCH + WALL } else { 0.0 };
        let (row, column) = (index / self.shape.columns, index % self.shape.columns);
        self.slot(row, column, beside, 0.0)
    }

    pub(crate) fn held(&self, index: usize) -> Point {
        if self.shape.beside > 0 {
            return self.slot(0, index, 0.0, 0.0);
        }
        self.slot(self.shape.rows, index, 0.0, WALL)
    }

    pub(crate) fn later(&self, index: usize) -> Point {
        self.slot(self.shape.rows + 1, index, 0.0, 2.0 * WALL)
    }

    /// The ends of the wall between what is ready and what is out.
    pub(crate) fn wall(&self) -> [Point; 2] {
        let y = self.rect.y;
        if self.shape.beside > 0 {
            let wall = self.rect.right() - PAD - self.shape.beside as f64 * PITCH - WALL / 2.0;
            return [point(wall, y + 5.0), point(wall, self.rect.bottom() - 5.0)];
        }
        self.across(self.shape.rows, 0.5)
    }

    /// The ends of the wall before what is put off.
    pub(crate) fn second_wall(&self) -> [Point; 2] {
        self.across(self.shape.rows + 1, 1.5)
    }

    fn across(&self, rows: usize, walls: f64) -> [Point; 2] {
        let y = self.rect.y + PAD + rows as f64 * PITCH + walls * WALL;
        [point(self.rect.x + 5.0, y), point(self.rect.right() - 5.0, y)]
    }

    fn slot(&self, row: usize, column: usize, left: f64, down: f64) -> Point {
        let x = self.rect.right() - PAD - (column as f64 + 0.5) * PITCH - left;
        point(x, self.rect.y + PAD + (row as f64 + 0.5) * PITCH + down)
    }
}
