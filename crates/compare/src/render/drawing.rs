//! The curves of a sweep as SVG: bands of the intervals, the knee, and every name at the end of its line.

mod axes;
mod colour;

use super::markup::escaped;
use super::plot::{Curve, Plot};
use super::value;
use crate::{Axis, Line, Unit};

pub(super) use colour::{Colours, DARK, heat, heat_text};

/// How large a picture is drawn, in units of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Size {
    pub width: f64,
    pub height: f64,
    /// The height of its letters.
    pub letters: f64,
}

impl Size {
    pub const WIDE: Size = Size { width: 1120.0, height: 560.0, letters: 17.0 };
    pub const NARROW: Size = Size { width: 380.0, height: 400.0, letters: 14.0 };

    /// How wide a letter is, of its height: most are narrower.
    const LETTER: f64 = 0.6;

    /// How long a text is, roughly.
    pub fn length(self, text: &str) -> f64 {
        text.chars().count() as f64 * self.letters * Self::LETTER
    }

    /// The class by which the style sheet shows one of the two.
    pub fn class(self) -> &'static str {
        if self == Size::NARROW { "report-narrow" } else { "report-wide" }
    }

    /// What fits into a length, with an ellipsis if not all of it.
    fn cut(self, text: &str, length: f64) -> String {
        let most = (length / (self.letters * Self::LETTER)).max(2.0) as usize;
        if text.chars().count() <= most {
            return text.into();
        }
        text.chars().take(most - 1).chain(['…']).collect()
    }
}

/// A picture, and where its points are.
pub(super) struct Drawing {
    /// The element.
    pub svg: String,
    /// What can be pointed at.
    pub points: Vec<Point>,
}

/// A point of a curve.
pub(super) struct Point {
    /// Of which curve.
    pub curve: usize,
    /// At which value of the axis.
    pub at: usize,
    /// Where, as a share of the width and the height.
    share: [f64; 2],
}

impl Point {
    /// Where a button over the picture stands.
    pub fn style(&self) -> String {
        format!("left: {:.2}%; top: {:.2}%", self.share[0] * 100.0, self.share[1] * 100.0)
    }
}

/// So many knees are named in the picture at most.
const FEW_KNEES: usize = 2;

/// What the picture shows, in sentences.
pub(super) fn legend(plot: &Plot<'_>, axis: &Axis) -> String {
    let mut text = String::from("Bands are 95 % intervals.");
    let knees = knees(plot, axis);
    if !knees.is_empty() {
        text.push_str(&format!(" A ring marks the knee, where a curve bends most: {}.", knees.join(", ")));
    }
    if plot.scale.logarithmic {
        text.push_str(" The scale is logarithmic: equal distances are equal factors.");
    }
    text
}

/// `queue at 4`.
fn knees(plot: &Plot<'_>, axis: &Axis) -> Vec<String> {
    let knee = |curve: &Curve<'_>| Some(format!("{} at {}", curve.name, axis.values.get(curve.knee?)?));
    plot.curves.iter().filter_map(knee).collect()
}

/// The curves of a row over an axis, in the colours of the tokens.
pub(super) fn curves(plot: &Plot<'_>, line: &Line, axis: &Axis, size: Size) -> Drawing {
    let mut canvas = Canvas::new(plot, axis, line, size, Colours::Tokens);
    let (svg, points) = (canvas.svg(line), canvas.points());
    Drawing { svg, points }
}

/// The same within another picture, in colours of its own.
pub(super) fn curves_for_a_file(plot: &Plot<'_>, line: &Line, axis: &Axis) -> String {
    Canvas::new(plot, axis, line, Size::WIDE, Colours::Day).svg(line)
}

/// Nothing is nothing in every unit.
fn tick_text(tick: f64, unit: Unit) -> String {
    if tick == 0.0 { "0".into() } else { value::shown(tick, unit) }
}

struct Canvas<'a> {
    plot: &'a Plot<'a>,
    axis: &'a Axis,
    line: &'a Line,
    size: Size,
    colours: Colours,
    /// Left, top, right and bottom of the plotting area.
    area: [f64; 4],
    /// Where each value of the axis lies, 0 to 1.
    places: Vec<f64>,
    out: String,
}

