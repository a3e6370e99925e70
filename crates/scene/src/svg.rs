//! A picture as SVG, for documents, for tests, and to look at without a browser.

use std::fmt::Write;

use crate::geometry::{Point, Rect};
use crate::painter::Painter;
use crate::shape::{Anchor, Face, Lettering, Paint, Picture, Stroke, Tone};

/// A colour for every role, as CSS writes colours.
#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    /// What everything is drawn on.
    pub ground: String,
    /// See [`Tone::Ink`].
    pub ink: String,
    /// See [`Tone::InkSoft`].
    pub ink_soft: String,
    /// See [`Tone::Lamp`].
    pub lamp: String,
    /// See [`Tone::Amber`].
    pub amber: String,
    /// See [`Tone::Loss`].
    pub loss: String,
    /// See [`Tone::Type`].
    pub types: [String; Tone::TYPES as usize],
}

/// The colour-blind-safe set of Okabe and Ito (2008), with orange and vermilion last, because amber and red
/// already mean something. Yellow and black are moved away from a ground that would swallow them.
const TYPES_BY_DAY: [&str; 8] =
    ["#1f8fd0", "#00916a", "#b8558f", "#0063a0", "#a79400", "#5b5b5b", "#d48f00", "#c55400"];
const TYPES_BY_NIGHT: [&str; 8] =
    ["#56b4e9", "#1fb589", "#d98bb9", "#4a93d9", "#f0e442", "#b9b9b9", "#e69f00", "#e0702e"];

impl Palette {
    /// Paper.
    pub fn day() -> Self {
        let basic = ["#f6f4ee", "#1c2126", "#8a8c8a", "#22282e", "#d98a00", "#c8102e"];
        Palette::of(basic, TYPES_BY_DAY)
    }

    /// Near-black.
    pub fn night() -> Self {
        let basic = ["#101316", "#e8e6df", "#747b82", "#fff3cf", "#ffab1f", "#ff4d4d"];
        Palette::of(basic, TYPES_BY_NIGHT)
    }

    fn of([ground, ink, ink_soft, lamp, amber, loss]: [&str; 6], types: [&str; 8]) -> Self {
        Palette {
            ground: ground.into(),
            ink: ink.into(),
            ink_soft: ink_soft.into(),
            lamp: lamp.into(),
            amber: amber.into(),
            loss: loss.into(),
            types: types.map(String::from),
        }
    }

    /// The colour of a role.
    pub fn colour(&self, tone: Tone) -> &str {
        match tone {
            Tone::Ground => &self.ground,
            Tone::Ink => &self.ink,
            Tone::InkSoft => &self.ink_soft,
            Tone::Lamp => &self.lamp,
            Tone::Amber => &self.amber,
            Tone::Loss => &self.loss,
            Tone::Type(index) => &self.types[usize::from(index) % self.types.len()],
        }
    }
}

/// The picture on a ground of this size, in world units.
pub fn svg(picture: &Picture, width: f64, height: f64, palette: &Palette) -> String {
    let mut writer = Writer { out: String::new(), palette };
    writer.add(format_args!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0} {height:.0}" stroke-linecap="round" stroke-linejoin="round">"#
    ));
    let ground = Rect { x: 0.0, y: 0.0, width, height };
    writer.fill_card(ground, 0.0, Tone::Ground.full());
    picture.paint(&mut writer);
    writer.out.push_str("</svg>\n");
    writer.out
}

struct Writer<'a> {
    out: String,
    palette: &'a Palette,
}

impl Writer<'_> {
    fn add(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.out.write_fmt(text);
        self.out.push('\n');
    }

    fn pen(&self, stroke: Stroke) -> String {
        let Stroke { width, dash, paint } = stroke;
        let colour = self.palette.colour(paint.tone);
        let mut pen = format!(r#"fill="none" stroke="{colour}" stroke-width="{width:.2}""#);
        if paint.alpha < 1.0 {
            let _ = write!(pen, r#" stroke-opacity="{:.2}""#, paint.alpha);
        }
        if dash > 0.0 {
            let _ = write!(pen, r#" stroke-dasharray="{dash:.1}""#);
        }
        pen
    }

    fn fill(&self, paint: Paint) -> String {
        let colour = self.palette.colour(paint.tone);
        if paint.alpha < 1.0 {
            return format!(r#"fill="{colour}" fill-opacity="{:.2}""#, paint.alpha);
        }
        format!(r#"fill="{colour}""#)
    }
}

fn list(points: &[Point]) -> String {
    points.iter().map(|at| format!("{:.1},{:.1} ", at.x, at.y)).collect()
}

impl Painter for Writer<'_> {
    fn line(&mut self, points: &[Point], closed: bool, stroke: Stroke) {
        let name = if closed { "polygon" } else { "polyline" };
        let (points, pen) = (list(points), self.pen(stroke));
        self.add(format_args!(r#"<{name} points="{}" {pen}/>"#, points.trim_end()));
    }

    fn area(&mut self, points: &[Point], fill: Paint) {
        let (points, fill) = (list(points), self.fill(fill));
        self.add(format_args!(r#"<polygon points="{}" {fill}/>"#, points.trim_end()));
    }

    fn disc(&mut self, centre: Point, radius: f64, fill: Paint) {
        let fill = self.fill(fill);
        self.add(format_args!(
            r#"<circle cx="{:.1}" cy="{:.1}" r="{radius:.1}" {fill}/>"#,
            centre.x, centre.y
        ));
    }

    fn arc(&mut self, centre: Point, radius: f64, part: f64, stroke: Stroke) {
        let Point { x, y } = centre;
        let pen = self.pen(stroke);
        // A dash along a path of length 1 is a part of a circle without trigonometry.
        let piece = if part < 1.0 {
            format!(
                r#" pathLength="1" stroke-linecap="butt" stroke-dasharray="{part:.3} 1" transform="rotate(-90 {x:.1} {y:.1})""#
            )
        } else {
            String::new()
        };
        self.add(format_args!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" {pen}{piece}/>"#));
    }

    fn fill_card(&mut self, rect: Rect, corner: f64, fill: Paint) {
        let (box_, fill) = (sides(rect, corner), self.fill(fill));
        self.add(format_args!("<rect {box_} {fill}/>"));
    }

    fn edge_card(&mut self, rect: Rect, corner: f64, edge: Stroke) {
        let (box_, pen) = (sides(rect, corner), self.pen(edge));
        self.add(format_args!("<rect {box_} {pen}/>"));
    }

    fn text(&mut self, text: &str, at: Point, lettering: Lettering, paint: Paint) {
        let Lettering { size, face, anchor, halo } = lettering;
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (family, weight) = match face {
            Face::Words => ("sans-serif", 400),
            Face::Name => ("sans-serif", 600),
            Face::Figures => ("monospace", 500),
        };
        let mut look = self.fill(paint);
        if halo {
            let ground = &self.palette.ground;
            let _ =
                write!(look, r#" stroke="{ground}" stroke-width="{:.1}" paint-order="stroke""#, size * 0.3);
        }
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.add(format_args!(
            r#"<text x="{:.1}" y="{:.1}" font-size="{size:.1}" font-family="{family}" font-weight="{weight}" text-anchor="{anchor}" dominant-baseline="central" {look}>{text}</text>"#,
            at.x, at.y
        ));
    }
}

fn sides(rect: Rect, corner: f64) -> String {
    let Rect { x, y, width, height } = rect;
    format!(r#"x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="{corner:.1}""#)
}
