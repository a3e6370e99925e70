//! As a picture of its own, for slides: the curves of a sweep, its fields, or what differs in a table.

use super::drawing::{self, Colours, Size};
use super::markup::escaped;
use super::plot::{self, Plot, Scale};
use super::{Report, value, words};
use crate::{Line, Table};

pub(super) fn svg(report: &Report<'_>) -> String {
    let mut picture = Picture { size: [1120.0, 0.0], out: String::new() };
    picture.heading(report);
    match Plot::of(report) {
        Some(plot) => picture.sweep(&plot),
        None => picture.table(&report.table),
    }
    picture.finished(&report.study.title)
}

/// No more than fit on a slide.
const ROWS: usize = 8;

/// The rows that are shown of a table: those that differ. If there are too many, each question has its say before
/// another has its second.
fn telling(table: &Table) -> Vec<&Line> {
    let mut lines: Vec<&Line> = table.lines.iter().filter(|line| line.differs).collect();
    if lines.is_empty() {
        lines = table.lines.iter().collect();
    }
    let is_first = |at: usize| at == 0 || lines[at - 1].row.group != lines[at].row.group;
    let firsts = (0..lines.len()).filter(|&at| is_first(at));
    let others = (0..lines.len()).filter(|&at| !is_first(at));
    let mut chosen: Vec<usize> = firsts.chain(others).take(ROWS).collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|at| lines[at]).collect()
}

/// How letters look.
#[derive(Clone, Copy)]
struct Style {
    size: f64,
    colour: &'static str,
    anchor: &'static str,
    weight: u16,
}

impl Style {
    const TITLE: Style = Style { size: 26.0, colour: "ink", anchor: "start", weight: 600 };
    const HEADING: Style = Style { size: 18.0, ..Style::TITLE };
    const PLAIN: Style = Style { size: 16.0, weight: 400, ..Style::TITLE };
    const SMALL: Style = Style { size: 15.0, colour: "ink-soft", ..Style::PLAIN };

    fn ending(self) -> Style {
        Style { anchor: "end", ..self }
    }

    fn centred(self) -> Style {
        Style { anchor: "middle", ..self }
    }
}

struct Picture {
    /// Its width, and how far down it is drawn.
    size: [f64; 2],
    out: String,
}

impl Picture {
    const MARGIN: f64 = 32.0;

    fn heading(&mut self, report: &Report<'_>) {
        self.size[1] = Self::MARGIN + 22.0;
        self.text([Self::MARGIN, self.size[1]], Style::TITLE, &report.study.title);
        self.size[1] += 26.0;
        self.text([Self::MARGIN, self.size[1]], Style::SMALL, &words::made(report));
        self.size[1] += 26.0;
    }

    fn sweep(&mut self, plot: &Plot<'_>) {
        let Ok(line) = plot.line else { return };
        match plot.axes {
            [axis] => {
                let Size { width, height, .. } = Size::WIDE;
                let inner = drawing::curves_for_a_file(plot, line, axis);
                let place = format!(
                    "<svg x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\" ",
                    Self::MARGIN,
                    self.size[1]
                );
                self.out.push_str(&inner.replacen("<svg ", &place, 1));
                self.size = [width + 2.0 * Self::MARGIN, self.size[1] + height + 24.0];
                let below = [Self::MARGIN, self.size[1]];
                self.text(below, Style::SMALL, &drawing::legend(plot, axis));
            }
            [down, across] => {
                self.size[1] += 8.0;
                let title = format!("{}; {}", line.row.name, plot::axes_in_words(plot.axes));
                self.text([Self::MARGIN, self.size[1]], Style::HEADING, &title);
                for curve in &plot.curves {
                    self.map(plot, line, curve, &down.values, &across.values);
                }
            }
            _ => {}
        }
    }

    fn map(
        &mut self,
        plot: &Plot<'_>,
        line: &Line,
        curve: &plot::Curve<'_>,
        down: &[String],
        across: &[String],
    ) {
        const FIELD: [f64; 2] = [96.0, 40.0];
        let longest = |texts: &[String]| texts.iter().map(|it| Size::WIDE.length(it)).fold(0.0, f64::max);
        let left = Self::MARGIN + longest(down) + 16.0;
        let wide = longest(across).max(FIELD[0]);
        self.size[1] += 40.0;
        self.text([Self::MARGIN, self.size[1]], Style::HEADING, curve.name);
        self.size[1] += 26.0;
        for (at, value) in across.iter().enumerate() {
            let middle = left + (at as f64 + 0.5) * wide;
            self.text([middle, self.size[1]], Style::SMALL.centred(), value);
        }
        self.size[1] += 10.0;
        for (row, value) in down.iter().enumerate() {
            let [top, baseline] = [self.size[1], self.size[1] + 25.0];
            self.text([left - 10.0, baseline], Style::SMALL.ending(), value);
            for column in 0..across.len() {
                let at = row * across.len() + column;
                let x = left + column as f64 * wide;
                let middle = x + wide / 2.0;
                let (Some(found), Some(cell)) = (curve.value(line, at), curve.cell(line, at)) else {
                    self.text([middle, baseline], Style::SMALL.centred(), value::NONE);
                    continue;
                };
                let share = plot.scale.share(found);
                self.out.push_str(&format!(
                    "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"/>\
                     <text x=\"{middle:.1}\" y=\"{baseline:.1}\" font-size=\"17\" font-weight=\"600\" text-anchor=\"middle\" \
                     fill=\"{}\">{}</text>\n",
                    wide - 2.0,
                    FIELD[1] - 2.0,
                    drawing::heat(share),
                    drawing::heat_text(share),
                    escaped(&value::cell(cell, line.row.unit).value)
                ));
            }
            self.size[1] += FIELD[1];
        }
        self.size[0] = self.size[0].max(left + wide * across.len() as f64 + Self::MARGIN);
    }

