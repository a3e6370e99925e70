//! Draws shapes on a 2D canvas. What is already set on the canvas is not set again: that is most of the cost.

use std::f64::consts::{FRAC_PI_2, TAU};

use js_sys::Array;
use scene::{Anchor, Face, Lettering, Paint, Painter, Point, Rect, Stroke, Tone};
use web_sys::CanvasRenderingContext2d;

use super::style::Style;

pub(super) struct Pen<'a> {
    context: &'a CanvasRenderingContext2d,
    style: &'a mut Style,
    fill: Option<Tone>,
    line: Option<Tone>,
    alpha: f64,
    width: f64,
    dash: f64,
    font: Option<(Face, f64)>,
    anchor: Option<Anchor>,
}

/// How wide the ground shows around a text, by its size.
const HALO: f64 = 0.28;

impl<'a> Pen<'a> {
    pub(super) fn new(context: &'a CanvasRenderingContext2d, style: &'a mut Style) -> Self {
        context.set_line_cap("round");
        context.set_line_join("round");
        context.set_text_baseline("middle");
        context.set_global_alpha(1.0);
        let mut pen = Pen {
            context,
            style,
            fill: None,
            line: None,
            alpha: 1.0,
            width: 0.0,
            dash: -1.0,
            font: None,
            anchor: None,
        };
        pen.dashed(0.0);
        pen
    }

    /// Covers a canvas of so many device pixels with the ground.
    pub(super) fn clear(&mut self, width: f64, height: f64) {
        // It fails only for numbers that are not finite.
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        self.filled(Tone::Ground.full());
        self.context.fill_rect(0.0, 0.0, width, height);
    }

    fn filled(&mut self, paint: Paint) {
        if self.fill != Some(paint.tone) {
            self.context.set_fill_style_str(self.style.palette.colour(paint.tone));
            self.fill = Some(paint.tone);
        }
        self.covered(paint.alpha);
    }

    fn stroked(&mut self, stroke: Stroke) {
        if self.line != Some(stroke.paint.tone) {
            self.context.set_stroke_style_str(self.style.palette.colour(stroke.paint.tone));
            self.line = Some(stroke.paint.tone);
        }
        if self.width != stroke.width {
            self.context.set_line_width(stroke.width);
            self.width = stroke.width;
        }
        self.dashed(stroke.dash);
        self.covered(stroke.paint.alpha);
    }

    fn covered(&mut self, alpha: f64) {
        if self.alpha != alpha {
            self.context.set_global_alpha(alpha);
            self.alpha = alpha;
        }
    }

    fn dashed(&mut self, dash: f64) {
        if self.dash != dash {
            let lengths = Array::new();
            if dash > 0.0 {
                lengths.push(&dash.into());
            }
            // It fails only for what is not a list of numbers.
            let _ = self.context.set_line_dash(&lengths);
            self.dash = dash;
        }
    }

    fn lettered(&mut self, lettering: Lettering) {
        if self.font != Some((lettering.face, lettering.size)) {
            self.context.set_font(self.style.font(lettering.face, lettering.size));
            self.font = Some((lettering.face, lettering.size));
        }
        if self.anchor != Some(lettering.anchor) {
            self.context.set_text_align(match lettering.anchor {
                Anchor::Start => "left",
                Anchor::Middle => "center",
                Anchor::End => "right",
            });
            self.anchor = Some(lettering.anchor);
        }
    }

    fn path(&self, points: &[Point], closed: bool) {
        self.context.begin_path();
        if let [first, rest @ ..] = points {
            self.context.move_to(first.x, first.y);
            for at in rest {
                self.context.line_to(at.x, at.y);
            }
        }
        if closed {
            self.context.close_path();
        }
    }

    fn card(&self, rect: Rect, corner: f64) {
        let Rect { x, y, width, height } = rect;
        let corner = corner.min(width / 2.0).min(height / 2.0).max(0.0);
        self.context.begin_path();
        if corner == 0.0 {
            return self.context.rect(x, y, width, height);
        }
        self.context.move_to(x + corner, y);
        // They fail only for a negative radius.
        let _ = self.context.arc_to(rect.right(), y, rect.right(), rect.bottom(), corner);
        let _ = self.context.arc_to(rect.right(), rect.bottom(), x, rect.bottom(), corner);
        let _ = self.context.arc_to(x, rect.bottom(), x, y, corner);
        let _ = self.context.arc_to(x, y, rect.right(), y, corner);
        self.context.close_path();
    }

    fn circle(&self, centre: Point, radius: f64, part: f64) {
        self.context.begin_path();
        // It fails only for a negative radius.
        let end = -FRAC_PI_2 + part * TAU;
        let _ = self.context.arc(centre.x, centre.y, radius.max(0.0), -FRAC_PI_2, end);
    }
}

impl Painter for Pen<'_> {
    fn line(&mut self, points: &[Point], closed: bool, stroke: Stroke) {
        self.stroked(stroke);
        self.path(points, closed);
        self.context.stroke();
    }

    fn area(&mut self, points: &[Point], fill: Paint) {
        self.filled(fill);
        self.path(points, true);
        self.context.fill();
    }

    fn disc(&mut self, centre: Point, radius: f64, fill: Paint) {
        self.filled(fill);
        self.circle(centre, radius, 1.0);
        self.context.fill();
    }

    fn arc(&mut self, centre: Point, radius: f64, part: f64, stroke: Stroke) {
        self.stroked(stroke);
        self.circle(centre, radius, part);
        self.context.stroke();
    }

    fn fill_card(&mut self, rect: Rect, corner: f64, fill: Paint) {
        self.filled(fill);
        self.card(rect, corner);
        self.context.fill();
    }

    fn edge_card(&mut self, rect: Rect, corner: f64, edge: Stroke) {
        self.stroked(edge);
        self.card(rect, corner);
        self.context.stroke();
    }

    fn text(&mut self, text: &str, at: Point, lettering: Lettering, paint: Paint) {
        self.lettered(lettering);
        // They fail only for numbers that are not finite.
        if lettering.halo {
            let halo = Paint { tone: Tone::Ground, ..paint };
            self.stroked(Stroke { width: lettering.size * HALO, dash: 0.0, paint: halo });
            let _ = self.context.stroke_text(text, at.x, at.y);
        }
        self.filled(paint);
        let _ = self.context.fill_text(text, at.x, at.y);
    }
}
