//! Shapes: what a frame consists of. They name roles, not colours, and know no canvas.

use std::fmt::{self, Write};

use topology::Record;

use crate::geometry::{Point, Rect};

/// The role of a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// What everything is drawn on.
    Ground,
    /// Lines and words that matter.
    Ink,
    /// Lines and words that stand back.
    InkSoft,
    /// A worker at work.
    Lamp,
    /// Waiting, and nothing else.
    Amber,
    /// Losses and broken promises, and nothing else.
    Loss,
    /// A message type: its number modulo [`Tone::TYPES`].
    Type(u8),
}

impl Tone {
    /// How many colours message types have.
    pub const TYPES: u16 = 8;
}

/// A colour's role and how much of it covers the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint {
    /// The role.
    pub tone: Tone,
    /// 0: nothing, 1: all.
    pub alpha: f64,
}

impl Tone {
    /// Covering the ground fully.
    pub const fn full(self) -> Paint {
        Paint { tone: self, alpha: 1.0 }
    }

    /// Covering the ground in part.
    pub const fn faint(self, alpha: f64) -> Paint {
        Paint { tone: self, alpha }
    }
}

impl Paint {
    /// So many times as faint.
    pub fn times(self, factor: f64) -> Paint {
        Paint { alpha: self.alpha * factor, ..self }
    }
}

/// How wide a line is, and whether it has gaps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// World units.
    pub width: f64,
    /// Length of dashes and gaps; 0: none.
    pub dash: f64,
    /// Its colour.
    pub paint: Paint,
}

impl Paint {
    /// A line of this width.
    pub const fn wide(self, width: f64) -> Stroke {
        Stroke { width, dash: 0.0, paint: self }
    }

    /// A line with gaps.
    pub const fn dashed(self, width: f64, dash: f64) -> Stroke {
        Stroke { width, dash, paint: self }
    }
}

/// Where a text lies relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// Which type a text is set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Words.
    Words,
    /// Words that matter.
    Name,
    /// Figures, all of the same width.
    Figures,
}

/// How a text looks. Its point is on the middle line, vertically.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lettering {
    /// Height of the type in world units.
    pub size: f64,
    /// Which type.
    pub face: Face,
    /// Where it lies.
    pub anchor: Anchor,
    /// Whether the ground shows around it, so that it can be read across lines.
    pub halo: bool,
}

impl Lettering {
    /// Of this size and type, beginning at its point.
    pub const fn new(size: f64, face: Face) -> Self {
        Lettering { size, face, anchor: Anchor::Start, halo: false }
    }

    /// Centred at its point.
    pub const fn centred(self) -> Self {
        Lettering { anchor: Anchor::Middle, ..self }
    }

    /// Ending at its point.
    pub const fn ending(self) -> Self {
        Lettering { anchor: Anchor::End, ..self }
    }

    /// Of another size.
    pub const fn sized(self, size: f64) -> Self {
        Lettering { size, ..self }
    }

    /// Lying otherwise.
    pub const fn with_anchor(self, anchor: Anchor) -> Self {
        Lettering { anchor, ..self }
    }

    /// With the ground around it.
    pub const fn over_lines(self) -> Self {
        Lettering { halo: true, ..self }
    }
}

/// The form of a message: its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A command: a chevron.
    Chevron,
    /// An event: a disc.
    Disc,
    /// A reply: a ring.
    Ring,
    /// A reply that says no: a ring with a cross.
    CrossedRing,
    /// An acknowledgement: a tick.
    Tick,
    /// An acknowledgement that says no: a cross.
    Cross,
}

/// A message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// Its form.
    pub form: Form,
    /// Where it is.
    pub at: Point,
    /// Which way it goes; of length 1.
    pub heading: Point,
    /// Half its size.
    pub radius: f64,
    /// Its colour.
    pub paint: Paint,
    /// Only its edge is drawn: it is somewhere else, or held.
    pub hollow: bool,
    /// It is a copy that the network made: a doubled edge.
    pub doubled: bool,
    /// How often it was handed out; from the second time on with a ring and this figure.
    pub attempt: u16,
    /// The number of its case, or [`Record::NONE`].
    pub case: u32,
}

/// Points or letters of one shape, in the picture's store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    start: u32,
    end: u32,
}