    /// Panels in two columns, each a row with its contenders below each other on one scale.
    fn table(&mut self, table: &Table) {
        let lines = telling(table);
        if lines.is_empty() {
            self.text([Self::MARGIN, self.size[1]], Style::HEADING, "There are no figures yet.");
            return;
        }
        let height = 62.0 + 26.0 * table.headers.len() as f64;
        let width = (self.size[0] - 3.0 * Self::MARGIN) / 2.0;
        let top = self.size[1];
        for (at, line) in lines.iter().enumerate() {
            let x = Self::MARGIN + (at % 2) as f64 * (width + Self::MARGIN);
            self.panel(table, line, [x, top + (at / 2) as f64 * height, width]);
        }
        self.size[1] = top + lines.len().div_ceil(2) as f64 * height;
        if let (true, Some(baseline)) = (table.headers.len() > 1, table.headers.get(table.baseline)) {
            let text = format!(
                "Means with 95 % intervals; the dashed line is {}. Bold differs from it beyond chance.",
                baseline.name
            );
            self.text([Self::MARGIN, self.size[1]], Style::SMALL, &text);
        }
    }

    fn panel(&mut self, table: &Table, line: &Line, [x, y, width]: [f64; 3]) {
        let ends = line.cells.iter().flat_map(|cell| [cell.value, cell.low, cell.high]).flatten();
        let scale = Scale::plain(ends);
        let [from, to] = [x + width * 0.28, x + width * 0.72];
        let place = |value: f64| from + (to - from) * scale.share(value);
        self.text([x, y + 20.0], Style::HEADING, &line.row.name);
        self.stroke([x, y + 30.0], [x + width, y + 30.0], "line", "");
        let (first, last) = (y + 40.0, y + 36.0 + 26.0 * table.headers.len() as f64);
        if let Some(value) = line.cells.get(table.baseline).and_then(|cell| cell.value) {
            let x = place(value);
            self.stroke([x, first], [x, last], "ink-soft", " stroke-dasharray=\"3 3\"");
        }
        for (at, (cell, header)) in line.cells.iter().zip(&table.headers).enumerate() {
            let middle = y + 51.0 + 26.0 * at as f64;
            let name: String = header.name.chars().take(18).collect();
            let name = if name.len() < header.name.len() { format!("{}…", name.trim_end()) } else { name };
            self.text([x, middle + 5.0], Style::PLAIN, &name);
            if let Some(value) = cell.value {
                let (low, high) = (cell.low.unwrap_or(value), cell.high.unwrap_or(value));
                self.stroke(
                    [place(low), middle],
                    [place(high), middle],
                    "type-3",
                    " stroke-width=\"6\" stroke-opacity=\"0.45\"",
                );
                self.out.push_str(&format!(
                    "<circle cx=\"{:.1}\" cy=\"{middle:.1}\" r=\"4.5\" fill=\"{}\"/>\n",
                    place(value),
                    Colours::Day.of("ink")
                ));
            }
            let strong = cell.difference.is_some_and(|it| it.beyond_chance);
            let value = value::cell(cell, line.row.unit).value;
            self.text(
                [x + width, middle + 5.0],
                Style { weight: if strong { 600 } else { 400 }, ..Style::PLAIN }.ending(),
                &value,
            );
        }
    }

    fn text(&mut self, [x, y]: [f64; 2], style: Style, text: &str) {
        let Style { size, colour, anchor, weight } = style;
        self.out.push_str(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" font-weight=\"{weight}\" text-anchor=\"{anchor}\" fill=\"{}\">{}</text>\n",
            Colours::Day.of(colour),
            escaped(text)
        ));
    }

    fn stroke(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], colour: &str, more: &str) {
        self.out.push_str(&format!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{}\"{more}/>\n",
            Colours::Day.of(colour)
        ));
    }

    fn finished(self, title: &str) -> String {
        let [width, height] = [self.size[0], self.size[1] + Self::MARGIN];
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" font-family=\"{}\">\n<title>{}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n{}</svg>\n",
            Colours::Day.font(),
            escaped(title),
            Colours::Day.of("ground"),
            self.out
        )
    }
}
