//! Points, boxes and tracks in world units: one unit is one pixel of a page at its natural size.

use std::ops::{Add, Mul, Sub};

/// A place on the stage, or a direction. `y` grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// A point from its coordinates.
pub const fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    /// The distance from the origin.
    pub fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    /// The same direction with length 1; to the right if there is no direction.
    pub fn unit(self) -> Point {
        let length = self.length();
        if length > 0.0 { self * (1.0 / length) } else { point(1.0, 0.0) }
    }

    /// The direction to the right-hand side of who walks this way.
    pub fn right_hand(self) -> Point {
        point(-self.y, self.x)
    }

    /// The point on the way from here to there, 0 to 1.
    pub fn towards(self, other: Point, part: f64) -> Point {
        self + (other - self) * part
    }
}

impl Add for Point {
    type Output = Point;
    fn add(self, other: Point) -> Point {
        point(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Point;
    fn sub(self, other: Point) -> Point {
        point(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Point;
    fn mul(self, factor: f64) -> Point {
        point(self.x * factor, self.y * factor)
    }
}

/// A box with sides along the axes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left side.
    pub x: f64,
    /// Upper side.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// A box around a point.
    pub fn around(centre: Point, width: f64, height: f64) -> Rect {
        Rect { x: centre.x - width / 2.0, y: centre.y - height / 2.0, width, height }
    }

    /// The middle.
    pub fn centre(&self) -> Point {
        point(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// The right side.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// The lower side.
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// The box with a margin around it; a negative margin makes it smaller.
    pub fn grown(&self, margin: f64) -> Rect {
        let (width, height) = (self.width + 2.0 * margin, self.height + 2.0 * margin);
        Rect { x: self.x - margin, y: self.y - margin, width, height }
    }

    /// Whether a point lies inside or on the edge.
    pub fn contains(&self, at: Point) -> bool {
        self.x <= at.x && at.x <= self.right() && self.y <= at.y && at.y <= self.bottom()
    }

    /// Whether two boxes share any area.
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// A line of straight pieces that something can run along.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    points: Vec<Point>,
    /// The way from the start to each point.
    ways: Vec<f64>,
}

/// Straight pieces in which a bend is drawn.
const PIECES_PER_BEND: usize = 6;

impl Track {
    /// Through these points.
    pub fn through(points: Vec<Point>) -> Track {
        let mut ways = Vec::with_capacity(points.len());
        let mut way = 0.0;
        for (index, &here) in points.iter().enumerate() {
            if index > 0 {
                way += (here - points[index - 1]).length();
            }
            ways.push(way);
        }
        Track { points, ways }
    }

    /// Along these corners, each of them rounded.
    pub fn bent(corners: &[Point], radius: f64) -> Track {
        let mut points = Vec::new();
        for (index, &corner) in corners.iter().enumerate() {
            let (Some(before), Some(after)) = (index.checked_sub(1), corners.get(index + 1)) else {
                points.push(corner);
                continue;
            };
            let (back, ahead) = (corners[before] - corner, *after - corner);
            let reach = radius.min(back.length() / 2.0).min(ahead.length() / 2.0);
            let (from, to) = (corner + back.unit() * reach, corner + ahead.unit() * reach);
            for piece in 0..=PIECES_PER_BEND {
                let part = piece as f64 / PIECES_PER_BEND as f64;
                points.push(from.towards(corner, part).towards(corner.towards(to, part), part));
            }
        }
        points.dedup_by(|one, other| (*one - *other).length() < 1e-6);
        Track::through(points)
    }

    /// The points.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// How long it is.
    pub fn length(&self) -> f64 {
        self.ways.last().copied().unwrap_or(0.0)
    }

    /// Where one is after a part of the way (0 to 1), and the direction there.
    pub fn at(&self, part: f64) -> (Point, Point) {
        let way = part.clamp(0.0, 1.0) * self.length();
        let next = self.ways.partition_point(|&reached| reached < way);
        let next = next.clamp(1, self.points.len().saturating_sub(1).max(1));
        let (Some(&from), Some(&to)) = (self.points.get(next - 1), self.points.get(next)) else {
            return (self.points.first().copied().unwrap_or_default(), point(1.0, 0.0));
        };
        let piece = self.ways[next] - self.ways[next - 1];
        let along = if piece > 0.0 { (way - self.ways[next - 1]) / piece } else { 0.0 };
        (from.towards(to, along), (to - from).unit())
    }

    /// The part of it between two parts of the way.
    pub fn between(&self, from: f64, to: f64) -> Track {
        let length = self.length();
        let inner = self.points.iter().zip(&self.ways);
        let inner = inner.filter(|&(_, &way)| from * length < way && way < to * length);
        let mut points = vec![self.at(from).0];
        points.extend(inner.map(|(&at, _)| at));
        points.push(self.at(to).0);
        Track::through(points)
    }

    /// The same track elsewhere.
    pub fn moved(&self, by: Point) -> Track {
        Track { points: self.points.iter().map(|&at| at + by).collect(), ways: self.ways.clone() }
    }

    /// The same way in the other direction.
    pub fn reversed(&self) -> Track {
        Track::through(self.points.iter().rev().copied().collect())
    }

    /// A track beside it, to the right-hand side of who walks along it.
    pub fn beside(&self, distance: f64) -> Track {
        let count = self.points.len();
        let direction = |index: usize| {
            let (before, after) = (index.saturating_sub(1), (index + 1).min(count - 1));
            (self.points[after] - self.points[before]).unit()
        };
        let aside = |(index, &at): (usize, &Point)| at + direction(index).right_hand() * distance;
        Track::through(self.points.iter().enumerate().map(aside).collect())
    }
}