/// One thing to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// A line through points.
    Line {
        /// The points.
        points: Run,
        /// The pen.
        stroke: Stroke,
    },
    /// A filled area within points.
    Area {
        /// The points.
        points: Run,
        /// The colour.
        fill: Paint,
    },
    /// A filled circle.
    Disc {
        /// Its middle.
        centre: Point,
        /// Its radius.
        radius: f64,
        /// The colour.
        fill: Paint,
    },
    /// A circle, or a part of one, clockwise from the top.
    Arc {
        /// Its middle.
        centre: Point,
        /// Its radius.
        radius: f64,
        /// How much of the circle, 0 to 1.
        part: f64,
        /// The pen.
        stroke: Stroke,
    },
    /// A box with rounded corners.
    Card {
        /// The box.
        rect: Rect,
        /// The radius of the corners.
        corner: f64,
        /// The colour inside.
        fill: Option<Paint>,
        /// The pen of the edge.
        edge: Option<Stroke>,
    },
    /// A message.
    Message(Glyph),
    /// A text.
    Text {
        /// The letters.
        letters: Run,
        /// Where.
        at: Point,
        /// How.
        lettering: Lettering,
        /// The colour.
        paint: Paint,
    },
}

/// A frame: shapes in the order in which they are drawn. Clearing one keeps its room for the next frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    shapes: Vec<Shape>,
    points: Vec<Point>,
    letters: String,
}

impl Picture {
    /// Empties it.
    pub fn clear(&mut self) {
        self.shapes.clear();
        self.points.clear();
        self.letters.clear();
    }

    /// The shapes, first to be drawn first.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The points of a shape.
    pub fn points(&self, run: Run) -> &[Point] {
        self.points.get(run.start as usize..run.end as usize).unwrap_or_default()
    }

    /// The letters of a text.
    pub fn letters(&self, run: Run) -> &str {
        self.letters.get(run.start as usize..run.end as usize).unwrap_or_default()
    }

    /// Every text with its place, for tests and searches.
    pub fn texts(&self) -> impl Iterator<Item = (&str, Point)> {
        self.shapes.iter().filter_map(|shape| match *shape {
            Shape::Text { letters, at, .. } => Some((self.letters(letters), at)),
            Shape::Line { .. }
            | Shape::Area { .. }
            | Shape::Disc { .. }
            | Shape::Arc { .. }
            | Shape::Card { .. }
            | Shape::Message(_) => None,
        })
    }

    /// Every message.
    pub fn messages(&self) -> impl Iterator<Item = &Glyph> {
        self.shapes.iter().filter_map(|shape| match shape {
            Shape::Message(glyph) => Some(glyph),
            Shape::Line { .. }
            | Shape::Area { .. }
            | Shape::Disc { .. }
            | Shape::Arc { .. }
            | Shape::Card { .. }
            | Shape::Text { .. } => None,
        })
    }

    /// The case of the message that is drawn at a point, or within a reach of it: the nearest, and of several the
    /// one on top.
    pub fn case_at(&self, at: Point, reach: f64) -> Option<u32> {
        let (mut found, mut least) = (None, f64::INFINITY);
        for glyph in self.messages().filter(|glyph| glyph.case != Record::NONE) {
            let distance = (glyph.at - at).length();
            if distance <= least && distance <= glyph.radius.max(reach) {
                (found, least) = (Some(glyph.case), distance);
            }
        }
        found
    }

    fn store(&mut self, points: &[Point]) -> Run {
        let start = self.points.len() as u32;
        self.points.extend_from_slice(points);
        Run { start, end: self.points.len() as u32 }
    }

    /// A line through points.
    pub fn line(&mut self, points: &[Point], stroke: Stroke) {
        let points = self.store(points);
        self.shapes.push(Shape::Line { points, stroke });
    }

    /// A filled area within points.
    pub fn area(&mut self, points: &[Point], fill: Paint) {
        let points = self.store(points);
        self.shapes.push(Shape::Area { points, fill });
    }

    /// A filled circle.
    pub fn disc(&mut self, centre: Point, radius: f64, fill: Paint) {
        self.shapes.push(Shape::Disc { centre, radius, fill });
    }

    /// A circle.
    pub fn ring(&mut self, centre: Point, radius: f64, stroke: Stroke) {
        self.arc(centre, radius, 1.0, stroke);
    }

    /// A part of a circle (0 to 1), clockwise from the top.
    pub fn arc(&mut self, centre: Point, radius: f64, part: f64, stroke: Stroke) {
        self.shapes.push(Shape::Arc { centre, radius, part: part.clamp(0.0, 1.0), stroke });
    }

    /// A box with rounded corners.
    pub fn card(&mut self, rect: Rect, corner: f64, fill: Option<Paint>, edge: Option<Stroke>) {
        self.shapes.push(Shape::Card { rect, corner, fill, edge });
    }

    /// A message.
    pub fn message(&mut self, glyph: Glyph) {
        self.shapes.push(Shape::Message(glyph));
    }

    /// A text: `picture.text(at, lettering, paint, format_args!("{count}"))`.
    pub fn text(&mut self, at: Point, lettering: Lettering, paint: Paint, text: fmt::Arguments<'_>) {
        let start = self.letters.len() as u32;
        if self.letters.write_fmt(text).is_ok() {
            let letters = Run { start, end: self.letters.len() as u32 };
            self.shapes.push(Shape::Text { letters, at, lettering, paint });
        }
    }
}