impl<'a> Canvas<'a> {
    fn new(plot: &'a Plot<'a>, axis: &'a Axis, line: &'a Line, size: Size, colours: Colours) -> Canvas<'a> {
        let longest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max);
        let ticks = axes::ticks(&plot.scale);
        let left = longest(&mut ticks.iter().map(|&tick| size.length(&tick_text(tick, line.row.unit))));
        let names = longest(&mut plot.curves.iter().map(|curve| size.length(curve.name)));
        // Names are written in bold letters, which are wider.
        let right = size.width - (names * 1.12 + size.letters * 1.6).min(size.width * 0.36);
        let area = [
            left + size.letters,
            size.letters * if colours == Colours::Day { 3.4 } else { 1.6 },
            right,
            size.height - size.letters * if size == Size::NARROW { 3.8 } else { 3.6 },
        ];
        Canvas { places: axes::places(axis), plot, axis, line, size, colours, area, out: String::new() }
    }

    fn svg(&mut self, line: &Line) -> String {
        let Size { width, height, letters } = self.size;
        let label = format!("{} by {}", line.row.name, self.axis.path);
        self.out = format!(
            "<svg viewBox=\"0 0 {width} {height}\" overflow=\"visible\" role=\"img\" aria-label=\"{}\" font-size=\"{letters}\" font-family=\"{}\">",
            escaped(&label),
            self.colours.font(),
        );
        self.frame();
        (0..self.plot.curves.len()).for_each(|at| self.band(at));
        (0..self.plot.curves.len()).for_each(|at| self.curve(at));
        self.names();
        self.knees();
        self.out.push_str("</svg>");
        std::mem::take(&mut self.out)
    }

    fn points(&self) -> Vec<Point> {
        let mut points = Vec::new();
        for (number, curve) in self.plot.curves.iter().enumerate() {
            for at in 0..self.places.len() {
                let Some([x, y]) = self.point(curve, at) else { continue };
                points.push(Point { curve: number, at, share: [x / self.size.width, y / self.size.height] });
            }
        }
        points
    }

    fn x(&self, at: usize) -> f64 {
        let [left, _, right, _] = self.area;
        left + (right - left) * self.places.get(at).copied().unwrap_or(0.0)
    }

    fn y(&self, value: f64) -> f64 {
        let [_, top, _, bottom] = self.area;
        bottom - (bottom - top) * self.plot.scale.share(value)
    }

    fn point(&self, curve: &Curve<'_>, at: usize) -> Option<[f64; 2]> {
        Some([self.x(at), self.y(curve.value(self.line, at)?)])
    }

    /// The axes with their titles.
    fn frame(&mut self) {
        let [left, _, right, bottom] = self.area;
        let letters = self.size.letters;
        for tick in axes::ticks(&self.plot.scale) {
            let y = self.y(tick);
            self.stroke([left, y], [right, y], "line", 1.0);
            let text = tick_text(tick, self.line.row.unit);
            self.text([left - letters * 0.5, y + letters * 0.35], "end", "ink-soft", &text);
        }
        if self.colours == Colours::Day {
            // On the page a heading says it.
            let title = self.size.cut(&self.line.row.name, self.size.width);
            self.strong([0.0, letters * 1.1], "start", &title);
        }
        let mut free_from = f64::NEG_INFINITY;
        for at in 0..self.axis.values.len() {
            let (x, text) = (self.x(at), self.axis.values[at].clone());
            self.stroke([x, bottom], [x, bottom + letters * 0.3], "ink-soft", 1.0);
            let half = self.size.length(&text) / 2.0;
            if x - half >= free_from {
                self.text([x, bottom + letters * 1.4], "middle", "ink-soft", &text);
                free_from = x + half + letters * 0.6;
            }
        }
        self.stroke([left, bottom], [right, bottom], "ink-soft", 1.0);
        let title = self.size.cut(&self.axis.path, self.size.width - left);
        let from = (left + right) / 2.0;
        let half = self.size.length(&title) / 2.0;
        let middle = from.max(half).min(self.size.width - half);
        self.strong([middle, bottom + letters * 3.0], "middle", &title);
    }

    /// The intervals, where there are some; broken where there is no value.
    fn band(&mut self, number: usize) {
        let curve = &self.plot.curves[number];
        let mut parts: Vec<Vec<[f64; 3]>> = vec![Vec::new()];
        for at in 0..self.places.len() {
            let ends = curve.cell(self.line, at).and_then(|cell| cell.low.zip(cell.high));
            match (ends, parts.last_mut()) {
                (Some((low, high)), Some(part)) => part.push([self.x(at), self.y(low), self.y(high)]),
                _ => parts.push(Vec::new()),
            }
        }
        for part in parts.iter().filter(|part| part.len() > 1) {
            let upper = part.iter().map(|[x, _, high]| format!("{x:.1},{high:.1}"));
            let lower = part.iter().rev().map(|[x, low, _]| format!("{x:.1},{low:.1}"));
            let points: Vec<String> = upper.chain(lower).collect();
            let colour = self.colours.curve(number);
            self.out.push_str(&format!(
                "<polygon points=\"{}\" fill=\"{colour}\" fill-opacity=\"0.18\"/>",
                points.join(" ")
            ));
        }
    }

    fn curve(&mut self, number: usize) {
        let curve = &self.plot.curves[number];
        let colour = self.colours.curve(number);
        let mut path = String::new();
        let mut dots = String::new();
        let mut pen = 'M';
        let room = (self.area[2] - self.area[0]) / self.places.len() as f64;
        let radius = (room * 0.25).min(self.size.letters * 0.22);
        for at in 0..self.places.len() {
            let Some([x, y]) = self.point(curve, at) else {
                pen = 'M';
                continue;
            };
            path.push_str(&format!("{pen}{x:.1} {y:.1}"));
            pen = 'L';
            dots.push_str(&format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"/>"));
        }
        // What lies exactly on another curve lets it be seen.
        let dashes = if self.covers(number) { " stroke-dasharray=\"9 9\"" } else { colour::dashes(number) };
        self.out.push_str(&format!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\" stroke-linejoin=\"round\"{dashes}/>\
             <g fill=\"{colour}\">{dots}</g>"
        ));
    }

    fn covers(&self, number: usize) -> bool {
        let curves = &self.plot.curves;
        let height = |curve: &Curve<'_>, at: usize| self.point(curve, at).map(|[_, y]| (y * 2.0).round());
        let lies_on = |earlier: usize| {
            (0..self.places.len()).all(|at| height(&curves[earlier], at) == height(&curves[number], at))
        };
        (0..number).any(lies_on)
    }

    /// Each name at the end of its line, moved apart where they would lie on each other.
    fn names(&mut self) {
        let [_, top, right, bottom] = self.area;
        let letters = self.size.letters;
        let mut ends: Vec<(usize, [f64; 2])> = Vec::new();
        for (number, curve) in self.plot.curves.iter().enumerate() {
            let last = (0..self.places.len()).rev().find_map(|at| self.point(curve, at));
            ends.extend(last.map(|end| (number, end)));
        }
        ends.sort_by(|one, other| one.1[1].total_cmp(&other.1[1]));
        let heights: Vec<f64> = ends.iter().map(|(_, end)| end[1]).collect();
        let heights = axes::spread(&heights, letters * 1.25, [top, bottom]);
        for ((number, [x, y]), height) in ends.into_iter().zip(heights) {
            let colour = self.colours.curve(number);
            let name_at = right + letters * 1.3;
            let elbow = name_at - letters * 0.4;
            self.out.push_str(&format!(
                "<path d=\"M{x:.1} {y:.1}L{elbow:.1} {height:.1}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" \
                 stroke-opacity=\"0.6\"{}/>",
                colour::dashes(number)
            ));
            let name = self.size.cut(self.plot.curves[number].name, self.size.width - name_at);
            self.strong([name_at, height + letters * 0.35], "start", &name);
        }
    }

    /// A ring at each knee. Their names stand beside them if they are few; the legend has them all.
    fn knees(&mut self) {
        let letters = self.size.letters;
        let is_crowded = knees(self.plot, self.axis).len() > FEW_KNEES;
        let mut taken: Option<[f64; 2]> = None;
        for number in 0..self.plot.curves.len() {
            let curve = &self.plot.curves[number];
            let Some((at, [x, y])) = curve.knee.and_then(|at| Some((at, self.point(curve, at)?))) else {
                continue;
            };
            let (colour, ink, ground) =
                (self.colours.curve(number), self.colours.of("ink"), self.colours.of("ground"));
            self.out.push_str(&format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>",
                letters * 0.55,
                if is_crowded { colour } else { ink.clone() },
            ));
            if is_crowded {
                continue;
            }
            let text = format!("knee at {}", self.axis.values.get(at).map_or("", |it| it));
            let half = self.size.length(&text) / 2.0;
            let middle = x.max(self.area[0] + half).min(self.size.width - half);
            let mut height = y - letters;
            if let Some([other_middle, other]) = taken
                && (middle - other_middle).abs() < half * 2.0
                && (height - other).abs() < letters * 1.2
            {
                height = other - letters * 1.2;
            }
            taken = Some([middle, height]);
            self.out.push_str(&format!(
                "<text x=\"{middle:.1}\" y=\"{height:.1}\" text-anchor=\"middle\" fill=\"{ink}\" stroke=\"{ground}\" \
                 stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>",
                escaped(&text)
            ));
        }
    }

    fn stroke(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], colour: &str, width: f64) {
        let colour = self.colours.of(colour);
        self.out.push_str(&format!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>"
        ));
    }

    fn text(&mut self, [x, y]: [f64; 2], anchor: &str, colour: &str, text: &str) {
        let colour = self.colours.of(colour);
        self.out.push_str(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{}</text>",
            escaped(text)
        ));
    }

    fn strong(&mut self, [x, y]: [f64; 2], anchor: &str, text: &str) {
        let colour = self.colours.of("ink");
        self.out.push_str(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\" font-weight=\"600\">{}</text>",
            escaped(text)
        ));
    }
}
